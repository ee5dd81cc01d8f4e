"""scripts/bench.py: the page it writes, and what it makes of the times. Nothing here is timed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def bench(root: Path) -> Any:
    spec = importlib.util.spec_from_file_location("bench", root / "scripts" / "bench.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_only_what_is_between_the_markers_changes(bench: Any, tmp_path: Path) -> None:
    page = tmp_path / "prestaties.md"
    page.write_text(
        f"# Voor\n\n{bench.BEGIN}\noud\n{bench.EIND}\n\n## Wat is geprobeerd\n", "utf-8"
    )
    for _ in range(2):
        bench.schrijf(page, "nieuw é\n")
    expected = f"# Voor\n\n{bench.BEGIN}\nnieuw é\n{bench.EIND}\n\n## Wat is geprobeerd\n"
    assert page.read_text("utf-8") == expected


@pytest.mark.parametrize("content", ["", "{e}\n{b}\n", "{b}\n{b}\n{e}\n"])
def test_a_page_without_its_markers_is_left_alone(bench: Any, tmp_path: Path, content: str) -> None:
    page = tmp_path / "prestaties.md"
    before = content.format(b=bench.BEGIN, e=bench.EIND)
    page.write_text(before, "utf-8")
    with pytest.raises(SystemExit, match="must have one line"):
        bench.schrijf(page, "nieuw")
    assert page.read_text("utf-8") == before


def test_the_page_in_docs_has_the_markers(bench: Any, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "prestaties.md"
    copy.write_bytes((root / "docs" / "prestaties.md").read_bytes())
    bench.schrijf(copy, "nieuw")


def test_the_proportions(bench: Any) -> None:
    """Times made up: 1 ms against 0.1 ms, 1,000 in 0.5 s, 5,000 in 5 s (twice as slow each)."""
    met = bench.Meting([1.0] * 98 + [4.0] * 2, [0.1] * 100, [500.0] * 3, [5000.0] * 3)
    zonder = bench.Meting([1.2] * 100, [0.1] * 100, [2000.0] * 3, [10000.0] * 3)
    tijden = {name: [0.9, 1.4, 1.2] for name in bench.OPDRACHTEN}
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in bench.tabel({"met": met, "zonder": zonder}, tijden).splitlines()
    ]
    found = {row[0]: (row[1], row[2], row[4]) for row in rows}
    assert found["one besluit / empty decision, p50"] == ("10.0", "12.0", "yes")
    assert found["one besluit, p99 / p50"] == ("4.0", "1.0", "yes")
    assert found["batch of 1,000, besluiten a second a core"] == ("2,000", "500", "yes")
    assert found["time a besluit, batch of 5,000 / of 1,000"] == ("2.00", "1.00", "NO")
    assert found["`uitfasering besluit` with no sidecar"] == ("1.20 s", "", "NO")
    assert found["`uitfasering controleer`"] == ("1.20 s", "", "yes")
