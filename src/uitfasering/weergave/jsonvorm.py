"""JSON (one document) and NDJSON (one line at a time), for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, TextIO

from uitfasering.melding import Melding
from uitfasering.weergave.model import Antwoord
from uitfasering.weergave.veilig import schoon_json


class Json:
    """``{"besluiten": [...], "meldingen": [...], "overgeslagen": n}``."""

    def __init__(self, uit: TextIO) -> None:
        self._uit = uit
        self._besluiten: list[dict[str, Any]] = []
        self._meldingen: list[dict[str, Any]] = []

    def antwoord(self, antwoord: Antwoord) -> None:
        """Keep it for the end."""
        self._besluiten.append(_antwoord(antwoord))

    def melding(self, melding: Melding) -> None:
        """Keep it for the end."""
        self._meldingen.append(asdict(melding))

    def einde(self, overgeslagen: int) -> None:
        """Write the document."""
        document = {
            "besluiten": self._besluiten,
            "meldingen": self._meldingen,
            "overgeslagen": overgeslagen,
        }
        self._uit.write(schoon_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")


class Ndjson:
    """A line for each answer, and ``{"melding": {...}}`` for what could not be read."""

    def __init__(self, uit: TextIO) -> None:
        self._uit = uit

    def antwoord(self, antwoord: Antwoord) -> None:
        """Write one line."""
        self._regel(_antwoord(antwoord))

    def melding(self, melding: Melding) -> None:
        """Write one line."""
        self._regel({"melding": asdict(melding)})

    def einde(self, overgeslagen: int) -> None:
        """Nothing more."""

    def _regel(self, waarde: dict[str, Any]) -> None:
        self._uit.write(schoon_json(json.dumps(waarde, ensure_ascii=False)) + "\n")


def _antwoord(antwoord: Antwoord) -> dict[str, Any]:
    vraag = antwoord.vraag
    return {
        "bestand": vraag.bestand,
        "regel": vraag.regel or None,
        "kenmerk": vraag.kenmerk,
        "handeling": antwoord.toewijzing.get("handeling"),
        "handeling_grond": vraag.handeling_grond or None,
        "opmerkingen": list(vraag.opmerkingen),
        "besluit_id": antwoord.besluit.besluit_id,
        "volgnummer": antwoord.besluit.volgnummer,
        "besluit": antwoord.besluit.to_dict(),
    }
