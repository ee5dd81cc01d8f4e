"""What the messages given together say of each other.

Kept for the whole reading: one small entry a product of every JW301 and JW315, and four
bytes a prestatie of a JW323. Only numbers, dates, references and places; nothing personal.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from uitfasering.berichten.waarden import als_datum, als_nummer
from uitfasering.berichten.xmlstroom import Bericht, Product

# When a message was made: its Dagtekening, then the order in which the files were given.
Moment = tuple[date, int, int]


class Plek(NamedTuple):
    """A place in a file; ``str()`` is ``file:line``."""

    naam: str
    regel: int

    def __str__(self) -> str:
        """As in every message of this program."""
        return f"{self.naam}:{self.regel}"


class Eerder(NamedTuple):
    """An earlier message with the same ToewijzingNummer; ``datum`` its Toewijzingsdatum."""

    moment: Moment
    datum: date | None
    plek: Plek


class _Kern(NamedTuple):
    """What other messages may want of one product of a JW301 or JW315."""

    nummer: int | None
    datum: date | None
    referentie: str | None
    verwijzer: str | None
    regel: int


@dataclass
class _Verzameld:
    """The products of one message, until it is known that its file can be used."""

    bericht: Bericht
    kernen: list[_Kern] = field(default_factory=list)
    nummers: array[int] = field(default_factory=lambda: array("L"))


def moment(bericht: Bericht, bestand: int) -> Moment | None:
    """When this message was made, or None without an existing Dagtekening."""
    dag = als_datum(bericht.kop.get("Dagtekening"))
    return (dag, bestand, bericht.volgnummer) if dag else None


class Samenhang:
    """Filled with every usable message first, asked for each product after that."""

    def __init__(self) -> None:
        self._toewijzingen: dict[tuple[str, int], list[Eerder]] = defaultdict(list)
        self._declaraties: list[tuple[str, Moment, Plek, array[int]]] = []
        self._verwijzers: dict[tuple[str, str, str], dict[str, Plek]] = defaultdict(dict)

    def voeg_toe(self, stroom: Iterable[Product | Bericht], bestand: int, naam: str) -> set[int]:
        """Read one file and remember its usable messages.

        Returns the volgnummers of the messages that must not be used. Raises MessageError
        when the file cannot be read; then nothing of it is remembered.
        """
        goed: list[_Verzameld] = []
        fout: set[int] = set()
        lopend: _Verzameld | None = None
        for deel in stroom:
            if isinstance(deel, Bericht):
                if deel.fout:
                    fout.add(deel.volgnummer)
                elif lopend:
                    goed.append(lopend)
                lopend = None
                continue
            lopend = lopend or _Verzameld(deel.bericht)
            self._verzamel(lopend, deel)
        for verzameld in goed:
            self._onthoud(verzameld, bestand, naam)
        return fout

    @staticmethod
    def _verzamel(verzameld: _Verzameld, product: Product) -> None:
        velden = product.velden
        nummer = als_nummer(velden.get("ToewijzingNummer"))
        if product.bericht.naam == "JW323":
            if nummer is not None:
                verzameld.nummers.append(nummer)
            return
        kern = _Kern(
            nummer,
            als_datum(velden.get("toewijzingsdatum")),
            velden.get("ReferentieAanbieder"),
            velden.get("verwijzer"),
            product.regel,
        )
        verzameld.kernen.append(kern)

    def _onthoud(self, verzameld: _Verzameld, bestand: int, naam: str) -> None:
        bericht = verzameld.bericht
        assert bericht.soort is not None
        gemeente = bericht.kop.get(bericht.soort.gemeente)
        aanbieder = bericht.kop.get(bericht.soort.aanbieder, "")
        wanneer = moment(bericht, bestand)
        if not gemeente:
            return
        if verzameld.nummers and wanneer:
            plek = Plek(naam, bericht.regel)
            self._declaraties.append((gemeente, wanneer, plek, verzameld.nummers))
        for kern in verzameld.kernen:
            plek = Plek(naam, kern.regel)
            if kern.nummer is not None and wanneer:
                self._toewijzingen[gemeente, kern.nummer].append(Eerder(wanneer, kern.datum, plek))
            if kern.referentie and kern.verwijzer:
                sleutel = (gemeente, aanbieder, kern.referentie)
                self._verwijzers[sleutel].setdefault(kern.verwijzer, plek)

    def sluit_af(self) -> None:
        """Call once, after the last file: of the JW323s only what a JW301 also has stays."""
        per_gemeente: dict[str, set[int]] = defaultdict(set)
        for gemeente, nummer in self._toewijzingen:
            per_gemeente[gemeente].add(nummer)
        for gemeente, wanneer, plek, nummers in self._declaraties:
            for nummer in per_gemeente[gemeente].intersection(nummers):
                self._toewijzingen[gemeente, nummer].append(Eerder(wanneer, None, plek))
        self._declaraties.clear()
        for eerdere in self._toewijzingen.values():
            eerdere.sort(key=lambda e: e.moment)

    def eerdere(
        self, gemeente: str | None, nummer: int | None, wanneer: Moment | None
    ) -> list[Eerder]:
        """The earlier messages with this ToewijzingNummer, oldest first."""
        if gemeente is None or nummer is None or wanneer is None:
            return []
        gevonden = self._toewijzingen.get((gemeente, nummer), [])
        return [e for e in gevonden if e.moment < wanneer]

    def verwijzers(
        self, gemeente: str | None, aanbieder: str | None, referentie: str | None
    ) -> dict[str, Plek]:
        """The referrers that JW315s give for this reference, each with where it stands."""
        if not gemeente or not referentie:
            return {}
        return self._verwijzers.get((gemeente, aanbieder or "", referentie), {})
