"""How many findings, in how many files, and where each is explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from uitfasering.melding import Melding

UITLEG = "docs/meldingen"
"""The folder with a page for each code."""


@dataclass(frozen=True)
class Telling:
    """Numbers of findings."""

    fouten: int
    waarschuwingen: int
    bestanden: int

    @classmethod
    def van(cls, meldingen: Iterable[Melding]) -> Telling:
        """Count these."""
        alle = list(meldingen)
        fouten = sum(melding.ernst == "fout" for melding in alle)
        return cls(fouten, len(alle) - fouten, len({melding.bestand for melding in alle}))

    def aantallen(self) -> str:
        """``2 fouten en 1 waarschuwing``."""
        delen = [
            aantal_in_woorden(aantal, een, meer)
            for aantal, een, meer in (
                (self.fouten, "fout", "fouten"),
                (self.waarschuwingen, "waarschuwing", "waarschuwingen"),
            )
            if aantal
        ]
        return " en ".join(delen) or "geen fouten en geen waarschuwingen"

    def zin(self) -> str:
        """``2 fouten en 1 waarschuwing in 2 bestanden.``; that all is well when there are none."""
        if not self.fouten and not self.waarschuwingen:
            return "Er is niets mis gevonden."
        bestanden = aantal_in_woorden(self.bestanden, "bestand", "bestanden")
        return f"{self.aantallen()} in {bestanden}."


def aantal_in_woorden(aantal: int, een: str, meer: str) -> str:
    """``1 fout``, ``1.027 fouten``."""
    return f"{aantal:,} {een if aantal == 1 else meer}".replace(",", ".")


def uitleg_bij(melding: Melding) -> str:
    """The page about this kind of finding, from the project's folder."""
    return f"{UITLEG}/{melding.code}.md"
