"""Measures bulk against DuckDB copying the same file, and against asking OPA row by row."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from bench import machine, opa_versie, schrijf

from uitfasering.bulk.antwoorden import KOLOMMEN
from uitfasering.bulk.groepen import toewijzing
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.velden import velden
from uitfasering.bundel import bouw_bundel
from uitfasering.paths import project_root

RONDES = 3
ENKEL = 5_000
RAPPORT = 50_000
ZONDER_PANDAS = Path(tempfile.gettempdir()) / "uitfasering-zonder-pandas"
BEGIN, EIND = "<!-- meting-bulk: begin -->", "<!-- meting-bulk: eind -->"

METHOD = """\
A synthetic administration (`tests/exporten/maak.py`, kind `schoon`, seed 1): 28 columns, 17
added. Bulk is the whole command `uitfasering bulk IN --uit UIT`, from the start of its process to
its end, its own OPA included, with the compiled rules of the revision already kept. The copy is
`COPY (SELECT *, <constants>) TO` in DuckDB on 2 threads, its process started and the library
loaded before the clock starts; the constants are the most frequent value of each column that bulk
added. As in an install of `uitfasering[bulk]`, there is no pandas. Copy and bulk take turns;
median of {rondes}. Memory is the highest resident size of bulk's own process (OPA has a process
of its own, about 100 MB). Row by row: `besluiten` in batches of 1,000 over one connection.
Report: XLSX of {rapport:,} rows, nothing else written."""


@dataclass(frozen=True)
class Run:
    """One process: seconds from start to end, and its highest resident memory in bytes."""

    seconden: float
    geheugen: int


def bulk(*argumenten: str | Path) -> Run:
    """Run the command."""
    command = [str(Path(sys.executable).parent / "uitfasering"), "bulk", *map(str, argumenten)]
    begin = time.perf_counter()
    # pyarrow loads pandas where it is installed, as for the tests here; bulk does not need it.
    omgeving = {**os.environ, "PYTHONPATH": str(ZONDER_PANDAS)}
    kind = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=omgeving)
    _, status, gebruik = os.wait4(kind.pid, 0)
    duur = time.perf_counter() - begin
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit("bench: uitfasering bulk did not work")
    return Run(duur, gebruik.ru_maxrss * 1024)


def kopie(bron: Path, doel: Path, voorbeeld: Path) -> float:
    """Seconds DuckDB needs to copy ``bron`` with constants for what bulk adds."""
    with duckdb.connect(config={"threads": 2}) as db:
        lees = (
            f"read_csv('{voorbeeld}', all_varchar=true)"
            if doel.suffix == ".csv"
            else f"'{voorbeeld}'"
        )
        vaakst = ", ".join(f"mode({naam})" for naam in KOLOMMEN)
        waarden = db.execute(f"SELECT {vaakst} FROM {lees}").fetchone() or ()
        constanten = ", ".join(
            f"{_sql(waarde)} AS {naam}" for naam, waarde in zip(KOLOMMEN, waarden, strict=True)
        )
        uit = bron
        van = f"read_csv('{uit}', all_varchar=true)" if bron.suffix == ".csv" else f"'{uit}'"
        begin = time.perf_counter()
        db.execute(f"COPY (SELECT *, {constanten} FROM {van}) TO '{doel}'")
        return time.perf_counter() - begin


def _sql(waarde: object) -> str:
    if waarde is None:
        return "NULL"
    if isinstance(waarde, datetime.date):
        return f"DATE '{waarde}'"
    return "'" + str(waarde).replace("'", "''") + "'"


def rij_voor_rij(root: Path, bron: Path) -> float:
    """Besluiten a second, by asking OPA for every row."""
    with duckdb.connect() as db:
        rijen = db.execute(f"SELECT * FROM '{bron}' LIMIT {ENKEL}").fetchall()
        namen = [kolom[0] for kolom in db.description or ()]
    vragen = []
    for rij in rijen:
        cellen = dict(zip(namen, rij, strict=True))
        waarden = {
            naam: cel.isoformat() if isinstance(cel, datetime.date) else cel
            for naam, cel in cellen.items()
            if naam in velden() and cel is not None
        }
        vragen.append(toewijzing(waarden))
    with Vraagbaak(bouw_bundel(root)) as opa:
        opa.besluiten(vragen[:500])
        begin = time.perf_counter()
        for van in range(0, len(vragen), 1_000):
            opa.besluiten(vragen[van : van + 1_000])
        return len(vragen) / (time.perf_counter() - begin)


def maak(rijen: int, pad: Path) -> Path:
    """A synthetic administration."""
    maker = project_root() / "tests" / "exporten" / "maak.py"
    opdracht = [sys.executable, maker, "--rijen", rijen, "--zaad", 1, "--soort", "schoon", pad]
    subprocess.run(list(map(str, opdracht)), check=True, stdout=subprocess.DEVNULL)
    return pad


def meet(map_: Path, rijen: int, groot: int) -> list[tuple[str, str, str, str]]:
    """The rows of the table: what, measured, target, met."""
    rows = []
    een = maak(rijen, map_ / "een.parquet")
    bulk(een, "--uit", map_ / "een-uit.parquet")  # warms up, and keeps the compiled rules
    for soort, hoogstens in ((".parquet", 4.0), (".csv", 2.5)):
        bron = een if soort == ".parquet" else maak(rijen, map_ / "een.csv")
        uit = map_ / f"een-uit{soort}"
        bulk(bron, "--uit", uit)
        kopieen, runs = [], []
        for _ in range(RONDES):
            kopieen.append(kopie(bron, map_ / f"kopie{soort}", uit))
            runs.append(bulk(bron, "--uit", uit))
        duur, copy = statistics.median(r.seconden for r in runs), statistics.median(kopieen)
        naam = soort[1:].upper() if soort == ".csv" else "Parquet"
        rows.append((f"{naam}: DuckDB's copy of {rijen:,} rows", f"{copy:.2f} s", "", ""))
        rows.append((f"{naam}: bulk, the same rows", f"{duur:.2f} s", "", ""))
        verhouding = duur / copy
        rows.append(
            (
                f"{naam}: bulk / copy",
                f"{verhouding:.2f}",
                f"at most {hoogstens:g}",
                ja(verhouding <= hoogstens),
            )
        )
        if soort == ".parquet":
            tempo = rijen / duur
            rows.append(
                (
                    "rows a second",
                    f"{tempo:,.0f}",
                    "at least 250,000 (aim 1,000,000)",
                    ja(tempo >= 250_000),
                )
            )
            rows.append(("memory", mib(max(r.geheugen for r in runs)), "", ""))
            basis = duur
    los = rij_voor_rij(project_root(), een)
    rows.append(("row by row, rows a second", f"{los:,.0f}", "", ""))
    if groot:
        run = bulk(maak(groot, map_ / "groot.parquet"), "--uit", map_ / "groot-uit.parquet")
        keer = run.seconden / basis
        rows.append((f"bulk, {groot:,} rows", f"{run.seconden:.1f} s", "", ""))
        hoogste = 1.2 * groot / rijen
        rows.append(
            (
                f"time, {groot:,} / {rijen:,} rows",
                f"{keer:.1f}",
                f"at most {hoogste:g}",
                ja(keer <= hoogste),
            )
        )
        rows.append(
            (
                f"memory, {groot:,} rows",
                mib(run.geheugen),
                "under 2 GiB",
                ja(run.geheugen < 2 << 30),
            )
        )
    verslag = bulk(maak(RAPPORT, map_ / "r.parquet"), "--rapport", map_ / "r.xlsx")
    rows.append(
        (
            f"XLSX report, {RAPPORT:,} rows",
            f"{verslag.seconden:.1f} s",
            "under 20 s",
            ja(verslag.seconden < 20),
        )
    )
    return rows


def ja(waar: bool) -> str:
    return "yes" if waar else "no"


def mib(bytes_: int) -> str:
    return f"{bytes_ / (1 << 20):,.0f} MiB"


def tabel(
    rows: Sequence[Sequence[str]], kop: Sequence[str] = ("", "measured", "target", "met")
) -> str:
    breedtes = [max(len(rij[i]) for rij in (kop, *rows)) for i in range(len(kop))]
    regels = [
        " | ".join(cel.ljust(b) for cel, b in zip(rij, breedtes, strict=True))
        for rij in (kop, *rows)
    ]
    streep = " | ".join("-" * breedte for breedte in breedtes)
    return "\n".join(f"| {regel} |" for regel in (regels[0], streep, *regels[1:]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench bulk", description=__doc__)
    parser.add_argument("--schrijf", action="store_true", help="write docs/prestaties.md")
    parser.add_argument("--rijen", type=int, default=1_000_000, help="of the file (1,000,000)")
    parser.add_argument("--groot", type=int, default=10_000_000, help="of the large one; 0: none")
    opties = parser.parse_args()
    ZONDER_PANDAS.mkdir(exist_ok=True)
    (ZONDER_PANDAS / "pandas.py").write_text("raise ImportError('not here')\n", "utf-8")
    with tempfile.TemporaryDirectory(prefix="uitfasering-bench-") as map_:
        rows = meet(Path(map_), opties.rijen, opties.groot)
    vandaag = datetime.date.today()
    tekst = (
        f"{vandaag.day} {vandaag:%B %Y}, on {machine()}; load average {os.getloadavg()[0]:.1f}; "
        f"OPA {opa_versie()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, "
        f"bundle {bouw_bundel(project_root()).revisie[:12]}.\n\n{tabel(rows)}\n\n"
        f"{METHOD.format(rondes=RONDES, rapport=RAPPORT)}\n"
    )
    print(tekst)
    if opties.schrijf:
        schrijf(project_root() / "docs" / "prestaties.md", tekst, BEGIN, EIND)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
