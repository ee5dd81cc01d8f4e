"""What differs between two besluiten on the same toewijzing, in words.

The besluiten are compared as JSON, not as records: one may have been given under another contract.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from uitfasering.weergave.tellen import getal
from uitfasering.weergave.woorden import datum

_BEVINDINGEN = "bevindingen"
_UITKOMST = "uitkomst"
# These say themselves what is gone or new; of other fields the values differ from one to the next.
_LIJSTEN = ("ontbreekt",)


@dataclass(frozen=True)
class Verschil:
    """One thing that differs.

    Attributes:
        zin: what, without what differs from one toewijzing to the next; equal for equal kinds.
        regel: the regel, or "" when it is not about one.
        soort: ``weg`` or ``nieuw`` (a bevinding), ``anders`` (its words), ``veld`` (another field).
        details: the texts or values themselves.
        velden: the input fields that the bevinding rests on.
    """

    zin: str
    soort: str
    regel: str = ""
    details: tuple[str, ...] = ()
    velden: tuple[str, ...] = ()


def verschillen(was: Mapping[str, Any], nu: Mapping[str, Any]) -> list[Verschil]:
    """Everything that differs; empty when they are equal."""
    if gelijk(was, nu):
        return []
    found = [*_uitkomst(was, nu), *_bevindingen(was, nu)]
    for veld in dict.fromkeys([*was, *nu]):
        if veld not in (_UITKOMST, _BEVINDINGEN):
            found += _veld(veld, was.get(veld), nu.get(veld))
    return found or [Verschil("De bevindingen staan in een andere volgorde.", "veld")]


def gelijk(een: Any, ander: Any) -> bool:
    """Whether they are the same JSON; in Python true equals 1."""
    return json.dumps(een, sort_keys=True) == json.dumps(ander, sort_keys=True)


def in_woorden(waarde: Any) -> str:
    """A value as a Dutch reader writes it."""
    if waarde is None:
        return "niets"
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, int):
        return getal(waarde)
    if isinstance(waarde, list):
        return ", ".join(map(in_woorden, waarde)) or "niets"
    return datum(waarde) if isinstance(waarde, str) else json.dumps(waarde, ensure_ascii=False)


def bladen(
    was: Any, nu: Any, pad: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """The path and both values of everything that differs below two values; None: not there."""
    if _is_tabel(was, nu) or _is_tabel(nu, was):
        een, ander = was or {}, nu or {}
        for key in dict.fromkeys([*een, *ander]):
            yield from bladen(een.get(key), ander.get(key), (*pad, key))
    elif not gelijk(was, nu):
        yield pad, was, nu


def _is_tabel(een: Any, ander: Any) -> bool:
    """Whether there is something in it, and the other is like it or not there."""
    return isinstance(een, dict) and bool(een) and (ander is None or isinstance(ander, dict))


def _uitkomst(was: Mapping[str, Any], nu: Mapping[str, Any]) -> Iterator[Verschil]:
    oud, nieuw = was.get(_UITKOMST), nu.get(_UITKOMST)
    if not gelijk(oud, nieuw):
        yield Verschil(f"Uitkomst: {_van_naar(oud, nieuw)}.", "veld")


def _bevindingen(was: Mapping[str, Any], nu: Mapping[str, Any]) -> Iterator[Verschil]:
    oud, nieuw = _per_regel(was), _per_regel(nu)
    for regel in dict.fromkeys([*oud, *nieuw]):
        # One regel may have more bevindingen: A-00 has one for each field.
        for een, ander in zip_longest(oud.get(regel, ()), nieuw.get(regel, ())):
            if ander is None:
                yield Verschil(f"{regel} geldt niet meer.", "weg", regel, _tekst(een), _velden(een))
            elif een is None:
                zin = f"{regel} geldt nu wel."
                yield Verschil(zin, "nieuw", regel, _tekst(ander), _velden(ander))
            elif not gelijk(een, ander):
                yield _anders(regel, een, ander)


def _per_regel(besluit: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    bevindingen = besluit.get(_BEVINDINGEN)
    for bevinding in bevindingen if isinstance(bevindingen, list) else ():
        if isinstance(bevinding, dict):
            found.setdefault(str(bevinding.get("regel", "onbekend")), []).append(bevinding)
    return found


def _tekst(bevinding: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"“{bevinding['tekst']}”",) if "tekst" in bevinding else ()


def _velden(bevinding: Mapping[str, Any]) -> tuple[str, ...]:
    velden = bevinding.get("velden")
    return tuple(map(str, velden)) if isinstance(velden, list) else ()


def _anders(regel: str, was: Mapping[str, Any], nu: Mapping[str, Any]) -> Verschil:
    anders = list(bladen(was, nu))
    velden = ", ".join(".".join(pad) for pad, _, _ in anders)
    details = tuple(f"{'.'.join(pad)}: {_van_naar(oud, nieuw)}" for pad, oud, nieuw in anders)
    zin = f"{regel} geldt nog, maar zegt iets anders ({velden})."
    return Verschil(zin, "anders", regel, details, (*_velden(was), *_velden(nu)))


def _veld(veld: str, was: Any, nu: Any) -> Iterator[Verschil]:
    if veld in _LIJSTEN and isinstance(was, list) and isinstance(nu, list):
        if weg := [een for een in was if een not in nu]:
            yield Verschil(f"Wat niet meer ontbreekt: {in_woorden(weg)}.", "veld")
        if erbij := [een for een in nu if een not in was]:
            yield Verschil(f"Wat nu ook ontbreekt: {in_woorden(erbij)}.", "veld")
    elif not gelijk(was, nu):
        hoe = "is er niet meer" if nu is None else "is er nu wel" if was is None else "wordt anders"
        details = tuple(
            f"{'.'.join(pad)}: {_van_naar(oud, nieuw)}"
            for pad, oud, nieuw in bladen(was, nu, (veld,))
        )
        yield Verschil(f"{veld} {hoe}.", "veld", details=details)


def _van_naar(was: Any, nu: Any) -> str:
    return f"{in_woorden(was)} → {in_woorden(nu)}"
