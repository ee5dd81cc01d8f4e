"""``uitfasering bulk`` as its user meets it: what is written, and what is said."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from bulkhulp import Rij, alles_in, kolommen, rijen
from clihulp import COMMANDO, Cli, Uitvoer, omgeving, proces
from exporten.maak import maak_bestand
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
FORMULES = ("=1+1", "+31 6 12345678 ext", "-2+3", "@SOM(A1)", "\t=2", "=HYPERLINK(\"http://x\")")


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
    ("soort_in", "soort_uit"), steekproef([(een, twee) for een in SOORTEN for twee in SOORTEN], 5)
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
        assert list(rij) == [*origineel, *KOLOMMEN]
        assert {naam: rij[naam] for naam in KOLOMMEN} == {naam: goed[naam] for naam in KOLOMMEN}
        for naam, cel in origineel.items():
            # An apostrophe is before what could be a formula, and a tab is made visible.
            cel = cel if soort_uit in ("parquet", "ndjson") else cel.replace("\t", "\ufffd")
            assert rij[naam] in (cel, f"'{cel}"), naam


@pytest.mark.parametrize("soort", steekproef(["parquet", "csv", "ndjson"], 3))
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
    assert kolommen(tmp_path / "uit.csv") == [*kolommen_van("schoon"), *KOLOMMEN]
    assert all(doel.is_file() for doel in doelen)
    assert list((tmp_path / "map").iterdir()) == []


def kolommen_van(soort: str) -> list[str]:
    from exporten.maak import maak_tabel

    return list(maak_tabel(0, 1, soort).column_names)


# What is said.


def test_de_samenvatting(cli: Cli, tmp_path: Path) -> None:
    regels = [
        {**NIEUW, "productcode": "", "BSN": BSN, "verwijzer": ""},
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
        "  2  Handmatig beoordelen\n"
        "  1  Niet toegestaan\n"
        "  1  Ongeldige invoer\n"
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
        "Geschreven: u.csv, r.xlsx\n"
    )
    assert gelezen.fout == (
        "- Deze kolommen kunnen persoonsgegevens bevatten en zijn weggelaten: BSN.\n"
        "- Er is geen kolom voor afgestemd: bij elke toewijzing telt dit als nee.\n"
        "- Er is geen kolom voor overgenomen_woonplaats: bij elke toewijzing telt dit als\n"
        "  nee.\n"
    )
    assert all(len(regel) <= 80 for regel in gelezen.uit.splitlines()[:-1])


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
        env=omgeving(TERM="xterm-256color"),
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
    assert cli("bulk", export, "--uit", uit, "--handeling", "nieuw", "--gemeente", "Zwolle") == (
        Uitvoer(0, *_uit_en_fout(cli, export, uit, "--handeling", "nieuw", "--gemeente", "193"))
    ) or rijen(uit)
    (rij,) = rijen(uit)
    assert rij["regels"].split()[0] == "B1-02"
