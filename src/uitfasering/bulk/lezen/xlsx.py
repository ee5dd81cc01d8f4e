"""XLSX: the first sheet with a header."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from uitfasering.bulk.lezen.kop import keur_kop
from uitfasering.bulk.lezen.model import (
    CODES,
    MAX_CELLEN,
    MAX_RIJEN,
    TEKST,
    Bestand,
    fout,
    met_rijfout,
    tekst_soort,
)
from uitfasering.bulk.lezen.soorten import een_soort
from uitfasering.bulk.lezen.xlsxkeuring import beschadigd, keur_zip, lege_formules
from uitfasering.errors import MessageError

_MAX_RIJEN_BLAD = 1_048_576
_MAX_GEHEEL = 2**53  # Excel counts in floats: beyond this a whole number is not exact
_SOORTEN: dict[type, pa.DataType] = {bool: pa.bool_(), int: pa.int64(), date: pa.date32()}
_PROEF = 4_000

_Rij = Sequence[Any]


@dataclass(frozen=True)
class _Kop:
    """Where the header stands: its row (from 1), its first column (from 0), and its names."""

    rij: int
    eerste: int
    namen: list[str]


class XlsxBestand:
    """One sheet, read at once into Arrow (a sheet holds at most 1,048,576 rows).

    Empty rows above the header do not count, nor does a title in one cell there. Rows after the
    last one with a value are no rows; an empty row between others is. A column whose cells are all
    dates, all whole numbers or all true/false keeps that type; any other column is text, with whole
    numbers as ``193`` and dates as ``2021-05-01``. Of a formula the stored value counts.
    """

    soort = "xlsx"

    def __init__(self, pad: Path, naam: str) -> None:
        self._pad = pad
        self._naam = naam
        keur_zip(pad, naam)
        with self._werkmap() as boek:
            blad, self._kop = self._zoek_blad(boek)
            keur_kop(naam, self._kop.namen, regel=self._kop.rij, eerste=self._kop.eerste + 1)
            self._tabel = self._lees(blad)
            bladen = len(boek.worksheets)
        self.schema = self._tabel.schema
        self.bestanden: tuple[Bestand, ...] = (Bestand.van_pad(pad, naam),)
        self.rijen: int | None = len(self._tabel)
        self.opmerkingen: tuple[str, ...] = ()
        if bladen > 1:
            self.opmerkingen = (f"Van {naam} is alleen het blad {blad.title} gelezen.",)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once."""
        tabel, self._tabel = self._tabel, None
        yield from tabel.to_batches(max_chunksize=MAX_RIJEN)

    def plaats(self, rij: int) -> str:
        """The row (from 0) as Excel numbers it."""
        return f"{self._naam}, rij {self._kop.rij + rij + 1}"

    @contextmanager
    def _werkmap(self) -> Iterator[Workbook]:
        """The workbook; what goes wrong is said in words."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and lists that openpyxl does not know
                boek = load_workbook(self._pad, read_only=True, data_only=True)
                try:
                    yield boek
                finally:
                    boek.close()
            return
        except MessageError:
            raise
        except Exception:  # openpyxl raises whatever its parts raise
            pass
        raise beschadigd(self._naam)

    def _zoek_blad(self, boek: Workbook) -> tuple[Any, _Kop]:
        """The first sheet with a row of two values or more; else the first one with a value."""
        gevonden = []
        for blad in boek.worksheets:
            if blad.sheet_state != "visible":
                continue
            blad.reset_dimensions()  # some programs write them wrong
            eerste = None
            for nummer, rij in _rijen(blad, 1):
                gevuld = len(_gevuld(rij))
                if gevuld > 1:
                    return blad, _kop(nummer, rij)
                if gevuld and eerste is None:
                    eerste = _kop(nummer, rij)
            if eerste:
                gevonden.append((blad, eerste))
        if not gevonden:
            raise fout(self._naam, "Het bestand is leeg.", "Geef een bestand met een kop en rijen.")
        return gevonden[0]

    def _lees(self, blad: Any) -> pa.Table:
        """All rows of the sheet."""
        breedte = len(self._kop.namen)
        rijen = self._rijen(blad)
        kolommen: list[list[pa.Array]] = [[] for _ in range(breedte)]
        redenen: list[pa.Array] = []
        while blok := list(islice(rijen, max(1, MAX_CELLEN // breedte))):
            for plaats, kolom in enumerate(kolommen):
                kolom.append(_array([cellen[plaats] for cellen, _ in blok]))
            redenen.append(pa.array([reden for _, reden in blok], TEKST))
        heel = [_een_kolom(kolom) for kolom in kolommen]
        velden = zip(self._kop.namen, (kolom.type for kolom in heel), strict=True)
        schema = met_rijfout(pa.schema(list(velden)))
        return pa.table([*heel, pa.chunked_array(redenen, TEKST)], schema=schema)

    def _rijen(self, blad: Any) -> Iterator[tuple[_Rij, str | None]]:
        """The cells under the header, and what is wrong with the row."""
        begin, breedte = self._kop.eerste, len(self._kop.namen)
        zonder_waarde = lege_formules(self._pad, blad._worksheet_path)
        leeg = [None] * breedte
        lege_rijen = 0
        for nummer, rij in _rijen(blad, self._kop.rij + 1):
            kolom = zonder_waarde.get(nummer)
            gevuld = _gevuld(rij)
            if not gevuld and not kolom:
                lege_rijen += 1
                continue
            # Only now it is known that these are not the last ones.
            yield from [(leeg, None)] * lege_rijen
            lege_rijen = 0
            if kolom:
                letter = get_column_letter(kolom)
                yield leeg, f"de formule in kolom {letter} heeft geen opgeslagen uitkomst"
            elif gevuld[0] < begin or gevuld[-1] >= begin + breedte:
                yield leeg, "de rij heeft een waarde in een kolom zonder naam"
            else:
                yield [*rij[begin : begin + breedte], *leeg[len(rij) - begin :]], None


def _rijen(blad: Any, eerste: int) -> Iterator[tuple[int, _Rij]]:
    """The rows of a sheet with their numbers, from row ``eerste``."""
    rijen = blad.iter_rows(min_row=eerste, max_row=_MAX_RIJEN_BLAD, values_only=True)
    return enumerate(rijen, eerste)


def _gevuld(rij: _Rij) -> list[int]:
    return [plaats for plaats, cel in enumerate(rij) if cel is not None and str(cel).strip()]


def _kop(nummer: int, rij: _Rij) -> _Kop:
    gevuld = _gevuld(rij)
    cellen = rij[gevuld[0] : gevuld[-1] + 1]
    return _Kop(nummer, gevuld[0], [_tekst(_waarde(cel)) or "" for cel in cellen])


def _waarde(cel: Any) -> Any:
    """A cell as Excel's user sees it: a day without a time is a date, ``193.0`` is 193."""
    if isinstance(cel, datetime) and not (cel.hour or cel.minute or cel.second or cel.microsecond):
        return cel.date()
    if isinstance(cel, float) and cel.is_integer() and abs(cel) < _MAX_GEHEEL:
        return int(cel)
    if type(cel) is int and abs(cel) >= _MAX_GEHEEL:
        return str(cel)
    return None if cel == "" else cel


def _tekst(waarde: Any) -> str | None:
    if waarde is None:
        return None
    if isinstance(waarde, bool):
        return "true" if waarde else "false"
    return waarde.isoformat() if isinstance(waarde, date) else str(waarde)


def _array(cellen: list[Any]) -> pa.Array:
    waarden = [_waarde(cel) for cel in cellen]
    soorten = {type(waarde) for waarde in waarden if waarde is not None}
    if not soorten:
        return pa.nulls(len(waarden))
    soort = soorten.pop()
    if not soorten and soort in _SOORTEN:
        return pa.array(waarden, _SOORTEN[soort])
    return pa.array(map(_tekst, waarden), TEKST)


def _een_kolom(delen: list[pa.Array]) -> pa.ChunkedArray:
    """One type for the whole column; text when the parts differ."""
    soort = een_soort([deel.type for deel in delen]) if delen else TEKST
    if soort == TEKST or pa.types.is_null(soort):
        delen = [pa.array(map(_tekst, deel.to_pylist()), TEKST) for deel in delen]
        soort = tekst_soort(delen[0][:_PROEF].to_pylist()) if delen else CODES
    return pa.chunked_array([deel.cast(soort) for deel in delen], soort)
