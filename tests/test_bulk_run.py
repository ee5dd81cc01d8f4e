"""``uitfasering bulk`` as its user meets it: what is written, and what is said."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from bulkhulp import Rij, alles_in, kolommen, rijen
from clihulp import COMMANDO, Cli, Uitvoer, omgeving, proces
from exporten.maak import maak_bestand, maak_tabel
from test_cli_proces import op_terminal
from uitfasering.bulk.antwoorden import KOLOMMEN
from volledig import steekproef

pytestmark = pytest.mark.usefixtures("bundel")

SOORTEN = ("csv", "parquet", "ndjson", "xlsx")
RIJEN = 60
BSN = "111222333"
"""Passes the test of eleven; of nobody."""

# Contract §4.2 (B1-02), §3: what these rows must get is in the letters.
NIEUW = {
    "kenmerk": "een",
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-06-01",
    "ingangsdatum": "2021-06-15",
    "segment": "midden",
    "perspectief": "herstel",
    "profiel": "3",
}
FORMULES = ("=1+1", "+31 6 12345678 ext", "-2+3", "@SOM(A1)", "\t=2", '=HYPERLINK("http://x")')


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


def schrijf(pad: Path, regels: Sequence[Mapping[str, str]]) -> Path:
    """These rows as CSV, with semicolons."""
    with pad.open("w", encoding="utf-8", newline="") as bestand:
        schrijver = csv.DictWriter(bestand, list(regels[0]), delimiter=";")
        schrijver.writeheader()
        schrijver.writerows(regels)
    return pad


def zonder_tijd(uit: str) -> str:
    return re.sub(r"[0-9]+,[0-9] seconden", "… seconden", uit)


# All kinds in, all kinds out.


@pytest.fixture(scope="module")
def exporten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same export, a tenth of its rows with faults, in every kind of file."""
    map_ = tmp_path_factory.mktemp("exporten")
    for soort in SOORTEN:
        maak_bestand(RIJEN, 3, "fouten", map_ / f"in.{soort}")
    return map_


@pytest.fixture(scope="module")
def verwacht(exporten: Path) -> list[Rij]:
    """What each of them must give."""
    uit = exporten / "verwacht.parquet"
    gelezen = proces("bulk", str(exporten / "in.parquet"), "--uit", str(uit))
    assert gelezen.code == 1, gelezen.fout
    return rijen(uit)


@pytest.mark.parametrize(
    ("soort_in", "soort_uit"),
    steekproef([pytest.param(*paar) for paar in product(SOORTEN, SOORTEN)], 5),
)
def test_elke_soort_naar_elke_soort(
    cli: Cli, exporten: Path, verwacht: list[Rij], tmp_path: Path, soort_in: str, soort_uit: str
) -> None:
    uit = tmp_path / f"uit.{soort_uit}"
    gelezen = cli("bulk", exporten / f"in.{soort_in}", "--uit", uit)
    assert gelezen.code == 1
    geschreven = rijen(uit)
    bron = rijen(exporten / "in.parquet")
    assert len(geschreven) == RIJEN
    if soort_uit == "ndjson":  # leaves out what is empty
        geschreven = [{naam: rij.get(naam, "") for naam in verwacht[0]} for rij in geschreven]
    for rij, goed, origineel in zip(geschreven, verwacht, bron, strict=True):
        if soort_in != "ndjson":  # has its columns in the order in which they are first filled
            assert list(rij) == [*origineel, *KOLOMMEN]
        assert rij.keys() == {*origineel, *KOLOMMEN}
        assert {naam: rij[naam] for naam in KOLOMMEN} == {naam: goed[naam] for naam in KOLOMMEN}
        for naam, cel in origineel.items():
            # An apostrophe is before what could be a formula, and a tab is made visible.
            cel = cel if soort_uit in ("parquet", "ndjson") else cel.replace("\t", "\ufffd")
            assert rij[naam] in (cel, f"'{cel}"), naam


@pytest.mark.lang
@pytest.mark.parametrize("soort", ["parquet", "csv", "ndjson"])
def test_twee_keer_hetzelfde_bestand(exporten: Path, tmp_path: Path, soort: str) -> None:
    geschreven = []
    for zaad in ("1", "2"):
        uit = tmp_path / f"{zaad}.{soort}"
        env = {"PYTHONHASHSEED": zaad}
        assert proces("bulk", str(exporten / "in.csv"), "--uit", str(uit), env=env).code == 1
        geschreven.append(uit.read_bytes())
    assert geschreven[0] == geschreven[1]


