"""``uitfasering bulk`` when it cannot: a clear sentence, nothing written, what was there stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bulkhulp import rijen
from clihulp import COMMANDO, Cli, omgeving, proces
from exporten.maak import maak_bestand, maak_tabel
from test_bulk_run import NIEUW, schrijf
from test_cli_proces import opa_pid, weg
from uitfasering.bulk import uitvoeren
from uitfasering.bulk.fragment import Fragment, laad_fragment
from uitfasering.bulk.rapport.html import HtmlRapport
from uitfasering.bulk.stroom import RIJEN
from uitfasering.bulk.uitvoer import Uitvoer
from volledig import steekproef

__all__ = ["opa_pid"]

pytestmark = pytest.mark.usefixtures("bundel")

OUD = "dit stond er al"


@pytest.fixture
def map_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with an export and an older output; at the end nothing has changed."""
    monkeypatch.chdir(tmp_path)
    schrijf(tmp_path / "export.csv", [NIEUW, {**NIEUW, "kenmerk": "twee"}])
    (tmp_path / "uit.csv").write_text(OUD)
    (tmp_path / "map").mkdir()
    schrijf(tmp_path / "map" / "a.csv", [NIEUW])
    (tmp_path / "leeg").mkdir()
    (tmp_path / "link.csv").symlink_to("export.csv")
    yield tmp_path
    assert (tmp_path / "uit.csv").read_text() == OUD


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], map_: Path) -> Cli:
    return Cli(monkeypatch, capsys)


def inhoud(map_: Path) -> dict[str, bytes]:
    """Every file and folder in it, hidden ones too."""
    return {
        str(pad.relative_to(map_)): pad.read_bytes() if pad.is_file() else b""
        for pad in sorted(map_.rglob("*"))
    }


def mislukt(cli: Cli, map_: Path, *argumenten: str) -> str:
    """What a run says that cannot; it changes nothing."""
    voor = inhoud(map_)
    gelezen = cli("bulk", *argumenten)
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert gelezen.fout.startswith("FOUT: ")
    assert "fout in het programma" not in gelezen.fout
    assert inhoud(map_) == voor
    return gelezen.fout.removeprefix("FOUT: ")


# Where it is to be written is looked at before anything else.


@pytest.mark.parametrize(
    ("argumenten", "zin"),
    [
        ("", "Er ontbreekt iets: geef een bestand of een map."),
        ("export.csv", "Er ontbreekt iets: geef waar het antwoord komt."),
        ("weg.csv --uit uit.csv", "Het bestand of de map weg.csv bestaat niet."),
        ("export.csv --uit uit.txt", "uit.txt: bij --uit hoort een naam die eindigt op .csv, "),
        ("export.csv --uit uit", "uit: bij --uit hoort een naam die eindigt op .csv, .parquet, "),
        ("export.csv --rapport r.csv", "r.csv: bij --rapport hoort een naam die eindigt op .xlsx."),
        ("export.csv --samenvatting r.htm", "r.htm: bij --samenvatting hoort een naam die eindigt"),
        ("export.csv --vraag-aanvulling v.csv", "v.csv: bij --vraag-aanvulling hoort een naam die"),
        ("export.csv --uit weg/uit.csv", "weg/uit.csv: de map weg is er niet. Maak eerst die map"),
        ("export.csv --rapport weg/r.xlsx", "weg/r.xlsx: de map weg is er niet. Maak eerst die "),
        ("export.csv --per-aanbieder weg/map", "weg/map: de map weg is er niet. Maak eerst die "),
        ("export.csv --uit export.csv", "export.csv: dit is het bestand dat gelezen wordt. Kies "),
        ("export.csv --uit link.csv", "link.csv: dit is het bestand dat gelezen wordt. Kies een "),
        ("map --uit map/uit.csv", "map/uit.csv: dit staat in de map map, en die wordt gelezen."),
        ("map --rapport map/r.xlsx", "map/r.xlsx: dit staat in de map map, en die wordt gelezen."),
        ("map --per-aanbieder map/m", "map/m: dit staat in de map map, en die wordt gelezen."),
        ("export.csv --per-aanbieder map", "map bestaat al en is niet leeg. Kies een andere map"),
        ("export.csv --per-aanbieder uit.csv", "uit.csv: dit is een bestand, en hier hoort een "),
        ("export.csv --uit u.xlsx --rapport ./u.xlsx", "u.xlsx: dit staat bij --uit en bij --rap"),
        ("export.csv --uit leeg/u.csv --per-aanbieder leeg", "leeg: --per-aanbieder krijgt een "),
        ("export.csv --uit /proc/uit.csv", "/proc/uit.csv: hier kan ik niet schrijven. Kies een "),
        ("export.csv --uit uit.csv --aanvulling uit.csv", "uit.csv: dit is het bestand dat gele"),
        ("export.csv --uit uit.csv --controle veel", "--controle klopt niet: geef een heel getal"),
        ("export.csv --uit uit.csv --controle -1", "--controle klopt niet: geef een heel getal"),
        ("export.csv --uit uit.csv --handeling niew", "--handeling kan niet niew zijn. Bedoelt u "),
        ("export.csv --uit uit.csv --koppeling weg.yaml", "Het bestand weg.yaml bij --koppeling "),
    ],
)
def test_voor_het_werk_begint(
    cli: Cli, map_: Path, monkeypatch: pytest.MonkeyPatch, argumenten: str, zin: str
) -> None:
    def te_vroeg(*_: object) -> None:
        pytest.fail("there was work before this was seen")

    monkeypatch.setattr(uitvoeren, "open_bron", te_vroeg)
    assert mislukt(cli, map_, *argumenten.split()).startswith(zin)


