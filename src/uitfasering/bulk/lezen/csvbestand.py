"""CSV: comma, semicolon or tab; UTF-8, UTF-16 with a byte order mark, or Windows-1252.

pyarrow reads the rows. Where it cannot (quotes in odd places, a row that is far too long) Python's
``csv`` (strict) takes over: slower, and it knows what is wrong and where.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from uitfasering.bulk.lezen.csvkeuring import bom_van, keur, kies_scheiding
from uitfasering.bulk.lezen.kop import keur_kop
from uitfasering.bulk.lezen.model import (
    MAX_CELLEN,
    MAX_RIJEN,
    TEKST,
    Bestand,
    fout,
    met_rijfout,
    tekst_soort,
)

_STEEKPROEF = 1 << 20
_REGELS_SCHEIDING = 50
_RIJEN_SOORT = 4_000
_RIJEN_BLOK = 100_000
_MIN_BLOK, _MAX_BLOK = 1 << 16, 16 << 20
_AANHALING = "Kijk of daar een aanhalingsteken te veel of te weinig staat."


@dataclass(frozen=True)
class _Vorm:
    """How the file is written: its delimiter and encoding, its header, and what stands above.

    ``begin`` is the byte at which the rows begin, ``regels`` the lines before that.
    """

    scheiding: str
    codering: str
    kop: list[str]
    begin: int
    regels: int


class CsvBestand:
    """One CSV. Empty values are null; empty lines are no rows."""

    soort = "csv"

    def __init__(self, pad: Path, naam: str) -> None:
        self._pad = pad
        self._naam = naam
        with pad.open("rb") as stroom:
            begin = stroom.read(_STEEKPROEF)
            geheel = not stroom.read(1)
        bom, codering = bom_van(begin)
        scheiding, boven = _scheiding(begin[len(bom) :].decode(codering or "latin-1", "ignore"))
        self._keuring = keur(pad, naam, scheiding)
        tekst = begin[len(bom) :].decode(self._keuring.codering, "ignore")
        regels = _regels(tekst)
        if not geheel:
            regels = regels[:-1]
            if not regels:
                raise fout(naam, "De eerste regel is veel te lang.", _AANHALING, regel=1)
        kop, kopregels = _kop(naam, regels, boven, scheiding)
        ervoor = "".join(regels[:kopregels]).encode(self._keuring.codering)
        self._vorm = _Vorm(
            scheiding, self._keuring.codering, kop, len(bom) + len(ervoor), kopregels
        )
        proef = _proef(regels[kopregels:], scheiding, len(kop))
        kolommen = zip(*proef, strict=True) if proef else [()] * len(kop)
        velden = zip(kop, map(tekst_soort, map(list, kolommen)), strict=True)
        self._rijschema = pa.schema(list(velden))
        per_rij = max(1, len(tekst) // max(1, len(regels)))
        self._blok = min(max(_RIJEN_BLOK * per_rij, _MIN_BLOK), _MAX_BLOK)
        self._rijen = 0  # already read
        self._gelezen = False
        self.schema = met_rijfout(self._rijschema)
        self.bestanden: tuple[Bestand, ...] = (self._keuring.bestand,)
        self.rijen: int | None = max(0, self._keuring.regels - kopregels)
        self.opmerkingen: tuple[str, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once.

        Raises:
            MessageError: a quote is wrong in such a way that rows could be lost.
        """
        delen = [self._snel] if self._keuring.zuiver else []
        for deel in (*delen, self._precies):
            for batch in deel():
                self._rijen += len(batch)
                yield batch
            if self._gelezen:
                return

    def plaats(self, rij: int) -> str:
        """The line on which this row (from 0) begins."""
        ervoor = self._vorm.regels
        if self._keuring.regels == ervoor + self._rijen:  # each row is one line
            return f"{self._naam}, regel {ervoor + rij + 1}"
        for regel, _, _ in islice(self._records(), rij, None):
            return f"{self._naam}, regel {regel}"
        return self._naam

    def _snel(self) -> Iterator[pa.RecordBatch]:
        """What pyarrow can read; ends early at a row that needs more care."""
        slecht: deque[tuple[int, str]] = deque()  # row (from 0) and what is wrong with it

        def noteer(rij: pa_csv.InvalidRow) -> str:
            # A row of several lines may be several rows, swallowed by a quote.
            if "\n" in rij.text or "\r" in rij.text or len(slecht) >= MAX_RIJEN:
                return "error"
            slecht.append((rij.number - 1, self._andere_breedte(rij.actual_columns)))
            return "skip"

        with self._pad.open("rb") as stroom:
            stroom.seek(self._vorm.begin)
            try:
                lezer = pa_csv.open_csv(
                    stroom,
                    read_options=pa_csv.ReadOptions(
                        column_names=self._vorm.kop,
                        block_size=self._blok,
                        encoding=self._vorm.codering,
                        use_threads=False,  # as quick, and rows that are refused have a number
                    ),
                    parse_options=pa_csv.ParseOptions(
                        delimiter=self._vorm.scheiding,
                        newlines_in_values=True,
                        invalid_row_handler=noteer,
                    ),
                    convert_options=pa_csv.ConvertOptions(
                        column_types=self._rijschema,
                        strings_can_be_null=True,
                        null_values=[""],
                        check_utf8=False,  # ``keur`` has
                    ),
                )
                for batch in lezer:
                    yield self._met_gaten(batch, slecht)
            except pa.ArrowInvalid:  # its text holds the row
                return
        if slecht:
            yield self._met_gaten(pa.RecordBatch.from_pylist([], self._rijschema), slecht)
        self._gelezen = True

    def _met_gaten(self, batch: pa.RecordBatch, slecht: deque[tuple[int, str]]) -> pa.RecordBatch:
        """The rows with, in their own place, the ones that were refused: nulls and the reason."""
        redenen: dict[int, str] = {}
        while slecht and slecht[0][0] <= self._rijen + len(batch) + len(redenen):
            plaats, reden = slecht.popleft()
            redenen[plaats - self._rijen] = reden
        if not redenen:
            geen = pa.nulls(len(batch), TEKST)
            return pa.RecordBatch.from_arrays([*batch.columns, geen], schema=self.schema)
        gat = np.zeros(len(batch) + len(redenen), dtype=bool)
        gat[list(redenen)] = True
        bron = pa.array(np.cumsum(~gat) - 1, mask=gat)
        waarom = pa.array([redenen.get(plaats) for plaats in range(len(gat))], TEKST)
        kolommen = batch.take(bron).columns
        return pa.RecordBatch.from_arrays([*kolommen, waarom], schema=self.schema)

    def _andere_breedte(self, aantal: int) -> str:
        kolommen = "1 kolom" if aantal == 1 else f"{aantal} kolommen"
        return f"de rij heeft {kolommen}, de kop heeft er {len(self._vorm.kop)}"

    def _precies(self) -> Iterator[pa.RecordBatch]:
        """The rows after those already read, one by one, faults and all."""
        breedte = len(self._vorm.kop)
        rijen = islice(self._records(), self._rijen, None)
        leeg = [""] * breedte
        while blok := list(islice(rijen, max(1, MAX_CELLEN // breedte))):
            kolommen = zip(*(leeg if reden else cellen for _, cellen, reden in blok), strict=True)
            arrays = [
                pa.array([cel or None for cel in kolom], soort)
                for kolom, soort in zip(kolommen, self._rijschema.types, strict=True)
            ]
            redenen = pa.array([reden for _, _, reden in blok], TEKST)
            yield pa.RecordBatch.from_arrays([*arrays, redenen], schema=self.schema)
        self._gelezen = True

    def _records(self) -> Iterator[tuple[int, Sequence[str], str | None]]:
        """Of each row its first line, its values, and what is wrong with it."""
        breedte = len(self._vorm.kop)
        with self._pad.open("rb") as bytes_:
            bytes_.seek(self._vorm.begin)
            stroom = io.TextIOWrapper(bytes_, self._vorm.codering, newline="")
            lezer = csv.reader(stroom, delimiter=self._vorm.scheiding, strict=True)
            while True:
                eerste = lezer.line_num + 1
                try:
                    cellen = next(lezer, None)
                except csv.Error:  # its text can hold a part of the row
                    cellen = []
                    mis = True
                else:
                    mis = False
                if cellen is None:
                    return
                regel, laatste = (self._vorm.regels + n for n in (eerste, lezer.line_num))
                if mis or (laatste > regel and len(cellen) != breedte):
                    self._keur_lengte(regel, laatste)
                    yield regel, [], f"in deze rij klopt een aanhalingsteken niet (regel {regel})"
                elif cellen and len(cellen) != breedte:
                    yield regel, [], self._andere_breedte(len(cellen))
                elif cellen:
                    yield regel, cellen, None

    def _keur_lengte(self, regel: int, laatste: int) -> None:
        """A quote that is wrong on one line harms one row; else rows may have been swallowed."""
        if laatste > regel:
            raise fout(
                self._naam,
                'In deze rij begint een tekst met een aanhalingsteken ("), en die tekst eindigt '
                "niet of niet goed.",
                _AANHALING,
                regel=regel,
            )


def _regels(tekst: str) -> list[str]:
    """The lines with their ends; unlike ``splitlines`` only at the ends that csv knows."""
    return list(io.StringIO(tekst, newline=""))


def _scheiding(tekst: str) -> tuple[str, int]:
    """The delimiter, and how many lines there are above the header that only say which it is."""
    regels = _regels(tekst)
    eerste = regels[0].strip().lower() if regels else ""
    if eerste.startswith("sep=") and len(eerste) <= len("sep=;"):
        return eerste[len("sep=") :] or "\t", 1  # strip took the tab
    gevuld = [regel for regel in regels if regel.strip()]
    return (kies_scheiding(gevuld[:_REGELS_SCHEIDING]) if gevuld else ";"), 0


def _kop(naam: str, regels: list[str], boven: int, scheiding: str) -> tuple[list[str], int]:
    """The header, and the lines up to and including it."""
    lezer = csv.reader(regels[boven:], delimiter=scheiding, strict=True)
    kop: list[str] | None = None
    try:
        kop = next((cellen for cellen in lezer if any(cel.strip() for cel in cellen)), None)
    except csv.Error:
        gelukt = False
    else:
        gelukt = True
    regel = boven + lezer.line_num
    if not gelukt:
        raise fout(naam, "De kop is niet te lezen.", _AANHALING, regel=boven + 1)
    if kop is None:
        raise fout(naam, "Het bestand is leeg.", "Geef een bestand met een kop en rijen.")
    keur_kop(naam, kop, regel=regel)
    return kop, regel


def _proef(regels: list[str], scheiding: str, breedte: int) -> list[list[str]]:
    """Some good rows to see what the columns are like."""
    try:
        rijen = list(islice(csv.reader(regels, delimiter=scheiding), _RIJEN_SOORT))
    except csv.Error:
        return []
    return [rij for rij in rijen if len(rij) == breedte]
