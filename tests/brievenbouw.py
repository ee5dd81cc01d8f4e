"""A made-up letter with its records, so that the tests need not have the real ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DAG = "2021-05-01"

TEKST = """

## Appels en peren

---

Van: de kweker\x20\x20
Datum: 1 mei 2021

### Wat is afgesproken

- Een appel is rood (t/m 31-12-2021). Dat geldt voor 2.000 appels, P*Q en 'Groot fruit'.
- 2022 is een perenjaar, zie de brief van 6 mei jl. en die van 7 mei jl..
- Peren die ook in

2022 groeien, zijn zoveel mogelijk groen. Hieronder staat wie dat wil!

Kweker\tGroen\tGeel
Jan - Piet\t√\t
Klaas\t\t√

N.B. Vóór de pluk mag het anders.
<einde>
"""
ZINNEN = [
    "Appels en peren",
    "Van: de kweker",
    "Datum: 1 mei 2021",
    "Wat is afgesproken",
    "Een appel is rood (t/m 31-12-2021).",
    "Dat geldt voor 2.000 appels, P*Q en 'Groot fruit'.",
    "2022 is een perenjaar, zie de brief van 6 mei jl. en die van 7 mei jl..",
    "Peren die ook in 2022 groeien, zijn zoveel mogelijk groen.",
    "Hieronder staat wie dat wil!",
    "Kweker Groen Geel",
    "Jan - Piet √",
    "Klaas √",
    "N.B. Vóór de pluk mag het anders.",
]
ANKERS = [
    "Appels en peren",
    "Van:",
    "Datum: 1 mei",
    "Wat is afgesproken",
    "Een appel is rood",
    "P*Q en 'Groot fruit'",
    "2022 is een perenjaar",
    "zoveel mogelijk groen",
    "Hieronder",
    "Kweker Groen",
    "Jan - Piet",
    "Klaas",
    "Vóór de pluk",
]


def record(nummer: int, anker: str, **anders: Any) -> dict[str, Any]:
    """A record without faults; None takes a field out."""
    gewoon: dict[str, Any] = {
        "nummer": nummer,
        "plaats": f"Zin {nummer}",
        "anker": anker,
        "samenvatting": "Iets over fruit.",
        "status": "toelichting",
        "waarom": "Het is maar een voorbeeld.",
    }
    return {naam: w for naam, w in {**gewoon, **anders}.items() if w is not None}


def records() -> list[dict[str, Any]]:
    """A record for each sentence of TEKST, all without faults."""
    return [record(nummer, anker) for nummer, anker in enumerate(ANKERS, 1)]


def maak_brief(
    root: Path, target: Path, zinnen: Iterable[dict[str, Any]], tekst: str = TEKST
) -> Path:
    """A project at ``target`` with only these records, and the letter in its folder ``brieven``."""
    shutil.copytree(root / "schemas", target / "schemas")
    schrijf_brief(target, {"brief": DAG, "titel": "Appels en peren", "zinnen": list(zinnen)})
    (target / "brieven").mkdir()
    (target / "brieven" / f"brief-{DAG}.txt").write_text(tekst, "utf-8")
    return target


def schrijf_brief(project: Path, brief: dict[str, Any]) -> None:
    """As data/brieven/brief-<date>.yaml: JSON is YAML, with every string quoted."""
    path = project / "data" / "brieven" / f"brief-{brief['brief']}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(brief, ensure_ascii=False, indent=1), "utf-8")
