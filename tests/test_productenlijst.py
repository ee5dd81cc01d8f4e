"""A region's product list into data/producten.yaml: what changes, what stays, what is refused."""

import csv
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clihulp import Cli, Uitvoer
from conftest import project_met
from uitfasering.gegevens import laad, schema
from uitfasering.paths import opa_binary
from uitfasering.productenlijst.samenvoegen import voeg_samen

KOP = ["Productcode", "Categorie", "Segment", "Profiel", "Zorgvorm", "Vervangende code", "AGB"]
BRON = ("--bron", "Productenlijst 2021")


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UITFASERING_OPA", str(opa_binary()))
    monkeypatch.setenv("UITFASERING_ROOT", str(tmp_path / "project"))
    return project_met(root, tmp_path / "project", {})


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Path) -> Cli:
    return Cli(monkeypatch, capsys)


def lijst(tmp_path: Path, *rijen: list[str], kop: list[str] = KOP, scheiding: str = ";") -> Path:
    path = tmp_path / "lijst.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=scheiding).writerows([kop, *rijen])
    return path


def importeer(cli: Cli, path: Path, *opties: str) -> Uitvoer:
    return cli("producten", "importeer", path, *opties)


def product(project: Path, code: str) -> Mapping[str, Any]:
    rows = laad(project).tabellen["producten"]["producten"]
    found: Mapping[str, Any] = next(row for row in rows if row["code"] == code)
    return found


