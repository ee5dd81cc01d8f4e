"""The distinct values of one column: each is read once, and rows carry small numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uitfasering.bulk.velden import Veld
from uitfasering.bulk.waarden import Gelezen

Codes = npt.NDArray[np.signedinteger[Any]]

LEEG = 0
"""The number of an empty cell."""

# Spellings remembered; a column with more different ones is read again rather than kept.
_ONTHOUDEN = 500_000


class Woordenboek:
    """The values of one veld, as far as seen.

    Attributes:
        waarden: by number, the value as OPA gets it; None for empty. Of a fault the first cell that
            had it.
        fouten: by number, what is wrong with the cell, or None.
    """

    def __init__(self, veld: Veld, lees: Callable[[str, object], Gelezen]) -> None:
        self.veld = veld
        self._lees = lees
        self.waarden: list[Any] = [None]
        self.fouten: list[str | None] = [None]
        self._nummers: dict[tuple[Any, str | None], int] = {}
        self._cellen: dict[Any, int] = {}

    def __len__(self) -> int:
        return len(self.waarden)

    def codes(self, kolom: pa.Array) -> Codes:
        """The number of each cell."""
        if not pa.types.is_dictionary(kolom.type):
            kolom = kolom.dictionary_encode()
        if len(self._cellen) > _ONTHOUDEN:
            self._cellen.clear()
        nummers = [self.nummer(cel) for cel in kolom.dictionary.to_pylist()]
        opzoek = np.array([*nummers, LEEG], dtype=np.int32)
        # An empty cell has no index; it takes the last place.
        plaatsen = kolom.indices.fill_null(len(nummers)).to_numpy(zero_copy_only=False)
        found: Codes = opzoek[plaatsen]
        return found

    def nummer(self, cel: object) -> int:
        """The number of one cell."""
        nummer = self._cellen.get(cel)
        if nummer is None:
            nummer = self._cellen[cel] = self._nieuw(cel)
        return nummer

    def _nieuw(self, cel: object) -> int:
        gelezen = self._lees(self.veld.naam, cel)
        if gelezen.waarde is None and gelezen.fout is None:
            return LEEG
        # Cells with the same fault are alike: a besluit names the field, never what was in it.
        sleutel = (None, gelezen.fout) if gelezen.fout else (gelezen.waarde, None)
        nummer = self._nummers.setdefault(sleutel, len(self.waarden))
        if nummer == len(self.waarden):
            self.waarden.append(gelezen.waarde)
            self.fouten.append(gelezen.fout)
        return nummer


class Vlaggen:
    """Something of each number in a list that only grows, as an array."""

    def __init__(self, maak: Callable[[int], Any], soort: Any) -> None:
        self._maak = maak
        self._rij: npt.NDArray[Any] = np.empty(0, dtype=soort)

    def tot(self, lengte: int) -> npt.NDArray[Any]:
        """The array of the first ``lengte`` numbers."""
        if lengte > len(self._rij):
            nieuw = [self._maak(nummer) for nummer in range(len(self._rij), lengte)]
            self._rij = np.concatenate([self._rij, np.array(nieuw, dtype=self._rij.dtype)])
        return self._rij
