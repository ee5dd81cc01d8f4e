"""One scalar from a YAML file: which type it has, and whether that is what the schema asks.

YAML 1.1 (PyYAML), YAML 1.2 and Go's YAML (OPA) read the same unquoted word differently:
``0150`` is 104, 150 or text. So an unquoted word is text only when all of them say text, and a
number, boolean or null only in the one spelling they agree on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Set
from typing import Literal, NamedTuple, TypeAlias

from uitfasering.datumhulp import date_fault

Value: TypeAlias = str | int | float | bool | None
Kind = Literal["tekst", "getal", "datum", "ja of nee", "leeg", "iets bijzonders"]

_EMPTY = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)
# Wider than each of the readers on its own; anything in doubt needs quotes.
_NUMBER = re.compile(  # underscores left out first
    r"[-+]?(?:"
    r"0[bB][01]*|0[oO]?[0-7]*|0[xX][0-9a-fA-F]*"
    r"|[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    r"|\.[iI][nN][fF])"
    r"|\.[nN][aA][nN]"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9].*)?", re.DOTALL)
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:([.,_' ])[0-9]{3})(?:\1[0-9]{3})*")
_DIGITS = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)*(?:[.,]0*)?")
_MAX_DIGITS = 15  # beyond this, readers that use floating point lose digits

_TRUE = {"true", "ja", "j", "yes", "y", "on", "aan", "waar"}
_FALSE = {"false", "nee", "n", "no", "off", "uit", "onwaar"}
_CURLY = "“”„‟‘’‚‛«»"

_TYPE_NAMES = {
    "string": "tekst",
    "integer": "een heel getal",
    "number": "een getal",
    "boolean": "true (ja) of false (nee)",
    "null": "null",
    "array": "een lijst",
    "object": "een groep velden",
}


class Refusal(NamedTuple):
    """Why a scalar is refused: code, what is wrong, what would be right."""

    code: str
    message: str
    remedy: str


class Asked(NamedTuple):
    """What the schema asks at one place.

    Attributes:
        types: JSON Schema type names; all of them when the schema asks nothing.
        fits: whether a value would be right at this place.
        hint: the sentence that says what belongs here, or "".
        date: whether it is a date.
    """

    types: frozenset[str]
    fits: Callable[[Value], bool]
    hint: str
    date: bool


def quoted(text: str) -> str:
    """``text`` as it can be typed in YAML, between double quotes."""
    return json.dumps(text, ensure_ascii=False)


def show(value: object) -> str:
    """A value as it may be named in a message: on one line and not too long."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= 60:
        return text
    return text[:50] + '…"' if isinstance(value, str) else text[:50] + "…"


