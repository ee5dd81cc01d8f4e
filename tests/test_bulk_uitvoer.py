"""Writing a bulk run: every cell comes back as it was, no cell is a formula, all or nothing."""

import csv
import datetime
import io
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.escape import unescape

from uitfasering.bulk.schrijven import csvbestand, xlsx
from uitfasering.bulk.uitvoer import SOORTEN, open_uitvoer
from uitfasering.errors import UitfaseringError
from uitfasering.weergave.veilig import schone_cel, schoon

DAG = datetime.date(2021, 5, 1)
MOMENT = datetime.datetime(2021, 5, 1, 13, 30)


def codes(teksten: Sequence[str | None], breedte: pa.DataType | None = None) -> pa.DictionaryArray:
    return pa.array(teksten, pa.dictionary(breedte or pa.int32(), pa.string()))


def batch(**kolommen: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array(kolom) for kolom in kolommen.values()], names=list(kolommen)
    )


def schrijf(pad: Path, *batches: pa.RecordBatch) -> Path:
    with open_uitvoer(pad, batches[0].schema) as uitvoer:
        for een in batches:
            uitvoer.schrijf(een)
    return pad


def csv_rijen(pad: Path) -> list[list[str]]:
    with pad.open(encoding="utf-8-sig", newline="") as bestand:
        return list(csv.reader(bestand, delimiter=";"))


def ndjson_rijen(pad: Path) -> list[dict[str, Any]]:
    # Not splitlines(): that also splits at U+2028, which JSON allows in a text.
    return [json.loads(regel) for regel in pad.read_text("utf-8").split("\n")[:-1]]


def blad_rijen(pad: Path) -> list[tuple[Cell | MergedCell, ...]]:
    return list(openpyxl.load_workbook(pad).worksheets[0].iter_rows())


SOORTEN_CELLEN = batch(
    tekst=["een", None, ""],
    code=codes(["0193", None, "GM"]),
    geheel=[1, None, -5],
    kommagetal=[2.0, float("nan"), -0.5],
    bedrag=pa.array([Decimal("12.50"), None, Decimal("-3.00")]),
    ja_nee=[True, None, False],
    dag=[DAG, None, datetime.date(2022, 12, 31)],
    moment=pa.array([MOMENT, None, MOMENT.replace(microsecond=5000)], pa.timestamp("us")),
    met_zone=pa.array([MOMENT, None, None], pa.timestamp("ms", tz="UTC")),
    leeg=pa.nulls(3),
)


# ---- Each kind of file


def test_parquet_geeft_alles_terug(tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "uit.parquet", SOORTEN_CELLEN)
    gelezen = pq.read_table(pad)
    assert gelezen.schema.field("code").type == pa.string()
    assert gelezen.drop_columns("kommagetal").to_pylist() == (
        pa.Table.from_batches([SOORTEN_CELLEN]).drop_columns("kommagetal").to_pylist()
    )
    kommagetallen = gelezen["kommagetal"].to_pylist()
    assert kommagetallen[0] == 2.0
    assert kommagetallen[1] != kommagetallen[1]  # NaN: Parquet passes it through
    assert kommagetallen[2] == -0.5


def test_parquet_codes_zijn_tekst_voor_elke_lezer(tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "uit.parquet", SOORTEN_CELLEN)
    found = duckdb.execute(f"SELECT code, typeof(code) FROM '{pad}'").fetchall()
    assert found == [("0193", "VARCHAR"), (None, "VARCHAR"), ("GM", "VARCHAR")]
    assert pl.read_parquet(pad)["code"].to_list() == ["0193", None, "GM"]
    assert pl.read_parquet(pad)["code"].dtype == pl.String
    assert pd.api.types.is_string_dtype(pd.read_parquet(pad)["code"])


