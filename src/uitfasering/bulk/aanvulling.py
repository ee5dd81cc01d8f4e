"""What no message carries, from a sheet that people filled in: ``--aanvulling``.

A row of the sheet belongs to the rows of the export with the same municipality and the same
ToewijzingNummer, kenmerk, or both: whichever of the two the sheet and the export have. What the
sheet says only fills cells that are empty in the export.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uitfasering.bulk.bron import RIJFOUT, Bron, open_bron
from uitfasering.bulk.kolommen import Kolommen, herken
from uitfasering.bulk.velden import SLEUTELS, TOEWIJZINGNUMMER, velden
from uitfasering.bulk.waarden import Lezer
from uitfasering.bulk.woordenboek import LEEG, Codes, Woordenboek
from uitfasering.errors import MessageError

Nummers = npt.NDArray[np.int64]

AANVULBAAR = (
    "verwijzer",
    "medicatiecontrole",
    "gemotiveerd",
    "afgestemd",
    "overgenomen_woonplaats",
    "gezinsplan",
)
"""The velden that no message carries (issue 5), in the order of the sheet."""

GEMEENTE = "gemeente"

_GEEN = -1
_FOUTEN_GENOEMD = 50
_RIJEN_GENOEMD = 10


class Aanvulling:
    """The answers of one sheet, and what became of them.

    Attributes:
        naam: the file as the user named it.
        rijen: how many rows of the export were found in it so far.
        aangevuld: how many cells were filled so far.
        botsingen: per field how many rows have another value than the sheet; theirs counts.
    """

    def __init__(
        self, naam: str, lezing: _Lezing, vast: Mapping[str, object], plaats: Callable[[int], str]
    ) -> None:
        self.naam = naam
        self.rijen = 0
        self.aangevuld = 0
        self.botsingen: dict[str, int] = {}
        self._vast = vast
        self._plaats = plaats
        self._gemeente = lezing.gemeente
        self._boeken = lezing.boeken
        self._teksten = {naam: kolom.unique() for naam, kolom in lezing.sleutels.items()}
        nummers = self._nummers(lezing.gemeenten, lezing.sleutels)
        # Of each key its first row; the rows of a key stand in the order of the sheet.
        self._sleutels, eerste, samen = np.unique(nummers, return_index=True, return_inverse=True)
        self._waarden = {
            veld: _een_antwoord(codes, samen, len(eerste)) for veld, codes in lezing.codes.items()
        }
        fouten = [
            f"{plaats(int(lezing.rijen[rij]))}, {veld}: hier staat iets anders dan bij dezelfde "
            f"toewijzing in {plaats(int(lezing.rijen[eerste[samen[rij]]]))}."
            for veld, codes in lezing.codes.items()
            for rij in np.flatnonzero((codes != LEEG) & (codes != self._waarden[veld][samen]))
        ]
        if fouten:
            raise _mislukt(fouten)
        self._rij_van = lezing.rijen[eerste]
        self._gebruikt = np.zeros(len(eerste), dtype=np.bool_)

    @property
    def velden(self) -> Collection[str]:
        """The fields that the sheet has a column for."""
        return self._boeken.keys()

    def vul(self, kolommen: Mapping[str, pa.Array], aantal: int) -> dict[str, pa.Array]:
        """The columns of a batch, with the answers of the sheet in cells that were empty.

        Args:
            kolommen: the cells of each veld and key that the export has a column for.
            aantal: how many rows there are.
        """
        gevuld = dict(kolommen)
        plek = self._zoek(kolommen, aantal)
        gevonden = plek != _GEEN
        self.rijen += int(gevonden.sum())
        self._gebruikt[plek[gevonden]] = True
        for naam, boek in self._boeken.items():
            antwoord = np.where(gevonden, self._waarden[naam][plek], LEEG)
            eigen = self._codes(boek, kolommen, aantal)
            nieuw = (antwoord != LEEG) & (eigen == LEEG)
            botsing = (antwoord != LEEG) & (eigen != LEEG) & (eigen != antwoord)
            if botsing.any():
                self.botsingen[naam] = self.botsingen.get(naam, 0) + int(botsing.sum())
            if nieuw.any():
                self.aangevuld += int(nieuw.sum())
                gevuld[naam] = _kolom(boek, np.where(nieuw, antwoord, eigen))
        return gevuld

    def meldingen(self) -> Iterator[str]:
        """What the user should know when all rows have passed, in Dutch."""
        yield (
            f"Uit {self.naam}: {_telling(self.aangevuld, 'antwoord', 'antwoorden')} overgenomen, "
            f"bij {_telling(self.rijen, 'toewijzing', 'toewijzingen')}."
        )
        for naam, keer in self.botsingen.items():
            yield (
                f"Let op: over {naam} zegt {self.naam} {keer} keer iets anders dan het bestand met "
                "de toewijzingen. Dat bestand is daar gevolgd."
            )
        over = np.sort(self._rij_van[~self._gebruikt]).tolist()
        if over:
            genoemd = ", ".join(self._plaats(rij) for rij in over[:_RIJEN_GENOEMD])
            meer = f" en nog {len(over) - _RIJEN_GENOEMD}" if len(over) > _RIJEN_GENOEMD else ""
            yield (
                f"Let op: {_telling(len(over), 'rij', 'rijen')} in {self.naam} zonder een "
                f"toewijzing erbij: {genoemd}{meer}. Kloppen de gemeente en het nummer?"
            )

    def _zoek(self, kolommen: Mapping[str, pa.Array], aantal: int) -> Nummers:
        """Of each row the place of its key; ``_GEEN`` when the sheet does not have it."""
        gemeente = self._codes(self._gemeente, kolommen, aantal)
        sleutels = {naam: sleuteltekst(naam, kolommen[naam]) for naam in self._teksten}
        nummers = self._nummers(gemeente, sleutels)
        plek = np.searchsorted(self._sleutels, nummers).clip(max=len(self._sleutels) - 1)
        found: Nummers = np.where(self._sleutels[plek] == nummers, plek, _GEEN)
        return found

    def _nummers(self, gemeente: Codes, sleutels: Mapping[str, pa.Array]) -> Nummers:
        """Each key as one number; ``_GEEN`` for one with a part that the sheet does not have."""
        nummers = gemeente.astype(np.int64)
        bekend = np.ones(len(nummers), dtype=np.bool_)
        for naam, kolom in sleutels.items():
            plek = pc.index_in(kolom, self._teksten[naam]).fill_null(_GEEN)
            nummers = nummers * len(self._teksten[naam]) + plek.to_numpy(zero_copy_only=False)
            bekend &= plek.to_numpy(zero_copy_only=False) != _GEEN
        found: Nummers = np.where(bekend, nummers, _GEEN)
        return found

    def _codes(self, boek: Woordenboek, kolommen: Mapping[str, pa.Array], aantal: int) -> Codes:
        naam = boek.veld.naam
        if naam in self._vast:
            return np.full(aantal, boek.nummer(self._vast[naam]), dtype=np.int32)
        if naam in kolommen:
            return boek.codes(kolommen[naam])
        return np.full(aantal, LEEG, dtype=np.int32)


def lees_aanvulling(pad: Path, root: Path, kolommen: Kolommen) -> Aanvulling:
    """Read a sheet with answers, from any kind of file that an export can be.

    Args:
        pad: the file.
        root: the project whose tables say what is meant.
        kolommen: the columns of the export.

    Raises:
        MessageError: the file cannot be read, lacks a column, has a cell that cannot be read, or
            says two things about one toewijzing; names every fault and its place.
        BuildError: the tables are wrong.
    """
    bron = open_bron([pad], root)
    if bron.soort == "berichten":
        raise MessageError(f"{pad}: Een aanvulling is een tabel, en dit is een bericht.")
    namen = herken(bron.kolommen, root, nodig=(GEMEENTE,), bestand=str(pad)).velden
    sleutels = [naam for naam in SLEUTELS if naam in namen and naam in kolommen.velden]
    if not sleutels:
        raise MessageError(
            f"{pad}: Er is geen kolom {' of '.join(SLEUTELS)} die ook in het bestand met de "
            "toewijzingen staat. Zet in allebei dezelfde kolom."
        )
    if not set(namen) & set(AANVULBAAR):
        raise MessageError(
            f"{pad}: Er is niets om aan te vullen. Geef een of meer van deze kolommen: "
            f"{', '.join(AANVULBAAR)}."
        )
    lezing = _Lezing(bron, namen, sleutels, Lezer(root))
    return Aanvulling(str(pad), lezing, kolommen.vast, bron.plaats)


class _Lezing:
    """The rows of a sheet that say anything.

    Attributes:
        gemeente, boeken: the values of the municipality, and of each field to supplement.
        gemeenten, codes: of each row their numbers.
        sleutels: the keys of each row, as ``sleuteltekst`` gives them.
        rijen: of each row its number in the file, from 0.

    Raises:
        MessageError: a cell or a row cannot be read; names them all.
    """

    def __init__(
        self, bron: Bron, namen: Mapping[str, str], sleutels: Sequence[str], lezer: Lezer
    ) -> None:
        self.gemeente = Woordenboek(velden()[GEMEENTE], lezer.lees)
        self.boeken = {
            naam: Woordenboek(velden()[naam], lezer.lees) for naam in AANVULBAAR if naam in namen
        }
        self._fouten: list[str] = []
        delen: dict[str, list[pa.Array]] = {}
        begin = 0
        for batch in bron.batches():
            for naam, kolom in self._deel(bron, batch, namen, sleutels, begin).items():
                delen.setdefault(naam, []).append(kolom)
            begin += len(batch)
        if self._fouten:
            raise _mislukt(self._fouten)
        if not sum(map(len, delen.get(GEMEENTE, []))):
            raise MessageError(f"{bron.bestanden[0].naam}: In deze aanvulling is niets ingevuld.")
        heel = {naam: pa.concat_arrays(kolommen) for naam, kolommen in delen.items()}
        self.rijen: Nummers = heel["rij"].to_numpy()
        self.gemeenten: Codes = heel[GEMEENTE].to_numpy()
        self.codes: dict[str, Codes] = {naam: heel[naam].to_numpy() for naam in self.boeken}
        self.sleutels = {naam: heel[naam] for naam in sleutels}

    def _deel(
        self,
        bron: Bron,
        batch: pa.RecordBatch,
        namen: Mapping[str, str],
        sleutels: Sequence[str],
        begin: int,
    ) -> dict[str, pa.Array]:
        """The rows of a batch that say anything, as columns."""
        codes = {n: boek.codes(batch.column(namen[n])) for n, boek in self.boeken.items()}
        gemeente = self.gemeente.codes(batch.column(namen[GEMEENTE]))
        teksten = {naam: sleuteltekst(naam, batch.column(namen[naam])) for naam in sleutels}
        gevuld = np.logical_or.reduce([rij != LEEG for rij in codes.values()])
        if RIJFOUT in batch.schema.names:
            reden = batch.column(RIJFOUT)
            for rij in np.flatnonzero(reden.is_valid().to_numpy(zero_copy_only=False)):
                self._fouten.append(f"{bron.plaats(begin + int(rij))}: {reden[int(rij)]}.")
        sleutelloos = np.logical_and.reduce(
            [pc.equal(tekst, "").to_numpy(zero_copy_only=False) for tekst in teksten.values()]
        )
        for rij in np.flatnonzero(gevuld & sleutelloos):
            plek = f"{bron.plaats(begin + int(rij))}, {' en '.join(sleutels)}"
            self._fouten.append(f"{plek}: hier staat niets, dus hoort deze rij nergens bij.")
        for rij in np.flatnonzero(gevuld & (gemeente == LEEG)):
            plek = f"{bron.plaats(begin + int(rij))}, {namen[GEMEENTE]}"
            self._fouten.append(f"{plek}: hier staat niets; geef de gemeente.")
        for naam, rijcodes in {GEMEENTE: np.where(gevuld, gemeente, LEEG), **codes}.items():
            boek = self.boeken.get(naam, self.gemeente)
            fout = np.array([een is not None for een in boek.fouten], dtype=np.bool_)
            for rij in np.flatnonzero(fout[rijcodes]):
                plek = f"{bron.plaats(begin + int(rij))}, {namen[naam]}"
                self._fouten.append(f"{plek}: {boek.fouten[rijcodes[rij]]}.")
        rijen = np.flatnonzero(gevuld)
        return {
            "rij": pa.array(rijen + begin),
            GEMEENTE: pa.array(gemeente[rijen]),
            **{naam: pa.array(rij[rijen]) for naam, rij in codes.items()},
            **{naam: tekst.take(pa.array(rijen)) for naam, tekst in teksten.items()},
        }


def sleuteltekst(naam: str, kolom: pa.Array) -> pa.Array:
    """A column of keys as text, so that what is the same key is the same text; empty is ``""``.

    A ToewijzingNummer is a number: zeros before it do not count, as Excel leaves them out.
    """
    if pa.types.is_floating(kolom.type):  # whole numbers in a column with empty cells
        kolom = kolom.cast(pa.int64(), safe=False)
    tekst = pc.utf8_trim_whitespace(kolom.cast(pa.string()))
    if naam == TOEWIJZINGNUMMER:
        tekst = pc.utf8_ltrim(tekst, "0")
    return tekst.fill_null("")


def _een_antwoord(codes: Codes, samen: Nummers, aantal: int) -> Codes:
    """Of each key the first answer that was filled in."""
    found: Codes = np.full(aantal, LEEG, dtype=codes.dtype)
    gevuld = np.flatnonzero(codes != LEEG)[::-1]
    # Backwards, so that the first is written last.
    found[samen[gevuld]] = codes[gevuld]
    return found


def _kolom(boek: Woordenboek, codes: Codes) -> pa.DictionaryArray:
    """These values as a column that reads the same; a fault stays the cell it was."""
    teksten = [celtekst(waarde) for waarde in boek.waarden]
    indices = pa.array(codes.astype(np.int32), mask=codes == LEEG)
    return pa.DictionaryArray.from_arrays(indices, pa.array(teksten, pa.string()))


def celtekst(waarde: object) -> str | None:
    """A value as a text that is read as that value."""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    return None if waarde is None else str(waarde)


def _telling(aantal: int, een: str, meer: str) -> str:
    return f"1 {een}" if aantal == 1 else f"{aantal} {meer}"


def _mislukt(fouten: Sequence[str]) -> MessageError:
    genoemd = list(fouten[:_FOUTEN_GENOEMD])
    if len(fouten) > _FOUTEN_GENOEMD:
        genoemd.append(f"En nog {len(fouten) - _FOUTEN_GENOEMD} fouten.")
    return MessageError("\n".join(["De aanvulling klopt niet.", *genoemd]))
