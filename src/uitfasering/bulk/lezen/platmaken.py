"""A toewijzing as the contract nests it, as flat columns of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from uitfasering.bulk.velden import velden

_MAG_LEEG = "product"  # contract §2; an empty omvang or periode is a fault, and leaves no column


class Onleesbaar(Exception):
    """A row that cannot be read; ``str()`` says why, in Dutch and without a value."""


def plat(toewijzing: Mapping[str, Any]) -> dict[str, str | None]:
    """Its columns, in the order of its fields; numbers, true and false as JSON writes them.

    A field that the contract does not know keeps its name, when it holds a single value.

    Raises:
        Onleesbaar: there is no column for what it holds.
    """
    paren: Collection[tuple[str, Any]] = toewijzing.items()
    if not is_plat(toewijzing):
        paren = [paar for naam, waarde in paren for paar in _paren(naam, waarde)]
    kolommen = {kolom: waarde if type(waarde) is str else _tekst(waarde) for kolom, waarde in paren}
    if len(kolommen) != len(paren):
        vaak = Counter(kolom for kolom, _ in paren)
        raise Onleesbaar(f"{vaak.most_common(1)[0][0]} staat er twee keer")
    return kolommen


def _paren(naam: str, waarde: Any) -> Iterable[tuple[str, Any]]:
    """The columns of one field of a toewijzing."""
    delen = _groepen().get(naam)
    if delen is None:
        return [(naam, waarde)]
    if not isinstance(waarde, dict):
        raise Onleesbaar(f"bij {naam} horen velden, tussen {{ en }}")
    if not waarde and naam != _MAG_LEEG:
        raise Onleesbaar(f"{naam} is leeg")
    if not delen.keys() >= waarde.keys():
        raise Onleesbaar(f"{naam} heeft een veld dat niet bestaat")
    return [(delen[deel], binnen) for deel, binnen in waarde.items()]


def is_plat(toewijzing: Mapping[str, Any]) -> bool:
    """Whether it has none of the nested parts of the contract."""
    return _groepen().keys().isdisjoint(toewijzing)


@cache
def _groepen() -> dict[str, dict[str, str]]:
    """Of each nested part the columns of its fields."""
    groepen: dict[str, dict[str, str]] = {}
    for veld in velden().values():
        if len(veld.pad) > 1:
            groep, deel = veld.pad
            groepen.setdefault(groep, {})[deel] = veld.naam
    return groepen


def _tekst(waarde: Any) -> str | None:
    if isinstance(waarde, dict | list):
        raise Onleesbaar("bij een veld staat een lijst of een onderdeel in plaats van één waarde")
    if isinstance(waarde, bool):
        return "true" if waarde else "false"
    return None if waarde is None else str(waarde)
