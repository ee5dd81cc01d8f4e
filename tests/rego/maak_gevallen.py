"""Writes the YAML cases as ``data.gevallen``, so that ``opa test`` can run them too.

``python tests/rego/maak_gevallen.py FOLDER`` writes ``FOLDER/gevallen/data.json``: a list with an
object for each set of tables, ``gegevens`` (the compiled tables, as ``data.gegevens``) and
``gevallen`` (by file, line and name: ``toewijzing`` and ``verwacht``).
"""

import json
import sys
from pathlib import Path
from typing import Any

from uitfasering.gegevens import laad
from uitfasering.paths import project_root
from uitfasering.tabellen import bouw_tabellen
from uitfasering.toets.gevallen import lees_gevallen
from uitfasering.varianten import met

ROOT = project_root()


def main() -> int:
    gevallen, meldingen = lees_gevallen(ROOT)
    if meldingen:
        print(*meldingen, sep="\n", file=sys.stderr)
        return 2
    gevallen = [geval for geval in gevallen if not geval.overslaan]
    shipped = laad(ROOT)
    groups: dict[str, dict[str, Any]] = {}
    for geval in gevallen:
        key = geval.gegevens_sleutel
        if key not in groups:
            groups[key] = {
                "gegevens": bouw_tabellen(met(shipped, geval.gegevens), ROOT),
                "gevallen": {},
            }
        expected = {"toewijzing": geval.toewijzing, "verwacht": geval.verwacht}
        name = f"{geval.bestand}:{geval.regel}: {geval.naam}"
        groups[key]["gevallen"][name] = expected
    target = Path(sys.argv[1]) / "gevallen"
    target.mkdir(parents=True)
    (target / "data.json").write_text(json.dumps({"groepen": list(groups.values())}), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
