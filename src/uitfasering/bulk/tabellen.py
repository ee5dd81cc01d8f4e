"""Bulk on tables in memory: Arrow, Polars and pandas in, the same out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar, cast

import pyarrow as pa

from uitfasering.bulk.bron import bron_van_tabel
from uitfasering.bulk.uitvoeren import Opties, Run, samen, uitvoerschema
from uitfasering.paths import project_root

Tabel = TypeVar("Tabel")


def beoordeel(tabel: Tabel, opties: Opties | None = None, root: Path | None = None) -> Tabel:
    """Decide every row of a table.

    Args:
        tabel: a ``pyarrow.Table`` or ``RecordBatchReader`` (gives a Table), a ``polars.DataFrame``
            or a ``pandas.DataFrame``, with the columns of docs/bulk.md.
        opties: what else is asked.
        root: the project; the default is the one this package works on.

    Returns:
        The same kind of table: the rows in order, the columns that are kept, and those that bulk
        adds. Texts that bulk adds are dictionary-encoded (categorical).

    Raises:
        MessageError: a needed column is missing or is not clear.
        ControleMislukt: the compiled rules and OPA do not agree.
        TypeError: not a table that is known here.
    """
    soort = type(tabel).__module__.partition(".")[0]
    if soort == "polars":
        import polars

        gevonden = polars.from_arrow(_beoordeel(_any(tabel).to_arrow(), opties, root))
    elif soort == "pandas":
        arrow = pa.Table.from_pandas(tabel, preserve_index=False)
        gevonden = _beoordeel(arrow, opties, root).to_pandas()
        gevonden.index = _any(tabel).index
    elif isinstance(tabel, (pa.Table, pa.RecordBatchReader)):
        gevonden = _beoordeel(tabel, opties, root)
    else:
        raise TypeError(f"expected an Arrow, Polars or pandas table, got {type(tabel).__name__}")
    return cast("Tabel", gevonden)


def _beoordeel(
    tabel: pa.Table | pa.RecordBatchReader, opties: Opties | None, root: Path | None
) -> pa.Table:
    with ExitStack() as stapel:
        run = Run(bron_van_tabel(tabel), opties or Opties(), root or project_root(), stapel)
        schema = uitvoerschema(run.invoer)
        return pa.Table.from_batches([samen(blok, schema) for blok in run.blokken()], schema)


def _any(waarde: object) -> Any:
    return waarde
