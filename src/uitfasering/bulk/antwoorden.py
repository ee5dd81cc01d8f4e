"""The columns that bulk adds, from the classes and what differs between their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from uitfasering.bulk.handtekening import uniek
from uitfasering.bulk.klassen import RIJWAARDEN, Klasse, vragen, vul_tekst
from uitfasering.bulk.redenen import Redenen
from uitfasering.bulk.rijwaarden import FeitenVan, Rijwaarden
from uitfasering.bulk.woordenboek import Codes, Vlaggen
from uitfasering.records import Besluit
from uitfasering.weergave import plat

Teksten = Mapping[str, Mapping[str, Any]]

OPLOSSING = "oplossing"
KOLOMMEN = tuple(
    naam for een in plat.KOLOMMEN for naam in ((een, OPLOSSING) if een == "toelichting" else (een,))
)
"""What bulk adds to each row: a besluit as a row, and what would make it right."""

DATUMS = (
    "uiterste_einddatum",
    "voorstel_einddatum",
    "voorstel_beeindigen_per",
    "voorstel_opnieuw_ingangsdatum",
    "voorstel_opnieuw_einddatum",
)
_TEKST = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema([(naam, pa.date32() if naam in DATUMS else _TEKST) for naam in KOLOMMEN])


def cellen(besluit: dict[str, Any]) -> dict[str, str]:
    """One besluit as the columns of KOLOMMEN; an absent value is an empty text."""
    als_record = Besluit.from_dict(besluit)
    beslist = [b for b in als_record.bevindingen if b.gevolg == als_record.uitkomst]
    oplossing = " ".join(dict.fromkeys(b.oplossing for b in beslist if b.oplossing))
    return {**plat.plat(als_record), OPLOSSING: oplossing}


class _Kolom:
    """One column: its distinct texts by number, and of each class the text or what is open in it.

    Number 0 is empty; a text with open places has a number below 0.
    """

    def __init__(self, cel_van: Callable[[int], str], teksten: Teksten) -> None:
        self.teksten = [""]
        self.open: list[str] = []
        self._nummers = {"": 0}
        self._teksten = teksten
        self.per_klasse = Vlaggen(lambda n: self.nummer(cel_van(n)), np.int64)
        self.vragen = Vlaggen(lambda n: self._vragen(cel_van(n)), np.int64)

    def nummer(self, tekst: str | None) -> int:
        if not tekst:
            return 0
        if tekst not in self._nummers:
            soort = self.open if vragen(tekst, self._teksten) else self.teksten
            soort.append(tekst)
            self._nummers[tekst] = -len(soort) if soort is self.open else len(soort) - 1
        return self._nummers[tekst]

    def array(self, codes: Codes, datum: bool) -> pa.Array:
        """The cells with these numbers; a text as a dictionary of only what may occur."""
        teksten = pa.array(self.teksten[1:], pa.string())
        indices = pa.array(codes.astype(np.int32) - 1, mask=codes == 0)
        if datum:
            return teksten.cast(pa.date32()).take(indices)
        return pa.DictionaryArray.from_arrays(indices, teksten)

    def _vragen(self, tekst: str) -> int:
        """What fills the open places of a text, as bits."""
        gevraagd = vragen(tekst, self._teksten)
        return sum(1 << bit for bit, naam in enumerate(RIJWAARDEN) if naam in gevraagd)

    def vullen(self, tekst: str, antwoorden: dict[str, Any]) -> int:
        return self.nummer(vul_tekst(tekst, antwoorden.__getitem__))


class Antwoorden:
    """The columns of a batch.

    Args:
        klassen: the classes; may grow.
        teksten: by municipality and regel, the words that differ.
    """

    def __init__(self, klassen: Sequence[Klasse], teksten: Teksten) -> None:
        self._klassen = klassen
        self._cellen: list[dict[str, str]] = []
        self._kolommen = {naam: _Kolom(partial(self._cel, naam), teksten) for naam in KOLOMMEN}

    def _cel(self, naam: str, klasse: int) -> str:
        return self._cellen_van(klasse)[naam]

    def _cellen_van(self, klasse: int) -> dict[str, str]:
        while len(self._cellen) <= klasse:
            self._cellen.append(cellen(self._klassen[len(self._cellen)].sjabloon))
        return self._cellen[klasse]

    def kolommen(
        self,
        klasse: Codes,
        rijwaarden: Rijwaarden,
        bevonden: Codes,
        nummers: Sequence[Codes],
        feiten_van: FeitenVan,
        redenen: Redenen,
    ) -> pa.RecordBatch:
        """The added columns of a batch whose rows are of these classes."""
        antwoord = self._open(klasse, rijwaarden, bevonden, nummers, feiten_van)
        arrays = []
        for naam, kolom in self._kolommen.items():
            codes = kolom.per_klasse.tot(len(self._klassen))[klasse]
            vragen = kolom.vragen.tot(len(self._klassen))
            if vragen.any():
                self._vul(kolom, codes, vragen[klasse], klasse, antwoord, rijwaarden)
            if naam == "toelichting":
                _leg_uit(kolom, codes, redenen)
            arrays.append(kolom.array(codes, naam in DATUMS))
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)

    def _open(
        self,
        klasse: Codes,
        rijwaarden: Rijwaarden,
        bevonden: Codes,
        nummers: Sequence[Codes],
        feiten_van: FeitenVan,
    ) -> dict[str, Codes]:
        """Of each question the number of its answer in each row, where any column asks it."""
        gevraagd = np.zeros(len(self._klassen), dtype=np.int64)
        for kolom in self._kolommen.values():
            gevraagd |= kolom.vragen.tot(len(self._klassen))
        found = {}
        for bit, naam in enumerate(RIJWAARDEN):
            rijen = np.flatnonzero((gevraagd[klasse] >> bit) & 1)
            if len(rijen):
                codes = np.full(len(klasse), -1, dtype=np.int64)
                codes[rijen] = rijwaarden.codes(naam, rijen, bevonden, nummers, feiten_van)
                found[naam] = codes
        return found

    def _vul(
        self,
        kolom: _Kolom,
        codes: Codes,
        vragen: Codes,
        klasse: Codes,
        antwoord: dict[str, Codes],
        rijwaarden: Rijwaarden,
    ) -> None:
        """Replace, in ``codes``, the texts with open places by those that are filled in."""
        for soort in np.unique(vragen[vragen > 0]).tolist():
            rijen = np.flatnonzero(vragen == soort)
            gevraagd = [n for bit, n in enumerate(RIJWAARDEN) if soort >> bit & 1]
            # The same text in many classes is filled in once.
            samen, eerste = uniek(codes[rijen], *(antwoord[n][rijen] for n in gevraagd))
            gevuld = [
                kolom.vullen(
                    kolom.open[-1 - codes[rijen[plaats]]],
                    {n: rijwaarden.antwoorden[n][antwoord[n][rijen[plaats]]] for n in gevraagd},
                )
                for plaats in eerste.tolist()
            ]
            codes[rijen] = np.array(gevuld, dtype=np.int64)[samen]


def _leg_uit(kolom: _Kolom, codes: Codes, redenen: Redenen) -> None:
    """Put after the texts of unreadable rows why they are."""
    if not len(redenen.rijen):
        return
    samen, eerste = uniek(codes[redenen.rijen], redenen.codes)
    nieuw = [
        kolom.nummer(
            f"{kolom.teksten[codes[redenen.rijen[i]]]} {redenen.teksten[redenen.codes[i]]}"
        )
        for i in eerste.tolist()
    ]
    codes[redenen.rijen] = np.array(nieuw, dtype=codes.dtype)[samen]
