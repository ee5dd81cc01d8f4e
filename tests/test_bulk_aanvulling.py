"""What no message carries: joined from a sheet, and asked exactly where it decides something."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pyarrow as pa
import pytest

from afwijkingenbouw import afwijking
from conftest import project_met
from exporten.maak import maak_tabel
from uitfasering.bulk.aanvulling import AANVULBAAR, Aanvulling, lees_aanvulling
from uitfasering.bulk.fragment import laad_fragment
from uitfasering.bulk.kolommen import Kolommen, herken
from uitfasering.bulk.motor import Motor, Oordeel
from uitfasering.bulk.navraag import GEEN, Navraag
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.rapport.woorden import Woorden, lees_woorden
from uitfasering.bulk.uitvoeren import FRAGMENTEN
from uitfasering.bulk.velden import velden
from uitfasering.bulk.vraagblad import NIET_GEVRAAGD, Vraagblad, keuzewoorden
from uitfasering.bulk.waarden import Lezer
from uitfasering.bundel import bouw_bundel
from uitfasering.errors import MessageError, UitfaseringError
from uitfasering.paths import project_root

EXPORT = ["gemeente", "handeling", "toewijzingnummer", "verwijzer", "afgestemd"]

# Contract §4.2, B1-11: top, youth care, from the first of May 2021.
JEUGDHULP = {
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-06-01",
    "ingangsdatum": "2021-06-01",
    "einddatum": "2021-12-31",
    "segment": "top",
    "zorgvorm": "jeugd_en_opvoedhulp",
    "overgenomen_woonplaats": "nee",
    "medicatiecontrole": "nee",
}

Rij = Mapping[str, Any]


def tabel(rijen: Sequence[Rij]) -> dict[str, pa.Array]:
    """The rows as columns of text."""
    namen = dict.fromkeys(naam for rij in rijen for naam in rij)
    return {naam: pa.array([rij.get(naam) for rij in rijen], pa.string()) for naam in namen}


# --aanvulling


def blad(map_: Path, tekst: str, kolommen: Sequence[str] = EXPORT) -> Aanvulling:
    """A sheet for an export with these columns."""
    pad = map_ / "antwoorden.csv"
    pad.write_text(tekst, "utf-8")
    root = project_root()
    return lees_aanvulling(pad, root, herken(kolommen, root))


def gevuld(aanvulling: Aanvulling, rijen: Sequence[Rij], veld: str) -> list[str | None]:
    kolommen = aanvulling.vul(tabel(rijen), len(rijen))
    cellen: list[str | None] = kolommen[veld].to_pylist()
    return cellen


def test_een_antwoord_komt_in_een_lege_cel(tmp_path: Path) -> None:
    aanvulling = blad(
        tmp_path,
        "gemeente;ToewijzingNummer;verwijzer;afgestemd\nZwolle;101;huisarts;x\n0166;101;;nee\n",
    )
    rijen: list[Rij] = [
        {"gemeente": "0193", "toewijzingnummer": "101", "verwijzer": "", "afgestemd": "-"},
        {"gemeente": "GM0193", "toewijzingnummer": "0101", "verwijzer": None, "afgestemd": None},
        {"gemeente": "Kampen", "toewijzingnummer": " 101", "verwijzer": "", "afgestemd": ""},
        {"gemeente": "0193", "toewijzingnummer": "102", "verwijzer": "", "afgestemd": ""},
        {"gemeente": "", "toewijzingnummer": "101", "verwijzer": "", "afgestemd": ""},
    ]
    assert gevuld(aanvulling, rijen, "verwijzer") == ["02", "02", None, None, None]
    assert gevuld(aanvulling, rijen, "afgestemd") == ["ja", "ja", "nee", None, None]


def test_ook_een_veld_dat_de_export_niet_heeft(tmp_path: Path) -> None:
    aanvulling = blad(tmp_path, "gemeente,toewijzingnummer,gezinsplan\n0193,7,is opgesteld\n")
    rijen = [
        {"gemeente": "0193", "toewijzingnummer": "7"},
        {"gemeente": "0193", "toewijzingnummer": "8"},
    ]
    assert gevuld(aanvulling, rijen, "gezinsplan") == ["opgesteld", None]


@pytest.mark.parametrize("nummers", [pa.array([7, 8]), pa.array([7.0, None]), pa.array(["7", "8"])])
def test_een_nummer_is_een_nummer_in_elke_soort_kolom(tmp_path: Path, nummers: pa.Array) -> None:
    aanvulling = blad(tmp_path, "gemeente,toewijzingnummer,verwijzer\n0193,7,02\n")
    kolommen = {"gemeente": pa.array([193, 193]), "toewijzingnummer": nummers}
    assert aanvulling.vul(kolommen, 2)["verwijzer"].to_pylist() == ["02", None]


def test_de_export_gaat_voor_en_dat_wordt_gezegd(tmp_path: Path) -> None:
    aanvulling = blad(
        tmp_path,
        "gemeente,toewijzingnummer,verwijzer,afgestemd\n0193,1,huisarts,ja\n0193,2,huisarts,ja\n",
    )
    rijen = [
        {"gemeente": "0193", "toewijzingnummer": "1", "verwijzer": "08", "afgestemd": "x"},
        {"gemeente": "0193", "toewijzingnummer": "2", "verwijzer": "wie?", "afgestemd": ""},
    ]
    assert gevuld(aanvulling, rijen, "verwijzer") == ["08", "wie?"]
    meldingen = list(aanvulling.meldingen())
    assert "1 antwoord overgenomen, bij 2 toewijzingen." in meldingen[0]
    assert len(meldingen) == 2  # ja and x are the same
    assert f"over verwijzer zegt {aanvulling.naam} 2 keer iets anders" in meldingen[1]
    assert "Dat bestand is daar gevolgd" in meldingen[1]


def test_wat_nergens_bij_hoort_wordt_met_de_regel_genoemd(tmp_path: Path) -> None:
    aanvulling = blad(
        tmp_path,
        "gemeente,toewijzingnummer,verwijzer\n0193,1,02\n0193,2,\n0150,1,02\n0193,3,02\n",
    )
    rijen = [{"gemeente": "0193", "toewijzingnummer": nummer} for nummer in ("1", "9")]
    gevuld(aanvulling, rijen, "verwijzer")
    melding = list(aanvulling.meldingen())[-1]
    # The row without an answer (line 3) is no loss.
    assert f"{aanvulling.naam}, regel 4, {aanvulling.naam}, regel 5. Kloppen" in melding
    assert "2 rijen" in melding


def test_een_vaste_waarde_is_niet_leeg_en_een_vaste_gemeente_telt(tmp_path: Path) -> None:
    root = project_root()
    pad = tmp_path / "antwoorden.csv"
    pad.write_text("gemeente,kenmerk,verwijzer,afgestemd\nZwolle,a,02,ja\n", "utf-8")
    kolommen = herken(
        ["kenmerk", "handeling"], root, vast={"gemeente": "zwolle", "verwijzer": "08"}
    )
    aanvulling = lees_aanvulling(pad, root, kolommen)
    resultaat = aanvulling.vul(tabel([{"kenmerk": "a"}, {"kenmerk": "b"}]), 2)
    assert resultaat["afgestemd"].to_pylist() == ["ja", None]
    assert "verwijzer" not in resultaat
    assert aanvulling.botsingen == {"verwijzer": 1}


def test_met_twee_sleutels_moeten_ze_allebei_kloppen(tmp_path: Path) -> None:
    """One ToewijzingNummer can have more rows in an export."""
    aanvulling = blad(
        tmp_path,
        "gemeente,toewijzingnummer,kenmerk,verwijzer\n0193,1,a,02\n0193,1,b,03\n0193,,c,04\n",
        [*EXPORT, "kenmerk"],
    )
    rijen = [
        {"gemeente": "0193", "toewijzingnummer": "1", "kenmerk": "a"},
        {"gemeente": "0193", "toewijzingnummer": "1", "kenmerk": "b"},
        {"gemeente": "0193", "toewijzingnummer": "1", "kenmerk": "c"},
        {"gemeente": "0193", "toewijzingnummer": "", "kenmerk": "c"},
    ]
    assert gevuld(aanvulling, rijen, "verwijzer") == ["02", "03", None, "04"]


def test_dezelfde_toewijzing_twee_keer_vult_elkaar_aan(tmp_path: Path) -> None:
    aanvulling = blad(
        tmp_path,
        "gemeente,toewijzingnummer,verwijzer,afgestemd\n0193,1,02,\nZwolle,01,huisarts,ja\n",
    )
    rijen = [{"gemeente": "0193", "toewijzingnummer": "1"}]
    assert gevuld(aanvulling, rijen, "verwijzer") == ["02"]
    assert gevuld(aanvulling, rijen, "afgestemd") == ["ja"]


def test_alle_fouten_in_een_keer_en_nooit_een_waarde(tmp_path: Path) -> None:
    with pytest.raises(MessageError) as gevonden:
        blad(
            tmp_path,
            "gemeente,toewijzingnummer,Type verwijzer,afgestemd\n"
            "0193,1,geheim,ja\n"
            "Zwole,2,02,ja\n"
            ",3,02,ja\n"
            "0193,,02,ja\n"
            "0193,5,02,misschien\n"
            "0193,6,02\n",
        )
    regels = str(gevonden.value).splitlines()
    assert regels[0] == "De aanvulling klopt niet."
    plaatsen = {regel.split("antwoorden.csv, ")[1].partition(":")[0] for regel in regels[1:]}
    assert plaatsen == {
        "regel 2, Type verwijzer",
        "regel 3, gemeente",
        "regel 4, gemeente",
        "regel 5, toewijzingnummer",
        "regel 6, afgestemd",
        "regel 7",
    }
    assert "bedoelt u Zwolle?" in str(gevonden.value)
    for waarde in ("geheim", "Zwole", "misschien"):
        assert waarde not in str(gevonden.value)


def test_twee_antwoorden_op_een_vraag(tmp_path: Path) -> None:
    with pytest.raises(MessageError) as gevonden:
        blad(
            tmp_path,
            "gemeente,toewijzingnummer,verwijzer,afgestemd\n"
            "0193,1,02,\n0193,2,02,ja\n0193,1,03,ja\n",
        )
    melding = str(gevonden.value)
    assert "regel 4, verwijzer: hier staat iets anders dan bij dezelfde" in melding
    assert "antwoorden.csv, regel 2." in melding
    assert "afgestemd" not in melding


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        ("toewijzingnummer,verwijzer\n1,02\n", "Er is geen kolom voor gemeente."),
        (
            "gemeente,kenmerk,verwijzer\n0193,a,02\n",
            "geen kolom kenmerk of toewijzingnummer die ook",
        ),
        ("gemeente,toewijzingnummer,zorgvorm\n0193,1,ggz\n", "Er is niets om aan te vullen."),
        ("gemeente,toewijzingnummer,verwijzer\n0193,1,–\n", "is niets ingevuld"),
    ],
)
def test_een_blad_waar_niets_mee_kan(tmp_path: Path, tekst: str, verwacht: str) -> None:
    with pytest.raises(MessageError, match=verwacht):
        blad(tmp_path, tekst)


# What is asked


class Proef(NamedTuple):
    """What a run has, on one OPA; all tests go through it as batches of one run."""

    opa: Vraagbaak
    lezer: Lezer
    motor: Motor
    navraag: Navraag
    woorden: Woorden
    root: Path

    def oordeel(self, kolommen: Mapping[str, pa.Array]) -> Oordeel:
        cellen = {naam: kolom for naam, kolom in kolommen.items() if naam in self.motor.velden}
        return self.motor.beoordeel(cellen, lengte(kolommen))

    def gevraagd(self, kolommen: Mapping[str, pa.Array]) -> list[tuple[str, ...]]:
        """Of each row the fields that are asked."""
        oordeel = self.oordeel(kolommen)
        nummers = self.navraag.vraag(kolommen, lengte(kolommen), oordeel, {}).tolist()
        return [self.navraag.vragen[n].velden if n != GEEN else () for n in nummers]


def lengte(kolommen: Mapping[str, pa.Array]) -> int:
    return len(next(iter(kolommen.values())))


def maak_proef(root: Path) -> Iterator[Proef]:
    with Vraagbaak(bouw_bundel(root)) as opa:
        fragment = laad_fragment(opa, root / FRAGMENTEN)
        lezer = Lezer(root)
        motor = Motor(opa, fragment, lezer.lees)
        navraag = Navraag(opa, fragment, lezer.lees, motor)
        yield Proef(opa, lezer, motor, navraag, lees_woorden(root), root)


@pytest.fixture(scope="module")
def proef(root: Path) -> Iterator[Proef]:
    yield from maak_proef(root)


def test_wat_er_gevraagd_wordt_in_een_ronde(proef: Proef) -> None:
    """From the letter: after a referral by the huisarts first coordinate (B1-11), then the
    gezinsplan (B1-12)."""
    huisarts = {**JEUGDHULP, "verwijzer": "02"}
    assert proef.gevraagd(
        tabel(
            [
                JEUGDHULP,
                huisarts,
                {**huisarts, "afgestemd": "nee"},
                {**huisarts, "afgestemd": "ja"},
                {**huisarts, "afgestemd": "ja", "gezinsplan": "afgesproken"},
                {**JEUGDHULP, "verwijzer": "08"},
                {**JEUGDHULP, "verwijzer": "03"},  # B1-11a only informs
                {**JEUGDHULP, "toewijzingsdatum": "2021-04-30"},
                {**JEUGDHULP, "einddatum": "2022-06-30", "verwijzer": "08"},
            ]
        )
    ) == [
        ("verwijzer", "afgestemd", "gezinsplan"),
        ("afgestemd", "gezinsplan"),
        (),
        ("gezinsplan",),
        (),
        (),
        (),
        (),
        ("gemotiveerd",),  # longer than a year: B1-15
    ]


def test_wat_de_uitkomst_kan_worden(proef: Proef) -> None:
    """Without a verwijzer a person must judge (A-03); it can be the huisarts, or another."""
    kolommen = tabel([{**JEUGDHULP, "afgestemd": "nee", "gezinsplan": "opgesteld"}])
    [nummer] = proef.navraag.vraag(kolommen, 1, proef.oordeel(kolommen), {}).tolist()
    vraag = proef.navraag.vragen[nummer]
    assert vraag.velden == ("verwijzer",)
    assert (vraag.nu, vraag.anders) == ("HANDMATIG", ("AFSTEMMEN", "TOEGESTAAN"))
    assert vraag.regels == ("A-03", "B1-11")


def test_waar_niets_beslist_wordt_niets_gevraagd(proef: Proef) -> None:
    lopend = {"handeling": "lopend", "gemeente": "0150", "segment": "midden", "profiel": "3"}
    duurzaam = {
        **lopend,
        "perspectief": "duurzaam",
        "toewijzingsdatum": "2021-02-01",
        "ingangsdatum": "2021-02-01",
    }
    assert proef.gevraagd(
        tabel(
            [
                {**JEUGDHULP, "gemeente": "0363"},  # not one of the eleven
                {**JEUGDHULP, "einddatum": "03-04-21"},  # cannot be read
                {**JEUGDHULP, "einddatum": "2021-01-01"},  # before the first day
                {**JEUGDHULP, "handeling": "verkorting"},
                # B2-11: Deventer converts, unless overgenomen or with a reason; what it becomes
                # rests on medicatiecontrole.
                {**duurzaam, "einddatum": "2022-03-31"},
                {**duurzaam, "einddatum": "2021-12-31"},
            ]
        )
    ) == [
        (),
        (),
        (),
        (),
        ("medicatiecontrole", "gemotiveerd", "overgenomen_woonplaats"),
        (),
    ]


def wat_telt(besluit: Mapping[str, Any]) -> object:
    bevindingen = {
        (b["regel"], b["gevolg"], *b["velden"])
        for b in besluit["bevindingen"]
        if b["gevolg"] != "INFO"
    }
    return besluit["uitkomst"], frozenset(bevindingen), repr(besluit["voorstel"])


def manieren(toewijzing: Mapping[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The empty fields, and every way to fill them in: with nothing first."""
    leeg = [naam for naam in AANVULBAAR if naam not in toewijzing]
    mogelijk = [
        [None, True, False]
        if velden()[naam].soort == "ja_nee"
        else [None, *velden()[naam].schema["enum"]]
        for naam in leeg
    ]
    return leeg, list(product(*mogelijk))


