"""What PyYAML means when it cannot parse a text, in plain Dutch.

PyYAML's own wording is looked at only to choose the sentence; it is never shown.
"""

from __future__ import annotations

import re

import yaml

_ESCAPE = (
    "Tussen dubbele aanhalingstekens heeft een \\ een bijzondere betekenis.",
    "Schrijf \\\\ in plaats van \\, of gebruik enkele aanhalingstekens.",
)
_TOO_LARGE_ESCAPE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
# (words in PyYAML's problem, what is wrong, what would be right), the first that fits
_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (
        "sequence entries are not allowed here",
        "Een streepje van een lijst mag hier niet staan.",
        "Begin de lijst op een nieuwe regel, onder de naam van het veld.",
    ),
    (
        "mapping keys are not allowed here",
        "Een waarde mag niet met een vraagteken en een spatie beginnen.",
        "Zet de hele waarde tussen aanhalingstekens.",
    ),
    (
        "that cannot start any token",
        "Een waarde mag niet met {character} beginnen.",
        "Zet de hele waarde tussen aanhalingstekens.",
    ),
    ("unknown escape character", *_ESCAPE),
    ("expected escape sequence", *_ESCAPE),
    (
        "expected ',' or ']'",
        "De lijst tussen [ en ] klopt niet: er ontbreekt een komma of de sluithaak ].",
        "Zet een komma tussen de waarden en sluit af met ]. Is het gewone tekst, zet die dan "
        "tussen aanhalingstekens.",
    ),
    (
        "expected ',' or '}'",
        "De groep tussen { en } klopt niet: er ontbreekt een komma of de sluithaak }.",
        "Zet een komma tussen de velden en sluit af met }. Is het gewone tekst, zet die dan "
        "tussen aanhalingstekens.",
    ),
    (
        "document separator",
        "Binnen een tekst staat een regel met alleen --- of ....",
        "Sluit de tekst af met een aanhalingsteken, of haal die regel weg.",
    ),
)
_BY_CONTEXT: tuple[tuple[str, str, str], ...] = (
    (
        "scanning an alias",
        "Een waarde mag niet met * beginnen.",
        "Zet de hele waarde tussen aanhalingstekens.",
    ),
    (
        "scanning an anchor",
        "Een waarde mag niet met & beginnen.",
        "Zet de hele waarde tussen aanhalingstekens.",
    ),
    (
        "a tag",
        "Een waarde mag niet met ! beginnen.",
        "Zet de hele waarde tussen aanhalingstekens.",
    ),
    (
        "parsing a node",
        "Een waarde mag niet met ! beginnen.",
        "Zet de hele waarde tussen aanhalingstekens.",
    ),
    (
        "a block scalar",
        "Na | of > aan het begin van een waarde hoort de tekst op de volgende regel te staan.",
        "Zet de tekst op de volgende regel, of zet de hele waarde tussen aanhalingstekens.",
    ),
    (
        "a directive",
        "Een regel mag niet met % beginnen.",
        "Zet de hele waarde tussen aanhalingstekens, of haal de regel weg.",
    ),
)
_OTHER = (
    "Hier klopt de opmaak niet.",
    "Kijk of de inspringing gelijk is aan die van de regels erboven, of elk aanhalingsteken "
    "en elke haak is gesloten, en of na elke dubbele punt een spatie staat.",
)
_INDENTATION = (
    "De inspringing van deze regel past niet bij de regels erboven.",
    "Laat de velden die bij elkaar horen met evenveel spaties beginnen.",
)
_NO_SPACE = (
    "Na de dubbele punt ontbreekt een spatie.",
    "Zet een spatie tussen de dubbele punt en de waarde.",
)
_COLON_IN_VALUE = (
    "In de waarde staat nog een dubbele punt met een spatie erachter.",
    "Zet de hele waarde tussen aanhalingstekens.",
)
_AFTER_QUOTE = (
    "Na het laatste aanhalingsteken staat nog tekst.",
    "Zet de hele waarde tussen één paar aanhalingstekens.",
)
_AFTER_BRACKET = (
    "Na de sluithaak staat nog tekst.",
    "Is het gewone tekst, zet dan de hele waarde tussen aanhalingstekens.",
)
_NO_COLON = (
    "Op deze regel ontbreekt een dubbele punt na de naam van het veld.",
    "Schrijf: naam, dubbele punt, spatie, waarde. Of zet een streepje en een spatie vóór een "
    "waarde in een lijst.",
)
_NO_NAME = (
    "Vóór de dubbele punt staat geen naam.",
    "Zet de naam van het veld vóór de dubbele punt.",
)
_OPEN_QUOTE = (
    "Het aanhalingsteken dat hier begint, wordt nergens gesloten.",
    "Zet aan het eind van de waarde hetzelfde aanhalingsteken.",
)

