"""``data/kolommen.yaml``: how offices write the names of columns and the values in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.bulk.velden import SLEUTELS, velden
from uitfasering.errors import BuildError
from uitfasering.melding import Melding
from uitfasering.productenlijst.lezen import vlak
from uitfasering.schemabestand import schema
from uitfasering.yamlreader import Document, lees

JA_NEE: Mapping[str, bool] = {"ja": True, "nee": False}

_BESTANDEN = ("kolommen", "productenlijst", "regio", "gemeenten")
_CIJFER = re.compile("[0-9]")
_MAAKT_NIET_UIT = re.compile(r"[\s_.,\-–—/()'’]+")


@dataclass(frozen=True)
class Schrijfwijzen:
    """What the tables say about reading a file.

    Attributes:
        kolommen: the field by each name of its column, as ``kolomsleutel`` gives it.
        zonder_kolom: per field what it means when the file has no column for it.
        waarden: per field the parts that each spelling (as ``sleutel`` gives it) stands for:
            ``{"segment": {"middenherstel": {"segment": "midden", "perspectief": "herstel"}}}``.
        leeg: per field the words, in small letters, that say that nothing was filled in.
        gemeenten: CBS codes by spelling.
        gemeentenamen: the names themselves, for a suggestion.
        persoonlijk: words (as ``kolomsleutel`` gives them) by ``nooit``, ``altijd``,
            ``misschien`` and ``behalve``.
    """

    kolommen: Mapping[str, str]
    zonder_kolom: Mapping[str, str]
    waarden: Mapping[str, Mapping[str, Mapping[str, str | bool]]]
    leeg: Mapping[str, frozenset[str]]
    gemeenten: Mapping[str, str]
    gemeentenamen: Sequence[str]
    persoonlijk: Mapping[str, Sequence[str]]


def lees_schrijfwijzen(root: Path) -> Schrijfwijzen:
    """The spellings of ``root/data``.

    Raises:
        BuildError: one of the tables is wrong; carries every Melding.
    """
    documenten = _documenten(root, _BESTANDEN)
    meldingen = [m for document in documenten.values() for m in document.meldingen]
    meldingen = meldingen or list(_dubbel(documenten["kolommen"]))
    if meldingen:
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"De tabellen kloppen niet:\n{lines}", meldingen)
    bron = documenten["kolommen"].data
    gemeenten = documenten["gemeenten"].data["gemeenten"]
    codes = {naam: code for code, naam in documenten["regio"].data["gemeenten"].items()}
    for row in gemeenten:
        codes |= {naam: row["cbs"] for naam in (row["naam"], *row.get("schrijfwijzen", []))}
    return Schrijfwijzen(
        kolommen=_eigen_namen()
        | {kolomsleutel(n): veld for veld, namen in bron["kolommen"].items() for n in namen},
        zonder_kolom=bron["zonder_kolom"],
        waarden=_waarden(bron["waarden"], documenten["productenlijst"].data["waarden"]),
        leeg={veld: _leeg(bron["leeg"], veld) for veld in velden()},
        gemeenten={sleutel(naam): code for naam, code in codes.items()},
        gemeentenamen=[row["naam"] for row in gemeenten],
        persoonlijk={
            soort: [kolomsleutel(woord) for woord in woorden]
            for soort, woorden in bron["persoonlijk"].items()
        },
    )


def controleer(root: Path) -> Iterator[Melding]:
    """Every fault in the tables about reading a file, which have no part in any decision."""
    documenten = _documenten(root, ("kolommen", "productenlijst"))
    for document in documenten.values():
        yield from document.meldingen
    if documenten["kolommen"].data is not None:
        yield from _dubbel(documenten["kolommen"])


def kolomsleutel(naam: str) -> str:
    """The name of a column without what does not matter: capitals, spaces, marks, accents."""
    return vlak(_zonder_accenten(naam))


def sleutel(waarde: str) -> str:
    """A value without what does not matter.

    Marks stay in a value with a digit (``0,1`` is not ``01``), as do those that change what a
    word says (``ja?`` is not ``ja``).
    """
    plat = _zonder_accenten(waarde.casefold())
    if _CIJFER.search(plat):
        return " ".join(plat.split())
    return _MAAKT_NIET_UIT.sub("", plat) or plat


def _zonder_accenten(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _documenten(root: Path, namen: Sequence[str]) -> dict[str, Document]:
    return {
        naam: lees(root / f"data/{naam}.yaml", schema(root, naam), name=f"data/{naam}.yaml")
        for naam in namen
    }


def _eigen_namen() -> dict[str, str]:
    """The field by its own name and by its path in a toewijzing."""
    found = {kolomsleutel(naam): naam for naam in SLEUTELS}
    for naam, veld in velden().items():
        found |= {kolomsleutel(naam): naam, kolomsleutel(veld.plaats): naam}
    return found


def _waarden(
    eigen: Mapping[str, Mapping[str, Sequence[str]]],
    productenlijst: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> dict[str, dict[str, Mapping[str, str | bool]]]:
    found: dict[str, dict[str, Mapping[str, str | bool]]] = {}
    for naam, veld in velden().items():
        if veld.soort == "ja_nee":
            woorden = {JA_NEE[ja]: [ja, *rest] for ja, rest in eigen["ja_nee"].items()}
        elif veld.soort == "keuze":
            woorden = {w: [w, *eigen.get(naam, {}).get(w, [])] for w in veld.schema["enum"]}
        else:
            continue
        found[naam] = {
            sleutel(woord): {naam: waarde} for waarde, lijst in woorden.items() for woord in lijst
        }
        for woord, delen in productenlijst.get(naam, {}).items():
            found[naam][sleutel(woord)] = delen
    return found


def _leeg(bron: Sequence[Mapping[str, Any]], veld: str) -> frozenset[str]:
    return frozenset(
        woord.casefold()
        for groep in bron
        if veld in groep.get("velden", [veld])
        for woord in groep["woorden"]
    )


def _dubbel(document: Document) -> Iterator[Melding]:
    """A spelling that stands for two things."""
    yield from _dubbel_in(document, ("kolommen",), kolomsleutel, _eigen_namen())
    for veld, woorden in document.data["waarden"].items():
        own = {sleutel(woord): woord for woord in woorden}
        yield from _dubbel_in(document, ("waarden", veld), sleutel, own)


def _dubbel_in(
    document: Document, pad: tuple[str, ...], plat: Callable[[str], str], owner: dict[str, str]
) -> Iterator[Melding]:
    groepen = document.data
    for stap in pad:
        groepen = groepen[stap]
    for naam, woorden in groepen.items():
        for plek, woord in enumerate(woorden):
            if (ander := owner.setdefault(plat(woord), naam)) != naam:
                yield document.melding(
                    (*pad, naam, plek),
                    f'"{woord}" staat ook bij {ander}.',
                    "Haal het bij één van de twee weg.",
                    "gegevens-dubbel",
                )
