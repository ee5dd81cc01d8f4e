"""What is wrong with a date as someone typed it, and how it should be written."""

from __future__ import annotations

import calendar
import re
from typing import NamedTuple

MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_YEAR_FIRST = re.compile(
    r"([0-9]{4})(?:([-/. ])([0-9]{1,2})\2([0-9]{1,2})|()([0-9]{2})([0-9]{2}))([Tt ].*)?"
)
_DAY_FIRST = re.compile(
    rf"([0-9]{{1,2}})([-/. ])([0-9]{{1,2}}|{'|'.join(MAANDEN)})\2([0-9]{{4}})", re.IGNORECASE
)


class DateFault(NamedTuple):
    """``iso`` is the date that was meant (``YYYY-MM-DD``), None when that is not certain."""

    message: str
    iso: str | None
    remedy: str


def date_fault(text: str) -> DateFault | None:
    """Explain why ``text`` is not a date as it must be written; None when it is no date at all.

    Day-month-year is read the Dutch way. A year of two digits is never completed.
    """
    parts = _parts(text.strip())
    if parts is None:
        return None
    year, month, day = parts
    if not 1 <= month <= 12:
        return DateFault(f"Maand {month} bestaat niet.", None, "Maanden gaan van 01 tot en met 12.")
    name = MAANDEN[month - 1]
    if year == 0:
        return DateFault("Het jaar 0000 bestaat niet.", None, "Schrijf het jaar met vier cijfers.")
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return DateFault(
            f"{day} {name} {year} bestaat niet.",
            None,
            f"{name.capitalize()} {year} heeft {days} dagen.",
        )
    iso = f"{year:04}-{month:02}-{day:02}"
    return DateFault("De datum staat niet in de vorm jaar-maand-dag.", iso, f'Schrijf "{iso}".')


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as typed, existing or not."""
    if found := _YEAR_FIRST.fullmatch(text):
        month = found[3] or found[6]
        day = found[4] or found[7]
        return int(found[1]), int(month), int(day)
    if found := _DAY_FIRST.fullmatch(text):
        word = found[3].lower()
        month_number = MAANDEN.index(word) + 1 if word in MAANDEN else int(word)
        return int(found[4]), month_number, int(found[1])
    return None
