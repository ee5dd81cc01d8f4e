"""XLSX: the first sheet with a header."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from uitfasering.bulk.lezen.kop import keur_kop
from uitfasering.bulk.lezen.model import (
    MAX_CELLEN,
    MAX_RIJEN,
    RIJFOUT,
    TEKST,
    Bestand,
    fout,
    met_rijfout,
)
from uitfasering.bulk.lezen.soorten import een_soort
from uitfasering.bulk.lezen.xlsxkeuring import beschadigd, keur_zip

_MAX_RIJEN_BLAD = 1_048_576
_MAX_GEHEEL = 2**53  # Excel counts in floats: beyond this a whole number is not exact
_SOORTEN: dict[type, pa.DataType] = {bool: pa.bool_(), int: pa.int64(), date: pa.date32()}

_Rij = tuple[Any, ...]


class XlsxBestand:
    """One sheet.

    Empty rows above the header do not count, nor does a title in one cell there. Rows after the
    last one with a value are no rows; an empty row between others is. A column whose cells are all
    dates, all whole numbers or all true/false keeps that type; any other column is text, with whole
    numbers as ``193`` and dates as ``2021-05-01``. Of a formula the stored value counts.

    A sheet holds at most 1,048,576 rows, so it is read at once, into Arrow.
    """

    soort = "xlsx"

    def __init__(self, pad: Path, naam: str) -> None:
        self._naam = naam
        self._pad = pad
        self.bestanden = (Bestand.van_pad(pad, naam),)
        with self._leesbaar():
            blad, self.opmerkingen = self._blad(keur_zip(pad, naam))
        tabel = pa.Table.from_batches(blad) if blad else self._leeg
        self.schema = tabel.schema
        self.rijen = len(tabel)
        self._tabel = tabel

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once."""
        yield from self._tabel.to_batches(max_chunksize=MAX_RIJEN)

    def plaats(self, rij: int) -> str:
        """The row as Excel numbers it."""
        return f"{self._naam}, rij {self._kopregel + rij + 1}"
