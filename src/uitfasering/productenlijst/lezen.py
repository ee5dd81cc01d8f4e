"""A product list as rows of text: from CSV or XLSX, columns under their own names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from uitfasering.errors import MessageError

MAX_BYTES = 20_000_000
MAX_RIJEN = 100_000

_SCHEIDING = ";,\t|"


@dataclass(frozen=True)
class Rij:
    """One row: its line in the list (from 1), and its non-empty cells by field."""

    nummer: int
    cellen: Mapping[str, str]


@dataclass(frozen=True)
class Lijst:
    """What was read.

    Attributes:
        bestand: the list as the user named it.
        velden: the fields for which there is a column, by the name of that column.
        onbekend: the columns that were left alone.
        rijen: the rows that hold anything.
    """

    bestand: str
    velden: Mapping[str, str]
    onbekend: Sequence[str]
    rijen: Sequence[Rij]


def lees_lijst(path: Path, kolommen: Mapping[str, Sequence[str]]) -> Lijst:
    """Read a list; ``kolommen`` gives for each field the names its column may have.

    Raises:
        MessageError: it is no such list; says what would be right.
    """
    if not path.is_file():
        raise MessageError(f"{path} is geen bestand. Geef een lijst in CSV of Excel (.xlsx).")
    content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    if content is None:
        raise MessageError(
            f"{path} is groter dan {MAX_BYTES // 1_000_000} MB. Maak de lijst kleiner."
        )
    names = {vlak(name): veld for veld, spellings in kolommen.items() for name in spellings}
    is_zip = content.startswith(b"PK")  # as an .xlsx is
    table = _excel(path, content) if is_zip else _csv(path, content, names)
    return _lijst(str(path), table, names, kolommen)


def vlak(text: str) -> str:
    """A word without what does not matter: capitals, spaces, punctuation."""
    return re.sub(r"[^a-z0-9&]+", "", text.casefold())


def _lijst(
    bestand: str,
    table: Iterable[tuple[int, Sequence[str]]],
    names: Mapping[str, str],
    kolommen: Mapping[str, Sequence[str]],
) -> Lijst:
    rows = iter(table)
    head: Sequence[str] = []
    for _, head in rows:  # the first row that knows the code's column; titles may stand above it
        if "code" in {names.get(vlak(cell)) for cell in head}:
            break
    else:
        raise MessageError(
            f"{bestand} heeft geen kolom met de productcode. "
            f"Noem die kolom bijvoorbeeld: {' of '.join(kolommen['code'])}."
        )
    velden: dict[str, str] = {}
    place: dict[int, str] = {}
    onbekend = []
    for index, cell in enumerate(head):
        veld = names.get(vlak(cell))
        if veld in velden:
            raise MessageError(
                f"{bestand}: de kolommen {velden[veld]} en {cell} zijn dezelfde. Houd er één over."
            )
        if veld:
            velden[veld] = cell
            place[index] = veld
        elif cell:
            onbekend.append(cell)
    rijen = []
    for nummer, cells in rows:
        if filled := {place[i]: c for i, c in enumerate(cells) if c and i in place}:
            rijen.append(Rij(nummer, filled))
        if len(rijen) > MAX_RIJEN:
            raise MessageError(f"{bestand} heeft meer dan {MAX_RIJEN} rijen. Splits de lijst.")
    return Lijst(bestand, velden, onbekend, rijen)


def _csv(
    path: Path, content: bytes, names: Mapping[str, str]
) -> Iterable[tuple[int, Sequence[str]]]:
    if b"\0" in content:
        raise MessageError(f"{path} is geen lijst in CSV of Excel (.xlsx).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # what Excel writes as CSV in the Netherlands
    lines = text.splitlines()

    def known(separator: str) -> int:
        return max(
            (sum(vlak(cell) in names for cell in line.split(separator)) for line in lines[:20]),
            default=0,
        )

    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_SCHEIDING, key=known), strict=True
    )
    try:
        rows = [(reader.line_num, [_cel(c) for c in cells]) for cells in reader]
    except csv.Error as error:
        raise MessageError(
            f"{path}, regel {reader.line_num}: deze regel is niet als CSV te lezen. "
            "Kijk of er een aanhalingsteken te veel of te weinig staat."
        ) from error
    return rows


def _excel(path: Path, content: bytes) -> Iterable[tuple[int, Sequence[str]]]:
    import openpyxl  # 0.2 s; not for CSV

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=MAX_RIJEN + 100, max_col=100)
        return [(number, [_cel(c) for c in cells]) for number, cells in enumerate(rows, 1)]
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise MessageError(
            f"{path} is niet te lezen als Excel-bestand. Bewaar het opnieuw als .xlsx of als CSV."
        ) from error


def _cel(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())
