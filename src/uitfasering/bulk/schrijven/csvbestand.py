"""CSV as Dutch Excel opens it by double-click: semicolons, and UTF-8 with a byte order mark."""

from __future__ import annotations

import codecs
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from pyarrow import types

from uitfasering.bulk.schrijven.cellen import ja_nee, moment, stukken, zonder_formule, zonder_nan


class CsvUit:
    """Writes CSV to ``bestand``: dates as ISO, booleans as ja and nee, a comma in a fraction."""

    def __init__(self, bestand: IO[bytes], schema: pa.Schema) -> None:
        bestand.write(codecs.BOM_UTF8)
        namen = zonder_formule(pa.array(schema.names, pa.string())).to_pylist()
        leeg = [_cellen(pa.array([], veld.type)) for veld in schema]
        self._schema = pa.schema(list(zip(namen, (kolom.type for kolom in leeg), strict=True)))
        self._writer = pacsv.CSVWriter(
            bestand,
            self._schema,
            write_options=pacsv.WriteOptions(delimiter=";"),
        )

    def schrijf(self, batch: pa.RecordBatch) -> None:
        """Write the next rows."""
        for stuk in stukken(batch):
            cellen = [_cellen(kolom) for kolom in stuk.columns]
            self._writer.write(pa.RecordBatch.from_arrays(cellen, schema=self._schema))

    def sluit(self, *, gelukt: bool) -> None:
        """Write what is still to be written."""
        self._writer.close()


def _cellen(kolom: pa.Array) -> pa.Array:
    """The cells as pyarrow writes them well: text, whole numbers and dates."""
    soort = kolom.type
    if types.is_boolean(soort):
        return ja_nee(kolom)
    if types.is_floating(soort):
        kolom = pc.replace_substring(zonder_nan(kolom).cast(pa.string()), ".", ",")
    elif types.is_decimal(soort):
        kolom = pc.replace_substring(kolom.cast(pa.string()), ".", ",")
    elif types.is_timestamp(soort):
        kolom = moment(kolom)
    elif not types.is_dictionary(soort) and not types.is_string(soort):
        return kolom
    return zonder_formule(kolom).cast(pa.string())
