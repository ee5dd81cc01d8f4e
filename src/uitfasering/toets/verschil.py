"""What a case expects against what OPA answered, side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from uitfasering.toets.gevallen import Geval

# A-00 once for each field, B1-20 once for each deviation.
_MAG_VAKER = frozenset({"A-00", "B1-20"})


@dataclass(frozen=True)
class Rij:
    """One thing a case expects, both sides as a reader sees them, and whether it holds."""

    naam: str
    verwacht: str
    gekregen: str
    klopt: bool


def vergelijk(geval: Geval, besluit: Mapping[str, Any]) -> list[Rij]:
    """A row for each thing the case expects of this besluit, in the order of the case."""
    fired = Counter(b["regel"] for b in besluit["bevindingen"])
    rows = []
    for name, expected in geval.verwacht.items():
        actual: Any
        shown = expected
        if name == "regels":
            actual = list(fired)
            right = fired.keys() >= set(expected)
        elif name == "niet":
            shown, actual = f"zonder {', '.join(expected)}", list(fired)
            right = not fired.keys() & set(expected)
        elif name == "foutvelden":
            # one finding a field path
            shown = sorted(expected)
            actual = sorted(",".join(b["velden"]) for b in besluit["bevindingen"])
            right = actual == shown
        else:
            actual = besluit[name]
            right = actual == expected
        rows.append(Rij(name, _toon(shown), _toon(actual), right))
    twice = [regel for regel, count in fired.items() if count > 1 and regel not in _MAG_VAKER]
    if twice:
        rows.append(Rij("regels", "elke afspraak hoogstens een keer", _toon(twice), False))
    return rows


def klopt(geval: Geval, besluit: Mapping[str, Any]) -> bool:
    """Whether the besluit is what the case expects."""
    return all(row.klopt for row in vergelijk(geval, besluit))


def _toon(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "(niets)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
