"""The case reader refuses what an officer may get wrong, and a wrong besluit is reported."""

from pathlib import Path
from typing import Any

import pytest

from test_gevallen import verschillen
from uitfasering.paths import project_root
from uitfasering.toets.gevallen import Geval, lees_bestand
from uitfasering.yamlreader import Document

GOED = """\
onderwerp: Proef
regels: [B1-02]
zin: voor het hele bestand
brief: "2021-05-06"
uitgangspunten:
  herstel:
    handeling: nieuw
    gemeente: "0193"
    toewijzingsdatum: "2021-05-01"
    einddatum: "2021-12-31"
    product: {segment: midden, profiel: 3}
gevallen:
  - naam: eerste
    zin: voor dit geval
    uitgangspunt: herstel
    met: {product.profiel: 11, omvang.volume: fout, kleur: null}
    zonder: [einddatum, product.segment]
    verwacht: {uitkomst: TOEGESTAAN}
  - naam: tweede
    uitgangspunt: herstel
    verwacht: {uitkomst: NIET_TOEGESTAAN}
"""


def _lees(tmp_path: Path, text: str) -> tuple[list[Geval], list[str]]:
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    gevallen, meldingen = lees_bestand(path, project_root())
    return gevallen, [f"{m.regel}: {m.bericht} {m.oplossing}".strip() for m in meldingen]


def test_met_en_zonder_worden_toegepast(tmp_path: Path) -> None:
    (eerste, tweede), meldingen = _lees(tmp_path, GOED)
    assert meldingen == []
    assert eerste.toewijzing == {
        "handeling": "nieuw",
        "gemeente": "0193",
        "toewijzingsdatum": "2021-05-01",
        "product": {"profiel": 11},
        "omvang": {"volume": "fout"},
        "kleur": None,
    }
    assert (eerste.regel, eerste.zin) == (13, "voor dit geval")
    # the starting point itself is untouched
    assert tweede.toewijzing["product"] == {"segment": "midden", "profiel": 3}
    assert (tweede.regel, tweede.zin, tweede.brief) == (19, "voor het hele bestand", "2021-05-06")


@pytest.mark.parametrize(
    ("was", "wordt", "melding"),
    [
        ("naam: tweede", "naam: eerste", "19: Deze naam staat ook op regel 13."),
        (
            "tweede\n    uitgangspunt: herstel",
            "tweede\n    uitgangspunt: hertsel",
            '20: Dit uitgangspunt staat niet in dit bestand. Bedoelt u "herstel"?',
        ),
        (
            "zonder: [einddatum,",
            "zonder: [eindatum,",
            '17: Dit veld staat niet in het uitgangspunt en kan dus niet ontbreken. Bedoelt u "ein',
        ),
        ('"2021-05-01"', "2021-05-01", "9: De waarde 2021-05-01 staat zonder aanhalingstekens"),
        ("uitkomst: TOEGESTAAN", "uitkomst: TOEGESTAN", "18: "),
        ("{uitkomst: NIET_TOEGESTAAN}", "{regels: [B1-02]}", "21: "),
        ("profiel: 3}", "profeil: 3}", "11: "),
    ],
)
def test_een_fout_in_een_geval_wordt_gemeld(
    tmp_path: Path, was: str, wordt: str, melding: str
) -> None:
    assert was in GOED
    gevallen, meldingen = _lees(tmp_path, GOED.replace(was, wordt))
    assert gevallen == []
    assert any(m.startswith(melding) for m in meldingen), meldingen


BESLUIT: dict[str, Any] = {
    "uitkomst": "HANDMATIG",
    "bevindingen": [
        {"regel": "A-03", "velden": ["omvang"]},
        {"regel": "B1-09", "velden": []},
    ],
    "ontbreekt": ["omvang"],
    "uiterste_einddatum": "2022-04-30",
    "voorstel": None,
    "voorlopig": False,
}
KLOPT: dict[str, Any] = {
    "uitkomst": "HANDMATIG",
    "regels": ["A-03"],
    "niet": ["B1-02"],
    "ontbreekt": ["omvang"],
    "uiterste_einddatum": "2022-04-30",
    "voorstel": None,
    "voorlopig": False,
}


def _verschil(verwacht: dict[str, Any], besluit: dict[str, Any] = BESLUIT) -> str:
    geval = Geval(
        naam="proef",
        bestand="tests/gevallen/x.yaml",
        regel=7,
        onderwerp="x",
        zin=None,
        brief=None,
        toewijzing={},
        verwacht=verwacht,
        gegevens={},
        overslaan=None,
        document=Document("x", None, ()),
    )
    return verschillen(geval, besluit)


def test_een_besluit_dat_klopt_geeft_geen_verschil() -> None:
    assert _verschil(KLOPT) == ""


@pytest.mark.parametrize(
    ("naam", "anders"),
    [
        ("uitkomst", "TOEGESTAAN"),
        ("regels", ["A-03", "B1-08"]),
        ("niet", ["B1-02", "B1-09"]),
        ("ontbreekt", []),
        ("uiterste_einddatum", None),
        ("voorstel", {"einddatum": "2022-12-31"}),
        ("voorlopig", True),
        ("foutvelden", ["omvang"]),
    ],
)
def test_elk_verschil_wordt_gemeld_met_bestand_en_regel(naam: str, anders: object) -> None:
    report = _verschil({**KLOPT, naam: anders})
    assert report.startswith("tests/gevallen/x.yaml:7: proef\n")
    assert [line.split()[1] for line in report.splitlines() if line.startswith("  > ")] == [naam]


def test_een_bevinding_die_dubbel_is_wordt_gemeld() -> None:
    double = [*BESLUIT["bevindingen"], {"regel": "B1-09", "velden": []}]
    assert "hoogstens een keer" in _verschil(KLOPT, {**BESLUIT, "bevindingen": double})
