"""CSV as offices write it: what comes in comes out, and every fault has its place."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uitfasering.bulk.bron import RIJFOUT, Bron, open_bron
from uitfasering.bulk.lezen import csvbestand, csvkeuring, model
from uitfasering.errors import MessageError

KOP = "kenmerk;handeling;gemeente\n"


def lees(root: Path, *paden: Path) -> tuple[Bron, list[dict[str, object]]]:
    bron = open_bron(paden, root)
    batches = list(bron.batches())
    assert all(batch.schema == bron.schema and len(batch) for batch in batches)
    return bron, [rij for batch in batches for rij in batch.to_pylist()]


@pytest.fixture
def bestand(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


def fout_bij(root: Path, pad: Path, inhoud: str | bytes) -> str:
    pad.write_bytes(inhoud if isinstance(inhoud, bytes) else inhoud.encode())
    with pytest.raises(MessageError) as fout:
        lees(root, pad)
    assert str(fout.value).startswith(str(pad))
    return str(fout.value).removeprefix(str(pad))


CODERINGEN = ["utf-8", "utf-8-sig", "cp1252", "utf-16"]
# Every character that all four can write; no control characters but those of a line end.
TEKENS = st.one_of(
    st.sampled_from("\";,\t\n\r' =é€"),
    st.characters(codec="cp1252", exclude_categories=["Cc"]),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rijen=st.lists(
        st.tuples(*[st.text(TEKENS, max_size=6)] * 3).filter(any), min_size=1, max_size=6
    ),
    scheiding=st.sampled_from(";,\t"),
    codering=st.sampled_from(CODERINGEN),
    aanhaling=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_leest_terug_wat_python_schrijft(
    root: Path,
    bestand: Path,
    rijen: list[tuple[str, ...]],
    scheiding: str,
    codering: str,
    aanhaling: int,
) -> None:
    kop = ("kenmerk", "geméente", "bedrag €")
    stroom = io.StringIO(newline="")
    schrijver = csv.writer(stroom, delimiter=scheiding, quoting=aanhaling)  # type: ignore[arg-type]
    schrijver.writerows([kop, *rijen])
    bestand.write_bytes(stroom.getvalue().encode(codering))
    bron, gelezen = lees(root, bestand)
    assert bron.kolommen == list(kop)
    verwacht = [
        {**{naam: cel or None for naam, cel in zip(kop, rij, strict=True)}, RIJFOUT: None}
        for rij in rijen
    ]
    assert gelezen == verwacht
    assert bron.rijen is not None
    assert bron.rijen >= len(rijen)


@pytest.mark.parametrize("scheiding", [";", ",", "\t"])
def test_herkent_de_scheiding_niet_aan_wat_tussen_aanhalingstekens_staat(
    root: Path, bestand: Path, scheiding: str
) -> None:
    anders = ";,\t".replace(scheiding, "")
    cel = f'"a{anders[0] * 9}b{anders[1] * 9}"'
    regels = [["kenmerk", f'"geme{anders}ente"'], *[[f"T{n}", cel] for n in range(9)]]
    bestand.write_text("\n".join(map(scheiding.join, regels)), "utf-8")
    bron, gelezen = lees(root, bestand)
    assert bron.kolommen == ["kenmerk", f"geme{anders}ente"]
    assert len(gelezen) == 9
    assert {rij[bron.kolommen[1]] for rij in gelezen} == {cel.strip('"')}


def test_bedragen_met_een_komma_verraden_geen_komma_als_scheiding(
    root: Path, bestand: Path
) -> None:
    bestand.write_text("kenmerk;budget\nT1;1,5\nT2;2,5\n", "utf-8")
    assert lees(root, bestand)[0].kolommen == ["kenmerk", "budget"]


@pytest.mark.parametrize("einde", ["\n", "\r\n", "\r"])
def test_sep_regel_lege_regels_en_regeleinden(root: Path, bestand: Path, einde: str) -> None:
    bestand.write_bytes(
        einde.join(
            ["sep=,", "", "kenmerk,gemeente", "T1,0193", "", '"T\n2",0193', "T3,", ""]
        ).encode()
    )
    bron, gelezen = lees(root, bestand)
    assert [rij["kenmerk"] for rij in gelezen] == ["T1", "T\n2", "T3"]
    assert gelezen[2]["gemeente"] is None
    # "T\n2" takes two lines, whatever ends the others.
    assert [bron.plaats(rij) for rij in range(3)] == [
        f"{bestand}, regel {regel}" for regel in (4, 6, 8)
    ]


def test_rijen_van_een_andere_breedte_houden_hun_plaats(root: Path, bestand: Path) -> None:
    regels = ["T0;nieuw;0193", "T1;nieuw", "T2;nieuw;0193;x", "T3;lopend;0193", "T4"]
    bestand.write_text(KOP + "\n".join(regels) + "\n", "utf-8")
    bron, gelezen = lees(root, bestand)
    assert [rij["kenmerk"] for rij in gelezen] == ["T0", None, None, "T3", None]
    assert [rij[RIJFOUT] for rij in gelezen] == [
        None,
        "de rij heeft 2 kolommen, de kop heeft er 3",
        "de rij heeft 4 kolommen, de kop heeft er 3",
        None,
        "de rij heeft 1 kolom, de kop heeft er 3",
    ]
    assert bron.plaats(4) == f"{bestand}, regel 6"


def test_alleen_rijen_van_een_andere_breedte(root: Path, bestand: Path) -> None:
    bestand.write_text(KOP + "T1;nieuw;0193;\n" * 3, "utf-8")
    _, gelezen = lees(root, bestand)
    assert [rij[RIJFOUT] for rij in gelezen] == ["de rij heeft 4 kolommen, de kop heeft er 3"] * 3


@pytest.mark.parametrize(
    ("inhoud", "zuiver"),
    [
        ('"a";"b""c"\r\n"";"d\n"\n', True),
        ('"""";a\n', True),
        ('a;"b"', True),
        ('a;"b', False),
        ('a;b"c"\n', False),
        ('"a"b;c\n', False),
        ('"a" ;c\n', False),
    ],
)
@pytest.mark.parametrize("grootte", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("wat", [(model, "BLOK"), (csvkeuring, "_STUK")], ids=["blok", "stuk"])
def test_ziet_aanhalingstekens_op_een_vreemde_plek(
    bestand: Path,
    monkeypatch: pytest.MonkeyPatch,
    inhoud: str,
    zuiver: bool,
    grootte: int,
    wat: tuple[object, str],
) -> None:
    """Wherever the blocks and their pieces end: only a file without any goes to pyarrow."""
    monkeypatch.setattr(*wat, grootte)
    bestand.write_bytes(inhoud.encode())
    assert csvkeuring.keur(bestand, "naam", ";").zuiver is zuiver


@pytest.mark.parametrize("precies", [False, True])
def test_veel_rijen_over_veel_blokken(
    root: Path, bestand: Path, monkeypatch: pytest.MonkeyPatch, precies: bool
) -> None:
    """Over the borders of blocks and batches, by pyarrow and by Python, the same rows."""
    monkeypatch.setattr(csvbestand, "_MIN_BLOK", 1_000)
    monkeypatch.setattr(csvbestand, "_RIJEN_BLOK", 50)
    monkeypatch.setattr(csvbestand, "MAX_CELLEN", 300)
    regels = [
        "kort" if n % 7 == 3 else f'"T{n}";"re""gel\n{n}";{n}' if n % 5 else f"T{n};;{n}"
        for n in range(3_000)
    ]
    if precies:
        regels.append('x"y;"a"b;0')
    bestand.write_text(KOP + "\n".join(regels) + "\n", "utf-8")
    bron, gelezen = lees(root, bestand)
    assert len(gelezen) == len(regels)
    for n, rij in enumerate(gelezen[:3_000]):
        if n % 7 == 3:
            assert rij["kenmerk"] is None
            assert rij[RIJFOUT] == "de rij heeft 1 kolom, de kop heeft er 3"
        else:
            regel = f're"gel\n{n}' if n % 5 else None
            assert rij == {
                "kenmerk": f"T{n}",
                "handeling": regel,
                "gemeente": str(n),
                RIJFOUT: None,
            }
    laatste = sum(1 + regel.count("\n") for regel in regels[:2_999]) + 2
    assert bron.plaats(2_999) == f"{bestand}, regel {laatste}"


def test_codes_waar_waarden_terugkomen_en_tekst_waar_niet(root: Path, bestand: Path) -> None:
    bestand.write_text(KOP + "".join(f"T{n};nieuw;{n % 9}\n" for n in range(500)), "utf-8")
    bron, _ = lees(root, bestand)
    assert bron.schema.types == [model.TEKST, model.CODES, model.CODES, model.TEKST]


def test_alleen_een_kop_is_een_goed_bestand(root: Path, bestand: Path) -> None:
    bestand.write_text(KOP, "utf-8")
    bron, gelezen = lees(root, bestand)
    assert (bron.kolommen, bron.rijen, gelezen) == (["kenmerk", "handeling", "gemeente"], 0, [])
    assert [veld.type for veld in bron.schema][:1] == [model.CODES]


def test_utf8_telt_ook_als_het_pas_na_de_steekproef_blijkt(root: Path, bestand: Path) -> None:
    begin = KOP + "T;nieuw;Zwolle\n" * 80_000
    assert len(begin) > 1 << 20
    for codering in ("utf-8", "cp1252"):
        bestand.write_bytes(begin.encode() + "T;nieuw;Súdwest\n".encode(codering))
        assert lees(root, bestand)[1][-1]["gemeente"] == "Súdwest"


BEGINT = 'In deze rij begint een tekst met een aanhalingsteken ("), en die tekst eindigt niet'


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (b"", ": Het bestand is leeg."),
        (b"\xef\xbb\xbf\r\n \n", ": Het bestand is leeg."),
        (b"PK\x05\x06\0\0\0\0", ": Dit Excel-bestand is beschadigd"),
        (b"\x89PNG\r\n\x1a\n\0\0", ": Dit is geen CSV, Excel-bestand (.xlsx), Parquet"),
        ("kenmerk;gemeente\nT1;0193\n".encode("utf-16-le"), ": Dit is geen CSV, Excel-bestand"),
        (b"\xef\xbb\xbfkenmerk;x\n\xe9;\n", ": Het bestand zegt dat het UTF-8 is. Dat klopt niet"),
        (b"kenmerk;x\nT1;\xe9\nT2;\x81\n", ", regel 3: Hier staat een teken dat geen UTF-8 is"),
        ("kenmerk;;gemeente\n", ", regel 1: Kolom 2 heeft geen naam."),
        ("kenmerk;gemeente;\n", ", regel 1: Kolom 3 heeft geen naam."),
        ("sep=;\na;b;a \n", ", regel 2: De kolommen 1 en 3 hebben dezelfde naam."),
        ("T-1;nieuw;0193\n", ", regel 1: De naam van kolom 3 heeft geen letters."),
        (";".join(f"k{n}" for n in range(10_000)), ", regel 1: Het bestand heeft 10000 kolommen."),
        ('kenmerk;"gemeente\nT1;0193\n', ", regel 1: De kop is niet te lezen."),
        (KOP + 'T1;"nieuw;0193\n' + "T;nieuw;0193\n" * 9, f", regel 2: {BEGINT}"),
        (KOP + "T0;nieuw;0193\n" * 40_000 + 'T1;"nieuw;0193\n\n', f", regel 40002: {BEGINT}"),
        (KOP + 'T1;"nieuw;0193\nT2;"lopend";0193\n', f", regel 2: {BEGINT}"),
        (KOP + 'T0;a;b\nT1;"nieuw;0193\nT2";lopend;0193\n', f", regel 3: {BEGINT}"),
        (KOP + 'T1;nieuw;"0193\nT2;lopend;0193\n', f", regel 2: {BEGINT}"),
        ("a" * 5_000_000, ": Dit is geen CSV"),
        ("a" * 2_000_000 + "\n", ", regel 1: De eerste regel is veel te lang."),
    ],
    ids=lambda waarde: str(waarde)[:30] if len(str(waarde)) < 200 else "lang",
)
def test_kapotte_bestanden(root: Path, bestand: Path, inhoud: str | bytes, zin: str) -> None:
    gevonden = fout_bij(root, bestand, inhoud)
    assert gevonden.startswith(zin)
    assert "T1" not in gevonden  # never a value of a row


