"""A row's signature: where each of its facts stands among the constants of the rules.

OPA's residuals say what each fact is ever compared with. Two values that stand at the same place
among those constants cannot be told apart by any comparison, and so neither can two rows with the
same places everywhere. What the handeling and the product already rule out is left aside. A file
has far fewer signatures than rows.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.groepen import Groep, feitenschema
from uitfasering.bulk.woordenboek import Codes, Vlaggen
from uitfasering.residu import Constante, Vergelijking

Woord = npt.NDArray[np.int64]

_BITS = 62
_HOOGSTENS = 15
"""Bits for the places of one group; of a product there are never as many kinds."""

# The facts that say most about which rules can apply; no rule compares them with another fact.
_KERN = ("handeling", "segment")

# Words are looked up by the municipality itself, not by a comparison.
_OP_WAARDE = ("gemeente",)


class Handtekening:
    """Tells rows apart as far as the rules can.

    Args:
        fragment: what the facts are compared with.
        groepen: the groups of facts; their ``rijen`` must be filled before rows are compared.
    """

    def __init__(self, fragment: Fragment, groepen: Sequence[Groep]) -> None:
        self._groepen = groepen
        self._cellen = [_Cellen(groep, fragment.constanten) for groep in groepen]
        self._paren = [
            (_Rang(groepen, een), _Rang(groepen, ander)) for een, ander in fragment.paren
        ]
        self._plaatsen = _verdeel([c.bits for c in self._cellen] + [2] * len(self._paren))
        self._ter_zake = _TerZake(fragment, groepen, self._cellen, self._plaatsen)

    def uniek(self, nummers: Sequence[Codes]) -> tuple[Codes, Codes]:
        """The distinct signatures of some rows (see ``uniek``).

        Args:
            nummers: of each group the number of its combination in each row.
        """
        cellen = [
            c.van(groep)[codes]
            for c, groep, codes in zip(self._cellen, self._groepen, nummers, strict=True)
        ]
        paren = [np.sign(een.van(nummers) - ander.van(nummers)) + 1 for een, ander in self._paren]
        woorden = [
            np.zeros(len(nummers[0]), dtype=np.int64) for _ in range(self._plaatsen[-1][0] + 1)
        ]
        for (plaats, schuif), deel in zip(self._plaatsen, [*cellen, *paren], strict=True):
            woorden[plaats] += deel.astype(np.int64) << schuif
        for woord, masker in zip(woorden, self._ter_zake.maskers(cellen, nummers), strict=True):
            woord &= masker
        return uniek(*woorden)


class _TerZake:
    """What can still matter, given the handeling and the product: bits of the words."""

    def __init__(
        self,
        fragment: Fragment,
        groepen: Sequence[Groep],
        cellen: Sequence[_Cellen],
        plaatsen: Sequence[tuple[int, int]],
    ) -> None:
        self._kern = [
            plaats for plaats, groep in enumerate(groepen) if set(groep.feiten) & set(_KERN)
        ]
        self._groepen = groepen
        self._alternatieven = fragment.alternatieven
        self._woorden = plaatsen[-1][0] + 1
        breedtes = [cel.bits for cel in cellen] + [2] * len(fragment.paren)
        bits = [
            (woord, ((1 << breedte) - 1) << schuif)
            for (woord, schuif), breedte in zip(plaatsen, breedtes, strict=True)
        ]
        groep_van = {feit: i for i, groep in enumerate(groepen) for feit in groep.feiten}
        self._altijd = [bits[plaats] for plaats in self._kern]
        self._altijd += [bits[groep_van[feit]] for feit in _OP_WAARDE]
        self._bits = {
            v: bits[len(groepen) + fragment.paren.index((v.feit, v.ander_feit))]
            if v.ander_feit
            else bits[groep_van[v.feit]]
            for v in fragment.vergelijkingen
        }
        self._bekend: dict[tuple[int, ...], list[int]] = {}

    def maskers(
        self, cellen: Sequence[Woord], nummers: Sequence[Codes]
    ) -> list[npt.NDArray[np.int64]]:
        """Of each word the bits that can matter, for each row."""
        kern = [cellen[plaats] for plaats in self._kern]
        samen, eerste = uniek(*kern)
        per_kern = []
        for rij in eerste.tolist():
            sleutel = tuple(int(kolom[rij]) for kolom in kern)
            if sleutel not in self._bekend:
                feiten: dict[str, Any] = {}
                for plaats in self._kern:
                    feiten |= self._groepen[plaats].rijen[nummers[plaats][rij]]
                self._bekend[sleutel] = self._voor(feiten)
            per_kern.append(self._bekend[sleutel])
        opzoek = np.array(per_kern, dtype=np.int64)
        return [opzoek[:, woord][samen] for woord in range(self._woorden)]

    def _voor(self, feiten: Mapping[str, Any]) -> list[int]:
        woorden = [0] * self._woorden
        for woord, bits in self._altijd:
            woorden[woord] |= bits
        for alternatief in self._alternatieven:
            bekend = (v for v in alternatief if v.feit in feiten and not v.ander_feit)
            if all(houdt(v, feiten) for v in bekend):
                for woord, bits in (self._bits[v] for v in alternatief):
                    woorden[woord] |= bits
        return woorden


_VERGELIJK = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def houdt(vergelijking: Vergelijking, feiten: Mapping[str, Any]) -> bool:
    """Whether a comparison with constants, from OPA's residual, holds for these facts."""
    waarde = feiten[vergelijking.feit]
    if vergelijking.operator in _VERGELIJK:
        return bool(_VERGELIJK[vergelijking.operator](waarde, vergelijking.waarden[0]))
    return (waarde in vergelijking.waarden) == (vergelijking.operator == "in")


