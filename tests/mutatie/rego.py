"""The mutants of a Rego file: OPA's own parse says where everything is; the text changes there."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeAlias

from mutatie.mutant import WEG, Mutant
from uitfasering.gegevens import schema
from uitfasering.paths import opa_binary

Ast: TypeAlias = Any

EEN_STAP = {">=": ">", ">": ">=", "<": "<=", "<=": "<", "==": "!=", "!=": "=="}
OMGEKEERD = {">=": "<", ">": "<=", "<": ">=", "<=": ">"}  # of == and != that is the step itself
_LEEG = {"set": "set()", "array": "[]", "object": "{}"}
_BESTAAT_NIET = "bestaat-niet"
_HOOFD = re.compile(r'van_toepassing contains "([^"]+)"')
_REGEL = re.compile(r'"((?:A|B1|B2)-\d\d[a-z]?)"')


@dataclass(frozen=True)
class Wijziging:
    """Text ``[begin, eind)`` of the file becomes ``nieuw``."""

    begin: int
    eind: int
    nieuw: str
    soort: str


def mutanten(root: Path, path: Path) -> Iterator[Mutant]:
    """Every mutant of one policy file, in the order of the file, each text once.

    Those that OPA will not compile are among them.
    """
    module = _Module(root, path)
    alle_regels = frozenset(_REGEL.findall(module.tekst))
    gezien = {module.tekst}
    for rule in module.ast["rules"]:
        begin, eind = module.plaats_regel(rule)
        regeltekst = module.tekst[begin:eind]
        hoofd = _HOOFD.match(regeltekst)
        for w in sorted(module.wijzigingen(rule), key=lambda w: (w.begin, w.eind)):
            tekst = module.tekst[: w.begin] + w.nieuw + module.tekst[w.eind :]
            if tekst in gezien:
                continue
            gezien.add(tekst)
            van, naar = _regels(module.tekst, tekst, w)
            yield Mutant(
                bestand=path.relative_to(root).as_posix(),
                rij=module.rij(w.begin),
                soort=w.soort,
                bij=" ".join(regeltekst.split()),
                van=van,
                naar=naar,
                tekst=tekst,
                regels=frozenset([hoofd[1]]) if hoofd else alle_regels,
            )


def _regels(oud: str, nieuw: str, w: Wijziging) -> tuple[str, str]:
    """The line of the change as it was and as it is; of more lines only the first."""
    begin = oud.rfind("\n", 0, w.begin) + 1
    eind = oud.find("\n", w.eind)
    before = oud[begin:eind].strip()
    if "\n" in before:
        return f"{before.splitlines()[0]} …", WEG
    after = nieuw[begin : eind + len(nieuw) - len(oud)].strip()
    return before, WEG if after in ("", "true") else after


class _Module:
    """A parsed file, and where each node is in its text."""

    def __init__(self, root: Path, path: Path) -> None:
        self.tekst = path.read_text("utf-8")
        self.ast = _parse(path)
        self._begin = [0, *accumulate(len(line) for line in self.tekst.splitlines(keepends=True))]
        facts = schema(root, "feiten")["properties"]["feiten"]["properties"]
        self._waarden = {name: fact.get("enum", []) for name, fact in facts.items()}

    def rij(self, offset: int) -> int:
        return bisect_right(self._begin, offset)

    def plaats(self, node: Ast) -> tuple[int, int]:
        """Where the text of a node begins and ends."""
        location = node["location"]
        text = base64.b64decode(location.get("text", "")).decode()
        begin = self._begin[location["row"] - 1] + location["col"] - 1
        if not self.tekst.startswith(text, begin):
            raise ValueError(f"{location['file']}:{location['row']}: OPA's place is another text")
        return begin, begin + len(text)

    def plaats_regel(self, rule: Ast) -> tuple[int, int]:
        begin, eind = self.plaats(rule)
        if rule.get("default"):  # OPA's location is the word alone
            eind = self.plaats(rule["head"]["value"])[1]
        return begin, eind

    def wijzigingen(self, rule: Ast) -> Iterator[Wijziging]:
        yield Wijziging(*self.plaats_regel(rule), "", "regel weg")
        if "else" in rule:  # the first branch of an else chain cannot be left out, only never hold
            begin, _ = self.plaats(rule["body"][0])
            yield Wijziging(begin, begin, "false; ", "alternatief weg")
        yield from self._tak(rule)

    def _tak(self, rule: Ast) -> Iterator[Wijziging]:
        """The head and body of a rule, or of one branch of its else chain."""
        head = rule["head"]
        for part in (*head.get("args", []), head.get("key"), head.get("value")):
            if part:
                yield from self._term(part)
        yield from self._body(rule["body"])
        if "else" in rule:
            branch = rule["else"]
            begin, eind = self.plaats(branch)
            if "else" in branch:
                eind = self.plaats(branch["else"])[0]
            yield Wijziging(begin, eind, "", "alternatief weg")
            yield from self._tak(branch)

    def _body(self, body: Sequence[Ast]) -> Iterator[Wijziging]:
        for expression in body:
            if not expression.get("generated"):
                yield from self._expressie(expression)

    def _expressie(self, expression: Ast) -> Iterator[Wijziging]:
        begin, eind = self.plaats(expression)
        text = self.tekst[begin:eind]
        terms = expression["terms"]
        yield Wijziging(begin, eind, "true", "voorwaarde weg")
        if expression.get("negated"):
            yield Wijziging(begin, eind, text.removeprefix("not "), "ontkenning om")
        elif self._is_bewering(terms):
            yield Wijziging(begin, eind, f"not {text}", "ontkenning om")
        for modifier in expression.get("with", []):
            yield from self._term(modifier["value"])
        if isinstance(terms, list):
            yield from self._aanroep(terms)
        elif "symbols" in terms:  # some … in …
            for symbol in terms["symbols"]:
                yield from self._term(symbol)
        elif "domain" in terms:  # every … in …
            yield from self._term(terms["domain"])
            yield from self._body(terms["body"])
        else:
            yield from self._term(terms)

    def _is_bewering(self, terms: Ast) -> bool:
        """Something that holds or not, unlike `some` and `:=`; a comparison has its own turn."""
        if isinstance(terms, list):
            return self._operator(terms[0]) not in (":=", *EEN_STAP)
        return "symbols" not in terms and "domain" not in terms

    def _operator(self, node: Ast) -> str:
        begin, eind = self.plaats(node)
        return self.tekst[begin:eind]

    def _aanroep(self, terms: Sequence[Ast]) -> Iterator[Wijziging]:
        """A built-in, helper or operator with its arguments."""
        place = self.plaats(terms[0])
        operator = self._operator(terms[0])
        if operator in EEN_STAP:
            yield Wijziging(*place, EEN_STAP[operator], "vergelijking een stap")
        if operator in OMGEKEERD:
            yield Wijziging(*place, OMGEKEERD[operator], "vergelijking om")
        if operator == "|":
            (begin, left), (right, eind) = map(self.plaats, terms[1:])
            for start, stop in ((begin, left), (right, eind)):
                yield Wijziging(begin, eind, self.tekst[start:stop], "deel van vereniging weg")
        values = next(filter(None, map(self._waarden_van, terms[1:])), ())
        for term in terms[1:]:
            yield from self._term(term, values)

    def _waarden_van(self, node: Ast) -> Sequence[str]:
        """The values that the fact on one side of a comparison may have."""
        if node["type"] != "ref":
            return ()
        parts = [part["value"] for part in node["value"]]
        named = parts[:2] == ["input", "feiten"] and isinstance(parts[2], str)
        return self._waarden[parts[2]] if named else ()

    def _term(self, node: Ast, values: Sequence[str] = ()) -> Iterator[Wijziging]:
        kind, value = node["type"], node["value"]
        if kind in ("number", "boolean", "string"):
            yield from self._constante(node, values)
        elif kind in _LEEG:
            yield from self._verzameling(node, values)
        elif kind == "call":
            yield from self._aanroep(value)
        elif kind == "ref":
            for part in value[1:]:
                yield from self._term(part)
        elif kind.endswith("comprehension"):
            for name in ("key", "value", "term"):
                if name in value:
                    yield from self._term(value[name])
            yield from self._body(value["body"])

    def _constante(self, node: Ast, values: Sequence[str]) -> Iterator[Wijziging]:
        if "location" not in node:
            return  # OPA filled it in: `if` without a value is `:= true`
        begin, eind = self.plaats(node)
        value = node["value"]
        if self.tekst[begin:eind] != json.dumps(value, ensure_ascii=False):
            return  # a name after a dot
        if isinstance(value, bool):
            yield Wijziging(begin, eind, json.dumps(not value), "waarheid om")
        elif isinstance(value, str):
            other = _volgende(value, values) if value in values else value + _BESTAAT_NIET
            yield Wijziging(begin, eind, json.dumps(other, ensure_ascii=False), "tekst anders")
        else:
            for step in (-1, 1):
                yield Wijziging(begin, eind, str(value + step), "getal een stap")

    def _verzameling(self, node: Ast, values: Sequence[str]) -> Iterator[Wijziging]:
        items = node["value"]
        pairs = node["type"] == "object"
        places = sorted(  # OPA sorts a set, its text is not
            (self.plaats(item[0])[0], self.plaats(item[1])[1]) if pairs else self.plaats(item)
            for item in items
        )
        for i, (begin, eind) in enumerate(places):
            if len(places) == 1:
                yield Wijziging(*self.plaats(node), _LEEG[node["type"]], "element weg")
            elif self.tekst[eind] == ",":
                yield Wijziging(begin, eind + 1, "", "element weg")
            else:
                yield Wijziging(places[i - 1][1], eind, "", "element weg")
        # A value that is in the set already would be another mutant: the element removed.
        present = {item["value"] for item in items if not pairs and item["type"] == "string"}
        for item in items:
            for part in item if pairs else [item]:
                own = part["value"] if part["type"] == "string" else None
                free = [v for v in values if v == own or v not in present]
                yield from self._term(part, free)


def _volgende(value: str, values: Sequence[str]) -> str:
    return values[(values.index(value) + 1) % len(values)]


@cache
def _parse(path: Path) -> Mapping[str, Ast]:
    command = [str(opa_binary()), "parse", "--format", "json", "--json-include", "locations"]
    done = subprocess.run([*command, str(path)], capture_output=True, check=True, timeout=60)
    module: dict[str, Ast] = json.loads(done.stdout)
    return module
