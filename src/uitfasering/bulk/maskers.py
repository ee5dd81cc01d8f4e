"""Which rules hold, by OPA's own SQL in DuckDB: one bit a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.groepen import feitenschema

_PER_WOORD = 60
_SOORTEN = {"string": pa.string(), "integer": pa.int32(), "boolean": pa.bool_()}


def maskerkolommen(fragment: Fragment) -> dict[str, list[str]]:
    """The SQL of the masks: of each set its words, at most 60 rules a word."""
    kolommen = {}
    for naam, voorwaarden in fragment.voorwaarden.items():
        sqls = list(voorwaarden.values())
        kolommen[naam] = [
            _woord(sqls[van : van + _PER_WOORD]) for van in range(0, len(sqls), _PER_WOORD)
        ]
    return kolommen


def _woord(voorwaarden: Sequence[str]) -> str:
    return " + ".join(
        f"(CASE WHEN {voorwaarde} THEN {1 << bit} ELSE 0 END)"
        for bit, voorwaarde in enumerate(voorwaarden)
    )


class Maskers:
    """DuckDB with the compiled rules."""

    def __init__(self, fragment: Fragment) -> None:
        self._leden = {naam: tuple(leden) for naam, leden in fragment.voorwaarden.items()}
        self._feiten = fragment.feiten
        self._schema = pa.schema(
            [(feit, _SOORTEN[feitenschema()[feit]["type"]]) for feit in self._feiten]
        )
        kolommen = maskerkolommen(fragment)
        self._woorden = [(naam, i) for naam, sqls in kolommen.items() for i in range(len(sqls))]
        sqls = (sql for per_set in kolommen.values() for sql in per_set)
        select = ", ".join(f"CAST({sql} AS BIGINT) AS w{i}" for i, sql in enumerate(sqls))
        self._vraag = f"SELECT {select} FROM feiten"  # OPA's SQL, no input in it
        # One thread: these are small tables, and the answer stays in their order.
        self._duckdb = duckdb.connect(config={"threads": 1})


    def bereken(self, rijen: Iterable[Mapping[str, Any]]) -> list[dict[str, int]]:
        """For each row of facts, of each set, its members as bits (see ``leden``)."""
        tabel = pa.Table.from_pylist(
            [{feit: rij[feit] for feit in self._feiten} for rij in rijen], schema=self._schema
        )
        self._duckdb.register("feiten", tabel)
        kolommen = self._duckdb.execute(self._vraag).fetchnumpy().values()
        found: list[dict[str, int]] = [dict.fromkeys(self._leden, 0) for _ in range(len(tabel))]
        for (naam, i), kolom in zip(self._woorden, kolommen, strict=True):
            for masker, woord in zip(found, np.asarray(kolom).tolist(), strict=True):
                masker[naam] |= woord << (i * _PER_WOORD)
        return found

    def leden(self, naam: str, masker: int) -> frozenset[str]:
        """The members that a mask of this set says."""
        return frozenset(lid for bit, lid in enumerate(self._leden[naam]) if masker >> bit & 1)
