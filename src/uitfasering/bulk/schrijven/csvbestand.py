"""CSV as Dutch Excel opens it by double-click: semicolons, and UTF-8 with a byte order mark."""

from __future__ import annotations

import codecs
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from pyarrow import types

from uitfasering.bulk.schrijven.cellen import ja_nee, moment, stukken, zonder_formule, zonder_nan

_TEGELIJK = 2
_WACHTEND = 2 * _TEGELIJK
"""Pieces that are being made into text or wait to be written, at most: they take memory."""

_RIJEN_TEGELIJK = 4_096


class CsvUit:
    """Writes CSV to ``bestand``: dates as ISO, booleans as ja and nee, a comma in a fraction.

    Threads make the text, a piece of the rows each; it is written in order.
    """

    def __init__(self, bestand: IO[bytes], schema: pa.Schema) -> None:
        self._bestand = bestand
        namen = zonder_formule(pa.array(schema.names, pa.string())).to_pylist()
        leeg = [_cellen(pa.array([], veld.type)) for veld in schema]
        self._schema = pa.schema(list(zip(namen, (kolom.type for kolom in leeg), strict=True)))
        bestand.write(codecs.BOM_UTF8)
        bestand.write(_tekst(pa.RecordBatch.from_arrays(leeg, schema=self._schema), kop=True))
        self._draden = ThreadPoolExecutor(_TEGELIJK, thread_name_prefix="uitfasering-csv")

    def schrijf(self, batch: pa.RecordBatch) -> None:
        """Write the next rows."""
        # Of codes the texts are looked at here, once for all pieces.
        kolommen = [
            zonder_formule(kolom) if types.is_dictionary(kolom.type) else kolom
            for kolom in batch.columns
        ]
        wachtend: deque[Future[pa.Buffer]] = deque()
        for stuk in stukken(pa.RecordBatch.from_arrays(kolommen, schema=batch.schema)):
            wachtend.append(self._draden.submit(self._maak, stuk))
            if len(wachtend) == _WACHTEND:
                self._bestand.write(wachtend.popleft().result())
        for een in wachtend:
            self._bestand.write(een.result())

    def sluit(self, *, gelukt: bool) -> None:
        """Everything is written; what is still being made into text after an error is let go."""
        self._draden.shutdown(cancel_futures=True)

    def _maak(self, stuk: pa.RecordBatch) -> pa.Buffer:
        cellen = [_cellen(kolom) for kolom in stuk.columns]
        return _tekst(pa.RecordBatch.from_arrays(cellen, schema=self._schema), kop=False)


def _tekst(batch: pa.RecordBatch, *, kop: bool) -> pa.Buffer:
    """The lines of these rows, or with ``kop`` also the header."""
    stroom = pa.BufferOutputStream()
    vorm = pacsv.WriteOptions(include_header=kop, batch_size=_RIJEN_TEGELIJK, delimiter=";")
    pacsv.write_csv(batch, stroom, vorm)
    return stroom.getvalue()


def _cellen(kolom: pa.Array) -> pa.Array:
    """The cells as pyarrow writes them well: text, whole numbers and dates.

    The texts of codes are without formulas already.
    """
    soort = kolom.type
    if types.is_boolean(soort):
        return ja_nee(kolom)
    if types.is_dictionary(soort):
        return kolom.dictionary_decode()
    if types.is_floating(soort):
        kolom = pc.replace_substring(zonder_nan(kolom).cast(pa.string()), ".", ",")
    elif types.is_decimal(soort):
        kolom = pc.replace_substring(kolom.cast(pa.string()), ".", ",")
    elif types.is_timestamp(soort):
        kolom = moment(kolom)
    elif not types.is_string(soort):
        return kolom
    return zonder_formule(kolom)
