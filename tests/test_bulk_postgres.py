"""The printed SQL on a real PostgreSQL: it finds what OPA decides."""

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import project_met
from uitfasering.bulk.warehouse import sql_tekst
from warehousehulp import besluiten, feiten, verschillen

pytestmark = pytest.mark.lang

AANTAL = 20_000
GEBRUIKER = "postgres"


def programma(naam: str) -> str | None:
    """The newest one that is installed; Debian keeps them outside PATH."""
    gevonden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{naam}"))
    return str(gevonden[-1]) if gevonden else shutil.which(naam)


if programma("initdb") is None:
    pytest.skip("Er is hier geen PostgreSQL.", allow_module_level=True)
if os.getuid() == 0 and shutil.which("runuser") is None:
    pytest.skip("PostgreSQL draait niet als root.", allow_module_level=True)


def draai(*woorden: str, invoer: Path | None = None) -> str:
    """Run one of PostgreSQL's programs, never as root, and give what it says."""
    naam, *rest = woorden
    als = ["runuser", "-u", GEBRUIKER, "--"] if os.getuid() == 0 else []
    with (invoer or Path(os.devnull)).open("rb") as bestand:
        klaar = subprocess.run(
            [*als, str(programma(naam)), *rest],
            stdin=bestand,
            capture_output=True,
            timeout=300,
            cwd="/",
            check=False,
        )
    assert klaar.returncode == 0, klaar.stderr.decode()
    return klaar.stdout.decode()


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A server of our own, on a socket in the folder that this gives."""
    map_ = Path(tempfile.mkdtemp(prefix="uitfasering-postgres-", dir="/tmp"))
    try:
        if os.getuid() == 0:
            shutil.chown(map_, GEBRUIKER)
        gegevens = str(map_ / "gegevens")
        # As on a Dutch server, where texts are not put in order byte by byte.
        taal = ("-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=nl")
        draai("initdb", "-D", gegevens, "-U", GEBRUIKER, "--auth=trust", *taal)
        opties = f"-c listen_addresses='' -k {map_}"
        draai("pg_ctl", "-D", gegevens, "-w", "-l", str(map_ / "log"), "-o", opties, "start")
        try:
            yield map_
        finally:
            draai("pg_ctl", "-D", gegevens, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(map_)


@pytest.mark.parametrize("soort", ["zoals het is", "gewijzigd"])
def test_postgresql_vindt_wat_opa_beslist(
    root: Path, tmp_path: Path, server: Path, soort: str
) -> None:
    if soort == "gewijzigd":
        anders = {
            "keuzes": {"0193": "omzetten", "0150": "aflopen"},
            "crisisroute_gecontracteerd_per": "2022-03-01",
            "medicatieminuten": {"0150": 400},
        }
        root_ = project_met(root, tmp_path / "project", anders)
    else:
        root_ = root
    naam = f"db_{len(soort)}"
    toegang = ("-h", str(server), "-U", GEBRUIKER)
    draai("createdb", *toegang, naam)

    def psql(opdracht: str, invoer: Path | None = None) -> str:
        vast = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "--csv", "-t")
        return draai("psql", *toegang, "-d", naam, *vast, "-c", opdracht, invoer=invoer)

    script = tmp_path / "afspraken.sql"
    script.write_text(sql_tekst("postgresql", root=root_), "utf-8")
    draai("psql", *toegang, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", naam, invoer=script)
    bestand = feiten(root_, AANTAL, 7, tmp_path / "feiten.csv")
    psql("COPY feiten FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';')", bestand)
    verwacht = besluiten(root_, AANTAL, 7)

    def vraag(sql: str) -> list[tuple[str, ...]]:
        return [tuple(rij) for rij in csv.reader(psql(sql).splitlines())]

    assert vraag("SELECT count(*) FROM feiten") == [(str(AANTAL),)]
    assert list(verschillen(vraag, verwacht, root)) == []
