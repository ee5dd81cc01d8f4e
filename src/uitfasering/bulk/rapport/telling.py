"""The figures of a run: what every report says is counted here, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.motor import Oordeel
from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.woorden import Regelwoorden, Woorden
from uitfasering.weergave.plat import VOORBEELD

ANDERE = "Andere of onbekend"
"""Rows whose municipality is not one of the region's, or cannot be read."""


@dataclass(frozen=True)
class Uitkomstcijfer:
    """How many rows have an uitkomst."""

    uitkomst: str
    kop: str
    zin: str
    aantal: int


@dataclass(frozen=True)
class Gemeentecijfer:
    """The rows of one municipality.

    ``aantallen`` are by uitkomst, in the order of ``Cijfers.uitkomsten``; ``vraagt_iets`` counts
    those with which the municipality still has to do something.
    """

    naam: str
    aantallen: tuple[int, ...]
    vraagt_iets: int

    @property
    def totaal(self) -> int:
        """All rows."""
        return sum(self.aantallen)


@dataclass(frozen=True)
class Regelcijfer:
    """How many rows an agreement applies to."""

    regel: str
    woorden: Regelwoorden
    aantal: int


@dataclass(frozen=True)
class Cijfers:
    """Everything that is counted.

    Attributes:
        rijen: how many rows.
        vraagt_iets: how many of them ask something of the municipality.
        uitkomsten: the uitkomsten that occur, the heaviest first.
        gemeenten: the municipalities that occur, by name; others last.
        opvallend: Dutch: what stands out, and for how many rows.
        regels: the agreements that occur, by id.
    """

    rijen: int
    vraagt_iets: int
    uitkomsten: Sequence[Uitkomstcijfer]
    gemeenten: Sequence[Gemeentecijfer]
    opvallend: Sequence[tuple[str, int]]
    regels: Sequence[Regelcijfer]


class Telling:
    """Counts rows by class and municipality, as they come."""

    def __init__(self, woorden: Woorden) -> None:
        self._woorden = woorden
        self._aantal: Counter[tuple[int, str]] = Counter()

    def voeg_toe(self, oordeel: Oordeel) -> None:
        """Count a batch."""
        namen = [self._gemeente(code) for code in oordeel.gemeente.dictionary.to_pylist()]
        namen.append(self._gemeente(None))
        codes = oordeel.gemeente.indices.fill_null(len(namen) - 1).to_numpy()
        samen = oordeel.klasse.astype(np.int64) * len(namen) + codes
        for sleutel, aantal in zip(*np.unique(samen, return_counts=True), strict=True):
            klasse, gemeente = divmod(int(sleutel), len(namen))
            self._aantal[klasse, namen[gemeente]] += int(aantal)

    def cijfers(self, klassen: Sequence[Klasse], herkomst: Herkomst) -> Cijfers:
        """What was counted, in words; ``klassen`` are those of the whole run."""
        besluiten = [klasse.besluit for klasse in klassen]
        per_klasse: Counter[int] = Counter()
        for (klasse, _), aantal in self._aantal.items():
            per_klasse[klasse] += aantal
        uitkomsten = self._uitkomsten(besluiten, per_klasse)
        gemeenten = self._gemeenten(besluiten, [een.uitkomst for een in uitkomsten])
        return Cijfers(
            rijen=per_klasse.total(),
            vraagt_iets=sum(gemeente.vraagt_iets for gemeente in gemeenten),
            uitkomsten=uitkomsten,
            gemeenten=gemeenten,
            opvallend=list(self._opvallend(besluiten, per_klasse, herkomst)),
            regels=self._regels(besluiten, per_klasse),
        )

    def _gemeente(self, code: str | None) -> str:
        return self._woorden.gemeenten.get(code or "", ANDERE)

    def _uitkomsten(
        self, besluiten: Sequence[Mapping[str, Any]], per_klasse: Mapping[int, int]
    ) -> list[Uitkomstcijfer]:
        aantal: Counter[str] = Counter()
        for klasse, rijen in per_klasse.items():
            aantal[besluiten[klasse]["uitkomst"]] += rijen
        return [
            Uitkomstcijfer(uitkomst, woorden.kop, woorden.zin, aantal[uitkomst])
            for uitkomst, woorden in self._woorden.uitkomsten.items()
            if aantal[uitkomst]
        ]

    def _gemeenten(
        self, besluiten: Sequence[Mapping[str, Any]], uitkomsten: Sequence[str]
    ) -> list[Gemeentecijfer]:
        aantal: dict[str, Counter[str]] = {}
        vraagt_iets: Counter[str] = Counter()
        for (klasse, naam), rijen in self._aantal.items():
            besluit = besluiten[klasse]
            aantal.setdefault(naam, Counter())[besluit["uitkomst"]] += rijen
            groep = self._woorden.groep(besluit["uitkomst"], besluit["ontbreekt"])
            if self._woorden.groepen[groep].vraagt_iets:
                vraagt_iets[naam] += rijen
        return [
            Gemeentecijfer(naam, tuple(aantal[naam][u] for u in uitkomsten), vraagt_iets[naam])
            for naam in sorted(aantal, key=lambda naam: (naam == ANDERE, naam))
        ]

    def _opvallend(
        self,
        besluiten: Sequence[Mapping[str, Any]],
        per_klasse: Mapping[int, int],
        herkomst: Herkomst,
    ) -> Iterable[tuple[str, int]]:
        def tel(telt: Iterable[bool]) -> int:
            return sum(per_klasse.get(klasse, 0) for klasse, ja in enumerate(telt) if ja)

        codes = len(herkomst.onbekende_codes)
        yield (
            "Er ontbreken gegevens die de uitkomst bepalen. Vul ze aan en vraag het opnieuw.",
            tel(bool(b["ontbreekt"]) for b in besluiten),
        )
        yield (
            "De productcode staat niet in de catalogus. Welke codes dat zijn, staat bij Herkomst "
            f"({codes} {'code' if codes == 1 else 'codes'}).",
            sum(herkomst.onbekende_codes.values()),
        )
        yield (
            "De uitkomst rust op een voorbeeld in de catalogus, niet op een echte productcode.",
            tel(self._op_voorbeeld(b) for b in besluiten),
        )
        yield (
            "De uitkomst is voorlopig: een datum waar zij op rust, is nog niet bekend.",
            tel(b["voorlopig"] for b in besluiten),
        )

    def _op_voorbeeld(self, besluit: Mapping[str, Any]) -> bool:
        return any(
            b["regel"] == VOORBEELD or self._woorden.voorbeeld in b["tekst"]
            for b in besluit["bevindingen"]
        )

    def _regels(
        self, besluiten: Sequence[Mapping[str, Any]], per_klasse: Mapping[int, int]
    ) -> list[Regelcijfer]:
        aantal: Counter[str] = Counter()
        for klasse, rijen in per_klasse.items():
            for regel in {b["regel"] for b in besluiten[klasse]["bevindingen"]}:
                aantal[regel] += rijen
        return [
            Regelcijfer(regel, woorden, aantal[regel])
            for regel, woorden in self._woorden.regels.items()
            if aantal[regel]
        ]
