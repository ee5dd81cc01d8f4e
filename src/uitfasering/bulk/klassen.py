"""Classes: rows that get the same besluit but for its open places.

Every class has one row that went through OPA's ordinary ``besluiten``. What OPA found there must be
what the masks say, or the run stops: so the SQL checks the policy and the policy checks the SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from uitfasering.bulk.opa import Vraagbaak
from uitfasering.errors import UitfaseringError

UITERSTE = "uiterste_einddatum"
VERVANGEND = "vervangende_code"
OPNIEUW = "opnieuw_einddatum"
ONTBREKEND = "ontbreekt"
GEMEENTE = "gemeente"
RIJWAARDEN = (GEMEENTE, UITERSTE, VERVANGEND, OPNIEUW, ONTBREKEND)
"""What fills the open places: the municipality's texts, and the questions of ``bulk/vragen``."""

_OPEN = {
    UITERSTE: (UITERSTE, 0),
    "tekst_tot_en_met": (UITERSTE, 1),
    VERVANGEND: (VERVANGEND, 0),
    f"tekst_{VERVANGEND}": (VERVANGEND, 1),
    OPNIEUW: (OPNIEUW, 0),
    f"tekst_{ONTBREKEND}": (ONTBREKEND, 0),
}
_OPEN_PLEK = re.compile(
    r"\{(?:(" + "|".join(_OPEN) + r")|((?:A|B1|B2)-\d\d[a-z]?)\.(tekst|oplossing))\}"
)


class ControleMislukt(UitfaseringError):
    """The compiled rules and OPA do not agree; nothing was written.

    ``rij`` is the row that showed it, counted from 0 over the run; None: no row in particular.
    """

    def __init__(self, bericht: str, rij: int | None = None) -> None:
        super().__init__(bericht)
        self.rij = rij


# Sets that say what an open place is filled with; they make no other class.
_PER_RIJ = ("grens", "vervanging")


@dataclass(frozen=True)
class Bevonden:
    """What the compiled rules say of a row of facts.

    Attributes:
        leden: of each set the members that hold; a set without any is absent.
        gemeente: the municipality, where it deviates from an agreement (B1-20), else "".
    """

    leden: Mapping[str, frozenset[str]]
    gemeente: str

    @property
    def afwijkend(self) -> bool:
        """The municipality deviates."""
        return bool(self.gemeente)

    def van(self, verzameling: str) -> frozenset[str]:
        """The members of a set."""
        return self.leden.get(verzameling, frozenset())

    @property
    def sleutel(self) -> tuple[Any, ...]:
        """What makes two valid rows one class (but for a deviating municipality's last day)."""
        vast = {naam: leden for naam, leden in self.leden.items() if naam not in _PER_RIJ}
        grens = self.van("grens") if self.afwijkend else bool(self.van("grens"))
        return (frozenset(vast.items()), self.gemeente, grens)


@dataclass
class Klasse:
    """A class.

    Attributes:
        besluit: what OPA's ``besluiten`` says of the row ``voorbeeldrij``.
        sjabloon: the same with open places, e.g. ``{vervangende_code}``.
        voorbeeldrij: the row that was asked, counted from 0 over the whole run.
        rijen: how many rows had it so far.
    """

    besluit: dict[str, Any]
    sjabloon: dict[str, Any]
    voorbeeldrij: int
    rijen: int = 0


@dataclass(frozen=True)
class Vertegenwoordiger:
    """The row that speaks for a class that is new.

    ``rij`` is counted over the run, ``plaats`` in the batch; ``bevonden`` is None when the row is
    not a valid toewijzing in itself.
    """

    rij: int
    plaats: int
    toewijzing: Any
    bevonden: Bevonden | None


