"""The case files against the tables: what they name exists, and every agreement has its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.brieven.gevallen import citaten
from uitfasering.controle import gevalvelden
from uitfasering.errors import BuildError
from uitfasering.gegevens import Afspraak, Gegevens
from uitfasering.melding import Melding
from uitfasering.stage import ELDERS_BEPAALD, regels_in_rego
from uitfasering.toets.gevallen import MAP, Geval, lees_gevallen
from uitfasering.toets.uitvoeren import in_het_bestand
from uitfasering.varianten import met
from uitfasering.yamlreader import Document

# With an unknown municipality on purpose.
_BUITEN_DE_REGIO = ("NIET_VAN_TOEPASSING", "ONGELDIGE_INVOER")
# What a case file can say for each municipality, by its code (schemas/gevallen.json).
_PER_GEMEENTE = ("keuzes", "medicatieminuten", "lokale_toegang")


def controleer(
    root: Path, gegevens: Gegevens | None, tekst_map: Path | None = None
) -> Iterator[Melding]:
    """Every fault in the case files.

    With tables that are broken (None) the agreements are those in the policies, and nothing is
    said of municipalities or of agreements without a case. With the folder of the letters' text
    (brief-<date>.txt) the sentence of each case is looked up.
    """
    if not (root / MAP).is_dir():
        yield Melding(
            str(MAP),
            0,
            0,
            "",
            "Er zijn geen gevallen. Zo is niet te zien of de afspraken doen wat de brief zegt.",
            f"Zet de gevallen in {MAP}.",
            "gevallen-geen",
            "waarschuwing",
        )
        return
    gevallen, meldingen = lees_gevallen(root)
    yield from meldingen
    afspraken = set(gegevens.afspraken) if gegevens else _in_rego(root)
    namen = list(onbekende_namen(gevallen, afspraken, gegevens))
    yield from namen
    gemeld = {(melding.bestand, melding.pad) for melding in namen}
    for melding in gevalvelden.controleer(root, gevallen):
        if (melding.bestand, melding.pad) not in gemeld:
            yield melding
    yield from _tegenstrijdig(gevallen)
    if tekst_map:
        yield from citaten(gevallen, tekst_map)
    if gegevens:
        yield from _eigen_tabellen(gevallen, gegevens)
    if gegevens and not meldingen:  # else a file that was not read may well have the case
        yield from _zonder_geval(gevallen, gegevens.afspraken.values())


def onbekende_namen(
    gevallen: Sequence[Geval], afspraken: Set[str], gegevens: Gegevens | None
) -> Iterator[Melding]:
    """Every agreement and (with tables) municipality in these cases and files that is not there."""
    yield from _regels(gevallen, afspraken)
    if gegevens is None:
        return
    gemeenten = {row["cbs"]: row["naam"] for row in gegevens.tabellen["gemeenten"]["gemeenten"]}
    for document in _documenten(gevallen):
        for soort in _PER_GEMEENTE:
            for cbs in document.data.get("gegevens", {}).get(soort, {}):
                if cbs not in gemeenten:
                    yield _onbekende_gemeente(
                        document, ("gegevens", soort, cbs), gemeenten, sleutel=True
                    )
    for geval in gevallen:
        gemeente = geval.toewijzing.get("gemeente")
        elders = geval.verwacht["uitkomst"] in _BUITEN_DE_REGIO
        if isinstance(gemeente, str) and gemeente not in gemeenten and not elders:
            pad = _pad(geval, "met", "gemeente")
            yield _onbekende_gemeente(geval.document, pad, gemeenten)


def _eigen_tabellen(gevallen: Iterable[Geval], gegevens: Gegevens) -> Iterator[Melding]:
    """What a file changes in the tables, fits with the rest of them."""
    for geval in {geval.bestand: geval for geval in gevallen}.values():
        try:
            met(gegevens, geval.gegevens)
        except BuildError as fout:
            yield from in_het_bestand(fout, geval, gegevens)


def _documenten(gevallen: Iterable[Geval]) -> Iterable[Document]:
    return {geval.bestand: geval.document for geval in gevallen}.values()


def _in_rego(root: Path) -> set[str]:
    return {*ELDERS_BEPAALD, *(found.kop for found in regels_in_rego(root))}


def _regels(gevallen: Sequence[Geval], afspraken: Set[str]) -> Iterator[Melding]:
    for document in _documenten(gevallen):
        yield from _onbekende_regels(document, ("regels",), document.data["regels"], afspraken)
    for geval in gevallen:
        for soort in ("regels", "niet"):
            pad = _pad(geval, "verwacht", soort)
            regels = geval.verwacht.get(soort, [])
            yield from _onbekende_regels(geval.document, pad, regels, afspraken)


def _tegenstrijdig(gevallen: Iterable[Geval]) -> Iterator[Melding]:
    """No agreement is both expected and not expected."""
    for geval in gevallen:
        verwacht = set(geval.verwacht.get("regels", []))
        for index, regel in enumerate(geval.verwacht.get("niet", [])):
            if regel in verwacht:
                yield geval.document.melding(
                    (*_pad(geval, "verwacht", "niet"), index),
                    f"{regel} staat bij dit geval bij regels en ook bij niet.",
                    f"Moet {regel} in het antwoord staan? Haal haar dan hier weg. Zo niet, haal "
                    "haar dan weg bij regels.",
                    "gevallen-tegenstrijdig",
                )


def _pad(geval: Geval, groep: str, veld: str) -> tuple[str | int, ...]:
    """Where a field of a case stands: in its group, or in the row of a table."""
    bron: Any = geval.document.data
    for stap in geval.pad:
        bron = bron[stap]
    if veld in bron.get(groep, {}):
        return (*geval.pad, groep, veld)
    return (*geval.pad, veld) if veld in bron else geval.pad


def _onbekende_regels(
    document: Document,
    pad: tuple[str | int, ...],
    regels: Sequence[str],
    afspraken: Set[str],
) -> Iterator[Melding]:
    for index, regel in enumerate(regels):
        if regel in afspraken:
            continue
        gelijkend = bedoeld(regel, sorted(afspraken))
        begin = f"Bedoelt u {gelijkend}? " if gelijkend else ""
        yield document.melding(
            (*pad, index),
            f"De afspraak {regel} bestaat niet.",
            f"{begin}De afspraken staan in data/afspraken.",
            "gevallen-onbekende-regel",
        )


def _onbekende_gemeente(
    document: Document,
    pad: tuple[str | int, ...],
    gemeenten: dict[str, str],
    *,
    sleutel: bool = False,
) -> Melding:
    keuze = ", ".join(f'"{cbs}" ({naam})' for cbs, naam in gemeenten.items())
    return document.melding(
        pad,
        "Dit is niet de code van een van de gemeenten.",
        f"Kies uit: {keuze}.",
        "gevallen-onbekende-gemeente",
        sleutel=sleutel,
    )


def _zonder_geval(gevallen: list[Geval], afspraken: Iterable[Afspraak]) -> Iterator[Melding]:
    """Each agreement has a case in which it holds and one in which it does not."""
    for soort, waarin, hoe in (
        ("regels", "waarin deze afspraak geldt", "bij regels"),
        ("niet", "waarin deze afspraak net niet geldt", "bij niet"),
    ):
        genoemd = {
            regel
            for geval in gevallen
            if not geval.overslaan
            for regel in geval.verwacht.get(soort, [])
        }
        for afspraak in afspraken:
            if afspraak.regel not in genoemd:
                yield afspraak.document.melding(
                    afspraak.pad,
                    f"Er is geen geval {waarin}.",
                    f"Voeg in {MAP} een geval toe, met {afspraak.regel} {hoe}.",
                    "gevallen-regel-zonder-geval",
                    sleutel=True,
                )