def test_een_aanhalingsteken_dat_in_zijn_rij_blijft_kost_alleen_die_rij(
    root: Path, bestand: Path
) -> None:
    bestand.write_text(KOP + 'T0;"Zorg "extra" bv";0193\nT1;5" breed;0193\n', "utf-8")
    _, gelezen = lees(root, bestand)
    assert gelezen[0] == {
        "kenmerk": None,
        "handeling": None,
        "gemeente": None,
        RIJFOUT: "in deze rij klopt een aanhalingsteken niet (regel 2)",
    }
    assert gelezen[1]["handeling"] == '5" breed'


def schrijf(pad: Path, regels: Sequence[str]) -> Path:
    pad.write_text("\n".join(regels) + "\n", "utf-8")
    return pad


def test_een_map_en_meer_bestanden_zijn_samen_een_stroom(root: Path, tmp_path: Path) -> None:
    map_ = tmp_path / "map"
    map_.mkdir()
    los = schrijf(tmp_path / "los.csv", ["gemeente;kenmerk", "0193;L1", "x"])
    b = schrijf(map_ / "b.csv", ["kenmerk;gemeente", *(f"B{n};0193" for n in range(300))])
    a = schrijf(map_ / "A.CSV", ["kenmerk,gemeente", "A1,0150"])
    schrijf(map_ / "leesmij.txt", ["Dit zijn de exports."])
    bron = open_bron([los, map_, los], root)
    rijen = [rij for batch in bron.batches() for rij in batch.to_pylist()]
    assert bron.kolommen == ["gemeente", "kenmerk"]
    assert [rij["kenmerk"] for rij in rijen] == ["L1", None, "A1", *(f"B{n}" for n in range(300))]
    assert [bestand.naam for bestand in bron.bestanden] == [str(los), str(a), str(b)]
    assert bron.bestanden[1].bytes == a.stat().st_size
    assert bron.opmerkingen == ("Overgeslagen in de map: 1 ander bestand.",)
    plaatsen = [bron.plaats(rij) for rij in (1, 2, 3, 302)]
    assert plaatsen == [f"{los}, regel 3", f"{a}, regel 2", f"{b}, regel 2", f"{b}, regel 301"]