@pytest.mark.parametrize("soort", ["csv", "parquet", "xlsx"])
def test_alleen_een_kop(cli: Cli, tmp_path: Path, soort: str) -> None:
    export = tmp_path / f"export.{soort}"
    maak_bestand(0, 1, "schoon", export)
    doelen = [tmp_path / naam for naam in ("uit.csv", "uit.xlsx", "rapport.xlsx", "cijfers.html")]
    namen = ("--uit", "--vraag-aanvulling", "--rapport", "--samenvatting")
    opties = [deel for paar in zip(namen, doelen, strict=True) for deel in paar]
    gelezen = cli("bulk", export, *opties, "--per-aanbieder", tmp_path / "map")
    assert gelezen.code == 0, gelezen.fout
    assert zonder_tijd(gelezen.uit).startswith(
        "0 rijen beoordeeld in … seconden.\n\n"
        "Er was niets te beoordelen: onder de namen van de kolommen staan geen rijen.\n"
    )
    assert rijen(tmp_path / "uit.csv") == []
    assert kolommen(tmp_path / "uit.csv") == [*maak_tabel(0, 1, "schoon").column_names, *KOLOMMEN]
    assert all(doel.is_file() for doel in doelen)
    assert list((tmp_path / "map").iterdir()) == []


# What is said.


def test_de_samenvatting(cli: Cli, tmp_path: Path) -> None:
    regels = [
        {**NIEUW, "productcode": "", "BSN": BSN, "verwijzer": ""},
        # Contract §4: nothing speaks of a verkorting.
        {**NIEUW, "kenmerk": "twee", "handeling": "verkorting", "productcode": "99ZZZ"},
        {**NIEUW, "kenmerk": "drie", "toewijzingsdatum": "01-06-21"},
        # Contract §4.4: for top with youth care the verwijzer decides.
        {**NIEUW, "kenmerk": "vier", "segment": "top", "perspectief": "", "profiel": "",
         "zorgvorm": "lvb", "einddatum": "2021-12-31"},
    ]  # fmt: skip
    export = schrijf(tmp_path / "e.csv", [{n: r.get(n, "") for n in ALLE} for r in regels])
    uit, rapport = tmp_path / "u.csv", tmp_path / "r.xlsx"
    gelezen = cli("bulk", export, "--uit", uit, "--rapport", rapport, "--controle", "3")
    assert gelezen.code == 1
    assert zonder_tijd(gelezen.uit).replace(f"{tmp_path}/", "") == (
        "4 rijen beoordeeld in … seconden.\n"
        "  1  Niet toegestaan\n"
        "  1  Toegestaan\n"
        "  1  Ongeldige invoer\n"
        "  1  Handmatig beoordelen\n"
        "\n"
        "In 1 rij klopt de invoer niet. In de kolom toelichting staat welke kolom het is\n"
        "en waarom.\n"
        "\n"
        "In 1 rij ontbreekt een gegeven dat iets uitmaakt. In de kolom ontbreekt staat\n"
        "welk gegeven. Staat het niet in uw systeem? Met --vraag-aanvulling vragen.xlsx\n"
        "krijgt u een blad om het te laten invullen.\n"
        "\n"
        "Productcodes die niet in de catalogus staan, in 1 rij:\n"
        "  1  99ZZZ\n"
        "\n"
        "Nagevraagd bij OPA: 4 soorten gevallen en 3 losse rijen. Alles klopt.\n"
        "Geschreven:\n"
        "  u.csv\n"
        "  r.xlsx\n"
    )
    assert gelezen.fout == (
        "- Deze kolommen kunnen persoonsgegevens bevatten en zijn weggelaten: BSN.\n"
        "- Er is geen kolom voor afgestemd: bij elke toewijzing telt dit als nee.\n"
        "- Er is geen kolom voor overgenomen_woonplaats: bij elke toewijzing telt dit als\n"
        "  nee.\n"
    )


ALLE = [*NIEUW, "einddatum", "productcode", "zorgvorm", "verwijzer", "BSN"]


