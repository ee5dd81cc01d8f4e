"""What the command line takes, the sentences for what is wrong, and its exit codes."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from clihulp import KORT, NIEUW, Cli, Uitvoer
from storingsserver import Connection, serving
from uitfasering.invoer import vragen
from uitfasering.opdrachtregel import zo_gestart


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], opa_url: str) -> Cli:
    return Cli(monkeypatch, capsys, opa_url)


@pytest.fixture
def zonder_opa(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


def schrijf(map_: Path, naam: str, inhoud: Any) -> Path:
    pad = map_ / naam
    pad.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(inhoud, bytes):
        pad.write_bytes(inhoud)
    else:
        pad.write_text(inhoud if isinstance(inhoud, str) else json.dumps(inhoud), "utf-8")
    return pad


def uitkomsten(gelezen: Uitvoer) -> list[tuple[str, str]]:
    """Kenmerk and uitkomst of each answer, in order; from ``--formaat json``."""
    besluiten = json.loads(gelezen.uit)["besluiten"]
    return [(b["kenmerk"], b["besluit"]["uitkomst"]) for b in besluiten]


def meldingen(gelezen: Uitvoer) -> list[dict[str, Any]]:
    gevonden: list[dict[str, Any]] = json.loads(gelezen.uit)["meldingen"]
    return gevonden


@pytest.mark.parametrize(
    ("inhoud", "verwacht"),
    [
        (NIEUW, [("1", "NIET_TOEGESTAAN")]),
        (
            {"toewijzingen": {"a": KORT, "b": NIEUW}},
            [("a", "TOEGESTAAN"), ("b", "NIET_TOEGESTAAN")],
        ),
        ({"input": KORT}, [("1", "TOEGESTAAN")]),
        ({"input": {"toewijzingen": {"a": KORT}}}, [("a", "TOEGESTAAN")]),
        ([NIEUW, KORT], [("1", "NIET_TOEGESTAAN"), ("2", "TOEGESTAAN")]),
        (
            f"{json.dumps(KORT)}\n\n{json.dumps(NIEUW)}\r\n",
            [("1", "TOEGESTAAN"), ("3", "NIET_TOEGESTAAN")],
        ),
        (b"\xef\xbb\xbf" + json.dumps(KORT).encode(), [("1", "TOEGESTAAN")]),
        ({}, [("1", "ONGELDIGE_INVOER")]),
        ([5, None], [("1", "ONGELDIGE_INVOER"), ("2", "ONGELDIGE_INVOER")]),
        ('[{"budget": 1e999, "gemeente": ' + "9" * 5000 + "}]", [("1", "ONGELDIGE_INVOER")]),
    ],
)
def test_vormen_van_json(cli: Cli, tmp_path: Path, inhoud: Any, verwacht: Any) -> None:
    # The name says nothing: content decides.
    gelezen = cli("besluit", schrijf(tmp_path, "wat.xml", inhoud), "--formaat", "json")
    assert uitkomsten(gelezen) == verwacht
    assert meldingen(gelezen) == []
    assert gelezen.code == (0 if all(u == "TOEGESTAAN" for _, u in verwacht) else 1)
    assert gelezen.fout == ""


def test_xml_wordt_herkend_aan_inhoud(cli: Cli, tmp_path: Path, root: Path) -> None:
    for codering in ("utf-8", "utf-16"):
        tekst = (root / "voorbeelden" / "jw301.xml").read_text("utf-8")
        tekst = tekst.replace('encoding="UTF-8"', f'encoding="{codering}"')
        pad = schrijf(tmp_path, "bericht.json", tekst.encode(codering))
        gelezen = cli("besluit", pad, "--formaat", "json")
        assert next(k for k, _ in uitkomsten(gelezen)) == "jw301/1/21001", codering


@pytest.mark.parametrize(
    ("inhoud", "code", "plek", "zin"),
    [
        (b"", "bestand-leeg", (0, 0), "Het bestand is leeg."),
        (b" \n", "bestand-leeg", (0, 0), "Het bestand is leeg."),
        (b"a;b\n1;2", "json-onbekend", (1, 1), "Dit is geen XML en geen JSON."),
        (b"{}\xff", "json-tekencodering", (1, 3), "Het bestand is geen UTF-8."),
        (b'{"a": \n "b"', "json-afgebroken", (2, 5), "Het bestand houdt te vroeg op."),
        (b'{"a": "b', "json-kapot", (1, 7), "Hier begint een tekst die niet eindigt."),
        (b'{"a": }', "json-kapot", (1, 7), "Hier ontbreekt een waarde"),
        (b"{a: 1}", "json-kapot", (1, 2), "Hier hoort de naam van een veld te staan"),
        (b'{"a" 1}', "json-kapot", (1, 6), "Hier ontbreekt een dubbele punt."),
        (b'{"a": 1 "b": 2}', "json-kapot", (1, 9), "Hier ontbreekt een komma of een haakje."),
        (b'{"a": "\t"}', "json-kapot", (1, 8), "een tab of een ander stuurteken"),
        (b'{"a": "\\q"}', "json-kapot", (1, 8), "Na deze \\ staat een teken"),
        (b"{} {}", "json-kapot", (1, 4), "Hier staat nog iets na het einde."),
        (b'{"a": 1,\n  "a": 2}', "json-dubbel", (2, 3), "Deze naam staat twee keer"),
        (b'{"x": {"\\u0061": 1, "a": 2}}', "json-dubbel", (1, 21), "Deze naam staat twee keer"),
        (b'{"NaN": [1, NaN]}', "json-geen-getal", (1, 13), "Hier staat NaN of Infinity."),
        (b"[-Infinity]", "json-geen-getal", (1, 2), "Hier staat NaN of Infinity."),
        (b"[" * 100_000, "json-te-diep", (0, 0), "De onderdelen zitten te diep in elkaar."),
        (b"[]", "json-leeg", (0, 0), "In het bestand staan geen toewijzingen."),
        (b'{"toewijzingen": {}}', "json-leeg", (0, 0), "In het bestand staan geen toewijzingen."),
        (b'{"toewijzingen": [1]}', "json-toewijzingen", (0, 0), "Bij toewijzingen horen kenmerken"),
        (b"5", "json-geen-toewijzing", (0, 0), "Hier staat geen toewijzing."),
        (b"<a>", "xml-afgebroken", (1, 4), "Het bestand houdt te vroeg op."),
        (b"<a/>", "bericht-geen", (0, 0), "In het bestand staat geen iJw-bericht."),
    ],
)
def test_slecht_bestand(
    cli: Cli, tmp_path: Path, inhoud: bytes, code: str, plek: tuple[int, int], zin: str
) -> None:
    """A fault has its file, place, sentence and remedy; the other file is still answered."""
    slecht = schrijf(tmp_path, "slecht.json", inhoud)
    goed = schrijf(tmp_path, "goed.json", KORT)
    gelezen = cli("besluit", slecht, goed, "--formaat", "json")
    (melding,) = meldingen(gelezen)
    assert (melding["code"], (melding["regel"], melding["kolom"])) == (code, plek)
    assert melding["bestand"] == str(slecht)
    assert zin in melding["bericht"]
    assert melding["oplossing"]
    assert uitkomsten(gelezen) == [("1", "TOEGESTAAN")]
    assert gelezen.code == 1

    als_tekst = cli("besluit", slecht, goed)
    assert als_tekst.code == 1
    assert f"FOUT in {slecht}"[:80] in als_tekst.fout.replace("\n", " ")
    assert "TOEGESTAAN" in als_tekst.uit
    assert "1  Niet te lezen" in als_tekst.uit


def test_slechte_regel_in_ndjson(cli: Cli, tmp_path: Path) -> None:
    tekst = f'{{"a": \n{json.dumps(KORT)}\n{{"a": 1, "a": 2}}\nwat?\n'
    gelezen = cli("besluit", schrijf(tmp_path, "a.ndjson", tekst), "--formaat", "json")
    gevonden = [(m["code"], m["regel"], m["kolom"]) for m in meldingen(gelezen)]
    assert gevonden == [
        ("json-afgebroken", 1, 7),
        ("json-dubbel", 3, 10),
        ("json-onbekend", 4, 1),
    ]
    assert uitkomsten(gelezen) == [("2", "TOEGESTAAN")]


def test_te_groot(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uitfasering.invoer.MAX_BYTES", 10_000)
    vol = schrijf(tmp_path, "vol.json", json.dumps(KORT).ljust(10_000))
    groter = schrijf(tmp_path, "groter.json", json.dumps(KORT).ljust(10_001))
    xml = schrijf(tmp_path, "groter.xml", "<a>".ljust(10_001))
    gelezen = cli("besluit", vol, groter, xml, "--formaat", "json")
    assert uitkomsten(gelezen) == [("1", "TOEGESTAAN")]
    gevonden = [(m["bestand"], m["code"]) for m in meldingen(gelezen)]
    assert gevonden == [(str(groter), "bestand-te-groot"), (str(xml), "bestand-te-groot")]
    assert vragen.MAX_BYTES == 50_000_000


def test_map(cli: Cli, tmp_path: Path, root: Path) -> None:
    """Folders in order, by suffix; other files are counted, hidden ones are not seen."""
    schrijf(tmp_path, "b.json", {"toewijzingen": {"b": KORT}})
    schrijf(tmp_path, "a/z.NDJSON", json.dumps(KORT))
    shutil.copy(root / "voorbeelden" / "jw323.xml", tmp_path / "a" / "c.xml")
    schrijf(tmp_path, "lees.txt", "niets")
    schrijf(tmp_path, "a/foto.png", "niets")
    schrijf(tmp_path, ".git/x.json", "kapot")
    schrijf(tmp_path, "._b.json", "kapot")
    # A file that is given twice is asked once.
    gelezen = cli("besluit", tmp_path, tmp_path / "b.json", "--formaat", "json")
    kenmerken = [kenmerk for kenmerk, _ in uitkomsten(gelezen)]
    assert kenmerken == ["b", "jw323/1/21002", "jw323/2/20877", "1"]
    assert json.loads(gelezen.uit)["overgeslagen"] == 2
    assert gelezen.code == 0
    assert "Overgeslagen: 2 andere bestanden." in cli("besluit", tmp_path).uit
    assert "Overgeslagen: 2 andere" in cli("besluit", tmp_path, "--formaat", "csv").fout


def test_volgorde_van_de_bestanden(cli: Cli, tmp_path: Path, root: Path) -> None:
    """XML and JSON in the order given; messages given together know of each other."""
    json_ = schrijf(tmp_path, "a.json", KORT)
    voorbeelden = root / "voorbeelden"
    jw315, jw301 = voorbeelden / "jw315.xml", voorbeelden / "jw301.xml"
    gelezen = cli("besluit", jw315, json_, jw301, "--formaat", "json")
    soorten = [kenmerk.split("/")[0] for kenmerk, _ in uitkomsten(gelezen)]
    assert soorten == [*["jw315"] * 2, "1", *["jw301"] * 6]
    besluiten = json.loads(gelezen.uit)["besluiten"]
    assert any("De verwijzer komt uit" in o for b in besluiten for o in b["opmerkingen"])


def test_lege_map(cli: Cli, tmp_path: Path) -> None:
    schrijf(tmp_path, "lees.txt", "niets")
    gelezen = cli("besluit", tmp_path)
    assert gelezen.code == 2
    assert "Er is niets te beoordelen" in gelezen.fout


def test_handeling_en_op(cli: Cli, tmp_path: Path, root: Path) -> None:
    jw301 = root / "voorbeelden" / "jw301.xml"
    jw315 = root / "voorbeelden" / "jw315.xml"
    los = schrijf(tmp_path, "los.json", KORT)
    gelezen = cli("besluit", jw301, los, "--handeling", "lopend", "--formaat", "json")
    *bericht, laatste = json.loads(gelezen.uit)["besluiten"]
    assert {b["handeling"] for b in bericht} == {"lopend"}
    assert {b["handeling_grond"] for b in bericht} == {"Gekozen met --handeling."}
    assert laatste["handeling"] == "verkorting"
    assert laatste["opmerkingen"] == ["--handeling geldt alleen voor berichten."]

    gelezen = cli("besluit", jw315, "--op", "2022-02-01")
    assert "Toewijzingsdatum: 1 februari 2022" in gelezen.uit
    assert "gekozen met --op" in gelezen.uit


@pytest.mark.parametrize(
    ("argumenten", "zin"),
    [
        (["besluit"], "Er ontbreekt iets: geef een bestand, een map, of -"),
        (["besluit", "er-is-niets.xml"], "Het bestand of de map er-is-niets.xml bestaat niet."),
        (["besluit", "--formt", "csv", "."], "--formt bestaat niet. Bedoelt u --formaat?"),
        (["besluit", "--formaat", "jsn", "."], "--formaat kan niet jsn zijn. Bedoelt u json?"),
        (["besluit", "--formaat", "pdf", "."], "Kies uit: tekst, json, ndjson, csv."),
        (["besluit", "--handeling", "x", "."], "--handeling kan niet x zijn. Kies uit: nieuw,"),
        (["besluit", ".", "--op", "2021-02-29"], "--op klopt niet: schrijf een bestaande datum"),
        (["besluit", ".", "--op", "1899-12-31"], "--op klopt niet: schrijf een bestaande datum"),
        (["besluit", ".", "--op"], "Achter de optie --op hoort een waarde."),
        (["besluit", ".", "--ca", "nee.pem"], "Het bestand nee.pem bij --ca bestaat niet."),
        (["besluit", ".", "--opa", "nee"], "Het adres van OPA klopt niet."),
        (["bundel", "--opnieuw=1"], "Achter de optie --opnieuw hoort geen waarde."),
        (["bundel", "iets"], "Er staat te veel achter deze opdracht."),
        (["start", "--poort", "0"], "--poort klopt niet: kies een getal van 1 tot en met 65535."),
        (["start", "--poort", "65536"], "--poort klopt niet"),
        (["start", "--poort", "tien"], "--poort klopt niet"),
        (["start", "--adres", "203.0.113.1"], "203.0.113.1 is geen adres van deze computer."),
        (["start", "--adres", "nergens.invalid"], "nergens.invalid is geen adres van deze"),
        (["beslut"], "De opdracht beslut bestaat niet. Bedoelt u besluit?"),
        (["-x"], "De optie -x bestaat niet."),
        (["be\x1b[31m"], "De opdracht be\ufffd[31m bestaat niet."),
    ],
)
def test_verkeerd_gebruik(zonder_opa: Cli, argumenten: list[str], zin: str) -> None:
    gelezen = zonder_opa(*argumenten)
    assert gelezen.code == 2
    assert gelezen.fout.startswith("FOUT: ")
    assert zin in gelezen.fout
    assert gelezen.uit == ""
    engels = ("Error", "Usage", "Try", "option", "Missing", "Invalid", "Traceback")
    assert not [woord for woord in engels if woord in gelezen.fout]


def test_geen_verbinding(zonder_opa: Cli, tmp_path: Path) -> None:
    goed = schrijf(tmp_path, "goed.json", KORT)
    gelezen = zonder_opa("besluit", goed, "--opa", "http://127.0.0.1:1")
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert "Er is geen verbinding met OPA op http://127.0.0.1:1" in gelezen.fout


def test_token_uit_de_omgeving(
    zonder_opa: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gezien = []

    def weiger(verbinding: Connection) -> None:
        gezien.append(verbinding.request()[1].get("authorization"))
        verbinding.send(401, b"{}")

    goed = schrijf(tmp_path, "goed.json", KORT)
    with serving(weiger) as server:
        zonder_opa("besluit", goed, "--opa", server.url)
        monkeypatch.setenv("UITFASERING_OPA_TOKEN", "geheim")
        gelezen = zonder_opa("besluit", goed, "--opa", server.url)
    assert gezien == [None, "Bearer geheim"]
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert "weigert de vraag (HTTP 401)" in gelezen.fout
    assert "geheim" not in gelezen.fout
    # Everyone on the computer can see the arguments of a process.
    assert "--token " not in zonder_opa("besluit", "--help").uit


def test_hulp_is_nederlands(zonder_opa: Cli) -> None:
    for argumenten in ([], ["--help"], ["besluit", "--help"], ["bundel", "--help"]):
        gelezen = zonder_opa(*argumenten)
        tekst = gelezen.uit + gelezen.fout
        assert gelezen.code == (0 if argumenten else 2)
        assert tekst.startswith("Gebruik: uitfasering")
        assert "Opties:" in tekst
        engels = ("Usage", "Options", "Commands", "Show", "default", "COMMAND", "ARGS", "TEXT")
        assert not [woord for woord in engels if woord in tekst]
    assert "Opdrachten:" in zonder_opa("--help").uit
    # \b keeps the three exit codes on lines of their own.
    assert "\n    1  iets is niet toegestaan" in zonder_opa("besluit", "--help").uit


def test_versie(zonder_opa: Cli) -> None:
    gelezen = zonder_opa("--version")
    assert gelezen.code == 0
    assert gelezen.uit.startswith("uitfasering ")


def test_fout_in_het_programma_toont_geen_gegevens(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuk(*_: object) -> None:
        raise RuntimeError("Jan Jansen")

    monkeypatch.setattr("uitfasering.weergave.tekst.Tekst.antwoord", stuk)
    gelezen = cli("besluit", schrijf(tmp_path, "a.json", KORT))
    assert gelezen.code == 2
    assert "Er zit een fout in het programma: RuntimeError in test_cli, regel" in gelezen.fout
    assert "Jansen" not in gelezen.fout


def test_fout_in_de_tabellen(
    zonder_opa: Cli, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for naam in ("policies", "data", "schemas", "scripts"):
        shutil.copytree(root / naam, tmp_path / naam)
    (tmp_path / "data" / "contacten.yaml").write_text("wat: is dit\n", "utf-8")
    monkeypatch.setenv("UITFASERING_ROOT", str(tmp_path))
    monkeypatch.setenv("UITFASERING_OPA", str(root / "bin" / "opa"))
    goed = schrijf(tmp_path, "goed.json", KORT)
    for argumenten in (["bundel"], ["besluit", str(goed)]):
        gelezen = zonder_opa(*argumenten)
        assert gelezen.code == 2
        assert "data/contacten.yaml:1" in gelezen.fout


def test_hints_name_the_program_as_it_was_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programma = tmp_path / "een map" / "uitfasering"
    programma.parent.mkdir()
    programma.write_text("#!/bin/sh\n", "utf-8")
    programma.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(programma)])
    assert zo_gestart() == f"'{programma}'"
    monkeypatch.setenv("PATH", str(programma.parent))
    assert zo_gestart() == "uitfasering"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "cli.py")])  # python -m
    assert zo_gestart() == "uitfasering"
