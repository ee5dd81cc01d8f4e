"""Each edit of tests/fout/bewerkingen and tests/goed/bewerkingen, as an officer sees it.

Drop a YAML file in one of those folders and it is a test; see tests/bewerkingen.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bewerkingen import FOUT, GOED, HIER, uitvoer
from volledig import steekproef

AANTAL = 60
"""Different faults there must be at least, as issue 4 asks."""


@pytest.mark.parametrize(
    "bewerking",
    steekproef(FOUT, 8),  # half a second each
    ids=lambda path: path.stem,
)
def test_fout(bewerking: Path, tmp_path: Path) -> None:
    found = uitvoer(bewerking, tmp_path)
    expected = bewerking.with_suffix(".txt")
    assert expected.exists(), f"Schrijf in {expected.name} wat er moet staan. Er staat:\n{found}"
    assert found == expected.read_text("utf-8")


@pytest.mark.parametrize("bewerking", steekproef(GOED, 5), ids=lambda path: path.stem)
def test_goed(bewerking: Path, tmp_path: Path) -> None:
    found = uitvoer(bewerking, tmp_path)
    assert "fout: " not in found, found
    assert "waarschuwing: " not in found, found


def test_er_zijn_genoeg_verschillende_fouten() -> None:
    texts = {path.with_suffix(".txt").read_text("utf-8") for path in FOUT}
    assert len(texts) == len(FOUT) >= AANTAL


def test_elke_verwachte_tekst_hoort_bij_een_bewerking() -> None:
    texts = (HIER / "fout" / "bewerkingen").glob("*.txt")
    assert {path.stem for path in texts} == {path.stem for path in FOUT}
