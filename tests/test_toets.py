"""``uitfasering toets``: what it shows in each form, what it takes, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from clihulp import Cli
from toetshulp import GOED, schrijf
from uitfasering.opdrachten import toets as opdracht
from uitfasering.toets.gevallen import lees_bestand
from uitfasering.toets.uitvoeren import draai
from uitfasering.werkbank import Werkbank

MAP = Path("tests") / "toets"
KLEIN = MAP / "klein.yaml"
VERSCHILLEN = MAP / "verschillen.yaml"


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], root: Path) -> Cli:
    monkeypatch.chdir(root)
    return Cli(monkeypatch, capsys)


# What an officer reads; read these files again when you change them.


@pytest.mark.parametrize("bestand", [KLEIN, VERSCHILLEN], ids=str)
def test_goedgekeurde_tekst(cli: Cli, bestand: Path) -> None:
    gelezen = cli("toets", bestand)
    assert gelezen.uit == bestand.with_suffix(".txt").read_text("utf-8")
    assert (gelezen.code, gelezen.fout) == (1, "")
    assert max(map(len, gelezen.uit.splitlines())) <= 80


def test_goedgekeurde_json(cli: Cli) -> None:
    gelezen = cli("toets", KLEIN, "--formaat", "json")
    assert gelezen.uit == KLEIN.with_suffix(".json").read_text("utf-8")
    assert gelezen.code == 1


def test_goedgekeurde_junit(cli: Cli) -> None:
    gelezen = cli("toets", KLEIN, "--formaat", "junit")
    assert gelezen.uit == KLEIN.with_suffix(".xml").read_text("utf-8")
    assert gelezen.code == 1


def test_alles_toont_ook_wat_klopt(cli: Cli, tmp_path: Path) -> None:
    path = schrijf(tmp_path, GOED, "map/proef.yaml")
    assert "Eerste dag" not in cli("toets", path).uit
    kop, rest = cli("toets", path, "--alles").uit.split("\n", 1)
    assert kop.endswith("2 goed")  # before it the folder, cut off when it is long
    assert rest == (
        "  ✓ proef: Proef                                                          2 goed\n"
        "    ✓ Eerste dag\n"
        "    ✓ een dag eerder\n"
        "\n"
        "2 gevallen in 1 bestand: 2 goed.\n"
    )


# JUnit: the schema of Jenkins (junit-10.xsd), as far as we use it.

_JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"skipped"}, {"testcase"}),
    "testcase": ({"name"}, {"classname"}, {"failure", "error", "skipped"}),
    "failure": (set(), {"message", "type"}, set()),
    "error": (set(), {"message", "type"}, set()),
    "skipped": (set(), {"message", "type"}, set()),
}


def _is_junit(element: Element) -> None:
    nodig, mag, kinderen = _JUNIT[element.tag]
    assert nodig <= set(element.attrib) <= nodig | mag
    for kind in element:
        assert kind.tag in kinderen
        _is_junit(kind)


def test_junit_volgt_het_gewone_schema_en_telt_goed(cli: Cli, tmp_path: Path) -> None:
    shutil.copy(VERSCHILLEN, tmp_path)
    shutil.copy(KLEIN, tmp_path)
    schrijf(tmp_path, GOED.replace("naam: Eerste dag", 'naam: "<&> \\"é\\""'), "goed.yaml")
    schrijf(tmp_path, GOED.replace("uitkomst: T", "uitkomst T"), "kapot.yaml")
    gegevens = 'gegevens: {medicatieminuten: {"0193": 400, "0000": 250}}\nuitgangspunten:'
    schrijf(tmp_path, GOED.replace("uitgangspunten:", gegevens), "vreemd.yaml")
    gelezen = cli("toets", tmp_path, "--formaat", "junit")
    root = fromstring(gelezen.uit)
    assert root.tag == "testsuites"
    _is_junit(root)
    tellen = (("tests", "testcase"), ("failures", "failure"), ("errors", "error"))
    for element in (root, *root):
        for naam, soort in tellen:
            assert int(element.attrib[naam]) == len(list(element.iter(soort)))
    # 13 differences and one in klein; a skipped one; a file that cannot be read, a strange code.
    aantallen = {Path(suite.attrib["name"]).stem: suite.attrib for suite in root}
    assert {naam: a["failures"] for naam, a in aantallen.items()} == {
        "verschillen": "13", "klein": "1", "goed": "0", "kapot": "0", "vreemd": "0",
    }  # fmt: skip
    assert int(aantallen["kapot"]["errors"]) >= 1
    assert aantallen["vreemd"]["errors"] == "1"
    assert aantallen["klein"]["skipped"] == "1"
    assert '<&> "é"' in {case.attrib["name"] for case in root.iter("testcase")}
    fouten = {f.text for f in root.iter("failure") if f.text and "30-04-2021" in f.text}
    assert all("ligt vóór 01-05-2021" in fout for fout in fouten)
    assert fouten


def test_json_telt_en_meldt(cli: Cli, tmp_path: Path) -> None:
    schrijf(tmp_path, GOED, "goed.yaml")
    schrijf(tmp_path, GOED.replace("uitkomst: TOEGESTAAN", "uitkomst: TOEGESTAN"), "kapot.yaml")
    gelezen = cli("toets", tmp_path, "--formaat", "json")
    document = json.loads(gelezen.uit)
    assert gelezen.code == 1
    assert document["samenvatting"] == {
        "gevallen": 2,
        "goed": 2,
        "fout": 0,
        "overgeslagen": 0,
        "niet_gedraaid": 0,
        "meldingen": 1,
    }
    (melding,) = document["meldingen"]
    assert (Path(melding["bestand"]).name, melding["regel"]) == ("kapot.yaml", 17)
    assert 'Bedoelt u "TOEGESTAAN"?' in melding["oplossing"]
    assert document["dekking"] is None


# Faults in the case files.


def test_een_kapot_bestand_houdt_de_andere_niet_tegen(cli: Cli, tmp_path: Path) -> None:
    schrijf(tmp_path, GOED.replace("naam: een dag eerder", "naam: Eerste dag"), "dubbel.yaml")
    schrijf(tmp_path, GOED.replace("onderwerp: Proef", "onderwerp"), "kapot.yaml")
    schrijf(tmp_path, GOED, "goed.yaml")
    gelezen = cli("toets", tmp_path)
    assert gelezen.code == 1
    assert "Deze naam staat ook op regel 11." in gelezen.uit
    assert f"{tmp_path / 'kapot.yaml'}:2:" in gelezen.uit
    assert gelezen.uit.endswith("\n\n2 gevallen in 1 bestand: 2 goed.\n")


def test_alleen_een_kapot_bestand(cli: Cli, tmp_path: Path) -> None:
    gelezen = cli("toets", schrijf(tmp_path, "\0"))
    assert gelezen.code == 1
    assert gelezen.uit.endswith("Er is geen geval nagerekend.\n")


def test_een_naam_die_niet_bestaat_is_een_fout(cli: Cli, tmp_path: Path) -> None:
    # a typing error in `niet` would make a case that cannot fail
    tekst = GOED.replace("niet: [B1-02]", "niet: [B1-20z]")
    gelezen = cli("toets", schrijf(tmp_path, tekst))
    assert gelezen.code == 1
    assert "De afspraak B1-20z bestaat niet." in gelezen.uit
    assert "2 goed" in gelezen.uit


@pytest.mark.parametrize(
    ("gegevens", "pad", "regel"),
    [
        (
            'afwijkingen: [{gemeente: "0193", regel: B1-08, van: "2021-06-01", tot: "2021-05-01", '
            "bron: nota, vervalt: true}]",
            "gegevens.afwijkingen[1].tot",
            4,
        ),
        (
            'afwijkingen:\n    - {gemeente: "0999", regel: B1-08, van: "2021-05-01", tot: '
            '"2021-06-01", bron: nota, vervalt: true}',
            "gegevens.afwijkingen[1].gemeente",
            5,
        ),
    ],
)
def test_foute_gegevens_van_een_bestand_staan_bij_dat_bestand(
    cli: Cli, tmp_path: Path, gegevens: str, pad: str, regel: int
) -> None:
    tekst = GOED.replace("uitgangspunten:", f"gegevens:\n  {gegevens}\nuitgangspunten:")
    path = schrijf(tmp_path, tekst)
    schrijf(tmp_path, GOED, "goed.yaml")
    document: Any = json.loads(cli("toets", tmp_path, "--formaat", "json").uit)
    assert (path.name, pad, regel) in {
        (Path(m["bestand"]).name, m["pad"], m["regel"]) for m in document["meldingen"]
    }
    standen = {(Path(g["bestand"]).name, g["stand"]) for g in document["gevallen"]}
    assert standen == {("proef.yaml", "niet_gedraaid"), ("goed.yaml", "goed")}


def test_de_werkbank_gaat_verder_op_de_eigen_tabellen(root: Path, tmp_path: Path) -> None:
    tekst = GOED.replace(
        "uitgangspunten:", 'gegevens: {keuzes: {"0193": omzetten}}\nuitgangspunten:'
    )
    gevallen = lees_bestand(schrijf(tmp_path, tekst), root)[0]
    with Werkbank(root) as werkbank:
        eigen = werkbank.gegevens
        voor = werkbank.residuen()
        assert [uitslag.stand for uitslag in draai(werkbank, gevallen)] == ["goed", "goed"]
        assert werkbank.gegevens is eigen
        assert werkbank.residuen() == voor


def test_gevallen_met_dezelfde_naam_en_map_blijven_uit_elkaar(cli: Cli, tmp_path: Path) -> None:
    anders = GOED.replace("profiel: 3", "profiel: 11").replace("NIET_TOEGESTAAN", "TOEGESTAAN")
    schrijf(tmp_path, GOED, "a/map/proef.yaml")
    schrijf(tmp_path, anders.replace("regels: [B1-02]}", "niet: [B1-02]}"), "b/map/proef.yaml")
    gelezen = cli("toets", tmp_path)
    assert (gelezen.code, gelezen.uit.splitlines()[-1]) == (
        0,
        "4 gevallen in 2 bestanden: 4 goed.",
    )


@pytest.mark.parametrize(("minimum", "code"), [("0", 0), ("80", 0), ("81", 1)])
def test_te_weinig_gedekt(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minimum: str, code: int
) -> None:
    # Measuring has its own tests (test_toetsdekking.py), and takes long for cases this few.
    gemeten = SimpleNamespace(gedekt=(None,) * 4, tekort=1, percentage=80)
    monkeypatch.setattr("uitfasering.toets.dekking.meet", lambda *_: gemeten)
    gelezen = cli("toets", schrijf(tmp_path, GOED), "--minimum", minimum)
    assert gelezen.code == code
    assert gelezen.uit.endswith("Dekking: 80 %. De gevallen tonen 4 van de 5 punten.\n")
    tekort = f"Dat is minder dan {minimum} %: er ontbreekt 1 punt. Zo ziet u welke: "
    assert gelezen.fout == (f"{tekort}uitfasering toets --dekking\n" if code else "")


def test_elke_optie_heeft_uitleg() -> None:
    for param in opdracht.toets.params:
        if param.param_type_name == "option":
            assert getattr(param, "help", None), param.name


def test_het_voorbeeld_in_leesmij_klopt(cli: Cli, root: Path, tmp_path: Path) -> None:
    tekst = (root / "tests" / "gevallen" / "LEESMIJ.md").read_text("utf-8")
    voorbeeld = tekst.split("```yaml\n")[1].split("```")[0]
    begin = """\
