"""The strict YAML reader: one file, its data as the schema asks, and every fault with its place.

PyYAML and OPA read the same YAML differently; what this reader accepts, every YAML reader
reads the same. Whatever is in doubt is refused with the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from uitfasering import schemawalk
from uitfasering.melding import Melding
from uitfasering.schemacheck import check
from uitfasering.schemawalk import ALL_TYPES, Schema, SchemaWalk
from uitfasering.yamlscalar import Asked, read_scalar
from uitfasering.yamltree import Mapping as MappingNode
from uitfasering.yamltree import Node, Place, Scalar, read_tree
from uitfasering.yamltree import Sequence as SequenceNode

MAX_BYTES = 1024 * 1024

OPEN_PLEK = "VUL IN"
"""What ``uitfasering nieuw`` and ``toets --dekking`` write where an officer must decide."""

_LINE_BREAK = re.compile("\r\n?")
# Control characters, halves of characters, line breaks that only some readers know.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Spaces and marks nobody can see; a key or code that holds one is not what it looks like.
_INVISIBLE = re.compile("[\xa0\xad\u200b-\u200f\u202a-\u202f\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Document:
    """What was read, or why not.

    Attributes:
        name: the file as the user named it; stands in each Melding.
        data: dict, list, str, int, float, bool or None; None as long as there are meldingen.
        meldingen: every fault, in the order of the file; empty when all is well.
        path: where it was read from; None for a text.
        gelezen: as ``data``, but also with meldingen: a value that was refused stands there as
            its text, or is left out. None when nothing could be read.
        fouten: the paths that the meldingen are about; () for the file as a whole.
    """

    name: str
    data: Any
    meldingen: tuple[Melding, ...]
    path: Path | None = None
    gelezen: Any = field(default=None, repr=False)
    _values: Mapping[schemawalk.Path, Place] = field(default_factory=dict, repr=False)
    _keys: Mapping[schemawalk.Path, Place] = field(default_factory=dict, repr=False)
    fouten: frozenset[schemawalk.Path] = field(default=frozenset(), repr=False)

    def gaaf(self, pad: Sequence[str | int]) -> bool:
        """Whether no melding is about the value at ``pad`` or about something in it."""
        pad = tuple(pad)
        return not any(fout[: len(pad)] == pad for fout in self.fouten)

    def plaats(self, pad: Sequence[str | int]) -> tuple[int, int]:
        """Line and column (from 1) of the value at ``pad``; of what holds it when it is absent."""
        return _nearest(self._values, tuple(pad))

    def plaats_sleutel(self, pad: Sequence[str | int]) -> tuple[int, int]:
        """Line and column (from 1) of the key at ``pad``; of the value for a list item."""
        key = self._keys.get(tuple(pad))
        return key if key else self.plaats(pad)

    def melding(
        self,
        pad: Sequence[str | int],
        bericht: str,
        oplossing: str = "",
        code: str = "",
        *,
        sleutel: bool = False,
    ) -> Melding:
        """A Melding about the value (or the key) at ``pad``, for checks across files."""
        line, column = self.plaats_sleutel(pad) if sleutel else self.plaats(pad)
        return Melding(self.name, line, column, pad_tekst(pad), bericht, oplossing, code)


def lees(path: Path, schema: Mapping[str, Any], *, name: str | None = None) -> Document:
    """Read one YAML file and check it against ``schema`` (JSON Schema draft-07, local refs).

    Never raises for what is in the file, nor when there is no such file: see ``meldingen``.
    """
    name = str(path) if name is None else name
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return _refused(
            name,
            path,
            "yaml-bestand-ontbreekt",
            "Dit bestand bestaat niet.",
            "Kijk of de naam en de map kloppen, of zet het bestand terug.",
        )
    except (OSError, ValueError):
        return _refused(
            name,
            path,
            "yaml-bestand-onleesbaar",
            "Dit bestand kan niet worden gelezen.",
            "Kijk of het een gewoon bestand is en of u het mag openen.",
        )
    if len(content) > MAX_BYTES:
        return _too_large(name, path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _LINE_BREAK.sub("\n", content[: error.start].decode("utf-8", "replace"))
        line_start = before.rfind("\n") + 1
        return _not_utf8(name, path, before.count("\n") + 1, len(before) - line_start + 1)
    return _read(text, schema, name, path)


def lees_tekst(text: str, schema: Mapping[str, Any], *, name: str = "") -> Document:
    """As ``lees``, for YAML that is already a text."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return _too_large(name, None)
    return _read(text, schema, name, None)


def pad_tekst(pad: Sequence[str | int]) -> str:
    """A path as it stands in a Melding: ``gevallen[3].met.gemeente``, list items from 1."""
    text = ""
    for key in pad:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return " ".join(text.split())


