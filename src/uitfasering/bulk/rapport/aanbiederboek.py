"""The file for one provider."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.rapport.rijen import RIJNUMMER, Rijlezer, groepen
from uitfasering.bulk.rapport.telling import ANDERE
from uitfasering.bulk.rapport.werkboek import (
    Werkboek,
    nieuw_werkboek,
    regelhoogte,
    zet,
    zet_kop,
    zet_rij,
)
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.weergave.tellen import hoeveel

_VELDEN = {
    "kenmerk": ("Kenmerk", 15),
    "toewijzingnummer": ("Nummer", 11),
    "handeling": ("Handeling", 12),
    "productcode": ("Product", 9),
    "ingangsdatum": ("Ingang", 12),
    "einddatum": ("Einde", 12),
    "periode_begindatum": ("Periode van", 12),
    "periode_einddatum": ("Periode tot en met", 12),
}
_LANG = 45
_TEKSTBREEDTE = 90


class Aanbiederboek:
    """What one provider is told.

    Args:
        woorden, lezer: the words, and what reads the rows.
        aanbieder: its AGB code; "" for the rows without one.
    """

    def __init__(self, woorden: Woorden, lezer: Rijlezer, aanbieder: str) -> None:
        self._woorden = woorden
        self._lezer = lezer
        self._aanbieder = aanbieder

    def schrijf(
        self, pad: Path, tabel: pa.Table, gevraagd: Sequence[str], klassen: Sequence[Klasse]
    ) -> None:
        """Write the file.

        Args:
            pad: where.
            tabel: the rows of this provider.
            gevraagd: of each row what is asked; "" is nothing.
            klassen: those of the whole run.
        """
        vraagt = np.array([bool(een) for een in gevraagd])
        wel, niet = np.flatnonzero(vraagt), np.flatnonzero(~vraagt)
        titel = f"Aanbieder {self._aanbieder}" if self._aanbieder else "Zonder aanbieder"
        with nieuw_werkboek(pad, titel) as boek:
            self._leeswijzer(boek, titel, tabel, len(wel), len(niet))
            if len(wel):
                vragen = [gevraagd[plaats] for plaats in wel.tolist()]
                self._rijen(boek, "Wij vragen u", tabel.take(pa.array(wel)), vragen, klassen)
            if len(niet):
                self._rijen(boek, "Ter informatie", tabel.take(pa.array(niet)), None, klassen)

    def _leeswijzer(self, boek: Werkboek, titel: str, tabel: pa.Table, wel: int, niet: int) -> None:
        teksten = self._woorden.aanbieder
        blad = boek.blad("Leeswijzer", [38, _TEKSTBREEDTE - 38])
        blad.hide_gridlines(2)
        boek.zet_titel(blad, titel)
        alineas = [teksten["inleiding"] if self._aanbieder else teksten["zonder_aanbieder"]]
        alineas.append(teksten["gevraagd"] if wel else teksten["niets_gevraagd"])
        if wel and niet:
            alineas.append(teksten["ter_informatie"])
        alineas.append(teksten["vragen"])
        rij = 1
        for alinea in alineas:
            rij += 1
            blad.set_row(rij, regelhoogte([(alinea, _TEKSTBREEDTE)]) + 6)
            blad.merge_range(rij, 0, rij, 1, alinea, boek.uitleg)
        rij += 2
        blad.write_string(rij, 0, "Hoeveel rijen", boek.tussenkop)
        for naam, aantal in (("Wij vragen u iets", wel), ("Ter informatie", niet)):
            rij += 1
            zet(blad, rij, 0, naam, boek.vet)
            zet(blad, rij, 1, hoeveel(aantal, "rij", "rijen"), boek.tabel)
        rij += 2
        blad.write_string(rij, 0, "Met wie u contact opneemt", boek.tussenkop)
        for naam, contact in self._contacten(tabel):
            rij += 1
            zet(blad, rij, 0, naam, boek.vet)
            zet(blad, rij, 1, contact, boek.tabel)

    def _contacten(self, tabel: pa.Table) -> list[tuple[str, str]]:
        """The municipalities of these rows, and contract management."""
        woorden, geen = self._woorden, self._woorden.aanbieder["geen_contact"]
        namen = set(self._lezer.gemeenten(tabel)) - {ANDERE}
        codes = [code for code, naam in woorden.gemeenten.items() if naam in namen]
        return [
            *(
                (
                    f"Lokale toegang van {woorden.gemeenten[code]}",
                    woorden.lokale_toegang.get(code, geen),
                )
                for code in codes
            ),
            ("Contractmanagement", woorden.contractmanagement or geen),
        ]

    def _rijen(
        self,
        boek: Werkboek,
        naam: str,
        tabel: pa.Table,
        gevraagd: Sequence[str] | None,
        klassen: Sequence[Klasse],
    ) -> None:
        lezer = self._lezer
        velden = [veld for veld in _VELDEN if lezer.heeft(tabel, veld)]
        vraag = [("Wat wij u vragen", _LANG)] if gevraagd else []
        lang = [*vraag, ("Wat er gebeurt", _LANG), ("Toelichting", _LANG)]
        kop = [("Rij", 7), ("Gemeente", 16), *(_VELDEN[veld] for veld in velden), *lang]
        blad = boek.blad(naam, [breedte for _, breedte in kop])
        zet_kop(boek, blad, 0, [tekst for tekst, _ in kop])
        blad.freeze_panes(1, 0)
        groep = groepen(tabel, klassen, self._woorden)
        kolommen = [
            tabel.column(RIJNUMMER).to_pylist(),
            lezer.gemeenten(tabel),
            *(lezer.veld(tabel, veld) for veld in velden),
            *([gevraagd] if gevraagd else []),
            [self._woorden.groepen[een].aanbieder for een in groep],
            lezer.antwoord(tabel, "toelichting"),
        ]
        for rij, cellen in enumerate(zip(*kolommen, strict=True), 1):
            hoogte = regelhoogte([(cel, _LANG) for cel in cellen[-len(lang) :]])
            blad.set_row(rij, hoogte)
            zet_rij(blad, rij, cellen, boek.gewoon)
        blad.autofilter(0, 0, len(tabel), len(kop) - 1)
