"""Excel, Parquet, NDJSON, messages and tables as sources: types, places, and broken files."""

import datetime
import io
import json
import struct
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from berichtenbouw import bericht, instellingen, product301
from uitfasering.bulk.bron import RIJFOUT, Bron, bron_van_tabel, open_bron
from uitfasering.bulk.lezen import ndjson, xlsx, xlsxkeuring
from uitfasering.bulk.lezen.model import CODES, TEKST
from uitfasering.errors import MessageError
from uitfasering.invoer import lees_vragen, verzamel
from uitfasering.invoer.vragen import Vraag

DAG = datetime.date(2021, 5, 1)


def rijen_van(bron: Bron) -> list[dict[str, Any]]:
    batches = list(bron.batches())
    assert all(batch.schema == bron.schema for batch in batches)
    return [rij for batch in batches for rij in batch.to_pylist()]


def lees(root: Path, *paden: Path) -> tuple[Bron, list[dict[str, Any]]]:
    bron = open_bron(paden, root)
    return bron, rijen_van(bron)


def fout_bij(root: Path, pad: Path) -> str:
    with pytest.raises(MessageError) as fout:
        lees(root, pad)
    assert str(fout.value).startswith(str(pad))
    return str(fout.value).removeprefix(str(pad))


# ---- Excel


def werkmap(pad: Path, bladen: dict[str, Sequence[Sequence[Any]]]) -> Path:
    boek = openpyxl.Workbook()
    boek.remove(boek.worksheets[0])
    for naam, rijen in bladen.items():
        blad = boek.create_sheet(naam)
        for rij in rijen:
            blad.append(list(rij))
    boek.save(pad)
    return pad


def met_deel(pad: Path, deel: str, oud: bytes, nieuw: bytes) -> None:
    """Changes one part of the zip."""
    with zipfile.ZipFile(pad) as archief:
        delen = {naam: archief.read(naam) for naam in archief.namelist()}
    assert oud in delen[deel]
    delen[deel] = delen[deel].replace(oud, nieuw)
    with zipfile.ZipFile(pad, "w", zipfile.ZIP_DEFLATED) as archief:
        for naam, inhoud in delen.items():
            archief.writestr(naam, inhoud)


@pytest.fixture
def boek(tmp_path: Path) -> Path:
    return tmp_path / "export.xlsx"


def test_excel_soorten_en_lege_rijen(root: Path, boek: Path) -> None:
    moment = datetime.datetime(2021, 5, 1, 13, 30)
    middernacht = datetime.datetime(2021, 5, 1)
    rijen: list[list[Any]] = [
        [],
        [None, "Export van de administratie"],
        [None, "kenmerk", "datum", "gemeente", "budget", "ja", "moment", "leeg", "breuk"],
        [None, "T1", DAG, 193, 100, True, moment, None, 0.5],
        [],
        [None, "T3", middernacht, "0193", 2.0, False, DAG, "", 10**17],
        [None, " ", None, ""],
        [],
    ]
    bron, gelezen = lees(root, werkmap(boek, {"Blad1": rijen}))
    assert bron.soort == "xlsx"
    assert [(veld.name, veld.type) for veld in bron.schema] == [
        ("kenmerk", CODES),
        ("datum", pa.date32()),
        ("gemeente", CODES),
        ("budget", pa.int64()),
        ("ja", pa.bool_()),
        ("moment", CODES),
        ("leeg", CODES),
        ("breuk", CODES),
        (RIJFOUT, TEKST),
    ]
    leeg = dict.fromkeys(bron.schema.names)
    een = {"kenmerk": "T1", "datum": DAG, "gemeente": "193", "budget": 100, "ja": True}
    drie = {"kenmerk": "T3", "datum": DAG, "gemeente": "0193", "budget": 2, "ja": False}
    assert gelezen == [
        leeg | een | {"moment": "2021-05-01T13:30:00", "breuk": "0.5"},
        leeg,
        leeg | drie | {"moment": "2021-05-01", "breuk": "1e+17"},
    ]
    assert bron.rijen == 3
    assert bron.plaats(2) == f"{boek}, rij 6"


