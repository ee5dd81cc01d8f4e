"""Paper to write text on: as wide as the terminal, in colour where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from uitfasering.weergave.veilig import schoon

# Wraps the words of a paragraph; nothing is ever printed with it.
_VOUWER = Console(width=100)


def papier(uit: TextIO, breedte: int) -> Console:
    """A console on ``uit``; ``breedte`` columns when that is not a terminal."""
    return Console(
        file=uit,
        width=None if uit.isatty() else breedte,
        # NO_COLOR is about colour only; here it leaves out every escape sequence.
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        markup=False,
        emoji=False,
        highlight=False,
    )


def alinea(tekst: str, breedte: int, *, begin: str = "", stijl: str = "") -> Iterator[Text]:
    """The lines of a paragraph; ``begin`` stands before the first, the others go in as far."""
    voor = Text(schoon(begin), style=stijl)
    for regel in Text(schoon(tekst), style=stijl).wrap(_VOUWER, breedte - cell_len(begin)):
        regel.rstrip()
        yield voor + regel
        voor = Text(" " * cell_len(begin))
