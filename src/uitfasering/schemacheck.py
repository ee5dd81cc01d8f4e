"""A document against its JSON Schema: every fault in plain Dutch, once for each cause."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

from jsonschema import ValidationError

from uitfasering.datumhulp import date_fault
from uitfasering.schemawalk import Path, SchemaWalk, allowed
from uitfasering.yamlscalar import TYPE_NAMES, enumerate_dutch, quoted, show


@dataclass(frozen=True)
class SchemaFault:
    """One fault: ``path`` in the document, and whether its key is meant, not its value."""

    path: Path
    at_key: bool
    code: str
    message: str
    remedy: str


# A ValidationError; its type stubs call every attribute possibly unset, which it never is here.
AnyError: TypeAlias = Any
Handler: TypeAlias = Callable[[SchemaWalk, Path, AnyError], list[SchemaFault]]

# A fault in one of these says nothing about a value that was refused before.
_WHOLE = {"anyOf", "oneOf", "enum", "const", "not", "contains", "uniqueItems"}
# Of several faults in one scalar only the first of these is told: they have one cause.
_ORDER = ("type", "enum", "const", "format", "pattern", "anyOf", "oneOf")


def check(walk: SchemaWalk, data: object, refused: Set[Path] = frozenset()) -> list[SchemaFault]:
    """Every fault in ``data``; nothing about the paths in ``refused`` or below them."""
    leaves = list(_leaves(walk.validator.iter_errors(data), refused))
    scalars: dict[Path, ValidationError] = {}
    faults: list[SchemaFault] = []
    for error in leaves:
        path = tuple(error.absolute_path)
        if isinstance(error.instance, (dict, list)) or "propertyNames" in error.schema_path:
            faults += _FAULTS.get(str(error.validator), _other)(walk, path, error)
        elif path not in scalars or _rank(error) < _rank(scalars[path]):
            scalars[path] = error
    for path, error in scalars.items():
        faults += _FAULTS.get(str(error.validator), _other)(walk, path, error)
    return _once(faults)


def _rank(error: ValidationError) -> int:
    name = str(error.validator)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _leaves(errors: Iterable[ValidationError], refused: Set[Path]) -> Iterator[ValidationError]:
    """The errors that have a cause of their own: of alternatives only the nearest one's."""
    for error in errors:
        path = tuple(error.absolute_path)
        if any(path[: len(bad)] == bad for bad in refused):
            continue
        if not error.context:
            below = any(bad[: len(path)] == path for bad in refused)
            if not (below and error.validator in _WHOLE):
                yield error
            continue
        branches: dict[Any, list[ValidationError]] = {}
        for cause in error.context:
            branches.setdefault(cause.schema_path[0], []).append(cause)
        left = [list(_leaves(causes, refused)) for causes in branches.values()]
        if not all(left):
            continue  # it would fit, but for what was reported already
        here = [[tuple(e.absolute_path) == path for e in branch] for branch in left]
        if not isinstance(error.instance, (dict, list)) or all(
            all(flags) and all(e.validator in ("type", "required") for e in branch)
            for flags, branch in zip(here, left, strict=True)
        ):
            yield error  # no alternative is nearer than another: say it for all of them
            continue
        yield from min(left, key=lambda branch: _distance(branch, path))


def _distance(branch: list[ValidationError], path: Path) -> tuple[bool, bool, int]:
    """How far an alternative is from what was written."""
    wrong_type = any(e.validator == "type" and tuple(e.absolute_path) == path for e in branch)
    wrong_choice = any(e.validator in ("const", "enum") for e in branch)
    return wrong_type, wrong_choice, len(branch)


def _once(faults: list[SchemaFault]) -> list[SchemaFault]:
    """Without repeats, and without "ontbreekt" where a misspelled field is the cause."""
    meant = {
        (fault.path[:-1], guess)
        for fault in faults
        if fault.code == "schema-onbekend-veld"
        for guess in re.findall(r'^Bedoelt u "(.*)"\?', fault.remedy)
    }
    kept: dict[tuple[Path, str, str], SchemaFault] = {}
    for fault in faults:
        if fault.code == "schema-ontbreekt":
            name = fault.message.split('"')[1]
            if (fault.path, name) in meant:
                continue
        kept.setdefault((fault.path, fault.code, fault.message), fault)
    return list(kept.values())


