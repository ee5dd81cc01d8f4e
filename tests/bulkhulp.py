"""Reads what a bulk run wrote, whatever the kind of file: every cell as text, "" when empty."""

from __future__ import annotations

import csv
import datetime
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

Rij = dict[str, str]


def rijen(pad: Path) -> list[Rij]:
    """The rows of a .csv, .parquet, .ndjson or .xlsx file, as text."""
    if pad.suffix == ".csv":
        with pad.open(encoding="utf-8-sig", newline="") as bestand:
            gelezen: list[dict[str, Any]] = list(csv.DictReader(bestand, delimiter=";"))
    elif pad.suffix == ".parquet":
        gelezen = pq.read_table(pad).to_pylist()
    elif pad.suffix == ".ndjson":
        gelezen = [json.loads(regel) for regel in pad.read_text("utf-8").split("\n")[:-1]]
    else:
        blad = openpyxl.load_workbook(pad).worksheets[0]
        kop, *cellen = blad.iter_rows(values_only=True)
        gelezen = [dict(zip(map(str, kop), rij, strict=True)) for rij in cellen]
    return [{naam: _tekst(cel) for naam, cel in rij.items()} for rij in gelezen]


def kolommen(pad: Path) -> list[str]:
    """The names of the columns of a .csv, .parquet or .xlsx file."""
    if pad.suffix == ".csv":
        with pad.open(encoding="utf-8-sig", newline="") as bestand:
            return next(csv.reader(bestand, delimiter=";"))
    if pad.suffix == ".parquet":
        return list(pq.read_schema(pad).names)
    blad = openpyxl.load_workbook(pad).worksheets[0]
    return [str(cel) for cel in next(blad.iter_rows(values_only=True))]


def alles_in(map_: Path) -> dict[str, str]:
    """The text of every file in a folder, also of what is in a workbook, by name."""
    found = {}
    for pad in sorted(map_.rglob("*")):
        naam = str(pad.relative_to(map_))
        if pad.suffix == ".xlsx":
            with zipfile.ZipFile(pad) as boek:
                for deel in boek.namelist():
                    found[f"{naam}/{deel}"] = boek.read(deel).decode("utf-8", "replace")
        elif pad.is_file():
            found[naam] = pad.read_bytes().decode("utf-8", "replace")
    return found


def _tekst(cel: Any) -> str:
    if cel is None:
        return ""
    if isinstance(cel, bool):
        return "ja" if cel else "nee"
    if isinstance(cel, datetime.datetime):
        return cel.date().isoformat()
    return cel.isoformat() if isinstance(cel, datetime.date) else str(cel)
