"""OPA's metrics (Prometheus' text format), as far as the tests look at them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sidecarhulp import Sidecar

_REGEL = re.compile(r"(?P<naam>\w+)(?:\{(?P<labels>.*)\})? (?P<waarde>\S+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Meting:
    """One value: a series at one moment."""

    naam: str
    labels: dict[str, str]
    waarde: float


def lees_metingen(tekst: str) -> list[Meting]:
    found = []
    for line in tekst.splitlines():
        if line and not line.startswith("#"):
            match = _REGEL.fullmatch(line)
            assert match, line
            labels = dict(_LABEL.findall(match["labels"] or ""))
            found.append(Meting(match["naam"], labels, float(match["waarde"])))
    return found


def metingen(sidecar: Sidecar) -> list[Meting]:
    """What /metrics of a running sidecar says now.

    OPA takes some series away for a moment while it writes them again, so this is the fullest of
    three answers.
    """
    return max((_metingen(sidecar) for _ in range(3)), key=len)


def _metingen(sidecar: Sidecar) -> list[Meting]:
    answer = sidecar.vraag("GET", "/metrics", token=sidecar.tokens["metrics"], diagnose=True)
    assert answer.status == 200, answer
    return lees_metingen(answer.body.decode())


def mislukt(sidecar: Sidecar, bundel: str, melding: str = "") -> float:
    """How often this bundle failed to load, with this in the message."""
    return sum(
        m.waarde
        for m in metingen(sidecar)
        if m.naam == "bundle_failed_load_counter"
        and m.labels["name"] == bundel
        and m.labels["code"]
        and melding in m.labels["message"]
    )


def actief(sidecar: Sidecar, bundel: str) -> str:
    """The revision that OPA says is active."""
    return _een(sidecar, "last_success_bundle_activation", bundel).labels["active_revision"]


def tijdstip(sidecar: Sidecar, naam: str, bundel: str) -> float:
    """A moment in the metrics (``last_success_bundle_request``, …), in seconds since 1970."""
    return _een(sidecar, naam, bundel).waarde / 1e9


def _een(sidecar: Sidecar, naam: str, bundel: str) -> Meting:
    """The one value of this series; OPA takes it away for a moment while it writes a new one."""
    deadline = time.monotonic() + 10
    while True:
        found = [m for m in metingen(sidecar) if m.naam == naam and m.labels["name"] == bundel]
        if len(found) == 1:
            return found[0]
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
