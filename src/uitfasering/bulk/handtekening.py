"""A row's signature: which of the comparisons that OPA left of the rules hold for it.

Two rows with the same signature cannot be told apart by any rule. What the handeling and the
product already rule out is left aside, so a file has far fewer signatures than rows, and OPA's SQL
is asked about one row of each. The signature decides nothing: it only says which rows are alike.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.groepen import Groep
from uitfasering.bulk.woordenboek import Codes, Vlaggen
from uitfasering.residu import Vergelijking

Woord = npt.NDArray[np.int64]

_BITS = 62

# The facts that say most about which rules can apply.
_KERN = ("handeling", "segment")

_VERGELIJK: Mapping[str, Callable[[Any, Any], Any]] = {
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


class Handtekening:
    """Tells rows apart as far as the rules can.

    Args:
        fragment: what the facts are compared with.
        groepen: the groups of facts; their ``rijen`` must be filled before rows are compared.
    """

    def __init__(self, fragment: Fragment, groepen: Sequence[Groep]) -> None:
        # One bit a comparison; first those of the facts in _KERN, so that they share a word.
        kern = [i for i, groep in enumerate(groepen) if set(groep.feiten) & set(_KERN)]
        groep_van = {feit: i for i, groep in enumerate(groepen) for feit in groep.feiten}

        def eerst_kern(v: Vergelijking) -> bool:
            return bool(v.ander_feit) or groep_van[v.feit] not in kern

        volgorde = sorted(fragment.vergelijkingen, key=eerst_kern)
        self._bit = {v: bit for bit, v in enumerate(volgorde)}
        self._woorden = (len(volgorde) - 1) // _BITS + 1
        self._per_groep = [
            _Bits(
                groep,
                {
                    v: bit
                    for v, bit in self._bit.items()
                    if not v.ander_feit and v.feit in groep.feiten
                },
            )
            for groep in groepen
        ]
        self._rangen = {feit: _Rang(groepen, feit) for paar in fragment.paren for feit in paar}
        self._kern = sum(1 << bit for v, bit in self._bit.items() if not eerst_kern(v))
        self._alternatieven = [
            sum(1 << self._bit[v] for v in alternatief) for alternatief in fragment.alternatieven
        ]
        self._ter_zake: dict[int, int] = {}

    def uniek(self, nummers: Sequence[Codes]) -> tuple[Codes, Codes]:
        """The distinct signatures of some rows (see ``uniek``).

        Args:
            nummers: of each group the number of its combination in each row.
        """
        woorden = [np.zeros(len(nummers[0]), dtype=np.int64) for _ in range(self._woorden)]
        for bits, codes in zip(self._per_groep, nummers, strict=True):
            for woord, waarden in bits.woorden().items():
                woorden[woord] |= waarden[codes]
        rang = {feit: een.van(nummers) for feit, een in self._rangen.items()}
        for v, bit in self._bit.items():
            if v.ander_feit:
                houdt_ = _VERGELIJK[v.operator](rang[v.feit], rang[v.ander_feit])
                woorden[bit // _BITS] |= houdt_.astype(np.int64) << (bit % _BITS)
        self._alleen_ter_zake(woorden)
        return uniek(*woorden)

    def _alleen_ter_zake(self, woorden: Sequence[Woord]) -> None:
        """Clear what cannot matter any more, given the bits of _KERN."""
        kern = [woord & _deel(self._kern, i) for i, woord in enumerate(woorden)]
        samen, eerste = uniek(*(k for i, k in enumerate(kern) if _deel(self._kern, i)))
        maskers = []
        for plaats in eerste.tolist():
            bits = sum(int(k[plaats]) << (i * _BITS) for i, k in enumerate(kern))
            maskers.append(self._ter_zake.get(bits) or self._bepaal_ter_zake(bits))
        for i, woord in enumerate(woorden):
            woord &= np.array([_deel(masker, i) for masker in maskers], dtype=np.int64)[samen]

    def _bepaal_ter_zake(self, kern: int) -> int:
        ter_zake = 0
        for alternatief in self._alternatieven:
            if alternatief & self._kern & ~kern == 0:
                ter_zake |= alternatief
        self._ter_zake[kern] = ter_zake
        return ter_zake


def _deel(bits: int, woord: int) -> int:
    """The bits that stand in one word."""
    return bits >> (woord * _BITS) & ((1 << _BITS) - 1)


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


class _Bits:
    """Of each combination in a group which of these comparisons hold."""

    def __init__(self, groep: Groep, bits: Mapping[Vergelijking, int]) -> None:
        self._groep = groep
        self._per_woord = {
            woord: Vlaggen(
                self._maak({v: b for v, b in bits.items() if b // _BITS == woord}), np.int64
            )
            for woord in sorted({bit // _BITS for bit in bits.values()})
        }

    def _maak(self, bits: Mapping[Vergelijking, int]) -> Callable[[int], int]:
        def van(nummer: int) -> int:
            rij = self._groep.rijen[nummer]
            return sum(1 << (bit % _BITS) for v, bit in bits.items() if houdt(v, rij))

        return van

    def woorden(self) -> dict[int, Woord]:
        """By word, of each combination its bits."""
        aantal = len(self._groep.rijen)
        return {woord: vlaggen.tot(aantal) for woord, vlaggen in self._per_woord.items()}


class _Rang:
    """A fact that is compared with another fact, as a number in the order of its values."""

    def __init__(self, groepen: Sequence[Groep], feit: str) -> None:
        self._plaats = next(i for i, groep in enumerate(groepen) if feit in groep.feiten)
        self._groep = groepen[self._plaats]
        self._vlaggen = Vlaggen(lambda n: _rang(self._groep.rijen[n][feit]), np.int64)

    def van(self, nummers: Sequence[Codes]) -> Woord:
        rang: Woord = self._vlaggen.tot(len(self._groep.rijen))[nummers[self._plaats]]
        return rang


def _rang(waarde: str | int) -> int:
    """A day or a number as a number."""
    return waarde if isinstance(waarde, int) else int(waarde.replace("-", ""))
