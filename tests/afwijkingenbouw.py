"""Builds deviations of a municipality, and reads which ones a besluit names (contract §6)."""

from __future__ import annotations

import re
from typing import Any

from opa_vraag import Json

Rij = dict[str, Any]

COLLEGE = ("B1-02", "B1-04")
PERIODE: Rij = {"van": "2021-01-01", "tot": "2022-12-31"}


def afwijking(gemeente: str, regel: str, bron: str, **rest: Any) -> Rij:
    college = {"collegebesluit": True} if regel in COLLEGE else {}
    return {"gemeente": gemeente, "regel": regel, **PERIODE, "bron": bron, **college, **rest}


def gemelde_afwijkingen(besluit: Json) -> list[str]:
    """The regels that the B1-20 findings name, in their order."""
    found = []
    for bevinding in besluit["bevindingen"]:
        if bevinding["regel"] == "B1-20":
            named = re.findall(r"B1-[0-9]{2}[a-z]?", bevinding["tekst"])
            assert len(named) == 1
            found += named
    return found