def uniek(*kolommen: Codes) -> tuple[Codes, Codes]:
    """The distinct combinations of some columns.

    Returns:
        Of each row the number of its combination, and of each combination its first row.
    """
    samen: Codes | None = None
    for kolom in kolommen:
        codes = pa.array(kolom).dictionary_encode()
        nummers = codes.indices.to_numpy().astype(np.int64)
        if samen is None:
            samen = nummers
            continue
        paar = pa.array(samen * len(codes.dictionary) + nummers).dictionary_encode()
        samen = paar.indices.to_numpy().astype(np.int64)
    assert samen is not None
    aantal = int(samen.max()) + 1 if len(samen) else 0
    eerste = np.empty(aantal, dtype=np.int64)
    # Backwards, so that the first row that has it is written last.
    eerste[samen[::-1]] = np.arange(len(samen) - 1, -1, -1)
    return samen, eerste


class _Cellen:
    """Of one group: the number of the place where its facts stand."""

    def __init__(self, groep: Groep, constanten: Mapping[str, tuple[Constante, ...]]) -> None:
        self._constanten = {
            feit: constanten.get(feit, ())
            for feit in groep.feiten
            if feit in constanten or feit in _OP_WAARDE
        }
        self._nummers: dict[tuple[Any, ...], int] = {}
        self._vlaggen = Vlaggen(lambda nummer: self._cel(groep.rijen[nummer]), np.int64)
        grens = prod(_aantal(feit, len(waarden)) for feit, waarden in self._constanten.items())
        self.bits = min(max(grens - 1, 1).bit_length(), _HOOGSTENS)

    def van(self, groep: Groep) -> npt.NDArray[np.int64]:
        return self._vlaggen.tot(len(groep.rijen))

    def _cel(self, rij: Mapping[str, Any]) -> int:
        plaatsen = tuple(
            rij[feit] if feit in _OP_WAARDE else _plaats(rij[feit], waarden)
            for feit, waarden in self._constanten.items()
        )
        nummer = self._nummers.setdefault(plaatsen, len(self._nummers))
        if nummer >> self.bits:
            raise OverflowError(f"more kinds of {sorted(self._constanten)} than expected")
        return nummer


def _plaats(waarde: Any, constanten: tuple[Constante, ...]) -> tuple[int, bool]:
    plaats = bisect_left(constanten, waarde)
    return plaats, plaats < len(constanten) and constanten[plaats] == waarde


def _aantal(feit: str, constanten: int) -> int:
    """How many places there can be for a fact."""
    inhoud = feitenschema()[feit]
    if feit in _OP_WAARDE:
        return 1 << 14  # every CBS code
    return len(inhoud["enum"]) if "enum" in inhoud else 2 * constanten + 1


class _Rang:
    """A fact that is compared with another fact, as a number in the order of its values."""

    def __init__(self, groepen: Sequence[Groep], feit: str) -> None:
        self._plaats = next(i for i, groep in enumerate(groepen) if feit in groep.feiten)
        self._groep = groepen[self._plaats]
        self._vlaggen = Vlaggen(lambda n: _rang(self._groep.rijen[n][feit]), np.int64)

    def van(self, nummers: Sequence[Codes]) -> npt.NDArray[np.int64]:
        rang: npt.NDArray[np.int64] = self._vlaggen.tot(len(self._groep.rijen))
        return rang[nummers[self._plaats]]


def _rang(waarde: str | int) -> int:
    """A day or a number as a number."""
    return waarde if isinstance(waarde, int) else int(waarde.replace("-", ""))


def _verdeel(breedtes: Sequence[int]) -> list[tuple[int, int]]:
    """Of each part the word it stands in and how far it is shifted."""
    plaatsen, woord, schuif = [], 0, 0
    for breedte in breedtes:
        if schuif + breedte > _BITS:
            woord, schuif = woord + 1, 0
        plaatsen.append((woord, schuif))
        schuif += breedte
    return plaatsen
