"""Is there a toewijzing that shows a point, and which one.

All values that can make a difference are tried, so when none is found there is none: the point
follows from the other conditions of the rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from uitfasering.residu import Alternatief, Residu, Vergelijking
from uitfasering.toets.dekking.kandidaten import AFWEZIG, Kandidaat, Kandidaten
from uitfasering.toets.dekking.punten import Onderdeel, Punt

Keuze = dict[str, Kandidaat]
"""A candidate for each field at the top."""

# The first ones keep most of the basis.
_PER_MANIER = 30


class Zoeker:
    """Finds a toewijzing for a point.

    Args:
        ongeldig: the faults between fields (A-00), by path.
        buiten: the rules after which no other rule is in the answer.
    """

    def __init__(
        self,
        kandidaten: Kandidaten,
        ongeldig: Mapping[str, Residu],
        buiten: Mapping[str, Residu],
    ) -> None:
        self._kandidaten = kandidaten
        self._ongeldig = ongeldig
        self._buiten = buiten

    def vind(self, punt: Punt, basis: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Toewijzingen that show the point, with the fields that do not matter as in the basis."""
        verboden = self._verboden(punt.onderdeel)
        facts = {
            feit
            for een in (*punt.onderdeel.residu.alternatieven, *verboden)
            for v in een
            for feit in v.feiten
        }
        nummer = self._kandidaten.nummers
        for geeist, anders in _manieren(punt):
            eisen = {nummer[v]: want for v, want in geeist.items()}
            verboden_hier = [[nummer[v] for v in een] for een in (*verboden, *anders)]
            over = self._over(facts, basis, eisen, verboden_hier)
            for keuze in itertools.islice(self._keuzes(over, eisen, verboden_hier), _PER_MANIER):
                yield {
                    veld: kandidaat.waarde
                    for veld, kandidaat in keuze.items()
                    if kandidaat.waarde is not AFWEZIG
                }

    def _verboden(self, onderdeel: Onderdeel) -> list[Alternatief]:
        """What may not hold beside it: a fault in the input, a rule that silences the others."""
        faults = [r for path, r in self._ongeldig.items() if onderdeel.naam != f"A-00 ({path})"]
        silent = () if onderdeel.buiten or onderdeel.regel == "A-00" else self._buiten.values()
        return [een for residu in (*faults, *silent) for een in residu.alternatieven]

    def _over(
        self,
        facts: AbstractSet[str],
        basis: Mapping[str, Any],
        eisen: Mapping[int, bool],
        verboden: Sequence[Sequence[int]],
    ) -> dict[str, list[Kandidaat]]:
        """The candidates of each field that meet the demands; nothing when that cannot be."""
        over: dict[str, list[Kandidaat]] = {}
        for veld in self._kandidaten.velden:
            # The fields with parts come last and have many candidates: often the others decide.
            if (
                self._kandidaten.heeft_delen(veld)
                and self._onbeslist(over, eisen, verboden) is None
            ):
                return {}
            own = [(n, want) for n, want in eisen.items() if self._kandidaten.tops[n] == (veld,)]
            over[veld] = [
                k
                for k in self._kandidaten.van(veld, facts, basis)
                if all(k.waar[n] is want for n, want in own)
            ]
            if not over[veld]:
                return {}
        return over

    def _keuzes(
        self,
        over: Mapping[str, Sequence[Kandidaat]],
        eisen: Mapping[int, bool],
        verboden: Sequence[Sequence[int]],
    ) -> Iterator[Keuze]:
        """Choices of these candidates, without one of the forbidden alternatives."""
        tops = self._kandidaten.tops
        rest = self._onbeslist(over, eisen, verboden) if over else None
        if rest is None:
            return
        tussen = {n: want for n, want in eisen.items() if len(tops[n]) == 2}
        beslissend = list(dict.fromkeys([*(n for een in rest for n in een), *tussen]))
        gekozen = {
            veld: self._wat_telt(veld, kandidaten, beslissend, tussen.keys())
            for veld, kandidaten in over.items()
        }
        for n in beslissend:
            if len(tops[n]) == 2:
                left, right = tops[n]
                self._kandidaten.vergelijk_paren(n, gekozen[left], gekozen[right])
        names = list(gekozen)
        for values in itertools.product(*gekozen.values()):
            keuze = dict(zip(names, values, strict=True))
            if all(self._waar(keuze, n) is want for n, want in tussen.items()) and not any(
                all(self._waar(keuze, n) for n in een) for een in rest
            ):
                yield keuze

    def _waar(self, keuze: Keuze, nummer: int) -> bool:
        tops = self._kandidaten.tops[nummer]
        if len(tops) == 1:
            return keuze[tops[0]].waar[nummer]
        return self._kandidaten.paar(nummer, keuze[tops[0]], keuze[tops[1]])

    def _onbeslist(
        self,
        over: Mapping[str, Sequence[Kandidaat]],
        eisen: Mapping[int, bool],
        verboden: Iterable[Sequence[int]],
    ) -> list[list[int]] | None:
        """What of the forbidden alternatives depends on the choice; None: one always holds."""
        rest = []
        for een in verboden:
            unknown = []
            for n in een:
                can = self._kan_zijn(n, over, eisen)
                if can == {False}:
                    break
                if can != {True}:
                    unknown.append(n)
            else:
                if not unknown:
                    return None
                rest.append(unknown)
        return rest

    def _kan_zijn(
        self, nummer: int, over: Mapping[str, Sequence[Kandidaat]], eisen: Mapping[int, bool]
    ) -> set[bool]:
        if nummer in eisen:
            return {eisen[nummer]}
        veld, *ander = self._kandidaten.tops[nummer]
        if ander or veld not in over:
            return {True, False}
        return {k.waar[nummer] for k in over[veld]}

    def _wat_telt(
        self,
        veld: str,
        kandidaten: Sequence[Kandidaat],
        beslissend: Iterable[int],
        geeist: AbstractSet[int],
    ) -> list[Kandidaat]:
        """One of each kind of candidate; where fields are compared the first and last of a kind.

        Where such a comparison is demanded, all of them.
        """
        tops = self._kandidaten.tops
        single = [n for n in beslissend if tops[n] == (veld,)]
        paired = [n for n in beslissend if len(tops[n]) == 2 and veld in tops[n]]
        if not geeist.isdisjoint(paired):
            return list(kandidaten)
        kinds: dict[tuple[bool, ...], list[Kandidaat]] = {}
        for k in kandidaten:
            kinds.setdefault(tuple(k.waar[n] for n in single), []).append(k)
        chosen: list[Kandidaat] = []
        for kind in kinds.values():
            ends = [kind[0]]
            for n in paired:
                value = _feit(self._kandidaten.feiten(n)[tops[n].index(veld)])
                ends += [min(kind, key=value), max(kind, key=value)]
            chosen += {id(k): k for k in ends}.values()
        return chosen


