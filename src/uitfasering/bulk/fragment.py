"""Everything bulk evaluates outside OPA, as OPA compiled it.

For each set of rules the SQL condition of every member, and from the residuals of the same rules
what they compare. Kept per revision of the bundle, as compiling takes a few seconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from uitfasering.bulk.opa import Vraagbaak
from uitfasering.fragment import GRENS, ONDERSCHEID, VERVANGING, Regel, sql
from uitfasering.residu import (
    ONTBREEKT,
    TUSSEN_VELDEN,
    VAN_TOEPASSING,
    Alternatief,
    Constante,
    Vergelijking,
    residuen,
)

DIALECT = "sqlite"
"""OPA's dialect with plain quotes; DuckDB and Spark read it as it is."""

_VERSIE = 2
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
    Verzameling("onderscheid", ONDERSCHEID),
    Verzameling("grens", GRENS),
    Verzameling("vervanging", VERVANGING),
)
AFWIJKEND = (
    Verzameling("van_toepassing_toets", VAN_TOEPASSING, "toets"),
    Verzameling("ontbreekt_regio", ONTBREEKT, "regio"),
    Verzameling("grens_regio", GRENS, "regio"),
    Verzameling("grens_toets", GRENS, "toets"),
)
"""What B1-20 rests on; asked only where a municipality deviates from anything."""


@dataclass(frozen=True)
class Fragment:
    """The compiled rules of one bundle.

    Attributes:
        voorwaarden: set → member → SQL condition over a table ``feiten``.
        alternatieven: the comparisons that make a rule hold together, of every rule, each once.
    """

    voorwaarden: Mapping[str, Mapping[str, str]]
    alternatieven: tuple[Alternatief, ...]

    @cached_property
    def vergelijkingen(self) -> tuple[Vergelijking, ...]:
        """Every comparison once."""
        return tuple(dict.fromkeys(v for een in self.alternatieven for v in een))

    @property
    def feiten(self) -> tuple[str, ...]:
        """Every fact that any rule looks at, sorted."""
        return tuple(sorted({feit for v in self.vergelijkingen for feit in v.feiten}))

    @property
    def constanten(self) -> dict[str, tuple[Constante, ...]]:
        """Fact → every constant it is compared with, sorted."""
        found: dict[str, set[Constante]] = {}
        for vergelijking in self.vergelijkingen:
            found.setdefault(vergelijking.feit, set()).update(vergelijking.waarden)
        return {feit: tuple(sorted(waarden)) for feit, waarden in sorted(found.items()) if waarden}

    @property
    def paren(self) -> tuple[tuple[str, str], ...]:
        """Pairs of facts that are compared with each other."""
        return tuple(sorted({(v.feit, v.ander_feit) for v in self.vergelijkingen if v.ander_feit}))


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
            tuple(tuple(_vergelijking(v) for v in een) for een in bewaard["alternatieven"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        fragment = _maak(vraagbaak)
    map_.mkdir(parents=True, exist_ok=True)
    nieuw = bestand.with_suffix(".nieuw")
    nieuw.write_text(json.dumps(asdict(fragment)), "utf-8")
    nieuw.replace(bestand)
    return fragment


def _maak(vraagbaak: Vraagbaak) -> Fragment:
    afwijkend = vraagbaak.waarde("bulk/vragen/afwijkende_gemeenten")
    verzamelingen = GELDEND + (AFWIJKEND if afwijkend else ())
    residu = {v: residuen(vraagbaak.url, v.pad, v.tabel) for v in verzamelingen}
    leden = [(v, lid) for v in verzamelingen for lid in residu[v]]

    def vertaal(paar: tuple[Verzameling, str]) -> str:
        verzameling, lid = paar
        regel = Regel(lid, verzameling.pad, lid, verzameling.pad, 0)
        return sql(vraagbaak.url, regel, DIALECT, verzameling.tabel)

    with ThreadPoolExecutor(_TEGELIJK) as pool:
        vertaald = dict(zip(leden, pool.map(vertaal, leden), strict=True))
    voorwaarden = {v.naam: {lid: vertaald[v, lid] for lid in residu[v]} for v in verzamelingen}
    alternatieven = dict.fromkeys(
        tuple(sorted(alternatief, key=repr))
        for per_lid in residu.values()
        for een in per_lid.values()
        for alternatief in een.alternatieven
    )
    return Fragment(voorwaarden, tuple(alternatieven))


def _vergelijking(bewaard: Mapping[str, Any]) -> Vergelijking:
    return Vergelijking(
        bewaard["feit"], bewaard["operator"], tuple(bewaard["waarden"]), bewaard["ander_feit"]
    )
