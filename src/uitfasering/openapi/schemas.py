"""Our schemas (JSON Schema draft-07) as OpenAPI 3.1 has them (JSON Schema 2020-12)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError

_ZELFDE = frozenset(
    {"title", "description", "type", "enum", "required", "format", "pattern", "minLength"}
    | {"maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems"}
)
"""What means the same in both, and holds no schema."""


def schemas(root: Path) -> dict[str, Any]:
    """The schemas ``Toewijzing``, ``Besluit`` and ``Bevinding``, for ``components``.

    Raises:
        BuildError: one of them has a keyword that is not known to mean the same in 2020-12.
    """
    toewijzing, besluit = _lees(root, "toewijzing"), _lees(root, "besluit")
    bevindingen = besluit["properties"]["bevindingen"]
    bevinding = {"title": "Bevinding", **bevindingen["items"]}
    bevindingen["items"] = {"$ref": "#/components/schemas/Bevinding"}
    return {"Toewijzing": toewijzing, "Besluit": besluit, "Bevinding": bevinding}


def _lees(root: Path, naam: str) -> dict[str, Any]:
    bestand = f"schemas/{naam}.json"
    schema = json.loads((root / bestand).read_text("utf-8"))
    del schema["$schema"]
    return _omgezet(schema, bestand)


def _omgezet(schema: Mapping[str, Any], bestand: str) -> dict[str, Any]:
    """The same schema in 2020-12; refuses what may mean something else there."""
    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _ZELFDE or (keyword == "additionalProperties" and value is False):
            result[keyword] = value
        elif keyword == "properties":
            result[keyword] = {name: _omgezet(part, bestand) for name, part in value.items()}
        elif keyword == "items" and isinstance(value, dict):
            result[keyword] = _omgezet(value, bestand)
        elif keyword == "anyOf":
            result[keyword] = [_omgezet(part, bestand) for part in value]
        else:
            raise BuildError(
                f"{bestand}: het woord {keyword} kan in OpenAPI 3.1 iets anders "
                "betekenen dan hier. Zet in src/uitfasering/openapi/schemas.py hoe het daar moet."
            )
    return result
