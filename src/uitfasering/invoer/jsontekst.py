"""Toewijzingen from JSON text, strictly: no key twice, no NaN, every fault with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from uitfasering.melding import Melding

_TEKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)
_CONSTANTEN = frozenset(("NaN", "Infinity", "-Infinity"))
_MAX_CIJFERS = 20

# code -> what is wrong, what would be right
_TEKSTEN = {
    "json-tekencodering": (
        "Het bestand is geen UTF-8. Hier staat een teken dat niet te lezen is.",
        "Sla het bestand op als UTF-8.",
    ),
    "json-onbekend": (
        "Dit is geen XML en geen JSON.",
        "Geef een iJw-bericht (XML) of een toewijzing als JSON.",
    ),
    "json-afgebroken": ("Het bestand houdt te vroeg op.", "Maak of kopieer het bestand opnieuw."),
    "json-kapot": ("De JSON klopt hier niet.", "Verbeter deze plek."),
    "json-dubbel": (
        "Deze naam staat twee keer in hetzelfde onderdeel.",
        "Houd er één over.",
    ),
    "json-geen-getal": (
        "Hier staat NaN of Infinity. Dat is geen getal in JSON.",
        "Vul een getal in, of laat het veld weg.",
    ),
    "json-te-diep": (
        "De onderdelen zitten te diep in elkaar.",
        "Geef één toewijzing, of een lijst met toewijzingen.",
    ),
    "json-geen-toewijzing": (
        "Hier staat geen toewijzing.",
        "Een toewijzing staat tussen { en }.",
    ),
    "json-leeg": (
        "In het bestand staan geen toewijzingen.",
        "Er valt niets te beoordelen.",
    ),
    "json-toewijzingen": (
        "Bij toewijzingen horen kenmerken, met bij elk kenmerk één toewijzing.",
        'Schrijf het als {"toewijzingen": {"kenmerk-1": {…}, "kenmerk-2": {…}}}.',
    ),
}
# How Python's own words begin -> what is wrong, what would be right.
_UITLEG = {
    "Expecting value": (
        "Hier ontbreekt een waarde, of de waarde klopt niet.",
        "Tekst staat tussen dubbele aanhalingstekens; true, false en getallen niet.",
    ),
    "Expecting property name": (
        "Hier hoort de naam van een veld te staan, tussen dubbele aanhalingstekens.",
        "Kijk ook of er een komma te veel staat.",
    ),
    "Expecting ':'": (
        "Hier ontbreekt een dubbele punt.",
        "Zet die tussen de naam van het veld en de waarde.",
    ),
    "Expecting ','": (
        "Hier ontbreekt een komma of een haakje.",
        "Zet een komma tussen twee velden, en sluit elk haakje.",
    ),
    "Illegal trailing comma": ("Hier staat een komma te veel.", "Haal die komma weg."),
    "Unterminated string": (
        "Hier begint een tekst die niet eindigt.",
        "Zet een dubbel aanhalingsteken aan het eind van de tekst.",
    ),
    "Invalid control character": (
        "In deze tekst staat een nieuwe regel, een tab of een ander stuurteken.",
        "Haal dat teken weg.",
    ),
    "Invalid \\": ("Na deze \\ staat een teken dat daar niet mag staan.", "Schrijf \\\\ voor \\."),
    "Extra data": ("Hier staat nog iets na het einde.", "Haal dat weg."),
}


@dataclass(frozen=True)
class Gelezen:
    """One JSON value that should be a toewijzing; ``regel`` is 0 when unknown."""

    kenmerk: str
    toewijzing: Any
    regel: int = 0


class _Afgekeurd(Exception):
    """The code of what is valid for Python and not for us."""


def lees_json(naam: str, inhoud: bytes) -> Iterator[Gelezen | Melding]:
    """Yields what stands in one of the five forms, or one Melding a fault.

    The forms: one toewijzing; ``{"toewijzingen": {kenmerk: toewijzing}}``; either of these as
    ``{"input": …}``; a list of toewijzingen; one toewijzing a line.
    """
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        voor = inhoud[: error.start].decode("utf-8-sig", "replace")
        yield _melding("json-tekencodering", naam, voor, len(voor))
        return
    regels = [(n, regel) for n, regel in enumerate(tekst.split("\n"), 1) if regel.strip()]
    # No JSON document has two lines that both begin with {.
    if len(regels) > 1 and all(regel.lstrip().startswith("{") for _, regel in regels[:2]):
        for nummer, regel in regels:
            ontleed = _ontleed(naam, regel, nummer - 1)
            if isinstance(ontleed, Melding):
                yield ontleed
            else:
                yield Gelezen(str(nummer), ontleed[0], nummer)
        return
    ontleed = _ontleed(naam, tekst)
    if isinstance(ontleed, Melding):
        yield ontleed
    else:
        yield from _vormen(naam, ontleed[0])


def _vormen(naam: str, document: Any) -> Iterator[Gelezen | Melding]:
    if isinstance(document, dict) and "input" in document:
        document = document["input"]
    if isinstance(document, dict) and "toewijzingen" in document:
        toewijzingen = document["toewijzingen"]
        if not isinstance(toewijzingen, dict):
            yield _melding("json-toewijzingen", naam)
            return
        gelezen = [Gelezen(kenmerk, een) for kenmerk, een in toewijzingen.items()]
    elif isinstance(document, dict):
        gelezen = [Gelezen("1", document)]
    elif isinstance(document, list):
        gelezen = [Gelezen(str(n), een) for n, een in enumerate(document, 1)]
    else:
        yield _melding("json-geen-toewijzing", naam)
        return
    if not gelezen:
        yield _melding("json-leeg", naam)
    yield from gelezen


def _ontleed(naam: str, tekst: str, regels_ervoor: int = 0) -> tuple[Any] | Melding:
    """The value (in a tuple: a value can be anything), or what is wrong and where."""
    if not tekst.lstrip().startswith(("{", "[")):
        try:
            json.loads(tekst)
        except ValueError:
            begin = len(tekst) - len(tekst.lstrip())
            return _melding("json-onbekend", naam, tekst, begin, regels_ervoor)
    try:
        return (
            json.loads(
                tekst,
                object_pairs_hook=_object,
                parse_constant=_constante,
                parse_int=_geheel,
            ),
        )
    except json.JSONDecodeError as error:
        if error.pos >= len(tekst.rstrip()):
            return _melding("json-afgebroken", naam, tekst, error.pos, regels_ervoor)
        gevonden = [uitleg for begin, uitleg in _UITLEG.items() if error.msg.startswith(begin)]
        return _melding("json-kapot", naam, tekst, error.pos, regels_ervoor, *gevonden[:1])
    except _Afgekeurd as error:
        code = str(error)
        plek = _dubbele_naam(tekst) if code == "json-dubbel" else _geen_getal(tekst)
        return _melding(code, naam, tekst, plek, regels_ervoor)
    except RecursionError:
        return _melding("json-te-diep", naam)


def _object(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    gemaakt = dict(paren)
    if len(gemaakt) != len(paren):
        raise _Afgekeurd("json-dubbel")
    return gemaakt


def _constante(naam: str) -> Any:
    raise _Afgekeurd("json-geen-getal")


def _geheel(cijfers: str) -> int | float:
    # Python refuses to read thousands of digits; no field allows more than eight.
    return int(cijfers) if len(cijfers) <= _MAX_CIJFERS else float("inf")


def _dubbele_naam(tekst: str) -> int:
    """Where the first name stands that its object has already."""
    namen: list[set[str]] = []
    vorige = None
    for teken in _TEKEN.finditer(tekst):
        if teken[0] in ("{", "["):
            namen.append(set())
        elif teken[0] in ("}", "]"):
            namen.pop()
        elif teken[0] == ":" and vorige:
            naam = json.loads(vorige[0])
            if naam in namen[-1]:
                return vorige.start()
            namen[-1].add(naam)
        vorige = teken
    return 0


def _geen_getal(tekst: str) -> int:
    """Where the first NaN or Infinity stands outside a text."""
    return next((t.start() for t in _TEKEN.finditer(tekst) if t[0] in _CONSTANTEN), 0)


def _melding(
    code: str,
    naam: str,
    tekst: str = "",
    plek: int = -1,
    regels_ervoor: int = 0,
    uitleg: tuple[str, str] | None = None,
) -> Melding:
    """``plek`` is an offset in ``tekst``; -1 is the file as a whole."""
    bericht, oplossing = uitleg or _TEKSTEN[code]
    if plek < 0:
        return Melding(naam, 0, 0, "", bericht, oplossing, code)
    regel = tekst.count("\n", 0, plek) + 1 + regels_ervoor
    kolom = plek - (tekst.rfind("\n", 0, plek) + 1) + 1
    return Melding(naam, regel, kolom, "", bericht, oplossing, code)
