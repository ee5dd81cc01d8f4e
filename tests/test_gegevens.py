"""The shipped tables: they hold what the letters and the contract say, and faults are found."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import NIEUWE_AFSPRAAK, project_met
from uitfasering.errors import BuildError
from uitfasering.gegevens import Gegevens, laad
from uitfasering.paths import project_root
from uitfasering.stage import maak_stage
from uitfasering.tabellen import bouw_tabellen

BRIEVEN = Path(__file__).resolve().parents[2] / "shared" / "brieven"

CONTRACT = Path(__file__).resolve().parents[1] / "docs" / "contract.md"

# Contract §4.5, typed from there.
NORMEN = {
    ("verplicht", "lokale_toegang"): "B1-02 B1-02a B1-02b B1-16 B1-16b B1-16c B1-18b B1-19c B1-19d "
    "B2-03 B2-03a B2-03b B2-03c",
    ("verplicht", "gemeente"): "B2-05 B2-05a B2-05b B2-05c B2-06 B2-06a B2-06b B2-09 B2-12 B2-12b "
    "B2-13",
    ("verplicht", "aanbieder"): "B1-18 B1-18a",
    ("tenzij_gemotiveerd", "lokale_toegang"): "B1-15 B1-15a",
    ("zoveel_mogelijk", "lokale_toegang"): "B1-08",
    ("zoveel_mogelijk", "gemeente"): "B2-10 B2-11 B2-11b B2-11c B2-11d B2-11f",
    ("verzoek", "aanbieder"): "B1-09 B1-11 B1-12 B1-14",
    ("advies", "gemeente"): "B2-08 B2-14",
    ("informatie", "gemeente"): "B1-04 B1-11a B1-13 B1-17 B1-19a B1-19b B1-20 B1-21 B2-07 B2-11a "
    "B2-11e B2-12a A-00 A-01 A-02 A-03 A-04 A-05 A-06 A-07 A-08",
}
# Readings that contract §4 marks for a regel.
MET_LEZING = [
    "A-05",
    "B1-02",
    "B1-02a",
    "B1-08",
    "B1-09",
    "B1-11a",
    "B1-14",
    "B1-15",
    "B1-16",
    "B1-18",
    "B1-18b",
    "B1-19b",
    "B1-19c",
    "B1-19d",
    "B2-03",
    "B2-03c",
    "B2-05",
    "B2-05b",
    "B2-05c",
    "B2-06a",
    "B2-08",
    "B2-09",
    "B2-10",
    "B2-11c",
    "B2-11f",
    "B2-12b",
    "B2-13",
    "B2-14",
]


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Gegevens:
    return laad(root)


def test_norm_en_geadresseerde_zijn_die_van_het_contract(gegevens: Gegevens) -> None:
    shipped = {
        regel: (a.bron["norm"], a.bron["geadresseerde"]) for regel, a in gegevens.afspraken.items()
    }
    contract = {r: pair for pair, regels in NORMEN.items() for r in regels.split()}
    onbekend = shipped.keys() - contract.keys()
    assert not onbekend, NIEUWE_AFSPRAAK + ", ".join(sorted(onbekend))
    assert shipped == contract


def test_gevolg_is_dat_van_het_contract(gegevens: Gegevens) -> None:
    """Contract §4, the tables; A-08 is in §7. No besluit tells ADVIES from INFO by its uitkomst."""
    row = r"^\| ([AB]\d?-\d\d[a-z]?) \| .* \| ([A-Z_]+)[^|]*\|$"
    rows = re.findall(row, CONTRACT.read_text("utf-8"), re.MULTILINE)
    contract = {**dict(rows), "A-08": "INFO"}
    assert {regel: a.bron["gevolg"] for regel, a in gegevens.afspraken.items()} == contract


def test_elke_lezing_van_het_contract_is_zichtbaar(gegevens: Gegevens) -> None:
    assert [r for r in MET_LEZING if not gegevens.afspraken[r].bron.get("lezing")] == []


def test_van_twee_afspraken_wijkt_alleen_een_college_af(gegevens: Gegevens) -> None:
    """Contract §6: for B1-02 and B1-04 the source must be a decision of the college."""
    nodig = [r for r, a in gegevens.afspraken.items() if a.bron.get("collegebesluit_nodig")]
    assert sorted(nodig) == ["B1-02", "B1-04"]


def test_berichten_worden_gelezen_zoals_ijw_ze_bedoelt(gegevens: Gegevens) -> None:
    """List JZ002: 04 is a prolongation, 05 a shortening."""
    berichten = gegevens.tabellen["berichten"]
    assert berichten["reden_wijziging"] == {"04": "verlenging", "05": "verkorting"}
    assert berichten["nieuw_binnen_dagen"] == 7


def test_gemeenten_en_keuzes_zijn_die_van_de_brief(gegevens: Gegevens) -> None:
    # Contract §6, typed from there.
    omzetten = (
        "Deventer 0150, Hardenberg 0160, Olst-Wijhe 1773, Raalte 0177, Staphorst 0180, "
        "Zwartewaterland 1896"
    )
    aflopen = "Dalfsen 0148, Kampen 0166, Ommen 0175, Steenwijkerland 1708, Zwolle 0193"
    expected = {
        (code, naam, keuze)
        for keuze, rows in (("omzetten", omzetten), ("aflopen", aflopen))
        for naam, code in (row.split() for row in rows.split(", "))
    }
    rows = gegevens.tabellen["gemeenten"]["gemeenten"]
    assert {(r["cbs"], r["naam"], r["duurzaam"]) for r in rows} == expected
    regio = gegevens.tabellen["regio"]["gemeenten"]
    assert set(regio.items()) == {(code, naam) for code, naam, _ in expected}


def test_b2_09_noemt_de_code_en_de_minuten_van_de_brief(gegevens: Gegevens) -> None:
    """Letter of 24 November 2021: "als productcode 54002, P*Q met 250 of 400 minuten per jaar"."""
    bevindingen = bouw_tabellen(gegevens, project_root())["bevindingen"]
    oplossing = bevindingen["vast"]["B2-09"]["oplossing"]
    assert "productcode 54002," in oplossing
    assert "met 250 of 400 minuten" in oplossing


def test_alleen_54002_is_geen_voorbeeld(gegevens: Gegevens) -> None:
    rows = gegevens.tabellen["producten"]["producten"]
    assert [row["code"] for row in rows if not row.get("voorbeeld")] == ["54002"]


def test_catalogus_kan_elke_afspraak_laten_zien(gegevens: Gegevens) -> None:
    rows = gegevens.tabellen["producten"]["producten"]
    midden = {(r["perspectief"], r["profiel"]) for r in rows if r["segment"] == "midden"}
    assert midden == {(p, n) for p in ("herstel", "duurzaam") for n in range(1, 13)}
    top = {r["zorgvorm"] for r in rows if r["segment"] == "top"}
    assert top == {"ggz", "jeugd_en_opvoedhulp", "lvb", "anders"}


def test_er_is_geen_afwijking_en_geen_contact_verzonnen(gegevens: Gegevens) -> None:
    assert gegevens.tabellen["afwijkingen"]["afwijkingen"] == []
    assert gegevens.tabellen["contacten"]["contractmanagement"] is None
    assert gegevens.tabellen["gebeurtenissen"]["crisisroute"]["gecontracteerd_per"] is None
    assert all("lokale_toegang" not in r for r in gegevens.tabellen["gemeenten"]["gemeenten"])


@pytest.mark.skipif(not BRIEVEN.is_dir(), reason="de brieven (../shared/brieven) zijn er niet")
def test_elk_citaat_staat_letterlijk_in_de_brief(gegevens: Gegevens) -> None:
    def words(text: str) -> str:
        return re.sub(r"\s+", " ", text)

    letters = {
        day: words((BRIEVEN / f"brief-{day}.txt").read_text("utf-8"))
        for day in ("2021-05-06", "2021-11-24")
    }
    absent = [
        regel
        for regel, afspraak in gegevens.afspraken.items()
        if words(afspraak.bron["citaat"]) not in letters[afspraak.brief]
    ]
    assert absent == []


Verander = Callable[[Path], None]


def vervang(file: str, old: str, new: str) -> Verander:
    def change(project: Path) -> None:
        path = project / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def weg(file: str) -> Verander:
    return lambda project: (project / file).unlink()


BRIEF1 = "data/afspraken/brief-2021-05-06.yaml"
REGO = "policies/uitfasering/afspraken/b1_04_uitzonderingen.rego"
# What an officer reads for each fault is in tests/fout/bewerkingen.
FOUTEN: dict[str, tuple[Verander, str, str]] = {
    "dubbele gemeente": (
        vervang(
            "data/gemeenten.yaml", '{cbs: "0150", naam: Deventer', '{cbs: "0148", naam: Dalfsen'
        ),
        "Dalfsen staat er twee keer",
        "gegevens-dubbel",
    ),
    "minuten die geen keuze zijn": (
        vervang("data/gemeenten.yaml", "naam: Dalfsen,", "naam: Dalfsen, medicatieminuten: 300,"),
        "300 is geen van de keuzes voor medicatiecontrole",
        "gegevens-medicatieminuten",
    ),
    "regel zonder gegevens": (
        vervang(REGO, "regel: B1-04", "regel: B1-44"),
        "De afspraak heet B1-04, maar het label is B1-44",
        "regel-nummer",
    ),
    "gegevens zonder regel": (
        weg(REGO),
        rf"{BRIEF1}:\d+:\d+.*B1-04 heeft geen regel in policies",
        "regel-zonder-rego",
    ),
    "regel die niet in de gegevens staat": (
        vervang(BRIEF1, "  B1-04:", "  B1-05:"),
        rf"{REGO}:\d+:\d+.*B1-04 heeft geen gegevens",
        "regel-nummer",
    ),
    "gemeentecode zonder aanhalingstekens": (
        vervang("data/gemeenten.yaml", 'cbs: "0150"', "cbs: 0150"),
        r'data/gemeenten\.yaml:7:11.*Schrijf "0150"',
        "",
    ),
}


@pytest.mark.parametrize("naam", FOUTEN)
def test_fout_in_de_gegevens_houdt_de_bouw_tegen(naam: str, root: Path, tmp_path: Path) -> None:
    change, message, code = FOUTEN[naam]
    project = project_met(root, tmp_path / "project", {})
    change(project)
    stage = tmp_path / "stage"
    stage.mkdir()
    with pytest.raises(BuildError) as caught:
        maak_stage(stage, root=project)
    assert re.search(message, str(caught.value)), str(caught.value)
    assert not code or code in {m.code for m in caught.value.meldingen}
    assert all(m.regel and m.bestand and m.oplossing for m in caught.value.meldingen)
