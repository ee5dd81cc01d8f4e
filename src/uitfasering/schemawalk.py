"""What a JSON Schema (draft-07, local references) asks at one place in a document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from jsonschema import Draft7Validator

Schema: TypeAlias = Mapping[str, Any] | bool
Path: TypeAlias = tuple[str | int, ...]

ALL_TYPES = frozenset({"string", "integer", "number", "boolean", "null", "array", "object"})
_MAX_SHOWN = 15


class SchemaWalk:
    """Walks down a schema alongside a document.

    A place's schema may come from several parts (``allOf``, ``anyOf``, …); it is then put
    together in one schema of the same meaning.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.validator = Draft7Validator(root, format_checker=Draft7Validator.FORMAT_CHECKER)

    def at(self, path: Path) -> Schema:
        """The schema at ``path``; False where nothing may stand."""
        schema: Schema = self.root
        for key in path:
            schema = self.child(schema, key)
        return schema

    def child(self, schema: Schema, key: str | int) -> Schema:
        """The schema of one field or list item."""
        container = "object" if isinstance(key, str) else "array"
        found: list[Schema] = []
        for part in self._parts(schema):
            if isinstance(part, bool):
                found.append(part)
                continue
            found += _properties(part, key) if isinstance(key, str) else _items(part, key)
            for choices in _choices(part):
                holding = [choice for choice in choices if container in self.types(choice)]
                if holding:
                    found.append({"anyOf": [self.child(choice, key) for choice in holding]})
        found = [part for part in found if part is not True and part != {}]
        if False in found:
            return False
        return found[0] if len(found) == 1 else {"allOf": found} if found else True

    def types(self, schema: Schema) -> frozenset[str]:
        """The JSON Schema types that may stand here; all of them when nothing is asked."""
        result = ALL_TYPES
        for part in self._parts(schema):
            if isinstance(part, bool):
                result &= ALL_TYPES if part else frozenset()
                continue
            if "type" in part:
                names = part["type"]
                result &= frozenset([names] if isinstance(names, str) else names) | (
                    frozenset({"integer"}) if "number" in names else frozenset()
                )
            for values in ([part["const"]] if "const" in part else None, part.get("enum")):
                if values is not None:
                    result &= frozenset().union(*map(_types_of, values))
            for choices in _choices(part):
                result &= frozenset().union(*map(self.types, choices))
        return result

    def is_date(self, schema: Schema) -> bool:
        """Whether a ``YYYY-MM-DD`` date is asked, by format or by a pattern for one."""
        for part in self._parts(schema):
            if isinstance(part, bool):
                continue
            if part.get("format") == "date" or _date_pattern(part.get("pattern")):
                return True
            if any(map(self.is_date, (c for choices in _choices(part) for c in choices))):
                return True
        return False

    def hint(self, schema: Schema) -> str:
        """The sentence that says what belongs here, from ``description`` or ``enum``; or ""."""
        description = next(self._descriptions(schema), "").strip()
        if description:
            return f"Wat hier hoort: {description.rstrip('.')}."
        for part in self._parts(schema):
            if not isinstance(part, bool) and "enum" in part:
                return allowed(part["enum"])
        return ""

    def fits(self, schema: Schema, value: object) -> bool:
        """Whether ``value`` is right by ``schema``, a part of this walk's schema."""
        return self.validator.evolve(schema=schema).is_valid(value)

    def _descriptions(self, schema: Schema) -> Iterator[str]:
        if isinstance(schema, bool):
            return
        if "description" in schema:  # also beside a $ref: it speaks of this very place
            yield str(schema["description"])
        if "$ref" in schema:
            yield from self._descriptions(self._resolve(schema["$ref"]))
            return
        for part in schema.get("allOf", ()):
            yield from self._descriptions(part)

    def _parts(self, schema: Schema) -> Iterator[Schema]:
        """The schemas that must all hold, references followed."""
        if isinstance(schema, bool):
            yield schema
        elif "$ref" in schema:  # draft-07 ignores everything beside it
            yield from self._parts(self._resolve(schema["$ref"]))
        else:
            yield schema
            for part in schema.get("allOf", ()):
                yield from self._parts(part)

    def _resolve(self, reference: str) -> Schema:
        if not reference.startswith("#"):
            raise ValueError(f"only local references are supported, not {reference}")
        target: Any = self.root
        for name in reference[1:].split("/")[1:]:
            target = target[name.replace("~1", "/").replace("~0", "~")]
        return target  # type: ignore[no-any-return]


def allowed(values: Sequence[object]) -> str:
    """``Toegestaan: "a", "b" …``, as they are typed in YAML."""
    words = [json.dumps(value, ensure_ascii=False) for value in values[:_MAX_SHOWN]]
    more = len(values) - _MAX_SHOWN
    return f"Toegestaan: {', '.join(words)}" + (f" en nog {more} andere." if more > 0 else ".")


def _properties(part: Mapping[str, Any], key: str) -> list[Schema]:
    found: list[Schema] = [
        schema
        for pattern, schema in part.get("patternProperties", {}).items()
        if re.search(pattern, key)
    ]
    if key in part.get("properties", {}):
        found.append(part["properties"][key])
    return found or [part.get("additionalProperties", True)]


def _items(part: Mapping[str, Any], index: int) -> list[Schema]:
    items = part.get("items", True)
    if not isinstance(items, list):
        return [items]
    return [items[index] if index < len(items) else part.get("additionalItems", True)]


def _choices(part: Mapping[str, Any]) -> Iterator[list[Schema]]:
    for keyword in ("anyOf", "oneOf"):
        if keyword in part:
            yield part[keyword]
    if "if" in part:
        yield [part.get("then", True), part.get("else", True)]


def _types_of(value: object) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, int):
        return frozenset({"integer", "number"})
    names: dict[type, str] = {str: "string", float: "number", list: "array", dict: "object"}
    return frozenset({names.get(type(value), "null")})


def _date_pattern(pattern: str | None) -> bool:
    return pattern is not None and all(
        bool(re.search(pattern, text)) is expected
        for text, expected in (
            ("2021-05-01", True),
            ("2000-12-31", True),
            ("2021-05-0a", False),
            ("20210501", False),
            ("2021-05", False),
        )
    )