@pytest.mark.parametrize("soort", SOORTEN)
def test_woordenboek_dat_groeit_en_lege_woorden_heeft(soort: str, tmp_path: Path) -> None:
    def deel(woorden: list[str | None], nummers: list[int | None]) -> pa.RecordBatch:
        kolom = pa.DictionaryArray.from_arrays(pa.array(nummers, pa.int32()), pa.array(woorden))
        return batch(rij=["x"] * len(nummers), uitkomst=kolom)

    veel: list[str | None] = [f"uitkomst {nummer}" for nummer in range(200)]
    pad = schrijf(
        tmp_path / f"uit{soort}",
        deel(["TOEGESTAAN", None, "ongebruikt"], [0, 1, None]),
        deel(["TOEGESTAAN", None, "NIET_TOEGESTAAN", *veel], [2, 0, 1, 202]),
        deel(veel, [199, None, 0]),
    )
    lezers: dict[str, Callable[[], list[Any]]] = {
        ".csv": lambda: [rij[1] or None for rij in csv_rijen(pad)[1:]],
        ".ndjson": lambda: [rij.get("uitkomst") for rij in ndjson_rijen(pad)],
        ".parquet": lambda: pq.read_table(pad)["uitkomst"].to_pylist(),
        ".xlsx": lambda: [rij[1].value for rij in blad_rijen(pad)[1:]],
    }
    assert lezers[soort]() == [
        *("TOEGESTAAN", None, None),
        *("NIET_TOEGESTAAN", "TOEGESTAAN", None, "uitkomst 199"),
        *("uitkomst 199", None, "uitkomst 0"),
    ]


def test_zoveel_codes_als_er_in_een_byte_passen(tmp_path: Path) -> None:
    woorden = [*(str(nummer) for nummer in range(128)), None]
    rijen = batch(code=codes(woorden, pa.int8()))
    gelezen = pq.read_table(schrijf(tmp_path / "uit.parquet", rijen))
    assert gelezen["code"].to_pylist() == woorden


def test_codes_van_andere_breedte(tmp_path: Path) -> None:
    veel = [f"woord {nummer}" for nummer in range(300)]
    smal = batch(code=codes(["a", "b"], pa.int8()))
    pad = schrijf(tmp_path / "uit.parquet", smal, batch(code=codes(veel, pa.int64())))
    assert pq.read_table(pad)["code"].to_pylist() == ["a", "b", *veel]


@pytest.mark.parametrize("soort", [".csv", ".ndjson"])
def test_elke_rij_van_een_grote_batch(soort: str, tmp_path: Path) -> None:
    rijen = batch(nummer=range(40_000))
    pad = schrijf(tmp_path / f"uit{soort}", rijen)
    if soort == ".csv":
        found = [int(rij[0]) for rij in csv_rijen(pad)[1:]]
    else:
        found = [rij["nummer"] for rij in ndjson_rijen(pad)]
    assert found == list(range(40_000))


# ---- CSV is made into text on a few threads, in pieces


