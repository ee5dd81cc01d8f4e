"""What changed from one bundle to another: tables and policies, in words.

The tables are compared as they were compiled (``uitfasering.tabellen``), because that is what a
bundle holds. What follows from another table is told once, where an officer changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uitfasering.bundelbestand import Bundelbestand, rego_van
from uitfasering.herhaal.verschil import Verschil, bladen, in_woorden

_REGEL = re.compile(r'van_toepassing contains "([^"]+)"')
_AFSPRAKEN = "uitfasering/"
_BULK = "uitfasering/bulk/"  # no besluit rests on it
# What follows from the tables that are looked at, or is no part of a besluit.
_VOLGT = (
    "afwijkende_gemeenten",
    "bevindingen",
    "eigen_bevindingen",
    "feiten_standaard",
    "gelogd",
    "gemeenten",
    "invullen",
    "keuzes",
    "medicatiekeuzes",
    "parameters",
    "producten",
    "rangen",
    "regiogemeenten",
    "revisie",
    "varianten",
    "vervanging",
    "verwacht",
    "zelftest",
)
_BESTAND = {
    "begrippen": "data/afspraken",
    "gebeurtenissen": "data/gebeurtenissen.yaml",
    "schemas": "schemas",
    "teksten": "data/teksten.yaml",
    "uitkomsten": "data/uitkomsten.yaml",
    "voorstellen": "data/afspraken",
}


@dataclass(frozen=True)
class Wijziging:
    """One change.

    Attributes:
        zin: what changed, from what into what, and where an officer finds it.
        regel, gemeente, code: the only regel, gemeente (CBS code) or product code it is about; None
            when it is not about one.
        woorden: whether it changes only the words of a bevinding, not when it holds.
    """

    zin: str
    regel: str | None = None
    gemeente: str | None = None
    code: str | None = None
    woorden: bool = False


def wijzigingen(
    oud: Bundelbestand, nieuw: Bundelbestand, namen: Mapping[str, str]
) -> list[Wijziging]:
    """Every change from ``oud`` to ``nieuw``; ``namen``: of the municipalities, by CBS code."""
    if oud.revisie == nieuw.revisie:
        return []
    try:
        tabellen = list(_tabellen(oud.gegevens, nieuw.gegevens, namen))
    except (LookupError, TypeError, AttributeError, ValueError):
        tabellen = [Wijziging("De tabellen hebben een andere vorm gekregen.")]
    return [*tabellen, *_regels(oud, nieuw)]


def redenen(
    gewijzigd: Sequence[Wijziging], verschillen: Sequence[Verschil], toewijzing: Mapping[str, Any]
) -> list[Wijziging]:
    """The changes that may explain why one besluit differs.

    Those of its regels, of its product, and of its gemeente where a regel rests on that. Without
    any: those that are about no regel. Without those either: all that may concern it.
    """
    product = toewijzing.get("product")
    code = product.get("code") if isinstance(product, dict) else None
    hierover = [
        w
        for w in gewijzigd
        if w.gemeente in (None, toewijzing.get("gemeente")) and w.code in (None, code)
    ]
    regels = {v.regel for v in verschillen}
    anders = {v.regel for v in verschillen if v.soort == "anders"}
    van_gemeente = any("gemeente" in v.velden for v in verschillen)
    eigen = [
        w
        for w in hierover
        if (w.regel in (anders if w.woorden else regels))
        or (w.regel is None and (w.code or (w.gemeente and van_gemeente)))
    ]
    algemeen = [w for w in hierover if not (w.regel or w.gemeente or w.code)]
    return eigen or algemeen or hierover


def _tabellen(
    oud: Mapping[str, Any], nieuw: Mapping[str, Any], namen: Mapping[str, str]
) -> Iterator[Wijziging]:
    yield from _parameters(oud, nieuw)
    yield from _afwijkingen(oud, nieuw, namen)
    yield from _gemeenten(oud, nieuw, namen)
    yield from _producten(oud, nieuw)
    yield from _bevindingen(oud, nieuw, namen)
    for tabel in sorted({*oud, *nieuw} - set(_VOLGT)):
        waar = f" ({_BESTAND[tabel]})" if tabel in _BESTAND else ""
        for pad, was, nu in bladen(oud.get(tabel), nieuw.get(tabel), (tabel,)):
            yield Wijziging(f"{', '.join(pad)}: {_van_naar(was, nu)}{waar}")


def _parameters(oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> Iterator[Wijziging]:
    """The dates and numbers of each regel, for the region."""
    was, nu = _van_de_regio(oud), _van_de_regio(nieuw)
    for regel in sorted(was.keys() | nu.keys()):
        if regel not in was:
            yield Wijziging(f"De afspraak {regel} is nieuw (data/afspraken).", regel)
        elif regel not in nu:
            yield Wijziging(f"De afspraak {regel} is er niet meer (data/afspraken).", regel)
        else:
            for pad, een, ander in bladen(was[regel], nu[regel], (regel,)):
                naam = ", ".join(pad)
                yield Wijziging(f"{naam}: {_van_naar(een, ander)} (data/afspraken)", regel)


def _van_de_regio(gegevens: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    regio = {regel: rijen[0] for regel, rijen in gegevens["varianten"]["regio"].items()}
    return {**gegevens["parameters"], **regio}


def _afwijkingen(
    oud: Mapping[str, Any], nieuw: Mapping[str, Any], namen: Mapping[str, str]
) -> Iterator[Wijziging]:
    was, nu = (list(map(_eigen, _rijen(een))) for een in (oud, nieuw))
    for hier, daar, wat in ((was, nu, "is er zo niet meer"), (nu, was, "is nieuw")):
        for rij in hier:
            if rij not in daar:
                gemeente, regel = rij["gemeente"], rij["regel"]
                periode = " tot en met ".join(
                    in_woorden(rij[f"periode_{e}"]) for e in ("van", "tot")
                )
                zin = f"De afwijking van {_naam(gemeente, namen)} op {regel} ({periode}) {wat}"
                yield Wijziging(f"{zin} (data/afwijkingen.yaml)", regel, gemeente)


def _rijen(gegevens: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for regel, rijen in sorted(gegevens["varianten"]["toets"].items()):
        yield from ({**rij, "regel": regel} for rij in rijen)


def _eigen(rij: Mapping[str, Any]) -> dict[str, Any]:
    """A deviation without what it has from the region."""
    namen = ("regel", "gemeente", "periode_van", "periode_tot", "bron", *rij["eigen"])
    return {naam: rij[naam] for naam in namen}


def _gemeenten(
    oud: Mapping[str, Any], nieuw: Mapping[str, Any], namen: Mapping[str, str]
) -> Iterator[Wijziging]:
    was, nu = _per_gemeente(oud), _per_gemeente(nieuw)
    for gemeente in sorted(was.keys() | nu.keys()):
        naam = _naam(gemeente, namen)
        for pad, een, ander in bladen(was.get(gemeente, {}), nu.get(gemeente, {}), (naam,)):
            zin = f"{', '.join(pad)}: {_van_naar(een, ander)} (data/gemeenten.yaml)"
            yield Wijziging(zin, gemeente=gemeente)


def _per_gemeente(gegevens: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        gemeente: {"in de regio": True} for gemeente in gegevens["regiogemeenten"]
    }
    for keuze, gemeenten in gegevens["keuzes"].items():
        for gemeente in gemeenten:
            found.setdefault(gemeente, {})["midden duurzaam"] = keuze
    for rij in gegevens["medicatiekeuzes"]:
        for gemeente in rij["gemeenten"]:
            andere = rij["andere_minuten"]
            found.setdefault(gemeente, {})["niet gekozen minuten voor medicatie"] = andere
    return found


def _producten(oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> Iterator[Wijziging]:
    was, nu = _per_code(oud), _per_code(nieuw)
    for code in sorted(was.keys() | nu.keys()):
        if code not in was or code not in nu:
            wat = "is nieuw in de lijst" if code in nu else "staat niet meer in de lijst"
            yield Wijziging(f"Product {code} {wat} (data/producten.yaml)", code=code)
            continue
        for pad, een, ander in bladen(was[code], nu[code], (f"Product {code}",)):
            zin = f"{', '.join(pad)}: {_van_naar(een, ander)} (data/producten.yaml)"
            yield Wijziging(zin, code=code)


def _per_code(gegevens: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    leeg: dict[str, Any] = {"per_aanbieder": {}}
    return {
        code: {**product, "vervangende code": gegevens["vervanging"].get(code, leeg)}
        for code, product in gegevens["producten"].items()
    }


def _bevindingen(
    oud: Mapping[str, Any], nieuw: Mapping[str, Any], namen: Mapping[str, str]
) -> Iterator[Wijziging]:
    """The gevolg and the words of each regel."""
    gemeenten = sorted({*oud["regiogemeenten"], *nieuw["regiogemeenten"]})
    for regel in sorted(oud["rangen"]["regels"].keys() & nieuw["rangen"]["regels"].keys()):
        bij: dict[str, list[str]] = {}
        for gemeente in gemeenten:
            was, nu = (_bevinding(een, regel, gemeente) for een in (oud, nieuw))
            for veld in {pad[0]: None for pad, _, _ in bladen(was, nu)}:
                bij.setdefault(veld, []).append(gemeente)
        for veld, daar in bij.items():
            zin = f"{regel}, {veld} is veranderd (data/afspraken)"
            woorden = veld != "gevolg"
            if daar == gemeenten:
                yield Wijziging(zin, regel, woorden=woorden)
                continue
            for gemeente in daar:
                zin_hier = f"{zin} voor {_naam(gemeente, namen)}"
                yield Wijziging(zin_hier, regel, gemeente, woorden=woorden)


def _bevinding(gegevens: Mapping[str, Any], regel: str, gemeente: str) -> dict[str, Any]:
    soorten = gegevens["bevindingen"]
    for tabel in (
        soorten["vast"],
        soorten["sjabloon"],
        soorten["per_gemeente"].get(gemeente, {}),
        soorten["sjabloon_per_gemeente"].get(gemeente, {}),
    ):
        if regel in tabel:
            found: dict[str, Any] = tabel[regel]
            return found
    return {}


def _regels(oud: Bundelbestand, nieuw: Bundelbestand) -> Iterator[Wijziging]:
    """The policies a besluit rests on."""
    was, nu = rego_van(oud), rego_van(nieuw)
    for bestand in sorted(was.keys() | nu.keys()):
        if not bestand.startswith(_AFSPRAKEN) or bestand.startswith(_BULK):
            continue
        een, ander = was.get(bestand, ""), nu.get(bestand, "")
        if een == ander:
            continue
        regels = sorted(set(_REGEL.findall(een)) | set(_REGEL.findall(ander)))
        zin = f"policies/{bestand} is veranderd"
        if not regels:
            yield Wijziging(f"{zin}.")
        for regel in regels:
            yield Wijziging(f"{zin}; daarin staat wanneer {regel} geldt.", regel)


def _van_naar(was: Any, nu: Any) -> str:
    return f"{in_woorden(was)} → {in_woorden(nu)}"


def _naam(gemeente: str, namen: Mapping[str, str]) -> str:
    return namen.get(gemeente, f"gemeente {gemeente}")
