"""One plain sentence from the condition of a rule: "Als segment midden is, en …, dan: …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class Zin:
    """A condition in words.

    Attributes:
        als: what must hold, each after "als".
        keuzes: lists of sentences; of each list one must hold.
    """

    als: tuple[str, ...]
    keuzes: tuple[tuple[str, ...], ...]

    def markdown(self, gevolg: str) -> str:
        """``Als …, en …, dan: <gevolg>.``, with a list for what one of must hold."""
        start = ", en ".join(self.als)
        if not self.keuzes:
            return f"Als {start}, dan: {gevolg}." if start else f"Altijd: {gevolg}."
        parts = []
        for number, keuze in enumerate(self.keuzes):
            also = "ook " if number else ""
            lead = f"Als {start}, en " if start else "Als "
            lead = "en " if number else lead
            parts.append(f"{lead}{also}een van deze geldt:")
            parts.append("\n".join(f"- {optie}" for optie in keuze))
        return "\n\n".join([*parts, f"dan: {gevolg}."])


def bouw(formule: Formule, zinnen: Zinnen) -> Zin:
    """The condition in words; short choices stand in the sentence, the others are listed."""
    literals = [t for t in formule if isinstance(t, Vergelijking)]
    clauses = zinsdelen(literals, zinnen, "bijzin")
    listed = []
    for keuze in (t for t in formule if isinstance(t, Keuze)):
        inline = _in_de_zin(keuze, zinnen, "bijzin")
        if inline:
            clauses.append(inline)
        else:
            listed.append(tuple(_optie(o, zinnen) for o in _samengevoegd(keuze)))
    return Zin(tuple(_zonder_herhaling(clauses)), tuple(listed))


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


def _in_de_zin(keuze: Keuze, zinnen: Zinnen, vorm: Vorm) -> str | None:
    """A choice short enough to stand in a sentence, or None."""
    options = _samengevoegd(keuze)
    shared = [o for o in options if isinstance(o, _Gedeeld)]
    if len(shared) < len(options) or len(options) > 2:
        return None
    if len(options) == 2:
        one, other = sorted((o.vergelijking for o in shared), key=lambda v: v.operator)
        both = [f for o in shared for f in o.feiten]
        if len(set(both)) == 1 and (one.operator, other.operator) == ("<", ">") and _is_dag(one):
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


def _optie(optie: Formule | _Gedeeld, zinnen: Zinnen) -> str:
    """One option as a sentence on its own."""
    if isinstance(optie, _Gedeeld):
        return _gedeeld(optie, zinnen, "hoofdzin")
    literals = [t for t in optie if isinstance(t, Vergelijking)]
    texts = zinsdelen(literals, zinnen, "hoofdzin")
    for keuze in (t for t in optie if isinstance(t, Keuze)):
        inline = _in_de_zin(keuze, zinnen, "hoofdzin")
        options = [_optie(o, zinnen) for o in _samengevoegd(keuze)]
        texts.append(inline or f"een van deze: ({'; '.join(options)})")
    return ", en ".join(texts)


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
