"""A document against its JSON Schema: every fault in plain Dutch, once for each cause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

from jsonschema import ValidationError

from uitfasering.bedoeld import bedoeld
from uitfasering.datumhulp import date_fault
from uitfasering.schemawalk import Path, SchemaWalk, allowed
from uitfasering.yamlscalar import enumerate_dutch, quoted, show, type_names


@dataclass(frozen=True)
class SchemaFault:
    """One fault.

    Attributes:
        path: the place in the document.
        at_key: whether the key there is meant, not its value.
        code, message, remedy: as in Melding.
        lacking: the fields whose absence is the fault, by name.
        meant: the field that an unknown one was probably meant to be.
    """

    path: Path
    at_key: bool
    code: str
    message: str
    remedy: str
    lacking: tuple[str, ...] = ()
    meant: str = ""


# A ValidationError; its type stubs call every attribute possibly unset, which it never is here.
AnyError: TypeAlias = Any
Handler: TypeAlias = Callable[[SchemaWalk, Path, AnyError], list[SchemaFault]]

_LOOK = "Kijk in de uitleg wat hier mag staan."
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
        if any(path[:depth] in refused for depth in range(len(path) + 1)):
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


def _distance(branch: list[ValidationError], path: Path) -> tuple[bool, bool, int, int]:
    """How far an alternative is from what was written: wrong kind, wrong label, wrong fields."""
    wrong_type = any(e.validator == "type" and tuple(e.absolute_path) == path for e in branch)
    wrong_label = any(e.validator == "const" for e in branch)
    fields = sum(e.validator in ("required", "additionalProperties") for e in branch)
    return wrong_type, wrong_label, fields, len(branch)


def _once(faults: list[SchemaFault]) -> list[SchemaFault]:
    """Without repeats, and without "ontbreekt" where a misspelled field is the cause."""
    meant = {(fault.path[:-1], fault.meant) for fault in faults if fault.meant}
    kept: dict[tuple[Path, str, str], SchemaFault] = {}
    for fault in faults:
        if not any((fault.path, name) in meant for name in fault.lacking):
            kept.setdefault((fault.path, fault.code, fault.message), fault)
    return list(kept.values())


def _value_fault(
    walk: SchemaWalk, path: Path, code: str, message: str, remedy: str = ""
) -> list[SchemaFault]:
    return [SchemaFault(path, False, code, message, remedy or walk.hint(walk.at(path)) or _LOOK)]


def _type(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    asked = type_names(walk.types(walk.at(path)))
    found = "een lijst" if isinstance(error.instance, list) else "een groep velden"
    if not isinstance(error.instance, (list, dict)):
        found = "één waarde"
    message = f"Hier hoort {asked} te staan, maar er staat {found}."
    remedy = ""
    if isinstance(error.instance, dict) and walk.types(walk.at(path)) == {"array"}:
        hint = walk.hint(walk.at(path))
        remedy = f"Zet een streepje en een spatie vóór elk onderdeel. {hint}".strip()
    return _value_fault(walk, path, "schema-soort", message, remedy)


def _choice(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    values = error.validator_value if error.validator == "enum" else [error.validator_value]
    if isinstance(error.instance, (dict, list)):
        found = "een lijst" if isinstance(error.instance, list) else "een groep velden"
        message = f"Hier hoort één waarde te staan, maar er staat {found}."
        return _value_fault(walk, path, "schema-keuze", message, f"Kies één. {allowed(values)}")
    remedy = allowed(values)
    if isinstance(error.instance, str):
        guess = bedoeld(error.instance, (value for value in values if isinstance(value, str)))
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
        if fault is not None and (fault.iso is None or walk.fits(schema, fault.iso)):
            return _value_fault(walk, path, "schema-datum", fault.message, fault.remedy)
        if fault is None and error.validator not in ("anyOf", "oneOf"):
            message = "Dit is geen datum in de vorm jaar-maand-dag."
            remedy = 'Schrijf bijvoorbeeld "2021-05-01".'
            return _value_fault(walk, path, "schema-datum", message, remedy)
        if fault is not None and fault.iso == text:
            message = f"Het jaar {text[:4]} ligt te ver weg."
            return _value_fault(walk, path, "schema-datum", message)
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
    message = f"Het aantal tekens is {length}; het maximum is {limit}."
    return _value_fault(walk, path, "schema-te-lang", message)


def _too_short(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if "propertyNames" in error.schema_path:
        return _key_fault(walk, path, error)
    length, limit = len(error.instance), error.validator_value
    message = f"Het aantal tekens is {length}; het minimum is {limit}."
    if not length:
        message = "Hier is niets ingevuld."
    return _value_fault(walk, path, "schema-te-kort", message)


def _range(words: str) -> Handler:
    def fault(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
        message = f"Het getal {error.instance} moet {words} {error.validator_value} zijn."
        return _value_fault(walk, path, "schema-bereik", message)

    return fault


def _size(words: str, noun: str) -> Handler:
    def fault(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
        length, limit = len(error.instance), error.validator_value
        message = f"Het aantal {noun} is {length}; {words} is {limit}."
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
            faults.append(SchemaFault(path, True, "schema-ontbreekt", message, remedy, (name,)))
    return faults


def _dependencies(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    return [
        SchemaFault(
            path,
            True,
            "schema-ontbreekt",
            f"Het veld {quoted(name)} ontbreekt; het hoort bij {quoted(key)}.",
            f"Voeg het toe, of haal {quoted(key)} weg.",
            (name,),
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
        code, message = "schema-onbekend-veld", f"Het veld {show(key)} bestaat hier niet."
        remedy = allowed(list(known)) if known else "Haal het weg."
        if patterns:
            code, message = "schema-naam", f"De naam {show(key)} past hier niet."
            remedy = walk.hint(walk.at(path)) or _LOOK
        guess = bedoeld(key, free)
        if guess is not None:
            remedy = f"Bedoelt u {quoted(guess)}?"
        fault = SchemaFault((*path, key), True, code, message, remedy, meant=guess or "")
        faults.append(fault)
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
        lacking = tuple(name for names in named for name in names) if error.context else ()
        return [SchemaFault(path, True, "schema-combinatie", message, remedy, lacking)]
    return _other(walk, path, error)


def _forbidden(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    if not path or not isinstance(path[-1], str):
        return _other(walk, path, error)
    message = f"Het veld {show(path[-1])} mag hier niet staan."
    return [SchemaFault(path, True, "schema-onbekend-veld", message, "Haal het weg.")]


def _other(walk: SchemaWalk, path: Path, error: AnyError) -> list[SchemaFault]:
    message = "Dit past hier niet."
    return _value_fault(walk, path, "schema-anders", message)


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
    "minItems": _size("het minimum", "waarden"),
    "maxItems": _size("het maximum", "waarden"),
    "minProperties": _size("het minimum", "velden"),
    "maxProperties": _size("het maximum", "velden"),
    "uniqueItems": _unique,
    "required": _missing,
    "dependencies": _dependencies,
    "additionalProperties": _unknown,
    "anyOf": _alternatives,
    "oneOf": _alternatives,
    "None": _forbidden,
}
