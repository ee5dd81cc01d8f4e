"""Everything the pages tell, asked of the tables, the cases and OPA once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from uitfasering.errors import BuildError
from uitfasering.formule import Formule, Waarheid, formule
from uitfasering.gegevens import Gegevens
from uitfasering.gegevenscontrole import is_dag
from uitfasering.rego.tekst import VAN_TOEPASSING as REGELS
from uitfasering.rego.tekst import lees_rego
from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, VAN_TOEPASSING, Residu, Vergelijking
from uitfasering.toets.gevallen import Geval, lees_gevallen
from uitfasering.toets.uitvoeren import Uitslag, draai, per_tabellen
from uitfasering.varianten import met
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import Zinnen, lees

_ONGELDIG = "ONGELDIGE_INVOER"
_ANDERE_TABELLEN = "dat komt door de andere tabellen van dit geval"


@dataclass(frozen=True)
class InRego:
    """A regel in the policies: its title, and its file and line from the project root."""

    titel: str
    bestand: str
    regel: int


@dataclass(frozen=True)
class NetNiet:
    """A case that misses a regel by one condition, and that condition in words."""

    geval: Geval
    waarom: str


@dataclass(frozen=True)
class Inhoud:
    """What the pages are made from.

    Attributes:
        residuen: what OPA leaves of each regel, and under ONTBREEKT and TUSSEN_VELDEN of each
            field; by set, then by member. A member that can never be in it is absent.
        formules: the same in its shortest form.
        met_andere_tabellen: for regels that can never apply now, the condition with the tables
            that data/zinnen.yaml gives under ``kan_nu_niet``.
        rego: where each regel stands in the policies.
        uitslagen: every case that was run.
        net_niet: by regel, the cases that expect it not to apply and miss it by one condition.
        gebruik: by begrip, the regels whose condition changes with it.
        gebruik_gebeurtenis: the same, by the days of the crisisroute.
    """

    root: Path
    gegevens: Gegevens
    zinnen: Zinnen
    residuen: Mapping[str, Mapping[str, Residu]]
    formules: Mapping[str, Mapping[str, Formule | None]]
    met_andere_tabellen: Mapping[str, Formule]
    rego: Mapping[str, InRego]
    uitslagen: Sequence[Uitslag]
    net_niet: Mapping[str, Sequence[NetNiet]]
    gebruik: Mapping[str, Sequence[str]]
    gebruik_gebeurtenis: Mapping[str, Sequence[str]]


def verzamel(root: Path, werkbank: Werkbank) -> Inhoud:
    """Everything the pages tell.

    Raises:
        BuildError: the case files are wrong.
        OpaUnavailable: OPA gave no answer.
    """
    gevallen, meldingen = lees_gevallen(root)
    if meldingen:
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"De gevallen kloppen niet:\n{lines}", meldingen)
    residuen = {s: werkbank.residuen(s) for s in (VAN_TOEPASSING, ONTBREEKT, TUSSEN_VELDEN)}
    formules = {verzameling: _formules(werkbank, found) for verzameling, found in residuen.items()}
    uitslagen = [uitslag for uitslag in draai(werkbank, gevallen) if uitslag.besluit]
    zinnen = lees(root, werkbank.gegevens)
    afspraken = residuen[VAN_TOEPASSING]
    return Inhoud(
        root=root,
        gegevens=werkbank.gegevens,
        zinnen=zinnen,
        residuen=residuen,
        formules=formules,
        met_andere_tabellen=_met_andere_tabellen(werkbank, zinnen, formules[VAN_TOEPASSING]),
        rego=_in_rego(root),
        uitslagen=uitslagen,
        net_niet=_net_niet(werkbank, zinnen, uitslagen, afspraken),
        gebruik=_gebruik(werkbank, afspraken),
        gebruik_gebeurtenis=_gebruik_gebeurtenis(werkbank, afspraken),
    )


_Sleutel = TypeVar("_Sleutel")


def _formules(
    werkbank: Werkbank, residuen: Mapping[_Sleutel, Residu]
) -> dict[_Sleutel, Formule | None]:
    waarheid = Waarheid(werkbank, _vergelijkingen(residuen))
    return {lid: formule(residu, waarheid) for lid, residu in residuen.items()}


def _vergelijkingen(residuen: Mapping[Any, Residu]) -> list[Vergelijking]:
    found = (v for residu in residuen.values() for v in residu.vergelijkingen)
    return list(dict.fromkeys(found))


def _met_andere_tabellen(
    werkbank: Werkbank, zinnen: Zinnen, formules: Mapping[str, Formule | None]
) -> dict[str, Formule]:
    result = {}
    for regel, row in zinnen.tabel["kan_nu_niet"].items():
        if formules.get(regel) is not None:
            continue
        with _tabellen(werkbank, met(werkbank.gegevens, row["stel"])):
            found = _formules(werkbank, werkbank.residuen()).get(regel)
        if found is not None:
            hidden = row.get("zonder", [])
            result[regel] = tuple(
                t for t in found if not isinstance(t, Vergelijking) or t.feit not in hidden
            )
    return result


@contextmanager
def _tabellen(werkbank: Werkbank, gegevens: Gegevens) -> Iterator[None]:
    """The Werkbank with other tables, and its own again after it."""
    own = werkbank.gegevens
    try:
        werkbank.zet_gegevens(gegevens)
        yield
    finally:
        werkbank.zet_gegevens(own)


def _in_rego(root: Path) -> dict[str, InRego]:
    files, _ = lees_rego(root / "policies")
    return {
        deel.lid: InRego(deel.titel, rego.naam, deel.rij)
        for rego in files
        for deel in rego.delen
        if deel.naam == REGELS and deel.lid and not rego.is_toets
    }


def _net_niet(
    werkbank: Werkbank,
    zinnen: Zinnen,
    uitslagen: Sequence[Uitslag],
    geleverd: Mapping[str, Residu],
) -> dict[str, list[NetNiet]]:
    """By regel, the cases that expect it not to apply and miss it by one condition."""
    asked = [
        index
        for index, uitslag in enumerate(uitslagen)
        if uitslag.geval.verwacht.get("niet") and uitslag.geval.verwacht["uitkomst"] != _ONGELDIG
    ]
    result: dict[str, list[NetNiet]] = {}
    gevallen = [uitslag.geval for uitslag in uitslagen]
    for groep in per_tabellen(werkbank, gevallen, asked):
        residuen = werkbank.residuen()
        both = {
            (regel, number): residu
            for number, found in enumerate((residuen, geleverd))
            for regel, residu in found.items()
        }
        comparisons = _vergelijkingen(both)
        own = {str(index): gevallen[index] for index in groep.plaatsen}
        feiten = werkbank.feiten({key: geval.toewijzing for key, geval in own.items()})
        for (key, row), holds in zip(
            feiten.items(), werkbank.waar(comparisons, list(feiten.values())), strict=True
        ):
            waar = dict(zip(comparisons, holds, strict=True))
            for regel in own[key].verwacht["niet"]:
                here, shipped = (both.get((regel, n), Residu(())) for n in (0, 1))
                if alone := _alleen(here, waar):
                    why = zinnen.niet_gehaald(_duidelijkste(alone, shipped, waar), row)
                    # With the shipped tables it would apply: no condition on the case is missed.
                    if any(all(waar[v] for v in a) for a in shipped.alternatieven):
                        why = _ANDERE_TABELLEN
                    result.setdefault(regel, []).append(NetNiet(own[key], why))
    # A group of other tables comes after the others; a reader looks for the order of the files.
    order = {id(geval): number for number, geval in enumerate(gevallen)}
    for rows in result.values():
        rows.sort(key=lambda row: order[id(row.geval)])
    return result


def _alleen(residu: Residu, holds: Mapping[Vergelijking, bool]) -> list[Vergelijking]:
    """The comparisons of which each alone keeps the regel from applying.

    None when it does apply: then another regel, such as A-01, keeps it out of the answer.
    """
    missed = [[v for v in alternatief if not holds[v]] for alternatief in residu.alternatieven]
    if [] in missed:
        return []
    return [v for found in missed if len(found) == 1 for v in found]


def _duidelijkste(
    alone: Sequence[Vergelijking], shipped: Residu, holds: Mapping[Vergelijking, bool]
) -> Vergelijking:
    """What is missed with the shipped tables too, and rather a day than a word."""
    usual = set(_alleen(shipped, holds))
    return min(alone, key=lambda v: (v not in usual, v.operator not in {"<", "<=", ">", ">="}))


def _gebruik(werkbank: Werkbank, residuen: Mapping[str, Residu]) -> dict[str, list[str]]:
    """By begrip, the regels whose condition is another one when the begrip is another one."""
    gegevens = werkbank.gegevens
    result = {}
    for begrip, value in gegevens.begrippen.items():
        begrippen = {**gegevens.begrippen, begrip: _anders(value)}
        result[begrip] = _veranderd(werkbank, residuen, replace(gegevens, begrippen=begrippen))
    return result


def _gebruik_gebeurtenis(
    werkbank: Werkbank, residuen: Mapping[str, Residu]
) -> dict[str, list[str]]:
    gegevens = werkbank.gegevens
    crisisroute = gegevens.tabellen["gebeurtenissen"]["crisisroute"]
    result = {}
    for name in ("streefdatum", "gecontracteerd_per"):
        day = _anders(crisisroute[name] or crisisroute["streefdatum"])
        changed = {"crisisroute": {**crisisroute, name: day}}
        tabellen = {**gegevens.tabellen, "gebeurtenissen": changed}
        result[name] = _veranderd(werkbank, residuen, replace(gegevens, tabellen=tabellen))
    return result


def _veranderd(werkbank: Werkbank, residuen: Mapping[str, Residu], gegevens: Gegevens) -> list[str]:
    """The regels whose condition is another one with these tables."""
    with _tabellen(werkbank, gegevens):
        now = werkbank.residuen()
    other = [r for r in sorted(now.keys() | residuen) if now.get(r) != residuen.get(r)]
    both = {
        (r, n): found[r] for r in other for n, found in enumerate((residuen, now)) if r in found
    }
    # What differs in OPA's words can be the same condition.
    formules = _formules(werkbank, both)
    return [r for r in other if formules.get((r, 0)) != formules.get((r, 1))]


def _anders(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, list):
        return [_anders(value[0]), *value[1:]]
    if isinstance(value, dict):
        return {key: _anders(inner) for key, inner in value.items()}
    if isinstance(value, int):
        return value + 1
    if is_dag(value):
        return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    return f"{value}x"
