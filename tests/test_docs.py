"""What the documentation shows, works."""

import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import project_met
from uitfasering.gegevens import laad


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


def test_afwijkingen_uit_de_handleiding(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "handleiding.md").read_text("utf-8")
    (example,) = (b for b in blokken(text, "yaml") if b.startswith("afwijkingen:"))
    project = project_met(root, tmp_path / "project", {})
    (project / "data" / "afwijkingen.yaml").write_text(example, "utf-8")
    assert len(laad(project).tabellen["afwijkingen"]["afwijkingen"]) == 2


def test_andere_voorbeelden_uit_de_handleiding(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "handleiding.md").read_text("utf-8")
    starts = ("- {cbs", "gecontracteerd", "- code")
    gemeente, crisis, product = (b for b in blokken(text, "yaml") if b.lstrip().startswith(starts))
    project = project_met(root, tmp_path / "project", {})

    def change(name: str, pattern: str, new: str) -> None:
        path = project / "data" / name
        changed, count = re.subn(pattern, lambda _: new, path.read_text("utf-8"), count=1)
        assert count == 1
        path.write_text(changed, "utf-8")

    change("gemeenten.yaml", r'  - \{cbs: "0193".*\n', gemeente)
    change("gebeurtenissen.yaml", r"  gecontracteerd_per: null\n", crisis)
    change("producten.yaml", r"\Z", product)
    tables = laad(project).tabellen
    assert tables["gebeurtenissen"]["crisisroute"]["gecontracteerd_per"] == "2022-03-01"
    assert tables["producten"]["producten"][-1]["code"] == "50H3B"


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