def test_een_slechte_rij_houdt_haar_plaats(cli: Cli, tmp_path: Path) -> None:
    export = schrijf(
        tmp_path / "export.csv",
        [NIEUW, {**NIEUW, "kenmerk": "twee", "toewijzingsdatum": "03-04-21"}, NIEUW],
    )
    with export.open("a", encoding="utf-8") as bestand:
        bestand.write("vier;nieuw;0193\n")
    uit = tmp_path / "uit.csv"
    assert cli("bulk", export, "--uit", uit).code == 1
    een, twee, drie, vier = rijen(uit)
    # Contract §4.2 and the letter of 6 May 2021: B1-02.
    assert [rij["uitkomst"] for rij in (een, drie)] == ["NIET_TOEGESTAAN"] * 2
    assert een["regels"].split()[0] == "B1-02"
    assert [rij["uitkomst"] for rij in (twee, vier)] == ["ONGELDIGE_INVOER"] * 2
    assert (twee["kenmerk"], twee["toewijzingsdatum"]) == ("twee", "03-04-21")
    assert "Kolom toewijzingsdatum: het jaartal heeft twee cijfers" in twee["toelichting"]
    assert "De rij heeft 3 kolommen, de kop heeft er 8." in vier["toelichting"]


def test_een_terminal_ziet_hoe_ver_het_is(exporten: Path, tmp_path: Path) -> None:
    uit = str(tmp_path / "uit.parquet")
    gezien = op_terminal(80, "bulk", str(exporten / "in.parquet"), "--uit", uit)
    assert "voorbereiden" in gezien
    assert f"{RIJEN} van {RIJEN} rijen" in gezien
    # It is gone when the answer comes.
    assert gezien.rindex("\x1b[2K") < gezien.index(f"{RIJEN} rijen beoordeeld")


