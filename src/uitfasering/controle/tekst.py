"""Findings as text for an officer: what is wrong, the line itself, and what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from rich.text import Text

from uitfasering.controle.bronregel import Bronnen
from uitfasering.controle.telling import Telling, uitleg_bij
from uitfasering.melding import Melding
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.veilig import schoon

BREEDTE = 100
"""Columns when the output is not a terminal, and the most that is used of a terminal."""

_MINSTE_BREEDTE = 40
_STIJLEN = {"fout": "bold red", "waarschuwing": "bold yellow"}


def toon(meldingen: Sequence[Melding], root: Path) -> str:
    """The findings in the order given and a summary, without colour, ``BREEDTE`` columns wide.

    Args:
        meldingen: with ``bestand`` relative to ``root``, or absolute.
        root: the project, for the lines of the files.
    """
    return "".join(f"{regel.plain}\n" for regel in _regels(meldingen, root, BREEDTE))


def schrijf(meldingen: Sequence[Melding], root: Path, uit: TextIO) -> None:
    """The same, as wide as the terminal and in colour where ``uit`` is one (see NO_COLOR)."""
    console = papier(uit, BREEDTE)
    breedte = max(min(console.width, BREEDTE), _MINSTE_BREEDTE)
    for regel in _regels(meldingen, root, breedte):
        console.print(regel, soft_wrap=True)


def _regels(meldingen: Sequence[Melding], root: Path, breedte: int) -> Iterator[Text]:
    bronnen = Bronnen(root)
    for melding in meldingen:
        yield from _melding(melding, bronnen, breedte)
        yield Text()
    telling = Telling.van(meldingen)
    yield Text(telling.zin(), style="bold" if meldingen else "bold green")


def _melding(melding: Melding, bronnen: Bronnen, breedte: int) -> Iterator[Text]:
    stijl = _STIJLEN[melding.ernst]
    yield from _alineas(melding.bericht, f"{melding.ernst}: ", breedte, stijl)
    if melding.bestand:
        yield Text(f"  {schoon(_plaats(melding))}", style="cyan")
    if bron := bronnen.regel(melding, breedte - len(str(melding.regel)) - 5):
        goot = " " * (len(str(melding.regel)) + 3)
        yield Text(f"{goot}│", style="dim")
        yield Text(f"  {melding.regel} │ ", style="dim") + Text(bron.tekst)
        marker = Text("^" * bron.lengte, style=stijl)
        yield Text(f"{goot}│ ", style="dim") + Text(" " * bron.inspringing) + marker
    if melding.oplossing:
        yield from _alineas(melding.oplossing, "  → ", breedte)
    if melding.code:
        yield Text(f"  Uitleg: {uitleg_bij(melding)}", style="dim")


def _plaats(melding: Melding) -> str:
    delen = [str(deel) for deel in (melding.regel, melding.kolom) if deel]
    plaats = ":".join([melding.bestand, *delen])
    return f"{plaats} ({melding.pad})" if melding.pad else plaats


def _alineas(tekst: str, begin: str, breedte: int, stijl: str = "") -> Iterator[Text]:
    """A line break in ``tekst`` stays one."""
    for deel in tekst.splitlines() or [""]:
        yield from alinea(deel, breedte, begin=begin, stijl=stijl)
        begin = " " * len(begin)
