"""iJw messages (JW301, JW315, JW323): each product of each message is a row."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa

from uitfasering.berichten import Bron, Ingelezen, Instellingen, lees_berichten
from uitfasering.bulk.lezen.model import CODES, MAX_CELLEN, TEKST, Bestand, met_rijfout
from uitfasering.bulk.lezen.platmaken import Onleesbaar, plat
from uitfasering.bulk.velden import KENMERK, TOEWIJZINGNUMMER, velden
from uitfasering.errors import MessageError
from uitfasering.melding import Melding

# Different in every row, or nearly so.
_TEKSTEN = (KENMERK, TOEWIJZINGNUMMER)
_VOOR = ("bestand", *_TEKSTEN)
_NA = ("waarom_deze_vraag", "wat_opviel")


class Berichten:
    """Files with messages, read together: a message can say something of another.

    The columns: ``bestand``, ``kenmerk`` (as ``besluit`` gives it), ``toewijzingnummer``, every
    field of a toewijzing, ``waarom_deze_vraag`` (why this handeling) and ``wat_opviel``. A file
    or message that cannot be used is one row with its reason.
    """

    soort = "berichten"

    def __init__(self, bestanden: Sequence[tuple[Path, str]], instellingen: Instellingen) -> None:
        self._bronnen = [Bron.van_pad(pad, naam) for pad, naam in bestanden]
        self._instellingen = instellingen
        self._kolommen = (*_VOOR, *velden(), *_NA)
        self.schema = met_rijfout(
            pa.schema([(naam, TEKST if naam in _TEKSTEN else CODES) for naam in self._kolommen])
        )
        self.bestanden = tuple(Bestand.van_pad(pad, naam) for pad, naam in bestanden)
        self.rijen: int | None = None
        self.opmerkingen: tuple[str, ...] = ()
        self._namen = {naam: plaats for plaats, (_, naam) in enumerate(bestanden)}
        self._plekken = (array("i"), array("i"))  # of each row its file, and its line or 0

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once.

        Raises:
            MessageError: there is not one product in these files.
        """
        gelezen = lees_berichten(self._bronnen, self._instellingen)
        niet_gelezen: list[Melding] = []
        iets = False
        while blok := list(islice(gelezen, MAX_CELLEN // len(self._kolommen))):
            iets = iets or any(isinstance(een, Ingelezen) for een in blok)
            if not iets:
                niet_gelezen += [een for een in blok if isinstance(een, Melding)]
            yield self._batch(blok)
        if not iets:
            raise MessageError(
                "In deze bestanden staan geen producten of prestaties.\n"
                + "\n".join(map(str, niet_gelezen)),
                niet_gelezen,
            )

    def plaats(self, rij: int) -> str:
        """The file and the line of this row (from 0)."""
        bestand, regel = (plekken[rij] for plekken in self._plekken)
        naam = self._bronnen[bestand].naam
        return f"{naam}, regel {regel}" if regel else naam

    def _batch(self, blok: list[Ingelezen | Melding]) -> pa.RecordBatch:
        rijen = [self._rij(een) for een in blok]
        arrays = [
            pa.array([rij.get(veld.name) for rij in rijen], veld.type) for veld in self.schema
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _rij(self, een: Ingelezen | Melding) -> dict[str, str | None]:
        naam = een.bestand if isinstance(een, Melding) else een.bron
        self._plekken[0].append(self._namen[naam])
        self._plekken[1].append(een.regel)
        rijfout = self.schema.names[-1]
        if isinstance(een, Melding):
            return {"bestand": naam, rijfout: f"{een.bericht} {een.oplossing}".strip()}
        rij: dict[str, str | None] = {
            "bestand": naam,
            KENMERK: een.kenmerk,
            TOEWIJZINGNUMMER: een.toewijzingnummer,
            "waarom_deze_vraag": een.handeling_grond,
            "wat_opviel": " ".join(een.opmerkingen) or None,
        }
        try:
            return rij | plat(een.toewijzing)
        except Onleesbaar as error:
            return rij | {rijfout: str(error)}
