"""One look over a whole CSV before it is read: hash, encoding, lines, and its quotes."""

from __future__ import annotations

import codecs
import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from uitfasering.bulk.lezen.model import BLOK, Bestand, blokken, fout

SCHEIDINGEN = ";,\t"
_AANHALING, _NIEUW, _TERUG = (ord(teken) for teken in '"\n\r')
_STUK = 1 << 20
"""Bytes whose quotes are looked at together: what is made of them fits in the processor's cache."""

_NIET_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Keuring:
    """What was seen.

    Attributes:
        bestand: name, hash and size.
        codering: ``utf-8``, ``cp1252``, ``utf-16-le`` or ``utf-16-be``.
        regels: lines in the file, empty ones too.
        zuiver: every quote begins or ends a whole value, so that there is one way to read it.
    """

    bestand: Bestand
    codering: str
    regels: int
    zuiver: bool


def bom_van(kop: bytes) -> tuple[bytes, str | None]:
    """The byte order mark these bytes begin with (or none) and the encoding it stands for."""
    return next(((bom, naam) for bom, naam in _BOMS if kop.startswith(bom)), (b"", None))


def keur(pad: Path, naam: str, scheiding: str) -> Keuring:
    """Read the file once, in blocks.

    Raises:
        MessageError: it is no text, or in an encoding that is not known.
    """
    hash_ = hashlib.sha256()
    grootte = nieuw = terug = 0
    bom, codering = _bom(pad)
    utf16 = codering is not None and codering != "utf-8"
    decoder: codecs.IncrementalDecoder | None
    decoder = codecs.getincrementaldecoder(codering or "utf-8")()
    aanhalingen = _Aanhalingen(scheiding)
    laatste = b"\n"
    for plaats, blok in enumerate(blokken(pad)):
        hash_.update(blok)
        grootte += len(blok)
        inhoud = blok[len(bom) :] if plaats == 0 else blok
        if decoder:
            gelezen = _verder(decoder, inhoud)
            if gelezen is None:
                decoder = None
            elif utf16:
                inhoud = gelezen.encode()
        tekens = np.frombuffer(inhoud, dtype=np.uint8)  # counts quicker than bytes do
        einden = np.count_nonzero(tekens == _NIEUW), np.count_nonzero(tekens == _TERUG)
        if b"\0" in inhoud or (not any(einden) and len(blok) == BLOK):
            raise _geen_csv(naam)
        nieuw, terug = nieuw + einden[0], terug + einden[1]
        laatste = inhoud[-1:] or laatste
        aanhalingen.bekijk(inhoud)
    if decoder and _verder(decoder, b"", einde=True) is None:
        decoder = None
    if decoder is None and codering:
        raise fout(
            naam,
            f"Het bestand zegt dat het {'UTF-16' if utf16 else 'UTF-8'} is. Dat klopt niet overal.",
            "Sla het opnieuw op als UTF-8.",
        )
    if decoder is None:
        _keur_cp1252(pad, naam)
    return Keuring(
        Bestand(naam, hash_.hexdigest(), grootte),
        codering or ("utf-8" if decoder else "cp1252"),
        # A line ends in \r\n, in \n, or (from very old programs) in \r.
        max(nieuw, terug) + (laatste not in b"\r\n"),
        aanhalingen.zuiver(),
    )


def kies_scheiding(regels: list[str]) -> str:
    """The delimiter: under which the rows have as many values as the header, and many.

    Quotes are heeded, so a delimiter inside a text does not count.
    """

    def punten(scheiding: str) -> float:
        rijen = [rij for rij in csv.reader(regels, delimiter=scheiding) if rij]
        kolommen = len(rijen[0]) if rijen else 0
        gelijk = sum(len(rij) == kolommen for rij in rijen)
        return kolommen * gelijk / len(rijen) if kolommen > 1 else 0

    try:
        return max(SCHEIDINGEN, key=punten)
    except csv.Error:  # a value that does not end; reading it will say so
        return max(SCHEIDINGEN, key=regels[0].count)


class _Aanhalingen:
    """Whether every quote stands at the begin or end of a value, or is doubled inside one."""

    def __init__(self, scheiding: str) -> None:
        self._buur = np.zeros(256, dtype=bool)
        self._buur[[ord("\n"), ord("\r"), ord(scheiding), _AANHALING]] = True
        self._rest = b"\n"
        self._open = False
        self._goed = True

    def bekijk(self, blok: bytes) -> None:
        """Look at the next block."""
        for van in range(0, len(blok), _STUK):
            if self._goed:
                self._bekijk(blok[van : van + _STUK])

    def _bekijk(self, stuk: bytes) -> None:
        """Look at the next bytes; the last one waits for the one after it."""
        deel = self._rest + stuk
        self._rest = deel[-2:]
        if b'"' not in deel:
            return
        tekens = np.frombuffer(deel, dtype=np.uint8)
        plekken = np.flatnonzero(tekens[1:-1] == _AANHALING) + 1
        # Quotes open and close in turn; a doubled one closes and opens at once.
        openend, sluitend = plekken[self._open :: 2], plekken[not self._open :: 2]
        self._goed = bool(
            self._buur[tekens[openend - 1]].all() and self._buur[tekens[sluitend + 1]].all()
        )
        self._open ^= len(plekken) % 2 == 1

    def zuiver(self) -> bool:
        """Whether it held to the end of the file."""
        self.bekijk(b"\n")
        return self._goed and not self._open


def _bom(pad: Path) -> tuple[bytes, str | None]:
    with pad.open("rb") as stroom:
        return bom_van(stroom.read(max(len(bom) for bom, _ in _BOMS)))


def _verder(decoder: codecs.IncrementalDecoder, blok: bytes, *, einde: bool = False) -> str | None:
    """The text so far; None where these bytes are not in this encoding."""
    try:
        return decoder.decode(blok, einde)
    except UnicodeDecodeError:
        return None


def _keur_cp1252(pad: Path, naam: str) -> None:
    regel = 1
    for blok in blokken(pad):
        if len(blok.translate(None, _NIET_IN_CP1252)) != len(blok):
            plek = min(blok.find(teken) for teken in _NIET_IN_CP1252 if teken in blok)
            raise fout(
                naam,
                "Hier staat een teken dat geen UTF-8 is en geen Windows-1252.",
                "Sla het bestand op als UTF-8.",
                regel=regel + blok.count(b"\n", 0, plek),
            )
        regel += blok.count(b"\n")


def _geen_csv(naam: str) -> Exception:
    return fout(
        naam,
        "Dit is geen CSV, Excel-bestand (.xlsx), Parquet, NDJSON of iJw-bericht.",
        "Sla de gegevens op als een van deze soorten. CSV hoort in UTF-8 te staan.",
    )
