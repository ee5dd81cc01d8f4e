"""A toewijzing as the contract nests it, as flat columns of text."""

from __future__ import annotations

from collections.abc import Mapping
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
    kolommen: dict[str, str | None] = {}
    for naam, waarde in toewijzing.items():
        delen = _groepen().get(naam)
        if delen is None:
            _zet(kolommen, naam, waarde)
        elif not isinstance(waarde, dict):
            raise Onleesbaar(f"bij {naam} horen velden, tussen {{ en }}")
        elif not waarde and naam != _MAG_LEEG:
            raise Onleesbaar(f"{naam} is leeg")
        else:
            for deel, binnen in waarde.items():
                if deel not in delen:
                    raise Onleesbaar(f"{naam} heeft een veld dat niet bestaat")
                _zet(kolommen, delen[deel], binnen)
    return kolommen


@cache
def _groepen() -> dict[str, dict[str, str]]:
    """Of each nested part the columns of its fields."""
    groepen: dict[str, dict[str, str]] = {}
    for veld in velden().values():
        if len(veld.pad) > 1:
            groep, deel = veld.pad
            groepen.setdefault(groep, {})[deel] = veld.naam
    return groepen


def _zet(kolommen: dict[str, str | None], kolom: str, waarde: Any) -> None:
    if isinstance(waarde, dict | list):
        raise Onleesbaar("bij een veld staat een lijst of een onderdeel in plaats van één waarde")
    if kolom in kolommen:
        raise Onleesbaar(f"{kolom} staat er twee keer")
    if isinstance(waarde, bool):
        waarde = "true" if waarde else "false"
    kolommen[kolom] = None if waarde is None else str(waarde)