def beslissend(proef: Proef, toewijzing: Mapping[str, Any]) -> tuple[str, ...]:
    """By brute force: the empty fields that can make a difference."""
    leeg, alle = manieren(toewijzing)
    ingevuld = [
        {**toewijzing, **{n: w for n, w in zip(leeg, een, strict=True) if w is not None}}
        for een in alle
    ]
    antwoord = dict(zip(alle, map(wat_telt, proef.opa.besluiten(ingevuld)), strict=True))
    return tuple(
        naam
        for plek, naam in enumerate(leeg)
        if any(
            antwoord[een] != antwoord[tuple(None if i == plek else w for i, w in enumerate(een))]
            for een in alle
        )
    )


def export(soort: str, rijen: int, zaad: int) -> dict[str, pa.Array]:
    """Rows of which any of the fields that no message carries may be empty."""
    keuze = random.Random(zaad)
    gemaakt = maak_tabel(rijen, zaad, soort).combine_chunks()
    kolommen = {naam: gemaakt.column(naam).chunk(0) for naam in velden()}
    for naam in AANVULBAAR:
        weg = pa.array([keuze.random() < 0.5 for _ in range(rijen)])
        kolommen[naam] = pa.compute.if_else(weg, None, kolommen[naam].cast(pa.string()))
    return kolommen


