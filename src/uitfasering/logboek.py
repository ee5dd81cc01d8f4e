"""Read what OPA logged: every besluit with what was asked (docs/logboek.md).

A log may not be whole: OPA may have died, or the disk been full, in the middle of a line.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from uitfasering.errors import MessageError, os_zin
from uitfasering.invoer.bestanden import STDIN, STDIN_NAAM

_SOORT = "openpolicyagent.org/decision_logs"
_BESLUIT, _BESLUITEN = "uitfasering/besluit", "uitfasering/besluiten"
_ONGELDIG = "ONGELDIGE_INVOER"
# How OPA begins an event: in a file, and on the console. Inside an event it cannot stand.
_BEGIN = re.compile(rb'(?=\{"(?:time|bundles|decision_id)":)')
# What docker compose logs puts before a line.
_VOOR_DE_REGEL = re.compile(rb"[\w.-]+ *\| ")
_ACHTERVOEGSELS = (".log", ".log.gz")
# OPA writes no longer line: max_size_mb in sidecar/opa.yaml is 100.
_LANGSTE_REGEL = 128 * 1024 * 1024

_NIET_HEEL = "dit is geen hele regel; OPA is toen gestopt of de schijf was vol"
_ANDERE_TEKST = "dit is geen regel uit het logboek van OPA"
_VERANDERD = "dit is een besluit van een andere OPA, of het is veranderd"


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
        sha256: of the event as it stands there, from ``{`` to ``}``.
    """

    plaats: str
    besluit_id: str
    volgnummer: int | None
    moment: str
    opa: str
    toewijzing: dict[str, Any] | None
    besluit: dict[str, Any]
    sha256: str

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

    Of a folder the files ``*.log`` and ``*.log.gz``, oldest first; ``-`` is standard input. What
    else OPA writes on the console is passed over.

    Raises:
        MessageError: a file that is not there or cannot be read, or a folder without logs.
    """
    for pad in [bestand for gegeven in paden for bestand in _bestanden(gegeven)]:
        try:
            if str(pad) == STDIN:
                yield from _lees(STDIN_NAAM, cast(io.BufferedReader, sys.stdin.buffer))
                continue
            with pad.open("rb") as bestand:
                yield from _lees(pad.name, bestand)
        except OSError as error:
            raise MessageError(f"Het logboek is niet te lezen. {os_zin(error)}") from error


def _bestanden(pad: Path) -> list[Path]:
    if not pad.is_dir():
        return [pad]
    # A file that is full gets the time in its name: besluiten-2026-….log; then besluiten.log.
    found = sorted(path for path in pad.iterdir() if path.name.endswith(_ACHTERVOEGSELS))
    if not found:
        raise MessageError(f"In {pad} staat geen logboek: een bestand dat eindigt op .log.")
    # As long as OPA compresses a file, both are there, and the new one is not whole.
    return [path for path in found if path.suffix != ".gz" or path.with_suffix("") not in found]


def _lees(naam: str, bestand: io.BufferedReader) -> Iterator[Gelogd | Onleesbaar]:
    is_gzip = bestand.peek(2).startswith(b"\x1f\x8b")
    regels: Any = gzip.GzipFile(fileobj=bestand) if is_gzip else bestand
    nummer = 0
    try:
        while regel := regels.readline(_LANGSTE_REGEL):
            nummer += 1
            plaats = f"{naam}, regel {nummer}"
            if len(regel) == _LANGSTE_REGEL and not regel.endswith(b"\n"):
                yield Onleesbaar(plaats, "deze regel is te lang voor een besluit")
                while regel and not regel.endswith(b"\n"):
                    regel = regels.readline(_LANGSTE_REGEL)
                continue
            yield from _regel(plaats, regel)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield Onleesbaar(f"{naam}, na regel {nummer}", "het bestand is hier kapot of afgebroken")


def _regel(plaats: str, regel: bytes) -> Iterator[Gelogd | Onleesbaar]:
    regel = regel.strip()
    if prefix := _VOOR_DE_REGEL.match(regel):
        regel = regel[prefix.end() :]
    if not regel:
        return
    event = _json(regel)
    if event is not None:
        yield from _event(plaats, event, regel)
        return
    # The next line that OPA wrote stands behind one that it could not finish.
    heel = 0
    delen = [deel for deel in _BEGIN.split(regel) if deel]
    for deel in delen:
        event = _json(deel)
        if event is not None:
            heel += 1
            yield from _event(plaats, event, deel.rstrip())
    if heel < len(delen):
        yield Onleesbaar(plaats, _NIET_HEEL if _BEGIN.search(regel) else _ANDERE_TEKST)


def _json(tekst: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(tekst)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _event(plaats: str, event: dict[str, Any], tekst: bytes) -> Iterator[Gelogd | Onleesbaar]:
    if event.get("type") != _SOORT:
        return
    rijen = _rijen(event)
    labels = event.get("labels")
    opa = labels.get("version", "onbekend") if isinstance(labels, dict) else "onbekend"
    besluit_id, moment = event.get("decision_id"), event.get("timestamp")
    if rijen is None or not (isinstance(besluit_id, str) and isinstance(moment, str)):
        yield Onleesbaar(plaats, _VERANDERD)
        return
    sha256 = hashlib.sha256(tekst).hexdigest()
    for nummer, toewijzing, besluit in rijen:
        if _is_besluit(toewijzing, besluit):
            yield Gelogd(plaats, besluit_id, nummer, moment, str(opa), toewijzing, besluit, sha256)
        else:
            bij = f", besluit {nummer}" if nummer else ""
            yield Onleesbaar(plaats + bij, _VERANDERD)


def _rijen(event: dict[str, Any]) -> list[tuple[int | None, Any, Any]] | None:
    """The place in the batch, the toewijzing and the besluit of each; None when it is no event."""
    pad, gevraagd, gegeven = event.get("path"), event.get("input"), event.get("result")
    vraag = unquote(pad) if isinstance(pad, str) else ""  # OPA logs the path as it was sent
    if vraag == _BESLUIT:
        return [(None, gevraagd, gegeven)]
    if vraag != _BESLUITEN or not isinstance(gegeven, dict):
        return None
    # Without toewijzingen (nothing asked, or not an object) there is one besluit that says so.
    toewijzingen = gevraagd.get("toewijzingen") if isinstance(gevraagd, dict) else {"1": None}
    if not isinstance(toewijzingen, dict) or toewijzingen.keys() != gegeven.keys():
        return None
    if not all(nummer.isascii() and nummer.isdecimal() and len(nummer) < 10 for nummer in gegeven):
        return None
    return [(int(n), toewijzingen[n], gegeven[n]) for n in sorted(gegeven, key=int)]


def _is_besluit(toewijzing: Any, besluit: Any) -> bool:
    if not isinstance(besluit, dict):
        return False
    if not all(isinstance(besluit.get(veld), str) for veld in ("uitkomst", "herkomst")):
        return False
    # What was not valid is not kept, and only that.
    if toewijzing is None:
        return bool(besluit["uitkomst"] == _ONGELDIG)
    return isinstance(toewijzing, dict) and besluit["uitkomst"] != _ONGELDIG
