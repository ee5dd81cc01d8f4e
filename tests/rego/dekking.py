"""Says which lines of the policies no test reached; reads ``opa test --coverage`` from stdin.

Exit code 1 when there is such a line. The tests themselves do not count.
"""

import json
import sys
from typing import Any


def ongedekt(report: dict[str, Any]) -> list[str]:
    """``file:line`` of every line that is not covered, in order."""
    return [
        f"{path}:{row}"
        for path, file in sorted(report["files"].items())
        if not path.endswith("_test.rego") and "not_covered" in file
        for row in _rows(file["not_covered"])
    ]


def _rows(ranges: list[dict[str, Any]]) -> list[int]:
    return sorted({row for r in ranges for row in range(r["start"]["row"], r["end"]["row"] + 1)})


def main() -> int:
    report = json.load(sys.stdin)
    lines = ongedekt(report)
    if lines:
        print("FOUT: geen test komt langs deze regels van de policies:", file=sys.stderr)
        for line in lines:
            print(f"  {line}", file=sys.stderr)
        return 1
    files = [path for path in report["files"] if not path.endswith("_test.rego")]
    print(f"Alle Rego-tests slagen en komen langs elke regel van de {len(files)} policies.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
