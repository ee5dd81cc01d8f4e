"""Markdown: text that keeps its meaning, tables, links."""

from __future__ import annotations

import re
from collections.abc import Sequence

GEMAAKT = (
    "<!-- Deze bladzijde is gemaakt door scripts/genereer. Wijzig haar niet: wijzig de tabellen, "
    "de regels of de gevallen, en start scripts/genereer. -->"
)

_BIJZONDER = re.compile(r"([\\`*<>|\[\]])")


def tekst(text: str) -> str:
    """Plain text, on one line, with nothing that Markdown would take for layout."""
    return _BIJZONDER.sub(r"\\\1", " ".join(text.split()))


def tabel(kop: Sequence[str], rijen: Sequence[Sequence[str]]) -> str:
    """A table; the cells are Markdown already (see ``tekst`` and ``link``)."""
    lines = [kop, ["---"] * len(kop), *rijen]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(text: str, doel: str) -> str:
    """A link with plain text."""
    return f"[{tekst(text)}]({doel})"


def citaat(text: str) -> str:
    """A quotation of one paragraph."""
    return f"> {tekst(text)}"


def bladzijde(titel: str, *delen: str) -> str:
    """A page: the title, the remark that it is generated, and its parts; empty parts left out."""
    return "\n\n".join([f"# {tekst(titel)}", GEMAAKT, *(d for d in delen if d)]) + "\n"
