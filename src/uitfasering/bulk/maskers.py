"""Which rules hold for each row, by OPA's own SQL in DuckDB: one bit a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.groepen import feitenschema, is_datum

Woord = npt.NDArray[np.int64]

_PER_WOORD = 60
_SOORTEN = {"string": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN"}


@dataclass(frozen=True)
class Plan:
    """Where each rule has its bit: ``leden[w][bit]`` is (set, member)."""

    leden: tuple[tuple[tuple[str, str], ...], ...]
    voorwaarden: tuple[tuple[str, ...], ...]

    @property
    def kolommen(self) -> tuple[str, ...]:
        """The SQL of each word over a table ``feiten``."""
        return tuple(_woord(sqls) for sqls in self.voorwaarden)

    def van(self, woorden: Sequence[int]) -> dict[str, frozenset[str]]:
        """The members that hold, of each set that has any."""
        found: dict[str, set[str]] = {}
        for leden, woord in zip(self.leden, woorden, strict=True):
            for bit, (naam, lid) in enumerate(leden):
                if woord >> bit & 1:
                    found.setdefault(naam, set()).add(lid)
        return {naam: frozenset(leden) for naam, leden in found.items()}


def maak_plan(fragment: Fragment) -> Plan:
    """At most 60 rules a word; the sets one after the other."""
    alle = [
        ((naam, lid), sql)
        for naam, voorwaarden in fragment.voorwaarden.items()
        for lid, sql in voorwaarden.items()
    ]
    blokken = [alle[van : van + _PER_WOORD] for van in range(0, len(alle), _PER_WOORD)]
    return Plan(
        tuple(tuple(plek for plek, _ in blok) for blok in blokken),
        tuple(tuple(sql for _, sql in blok) for blok in blokken),
    )


def _woord(voorwaarden: Sequence[str]) -> str:
    return " + ".join(
        f"(CASE WHEN {voorwaarde} THEN {1 << bit} ELSE 0 END)"
        for bit, voorwaarde in enumerate(voorwaarden)
    )


class Maskers:
    """DuckDB with the compiled rules."""

    def __init__(self, plan: Plan, feiten: Sequence[str], draden: int = 2) -> None:
        self._plan = plan
        self._duckdb = duckdb.connect(config={"threads": draden})
        kolommen = ", ".join(f"{feit} {_soort(feit)}" for feit in feiten)
        self._duckdb.execute(f"CREATE TABLE feiten (rij INTEGER, {kolommen})")
        # A column a rule: DuckDB plans and evaluates that faster than sums of CASE.
        regels = ", ".join(f"({sql})" for sqls in plan.voorwaarden for sql in sqls)
        # With rows that came and went before, DuckDB may answer in another order.
        self._vraag = f"SELECT rij, {regels} FROM feiten"

    def bereken(self, feiten: Mapping[str, pa.Array]) -> list[Woord]:
        """The words of each row.

        Args:
            feiten: the columns that the rules look at, of one length.
        """
        aantal = len(next(iter(feiten.values())))
        nummers = pa.array(np.arange(aantal, dtype=np.int32))
        self._duckdb.register("nieuw", pa.table({"rij": nummers, **feiten}))
        self._duckdb.execute("DELETE FROM feiten")
        self._duckdb.execute("INSERT INTO feiten BY NAME SELECT * FROM nieuw")
        self._duckdb.unregister("nieuw")
        gevonden = self._duckdb.execute(self._vraag)
        kolommen = iter(gevonden.fetchnumpy().values())
        rij = next(kolommen)
        woorden = []
        for leden in self._plan.leden:
            bits = [next(kolommen).astype(np.int64) << bit for bit in range(len(leden))]
            woord = np.empty(aantal, dtype=np.int64)
            woord[rij] = np.bitwise_or.reduce(bits)
            woorden.append(woord)
        return woorden


def _soort(feit: str) -> str:
    inhoud = feitenschema()[feit]
    if "enum" in inhoud:
        waarden = ", ".join(f"'{waarde}'" for waarde in inhoud["enum"])
        return f"ENUM({waarden})"
    return "DATE" if is_datum(feit) else _SOORTEN[inhoud["type"]]
