"""Rows of a run as a reader sees them: names for codes, words for uitkomsten, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.rapport.cellen import Cel, cellen
from uitfasering.bulk.rapport.spoel import ANTWOORD, GEMEENTE, INVOER, KLASSE
from uitfasering.bulk.rapport.telling import ANDERE
from uitfasering.bulk.rapport.woorden import Woorden
from uitfasering.records import Beeindigen, Opnieuw, Voorstel
from uitfasering.weergave import plat
from uitfasering.weergave.woorden import voorstel_in_zinnen

_VOORSTEL = tuple(naam for naam in plat.KOLOMMEN if naam.startswith("voorstel_"))
_LIJSTEN = ("regels", "ontbreekt", "voorstel_opnieuw_eenheden")

RIJNUMMER = "rij"
"""The column with the place of a row in the run, from 1."""


class Rijlezer:
    """Reads the columns of a piece of the run.

    Args:
        woorden: the words of the reports.
        kolommen: veld → the column of the file.
    """

    def __init__(self, woorden: Woorden, kolommen: Mapping[str, str]) -> None:
        self._woorden = woorden
        self._kolommen = kolommen
        self._voorstellen: dict[tuple[Cel, ...], str] = {}

    def invoer(self, stuk: pa.Table, naam: str) -> Sequence[Cel]:
        """A column of the file, by its own name."""
        return cellen(stuk.column(f"{INVOER}{naam}"))

    def veld(self, stuk: pa.Table, veld: str) -> Sequence[Cel]:
        """A column of the file, by the veld it was read as."""
        return self.invoer(stuk, self._kolommen[veld])

    def heeft(self, stuk: pa.Table, veld: str) -> bool:
        """Whether the file had this veld, and it is kept."""
        return f"{INVOER}{self._kolommen.get(veld, '')}" in stuk.schema.names

    def antwoord(self, stuk: pa.Table, naam: str) -> Sequence[Cel]:
        """A column of the answer, in words."""
        rauw = cellen(stuk.column(f"{ANTWOORD}{naam}"))
        if naam == "uitkomst":
            return [self._woorden.uitkomsten[str(cel)].kop for cel in rauw]
        if naam in _LIJSTEN:
            return [cel.replace(" ", ", ") if isinstance(cel, str) else cel for cel in rauw]
        return rauw

    def gemeenten(self, stuk: pa.Table) -> list[str]:
        """The name of each row's municipality."""
        namen = self._woorden.gemeenten
        return [namen.get(str(code), ANDERE) for code in stuk.column(GEMEENTE).to_pylist()]

    def wat_te_doen(self, stuk: pa.Table) -> list[Cel]:
        """What would make each row right, and the proposal for it."""
        oplossing = self.antwoord(stuk, "oplossing")
        voorstel = zip(*(cellen(stuk.column(f"{ANTWOORD}{n}")) for n in _VOORSTEL), strict=True)
        return [
            "\n".join(filter(None, (str(een or ""), self._voorstel(ander)))) or None
            for een, ander in zip(oplossing, voorstel, strict=True)
        ]

    def _voorstel(self, velden: tuple[Cel, ...]) -> str:
        if not any(velden):
            return ""
        if velden not in self._voorstellen:
            zinnen = voorstel_in_zinnen(_voorstel(velden), self._woorden.weergave)
            self._voorstellen[velden] = f"Voorstel: {' '.join(zinnen)}"
        return self._voorstellen[velden]


def met_rijnummers(tabel: pa.Table) -> pa.Table:
    """The same rows, numbered in RIJNUMMER."""
    return tabel.append_column(RIJNUMMER, pa.array(range(1, len(tabel) + 1), pa.int64()))


def groepen(stuk: pa.Table, klassen: Sequence[Klasse], woorden: Woorden) -> list[str]:
    """The group of each row."""
    per_klasse = [woorden.groep(k.besluit["uitkomst"], k.besluit["ontbreekt"]) for k in klassen]
    return [per_klasse[klasse] for klasse in stuk.column(KLASSE).to_pylist()]


def _voorstel(velden: tuple[Cel, ...]) -> Voorstel:
    einddatum, per, reden, segment, code, van, tot, eenheden = (
        str(cel) if cel is not None else None for cel in velden
    )
    if einddatum:
        return Voorstel(einddatum=einddatum)
    return Voorstel(
        beeindigen=Beeindigen(einddatum=per or "", reden_wijziging=reden or ""),
        opnieuw=Opnieuw(
            segment=segment or "",
            code=code,
            ingangsdatum=van or "",
            einddatum=tot or "",
            eenheden=tuple((eenheden or "").split()),
        ),
    )
