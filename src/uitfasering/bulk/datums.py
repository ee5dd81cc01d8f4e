"""Dates as Dutch offices write them. What cannot be read with certainty is never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from uitfasering.datumhulp import MAANDEN

_VOORBEELD = "schrijf bijvoorbeeld 2021-04-03"

_MAANDNUMMER = {
    **{naam: nummer for nummer, naam in enumerate(MAANDEN, 1)},
    **{naam[:3]: nummer for nummer, naam in enumerate(MAANDEN, 1)},
    "mrt": 3,
    "sept": 9,
}
_M = rf"[0-9]{{1,2}}|{'|'.join(sorted(_MAANDNUMMER, key=len, reverse=True))}"

_ROND_SCHEIDING = re.compile(r"\s*([-/])\s*")
_TIJD = re.compile(
    r"(?P<dag>.*?)[t ](?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]+)?)?"
    r" ?(?P<zone>z|utc|[+-][0-9]{2}:?[0-9]{2}|[ap]\.?m\.?)?"
)
_UUR = re.compile(r"[t ]([0-9]{1,2})[:.]")
_JAAR_EERST = re.compile(
    r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})()([0-9]{2})([0-9]{2})"
)
_DAG_EERST = re.compile(rf"([0-9]{{1,2}})([-/. ])({_M})\.?\2([0-9]{{4}})")
_JAAR_VAN_TWEE = re.compile(rf"[0-9]{{1,2}}[-/. ](?:{_M})\.?[-/. ]'?[0-9]{{2}}")
_NIET_HEEL = re.compile(
    rf"[0-9]{{4}}(?:[-/. ](?:{_M}))?|(?:{_M})[-/. ][0-9]{{4}}|[0-9]{{1,2}}[-/. ](?:{_M})|(?:{_M})"
)
_EXCEL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
# The day before Excel's day 1, put one back for 29 February 1900, which Excel thinks existed.
_EXCEL_NUL = date(1899, 12, 30)

# Offsets of the Netherlands, in winter and summer: the day as written is the day there.
_NEDERLAND = (timedelta(hours=1), timedelta(hours=2))
# From this hour in UTC it may be the next day in the Netherlands.
_UTC_LAAT = 22


class NietZeker(ValueError):
    """A value that cannot be read; ``str()`` is a Dutch part of a sentence without the value."""


def lees_datum(waarde: object) -> date:
    """One day.

    Args:
        waarde: a date; a whole or broken number, as Excel counts days; or a text in small letters
            without spaces around it.

    Raises:
        NietZeker: it is no date, or which one is not certain.
    """
    if isinstance(waarde, date):
        return waarde
    if isinstance(waarde, bool) or not isinstance(waarde, (int, float, str)):
        raise NietZeker(f"dit is geen datum; {_VOORBEELD}")
    text = waarde if isinstance(waarde, str) else str(waarde)
    if found := _EXCEL.fullmatch(text):
        return _EXCEL_NUL + timedelta(days=int(found[1]))
    return _uit_tekst(_zonder_tijd(_ROND_SCHEIDING.sub(r"\1", text)))


def dag_van(moment: datetime) -> date:
    """The day of a moment, in the Netherlands when it has a time zone.

    Raises:
        NietZeker: the time zone leaves two days possible.
    """
    _controleer_zone(moment.utcoffset(), moment.hour)
    return moment.date()


def _zonder_tijd(text: str) -> str:
    found = _TIJD.fullmatch(text)
    if found is None:
        return text
    zone = found["zone"] or ""
    if zone.endswith(("m", "m.")):
        raise NietZeker(
            "de tijd staat er op zijn Amerikaans (am of pm), dus misschien staat de maand voorop; "
            f"{_VOORBEELD}"
        )
    hour = _UUR.match(text[found.end("dag") :])
    assert hour  # as _TIJD matched
    _controleer_zone(_verschil(zone), int(hour[1]))
    return found["dag"]


def _verschil(zone: str) -> timedelta | None:
    if not zone:
        return None
    if zone in ("z", "utc"):
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))


def _controleer_zone(verschil: timedelta | None, uur: int) -> None:
    utc = verschil == timedelta() and uur < _UTC_LAAT
    if not (verschil is None or verschil in _NEDERLAND or utc):
        raise NietZeker(
            "de tijd is niet die van Nederland, dus het kan hier een andere dag zijn; "
            "geef de datum zonder tijd"
        )


def _uit_tekst(text: str) -> date:
    if found := _JAAR_EERST.fullmatch(text):
        parts = [part for part in found.groups() if part is not None]
        return _dag(int(parts[0]), parts[2], int(parts[3]), omgewisseld="")
    if found := _DAG_EERST.fullmatch(text):
        hint = "; staan dag en maand misschien omgewisseld?"
        return _dag(int(found[4]), found[3], int(found[1]), omgewisseld=hint)
    if _JAAR_VAN_TWEE.fullmatch(text):
        raise NietZeker(f"het jaartal heeft twee cijfers; {_VOORBEELD}")
    if _NIET_HEEL.fullmatch(text):
        raise NietZeker(f"dit is geen hele datum: de dag, de maand of het jaar mist; {_VOORBEELD}")
    raise NietZeker(f"dit is geen datum; {_VOORBEELD}")


def _dag(jaar: int, maand: str, dag: int, *, omgewisseld: str) -> date:
    nummer = _MAANDNUMMER.get(maand) or int(maand)
    if jaar == 0:
        raise NietZeker(f"dit jaar bestaat niet; {_VOORBEELD}")
    if not 1 <= nummer <= 12:
        raise NietZeker(f"deze maand bestaat niet{omgewisseld or f'; {_VOORBEELD}'}")
    try:
        return date(jaar, nummer, dag)
    except ValueError:
        raise NietZeker("deze dag bestaat niet in die maand") from None
