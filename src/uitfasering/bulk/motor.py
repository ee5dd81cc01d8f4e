"""From rows to answers: everything between reading a batch and writing it.

Row by row there are only numbers here. What is decided, is decided by OPA: on distinct values (the
facts), on distinct signatures (the masks, by OPA's SQL) and on one row a class (the besluit).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from uitfasering.bulk.antwoorden import Antwoorden
from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.handtekening import Handtekening, uniek
from uitfasering.bulk.klassen import Bevonden, Klasse, Klassen, Vertegenwoordiger
from uitfasering.bulk.lezing import Lezing
from uitfasering.bulk.maskers import Maskers, maak_plan
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.redenen import Redenen, redenen
from uitfasering.bulk.rijen import ONLEESBAAR, Gebreken, Rijen
from uitfasering.bulk.rijwaarden import Rijwaarden
from uitfasering.bulk.waarden import Gelezen
from uitfasering.bulk.woordenboek import Codes

Masker = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Oordeel:
    """What was decided about a batch.

    Attributes:
        kolommen: one row a row: the columns of ``antwoorden.KOLOMMEN``.
        klasse: of each row the number of its class.
        gemeente, aanbieder, code: as read, null where empty or unreadable.
        toewijzing: what OPA would get for the row at a place; None: not a row.
    """

    kolommen: pa.RecordBatch
    klasse: npt.NDArray[np.int32]
    gemeente: pa.DictionaryArray
    aanbieder: pa.DictionaryArray
    code: pa.DictionaryArray
    toewijzing: Callable[[int], dict[str, Any] | None]


@dataclass(frozen=True)
class Voorbereid:
    """A batch as numbers: what distinguishes its rows, and nothing decided yet."""

    rij: Rijen
    gebreken: Codes
    nummers: Sequence[Codes]
    handtekening: Codes
    eerste: Codes
    redenen: Redenen


class Motor:
    """Judges batches of one run, in order.

    Args:
        vraagbaak: the OPA that decides.
        fragment: its compiled rules.
        lees: reads a cell (``waarden.Lezer.lees``).
    """

    def __init__(
        self, vraagbaak: Vraagbaak, fragment: Fragment, lees: Callable[[str, object], Gelezen]
    ) -> None:
        self._lezing = Lezing(vraagbaak, lees)
        self._gebreken = Gebreken(self._lezing.boeken, vraagbaak.gaaf)
        self._handtekening = Handtekening(fragment, self._lezing.groepen)
        self._feiten = sorted({*fragment.feiten, "gemeente"})
        self._plan = maak_plan(fragment)
        self._maskers = Maskers(self._plan, self._feiten)
        self._klassen = Klassen(vraagbaak)
        self._afwijkend = frozenset(vraagbaak.waarde("bulk/vragen/afwijkende_gemeenten"))
        self._bevonden: list[Bevonden] = []
        self._nummer_van_bevonden: dict[tuple[Any, ...], int] = {}
        self._klasse_van: dict[Any, int] = {}
        self._rijwaarden = Rijwaarden(vraagbaak, self._bevonden, self._lezing.groep_van)
        self._antwoorden = Antwoorden(self._klassen.lijst, self._rijwaarden.teksten)
        self._slot = threading.Lock()
        self.rijen = 0

    @property
    def velden(self) -> Collection[str]:
        """The velden that a row is judged on."""
        return self._lezing.boeken.keys()

    @property
    def klassen(self) -> Sequence[Klasse]:
        """Every class so far."""
        return self._klassen.lijst

    def beoordeel(
        self,
        kolommen: Mapping[str, pa.Array],
        aantal: int,
        *,
        vast: Mapping[str, object] | None = None,
        namen: Mapping[str, str] | None = None,
        rijfout: pa.Array | None = None,
    ) -> Oordeel:
        """Judge the next rows.

        Args:
            kolommen: the cells of each veld that the file has.
            aantal: how many rows there are.
            vast: velden that have the same cell in every row.
            namen: what the file calls each veld, for the reasons of what is unreadable.
            rijfout: why a row could not be read as a row; null for the others.

        Raises:
            ControleMislukt: OPA's besluit and the compiled rules disagree.
        """
        return self.oordeel(
            self.bereid_voor(kolommen, aantal, vast=vast, namen=namen, rijfout=rijfout)
        )

    def bereid_voor(
        self,
        kolommen: Mapping[str, pa.Array],
        aantal: int,
        *,
        vast: Mapping[str, object] | None = None,
        namen: Mapping[str, str] | None = None,
        rijfout: pa.Array | None = None,
    ) -> Voorbereid:
        """The first half of ``beoordeel``, which may run one batch ahead on another thread."""
        with self._slot:
            return self._bereid_voor(kolommen, aantal, vast or {}, namen or {}, rijfout)

    def _bereid_voor(
        self,
        kolommen: Mapping[str, pa.Array],
        aantal: int,
        vast: Mapping[str, object],
        namen: Mapping[str, str],
        rijfout: pa.Array | None,
    ) -> Voorbereid:
        codes = self._lezing.codes(kolommen, aantal, vast)
        onleesbaar = None
        if rijfout is not None and rijfout.null_count < aantal:
            onleesbaar = rijfout.is_valid().to_numpy(zero_copy_only=False)
        rij = Rijen(self._lezing.boeken, codes, onleesbaar, aantal, self.rijen)
        self.rijen += aantal
        gebreken = self._gebreken.van(rij)
        nummers = self._lezing.nummers(codes, aantal)
        reden = redenen(np.flatnonzero(gebreken), codes, self._lezing.boeken, namen, rijfout)
        return Voorbereid(rij, gebreken, nummers, *self._handtekening.uniek(nummers), reden)

    def oordeel(self, deel: Voorbereid) -> Oordeel:
        """The second half of ``beoordeel``."""
        bevonden = self._bepaal_bevonden(deel)
        klasse = self._bepaal_klassen(deel.rij, deel.gebreken, bevonden, deel.nummers)
        for nummer, keer in enumerate(np.bincount(klasse).tolist()):
            self._klassen.lijst[nummer].rijen += keer
        antwoord = self._antwoorden.kolommen(
            klasse, self._rijwaarden, bevonden, deel.nummers, self._lezing.feiten_van, deel.redenen
        )
        return Oordeel(
            antwoord,
            klasse.astype(np.int32),
            gemeente=deel.rij.gelezen("gemeente"),
            aanbieder=deel.rij.gelezen("aanbieder"),
            code=deel.rij.gelezen("productcode"),
            toewijzing=deel.rij.toewijzing,
        )

    def feiten(
        self,
        kolommen: Mapping[str, pa.Array],
        aantal: int,
        *,
        vast: Mapping[str, object] | None = None,
    ) -> dict[str, pa.Array]:
        """Every fact that the rules look at, of each row; what cannot be read counts as absent."""
        with self._slot:
            codes = self._lezing.codes(kolommen, aantal, vast or {})
            return self._lezing.feiten(self._feiten, self._lezing.nummers(codes, aantal))

    def _bepaal_bevonden(self, deel: Voorbereid) -> Codes:
        """Of each row the number of what the compiled rules say of it."""
        nummers = [codes[deel.eerste] for codes in deel.nummers]
        feiten = self._lezing.feiten(self._feiten, nummers)
        woorden = self._maskers.bereken(feiten)
        gemeenten = feiten["gemeente"].dictionary_encode()
        namen = gemeenten.dictionary.to_pylist()
        afwijkend = np.array([naam in self._afwijkend for naam in namen], dtype=np.bool_)
        gemeente = gemeenten.indices.to_numpy().astype(np.int64)
        gemeente = np.where(afwijkend[gemeente], gemeente, -1)
        samen, een = uniek(*woorden, gemeente)
        found = []
        for plaats in een.tolist():
            waarden = tuple(int(woord[plaats]) for woord in woorden)
            naam = namen[gemeente[plaats]] if gemeente[plaats] >= 0 else ""
            sleutel = (*waarden, naam)
            nummer = self._nummer_van_bevonden.setdefault(sleutel, len(self._bevonden))
            if nummer == len(self._bevonden):
                self._bevonden.append(Bevonden(self._plan.van(waarden), naam))
            found.append(nummer)
        per_rij: Codes = np.array(found, dtype=np.int64)[samen][deel.handtekening]
        return per_rij

    def _bepaal_klassen(
        self, rij: Rijen, gebreken: Codes, bevonden: Codes, nummers: Sequence[Codes]
    ) -> Codes:
        """The class of each row; asks OPA about those that are new."""
        # B1-20 rests on the last day itself, which rests on the first.
        apart = np.array([b.afwijkend for b in self._bevonden], dtype=np.bool_)[bevonden]
        dag = np.where(apart, nummers[self._lezing.groep_van["ingangsdatum"]], -1)
        samen, eerste = uniek(bevonden, gebreken, dag)
        sleutels = [
            self._sleutel(self._bevonden[bevonden[p]], int(gebreken[p]), int(dag[p]))
            for p in eerste
        ]
        nieuw: dict[Any, int] = {}
        for sleutel, plaats in zip(sleutels, eerste.tolist(), strict=True):
            if sleutel not in self._klasse_van:
                nieuw.setdefault(sleutel, plaats)
        self._klassen.maak(
            [
                Vertegenwoordiger(
                    rij.eerder + plaats,
                    plaats,
                    rij.toewijzing(plaats),
                    None if gebreken[plaats] else self._bevonden[bevonden[plaats]],
                )
                for plaats in nieuw.values()
            ],
            lambda rijen: self._rijwaarden.van_rijen(
                rijen, bevonden, nummers, self._lezing.feiten_van
            ),
        )
        for sleutel in nieuw:
            self._klasse_van[sleutel] = len(self._klasse_van)
        found: Codes = np.array([self._klasse_van[s] for s in sleutels], dtype=np.int64)[samen]
        return found

    @staticmethod
    def _sleutel(bevonden: Bevonden, gebrek: int, dag: int) -> Any:
        if gebrek >> ONLEESBAAR:
            return ("onleesbaar",)
        if gebrek:
            return ("gebrek", gebrek, bevonden.van("tussen_velden"))
        return (bevonden.sleutel, dag)
