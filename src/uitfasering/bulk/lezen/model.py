"""What one file (or table) gives to a Bron, and how its faults are said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from uitfasering.errors import MessageError
from uitfasering.melding import Melding

RIJFOUT = "\0rijfout"
"""The column that says, in Dutch, why a row cannot be read; null for a good row."""

MAX_RIJEN = 131_072
"""Rows in a RecordBatch, at most."""

MAX_KOLOMMEN = 1_000

MAX_CELLEN = 500_000
"""Cells that are kept as Python objects at a time, at most."""

TEKST = pa.string()
CODES = pa.dictionary(pa.int32(), TEKST)

BLOK = 4 << 20

_STEEKPROEF = 100
_MEEST_ANDERS = 0.5


@dataclass(frozen=True)
class Bestand:
    """A file as it was read: its name as the user gave it, SHA-256 (hex), and size in bytes."""

    naam: str
    sha256: str
    bytes: int

    @classmethod
    def van_pad(cls, pad: Path, naam: str) -> Bestand:
        """Read the file once for its hash."""
        hash_ = hashlib.sha256()
        grootte = 0
        for blok in blokken(pad):
            hash_.update(blok)
            grootte += len(blok)
        return cls(naam, hash_.hexdigest(), grootte)


class Deel(Protocol):
    """One file, opened: its columns are known, its rows not yet read.

    Attributes:
        soort: the kind of file, as :class:`uitfasering.bulk.bron.Bron` names it.
        schema: the columns of every batch.
        bestanden: the files it is read from.
        rijen: how many rows it has at most; None when unknown.
        opmerkingen: Dutch, what the user should know of how it was read.
    """

    soort: str
    schema: pa.Schema
    bestanden: tuple[Bestand, ...]
    rijen: int | None
    opmerkingen: tuple[str, ...]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once."""

    def plaats(self, rij: int) -> str:
        """Where this row (from 0) stands, for a reader."""


def blokken(pad: Path) -> Iterator[bytes]:
    """The bytes of a file, in blocks of ``BLOK``."""
    with pad.open("rb") as stroom:
        while blok := stroom.read(BLOK):
            yield blok


def fout(naam: str, bericht: str, oplossing: str, *, regel: int = 0) -> MessageError:
    """What is wrong with a file, to be raised; ``regel`` 0 is the file as a whole."""
    plek = f"{naam}, regel {regel}" if regel else naam
    return MessageError(
        f"{plek}: {bericht} {oplossing}", [Melding(naam, regel, 0, "", bericht, oplossing)]
    )


def met_rijfout(schema: pa.Schema) -> pa.Schema:
    """These columns, and the one for a row that cannot be read."""
    return schema.append(pa.field(RIJFOUT, TEKST))


def tekst_soort(waarden: list[str | None]) -> pa.DataType:
    """Codes for a column whose values come back, plain text for one whose values do not.

    Codes are quicker for everyone who comes after, but not when each row has its own.
    """
    gevuld = [waarde for waarde in waarden if waarde]
    if len(gevuld) < _STEEKPROEF or len(set(gevuld)) <= _MEEST_ANDERS * len(gevuld):
        return CODES
    return TEKST
