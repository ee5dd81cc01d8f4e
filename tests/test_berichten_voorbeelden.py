"""The iJw samples of the reference material, and the examples we ship."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from berichtenbouw import codes, ingelezen, lees
from uitfasering.berichten import Bron, Ingelezen
from uitfasering.melding import Melding

WORTEL = Path(__file__).parent.parent
VOORBEELDEN = WORTEL / "voorbeelden"
IJW = WORTEL.parent / "shared" / "ijw"
XML = ["jw301.xml", "jw315.xml", "jw323.xml"]
ijw = pytest.mark.skipif(not IJW.is_dir(), reason=f"no iJw reference material in {IJW}")


def sample(naam: str) -> str:
    return (IJW / "messages_3_2" / naam).read_text(encoding="utf-8")


def fouten(toewijzing: dict[str, Any]) -> list[str]:
    schema = json.loads((WORTEL / "schemas" / "toewijzing.json").read_text(encoding="utf-8"))
    keuring = Draft7Validator(schema, format_checker=FormatChecker())
    return [e.json_path for e in keuring.iter_errors(toewijzing)]


@ijw
@pytest.mark.parametrize("versie", ["3_0", "3_1", "3_2"])
def test_the_ijw_samples_in_each_version(versie: str) -> None:
    teksten = [
        re.sub(
            r"(BerichtSubversie>)2<",
            rf"\g<1>{versie[-1]}<",
            sample(naam).replace("3_2", versie),
        )
        for naam in ("JW301.xml", "JW315.xml", "JW323.xml")
    ]
    uit = ingelezen(*teksten)
    assert [u.bericht[:5] for u in uit] == ["JW301"] * 2 + ["JW315"] * 2 + ["JW323"] * 5
    assert {u.bericht[6:] for u in uit} == {versie.replace("_", ".")}
    # By ReferentieAanbieder, from the JW315 beside it.
    assert [u.toewijzing["verwijzer"] for u in uit[:2]] == ["01", "02"]
    assert uit[0].toewijzing == {
        "handeling": "nieuw",
        "gemeente": "0384",
        "aanbieder": "42420001",
        "toewijzingsdatum": "2026-04-01",
        "ingangsdatum": "2026-04-01",
        "einddatum": "2026-07-14",
        "product": {"categorie": "55", "code": "55A11"},
        "omvang": {"volume": 2, "eenheid": "04", "frequentie": "2"},
        "verwijzer": "01",
    }
    # The sample JW315 holds the impossible date 2027-06-31: left for OPA to name.
    assert uit[2].toewijzing["einddatum"] == "2027-06-31"
    assert [fouten(u.toewijzing) for u in uit] == [[]] * 2 + [["$.einddatum"]] * 2 + [[]] * 5


@ijw
def test_a_version_that_only_the_namespace_has_is_refused() -> None:
    assert codes(lees(sample("JW301.xml").replace("3_2", "3_1"))) == ["bericht-versie"]


@ijw
def test_every_other_sample_is_refused_by_name() -> None:
    for pad in sorted((IJW / "messages_3_2").glob("*.xml")):
        if pad.stem not in ("JW301", "JW315", "JW323"):
            (melding,) = lees(pad.read_bytes())
            assert isinstance(melding, Melding)
            assert f"{pad.stem} 3.2" in melding.bericht


@ijw
def test_nothing_of_a_person_in_what_the_samples_give() -> None:
    uit = repr(lees(*(sample(f"{naam}.xml") for naam in ("JW301", "JW315", "JW323"))))
    for persoonlijk in ("999900006", "999900018", "2010-02-14", "Wit", "Galen", "Commentaar"):
        assert persoonlijk not in uit
    assert "huisarts" not in uit


def test_our_examples_show_different_handelingen() -> None:
    uit = ingelezen(*(Bron.van_pad(VOORBEELDEN / naam, naam) for naam in XML))
    assert [u.toewijzing["handeling"] for u in uit] == [
        "nieuw",
        "lopend",
        "nieuw",
        "nieuw",
        "verlenging",
        "nieuw",
        "nieuw",
        "nieuw",
        "declaratie",
        "declaratie",
    ]
    assert uit[3].toewijzing["verwijzer"] == "02"
    assert [fouten(u.toewijzing) for u in uit] == [[]] * 10


def test_our_json_examples_are_what_their_names_say() -> None:
    een = json.loads((VOORBEELDEN / "toewijzing.json").read_text(encoding="utf-8"))
    assert fouten(een) == []
    meer = json.loads((VOORBEELDEN / "toewijzingen.json").read_text(encoding="utf-8"))
    fout = {k: f for k, t in meer["toewijzingen"].items() if (f := fouten(t))}
    assert fout == {"onmogelijke-datum": ["$.toewijzingsdatum"]}


def test_our_examples_hold_no_bsn_outside_the_test_range() -> None:
    for pad in VOORBEELDEN.iterdir():
        nummers = re.findall(r"(?<![0-9])[0-9]{9}(?![0-9])", pad.read_text(encoding="utf-8"))
        assert [n for n in nummers if not n.startswith("9999")] == []


@ijw
@pytest.mark.parametrize("naam", XML)
def test_our_examples_are_valid_by_the_xsd(naam: str, tmp_path: Path) -> None:
    schema = IJW / "xsd_3_2" / f"{naam[:5].upper()}.xsd"
    tekst = (VOORBEELDEN / naam).read_text(encoding="utf-8")
    # A message in an envelope is validated on its own.
    kern = re.findall(r"<(?:\w+:)?Bericht .*</(?:\w+:)?Bericht>", tekst, re.S)[0]
    los = tmp_path / naam
    los.write_text(kern, encoding="utf-8")
    xmllint = shutil.which("xmllint")
    if xmllint:
        opdracht = [xmllint, "--noout", "--nonet", "--schema", str(schema), str(los)]
        klaar = subprocess.run(opdracht, capture_output=True, text=True, check=False)
        assert klaar.returncode == 0, klaar.stderr
        return
    try:
        etree = importlib.import_module("lxml.etree")
    except ImportError:
        pytest.skip("neither xmllint nor lxml is installed")
    xsd = etree.XMLSchema(etree.parse(str(schema)))
    assert xsd.validate(etree.parse(str(los))), xsd.error_log


def test_a_file_on_disk_is_named_as_the_user_named_it(tmp_path: Path) -> None:
    pad = tmp_path / "een.xml"
    pad.write_bytes((VOORBEELDEN / "jw323.xml").read_bytes())
    uit = lees(Bron.van_pad(pad), Bron.van_pad(pad, "map/een.xml"))
    assert {u.bron for u in uit if isinstance(u, Ingelezen)} == {str(pad), "map/een.xml"}
