"""A table in memory, or a stream of batches, as if it were a file."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from uitfasering.bulk.lezen.model import MAX_RIJEN, Bestand
from uitfasering.bulk.lezen.soorten import gewone_soorten

_NAAM = "tabel"


class Tabel:
    """A ``pyarrow.Table`` or ``pyarrow.RecordBatchReader``."""

    soort = "tabel"

    def __init__(self, tabel: pa.Table | pa.RecordBatchReader) -> None:
        self._tabel = tabel
        self.schema = gewone_soorten(_NAAM, tabel.schema)
        self.bestanden: tuple[Bestand, ...] = ()
        self.rijen = len(tabel) if isinstance(tabel, pa.Table) else None
        self.opmerkingen: tuple[str, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once."""
        tabel = self._tabel
        stroom = tabel.to_batches(MAX_RIJEN) if isinstance(tabel, pa.Table) else tabel
        for batch in stroom:
            yield batch.cast(self.schema)

    def plaats(self, rij: int) -> str:
        """The number of this row (from 0), from 1."""
        return f"rij {rij + 1}"
