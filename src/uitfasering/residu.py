"""What is left of each rule when OPA fills in the tables: comparisons of facts with constants.

OPA's Compile API evaluates the rules as far as it can without a toewijzing. What remains is the
condition of each rule in its plainest form; the coverage of the cases, the explanation of a rule
that did not fire and the generated pages all read it from here, so that nothing about the rules is
told twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import requests

VAN_TOEPASSING = "uitfasering/afspraken/van_toepassing"
ONTBREEKT = "uitfasering/afspraken/ontbreekt"
TUSSEN_VELDEN = "uitfasering/invoer/tussen_velden"

Constante: TypeAlias = str | int | float | bool

_SECONDS = 30
_OPERATOREN = {"eq": "==", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_OMGEDRAAID = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ONTKEND = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
}


@dataclass(frozen=True)
class Vergelijking:
    """One comparison of a fact (schemas/feiten.json).

    Attributes:
        feit: the fact on the left, e.g. ``toewijzingsdatum``.
        operator: ``==``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``in`` or ``not in``.
        waarden: the constants on the right, in OPA's order: one, or for ``in`` any number; empty
            when the right side is a fact.
        ander_feit: the fact on the right, else None.
    """

    feit: str
    operator: str
    waarden: tuple[Constante, ...] = ()
    ander_feit: str | None = None

    @property
    def ontkend(self) -> Vergelijking:
        """The comparison that holds exactly when this one does not."""
        return Vergelijking(self.feit, _ONTKEND[self.operator], self.waarden, self.ander_feit)

    @property
    def feiten(self) -> tuple[str, ...]:
        """The facts it reads: one, or two."""
        return (self.feit, self.ander_feit) if self.ander_feit else (self.feit,)


Alternatief: TypeAlias = tuple[Vergelijking, ...]
"""Comparisons that must all hold."""


@dataclass(frozen=True)
class Residu:
    """The condition of one rule with these tables: it fires when one of the alternatives holds.

    Attributes:
        alternatieven: in OPA's order; empty when it can never fire; an empty alternative always
            holds.
        vreemd: what is not a comparison of a fact, as OPA's AST; then the rule has (probably) left
            the data-filter fragment.
    """

    alternatieven: tuple[Alternatief, ...]
    vreemd: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def vergelijkingen(self) -> tuple[Vergelijking, ...]:
        """Each comparison once, in the order of the alternatives."""
        return tuple(dict.fromkeys(v for een in self.alternatieven for v in een))


def residuen(
    url: str, verzameling: str = VAN_TOEPASSING, tabel: str | None = None
) -> dict[str, Residu]:
    """The residual of every member of a partial set, by member, sorted.

    Args:
        url: an OPA that serves the policies and tables.
        verzameling: the set as a path, VAN_TOEPASSING, ONTBREEKT or TUSSEN_VELDEN. A member that
            can never be in it with these tables is absent.
        tabel: which rows of parameters the agreements read (afspraken.tabel); None: in force.

    Raises:
        requests.RequestException: OPA did not answer as it should.
    """
    path = "data." + verzameling.replace("/", ".")
    answer = requests.post(
        f"{url}/v1/compile",
        json={
            "query": f"{path}[lid]",
            "unknowns": ["input.feiten"],
            "input": {"tabel": tabel} if tabel else {},
        },
        timeout=_SECONDS,
    )
    answer.raise_for_status()
    result = answer.json().get("result", {})
    alternatieven: dict[str, dict[Alternatief, None]] = {}
    vreemd: dict[str, list[Any]] = {}
    for query in result.get("queries", []):
        lid, comparisons, strange = _lees_query(query)
        if strange:  # else it does not rest on a support module
            strange += result.get("support", [])
        alternatieven.setdefault(lid, {}).setdefault(tuple(dict.fromkeys(comparisons)))
        vreemd.setdefault(lid, []).extend(strange)
    return {
        lid: Residu(tuple(alternatieven[lid]), tuple(vreemd[lid])) for lid in sorted(alternatieven)
    }


def _lees_query(query: Sequence[Mapping[str, Any]]) -> tuple[str, list[Vergelijking], list[Any]]:
    """The member a query is about, its comparisons, and what is not one."""
    lid, comparisons, strange = "", [], []
    for expression in query:
        terms = expression["terms"]
        if isinstance(terms, list) and terms[1] == {"type": "var", "value": "lid"}:
            lid = str(terms[2]["value"])
        elif found := _vergelijking(expression):
            comparisons.append(found)
        else:
            strange.append(expression)
    return lid, comparisons, strange


def _vergelijking(expression: Mapping[str, Any]) -> Vergelijking | None:
    terms = expression["terms"]
    if not isinstance(terms, list) or len(terms) != 3 or expression.get("with"):
        return None
    name = ".".join(str(part["value"]) for part in terms[0]["value"])
    left, right = terms[1:]
    if name == "internal.member_2":
        fact, values = _feit(left), _waarden(right)
        if fact is None or values is None:
            return None
        found = Vergelijking(fact, "in", values)
    elif name in _OPERATOREN:
        operator = _OPERATOREN[name]
        if _feit(left) is None:
            left, right, operator = right, left, _OMGEDRAAID.get(operator, operator)
        fact, other = _feit(left), _feit(right)
        if fact is None or (other is None and not _is_constante(right)):
            return None
        constants = () if other else (right["value"],)
        found = Vergelijking(fact, operator, constants, other)
    else:
        return None
    return found.ontkend if expression.get("negated") else found


def _feit(term: Mapping[str, Any]) -> str | None:
    if term["type"] != "ref":
        return None
    parts = [part["value"] for part in term["value"]]
    if parts[:2] != ["input", "feiten"] or len(parts) != 3 or term["value"][2]["type"] != "string":
        return None
    return str(parts[2])


def _waarden(term: Mapping[str, Any]) -> tuple[Constante, ...] | None:
    if term["type"] not in {"array", "set"} or not all(map(_is_constante, term["value"])):
        return None
    return tuple(item["value"] for item in term["value"])


def _is_constante(term: Mapping[str, Any]) -> bool:
    return term["type"] in {"string", "number", "boolean"}
