"""The reports over a bulk run: what they say is what was decided, and nothing leaks or breaks."""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from conftest import project_met
from exporten.maak import maak_tabel
from uitfasering.bulk.bron import Bestand, bron_van_tabel
from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.rapport import (
    Herkomst,
    HtmlRapport,
    PerAanbieder,
    Rapport,
    Woorden,
    lees_woorden,
)
from uitfasering.bulk.rapport.aanbiederboek import Aanbiederboek
from uitfasering.bulk.stroom import Blok
from uitfasering.bulk.uitvoeren import Opties, Run
from uitfasering.errors import BuildError, UitfaseringError

RIJEN = 1_200
AANBIEDERS = 8
VIJANDIG = ["=1+1", "+31612345678", "-5", "@SOM(A1)", "<r><t>x</r>", "<b>&amp;", "a\x01b", "\t=2"]
VERLANGD = ["=1+1", "+31612345678", "-5", "@SOM(A1)", " <r><t>x</r>", "<b>&amp;", "a�b", "�=2"]
# Contract §4.5: these agreements are addressed to the provider.
VOOR_AANBIEDER = {"B1-09", "B1-11", "B1-12", "B1-14", "B1-18", "B1-18a"}


@dataclass(frozen=True)
class Ronde:
    """A run: its blocks, and the same rows one by one."""

    blokken: Sequence[Blok]
    klassen: Sequence[Klasse]
    herkomst: Herkomst
    teksten: Mapping[str, Any]
    woorden: Woorden

    @property
    def rijen(self) -> Iterator[dict[str, Any]]:
        """Every row: ``kenmerk``, the canonical gemeente and aanbieder, and the answer."""
        for blok in self.blokken:
            o = blok.oordeel
            samen = zip(
                blok.invoer.column("kenmerk").to_pylist(),
                o.gemeente.to_pylist(),
                o.aanbieder.to_pylist(),
                o.kolommen.to_pylist(),
                strict=True,
            )
            for kenmerk, gemeente, aanbieder, antwoord in samen:
                naam = self.woorden.gemeenten.get(gemeente, "Andere of onbekend")
                yield {**antwoord, "kenmerk": kenmerk, "gemeente": naam, "aanbieder": aanbieder}

    def groep(self, rij: Mapping[str, Any]) -> str:
        """The heading this row belongs under."""
        ontbreekt = rij["uitkomst"] == "HANDMATIG" and rij["ontbreekt"]
        return self.woorden.groepen["GEGEVENS_ONTBREKEN" if ontbreekt else rij["uitkomst"]].kop


@pytest.fixture(scope="module")
def ronde(root: Path) -> Ronde:
    tabel = _met_weinig_aanbieders(maak_tabel(RIJEN, 7, "fouten"))
    opmerkingen = [VIJANDIG[nummer % len(VIJANDIG)] for nummer in range(RIJEN)]
    tabel = tabel.append_column("opmerking", pa.array(opmerkingen))
    tabel = tabel.append_column("uitkomst", pa.array(["van het bestand zelf"] * RIJEN))
    begin = datetime.now(timezone.utc)
    with ExitStack() as stapel:
        run = Run(bron_van_tabel(tabel), Opties(behoud=["opmerking"]), root, stapel)
        # Two blocks: dictionaries of the second are larger than those of the first.
        blokken = list(run.blokken())
        teksten = run.vraagbaak.waarde("bulk/vragen/gemeenteteksten")
        herkomst = Herkomst(
            bundel=run.verloop.revisie,
            opa="1.22.2",
            begin=begin,
            einde=datetime.now(timezone.utc),
            bestanden=[Bestand("export <i>&lt;.csv", "ab" * 32, 12_345)],
            kolommen=run.kolommen.velden,
            weggelaten=["geboortedatum"],
            meldingen=[],
            rijen_in=RIJEN,
            rijen_uit=RIJEN,
            rijen_fout=run.verloop.ongeldig,
            klassen_gecontroleerd=len(run.motor.klassen),
            rijen_gecontroleerd=0,
            onbekende_codes=run.verloop.onbekende_codes,
        )
        gedeeld = [deel for blok in blokken for deel in _gedeeld(blok)]
        return Ronde(gedeeld, list(run.motor.klassen), herkomst, teksten, lees_woorden(root))


