"""Comments as OPA stumbles over them: METADATA that is not YAML, a sentence without its #."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from uitfasering.melding import Melding
from uitfasering.rego.tekst import is_proza
from uitfasering.rego.uitleg import Gezegd, Plek

_METADATA_REGEL = re.compile(r"#\s*(?:- )?[\w.]+:(?:\s|$)")


def metadata(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """METADATA that is not YAML."""
    wrong = "De METADATA is hier niet te lezen."
    right = "Schrijf: # title: …, dan # labels: en daaronder #   regel: <nummer>."
    if not _METADATA_REGEL.match(plek.regel):
        wrong = "Tussen # METADATA en de regel staat hier iets anders."
        right = "Zet opmerkingen en uitgezette regels boven # METADATA, of haal ze weg."
    elif "\t" in plek.regel:
        wrong, right = "In de METADATA staat hier een tab.", "Zet er spaties voor in de plaats."
    elif "title:" in plek.regel:
        right = 'Zet de tekst achter title: tussen dubbele aanhalingstekens: "…".'
    return plek.melding("regel-opmaak", wrong, right)


def geen_opmerking(plek: Plek, row: int) -> Melding:
    """A sentence without the # that makes it a comment."""
    line = plek.bron.regels[row - 1] if plek.bron else ""
    wrong, right = "Dit is geen voorwaarde.", "Is het een opmerking? Zet er # voor."
    column = len(line) - len(line.lstrip()) + 1
    return plek.melding("regel-opmaak", wrong, right, rij=row, kolom=column)


def proza(plek: Plek) -> list[int]:
    """The lines with such sentences, when this place is in one: that line and those around it."""
    lines = plek.bron.regels if plek.bron else []
    # After a full stop at the end OPA points at the line below, in column 0.
    first = last = plek.rij if plek.kolom else plek.rij - 1
    if not 0 < last <= len(lines) or not is_proza(lines[last - 1]):
        return []
    while first > 1 and is_proza(lines[first - 2]):
        first -= 1
    while last < len(lines) and is_proza(lines[last]):
        last += 1
    return list(range(first, last + 1))
