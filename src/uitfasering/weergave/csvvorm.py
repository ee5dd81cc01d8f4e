"""CSV as Dutch Excel opens it by double-click: semicolons, and UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
from typing import TextIO

from uitfasering.leesgegevens import Leesgegevens
from uitfasering.melding import Melding
from uitfasering.weergave import plat
from uitfasering.weergave.model import Antwoord
from uitfasering.weergave.veilig import schone_cel
from uitfasering.weergave.woorden import melding_in_woorden, overgeslagen_in_woorden

KOLOMMEN = (
    "bestand",
    "kenmerk",
    "gemeente",
    "handeling",
    "waarom_deze_vraag",
    "opmerkingen",
    *plat.KOLOMMEN,
)


class Csv:
    """One row a toewijzing on standard output; what could not be read on standard error."""

    def __init__(self, gegevens: Leesgegevens, uit: TextIO, fout: TextIO) -> None:
        self._gegevens = gegevens
        self._fout = fout
        uit.write("\ufeff")
        self._schrijver = csv.DictWriter(uit, KOLOMMEN, delimiter=";")
        self._schrijver.writeheader()

    def antwoord(self, antwoord: Antwoord) -> None:
        """Write one row."""
        gemeente = antwoord.toewijzing.get("gemeente", "")
        rij = {
            "bestand": antwoord.vraag.bestand,
            "kenmerk": antwoord.vraag.kenmerk,
            "gemeente": self._gegevens.gemeenten.get(gemeente, gemeente),
            "handeling": antwoord.toewijzing.get("handeling", ""),
            "waarom_deze_vraag": antwoord.vraag.handeling_grond,
            "opmerkingen": " ".join(antwoord.vraag.opmerkingen),
            **plat.plat(antwoord.besluit),
        }
        self._schrijver.writerow({naam: schone_cel(cel) for naam, cel in rij.items()})

    def melding(self, melding: Melding) -> None:
        """Say on standard error what could not be read."""
        print(melding_in_woorden(melding), file=self._fout)

    def einde(self, overgeslagen: int) -> None:
        """Say on standard error how many files were skipped."""
        if overgeslagen:
            print(overgeslagen_in_woorden(overgeslagen), file=self._fout)
