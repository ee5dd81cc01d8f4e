"""``uitfasering sql`` and ``uitfasering feiten``: a real database finds what OPA decides."""

import csv
import re
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clihulp import proces
from conftest import project_met
from uitfasering.bulk.feitenbestand import schrijf_feiten
from uitfasering.bulk.groepen import feitenschema
from uitfasering.bulk.warehouse import DIALECTEN, sql_tekst
from uitfasering.errors import UitfaseringError
from warehousehulp import besluiten, feiten, opgeschreven_vraag, verschillen

AANTAL = 1_000


@pytest.fixture(scope="module")
def verwacht(root: Path) -> list[dict[str, Any]]:
    return besluiten(root, AANTAL, 1)


@pytest.fixture(scope="module")
def feitenbestand(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return feiten(root, AANTAL, 1, tmp_path_factory.mktemp("feiten") / "feiten.csv")


@pytest.fixture(scope="module")
def script() -> str:
    return sql_tekst("duckdb")


def in_duckdb(script: str, bestand: Path) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute(script)
    db.execute(f"INSERT INTO feiten SELECT * FROM '{bestand}'")
    return db


@pytest.mark.parametrize("einde", ["csv", "parquet"])
def test_duckdb_vindt_wat_opa_beslist(
    root: Path, tmp_path: Path, script: str, verwacht: list[dict[str, Any]], einde: str
) -> None:
    db = in_duckdb(script, feiten(root, AANTAL, 1, tmp_path / f"feiten.{einde}"))
    assert list(verschillen(lambda sql: db.execute(sql).fetchall(), verwacht, root)) == []


@pytest.mark.lang
def test_sqlite_vindt_wat_opa_beslist(
    root: Path, feitenbestand: Path, verwacht: list[dict[str, Any]]
) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(sql_tekst("sqlite"))
    with feitenbestand.open(encoding="utf-8-sig", newline="") as bestand:
        _, *rijen = csv.reader(bestand, delimiter=";")
    db.executemany(f"INSERT INTO feiten VALUES ({', '.join('?' * len(rijen[0]))})", rijen)
    assert list(verschillen(lambda sql: db.execute(sql).fetchall(), verwacht, root)) == []


def test_een_verschil_wordt_gezien(
    root: Path, script: str, feitenbestand: Path, verwacht: list[dict[str, Any]]
) -> None:
    anders = script.replace("feiten.minuten > '4000'", "feiten.minuten > '3999'")
    assert anders != script
    db = in_duckdb(anders, feitenbestand)
    assert list(verschillen(lambda sql: db.execute(sql).fetchall(), verwacht, root))


def test_andere_gegevens_geven_andere_sql(root: Path, tmp_path: Path) -> None:
    anders = project_met(root, tmp_path / "project", {"keuzes": {"0193": "omzetten"}})
    een = sql_tekst("sqlite", "B2-11", anders)
    assert "'0193'" in een
    assert "'0193'" not in sql_tekst("sqlite", "B2-11", root)


def test_een_regel_alleen(script: str, feitenbestand: Path) -> None:
    db = in_duckdb(script, feitenbestand)
    alleen = db.execute(sql_tekst("duckdb", "B1-02")).fetchall()
    bij_elkaar = db.execute(
        "SELECT rij FROM bevindingen JOIN geldig USING (rij) WHERE regel = 'B1-02'"
    ).fetchall()
    assert bij_elkaar
    assert set(bij_elkaar) <= set(alleen)


@pytest.mark.parametrize("regel", ["B2-99", "B1-20"])
def test_een_regel_die_er_niet_is(regel: str) -> None:
    with pytest.raises(UitfaseringError, match=regel):
        sql_tekst("duckdb", regel)


@pytest.mark.parametrize("dialect", DIALECTEN)
def test_boven_de_sql_staat_waar_ze_vandaan_komt(dialect: str) -> None:
    kop = sql_tekst(dialect, "B2-11").splitlines()[:4]
    assert f"--dialect {dialect}. Niet met de hand wijzigen." in kop[0]
    assert re.fullmatch(r"-- Versie van de afspraken: [0-9a-f]{64}", kop[1])
    assert kop[2] == "-- Brieven: 2021-05-06, 2021-11-24"
    assert re.search(r"OPA \d+\.\d+\.\d+", kop[3])


def test_de_bladzijde_noemt_elk_feit(root: Path) -> None:
    bladzijde = (root / "docs" / "warehouse.md").read_text("utf-8")
    tabel = "".join(
        re.match(r"\| (.*?) \|", regel)[1]  # type: ignore[index]
        for regel in bladzijde.splitlines()
        if regel.startswith("| `")
    )
    assert set(feitenschema()) <= set(re.findall(r"`(\w+)`", tabel))
    assert "bevindingen" in opgeschreven_vraag(root)


# The commands.


def test_sql_als_opdracht(tmp_path: Path) -> None:
    verwacht = sql_tekst("postgresql", "B2-11")
    opdracht = ("sql", "--dialect", "postgresql", "--regel", "B2-11")
    assert proces(*opdracht).uit == verwacht
    uit = tmp_path / "afspraken.sql"
    assert proces(*opdracht, "--uit", str(uit)).code == 0
    assert uit.read_text("utf-8") == verwacht


def test_sql_zonder_dialect() -> None:
    zonder = proces("sql")
    assert zonder.code == 2
    assert "--dialect" in zonder.fout
    anders = proces("sql", "--dialect", "oracle")
    assert anders.code == 2
    for dialect in DIALECTEN:
        assert dialect in anders.fout


def test_feiten_als_opdracht(tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text(
        "gemeente;productcode;ingangsdatum;volume;naam\n"
        "Zwolle;54002;1-5-2021;4;=Jan\n"
        "Zwolle;54002;03-04-21;4;=Jan\n"
    )
    koppeling = tmp_path / "koppeling.yaml"
    koppeling.write_text("vast: {handeling: lopend}\n")
    uit = tmp_path / "feiten.csv"
    gedaan = proces("feiten", str(export), "--koppeling", str(koppeling), "--uit", str(uit))
    assert (gedaan.code, gedaan.fout) == (0, "")
    with uit.open(encoding="utf-8-sig", newline="") as bestand:
        een, twee = csv.DictReader(bestand, delimiter=";")
    assert list(een) == ["rij", "ongeldig", *feitenschema()]
    assert (een["rij"], twee["rij"]) == ("1", "2")
    assert een["handeling"] == "lopend"
    assert een["gemeente"] == "0193"
    assert een["ingangsdatum"] == "2021-05-01"
    assert een["een_jaar_later"] == "2022-05-01"
    # Part of an omvang; and a day that cannot be read with certainty counts as absent.
    assert (een["ongeldig"], twee["ongeldig"]) == ("1", "1")
    assert twee["ingangsdatum"] == "0001-01-01"
    assert "Jan" not in uit.read_text("utf-8")


def test_het_grootste_aantal_minuten_past(tmp_path: Path) -> None:
    export, uit = tmp_path / "export.csv", tmp_path / "feiten.csv"
    export.write_text("handeling;gemeente;volume;eenheid;frequentie\nlopend;0193;99999999;04;6\n")
    schrijf_feiten([export], uit)
    with uit.open(encoding="utf-8-sig", newline="") as bestand:
        (rij,) = csv.DictReader(bestand, delimiter=";")
    assert rij["minuten"] == "5999999940"


@pytest.mark.parametrize("uit", ["feiten.xlsx", ""])
def test_feiten_zonder_goede_naam(tmp_path: Path, uit: str) -> None:
    export = tmp_path / "export.csv"
    export.write_text("gemeente;handeling\nZwolle;lopend\n")
    gedaan = proces("feiten", str(export), *(["--uit", str(tmp_path / uit)] if uit else []))
    assert gedaan.code == 2
    assert gedaan.fout.startswith("FOUT: ")
    assert list(tmp_path.iterdir()) == [export]
