"""The schemas themselves: each is there, is JSON, and is a JSON Schema that can be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from uitfasering.gegevens import TABELLEN
from uitfasering.melding import Melding

NODIG = (*TABELLEN, "afspraken", "gevallen", "toewijzing", "besluit", "feiten")
"""Without these the tables, cases or facts cannot be read."""

_HERSTEL = "Zet de vorige versie van dit bestand terug."


def controleer(root: Path) -> Iterator[Melding]:
    """Every fault in ``root/schemas``."""
    folder = root / "schemas"
    for path in sorted({*folder.glob("*.json"), *(folder / f"{name}.json" for name in NODIG)}):
        name = path.relative_to(root).as_posix()
        try:
            schema = json.loads(path.read_text("utf-8"))
        except json.JSONDecodeError as error:
            yield Melding(
                name,
                error.lineno,
                error.colno,
                "",
                "Dit bestand is geen geldige JSON meer.",
                _HERSTEL,
                "schema-kapot",
            )
        except (OSError, ValueError, RecursionError):
            text = "Dit bestand ontbreekt of kan niet worden gelezen."
            yield Melding(name, 0, 0, "", text, _HERSTEL, "schema-kapot")
        else:
            yield from _geldig(schema, name)


def _geldig(schema: Any, name: str) -> Iterator[Melding]:
    meta = Draft7Validator(
        Draft7Validator.META_SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER
    )
    pads = [".".join(map(str, error.absolute_path)) for error in meta.iter_errors(schema)]
    pads += [pad for pad, ref in _verwijzingen(schema, "") if not _bestaat(schema, ref)]
    for pad in dict.fromkeys(pads):
        text = "Deze beschrijving van een bestand klopt hier zelf niet."
        yield Melding(name, 0, 0, pad, text, _HERSTEL, "schema-ongeldig")


def _verwijzingen(deel: Any, pad: str) -> Iterator[tuple[str, str]]:
    """Every ``$ref`` with its path."""
    if isinstance(deel, dict):
        if isinstance(ref := deel.get("$ref"), str):
            yield pad, ref
        for naam, inhoud in deel.items():
            yield from _verwijzingen(inhoud, f"{pad}.{naam}" if pad else naam)
    elif isinstance(deel, list):
        for nummer, inhoud in enumerate(deel):
            yield from _verwijzingen(inhoud, f"{pad}.{nummer}")


def _bestaat(schema: Any, ref: str) -> bool:
    for stap in ref.removeprefix("#").split("/")[1:]:
        if not isinstance(schema, dict) or stap not in schema:
            return False
        schema = schema[stap]
    return ref.startswith("#")