def _met_weinig_aanbieders(tabel: pa.Table) -> pa.Table:
    """Every file costs time; faults and empty cells stay."""
    codes = tabel.column("aanbieder").to_pylist()
    goed = sorted({code for code in codes if code and len(code) == 8 and code.isdigit()})
    ander = {code: goed[nummer % AANBIEDERS] for nummer, code in enumerate(goed)}
    plaats = tabel.schema.get_field_index("aanbieder")
    return tabel.set_column(plaats, "aanbieder", pa.array([ander.get(c, c) for c in codes]))


def _gedeeld(blok: Blok) -> Iterator[Blok]:
    """The same rows in more blocks, as a long run gives them."""
    for begin in range(0, len(blok.invoer), 500):
        o, eind = blok.oordeel, begin + 500
        yield replace(
            blok,
            invoer=blok.invoer.slice(begin, 500),
            oordeel=replace(
                o,
                kolommen=o.kolommen.slice(begin, 500),
                klasse=o.klasse[begin:eind],
                gemeente=o.gemeente.slice(begin, 500),
                aanbieder=o.aanbieder.slice(begin, 500),
                code=o.code.slice(begin, 500),
            ),
        )


@pytest.fixture(scope="module")
def boek(ronde: Ronde, tmp_path_factory: pytest.TempPathFactory) -> Iterator[openpyxl.Workbook]:
    pad = tmp_path_factory.mktemp("rapport") / "rapport.xlsx"
    with closing(Rapport(pad, ronde.woorden)) as rapport:
        for blok in ronde.blokken:
            rapport.voeg_toe(blok)
        rapport.schrijf(ronde.herkomst, ronde.klassen)
    assert [een.name for een in pad.parent.iterdir()] == ["rapport.xlsx"]
    with closing(openpyxl.load_workbook(pad)) as gelezen:
        yield gelezen


@pytest.fixture(scope="module")
def html(ronde: Ronde, tmp_path_factory: pytest.TempPathFactory) -> Bladzijde:
    pad = tmp_path_factory.mktemp("html") / "rapport.html"
    rapport = HtmlRapport(pad, ronde.woorden)
    for blok in ronde.blokken:
        rapport.voeg_toe(blok)
    rapport.schrijf(ronde.herkomst, ronde.klassen)
    bladzijde = Bladzijde()
    bladzijde.feed(pad.read_text("utf-8"))
    return bladzijde


@pytest.fixture(scope="module")
def aanbieders(
    ronde: Ronde, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, openpyxl.Workbook]:
    map_ = tmp_path_factory.mktemp("aanbieders") / "uit"
    with closing(PerAanbieder(map_, ronde.woorden, ronde.teksten)) as rapport:
        for blok in ronde.blokken:
            rapport.voeg_toe(blok)
        rapport.schrijf(ronde.herkomst, ronde.klassen)
    assert [een.name for een in map_.parent.iterdir()] == ["uit"]
    return {pad.stem: openpyxl.load_workbook(pad) for pad in map_.iterdir()}


