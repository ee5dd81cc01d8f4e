"""The same figures as one HTML file: to read, to print, and for a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.rapport.bladen import regelcellen
from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.plaatsen import keur_bestand, nieuw_bestand
from uitfasering.bulk.rapport.staven import staven
from uitfasering.bulk.rapport.telling import Telling
from uitfasering.bulk.rapport.verantwoording import onderdelen, ondertitel
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.bulk.stroom import Blok
from uitfasering.sjabloon import html_sjabloon
from uitfasering.weergave.tellen import getal, hoeveel, procent

_SJABLOON = "rapport.html"


class HtmlRapport:
    """The report as one HTML file that needs nothing else.

    Raises:
        UitfaseringError: there can be no file at ``pad``.
    """

    def __init__(self, pad: Path, woorden: Woorden) -> None:
        keur_bestand(pad)
        self._pad = pad
        self._telling = Telling(woorden)

    def voeg_toe(self, blok: Blok) -> None:
        """Count the next rows."""
        self._telling.voeg_toe(blok.oordeel)

    def schrijf(self, herkomst: Herkomst, klassen: Sequence[Klasse]) -> None:
        """Write the report; ``klassen`` are those of the whole run.

        Raises:
            UitfaseringError: it cannot be written.
        """
        cijfers = self._telling.cijfers(klassen, herkomst)
        sjabloon = html_sjabloon(_SJABLOON, getal=getal, rijen=lambda n: hoeveel(n, "rij", "rijen"))
        bladzijde = sjabloon.render(
            cijfers=cijfers,
            ondertitel=ondertitel(cijfers, herkomst),
            deel=lambda aantal: procent(aantal, cijfers.rijen),
            uitkomststaven=staven([(een.kop, een.aantal) for een in cijfers.uitkomsten]),
            gemeentestaven=staven([(een.naam, een.vraagt_iets) for een in cijfers.gemeenten]),
            regels=[(een, regelcellen(een)) for een in cijfers.regels],
            onderdelen=list(onderdelen(herkomst)),
        )
        with nieuw_bestand(self._pad) as tijdelijk:
            tijdelijk.write_text(bladzijde, encoding="utf-8")

    def close(self) -> None:
        """Nothing was kept but numbers."""