def test_wie_niet_kijkt_ziet_alleen_het_antwoord(exporten: Path, tmp_path: Path) -> None:
    """Into a pipe no progress; and a reader that has seen enough does no harm."""
    uit = tmp_path / "uit.parquet"
    with subprocess.Popen(
        [*COMMANDO, "bulk", str(exporten / "in.parquet"), "--uit", str(uit)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=omgeving(TERM="xterm-256color", FORCE_COLOR="1"),
    ) as kind:
        assert kind.stdout is not None
        assert kind.stderr is not None
        kind.stdout.close()
        assert kind.stderr.read() == b""
    assert kind.returncode == 1
    assert len(rijen(uit)) == RIJEN


# How the input is said.


def test_meer_bestanden_achter_elkaar(cli: Cli, tmp_path: Path) -> None:
    paden = [
        schrijf(tmp_path / f"{naam}.csv", [{**NIEUW, "kenmerk": f"{naam}{n}"} for n in range(3)])
        for naam in ("b", "a")
    ]
    uit = tmp_path / "uit.ndjson"
    assert cli("bulk", *paden, "--uit", uit).code == 0
    assert [rij["kenmerk"] for rij in rijen(uit)] == ["b0", "b1", "b2", "a0", "a1", "a2"]


def test_een_map_met_berichten(cli: Cli, root: Path, tmp_path: Path) -> None:
    map_ = tmp_path / "berichten"
    map_.mkdir()
    for pad in (root / "voorbeelden").glob("*.xml"):
        shutil.copy(pad, map_)
    (map_ / "leesmij.md").write_text("niets")
    uit = tmp_path / "uit.csv"
    gelezen = cli("bulk", map_, "--uit", uit)
    assert "- Overgeslagen in de map: 1 ander bestand.\n" in gelezen.fout
    een_voor_een = cli("besluit", map_, "--formaat", "csv")
    los = list(csv.DictReader(een_voor_een.uit.lstrip("\ufeff").splitlines(), delimiter=";"))
    assert [rij["uitkomst"] for rij in rijen(uit)] == [rij["uitkomst"] for rij in los]
    assert gelezen.code == (1 if any(r["uitkomst"] == "ONGELDIGE_INVOER" for r in los) else 0)


def test_handeling_en_gemeente_als_optie(cli: Cli, tmp_path: Path) -> None:
    zonder = {n: w for n, w in NIEUW.items() if n not in ("handeling", "gemeente")}
    export, uit = schrijf(tmp_path / "export.csv", [zonder]), tmp_path / "uit.csv"
    gelezen = cli("bulk", export, "--uit", uit)
    assert gelezen.code == 2
    assert gelezen.fout.startswith(f"FOUT: {export}: Er is geen kolom voor handeling. Noem een ")
    assert "(--koppeling), of geef één waarde voor alle rijen met --gemeente." in gelezen.fout
    assert not uit.exists()
    opties = ("--handeling", "nieuw", "--gemeente", "Zwolle")
    assert cli("bulk", export, "--uit", uit, *opties).code == 0
    (rij,) = rijen(uit)
    assert rij["regels"].split()[0] == "B1-02"


def test_een_koppeling(cli: Cli, tmp_path: Path) -> None:
    regel = {"Soort vraag": NIEUW["handeling"], **NIEUW}
    del regel["handeling"], regel["gemeente"]
    export, uit = schrijf(tmp_path / "export.csv", [regel]), tmp_path / "uit.csv"
    koppeling = tmp_path / "koppeling.yaml"
    koppeling.write_text('kolommen: {handeling: "Soort vraag"}\nvast: {gemeente: "0150"}\n')
    assert cli("bulk", export, "--uit", uit, "--koppeling", koppeling).code == 0
    (rij,) = rijen(uit)
    assert rij["regels"].split()[0] == "B1-02"
    # An option goes before the file: this municipality is outside the region.
    opties = ("--koppeling", koppeling, "--gemeente", "0363")
    assert cli("bulk", export, "--uit", uit, *opties).code == 0
    (rij,) = rijen(uit)
    assert (rij["uitkomst"], rij["regels"]) == ("NIET_VAN_TOEPASSING", "A-01")


def test_een_kolom_die_al_bestaat(cli: Cli, tmp_path: Path) -> None:
    export = schrijf(tmp_path / "export.csv", [{**NIEUW, "uitkomst": "zelf bedacht"}])
    uit = tmp_path / "uit.csv"
    assert cli("bulk", export, "--uit", uit).code == 0
    assert kolommen(uit) == [*NIEUW, "uitkomst", *(f"besluit_{naam}" for naam in KOLOMMEN)]
    (rij,) = rijen(uit)
    assert (rij["uitkomst"], rij["besluit_uitkomst"]) == ("zelf bedacht", "NIET_TOEGESTAAN")


# Nothing of anyone, and nothing that a spreadsheet obeys.

PERSOONLIJK = {
    "BSN": BSN,
    "Naam cliënt": "PERSOON-naam",
    "Geboortedatum": "1999-12-31",
    "Opmerkingen": "PERSOON-opmerking",
    "Relatie": "123456782",  # says nothing, but all its cells pass the test of eleven
}
VRIJ = {"Team": "Noord", "Cliëntnummer": "PERSOON-nummer"}


@dataclass(frozen=True)
class Alles:
    """A run with every output, on rows with texts that a spreadsheet takes for formulas."""

    map: Path
    gelezen: Uitvoer
    regels: list[dict[str, str]]


@pytest.fixture(scope="module")
def alles(tmp_path_factory: pytest.TempPathFactory) -> Alles:
    map_ = tmp_path_factory.mktemp("alles")
    regels: list[dict[str, str]] = []
    for naam in (*NIEUW, "aanbieder", "productcode", "toewijzingnummer", *VRIJ):
        for formule in FORMULES:
            rij = {**NIEUW, "toewijzingnummer": str(len(regels)), "aanbieder": "12345678"}
            rij |= {"productcode": "", **VRIJ, **PERSOONLIJK}
            regels.append({**rij, naam: formule})
    # Contract §4.4: here the verwijzer is asked.
    top = {"segment": "top", "perspectief": "", "profiel": "", "zorgvorm": "lvb"}
    zorgvormen = [{**rij, "zorgvorm": ""} for rij in regels]
    regels = [*zorgvormen, *({**rij, **top} for rij in regels)]
    schrijf(map_ / "export.csv", regels)
    uit = map_ / "uit"
    uit.mkdir()
    gelezen = proces(
        *("bulk", str(map_ / "export.csv"), "--uit", str(uit / "rijen.csv")),
        *("--rapport", str(uit / "rapport.xlsx"), "--samenvatting", str(uit / "cijfers.html")),
        *("--per-aanbieder", str(uit / "map"), "--vraag-aanvulling", str(uit / "vragen.xlsx")),
        *("--behoud-kolommen", "cliëntnummer,Team"),
    )
    assert gelezen.code == 1, gelezen.fout
    return Alles(uit, gelezen, regels)


def test_alle_uitvoer_in_een_keer(alles: Alles) -> None:
    assert {str(pad.relative_to(alles.map)) for pad in alles.map.rglob("*")} == {
        *("rijen.csv", "rapport.xlsx", "cijfers.html", "vragen.xlsx", "map"),
        *("map/12345678.xlsx", "map/zonder-aanbieder.xlsx"),
    }
    vragen = openpyxl.load_workbook(alles.map / "vragen.xlsx")["Vragen"]
    assert vragen.max_row > 10
    assert f"- Op het vraagblad: {vragen.max_row - 1} toewijzingen waarover" in alles.gelezen.fout


def test_persoonlijke_kolommen_gaan_nergens_heen(alles: Alles) -> None:
    assert kolommen(alles.map / "rijen.csv") == [
        *(naam for naam in alles.regels[0] if naam not in PERSOONLIJK),
        *KOLOMMEN,
    ]
    geschreven = {**alles_in(alles.map), "gezegd": alles.gelezen.uit + alles.gelezen.fout}
    for naam, waarde in PERSOONLIJK.items():
        assert [plek for plek, tekst in geschreven.items() if waarde in tekst] == [], naam
    assert 'De kolom "Relatie" lijkt op burgerservicenummers' in alles.gelezen.fout
    # What the user keeps is in the rows.
    assert "PERSOON-nummer" in geschreven["rijen.csv"]


def test_geen_formules(alles: Alles, cli: Cli, tmp_path: Path) -> None:
    boek = tmp_path / "uit" / "rijen.xlsx"
    boek.parent.mkdir()
    assert cli("bulk", alles.map.parent / "export.csv", "--uit", boek).code == 1
    bladen = {**alles_in(alles.map), **alles_in(boek.parent)}
    bladen = {naam: tekst for naam, tekst in bladen.items() if "/worksheets/" in naam}
    assert len(bladen) > 10
    for naam, tekst in bladen.items():
        if "map/" in naam or naam.startswith("rijen"):
            assert "1+1" in tekst or "inlineStr" in tekst or 't="s"' in tekst, naam
        assert "<f>" not in tekst, naam
        assert "<hyperlink" not in tekst, naam
    voor = {"=", "+", "-", "@", "\t"}
    cellen = [cel for rij in rijen(alles.map / "rijen.csv") for cel in rij.values() if cel]
    assert [cel for cel in cellen if cel[0] in voor] == []
    assert {cel[1:] for cel in cellen if cel[0] == "'"} >= {
        een for een in FORMULES if een[0] != "\t"
    }


def test_een_bsn_in_een_cel_komt_alleen_terug_in_zijn_kolom(cli: Cli, tmp_path: Path) -> None:
    """A single one among good cells is no column of BSNs; it is repeated nowhere."""
    velden = [*NIEUW, "einddatum", "zorgvorm", "aanbieder", "productcode", "verwijzer", "volume"]
    goed = {**dict.fromkeys(velden, ""), **NIEUW, "aanbieder": "12345678"}
    regels = [{**goed, "kenmerk": f"k{n}"} for n in range(3 * len(velden))]
    for rij, naam in zip(regels, velden, strict=False):
        rij[naam] = BSN
    export, uit = schrijf(tmp_path / "export.csv", regels), tmp_path / "uit"
    uit.mkdir()
    gelezen = cli(
        *("bulk", export, "--uit", uit / "rijen.csv", "--samenvatting", uit / "cijfers.html"),
        *("--per-aanbieder", uit / "map", "--rapport", uit / "rapport.xlsx"),
    )
    assert gelezen.code == 1
    assert BSN not in gelezen.uit + gelezen.fout
    assert BSN not in (uit / "cijfers.html").read_text("utf-8")
    assert not [pad for pad in uit.rglob("*") if BSN in pad.name]
    for nummer, rij in enumerate(rijen(uit / "rijen.csv")):
        waar = [naam for naam, cel in rij.items() if BSN in cel]
        assert waar == ([velden[nummer]] if nummer < len(velden) else [])


@pytest.mark.parametrize("kop", [BSN, f"nr {BSN}", f"BSN {BSN}", f"{BSN}-a"])
def test_een_bsn_in_de_kop_wordt_niet_herhaald(cli: Cli, tmp_path: Path, kop: str) -> None:
    export = schrijf(tmp_path / "export.csv", [{**NIEUW, kop: "x"}])
    gelezen = cli("bulk", export, "--uit", tmp_path / "uit.csv")
    assert gelezen.code == 2
    assert f"{export}, regel 1: " in gelezen.fout
    assert "kolom 9" in gelezen.fout
    assert BSN not in gelezen.fout


# Any size.


@pytest.mark.zwaar
def test_het_geheugen_blijft_begrensd(tmp_path: Path) -> None:
    """3,000,000 rows in less than 2 GiB of this process alone."""
    export, uit = tmp_path / "export.parquet", tmp_path / "uit.parquet"
    maak_bestand(3_000_000, 1, "schoon", export)
    kind = os.posix_spawn(
        sys.executable,
        [*COMMANDO, "bulk", str(export), "--uit", str(uit)],
        omgeving(),
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, gebruik = os.wait4(kind, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert gebruik.ru_maxrss < 2 << 20  # KiB
    assert pq.ParquetFile(uit).metadata.num_rows == 3_000_000
