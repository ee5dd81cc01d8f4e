"""A sheet for each municipality: its rows, by what there is to do with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from xlsxwriter.worksheet import Worksheet

from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.rapport.rijen import RIJNUMMER, Rijlezer, groepen, met_rijnummers
from uitfasering.bulk.rapport.spoel import in_volgorde
from uitfasering.bulk.rapport.telling import ANDERE
from uitfasering.bulk.rapport.werkboek import ALLE_RIJEN, Werkboek, regelhoogte, zet_kop, zet_rij
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.weergave.tellen import hoeveel

_VELDEN = {
    "kenmerk": ("Kenmerk", 15),
    "toewijzingnummer": ("Nummer", 11),
    "handeling": ("Handeling", 11),
    "productcode": ("Product", 9),
    "toewijzingsdatum": ("Datum besluit", 12),
    "ingangsdatum": ("Ingang", 12),
    "einddatum": ("Einde", 12),
    "aanbieder": ("Aanbieder", 11),
}
_ANTWOORD = (("Toelichting", 50), ("Wat u kunt doen", 50), ("Ontbreekt", 14), ("Afspraken", 11))
_BREEDTES = [breedte for _, breedte in _ANTWOORD]
_KOPRIJ = 2
_ELDERS = f"De rijen staan op het blad “{ALLE_RIJEN}”."


def gemeentebladen(
    boek: Werkboek,
    tabel: pa.Table,
    lezer: Rijlezer,
    klassen: Sequence[Klasse],
    woorden: Woorden,
) -> None:
    """A sheet for each municipality of the region that occurs, and one for all others."""
    tabel = met_rijnummers(tabel)
    namen = np.array(lezer.gemeenten(tabel))
    volgorde = {groep: nummer for nummer, groep in enumerate(woorden.groepen)}
    per_rij = np.array([volgorde[groep] for groep in groepen(tabel, klassen, woorden)])
    for naam in sorted(set(namen.tolist()), key=lambda naam: (naam == ANDERE, naam)):
        rijen = np.flatnonzero(namen == naam)
        blad = _Blad(boek, naam, tabel, lezer)
        for nummer, groep in enumerate(woorden.groepen.values()):
            deel = rijen[per_rij[rijen] == nummer]
            if len(deel):
                blad.tussenkop(f"{groep.kop}: {hoeveel(len(deel), 'rij', 'rijen')}", groep.kleur)
                if not groep.op_blad:
                    blad.uitleg(f"{groep.doen} {_ELDERS}")
                    continue
                blad.uitleg(groep.doen)
                for stuk in in_volgorde(tabel, deel):
                    blad.rijen(stuk)


class _Blad:
    def __init__(self, boek: Werkboek, naam: str, tabel: pa.Table, lezer: Rijlezer) -> None:
        self._boek = boek
        self._lezer = lezer
        self._velden = [veld for veld in _VELDEN if lezer.heeft(tabel, veld)]
        kolommen = [("Rij", 7), *(_VELDEN[veld] for veld in self._velden), *_ANTWOORD]
        self._aantal = len(kolommen)
        self._blad: Worksheet = boek.blad(naam, [breedte for _, breedte in kolommen])
        boek.zet_titel(self._blad, naam)
        self._blad.outline_settings(symbols_below=False)
        zet_kop(boek, self._blad, _KOPRIJ, [kop for kop, _ in kolommen])
        self._blad.freeze_panes(_KOPRIJ + 1, 0)
        self._rij = _KOPRIJ

    def tussenkop(self, tekst: str, kleur: str) -> None:
        self._rij += 1
        vorm = self._boek.vorm(kleur).getal
        self._blad.write_string(self._rij, 0, tekst, vorm)
        for kolom in range(1, self._aantal):
            self._blad.write_blank(self._rij, kolom, None, vorm)

    def uitleg(self, tekst: str) -> None:
        self._rij += 1
        self._blad.write_string(self._rij, 0, tekst)

    def rijen(self, stuk: pa.Table) -> None:
        lezer = self._lezer
        kolommen = [
            stuk.column(RIJNUMMER).to_pylist(),
            *(lezer.veld(stuk, veld) for veld in self._velden),
            lezer.antwoord(stuk, "toelichting"),
            lezer.wat_te_doen(stuk),
            lezer.antwoord(stuk, "ontbreekt"),
            lezer.antwoord(stuk, "regels"),
        ]
        for cellen in zip(*kolommen, strict=True):
            self._rij += 1
            # Rows of a group fold away under its heading.
            lang = zip(cellen[-len(_ANTWOORD) :], _BREEDTES, strict=True)
            self._blad.set_row(self._rij, regelhoogte(list(lang)), None, {"level": 1})
            zet_rij(self._blad, self._rij, cellen, self._boek.gewoon)