onderwerp: Proef
regels: [B2-11]
gegevens: {keuzes: {"0150": omzetten, "0177": omzetten, "0193": omzetten}}
uitgangspunten:
  lopend duurzaam tot in 2022:
    handeling: lopend
    gemeente: "0193"
    toewijzingsdatum: "2021-06-01"
    ingangsdatum: "2021-06-01"
    einddatum: "2022-06-30"
    product: {segment: midden, perspectief: duurzaam, profiel: 3}
"""
    gelezen = cli("toets", schrijf(tmp_path, begin + voorbeeld))
    assert gelezen.uit.endswith("3 gevallen in 1 bestand: 3 goed.\n"), gelezen.uit
    for param in opdracht.toets.params:
        if param.param_type_name == "option" and param.name != "help":
            assert f"{param.opts[0]}" in tekst, param.opts


def test_een_pad_vanuit_een_andere_map(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    schrijf(tmp_path, GOED.replace("uitkomst: TOEGESTAAN", "uitkomst: TOEGESTAN"))
    monkeypatch.chdir(tmp_path)
    gelezen = cli("toets", "proef.yaml")
    assert "^^^^" in gelezen.uit  # the line itself is shown
    monkeypatch.chdir(root / "tests")
    assert cli("toets", "toets/klein.yaml").uit.startswith("tests/toets ")
