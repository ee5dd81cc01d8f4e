"""Values as Dutch offices have them: read with certainty, or refused with the reason."""

import math
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from conftest import project_met
from strategieen import VAST
from uitfasering.bulk.datums import NietZeker, lees_datum
from uitfasering.bulk.velden import velden
from uitfasering.bulk.waarden import LEEG, Lezer
from uitfasering.errors import BuildError
from uitfasering.paths import project_root

LEZER = Lezer(project_root())
UTC = timezone.utc


def goed(veld: str, waarde: object) -> Any:
    gelezen = LEZER.lees(veld, waarde)
    assert gelezen.fout is None, gelezen.fout
    return gelezen.waarde


def fout(veld: str, waarde: object) -> str:
    gelezen = LEZER.lees(veld, waarde)
    assert gelezen.fout, gelezen
    return gelezen.fout


@pytest.mark.parametrize(
    "waarde",
    [
        date(2021, 5, 1),
        datetime(2021, 5, 1),
        datetime(2021, 5, 1, 23, 59),
        datetime(2021, 5, 1, tzinfo=UTC),
        datetime(2021, 5, 1, tzinfo=timezone(timedelta(hours=2))),
        "2021-05-01",
        "2021-5-1",
        "2021/05/01",
        "20210501",
        20210501,
        "1-5-2021",
        "01-05-2021",
        "1/5/2021",
        "01/05/2021",
        "1.5.2021",
        "1 5 2021",
        " 1-5-2021\u00a0",
        "\ufeff1-5-2021\u200b",
        "1 - 5 - 2021",
        "1 mei 2021",
        "1 MEI 2021",
        "01-mei-2021",
        "2021-05-01 00:00:00",
        "2021-05-01T00:00:00",
        "2021-05-01T12:30:00.000",
        "2021-05-01T00:00:00Z",
        "2021-05-01T00:00:00+02:00",
        "1-5-2021 0:00",
        "1-5-2021 00:00:00",
        44317,
        44317.0,
        44317.75,
        Decimal(44317),
        "44317",
        "44317,5",
        "44317.0",
        '="2021-05-01"',
        "'2021-05-01",
    ],
)
def test_dezelfde_dag_op_veel_manieren(waarde: object) -> None:
    assert goed("ingangsdatum", waarde) == "2021-05-01"


@pytest.mark.parametrize(
    ("waarde", "dag"),
    [
        ("29-02-2024", "2024-02-29"),
        ("1 januari 2022", "2022-01-01"),
        ("3 mrt 2021", "2021-03-03"),
        ("3 sept. 2021", "2021-09-03"),
        ("31 december 2199", "2199-12-31"),
        ("1-1-1900", "1900-01-01"),
    ],
)
def test_andere_dagen(waarde: str, dag: str) -> None:
    assert goed("einddatum", waarde) == dag


@pytest.mark.parametrize(
    ("waarde", "reden"),
    [
        ("03-04-21", "twee cijfers"),
        ("3/4/21", "twee cijfers"),
        ("3 april 21", "twee cijfers"),
        ("1-13-2021", "maand bestaat niet"),
        ("5/13/2021", "omgewisseld"),
        ("0-0-2021", "maand bestaat niet"),
        ("04/2021", "geen hele datum"),
        ("2021-04", "geen hele datum"),
        ("april 2021", "geen hele datum"),
        ("2021", "geen hele datum"),
        (2021, "geen hele datum"),
        ("30-02-2021", "dag bestaat niet"),
        ("2021-02-29", "dag bestaat niet"),
        ("31-12-1899", "te ver weg"),
        ("2200-01-01", "te ver weg"),
        (date(1850, 1, 1), "te ver weg"),
        ("0000-00-00", "jaar bestaat niet"),
        ("5/1/2021 12:00:00 AM", "Amerikaans"),
        ("2021-04-30T22:00:00Z", "tijd is niet die van Nederland"),
        (datetime(2021, 4, 30, 23, tzinfo=UTC), "tijd is niet die van Nederland"),
        ("2021-04-30T12:00:00-05:00", "tijd is niet die van Nederland"),
        ("01052021", "maand bestaat niet"),
        ("1-5/2021", "geen datum"),
        ("volgt", "geen datum"),
        (True, "geen datum"),
        (1.5, "geen hele datum"),
        (time(10, 0), "gewone waarde"),
        ("#N/B", "foutmelding van Excel"),
        ("=VANDAAG()", "formule"),
        ("onbekend", "geen datum"),
    ],
)
def test_een_datum_die_niet_zeker_is(waarde: object, reden: str) -> None:
    assert reden in fout("einddatum", waarde)


@pytest.mark.parametrize(
    "waarde", ["", " ", "\u00a0", "-", "NULL", "n.v.t.", "31-12-9999", date(9999, 12, 31), 2958465]
)
def test_geen_einddatum(waarde: object) -> None:
    assert LEZER.lees("einddatum", waarde) == LEEG


