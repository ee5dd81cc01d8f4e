"""What the documentation shows, works."""

import os
import re
import subprocess
import sys
from pathlib import Path


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
