"""The case reader refuses what an officer may get wrong, and a wrong besluit is reported."""

from pathlib import Path
from typing import Any

import pytest

from uitfasering.paths import project_root
from uitfasering.toets.gevallen import Geval, bestanden, lees_bestand
from uitfasering.toets.verschil import klopt, vergelijk
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
            "17: eindatum staat niet in het uitgangspunt en kan dus niet ontbreken. "
            'Bedoelt u "einddatum"?',
        ),
        (
            "zonder: [einddatum, product.segment]",
            "zonder: [product, product.segment]",
            "17: product.segment staat niet in het uitgangspunt en kan dus niet ontbreken.",
        ),
        (
            "omvang.volume: fout",
            "gemeente.naam: fout",
            "16: gemeente bestaat hier niet uit velden, dus gemeente.naam kan niet. "
            "Geef gemeente als geheel, of laat het weg.",
        ),
        (
            "omvang.volume: fout",
            "omvang: fout, omvang.volume.getal: 1",
            "16: omvang.volume bestaat hier niet uit velden",
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


TABEL = """\
onderwerp: Proef
regels: [B1-02]
uitgangspunten:
  herstel:
    handeling: nieuw
    gemeente: "0193"
    toewijzingsdatum: "2021-05-01"
    ingangsdatum: "2021-05-01"
    product: {segment: midden, profiel: 3}
tabellen:
  - uitgangspunt: herstel
    zin: voor de hele tabel
    brief: "2021-05-06"
    met: {einddatum: "2021-12-31", product.perspectief: herstel}
    zonder: [product.profiel]
    verwacht: {uitkomst: HANDMATIG, regels: [A-03], niet: [B1-02]}
    rijen:
      - {naam: zoals boven de rijen}
      - {naam: eigen velden, gemeente: "0150", product.profiel: 4, uitkomst: TOEGESTAAN, niet: []}
      - {naam: minder velden, zonder: [product.segment, einddatum], zin: voor deze rij}
      - {naam: even niet, overslaan: nog onbekend}
  - uitgangspunt: herstel
    rijen:
      - {naam: los, uitkomst: NIET_TOEGESTAAN}
"""


def test_een_rij_zegt_alleen_wat_anders_is(tmp_path: Path) -> None:
    gevallen, meldingen = _lees(tmp_path, TABEL)
    assert meldingen == []
    boven, eigen, minder, niet, los = gevallen
    assert boven.toewijzing == {
        "handeling": "nieuw",
        "gemeente": "0193",
        "toewijzingsdatum": "2021-05-01",
        "ingangsdatum": "2021-05-01",
        "einddatum": "2021-12-31",
        "product": {"segment": "midden", "perspectief": "herstel"},
    }
    assert boven.verwacht == {"uitkomst": "HANDMATIG", "regels": ["A-03"], "niet": ["B1-02"]}
    assert (boven.regel, boven.zin, boven.brief) == (18, "voor de hele tabel", "2021-05-06")
    assert (eigen.toewijzing["gemeente"], eigen.toewijzing["product"]["profiel"]) == ("0150", 4)
    assert eigen.verwacht == {"uitkomst": "TOEGESTAAN", "regels": ["A-03"], "niet": []}
    assert minder.toewijzing["product"] == {"perspectief": "herstel"}
    assert "einddatum" not in minder.toewijzing
    assert minder.zin == "voor deze rij"
    assert niet.overslaan == "nog onbekend"
    assert los.verwacht == {"uitkomst": "NIET_TOEGESTAAN"}
    assert (los.zin, los.toewijzing["product"]) == (None, {"segment": "midden", "profiel": 3})


@pytest.mark.parametrize(
    ("was", "wordt", "melding"),
    [
        (
            "{naam: los, uitkomst: NIET_TOEGESTAAN}",
            "{naam: los}",
            "24: Bij dit geval staat niet welke uitkomst eruit moet komen. "
            "Zet uitkomst in de rij, of bij verwacht boven de rijen.",
        ),
        ("naam: los", "naam: even niet", "24: Deze naam staat ook op regel 21."),
        ("naam: even niet,", "naam: even niet, segmnt: top,", "21: "),
        ("zonder: [product.profiel]", "zonder: [budget]", "18: budget staat niet in het uitgang"),
        (
            "uitgangspunt: herstel\n    rijen",
            "uitgangspunt: top\n    rijen",
            "24: Dit uitgangspunt",
        ),
        ("tabellen:", "tabel:", "10: "),
    ],
)
def test_een_fout_in_een_rij_wordt_gemeld(
    tmp_path: Path, was: str, wordt: str, melding: str
) -> None:
    assert was in TABEL
    gevallen, meldingen = _lees(tmp_path, TABEL.replace(was, wordt))
    assert gevallen == []
    assert any(m.startswith(melding) for m in meldingen), meldingen


def test_elke_fout_heeft_een_code(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        GOED.replace("naam: tweede", "naam: eerste").replace(
            "uitgangspunt: herstel\n    verw", "uitgangspunt: top\n    verw"
        ),
        "utf-8",
    )
    codes = {melding.code for melding in lees_bestand(path, project_root())[1]}
    assert codes == {"gevallen-dubbele-naam", "gevallen-onbekend-uitgangspunt"}
    path.write_text(
        GOED.replace("omvang.volume", "gemeente.x").replace("zonder: [eind", "zonder: [begin"),
        "utf-8",
    )
    codes = {melding.code for melding in lees_bestand(path, project_root())[1]}
    assert codes == {"gevallen-geen-groep", "gevallen-veld-ontbreekt-al"}
    path.write_text(TABEL.replace("los, uitkomst: NIET_TOEGESTAAN", "los"), "utf-8")
    codes = {melding.code for melding in lees_bestand(path, project_root())[1]}
    assert codes == {"gevallen-zonder-uitkomst"}


def test_wat_een_editor_naast_een_bestand_bewaart_telt_niet(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yml", ".a.yaml.swp", ".#a.yaml", "a.yaml~", "LEESMIJ.md"):
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "c.yaml").write_text("", "utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in bestanden([tmp_path])]
    assert found == ["a.yaml", "b.yml", "map/c.yaml"]


BESLUIT: dict[str, Any] = {
    "uitkomst": "HANDMATIG",
    "bevindingen": [
        {"regel": "A-03", "velden": ["omvang"]},
        {"regel": "B1-09", "velden": []},
    ],
    "ontbreekt": ["omvang", "verwijzer"],
    "uiterste_einddatum": "2022-04-30",
    "voorstel": None,
    "voorlopig": False,
}
KLOPT: dict[str, Any] = {
    "uitkomst": "HANDMATIG",
    "regels": ["A-03"],
    "niet": ["B1-02"],
    "ontbreekt": ["verwijzer", "omvang"],  # in any order
    "uiterste_einddatum": "2022-04-30",
    "voorstel": None,
    "voorlopig": False,
}


def _anders(verwacht: dict[str, Any], besluit: dict[str, Any] = BESLUIT) -> list[str]:
    """What a reader sees of each difference: ``name: expected / actual``."""
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
    rows = vergelijk(geval, besluit)
    assert klopt(geval, besluit) == all(row.klopt for row in rows)
    return [f"{row.naam}: {row.verwacht} / {row.gekregen}" for row in rows if not row.klopt]


def test_een_besluit_dat_klopt_geeft_geen_verschil() -> None:
    assert _anders(KLOPT) == []


@pytest.mark.parametrize(
    ("naam", "waarde", "verschil"),
    [
        ("uitkomst", "TOEGESTAAN", "uitkomst: TOEGESTAAN / HANDMATIG"),
        ("regels", ["A-03", "B1-08"], "regels: A-03, B1-08 / A-03, B1-09"),
        ("niet", ["B1-02", "B1-09"], "niet: zonder B1-02, B1-09 / toch B1-09"),
        ("ontbreekt", [], "ontbreekt: niets / omvang, verwijzer"),
        ("uiterste_einddatum", None, "uiterste_einddatum: geen / 2022-04-30"),
        ("voorstel", {"einddatum": "2022-12-31"}, "voorstel.einddatum: 2022-12-31 / geen"),
        ("voorlopig", True, "voorlopig: true / false"),
        ("foutvelden", ["", "omvang"], "foutvelden: de toewijzing zelf, omvang / niets"),
    ],
)
def test_elk_verschil_wordt_gemeld(naam: str, waarde: object, verschil: str) -> None:
    assert _anders({**KLOPT, naam: waarde}) == [verschil]


def test_van_een_voorstel_wordt_elk_deel_vergeleken() -> None:
    verwacht = {"beeindigen": {"einddatum": "2021-12-31"}, "opnieuw": {"code": None}}
    gekregen = {"beeindigen": {"einddatum": "2021-12-30"}, "opnieuw": {"code": "50TG1"}}
    assert _anders({"voorstel": verwacht}, {**BESLUIT, "voorstel": gekregen}) == [
        "voorstel.beeindigen.einddatum: 2021-12-31 / 2021-12-30",
        "voorstel.opnieuw.code: geen / 50TG1",
    ]


def test_een_bevinding_die_dubbel_is_wordt_gemeld() -> None:
    double = [*BESLUIT["bevindingen"], {"regel": "B1-09", "velden": []}]
    assert _anders(KLOPT, {**BESLUIT, "bevindingen": double}) == [
        "regels: elke afspraak hoogstens een keer / B1-09"
    ]