def test_een_andere_datum_in_9999_is_niet_leeg() -> None:
    assert "te ver weg" in fout("ingangsdatum", "31-12-9999")


@pytest.mark.parametrize(
    ("waarde", "getal"),
    [
        ("2000", 2000),
        ("2.000", 2000),
        ("2 000", 2000),
        ("2\u00a0000", 2000),
        ("2\u202f000", 2000),
        ("2000,00", 2000),
        ("2.000,00", 2000),
        ("2000.0", 2000),
        ("2000.00", 2000),
        (2000, 2000),
        (2000.0, 2000),
        (Decimal("2000.00"), 2000),
        ("12.345.678", 12_345_678),
        ("00250", 250),
        ("0", 0),
        (0, 0),
    ],
)
def test_een_heel_getal(waarde: object, getal: int) -> None:
    assert goed("volume", waarde) == getal


@pytest.mark.parametrize(
    ("waarde", "reden"),
    [
        ("2.5", "geen heel getal"),
        ("2,50", "geen heel getal"),
        (2.5, "geen heel getal"),
        ("1.234,5", "geen heel getal"),
        ("1.23", "geen heel getal"),
        ("0.250", "geen heel getal"),
        ("1234.567", "geen heel getal"),
        ("1.234 567", "geen heel getal"),
        ("2,000", "niet zeker"),
        ("-5", "kleiner dan nul"),
        (-5, "kleiner dan nul"),
        ("5 minuten", "geen heel getal"),
        ("1E3", "geen heel getal"),
        ("١٢", "geen heel getal"),
        ("100000000", "past hier niet"),
        (True, "geen heel getal"),
        pytest.param(10**5000, "te groot", id="5000 cijfers"),
        (math.inf, "te groot"),
    ],
)
def test_een_getal_dat_niet_zeker_is(waarde: object, reden: str) -> None:
    assert reden in fout("volume", waarde)


@pytest.mark.parametrize("waarde", ["€ 1500", "1500 euro", "1500,00", "1500.00", "1.500,50"])
def test_een_budget_in_euros_wordt_niet_omgerekend(waarde: str) -> None:
    assert "euro" in fout("budget", waarde)


def test_een_budget_in_centen() -> None:
    assert [goed("budget", w) for w in ("150000", "150.000", 150000.0)] == [150000] * 3


@pytest.mark.parametrize("waarde", ["11", "profiel 11", "Profiel-11", "P11", 11, 11.0])
def test_een_profiel(waarde: object) -> None:
    assert goed("profiel", waarde) == 11


@pytest.mark.parametrize("waarde", ["13", "0", "profiel", "11a", "1 en 2"])
def test_geen_profiel(waarde: str) -> None:
    assert fout("profiel", waarde)


@pytest.mark.parametrize(
    ("waarde", "code"),
    [
        ("193", "0193"),
        ("0193", "0193"),
        ("GM0193", "0193"),
        ("gm193", "0193"),
        (193, "0193"),
        (193.0, "0193"),
        ("193.0", "0193"),
        ('="0193"', "0193"),
        ("Zwolle", "0193"),
        ("ZWOLLE ", "0193"),
        ("Gemeente Zwolle", "0193"),
        ("0193 Zwolle", "0193"),
        ("GM0193 - Zwolle", "0193"),
        ("Zwolle (0193)", "0193"),
        ("Olst - Wijhe", "1773"),
        ("Olst-Wijhe", "1773"),
        ("olst wijhe", "1773"),
        ("363", "0363"),
        (3, "0003"),
    ],
)
def test_een_gemeente(waarde: object, code: str) -> None:
    assert goed("gemeente", waarde) == code


@pytest.mark.parametrize(
    "waarde", ["Amsterdam", "0363 Amsterdam", "0150 Zwolle", "12345", "0", 0, -193, True, "GM"]
)
def test_een_gemeente_die_niet_zeker_is(waarde: object) -> None:
    assert "CBS-code" in fout("gemeente", waarde)


def test_een_tikfout_in_een_gemeente() -> None:
    assert "bedoelt u Zwolle?" in fout("gemeente", "Zwole")