def test_toont_in_woorden_en_schrijft_pas_als_het_gevraagd_wordt(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    before = (project / "data" / "producten.yaml").read_text("utf-8")
    path = lijst(
        tmp_path,
        ["50Z9A", "50", "Midden duurzaam", "profiel 9", "GGZ", "50TG1", ""],
        ["50H1A", "50", "Segment midden herstel", "1", "J&O", "50TJ1", ""],
        ["50H1A", "50", "segment midden herstel", "1", "j & o", "50TG1", "01234567"],
    )
    gezien = importeer(cli, path, *BRON)
    assert (gezien.code, gezien.fout) == (0, "")
    assert (
        "Nieuw (1):\n  50Z9A  categorie 50, segment midden, perspectief duurzaam, profiel 9, "
        "zorgvorm ggz, vervangende code 50TG1\n" in gezien.uit
    )
    assert "vervangende code per aanbieder: (leeg) → 50TG1 (aanbieder 01234567)" in gezien.uit
    assert "is geen voorbeeld meer" in gezien.uit
    assert "Er is nog niets geschreven." in gezien.uit
    assert (project / "data" / "producten.yaml").read_text("utf-8") == before

    geschreven = importeer(cli, path, *BRON, "--schrijf")
    assert geschreven.code == 0
    assert product(project, "50H1A") == {
        "code": "50H1A",
        "categorie": "50",
        "segment": "midden",
        "perspectief": "herstel",
        "profiel": 1,
        "zorgvorm": "jeugd_en_opvoedhulp",
        "vervangende_code": "50TJ1",
        "vervangende_code_per_aanbieder": {"01234567": "50TG1"},
        "bron": "Productenlijst 2021",
    }
    assert product(project, "50Z9A")["profiel"] == 9
    # comments, order and every other row as they were
    after = (project / "data" / "producten.yaml").read_text("utf-8")
    rest = before[before.index('  - code: "50H2A"') :]
    assert rest in after
    assert after.startswith(before[: before.index('  - code: "50H1A"')])

    opnieuw = importeer(cli, path, *BRON, "--schrijf")
    assert "Er verandert niets." in opnieuw.uit
    assert (project / "data" / "producten.yaml").read_text("utf-8") == after


def test_excel_met_een_titel_erboven_datums_en_getallen(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Productenlijst RSJ", None])
    sheet.append([])
    sheet.append(["Product code", "Categorie", "Segment", "Zorgvorm", "Geldig vanaf", "Prijs"])
    sheet.append([50999, 50, "Top", "LVB", datetime.datetime(2021, 5, 1), 12.5])
    book.save(tmp_path / "lijst.xlsx")
    uit = importeer(cli, tmp_path / "lijst.xlsx", *BRON, "--schrijf")
    assert (uit.code, uit.fout) == (0, "")
    assert "Niet gelezen kolommen: Prijs." in uit.uit
    assert product(project, "50999") == {
        "code": "50999",
        "categorie": "50",
        "segment": "top",
        "zorgvorm": "lvb",
        "geldig_van": "2021-05-01",
        "bron": "Productenlijst 2021",
    }


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("scheiding", [";", ",", "\t"])
def test_codering_en_scheiding_worden_herkend(
    cli: Cli, project: Path, tmp_path: Path, codering: str, scheiding: str
) -> None:
    path = tmp_path / "lijst.csv"
    text = scheiding.join(KOP[:3]) + scheiding + "Bron\r\n"
    text += scheiding.join(["50TX9", "50", "top", "Lijst van één jaar"]) + "\r\n"
    path.write_bytes(text.encode(codering))
    assert importeer(cli, path, "--schrijf").code == 0
    assert product(project, "50TX9")["bron"] == "Lijst van één jaar"


def test_een_voorbeeld_laat_niets_verzonnens_achter(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    """50H1A is a placeholder with a profile; the list knows none, so the profile is gone."""
    path = lijst(tmp_path, ["50H1A", "50", "midden herstel"], kop=KOP[:3])
    assert importeer(cli, path, *BRON, "--schrijf").code == 0
    assert product(project, "50H1A").keys() == {
        "code",
        "categorie",
        "segment",
        "perspectief",
        "bron",
    }


def test_wat_de_lijst_niet_kent_blijft_bij_een_echt_product(
    cli: Cli, project: Path, tmp_path: Path
) -> None:
    path = lijst(tmp_path, ["54002", "Nieuwe bron"], kop=["Code", "Bron"])
    uit = importeer(cli, path, "--schrijf")
    assert uit.code == 0, uit.fout
    assert product(project, "54002") == {
        "code": "54002",
        "categorie": "54",
        "segment": "top",
        "zorgvorm": "ggz",
        "bron": "Nieuwe bron",
    }


def test_zonder_voorbeelden_blijven_de_opmerkingen(cli: Cli, project: Path, tmp_path: Path) -> None:
    path = lijst(tmp_path, ["50TZ1", "50", "top", "", "lvb", "", ""])
    uit = importeer(cli, path, *BRON, "--zonder-voorbeelden", "--schrijf")
    assert (uit.code, uit.fout) == (0, "")
    codes = [row["code"] for row in laad(project).tabellen["producten"]["producten"]]
    assert codes == ["54002", "50TZ1"]
    # the only rows left are real, and no comment is lost
    text = (project / "data" / "producten.yaml").read_text("utf-8")
    assert "# Midden herstel:" in text


@pytest.mark.parametrize(
    ("rijen", "verwacht"),
    [
        (
            [["50H1Z", "50", "midden hrstel", "1", "GGZ", "", ""]],
            ":2: (Segment) Deze waarde is hier niet bekend. Bedoelt u midden herstel?",
        ),
        ([["50H1Z", "50", "midden herstel", "13", "GGZ", "", ""]], ":2: (Profiel) "),
        ([["50H1Z", "50", "midden herstel", "veel", "GGZ", "", ""]], ":2: (Profiel) "),
        ([["50-H1Z", "50", "top", "", "", "", ""]], ":2: (Productcode) "),
        ([["", "50", "top", "", "", "", ""]], ":2: (Productcode) Deze rij heeft geen productcode."),
        ([["50TZ1", "5", "top", "", "", "", ""]], ":2: (Categorie) "),
        ([["50TZ1", "", "top", "", "", "", ""]], ":2: "),
        (
            [["50H1Z", "50", "midden herstel", "1", "GGZ", "50H2A", ""]],
            ":2: (Vervangende code) Productcode 50H2A hoort bij segment midden",
        ),
        (
            [["50H1Z", "50", "midden herstel", "1", "GGZ", "", "01234567"]],
            ":2: (AGB) Er staat een aanbieder, maar geen vervangende code.",
        ),
        (
            [["50TZ1", "50", "top", "", "", "", ""], ["50TZ1", "51", "top", "", "", "", ""]],
            ":3: (Productcode) 50TZ1 staat ook in rij 2, anders bij: categorie.",
        ),
        (
            [
                ["50H1Z", "50", "midden herstel", "1", "GGZ", "50TG1", ""],
                ["50H1Z", "50", "midden herstel", "1", "GGZ", "50TJ1", ""],
            ],
            ":3: (Productcode) 50H1Z heeft twee vervangende codes.",
        ),
    ],
)
def test_een_fout_noemt_de_rij_en_de_kolom_en_er_verandert_niets(
    cli: Cli, project: Path, tmp_path: Path, rijen: list[list[str]], verwacht: str
) -> None:
    before = (project / "data" / "producten.yaml").read_bytes()
    path = lijst(tmp_path, *rijen)
    uit = importeer(cli, path, *BRON, "--schrijf")
    assert uit.code == 1
    assert f"{path}{verwacht}" in uit.fout
    assert (project / "data" / "producten.yaml").read_bytes() == before


def test_een_bron_die_niets_zegt_wordt_een_keer_genoemd(cli: Cli, tmp_path: Path) -> None:
    path = lijst(tmp_path, *[[f"50T0{i}", "50", "top", "", "lvb", "", ""] for i in range(3)])
    uit = importeer(cli, path, "--bron", "?")
    assert uit.code == 1
    assert uit.fout.count("--bron") == 1
    assert str(path) not in uit.fout


def test_alle_fouten_tegelijk(cli: Cli, tmp_path: Path) -> None:
    path = lijst(tmp_path, *[[f"5{i}", "50", "onzin", "1", "GGZ", "", ""] for i in range(10, 15)])
    uit = importeer(cli, path, *BRON)
    assert [line.split(":")[1] for line in uit.fout.splitlines()[1:]] == list("23456")


def test_zonder_bron_of_kolom_staat_er_een_zin(cli: Cli, tmp_path: Path) -> None:
    path = lijst(tmp_path, ["50TZ1", "top"], ["50TZ2", "top"], kop=["Code", "Segment"])
    uit = importeer(cli, path)
    assert uit.code == 1
    assert uit.fout.count("geen kolom categorie") == uit.fout.count("geen kolom bron") == 1
    assert "--bron" in uit.fout


@pytest.mark.parametrize(
    ("inhoud", "verwacht"),
    [
        (b"", "geen kolom met de productcode"),
        (b"\0\1\2", "geen lijst in CSV of Excel"),
        (b"a;b\n1;2\n", "geen kolom met de productcode"),
        (b"PK\x03\x04 geen zip", "niet te lezen als Excel-bestand"),
        (b'code;segment\n"open', "niet als CSV te lezen"),
    ],
)
def test_wat_geen_lijst_is_geeft_een_zin(
    cli: Cli, tmp_path: Path, inhoud: bytes, verwacht: str
) -> None:
    path = tmp_path / "lijst.csv"
    path.write_bytes(inhoud)
    uit = importeer(cli, path, *BRON)
    assert uit.code in (1, 2)
    assert verwacht in uit.fout


def test_map_en_ontbrekend_bestand_geven_een_zin(cli: Cli, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "weg.csv"):
        uit = importeer(cli, path, *BRON)
        assert uit.code == 2
        assert "is geen bestand" in uit.fout


def test_een_stuk_excelbestand_geeft_een_zin(cli: Cli, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "lijst.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("geen.txt", "excel")
    uit = importeer(cli, path, *BRON)
    assert uit.code == 2
    assert "niet te lezen als Excel-bestand" in uit.fout


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_geen_regel_tekst_gaat_verloren(data: st.DataObject) -> None:
    """Whatever rows are removed or changed: each comment stays, and each other row too."""
    from uitfasering.paths import project_root

    root = project_root()
    text = (root / "data" / "producten.yaml").read_text("utf-8")
    rows = laad(root).tabellen["producten"]["producten"]
    gekozen = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: str(row["code"])))
    producten = {row["code"]: {**row, "bron": "anders"} for row in gekozen}
    velden = list(schema(root, "producten")["properties"]["producten"]["items"]["properties"])
    samen = voeg_samen(text, producten, frozenset({"code"}), velden, zonder_voorbeelden=True)
    opmerkingen = [line for line in text.splitlines() if line.strip().startswith("#")]
    assert [line for line in samen.tekst.splitlines() if line.strip().startswith("#")] == (
        opmerkingen
    )
    blijft = [row["code"] for row in rows if row["code"] in producten or not row.get("voorbeeld")]
    assert list(samen.volgorde) == blijft
