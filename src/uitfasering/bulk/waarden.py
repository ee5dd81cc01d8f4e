"""One value of a file's column as the value of a field, or why it cannot be read with certainty.

What a word means stands in ``data/kolommen.yaml``; here stand the forms: numbers, codes, dates.
Nothing is guessed: what can mean two things is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

from uitfasering.bedoeld import bedoeld
from uitfasering.bulk.datums import NietZeker, dag_van, lees_datum
from uitfasering.bulk.schrijfwijzen import JA_NEE, lees_schrijfwijzen, sleutel
from uitfasering.bulk.velden import Veld, velden

Canoniek: TypeAlias = str | int | bool
# A value after cleaning: text without spaces around it, a whole number, or what it was.
Schoon: TypeAlias = str | int | float | bool | date

T = TypeVar("T")


class Gelezen(NamedTuple):
    """What a value means.

    Attributes:
        waarde: right by the JSON Schema of the field; None when nothing was filled in. With a
            ``fout``: the text as it was (of what is no text: its type), wrong by that schema.
        fout: a Dutch part of a sentence that says what is wrong, without the value.
    """

    waarde: Canoniek | None
    fout: str | None


LEEG = Gelezen(None, None)

_MAX_TEKENS = 200
_MAX_GETAL = 10**15  # beyond it floating point loses digits, and no field is near it

_ONZICHTBAAR = re.compile("[\xad\u200b-\u200f\u2060\ufeff]")
_ALS_TEKST = re.compile(r"=\"([^\"]*)\"|'(.*)")  # what keeps a zero in front: ="0193", '0193
_HEEL = re.compile(r"(0|[1-9][0-9]{0,14})\.0")  # a whole number that a program made broken

_GEHEEL = re.compile(r"[0-9]+(?:\.0{1,2})?|[1-9][0-9]{0,2}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*")
_KOMMA_NUL = re.compile(r"(.*[0-9]),0+")
_TWIJFEL = re.compile(r"[0-9]{1,3},000")  # 2,000 is 2 in Dutch and 2000 in English
_PROFIEL = re.compile(r"(?:profiel|p)[ .:-]*(?=[0-9])", re.IGNORECASE)
_GM = re.compile(r"(?:gm)?([0-9]{1,4})", re.IGNORECASE)
_GEMEENTE = re.compile(r"gemeente\s+", re.IGNORECASE)
_CODE_EN_NAAM = (
    re.compile(r"(?P<code>(?:gm)?[0-9]{1,4})[ :=-]+(?P<naam>[^0-9]+)", re.IGNORECASE),
    re.compile(r"(?P<naam>[^0-9(]+?)[ :=-]*\(?(?P<code>(?:gm)?[0-9]{1,4})\)?", re.IGNORECASE),
)


class Lezer:
    """Reads values, each field in its own way.

    Args:
        root: the project whose tables say what is meant.
        perspectief_apart: whether the perspectief is given elsewhere (as
            ``Kolommen.perspectief_apart`` says); if not, a segment may hold it: "midden herstel".

    Raises:
        BuildError: the tables are wrong.
    """

    def __init__(self, root: Path, *, perspectief_apart: bool = False) -> None:
        tabel = lees_schrijfwijzen(root)
        self._leeg = tabel.leeg
        self._gemeenten = tabel.gemeenten
        self._gemeentenamen = tabel.gemeentenamen
        self._waarden = {
            **tabel.waarden,
            "perspectief": {**tabel.waarden["segment"], **tabel.waarden["perspectief"]},
        }
        self._perspectief_apart = perspectief_apart
        soorten: Mapping[str, Callable[[Veld, Schoon], Canoniek | None]] = {
            "datum": self._datum,
            "geheel": self._geheel,
            "ja_nee": self._woord,
            "keuze": self._woord,
            "code": self._code,
        }
        self._lezers: dict[str, Callable[[Schoon], Canoniek | None]] = {
            naam: partial(soorten[veld.soort], veld) for naam, veld in velden().items()
        }
        self._lezers["gemeente"] = self._gemeente

    def lees(self, veld: str, waarde: object) -> Gelezen:
        """Read one value of the column of ``veld``: a text, or any other value of a file."""
        try:
            schoon = _schoon(waarde)
            if schoon is None or str(schoon).casefold() in self._leeg[veld]:
                return LEEG
            return Gelezen(self._lezers[veld](schoon), None)
        except NietZeker as error:
            ruw = waarde if isinstance(waarde, str) else f"({type(waarde).__name__})"
            return Gelezen(ruw, str(error))

    def _datum(self, veld: Veld, waarde: Schoon) -> str | None:
        dag = lees_datum(waarde.casefold() if isinstance(waarde, str) else waarde).isoformat()
        if dag in self._leeg[veld.naam]:
            return None
        if not re.match(veld.schema["pattern"], dag):
            raise NietZeker(f"dit jaar ligt te ver weg; {_wat_hoort(veld)}")
        return dag

    def _geheel(self, veld: Veld, waarde: Schoon) -> int:
        if isinstance(waarde, str) and veld.naam == "profiel":
            waarde = _PROFIEL.sub("", waarde, count=1)
        getal = _getal(waarde, in_centen=veld.naam == "budget")
        if not veld.schema["minimum"] <= getal <= veld.schema["maximum"]:
            grenzen = f"{veld.schema['minimum']} tot en met {veld.schema['maximum']}"
            raise NietZeker(f"dit getal past hier niet; het moet van {grenzen} zijn")
        return getal

    def _woord(self, veld: Veld, waarde: Schoon) -> Canoniek | None:
        bekend = self._waarden[veld.naam]
        if isinstance(waarde, bool) and veld.soort == "ja_nee":
            return waarde
        text = str(waarde)
        delen = bekend.get(sleutel(text))
        if delen is None and veld.soort == "keuze" and not isinstance(waarde, bool):
            delen = _code_en_naam(text, lambda deel: bekend.get(sleutel(deel)))
        if delen is None:
            keuzes = JA_NEE if veld.soort == "ja_nee" else veld.schema["enum"]
            raise NietZeker(f"deze waarde is hier niet bekend; kies uit: {', '.join(keuzes)}")
        if "perspectief" in delen and veld.naam == "segment" and self._perspectief_apart:
            raise NietZeker(
                "hier staat ook een perspectief, en dat is al apart gegeven; "
                "schrijf hier alleen het segment"
            )
        return delen.get(veld.naam)

    def _code(self, veld: Veld, waarde: Schoon) -> str:
        lengte, patroon = veld.schema["maxLength"], veld.schema["pattern"]
        if isinstance(waarde, (str, int)) and not isinstance(waarde, bool):
            text = str(waarde)
            alleen_cijfers = re.match(patroon, "0" * lengte) and not re.match(patroon, "a" * lengte)
            if alleen_cijfers and re.fullmatch(f"[0-9]{{{lengte - 1}}}", text):
                # Of a number only a zero in front can be gone; of a text any digit can.
                if isinstance(waarde, str):
                    raise NietZeker(
                        f"er ontbreekt een cijfer: het moeten er {lengte} zijn; "
                        "is een nul vooraan weggevallen?"
                    )
                text = f"0{text}"
            if len(text) <= lengte and re.match(patroon, text):
                return text
        raise NietZeker(f"dit past hier niet; {_wat_hoort(veld)}")

    def _gemeente(self, waarde: Schoon) -> str:
        text = _GEMEENTE.sub("", str(waarde), count=1)
        if not isinstance(waarde, bool):
            code = self._cbs(text) or _code_en_naam(text, self._cbs)
            if code:
                return code
        naam = bedoeld(text, self._gemeentenamen)
        meant = f"bedoelt u {naam}? " if naam else ""
        raise NietZeker(
            f"deze gemeente is niet bekend; {meant}schrijf de CBS-code, met vier cijfers"
        )

    def _cbs(self, text: str) -> str | None:
        if (found := _GM.fullmatch(text)) and (len(found[1]) == 4 or int(found[1])):
            return found[1].zfill(4)
        return self._gemeenten.get(sleutel(text))


def _wat_hoort(veld: Veld) -> str:
    uitleg = veld.schema["description"].partition(". ")[0]
    return f"wat hier hoort: {uitleg[0].lower()}{uitleg[1:]}"


def _schoon(waarde: object) -> Schoon | None:
    """The value without what programs put around it; None when nothing was filled in.

    Raises:
        NietZeker: no field can have such a value.
    """
    if isinstance(waarde, str):
        return _schone_tekst(waarde)
    if waarde is None or isinstance(waarde, bool):
        return waarde
    if isinstance(waarde, (int, float, Decimal)):
        nan = waarde.is_nan() if isinstance(waarde, Decimal) else waarde != waarde
        if nan:  # how tables of numbers say that there is none
            return None
        if not -_MAX_GETAL < waarde < _MAX_GETAL:
            raise NietZeker("dit getal is te groot")
        return int(waarde) if waarde == int(waarde) else float(waarde)
    if isinstance(waarde, datetime):
        # The empty moment of pandas is not equal to itself.
        return dag_van(waarde) if waarde == waarde else None
    if isinstance(waarde, date):
        return waarde
    raise NietZeker("hier staat niet één gewone waarde")


def _schone_tekst(waarde: str) -> Schoon | None:
    if len(waarde) > _MAX_TEKENS:
        raise NietZeker("deze tekst is te lang voor dit veld")
    text = waarde if waarde.isascii() else _ONZICHTBAAR.sub("", waarde)
    text = " ".join(text.split())
    if found := _ALS_TEKST.fullmatch(text):
        text = (found[1] or found[2] or "").strip()
    if found := _HEEL.fullmatch(text):
        return int(found[1])
    if text.startswith("="):
        raise NietZeker("hier staat een formule; bewaar het bestand met de uitkomst ervan")
    if text.startswith("#"):
        raise NietZeker("hier staat een foutmelding van Excel")
    return text or None


def _getal(waarde: Schoon, *, in_centen: bool) -> int:
    """A whole number, from its parts as the Dutch write them: ``2.000``, ``2 000``, ``2000,00``."""
    if isinstance(waarde, int) and not isinstance(waarde, bool):
        if waarde < 0:
            raise NietZeker("dit getal is kleiner dan nul")
        return waarde
    if not isinstance(waarde, str):
        raise NietZeker("dit is geen heel getal")
    if in_centen and re.search(r"€|eur|[0-9],|\.[0-9]{1,2}$", waarde, re.IGNORECASE):
        raise NietZeker("dit lijkt een bedrag in euro's; geef het bedrag in hele eurocenten")
    if re.fullmatch("-[0-9., ]+", waarde):
        raise NietZeker("dit getal is kleiner dan nul")
    if _TWIJFEL.fullmatch(waarde):
        raise NietZeker("een komma met drie cijfers erachter is niet zeker; schrijf alleen cijfers")
    heel = found[1] if (found := _KOMMA_NUL.fullmatch(waarde)) else waarde
    if not _GEHEEL.fullmatch(heel) or (heel != waarde and re.search(r"\.0{1,2}$", heel)):
        raise NietZeker("dit is geen heel getal; schrijf alleen cijfers")
    zonder_nullen = re.sub(r"\.0{1,2}$", "", heel)
    return int(re.sub("[. ]", "", zonder_nullen))


def _code_en_naam(text: str, bekend: Callable[[str], T | None]) -> T | None:
    """What a code and its name mean together ("02 Huisarts"); None when they do not agree."""
    for vorm in _CODE_EN_NAAM:
        if found := vorm.fullmatch(text):
            gevonden = bekend(found["code"])
            return gevonden if gevonden == bekend(found["naam"]) else None
    return None
