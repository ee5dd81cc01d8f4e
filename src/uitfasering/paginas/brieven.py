"""A page a letter: sentence by sentence what it says and what covers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from uitfasering.brieven import STATUSSEN, lees_brieven
from uitfasering.brieven.dekking import Briefdekking, Regeldekking, Zindekking, bereken
from uitfasering.brieven.verslag import LATER_ANDERS, aantal_gevallen, samenvatting
from uitfasering.gegevens import Gegevens
from uitfasering.toets.gevallen import Geval
from uitfasering.weergave.woorden import datum

_UITLEG = {
    "regel": "de zin vraagt of geeft iets, en het programma toetst dat",
    "grond": "de zin vraagt zelf niets, maar afspraken rusten erop",
    "open_norm": "de zin laat ruimte; staan er afspraken bij, dan geven die er een lezing aan",
    "toelichting": "de zin legt alleen iets uit",
    "niet_uitvoerbaar": "de zin gaat over iets wat niet aan één toewijzing te zien is",
}


def paginas(root: Path, gegevens: Gegevens, gevallen: Sequence[Geval]) -> dict[str, str]:
    """The pages as path below docs/ -> Markdown: ``brieven/brief-<date>.md``, one a letter."""
    brieven, _ = lees_brieven(root)
    return {
        f"brieven/brief-{dekking.brief.brief}.md": "\n".join(_pagina(dekking)) + "\n"
        for dekking in bereken(brieven, gegevens, gevallen)
    }


def _pagina(dekking: Briefdekking) -> Iterator[str]:
    brief = dekking.brief
    yield f"# De brief van {datum(brief.brief)}, zin voor zin"
    yield ""
    yield f"*{brief.titel}*"
    yield ""
    yield (
        "Bij elke zin van de brief staat hier wat het programma ermee doet. De zinnen staan in "
        f"`{brief.document.name}`. Deze pagina is gemaakt met `scripts/genereer`: wijzig haar niet "
        "met de hand."
    )
    yield ""
    yield samenvatting(dekking)
    yield ""
    yield "| status | zinnen | wat het betekent |"
    yield "| --- | ---: | --- |"
    for status, naam in STATUSSEN.items():
        yield f"| {naam} | {dekking.telling[status]} | {_UITLEG[status]} |"
    yield ""
    yield "## Overzicht"
    yield ""
    yield "| zin | wat de zin zegt | status | afspraken |"
    yield "| ---: | --- | --- | --- |"
    for zindekking in dekking.zinnen:
        zin = zindekking.zin
        yield (
            f"| [{zin.nummer}](#zin-{zin.nummer}) | {_cel(zin.samenvatting)} "
            f"| {STATUSSEN[zin.status]} | {_links(zin.regels)} |"
        )
    for zindekking in dekking.zinnen:
        yield from _zin(zindekking)


def _zin(dekking: Zindekking) -> Iterator[str]:
    zin = dekking.zin
    yield ""
    yield f"## Zin {zin.nummer}"
    yield ""
    yield f"> … {zin.anker} …"
    yield ""
    yield zin.samenvatting
    yield ""
    yield f"- Plaats: {zin.plaats}"
    yield f"- Status: {STATUSSEN[zin.status]}"
    if zin.open_woorden:
        yield f"- Laat ruimte: “{zin.open_woorden}”"
    if zin.waarom:
        yield f"- Waarom: {zin.waarom}"
    for lezing in dekking.lezingen:
        if not lezing.eerder:
            yield f"- Zo lezen wij dit ({_links(lezing.regels)}): {lezing.tekst}"
    for nummer, regels in dekking.eerder_gelezen.items():
        yield f"- Zo lezen wij dit ({_links(regels)}): zie [zin {nummer}](#zin-{nummer})"
    if dekking.later_anders:
        yield f"- Let op: {LATER_ANDERS}"
    if dekking.regels:
        yield "- Afspraken:"
        for regel in dekking.regels:
            yield f"  - {_regel(regel)}"


def _regel(dekking: Regeldekking) -> str:
    """``B1-02: 3 gevallen, in bestand (2) en ander-bestand (1)``, with links."""
    link = f"{_link(dekking.regel)}: {aantal_gevallen(len(dekking.gevallen))}"
    bestanden = Counter(geval.bestand for geval in dekking.gevallen)
    waar = [
        f"[{PurePosixPath(bestand).stem}](../../{bestand}) ({aantal})"
        for bestand, aantal in sorted(bestanden.items())
    ]
    return f"{link}, in {', '.join(waar)}" if waar else link


def _links(regels: Iterable[str]) -> str:
    return ", ".join(map(_link, regels))


def _link(regel: str) -> str:
    return f"[{regel}](../regels/{regel}.md)"


def _cel(tekst: str) -> str:
    """Text that cannot break a table."""
    return tekst.replace("|", "\\|").replace("\n", " ")
