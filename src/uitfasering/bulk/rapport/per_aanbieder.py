"""``--per-aanbieder MAP``: a file for each provider, with only its own rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from uitfasering.bulk.klassen import GEMEENTE, Klasse, vul_tekst
from uitfasering.bulk.rapport.aanbiederboek import Aanbiederboek
from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.plaatsen import keur_map, nieuwe_map
from uitfasering.bulk.rapport.rijen import Rijlezer, met_rijnummers
from uitfasering.bulk.rapport.spoel import AANBIEDER, KLASSE, Spoel
from uitfasering.bulk.rapport.spoel import GEMEENTE as GEMEENTEKOLOM
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.bulk.stroom import Blok

ZONDER = "zonder-aanbieder"
"""The file of rows without a provider; the others are named after the AGB code."""

_AANBIEDER = "aanbieder"
# What is open in a text for another reason than the municipality cannot be said here.
_ELDERS = ("‹zie de toelichting›", "‹zie de toelichting›")


class PerAanbieder:
    """The files for the providers. Close it, also when the run fails.

    Args:
        map: the folder; must not be there, or be empty.
        woorden: the words of the reports.
        teksten: of OPA: by municipality and regel, the words that differ (``gemeenteteksten``).

    Raises:
        UitfaseringError: the folder is there and is not empty.
    """

    def __init__(
        self, map: Path, woorden: Woorden, teksten: Mapping[str, Mapping[str, Any]]
    ) -> None:
        keur_map(map)
        self._map = map
        self._woorden = woorden
        self._teksten = teksten
        self._spoel = Spoel(map.absolute().parent)

    def voeg_toe(self, blok: Blok) -> None:
        """Keep the next rows."""
        self._spoel.voeg_toe(blok)

    def schrijf(self, herkomst: Herkomst, klassen: Sequence[Klasse]) -> None:
        """Write the files; ``klassen`` are those of the whole run.

        Raises:
            UitfaseringError: the folder cannot be written.
        """
        lezer = Rijlezer(self._woorden, herkomst.kolommen)
        with nieuwe_map(self._map) as map:
            tabel = self._spoel.tabel()
            if tabel is None:
                return
            tabel = met_rijnummers(tabel)
            vragen = _Vragen(klassen, self._teksten)
            gevraagd = vragen.per_rij(tabel)
            for aanbieder, rijen in _per_aanbieder(tabel):
                stuk = tabel.take(pa.array(rijen))
                boek = Aanbiederboek(self._woorden, lezer, aanbieder)
                boek.schrijf(
                    map / f"{aanbieder or ZONDER}.xlsx",
                    stuk,
                    [gevraagd[rij] for rij in rijen.tolist()],
                    klassen,
                )

    def close(self) -> None:
        """Let go of what was kept."""
        self._spoel.close()


class _Vragen:
    """What is asked of the provider of a row: the bevindingen that are addressed to it."""

    def __init__(self, klassen: Sequence[Klasse], teksten: Mapping[str, Mapping[str, Any]]) -> None:
        self._klassen = klassen
        self._teksten = teksten
        self._bekend: dict[tuple[int, str], str] = {}

    def per_rij(self, tabel: pa.Table) -> list[str]:
        """Of each row what is asked; "" is nothing."""
        klassen = tabel.column(KLASSE).to_pylist()
        gemeenten = tabel.column(GEMEENTEKOLOM).to_pylist()
        return [self._van(k, g or "") for k, g in zip(klassen, gemeenten, strict=True)]

    def _van(self, klasse: int, gemeente: str) -> str:
        sleutel = (klasse, gemeente)
        if sleutel not in self._bekend:
            zinnen = [
                vul_tekst(b["oplossing"] or b["tekst"], lambda vraag: self._open(vraag, gemeente))
                for b in self._klassen[klasse].sjabloon["bevindingen"]
                if b["geadresseerde"] == _AANBIEDER and b["norm"] != "informatie"
            ]
            self._bekend[sleutel] = " ".join(dict.fromkeys(zinnen))
        return self._bekend[sleutel]

    def _open(self, vraag: str, gemeente: str) -> Any:
        return self._teksten[gemeente] if vraag == GEMEENTE else _ELDERS


def _per_aanbieder(tabel: pa.Table) -> Iterator[tuple[str, np.ndarray]]:
    """Each provider's code ("" for none) with the places of its rows, in order."""
    kolom = tabel.column(AANBIEDER).combine_chunks()
    codes = kolom.indices.fill_null(-1).to_numpy()
    namen = kolom.dictionary.to_pylist()
    volgorde = np.argsort(codes, kind="stable")
    for deel in np.split(volgorde, np.flatnonzero(np.diff(codes[volgorde])) + 1):
        if len(deel):
            yield ("" if codes[deel[0]] < 0 else namen[codes[deel[0]]]), deel
