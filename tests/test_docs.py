"""What the documentation shows, works."""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from clihulp import Cli
from uitfasering.bulk.antwoorden import KOLOMMEN
from uitfasering.bulk.kolommen import herken, lees_koppeling
from uitfasering.bulk.velden import SLEUTELS, velden
from uitfasering.opdrachten.bulk import bulk


def blokken(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_python_uit_de_readme(root: Path, bundel: Path) -> None:
    (example,) = blokken((root / "README.md").read_text("utf-8"), "python")
    expected = re.search(r"print\(.*\)  # (.*)", example)
    assert expected
    done = subprocess.run(
        [sys.executable, "-c", example],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "UITFASERING_ROOT": str(root)},
    )
    assert done.stdout.strip() == expected[1]


@pytest.fixture
def map_met_voorbeelden(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the examples in it as in a checkout."""
    shutil.copytree(root / "voorbeelden", tmp_path / "voorbeelden")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_bulk_uit_de_readme(
    root: Path,
    map_met_voorbeelden: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = re.search(
        r"```\n\.venv/bin/uitfasering (bulk .*)\n```\n\n```\n(.*?)```",
        (root / "README.md").read_text("utf-8"),
        re.DOTALL,
    )
    assert found
    monkeypatch.setenv("COLUMNS", "80")
    gezien = Cli(monkeypatch, capsys)(*shlex.split(found[1]))
    assert re.fullmatch(re.escape(found[2]).replace("…", ".*"), gezien.uit), gezien.uit
    # There is nothing personal in the example.
    assert "persoonsgegevens" not in gezien.fout
    assert {pad.name for pad in map_met_voorbeelden.iterdir()} == {
        "besluiten.csv",
        "rapport.xlsx",
        "voorbeelden",
    }


@pytest.mark.parametrize("nummer", [0, 1])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_python_uit_bulk(
    nummer: int, root: Path, map_met_voorbeelden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = blokken((root / "docs" / "bulk.md").read_text("utf-8"), "python")[nummer]
    expected = re.search(r"print\(.*\)  # (.*)", example)
    assert expected
    pad = map_met_voorbeelden / "voorbeeld.py"
    pad.write_text(example, "utf-8")
    runpy.run_path(str(pad))
    assert capsys.readouterr().out.strip() == expected[1]


def test_koppeling_uit_bulk(root: Path, tmp_path: Path) -> None:
    (example,) = blokken((root / "docs" / "bulk.md").read_text("utf-8"), "yaml")
    pad = tmp_path / "koppeling.yaml"
    pad.write_text(example, "utf-8")
    koppeling = lees_koppeling(pad, root)
    gevonden = herken(
        ["Gem", "Besluit genomen op"], root, koppeling=koppeling.kolommen, vast=koppeling.vast
    )
    assert gevonden.velden == {"gemeente": "Gem", "toewijzingsdatum": "Besluit genomen op"}
    assert gevonden.vast == {"handeling": "lopend"}


def test_bulk_noemt_elke_kolom_en_elke_optie(root: Path) -> None:
    text = (root / "docs" / "bulk.md").read_text("utf-8")
    genoemd = set(re.findall(r"`([^`\s]+)", text))
    opnieuw = "voorstel_opnieuw"
    genoemd |= {f"{opnieuw}{naam}" for naam in genoemd if naam.startswith("_")}
    opties = {optie.opts[0] for optie in bulk.params if isinstance(optie, click.Option)}
    namen = {*KOLOMMEN, *velden(), *SLEUTELS, *(opties - {"--help"})}
    assert sorted(namen - genoemd) == []


def test_elke_verwijzing_in_de_docs_bestaat(root: Path) -> None:
    pages = [*root.glob("*.md"), *(root / "docs").glob("*.md")]
    dead = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_elk_databestand_staat_in_de_handleiding(root: Path) -> None:
    text = (root / "docs" / "handleiding.md").read_text("utf-8")
    files = [str(p.relative_to(root)) for p in (root / "data").rglob("*.yaml")]
    assert [f for f in files if f"`{f}`" not in text] == []
