"""Ask OPA again what it was asked once, with the bundle of that time or with another one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from uitfasering.bundelbestand import Bundelbestand
from uitfasering.errors import BuildError, EvaluationError, Undefined, WrongData
from uitfasering.logboek import Gelogd, Onleesbaar
from uitfasering.opa_process import OpaProcess
from uitfasering.transport import Transport

_PER_VRAAG = 1_000
# A log is in order of time, so few revisions alternate. Each costs an OPA and a question in memory.
_TEGELIJK = 4
_SECONDEN = 120.0


@dataclass(frozen=True)
class Herhaald:
    """A besluit that was given again; ``nu`` is the answer, as OPA gave it."""

    gelogd: Gelogd
    nu: dict[str, Any]


@dataclass(frozen=True)
class NietHerhaald:
    """A besluit that was not given again.

    Attributes:
        waarom: ``ongeldig``: the toewijzing was not valid, so it was not kept; ``geen bundel``:
            that of its revision was not found; ``geen antwoord``: that bundle does not answer
            (see ``Herhaler.geweigerd``).
    """

    gelogd: Gelogd
    waarom: Literal["ongeldig", "geen bundel", "geen antwoord"]


class Herhaler:
    """Gives logged besluiten again. A context manager; stops its OPAs at the end.

    Answers are not checked against the schemas of today: the bundle may be older.

    Args:
        bundels: by revision.
        met: the bundle to ask all; None: each besluit the bundle of its own revision.
        sleutel: PEM file with the public key that must have signed a bundle that is asked.

    Attributes:
        geweigerd: of each revision whose bundle does not answer, why (Dutch).
    """

    def __init__(
        self,
        bundels: Mapping[str, Bundelbestand],
        *,
        met: Bundelbestand | None = None,
        sleutel: Path | None = None,
    ) -> None:
        self._bundels = bundels
        self._met = met
        self._sleutel = sleutel
        self._map = tempfile.TemporaryDirectory()
        self._open: dict[str, _Vrager] = {}  # the one that was used last comes last
        self.geweigerd: dict[str, str] = {}

    def __enter__(self) -> Herhaler:
        return self

    def __exit__(self, *_: object) -> None:
        for vrager in self._open.values():
            vrager.sluit()
        self._map.cleanup()

    def herhaal(
        self, gelezen: Iterable[Gelogd | Onleesbaar]
    ) -> Iterator[Herhaald | NietHerhaald | Onleesbaar]:
        """One answer for each that is read; those of one revision in the order read.

        Raises:
            UitfaseringError: OPA cannot be started, or stops.
        """
        for een in gelezen:
            if isinstance(een, Onleesbaar):
                yield een
            elif een.toewijzing is None:
                yield NietHerhaald(een, "ongeldig")
            else:
                yield from self._zet_klaar(een)
        for vrager in self._open.values():
            yield from self._vraag(vrager)

    def _zet_klaar(self, gelogd: Gelogd) -> Iterator[Herhaald | NietHerhaald]:
        bundel = self._met or self._bundels.get(gelogd.herkomst)
        if bundel is None:
            yield NietHerhaald(gelogd, "geen bundel")
            return
        if bundel.revisie not in self._open and bundel.revisie not in self.geweigerd:
            yield from self._maak_plaats()
            self._start(bundel)
        if bundel.revisie in self.geweigerd:
            yield NietHerhaald(gelogd, "geen antwoord")
            return
        vrager = self._open[bundel.revisie] = self._open.pop(bundel.revisie)
        vrager.wachtend.append(gelogd)
        if len(vrager.wachtend) == _PER_VRAAG:
            yield from self._vraag(vrager)

    def _maak_plaats(self) -> Iterator[Herhaald | NietHerhaald]:
        if len(self._open) == _TEGELIJK:
            oudste = self._open.pop(next(iter(self._open)))
            yield from self._vraag(oudste)
            oudste.sluit()

    def _start(self, bundel: Bundelbestand) -> None:
        # What was read, whatever has become of the file since.
        bestand = Path(self._map.name) / "uitfasering.tar.gz"
        bestand.write_bytes(bundel.inhoud)
        try:
            self._open[bundel.revisie] = _Vrager(bundel.revisie, bestand, self._sleutel)
        except BuildError:
            self.geweigerd[bundel.revisie] = (
                f"OPA laadt {bundel.naam} niet. Is die bundel ondertekend met de sleutel in "
                f"{self._sleutel}?"
                if self._sleutel
                else f"OPA laadt {bundel.naam} niet. Past die bundel bij deze versie van OPA?"
            )

    def _vraag(self, vrager: _Vrager) -> Iterator[Herhaald | NietHerhaald]:
        gelogd, vrager.wachtend = vrager.wachtend, []
        if not gelogd:
            return
        try:
            for een, nu in zip(gelogd, vrager.vraag(gelogd), strict=True):
                yield Herhaald(een, nu)
        except (EvaluationError, Undefined, WrongData):
            # A revision of long ago may have had other entry points, or asked for other fields.
            self.geweigerd[vrager.revisie] = "Deze versie geeft geen besluiten op deze vragen."
            yield from (NietHerhaald(een, "geen antwoord") for een in gelogd)


class _Vrager:
    """An OPA on one bundle, and what is still to be asked of it."""

    def __init__(self, revisie: str, bundel: Path, sleutel: Path | None) -> None:
        self.revisie = revisie
        self.wachtend: list[Gelogd] = []
        self._opa = OpaProcess(bundel, sleutel=sleutel)
        self._opa.start()
        self._opa.wait_ready()
        self._transport = Transport.naar(self._opa.url, _SECONDEN)

    def vraag(self, gelogd: list[Gelogd]) -> list[dict[str, Any]]:
        toewijzingen = {str(nummer): een.toewijzing for nummer, een in enumerate(gelogd)}
        gegeven = self._transport.ask("besluiten", {"toewijzingen": toewijzingen})
        if not isinstance(gegeven, dict) or gegeven.keys() != toewijzingen.keys():
            raise WrongData("OPA gaf niet precies één besluit per gevraagde toewijzing.")
        if not all(isinstance(besluit, dict) for besluit in gegeven.values()):
            raise WrongData("OPA gaf iets anders dan besluiten.")
        return [gegeven[nummer] for nummer in toewijzingen]

    def sluit(self) -> None:
        self._transport.close_connection()
        self._opa.close()
