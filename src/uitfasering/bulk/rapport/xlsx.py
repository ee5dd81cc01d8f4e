"""``--rapport UIT.xlsx``: everything about a run, for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.rapport.bladen import herkomst_blad, regels_blad, samenvatting
from uitfasering.bulk.rapport.gemeentebladen import gemeentebladen
from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.plaatsen import keur_bestand
from uitfasering.bulk.rapport.rijen import Rijlezer, groepen
from uitfasering.bulk.rapport.spoel import ANTWOORD, INVOER, Spoel, kolomnamen
from uitfasering.bulk.rapport.telling import Telling
from uitfasering.bulk.rapport.werkboek import (
    ALLE_RIJEN,
    Werkboek,
    nieuw_werkboek,
    regelhoogte,
    zet,
    zet_kop,
)
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.bulk.schrijven.xlsx import MAX_RIJEN
from uitfasering.bulk.stroom import Blok
from uitfasering.errors import UitfaseringError
from uitfasering.weergave.tellen import getal

_TITEL = "Uitfasering: wat er met de toewijzingen gebeurt"
_EERST = ("Rij", "Gemeente", "Uitkomst")
# One value in all rows; it stands on the sheet Herkomst.
_NIET_PER_RIJ = ("uitkomst", "herkomst")
_LANG = ("toelichting", "oplossing", "lezing")
_BREED, _SMAL = 70, 14
# On one page all columns together are too small to read.
_BLADEN_BREED = 4


class Rapport:
    """The report as one XLSX file. Close it, also when the run fails.

    Raises:
        UitfaseringError: there can be no file at ``pad``.
    """

    def __init__(self, pad: Path, woorden: Woorden) -> None:
        keur_bestand(pad)
        self._pad = pad
        self._woorden = woorden
        self._telling = Telling(woorden)
        self._spoel = Spoel(pad.parent)

    def voeg_toe(self, blok: Blok) -> None:
        """Keep the next rows.

        Raises:
            UitfaseringError: more rows than a sheet can hold.
        """
        if self._spoel.rijen + len(blok.invoer) > MAX_RIJEN:
            raise UitfaseringError(
                f"{self._pad}: een Excel-blad heeft plaats voor {getal(MAX_RIJEN)} rijen; dit zijn "
                "er meer. Maak het rapport per deel van het bestand, of maak alleen de "
                "samenvatting in HTML."
            )
        self._telling.voeg_toe(blok.oordeel)
        self._spoel.voeg_toe(blok)

    def schrijf(self, herkomst: Herkomst, klassen: Sequence[Klasse]) -> None:
        """Write the report; ``klassen`` are those of the whole run.

        Raises:
            UitfaseringError: it cannot be written.
        """
        cijfers = self._telling.cijfers(klassen, herkomst)
        lezer = Rijlezer(self._woorden, herkomst.kolommen)
        tabel = self._spoel.tabel()
        with nieuw_werkboek(self._pad, _TITEL) as boek:
            samenvatting(boek, cijfers, herkomst, _TITEL)
            if tabel is not None:
                self._alle_rijen(boek, tabel, lezer, klassen)
                gemeentebladen(boek, tabel, lezer, klassen, self._woorden)
            regels_blad(boek, cijfers)
            herkomst_blad(boek, herkomst)

    def close(self) -> None:
        """Let go of what was kept."""
        self._spoel.close()

    def _alle_rijen(
        self, boek: Werkboek, tabel: pa.Table, lezer: Rijlezer, klassen: Sequence[Klasse]
    ) -> None:
        invoer = kolomnamen(tabel, INVOER)
        antwoord = [n for n in kolomnamen(tabel, ANTWOORD) if n not in _NIET_PER_RIJ]
        koppen = [*_EERST, *invoer, *(self._woorden.kolommen.get(n, n) for n in antwoord)]
        blad = boek.blad(ALLE_RIJEN, [8, 16, 22, *_breedtes(koppen[3:], antwoord)])
        blad.fit_to_pages(_BLADEN_BREED, 0)
        blad.repeat_columns(0, len(_EERST) - 1)
        zet_kop(boek, blad, 0, koppen)
        blad.freeze_panes(1, len(_EERST))
        uitkomst = _EERST.index("Uitkomst")
        begin = len(_EERST) + len(invoer)
        lang = [begin + nummer for nummer, naam in enumerate(antwoord) if naam in _LANG]
        gewoon, rij = boek.gewoon, 0
        for stuk in tabel.to_batches():
            deel = pa.Table.from_batches([stuk])
            vormen = [
                boek.vorm(self._woorden.groepen[groep].kleur)
                for groep in groepen(deel, klassen, self._woorden)
            ]
            kolommen = [
                range(rij + 1, rij + 1 + len(deel)),
                lezer.gemeenten(deel),
                lezer.antwoord(deel, "uitkomst"),
                *(lezer.invoer(deel, naam) for naam in invoer),
                *(lezer.antwoord(deel, naam) for naam in antwoord),
            ]
            for vorm, cellen in zip(vormen, zip(*kolommen, strict=True), strict=True):
                rij += 1
                blad.set_row(rij, regelhoogte([(cellen[kolom], _BREED) for kolom in lang]))
                for kolom, cel in enumerate(cellen):
                    zet(blad, rij, kolom, cel, vorm if kolom == uitkomst else gewoon)
        blad.autofilter(0, 0, rij, len(koppen) - 1)


def _breedtes(koppen: Sequence[str], antwoord: Sequence[str]) -> list[int]:
    lang = len(koppen) - len(antwoord)
    return [
        _BREED if nummer >= lang and antwoord[nummer - lang] in _LANG else max(_SMAL, len(kop) + 3)
        for nummer, kop in enumerate(koppen)
    ]
