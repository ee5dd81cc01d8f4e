"""A besluit for its reader: text for an officer, JSON and NDJSON for a program, CSV for Excel."""

from uitfasering.weergave.model import Antwoord, Weergave
from uitfasering.weergave.vormen import FORMATEN, Formaat, maak_weergave

__all__ = ["FORMATEN", "Antwoord", "Formaat", "Weergave", "maak_weergave"]
