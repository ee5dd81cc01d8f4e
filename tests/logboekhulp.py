"""For the tests of the decision log: what a sidecar wrote, event by event."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sidecarhulp import opdracht
from uitfasering.sidecarmap import Sidecarmap

Event = dict[str, Any]


def logbestand(sidecar: Sidecarmap) -> Path:
    """The file that OPA writes in now."""
    return sidecar.logboek / "besluiten.log"


def inhoud(pad: Path) -> bytes:
    """What is in a log file, gzip or not."""
    content = pad.read_bytes()
    return gzip.decompress(content) if pad.suffix == ".gz" else content


def events(tekst: str) -> list[Event]:
    """The decision log events in these lines; whatever else stands there is passed over."""
    lines = [json.loads(line) for line in tekst.split("\n") if line.startswith("{")]
    return [line for line in lines if line.get("msg") == "Decision Log"]


def gelogd(sidecar: Sidecarmap) -> list[Event]:
    """Every event in the file that OPA writes in now."""
    path = logbestand(sidecar)
    return events(path.read_text("utf-8")) if path.exists() else []


class Volger:
    """Gives the events that came since it was asked last."""

    def __init__(self, sidecar: Sidecarmap) -> None:
        self._path = logbestand(sidecar)
        self._tot = self._path.stat().st_size if self._path.exists() else 0

    def nieuw(self) -> list[Event]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._tot)
            content = file.read()
        self._tot += len(content)
        return events(content.decode())


def besluiten_in(event: Event) -> Iterator[tuple[Any, Event]]:
    """Each toewijzing (or None) with its besluit."""
    if "toewijzingen" not in (event.get("input") or {}):
        yield event.get("input"), event["result"]
        return
    for number, besluit in event["result"].items():
        yield event["input"]["toewijzingen"][number], besluit


def op_de_console(sidecar: Sidecarmap, map_: Path) -> list[str]:
    """The option for the console instead of the file: one line of opa.yaml (docs/logboek.md)."""
    (config,) = (w for w in opdracht(sidecar, 0, 0) if w.startswith("--config-file="))
    text = Path(config.partition("=")[2]).read_text("utf-8")
    assert text.count("  plugin: file_logger\n") == 1
    changed = map_ / "console.yaml"
    changed.write_text(text.replace("  plugin: file_logger\n", "  console: true\n"), "utf-8")
    return [f"--config-file={changed}"]
