"""The fields of a toewijzing as flat columns.

Names, paths and kinds are read off ``schemas/toewijzing.json``: a field that is added there exists
here too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from uitfasering import paths

Soort: TypeAlias = Literal["datum", "geheel", "ja_nee", "keuze", "code"]

KENMERK = "kenmerk"
TOEWIJZINGNUMMER = "toewijzingnummer"
SLEUTELS = (KENMERK, TOEWIJZINGNUMMER)
"""Columns that name a row; they are no part of the toewijzing and are never sent to OPA."""

# iJw says Productcategorie and Productcode; the other parts need no prefix.
_NAMEN = {"product.categorie": "productcategorie", "product.code": "productcode"}
_MET_VOORVOEGSEL = "periode"


@dataclass(frozen=True)
class Veld:
    """One field: its column name, its path in a toewijzing, its kind, and its JSON Schema."""

    naam: str
    pad: tuple[str, ...]
    soort: Soort
    schema: Mapping[str, Any]

    @property
    def plaats(self) -> str:
        """The path as a besluit writes it, e.g. ``product.code``."""
        return ".".join(self.pad)


@cache
def velden() -> dict[str, Veld]:
    """Every field by its column name, in the order of the schema."""
    path = paths.project_root() / "schemas" / "toewijzing.json"
    return _lees(json.loads(path.read_text("utf-8")))


def _lees(schema: Mapping[str, Any]) -> dict[str, Veld]:
    found = {}
    for naam, inhoud in schema["properties"].items():
        if inhoud["type"] != "object":
            found[naam] = Veld(naam, (naam,), _soort(inhoud), inhoud)
            continue
        for deel, deelinhoud in inhoud["properties"].items():
            pad = f"{naam}.{deel}"
            kort = f"{naam}_{deel}" if naam == _MET_VOORVOEGSEL else _NAMEN.get(pad, deel)
            found[kort] = Veld(kort, (naam, deel), _soort(deelinhoud), deelinhoud)
    return found


def _soort(schema: Mapping[str, Any]) -> Soort:
    if schema.get("format") == "date":
        return "datum"
    if schema["type"] == "integer":
        return "geheel"
    if schema["type"] == "boolean":
        return "ja_nee"
    return "keuze" if "enum" in schema else "code"