@dataclass
class Klassen:
    """The classes by number, and how new ones come to be."""

    vraagbaak: Vraagbaak
    lijst: list[Klasse] = field(default_factory=list)

    def __post_init__(self) -> None:
        teksten = self.vraagbaak.waarde("bulk/vragen/open_teksten")
        gemeentelijk = self.vraagbaak.waarde("bulk/vragen/gemeentelijk")
        self._open_teksten = teksten | {
            regel: {veld: _plek(f"{regel}.{veld}") for veld in ("tekst", "oplossing")}
            for regel in gemeentelijk
        }
        self._ranglijst = self.vraagbaak.waarde("bulk/vragen/rangen")

    def maak(
        self,
        nieuw: Sequence[Vertegenwoordiger],
        rijwaarden: Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]],
    ) -> None:
        """Ask OPA about the representatives of new classes, check, and keep the classes.

        Args:
            nieuw: a row of each new class.
            rijwaarden: gives, for places in the batch, the answers to RIJWAARDEN.

        Raises:
            ControleMislukt: OPA does not say what the compiled rules say; names rule and row.
        """
        besluiten = self.vraagbaak.besluiten([een.toewijzing for een in nieuw])
        sjablonen = [
            self._sjabloon(een.bevonden, besluit)
            for een, besluit in zip(nieuw, besluiten, strict=True)
        ]
        eigen = [i for i, een in enumerate(nieuw) if een.bevonden and een.bevonden.afwijkend]
        gevraagd = self.vraagbaak.sjablonen([nieuw[i].toewijzing for i in eigen])
        for i, sjabloon in zip(eigen, gevraagd, strict=True):
            sjablonen[i] = sjabloon
        open_ = [nieuw[i].plaats for i, s in enumerate(sjablonen) if s is not besluiten[i]]
        waarden = rijwaarden(open_)
        for een, besluit, sjabloon in zip(nieuw, besluiten, sjablonen, strict=True):
            self._controleer(een, besluit, vul(sjabloon, waarden.get(een.plaats, {}).__getitem__))
            self.lijst.append(Klasse(besluit, sjabloon, een.rij))

    def _sjabloon(self, bevonden: Bevonden | None, besluit: dict[str, Any]) -> dict[str, Any]:
        """The besluit with what differs between rows left open; itself when nothing does."""
        if bevonden is None or bevonden.van("tussen_velden") or bevonden.afwijkend:
            return besluit
        regels = self._open_teksten.keys() & bevonden.van("van_toepassing")
        if not regels and not bevonden.van("grens"):
            return besluit
        sjabloon = {
            **besluit,
            "bevindingen": [self._open_bevinding(b) for b in besluit["bevindingen"]],
        }
        if besluit["uitkomst"] != self._ranglijst["niet_van_toepassing"]:
            sjabloon[UITERSTE] = _plek(UITERSTE)
        if besluit["voorstel"] and "opnieuw" in besluit["voorstel"]:
            opnieuw = besluit["voorstel"]["opnieuw"]
            sjabloon["voorstel"] = {
                **besluit["voorstel"],
                "opnieuw": {**opnieuw, "code": _plek(VERVANGEND), "einddatum": _plek(OPNIEUW)},
            }
        return sjabloon

    def _open_bevinding(self, bevinding: Mapping[str, Any]) -> dict[str, Any]:
        teksten = self._open_teksten.get(bevinding["regel"], {})
        open_ = {veld: tekst for veld, tekst in teksten.items() if bevinding[veld] is not None}
        return {**bevinding, **open_}

    def _controleer(
        self, een: Vertegenwoordiger, besluit: Mapping[str, Any], gevuld: Mapping[str, Any]
    ) -> None:
        if een.bevonden is None:
            goed = besluit["uitkomst"] == self._ranglijst["ongeldig"]
            if not goed:
                raise self._mislukt(een.rij, "A-00", "de invoer is ongeldig", "die is geldig")
            return
        self._controleer_bevindingen(een.rij, een.bevonden, besluit)
        if gevuld != besluit:
            raise self._mislukt(een.rij, _verschil(gevuld, besluit))

    def _controleer_bevindingen(
        self, rij: int, bevonden: Bevonden, besluit: Mapping[str, Any]
    ) -> None:
        gezegd = {b["regel"] for b in besluit["bevindingen"]}
        if besluit["uitkomst"] == self._ranglijst["ongeldig"]:
            verwacht = bevonden.van("tussen_velden")
            gezegd = {veld for b in besluit["bevindingen"] for veld in b["velden"]}
        else:
            verwacht = bevonden.van("van_toepassing")
            if bevonden.van("tussen_velden"):
                verwacht = frozenset({"A-00"})
            elif besluit["uitkomst"] == self._ranglijst["niet_van_toepassing"]:
                # Only the findings that say why (contract §3).
                verwacht &= frozenset(self._ranglijst["regels_niet_van_toepassing"])
            else:
                gezegd -= {"B1-20"} if bevonden.afwijkend else set()
                self._controleer_ontbreekt(rij, bevonden, besluit)
        for regel in sorted(verwacht ^ gezegd):
            raise self._mislukt(rij, regel, *_wie(regel in verwacht))

    def _controleer_ontbreekt(
        self, rij: int, bevonden: Bevonden, besluit: Mapping[str, Any]
    ) -> None:
        verwacht = bevonden.van("ontbreekt")
        for veld in sorted(verwacht ^ set(besluit["ontbreekt"])):
            raise self._mislukt(rij, f"A-03 ({veld})", *_wie(veld in verwacht))

    @staticmethod
    def _mislukt(
        rij: int, wat: str, bulk: str = "een ander antwoord", opa: str = "niet hetzelfde"
    ) -> ControleMislukt:
        return ControleMislukt(
            f"De controle van bulk klopt niet, er is niets geschreven. Rij {rij + 1}, {wat}: "
            f"bulk zegt: {bulk}; OPA zegt: {opa}. Meld dit aan de makers.",
            rij,
        )


