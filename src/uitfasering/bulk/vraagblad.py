"""The sheet of ``--vraag-aanvulling``: what decides something and is missing, to be filled in.

It is an XLSX file with a row for each toewijzing of which something is asked (``navraag``). Only
the cells that are asked can be filled in, from a list; ``--aanvulling`` reads the file back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from uitfasering.bulk.aanvulling import AANVULBAAR, GEMEENTE, sleuteltekst
from uitfasering.bulk.kolommen import Kolommen
from uitfasering.bulk.motor import Oordeel
from uitfasering.bulk.navraag import GEEN, Navraag, Vraag
from uitfasering.bulk.rapport.cellen import Cel
from uitfasering.bulk.rapport.werkboek import (
    Werkboek,
    nieuw_werkboek,
    regelhoogte,
    zet_kop,
    zet_rij,
)
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.bulk.schrijfwijzen import JA_NEE
from uitfasering.bulk.schrijven.xlsx import MAX_RIJEN
from uitfasering.bulk.uitvoer import keur
from uitfasering.bulk.velden import SLEUTELS, velden
from uitfasering.bulk.waarden import Gelezen
from uitfasering.bulk.woordenboek import Woordenboek
from uitfasering.errors import UitfaseringError
from uitfasering.gegevens import schema
from uitfasering.yamlreader import lees as lees_yaml

NIET_GEVRAAGD = "–"
"""In a cell that is not asked; it is read as empty."""

_TITEL = "Uitfasering: wat er nog ontbreekt"
_VRAGEN, _UITLEG = "Vragen", "Uitleg"
_HELPT = ("handeling", "productcode", "ingangsdatum", "einddatum")
"""Velden that help a person find the toewijzing; they are not read back."""

_NU, _ANDERS, _WAAROM = "uitkomst nu", "kan ook worden", "waarom"
# In characters.
_BREEDTES = {GEMEENTE: 20, _NU: 20, _ANDERS: 24, _WAAROM: 62, "verwijzer": 28, "gezinsplan": 26}
_BREED = 16
_UITLEG_BREEDTES = (26, 62)  # and _KEUZE for each word to choose from
_KEUZE = 26
_CIJFER = re.compile("[0-9]")
_KORT = 32  # what Excel can hold as the title of a note at a cell


@dataclass
class _Rij:
    """A toewijzing of which something is asked; more rows of the export can be of it."""

    sleutels: tuple[str | None, ...]
    helpt: tuple[Cel, ...]
    vragen: list[Vraag]


class Vraagblad:
    """Gathers what is asked and writes it.

    Args:
        pad: the file, .xlsx.
        navraag: finds what is asked.
        kolommen: the columns of the export.
        lees: reads a cell, as the motor's.
        woorden: the words of the reports.
        root: the project whose tables have the words to choose from.
        niet: the files and folders that are read, which must stay as they are.

    Attributes:
        zonder_sleutel: how many rows could not be asked about, as they have no number of any kind.

    Raises:
        UitfaseringError: there can be no such file, or the export has no column to find a
            toewijzing by.
    """

    def __init__(
        self,
        pad: Path,
        navraag: Navraag,
        kolommen: Kolommen,
        lees: Callable[[str, object], Gelezen],
        woorden: Woorden,
        root: Path,
        *,
        niet: Iterable[Path] = (),
    ) -> None:
        if pad.suffix.lower() != ".xlsx":
            raise UitfaseringError(
                f"{pad}: een vraagblad is een Excel-bestand; de naam eindigt op .xlsx."
            )
        keur(pad, niet)
        self._sleutels = [naam for naam in SLEUTELS if naam in kolommen.velden]
        if not self._sleutels:
            raise UitfaseringError(
                f"Voor een vraagblad is een kolom {' of '.join(SLEUTELS)} nodig: daarmee is een "
                "antwoord bij de goede toewijzing te zetten."
            )
        self.zonder_sleutel = 0
        self._pad = pad
        self._navraag = navraag
        self._vast = kolommen.vast
        self._woorden = woorden
        self._keuzes = keuzewoorden(root)
        self._boeken = {naam: Woordenboek(velden()[naam], lees) for naam in _HELPT}
        self._rijen: dict[tuple[str, ...], _Rij] = {}

    def __len__(self) -> int:
        """How many toewijzingen there are on the sheet."""
        return len(self._rijen)

    def voeg_toe(self, kolommen: Mapping[str, pa.Array], aantal: int, oordeel: Oordeel) -> None:
        """Look at the next rows.

        Args:
            kolommen: the cells of each veld and key that the export has, after ``--aanvulling``.
            aantal: how many rows there are.
            oordeel: what the motor said of them.

        Raises:
            UitfaseringError: more is asked than fits on a sheet.
        """
        cellen = {naam: kolom for naam, kolom in kolommen.items() if naam in velden()}
        nummers = self._navraag.vraag(cellen, aantal, oordeel, self._vast)
        plaatsen = np.flatnonzero(nummers != GEEN)
        rijen = pa.array(plaatsen)
        gemeenten = oordeel.gemeente.take(rijen).to_pylist()
        teksten = [
            pc.utf8_trim_whitespace(kolommen[n].take(rijen).cast(pa.string())).to_pylist()
            for n in self._sleutels
        ]
        zoeken = [sleuteltekst(n, kolommen[n].take(rijen)).to_pylist() for n in self._sleutels]
        helpt = [self._helpt(naam, kolommen, rijen) for naam in _HELPT]
        for plek, nummer in enumerate(nummers[plaatsen].tolist()):
            sleutel = (gemeenten[plek], *(kolom[plek] for kolom in zoeken))
            if not any(sleutel[1:]):
                self.zonder_sleutel += 1
                continue
            rij = self._rijen.get(sleutel)
            if rij is None:
                rij = self._rijen[sleutel] = _Rij(
                    tuple(kolom[plek] or None for kolom in teksten),
                    tuple(kolom[plek] for kolom in helpt),
                    [],
                )
            vraag = self._navraag.vragen[nummer]
            if vraag not in rij.vragen:
                rij.vragen.append(vraag)
        if len(self._rijen) > MAX_RIJEN:
            raise UitfaseringError(
                f"{self._pad}: er is iets te vragen over meer toewijzingen dan er op een blad van "
                "Excel passen. Maak een vraagblad per gemeente."
            )

    def _helpt(self, naam: str, kolommen: Mapping[str, pa.Array], rijen: pa.Array) -> list[Cel]:
        """What a person sees of a veld; a date as a date."""
        boek = self._boeken[naam]
        waarden: list[Any] = [None] * len(rijen)
        if naam in self._vast:
            waarden = [self._vast[naam]] * len(rijen)
        elif naam in kolommen:
            waarden = [boek.waarden[c] for c in boek.codes(kolommen[naam].take(rijen)).tolist()]
        if boek.veld.soort == "datum":
            return [date.fromisoformat(waarde) if waarde else None for waarde in waarden]
        return waarden

    def schrijf(self) -> None:
        """Write the file; also when nothing is asked.

        Raises:
            UitfaseringError: it cannot be written.
        """
        koppen = [GEMEENTE, *self._sleutels, *_HELPT, _NU, _ANDERS, _WAAROM]
        breedtes = [_BREEDTES.get(kop, _BREED) for kop in (*koppen, *AANVULBAAR)]
        with nieuw_werkboek(self._pad, _TITEL) as boek:
            blad = boek.blad(_VRAGEN, breedtes)
            zet_kop(boek, blad, 0, [*koppen, *(_kop(naam) for naam in AANVULBAAR)])
            blad.freeze_panes(1, 1 + len(self._sleutels))
            self._zet_notities(blad, len(koppen))
            self._zet_vragen(boek, blad, breedtes)
            eerste = self._zet_uitleg(boek)
            for plek, naam in enumerate(AANVULBAAR):
                self._zet_keuzes(blad, len(koppen) + plek, naam, eerste + plek)
            blad.autofilter(0, 0, len(self), len(koppen) + len(AANVULBAAR) - 1)
            # A number that must keep the zeros before it is no mistake.
            blad.ignore_errors({"number_stored_as_text": f"A1:{_cel(len(koppen), len(self))}"})
            blad.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})

    def _zet_notities(self, blad: Worksheet, eerste: int) -> None:
        """The question at each header; the header must be the last row written so far."""
        for kolom, naam in enumerate(AANVULBAAR, eerste):
            vraag = self._woorden.vraagblad["vragen"][naam]
            blad.write_comment(
                0,
                kolom,
                f"{vraag} Vul alleen de gele cellen in. Een streepje op grijs: niet nodig.",
                {"x_scale": 2, "y_scale": 1.2},
            )

    def _zet_vragen(self, boek: Werkboek, blad: Worksheet, breedtes: Sequence[int]) -> None:
        gevraagd = boek.opmaak({"bg_color": "#FFF2CC", "border": 2, "locked": False})
        niet = boek.opmaak({"bg_color": "#E7E6E6", "font_color": "#595959", "align": "center"})
        for nummer, (sleutel, rij) in enumerate(self._rijen.items(), 1):
            cellen: list[Cel] = [self._gemeente(sleutel[0]), *rij.sleutels, *rij.helpt]
            cellen += self._waarom(rij)
            blad.set_row(nummer, regelhoogte(list(zip(cellen, breedtes, strict=False))))
            zet_rij(blad, nummer, cellen, boek.gewoon)
            velden_ = {naam for vraag in rij.vragen for naam in vraag.velden}
            for kolom, naam in enumerate(AANVULBAAR, len(cellen)):
                if naam in velden_:
                    blad.write_blank(nummer, kolom, None, gevraagd)
                else:
                    blad.write_string(nummer, kolom, NIET_GEVRAAGD, niet)

    def _gemeente(self, code: str) -> str:
        return f"{code} {self._woorden.gemeenten.get(code, '')}".strip()

    def _waarom(self, rij: _Rij) -> Iterator[str]:
        """The uitkomst now, what it can become, and which agreements play a part."""
        nu = dict.fromkeys(vraag.nu for vraag in rij.vragen)
        yield self._koppen(nu)
        yield self._koppen(dict.fromkeys(een for vraag in rij.vragen for een in vraag.anders))
        regels = sorted({regel for vraag in rij.vragen for regel in vraag.regels})
        yield "\n".join(f"{regel}: {self._woorden.regels[regel].titel}" for regel in regels)

    def _koppen(self, uitkomsten: Mapping[str, Any]) -> str:
        return "\n".join(self._woorden.uitkomsten[uitkomst].kop for uitkomst in uitkomsten)

    def _zet_uitleg(self, boek: Werkboek) -> int:
        """The second sheet; returns the row (from 0) with the choices of the first veld."""
        keuzes = max(map(len, self._keuzes.values()))
        breedtes = [*_UITLEG_BREEDTES, *[_KEUZE] * keuzes]
        blad = boek.blad(_UITLEG, breedtes)
        blad.hide_gridlines(2)
        boek.zet_titel(blad, _TITEL)
        regels = list(self._woorden.vraagblad["uitleg"])
        if not self._rijen:
            regels = ["Er is niets te vragen: geen enkel leeg gegeven verandert hier iets."]
        for rij, regel in enumerate(regels, 2):
            blad.set_row(rij, regelhoogte([(regel, sum(_UITLEG_BREEDTES))]))
            blad.merge_range(rij, 0, rij, 1, regel, boek.uitleg)
        kop = len(regels) + 3
        zet_kop(boek, blad, kop, ["Kolom", "Vraag", "U kunt kiezen uit", *[""] * (keuzes - 1)])
        for rij, naam in enumerate(AANVULBAAR, kop + 1):
            vraag = self._woorden.vraagblad["vragen"][naam]
            cellen = [_kop(naam), vraag, *self._keuzes[naam]]
            blad.set_row(rij, regelhoogte(list(zip(cellen, breedtes, strict=False))))
            zet_rij(blad, rij, cellen, boek.gewoon)
        blad.protect()
        return kop + 1

    def _zet_keuzes(self, blad: Worksheet, kolom: int, naam: str, rij: int) -> None:
        """The list to choose from, and the question at each cell."""
        vraag = self._woorden.vraagblad["vragen"][naam]
        laatste = xl_col_to_name(1 + len(self._keuzes[naam]), True)
        blad.data_validation(
            1,
            kolom,
            max(1, len(self)),
            kolom,
            {
                "validate": "list",
                "source": f"={_UITLEG}!$C${rij + 1}:{laatste}${rij + 1}",
                "input_title": _kop(naam)[:_KORT],
                "input_message": vraag,
                "error_title": "Kies een woord uit de lijst",
                "error_message": "Weet u het niet? Laat de cel dan leeg.",
            },
        )


def keuzewoorden(root: Path) -> dict[str, list[str]]:
    """Of each of AANVULBAAR the words to choose from, which are read back as its values.

    Raises:
        BuildError: ``data/kolommen.yaml`` is wrong.
    """
    document = lees_yaml(root / "data/kolommen.yaml", schema(root, "kolommen"))
    schrijfwijzen = document.data["waarden"]
    found = {}
    for naam in AANVULBAAR:
        veld = velden()[naam]
        if veld.soort == "ja_nee":
            found[naam] = list(JA_NEE)
            continue
        per_waarde = schrijfwijzen.get(naam, {})
        found[naam] = [_woord(waarde, per_waarde.get(waarde, [])) for waarde in veld.schema["enum"]]
    return found


def _woord(waarde: str, schrijfwijzen: Sequence[str]) -> str:
    """The first spelling that is a word; else the value itself."""
    return next((woord for woord in schrijfwijzen if not _CIJFER.search(woord)), waarde)


def _kop(naam: str) -> str:
    return naam.replace("_", " ")


def _cel(kolom: int, rij: int) -> str:
    return f"{xl_col_to_name(kolom)}{rij + 1}"