def test_bestanden_die_niet_bij_elkaar_horen(root: Path, tmp_path: Path) -> None:
    een = schrijf(tmp_path / "een.csv", ["kenmerk;gemeente", "T1;0193"])
    ander = schrijf(tmp_path / "ander.csv", ["kenmerk;gemente", "T1;0193"])
    nd = schrijf(tmp_path / "nd.ndjson", ['{"kenmerk": "T1"}'])
    for tweede, zin in (
        (ander, f"De kolommen zijn anders dan in {een}. Het verschil: gemeente, gemente."),
        (nd, f"Dit is NDJSON, maar {een} is CSV."),
        (tmp_path / "weg.csv", "Het bestand kan niet worden gelezen."),
        (Path("-"), "Bulk leest niet van de standaardinvoer."),
    ):
        with pytest.raises(MessageError) as fout:
            open_bron([een, tweede], root)
        assert str(fout.value).startswith(f"{tweede}: {zin}")
    (tmp_path / "leeg").mkdir()
    with pytest.raises(MessageError, match="In deze map staat niets om te lezen"):
        open_bron([tmp_path / "leeg"], root)


def test_sha256_is_die_van_het_bestand(root: Path, bestand: Path) -> None:
    import hashlib

    bestand.write_text(KOP, "utf-8")
    (gelezen,) = open_bron([bestand], root).bestanden
    assert gelezen.sha256 == hashlib.sha256(KOP.encode()).hexdigest()
    assert gelezen.bytes == len(KOP)


def test_batches_hebben_een_goede_maat(root: Path, bestand: Path) -> None:
    bestand.write_text(KOP + "T;nieuw;0193\n" * 300_000, "utf-8")
    bron = open_bron([bestand], root)
    maten = [len(batch) for batch in bron.batches()]
    assert sum(maten) == 300_000
    assert all(65_536 <= maat <= 131_072 for maat in maten[:-1])
    assert pa.types.is_dictionary(bron.schema.field("gemeente").type)
