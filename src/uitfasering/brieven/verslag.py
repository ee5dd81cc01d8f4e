"""The coverage of the letters, as text for an officer and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from rich.text import Text

from uitfasering.brieven.dekking import Briefdekking, Regeldekking, Zindekking
from uitfasering.brieven.lezen import STATUSSEN
from uitfasering.controle.programma import als_object
from uitfasering.melding import Melding
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.veilig import schoon_json
from uitfasering.weergave.woorden import datum

BREEDTE = 80
"""Columns when the output is not a terminal, and the most that is used of a terminal."""

VERSIE = 1
"""Of the JSON; goes up when a field changes its name or meaning."""

LATER_ANDERS = "de gemeente koos later anders (data/gemeenten.yaml)"

_MINSTE_BREEDTE = 40
_STIJL = {
    "regel": "bold green",
    "grond": "bold cyan",
    "open_norm": "bold yellow",
    "toelichting": "bold",
    "niet_uitvoerbaar": "bold",
}
_ROOD, _GROEN = "bold red", "green"


def schrijf(
    dekking: Sequence[Briefdekking], meldingen: Sequence[Melding], uit: TextIO, *, vergeleken: bool
) -> None:
    """Sentence by sentence, and a summary of each letter at the end.

    Args:
        dekking: the letters.
        meldingen: the faults in the records; shown by who called.
        uit: as wide as its terminal and in colour where it is one (see NO_COLOR).
        vergeleken: whether the records were held against the text of the letters.
    """
    console = papier(uit, BREEDTE)
    breedte = max(min(console.width, BREEDTE), _MINSTE_BREEDTE)
    for brief in dekking:
        for regel in _brief_in_zinnen(brief, breedte):
            console.print(regel, soft_wrap=True)
    for regel in _slot(dekking, breedte):
        console.print(regel, soft_wrap=True)
    stijl = ""
    if not vergeleken:
        tekst = (
            "De zinnen zijn niet vergeleken met de tekst van de brieven. "
            "Geef daarvoor de map met die tekst: --brieven MAP."
        )
    elif not meldingen:
        stijl = _GROEN
        tekst = "✓ Elke zin van de brieven staat hier één keer, en alle citaten kloppen letterlijk"
    else:
        return
    for regel in alinea(tekst, breedte, stijl=stijl):
        console.print(regel, soft_wrap=True)


def als_json(
    dekking: Sequence[Briefdekking], meldingen: Sequence[Melding], *, vergeleken: bool
) -> str:
    """One JSON document: each sentence with its agreements, cases and readings, and the faults."""
    document = {
        "versie": VERSIE,
        "vergeleken_met_tekst": vergeleken,
        "brieven": [_brief(brief) for brief in dekking],
        "meldingen": [als_object(melding) for melding in meldingen],
    }
    return schoon_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def aantal_gevallen(aantal: int) -> str:
    """``1 geval``, ``2 gevallen``, ``geen geval``."""
    return "1 geval" if aantal == 1 else f"{aantal or 'geen'} geval{'len' if aantal else ''}"


def samenvatting(brief: Briefdekking) -> str:
    """How many sentences there are, and of each status."""
    telling = brief.telling
    delen = [f"{naam} {telling[status]}" for status, naam in STATUSSEN.items() if telling[status]]
    return f"{len(brief.zinnen)} zinnen: {', '.join(delen)}."


def _brief_in_zinnen(brief: Briefdekking, breedte: int) -> Iterator[Text]:
    yield Text(f"Brief van {datum(brief.brief.brief)}", style="bold")
    yield from alinea(brief.brief.titel, breedte)
    yield Text("─" * breedte)
    for zin in brief.zinnen:
        yield from _zin(zin, breedte)
        yield Text()


def _slot(dekking: Sequence[Briefdekking], breedte: int) -> Iterator[Text]:
    yield Text("Samenvatting", style="bold")
    yield Text("─" * len("Samenvatting"))
    for brief in dekking:
        yield Text(f"Brief van {datum(brief.brief.brief)}", style="bold")
        yield from alinea(samenvatting(brief), breedte, begin="  ")
        for nummer, regel in brief.zonder_geval:
            tekst = f"✗ zin {nummer}: geen geval verwacht afspraak {regel}"
            yield from alinea(tekst, breedte, begin="  ", stijl=_ROOD)
        for zin in brief.zinnen:
            if zin.later_anders:
                tekst = f"zin {zin.zin.nummer}: {LATER_ANDERS}"
                yield from alinea(tekst, breedte, begin="  ")
        if not brief.zonder_geval:
            tekst = f"✓ {len(brief.regels)} afspraken horen bij een zin; elk heeft een geval"
            yield from alinea(tekst, breedte, begin="  ", stijl=_GROEN)


def _zin(dekking: Zindekking, breedte: int) -> Iterator[Text]:
    zin = dekking.zin
    nummer = f"{zin.nummer:>2}. "
    binnen = " " * len(nummer)
    kop = Text(nummer, style="bold")
    kop.append(STATUSSEN[zin.status], style=_STIJL[zin.status])
    yield kop
    yield from alinea(zin.plaats, breedte, begin=binnen, stijl="dim")
    yield from alinea(f"“{zin.anker}”", breedte, begin=binnen)
    yield from alinea(zin.samenvatting, breedte, begin=binnen)
    if zin.open_woorden:
        yield from alinea(f"Laat ruimte: “{zin.open_woorden}”", breedte, begin=binnen)
    if zin.waarom:
        yield from alinea(f"Waarom: {zin.waarom}", breedte, begin=binnen)
    if dekking.later_anders:
        yield from alinea(f"Let op: {LATER_ANDERS}", breedte, begin=binnen)
    if dekking.regels:
        afspraken = ", ".join(map(_regel, dekking.regels))
        yield from alinea(f"Afspraken: {afspraken}", breedte, begin=binnen)
    for wie, hoe in _lezingen(dekking):
        yield from alinea(f"Zo lezen wij dit ({', '.join(wie)}): {hoe}", breedte, begin=binnen)


def _regel(dekking: Regeldekking) -> str:
    return f"{dekking.regel} ({aantal_gevallen(len(dekking.gevallen))})"


def _lezingen(dekking: Zindekking) -> Iterator[tuple[Sequence[str], str]]:
    for lezing in dekking.lezingen:
        if not lezing.eerder:
            yield lezing.regels, lezing.tekst
    for nummer, regels in dekking.eerder_gelezen.items():
        yield regels, f"zie zin {nummer}"


def _brief(dekking: Briefdekking) -> dict[str, Any]:
    return {
        "brief": dekking.brief.brief,
        "titel": dekking.brief.titel,
        "telling": {status: dekking.telling[status] for status in STATUSSEN},
        "zonder_geval": [{"zin": zin, "regel": regel} for zin, regel in dekking.zonder_geval],
        "zinnen": [_zin_als_object(zin) for zin in dekking.zinnen],
    }


def _zin_als_object(dekking: Zindekking) -> dict[str, Any]:
    zin = dekking.zin
    return {
        "nummer": zin.nummer,
        "plaats": zin.plaats,
        "anker": zin.anker,
        "samenvatting": zin.samenvatting,
        "status": zin.status,
        "waarom": zin.waarom,
        "open_woorden": zin.open_woorden,
        "gemeente": zin.gemeente,
        "later_anders": dekking.later_anders,
        "regels": [
            {"regel": r.regel, "gevallen": [g.kenmerk for g in r.gevallen]} for r in dekking.regels
        ],
        "lezingen": [
            {"lezing": lezing.tekst, "regels": list(lezing.regels), "eerder": lezing.eerder}
            for lezing in dekking.lezingen
        ],
    }