def _read(text: str, schema: Mapping[str, Any], name: str, path: Path | None) -> Document:
    text = _LINE_BREAK.sub("\n", text.removeprefix("\ufeff"))
    meldingen = _characters(text, name)
    if meldingen:
        return Document(name, None, tuple(meldingen), path)
    root, faults = read_tree(text)
    meldingen = [
        Melding(name, *fault.place, pad_tekst(fault.path), fault.message, fault.remedy, fault.code)
        for fault in faults
    ]
    if root is None:
        return Document(name, None, tuple(sorted(meldingen)), path)
    conversion = _Conversion(SchemaWalk(schema))
    data = conversion.convert(root, schema, ())
    document = Document(name, None, (), path, data, conversion.values, conversion.keys)
    meldingen += [document.melding(at, *words) for at, *words in conversion.faults]
    found = [
        fault
        for fault in check(conversion.walk, data, conversion.refused)
        if not (fault.at_key and fault.path in conversion.refused_keys)
    ]
    meldingen += [
        document.melding(fault.path, fault.message, fault.remedy, fault.code, sleutel=fault.at_key)
        for fault in found
    ]
    at_fault = (fault.path for part in (faults, found) for fault in part)
    return replace(
        document,
        data=None if meldingen else data,
        meldingen=tuple(sorted(meldingen)),
        fouten=frozenset([*at_fault, *(at for at, *_ in conversion.faults)]),
    )


class _Conversion:
    """The tree as data, each scalar as the schema at its place asks."""

    def __init__(self, walk: SchemaWalk) -> None:
        self.walk = walk
        self.values: dict[schemawalk.Path, Place] = {}
        self.keys: dict[schemawalk.Path, Place] = {}
        self.refused: set[schemawalk.Path] = set()
        self.refused_keys: set[schemawalk.Path] = set()
        self.faults: list[tuple[schemawalk.Path, str, str, str]] = []

    def convert(self, node: Node, schema: Schema, path: schemawalk.Path) -> Any:
        self.values[path] = node.place
        if node.refused:
            self.refused.add(path)
        if isinstance(node, SequenceNode):
            return [
                self.convert(item, self.walk.child(schema, index), (*path, index))
                for index, item in enumerate(node.items)
            ]
        if isinstance(node, MappingNode):
            return self._mapping(node, schema, path)
        assert isinstance(node, Scalar)
        types = self.walk.types(schema)
        if node.refused or not types:  # reported already, or nothing may stand here
            return node.text
        if OPEN_PLEK in node.text:
            self.refused.add(path)
            enum = schema.get("enum", ()) if isinstance(schema, Mapping) else ()
            choices = ", ".join(map(str, enum))
            hint = self.walk.hint(schema) + (f" Kies uit: {choices}." if choices else "")
            self.faults.append((path, "Hier moet u nog iets invullen.", hint, "yaml-vul-in"))
            return node.text
        value, refusal = read_scalar(node.text, node.plain, self._asked(schema, types))
        if refusal is not None:
            self.refused.add(path)
            self.faults.append((path, refusal.message, refusal.remedy, refusal.code))
        return value

    def _mapping(self, node: MappingNode, schema: Schema, path: schemawalk.Path) -> dict[str, Any]:
        data = {}
        for entry in node.entries:
            at = (*path, entry.key)
            self.keys[at] = entry.key_place
            if entry.refused:
                self.refused_keys.add(at)
            data[entry.key] = self.convert(entry.value, self.walk.child(schema, entry.key), at)
        return data

    def _asked(self, schema: Schema, types: frozenset[str]) -> Asked:
        return Asked(
            types,
            fits=lambda value: self.walk.fits(schema, value),
            hint="" if types == ALL_TYPES else self.walk.hint(schema),
            date=self.walk.is_date(schema),
        )


def _characters(text: str, name: str) -> list[Melding]:
    """Characters that may not stand in the file; each kind once, at its first place."""
    meldingen = []
    for pattern, code, message, remedy in (
        (
            re.compile("\t"),
            "yaml-tab",
            "Hier staat een tab.",
            "Gebruik spaties in plaats van tabs.",
        ),
        (
            _CONTROL,
            "yaml-teken",
            "Hier staat een teken dat niet in een tekstbestand hoort.",
            "Haal het weg. Is het bestand beschadigd, zet dan de vorige versie terug.",
        ),
        (
            _INVISIBLE,
            "yaml-onzichtbaar-teken",
            "Hier staat een onzichtbaar teken of een harde spatie.",
            "Haal het weg en typ zo nodig een gewone spatie.",
        ),
    ):
        found = list(pattern.finditer(text))
        if not found:
            continue
        lines = sorted({text.count("\n", 0, hit.start()) + 1 for hit in found[:200]})
        if len(lines) > 1:
            more = ", ".join(map(str, lines[1:6])) + (" en verder" if len(lines) > 6 else "")
            message += f" Ook op regel {more}."
        start = found[0].start()
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        meldingen.append(Melding(name, lines[0], column, "", message, remedy, code))
    return sorted(meldingen)


def _nearest(places: Mapping[schemawalk.Path, Place], path: schemawalk.Path) -> tuple[int, int]:
    while path and path not in places:
        path = path[:-1]
    return places.get(path, Place(1, 1))


def _refused(name: str, path: Path, code: str, message: str, remedy: str) -> Document:
    return Document(name, None, (Melding(name, 0, 0, "", message, remedy, code),), path)


def _too_large(name: str, path: Path | None) -> Document:
    melding = Melding(
        name,
        0,
        0,
        "",
        "Dit bestand is groter dan 1 MB.",
        "Kijk of het wel het goede bestand is.",
        "yaml-te-groot",
    )
    return Document(name, None, (melding,), path)


def _not_utf8(name: str, path: Path, line: int, column: int) -> Document:
    melding = Melding(
        name,
        line,
        column,
        "",
        "Hier staat een teken dat niet als UTF-8 is opgeslagen.",
        "Sla het bestand op als UTF-8 (in Kladblok: Opslaan als, Codering: UTF-8).",
        "yaml-niet-utf8",
    )
    return Document(name, None, (melding,), path)
