"""For the tests of ``uitfasering herhaal``: logs to replay, and other revisions to do it with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from conftest import project_met
from logopa import BESTAND, opa_met_logboek
from opa_vraag import vraag, vraag_alle
from uitfasering.bundel import opa_build
from uitfasering.logboek import Gelogd, lees_logboek
from uitfasering.stage import maak_stage

Json = dict[str, Any]


def log_van(bundel: Path, map: Path, toewijzingen: Sequence[Any], *, los: int = 1) -> list[Json]:
    """Ask these of an OPA that logs in ``map``: ``los`` of them alone, the others in batches.

    Returns:
        The besluiten, in the order of the toewijzingen; as they stand in the log.
    """
    with opa_met_logboek(bundel, map) as url:
        besluiten = [vraag(url, een) for een in toewijzingen[:los]]
        rest = toewijzingen[los:]
        for start in range(0, len(rest), 500):
            batch = {f"{n:04}": een for n, een in enumerate(rest[start : start + 500])}
            besluiten += vraag_alle(url, batch).values()
    return besluiten


def bundel_van(root: Path, map: Path) -> Path:
    """The bundle of a project; not checked as ``uitfasering bundel`` does."""
    (map / "stage").mkdir(parents=True)
    maak_stage(map / "stage", root=root)
    opa_build(map / "stage", map / "anders.tar.gz")
    return map / "anders.tar.gz"


def bundel_met(root: Path, map: Path, gegevens: Mapping[str, Any]) -> Path:
    """The bundle of this project with other data (see conftest.project_met)."""
    return bundel_van(project_met(root, map / "project", gegevens), map / "bundel")


def bundel_waarin(root: Path, map: Path, bestand: str, oud: str, nieuw: str) -> Path:
    """The bundle of this project with one text replaced in one file."""
    project = project_met(root, map / "project", {})
    pad = project / bestand
    text = pad.read_text("utf-8")
    assert text.count(oud) == 1, text.count(oud)
    pad.write_text(text.replace(oud, nieuw), "utf-8")
    return bundel_van(project, map / "bundel")


def verander(map: Path, naar: Path, wijzig: Callable[[int, Json], None]) -> Path:
    """A copy of the log in ``map`` in which ``wijzig`` changed each event, by its line from 1."""
    events = [json.loads(line) for line in (map / BESTAND).read_text("utf-8").splitlines()]
    for nummer, event in enumerate(events, 1):
        wijzig(nummer, event)
    naar.mkdir(exist_ok=True)
    (naar / BESTAND).write_text("".join(f"{json.dumps(event)}\n" for event in events), "utf-8")
    return naar / BESTAND


def gelogd(map: Path) -> list[Gelogd]:
    """Every besluit in the log in ``map``."""
    return [een for een in lees_logboek([map / BESTAND]) if isinstance(een, Gelogd)]


def een_regel(tekst: str) -> str:
    """The text without the breaks of its lines."""
    return " ".join(tekst.split())
