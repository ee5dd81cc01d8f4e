"""The condition of a rule, from a list of alternatives to the shape a reader wants.

OPA gives the alternatives written out in full. Here what they share is put first, and what is left
is split into choices that do not depend on each other. The result holds for exactly the same facts;
tests/test_formule.py proves it in OPA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from uitfasering.gegevens import schema
from uitfasering.gegevenscontrole import is_dag
from uitfasering.residu import Residu, Vergelijking
from uitfasering.tabellen import EERSTE_DAG, LAATSTE_DAG
from uitfasering.werkbank import Werkbank


@dataclass(frozen=True)
class Keuze:
    """At least one of the options holds."""

    opties: tuple[Formule, ...]


Term: TypeAlias = Vergelijking | Keuze
Formule: TypeAlias = tuple[Term, ...]
"""Terms that must all hold; without terms it always holds."""

# A fact that follows from another one: what is said of both is weighed together.
_VOLGT_UIT = {"nieuw_of_verlenging": "handeling"}


class Waarheid:
    """For which values of its fact a comparison holds, as OPA says.

    The values of a fact are those it is compared with, the ones beside them, and what it is when
    it is not known: between two of them nothing changes.
    """

    def __init__(self, werkbank: Werkbank, vergelijkingen: Iterable[Vergelijking]) -> None:
        found = [v for v in dict.fromkeys(vergelijkingen) if v.ander_feit is None]
        values = _waarden_per_onderwerp(werkbank, found)
        # One row holds a value of every onderwerp: as many rows as the longest list.
        rows: list[dict[str, Any]] = [{} for _ in range(max(map(len, values.values()), default=0))]
        for part in values.values():
            for number, row in enumerate(rows):
                row.update(part[number % len(part)])
        self._alles = {subject: frozenset(range(len(part))) for subject, part in values.items()}
        holds = werkbank.waar(found, rows)
        self._waar = {
            v: frozenset(i for i in self._alles[onderwerp(v)] if holds[i][column])
            for column, v in enumerate(found)
        }

    def waar(self, v: Vergelijking) -> frozenset[int]:
        """The values for which it holds. Of two facts beside each other nothing is known."""
        return self._waar.get(v, frozenset({1}))

    def alles(self, subject: str) -> frozenset[int]:
        """All values of an onderwerp."""
        return self._alles.get(subject, frozenset({0, 1}))

    def samen(self, vergelijkingen: Iterable[Vergelijking]) -> dict[str, frozenset[int]]:
        """What is left of the values, by onderwerp, when all of them hold."""
        left: dict[str, frozenset[int]] = {}
        for v in vergelijkingen:
            subject = onderwerp(v)
            left[subject] = left.get(subject, self.alles(subject)) & self.waar(v)
        return left


def onderwerp(v: Vergelijking) -> str:
    """What a comparison is about: comparisons on the same onderwerp can imply each other."""
    if v.ander_feit:
        return f"{v.feit} {v.operator} {v.ander_feit}"
    return _VOLGT_UIT.get(v.feit, v.feit)


def formule(residu: Residu, waarheid: Waarheid) -> Formule | None:
    """The condition of a rule in its shortest form; None when it never holds."""
    return _vereenvoudig(_ontbind([frozenset(a) for a in residu.alternatieven]), {}, waarheid)


def vergelijkingen(formule: Formule) -> list[Vergelijking]:
    """Every comparison in it, each once."""
    found: dict[Vergelijking, None] = {}
    for term in formule:
        if isinstance(term, Keuze):
            found.update((v, None) for optie in term.opties for v in vergelijkingen(optie))
        else:
            found[term] = None
    return list(found)


def geldt(formule: Formule, waar: Callable[[Vergelijking], bool]) -> bool:
    """Whether it holds, when it is known which comparisons do."""
    return all(
        any(geldt(optie, waar) for optie in term.opties) if isinstance(term, Keuze) else waar(term)
        for term in formule
    )


def waarden(vergelijkingen: Iterable[Vergelijking], fact: Mapping[str, Any]) -> list[Any]:
    """Values of one fact between which these comparisons cannot change.

    Args:
        vergelijkingen: comparisons of this fact with constants.
        fact: its schema (schemas/feiten.json).
    """
    default = fact["default"]
    if "enum" in fact:
        return list(fact["enum"])
    if fact["type"] == "boolean":
        return [False, True]
    constants: set[Any] = {w for v in vergelijkingen for w in v.waarden}
    found = {default, *constants}
    if fact["type"] == "integer":
        return sorted(found | {w + step for w in constants for step in (-1, 1)})
    # Texts are compared letter by letter: directly after a text comes the same with one more.
    found |= {f"{w}+" for w in found} | {""}
    if is_dag(default):
        found = {w for w in found if EERSTE_DAG <= w <= LAATSTE_DAG}
    return sorted(found)


def _waarden_per_onderwerp(
    werkbank: Werkbank, found: Sequence[Vergelijking]
) -> dict[str, list[dict[str, Any]]]:
    """For each onderwerp its values: the fact, with the facts that follow from it."""
    facts = schema(werkbank.root, "feiten")["properties"]["feiten"]["properties"]
    result: dict[str, list[dict[str, Any]]] = {}
    for subject in dict.fromkeys(map(onderwerp, found)):
        names = [subject, *(name for name, origin in _VOLGT_UIT.items() if origin == subject)]
        own = [v for v in found if onderwerp(v) == subject]
        if len(names) == 1:
            result[subject] = [{subject: w} for w in waarden(own, facts[subject])]
        else:
            asked = [w for w in facts[subject]["enum"] if w != facts[subject]["default"]]
            rows = werkbank.feiten({w: {subject: w} for w in asked})
            result[subject] = [{name: rows[w][name] for name in names} for w in asked]
    return result


_Alternatief: TypeAlias = frozenset[Vergelijking]


def _ontbind(alternatieven: Sequence[_Alternatief]) -> Formule:
    """What all alternatives share, and then a choice for each part that stands on its own."""
    unique = list(dict.fromkeys(alternatieven))
    smallest = [a for a in unique if not any(b < a for b in unique)]
    shared = frozenset.intersection(*smallest)
    rest = [a - shared for a in smallest]
    result: list[Term] = [*sorted(shared, key=_volgorde)]
    if all(rest):
        for part in _delen(rest):
            result.append(Keuze(tuple(_opties(part))))
    return tuple(result)


def _delen(rest: Sequence[_Alternatief]) -> list[list[_Alternatief]]:
    """The alternatives as a product: one list for each factor.

    Comparisons that never stand together belong to the same choice. That is the finest division
    there can be; it only counts when the choices together give every alternative.
    """
    literals = sorted({v for a in rest for v in a}, key=_volgorde)
    groups: list[set[Vergelijking]] = []
    for literal in literals:
        together = {v for a in rest if literal in a for v in a}
        linked = [g for g in groups if not g <= together]
        groups = [g for g in groups if g <= together] + [{literal}.union(*linked)]
    parts = [list(dict.fromkeys(a & group for a in rest)) for group in groups]
    combinations = 1
    for part in parts:
        combinations *= len(part)
    whole = combinations == len(set(rest)) and all(all(part) for part in parts)
    return parts if whole else [list(rest)]


def _opties(alternatieven: Sequence[_Alternatief]) -> list[Formule]:
    """The options of a choice; those that differ in one comparison become one option."""
    left = list(alternatieven)
    options: list[Formule] = []
    while left:
        first = left[0]
        groups = [
            [a for a in left if len(a) == len(first) and first - {v} <= a]
            for v in sorted(first, key=_volgorde)
            if len(first) > 1
        ]
        group = max(groups, key=_leesbaar, default=[first])
        options.append(_ontbind(group))
        left = [a for a in left if a not in group]
    return options


def _leesbaar(group: Sequence[_Alternatief]) -> tuple[int, int]:
    """Most alternatives in one, and rather one value for two facts than two values for one."""
    shared = frozenset.intersection(*group)
    return len(group), len({onderwerp(v) for a in group for v in a - shared})


def _vereenvoudig(
    termen: Formule, context: Mapping[str, frozenset[int]], waarheid: Waarheid
) -> Formule | None:
    """Without what follows from the rest of it or from ``context``; None when it never holds."""
    literals = [t for t in termen if isinstance(t, Vergelijking)]
    choices = [t for t in termen if isinstance(t, Keuze)]
    while True:
        literals = _zonder_overbodige(literals, context, waarheid)
        known = _en(context, waarheid.samen(literals))
        if not all(known.values()):
            return None
        certain: list[Term] = []
        left: list[Term] = []
        for keuze in choices:
            options = _levende(keuze, known, waarheid)
            if not options:
                return None
            if len(options) == 1:
                certain.extend(options[0])
            elif () not in options and not _altijd(options, known, waarheid):
                left.append(Keuze(tuple(options)))
        literals += [t for t in certain if isinstance(t, Vergelijking)]
        choices = [t for t in (*certain, *left) if isinstance(t, Keuze)]
        if not certain:
            return (*sorted(literals, key=_volgorde), *choices)


def _levende(
    keuze: Keuze, known: Mapping[str, frozenset[int]], waarheid: Waarheid
) -> list[Formule]:
    """The options that can still hold, each in its shortest form."""
    found = [_vereenvoudig(optie, known, waarheid) for optie in keuze.opties]
    options = list(dict.fromkeys(optie for optie in found if optie is not None))
    return [o for o in options if not any(set(p) < set(o) for p in options)]


def _altijd(
    options: Sequence[Formule], known: Mapping[str, frozenset[int]], waarheid: Waarheid
) -> bool:
    """Whether options on one onderwerp leave no value out."""
    covered: dict[str, frozenset[int]] = {}
    for option in options:
        if len(option) == 1 and isinstance(option[0], Vergelijking):
            subject = onderwerp(option[0])
            covered[subject] = covered.get(subject, frozenset()) | waarheid.waar(option[0])
    return any(
        known.get(subject, waarheid.alles(subject)) <= values for subject, values in covered.items()
    )


def _zonder_overbodige(
    literals: Sequence[Vergelijking], context: Mapping[str, frozenset[int]], waarheid: Waarheid
) -> list[Vergelijking]:
    kept = list(dict.fromkeys(literals))
    for v in list(kept):
        others = waarheid.samen(w for w in kept if w != v)
        subject = onderwerp(v)
        left = _en(context, others).get(subject, waarheid.alles(subject))
        if left and left <= waarheid.waar(v):
            kept.remove(v)
    return kept


def _en(
    one: Mapping[str, frozenset[int]], other: Mapping[str, frozenset[int]]
) -> dict[str, frozenset[int]]:
    result = dict(one)
    for subject, values in other.items():
        result[subject] = result[subject] & values if subject in result else values
    return result


def _volgorde(v: Vergelijking) -> tuple[str, str, str, str]:
    return (v.feit, v.operator, v.ander_feit or "", str(v.waarden))
