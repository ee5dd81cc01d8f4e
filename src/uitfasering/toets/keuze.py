"""Which cases to run: by name, by agreement, by municipality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.errors import UitfaseringError
from uitfasering.gegevens import Gegevens
from uitfasering.toets.gevallen import Geval


class OnbekendeKeuze(UitfaseringError):
    """There is no such agreement or municipality; the sentence says which were meant."""


@dataclass(frozen=True)
class Keuze:
    """What a case must be like to run; None is no matter.

    Attributes:
        naam: a part of the name of the case, in capitals or not.
        regel: an agreement that the case names, under ``regels`` or ``niet``.
        gemeente: a CBS code, or the name of a municipality as it may be written.
    """

    naam: str | None = None
    regel: str | None = None
    gemeente: str | None = None


def kies(gevallen: Iterable[Geval], gegevens: Gegevens, keuze: Keuze) -> list[Geval]:
    """The cases that fit.

    Raises:
        OnbekendeKeuze: no such agreement or municipality in these tables.
    """
    naam = keuze.naam
    regel = None if keuze.regel is None else _regel(keuze.regel, gegevens)
    cbs = None if keuze.gemeente is None else _cbs(keuze.gemeente, gegevens)
    return [
        geval
        for geval in gevallen
        if (naam is None or naam.casefold() in geval.naam.casefold())
        and (regel is None or regel in _genoemd(geval))
        and (cbs is None or geval.toewijzing.get("gemeente") == cbs)
    ]


def _genoemd(geval: Geval) -> list[str]:
    return [*geval.verwacht.get("regels", []), *geval.verwacht.get("niet", [])]


def _regel(regel: str, gegevens: Gegevens) -> str:
    found = {name.casefold(): name for name in gegevens.afspraken}.get(regel.casefold())
    if found is None:
        raise OnbekendeKeuze(_bestaat_niet("afspraak", regel, gegevens.afspraken))
    return found


def _cbs(gemeente: str, gegevens: Gegevens) -> str:
    if len(gemeente) == 4 and gemeente.isdecimal():
        return gemeente  # also one outside the region: there are cases for it
    names: dict[str, str] = {}
    rows: list[Mapping[str, Any]] = gegevens.tabellen["gemeenten"]["gemeenten"]
    for row in rows:
        for name in (row["naam"], *row.get("schrijfwijzen", ())):
            names[name] = row["cbs"]
    found = {name.casefold(): cbs for name, cbs in names.items()}.get(gemeente.casefold())
    if found is None:
        raise OnbekendeKeuze(_bestaat_niet("gemeente", gemeente, names))
    return found


def _bestaat_niet(soort: str, woord: str, bekend: Iterable[str]) -> str:
    bekend = list(bekend)
    meant = bedoeld(woord, bekend)
    hint = f"Bedoelt u {meant}?" if meant else f"Kies uit: {', '.join(bekend)}."
    return f"De {soort} {woord} bestaat niet. {hint}"
