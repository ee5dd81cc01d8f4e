"""Which files there are, and which of them hold messages: told by content, never by name."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from uitfasering.berichten import Bron

STDIN = "-"
STDIN_NAAM = "(standaardinvoer)"
_SOORTEN_IN_MAP = (".xml", ".json", ".ndjson")
_KOP_BYTES = 65_536
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

Soort = Literal["xml", "json", "leeg", "onleesbaar"]


@dataclass(frozen=True)
class Bestand:
    """One file to read, and what its first characters say it is."""

    bron: Bron
    soort: Soort


@dataclass(frozen=True)
class Gevonden:
    """The files in the order given, and how many others a folder held."""

    bestanden: tuple[Bestand, ...]
    overgeslagen: int


def verzamel(
    paden: Sequence[str], max_bytes: int, in_map: Sequence[str] = _SOORTEN_IN_MAP
) -> Gevonden:
    """Find the files behind files, folders (with the folders in them, sorted) and ``-``.

    A file that is given twice is read once. In a folder only the suffixes ``in_map`` count;
    hidden files are not looked at, other files are counted.
    """
    bronnen: dict[Path | None, Bron] = {}
    overgeslagen: set[Path] = set()
    for tekst in paden:
        pad = Path(tekst)
        if tekst == STDIN:
            # One byte more than allowed: enough to see that it is too much.
            inhoud = b"" if None in bronnen else sys.stdin.buffer.read(max_bytes + 1)
            bronnen.setdefault(None, Bron.van_bytes(STDIN_NAAM, inhoud))
        elif pad.is_dir():
            for gevonden in _in_map(pad):
                if gevonden.suffix.lower() in in_map:
                    bronnen.setdefault(gevonden.resolve(), Bron.van_pad(gevonden))
                else:
                    overgeslagen.add(gevonden.resolve())
        else:
            bronnen.setdefault(pad.resolve(), Bron.van_pad(pad, tekst))
    bestanden = tuple(Bestand(bron, _soort(bron)) for bron in bronnen.values())
    return Gevonden(bestanden, len(overgeslagen - bronnen.keys()))


def _in_map(map_: Path) -> Iterator[Path]:
    for hier, mappen, namen in os.walk(map_):
        mappen[:] = sorted(naam for naam in mappen if not naam.startswith("."))
        yield from (Path(hier, naam) for naam in sorted(namen) if not naam.startswith("."))


def _soort(bron: Bron) -> Soort:
    try:
        with closing(bron.openen()) as stroom:
            kop = stroom.read(_KOP_BYTES)
    except OSError:
        return "onleesbaar"
    if kop.startswith(_UTF16_BOMS):
        kop = kop.decode("utf-16", "ignore").encode(errors="ignore")
    kop = kop.removeprefix(_UTF8_BOM).lstrip()
    if not kop:
        return "leeg"
    return "xml" if kop.startswith(b"<") else "json"