class Bladzijde(HTMLParser):
    """The tables by caption (cells as text), and what a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tabellen: dict[str, list[list[str]]] = {}
        self._rijen: list[list[str]] = []
        self._titel = ""
        self._waar = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("caption", "th", "td"):
            self._waar = tag
        if tag == "table":
            self._rijen, self._titel = [], ""
        elif tag == "tr":
            self._rijen.append([])
        elif tag in ("th", "td"):
            self._rijen[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("caption", "th", "td"):
            self._waar = ""
        if tag == "table":
            self.tabellen[self._titel] = self._rijen

    def handle_data(self, data: str) -> None:
        if self._waar == "caption":
            self._titel += data
        elif self._waar:
            self._rijen[-1][-1] += data


def getal(tekst: object) -> int:
    return int(str(tekst).replace(".", ""))


def rijen(blad: Worksheet, onder: str, kolommen: int) -> list[list[Any]]:
    """The rows of the table whose header begins with ``onder``, until an empty first cell."""
    alle = [[cel.value for cel in rij[:kolommen]] for rij in blad.iter_rows()]
    begin = next(nummer for nummer, rij in enumerate(alle) if rij[0] == onder) + 1
    eind = next((n for n in range(begin, len(alle)) if alle[n][0] is None), len(alle))
    return alle[begin:eind]


def test_uitkomsten_in_beide_rapporten(
    ronde: Ronde, boek: openpyxl.Workbook, html: Bladzijde
) -> None:
    geteld = Counter(ronde.woorden.uitkomsten[rij["uitkomst"]].kop for rij in ronde.rijen)
    assert len(geteld) == 8
    in_excel = rijen(boek["Samenvatting"], "Uitkomst", 2)
    assert dict(in_excel[:-2]) == geteld
    assert in_excel[-2] == ["Totaal", RIJEN]
    in_html = html.tabellen["Rijen per uitkomst"]
    assert {rij[0]: getal(rij[1]) for rij in in_html[1:-1]} == geteld
    assert in_html[-1][:2] == ["Totaal", "1.200"]
    # From heavy to light, as everywhere.
    volgorde = [woorden.kop for woorden in ronde.woorden.uitkomsten.values()]
    assert [rij[0] for rij in in_excel[:-2]] == [rij[0] for rij in in_html[1:-1]] == volgorde


def test_gemeenten_in_beide_rapporten(
    ronde: Ronde, boek: openpyxl.Workbook, html: Bladzijde
) -> None:
    koppen = [woorden.kop for woorden in ronde.woorden.uitkomsten.values()]
    geteld: dict[str, Counter[str]] = {}
    for rij in ronde.rijen:
        telling = geteld.setdefault(rij["gemeente"], Counter())
        telling[ronde.woorden.uitkomsten[rij["uitkomst"]].kop] += 1
        rust = rij["uitkomst"] in ("AFLOPEN", "TOEGESTAAN", "NIET_VAN_TOEPASSING")
        telling["vraagt iets"] += not rust
    verwacht = [
        [
            naam,
            sum(telling[kop] for kop in koppen),
            telling["vraagt iets"],
            *(telling[kop] for kop in koppen),
        ]
        for naam, telling in geteld.items()
    ]
    verwacht.sort(key=lambda rij: (rij[0] == "Andere of onbekend", rij[0]))
    assert len(verwacht) == 12
    in_excel = rijen(boek["Samenvatting"], "Gemeente", 11)
    assert in_excel[:-1] == verwacht
    assert in_excel[-1][1:] == [sum(kolom) for kolom in list(zip(*verwacht, strict=True))[1:]]
    in_html = html.tabellen["Rijen per gemeente en uitkomst"][1:]
    assert [[rij[0], *map(getal, rij[1:])] for rij in in_html] == in_excel


def test_wat_opvalt(ronde: Ronde, boek: openpyxl.Workbook, html: Bladzijde) -> None:
    alle = list(ronde.rijen)
    verwacht = [
        sum(bool(rij["ontbreekt"]) for rij in alle),
        sum("voorbeeld in de catalogus" in (rij["toelichting"] or "") for rij in alle),
        sum(rij["voorlopig"] == "ja" for rij in alle),
    ]
    in_html = {rij[0]: getal(rij[1]) for rij in html.tabellen["Rijen die aandacht vragen"][1:]}
    waarden = list(in_html.values())
    assert [waarden[0], waarden[2], waarden[3]] == verwacht
    assert all(verwacht)
    assert waarden[1] == sum(ronde.herkomst.onbekende_codes.values())
    blad = boek["Samenvatting"]
    begin = next(cel.row for cel in blad["A"] if cel.value == "Wat opvalt")
    in_excel = {
        str(blad.cell(begin + n, 2).value): getal(str(blad.cell(begin + n, 1).value).split()[0])
        for n in range(1, 5)
    }
    assert in_excel == in_html


def test_alle_rijen(ronde: Ronde, boek: openpyxl.Workbook) -> None:
    blad = boek["Alle rijen"]
    koppen = [str(cel.value) for cel in blad[1]]
    gelezen = [[cel.value for cel in rij] for rij in blad.iter_rows(min_row=2)]
    invoer = ronde.blokken[0].invoer.schema.names
    assert koppen[: 3 + len(invoer)] == ["Rij", "Gemeente", "Uitkomst", *invoer]
    assert [rij[0] for rij in gelezen] == list(range(1, RIJEN + 1))
    kolom = {kop: nummer for nummer, kop in enumerate(koppen)}
    for rij, verwacht in zip(gelezen, ronde.rijen, strict=True):
        assert rij[kolom["kenmerk"]] == verwacht["kenmerk"]
        assert rij[1] == verwacht["gemeente"]
        assert rij[2] == ronde.woorden.uitkomsten[verwacht["uitkomst"]].kop
        assert rij[kolom["uitkomst"]] == "van het bestand zelf"
        assert rij[kolom["Toelichting"]] == verwacht["toelichting"]
        regels = verwacht["regels"]
        assert rij[kolom["Afspraken"]] == (regels and regels.replace(" ", ", "))
        einde = rij[kolom["Uiterste einddatum"]]
        assert not isinstance(einde, datetime) or einde.date() == verwacht["uiterste_einddatum"]
        assert bool(einde) == bool(verwacht["uiterste_einddatum"])
    assert blad.freeze_panes == "D2"
    assert blad.auto_filter.ref == blad.dimensions
    # The colour never says more than the word.
    kleuren = {(rij[2].value, rij[2].fill.start_color.rgb) for rij in blad.iter_rows(min_row=2)}
    groepen = {ronde.groep(rij) for rij in ronde.rijen}
    assert len(kleuren) == len(groepen) == len({kleur for _, kleur in kleuren})


def test_geen_formules(boek: openpyxl.Workbook) -> None:
    blad = boek["Alle rijen"]
    kolom = [str(cel.value) for cel in blad[1]].index("opmerking") + 1
    cellen = [blad.cell(2 + nummer, kolom) for nummer in range(len(VIJANDIG))]
    assert [cel.value for cel in cellen] == VERLANGD
    # Text, and still text after someone opens the cell and presses Enter.
    assert [bool(cel.quotePrefix) for cel in cellen] == [True] * 4 + [False] * 4
    for een in boek:
        assert not [cel for rij in een.iter_rows() for cel in rij if cel.data_type == "f"]


def test_gemeentebladen(ronde: Ronde, boek: openpyxl.Workbook) -> None:
    alle = list(ronde.rijen)
    koppen = {groep.kop: groep.doen for groep in ronde.woorden.groepen.values()}
    gevonden: list[int] = []
    namen = sorted({rij["gemeente"] for rij in alle} - {"Andere of onbekend"})
    assert boek.sheetnames == [
        "Samenvatting",
        "Alle rijen",
        *namen,
        "Andere of onbekend",
        "Regels",
        "Herkomst",
    ]
    for naam in [*namen, "Andere of onbekend"]:
        blad = boek[naam]
        groepen: list[str] = []
        for rij in blad.iter_rows(min_row=4):
            eerste = rij[0].value
            if isinstance(eerste, int):
                gevonden.append(eerste)
                assert alle[eerste - 1]["gemeente"] == naam
                assert ronde.groep(alle[eerste - 1]) == groepen[-1]
                assert rij[1].value == alle[eerste - 1]["kenmerk"]
            elif not str(eerste).startswith(tuple(koppen.values())):
                groepen.append(str(eerste).split(":")[0])
                telt = sum(r["gemeente"] == naam and ronde.groep(r) == groepen[-1] for r in alle)
                assert str(eerste).split(": ")[1].split()[0] == str(telt)
        assert groepen == [kop for kop in koppen if kop in groepen]
    # Nobody has to look at these.
    rust = ("TOEGESTAAN", "NIET_VAN_TOEPASSING")
    assert sorted(gevonden) == [n for n, r in enumerate(alle, 1) if r["uitkomst"] not in rust]


def test_wat_te_doen_bij_omzetten(ronde: Ronde, boek: openpyxl.Workbook) -> None:
    """Letter of 24 November 2021: end per 31 December 2021, and go on in top."""
    rij = next(nummer for nummer, r in enumerate(ronde.rijen, 1) if r["uitkomst"] == "OMZETTEN")
    blad = boek[next(r["gemeente"] for n, r in enumerate(ronde.rijen, 1) if n == rij)]
    koppen = [str(cel.value) for cel in blad[3]]
    cellen = next(c for c in blad.iter_rows(min_row=4) if c[0].value == rij)
    doen = str(cellen[koppen.index("Wat u kunt doen")].value)
    assert "Voorstel: Beëindig deze toewijzing per 31 december 2021." in doen
    assert "Geef haar opnieuw af in segment top" in doen
    assert "van 1 januari 2022 tot en met" in doen


def test_regels(ronde: Ronde, boek: openpyxl.Workbook, html: Bladzijde) -> None:
    geteld = Counter(r for rij in ronde.rijen for r in set((rij["regels"] or "").split()))
    in_excel = {str(rij[0]): rij for rij in rijen(boek["Regels"], "Afspraak", 9)}
    assert {regel: rij[1] for regel, rij in in_excel.items()} == geteld
    b2_11 = in_excel["B2-11"]
    assert b2_11[2] == "Omzetten naar top"
    assert b2_11[6] == "“beëindigen we zoveel mogelijk per 31 december 2021”"
    assert str(b2_11[7]).startswith("Brief van 24 november 2021.")
    # A fault in the data rests on no sentence of a letter.
    assert not in_excel["A-00"][7]
    in_html = html.tabellen["Afspraken, met de zin uit de brief"][1:]
    assert [getal(rij[1]) for rij in in_html] == [rij[1] for rij in in_excel.values()]


def test_herkomst(ronde: Ronde, boek: openpyxl.Workbook, html: Bladzijde) -> None:
    herkomst = ronde.herkomst
    in_excel = {
        str(naam.value): waarde.value for naam, waarde in boek["Herkomst"].iter_rows(max_col=2)
    }
    assert in_excel["Versie van de afspraken"] == herkomst.bundel
    assert in_excel["Versie van OPA"] == "1.22.2"
    assert in_excel["export <i>&lt;.csv"] == f"12.345 bytes, SHA-256 {'ab' * 32}"
    assert in_excel["Rijen gelezen"] == "1.200"
    assert in_excel["Rijen die niet kloppen"] == str(
        sum(rij["uitkomst"] == "ONGELDIGE_INVOER" for rij in ronde.rijen)
    )
    assert in_excel["Soorten gecontroleerd"] == str(len(ronde.klassen))
    assert in_excel["geboortedatum"] == "weggelaten"
    in_html = {
        rij[0]: rij[1]
        for titel in ("De beoordeling", "Telling", "Controle", "Bestanden", "Weggelaten")
        for rij in html.tabellen[titel][1:]
    }
    assert in_html.items() <= in_excel.items()


def test_html_voor_een_schermlezer(html: Bladzijde) -> None:
    assert ("html", {"lang": "nl"}) in html.tags
    koppen = [int(tag[1]) for tag, _ in html.tags if tag in ("h1", "h2", "h3", "h4")]
    assert koppen[0] == 1
    assert koppen.count(1) == 1
    assert all(na <= voor + 1 for voor, na in pairwise(koppen))
    assert all(attrs.get("scope") in ("row", "col") for tag, attrs in html.tags if tag == "th")
    grafieken = [attrs for tag, attrs in html.tags if tag == "svg"]
    assert len(grafieken) == 2
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in grafieken)
    assert [tag for tag, _ in html.tags].count("table") == len(html.tabellen)
    # Nothing from elsewhere.
    assert not [tag for tag, _ in html.tags if tag in ("script", "link", "img", "iframe")]
    links = [str(attrs["href"]) for tag, attrs in html.tags if "href" in attrs]
    assert links
    assert all(link.startswith("#") for link in links)


def test_per_aanbieder(ronde: Ronde, aanbieders: Mapping[str, openpyxl.Workbook]) -> None:
    alle = list(ronde.rijen)
    namen = {rij["aanbieder"] or "zonder-aanbieder" for rij in alle}
    assert "zonder-aanbieder" in namen
    assert aanbieders.keys() == namen
    gevonden: list[int] = []
    for naam, boek in aanbieders.items():
        for blad in boek.worksheets[1:]:
            koppen = [str(cel.value) for cel in blad[1]]
            nummers = [int(str(cel.value)) for cel in blad["A"][1:]]
            assert nummers == sorted(nummers)
            for rij in blad.iter_rows(min_row=2, values_only=True):
                verwacht = alle[int(str(rij[0])) - 1]
                gevonden.append(int(str(rij[0])))
                assert (verwacht["aanbieder"] or "zonder-aanbieder") == naam
                assert rij[koppen.index("Kenmerk")] == verwacht["kenmerk"]
                assert rij[koppen.index("Gemeente")] == verwacht["gemeente"]
                gevraagd = bool(VOOR_AANBIEDER & set((verwacht["regels"] or "").split()))
                assert blad.title == ("Wij vragen u" if gevraagd else "Ter informatie")
        assert all(cel.data_type != "f" for blad in boek for rij in blad.iter_rows() for cel in rij)
    assert sorted(gevonden) == list(range(1, RIJEN + 1))


def test_wat_een_aanbieder_wordt_gevraagd(
    ronde: Ronde, aanbieders: Mapping[str, openpyxl.Workbook]
) -> None:
    """In the words of the municipality of the row, also when something else weighs heavier."""
    gezien = Counter[str]()
    alle = list(ronde.rijen)
    for boek in aanbieders.values():
        if "Wij vragen u" not in boek.sheetnames:
            continue
        blad = boek["Wij vragen u"]
        vraag = [str(cel.value) for cel in blad[1]].index("Wat wij u vragen")
        for rij in blad.iter_rows(min_row=2, values_only=True):
            verwacht = alle[int(str(rij[0])) - 1]
            regels = set(str(verwacht["regels"]).split())
            if "B1-11" in regels:
                plek = f"Stem af met de lokale toegang van {verwacht['gemeente']} en leg dat vast."
                assert plek in str(rij[vraag])
            if "B1-18" in regels:
                assert "Declareer zorg na 31 december 2022" in str(rij[vraag])
            gezien.update(regels & {"B1-11", "B1-18"})
            gezien["zwaarder"] += "B1-11" in regels and verwacht["uitkomst"] != "AFSTEMMEN"
    assert all(gezien[naam] for naam in ("B1-11", "B1-18", "zwaarder"))


def test_contacten(ronde: Ronde, root: Path, tmp_path: Path) -> None:
    project = project_met(
        root,
        tmp_path / "project",
        {"contacten": {"contractmanagement": "038 0000000"}, "lokale_toegang": {"0193": "toegang"}},
    )
    with closing(PerAanbieder(tmp_path / "uit", lees_woorden(project), ronde.teksten)) as rapport:
        for blok in ronde.blokken:
            rapport.voeg_toe(blok)
        rapport.schrijf(ronde.herkomst, ronde.klassen)
    aanbieder = next(
        r["aanbieder"] for r in ronde.rijen if r["gemeente"] == "Zwolle" and r["aanbieder"]
    )
    with closing(openpyxl.load_workbook(tmp_path / "uit" / f"{aanbieder}.xlsx")) as boek:
        rijen_ = boek["Leeswijzer"].iter_rows(max_col=2, values_only=True)
        contacten = {str(naam): contact for naam, contact in rijen_}
    assert contacten["Contractmanagement"] == "038 0000000"
    assert contacten["Lokale toegang van Zwolle"] == "toegang"
    gemeenten = {r["gemeente"] for r in ronde.rijen if r["aanbieder"] == aanbieder}
    genoemd = {
        naam.removeprefix("Lokale toegang van ")
        for naam in contacten
        if naam.startswith("Lokale toegang van")
    }
    assert genoemd == gemeenten - {"Andere of onbekend"}


def test_half_excel_blijft_niet_staan(
    ronde: Ronde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pad = tmp_path / "uit.xlsx"
    pad.write_text("wat er was")
    # On the last sheet: all others are written by then.
    monkeypatch.setattr("uitfasering.bulk.rapport.xlsx.herkomst_blad", _afgebroken)
    with closing(Rapport(pad, ronde.woorden)) as rapport:
        rapport.voeg_toe(ronde.blokken[0])
        with pytest.raises(KeyboardInterrupt):
            rapport.schrijf(ronde.herkomst, ronde.klassen)
    assert [een.name for een in tmp_path.iterdir()] == ["uit.xlsx"]
    assert pad.read_text() == "wat er was"


def test_halve_map_blijft_niet_staan(
    ronde: Ronde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schrijf = Aanbiederboek.schrijf
    geschreven: list[Path] = []

    def breekt(boek: Aanbiederboek, pad: Path, *rest: Any) -> None:
        if geschreven:
            raise KeyboardInterrupt
        geschreven.append(pad)
        schrijf(boek, pad, *rest)

    monkeypatch.setattr(Aanbiederboek, "schrijf", breekt)
    with closing(PerAanbieder(tmp_path / "uit", ronde.woorden, ronde.teksten)) as rapport:
        rapport.voeg_toe(ronde.blokken[0])
        with pytest.raises(KeyboardInterrupt):
            rapport.schrijf(ronde.herkomst, ronde.klassen)
    assert geschreven
    assert not list(tmp_path.iterdir())


def test_volle_schijf(ronde: Ronde, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def vol(_nummer: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    pad = tmp_path / "uit.html"
    pad.write_text("wat er was")
    monkeypatch.setattr("uitfasering.bulk.rapport.plaatsen.os.fsync", vol)
    rapport = HtmlRapport(pad, ronde.woorden)
    rapport.voeg_toe(ronde.blokken[0])
    with pytest.raises(UitfaseringError, match="Is er nog ruimte op de schijf"):
        rapport.schrijf(ronde.herkomst, ronde.klassen)
    assert [een.name for een in tmp_path.iterdir()] == ["uit.html"]
    assert pad.read_text() == "wat er was"


def _afgebroken(*_alles: Any) -> None:
    raise KeyboardInterrupt


def test_map_die_er_al_is(ronde: Ronde, tmp_path: Path) -> None:
    (tmp_path / "van een ander.txt").touch()
    with pytest.raises(UitfaseringError, match="is niet leeg"):
        PerAanbieder(tmp_path, ronde.woorden, ronde.teksten)
    for maak in (Rapport, HtmlRapport):
        with pytest.raises(UitfaseringError, match="is een map"):
            maak(tmp_path, ronde.woorden)
        with pytest.raises(UitfaseringError, match="Maak die eerst"):
            maak(tmp_path / "weg" / "uit.xlsx", ronde.woorden)


def test_kleur_die_niet_kan(root: Path, tmp_path: Path) -> None:
    project = project_met(root, tmp_path / "project", {})
    pad = project / "data" / "rapport.yaml"
    pad.write_text(pad.read_text("utf-8").replace('"BDD7EE"', '"blauw"'), "utf-8")
    with pytest.raises(BuildError) as fout:
        lees_woorden(project)
    [melding] = fout.value.meldingen
    assert (melding.bestand, melding.pad) == ("data/rapport.yaml", "groepen.OMZETTEN.kleur")
