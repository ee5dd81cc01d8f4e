"""The line of a file that a Melding is about, with a marker under the place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len, chop_cells, set_cell_size

from uitfasering.melding import Melding
from uitfasering.weergave.veilig import schoon
from uitfasering.yamlreader import MAX_BYTES

TAB = "    "
"""A tab as it is shown; Rego files have them."""

_REGELEINDE = re.compile("\r\n?|\n")
# What is marked: a quoted text, a {name}, a word or number, or else one character.
_STUK = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|\{\w+\}|-?[^\W_][\w.+-]*|.", re.DOTALL)
_WEG = "…"


@dataclass(frozen=True)
class Bronregel:
    """A line as it can be shown, and what goes under it.

    Attributes:
        tekst: the line, made safe for a terminal and cut around the place when it is long.
        inspringing: terminal columns before the marker.
        lengte: terminal columns of the marker, at least 1.
    """

    tekst: str
    inspringing: int
    lengte: int


class Bronnen:
    """The lines of the files below ``root``; each file is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._regels: dict[str, list[str]] = {}

    def regel(self, melding: Melding, breedte: int) -> Bronregel | None:
        """The line of this Melding in at most ``breedte`` terminal columns.

        None when the Melding is about a file as a whole, or when the line is not there.
        """
        if not melding.regel:
            return None
        if melding.bestand not in self._regels:
            self._regels[melding.bestand] = _lees(self._root / melding.bestand)
        regels = self._regels[melding.bestand]
        if melding.regel > len(regels):
            return None
        return _bronregel(regels[melding.regel - 1], melding.kolom, breedte)


def _lees(path: Path) -> list[str]:
    try:
        with path.open("rb") as bestand:
            inhoud = bestand.read(MAX_BYTES)
    except (OSError, ValueError):
        return []
    # As the readers count: no byte order mark, and lines end in LF, CRLF or CR only.
    return _REGELEINDE.split(inhoud.decode("utf-8", "replace").removeprefix("\ufeff"))


def _bronregel(regel: str, kolom: int, breedte: int) -> Bronregel:
    plek = min(max(kolom - 1, 0), len(regel))
    stuk = _STUK.match(regel, plek) if kolom else None
    einde = stuk.end() if stuk else plek
    delen = (regel[:plek], regel[plek:einde], regel[einde:])
    voor, gemarkeerd, na = (schoon(deel.replace("\t", TAB)) for deel in delen)
    lengte = cell_len(gemarkeerd)
    # What is before the place is cut only when there is no room; some of it always stays.
    ruimte = max(breedte - lengte - cell_len(na), breedte * 2 // 3 - lengte, breedte // 3)
    if cell_len(voor) > ruimte:
        omgekeerd = set_cell_size(voor[::-1], ruimte - 1).rstrip()
        voor = _WEG + omgekeerd[::-1]
    tekst = voor + gemarkeerd + na
    if cell_len(tekst) > breedte:
        tekst = chop_cells(tekst, breedte - 1)[0] + _WEG
    inspringing = cell_len(voor)
    lengte = max(min(lengte, breedte - inspringing), 1)
    return Bronregel(tekst.rstrip(), inspringing, lengte)