_MISSING_SPACE = re.compile(r"""\s*(?:- +)*[\w.-]+:[^\s:]""")
_VALUE_QUOTED = re.compile(r"""\s*(?:- +)*(?:[\w.-]+: +)?(?:"[^"]*"|'[^']*')\s*[^\s#,\]}:]""")
_VALUE_BRACKETED = re.compile(r"""\s*(?:- +)*(?:[\w.-]+: +)?(?:\[.*\]|\{.*\})\s*[^\s#,\]}:]""")


def explain(error: Exception, text: str) -> tuple[int, int, str, str]:
    """Line and column (from 1), what is wrong, and what would be right.

    ``error`` is a YAMLError, or the ValueError or OverflowError that PyYAML lets through for an
    escaped character beyond Unicode.
    """
    if isinstance(error, (ValueError, OverflowError)):
        found = _TOO_LARGE_ESCAPE.search(text)
        start = found.start() if found else 0
        line_start = text.rfind("\n", 0, start) + 1
        return text.count("\n", 0, start) + 1, start - line_start + 1, *_ESCAPE
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 1, 1, *_OTHER
    lines = text.split("\n")
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark
    opened = error.context_mark or mark
    if "quoted scalar" in context and "end of stream" in problem:
        return opened.line + 1, opened.column + 1, *_OPEN_QUOTE
    if "simple key" in context:  # a line that should have been `name: value`
        line = _line(lines, opened.line)
        reason = _NO_SPACE if _MISSING_SPACE.match(line) else _NO_COLON
        if line.count('"') % 2 == 1 or line.lstrip().startswith("'"):
            reason = _OPEN_QUOTE
        return opened.line + 1, opened.column + 1, *reason
    place = (mark.line + 1, mark.column + 1)
    line = _line(lines, mark.line)
    earlier = _quote_from_before(lines, mark.line, mark.column)
    if earlier is not None:
        return *earlier, *_OPEN_QUOTE
    if "mapping values are not allowed" in problem:
        reason = _mapping_values(line, mark.column, _before(lines, mark.line))
        if reason == _INDENTATION:
            return mark.line + 1, len(line) - len(line.lstrip()) + 1, *reason
        return *place, *reason
    if "parsing a flow mapping" in context and "':'" in problem and opened.line == mark.line:
        return *place, *_COLON_IN_VALUE
    if "parsing a flow" in context:  # the bracket, not the place where it was missed
        place = (opened.line + 1, opened.column + 1)
    for words, message, remedy in _PROBLEMS:
        if words in problem:
            return (
                *place,
                message.replace("{character}", line[mark.column : mark.column + 1]),
                remedy,
            )
    for words, message, remedy in _BY_CONTEXT:
        if words in context:
            return *place, message, remedy
    if "expected <block end>" in problem or "<document start>" in problem:
        return *place, *_unexpected(line, mark.column)
    return *place, *_OTHER


def _line(lines: list[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _before(lines: list[str], number: int) -> str:
    """The nearest line above that is not blank or a comment."""
    above = (line for line in reversed(lines[:number]) if line.strip() and line.strip()[0] != "#")
    return next(above, "")


def _quote_from_before(lines: list[str], number: int, column: int) -> tuple[int, int] | None:
    """Where the quote was opened that closes, by mistake, just before this place."""
    head = _line(lines, number)[:column].rstrip()
    quote = head[-1:]
    if quote not in ("'", '"') or head.count(quote) != 1:
        return None
    for earlier in range(number - 1, -1, -1):
        if lines[earlier].count(quote) % 2 == 1:
            return earlier + 1, lines[earlier].rindex(quote) + 1
    return None


def _mapping_values(line: str, column: int, before: str) -> tuple[str, str]:
    """A second ``: `` on one line, or a line that stands deeper than its neighbours."""
    if ": " in line[:column]:
        return _COLON_IN_VALUE
    if before and ":" not in before:
        return "Op de regel hierboven ontbreekt een dubbele punt.", _NO_COLON[1]
    if _MISSING_SPACE.match(before):
        return "Na de dubbele punt op de regel hierboven ontbreekt een spatie.", _NO_SPACE[1]
    return _INDENTATION


def _unexpected(line: str, column: int) -> tuple[str, str]:
    if line.lstrip().startswith(":"):
        return _NO_NAME
    if not line[:column].strip():
        return _INDENTATION
    if _VALUE_QUOTED.match(line):
        return _AFTER_QUOTE
    if _VALUE_BRACKETED.match(line):
        return _AFTER_BRACKET
    return _OTHER
