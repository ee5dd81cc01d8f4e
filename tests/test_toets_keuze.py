"""``uitfasering toets``: which cases run, on which tables, and when nothing runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from clihulp import Cli, Uitvoer
from toetshulp import GOED, schrijf
from volledig import steekproef


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], root: Path) -> Cli:
    monkeypatch.chdir(root)
    return Cli(monkeypatch, capsys)


def namen(gelezen: Uitvoer) -> list[str]:
    return [geval["naam"] for geval in json.loads(gelezen.uit)["gevallen"]]


# Which cases run.


@pytest.mark.parametrize(
    ("keuze", "over"),
    steekproef(
        [
            pytest.param((), ["Eerste dag", "een dag eerder"]),
            pytest.param(("--naam", "eerste"), ["Eerste dag"]),
            pytest.param(("--naam", "DAG"), ["Eerste dag", "een dag eerder"]),
            pytest.param(("--regel", "B1-02"), ["Eerste dag", "een dag eerder"]),
            pytest.param(("--regel", "b1-02", "--naam", "eerder"), ["een dag eerder"]),
            pytest.param(("--gemeente", "0193"), ["Eerste dag"]),
            pytest.param(("--gemeente", "olst wijhe"), ["een dag eerder"]),
            pytest.param(("--gemeente", "Olst-Wijhe"), ["een dag eerder"]),
        ],
        2,
    ),
)
def test_keuze(cli: Cli, tmp_path: Path, keuze: tuple[str, ...], over: list[str]) -> None:
    gelezen = cli("toets", schrijf(tmp_path, GOED), "--formaat", "json", *keuze)
    assert namen(gelezen) == over
    assert gelezen.code == 0


@pytest.mark.parametrize(
    ("argumenten", "zin"),
    [
        (("--regel", "B1-2"), "De afspraak B1-2 bestaat niet. Bedoelt u "),
        (("--regel", "x"), "De afspraak x bestaat niet. Kies uit: A-00, "),
        (("--gemeente", "Zwole"), "De gemeente Zwole bestaat niet. Bedoelt u Zwolle?"),
        (("--naam", "bestaat niet"), "Er is geen geval dat hierbij past."),
        (("--gemeente", "0344", "--regel", "B2-14"), "Er is geen geval dat hierbij past."),
        (("--formaat", "xml"), "--formaat kan niet xml zijn."),
        (("--minimum", "101"), "--minimum klopt niet: kies een getal van 0 tot en met 100."),
        (("--minimum", "90", "--regel", "B1-02"), "De dekking gaat over alle gevallen"),
        (("--dekking", "--formaat", "junit"), "--dekking gaat niet samen met --formaat junit."),
        (("--watch", "--formaat", "json"), "--watch gaat niet samen met --formaat"),
        (("geen/bestand.yaml",), "Het bestand of de map geen/bestand.yaml bestaat niet."),
    ],
)
def test_zo_lukt_het_niet(cli: Cli, tmp_path: Path, argumenten: tuple[str, ...], zin: str) -> None:
    gelezen = cli("toets", schrijf(tmp_path, GOED), *argumenten)
    assert gelezen.fout.startswith(f"FOUT: {zin}"), gelezen.fout
    assert (gelezen.code, gelezen.uit) == (2, "")


def test_een_lege_map(cli: Cli, tmp_path: Path) -> None:
    gelezen = cli("toets", tmp_path)
    assert gelezen.code == 2
    assert gelezen.fout.startswith("FOUT: Er is geen geval dat hierbij past.")


# The tables and policies themselves.


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for naam in ("data", "policies", "schemas"):
        shutil.copytree(root / naam, tmp_path / naam)
    schrijf(tmp_path, GOED, "tests/gevallen/map/proef.yaml")
    monkeypatch.setenv("UITFASERING_ROOT", str(tmp_path))
    monkeypatch.setenv("UITFASERING_OPA", str(root / "bin" / "opa"))
    return tmp_path


def test_zonder_pad_gaat_het_om_de_gevallen_van_het_project(cli: Cli, project: Path) -> None:
    gelezen = cli("toets")
    assert (gelezen.code, gelezen.fout) == (0, "")
    assert gelezen.uit.startswith("tests/gevallen/map ")
    assert gelezen.uit.endswith("2 gevallen in 1 bestand: 2 goed.\n")


def test_een_andere_datum_in_de_tabel_wordt_uitgelegd(cli: Cli, project: Path) -> None:
    brief = project / "data" / "afspraken" / "brief-2021-05-06.yaml"
    tekst = brief.read_text("utf-8")
    assert 'waarde: "2021-05-01"' in tekst
    brief.write_text(tekst.replace('waarde: "2021-05-01"', 'waarde: "2021-05-02"', 1), "utf-8")
    gelezen = cli("toets")
    assert gelezen.code == 1
    assert "- toewijzingsdatum 01-05-2021 ligt vóór 02-05-2021" in gelezen.uit


def test_met_een_kapotte_tabel_wordt_niets_nagerekend(cli: Cli, project: Path) -> None:
    (project / "data" / "gemeenten.yaml").write_text("gemeenten: [", "utf-8")
    gelezen = cli("toets")
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert gelezen.fout.startswith("FOUT: De tabellen kloppen niet:\ndata/gemeenten.yaml:")


def test_met_een_kapotte_afspraak_wordt_niets_nagerekend(cli: Cli, project: Path) -> None:
    rego = project / "policies" / "uitfasering" / "afspraken" / "algemeen.rego"
    rego.write_text(rego.read_text("utf-8") + "\nhelemaal mis\n", "utf-8")
    gelezen = cli("toets")
    assert (gelezen.code, gelezen.uit) == (2, "")
    bestand = "policies/uitfasering/afspraken/algemeen.rego"
    assert gelezen.fout.startswith(f"FOUT: De afspraken in policies/ kloppen niet:\n{bestand}:")
