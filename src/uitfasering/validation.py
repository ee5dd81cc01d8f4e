"""Toewijzingen and besluiten against their schemas, without ever naming a value.

A field that is wrong becomes null in what is sent on ("masked"): null is valid nowhere, so
OPA names the same field paths, and nothing that was typed into the wrong place leaves the
process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import jsonschema_rs
from jsonschema import Draft7Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from uitfasering import paths
from uitfasering.melding import Melding

UNKNOWN_KEY = "_"
# No number in the schema comes near it; larger ones cannot always be written out by Python.
_LARGEST_NUMBER = 2**53


@cache
def _schema(name: str) -> dict[str, Any]:
    path = paths.project_root() / "schemas" / f"{name}.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@cache
def _validator(name: str) -> Draft7Validator:
    # Without a format checker, jsonschema does not look at "format": "date".
    return Draft7Validator(_schema(name), format_checker=FormatChecker(["date"]))


@cache
def _quick_validator(name: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(_schema(name), validate_formats=True)


@cache
def _order() -> dict[str, int]:
    """The place of each field path in the schema of a toewijzing."""
    return {pad: place for place, pad in enumerate(_field_paths(_schema("toewijzing")))}


def _plainly_valid(name: str, value: Any) -> bool:
    """Whether there is nothing to look for: a hundredth of the time of jsonschema.

    Only for what JSON can hold; of anything else the two may think differently.
    """
    try:
        return _quick_validator(name).is_valid(value)
    except ValueError:  # half a surrogate pair, say
        return False


def keur(raw: object) -> tuple[Any, list[Melding]]:
    """Judge one toewijzing: what may be sent on, and every fault.

    Returns:
        The masked toewijzing (equal to ``raw`` when there are no faults; None when ``raw``
        is not an object at all), and one Melding a field path, in the schema's order.
    """
    masked = _masked_unknown(raw, _schema("toewijzing"))
    if _plainly_valid("toewijzing", masked):
        return masked, []
    meldingen: dict[str, Melding] = {}
    for error in _validator("toewijzing").iter_errors(masked):
        for melding in _meldingen(error):
            meldingen.setdefault(melding.pad, melding)
    for pad in meldingen:
        _mask(masked, pad.split("."))
    masked = masked if isinstance(masked, dict) else None
    return masked, sorted(meldingen.values(), key=lambda melding: _order()[melding.pad])


def masker(raw: object) -> Any:
    """``raw`` with each wrong value as null and every unknown field as one ``_``."""
    return keur(raw)[0]


def besluit_faults(raw: object) -> list[str]:
    """The paths where ``raw``, as JSON gives it, breaks ``schemas/besluit.json``.

    ``(geheel)`` stands for the besluit as a whole.
    """
    if _plainly_valid("besluit", raw):
        return []
    errors = _validator("besluit").iter_errors(raw)
    return sorted({".".join(map(str, error.absolute_path)) or "(geheel)" for error in errors})


def _masked_unknown(value: object, schema: Mapping[str, Any]) -> Any:
    """A JSON value in the schema's own shape: what cannot be right there is null already."""
    if "properties" in schema and isinstance(value, Mapping):
        known = {
            name: _masked_unknown(value[name], sub)
            for name, sub in schema["properties"].items()
            if name in value
        }
        return known if len(known) == len(value) else {**known, UNKNOWN_KEY: None}
    if isinstance(value, (int, float)) and not -_LARGEST_NUMBER < value < _LARGEST_NUMBER:
        return None  # NaN and infinity too
    return value if isinstance(value, (str, int, float)) else None


def _mask(masked: Any, steps: list[str]) -> None:
    """Put null at one field path; a missing field stays missing, an object stays itself."""
    for step in steps[:-1]:
        masked = masked[step]
    last = steps[-1]
    if isinstance(masked, dict) and last in masked and not isinstance(masked[last], dict):
        masked[last] = None


def _meldingen(error: ValidationError) -> Iterable[Melding]:
    """The Meldingen for one schema error, by field path."""
    place = [str(step) for step in error.absolute_path]
    if error.validator == "required":
        # The library's types do not know that these two are a list and an object here.
        required: Any = error.validator_value
        present: Any = error.instance
        for name in required:
            if name not in present:
                yield _melding([*place, name], "Dit veld ontbreekt.", "veld-ontbreekt")
    elif error.validator == "additionalProperties":
        yield _melding(place, "Hier staat een veld dat niet is toegestaan.", "veld-onbekend")
    elif not place:
        yield _melding(place, "Dit is geen toewijzing.", "geen-toewijzing")
    else:
        yield _melding(place, "Deze waarde klopt niet.", "waarde-onjuist")


def _melding(place: list[str], bericht: str, code: str) -> Melding:
    schema = _schema("toewijzing")
    for step in place:
        schema = schema["properties"][step]
    if place:
        oplossing = f"{schema['description']}."
    else:
        oplossing = f"Toegestaan zijn alleen: {', '.join(schema['properties'])}."
    return Melding("", 0, 0, ".".join(place), bericht, oplossing, code)


def _field_paths(schema: Mapping[str, Any], place: str = "") -> Iterable[str]:
    """Every field path of the schema, the whole ("") first."""
    yield place
    for name, sub in schema.get("properties", {}).items():
        yield from _field_paths(sub, f"{place}.{name}" if place else name)