def test_excel_soort_van_een_kolom_over_blokken_heen(
    root: Path, boek: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_CELLEN", 20)
    rijen = [["kenmerk", "gemeente", "datum"]]
    rijen += [[n, n if n < 30 else "0193", DAG if n > 20 else None] for n in range(40)]  # type: ignore[list-item]
    bron, gelezen = lees(root, werkmap(boek, {"Blad1": rijen}))
    assert bron.schema.types == [pa.int64(), CODES, pa.date32(), TEKST]
    assert [rij["gemeente"] for rij in gelezen[28:32]] == ["28", "29", "0193", "0193"]
    assert [rij["datum"] for rij in gelezen[20:22]] == [None, DAG]


def test_excel_neemt_het_eerste_zichtbare_blad_met_een_kop(root: Path, boek: Path) -> None:
    werkmap(
        boek,
        {
            "Lijsten": [["a", "b"], ["1", "2"]],
            "Uitleg": [["Dit is de export."], ["Vragen? Bel ons."]],
            "Data": [["kenmerk", "gemeente"], ["T1", "0193"]],
            "Nog een": [["kenmerk", "gemeente"], ["T2", "0193"]],
        },
    )
    met_deel(
        boek,
        "xl/workbook.xml",
        b'name="Lijsten" sheetId="1" state="visible"',
        b'name="Lijsten" sheetId="1" state="hidden"',
    )
    bron, gelezen = lees(root, boek)
    assert [rij["kenmerk"] for rij in gelezen] == ["T1"]
    assert bron.opmerkingen == (f"Van {boek} is alleen het blad Data gelezen.",)


def test_excel_formules(root: Path, boek: Path) -> None:
    """A formula counts for the value Excel kept with it, also when that is an empty text."""
    kop = ["kenmerk", "volume", "eenheid"]
    werkmap(boek, {"Blad1": [kop, *[[f"T{n}", f"={n}", "01"] for n in range(1, 5)]]})
    blad = "xl/worksheets/sheet1.xml"
    met_deel(boek, blad, b'<c r="B2"><f>1</f><v />', b'<c r="B2"><f>1</f><v>7</v>')
    met_deel(boek, blad, b'<c r="B3"><f>2</f><v />', b'<c r="B3"><f>2</f>')
    met_deel(boek, blad, b'<c r="B4"><f>3</f><v />', b'<c r="B4" t="str"><f>3</f><v></v>')
    _, gelezen = lees(root, boek)
    reden = "de formule in kolom B heeft geen opgeslagen uitkomst"
    assert gelezen == [
        {"kenmerk": "T1", "volume": 7, "eenheid": "01", RIJFOUT: None},
        dict.fromkeys(kop) | {RIJFOUT: reden},
        {"kenmerk": "T3", "volume": None, "eenheid": "01", RIJFOUT: None},
        dict.fromkeys(kop) | {RIJFOUT: reden},
    ]


def test_excel_waarde_buiten_de_kop(root: Path, boek: Path) -> None:
    werkmap(boek, {"Blad1": [[None, "k", "g"], [0, "T1"], [None, "T2", "b", "x"], [None, "T3"]]})
    _, gelezen = lees(root, boek)
    reden = "de rij heeft een waarde in een kolom zonder naam"
    assert [rij[RIJFOUT] for rij in gelezen] == [reden, reden, None]
    assert [rij["k"] for rij in gelezen] == [None, None, "T3"]


def test_excel_getallen_groter_dan_excel_precies_kan(root: Path, boek: Path) -> None:
    werkmap(boek, {"Blad1": [["nummer", "x"], [5, 10.0**30], [6, 5]]})
    met_deel(boek, "xl/worksheets/sheet1.xml", b"<v>6</v>", b"<v>99999999999999999999</v>")
    bron, gelezen = lees(root, boek)
    assert bron.schema.types[:2] == [CODES, CODES]
    assert [rij["nummer"] for rij in gelezen] == ["5", "9" * 20]
    assert [rij["x"] for rij in gelezen] == ["1e+30", "5"]


def test_excel_met_alleen_een_kop(root: Path, boek: Path) -> None:
    bron, gelezen = lees(root, werkmap(boek, {"Blad1": [["kenmerk", "gemeente"], []]}))
    assert (bron.kolommen, gelezen, bron.rijen) == (["kenmerk", "gemeente"], [], 0)


@pytest.mark.parametrize(
    ("rijen", "zin"),
    [
        ([], ": Het bestand is leeg."),
        ([["kenmerk", None, "gemeente"]], ", regel 1: Kolom 2 heeft geen naam."),
        ([[], [None, "kenmerk", "kenmerk"]], ", regel 2: De kolommen 2 en 3 hebben dezelfde naam."),
        ([["T1", DAG]], ", regel 1: De naam van kolom 2 heeft geen letters."),
        ([[f"k{n}" for n in range(10_000)]], ", regel 1: Het bestand heeft 10000 kolommen."),
    ],
)
def test_excel_zonder_goede_kop(
    root: Path, boek: Path, rijen: Sequence[Sequence[Any]], zin: str
) -> None:
    assert fout_bij(root, werkmap(boek, {"Blad1": rijen})).startswith(zin)


def zip_met(pad: Path, delen: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(pad, "w", zipfile.ZIP_DEFLATED) as archief:
        for naam, inhoud in delen.items():
            archief.writestr(naam, inhoud)
    return pad


def test_excel_dat_geen_excel_is(root: Path, boek: Path) -> None:
    geen = ": Dit is een zip-bestand, maar geen Excel-bestand (.xlsx)."
    assert fout_bij(root, zip_met(boek, {"word/document.xml": b"<a/>"})).startswith(geen)
    stuk = ": Dit Excel-bestand is beschadigd of niet compleet."
    assert fout_bij(root, zip_met(boek, {"xl/workbook.xml": b"<a/>"})).startswith(stuk)
    werkmap(boek, {"Blad1": [["kenmerk", "gemeente"], *[[f"T{n}", "0193"] for n in range(999)]]})
    heel = boek.read_bytes()
    boek.write_bytes(heel[: len(heel) // 2])
    assert fout_bij(root, boek).startswith(stuk)
    boek.write_bytes(heel.replace(heel[400:420], bytes(20), 1))
    assert fout_bij(root, boek).startswith(stuk)


def test_excel_oud_of_met_een_wachtwoord(root: Path, boek: Path) -> None:
    boek.write_bytes(xlsxkeuring.OLE + bytes(600))
    assert fout_bij(root, boek).startswith(": Dit is een oud Excel-bestand (.xls).")
    boek.write_bytes(xlsxkeuring.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert fout_bij(root, boek).startswith(": Het Excel-bestand heeft een wachtwoord.")


@pytest.mark.parametrize("grens", ["_MAX_BLADEN", "_MAX_OVERIG"])
def test_excel_dat_uitgepakt_te_groot_is(
    root: Path, boek: Path, monkeypatch: pytest.MonkeyPatch, grens: str
) -> None:
    monkeypatch.setattr(xlsxkeuring, grens, 400)
    werkmap(boek, {"Blad1": [["kenmerk", "gemeente"], ["T1", "0193"]]})
    assert "Dat is te groot" in fout_bij(root, boek)


def test_excel_als_zip_bom(root: Path, boek: Path) -> None:
    """Neither what is really there nor what the zip only claims is unpacked."""
    te_groot = "Dat is te groot, of het bestand is niet te vertrouwen."
    werkmap(boek, {"Blad1": [["kenmerk", "gemeente"], ["T1", "0193"]]})
    with zipfile.ZipFile(boek, "a", zipfile.ZIP_DEFLATED) as archief:
        archief.writestr("xl/media/groot.bin", bytes(60_000_000))
    assert te_groot in fout_bij(root, boek)
    werkmap(boek, {"Blad1": [["kenmerk", "gemeente"], ["T1", "0193"]]})
    inhoud = bytearray(boek.read_bytes())
    plek = inhoud.rfind(b"PK\x01\x02")
    struct.pack_into("<I", inhoud, plek + 24, 4_000_000_000)
    boek.write_bytes(inhoud)
    assert te_groot in fout_bij(root, boek)


def test_excel_met_een_xml_aanval(root: Path, boek: Path) -> None:
    werkmap(boek, {"Blad1": [["kenmerk", "gemeente"], ["T1", "0193"]]})
    met_deel(
        boek,
        "xl/worksheets/sheet1.xml",
        b"<worksheet",
        b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet',
    )
    assert "beschadigd" in fout_bij(root, boek)


# ---- Parquet


SOORTEN = {
    "kenmerk": pa.array([f"T{n}" for n in range(400)], pa.large_string()),
    "gemeente": pa.array(["0193", "0150"] * 200, pa.string_view()),
    "code": pa.array(["50H3A"] * 400).dictionary_encode(),
    "profiel": pa.array([*range(399), None]),
    "volume": pa.array([193.0] * 400),
    "budget": pa.array([Decimal("1.50")] * 400),
    "datum": pa.array([DAG] * 400),
    "moment": pa.array([datetime.datetime(2021, 5, 1, 3)] * 400),
    "ja": pa.array([True] * 400),
    "leeg": pa.nulls(400),
}


@pytest.mark.parametrize("als", ["tabel", "stroom", "bestand"])
def test_parquet_en_tabel_houden_hun_soorten(root: Path, tmp_path: Path, als: str) -> None:
    tabel = pa.table(SOORTEN)
    pad = tmp_path / "export.parquet"
    pq.write_table(tabel, pad, row_group_size=150)
    if als == "bestand":
        bron = open_bron([pad], root)
    else:
        bron = bron_van_tabel(tabel if als == "tabel" else tabel.to_reader(7))
    gemeente = CODES if als == "bestand" else TEKST
    assert bron.schema.types[:3] == [TEKST, gemeente, CODES]
    assert bron.schema.types[3:] == tabel.schema.types[3:]
    assert RIJFOUT not in bron.schema.names
    assert rijen_van(bron) == tabel.to_pylist()
    assert bron.rijen == (None if als == "stroom" else 400)
    assert bron.plaats(399) == (f"{pad}, rij 400" if als == "bestand" else "rij 400")


def test_parquet_van_polars_en_pandas(root: Path, tmp_path: Path) -> None:
    frame = pl.DataFrame({"kenmerk": ["T1", "T2"], "datum": [DAG, None]}).with_columns(
        soort=pl.col("kenmerk").cast(pl.Categorical)
    )
    verwacht = frame.to_dicts()
    een, twee = tmp_path / "1.parquet", tmp_path / "2.parquet"
    frame.write_parquet(een)
    pd.DataFrame(frame.reverse().to_dict(as_series=False)).to_parquet(twee)
    bron = open_bron([een, twee], root)
    (batch,) = bron.batches()  # small ones are put together
    assert batch.to_pylist() == [*verwacht, *reversed(verwacht)]
    assert bron.plaats(3) == f"{twee}, rij 2"


def test_parquet_met_een_andere_soort_in_een_tweede_bestand(root: Path, tmp_path: Path) -> None:
    een, twee = tmp_path / "1.parquet", tmp_path / "2.parquet"
    pq.write_table(pa.table({"gemeente": [193], "leeg": pa.nulls(1), "d": [DAG]}), een)
    pq.write_table(pa.table({"d": ["1-5-2021"], "gemeente": ["0193"], "leeg": [5]}), twee)
    bron, gelezen = lees(root, een, twee)
    assert bron.schema.types == [TEKST, pa.int64(), TEKST]
    assert gelezen == [
        {"gemeente": "193", "leeg": None, "d": "2021-05-01"},
        {"gemeente": "0193", "leeg": 5, "d": "1-5-2021"},
    ]


def test_parquet_zonder_rijen(root: Path, tmp_path: Path) -> None:
    pad = tmp_path / "leeg.parquet"
    pq.write_table(pa.table(SOORTEN).slice(0, 0), pad)
    bron, gelezen = lees(root, pad)
    assert (len(bron.kolommen), gelezen) == (len(SOORTEN), [])


@pytest.mark.parametrize(
    ("tabel", "zin"),
    [
        (pa.table({"kenmerk": ["a"], "lijst": [[1]]}), ": Kolom 2 (lijst) heeft een soort waarde"),
        (pa.table({"bytes": [b"a"]}), ": Kolom 1 (bytes) heeft een soort waarde"),
        (pa.table({"a": [{"b": 1}]}), ": Kolom 1 (a) heeft een soort waarde"),
        (pa.table([pa.array([1]), pa.array([2])], ["a", "a"]), ": De kolommen 1 en 2 hebben"),
        (pa.table({f"k{n}": [1] for n in range(10_000)}), ": Het bestand heeft 10000 kolommen."),
        (pa.table({}), ": Er zijn geen kolommen."),
    ],
    ids=["lijst", "bytes", "struct", "dubbel", "breed", "geen"],
)
def test_parquet_dat_niet_kan(root: Path, tmp_path: Path, tabel: pa.Table, zin: str) -> None:
    pad = tmp_path / "export.parquet"
    pq.write_table(tabel, pad)
    assert fout_bij(root, pad).startswith(zin)
    with pytest.raises(MessageError) as fout:
        bron_van_tabel(tabel)
    assert str(fout.value).startswith(f"tabel{zin}")


def test_parquet_dat_kapot_is(root: Path, tmp_path: Path) -> None:
    pad = tmp_path / "export.parquet"
    tabel = pa.table({"kenmerk": [f"T{n}" for n in range(10_000, 20_000)]})
    pq.write_table(tabel, pad, use_dictionary=False, compression="none", write_page_checksum=True)
    heel = pad.read_bytes()
    for inhoud in (
        heel[: len(heel) // 2],
        heel[:-4],
        b"PAR1",
        heel.replace(b"T15000", b"T15001", 1),  # only the checksum of the page tells
    ):
        pad.write_bytes(inhoud)
        assert fout_bij(root, pad).startswith(
            ": Dit Parquet-bestand is beschadigd of niet compleet"
        )


def test_een_grote_batch_wordt_in_stukken_gegeven() -> None:
    tabel = pa.table({"kenmerk": range(300_000)})
    maten = [len(batch) for batch in bron_van_tabel(tabel.to_reader()).batches()]
    assert maten == [131_072, 131_072, 37_856]


def test_parquet_met_tekst_die_geen_tekst_is(root: Path, tmp_path: Path) -> None:
    pad = tmp_path / "export.parquet"
    goed = [b"T1"] * 5_000  # more than is looked at beforehand
    for bytes_ in ([b"\xff"], [*goed, b"\xff"]):
        pq.write_table(pa.table({"kenmerk": pa.array(bytes_).view(pa.string())}), pad)
        assert fout_bij(root, pad).startswith(": Dit Parquet-bestand is beschadigd")


# ---- NDJSON


def nd(pad: Path, *regels: str) -> Path:
    pad.write_text("\n".join(regels) + "\n", "utf-8")
    return pad


def test_ndjson_plat_en_genest_naast_elkaar(root: Path, tmp_path: Path) -> None:
    genest = {
        "handeling": "lopend",
        "gemeente": "0193",
        "product": {"categorie": "50", "code": "50H3A", "profiel": 3},
        "omvang": {"volume": 2000, "eenheid": "01", "frequentie": "6"},
        "periode": {"begindatum": "2021-05-01", "einddatum": "2021-06-01"},
        "gemotiveerd": False,
    }
    pad = nd(
        tmp_path / "a.ndjson",
        '\ufeff{"kenmerk": "T1", "gemeente": 193, "volume": 1.50, "eigen": null}',
        "",
        json.dumps(genest),
    )
    bron, gelezen = lees(root, pad)
    assert bron.soort == "ndjson"
    leeg = dict.fromkeys(bron.schema.names)
    assert gelezen == [
        leeg | {"kenmerk": "T1", "gemeente": "193", "volume": "1.50"},
        leeg
        | {
            "handeling": "lopend",
            "gemeente": "0193",
            "productcategorie": "50",
            "productcode": "50H3A",
            "profiel": "3",
            "volume": "2000",
            "eenheid": "01",
            "frequentie": "6",
            "periode_begindatum": "2021-05-01",
            "periode_einddatum": "2021-06-01",
            "gemotiveerd": "false",
        },
    ]
    assert "eigen" in bron.kolommen
    assert bron.rijen == 2
    assert bron.plaats(1) == f"{pad}, regel 3"


@pytest.mark.parametrize(
    ("regel", "reden"),
    [
        ('{"kenmerk": "x"', "de JSON klopt niet bij teken 16: Het bestand houdt te vroeg op"),
        ('{"kenmerk": "x", "kenmerk": "x"}', "de JSON klopt niet bij teken 18: Deze naam staat"),
        ('{"volume": NaN}', "de JSON klopt niet bij teken 12: Hier staat NaN of Infinity"),
        ("[1]", "op deze regel staat geen toewijzing"),
        ("zomaar", "de JSON klopt niet bij teken 1: Dit is geen XML en geen JSON"),
        ('{"product": 5}', "bij product horen velden, tussen { en }"),
        ('{"omvang": {}}', "omvang is leeg"),
        ('{"product": {"bsn": 5}}', "product heeft een veld dat niet bestaat"),
        ('{"naam": ["x"]}', "bij een veld staat een lijst of een onderdeel"),
        ('{"productcode": "x", "product": {"code": "x"}}', "productcode staat er twee keer"),
    ],
)
def test_ndjson_een_slechte_regel_houdt_zijn_plaats(
    root: Path, tmp_path: Path, regel: str, reden: str
) -> None:
    goed = '{"kenmerk": "T1", "product": {}}'
    bron, gelezen = lees(root, nd(tmp_path / "a.ndjson", goed, goed, regel, goed))
    assert [rij["kenmerk"] for rij in gelezen] == ["T1", "T1", None, "T1"]
    assert gelezen[2][RIJFOUT].startswith(reden)
    assert [rij[RIJFOUT] for rij in gelezen if rij["kenmerk"]] == [None] * 3
    assert bron.plaats(2).endswith(", regel 3")


def test_ndjson_grote_getallen_en_late_velden(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndjson, "MAX_CELLEN", 10)
    monkeypatch.setattr(ndjson, "_PROEF", 3)
    regels = [f'{{"kenmerk": "T{n}"}}' for n in range(50)]
    cijfers = "9" * 5_000
    pad = nd(tmp_path / "a.ndjson", *regels, f'{{"budget": {cijfers}}}')
    bron, gelezen = lees(root, pad)
    assert bron.kolommen == ["kenmerk", "budget"]
    assert [rij["kenmerk"] for rij in gelezen[:50]] == [f"T{n}" for n in range(50)]
    assert gelezen[50]["budget"] == cijfers


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        ('{\n "kenmerk": "T1"\n}', ": Dit is JSON, maar geen NDJSON."),
        ('[{"kenmerk": "T1"}]', ": Dit is JSON, maar geen NDJSON."),
        ('{"toewijzingen": {"T1": {}}}', ": Dit is JSON, maar geen NDJSON."),
        ('{"kenmerk": ', ": In geen enkele regel staat een toewijzing."),
        (
            '{"kenmerk": 1}\n{"a": "' + "x" * 1_000_001 + '"}',
            ", regel 2: Deze regel is veel te lang.",
        ),
    ],
)
def test_ndjson_dat_geen_ndjson_is(root: Path, tmp_path: Path, inhoud: str, zin: str) -> None:
    assert fout_bij(root, nd(tmp_path / "a.ndjson", inhoud)).startswith(zin)


# ---- messages


def test_berichten_geven_wat_besluit_ook_krijgt(root: Path) -> None:
    paden = [root / "voorbeelden" / f"jw{soort}.xml" for soort in (301, 315, 323)]
    vragen = [
        een
        for een in lees_vragen(verzamel(list(map(str, paden)), 10**7).bestanden, instellingen())
        if isinstance(een, Vraag)
    ]
    bron = open_bron(paden, root, instellingen=instellingen())
    gelezen = rijen_van(bron)
    assert bron.soort == "berichten"
    assert [rij["kenmerk"] for rij in gelezen] == [vraag.kenmerk for vraag in vragen]
    for plaats, (rij, vraag) in enumerate(zip(gelezen, vragen, strict=True)):
        toewijzing = vraag.toewijzing
        assert rij["bestand"] == vraag.bestand
        assert bron.plaats(plaats) == f"{vraag.bestand}, regel {vraag.regel}"
        assert rij["handeling"] == toewijzing["handeling"]
        assert rij["productcode"] == toewijzing["product"].get("code")
        volume = toewijzing.get("omvang", {}).get("volume")
        assert rij["volume"] == (None if volume is None else str(volume))
        assert rij["periode_einddatum"] == toewijzing.get("periode", {}).get("einddatum")
        assert rij["waarom_deze_vraag"] == vraag.handeling_grond
        assert rij["toewijzingnummer"] == next(iter(vraag.kenmerk.split("/")[2:]), None)


def test_een_bericht_dat_niet_te_lezen_is_blijft_een_rij(root: Path, tmp_path: Path) -> None:
    goed = bericht("JW301", [product301(), product301("1002", Omvang={})])
    (tmp_path / "a.xml").write_text(goed, "utf-8")
    (tmp_path / "b.xml").write_text(goed[:-40], "utf-8")
    (tmp_path / "c.xml").write_bytes(b"")
    (tmp_path / "d.xml").write_text("<brief/>", "utf-8")
    bron, gelezen = lees(root, tmp_path)
    assert [rij["bestand"][-5] for rij in gelezen] == ["a", "a", "b", "c", "d"]
    assert gelezen[0][RIJFOUT] is None
    assert [rij[RIJFOUT].split(".")[0] for rij in gelezen[1:]] == [
        "omvang is leeg",
        "Het bestand houdt te vroeg op",
        "Het bestand is leeg",
        "In het bestand staat geen iJw-bericht",
    ]
    assert bron.plaats(4).startswith(str(tmp_path / "d.xml"))


def test_zonder_een_enkel_product_is_er_geen_run(root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<brief/>", "utf-8")
    with pytest.raises(MessageError) as fout:
        lees(root, tmp_path)
    assert "In deze bestanden staan geen producten of prestaties." in str(fout.value)
    assert [melding.bestand for melding in fout.value.meldingen] == [str(tmp_path / "a.xml")]


def test_de_uitvoer_van_een_fout_houdt_geen_waarde_vast(root: Path, tmp_path: Path) -> None:
    pad = tmp_path / "a.csv"
    pad.write_text("kenmerk;gemeente\n" + 'Jan;"Jansen\n' * 3, "utf-8")
    with pytest.raises(MessageError) as fout:
        lees(root, pad)
    assert "Jan" not in repr(fout.value) + str(fout.value.__context__) + str(fout.value.meldingen)


def test_een_map_met_niets_anders_dan_bytes(root: Path, tmp_path: Path) -> None:
    stroom = io.BytesIO()
    pq.write_table(pa.table({"kenmerk": ["T1"]}), stroom)
    (tmp_path / "zonder-achtervoegsel").write_bytes(stroom.getvalue())
    bron, gelezen = lees(root, tmp_path / "zonder-achtervoegsel")
    assert (bron.soort, gelezen) == ("parquet", [{"kenmerk": "T1"}])
