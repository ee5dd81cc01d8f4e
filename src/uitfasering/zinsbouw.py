"""One plain sentence from the condition of a rule: "Als segment midden is, en …, dan: …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from uitfasering.formule import Formule, Keuze
from uitfasering.gegevenscontrole import is_dag
from uitfasering.residu import Vergelijking
from uitfasering.zinnen import WERKWOORD, Zinnen, opsomming

Vorm = Literal["bijzin", "hoofdzin"]

# An "of" in here is not read as one between two conditions.
_TUSSENDOOR = re.compile(r" \([^)]*\)|op of (?:na|vóór)")


# With more conditions than this (all choices count as one) a sentence is a list.
_MEESTE_IN_EEN_ZIN = 6


@dataclass(frozen=True)
class Zin:
    """A condition in words.

    Attributes:
        delen: what must hold; each after "als", or on its own when ``lijst``.
        keuzes: of each keuze one option must hold; an option is said on its own.
        lijst: whether the parts are listed, rather than one sentence.
    """

    delen: tuple[str, ...]
    keuzes: tuple[tuple[Zin, ...], ...] = ()
    lijst: bool = False

    def markdown(self, gevolg: str) -> str:
        """``Als …, en …, dan: <gevolg>.``, with a list for what one of must hold."""
        if not self.delen and not self.keuzes:
            return f"Altijd: {gevolg}."
        if self.lijst:
            points = [f"- {deel}" for deel in self.delen]
            for keuze in self.keuzes:
                points += ["- een van deze geldt:", *_punten(keuze, "  ")]
            return "\n\n".join(["Als dit allemaal geldt:", "\n".join(points), f"dan: {gevolg}."])
        if not self.keuzes:
            return f"Als {', en '.join(self.delen)}, dan: {gevolg}."
        parts = []
        for number, keuze in enumerate(self.keuzes):
            lead = "en ook " if number else f"Als {_aanloop(self.delen)}"
            parts += [f"{lead}een van deze geldt:", "\n".join(_punten(keuze))]
        return "\n\n".join([*parts, f"dan: {gevolg}."])


def _aanloop(delen: Sequence[str]) -> str:
    return "".join(f"{deel}, en " for deel in delen)


def _punten(opties: Iterable[Zin], inspringen: str = "") -> list[str]:
    """A line for each option; what an option leaves to choose stands below it."""
    lines = []
    for optie in opties:
        if not optie.keuzes:
            lines.append(f"{inspringen}- {', en '.join(optie.delen)}")
        for number, keuze in enumerate(optie.keuzes):
            lead = "  en ook " if number else f"- {_aanloop(optie.delen)}"
            lines.append(f"{inspringen}{lead}een van deze geldt:")
            lines += _punten(keuze, f"{inspringen}  ")
    return lines


def bouw(formule: Formule, zinnen: Zinnen, ook: Mapping[str, str] | None = None) -> Zin:
    """The condition in words; a long one, and a choice between different facts, as a list.

    Args:
        formule: the condition.
        zinnen: the words.
        ook: what must hold too and is no comparison of facts, as ``bijzin`` and ``hoofdzin``.
    """
    vorm: Vorm = "bijzin"
    clauses, listed = _delen(formule, zinnen, vorm)
    also = [ook[vorm]] if ook else []
    if len(clauses) + len(also) + bool(listed) > _MEESTE_IN_EEN_ZIN:
        vorm = "hoofdzin"
        clauses, listed = _delen(formule, zinnen, vorm)
        return Zin((*clauses, *([ook[vorm]] if ook else [])), listed, lijst=True)
    return Zin((*_zonder_herhaling(clauses), *also), listed)


def _delen(
    formule: Formule, zinnen: Zinnen, vorm: Vorm
) -> tuple[list[str], tuple[tuple[Zin, ...], ...]]:
    """The sentences that must all hold, and the choices that do not fit in one."""
    clauses = zinsdelen([t for t in formule if isinstance(t, Vergelijking)], zinnen, vorm)
    listed = []
    for keuze in (t for t in formule if isinstance(t, Keuze)):
        options = _samengevoegd(keuze)
        inline = _in_de_zin(options, zinnen, vorm)
        if inline:
            clauses.append(inline)
        else:
            listed.append(tuple(_optie(o, zinnen) for o in options))
    return clauses, tuple(listed)


@dataclass(frozen=True)
class _Gedeeld:
    """One comparison that several facts share: ``toewijzingsdatum of ingangsdatum …``."""

    vergelijking: Vergelijking
    feiten: tuple[str, ...]


def zinsdelen(literals: Iterable[Vergelijking], zinnen: Zinnen, vorm: Vorm) -> list[str]:
    """The comparisons in words, in the order of data/zinnen.yaml; a fact once where it can be."""
    per_feit: dict[str, list[Vergelijking]] = {}
    for v in literals:
        per_feit.setdefault(v.feit, []).append(v)
    order = list(zinnen.tabel["feiten"])
    facts = sorted(per_feit, key=lambda f: order.index(f) if f in order else len(order))
    return [text for feit in facts for text in _een_feit(per_feit[feit], zinnen, vorm)]


def _een_feit(found: Sequence[Vergelijking], zinnen: Zinnen, vorm: Vorm) -> list[str]:
    """What is said of one fact, together where that reads better."""
    feit = zinnen.naam(found[0].feit)
    left = sorted(found, key=lambda v: (v.operator, str(v.waarden)))
    texts = []
    bekend = next((v for v in left if zinnen.is_bekend(v)), None)
    behalve = next((v for v in left if v.operator == "not in"), None)
    if bekend and behalve:
        texts.append(zinnen.vul("bekend_en_niet", vorm, feit=feit, waarde=zinnen.waarden(behalve)))
        left = [v for v in left if v not in (bekend, behalve)]
    onder = next((v for v in left if v.operator in {">", ">="} and _is_dag(v)), None)
    boven = next((v for v in left if v.operator in {"<", "<="} and _is_dag(v)), None)
    if onder and boven:
        van = zinnen.waarde(onder.feit, _dag(onder, 1 if onder.operator == ">" else 0))
        tot = zinnen.waarde(boven.feit, _dag(boven, -1 if boven.operator == "<" else 0))
        texts.append(zinnen.vul("van_tot", vorm, feit=feit, van=van, tot=tot))
        left = [v for v in left if v not in (onder, boven)]
    # Beside "er is een einddatum" an open end need not be named.
    return texts + [zinnen.zin(v, vorm, met_open=not bekend) for v in left]


def _samengevoegd(keuze: Keuze) -> list[Formule | _Gedeeld]:
    """The options, those that say the same of several facts as one."""
    result: list[Formule | _Gedeeld] = []
    for optie in keuze.opties:
        only = optie[0] if len(optie) == 1 else None
        if not isinstance(only, Vergelijking) or only.ander_feit:
            result.append(optie)
            continue
        for number, other in enumerate(result):
            if isinstance(other, _Gedeeld) and replace(only, feit=other.vergelijking.feit) == (
                other.vergelijking
            ):
                result[number] = _Gedeeld(other.vergelijking, (*other.feiten, only.feit))
                break
        else:
            result.append(_Gedeeld(only, (only.feit,)))
    return result


def _in_de_zin(options: Sequence[Formule | _Gedeeld], zinnen: Zinnen, vorm: Vorm) -> str | None:
    """A choice about one thing, short enough to stand in a sentence, or None."""
    shared = [o for o in options if isinstance(o, _Gedeeld)]
    if len(shared) < len(options) or len(options) > 2:
        return None
    if len(options) == 2:
        if len({f for o in shared for f in o.feiten}) > 1:
            return None
        one, other = sorted((o.vergelijking for o in shared), key=lambda v: v.operator)
        if (one.operator, other.operator) == ("<", ">") and _is_dag(one):
            voor, na = (zinnen.waarde(v.feit, v.waarden[0]) for v in (one, other))
            return zinnen.vul("buiten", vorm, feit=zinnen.naam(one.feit), voor=voor, na=na)
    texts = [_gedeeld(o, zinnen, vorm).replace(WERKWOORD, "is") for o in shared]
    if len(texts) == 2 and any(" of " in _TUSSENDOOR.sub("", text) for text in texts):
        return None
    return " óf ".join(texts)


def _gedeeld(gedeeld: _Gedeeld, zinnen: Zinnen, vorm: Vorm) -> str:
    order = list(zinnen.tabel["feiten"])
    names = [zinnen.naam(feit) for feit in sorted(gedeeld.feiten, key=order.index)]
    if len(names) == 1:
        return zinnen.zin(gedeeld.vergelijking, vorm)
    return zinnen.zin(gedeeld.vergelijking, vorm, naam=opsomming(names))


def _optie(optie: Formule | _Gedeeld, zinnen: Zinnen) -> Zin:
    """One option, on its own."""
    if isinstance(optie, _Gedeeld):
        return Zin((_gedeeld(optie, zinnen, "hoofdzin"),))
    clauses, listed = _delen(optie, zinnen, "hoofdzin")
    return Zin(tuple(clauses), listed)


def _zonder_herhaling(clauses: Iterable[str]) -> list[str]:
    """``segment midden is, perspectief herstel``: a second "is" on end is left out."""
    result = []
    after_is = False
    for clause in clauses:
        ends_with_is = clause.endswith((WERKWOORD, f"{WERKWOORD} (of onbekend)"))
        drop = after_is and ends_with_is
        result.append(clause.replace(f" {WERKWOORD}", "" if drop else " is"))
        after_is = ends_with_is
    return result


def _is_dag(v: Vergelijking) -> bool:
    return len(v.waarden) == 1 and is_dag(v.waarden[0])


def _dag(v: Vergelijking, days: int) -> str:
    return (date.fromisoformat(str(v.waarden[0])) + timedelta(days=days)).isoformat()
