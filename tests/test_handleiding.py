"""The handleiding is true: every command in it gives what it says."""

import re
from pathlib import Path

import pytest

from handleiding import HANDLEIDING, hoofdstukken, uitgevoerd
from uitfasering.paths import project_root

TEKST = (project_root() / HANDLEIDING).read_text("utf-8")
# Takes 5 seconds and more.
ALLE_GEVALLEN = re.compile(r"^\$ uitfasering toets( --dekking.*)?$", re.MULTILINE)


@pytest.mark.parametrize(
    "hoofdstuk",
    [
        pytest.param(piece, marks=[pytest.mark.lang] if ALLE_GEVALLEN.search(piece) else [])
        for piece in hoofdstukken(TEKST)
        if "```console" in piece
    ],
    ids=lambda piece: piece.splitlines()[0].removeprefix("## "),
)
def test_wat_de_handleiding_laat_zien_is_wat_er_komt(hoofdstuk: str, root: Path) -> None:
    """Refresh with ``python tests/handleiding.py`` and read the difference."""
    assert uitgevoerd(hoofdstuk, root) == hoofdstuk


def test_een_wijziging_in_de_uitvoer_valt_op(root: Path) -> None:
    chapter = "## Proef\n\nTyp:\n\n```console\n$ uitfasering producten weg\nIets anders.\n```\n"
    assert "De opdracht weg bestaat niet." in uitgevoerd(chapter, root)
