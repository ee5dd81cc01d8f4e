"""One folder with what OPA gets: the policies and the compiled tables, in bundle form.

Check, test, bench and the bundle itself all use this stage, so that they see the same.

``python -m uitfasering.stage FOLDER`` writes it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError
from uitfasering.gegevens import Gegevens, laad
from uitfasering.gegevenscontrole import AFWIJKING
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.tabellen import bouw_tabellen

ROOTS = ("gegevens", "uitfasering")
"""What the bundle owns in OPA's data document; other bundles (tokens) have their own roots."""

# A-00 is what policies/uitfasering/invoer finds, B1-20 what besluit.rego does with a deviation.
ELDERS_BEPAALD = ("A-00", AFWIJKING)

_LABEL = re.compile(r"^# {3}regel: (\S+)$")
_HEAD = re.compile(r'^van_toepassing contains "([^"]+)"')


@dataclass(frozen=True)
class RegelInRego:
    """Where a regel stands in the policies, by its METADATA label and by its head."""

    label: str | None
    kop: str
    bestand: Path
    regel: int


def policies(root: Path) -> list[Path]:
    """The policy files without their tests, sorted by path."""
    found = (root / "policies" / "uitfasering").rglob("*.rego")
    return sorted(path for path in found if not path.name.endswith("_test.rego"))


def regels_in_rego(root: Path) -> Iterator[RegelInRego]:
    """Every agreement in the policies, with the label of the METADATA above it."""
    for path in policies(root):
        label = None
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if found := _LABEL.match(line):
                label = found[1]
            elif found := _HEAD.match(line):
                yield RegelInRego(label, found[1], path, number)
                label = None


def maak_stage(target: Path, *, root: Path | None = None, gegevens: Gegevens | None = None) -> str:
    """Write the stage into the (empty or new) folder ``target``.

    ``gegevens`` replaces the tables of ``root``, for questions about other tables.

    Returns:
        The revision: the SHA-256 of everything in the stage, in hexadecimal.

    Raises:
        BuildError: the tables are wrong, or they and the policies do not match.
    """
    root = root or project_root()
    gegevens = gegevens or laad(root)
    _vergelijk(gegevens, root)
    tables: dict[str, Any] = bouw_tabellen(gegevens, root)
    digest = hashlib.sha256(_json(tables))
    for source in policies(root):
        relative = source.relative_to(root / "policies")
        destination = target / relative
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, destination)
        digest.update(f"\0{relative.as_posix()}\0".encode())
        digest.update(source.read_bytes())
    revision = digest.hexdigest()
    (target / "gegevens").mkdir(parents=True, exist_ok=True)
    (target / "gegevens" / "data.json").write_bytes(_json({**tables, "revisie": revision}))
    manifest = {"revision": revision, "roots": list(ROOTS), "rego_version": 1}
    (target / ".manifest").write_bytes(_json(manifest))
    return revision


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _vergelijk(gegevens: Gegevens, root: Path) -> None:
    """Every regel has data, every entry has a regel, under the same id (head, label, key)."""
    meldingen = []
    seen: dict[str, RegelInRego] = {}
    for found in regels_in_rego(root):
        name = str(found.bestand.relative_to(root))

        def at(wrong: str, right: str, name: str = name, line: int = found.regel) -> Melding:
            return Melding(name, line, 1, "", wrong, right, "regel-nummer")

        if found.label != found.kop:
            meldingen.append(
                at(
                    f"De afspraak heet {found.kop}, maar het label is {found.label or 'leeg'}.",
                    f"Zet boven de regel in METADATA: labels, regel: {found.kop}.",
                )
            )
        if found.kop in seen:
            meldingen.append(at(f"{found.kop} staat er twee keer.", "Voeg ze samen."))
        seen[found.kop] = found
        if found.kop not in gegevens.afspraken:
            meldingen.append(
                at(f"{found.kop} heeft geen gegevens.", "Voeg de afspraak toe in data/afspraken.")
            )
    for regel, afspraak in gegevens.afspraken.items():
        if regel not in seen and regel not in ELDERS_BEPAALD:
            meldingen.append(
                afspraak.document.melding(
                    afspraak.pad,
                    f"{regel} heeft geen regel in policies/uitfasering/afspraken.",
                    "Voeg de regel toe, of haal de afspraak weg.",
                    "regel-zonder-rego",
                    sleutel=True,
                )
            )
    if meldingen:
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"Afspraken en regels passen niet bij elkaar:\n{lines}", meldingen)


def main() -> int:
    """Write the stage into the folder named on the command line."""
    try:
        revision = maak_stage(Path(sys.argv[1]))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    print(revision)
    return 0


if __name__ == "__main__":
    sys.exit(main())