def _plek(naam: str) -> str:
    return f"{{{naam}}}"


def _wie(bulk: bool) -> tuple[str, str]:
    ja, nee = "van toepassing", "niet van toepassing"
    return (ja, nee) if bulk else (nee, ja)


def _verschil(een: Any, ander: Any, plaats: str = "besluit") -> str:
    """Where two besluiten differ first."""
    if isinstance(een, dict) and isinstance(ander, dict) and een.keys() == ander.keys():
        anders = next((naam for naam in een if een[naam] != ander[naam]), None)
        if anders is not None:
            return _verschil(een[anders], ander[anders], f"{plaats}.{anders}")
    return plaats


def vragen(tekst: str, teksten: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Which of RIJWAARDEN fill the open places of a text.

    ``teksten`` are the words of each municipality, which have open places too.
    """
    found = set()
    for open_, regel, veld in (plek.groups() for plek in _OPEN_PLEK.finditer(tekst)):
        if open_:
            found.add(_OPEN[open_][0])
            continue
        found.add(GEMEENTE)
        for eigen in teksten.values():
            found |= vragen(eigen[regel][veld] or "", {})
    return found


def vul(sjabloon: Any, waarde: Callable[[str], Any]) -> Any:
    """A besluit with its open places filled in.

    ``waarde`` gives the answer to one of RIJWAARDEN.
    """
    if isinstance(sjabloon, dict):
        return {naam: vul(deel, waarde) for naam, deel in sjabloon.items()}
    if isinstance(sjabloon, list):
        return [vul(deel, waarde) for deel in sjabloon]
    return vul_tekst(sjabloon, waarde) if isinstance(sjabloon, str) else sjabloon


def vul_tekst(tekst: str, waarde: Callable[[str], Any]) -> Any:
    """A text with its open places filled in; one that is nothing else may become None."""
    heel = _OPEN_PLEK.fullmatch(tekst)
    if heel:
        return _ingevuld(heel, waarde)
    return _OPEN_PLEK.sub(lambda plek: str(_ingevuld(plek, waarde)), tekst)


def _ingevuld(plek: re.Match[str], waarde: Callable[[str], Any]) -> Any:
    open_, regel, veld = plek.groups()
    if open_:
        vraag, deel = _OPEN[open_]
        return waarde(vraag)[deel]
    # The municipality's own words have open places too.
    return vul_tekst(waarde(GEMEENTE)[regel][veld], waarde)
