"""What OPA says of a policy, in plain Dutch: what is wrong, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from uitfasering.melding import Melding
from uitfasering.rego import opmerkingen, uitleg
from uitfasering.rego.tekst import Rego
from uitfasering.rego.uitleg import Gezegd, Kennis, Plek, kort

_Uitleg: TypeAlias = Callable[[Plek, Gezegd, Mapping[str, Any]], Melding]

# OPA's words, the code, what is wrong, what would be right. {0} is the first group of the pattern,
# and the word that is pointed at.
_VAST = (
    (
        "illegal non-breaking space",
        "regel-opmaak",
        "Hier staat een harde spatie.",
        "Haal haar weg, en typ een gewone spatie.",
    ),
    (
        "`if` keyword is required",
        "regel-opmaak",
        "Het woord if ontbreekt.",
        "Schrijf if vóór de voorwaarden.",
    ),
    (
        "`contains` keyword is required",
        "regel-opmaak",
        "Het woord contains ontbreekt.",
        'Schrijf: van_toepassing contains "<nummer>" if {{',
    ),
    (
        "unexpected keyword, must be one of",
        "regel-opmaak",
        "Deze import bestaat niet.",
        "Haal deze regel weg.",
    ),
    (
        "expected METADATA block, found whitespace",
        "regel-metadata",
        "Onder # METADATA staat een lege regel.",
        "Haal de lege regel weg.",
    ),
    (
        "(?:rule name conflicts with built-in function|var cannot be used for rule name)",
        "regel-opmaak",
        "Deze voorwaarde hoort bij geen enkele regel.",
        "Zet hem tussen de haakjes {{ en }} van een regel.",
    ),
    (
        "cannot assign to ref",
        "regel-opmaak",
        "Met := krijgt een nieuwe naam een waarde; een feit verandert nooit.",
        "Schrijf == om te vergelijken.",
    ),
    (
        r"undefined schema: (\S+)",
        "regel-onbekende-naam",
        "Het schema {0} bestaat niet.",
        "Schrijf in de METADATA: schema.feiten.",
    ),
    (
        "with keyword target must reference",
        "regel-onbekende-naam",
        "Na with hoort input of data.",
        "Kijk of de naam klopt.",
    ),
    (
        r"(?:assigned|declared) var (\S+) unused",
        "regel-strikt",
        "De naam {0} wordt nergens gebruikt.",
        "Gebruik {0} in een voorwaarde, of haal deze regel weg.",
    ),
    (
        r"unused argument ([^\s.]+)",
        "regel-strikt",
        "De waarde {0} tussen de haakjes wordt nergens gebruikt.",
        "Schrijf _ in plaats van {0}, of gebruik {0} in een voorwaarde.",
    ),
    (
        r"import \S+ unused",
        "regel-strikt",
        "Deze import wordt nergens gebruikt.",
        "Haal deze regel weg.",
    ),
    (
        "import must not shadow import",
        "regel-strikt",
        "Deze import staat er al.",
        "Haal deze regel weg.",
    ),
    (
        r"var (\S+) (?:referenced|declared|assigned) above",
        "regel-strikt",
        "De naam {0} is al in gebruik.",
        "Kies hier een andere naam.",
    ),
    (
        r"variables must not shadow (\S+)",
        "regel-strikt",
        "De naam {0} is al in gebruik.",
        "Kies hier een andere naam.",
    ),
    (
        r"deprecated built-in function calls in expression: (\S+)",
        "regel-strikt",
        "De functie {0} van OPA is verouderd.",
        "Schrijf de voorwaarde met in, some of every.",
    ),
)


def vertaal(
    fouten: Iterable[Mapping[str, Any]], bron: Rego | None, kennis: Kennis
) -> Iterator[Melding]:
    """OPA's errors about one file in Dutch; what is the same fault in other words only once.

    Args:
        fouten: the errors as OPA gives them: code, message, location, details.
        bron: the file; None when OPA names none of ours.
        kennis: every file, and the facts.
    """
    told: set[tuple[int, int, str]] = set()
    places: set[tuple[int, int]] = set()
    for fout in fouten:
        location = fout.get("location") or {}
        row, column = location.get("row", 0), location.get("col", 0)
        plek = Plek(bron, row, column, kennis)
        again = fout.get("message") == "illegal token" and (row, column) in places
        places.add((row, column))
        found = [opmerkingen.geen_opmerking(plek, line) for line in opmerkingen.proza(plek)]
        for melding in () if again else found or [_uitleg(plek, fout)]:
            if (key := (melding.regel, melding.kolom, melding.bericht)) not in told:
                told.add(key)
                yield melding


def _uitleg(plek: Plek, fout: Mapping[str, Any]) -> Melding:
    said = str(fout.get("message", ""))
    for pattern, leg_uit in _UITLEG:
        if found := pattern.match(said):
            return leg_uit(plek, found, fout.get("details") or {})
    code = "regel-opmaak" if fout.get("code") == "rego_parse_error" else "regel-opa"
    wrong = f"OPA keurt dit af. OPA zegt: {said}."
    return plek.melding(code, wrong, "Vergelijk het met een afspraak die wel goed is.")


def _vast(code: str, wrong: str, right: str) -> _Uitleg:
    def uitleg(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
        words = [kort(word) for word in said.groups()]
        first = words[0] if words else ""
        return plek.melding(code, wrong.format(*words), right.format(*words), woord=first)

    return uitleg


_UITLEG: list[tuple[re.Pattern[str], _Uitleg]] = [
    *((re.compile(pattern), _vast(*fixed)) for pattern, *fixed in _VAST),
    (re.compile("illegal token"), uitleg.vreemd_teken),
    (re.compile("non-terminated string"), uitleg.tekst_niet_af),
    (re.compile("non-terminated"), uitleg.haakje),
    (re.compile(r"yaml: (?:line \d+: )?(.*)"), opmerkingen.metadata),
    (
        re.compile(r"unexpected .*? (?:token|keyword)(?:: (?:expected )?(.*?)(?: \(.*)?)?$"),
        uitleg.onverwacht,
    ),
    (re.compile(r"var (\S+) is unsafe"), uitleg.onbekende_naam),
    (re.compile(r"undefined function (\S+)"), uitleg.onbekende_functie),
    (re.compile(r"undefined ref: (\S+)"), uitleg.onbekend_pad),
    (re.compile("match error"), uitleg.ongelijk),
    (re.compile(r"(\S+): invalid argument"), uitleg.verkeerde_waarden),
    (
        re.compile(r"function (\S+) has arity (\d+), got (\d+) argument"),
        uitleg.verkeerd_aantal,
    ),
    (re.compile(r"(?:conflicting|multiple default) rules (\S+) found"), uitleg.twee_dingen),
    (re.compile(r"rule (\S+) is recursive: (.*)"), uitleg.kring),
]
