"""What the cases must show of each rule: a list of points, from its residual.

For each comparison there is a point on it (the rule fires, and would not if it did not hold) and
one next to it (the rule does not fire, and would if only this comparison held). An ordered
comparison asks for the values at its border, a list for each of its constants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta

from uitfasering.gegevenscontrole import is_dag
from uitfasering.residu import Constante, Residu, Vergelijking
from uitfasering.toets.gevallen import Geval

ONGELDIG, BUITEN = "ONGELDIGE_INVOER", "NIET_VAN_TOEPASSING"
"""With these two outcomes no other agreement is in the answer, so nothing is shown of it."""

DAG_ERVOOR = "dag ervoor: "
"""Before the name of a fact: the day before it, a fact the coverage adds to the row."""


@dataclass(frozen=True)
class Onderdeel:
    """A rule, or one of the parts that are looked for on their own.

    Attributes:
        regel: its id.
        deel: of A-03 the field that is missing, of A-00 the path of the fault, else "".
        buiten: the gevolg of the rule is NIET_VAN_TOEPASSING.
        residu: when it fires with the tables at hand; not compared, so that a rule is the same
            with other tables.
    """

    regel: str
    deel: str
    buiten: bool
    residu: Residu = field(compare=False, repr=False)

    @property
    def naam(self) -> str:
        """As a reader sees it: ``A-03 (profiel)``."""
        return f"{self.regel} ({self.deel})" if self.deel else self.regel

    def verwacht(self, geval: Geval) -> bool | None:
        """Whether the case says that this fires; None when it says nothing about it."""
        verwacht = geval.verwacht
        uitkomst = verwacht["uitkomst"]
        if self.regel == "A-00":
            if uitkomst != ONGELDIG:
                return False
            velden = verwacht.get("foutvelden")
            return None if velden is None else self.deel in velden
        if uitkomst == ONGELDIG or (uitkomst == BUITEN and not self.buiten):
            return None
        if self.deel:
            if "ontbreekt" in verwacht:
                return self.deel in verwacht["ontbreekt"]
        elif self.regel in verwacht.get("regels", []):
            return True
        return False if self.regel in verwacht.get("niet", []) else None


@dataclass(frozen=True)
class Punt:
    """One thing a case must show.

    Attributes:
        geldt: the rule fires, or just does not.
        kern: the comparison that decides it; None when any will do. Of a list of municipalities
            without the list: it is the same condition when a municipality chooses otherwise.
        stand: where its fact must stand, as a comparison that must hold; None: anywhere.
        vergelijking: ``kern`` in full.
    """

    onderdeel: Onderdeel
    geldt: bool
    kern: Vergelijking | None = None
    stand: Vergelijking | None = None
    vergelijking: Vergelijking | None = field(default=None, compare=False)


def punten(onderdelen: Iterable[Onderdeel]) -> Iterator[Punt]:
    """Every point of these rules, in the order of their comparisons.

    Each municipality of a list is asked for once, not for every rule with the same list.
    """
    lijsten: set[Vergelijking] = set()
    for onderdeel in onderdelen:
        yield Punt(onderdeel, True)
        comparisons = onderdeel.residu.vergelijkingen
        if comparisons:
            yield Punt(onderdeel, False)
        for v in comparisons:
            if v.feit == "gemeente" and v.operator in {"in", "not in"}:
                kern = Vergelijking(v.feit, v.operator)
                yield Punt(onderdeel, True, kern, None, v)
                yield Punt(onderdeel, False, kern, None, v)
                if v in lijsten:
                    continue
                lijsten.add(v)
            for geldt, stand in _standen(v):
                if not (v in lijsten and stand is None):
                    yield Punt(onderdeel, geldt, v, stand, v)


def beslist(
    alternatieven: Sequence[Sequence[int]], waar: Sequence[bool]
) -> tuple[bool, AbstractSet[int]]:
    """Whether a rule fires, and the comparisons that each decide it on their own.

    Args:
        alternatieven: those of the rule, each comparison as a number.
        waar: whether the comparison with that number holds.
    """
    missers = [[n for n in een if not waar[n]] for een in alternatieven]
    vast = [set(een) for een, mis in zip(alternatieven, missers, strict=True) if not mis]
    if vast:
        return True, set.intersection(*vast)
    return False, {mis[0] for mis in missers if len(mis) == 1}


def _standen(v: Vergelijking) -> Iterator[tuple[bool, Vergelijking | None]]:
    """Where the fact of a comparison must stand, for the point on it and the one next to it."""
    if v.operator in {"==", "in"}:
        for value in v.waarden:
            yield True, Vergelijking(v.feit, "==", (value,))
        yield False, None
    elif v.operator in {"!=", "not in"}:
        yield True, None
        for value in v.waarden:
            yield False, Vergelijking(v.feit, "==", (value,))
    elif v.ander_feit:
        yield from _naast_feit(v.feit, v.operator, v.ander_feit)
    else:
        yield from _naast_waarde(v.feit, v.operator, v.waarden[0])


def _naast_feit(feit: str, operator: str, ander: str) -> Iterator[tuple[bool, Vergelijking | None]]:
    """The border between two days: the same day, and the last one before or first one after it."""
    gelijk = Vergelijking(feit, "==", (), ander)
    if operator in {">=", "<"}:
        ernaast = Vergelijking(feit, "==", (), DAG_ERVOOR + ander)
    else:
        ernaast = Vergelijking(DAG_ERVOOR + feit, "==", (), ander)
    yield operator in {">=", "<="}, gelijk
    yield operator in {">", "<"}, ernaast


def _naast_waarde(
    feit: str, operator: str, waarde: Constante
) -> Iterator[tuple[bool, Vergelijking | None]]:
    """The border of an ordered comparison: the constant and its neighbour on the other side."""
    step = -1 if operator in {">=", "<"} else 1
    op_waarde = Vergelijking(feit, "==", (waarde,))
    ernaast = buur(waarde, step)
    yield operator in {">=", "<="}, op_waarde
    yield operator in {">", "<"}, None if ernaast is None else Vergelijking(feit, "==", (ernaast,))


def buur(waarde: Constante, step: int) -> Constante | None:
    """The day or number next to this one; None when there is none (text, the last day)."""
    if isinstance(waarde, str):
        try:
            return (
                str(date.fromisoformat(waarde) + timedelta(days=step)) if is_dag(waarde) else None
            )
        except OverflowError:
            return None
    return None if isinstance(waarde, float) else waarde + step


def vergelijkingen(te_tonen: Iterable[Punt]) -> list[Vergelijking]:
    """Every comparison of the rules of these points, and every place where a fact must stand."""
    found: dict[Vergelijking, None] = {}
    seen: set[Onderdeel] = set()
    for punt in te_tonen:
        if punt.onderdeel not in seen:
            seen.add(punt.onderdeel)
            found |= dict.fromkeys(punt.onderdeel.residu.vergelijkingen)
        if punt.stand is not None:
            found.setdefault(punt.stand)
    return list(found)
