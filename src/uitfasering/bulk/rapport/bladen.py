"""The sheets about a run as a whole: summary, agreements, and where the figures come from."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from uitfasering.bulk.rapport.cellen import Cel
from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.telling import Cijfers, Regelcijfer
from uitfasering.bulk.rapport.verantwoording import onderdelen, ondertitel
from uitfasering.bulk.rapport.werkboek import Werkboek, regelhoogte, zet, zet_kop, zet_rij
from uitfasering.weergave.tellen import hoeveel, procent

_GRAFIEK_RIJEN = 17
_ZIN = 5  # columns that a sentence takes on the summary
_WAARDE = 100
_BRON = "Bron van de afspraken: de twee brieven. Eén rij kan onder meer dan één afspraak vallen."


def samenvatting(boek: Werkboek, cijfers: Cijfers, herkomst: Herkomst, titel: str) -> None:
    """The figures, with a chart; the first sheet."""
    blad = boek.blad("Samenvatting", [30, *(14 for _ in range(10))])
    blad.hide_gridlines(2)
    blad.fit_to_pages(1, 1)
    boek.zet_titel(blad, titel)
    blad.write_string(1, 0, ondertitel(cijfers, herkomst))
    rij = _uitkomsten(boek, blad, 3, cijfers)
    rij = _opvallend(boek, blad, rij + 2, cijfers)
    if cijfers.uitkomsten:
        eerste = 5
        grafiek = boek.staafgrafiek(blad, eerste, eerste + len(cijfers.uitkomsten) - 1)
        grafiek.set_size({"width": 900, "height": 20 * (_GRAFIEK_RIJEN - 1)})
        blad.insert_chart(
            rij + 2,
            0,
            grafiek,
            {"description": "Het aantal rijen per uitkomst, zoals in de tabel hierboven."},
        )
        rij += _GRAFIEK_RIJEN
    _gemeenten(boek, blad, rij + 2, cijfers)


def _uitkomsten(boek: Werkboek, blad: Worksheet, rij: int, cijfers: Cijfers) -> int:
    """Returns the last row."""
    blad.write_string(rij, 0, "Uitkomsten", boek.tussenkop)
    rij += 1
    for kolom, kop in enumerate(("Uitkomst", "Rijen", "Deel")):
        blad.write_string(rij, kolom, kop, boek.kop)
    blad.merge_range(rij, 3, rij, 2 + _ZIN, "Wat het betekent", boek.kop)
    for een in cijfers.uitkomsten:
        rij += 1
        zet_rij(blad, rij, [een.kop, een.aantal], boek.tabel)
        blad.write_string(rij, 2, procent(een.aantal, cijfers.rijen), boek.rechts)
        blad.merge_range(rij, 3, rij, 2 + _ZIN, een.zin, boek.tabel.tekst)
    zet_rij(blad, rij + 1, ["Totaal", cijfers.rijen], boek.vet)
    zet_rij(blad, rij + 2, ["Vraagt nog iets van u", cijfers.vraagt_iets], boek.vet)
    return rij + 2


def _opvallend(boek: Werkboek, blad: Worksheet, rij: int, cijfers: Cijfers) -> int:
    blad.write_string(rij, 0, "Wat opvalt", boek.tussenkop)
    for tekst, aantal in cijfers.opvallend:
        rij += 1
        blad.write_string(rij, 0, hoeveel(aantal, "rij", "rijen"), boek.vet.tekst)
        blad.merge_range(rij, 1, rij, 2 + _ZIN, tekst, boek.tabel.tekst)
    return rij


def _gemeenten(boek: Werkboek, blad: Worksheet, rij: int, cijfers: Cijfers) -> None:
    blad.write_string(rij, 0, "Per gemeente", boek.tussenkop)
    koppen = ["Gemeente", "Rijen", "Vraagt nog iets", *(een.kop for een in cijfers.uitkomsten)]
    blad.set_row(rij + 1, 32)
    for kolom, kop in enumerate(koppen):
        blad.write_string(rij + 1, kolom, kop, boek.kop)
    rij += 2
    for gemeente in cijfers.gemeenten:
        aantallen = [gemeente.totaal, gemeente.vraagt_iets, *gemeente.aantallen]
        zet_rij(blad, rij, [gemeente.naam, *aantallen], boek.tabel)
        rij += 1
    totalen = [een.aantal for een in cijfers.uitkomsten]
    zet_rij(blad, rij, ["Totaal", cijfers.rijen, cijfers.vraagt_iets, *totalen], boek.vet)


def regels_blad(boek: Werkboek, cijfers: Cijfers) -> None:
    """Every agreement that occurs, with its sentence of the letter."""
    kolommen = {
        "Afspraak": 10,
        "Rijen": 9,
        "Waar het over gaat": 28,
        "Wat het antwoord zegt": 50,
        "Gevolg": 16,
        "Voor wie": 26,
        "Citaat": 40,
        "Waar in de brief": 26,
        "Zo lezen wij de brief": 40,
    }
    blad = boek.blad("Regels", list(kolommen.values()))
    boek.zet_titel(blad, "De afspraken die in dit bestand voorkomen")
    blad.write_string(1, 0, _BRON)
    zet_kop(boek, blad, 3, list(kolommen))
    blad.freeze_panes(4, 1)
    for rij, een in enumerate(cijfers.regels, 4):
        cellen: list[Cel] = [een.regel, een.aantal, *regelcellen(een)]
        blad.set_row(rij, regelhoogte(list(zip(cellen, kolommen.values(), strict=True))))
        zet_rij(blad, rij, cellen, boek.tabel)
    blad.autofilter(3, 0, 3 + len(cijfers.regels), len(kolommen) - 1)


def regelcellen(een: Regelcijfer) -> list[str]:
    """An agreement for the reader: from what it is about up to how it is read."""
    w = een.woorden
    citaat = f"“{w.citaat}”" if w.citaat else "Dit gaat over de gegevens, niet over een zin."
    bron = f"Brief van {w.brief}. {w.plaats}." if w.brief else ""
    return [w.titel, w.tekst, w.gevolg, w.norm, citaat, bron, w.lezing]


def herkomst_blad(boek: Werkboek, herkomst: Herkomst) -> None:
    """Where the figures come from, and how they were checked."""
    blad = boek.blad("Herkomst", [34, _WAARDE])
    boek.zet_titel(blad, "Herkomst")
    blad.hide_gridlines(2)
    rij = 1
    for onderdeel in onderdelen(herkomst):
        rij += 1
        blad.write_string(rij, 0, onderdeel.kop, boek.tussenkop)
        if onderdeel.uitleg:
            rij += 1
            blad.write_string(rij, 0, onderdeel.uitleg)
        for naam, waarde in onderdeel.rijen:
            rij += 1
            blad.set_row(rij, regelhoogte([(waarde, _WAARDE)]))
            zet(blad, rij, 0, naam, boek.vet)
            zet(blad, rij, 1, waarde, boek.tabel)
        rij += 1