@pytest.mark.parametrize(
    ("veld", "waarde", "bedoeld"),
    [
        ("handeling", "Nieuw", "nieuw"),
        ("handeling", "verlengen", "verlenging"),
        ("handeling", "LOPEND", "lopend"),
        # iJw WJ756, WMO757 and COD327, typed from ../shared/ijw/tables/ijw_codes.csv.
        ("eenheid", "1", "01"),
        ("eenheid", 1, "01"),
        ("eenheid", "1.0", "01"),
        ("eenheid", "Minuten", "01"),
        ("eenheid", "01 Minuut", "01"),
        ("eenheid", "Uur", "04"),
        ("eenheid", "Etmaal", "14"),
        ("eenheid", "Dagdeel (4 uur)", "16"),
        ("eenheid", "Stuks (output)", "82"),
        ("eenheid", "Euro's", "83"),
        ("eenheid", "Stuks (inspanning)", "84"),
        ("frequentie", 6, "6"),
        ("frequentie", "06", "6"),
        ("frequentie", "Per week", "2"),
        ("frequentie", "Totaal binnen geldigheidsduur toewijzing", "6"),
        ("verwijzer", "2", "02"),
        ("verwijzer", "Huisarts", "02"),
        ("verwijzer", "02 - Huisarts", "02"),
        ("verwijzer", "Huisarts (02)", "02"),
        ("verwijzer", "Gecertificeerde instelling", "04"),
        ("verwijzer", "Zelfverwijzer/geen verwijzer", "06"),
        (
            "verwijzer",
            "Rechter, Officier van Justitie, functionaris Justitiele jeugdinrichting",
            "08",
        ),
        ("verwijzer", "functionaris justitiële jeugdinrichting", "08"),
        ("segment", "Midden", "midden"),
        ("zorgvorm", "J&O", "jeugd_en_opvoedhulp"),
        ("zorgvorm", "Jeugd- en opvoedhulp", "jeugd_en_opvoedhulp"),
        ("raamovereenkomst", "Huidige", "huidig"),
        ("gezinsplan", "Niet nodig", "niet_nodig"),
        ("productcode", "54002", "54002"),
        ("productcode", 54002.0, "54002"),
        ("productcode", "54002.0", "54002"),
        ("productcategorie", 5, "05"),
        ("productcategorie", "54", "54"),
        ("aanbieder", "06123456", "06123456"),
        ("aanbieder", 6123456, "06123456"),
        ("aanbieder", 12345678.0, "12345678"),
    ],
)
def test_codes_en_woorden(veld: str, waarde: object, bedoeld: str) -> None:
    assert goed(veld, waarde) == bedoeld


@pytest.mark.parametrize(
    ("veld", "waarde", "reden"),
    [
        ("handeling", "Verlenging?", "kies uit: nieuw"),
        ("eenheid", "stuks", "kies uit: 01"),
        ("eenheid", "0,1", "kies uit"),
        ("eenheid", "-1", "kies uit"),
        ("eenheid", "01 Uur", "kies uit"),
        ("frequentie", "per jaar", "kies uit"),
        ("verwijzer", "07", "kies uit"),
        ("verwijzer", "n.v.t.", "kies uit"),
        ("gezinsplan", "ja", "kies uit"),
        ("zorgvorm", "n.v.t.", "kies uit"),
        ("productcode", "54 002", "één tot vijf letters of cijfers"),
        ("productcode", True, "één tot vijf"),
        ("productcategorie", "5", "nul vooraan"),
        ("aanbieder", "6123456", "nul vooraan"),
        ("aanbieder", 123456, "acht cijfers"),
        ("aanbieder", b"12345678", "gewone waarde"),
        ("aanbieder", ["12345678"], "gewone waarde"),
        ("aanbieder", "1" * 1000, "te lang"),
    ],
)
def test_codes_en_woorden_die_niet_zeker_zijn(veld: str, waarde: object, reden: str) -> None:
    assert reden in fout(veld, waarde)


@pytest.mark.parametrize("waarde", ["ja", "JA", "j", "x", "X", "1", "1.0", 1, 1.0, "WAAR", True])
def test_ja(waarde: object) -> None:
    assert goed("medicatiecontrole", waarde) is True


@pytest.mark.parametrize("waarde", ["nee", "N", "0", 0, "onwaar", "False", False])
def test_nee(waarde: object) -> None:
    assert goed("afgestemd", waarde) is False


@pytest.mark.parametrize("waarde", ["ja?", "misschien", "2", "ja/nee", "0,1"])
def test_ja_noch_nee(waarde: str) -> None:
    assert "kies uit: ja, nee" in fout("gemotiveerd", waarde)


@pytest.mark.parametrize("veld", velden())
@pytest.mark.parametrize("waarde", [None, "", "  ", "\u00a0\ufeff", "-", "NULL", math.nan, "NaN"])
def test_leeg_is_leeg(veld: str, waarde: object) -> None:
    assert LEZER.lees(veld, waarde) == LEEG


def test_leeg_van_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    assert LEZER.lees("einddatum", pandas.NaT) == LEEG
    assert goed("einddatum", pandas.Timestamp("2021-05-01 12:00")) == "2021-05-01"