def bare(text: str) -> str:
    """An unquoted value as it stands in the file, shortened."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:50] + "…"


def enumerate_dutch(words: list[str]) -> str:
    """``a, b of c``."""
    return " of ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def type_names(types: Set[str]) -> str:
    """JSON Schema types in words: ``tekst of een heel getal``."""
    asked = types - {"integer"} if "number" in types else types
    return enumerate_dutch([name for type_, name in _TYPE_NAMES.items() if type_ in asked])


def kind(text: str) -> Kind:
    """How an unquoted ``text`` may be read; "tekst" only when every reader says so."""
    if text in _EMPTY:
        return "leeg"
    if _BOOLEAN.fullmatch(text):
        return "ja of nee"
    if _NUMBER.fullmatch(text.replace("_", "")):
        return "getal"
    if _DATE.fullmatch(text):
        return "datum"
    if text in ("=", "<<"):
        return "iets bijzonders"
    return "tekst"


def is_text(text: str) -> bool:
    """Whether an unquoted ``text`` is text to every YAML reader."""
    return kind(text) == "tekst"


def read_scalar(text: str, plain: bool, asked: Asked) -> tuple[Value, Refusal | None]:
    """The value of a scalar where the schema asks ``asked``, or why it is refused.

    With a refusal the value is the text itself.
    """
    types = asked.types
    if not plain:
        return (text, None) if "string" in types else (text, _quotes_too_many(text, asked))
    if text in _EMPTY:
        if text == "null" and "null" in types:
            return None, None
        return text, _empty(text, asked)
    if text in ("true", "false") and "boolean" in types:
        return text == "true", None
    if types & {"integer", "number"}:
        number = _number(text, types)
        if number is not None:
            return number, None
    if "string" in types:
        if not is_text(text):
            return text, _quotes_missing(text, asked)
        if text[0] in _CURLY and text[-1] in _CURLY and len(text) > 1:
            return text, Refusal(
                "yaml-krulaanhalingstekens",
                "De waarde staat tussen gekrulde aanhalingstekens; die horen dan bij de tekst.",
                f"Gebruik rechte aanhalingstekens: {_typed(text[1:-1], asked)}",
            )
        return text, None
    return text, _wrong_type(text, asked)


def _number(text: str, types: frozenset[str]) -> int | float | None:
    """The number in the one spelling that everybody reads the same, or None."""
    if len(text) > _MAX_DIGITS:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    # 1.000 is one to a computer and a thousand to a Dutch reader
    if "number" in types and _DECIMAL.fullmatch(text) and not _THOUSANDS.fullmatch(text):
        return float(text)
    return None


def _typed(text: str, asked: Asked) -> str:
    """How to type ``text`` as text, when that would be right here."""
    if asked.fits(text):
        return f"{quoted(text)}." if len(text) <= 60 else '"…".'
    return f'"…". {asked.hint}'.strip()


def _quotes_missing(text: str, asked: Asked) -> Refusal:
    code = "yaml-aanhalingstekens"
    read_as = kind(text)
    message = (
        f"De waarde {bare(text)} staat zonder aanhalingstekens en wordt dan als {read_as} gelezen."
    )
    if asked.fits(text) and read_as != "datum":
        remedy = f"Schrijf {quoted(text)}."
        number = _clean_integer(text) if "integer" in asked.types else None
        if number is not None and asked.fits(number):
            remedy += f" Is het een getal, schrijf dan {number}."
            if _THOUSANDS.fullmatch(text):
                remedy = f"Schrijf {number}. Is het geen getal, schrijf dan {quoted(text)}."
        return Refusal(code, message, remedy)
    fault = date_fault(text) if asked.date else None
    if fault is not None:
        if fault.iso is None:
            return Refusal("schema-datum", fault.message, fault.remedy)
        return Refusal(code, message, fault.remedy)
    if asked.fits(text):
        return Refusal(code, message, f"Schrijf {quoted(text)}.")
    if text.isdigit():
        for width in range(len(text) + 1, 9):  # a spreadsheet drops leading zeros
            if asked.fits(text.zfill(width)):
                return Refusal(code, message, f"Bedoelt u {quoted(text.zfill(width))}?")
    return Refusal(code, message, f"Zet de waarde tussen aanhalingstekens. {asked.hint}".strip())


def _quotes_too_many(text: str, asked: Asked) -> Refusal:
    value = _as_asked(text, asked)
    if value is None:
        return _wrong_type(text, asked)
    return Refusal(
        "yaml-aanhalingstekens",
        f"De waarde {show(text)} staat tussen aanhalingstekens en is dan tekst.",
        f"Schrijf {value}, zonder aanhalingstekens.",
    )


def _empty(text: str, asked: Asked) -> Refusal:
    if text == "null" and "string" in asked.types:
        message = "De waarde null betekent: geen waarde."
    else:
        message = "Hier is niets ingevuld."
    remedy = asked.hint or "Vul een waarde in, of haal de hele regel weg."
    if "null" in asked.types:
        remedy = f"Schrijf null als er geen waarde is. {asked.hint}".strip()
    return Refusal("yaml-leeg", message, remedy)


def _wrong_type(text: str, asked: Asked) -> Refusal:
    """A scalar where only numbers, booleans, lists or mappings may stand."""
    types = asked.types
    value = _as_asked(text, asked)
    message = f"Hier hoort {type_names(types)} te staan."
    if not types & {"integer", "number", "boolean", "null"}:
        return Refusal("schema-soort", message, _container_remedy(text, asked))
    if value is None:
        code = "schema-soort"
        if types & {"integer", "number"} and _too_long(text):
            return Refusal(code, f"Dit getal heeft meer dan {_MAX_DIGITS} cijfers.", asked.hint)
        return Refusal(code, message, asked.hint)
    reason = ""
    if _THOUSANDS.fullmatch(text):
        reason = {".": " zonder punt", ",": " zonder komma"}.get(_separator(text), "")
        reason = reason or " zonder teken ertussen"
    elif text.lstrip("-+") != value.lstrip("-") and text.lstrip("-+").startswith("0"):
        reason = " zonder nul vooraan"
    return Refusal("schema-soort", message, f"Schrijf {value}{reason}.")


def _container_remedy(text: str, asked: Asked) -> str:
    if re.match(r"[^\s:]+:[^\s:]", text):
        return "Zet een spatie tussen de dubbele punt en de waarde."
    if "array" in asked.types:
        return f"Zet elke waarde op een eigen regel, met een streepje ervoor. {asked.hint}".strip()
    return f"Zet elk veld op een eigen regel: naam, dubbele punt, waarde. {asked.hint}".strip()


def _as_asked(text: str, asked: Asked) -> str | None:
    """The boolean or number that was meant, as it must be typed; None when unclear."""
    if "boolean" in asked.types:
        if text.lower() in _TRUE:
            return "true"
        if text.lower() in _FALSE:
            return "false"
    if asked.types & {"integer", "number"}:
        number = _clean_integer(text)
        if number is not None and asked.fits(number):
            return str(number)
        if "number" in asked.types:
            decimal = _number(text.replace(",", "."), asked.types)
            if decimal is not None and asked.fits(decimal):
                return str(decimal)
    return None


def _clean_integer(text: str) -> int | None:
    """1000 from ``1.000``, ``01000``, ``1_000`` or ``+1000``."""
    if _too_long(text):
        return None
    if _THOUSANDS.fullmatch(text):
        return int(re.sub("[^-0-9]", "", text))
    if _DIGITS.fullmatch(text):
        return int(re.split("[.,]", text)[0].replace("_", ""))
    return None


def _too_long(text: str) -> bool:
    return sum(character.isdigit() for character in text) > _MAX_DIGITS


def _separator(text: str) -> str:
    found = _THOUSANDS.fullmatch(text)
    return found[1] if found else ""
