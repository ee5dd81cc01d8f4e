"""Edits an officer could make, in tests/fout/bewerkingen and tests/goed/bewerkingen.

Each is a YAML file (bewerking.schema.json); the .txt beside it holds all that
``uitfasering controleer`` prints for a project with that edit.

    .venv/bin/python tests/bewerkingen.py [NAAM…]    writes those texts again; read each of them
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from uitfasering.controle import gevallen, vind
from uitfasering.controle.tekst import toon
from uitfasering.paths import project_root
from uitfasering.toets.gevallen import MAP, lees_gevallen
from uitfasering.yamlreader import lees

HIER = Path(__file__).parent
FOUT = sorted((HIER / "fout" / "bewerkingen").glob("*.yaml"))
GOED = sorted((HIER / "goed" / "bewerkingen").glob("*.yaml"))
SCHEMA: dict[str, Any] = json.loads((HIER / "bewerking.schema.json").read_text("utf-8"))

_opslaan = {
    "windows": lambda text: text.replace("\n", "\r\n").encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "latin-1": lambda text: text.encode("latin-1", "replace"),
    "": lambda text: text.encode(),
}


def uitvoer(bewerking: Path, target: Path) -> str:
    """What ``controleer`` prints for a project with this edit, made in the empty ``target``."""
    root = project_root()
    document = lees(bewerking, SCHEMA)
    assert not document.meldingen, [str(m) for m in document.meldingen]
    changes = document.data["wijzigingen"]
    in_cases = any(change["bestand"].startswith("tests/") for change in changes)
    _kopie(root, target, gevallen=in_cases)
    for change in changes:
        _wijzig(target / change["bestand"], change)
    if in_cases:
        return toon(vind(target), target)
    # The shipped cases are the same for every edit, and take most of the time to read.
    with mock.patch.object(gevallen, "lees_gevallen", return_value=_gevallen(root)):
        return toon(vind(target), target)


_GELEZEN: list[Any] = []


def _gevallen(root: Path) -> Any:
    if not _GELEZEN:
        _GELEZEN.append(lees_gevallen(root))
    found, meldingen = _GELEZEN[0]
    return list(found), list(meldingen)


def _kopie(root: Path, target: Path, *, gevallen: bool) -> None:
    """A copy of the project; the folder with the cases itself, when no case changes."""
    for folder in ("data", "policies", "schemas"):  # OPA follows no link to a folder
        shutil.copytree(root / folder, target / folder)
    if gevallen:
        shutil.copytree(root / MAP, target / MAP)
    else:
        (target / MAP).parent.mkdir()
        (target / MAP).symlink_to(root / MAP)


def _wijzig(path: Path, change: dict[str, Any]) -> None:
    if change.get("weg"):
        path.unlink()
        return
    text = change.get("inhoud")
    if text is None:
        text = path.read_text("utf-8")
    if "zoek" in change:
        assert change["zoek"] in text, f"{path.name}: {change['zoek']!r} staat er niet meer"
        text = text.replace(change["zoek"], change["vervang"], 1)
    path.write_bytes(_opslaan[change.get("opslaan", "")](text))


def main() -> None:
    """Write the expected texts again."""
    for bewerking in FOUT:
        if len(sys.argv) > 1 and bewerking.stem not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            text = uitvoer(bewerking, Path(folder))
        bewerking.with_suffix(".txt").write_text(text, "utf-8")
        wat = lees(bewerking, SCHEMA).data["wat"]
        print(f"=== {bewerking.stem}: {wat}\n{text}")


if __name__ == "__main__":
    main()
