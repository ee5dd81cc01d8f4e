"""The words that readers see: what stands between { and } must be something that is filled in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevenscontrole.rijen import bedoelt_u, brieven, parameters, sleutels, waarden
from uitfasering.melding import Melding
from uitfasering.yamlreader import Document

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

PLAATSHOUDER = re.compile(r"\{([a-z_]+)\}")

INVULLING_BIJ_VRAAG = frozenset(
    [
        "gemeente",
        "lokale_toegang",
        "tot_en_met",
        "vervangende_code",
        "ontbreekt",
        "afgeweken_regel",
        "bron",
        "veld",
        "verwacht",
    ]
)
"""Placeholders that policies/uitfasering/woorden fills in for one toewijzing."""

# What the policies, the tables and uitfasering.weergave fill in, by the place of the text.
_INVULLING: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("teksten", "met_vervangende_code"): ("code",),
    ("teksten", "zonder_vervangende_code"): ("contractmanagement",),
    ("teksten", "tot_en_met"): ("datum",),
    ("teksten", "lokale_toegang"): ("gemeente",),
    ("teksten", "lokale_toegang_met_contact"): ("gemeente", "contact"),
    ("teksten", "contractmanagement_met_contact"): ("contact",),
    ("weergave", "normen"): ("wie",),
    ("weergave", "voorstel", "einddatum"): ("einddatum",),
    ("weergave", "voorstel", "beeindigen"): ("einddatum", "reden"),
    ("weergave", "voorstel", "opnieuw"): ("segment", "code", "ingangsdatum", "einddatum"),
    ("weergave", "voorstel", "opnieuw_zonder_code"): ("segment", "ingangsdatum", "einddatum"),
    ("weergave", "voorstel", "omvang"): ("eenheden",),
    ("rapport", "aanbieder", "inleiding"): ("brieven",),
}
_ACCOLADES = re.compile(r"\{[^{}]*\}|[{}]")


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Faults in the texts of the agreements, the answers and their words."""
    for afspraak in gegevens.afspraken.values():
        names = parameters(afspraak)
        if names is None:
            continue
        fixed = {*names, "contractmanagement"}
        # Why a toewijzing is left aside is said of every municipality, also one whose name nobody
        # knows, and bulk says it of many toewijzingen at once.
        buiten = afspraak.bron.get("gevolg") == "NIET_VAN_TOEPASSING"
        for key in ("tekst", "lezing", "oplossing"):
            known = fixed if key == "lezing" or buiten else fixed | INVULLING_BIJ_VRAAG
            text = afspraak.bron.get(key) or ""
            yield from _tekst(afspraak.document, (*afspraak.pad, key), text, known)
    for found in _losse_teksten(gegevens):
        yield from _tekst(*found)
    yield from _zonder_citaat(gegevens)


def waarschuwingen(gegevens: Gegevens) -> Iterator[Melding]:
    """Texts from which something was left out that used to be filled in."""
    for document, pad, text, known in _losse_teksten(gegevens):
        for name in known:
            if f"{{{name}}}" not in text:
                yield document.melding(
                    pad,
                    f"In deze tekst staat {{{name}}} niet meer. De lezer ziet dat dan ook niet.",
                    f"Zet {{{name}}} terug waar het hoort.",
                    "gegevens-plaatshouder-weg",
                )


def _losse_teksten(
    gegevens: Gegevens,
) -> Iterator[tuple[Document, tuple[str, ...], str, tuple[str, ...]]]:
    """Each text outside the agreements: where it stands, and what is filled in."""
    for name in ("teksten", "weergave", "rapport"):
        document = gegevens.documenten[name]
        for pad, text in _blaadjes(gegevens.tabellen[name], ()):
            if document.gaaf(pad):
                known = _INVULLING.get((name, *pad)) or _INVULLING.get((name, *pad[:1]), ())
                yield document, pad, text, known


def _blaadjes(part: Any, pad: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _blaadjes(value, (*pad, key))
    elif isinstance(part, str):
        yield pad, part


def _tekst(
    document: Document, pad: tuple[str, ...], text: str, known: Collection[str]
) -> Iterator[Melding]:
    for found in _ACCOLADES.findall(text):
        name = found.strip("{} ")
        if found in ("{", "}"):
            wrong = f"In deze tekst staat een losse {found}."
            right = "Zet om een naam die wordt ingevuld een { en een }, en gebruik ze verder niet."
        elif found == f"{{{name}}}" and name in known:
            continue
        else:
            wrong = f"{found} kan niet worden ingevuld."
            choices = f"Kies uit: {', '.join(sorted(known))}."
            meant = bedoeld(name, known)
            right = f"Bedoelt u {{{meant}}}?" if meant else choices if known else "Haal het weg."
        melding = document.melding(pad, wrong, right, "gegevens-plaatshouder")
        yield _op_de_plek(document, melding, found)


def _op_de_plek(document: Document, melding: Melding, found: str) -> Melding:
    """At ``found`` itself, when it stands further on in the line of the text."""
    if document.path is None or not document.path.is_file():
        return melding
    lines = document.path.read_text("utf-8-sig").splitlines()
    column = lines[melding.regel - 1].find(found, melding.kolom - 1) + 1
    return replace(melding, kolom=column) if column else melding


def _zonder_citaat(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["weergave"]
    known = sleutels(brieven(gegevens), "afspraken")
    for index, regel in waarden(document, "zonder_citaat"):
        if known and regel not in known:
            yield document.melding(
                ("zonder_citaat", index),
                f"Afspraak {regel} bestaat niet.",
                bedoelt_u(regel, known, "Noem een afspraak uit data/afspraken."),
                "gegevens-onbekende-regel",
            )
