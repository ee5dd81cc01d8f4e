"""Writes the YAML cases as ``data.gevallen``, so that ``opa test`` can run them too.

``python tests/rego/maak_gevallen.py FOLDER`` writes ``FOLDER/gevallen/data.json``: a list with an
object for each set of tables, ``gegevens`` (the compiled tables, as ``data.gegevens``) and
``gevallen`` (by file, line and name: ``toewijzing`` and ``verwacht``).
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conftest import project_met
from gevallen_lezen import ROOT, GevallenFout, lees_gevallen
from uitfasering.gegevens import laad
from uitfasering.tabellen import bouw_tabellen


def tabellen(gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of the checkout with ``gegevens`` changed, compiled."""
    with tempfile.TemporaryDirectory() as folder:
        changed = project_met(ROOT, Path(folder), gegevens)
        return bouw_tabellen(laad(changed), changed)


def main() -> int:
    try:
        gevallen = [geval for geval in lees_gevallen() if not geval.overslaan]
    except GevallenFout as error:
        print(error, file=sys.stderr)
        return 2
    groups: dict[str, dict[str, Any]] = {}
    for geval in gevallen:
        key = geval.gegevens_sleutel
        if key not in groups:
            groups[key] = {"gegevens": tabellen(geval.gegevens), "gevallen": {}}
        expected = {"toewijzing": geval.toewijzing, "verwacht": geval.verwacht}
        name = f"{geval.bestand}:{geval.regel}: {geval.naam}"
        groups[key]["gevallen"][name] = expected
    target = Path(sys.argv[1]) / "gevallen"
    target.mkdir(parents=True)
    (target / "data.json").write_text(json.dumps({"groepen": list(groups.values())}), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
