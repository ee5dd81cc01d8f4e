"""The rows of one batch as numbers of cells, and which of them are no sound toewijzing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uitfasering.bulk.groepen import toewijzing
from uitfasering.bulk.handtekening import uniek
from uitfasering.bulk.velden import Veld, velden
from uitfasering.bulk.woordenboek import Codes, Vlaggen, Woordenboek

Masker = npt.NDArray[np.bool_]

ONLEESBAAR = 62
"""The bit of a row that could not be read as a row at all."""

_STUK = 61
_AANWEZIG_VANAF = 32

# The parts of what must be complete, the two that exclude each other (invoer.rego), and what is
# required.
_SAMEN = ("omvang", "periode", "budget")
_VERPLICHT = ("handeling", "gemeente")


def telt_mee(veld: Veld) -> bool:
    """Whether the mere presence of a field tells an invalid row from another."""
    return veld.naam in _VERPLICHT or veld.pad[0] in _SAMEN


class Rijen:
    """The rows of one batch, as numbers of cells."""

    def __init__(
        self,
        boeken: Mapping[str, Woordenboek],
        codes: Mapping[str, Codes],
        onleesbaar: Masker | None,
        aantal: int,
        eerder: int,
    ) -> None:
        self._boeken = boeken
        self.codes = codes
        self.onleesbaar = onleesbaar
        self.aantal = aantal
        self.eerder = eerder

    def toewijzing(self, plaats: int) -> dict[str, Any] | None:
        """The row as OPA gets it: a cell that could not be read as it is. None: not a row."""
        if self.onleesbaar is not None and self.onleesbaar[plaats]:
            return None
        waarden = {naam: self._boeken[naam].waarden[c[plaats]] for naam, c in self.codes.items()}
        return toewijzing({naam: w for naam, w in waarden.items() if w is not None})

    def gelezen(self, naam: str) -> pa.DictionaryArray:
        """A column as it was read, null where that was nothing."""
        boek = self._boeken[naam]
        goed = [None if fout else w for w, fout in zip(boek.waarden, boek.fouten, strict=True)]
        codes = self.codes.get(naam, np.zeros(self.aantal, dtype=np.int64)).astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(goed, pa.string()))


class Gebreken:
    """What is wrong with the cells of a row, each by itself.

    Args:
        boeken: what the numbers of cells mean.
        gaaf: asks OPA whether each field of some toewijzingen is in order (``Vraagbaak.gaaf``).
    """

    def __init__(
        self,
        boeken: Mapping[str, Woordenboek],
        gaaf: Callable[[Sequence[Any]], Sequence[bool]],
    ) -> None:
        self._boeken = boeken
        self._gaaf = gaaf
        self._fout = {naam: _fouten(boek) for naam, boek in boeken.items()}
        self._onvolledig: dict[int, bool] = {}

    def van(self, rij: Rijen) -> Codes:
        """Of each row its faults as bits; 0 when every field is in order by itself.

        A row with any also has the bits of what is there, which may make another besluit.
        """
        gebreken = np.zeros(rij.aantal, dtype=np.int64)
        aanwezig = np.zeros(rij.aantal, dtype=np.int64)
        telt = 0
        for bit, (naam, veld) in enumerate(velden().items()):
            codes = rij.codes.get(naam)
            if codes is not None and any(self._boeken[naam].fouten):
                fout = self._fout[naam].tot(len(self._boeken[naam]))
                gebreken |= fout[codes].astype(np.int64) << bit
            if telt_mee(veld):
                if codes is not None:
                    aanwezig |= (codes != 0).astype(np.int64) << telt
                telt += 1
        patroon, eerste = uniek(aanwezig, gebreken)
        self._beoordeel_patronen(rij, aanwezig, gebreken, eerste)
        stuk = np.array(
            [
                bool(gebreken[plaats]) or self._onvolledig[int(aanwezig[plaats])]
                for plaats in eerste
            ],
            dtype=np.bool_,
        )[patroon]
        met_aanwezig = gebreken | (aanwezig << _AANWEZIG_VANAF) | (1 << _STUK)
        gebreken = np.where(stuk, met_aanwezig, 0)
        if rij.onleesbaar is not None:
            gebreken[rij.onleesbaar] = 1 << ONLEESBAAR
        return gebreken

    def _beoordeel_patronen(
        self, rij: Rijen, aanwezig: Codes, gebreken: Codes, eerste: Codes
    ) -> None:
        """Ask OPA whether a row in which these fields are there, and sound, is complete."""
        nieuw: dict[int, int] = {}
        for plaats in eerste.tolist():
            if not gebreken[plaats] and int(aanwezig[plaats]) not in self._onvolledig:
                nieuw.setdefault(int(aanwezig[plaats]), plaats)
        gaaf = self._gaaf([rij.toewijzing(plaats) for plaats in nieuw.values()])
        self._onvolledig |= {p: not goed for p, goed in zip(nieuw, gaaf, strict=True)}


def _fouten(boek: Woordenboek) -> Vlaggen:
    return Vlaggen(lambda nummer: boek.fouten[nummer] is not None, np.bool_)