def test_onbekend_is_alleen_leeg_waar_dat_hetzelfde_betekent() -> None:
    """Contract §2: no einddatum is open-ended and no afgestemd is no; that is not "unknown"."""
    leeg = [veld for veld in velden() if LEZER.lees(veld, "onbekend") == LEEG]
    assert {"medicatiecontrole", "gemotiveerd", "profiel", "zorgvorm", "verwijzer"} <= set(leeg)
    anders = {"einddatum", "afgestemd", "overgenomen_woonplaats", "gezinsplan", "handeling"}
    assert not anders & set(leeg)


def test_een_segment_met_een_perspectief() -> None:
    assert goed("segment", "Segment midden duurzaam") == "midden"
    assert goed("perspectief", "Segment midden duurzaam") == "duurzaam"
    assert LEZER.lees("perspectief", "midden") == LEEG
    apart = Lezer(project_root(), perspectief_apart=True)
    assert "apart gegeven" in str(apart.lees("segment", "midden duurzaam").fout)
    assert apart.lees("segment", "midden").waarde == "midden"


def test_een_schrijfwijze_van_een_beleidsmedewerker(root: Path, tmp_path: Path) -> None:
    project = project_met(root, tmp_path / "project", {})
    path = project / "data" / "kolommen.yaml"
    path.write_text(path.read_text("utf-8").replace("[lopende,", "[actief, lopende,"), "utf-8")
    assert Lezer(project).lees("handeling", "Actief").waarde == "lopend"
    assert LEZER.lees("handeling", "Actief").fout


def test_een_kapotte_tabel(root: Path, tmp_path: Path) -> None:
    project = project_met(root, tmp_path / "project", {})
    path = project / "data" / "kolommen.yaml"
    path.write_text(path.read_text("utf-8").replace('"04": ["4",', '"04": ["4", minuten,'), "utf-8")
    with pytest.raises(BuildError, match='"minuten" staat ook bij 01'):
        Lezer(project)


# Whatever comes in.

SCHEMAS = {
    naam: Draft7Validator(veld.schema, format_checker=FormatChecker(["date"]))
    for naam, veld in velden().items()
}
WOORDEN = [
    *("ja", "nee", "x", "nieuw", "Midden herstel", "n.v.t.", "onbekend", "Zwolle", "02 Huisarts"),
    *("1", "01", "2.000", "2000,00", "-1", "€ 5", "1-5-2021", "03-04-21", "2021-02-30", "44317"),
    *("54002", "0193", "12345678", "True", "inf", "nan", "=A1", "#N/B", "31-12-9999"),
]
TEKSTEN = (
    st.text(max_size=30)
    | st.text("0123456789-/., :TZ'\"=#GMgm", max_size=20)
    | st.sampled_from(WOORDEN)
    | st.tuples(st.sampled_from(WOORDEN), st.text(" \u00a0\n-?.,0", max_size=3)).map("".join)
    | st.dates().map(str)
)
ALLES = (
    TEKSTEN
    | st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 20_000_000)
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.times()
    | st.timedeltas()
    | st.binary(max_size=9)
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)


PER_VELD = settings(VAST, max_examples=50)


@pytest.mark.parametrize("veld", velden())
@PER_VELD
@given(waarde=ALLES)
def test_zonder_fout_past_een_waarde_en_met_fout_niet(veld: str, waarde: object) -> None:
    gelezen = LEZER.lees(veld, waarde)
    if gelezen.waarde is None:
        assert gelezen.fout is None
    else:
        assert SCHEMAS[veld].is_valid(gelezen.waarde) == (gelezen.fout is None)


@pytest.mark.parametrize("veld", [n for n, v in velden().items() if v.schema["type"] == "string"])
@PER_VELD
@given(data=st.data())
def test_wat_al_goed_is_blijft_zoals_het_is(veld: str, data: st.DataObject) -> None:
    schema = velden()[veld].schema
    if velden()[veld].soort == "datum":
        waarden = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)
    elif "enum" in schema:
        waarden = st.sampled_from(schema["enum"])
    else:
        waarden = st.from_regex(schema["pattern"].strip("^$"), fullmatch=True)
    waarde = data.draw(waarden)
    assert LEZER.lees(veld, waarde) in ((waarde, None), LEEG)


@VAST
@given(geheim=st.text("bcdfghjklmpqrstvwz", min_size=8, max_size=20))
def test_een_fout_noemt_de_waarde_niet(geheim: str) -> None:
    for veld in velden():
        assert geheim not in str(LEZER.lees(veld, geheim).fout)


@VAST
@given(dag=st.dates(date(1930, 1, 1), date(2170, 12, 31)))
def test_excel_telt_dagen_vanaf_1900(dag: date) -> None:
    """Excel's day 43831 is 1 January 2020."""
    assert lees_datum(43831 + (dag - date(2020, 1, 1)).days) == dag


def test_geen_datum_is_niet_zeker() -> None:
    with pytest.raises(NietZeker):
        lees_datum(None)