def test_zonder_de_pakketten_van_bulk(map_: Path) -> None:
    (map_ / "duckdb.py").write_text("raise ModuleNotFoundError(name='duckdb')")
    pad = f"{map_}{os.pathsep}{omgeving()['PYTHONPATH']}"
    gelezen = proces("bulk", "export.csv", "--uit", "uit.csv", env={"PYTHONPATH": pad})
    zin = "FOUT: Voor bulk ontbreekt het pakket duckdb. Installeer het met: scripts/setup\n"
    assert (gelezen.code, gelezen.uit, gelezen.fout) == (2, "", zin)


# What is read.


def afgekapt(soort: str) -> Callable[[Path], None]:
    def maak(pad: Path) -> None:
        maak_bestand(200, 1, "schoon", pad)
        pad.write_bytes(pad.read_bytes()[: pad.stat().st_size // 2])

    return maak


def werkboek(pad: Path, *regels: Sequence[str]) -> None:
    boek = openpyxl.Workbook()
    for regel in regels:
        boek.worksheets[0].append(list(regel))
    boek.save(pad)


def zip_van_iets(pad: Path) -> None:
    with zipfile.ZipFile(pad, "w") as boek:
        boek.writestr("brief.txt", "Beste lezer")


def zipbom(pad: Path) -> None:
    werkboek(pad, list(NIEUW))
    with zipfile.ZipFile(pad) as oud:
        delen = {naam: oud.read(naam) for naam in oud.namelist()}
    blad = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(pad, "w", zipfile.ZIP_DEFLATED) as nieuw:
        for naam, deel in delen.items():
            if naam == blad:
                deel = deel.replace(b"</sheetData>", b" " * 300_000_000 + b"</sheetData>")
            nieuw.writestr(naam, deel)


def aanhaling(pad: Path) -> None:
    """A quote that is opened and never closed takes all lines after it along."""
    schrijf(pad, [NIEUW] * 3)
    with pad.open("a", encoding="utf-8") as bestand:
        bestand.write('"vier;nieuw;0193;2021-06-01;2021-06-15;midden;herstel;3\n')
        bestand.write("vijf;nieuw;0193;2021-06-01;2021-06-15;midden;herstel;3\n" * 50)


def tekst(inhoud: str) -> Callable[[Path], None]:
    def maak(pad: Path) -> None:
        pad.write_text(inhoud, "utf-8")

    return maak


@pytest.mark.parametrize(
    ("naam", "maak", "zin"),
    [
        ("e.parquet", afgekapt("parquet"), "Dit Parquet-bestand is beschadigd of niet compleet."),
        ("e.xlsx", afgekapt("xlsx"), "Dit Excel-bestand is beschadigd of niet compleet."),
        ("e.xlsx", zip_van_iets, "Dit is een zip-bestand, maar geen Excel-bestand (.xlsx)."),
        pytest.param(
            *("e.xlsx", zipbom, "Uitgepakt is dit Excel-bestand 0.3 GB. Dat is te groot"),
            marks=pytest.mark.lang,
        ),
        ("e.csv", aanhaling, "aanhalingsteken"),
        ("e.csv", tekst(",".join(f"k{n}" for n in range(10_000)) + "\n"), "10000 kolommen."),
        ("e.csv", tekst(""), "Het bestand is leeg."),
        ("e.csv", tekst("\n \n"), "Het bestand is leeg."),
        ("e.ndjson", tekst(""), "Het bestand is leeg."),
        ("e.csv", lambda pad: pad.write_bytes(bytes(range(256))), "Dit is geen CSV, Excel"),
        ("e.csv", tekst("1;2021-06-01;3\n"), "De eerste rij lijkt een rij met gegevens."),
        ("e.csv", tekst("Beste lezer\nDit is een brief.\n"), "Geen enkele kolom is herkend."),
        ("e.csv", tekst("gemente;handeling\n"), 'voor gemeente. Bedoelt u de kolom "gemente"?'),
        ("e.csv", tekst("gemeente;Gemeente;handeling\n"), "Voor gemeente zijn er meer kolommen:"),
    ],
)  # fmt: skip
def test_kapotte_bestanden(
    cli: Cli, map_: Path, naam: str, maak: Callable[[Path], None], zin: str
) -> None:
    maak(map_ / naam)
    gezegd = mislukt(cli, map_, naam, "--uit", "uit.csv", "--samenvatting", "cijfers.html")
    assert gezegd.startswith(naam)
    assert zin in gezegd
    assert len(gezegd) < 500


def test_een_formule_als_waarde_wordt_niet_uitgerekend(cli: Cli, map_: Path) -> None:
    """Excel keeps the value beside it; a file of another program may have none."""
    cellen = {**NIEUW, "toewijzingsdatum": "=TODAY()"}
    werkboek(map_ / "e.xlsx", list(cellen), list(cellen.values()))
    assert cli("bulk", "e.xlsx", "--uit", "u.ndjson").code == 1
    (rij,) = rijen(map_ / "u.ndjson")
    assert rij["uitkomst"] == "ONGELDIGE_INVOER"
    assert "formule" in rij["toelichting"]


@pytest.mark.parametrize(
    ("argumenten", "zin"),
    [
        ("--gemeente Zwole", "De vaste waarde voor gemeente klopt niet: "),
        ("--behoud-kolommen dossier", 'U wilt de kolom "dossier" behouden, maar die is er niet.'),
        ("--koppeling k.yaml", 'De koppeling noemt de kolom "Plaats", maar die is er niet.'),
        ("--koppeling export.csv", "De koppeling klopt niet:"),
        ("--aanvulling uit.csv", "uit.csv: "),
    ],
)
def test_wat_niet_bij_het_bestand_past(cli: Cli, map_: Path, argumenten: str, zin: str) -> None:
    (map_ / "k.yaml").write_text("kolommen: {gemeente: Plaats}\n")
    assert zin in mislukt(cli, map_, "export.csv", "--uit", "u.csv", *argumenten.split())


def test_verschillende_bestanden(cli: Cli, map_: Path) -> None:
    schrijf(map_ / "ander.csv", [{**NIEUW, "extra": ""}])
    maak_bestand(3, 1, "schoon", map_ / "ander.xlsx")
    for naam, zin in (("ander.csv", "Het verschil: extra."), ("ander.xlsx", "Dit is Excel, maar ")):
        gezegd = mislukt(cli, map_, "export.csv", naam, "--uit", "u.csv")
        assert gezegd.startswith(f"{naam}: ")
        assert zin in gezegd


# What fails when all rows were judged.

ALLES = (
    *("export.csv", "--uit", "uit.csv", "--rapport", "r.xlsx", "--samenvatting", "c.html"),
    *("--per-aanbieder", "leeg", "--vraag-aanvulling", "v.xlsx"),
)


def test_als_een_verslag_mislukt_is_er_niets(
    cli: Cli, map_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows were there by then, and one report; they do not come without the others."""

    def vol(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(HtmlRapport, "schrijf", vol)
    assert mislukt(cli, map_, *ALLES) == "De schijf is vol.\n"


def test_een_zin_noemt_de_naam_die_de_gebruiker_gaf(
    cli: Cli, map_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the end the file has another name, which means nothing to anyone."""
    monkeypatch.setattr("uitfasering.bulk.schrijven.xlsx.MAX_RIJEN", 1)
    gezegd = mislukt(cli, map_, "export.csv", "--uit", "leeg/u.xlsx")
    assert gezegd.startswith("leeg/u.xlsx: er zijn meer dan 1 rijen, en dat past niet in Excel.")


def test_een_fout_bij_het_schrijven(cli: Cli, map_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def vol(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Uitvoer, "schrijf", vol)
    assert mislukt(cli, map_, *ALLES) == "De schijf is vol.\n"


def test_de_controle_houdt_een_verschil_tegen(
    cli: Cli, map_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SQL of one agreement is wrong: OPA itself says so, and which one."""

    def fout(*argumenten: Any) -> Fragment:
        goed = laad_fragment(*argumenten)
        voorwaarden = {naam: dict(leden) for naam, leden in goed.voorwaarden.items()}
        voorwaarden["van_toepassing"]["B1-02"] = "(1 = 0)"
        return replace(goed, voorwaarden=voorwaarden)

    monkeypatch.setattr(uitvoeren, "laad_fragment", fout)
    gezegd = mislukt(cli, map_, *ALLES)
    assert gezegd.startswith("De controle van bulk klopt niet, er is niets geschreven.")
    assert "B1-02" in gezegd
    assert "rij 1" in gezegd.lower()


def test_de_steekproef_houdt_een_verschil_tegen(
    cli: Cli, map_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "uitfasering.bulk.steekproef.cellen", lambda _besluit: {"uitkomst": "AFLOPEN"}
    )
    gezegd = mislukt(cli, map_, *ALLES, "--controle", "2")
    assert gezegd.startswith("De controle van bulk klopt niet, er is niets geschreven. Rij ")
    assert "OPA geeft een andere uitkomst." in gezegd


def test_links_en_rechten_blijven(cli: Cli, map_: Path) -> None:
    doel = map_ / "map" / "doel.csv"
    doel.write_text(OUD)
    doel.chmod(0o640)
    (map_ / "u.csv").symlink_to(doel)
    assert cli("bulk", "export.csv", "--uit", "u.csv").code == 0
    assert (map_ / "u.csv").is_symlink()
    assert "NIET_TOEGESTAAN" in doel.read_text("utf-8-sig")
    assert doel.stat().st_mode & 0o777 == 0o640


# Ended from outside.


@pytest.fixture(scope="module")
def groot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough rows for a few blocks."""
    pad = tmp_path_factory.mktemp("groot") / "export.parquet"
    klein = maak_tabel(1_000, 1, "schoon")
    pq.write_table(pa.concat_tables([klein] * (5 * RIJEN // 1_000)), pad, row_group_size=100_000)
    return pad


@pytest.mark.parametrize(
    ("nummer", "code"),
    [
        pytest.param(signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.lang),
        *steekproef([pytest.param(signal.SIGHUP, 129), pytest.param(signal.SIGKILL, -9)], 9)[1:],
    ],
)
def test_onderbroken(
    opa_pid: Path, groot: Path, tmp_path: Path, nummer: signal.Signals, code: int
) -> None:
    """In the middle of the rows: no half output, and no OPA that stays."""
    uit = tmp_path / "uit"
    uit.mkdir()
    (uit / "uit.parquet").write_text(OUD)
    with subprocess.Popen(
        [
            *(*COMMANDO, "bulk", str(groot), "--uit", str(uit / "uit.parquet")),
            *("--samenvatting", str(uit / "cijfers.html")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=omgeving(),
    ) as kind:
        while not any(pad.stat().st_size > 1_000 for pad in uit.rglob("uitvoer")):
            assert kind.poll() is None, kind.communicate()
            time.sleep(0.005)
        kind.send_signal(nummer)
        gezegd, fout = kind.communicate(timeout=60)
    assert kind.returncode == code
    assert (gezegd, fout.strip()) == (b"", b"")
    assert (uit / "uit.parquet").read_text() == OUD
    if nummer != signal.SIGKILL:  # which leaves no time to tidy up
        assert [pad.name for pad in uit.iterdir()] == ["uit.parquet"]
    assert weg(opa_pid)
