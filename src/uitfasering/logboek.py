"""Read what OPA logged: every besluit with what was asked (docs/logboek.md).

A log may not be whole: OPA may have died, or the disk been full, in the middle of a line.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from uitfasering.errors import MessageError

_SOORT = "openpolicyagent.org/decision_logs"
# How OPA begins an event: in a file, and on the console.
_BEGIN = (b'{"time":', b'{"bundles":', b'{"decision_id":')
_ACHTERVOEGSELS = (".log", ".log.gz")


@dataclass(frozen=True)
class Gelogd:
    """One besluit that was given.

    Attributes:
        plaats: where it stands: the file and the line.
        besluit_id: OPA's ``decision_id``; that of a batch is the same for all its besluiten.
        volgnummer: the place in the batch, from 1; None for a besluit that was asked alone.
        moment: when it was given, UTC, as OPA writes it.
        opa: the version of OPA, or "onbekend".
        toewijzing: what was asked; None when that was not valid, because then it is not kept.
        besluit: the answer, as in contract §3 at that time.
    """

    plaats: str
    besluit_id: str
    volgnummer: int | None
    moment: str
    opa: str
    toewijzing: dict[str, Any] | None
    besluit: dict[str, Any]

    @property
    def herkomst(self) -> str:
        """The revision of the agreements that gave it."""
        return str(self.besluit["herkomst"])


@dataclass(frozen=True)
class Onleesbaar:
    """A line that holds no besluiten, though it should: where, and why (Dutch)."""

    plaats: str
    reden: str


def lees_logboek(paden: Sequence[Path]) -> Iterator[Gelogd | Onleesbaar]:
    """Every besluit in these files (gzip or not), in the order in which they stand there.

    Of a folder the files ``*.log`` and ``*.log.gz``, oldest first. What else OPA writes on the
    console is passed over.

    Raises:
        MessageError: a file that is not there or cannot be opened, or a folder without logs.
    """
    for pad in [bestand for gegeven in paden for bestand in _bestanden(gegeven)]:
        try:
            with pad.open("rb") as bestand:
                yield from _lees(pad.name, bestand)
        except OSError as error:
            raise MessageError(f"{pad} kan niet worden gelezen: {error.strerror}.") from error


def _bestanden(pad: Path) -> list[Path]:
    if not pad.is_dir():
        return [pad]
    # A file that is full gets the time in its name: besluiten-2026-….log; then besluiten.log.
    found = sorted(path for path in pad.iterdir() if path.name.endswith(_ACHTERVOEGSELS))
    if not found:
        raise MessageError(f"In {pad} staat geen logboek: een bestand dat eindigt op .log.")
    return found


def _lees(naam: str, bestand: BinaryIO) -> Iterator[Gelogd | Onleesbaar]:
    begin = bestand.read(2)
    bestand.seek(0)
    regels: Any = gzip.GzipFile(fileobj=bestand) if begin == b"\x1f\x8b" else bestand
    nummer = 0
    try:
        for nummer, regel in enumerate(regels, 1):
            yield from _regel(f"{naam}, regel {nummer}", regel)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield Onleesbaar(f"{naam}, na regel {nummer}", "het bestand is hier kapot of afgebroken")


def _regel(plaats: str, regel: bytes) -> Iterator[Gelogd | Onleesbaar]:
    if not regel.strip():
        return
    event = _json(regel)
    if event is None:
        yield Onleesbaar(plaats, "dit is geen hele regel; OPA is toen gestopt of de schijf was vol")
        # The next line that OPA wrote stands behind the broken one.
        starts = [at for begin in _BEGIN if (at := regel.find(begin, 1)) > 0]
        event = next(filter(None, (_json(regel[at:]) for at in sorted(starts))), None)
    if event is not None and event.get("type") == _SOORT:
        yield from _besluiten(plaats, event)


def _json(tekst: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(tekst)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _besluiten(plaats: str, event: dict[str, Any]) -> Iterator[Gelogd | Onleesbaar]:
    try:
        opa = event.get("labels", {}).get("version", "onbekend")
        besluit_id, moment = event["decision_id"], event["timestamp"]
        gevraagd: Any = event.get("input")
        gegeven = event["result"]
        rijen: list[tuple[int | None, Any, Any]] = [(None, gevraagd, gegeven)]
        if event["path"].endswith("besluiten"):
            toewijzingen: dict[str, Any] = gevraagd["toewijzingen"]
            rijen = [(int(n), toewijzingen[n], besluit) for n, besluit in gegeven.items()]
        found = [
            Gelogd(plaats, besluit_id, nummer, moment, opa, toewijzing, besluit)
            for nummer, toewijzing, besluit in sorted(rijen, key=lambda rij: rij[0] or 0)
            if {"uitkomst", "herkomst"} <= besluit.keys() and isinstance(toewijzing, dict | None)
        ]
    except (LookupError, TypeError, ValueError, AttributeError):
        found = []
    if not found:
        yield Onleesbaar(plaats, "dit is een besluit van een andere OPA, of het is veranderd")
    yield from found
