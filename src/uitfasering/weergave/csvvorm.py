"""CSV as Dutch Excel opens it by double-click: semicolons, and UTF-8 with a byte order mark."""

from __future__ import annotations

import csv
from typing import Any, TextIO

from uitfasering.leesgegevens import Leesgegevens
from uitfasering.melding import Melding
from uitfasering.records import Besluit
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
    "uitkomst",
    "regels",
    "toelichting",
    "lezing",
    "ontbreekt",
    "uiterste_einddatum",
    "voorstel_einddatum",
    "voorstel_beeindigen_per",
    "voorstel_reden_wijziging",
    "voorstel_opnieuw_segment",
    "voorstel_opnieuw_code",
    "voorstel_opnieuw_ingangsdatum",
    "voorstel_opnieuw_einddatum",
    "voorstel_opnieuw_eenheden",
    "voorlopig",
    "herkomst",
)
"""``toelichting`` and ``lezing`` are of the bevindingen that decide the uitkomst; ``toelichting``
also says that an answer rests on a placeholder. Lists are parted by a space."""

# The answer rests on a product that is only a placeholder in the catalogue.
_VOORBEELD = "A-08"


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
            **_besluit(antwoord.besluit),
            **_voorstel(antwoord.besluit),
        }
        self._schrijver.writerow({naam: schone_cel(cel) for naam, cel in rij.items()})

    def melding(self, melding: Melding) -> None:
        """Say on standard error what could not be read."""
        print(melding_in_woorden(melding), file=self._fout)

    def einde(self, overgeslagen: int) -> None:
        """Say on standard error how many files were skipped."""
        if overgeslagen:
            print(overgeslagen_in_woorden(overgeslagen), file=self._fout)


def _besluit(besluit: Besluit) -> dict[str, str]:
    beslist = [b for b in besluit.bevindingen if b.gevolg == besluit.uitkomst]
    voorbeeld = [b for b in besluit.bevindingen if b.regel == _VOORBEELD]
    return {
        "uitkomst": besluit.uitkomst,
        "regels": " ".join(besluit.regels),
        "toelichting": " ".join(b.tekst for b in [*beslist, *voorbeeld]),
        # Bevindingen of one regel have one lezing: once is enough.
        "lezing": " ".join(dict.fromkeys(b.lezing for b in beslist if b.lezing)),
        "ontbreekt": " ".join(besluit.ontbreekt),
        "uiterste_einddatum": besluit.uiterste_einddatum or "",
        "voorlopig": "ja" if besluit.voorlopig else "nee",
        "herkomst": besluit.herkomst,
    }


def _voorstel(besluit: Besluit) -> dict[str, Any]:
    voorstel = besluit.voorstel
    cellen = {}
    if voorstel and voorstel.einddatum:
        cellen["voorstel_einddatum"] = voorstel.einddatum
    if voorstel and voorstel.beeindigen:
        cellen["voorstel_beeindigen_per"] = voorstel.beeindigen.einddatum
        cellen["voorstel_reden_wijziging"] = voorstel.beeindigen.reden_wijziging
    if voorstel and voorstel.opnieuw:
        opnieuw = voorstel.opnieuw
        cellen["voorstel_opnieuw_segment"] = opnieuw.segment
        cellen["voorstel_opnieuw_code"] = opnieuw.code or ""
        cellen["voorstel_opnieuw_ingangsdatum"] = opnieuw.ingangsdatum
        cellen["voorstel_opnieuw_einddatum"] = opnieuw.einddatum
        cellen["voorstel_opnieuw_eenheden"] = " ".join(opnieuw.eenheden)
    return cellen
