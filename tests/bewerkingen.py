"""Edits an officer could make, in tests/fout/bewerkingen and tests/goed/bewerkingen.

Each is a YAML file (bewerking.schema.json); the .txt beside it holds all that
``uitfasering controleer`` prints for a project with that edit.

    .venv/bin/python tests/bewerkingen.py [NAAM…]    writes those texts again; read each of them
"""

from __future__ import annotations

import functools
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from uitfasering.controle import gevallen, vind
from uitfasering.controle.tekst import toon
from uitfasering.gegevens import Gegevens
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.rego import controle as regocontrole
from uitfasering.toets.gevallen import MAP, lees_gevallen
from uitfasering.yamlreader import lees

HIER = Path(__file__).parent
FOUT = sorted((HIER / "fout" / "bewerkingen").glob("*.yaml"))
GOED = sorted((HIER / "goed" / "bewerkingen").glob("*.yaml"))
SCHEMA: dict[str, Any] = json.loads((HIER / "bewerking.schema.json").read_text("utf-8"))

_REGOCONTROLE = regocontrole.controleer
_OPSLAAN: dict[str, Callable[[str], bytes]] = {
    "": str.encode,
    "windows": lambda text: text.replace("\n", "\r\n").encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "latin-1": lambda text: text.encode("latin-1", "replace"),
}


def uitvoer(bewerking: Path, target: Path) -> str:
    """What ``controleer`` prints for a project with this edit, made in the empty ``target``."""
    changed = maak(bewerking, target)
    return toon(_vind(target, project_root(), changed), target)


def maak(bewerking: Path, target: Path) -> set[str]:
    """Make a project with this edit in the empty ``target``; the top folders that it changes."""
    root = project_root()
    document = lees(bewerking, SCHEMA)
    assert not document.meldingen, [str(m) for m in document.meldingen]
    changes = document.data["wijzigingen"]
    changed = {change["bestand"].partition("/")[0] for change in changes}
    # OPA follows no link to a folder, so only the cases are not copied.
    for folder in ("data", "policies", "schemas"):
        shutil.copytree(root / folder, target / folder)
    (target / MAP).parent.mkdir()
    if "tests" in changed:
        shutil.copytree(root / MAP, target / MAP)
    else:
        (target / MAP).symlink_to(root / MAP)
    for change in changes:
        _wijzig(target / change["bestand"], change)
    return changed


def _vind(target: Path, root: Path, changed: set[str]) -> list[Melding]:
    """``controle.vind``, without doing again what is the same for every edit."""

    def rego(project: Path, gegevens: Gegevens | None) -> list[Melding]:
        same = gegevens is None and "policies" not in changed
        return list(_rego_alleen(root)) if same else _REGOCONTROLE(project, gegevens)

    def cases(project: Path) -> Any:
        return lees_gevallen(project) if "tests" in changed else _gevallen(root)

    with (
        mock.patch.object(regocontrole, "controleer", rego),
        mock.patch.object(gevallen, "lees_gevallen", cases),
    ):
        return vind(target)


@functools.cache
def _gevallen(root: Path) -> Any:
    return lees_gevallen(root)


@functools.cache
def _rego_alleen(root: Path) -> list[Melding]:
    """What is said of the shipped policies when the tables are broken."""
    return _REGOCONTROLE(root, None)


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
    path.write_bytes(_OPSLAAN[change.get("opslaan", "")](text))


def main() -> None:
    """Write the expected texts again, and print them to be read."""
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
