"""NDJSON: one object a row, without what is empty."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import IO, Any

import pyarrow as pa
from pyarrow import types

from uitfasering.bulk.schrijven.cellen import moment, stukken, zonder_nan

_json = json.JSONEncoder(ensure_ascii=False).encode


class NdjsonUit:
    """Writes NDJSON to ``bestand``: numbers and booleans as such, dates as ISO text."""

    def __init__(self, bestand: IO[bytes]) -> None:
        self._bestand = bestand

    def schrijf(self, batch: pa.RecordBatch) -> None:
        """Write the next rows."""
        for stuk in stukken(batch):
            kolommen = [
                _delen(naam, kolom)
                for naam, kolom in zip(stuk.schema.names, stuk.columns, strict=True)
            ]
            regels = [f"{{{''.join(delen)[1:]}}}\n" for delen in zip(*kolommen, strict=True)]
            self._bestand.write("".join(regels).encode())

    def sluit(self, *, gelukt: bool) -> None:
        """Nothing is still to be written."""


def _delen(naam: str, kolom: pa.Array) -> list[str]:
    """What each cell adds to its object, from the comma on; each distinct value is made once."""
    codes = _json_soort(kolom)
    if not types.is_dictionary(codes.type):
        codes = codes.dictionary_encode()
    sleutel = _json(naam)
    delen = [f",{sleutel}:{_waarde(waarde)}" for waarde in codes.dictionary.to_pylist()]
    delen.append("")
    return [delen[code] for code in codes.indices.fill_null(len(delen) - 1).to_numpy().tolist()]


def _json_soort(kolom: pa.Array) -> pa.Array:
    if types.is_floating(kolom.type):
        return zonder_nan(kolom)
    if types.is_timestamp(kolom.type):
        return moment(kolom, "T")
    if types.is_date(kolom.type) or types.is_null(kolom.type):
        return kolom.cast(pa.string())
    return kolom


def _waarde(waarde: Any) -> str:
    if isinstance(waarde, Decimal):
        return str(waarde)
    if isinstance(waarde, float) and math.isinf(waarde):
        waarde = str(waarde)  # JSON has no number for it
    return _json(waarde)
