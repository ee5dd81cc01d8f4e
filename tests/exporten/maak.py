"""Makes a synthetic export: looks like what a back office gives, and is of nobody.

``python tests/exporten/maak.py --rijen N --zaad S --soort SOORT UIT.{csv,parquet,xlsx,ndjson}``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from exporten import teksten
from exporten.fouten import met_fouten
from exporten.schoon import blok
from exporten.schrijven import schrijf
from exporten.toeval import als_tabel, toeval

BLOK = 131_072
"""Rows made at a time; also of a row group in Parquet."""


@dataclass(frozen=True)
class Soort:
    """A kind of export: how a clean batch is written there, and how its CSV looks."""

    vorm: Callable[[pa.RecordBatch], pa.RecordBatch]
    scheiding: str = ","
    codering: str = "utf-8"


SOORTEN = {
    "schoon": Soort(lambda batch: batch),
    "suites": Soort(teksten.suites, ";", "cp1252"),
    "zorgned": Soort(teksten.zorgned, "\t", "utf-8-sig"),
    "fouten": Soort(teksten.canoniek, ";"),
    "toeval": Soort(lambda batch: batch),
}


def maak_batches(rijen: int, zaad: int, soort: str) -> Iterator[pa.RecordBatch]:
    """An export of ``rijen`` rows, in batches of at most BLOK; at least one batch."""
    bron = toeval(rijen, zaad) if soort == "toeval" else None
    for nummer, begin in enumerate(range(0, max(rijen, 1), BLOK)):
        aantal = min(BLOK, rijen - begin)
        if bron is not None:
            tabel = als_tabel([rij for rij, _ in islice(bron, aantal)])
            yield pa.RecordBatch.from_arrays(
                [kolom.combine_chunks() for kolom in tabel.columns], schema=tabel.schema
            )
            continue
        batch = SOORTEN[soort].vorm(blok(nummer, begin, aantal, zaad))
        yield met_fouten(batch, nummer, zaad) if soort == "fouten" else batch


def maak_tabel(rijen: int, zaad: int, soort: str) -> pa.Table:
    """The export as one table; kinds: the keys of SOORTEN."""
    return pa.Table.from_batches(maak_batches(rijen, zaad, soort))


def maak_bestand(rijen: int, zaad: int, soort: str, pad: Path) -> None:
    """Write the export; memory stays bounded, but for XLSX and NDJSON slow above 100,000 rows."""
    vorm = SOORTEN[soort]
    schema = next(maak_batches(0, zaad, soort)).schema
    batches = maak_batches(rijen, zaad, soort)
    schrijf(batches, schema, pad, scheiding=vorm.scheiding, codering=vorm.codering)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make a synthetic export of toewijzingen.")
    parser.add_argument("--rijen", type=int, default=1000, help="number of rows (1000)")
    parser.add_argument("--zaad", type=int, default=1, help="the same seed gives the same export")
    parser.add_argument("--soort", choices=list(SOORTEN), default="schoon")
    parser.add_argument("uit", type=Path, help="a name that ends in csv, parquet, xlsx or ndjson")
    opties = parser.parse_args()
    if opties.uit.suffix not in (".csv", ".parquet", ".xlsx", ".ndjson"):
        parser.error("the name must end in .csv, .parquet, .xlsx or .ndjson")
    maak_bestand(opties.rijen, opties.zaad, opties.soort, opties.uit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