def vergelijk(proef: Proef, soort: str, rijen: int, zaad: int, besluiten: int) -> None:
    """Hold what is asked against brute force, for so many rows as take ``besluiten``."""
    kolommen = export(soort, rijen, zaad)
    oordeel = proef.oordeel(kolommen)
    nummers = proef.navraag.vraag(kolommen, rijen, oordeel, {}).tolist()
    gezien: dict[bool, int] = {True: 0, False: 0}
    for rij in range(rijen):
        toewijzing = oordeel.toewijzing(rij) or {}
        moeite = len(manieren(toewijzing)[1])
        is_gevraagd = nummers[rij] != GEEN
        # About half of the effort for rows of which nothing is asked.
        if not 1 < moeite <= 100 or gezien[is_gevraagd] > gezien[not is_gevraagd] + 100:
            continue
        gezien[is_gevraagd] += moeite
        kreeg = proef.navraag.vragen[nummers[rij]].velden if is_gevraagd else ()
        assert kreeg == beslissend(proef, toewijzing), toewijzing
        besluiten -= moeite
        if besluiten < 0:
            break
    assert all(gezien.values())


@pytest.mark.parametrize("soort", ["schoon", "toeval"])
def test_precies_wat_beslist_wordt_gevraagd(proef: Proef, soort: str) -> None:
    vergelijk(proef, soort, 500, 5, 500)


