"""Cells as the kinds of files need them, a column at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

# What can stand unseen before a sign: spaces, control characters and marks. The last four are the
# full-width signs, which Excel takes for the plain ones.
_FORMULE = r"^[\pZ\pC\pM]*[=+\-@＝＋－＠]"
_GETAL = r"^(-|[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?)$"

# So few texts may stay, used or not.
_WEINIG = 4_096
_STUK = 16_384


def stukken(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The same rows in smaller batches, for what makes texts of codes: those take room."""
    for begin in range(0, len(batch), _STUK):
        yield batch.slice(begin, _STUK)


def compact(kolom: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same codes (int32), with only the texts that these rows have, and none of them null.

    The texts of a run grow with every batch; and Parquet has no place for a text that is null.
    """
    teksten = kolom.dictionary
    codes = kolom.indices.cast(pa.int32())
    if not teksten.null_count and len(teksten) <= _WEINIG:
        return pa.DictionaryArray.from_arrays(codes, teksten)
    leeg = len(teksten)
    nummers = codes.fill_null(leeg).to_numpy()
    gebruikt = np.zeros(leeg + 1, dtype=np.bool_)
    gebruikt[nummers] = True
    gebruikt[:leeg] &= teksten.is_valid().to_numpy(zero_copy_only=False)
    gebruikt[leeg] = False
    nieuw = (np.cumsum(gebruikt) - 1).astype(np.int32)[nummers]
    return pa.DictionaryArray.from_arrays(
        pa.array(nieuw, mask=~gebruikt[nummers]), teksten.filter(pa.array(gebruikt[:leeg]))
    )


def zonder_formule(kolom: pa.Array) -> pa.Array:
    """The same texts, with an apostrophe before one that a spreadsheet could take for a formula.

    A number with its sign stays as it is, and so does a dash: they are no formula.
    """
    if types.is_dictionary(kolom.type):
        return pa.DictionaryArray.from_arrays(kolom.indices, zonder_formule(kolom.dictionary))
    formule = pc.match_substring_regex(kolom, _FORMULE)
    if not pc.any(formule).as_py():
        return kolom
    formule = pc.and_not(formule, pc.match_substring_regex(kolom, _GETAL))
    return pc.if_else(formule, pc.binary_join_element_wise("'", kolom, ""), kolom)


def zonder_nan(kolom: pa.Array) -> pa.Array:
    """Floats, null where it is not a number: that is how pandas says empty."""
    return pc.if_else(pc.is_nan(kolom), None, kolom)


def ja_nee(kolom: pa.Array) -> pa.Array:
    """Booleans as words."""
    return pc.if_else(kolom, "ja", "nee")


def moment(kolom: pa.Array, scheiding: str = " ") -> pa.Array:
    """Timestamps as ISO text, without a fraction of zeros; with its zone where it has one."""
    tekst = pc.replace_substring_regex(kolom.cast(pa.string()), r"\.0+([^0-9].*)?$", r"\1")
    return pc.replace_substring(tekst, " ", scheiding, max_replacements=1)
