"""An XLSX file with the looks that every report shares; no text in it ever becomes a formula."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from uitfasering.bulk.rapport.cellen import Cel
from uitfasering.bulk.rapport.plaatsen import nieuw_bestand

ALLE_RIJEN = "Alle rijen"
"""The sheet with everything."""

_A4 = 9
_DONKER, _LIJN = "#1F3864", "#BFBFBF"
_DATUM = "dd-mm-yyyy"
_DAG_NUL = date(1899, 12, 30)
_EERSTE_DAG = date(1900, 3, 1)  # Excel believes in 29 February 1900
_FORMULE = ("=", "+", "-", "@")
_VERBODEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_BLADNAAM = 31
# Letters are narrower than the digits that a width is counted in.
_TEKENS = 1.1
_KOPHOOGTE, _TITELHOOGTE, _REGEL, _HOOGSTE = 32, 24, 15, 409


@dataclass(frozen=True)
class Vorm:
    """How a cell looks, by what is in it; ``letterlijk`` is for what looks like a formula."""

    tekst: Format
    letterlijk: Format
    getal: Format
    datum: Format


class Werkboek:
    """The sheets of one file; see ``nieuw_werkboek``."""

    def __init__(self, boek: Workbook) -> None:
        self._boek = boek
        self._namen: set[str] = set()
        self._gekleurd: dict[str, Vorm] = {}
        self.titel = boek.add_format({"bold": True, "font_size": 16, "font_color": _DONKER})
        self.tussenkop = boek.add_format({"bold": True, "font_size": 12, "font_color": _DONKER})
        self.uitleg = boek.add_format({"text_wrap": True, "valign": "top"})
        self.kop = boek.add_format(
            {
                "bold": True,
                "font_color": "white",
                "bg_color": _DONKER,
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "border_color": _LIJN,
            }
        )
        self.gewoon = self._vorm({})
        kader = {"border": 1, "border_color": _LIJN, "num_format": "#,##0", "align": "right"}
        self.tabel = self._vorm(kader)
        self.vet = self._vorm({**kader, "bold": True})
        self.rechts = boek.add_format({**kader, "valign": "top"})

    def vorm(self, kleur: str) -> Vorm:
        """The looks of a cell on this colour (RRGGBB)."""
        if kleur not in self._gekleurd:
            self._gekleurd[kleur] = self._vorm({"bold": True, "bg_color": f"#{kleur}"})
        return self._gekleurd[kleur]

    def opmaak(self, eigenschappen: dict[str, object]) -> Format:
        """The look of a plain cell, with these properties of xlsxwriter besides."""
        basis = {"valign": "top", "text_wrap": True, "border": 1, "border_color": _LIJN}
        return self._boek.add_format({**basis, **eigenschappen})

    def zet_titel(self, blad: Worksheet, tekst: str) -> None:
        """The title of a sheet, in its first row."""
        blad.set_row(0, _TITELHOOGTE)
        blad.write_string(0, 0, tekst, self.titel)

    def blad(self, naam: str, breedtes: Sequence[int]) -> Worksheet:
        """A new sheet with these widths of columns (in characters), printed on its side."""
        blad = self._boek.add_worksheet(self._bladnaam(naam))
        for nummer, breedte in enumerate(breedtes):
            blad.set_column(nummer, nummer, breedte)
        blad.set_landscape()
        blad.set_paper(_A4)
        blad.fit_to_pages(1, 0)
        blad.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        blad.set_footer("&L&A&RBladzijde &P van &N")
        blad.hide_gridlines(0)
        return blad

    def staafgrafiek(self, blad: Worksheet, eerste: int, laatste: int) -> Chart:
        """A bar chart of the names in column A and the numbers in column B of these rows."""
        grafiek: Chart = self._boek.add_chart({"type": "bar"})
        grafiek.add_series(
            {
                "name": "Rijen per uitkomst",
                "categories": [blad.get_name(), eerste, 0, laatste, 0],
                "values": [blad.get_name(), eerste, 1, laatste, 1],
                "fill": {"color": "#2F5597"},
                "data_labels": {"value": True, "num_format": "#,##0", "align": "right"},
                "gap": 60,
            }
        )
        grafiek.set_title({"name": "Rijen per uitkomst", "name_font": {"size": 12}})
        grafiek.set_legend({"none": True})
        grafiek.set_y_axis({"reverse": True})
        grafiek.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        return grafiek

    def _vorm(self, eigenschappen: dict[str, object]) -> Vorm:
        basis = {"valign": "top", **eigenschappen}
        tekst = {"text_wrap": True, "align": "left"}
        maak = self._boek.add_format
        return Vorm(
            tekst=maak({**basis, **tekst}),
            letterlijk=maak({**basis, **tekst, "quote_prefix": True}),
            getal=maak({"align": "left", **basis}),
            datum=maak({**basis, "num_format": _DATUM, "align": "left"}),
        )

    def _bladnaam(self, naam: str) -> str:
        schoon = _VERBODEN.sub(" ", naam).strip(" '") or "Blad"
        kort, nummer = schoon[:_BLADNAAM].strip(" '"), 1
        while kort.lower() in self._namen:
            nummer += 1
            kort = f"{schoon[: _BLADNAAM - 4].strip()} {nummer}"
        self._namen.add(kort.lower())
        return kort


@contextmanager
def nieuw_werkboek(pad: Path, titel: str) -> Iterator[Werkboek]:
    """A file that takes the place of ``pad`` when nothing went wrong.

    Raises:
        UitfaseringError: the folder cannot be written to.
    """
    # xlsxwriter keeps rows in files of its own; here they go, whatever happens.
    with nieuw_bestand(pad) as tijdelijk, tempfile.TemporaryDirectory(dir=pad.parent) as rijen:
        boek = xlsxwriter.Workbook(
            str(tijdelijk),
            {
                "constant_memory": True,
                "tmpdir": rijen,
                "use_zip64": True,
            },
        )
        boek.set_properties({"title": titel})
        try:
            yield Werkboek(boek)
        except BaseException:
            for blad in boek.worksheets():
                blad.row_data_fh.close()
            raise
        try:
            boek.close()
        except FileCreateError as error:
            raise error.args[0] from None


def zet(blad: Worksheet, rij: int, kolom: int, cel: Cel, vorm: Vorm) -> None:
    """Write one cell; None is left out."""
    if isinstance(cel, str):
        formule = cel.lstrip().startswith(_FORMULE)
        blad.write_string(rij, kolom, cel, vorm.letterlijk if formule else vorm.tekst)
    elif isinstance(cel, date):
        if cel < _EERSTE_DAG:
            blad.write_string(rij, kolom, cel.isoformat(), vorm.tekst)
        else:
            blad.write_number(rij, kolom, (cel - _DAG_NUL).days, vorm.datum)
    elif cel is not None:
        blad.write_number(rij, kolom, cel, vorm.getal)


def zet_rij(blad: Worksheet, rij: int, cellen: Sequence[Cel], vorm: Vorm) -> None:
    """Write a row from its first column."""
    for kolom, cel in enumerate(cellen):
        zet(blad, rij, kolom, cel, vorm)


def regelhoogte(teksten: Sequence[tuple[Cel, int]]) -> float:
    """The height of a row that shows all of these texts, each in a column of that width.

    Not every program makes a row high enough by itself.
    """
    regels = [
        sum(1 + int(len(alinea) / (breedte * _TEKENS)) for alinea in tekst.split("\n"))
        for tekst, breedte in teksten
        if isinstance(tekst, str)
    ]
    return min(_REGEL * max(regels, default=1), _HOOGSTE)


def zet_kop(boek: Werkboek, blad: Worksheet, rij: int, koppen: Sequence[str]) -> None:
    """The header row of a list, on each printed page."""
    blad.set_row(rij, _KOPHOOGTE)
    for kolom, kop in enumerate(koppen):
        blad.write_string(rij, kolom, kop, boek.kop)
    blad.repeat_rows(rij)
