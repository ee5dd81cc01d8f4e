"""Findings for programs: JSON, and the workflow commands of GitHub Actions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from uitfasering.controle.telling import Telling, uitleg_bij
from uitfasering.melding import Melding
from uitfasering.weergave.veilig import schoon, schoon_json

VERSIE = 1
"""Of the JSON; goes up when a field changes its name or meaning."""

_GITHUB = {"fout": "error", "waarschuwing": "warning"}
_IN_TEKST = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_VELD = {**_IN_TEKST, ":": "%3A", ",": "%2C"}


def als_json(meldingen: Sequence[Melding], elders: Telling) -> str:
    """One JSON document; docs/meldingen/README.md describes it."""
    document = {
        "versie": VERSIE,
        "meldingen": [als_object(melding) for melding in meldingen],
        "samenvatting": {**asdict(Telling.van(meldingen)), "elders": asdict(elders)},
    }
    return schoon_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def als_github(meldingen: Sequence[Melding]) -> Iterator[str]:
    """A workflow command for each finding; GitHub shows it at the line."""
    for melding in meldingen:
        velden = {"file": melding.bestand, "line": melding.regel, "col": melding.kolom}
        velden["title"] = melding.code
        tekst = "\n".join(
            schoon(deel)
            for deel in (
                *f"{melding.bericht} {melding.oplossing}".strip().splitlines(),
                f"Uitleg: {uitleg_bij(melding)}",
            )
        )
        eigenschappen = ",".join(
            f"{naam}={_veilig(str(waarde), _IN_VELD)}" for naam, waarde in velden.items() if waarde
        )
        yield f"::{_GITHUB[melding.ernst]} {eigenschappen}::{_veilig(tekst, _IN_TEKST)}"


def als_object(melding: Melding) -> dict[str, Any]:
    """One finding; a line or column that is not known is null."""
    return {
        "ernst": melding.ernst,
        "code": melding.code,
        "bestand": melding.bestand,
        "regel": melding.regel or None,
        "kolom": melding.kolom or None,
        "pad": melding.pad,
        "bericht": melding.bericht,
        "oplossing": melding.oplossing,
        "uitleg": uitleg_bij(melding),
    }


def _veilig(tekst: str, tekens: dict[str, str]) -> str:
    return "".join(tekens.get(teken, teken) for teken in tekst)
