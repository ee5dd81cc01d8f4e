"""Cells read: the values they stand for, as small numbers, and the facts OPA derives from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from uitfasering.bulk.groepen import Feitkolom, maak_groepen
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.velden import velden
from uitfasering.bulk.waarden import Gelezen
from uitfasering.bulk.woordenboek import Codes, Woordenboek


class Lezing:
    """Reads the cells of one run; each distinct one once.

    Attributes:
        boeken: the values of each veld.
        groepen: the groups of the facts.
        groep_van: the place of each fact's group in ``groepen``.

    Args:
        vraagbaak: the OPA that derives the facts.
        lees: reads a cell (``waarden.Lezer.lees``).
    """

    def __init__(self, vraagbaak: Vraagbaak, lees: Callable[[str, object], Gelezen]) -> None:
        self._vraagbaak = vraagbaak
        self.boeken = {naam: Woordenboek(veld, lees) for naam, veld in velden().items()}
        self.groepen = maak_groepen()
        self.groep_van = {f: i for i, groep in enumerate(self.groepen) for f in groep.feiten}
        self._kolommen: dict[str, Feitkolom] = {}

    def codes(
        self, kolommen: Mapping[str, pa.Array], aantal: int, vast: Mapping[str, object]
    ) -> dict[str, Codes]:
        """Of each veld the number of each cell; ``vast`` are velden with one cell in every row."""
        codes = {naam: self.boeken[naam].codes(kolom) for naam, kolom in kolommen.items()}
        for naam, cel in vast.items():
            codes[naam] = np.full(aantal, self.boeken[naam].nummer(cel), dtype=np.int32)
        return codes

    def nummers(self, codes: Mapping[str, Codes], aantal: int) -> list[Codes]:
        """Of each group the number of its combination in each row."""
        nummers = [groep.codes(codes, self.boeken, aantal) for groep in self.groepen]
        for groep in self.groepen:
            groep.vul(self._vraagbaak.feiten_van)
        return nummers

    def feiten(self, namen: Collection[str], nummers: Sequence[Codes]) -> dict[str, pa.Array]:
        """These facts of each row; what cannot be read counts as absent."""
        return {naam: self._kolom(naam).van(nummers[self.groep_van[naam]]) for naam in namen}

    def feiten_van(self, nummers: Sequence[Codes], plaats: int) -> dict[str, Any]:
        """All facts of the row at ``plaats``, as OPA has them."""
        feiten: dict[str, Any] = {}
        for groep, codes in zip(self.groepen, nummers, strict=True):
            feiten |= groep.rijen[codes[plaats]]
        return feiten

    def _kolom(self, feit: str) -> Feitkolom:
        if feit not in self._kolommen:
            self._kolommen[feit] = Feitkolom(self.groepen[self.groep_van[feit]], feit)
        return self._kolommen[feit]
