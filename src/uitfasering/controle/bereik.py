"""What is checked: which project, and which files of it are shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from uitfasering.controle.telling import aantal_in_woorden
from uitfasering.melding import Melding
from uitfasering.paths import is_project, project_root
from uitfasering.stage import policies
from uitfasering.toets.gevallen import MAP, bestanden

GECONTROLEERD = ("data", "policies", "schemas", MAP.as_posix())


@dataclass(frozen=True)
class Bereik:
    """A project, and the files and folders in it (relative to ``root``) to show; none is all."""

    root: Path
    paden: tuple[Path, ...]

    def toont(self, melding: Melding) -> bool:
        """Whether this finding is in one of the files that were asked for."""
        bestand = Path(melding.bestand)
        return not self.paden or any(bestand.is_relative_to(pad) for pad in self.paden)


def bereik(paden: Sequence[str]) -> Bereik:
    """The project and files that these paths mean; without paths the project as a whole.

    Raises:
        click.UsageError: a path is not there, is outside the project, or is never checked.
        BuildError: there is no project.
    """
    for pad in paden:
        if not Path(pad).exists():
            raise click.UsageError(f"Het bestand of de map {pad} bestaat niet.")
    projecten = [pad for pad in paden if is_project(Path(pad))]
    if projecten and len(paden) == 1:
        return Bereik(Path(projecten[0]).absolute(), ())
    root = project_root()
    return Bereik(root, tuple(_binnen(pad, root) for pad in paden))


def _binnen(pad: str, root: Path) -> Path:
    # A link in the project counts as where it is; one from outside as what it points to.
    for plek in (Path(os.path.abspath(pad)), Path(pad).resolve()):  # noqa: PTH100
        if plek.is_relative_to(root):
            binnen = plek.relative_to(root)
            break
    else:
        raise click.UsageError(f"{pad} ligt buiten het project in {root}.")
    if not any(
        binnen.is_relative_to(deel) or Path(deel).is_relative_to(binnen) for deel in GECONTROLEERD
    ):
        raise click.UsageError(
            f"In {pad} valt niets te controleren. Gecontroleerd worden de mappen "
            f"{', '.join(GECONTROLEERD)}."
        )
    return binnen


def gecontroleerd(root: Path) -> str:
    """What was checked, in one sentence."""
    tabellen = list((root / "data").rglob("*.yaml"))
    regels = policies(root)
    gevallen = bestanden([root / MAP])
    schemas = list((root / "schemas").glob("*.json"))
    delen = [
        aantal_in_woorden(len(tabellen), "tabel", "tabellen"),
        aantal_in_woorden(len(regels), "bestand met regels", "bestanden met regels"),
        aantal_in_woorden(len(gevallen), "bestand met gevallen", "bestanden met gevallen"),
        aantal_in_woorden(len(schemas), "schema", "schema's"),
    ]
    return f"Gecontroleerd: {', '.join(delen[:-1])} en {delen[-1]}."
