"""What a case expects against what OPA answered, side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uitfasering.toets.gevallen import Geval

_INVOER = "A-00"
# A-00 once for each field, B1-20 once for each deviation.
_MAG_VAKER = frozenset({_INVOER, "B1-20"})


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
        if name == "regels":
            rows.append(_rij(name, expected, list(fired), fired.keys() >= set(expected)))
        elif name == "niet":
            toch = [regel for regel in expected if regel in fired]
            shown = f"zonder {_toon(expected)}"
            rows.append(Rij(name, shown, f"toch {_toon(toch)}" if toch else shown, not toch))
        elif name == "foutvelden":
            # one finding a field path
            velden = sorted(
                ",".join(b["velden"]) for b in besluit["bevindingen"] if b["regel"] == _INVOER
            )
            rows.append(_rij(name, sorted(expected), velden))
        elif name == "ontbreekt":
            rows.append(_rij(name, sorted(expected), besluit[name]))
        elif isinstance(expected, dict) or isinstance(besluit[name], dict):
            rows += _delen(name, expected, besluit[name])
        else:
            rows.append(_rij(name, expected, besluit[name]))
    twice = [regel for regel, count in fired.items() if count > 1 and regel not in _MAG_VAKER]
    if twice:
        rows.append(Rij("regels", "elke afspraak hoogstens een keer", _toon(twice), False))
    return rows


def klopt(geval: Geval, besluit: Mapping[str, Any]) -> bool:
    """Whether the besluit is what the case expects."""
    return all(row.klopt for row in vergelijk(geval, besluit))


def _rij(name: str, expected: Any, actual: Any, right: bool | None = None) -> Rij:
    right = expected == actual if right is None else right
    return Rij(name, _toon(expected), _toon(actual), right)


def _delen(name: str, expected: Any, actual: Any) -> Iterator[Rij]:
    """A row for each field of a voorstel; beside no voorstel every field is "geen"."""
    left, right = ({} if side is None else side for side in (expected, actual))
    if not (isinstance(left, dict) and isinstance(right, dict)):
        yield _rij(name, expected, actual)
        return
    for key in dict.fromkeys([*left, *right]):
        if isinstance(left.get(key), dict) or isinstance(right.get(key), dict):
            yield from _delen(f"{name}.{key}", left.get(key), right.get(key))
        else:
            yield _rij(f"{name}.{key}", left.get(key), right.get(key))


def _toon(value: Any) -> str:
    if value is None:
        return "geen"
    if isinstance(value, list):
        return ", ".join(map(_toon, value)) or "niets"
    if value == "":
        return "de toewijzing zelf"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