def _feit(naam: str) -> Callable[[Kandidaat], Any]:
    return lambda kandidaat: kandidaat.feiten[naam]


def verschil(een: Mapping[str, Any], ander: Mapping[str, Any]) -> int:
    """In how many fields two toewijzingen differ."""
    left, right = plat(een), plat(ander)
    return sum(left.get(path, AFWEZIG) != right.get(path, AFWEZIG) for path in {**left, **right})


def plat(toewijzing: Mapping[str, Any]) -> dict[str, Any]:
    """A toewijzing by path: ``product.profiel``."""
    paths: dict[str, Any] = {}
    for name, value in toewijzing.items():
        if isinstance(value, Mapping):
            paths |= {f"{name}.{inner}": own for inner, own in value.items()}
        else:
            paths[name] = value
    return paths


def _manieren(punt: Punt) -> Iterator[tuple[dict[Vergelijking, bool], list[Alternatief]]]:
    """The ways to show a point: what must hold or not, and which alternatives may not hold."""
    alternatieven = punt.onderdeel.residu.alternatieven
    for een in alternatieven:
        if punt.vergelijking is not None and punt.vergelijking not in een:
            continue
        for v in een if punt.vergelijking is None else (punt.vergelijking,):
            eisen = dict.fromkeys(een, True)
            eisen[v] = punt.geldt
            if punt.stand is not None:
                eisen[punt.stand] = True
            if punt.vergelijking is None and punt.geldt:
                yield eisen, []
                break
            yield eisen, [ander for ander in alternatieven if v not in ander]
