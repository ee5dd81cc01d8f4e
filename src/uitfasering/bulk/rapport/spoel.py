"""The rows of a run, kept on disk until the report over them can be written."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from uitfasering.bulk.schrijven.cellen import compact
from uitfasering.bulk.stroom import Blok

KLASSE, GEMEENTE, AANBIEDER = "klasse", "gemeente", "aanbieder"
INVOER, ANTWOORD = "invoer.", "antwoord."
"""Before the names of the columns of the file and of the answer."""


class Spoel:
    """A file without a name: nothing is left of it, however the run ends.

    Args:
        map: the folder that the report will be in.
    """

    def __init__(self, map: Path) -> None:
        self._bestand = tempfile.TemporaryFile(dir=map)  # noqa: SIM115 - close() ends it
        self._schrijver: pa.RecordBatchStreamWriter | None = None
        self.rijen = 0

    def voeg_toe(self, blok: Blok) -> None:
        """Keep the next rows."""
        oordeel = blok.oordeel
        kolommen = {
            **{f"{INVOER}{n}": _zonder_codes(k) for n, k in _paren(blok.invoer)},
            **{f"{ANTWOORD}{n}": _compact(k) for n, k in _paren(oordeel.kolommen)},
            KLASSE: pa.array(oordeel.klasse, pa.int32()),
            GEMEENTE: _compact(oordeel.gemeente),
            AANBIEDER: _compact(oordeel.aanbieder),
        }
        batch = pa.RecordBatch.from_pydict(kolommen)
        if self._schrijver is None:
            self._schrijver = pa.ipc.new_stream(self._bestand, batch.schema)
        self._schrijver.write_batch(batch)
        self.rijen += len(batch)

    def tabel(self) -> pa.Table | None:
        """All rows, read from the disk as they are used; None without any block."""
        if self._schrijver is None:
            return None
        self._schrijver.close()
        self._bestand.flush()
        blik = mmap.mmap(self._bestand.fileno(), 0, access=mmap.ACCESS_READ)
        return pa.ipc.open_stream(pa.py_buffer(blik)).read_all().unify_dictionaries()

    def close(self) -> None:
        """Let go of the rows."""
        self._bestand.close()


def kolomnamen(tabel: pa.Table, voor: str) -> list[str]:
    """The names of the columns of the file (INVOER) or of the answer (ANTWOORD)."""
    return [naam.removeprefix(voor) for naam in tabel.schema.names if naam.startswith(voor)]


def in_volgorde(tabel: pa.Table, rijen: np.ndarray, grootte: int = 10_000) -> Iterator[pa.Table]:
    """These rows in this order, a piece at a time."""
    for begin in range(0, len(rijen), grootte):
        yield tabel.take(pa.array(rijen[begin : begin + grootte]))


def _paren(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
    return zip(batch.schema.names, batch.columns, strict=True)


def _zonder_codes(kolom: pa.Array) -> pa.Array:
    # Codes may be of another width in the next batch, and a stream has one type.
    return kolom.dictionary_decode() if pa.types.is_dictionary(kolom.type) else kolom


def _compact(kolom: pa.Array) -> pa.Array:
    # pyarrow unifies no dictionaries with a null in them.
    return compact(kolom) if pa.types.is_dictionary(kolom.type) else kolom
