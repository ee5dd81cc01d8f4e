"""A quick yes for JSON that is plainly valid by a schema.

jsonschema takes half of the time the client itself spends on a besluit, nearly always to find that
nothing is wrong. A no from here says nothing yet: then jsonschema judges.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]
Keuring = Callable[[Any], bool]

_KEYWORDS = {
    *("type", "enum", "pattern", "format", "minLength", "maxLength", "minimum", "maximum"),
    *("properties", "required", "additionalProperties", "items", "minItems", "anyOf"),
    *("$schema", "title", "description"),
}


def snelkeuring(schema: Schema) -> Keuring:
    """A function that says whether a value is plainly valid.

    Raises:
        ValueError: the schema has a keyword that is not known here.
    """
    if unknown := schema.keys() - _KEYWORDS:
        raise ValueError(f"not known: {', '.join(sorted(unknown))}")
    if "anyOf" in schema:
        ways = [snelkeuring(way) for way in schema["anyOf"]]
    else:
        types = schema.get("type", "string")  # without a type an enum, of strings
        ways = [_BY_TYPE[t](schema) for t in ([types] if isinstance(types, str) else types)]
    return ways[0] if len(ways) == 1 else lambda value: any(way(value) for way in ways)


def _object(schema: Schema) -> Keuring:
    fields = {name: snelkeuring(sub) for name, sub in schema["properties"].items()}
    required = set(schema.get("required", ()))

    def good(value: Any) -> bool:
        return (
            type(value) is dict
            and value.keys() >= required
            and all(name in fields and fields[name](one) for name, one in value.items())
        )

    return good


def _array(schema: Schema) -> Keuring:
    item, least = snelkeuring(schema["items"]), schema.get("minItems", 0)
    return lambda value: type(value) is list and len(value) >= least and all(map(item, value))


def _string(schema: Schema) -> Keuring:
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    allowed, matches = schema.get("enum"), re.compile(schema.get("pattern", "")).search
    is_date = schema.get("format") == "date"

    def good(value: Any) -> bool:
        return (
            type(value) is str
            and (allowed is None or value in allowed)
            and shortest <= len(value) <= longest
            and matches(value) is not None
            and (not is_date or _is_date(value))
        )

    return good


def _integer(schema: Schema) -> Keuring:
    least, most = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    return lambda value: type(value) is int and least <= value <= most


def _is_date(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


_BY_TYPE: Mapping[str, Callable[[Schema], Keuring]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "boolean": lambda _: lambda value: type(value) is bool,
    "null": lambda _: lambda value: value is None,
}
