"""OPA's metrics (Prometheus' text format), as far as the tests look at them."""

from __future__ import annotations

import re
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
    """What /metrics of a running sidecar says now."""
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
    [found] = [
        m.labels["active_revision"]
        for m in metingen(sidecar)
        if m.naam == "last_success_bundle_activation" and m.labels["name"] == bundel
    ]
    return found


def tijdstip(sidecar: Sidecar, naam: str, bundel: str) -> float:
    """A moment in the metrics (``last_success_bundle_request``, …), in seconds since 1970."""
    [found] = [m.waarde for m in metingen(sidecar) if m.naam == naam and m.labels["name"] == bundel]
    return found / 1e9
