"""Random rows asked of OPA one by one (``--controle``)."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from uitfasering.bulk.antwoorden import cellen
from uitfasering.bulk.klassen import ControleMislukt
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.stroom import Blok


class Steekproef:
    """``aantal`` rows drawn evenly from a run of any length; the same ``zaad``, the same rows."""

    def __init__(self, aantal: int, zaad: int = 0) -> None:
        self._aantal = aantal
        self._kans = np.random.default_rng(zaad)
        self._rijen: list[tuple[float, int, Any, dict[str, Any]]] = []
        self._gezien = 0

    def neem(self, blok: Blok) -> None:
        """Draw from these rows."""
        if not self._aantal:
            return
        rijen = len(blok.invoer)
        # Each row draws a number; those with the lowest stay.
        loten = self._kans.random(rijen)
        for plaats in np.argsort(loten)[: self._aantal].tolist():
            antwoord = blok.oordeel.kolommen.slice(plaats, 1).to_pylist()[0]
            self._rijen.append(
                (
                    float(loten[plaats]),
                    self._gezien + plaats,
                    blok.oordeel.toewijzing(plaats),
                    antwoord,
                )
            )
        self._rijen.sort(key=lambda rij: rij[:2])
        del self._rijen[self._aantal :]
        self._gezien += rijen

    def controleer(self, vraagbaak: Vraagbaak) -> int:
        """Ask OPA about each of them; how many that were.

        Raises:
            ControleMislukt: one has another answer; names the row and the column.
        """
        besluiten = vraagbaak.besluiten([toewijzing for _, _, toewijzing, _ in self._rijen])
        for (_, rij, _, antwoord), besluit in zip(self._rijen, besluiten, strict=True):
            for naam, cel in cellen(besluit).items():
                if not _gelijk(antwoord[naam], cel, naam):
                    raise ControleMislukt(
                        f"De controle van bulk klopt niet, er is niets geschreven. Rij {rij + 1}: "
                        f"OPA geeft een andere {naam}. Meld dit aan de makers.",
                        rij,
                    )
        return len(self._rijen)


def _gelijk(antwoord: Any, cel: str, naam: str) -> bool:
    if isinstance(antwoord, datetime.date):
        antwoord = antwoord.isoformat()
    if naam == "toelichting":
        # After it may stand why a cell could not be read.
        return str(antwoord).startswith(cel)
    return (antwoord or "") == cel
