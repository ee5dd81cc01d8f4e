"""Columns of a table as the values that go into the cells of a sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import pyarrow as pa

from uitfasering.weergave.veilig import schoon

Cel: TypeAlias = str | int | float | date | None

# Excel keeps 15 digits of a number; what is longer is a code, not a quantity.
_MEESTE = 10**15


def cellen(kolom: pa.ChunkedArray | pa.Array) -> Sequence[Cel]:
    """Each row's value: text, a number, a date, or None for nothing."""
    stukken = kolom.chunks if isinstance(kolom, pa.ChunkedArray) else [kolom]
    return [cel for stuk in stukken for cel in _stuk(stuk)]


def _stuk(kolom: pa.Array) -> Sequence[Cel]:
    if not pa.types.is_dictionary(kolom.type):
        try:
            kolom = kolom.dictionary_encode()
        except pa.ArrowNotImplementedError:  # nested values: each is its own
            return [_cel(waarde) for waarde in kolom.to_pylist()]
    waarden = [_cel(waarde) for waarde in kolom.dictionary.to_pylist()]
    waarden.append(None)
    return [waarden[code] for code in kolom.indices.fill_null(len(waarden) - 1).to_pylist()]


def _cel(waarde: Any) -> Cel:
    if waarde is None or waarde == "":
        return None
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, int) and abs(waarde) < _MEESTE:
        return waarde
    if isinstance(waarde, float) and math.isfinite(waarde) and abs(waarde) < _MEESTE:
        return waarde
    if type(waarde) is date:
        return waarde
    tekst = "\n".join(schoon(regel) for regel in str(waarde).splitlines())
    # xlsxwriter takes a text like this for XML of its own making.
    return f" {tekst}" if tekst.startswith("<r>") else tekst
