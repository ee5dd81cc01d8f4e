"""Why an agreement applies to a case or not, from what OPA leaves of its condition.

OPA itself says which comparisons hold; nothing about the rules is told a second time here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.formule import Waarheid, formule, vergelijkingen
from uitfasering.gegevenscontrole import AFWIJKING
from uitfasering.residu import (
    ONTBREEKT,
    TUSSEN_VELDEN,
    VAN_TOEPASSING,
    Residu,
    Vergelijking,
)
from uitfasering.toets.uitvoeren import Uitslag, per_tabellen
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import Zinnen
from uitfasering.zinsbouw import zinsdelen

_INVOER = "A-00"
_GEGEVENS_ONTBREKEN = "A-03"
_ONGELDIG = "ONGELDIGE_INVOER"
_BUITEN = "NIET_VAN_TOEPASSING"
_GEORDEND = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True)
class Uitleg:
    """Why one thing differs.

    Attributes:
        over: the regel, or the field.
        kop: what is to be explained, e.g. ``B1-02 geldt niet, want:``; a whole sentence when there
            are no redenen.
        redenen: the conditions that are not met (or, for what applies unexpectedly, are met).
        niet_gehaald: the same conditions as OPA has them, when they are not met.
    """

    over: str
    kop: str
    redenen: tuple[str, ...] = ()
    niet_gehaald: tuple[Vergelijking, ...] = ()


@dataclass(frozen=True)
class _Vraag:
    """One member of a set of OPA (an agreement, a field) that is or is not in it."""

    verzameling: str
    lid: str
    erin: bool
    kop: str


def leg_uit(
    werkbank: Werkbank, zinnen: Zinnen, uitslagen: Sequence[Uitslag]
) -> dict[int, list[Uitleg]]:
    """The explanation of each case that is not as expected, by its place in the list.

    Raises:
        OpaUnavailable: OPA gave no answer.
    """
    found: dict[int, list[Uitleg]] = {}
    gevallen = [uitslag.geval for uitslag in uitslagen]
    fout = [index for index, uitslag in enumerate(uitslagen) if uitslag.stand == "fout"]
    for groep in per_tabellen(werkbank, gevallen, fout):
        uitlegger = _Uitlegger(werkbank, zinnen, {i: uitslagen[i] for i in groep.plaatsen})
        for index in groep.plaatsen:
            found[index] = list(uitlegger.leg_uit(index))
    return found


class _Uitlegger:
    """Explains cases on the tables the werkbank is on now."""

    def __init__(
        self, werkbank: Werkbank, zinnen: Zinnen, uitslagen: Mapping[int, Uitslag]
    ) -> None:
        self._zinnen = zinnen
        self._gegevens = werkbank.gegevens
        self._uitslagen = uitslagen
        self._residuen = {
            verzameling: werkbank.residuen(verzameling)
            for verzameling in (VAN_TOEPASSING, ONTBREEKT, TUSSEN_VELDEN)
        }
        geldig = {
            str(index): uitslag.geval.toewijzing
            for index, uitslag in uitslagen.items()
            if _besluit(uitslag)["uitkomst"] != _ONGELDIG
        }
        self._feiten = {int(key): row for key, row in werkbank.feiten(geldig).items()}
        alle = list(
            dict.fromkeys(
                vergelijking
                for residuen in self._residuen.values()
                for residu in residuen.values()
                for vergelijking in residu.vergelijkingen
            )
        )
        self._waarheid = Waarheid(werkbank, alle)
        self._korte: dict[Residu, list[list[Vergelijking]]] = {}
        waar = werkbank.waar(alle, list(self._feiten.values()))
        self._waar = {
            index: {v for v, holds in zip(alle, row, strict=True) if holds}
            for index, row in zip(self._feiten, waar, strict=True)
        }

    def leg_uit(self, index: int) -> Iterator[Uitleg]:
        uitslag = self._uitslagen[index]
        besluit = _besluit(uitslag)
        teksten: dict[str, list[str]] = {}
        for bevinding in besluit["bevindingen"]:
            teksten.setdefault(bevinding["regel"], []).append(bevinding["tekst"])
        niet_beoordeeld = []
        for vraag in self._vragen(uitslag):
            if vraag.erin and (vraag.lid in teksten) and vraag.lid in (_INVOER, AFWIJKING):
                yield Uitleg(vraag.lid, vraag.kop, tuple(teksten[vraag.lid]))
            elif vraag.erin:
                yield self._wel(vraag, index, teksten)
            elif self._telt_niet_mee(vraag, besluit):
                niet_beoordeeld.append(vraag.lid)
            else:
                yield self._niet(vraag, index)
        if niet_beoordeeld:
            waarom = {
                _ONGELDIG: "want de invoer klopt niet. Dan telt geen enkele afspraak.",
                _BUITEN: "want de toewijzing valt buiten de brieven. Dan tellen de afspraken niet.",
            }[besluit["uitkomst"]]
            leden = ", ".join(niet_beoordeeld)
            yield Uitleg(leden, f"{leden}: niet beoordeeld, {waarom}")

    def _vragen(self, uitslag: Uitslag) -> Iterator[_Vraag]:
        """What to explain: everything that differs, and what gave the uitkomst if that differs."""
        besluit, verwacht = _besluit(uitslag), uitslag.geval.verwacht
        mis = {rij.naam for rij in uitslag.rijen if not rij.klopt}
        gevonden = dict.fromkeys(b["regel"] for b in besluit["bevindingen"])
        for regel in verwacht.get("regels", []):
            # The fields themselves say more than A-03.
            if regel not in gevonden and not (regel == _GEGEVENS_ONTBREKEN and "ontbreekt" in mis):
                yield _Vraag(VAN_TOEPASSING, regel, False, f"{regel} geldt niet, want:")
        toch = [regel for regel in verwacht.get("niet", []) if regel in gevonden]
        for regel in toch:
            yield _Vraag(VAN_TOEPASSING, regel, True, f"{regel} geldt wel, want:")
        if "uitkomst" in mis:
            for regel in dict.fromkeys(
                b["regel"] for b in besluit["bevindingen"] if b["gevolg"] == besluit["uitkomst"]
            ):
                if regel not in toch:
                    kop = f"{regel} geeft de uitkomst {besluit['uitkomst']}, want:"
                    yield _Vraag(VAN_TOEPASSING, regel, True, kop)
        if "ontbreekt" in mis and besluit["uitkomst"] not in (_ONGELDIG, _BUITEN):
            yield from _velden(ONTBREEKT, verwacht["ontbreekt"], besluit["ontbreekt"])
        if "foutvelden" in mis and besluit["uitkomst"] != _ONGELDIG:
            kop = "{veld} is niet fout, want:"
            for veld in verwacht["foutvelden"]:
                if veld in self._residuen[TUSSEN_VELDEN]:
                    yield _Vraag(TUSSEN_VELDEN, veld, False, kop.format(veld=veld))

    def _telt_niet_mee(self, vraag: _Vraag, besluit: Mapping[str, Any]) -> bool:
        """Whether this agreement is not looked at, whatever its condition."""
        if besluit["uitkomst"] == _ONGELDIG:
            return True
        afspraak = self._gegevens.afspraken.get(vraag.lid)
        return (
            besluit["uitkomst"] == _BUITEN
            and afspraak is not None
            and afspraak.bron["gevolg"] != _BUITEN
        )

    def _niet(self, vraag: _Vraag, index: int) -> Uitleg:
        """Why something is not so: the conditions of the nearest alternative that are not met."""
        regel = vraag.lid
        residu = self._residuen[vraag.verzameling].get(regel)
        if vraag.verzameling == VAN_TOEPASSING and regel not in self._gegevens.afspraken:
            meant = bedoeld(regel, self._gegevens.afspraken)
            hint = f" Bedoelt u {meant}?" if meant else ""
            return Uitleg(regel, f"{regel} is geen afspraak.{hint}")
        if regel == _INVOER:
            return Uitleg(regel, f"{regel} geldt niet: met de invoer is niets mis.")
        if regel == AFWIJKING:
            return Uitleg(regel, f"{regel} geldt niet: {self._geen_afwijking(index)}")
        if residu is None:
            return Uitleg(
                regel,
                f"{regel} kan met deze gegevens nooit gelden. Kijk welke datum of keuze in "
                "data/ of bij gegevens dat doet.",
            )
        alternatieven = self._kort(residu)
        mis = [[v for v in a if v not in self._waar[index]] for a in alternatieven]
        naast = _naast(mis)
        if not naast or residu.vreemd:
            kop = f"{regel} geldt niet. Aan losse voorwaarden is niet te zien waarom."
            return Uitleg(regel, kop)
        redenen = (self._zinnen.niet_gehaald(v, self._feiten[index]) for v in naast)
        return Uitleg(regel, vraag.kop, tuple(dict.fromkeys(redenen)), tuple(naast))

    def _wel(self, vraag: _Vraag, index: int, teksten: Mapping[str, list[str]]) -> Uitleg:
        """Why something is so: the shortest alternative that holds."""
        residu = self._residuen[vraag.verzameling].get(vraag.lid, Residu(()))
        houdt = [a for a in self._kort(residu) if self._waar[index].issuperset(a)]
        if not houdt:
            return Uitleg(vraag.lid, vraag.kop, tuple(teksten.get(vraag.lid, ())))
        kortste = min(houdt, key=lambda alternatief: len(alternatief))
        return Uitleg(vraag.lid, vraag.kop, tuple(zinsdelen(kortste, self._zinnen, "hoofdzin")))

    def _kort(self, residu: Residu) -> list[list[Vergelijking]]:
        """The alternatives that can hold, each without what follows from the rest of it."""
        if residu not in self._korte:
            gevonden = (formule(Residu((een,)), self._waarheid) for een in residu.alternatieven)
            volgorde = list(self._zinnen.tabel["feiten"])
            self._korte[residu] = [
                sorted(vergelijkingen(een), key=lambda v: volgorde.index(v.feit))
                for een in gevonden
                if een is not None
            ]
        return self._korte[residu]

    def _geen_afwijking(self, index: int) -> str:
        gemeente = self._feiten[index]["gemeente"]
        eigen = [
            rij["regel"]
            for rij in self._gegevens.tabellen["afwijkingen"]["afwijkingen"]
            if rij["gemeente"] == gemeente
        ]
        if not eigen:
            return "van deze gemeente staat er geen afwijking in de tabellen."
        return (
            f"de afwijking van deze gemeente ({', '.join(dict.fromkeys(eigen))}) verandert hier "
            "niets, of haar periode past niet bij toewijzingsdatum."
        )


def _velden(verzameling: str, verwacht: Sequence[str], gekregen: Sequence[str]) -> Iterator[_Vraag]:
    for veld in verwacht:
        if veld not in gekregen:
            yield _Vraag(verzameling, veld, False, f"{veld} wordt niet gemist, want:")
    for veld in gekregen:
        if veld not in verwacht:
            yield _Vraag(verzameling, veld, True, f"{veld} wordt wel gemist, want:")


def _naast(mis: Sequence[Sequence[Vergelijking]]) -> list[Vergelijking]:
    """What is not met in the alternative that is nearest to applying.

    Of alternatives as near that ask another value of one fact, the values are named together.
    """
    naast = list(sorted(mis, key=_afstand)[0]) if mis else []
    for place, v in enumerate(naast):
        rest = {w for w in naast if w != v}
        waarden = {
            w.waarden[0]: None
            for een in mis
            if rest < set(een) and len(een) == len(naast)
            for w in set(een) - rest
            if (w.feit, w.operator, v.operator, w.ander_feit) == (v.feit, "==", "==", None)
        }
        if len(waarden) > 1:
            naast[place] = Vergelijking(v.feit, "in", tuple(waarden))
    return naast


def _afstand(mis: Sequence[Vergelijking]) -> tuple[int, int]:
    """How far an alternative is from applying; a date or number is nearer than another word."""
    return len(mis), sum(v.operator not in _GEORDEND for v in mis)


def _besluit(uitslag: Uitslag) -> Mapping[str, Any]:
    assert uitslag.besluit is not None  # only cases that were run can differ
    return uitslag.besluit
