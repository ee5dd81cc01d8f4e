"""Runs the command line, in this process (quick) or as a process of its own (pipes, signals)."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from uitfasering import cli

COMMANDO = [sys.executable, "-m", "uitfasering.cli"]
NIEUW = {
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-06-01",
    "ingangsdatum": "2021-06-15",
    "product": {"segment": "midden", "perspectief": "herstel", "profiel": 3},
}
"""NIET_TOEGESTAAN, by B1-02."""
KORT = {**NIEUW, "handeling": "verkorting"}
"""TOEGESTAAN: nothing speaks of a verkorting."""


@dataclass(frozen=True)
class Uitvoer:
    """What a run gave."""

    code: int
    uit: str
    fout: str


def omgeving(**anders: str) -> dict[str, str]:
    """The environment for a process, without what would change the output."""
    uitvoer = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONUNBUFFERED")
    eigen = ("UITFASERING_OPA_URL", "UITFASERING_OPA_TOKEN")
    schoon = {n: waarde for n, waarde in os.environ.items() if n not in (*uitvoer, *eigen)}
    src = str(Path(cli.__file__).parents[1])
    return {**schoon, "PYTHONPATH": src, "PYTHONDONTWRITEBYTECODE": "1", **anders}


def proces(*argumenten: str, invoer: bytes = b"", env: dict[str, str] | None = None) -> Uitvoer:
    """A run as a process of its own, with pipes."""
    klaar = subprocess.run(
        [*COMMANDO, *argumenten],
        input=invoer,
        capture_output=True,
        timeout=120,
        env=omgeving(**(env or {})),
        check=False,
    )
    return Uitvoer(klaar.returncode, klaar.stdout.decode(), klaar.stderr.decode())


class Cli:
    """A run in this process, on the OPA at ``url``."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str = ""
    ) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        for naam in ("NO_COLOR", "FORCE_COLOR", "UITFASERING_OPA_TOKEN"):
            monkeypatch.delenv(naam, raising=False)
        monkeypatch.setenv("UITFASERING_OPA_URL", url)

    def __call__(self, *argumenten: str | Path) -> Uitvoer:
        self._monkeypatch.setattr(sys, "argv", ["uitfasering", *map(str, argumenten)])
        code = cli.main()
        gelezen = self._capsys.readouterr()
        return Uitvoer(code, gelezen.out, gelezen.err)
