"""What a reader gets to see: approved text for every outcome, and the forms for programs.

The approved texts are ``tests/weergave/*.txt``. After a change of words, make them again and
read them as an officer would:

    cd tests/weergave && for f in *.json; do uitfasering besluit "$f" >"${f%.json}.txt"; done
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from clihulp import KORT, NIEUW, Cli
from conftest import OpaMet
from uitfasering.leesgegevens import Leesgegevens, lees_gegevens
from uitfasering.records import Voorstel
from uitfasering.weergave.veilig import schone_cel, schoon, schoon_json
from uitfasering.weergave.woorden import datum, voorstel_in_zinnen

GOEDGEKEURD = Path(__file__).parent / "weergave"
# The choices that the approved texts were made on.
KEUZES = {"0148": "aflopen", "0150": "omzetten", "1773": "omzetten"}
KENMERK = "=1+1\x1b[31m[bold]\n\u202e\ud800é"


@pytest.fixture(scope="module")
def opa_url(opa_met: OpaMet) -> str:
    return opa_met({"keuzes": KEUZES})


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], opa_url: str) -> Cli:
    return Cli(monkeypatch, capsys, opa_url)


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Leesgegevens:
    return lees_gegevens(root)


@pytest.mark.parametrize("naam", sorted(pad.stem for pad in GOEDGEKEURD.glob("*.json")))
def test_goedgekeurde_tekst(cli: Cli, naam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOEDGEKEURD)
    gelezen = cli("besluit", f"{naam}.json")
    tekst, _, versie = gelezen.uit.removesuffix("\n").rpartition("\n")
    verwacht = Path(f"{naam}.txt").read_text("utf-8").removesuffix("\n").rpartition("\n")[0]
    assert tekst == verwacht
    assert versie.startswith("Versie van de afspraken: ")
    assert len(versie.removeprefix("Versie van de afspraken: ")) == 12
    assert gelezen.fout == ""


def test_elke_uitkomst_is_goedgekeurd(gegevens: Leesgegevens) -> None:
    teksten = [pad.read_text("utf-8") for pad in GOEDGEKEURD.glob("*.txt")]
    for uitkomst, woorden in gegevens.uitkomsten.items():
        if uitkomst not in ("ADVIES", "INFO"):
            assert any(f" {woorden['kop'].upper()}" in tekst for tekst in teksten), uitkomst


def test_toegestaan_zegt_niet_meer_dan_de_brieven(cli: Cli, tmp_path: Path) -> None:
    pad = tmp_path / "a.json"
    pad.write_text(json.dumps(KORT), "utf-8")
    assert "Niets in deze twee brieven staat dit in de weg." in cli("besluit", pad).uit


def test_samenvatting(cli: Cli, root: Path) -> None:
    gelezen = cli("besluit", root / "voorbeelden" / "toewijzingen.json")
    samenvatting = gelezen.uit[gelezen.uit.index("Samenvatting") :]
    aantallen = [regel.split("  ") for regel in samenvatting.splitlines()[2:-2]]
    besluiten = cli("besluit", root / "voorbeelden" / "toewijzingen.json", "--formaat", "json")
    assert sum(int(n) for n, _ in aantallen) == len(json.loads(besluiten.uit)["besluiten"]) == 6
    assert ["1", "Omzetten"] in aantallen


def test_invoer_wordt_onschadelijk(cli: Cli, tmp_path: Path) -> None:
    """A kenmerk or file name can do nothing to a terminal, a spreadsheet or a parser."""
    pad = tmp_path / "a\x1b[2J[red].json"
    pad.write_text(json.dumps({"toewijzingen": {KENMERK: KORT}}), "utf-8")
    tekst = cli("besluit", pad).uit
    assert "\x1b" not in tekst
    assert "\u202e" not in tekst
    assert "Toewijzing =1+1\ufffd[31m[bold]\ufffd\ufffd\ufffdé uit" in tekst
    assert "[red].json" in tekst.replace("\n", "")

    for formaat in ("json", "ndjson"):
        uit = cli("besluit", pad, "--formaat", formaat).uit
        assert uit.isprintable() or set(filter(lambda t: not t.isprintable(), uit)) == {"\n"}
        document = json.loads(uit)
        besluit = document["besluiten"][0] if formaat == "json" else document
        # Escaped, so a program gets back exactly what it gave.
        assert besluit["kenmerk"] == KENMERK
        assert besluit["bestand"] == str(pad)

    (rij,) = rijen(cli("besluit", pad, "--formaat", "csv").uit)
    assert rij["kenmerk"] == "'=1+1\ufffd[31m[bold]\ufffd\ufffd\ufffdé"


def test_verkeerde_waarden_worden_nergens_getoond(cli: Cli, tmp_path: Path) -> None:
    geheim = "Jan Jansen 999900006"
    fout = {
        **NIEUW,
        "gemeente": geheim,
        "handeling": geheim,
        "product": {"code": geheim, geheim: 1},
        "periode": {"begindatum": geheim, "einddatum": "2022-01-01"},
        "aanbieder": geheim,
        geheim: geheim,
    }
    pad = tmp_path / "a.json"
    pad.write_text(json.dumps([fout, geheim, [geheim]]), "utf-8")
    for formaat in ("tekst", "json", "ndjson", "csv"):
        gelezen = cli("besluit", pad, "--formaat", formaat)
        assert gelezen.code == 1
        assert "Jansen" not in gelezen.uit + gelezen.fout
        assert "999900006" not in gelezen.uit + gelezen.fout


def test_personen_uit_berichten_worden_nergens_getoond(cli: Cli, root: Path) -> None:
    for formaat in ("tekst", "json", "ndjson", "csv"):
        uit = cli("besluit", root / "voorbeelden", "--formaat", formaat).uit
        assert "9999000" not in uit
        assert "Achternaam" not in uit


def rijen(tekst: str) -> list[dict[str, str]]:
    assert tekst.startswith("\ufeff")
    assert tekst.count("\r\n") == tekst.count("\n")
    return list(csv.DictReader(io.StringIO(tekst.removeprefix("\ufeff")), delimiter=";"))


def test_csv(cli: Cli, root: Path) -> None:
    pad = root / "voorbeelden" / "toewijzingen.json"
    besluiten = json.loads(cli("besluit", pad, "--formaat", "json").uit)["besluiten"]
    gevonden = rijen(cli("besluit", pad, "--formaat", "csv").uit)
    assert [r["kenmerk"] for r in gevonden] == [b["kenmerk"] for b in besluiten]
    assert [r["uitkomst"] for r in gevonden] == [b["besluit"]["uitkomst"] for b in besluiten]
    assert {r["herkomst"] for r in gevonden} == {b["besluit"]["herkomst"] for b in besluiten}
    rij = next(r for r in gevonden if r["kenmerk"] == "duurzaam-in-deventer")
    assert rij["gemeente"] == "Deventer"
    assert rij["handeling"] == "lopend"
    assert rij["regels"] == "B2-11 A-08"
    assert rij["toelichting"].startswith("De gemeente Deventer zet lopende toewijzingen")
    assert rij["voorstel_beeindigen_per"] == "2021-12-31"
    assert rij["voorstel_reden_wijziging"] == "10"
    assert rij["voorstel_opnieuw_code"] == "50TJ1"
    assert rij["voorstel_opnieuw_ingangsdatum"] == "2022-01-01"
    assert rij["voorstel_opnieuw_einddatum"] == "2022-08-31"
    assert rij["voorstel_opnieuw_eenheden"] == "01 04 14 16 84"
    assert rij["voorlopig"] == "nee"
    zonder = next(r for r in gevonden if r["kenmerk"] == "zonder-productcode")
    assert zonder["ontbreekt"] == "perspectief"
    lang = next(r for r in gevonden if r["kenmerk"] == "langer-dan-een-jaar")
    assert lang["uiterste_einddatum"] == "2022-07-04"


def test_csv_zegt_waarop_het_antwoord_rust(cli: Cli, root: Path) -> None:
    """What was chosen while reading, how the letter was read, and that a code is a placeholder."""
    document = json.loads(cli("besluit", root / "voorbeelden", "--formaat", "json").uit)
    gevonden = rijen(cli("besluit", root / "voorbeelden", "--formaat", "csv").uit)
    keren = dict.fromkeys(("grond", "opmerking", "lezing", "voorbeeld"), 0)
    for rij, een in zip(gevonden, document["besluiten"], strict=True):
        besluit = een["besluit"]
        assert rij["waarom_deze_vraag"] == (een["handeling_grond"] or "")
        assert rij["opmerkingen"] == " ".join(een["opmerkingen"])
        for bevinding in besluit["bevindingen"]:
            beslist = bevinding["gevolg"] == besluit["uitkomst"]
            getoond = beslist or bevinding["regel"] == "A-08"
            assert (bevinding["tekst"] in rij["toelichting"]) == getoond
            if bevinding["lezing"]:
                assert (bevinding["lezing"] in rij["lezing"]) == beslist
                keren["lezing"] += beslist
            keren["voorbeeld"] += bevinding["regel"] == "A-08"
        keren["grond"] += bool(rij["waarom_deze_vraag"])
        keren["opmerking"] += bool(rij["opmerkingen"])
    assert all(keren.values()), keren


def test_json_is_wat_opa_gaf(cli: Cli, root: Path, opa_url: str) -> None:
    import requests

    pad = root / "voorbeelden" / "toewijzingen.json"
    invoer = {"input": json.loads(pad.read_text("utf-8"))}
    opa: dict[str, Any] = requests.post(
        f"{opa_url}/v1/data/uitfasering/besluiten", json=invoer, timeout=10
    ).json()["result"]
    document = json.loads(cli("besluit", pad, "--formaat", "json").uit)
    assert {b["kenmerk"]: b["besluit"] for b in document["besluiten"]} == opa
    # This OPA keeps no log.
    assert {(b["besluit_id"], b["volgnummer"]) for b in document["besluiten"]} == {(None, None)}
    regels = cli("besluit", pad, "--formaat", "ndjson").uit.splitlines()
    assert [json.loads(regel) for regel in regels] == document["besluiten"]


def test_ndjson_noemt_ook_wat_niet_te_lezen_is(cli: Cli, tmp_path: Path) -> None:
    pad = tmp_path / "a.ndjson"
    pad.write_text(f"{json.dumps(KORT)}\n{{\n{json.dumps(KORT)}", "utf-8")
    regels = [json.loads(r) for r in cli("besluit", pad, "--formaat", "ndjson").uit.splitlines()]
    assert [regel.get("kenmerk") for regel in regels] == ["1", None, "3"]
    assert regels[1]["melding"]["regel"] == 2


def test_meer_dan_een_vraag_tegelijk(cli: Cli, tmp_path: Path) -> None:
    """More than goes in one request: all of them, in order."""
    pad = tmp_path / "a.json"
    pad.write_text(json.dumps([NIEUW, KORT] * 600), "utf-8")
    besluiten = json.loads(cli("besluit", pad, "--formaat", "json").uit)["besluiten"]
    assert [b["kenmerk"] for b in besluiten] == [str(n) for n in range(1, 1_201)]
    assert [b["besluit"]["uitkomst"] for b in besluiten] == ["NIET_TOEGESTAAN", "TOEGESTAAN"] * 600


def test_elke_zin_van_het_voorstel_wordt_ingevuld(gegevens: Leesgegevens) -> None:
    from uitfasering.records import Beeindigen, Opnieuw

    for code in ("54002", None):
        opnieuw = Opnieuw(
            segment="top",
            code=code,
            ingangsdatum="2022-01-01",
            einddatum="2022-12-31",
            eenheden=("01",),
        )
        stop = Beeindigen(einddatum="2021-12-31", reden_wijziging="10")
        zinnen = voorstel_in_zinnen(
            Voorstel(beeindigen=stop, opnieuw=opnieuw), gegevens.weergave
        ) + voorstel_in_zinnen(Voorstel(einddatum="2022-12-31"), gegevens.weergave)
        assert "{" not in " ".join(zinnen)
        assert ("54002" in " ".join(zinnen)) == (code is not None)
    for norm, zin in gegevens.weergave["normen"].items():
        assert "{wie}" in zin, norm


def test_bevindingen_zonder_citaat_bestaan(gegevens: Leesgegevens) -> None:
    assert set(gegevens.weergave["zonder_citaat"]) <= gegevens.plaatsen.keys()


def test_woorden_volgen_de_tabellen(root: Path, tmp_path: Path) -> None:
    """What is kept beside the bundle is never older than the tables; damage does no harm."""
    import shutil

    for naam in ("data", "schemas"):
        shutil.copytree(root / naam, tmp_path / naam)
    eerst = lees_gegevens(tmp_path)
    bewaard = tmp_path / "build" / "weergave.json"
    assert bewaard.is_file()
    assert lees_gegevens(tmp_path) == eerst
    tabel = tmp_path / "data" / "weergave.yaml"
    tabel.write_text(tabel.read_text("utf-8").replace("de aanbieder", "de zorgaanbieder"), "utf-8")
    daarna = lees_gegevens(tmp_path)
    assert daarna.weergave["geadresseerden"]["aanbieder"] == "de zorgaanbieder"
    bewaard.write_text('{"bron": 1', "utf-8")
    assert lees_gegevens(tmp_path) == daarna


@pytest.mark.parametrize(
    ("iso", "woorden"),
    [("2021-05-01", "1 mei 2021"), ("2022-12-31", "31 december 2022"), ("ooit", "ooit")],
)
def test_datum(iso: str, woorden: str) -> None:
    assert datum(iso) == woorden


@pytest.mark.parametrize("teken", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u200e", "\u2028"])
def test_stuurtekens(teken: str) -> None:
    assert schoon(f"a{teken}b") == "a\ufffdb"
    ruw = json.dumps(f"a{teken}b", ensure_ascii=False)
    assert teken not in schoon_json(ruw)
    assert json.loads(schoon_json(ruw)) == f"a{teken}b"


@pytest.mark.parametrize("cel", ["=1", "+1", "-1", "@x", " =1", "\t=1"])
def test_geen_formule(cel: str) -> None:
    assert schone_cel(cel)[0] in "'\ufffd"
    assert schone_cel("gewoon - zo") == "gewoon - zo"


def test_een_foute_einddatum_is_geen_open_einde(cli: Cli, tmp_path: Path) -> None:
    pad = tmp_path / "a.json"
    pad.write_text(json.dumps({**NIEUW, "einddatum": "2021-06-31"}), "utf-8")
    assert "zonder einddatum" not in cli("besluit", pad).uit
    pad.write_text(json.dumps({k: v for k, v in NIEUW.items() if k != "einddatum"}), "utf-8")
    assert "zonder einddatum" in cli("besluit", pad).uit
