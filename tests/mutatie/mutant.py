"""One change to one file."""

from __future__ import annotations

from dataclasses import dataclass, field

WEG = "(weg)"


@dataclass(frozen=True)
class Mutant:
    """A file with one thing changed.

    Attributes:
        bestand: the file, from the project root.
        soort: what kind of change, in Dutch, a row of the report.
        bij: the text around it: the whole rule (white space as one space), or the path in the YAML.
        van: the place as it was: the source line, or the value.
        naar: the same place after the change; ``(weg)`` when nothing is left.
        tekst: the whole file after the change.
        regels: the agreements whose cases will most likely see it; only for the order.
        rij: the line of the change, from 1, or 0; only to find it.
    """

    bestand: str
    soort: str
    bij: str
    van: str
    naar: str
    tekst: str = field(repr=False)
    regels: frozenset[str] = frozenset()
    rij: int = 0

    def __str__(self) -> str:
        place = f"{self.bestand}:{self.rij}" if self.rij else f"{self.bestand}: {self.bij}"
        return f"{place}: {self.soort}\n    {self.van}\n    {self.naar}"
