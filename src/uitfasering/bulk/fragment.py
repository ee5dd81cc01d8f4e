"""Everything bulk evaluates outside OPA, as OPA compiled it.

For each set of rules the SQL condition of every member; and from the residuals of the same rules the
constants that each fact is compared with. Kept per revision of the bundle, as compiling takes a few
seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from uitfasering.bulk.opa import Vraagbaak
from uitfasering.fragment import Regel, sql
from uitfasering.residu import (
    ONTBREEKT,
    TUSSEN_VELDEN,
    VAN_TOEPASSING,
    Constante,
    Residu,
    residuen,
)

DIALECT = "sqlite"
"""OPA's dialect with plain quotes; DuckDB and Spark read it as it is."""

_VERSIE = 1
_TEGELIJK = 2


@dataclass(frozen=True)
class Verzameling:
    """A partial set of Rego, asked with one table of parameters.

    Attributes:
        naam: what bulk calls it.
        pad: its path in OPA.
        tabel: ``afspraken.tabel``; None is the one in force.
    """

    naam: str
    pad: str
    tabel: str | None = None


GELDEND = (
    Verzameling("van_toepassing", VAN_TOEPASSING),
    Verzameling("ontbreekt", ONTBREEKT),
    Verzameling("tussen_velden", TUSSEN_VELDEN),
    Verzameling("onderscheid", "uitfasering/bulk/onderscheid"),
    Verzameling("grens", "uitfasering/bulk/grens"),
    Verzameling("vervanging", "uitfasering/bulk/vervanging"),
)
AFWIJKEND = (
    Verzameling("van_toepassing_toets", VAN_TOEPASSING, "toets"),
    Verzameling("ontbreekt_regio", ONTBREEKT, "regio"),
    Verzameling("grens_regio", "uitfasering/bulk/grens", "regio"),
    Verzameling("grens_toets", "uitfasering/bulk/grens", "toets"),
)
"""What B1-20 rests on; asked only where a municipality deviates from anything."""


@dataclass(frozen=True)
class Fragment:
    """The compiled rules of one bundle.

    Attributes:
        voorwaarden: set → member → SQL condition over a table ``feiten``.
        constanten: fact → every constant it is compared with, sorted.
        paren: pairs of facts that are compared with each other.
    """

    voorwaarden: Mapping[str, Mapping[str, str]]
    constanten: Mapping[str, tuple[Constante, ...]]
    paren: tuple[tuple[str, str], ...]

    @property
    def feiten(self) -> tuple[str, ...]:
        """Every fact that any rule looks at, sorted."""
        return tuple(sorted({*self.constanten, *(feit for paar in self.paren for feit in paar)}))


def laad_fragment(vraagbaak: Vraagbaak, map_: Path) -> Fragment:
    """The fragment of the bundle that ``vraagbaak`` serves; from ``map_`` when it was made before.

    Raises:
        FragmentError: an agreement leaves OPA's data-filter fragment; says which.
    """
    bestand = map_ / f"{vraagbaak.revisie}-{_VERSIE}.json"
    try:
        bewaard = json.loads(bestand.read_text("utf-8"))
        return Fragment(
            bewaard["voorwaarden"],
            {feit: tuple(waarden) for feit, waarden in bewaard["constanten"].items()},
            tuple((een, ander) for een, ander in bewaard["paren"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        fragment = _maak(vraagbaak)
    map_.mkdir(parents=True, exist_ok=True)
    nieuw = bestand.with_suffix(".nieuw")
    nieuw.write_text(json.dumps(asdict(fragment)), "utf-8")
    nieuw.replace(bestand)
    return fragment


def _maak(vraagbaak: Vraagbaak) -> Fragment:
    verzamelingen = GELDEND + (AFWIJKEND if vraagbaak.waarde("bulk/vragen/afwijkende_gemeenten") else ())
    residu = {v: residuen(vraagbaak.url, v.pad, v.tabel) for v in verzamelingen}
    leden = [(v, lid) for v in verzamelingen for lid in residu[v]]

    def vertaal(paar: tuple[Verzameling, str]) -> str:
        verzameling, lid = paar
        regel = Regel(lid, verzameling.pad, quote(lid, safe=""), verzameling.pad, 0)
        return sql(vraagbaak.url, regel, DIALECT, verzameling.tabel)

    with ThreadPoolExecutor(_TEGELIJK) as pool:
        vertaald = dict(zip(leden, pool.map(vertaal, leden), strict=True))
    voorwaarden = {v.naam: {lid: vertaald[v, lid] for lid in residu[v]} for v in verzamelingen}
    alle = [een for per_lid in residu.values() for een in per_lid.values()]
    return Fragment(voorwaarden, _constanten(alle), _paren(alle))


def _constanten(residu: Iterable[Residu]) -> dict[str, tuple[Constante, ...]]:
    found: dict[str, set[Constante]] = {}
    for een in residu:
        for vergelijking in een.vergelijkingen:
            found.setdefault(vergelijking.feit, set()).update(vergelijking.waarden)
    return {feit: tuple(sorted(waarden)) for feit, waarden in sorted(found.items()) if waarden}


def _paren(residu: Iterable[Residu]) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            {
                (vergelijking.feit, vergelijking.ander_feit)
                for een in residu
                for vergelijking in een.vergelijkingen
                if vergelijking.ander_feit
            }
        )
    )
