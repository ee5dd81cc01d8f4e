"""``uitfasering toets --watch``: what it sees, what it runs again, and how it stops."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clihulp import COMMANDO, omgeving
from toetshulp import GOED
from uitfasering.toets.kijken import Kijker, Wijziging

_SECONDS = 60  # only until the test gives up; nothing is measured
_ANDERS = GOED.replace("uitkomst: TOEGESTAAN", "uitkomst: HANDMATIG")


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    for naam in ("data", "policies", "schemas"):
        shutil.copytree(root / naam, tmp_path / naam)
    gevallen = tmp_path / "tests" / "gevallen" / "map"
    gevallen.mkdir(parents=True)
    for naam in ("een", "twee"):
        (gevallen / f"{naam}.yaml").write_text(GOED, "utf-8")
    return tmp_path


def een(project: Path) -> Path:
    return project / "tests" / "gevallen" / "map" / "een.yaml"


# What it sees.


def _schrijf_over(path: Path) -> None:
    path.write_text(_ANDERS, "utf-8")


def _vervang(path: Path) -> None:
    """As most editors do: a new file beside it, which takes its place."""
    nieuw = path.with_name("4913")
    nieuw.write_text(_ANDERS, "utf-8")
    nieuw.replace(path)


def _zelfde_grootte_en_tijd(path: Path) -> None:
    was = path.stat()
    nieuw = path.with_name("4913")
    nieuw.write_text(GOED.replace("Proef", "Faarp"), "utf-8")
    os.utime(nieuw, ns=(was.st_atime_ns, was.st_mtime_ns))
    nieuw.replace(path)


@pytest.mark.parametrize("wijzig", [_schrijf_over, _vervang, _zelfde_grootte_en_tijd])
def test_een_gewijzigd_bestand(project: Path, wijzig: Callable[[Path], None]) -> None:
    kijker = Kijker(project, [project / "tests" / "gevallen"])
    assert not kijker.wijziging()
    wijzig(een(project))
    assert kijker.wijziging() == Wijziging(gevallen=[een(project)])
    assert not kijker.wijziging()


def test_een_bestand_erbij_en_een_weg(project: Path) -> None:
    kijker = Kijker(project, [project / "tests" / "gevallen"])
    nieuw = een(project).with_name("drie.yaml")
    een(project).rename(nieuw)
    assert kijker.wijziging() == Wijziging(gevallen=[nieuw], weg=[een(project)])


@pytest.mark.parametrize("naam", ["data/regio.yaml", "policies/uitfasering/besluit.rego"])
def test_een_andere_tabel_of_afspraak(project: Path, naam: str) -> None:
    kijker = Kijker(project, [een(project)])
    path = project / naam
    path.write_text(path.read_text("utf-8") + "\n# anders\n", "utf-8")
    assert kijker.wijziging() == Wijziging(regels=[path])
    path.unlink()
    assert kijker.wijziging() == Wijziging(regels=[path])


def test_andere_bestanden_tellen_niet(project: Path) -> None:
    kijker = Kijker(project, [een(project)])
    for naam in ("een.yaml~", ".een.yaml.swp", "LEESMIJ.md", "twee.yaml"):
        een(project).with_name(naam).write_text("anders", "utf-8")
    (project / "data" / ".#gemeenten").write_text("anders", "utf-8")
    assert not kijker.wijziging()


# What it does.


class Venster:
    """A terminal in which ``toets --watch`` runs."""

    def __init__(self, project: Path, root: Path) -> None:
        self._uitvoer = project / "uitvoer.txt"
        self._gelezen = 0
        with self._uitvoer.open("wb") as uit:
            self.proces = subprocess.Popen(
                [*COMMANDO, "toets", "--watch"],
                stdin=subprocess.DEVNULL,
                stdout=uit,
                stderr=subprocess.STDOUT,
                cwd=project,
                env=omgeving(
                    UITFASERING_ROOT=str(project), UITFASERING_OPA=str(root / "bin" / "opa")
                ),
            )

    def tot(self, tekst: str) -> str:
        """What came since the last time, up to and with this text."""
        einde = time.monotonic() + _SECONDS
        while time.monotonic() < einde and self.proces.poll() is None:
            nieuw = self._uitvoer.read_text("utf-8")[self._gelezen :]
            if tekst in nieuw:
                tot = nieuw.index(tekst) + len(tekst)
                self._gelezen += tot
                return nieuw[:tot]
            time.sleep(0.05)
        raise AssertionError(f"{tekst!r} kwam niet:\n{self._uitvoer.read_text('utf-8')}")


@pytest.fixture
def venster(project: Path, root: Path) -> Iterator[Venster]:
    venster = Venster(project, root)
    yield venster
    venster.proces.kill()
    venster.proces.wait()


@pytest.mark.lang
def test_kijken_en_stoppen(venster: Venster, project: Path) -> None:
    begin = venster.tot("Stoppen: Ctrl-C\n")
    assert "4 gevallen in 2 bestanden: 4 goed.\n" in begin

    # One file: only its cases, with the reason.
    _vervang(een(project))
    gezien = venster.tot("1 fout, 1 goed.\n")
    assert "gewijzigd: een.yaml\n" in gezien
    assert "twee" not in gezien
    assert "HANDMATIG" in gezien
    assert "2 gevallen in 1 bestand: 1 fout, 1 goed.\n" in gezien

    # Broken meanwhile: the fault, and on.
    een(project).write_text("onderwerp: [", "utf-8")
    gezien = venster.tot("Er is geen geval nagerekend.\n")
    assert "tests/gevallen/map/een.yaml:1" in gezien
    een(project).write_text(GOED, "utf-8")
    venster.tot("2 gevallen in 1 bestand: 2 goed.\n")

    # A table: everything, on the new one.
    brief = project / "data" / "afspraken" / "brief-2021-05-06.yaml"
    goed = brief.read_text("utf-8")
    brief.write_text(goed.replace('waarde: "2021-05-01"', 'waarde: "2021-05-02"', 1), "utf-8")
    gezien = venster.tot("4 gevallen in 2 bestanden: 2 fout, 2 goed.\n")
    assert "- toewijzingsdatum 01-05-2021 ligt vóór 02-05-2021" in gezien
    brief.write_text("begrippen: [", "utf-8")
    gezien = venster.tot("Er is niets nagerekend. Verbeter dit en sla het op.\n")
    assert "data/afspraken/brief-2021-05-06.yaml:1" in gezien
    brief.write_text(goed, "utf-8")
    venster.tot("4 gevallen in 2 bestanden: 4 goed.\n")

    # A policy.
    rego = project / "policies" / "uitfasering" / "afspraken" / "algemeen.rego"
    goed = rego.read_text("utf-8")
    rego.write_text(f"{goed}\nhelemaal mis\n", "utf-8")
    gezien = venster.tot("Er is niets nagerekend. Verbeter dit en sla het op.\n")
    assert "policies/uitfasering/afspraken/algemeen.rego:" in gezien
    rego.write_text(goed, "utf-8")
    venster.tot("4 gevallen in 2 bestanden: 4 goed.\n")

    een(project).unlink()
    venster.tot("Niet meer te vinden: een.yaml\n")

    venster.proces.send_signal(signal.SIGINT)
    assert venster.proces.wait(_SECONDS) == 130
    rest = (project / "uitvoer.txt").read_text("utf-8")
    assert rest.rstrip().endswith("Gestopt.")
    assert "Traceback" not in rest