def _guess(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def _value_fault(
    walk: SchemaWalk, path: Path, code: str, message: str, remedy: str = ""
) -> list[SchemaFault]:
    return [SchemaFault(path, False, code, message, remedy or walk.hint(walk.at(path)))]


def _type(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    types = walk.types(walk.at(path))
    names = [name for type_, name in TYPE_NAMES.items() if type_ in types]
    if "number" in types:
        names.remove(TYPE_NAMES["integer"])
    found = "een lijst" if isinstance(error.instance, list) else "een groep velden"
    if not isinstance(error.instance, (list, dict)):
        found = "één waarde"
    message = f"Hier hoort {enumerate_dutch(names)} te staan, maar er staat {found}."
    return _value_fault(walk, path, "schema-soort", message)


def _choice(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    values = error.validator_value if error.validator == "enum" else [error.validator_value]
    if isinstance(error.instance, (dict, list)):
        return _value_fault(walk, path, "schema-keuze", "Deze waarde mag hier niet staan.")
    remedy = allowed(values)
    if isinstance(error.instance, str):
        guess = _guess(error.instance, (value for value in values if isinstance(value, str)))
        if guess is not None:
            remedy = f"Bedoelt u {quoted(guess)}? {remedy}"
    message = f"De waarde {show(error.instance)} mag hier niet staan."
    return _value_fault(walk, path, "schema-keuze", message, remedy)


def _pattern(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if "propertyNames" in error.schema_path:
        return _key_fault(walk, path, error)
    schema = walk.at(path)
    text = str(error.instance)
    if walk.is_date(schema):
        fault = date_fault(text)
        if fault.iso is None:
            return _value_fault(walk, path, "schema-datum", fault.message, fault.remedy)
        if fault.iso != text and walk.fits(schema, fault.iso):
            return _value_fault(walk, path, "schema-datum", fault.message, fault.remedy)
    remedy = walk.hint(schema)
    if text != text.strip() and walk.fits(schema, text.strip()):
        remedy = f"Schrijf {quoted(text.strip())}, zonder spaties of lege regel eromheen."
    message = f"De waarde {show(text)} past hier niet."
    return _value_fault(walk, path, "schema-patroon", message, remedy)


def _key_fault(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    hint = str(error.schema.get("description", "")) if isinstance(error.schema, dict) else ""
    remedy = f"Wat hier hoort: {hint.rstrip('.')}." if hint else walk.hint(walk.at(path))
    key = str(error.instance)
    message = f"De naam {show(key)} past hier niet."
    return [SchemaFault((*path, key), True, "schema-naam", message, remedy)]


def _too_long(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if "propertyNames" in error.schema_path:
        return _key_fault(walk, path, error)
    length, limit = len(error.instance), error.validator_value
    message = f"De tekst heeft {length} tekens; er mogen er hoogstens {limit} zijn."
    return _value_fault(walk, path, "schema-te-lang", message)


def _too_short(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if "propertyNames" in error.schema_path:
        return _key_fault(walk, path, error)
    length, limit = len(error.instance), error.validator_value
    message = f"De tekst heeft {length} tekens; er moeten er minstens {limit} zijn."
    return _value_fault(walk, path, "schema-te-kort", message)


def _range(words: str) -> Handler:
    def fault(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
        message = f"Het getal {error.instance} moet {words} {error.validator_value} zijn."
        return _value_fault(walk, path, "schema-bereik", message)

    return fault


def _size(words: str, noun: str) -> Handler:
    def fault(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
        length, limit = len(error.instance), error.validator_value
        message = f"Hier staan {length} {noun}; er moeten er {words} {limit} zijn."
        return _value_fault(walk, path, "schema-aantal", message)

    return fault


def _unique(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    items = error.instance
    for index, item in enumerate(items):
        earlier = items.index(item)
        if earlier < index:
            what = f"{show(item)} staat" if not isinstance(item, (dict, list)) else "Dit staat"
            message = f"{what} twee keer in deze lijst."
            return _value_fault(walk, (*path, index), "schema-dubbel", message, "Haal er één weg.")
    return _other(walk, path, error)


def _missing(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    """All missing fields: jsonschema gives one error for each, without its name."""
    faults = []
    schema = walk.at(path)
    for name in error.validator_value:
        if name not in error.instance:
            message = f"Het veld {quoted(name)} ontbreekt."
            hint = walk.hint(walk.child(schema, name))
            remedy = f"Voeg het toe. {hint}".strip()
            faults.append(SchemaFault(path, True, "schema-ontbreekt", message, remedy))
    return faults


def _dependencies(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    return [
        SchemaFault(
            path,
            True,
            "schema-ontbreekt",
            f"Het veld {quoted(name)} ontbreekt; het hoort bij {quoted(key)}.",
            f"Voeg het toe, of haal {quoted(key)} weg.",
        )
        for key, names in error.validator_value.items()
        if key in error.instance and isinstance(names, list)
        for name in names
        if name not in error.instance
    ]


def _unknown(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    known = error.schema.get("properties", {})
    patterns = error.schema.get("patternProperties", {})
    free = [name for name in known if name not in error.instance]
    faults = []
    for key in error.instance:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        if patterns:
            message = f"De naam {show(key)} past hier niet."
            remedy = walk.hint(walk.at(path))
        else:
            message = f"Het veld {show(key)} bestaat hier niet."
            remedy = allowed(list(known)) if known else "Haal het weg."
        guess = _guess(key, free)
        if guess is not None:
            remedy = f"Bedoelt u {quoted(guess)}?"
        faults.append(SchemaFault((*path, key), True, "schema-onbekend-veld", message, remedy))
    return faults


def _alternatives(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if not isinstance(error.instance, (dict, list)):
        return _pattern(walk, path, error)
    if error.context and all(cause.validator == "type" for cause in error.context):
        return _type(walk, path, error)
    named = [choice.get("required") for choice in error.validator_value if choice is not True]
    if all(named):
        fields = enumerate_dutch([" met ".join(map(quoted, names)) for names in named])
        if error.context:
            message, remedy = "Hier ontbreekt een veld.", f"Voeg één van deze toe: {fields}."
        else:
            message, remedy = "Hier staan velden die niet samengaan.", f"Kies één: {fields}."
        return [SchemaFault(path, True, "schema-combinatie", message, remedy)]
    return _other(walk, path, error)


def _forbidden(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if not path or not isinstance(path[-1], str):
        return _other(walk, path, error)
    message = f"Het veld {show(path[-1])} mag hier niet staan."
    return [SchemaFault(path, True, "schema-onbekend-veld", message, "Haal het weg.")]


def _other(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    message = "Dit past hier niet."
    remedy = walk.hint(walk.at(path)) or "Kijk hoe het in een ander bestand of in de uitleg staat."
    return _value_fault(walk, path, "schema-anders", message, remedy)


_FAULTS: dict[str, Handler] = {
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "pattern": _pattern,
    "format": _pattern,
    "maxLength": _too_long,
    "minLength": _too_short,
    "minimum": _range("minstens"),
    "maximum": _range("hoogstens"),
    "exclusiveMinimum": _range("meer dan"),
    "exclusiveMaximum": _range("minder dan"),
    "multipleOf": _range("een veelvoud van"),
    "minItems": _size("minstens", "waarden"),
    "maxItems": _size("hoogstens", "waarden"),
    "minProperties": _size("minstens", "velden"),
    "maxProperties": _size("hoogstens", "velden"),
    "uniqueItems": _unique,
    "required": _missing,
    "dependencies": _dependencies,
    "additionalProperties": _unknown,
    "anyOf": _alternatives,
    "oneOf": _alternatives,
    "None": _forbidden,
}
