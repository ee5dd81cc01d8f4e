"""Bulk on Spark gives what it gives on one machine, and OPA's SQL finds there what OPA decides."""

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from afwijkingenbouw import afwijking
from conftest import project_met
from exporten.maak import maak_tabel
from uitfasering.bulk import tabellen
from uitfasering.bulk.klassen import ControleMislukt
from uitfasering.bulk.kolommen import Koppeling
from uitfasering.bulk.uitvoeren import Opties
from uitfasering.bulk.warehouse import sql_tekst
from uitfasering.errors import UitfaseringError
from warehousehulp import besluiten, feiten, verschillen

pytest.importorskip("pyspark", reason="pyspark is hier niet geïnstalleerd.", minversion="4.0")

from pyspark.sql import DataFrame, SparkSession

from uitfasering.bulk import sparkcellen
from uitfasering.bulk.spark import _Beslist, beoordeel

pytestmark = [pytest.mark.zwaar, pytest.mark.filterwarnings("ignore")]

AANTAL = 20_000
_JVM = Path("/usr/lib/jvm")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two threads, little memory, reachable from this machine only."""
    if "JAVA_HOME" not in os.environ and (gevonden := sorted(_JVM.glob("java-17-openjdk-*"))):
        os.environ["JAVA_HOME"] = str(gevonden[0])
    if "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        pytest.skip("Er is hier geen Java.")
    instellingen = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "Europe/Amsterdam",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bouwer = SparkSession.builder.master("local[2]")
        for naam, waarde in instellingen.items():
            bouwer = bouwer.config(naam, waarde)
        sessie = bouwer.getOrCreate()
    sessie.sparkContext.setLogLevel("ERROR")
    yield sessie
    sessie.stop()


@pytest.fixture(scope="module")
def gewijzigd(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_met(
        root,
        tmp_path_factory.mktemp("spark") / "project",
        {
            "keuzes": {"0193": "omzetten", "0150": "aflopen"},
            "crisisroute_gecontracteerd_per": "2022-03-01",
            "medicatieminuten": {"0150": 400, "0193": 250},
            "afwijkingen": [
                afwijking(
                    "0193", "B1-15", "Besluit A", parameters={"te_lang_vanaf": "twee_jaar_later"}
                ),
                afwijking("0193", "B1-02", "Besluit B", vervalt=True),
            ],
        },
    )


def rijen(tabel: pa.Table) -> list[dict[str, Any]]:
    gevonden: list[dict[str, Any]] = tabel.to_pylist()
    return gevonden


def vergelijk(spark: SparkSession, tabel: pa.Table, root: Path) -> DataFrame:
    """Every row, cell by cell, in order; texts are not in a dictionary."""
    verwacht = tabellen.beoordeel(tabel, root=root)
    df = spark.createDataFrame(tabel).persist()
    gekregen = beoordeel(df, root=root)
    assert gekregen.columns == verwacht.column_names
    assert gekregen.rdd.getNumPartitions() == df.rdd.getNumPartitions()
    assert rijen(gekregen.toArrow()) == rijen(verwacht)
    return gekregen


@pytest.mark.parametrize("soort", ["toeval", "fouten"])
def test_dezelfde_antwoorden_als_op_een_machine(
    spark: SparkSession, root: Path, soort: str
) -> None:
    gekregen = vergelijk(spark, maak_tabel(AANTAL, 11, soort), root)
    soorten = {veld.name: veld.dataType.simpleString() for veld in gekregen.schema}
    assert soorten["uiterste_einddatum"] == "date"
    assert soorten["toelichting"] == "string"


def test_ook_na_wijziging_van_de_gegevens(spark: SparkSession, gewijzigd: Path) -> None:
    vergelijk(spark, maak_tabel(AANTAL, 12, "toeval"), gewijzigd)


def test_kolommen_met_een_eigen_soort(spark: SparkSession, root: Path) -> None:
    vergelijk(spark, maak_tabel(500, 13, "schoon"), root)


def test_zonder_rijen(spark: SparkSession, root: Path) -> None:
    df = spark.createDataFrame(maak_tabel(10, 14, "schoon")).limit(0)
    gekregen = beoordeel(df, root=root)
    assert gekregen.count() == 0
    assert "uitkomst" in gekregen.columns


def test_vaste_waarden_en_namen_die_er_al_zijn(spark: SparkSession, root: Path) -> None:
    tabel = pa.table(
        {
            "soort": ["a", "b"],
            "feiten": ["c", "d"],
            "uitkomst": [1, 2],
            "Naam kind": ["x", "y"],
            "gemeente": ["Zwolle", "Deventer"],
            "code zorg": ["54002", "54-02"],
            "ingangsdatum": ["1-5-2021", None],
        }
    )
    koppeling = Koppeling({"productcode": "code zorg"}, {"handeling": "lopend"})
    verwacht = tabellen.beoordeel(tabel, Opties(koppeling=koppeling), root)
    gekregen = beoordeel(spark.createDataFrame(tabel), koppeling, root=root)
    assert rijen(gekregen.toArrow()) == rijen(verwacht)
    assert "Naam kind" not in gekregen.columns
    assert "besluit_uitkomst" in gekregen.columns


def test_te_veel_verschillende_waarden(
    spark: SparkSession, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparkcellen, "HOOGSTENS", 50)
    df = spark.createDataFrame(maak_tabel(500, 15, "schoon"))
    with pytest.raises(UitfaseringError, match="te veel verschillende waarden"):
        beoordeel(df, root=root)


def test_rijen_die_veranderen(spark: SparkSession, root: Path) -> None:
    vast = {"handeling": "lopend", "gemeente": "0193"}
    df = spark.range(2_000).selectExpr("reflect('java.util.UUID', 'randomUUID') AS productcode")
    with pytest.raises(Exception, match="persist"):
        beoordeel(df, Koppeling(vast=vast), root=root).toArrow()


def test_wat_spark_anders_vindt_dan_duckdb_wordt_gezien(
    spark: SparkSession, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regels = _Beslist._regels

    def anders(zelf: _Beslist) -> Iterator[tuple[str, tuple[int, int], str]]:
        for verzameling, plek, sql in regels(zelf):
            # Turned round, it still tells the same rows apart.
            yield verzameling, plek, f"NOT ({sql})" if "feiten.minuten > '4000'" in sql else sql

    monkeypatch.setattr(_Beslist, "_regels", anders)
    df = spark.createDataFrame(maak_tabel(2_000, 16, "toeval"))
    with pytest.raises(ControleMislukt, match="Spark vindt iets anders"):
        beoordeel(df, root=root)


def test_de_sql_voor_spark_vindt_wat_opa_beslist(
    spark: SparkSession, root: Path, tmp_path: Path
) -> None:
    for opdracht in sql_tekst("spark", root=root).split(";\n"):
        if opdracht.strip():
            spark.sql(opdracht)
    bestand = feiten(root, 2_000, 17, tmp_path / "feiten.parquet")
    spark.sql(f"INSERT INTO feiten SELECT * FROM parquet.`{bestand}`")

    def vraag(sql: str) -> list[tuple[Any, ...]]:
        return [tuple(rij) for rij in spark.sql(sql).collect()]

    assert list(verschillen(vraag, besluiten(root, 2_000, 17), root)) == []
