"""The changes that make no difference, with the reason (gelijkwaardig.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from mutatie.mutant import Mutant

BESTAND = Path(__file__).with_name("gelijkwaardig.yaml")


@dataclass(frozen=True)
class Gelijkwaardig:
    """One change that makes no difference, matched by content and not by line.

    Attributes:
        bestand: the file, from the project root.
        bij: words in the rule or the path of the place, so that one place is meant.
        soort, van, naar: as in Mutant.
        reden: why it makes no difference, in Dutch.
    """

    bestand: str
    bij: str
    soort: str
    van: str
    naar: str
    reden: str

    def past(self, mutant: Mutant) -> bool:
        return self.bij in mutant.bij and (self.bestand, self.soort, self.van, self.naar) == (
            mutant.bestand,
            mutant.soort,
            mutant.van,
            mutant.naar,
        )

    def __str__(self) -> str:
        return f"{self.bestand}: {self.soort}: {self.van}  ->  {self.naar} (bij: {self.bij})"


def lees(path: Path = BESTAND) -> list[Gelijkwaardig]:
    """Every entry; one with several places or changes is several.

    Raises:
        KeyError: an entry lacks a field.
    """
    rows = yaml.safe_load(path.read_text("utf-8"))["gelijkwaardig"]
    return [
        Gelijkwaardig(bestand, bij, row["soort"], row["van"], naar, row["reden"])
        for row in rows
        for bestand, places in row["plaatsen"].items()
        for bij in places
        for naar in row["naar"]
    ]


def verdeel(
    overlevenden: Iterable[Mutant], lijst: Sequence[Gelijkwaardig]
) -> tuple[list[tuple[Mutant, Gelijkwaardig]], list[Mutant], list[str]]:
    """The survivors with a reason, those without, and what is wrong with the list.

    An entry must be about exactly one survivor: one that is gone or seen by now hides nothing, and
    one about two could hide the wrong one.
    """
    known: list[tuple[Mutant, Gelijkwaardig]] = []
    rest = list(overlevenden)
    faults = []
    for entry in lijst:
        found = [mutant for mutant in rest if entry.past(mutant)]
        if len(found) == 1:
            known.append((found[0], entry))
            rest.remove(found[0])
        else:
            why = "past op meer plaatsen" if found else "overleeft niet, of is er niet meer"
            faults.append(f"{entry}: {why}")
    return known, rest, faults
