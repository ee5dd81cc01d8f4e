"""What differs between rows of one class: asked of OPA once for each way it can turn out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from uitfasering.bulk.handtekening import uniek
from uitfasering.bulk.klassen import (
    GEMEENTE,
    ONTBREKEND,
    OPNIEUW,
    RIJWAARDEN,
    UITERSTE,
    VERVANGEND,
    Bevonden,
)
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.woordenboek import Codes, Vlaggen

FeitenVan = Callable[[Sequence[Codes], int], dict[str, Any]]

RUST_OP: dict[str, tuple[str | None, str]] = {
    GEMEENTE: (None, "gemeente"),
    UITERSTE: ("grens", "ingangsdatum"),
    VERVANGEND: ("vervanging", "code"),
    OPNIEUW: (None, "einddatum"),
    ONTBREKEND: ("ontbreekt", "eenheid"),
}
"""Question → the set that it rests on (``fragment.GELDEND``), and the fact."""


_GEEN = 0


class _Leden:
    """Of each ``Bevonden`` its members of one set, as a number; none is ``_GEEN``."""

    def __init__(self, bevonden: Sequence[Bevonden], verzameling: str) -> None:
        self._bevonden = bevonden
        nummers: dict[frozenset[str], int] = {frozenset(): _GEEN}
        self._vlaggen = Vlaggen(
            lambda n: nummers.setdefault(bevonden[n].van(verzameling), len(nummers)), np.int64
        )

    def van(self, codes: Codes) -> Codes:
        found: Codes = self._vlaggen.tot(len(self._bevonden))[codes]
        return found


class Rijwaarden:
    """The answers to RIJWAARDEN, by number.

    Args:
        vraagbaak: the OPA that decides.
        bevonden: everything the rules were found to say; may grow.
        groep_van: fact → the number of its group.
    """

    def __init__(
        self, vraagbaak: Vraagbaak, bevonden: Sequence[Bevonden], groep_van: Mapping[str, int]
    ) -> None:
        self._vraagbaak = vraagbaak
        self._groep_van = groep_van
        self.teksten = vraagbaak.waarde("bulk/vragen/gemeenteteksten")
        self.antwoorden: dict[str, list[Any]] = {naam: [] for naam in RIJWAARDEN}
        self._nummers: dict[str, dict[tuple[int, int], int]] = {naam: {} for naam in RIJWAARDEN}
        self._leden = {
            naam: _Leden(bevonden, verzameling)
            for naam, (verzameling, _) in RUST_OP.items()
            if verzameling
        }

    def codes(
        self,
        naam: str,
        rijen: Codes,
        bevonden: Codes,
        nummers: Sequence[Codes],
        feiten_van: FeitenVan,
    ) -> Codes:
        """For some rows of a batch the number of the answer to question ``naam``."""
        waarde = nummers[self._groep_van[RUST_OP[naam][1]]][rijen]
        leden = np.zeros_like(waarde)
        if naam in self._leden:
            leden = self._leden[naam].van(bevonden[rijen])
        if naam == UITERSTE:
            # Without any limit the first day does not matter.
            waarde = np.where(leden == _GEEN, -1, waarde)
        samen, eerste = uniek(leden, waarde)
        sleutels = [(int(leden[p]), int(waarde[p])) for p in eerste]
        bekend = self._nummers[naam]
        nieuw = [i for i, sleutel in enumerate(sleutels) if sleutel not in bekend]
        feiten = [feiten_van(nummers, int(rijen[eerste[i]])) for i in nieuw]
        for i, antwoord in zip(nieuw, self._vraag(naam, feiten), strict=True):
            bekend[sleutels[i]] = len(self.antwoorden[naam])
            self.antwoorden[naam].append(antwoord)
        found: Codes = np.array([bekend[s] for s in sleutels], dtype=np.int64)[samen]
        return found

    def _vraag(self, naam: str, feiten: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        if naam == GEMEENTE:
            return [self.teksten.get(rij["gemeente"], {}) for rij in feiten]
        return self._vraagbaak.rijwaarden(naam, feiten)

    def van_rijen(
        self,
        plaatsen: Sequence[int],
        bevonden: Codes,
        nummers: Sequence[Codes],
        feiten_van: FeitenVan,
    ) -> dict[int, dict[str, Any]]:
        """All answers for a few rows of a batch, by row."""
        rijen = np.array(plaatsen, dtype=np.int64)
        per_vraag = {
            naam: self.codes(naam, rijen, bevonden, nummers, feiten_van).tolist()
            for naam in RIJWAARDEN
        }
        return {
            plaats: {naam: self.antwoorden[naam][codes[i]] for naam, codes in per_vraag.items()}
            for i, plaats in enumerate(plaatsen)
        }
