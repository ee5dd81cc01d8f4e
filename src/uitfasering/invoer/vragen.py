"""Every toewijzing in the files given, as one stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from uitfasering.berichten import Ingelezen, Instellingen, lees_berichten
from uitfasering.invoer.bestanden import Bestand
from uitfasering.invoer.jsontekst import lees_json
from uitfasering.melding import Melding

MAX_BYTES = 50_000_000
"""A larger file is refused; what is that large is for a bulk run."""

_LEEG = ("Het bestand is leeg.", "Geef een bestand met een iJw-bericht of een toewijzing.")
_ONLEESBAAR = (
    "Het bestand kan niet worden gelezen.",
    "Kijk of het er nog is en of u het mag lezen.",
)


@dataclass(frozen=True, kw_only=True)
class Vraag:
    """One toewijzing to ask OPA about, right or wrong.

    Attributes:
        bestand: the file as the user named it.
        regel: the line where it begins, from 1; 0 when unknown.
        kenmerk: what the user calls it, else its number in the file.
        toewijzing: any JSON value; should be a toewijzing.
        bericht: type and version of the message it was in, ``JW301 3.2``; else "".
        handeling_grond: Dutch, why this handeling was chosen; "" when the user gave it.
        opmerkingen: Dutch, what else was chosen or added while reading.
    """

    bestand: str
    regel: int
    kenmerk: str
    toewijzing: Any
    bericht: str = ""
    handeling_grond: str = ""
    opmerkingen: tuple[str, ...] = ()


def lees_vragen(
    bestanden: Sequence[Bestand], instellingen: Instellingen
) -> Iterator[Vraag | Melding]:
    """Yields in the order of the files; messages are read together, as they may be linked."""
    bronnen = [bestand.bron for bestand in bestanden if bestand.soort == "xml"]
    # In the order of the files; a file that changes meanwhile may give nothing at all.
    per_bestand = groupby(lees_berichten(bronnen, instellingen), key=_naam)
    volgende = next(per_bestand, None)
    for bestand in bestanden:
        naam = bestand.bron.naam
        if bestand.soort == "xml":
            if volgende and volgende[0] == naam:
                for een in volgende[1]:
                    yield een if isinstance(een, Melding) else _uit_bericht(een)
                volgende = next(per_bestand, None)
        elif bestand.soort == "leeg":
            yield Melding(naam, 0, 0, "", *_LEEG, "bestand-leeg")
        else:
            yield from _uit_json(bestand, instellingen)


def _naam(een: Ingelezen | Melding) -> str:
    return een.bestand if isinstance(een, Melding) else een.bron


def _uit_bericht(een: Ingelezen) -> Vraag:
    return Vraag(
        bestand=een.bron,
        regel=een.regel,
        kenmerk=een.kenmerk,
        toewijzing=een.toewijzing,
        bericht=een.bericht,
        handeling_grond=een.handeling_grond,
        opmerkingen=een.opmerkingen,
    )


def _uit_json(bestand: Bestand, instellingen: Instellingen) -> Iterator[Vraag | Melding]:
    naam = bestand.bron.naam
    try:
        with closing(bestand.bron.openen()) as stroom:
            inhoud = stroom.read(instellingen.max_bytes + 1)
    except OSError:
        yield Melding(naam, 0, 0, "", *_ONLEESBAAR, "bestand-onleesbaar")
        return
    if len(inhoud) > instellingen.max_bytes:
        yield Melding(
            naam,
            0,
            0,
            "",
            f"Het bestand is groter dan {instellingen.max_bytes / 1_000_000:g} MB.",
            "Splits het in kleinere bestanden.",
            "bestand-te-groot",
        )
        return
    gekozen = ("--handeling geldt alleen voor berichten.",) if instellingen.handeling else ()
    for een in lees_json(naam, inhoud):
        if isinstance(een, Melding):
            yield een
        else:
            yield Vraag(
                bestand=naam,
                regel=een.regel,
                kenmerk=een.kenmerk,
                toewijzing=een.toewijzing,
                opmerkingen=gekozen,
            )
