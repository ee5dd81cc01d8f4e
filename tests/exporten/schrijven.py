"""Writes an export, batch after batch, in the format of the file's name."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import xlsxwriter

Batches = Iterable[pa.RecordBatch]


def schrijf(
    batches: Batches, schema: pa.Schema, pad: Path, *, scheiding: str, codering: str
) -> None:
    """Write the batches; ``scheiding`` and ``codering`` are for CSV.

    Raises:
        ValueError: the format of the name is not one of csv, parquet, xlsx, ndjson.
    """
    soort = pad.suffix
    if soort == ".csv":
        _csv(batches, schema, pad, scheiding, codering)
    elif soort == ".parquet":
        with pyarrow.parquet.ParquetWriter(pad, schema) as file:
            for batch in batches:
                file.write_batch(batch, row_group_size=len(batch) or 1)
    elif soort == ".xlsx":
        _xlsx(batches, schema, pad)
    elif soort == ".ndjson":
        _ndjson(batches, pad)
    else:
        raise ValueError(f"geen csv, parquet, xlsx of ndjson: {pad.name}")


def _csv(batches: Batches, schema: pa.Schema, pad: Path, scheiding: str, codering: str) -> None:
    """In UTF-8 as Arrow writes it, then in the encoding of the export."""
    opties = pyarrow.csv.WriteOptions(delimiter=scheiding)
    with pad.open("w", encoding=codering, newline="") as file:
        tekst = io.BytesIO()
        with pyarrow.csv.CSVWriter(tekst, schema, write_options=opties) as schrijver:
            for batch in batches:
                schrijver.write_batch(batch)
                file.write(tekst.getvalue().decode())
                tekst.seek(0)
                tekst.truncate()
        file.write(tekst.getvalue().decode())


def _xlsx(batches: Batches, schema: pa.Schema, pad: Path) -> None:
    opties = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(pad, opties) as boek:
        boek.set_properties({"created": datetime(2021, 5, 1)})  # the same bytes every time
        datum = boek.add_format({"num_format": "dd-mm-yyyy"})
        blad = boek.add_worksheet("Export")
        blad.write_row(0, 0, schema.names)
        rij = 0
        for batch in batches:
            for waarden in zip(*(kolom.to_pylist() for kolom in batch.columns), strict=True):
                rij += 1
                for kolom, waarde in enumerate(waarden):
                    if schema.field(kolom).type == pa.date32() and waarde is not None:
                        blad.write_datetime(rij, kolom, waarde, datum)
                    else:
                        blad.write(rij, kolom, waarde)


def _ndjson(batches: Batches, pad: Path) -> None:
    with pad.open("w", encoding="utf-8", newline="\n") as file:
        for batch in batches:
            for rij in batch.to_pylist():
                gevuld = {naam: waarde for naam, waarde in rij.items() if waarde is not None}
                file.write(json.dumps(gevuld, ensure_ascii=False, default=str) + "\n")
