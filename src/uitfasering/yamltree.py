"""YAML text to a plain tree in which every key and value knows its line and column.

Everything that makes YAML ambiguous is reported here, while the events come in: anchors,
aliases, tags, merge keys, directives, several documents, keys that are not text, duplicate keys.
No types yet: a scalar stays the text that stands in the file.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from uitfasering.yamlscalar import bare, is_text, quoted, show
from uitfasering.yamlsyntax import explain

MAX_DEPTH = 50

# The C parser reads about ten times as fast. What it refuses, and the two things in which it is
# known to accept more, are read again by the Python parser: its verdict counts, so that an
# installation without libyaml gives the same result.
try:
    from yaml.cyaml import CSafeLoader as _FastLoader
except ImportError:  # PyYAML without libyaml
    _FastLoader = yaml.SafeLoader  # type: ignore[misc,assignment]

_SURROGATE = re.compile("[\ud800-\udfff]")
_LOOSE_HEADER = re.compile("[|>][-+0-9]*#")


class Place(NamedTuple):
    """Line and column, from 1."""

    line: int
    column: int


@dataclass
class Node:
    """A scalar, list or mapping as it stands in the file.

    ``refused`` says that the fault in this value has been reported already.
    """

    place: Place
    refused: bool = False


@dataclass
class Scalar(Node):
    """``text`` without its quotes; ``plain`` says it stood there without quotes."""

    text: str = ""
    plain: bool = True


@dataclass
class Sequence(Node):
    """A list."""

    items: list[Node] = field(default_factory=list)


@dataclass
class Entry:
    """One field; ``refused`` says that the fault in its key has been reported already."""

    key: str
    key_place: Place
    value: Node
    refused: bool


@dataclass
class Mapping(Node):
    """A group of fields, in the order of the file; of a repeated key only the first."""

    entries: list[Entry] = field(default_factory=list)


@dataclass
class Fault:
    """One fault found while reading: place, path, code, what is wrong, what would be right."""

    place: Place
    path: tuple[str | int, ...]
    code: str
    message: str
    remedy: str


@dataclass
class _Open:
    """A list or mapping whose end has not been seen yet."""

    node: Sequence | Mapping
    brackets: bool
    key: Node | None = None
    seen: dict[str, Place] = field(default_factory=dict)
    repeated: Fault | None = None  # about the entry before this one


def read_tree(text: str) -> tuple[Node | None, list[Fault]]:
    """The tree of the first document, or None when it cannot be read, with the faults so far."""
    with contextlib.suppress(yaml.YAMLError):
        builder = _Builder()
        root, faults = builder.build(text, _FastLoader)
        if not faults and not builder.doubt and not _LOOSE_HEADER.search(text):
            return root, faults
    try:
        return _Builder().build(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: "\\UFFFFFFFF"
        line, column, message, remedy = explain(error, text)
        return None, [Fault(Place(line, column), (), "yaml-opmaak", message, remedy)]


class _Builder:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.doubt = False  # a ? in an unquoted value between [ ] or { }

    def build(self, text: str, loader: Any) -> tuple[Node | None, list[Fault]]:
        documents = 0
        for event in _events(text, loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._several_documents(event)
                    break
                if event.version or event.tags:
                    self._report(
                        _place(event),
                        "yaml-opdracht",
                        "Een regel die met % begint, is een opdracht aan YAML en hoort hier niet.",
                        "Haal die regel weg.",
                    )
            elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
                if len(self.stack) >= MAX_DEPTH:
                    self.faults.append(
                        Fault(
                            _place(event),
                            (),  # the path would fill a screen
                            "yaml-te-diep",
                            f"Hier zitten meer dan {MAX_DEPTH} niveaus in elkaar.",
                            "Zet de gegevens minder diep in elkaar.",
                        )
                    )
                    return None, self.faults
                self._open(event)
            elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                self._add(self.stack.pop().node)
            elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
                self._add(self._leaf(event))
        root = self.root
        if root is None or _is_blank(root):
            self._report(
                Place(1, 1),
                "yaml-leeg-bestand",
                "Het bestand is leeg: er staan geen gegevens in.",
                "Vul het bestand in, of zet de vorige versie terug.",
            )
            return None, self.faults
        return root, self.faults

    def _several_documents(self, event: yaml.Event) -> None:
        self._report(
            _place(event),
            "yaml-meer-documenten",
            "Hier begint een tweede deel in hetzelfde bestand; er mag er maar één in staan.",
            "Haal de regel met --- of ... weg, of zet het tweede deel in een eigen bestand.",
        )

    def _report(self, place: Place, code: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(place, self._path(), code, message, remedy))

    def _path(self) -> tuple[str | int, ...]:
        """Where we are: up to the key or the list item that is being read."""
        path: list[str | int] = []
        for opened in self.stack:
            if isinstance(opened.node, Sequence):
                path.append(len(opened.node.items))
            elif isinstance(opened.key, Scalar) and not opened.key.refused:
                path.append(opened.key.text)
            else:
                break
        return tuple(path)

    def _open(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        refused = self._anchor_or_tag(event)
        kind = Sequence if isinstance(event, yaml.SequenceStartEvent) else Mapping
        self.stack.append(_Open(kind(_place(event), refused), bool(event.flow_style)))

    def _leaf(self, event: yaml.ScalarEvent | yaml.AliasEvent) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._report(
                _place(event),
                "yaml-verwijzing",
                "Een waarde die met * begint, verwijst naar een andere plek; dat mag hier niet.",
                "Schrijf de waarde hier voluit. Is het tekst, zet die dan tussen aanhalingstekens.",
            )
            return Scalar(_place(event), refused=True)
        refused = self._anchor_or_tag(event)
        plain = event.style not in ("'", '"', "|", ">")
        if _SURROGATE.search(event.value):
            self._report(
                _place(event),
                "yaml-teken",
                "Deze tekst bevat een half teken (\\ud8 tot en met \\udf).",
                "Typ het teken zelf.",
            )
            refused = True
        if plain and self.stack and self.stack[-1].brackets and "?" in event.value:
            self.doubt = True
        return Scalar(_place(event), refused, event.value, plain)

    def _anchor_or_tag(self, event: Any) -> bool:
        """Report them; True when a tag makes the value itself unreadable."""
        if event.anchor is not None:
            self._report(
                _place(event),
                "yaml-anker",
                "Een waarde die met & begint, is een anker; dat mag hier niet.",
                "Haal & en het woord erachter weg. Is het tekst, zet die dan tussen "
                "aanhalingstekens.",
            )
        if event.tag is not None:
            self._report(
                _place(event),
                "yaml-tag",
                "Een waarde die met ! begint, heeft een typeaanduiding; dat mag hier niet.",
                "Haal ! en het woord erachter weg. Is het tekst, zet die dan tussen "
                "aanhalingstekens.",
            )
        return event.tag is not None

    def _add(self, node: Node) -> None:
        """Put a finished node where it belongs: root, list item, key, or value of a key."""
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(node)
        elif top.key is None:
            top.key = node
        else:
            self._entry(top, top.key, node)
            top.key = None

    def _entry(self, top: _Open, key: Node, value: Node) -> None:
        assert isinstance(top.node, Mapping)
        if not isinstance(key, Scalar):
            self._report(
                key.place,
                "yaml-sleutel-geen-tekst",
                "Vóór de dubbele punt staat een lijst of een groep velden.",
                "Vóór de dubbele punt hoort de naam van een veld: één woord.",
            )
            return
        refused = key.refused or self._wrong_key(key)
        first = top.seen.setdefault(key.text, key.place)
        if first is not key.place and not key.refused:
            self._repeated(top, key, first)
            return
        top.repeated = None
        if _is_blank(value):  # nothing stands there, so point at the name
            value.place = key.place
        top.node.entries.append(Entry(key.text, key.place, value, refused))

    def _repeated(self, top: _Open, key: Scalar, first: Place) -> None:
        """A key that stood here before; in a list, several on end are an item without its dash."""
        in_list = len(self.stack) > 1 and isinstance(self.stack[-2].node, Sequence)
        if in_list and top.repeated is not None:
            name = show(top.repeated.path[-1])
            top.repeated.message = (
                f"Vanaf hier staan dezelfde velden nog een keer, te beginnen met {name}."
            )
            top.repeated.remedy = (
                f"Begint hier iets nieuws? Zet dan een streepje en een spatie vóór {name}."
            )
            return
        self._report(
            key.place,
            "yaml-dubbele-sleutel",
            f"{show(key.text)} staat hier twee keer: "
            f"op regel {first.line} en op regel {key.place.line}.",
            "Haal er één weg.",
        )
        top.repeated = self.faults[-1]

    def _wrong_key(self, key: Scalar) -> bool:
        if key.text == "<<":
            self._report(
                key.place,
                "yaml-samenvoegen",
                "Met << neemt u velden van een andere plek over; dat mag hier niet.",
                "Schrijf de velden hier voluit.",
            )
            return True
        if not key.plain or is_text(key.text):
            return False
        if key.text:
            message = (
                f"De naam {bare(key.text)} staat zonder aanhalingstekens en wordt dan niet als "
                "tekst gelezen."
            )
            remedy = f"Schrijf {quoted(key.text)} met de aanhalingstekens."
        else:
            message = "Vóór de dubbele punt staat geen naam."
            remedy = "Zet de naam van het veld vóór de dubbele punt."
        self._report(key.place, "yaml-sleutel-geen-tekst", message, remedy)
        return True


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and not node.text and not node.refused


def _events(text: str, loader: Any) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=loader)


def _place(event: yaml.Event) -> Place:
    assert event.start_mark is not None
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
