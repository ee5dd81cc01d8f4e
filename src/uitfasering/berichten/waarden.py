"""Values of a message as Python values: dates and whole numbers."""

from __future__ import annotations

import re
from datetime import date

_DATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GEHEEL = re.compile(r"[+-]?[0-9]{1,18}")
_NUMMER = re.compile(r"[+]?0*[0-9]{1,9}")


def als_datum(tekst: str | None) -> date | None:
    """The date ``YYYY-MM-DD``, or None when it is absent or does not exist."""
    if tekst is None or not _DATUM.fullmatch(tekst):
        return None
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        return None


def als_getal(tekst: str) -> int | str:
    """A whole number as XML writes it (``+5`` and ``05`` are 5), else the text itself."""
    return int(tekst) if _GEHEEL.fullmatch(tekst) else tekst


def als_nummer(tekst: str | None) -> int | None:
    """A ToewijzingNummer: a whole number of at most nine digits, else None."""
    return int(tekst) if tekst is not None and _NUMMER.fullmatch(tekst) else None