@pytest.mark.lang
@pytest.mark.parametrize("soort", ["schoon", "toeval"])
def test_precies_wat_beslist_wordt_gevraagd_lang(proef: Proef, soort: str) -> None:
    vergelijk(proef, soort, 6_000, 6, 10_000)


@pytest.mark.lang
def test_ook_als_een_gemeente_anders_kiest(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    anders = project_met(
        root,
        tmp_path_factory.mktemp("navraag") / "project",
        {
            "keuzes": {"0193": "omzetten"},
            "afwijkingen": [
                afwijking("0193", "B1-11", "Besluit A", parameters={"verwijzers": ["02", "04"]}),
                afwijking("0150", "B1-15", "Besluit B", vervalt=True),
            ],
        },
    )
    for een in maak_proef(anders):
        vergelijk(een, "schoon", 6_000, 7, 5_000)
        # B1-12, about the gezinsplan, has verwijzers of its own, and nobody changed those.
        assert een.gevraagd(tabel([{**JEUGDHULP, "verwijzer": "04"}])) == [("afgestemd",)]


# The sheet


class Gemaakt(NamedTuple):
    blad: Vraagblad
    kolommen: Kolommen
    cellen: Mapping[str, pa.Array]


def nieuw_blad(proef: Proef, pad: Path, kolommen: Kolommen, niet: Sequence[Path] = ()) -> Vraagblad:
    return Vraagblad(
        pad, proef.navraag, kolommen, proef.lezer.lees, proef.woorden, proef.root, niet=niet
    )


def maak_blad(
    proef: Proef, pad: Path, cellen: Mapping[str, pa.Array], aanvulling: Aanvulling | None = None
) -> Gemaakt:
    kolommen = herken(list(cellen), proef.root)
    aantal = lengte(cellen)
    vol = aanvulling.vul(cellen, aantal) if aanvulling else cellen
    gemaakt = nieuw_blad(proef, pad, kolommen)
    gemaakt.voeg_toe(vol, aantal, proef.oordeel(vol))
    gemaakt.schrijf()
    return Gemaakt(gemaakt, kolommen, vol)


def kop_van(werkblad: Any) -> list[str]:
    return [cel.value for cel in werkblad[1]]


def test_de_keuzes_worden_zo_teruggelezen(proef: Proef) -> None:
    for naam, woorden in keuzewoorden(proef.root).items():
        schema = velden()[naam].schema
        waarden = [proef.lezer.lees(naam, woord) for woord in woorden]
        assert [w.fout for w in waarden] == [None] * len(woorden)
        assert [w.waarde for w in waarden] == schema.get("enum", [True, False])
    assert "huisarts" in keuzewoorden(proef.root)["verwijzer"]


def test_het_blad_vraagt_alleen_wat_beslist(proef: Proef, tmp_path: Path) -> None:
    rijen: list[Rij] = [
        {**JEUGDHULP, "toewijzingnummer": "0012", "kenmerk": "=1+1"},
        {**JEUGDHULP, "toewijzingnummer": "13", "kenmerk": "b", "handeling": "verkorting"},
        {**JEUGDHULP, "toewijzingnummer": "14", "kenmerk": "", "verwijzer": "02"},
        {**JEUGDHULP, "toewijzingnummer": "", "kenmerk": None},
    ]
    pad = tmp_path / "vragen.xlsx"
    gemaakt = maak_blad(proef, pad, tabel(rijen))
    assert len(gemaakt.blad) == 2
    assert gemaakt.blad.zonder_sleutel == 1
    boek = openpyxl.load_workbook(pad)
    assert boek.sheetnames == ["Vragen", "Uitleg"]
    vragen = boek["Vragen"]
    assert vragen.protection.sheet
    assert not vragen.protection.password
    gelezen = [dict(zip(kop_van(vragen), rij, strict=True)) for rij in vragen.iter_rows(min_row=2)]
    eerste, tweede = ({kop: cel.value for kop, cel in rij.items()} for rij in gelezen)
    assert eerste["gemeente"] == "0193 Zwolle"
    assert (eerste["toewijzingnummer"], tweede["toewijzingnummer"]) == ("0012", "14")
    assert (eerste["kenmerk"], tweede["kenmerk"]) == ("=1+1", None)
    assert gelezen[0]["kenmerk"].data_type == "s"  # no formula
    assert eerste["uitkomst nu"] == "Handmatig beoordelen"
    assert eerste["kan ook worden"] == "Eerst afstemmen\nToegestaan"
    assert "B1-11: Verwijzing van de huisarts" in str(eerste["waarom"])
    leeg = {
        nummer: {kop for kop, cel in rij.items() if not cel.protection.locked}
        for nummer, rij in enumerate(gelezen)
    }
    assert leeg == {0: {"verwijzer", "afgestemd", "gezinsplan"}, 1: {"afgestemd", "gezinsplan"}}
    for rij in gelezen:
        for naam in AANVULBAAR:
            cel = rij[naam.replace("_", " ")]
            assert cel.value == (NIET_GEVRAAGD if cel.protection.locked else None)
    for naam in AANVULBAAR:
        kop = vragen[1][kop_van(vragen).index(naam.replace("_", " "))]
        assert kop.comment
        assert "Een streepje op grijs: niet nodig." in str(kop.comment.text)


def test_elke_lijst_heeft_de_woorden_van_haar_veld(proef: Proef, tmp_path: Path) -> None:
    pad = tmp_path / "vragen.xlsx"
    maak_blad(proef, pad, tabel([{**JEUGDHULP, "kenmerk": "a"}]))
    boek = openpyxl.load_workbook(pad)
    vragen = boek["Vragen"]
    for validatie in vragen.data_validations.dataValidation:
        kolom = next(iter(validatie.sqref.ranges)).min_col
        naam = kop_van(vragen)[kolom - 1].replace(" ", "_")
        bron = validatie.formula1.removeprefix("=").removeprefix("Uitleg!")
        woorden = [cel.value for cel in boek["Uitleg"][bron.replace("$", "")][0]]
        assert woorden == keuzewoorden(proef.root)[naam]
    assert len(vragen.data_validations.dataValidation) == len(AANVULBAAR)


def test_heen_en_terug(proef: Proef, tmp_path: Path) -> None:
    """Filled in and given back, nothing is asked again and OPA agrees."""
    keuze = random.Random(9)
    gemaakt = export("schoon", 60, 9)
    gemaakt["kenmerk"] = pa.array([f"k{n}" for n in range(60)])
    pad = tmp_path / "vragen.xlsx"
    eerste = maak_blad(proef, pad, gemaakt)
    assert len(eerste.blad) > 5
    boek = openpyxl.load_workbook(pad)
    vragen = boek["Vragen"]
    koppen = [kop.replace(" ", "_") for kop in kop_van(vragen)]
    woorden = keuzewoorden(proef.root)
    ingevuld: dict[str, dict[str, Any]] = {}
    for rij in vragen.iter_rows(min_row=2):
        kenmerk = rij[koppen.index("kenmerk")].value
        for kop, cel in zip(koppen, rij, strict=True):
            if not cel.protection.locked:
                cel.value = keuze.choice(woorden[kop])
                waarde = proef.lezer.lees(kop, cel.value).waarde
                ingevuld.setdefault(str(kenmerk), {})[kop] = waarde
    boek.save(pad)
    aanvulling = lees_aanvulling(pad, proef.root, eerste.kolommen)
    tweede = maak_blad(proef, tmp_path / "nogmaals.xlsx", gemaakt, aanvulling)
    assert len(tweede.blad) == 0
    assert aanvulling.rijen == len(ingevuld)
    assert not aanvulling.botsingen
    assert len(list(aanvulling.meldingen())) == 1
    voor, na = proef.oordeel(gemaakt), proef.oordeel(tweede.cellen)
    rijen = [int(kenmerk[1:]) for kenmerk in ingevuld]
    volledig = [{**(voor.toewijzing(rij) or {}), **ingevuld[f"k{rij}"]} for rij in rijen]
    besluiten = proef.opa.besluiten(volledig)
    uitkomsten = na.kolommen.column("uitkomst").take(pa.array(rijen)).to_pylist()
    assert uitkomsten == [besluit["uitkomst"] for besluit in besluiten]


def test_een_toewijzing_staat_een_keer_op_het_blad(proef: Proef, tmp_path: Path) -> None:
    rijen = [
        {**JEUGDHULP, "toewijzingnummer": "7", "verwijzer": "08", "einddatum": "2022-06-30"},
        {**JEUGDHULP, "toewijzingnummer": "07", "verwijzer": "02"},
        {**JEUGDHULP, "toewijzingnummer": "7", "gemeente": "0166", "verwijzer": "02"},
    ]
    pad = tmp_path / "vragen.xlsx"
    assert len(maak_blad(proef, pad, tabel(rijen)).blad) == 2
    vragen = openpyxl.load_workbook(pad)["Vragen"]
    los = {
        kop
        for kop, cel in zip(kop_van(vragen), vragen[2], strict=True)
        if not cel.protection.locked
    }
    assert los == {"gemotiveerd", "afgestemd", "gezinsplan"}


def test_zonder_vragen_is_er_toch_een_blad(proef: Proef, tmp_path: Path) -> None:
    pad = tmp_path / "vragen.xlsx"
    maak_blad(proef, pad, tabel([{**JEUGDHULP, "kenmerk": "a", "handeling": "verkorting"}]))
    boek = openpyxl.load_workbook(pad)
    assert boek["Vragen"].max_row == 1
    assert "Er is niets te vragen" in boek["Uitleg"]["A3"].value


def test_een_vraagblad_dat_niet_kan(proef: Proef, tmp_path: Path) -> None:
    met = herken(["gemeente", "handeling", "kenmerk"], proef.root)
    zonder = herken(["gemeente", "handeling"], proef.root)
    with pytest.raises(UitfaseringError, match=r"eindigt op \.xlsx"):
        nieuw_blad(proef, tmp_path / "vragen.csv", met)
    with pytest.raises(UitfaseringError, match="kenmerk of toewijzingnummer nodig"):
        nieuw_blad(proef, tmp_path / "vragen.xlsx", zonder)
    gevuld_blad = tmp_path / "gevuld.xlsx"
    gevuld_blad.write_bytes(b"antwoorden")
    with pytest.raises(UitfaseringError, match="dit is het bestand dat gelezen wordt"):
        nieuw_blad(proef, gevuld_blad, met, niet=[gevuld_blad])
    with pytest.raises(UitfaseringError, match="is er niet"):
        nieuw_blad(proef, tmp_path / "weg" / "vragen.xlsx", met)