@pytest.fixture
def per_rij(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every piece is one row."""
    monkeypatch.setattr("uitfasering.bulk.schrijven.cellen._STUK", 1)


@pytest.mark.parametrize("aantal", [3, 20])
@pytest.mark.usefixtures("per_rij")
def test_csv_houdt_de_volgorde_als_een_later_stuk_eerder_klaar_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, aantal: int
) -> None:
    tweede_klaar = threading.Event()
    gewacht = []
    echt = csvbestand._tekst

    def tekst(rij: pa.RecordBatch, *, kop: bool) -> pa.Buffer:
        if rij["nummer"].to_pylist() == [0]:
            gewacht.append(tweede_klaar.wait(30))
        gemaakt = echt(rij, kop=kop)
        if rij["nummer"].to_pylist() == [1]:
            tweede_klaar.set()
        return gemaakt

    monkeypatch.setattr(csvbestand, "_tekst", tekst)
    eerst, dan = batch(nummer=range(aantal)), batch(nummer=range(aantal, 30))
    pad = schrijf(tmp_path / "uit.csv", eerst, dan)
    assert gewacht == [True]
    assert [int(rij[0]) for rij in csv_rijen(pad)[1:]] == list(range(30))


@pytest.mark.usefixtures("per_rij")
def test_csv_een_fout_op_een_draad_komt_boven_en_laat_niets_na(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pad = tmp_path / "uit.csv"
    pad.write_text("wat er was")
    fout = UitfaseringError("dit past niet")
    echt = csvbestand._tekst

    def tekst(rij: pa.RecordBatch, *, kop: bool) -> pa.Buffer:
        if rij["nummer"].to_pylist() == [7]:
            raise fout
        return echt(rij, kop=kop)

    monkeypatch.setattr(csvbestand, "_tekst", tekst)
    with pytest.raises(UitfaseringError) as gezien:
        schrijf(pad, batch(nummer=range(20)))
    assert gezien.value is fout
    assert [een.name for een in tmp_path.iterdir()] == [pad.name]
    assert pad.read_text() == "wat er was"
    assert not [een for een in threading.enumerate() if een.name.startswith("uitfasering-csv")]


@pytest.mark.usefixtures("per_rij")
def test_csv_heeft_weinig_stukken_tegelijk(monkeypatch: pytest.MonkeyPatch) -> None:
    """However large a batch is, only a few pieces of it are text that is not yet written."""
    bestand = io.BytesIO()
    uit = csvbestand.CsvUit(bestand, batch(nummer=[0]).schema)
    echt = uit._draden.submit
    onderweg: list[int] = []

    def submit(*argumenten: Any) -> Any:
        geschreven = bestand.getvalue().count(b"\n") - 1  # without the header
        onderweg.append(len(onderweg) + 1 - geschreven)
        return echt(*argumenten)

    monkeypatch.setattr(uit._draden, "submit", submit)
    uit.schrijf(batch(nummer=range(100)))
    uit.sluit(gelukt=True)
    assert len(onderweg) == 100
    assert max(onderweg) == 4
    assert bestand.getvalue().decode("utf-8-sig") == "\n".join(
        ['"nummer"', *map(str, range(100)), ""]
    )


def test_csv_zoals_excel_hem_opent(tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "uit.csv", SOORTEN_CELLEN)
    assert pad.read_bytes().startswith(b'\xef\xbb\xbf"tekst";"code";')
    assert pad.read_bytes().count(b"\n") == 4
    assert csv_rijen(pad) == [
        SOORTEN_CELLEN.schema.names,
        [
            *("een", "0193", "1", "2", "12,50", "ja", "2021-05-01", "2021-05-01 13:30:00"),
            *("2021-05-01 13:30:00Z", ""),
        ],
        [""] * 10,
        [
            *("", "GM", "-5", "-0,5", "-3,00", "nee", "2022-12-31"),
            *("2021-05-01 13:30:00.005000", "", ""),
        ],
    ]


def test_ndjson_laat_leeg_weg(tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "uit.ndjson", SOORTEN_CELLEN)
    assert ndjson_rijen(pad) == [
        {
            "tekst": "een",
            "code": "0193",
            "geheel": 1,
            "kommagetal": 2.0,
            "bedrag": 12.5,
            "ja_nee": True,
            "dag": "2021-05-01",
            "moment": "2021-05-01T13:30:00",
            "met_zone": "2021-05-01T13:30:00Z",
        },
        {},
        {
            "tekst": "",
            "code": "GM",
            "geheel": -5,
            "kommagetal": -0.5,
            "bedrag": -3.0,
            "ja_nee": False,
            "dag": "2022-12-31",
            "moment": "2021-05-01T13:30:00.005000",
        },
    ]


def test_ndjson_zonder_getal_voor_oneindig(tmp_path: Path) -> None:
    rijen = batch(getal=[float("inf"), float("-inf"), 1e300])
    assert ndjson_rijen(schrijf(tmp_path / "uit.ndjson", rijen)) == [
        {"getal": "inf"},
        {"getal": "-inf"},
        {"getal": 1e300},
    ]


def test_xlsx_soorten(tmp_path: Path) -> None:
    kop, een, leeg, drie = blad_rijen(schrijf(tmp_path / "uit.xlsx", SOORTEN_CELLEN))
    assert [cel.value for cel in kop] == SOORTEN_CELLEN.schema.names
    dag = datetime.datetime(2021, 5, 1)
    assert [cel.value for cel in een] == [
        *("een", "0193", 1, 2, 12.5, "ja", dag, MOMENT, "2021-05-01 13:30:00Z", None)
    ]
    assert een[6].number_format == "dd-mm-yyyy"
    assert een[7].number_format == "dd-mm-yyyy hh:mm:ss"
    assert {cel.value for cel in leeg} == {None}
    assert [cel.value for cel in drie[1:7]] == [
        *("GM", -5, -0.5, -3, "nee", datetime.datetime(2022, 12, 31))
    ]


def test_xlsx_wat_excel_niet_als_getal_of_datum_kan_bewaren(tmp_path: Path) -> None:
    hostile = batch(
        nummer=[1234567890123456, 123456789012345],
        bedrag=pa.array([Decimal("12345678901234.56"), Decimal("1.00")], pa.decimal128(20, 2)),
        kommagetal=[float("inf"), 1e300],
        dag=pa.array([-719_163, 2_932_897], pa.int32()).cast(pa.date32()),
        oud=[datetime.date(1900, 2, 28), datetime.date(1900, 3, 1)],
        laatste=[datetime.date(9999, 12, 31), datetime.date(1900, 1, 1)],
    )
    _, een, twee = blad_rijen(schrijf(tmp_path / "uit.xlsx", hostile))
    assert [cel.value for cel in een] == [
        *("1234567890123456", "12345678901234.56", "inf", "0000-12-31", "1900-02-28"),
        datetime.datetime(9999, 12, 31),
    ]
    assert [cel.value for cel in twee] == [
        *(123456789012345, 1, 1e300, "10000-01-01", datetime.datetime(1900, 3, 1)),
        "1900-01-01",
    ]


def test_xlsx_is_prettig_te_lezen(tmp_path: Path) -> None:
    rijen = batch(kenmerk=["a", "b"], toelichting=["lang " * 40, "kort"], bedrag=[1, 2])
    blad = openpyxl.load_workbook(schrijf(tmp_path / "uit.xlsx", rijen)).worksheets[0]
    assert blad.freeze_panes == "A2"
    assert blad.auto_filter.ref == "A1:C3"
    assert blad["A1"].font.bold
    breedten = [blad.column_dimensions[letter].width for letter in "ABC"]
    assert breedten[0] >= len("kenmerk") + 2  # the filter's button next to it
    assert 40 <= breedten[1] <= 70


@pytest.mark.parametrize("soort", SOORTEN)
def test_zonder_rijen(soort: str, tmp_path: Path) -> None:
    pad = tmp_path / f"uit{soort}"
    with open_uitvoer(pad, SOORTEN_CELLEN.schema):
        pass
    namen = SOORTEN_CELLEN.schema.names
    if soort == ".csv":
        assert csv_rijen(pad) == [namen]
    elif soort == ".xlsx":
        assert [[cel.value for cel in rij] for rij in blad_rijen(pad)] == [namen]
    elif soort == ".parquet":
        assert pq.read_table(pad).schema.names == namen
    else:
        assert pad.read_bytes() == b""


# ---- Hostile cells

TEKSTEN = st.lists(
    st.one_of(
        st.none(),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        st.text(st.sampled_from("=+-@\"';,\r\n\t \0\ufeff\ufffe\uffff\x0b_x0041é0"), max_size=8),
    ),
    min_size=1,
    max_size=40,
)
FORMULES = [
    *("=1+1", "=cmd|' /C calc'!A0", "+1-1", "-2+3", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1"),
    *("\u00a0=1", "\u200b=1", "\ufeff=1", "\x01=1", "＝1+1", "=", "+", "@", "--1", "-a", "+5 a"),
]
VIJANDIG = [
    *FORMULES,
    *('"=1"', "a\r\nb", "a;b", '"', "\0", "_x0041_", "\ufffe", "{=1}", "'=1"),
    *("http://x.nl", "mailto:a@b.nl", "internal:A1"),
]
GETALLEN = ["-5", "+31612345678", "-0,5", "-1.234,56", "+5", "-1e5", "-"]


def heel(waarden: list[str | None]) -> pa.RecordBatch:
    """The same cells as text, as codes, and as the names of columns."""
    return batch(
        rij=["x"] * len(waarden), tekst=pa.array(waarden, pa.string()), code=codes(waarden)
    )


@settings(max_examples=25, deadline=None)
@example([*VIJANDIG, *GETALLEN, None, ""])
@given(TEKSTEN)
def test_csv_rond(waarden: list[str | None]) -> None:
    with TemporaryDirectory() as map_:
        rijen = csv_rijen(schrijf(Path(map_, "uit.csv"), heel(waarden)))[1:]
    assert len(rijen) == len(waarden)
    for (_, tekst, code), waarde in zip(rijen, waarden, strict=True):
        assert tekst == code
        waarde = waarde or ""
        assert tekst in (waarde, f"'{waarde}")
        gewaarschuwd = schone_cel(waarde) != schoon(waarde)
        if gewaarschuwd and not re.fullmatch(r"-|[+-]?[0-9][0-9.,]*(e[0-9]+)?", waarde):
            assert tekst == f"'{waarde}"


@settings(max_examples=25, deadline=None)
@example([*VIJANDIG, *GETALLEN, None, ""])
@given(TEKSTEN)
def test_ndjson_rond(waarden: list[str | None]) -> None:
    with TemporaryDirectory() as map_:
        rijen = ndjson_rijen(schrijf(Path(map_, "uit.ndjson"), heel(waarden)))
    for naam in ("tekst", "code"):
        assert [rij.get(naam) for rij in rijen] == waarden


@settings(max_examples=25, deadline=None)
@example([*VIJANDIG, *GETALLEN, None, ""])
@given(TEKSTEN)
def test_parquet_rond(waarden: list[str | None]) -> None:
    with TemporaryDirectory() as map_:
        gelezen = pq.read_table(schrijf(Path(map_, "uit.parquet"), heel(waarden)))
    for naam in ("tekst", "code"):
        assert gelezen[naam].to_pylist() == waarden


@settings(max_examples=12, deadline=None)
@example([*VIJANDIG, *GETALLEN, None, ""])
@given(TEKSTEN)
def test_xlsx_rond(waarden: list[str | None]) -> None:
    with TemporaryDirectory() as map_:
        rijen = blad_rijen(schrijf(Path(map_, "uit.xlsx"), heel(waarden)))[1:]
    geen_xml = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")
    for (_, *cellen), waarde in zip(rijen, waarden, strict=True):
        for cel in cellen:
            assert cel.data_type != "f"
            assert cel.hyperlink is None
            assert unescape(str(cel.value or "")) == (waarde or "").translate(geen_xml)


@pytest.mark.parametrize("soort", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
def test_csv_nooit_een_formule(soort: pa.DataType, tmp_path: Path) -> None:
    cellen = [*FORMULES, *GETALLEN]
    pad = schrijf(tmp_path / "uit.csv", batch(a=pa.array(cellen, soort), b=[1] * len(cellen)))
    assert [rij[0] for rij in csv_rijen(pad)[1:]] == [*(f"'{cel}" for cel in FORMULES), *GETALLEN]


def test_kolomnamen_zijn_geen_formules(tmp_path: Path) -> None:
    namen = ["=1+1", "@x", "a;b", 'c"d', "e\nf", "\uffff"]
    rij = pa.RecordBatch.from_arrays([pa.array(["1"])] * len(namen), names=namen)
    gevraagd = ["'=1+1", "'@x", *namen[2:]]
    assert csv_rijen(schrijf(tmp_path / "uit.csv", rij))[0] == gevraagd
    kop = blad_rijen(schrijf(tmp_path / "uit.xlsx", rij))[0]
    assert [cel.value for cel in kop] == [*namen[:-1], "\ufffd"]
    assert "f" not in {cel.data_type for cel in kop}
    assert ndjson_rijen(schrijf(tmp_path / "uit.ndjson", rij)) == [dict.fromkeys(namen, "1")]


# ---- What does not fit in Excel


def test_xlsx_tekst_die_op_opmaak_lijkt(tmp_path: Path) -> None:
    """xlsxwriter would put it in the file as XML, and Excel could not open it."""
    opmaak = "<r><t>a</r>"
    rijen = blad_rijen(schrijf(tmp_path / "uit.xlsx", batch(**{opmaak: [opmaak, "b"]})))
    assert [rij[0].value for rij in rijen] == [f" {opmaak}", f" {opmaak}", "b"]


def test_xlsx_te_veel_rijen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsx.MAX_RIJEN + 1 == 1_048_576  # rows of a sheet, its header among them
    monkeypatch.setattr(xlsx, "MAX_RIJEN", 3)
    twee = batch(a=["1", "2"])
    with pytest.raises(UitfaseringError, match=r"meer dan 3 rijen.*--per-aanbieder"):
        schrijf(tmp_path / "uit.xlsx", twee, twee)
    assert list(tmp_path.iterdir()) == []
    assert len(blad_rijen(schrijf(tmp_path / "uit.xlsx", twee, twee.slice(1)))) == 4


def test_xlsx_te_lange_tekst(tmp_path: Path) -> None:
    past = batch(kenmerk=["a"], opmerking=["geheim" * 5000])
    te_lang = batch(kenmerk=["b"], opmerking=["geheim" * 6000])
    with pytest.raises(UitfaseringError, match="rij 3, kolom opmerking") as fout:
        schrijf(tmp_path / "uit.xlsx", past, te_lang)
    assert "geheim" not in str(fout.value)
    assert list(tmp_path.iterdir()) == []


# ---- All or nothing


@pytest.mark.parametrize("soort", SOORTEN)
@pytest.mark.parametrize("fout", [KeyboardInterrupt, ValueError, OSError])
def test_bij_een_fout_blijft_wat_er_was(
    soort: str, fout: type[BaseException], tmp_path: Path
) -> None:
    pad = tmp_path / f"uit{soort}"
    pad.write_text("wat er was")

    def schrijf_tot_de_fout() -> None:
        with open_uitvoer(pad, SOORTEN_CELLEN.schema) as uitvoer:
            uitvoer.schrijf(SOORTEN_CELLEN)
            raise fout

    with pytest.raises(fout):
        schrijf_tot_de_fout()
    assert [een.name for een in tmp_path.iterdir()] == [pad.name]
    assert pad.read_text() == "wat er was"


@pytest.mark.parametrize("soort", SOORTEN)
def test_pas_aan_het_eind_op_zijn_plaats(soort: str, tmp_path: Path) -> None:
    pad = tmp_path / f"uit{soort}"
    pad.write_text("wat er was")
    pad.chmod(0o640)
    with open_uitvoer(pad, SOORTEN_CELLEN.schema) as uitvoer:
        uitvoer.schrijf(SOORTEN_CELLEN)
        assert pad.read_text() == "wat er was"
        anders = [een.name for een in tmp_path.iterdir() if een != pad]
        assert len(anders) == 1
        assert anders[0].startswith(".")
    assert [een.name for een in tmp_path.iterdir()] == [pad.name]
    assert pad.read_bytes() != b"wat er was"
    assert pad.stat().st_mode & 0o777 == 0o640


def test_nieuw_bestand_is_van_wie_het_hoort(tmp_path: Path) -> None:
    pad = schrijf(tmp_path / "uit.csv", SOORTEN_CELLEN)
    gewoon = tmp_path / "gewoon"
    gewoon.touch()
    assert pad.stat().st_mode == gewoon.stat().st_mode


def test_link_blijft_een_link(tmp_path: Path) -> None:
    (tmp_path / "echt").mkdir()
    link = tmp_path / "uit.csv"
    link.symlink_to(tmp_path / "echt" / "uit.csv")
    schrijf(link, SOORTEN_CELLEN)
    assert link.is_symlink()
    assert len(csv_rijen(tmp_path / "echt" / "uit.csv")) == 4


# ---- Refused before any work


def geweigerd(pad: Path, *niet: Path) -> str:
    with pytest.raises(UitfaseringError) as fout:
        open_uitvoer(pad, SOORTEN_CELLEN.schema, niet=niet)
    zin = str(fout.value)
    assert zin.startswith(f"{pad}: ")
    return zin.removeprefix(f"{pad}: ")


@pytest.mark.parametrize("naam", ["-", "uit", "uit.xls", "uit.csv.gz", ".csv"])
def test_onbekende_soort(naam: str, tmp_path: Path) -> None:
    assert ".csv, .parquet, .ndjson of .xlsx" in geweigerd(tmp_path / naam)


def test_naam_in_hoofdletters(tmp_path: Path) -> None:
    assert len(csv_rijen(schrijf(tmp_path / "UIT.CSV", SOORTEN_CELLEN))) == 4


def test_map_die_er_niet_is(tmp_path: Path) -> None:
    assert "is er niet" in geweigerd(tmp_path / "weg" / "uit.csv")


def test_map_als_uitvoer(tmp_path: Path) -> None:
    (tmp_path / "map.csv").mkdir()
    assert geweigerd(tmp_path / "map.csv").startswith("dit is een map")


def test_geen_gewoon_bestand(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.csv")
    assert geweigerd(tmp_path / "pijp.csv").startswith("dit is geen gewoon bestand")


@pytest.mark.parametrize("naam", ["in.csv", "link.csv", "hard.csv", "sub/../in.csv"])
def test_nooit_over_de_invoer(naam: str, tmp_path: Path) -> None:
    invoer = tmp_path / "in.csv"
    invoer.write_text("kenmerk\n1\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.csv").symlink_to(invoer)
    (tmp_path / "hard.csv").hardlink_to(invoer)
    assert "gelezen" in geweigerd(tmp_path / naam, tmp_path / "anders.csv", invoer)
    assert invoer.read_text() == "kenmerk\n1\n"


def test_niet_in_een_map_die_gelezen_wordt(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert "gelezen" in geweigerd(tmp_path / "in" / "uit.csv", tmp_path / "in")
    open_uitvoer(tmp_path / "uit.csv", SOORTEN_CELLEN.schema, niet=[tmp_path / "in"])


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder nobody may write in")
def test_map_waarin_niets_mag() -> None:
    pad = Path("/proc/uit.csv")
    with (
        pytest.raises(UitfaseringError, match="hier kan ik niet schrijven"),
        open_uitvoer(pad, SOORTEN_CELLEN.schema),
    ):
        pass


def test_naam_die_te_lang_is(tmp_path: Path) -> None:
    assert geweigerd(tmp_path / f"{'a' * 300}.csv").startswith("hier kan ik niet schrijven")
