"""Which empty cells decide something: what ``--vraag-aanvulling`` asks.

Of a row, an empty cell of one of AANVULBAAR decides when there is a way to fill in the other empty
ones, or leave them, with which two ways to fill in or leave this one give another answer. So one
round is enough: a cell that is not asked changes nothing, whatever is filled in elsewhere. Another
answer is another uitkomst, other bevindingen (but for INFO) or another voorstel; other words, or
another uiterste_einddatum with the same bevindingen, is not.

Nothing is decided here. For rows of the same kind every way to fill in the empty cells goes through
a motor of its own. Rows are of the same kind when the same cells are empty and the same
alternatives of OPA's residuals can still hold, whatever comes in those cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uitfasering.bulk.aanvulling import AANVULBAAR, celtekst
from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.groepen import feitenschema
from uitfasering.bulk.handtekening import uniek
from uitfasering.bulk.klassen import Klasse
from uitfasering.bulk.motor import Motor, Oordeel
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.velden import velden
from uitfasering.bulk.waarden import Gelezen
from uitfasering.bulk.woordenboek import LEEG, Codes, Vlaggen, Woordenboek
from uitfasering.residu import Constante, Vergelijking

Nummers = npt.NDArray[np.int64]
Masker = npt.NDArray[np.bool_]

GEEN = -1
"""The number of a row of which nothing is asked."""

_PER_WOORD = 60
_PER_KEER = 200_000
_ONGELDIG = "ONGELDIGE_INVOER"
_TELT_NIET = "INFO"
_VOORSTEL = "voorstel_"

_VERGELIJK: Mapping[str, Callable[[pa.Array, pa.Array | pa.Scalar], pa.Array]] = {
    "==": pc.equal,
    "!=": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}


@dataclass(frozen=True)
class Vraag:
    """What is asked of a row, and why.

    Attributes:
        velden: the cells that decide, in the order of AANVULBAAR.
        nu: the uitkomst as long as they are empty.
        anders: the other uitkomsten that there can be.
        regels: the agreements that apply in one case and not in another.
    """

    velden: tuple[str, ...]
    nu: str
    anders: tuple[str, ...]
    regels: tuple[str, ...]


class Navraag:
    """Finds the cells that decide.

    Args:
        vraagbaak, fragment, lees: those of ``motor``.
        motor: judges the rows themselves.

    Attributes:
        vragen: every different Vraag so far.
    """

    def __init__(
        self,
        vraagbaak: Vraagbaak,
        fragment: Fragment,
        lees: Callable[[str, object], Gelezen],
        motor: Motor,
    ) -> None:
        self._motor = motor
        self._proef = Motor(vraagbaak, fragment, lees)
        self._fragment = fragment
        self._boeken = {naam: Woordenboek(velden()[naam], lees) for naam in AANVULBAAR}
        self._waarden = {naam: _waarden(naam, fragment.constanten) for naam in AANVULBAAR}
        # Of each field the alternatives that look at it, as bits of the words of a row.
        self._noemt = {naam: _bits(fragment, naam) for naam in AANVULBAAR}
        self._geldig = Vlaggen(
            lambda n: motor.klassen[n].besluit["uitkomst"] != _ONGELDIG, np.bool_
        )
        self._antwoorden: dict[object, int] = {}
        self._antwoord_van = Vlaggen(lambda n: self._antwoord(self._proef.klassen[n]), np.int64)
        self.vragen: list[Vraag] = []
        self._nummers: dict[Vraag, int] = {}
        self._vraag_van: dict[tuple[int, ...], int] = {}

    def vraag(
        self,
        kolommen: Mapping[str, pa.Array],
        aantal: int,
        oordeel: Oordeel,
        vast: Mapping[str, object],
    ) -> Nummers:
        """Of each row the number of its Vraag, or GEEN.

        Args:
            kolommen: the cells of each veld, as the motor got them.
            aantal: how many rows there are.
            oordeel: what the motor said of them.
            vast: velden that have the same cell in every row.
        """
        geldig = self._geldig.tot(len(self._motor.klassen))[oordeel.klasse]
        rijen = np.flatnonzero(geldig)
        nummers: Nummers = np.full(aantal, GEEN, dtype=np.int64)
        if not len(rijen):
            return nummers
        leeg = {naam: self._leeg(naam, kolommen, aantal, vast) for naam in AANVULBAAR}
        woorden = self._woorden(self._proef.feiten(kolommen, aantal, vast=vast), leeg)
        soort, eerste = uniek(*(woord[rijen] for woord in woorden))
        sleutels = [tuple(int(w[rijen[p]]) for w in woorden) for p in eerste]
        nieuw = {
            sleutel: int(rijen[plaats])
            for sleutel, plaats in zip(sleutels, eerste, strict=True)
            if sleutel not in self._vraag_van
        }
        self._onderzoek(nieuw, kolommen, vast)
        nummers[rijen] = np.array([self._vraag_van[s] for s in sleutels], dtype=np.int64)[soort]
        return nummers

    def _leeg(
        self,
        naam: str,
        kolommen: Mapping[str, pa.Array],
        aantal: int,
        vast: Mapping[str, object],
    ) -> Masker:
        """In which rows the cell is empty."""
        if naam in vast:
            return np.zeros(aantal, dtype=np.bool_)
        if naam not in kolommen:
            return np.ones(aantal, dtype=np.bool_)
        leeg: Masker = self._boeken[naam].codes(kolommen[naam]) == LEEG
        return leeg

    def _woorden(self, feiten: Mapping[str, pa.Array], leeg: Mapping[str, Masker]) -> list[Nummers]:
        """What makes rows of one kind: a bit an alternative, and last a bit a cell."""
        waar = {
            vergelijking: _waar(vergelijking, feiten) | leeg[vergelijking.feit]
            if vergelijking.feit in leeg
            else _waar(vergelijking, feiten)
            for vergelijking in self._fragment.vergelijkingen
        }
        aantal = len(next(iter(leeg.values())))
        woorden = []
        for plaats, alternatief in enumerate(self._fragment.alternatieven):
            if plaats % _PER_WOORD == 0:
                woorden.append(np.zeros(aantal, dtype=np.int64))
            kan = np.ones(aantal, dtype=np.bool_)
            for vergelijking in alternatief:
                kan &= waar[vergelijking]
            woorden[-1] |= kan.astype(np.int64) << (plaats % _PER_WOORD)
        cellen = np.zeros(aantal, dtype=np.int64)
        for bit, masker in enumerate(leeg.values()):
            cellen |= masker.astype(np.int64) << bit
        return [*woorden, cellen]

    def _onderzoek(
        self,
        nieuw: Mapping[tuple[int, ...], int],
        kolommen: Mapping[str, pa.Array],
        vast: Mapping[str, object],
    ) -> None:
        """Find the Vraag of each new kind of row; ``nieuw`` gives a row of each."""
        proeven: list[_Proef] = []
        groot = 0
        for sleutel, rij in nieuw.items():
            namen = self._doet_ertoe(sleutel)
            if not namen:
                self._vraag_van[sleutel] = GEEN
                continue
            proeven.append(_Proef(sleutel, rij, namen))
            groot += self._manieren(namen)
            if groot > _PER_KEER:
                self._neem_proeven(proeven, kolommen, vast)
                proeven, groot = [], 0
        if proeven:
            self._neem_proeven(proeven, kolommen, vast)

    def _doet_ertoe(self, sleutel: tuple[int, ...]) -> tuple[str, ...]:
        """The empty cells that an alternative looks at that can still hold."""
        *woorden, cellen = sleutel
        return tuple(
            naam
            for plaats, naam in enumerate(AANVULBAAR)
            if cellen >> plaats & 1
            and any(w & bits for w, bits in zip(woorden, self._noemt[naam], strict=True))
        )

    def _manieren(self, namen: Sequence[str]) -> int:
        return prod(len(self._waarden[naam]) for naam in namen)

    def _neem_proeven(
        self,
        proeven: Sequence[_Proef],
        kolommen: Mapping[str, pa.Array],
        vast: Mapping[str, object],
    ) -> None:
        """Have every way to fill in the cells judged, and see which ones make a difference."""
        cellen: dict[str, list[str | None]] = {n: [] for n in AANVULBAAR if n not in vast}
        rijen: list[int] = []
        for proef in proeven:
            manieren = list(product(*(self._waarden[naam] for naam in proef.velden)))
            rijen += [proef.rij] * len(manieren)
            per_veld = dict(zip(proef.velden, zip(*manieren, strict=True), strict=True))
            for naam, lijst in cellen.items():
                zelf = celtekst(kolommen[naam][proef.rij].as_py()) if naam in kolommen else None
                lijst += per_veld.get(naam, [zelf] * len(manieren))
        plaatsen = pa.array(rijen)
        varianten = {naam: k.take(plaatsen) for naam, k in kolommen.items() if naam not in cellen}
        varianten |= {naam: pa.array(lijst, pa.string()) for naam, lijst in cellen.items()}
        oordeel = self._proef.beoordeel(varianten, len(rijen), vast=vast)
        antwoord = self._antwoorden_van(oordeel)
        begin = 0
        for proef in proeven:
            eind = begin + self._manieren(proef.velden)
            self._vraag_van[proef.sleutel] = self._bepaal(
                proef.velden, antwoord[begin:eind], oordeel.klasse[begin:eind]
            )
            begin = eind

    def _antwoorden_van(self, oordeel: Oordeel) -> Nummers:
        """Of each row a number: the same answer, the same number."""
        delen: list[Codes] = [
            self._antwoord_van.tot(len(self._proef.klassen))[oordeel.klasse],
            *(
                _als_nummers(kolom)
                for naam, kolom in zip(
                    oordeel.kolommen.schema.names, oordeel.kolommen.columns, strict=True
                )
                if naam.startswith(_VOORSTEL)
            ),
        ]
        return uniek(*delen)[0].astype(np.int64)

    def _antwoord(self, klasse: Klasse) -> int:
        sleutel = (
            klasse.besluit["uitkomst"],
            frozenset((b["regel"], *b["velden"]) for b in _tellend(klasse)),
        )
        return self._antwoorden.setdefault(sleutel, len(self._antwoorden))

    def _bepaal(
        self, namen: Sequence[str], antwoord: Nummers, klasse: npt.NDArray[np.int32]
    ) -> int:
        """The number of the Vraag, from the answers to every way to fill in the cells ``namen``."""
        ruimte = antwoord.reshape([len(self._waarden[naam]) for naam in namen])
        beslissend = tuple(
            naam
            for as_, naam in enumerate(namen)
            if (ruimte != ruimte.take([LEEG], axis=as_)).any()
        )
        if not beslissend:
            return GEEN
        klassen = [self._proef.klassen[n] for n in np.unique(klasse).tolist()]
        nu = self._proef.klassen[int(klasse[0])].besluit["uitkomst"]
        regels = [{b["regel"] for b in _tellend(een)} for een in klassen]
        vraag = Vraag(
            velden=beslissend,
            nu=nu,
            anders=tuple(sorted({een.besluit["uitkomst"] for een in klassen} - {nu})),
            regels=tuple(sorted(set.union(*regels) - set.intersection(*regels))),
        )
        nummer = self._nummers.setdefault(vraag, len(self.vragen))
        if nummer == len(self.vragen):
            self.vragen.append(vraag)
        return nummer


@dataclass(frozen=True)
class _Proef:
    """A row to try, with every way to fill in these cells."""

    sleutel: tuple[int, ...]
    rij: int
    velden: tuple[str, ...]


def _tellend(klasse: Klasse) -> list[dict[str, Any]]:
    return [b for b in klasse.besluit["bevindingen"] if b["gevolg"] != _TELT_NIET]


def _waarden(naam: str, constanten: Mapping[str, tuple[Constante, ...]]) -> list[str | None]:
    """Empty first, and then the values that a rule can tell apart, as cells."""
    veld = velden()[naam]
    mogelijk = [True, False] if veld.soort == "ja_nee" else veld.schema["enum"]
    # What counts as when nothing is filled in, is no other value.
    mogelijk = [waarde for waarde in mogelijk if waarde != feitenschema()[naam]["default"]]
    if veld.soort == "keuze":
        genoemd = [waarde for waarde in mogelijk if waarde in constanten.get(naam, ())]
        overig = [waarde for waarde in mogelijk if waarde not in genoemd]
        mogelijk = [*genoemd, *overig[:1]]
    return [None, *map(celtekst, mogelijk)]


def _bits(fragment: Fragment, naam: str) -> list[int]:
    """A word for each _PER_WOORD alternatives, with the bits of those that look at this fact."""
    woorden = [0] * -(-len(fragment.alternatieven) // _PER_WOORD)
    for plaats, alternatief in enumerate(fragment.alternatieven):
        if any(naam in vergelijking.feiten for vergelijking in alternatief):
            woorden[plaats // _PER_WOORD] |= 1 << plaats % _PER_WOORD
    return woorden


def _waar(vergelijking: Vergelijking, feiten: Mapping[str, pa.Array]) -> Masker:
    """In which rows a comparison of OPA's residual holds."""
    links = feiten[vergelijking.feit]
    if vergelijking.operator in ("in", "not in"):
        waar = pc.is_in(links, pa.array(vergelijking.waarden).cast(links.type))
        waar = waar if vergelijking.operator == "in" else pc.invert(waar)
    elif vergelijking.ander_feit:
        waar = _VERGELIJK[vergelijking.operator](links, feiten[vergelijking.ander_feit])
    else:
        rechts = pa.scalar(vergelijking.waarden[0]).cast(links.type)
        waar = _VERGELIJK[vergelijking.operator](links, rechts)
    masker: Masker = waar.to_numpy(zero_copy_only=False)
    return masker


def _als_nummers(kolom: pa.Array) -> Codes:
    """A column as numbers; the same value, the same number."""
    if pa.types.is_dictionary(kolom.type):
        kolom = kolom.indices
    nummers: Codes = kolom.cast(pa.int32()).fill_null(GEEN).to_numpy(zero_copy_only=False)
    return nummers
