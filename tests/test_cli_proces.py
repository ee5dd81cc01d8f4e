"""The command line as a process: pipes, terminals, signals, and no OPA left behind."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from clihulp import COMMANDO, KORT, NIEUW, omgeving, proces
from volledig import steekproef

pytestmark = pytest.mark.usefixtures("bundel")

FORMATEN = ("tekst", "ndjson", "csv", "json")


@pytest.fixture
def opa_pid(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the process id of the OPA that the command line starts gets written."""
    pid, opa = tmp_path / "opa.pid", tmp_path / "opa"
    opa.write_text(f'#!/bin/sh\necho $$ >{pid}\nexec {root / "bin" / "opa"} "$@"\n', "utf-8")
    opa.chmod(0o755)
    monkeypatch.setenv("UITFASERING_OPA", str(opa))
    return pid


def weg(pid: Path) -> bool:
    """Whether that OPA is gone; waits a moment for the system to notice."""
    nummer = int(pid.read_text())
    for _ in range(200):
        try:
            os.kill(nummer, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def veel(pad: Path, aantal: int) -> Path:
    pad.write_text((json.dumps(NIEUW) + "\n") * aantal, "utf-8")
    return pad


def vrije_poort() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        poort: int = probe.getsockname()[1]
        return poort


def test_besluit_start_en_stopt_opa(opa_pid: Path, root: Path) -> None:
    toewijzing = str(root / "voorbeelden" / "toewijzing.json")
    gelezen = proces("besluit", toewijzing, env={"COLUMNS": "40"})
    assert gelezen.code == 1
    assert "NIET TOEGESTAAN" in gelezen.uit
    assert "\x1b" not in gelezen.uit + gelezen.fout
    assert gelezen.fout == ""
    assert 80 < max(map(len, gelezen.uit.splitlines())) <= 100
    assert weg(opa_pid)


def test_standaardinvoer(root: Path) -> None:
    xml = (root / "voorbeelden" / "jw323.xml").read_bytes()
    for invoer, plek in ((json.dumps(KORT).encode(), ""), (xml, ", regel 35 (JW323 3.2)")):
        gelezen = proces("besluit", "-", invoer=invoer)
        assert gelezen.code == 0
        assert f"uit (standaardinvoer){plek}\n" in gelezen.uit
    leeg = proces("besluit", "-")
    assert (leeg.code, leeg.uit) == (1, "")
    assert leeg.fout.startswith("FOUT in (standaardinvoer): Het bestand is leeg.")


@pytest.mark.parametrize(
    ("aantal", "gelezen", "formaat"),
    [
        *steekproef([pytest.param(600, 1, formaat) for formaat in FORMATEN], 4),
        *steekproef([pytest.param(1, 0, formaat) for formaat in FORMATEN], 4),
    ],
)
def test_kapotte_pijp_is_stil(
    opa_pid: Path, tmp_path: Path, formaat: str, aantal: int, gelezen: int
) -> None:
    """Whoever reads stops: halfway, or before a little that waits in a buffer comes."""
    bestand = str(veel(tmp_path / "veel.ndjson", aantal))
    with subprocess.Popen(
        [*COMMANDO, "besluit", bestand, "--formaat", formaat],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=omgeving(),
    ) as kind:
        assert kind.stdout is not None
        assert kind.stderr is not None
        for _ in range(gelezen):
            kind.stdout.readline()
        kind.stdout.close()
        assert kind.stderr.read() == b""
    assert kind.returncode == 1
    assert weg(opa_pid)


def test_volle_schijf(root: Path) -> None:
    bestand = str(root / "voorbeelden" / "toewijzing.json")
    for formaat in ("tekst", "json"):
        with Path("/dev/full").open("wb") as vol:
            klaar = subprocess.run(
                [*COMMANDO, "besluit", bestand, "--formaat", formaat],
                stdout=vol,
                stderr=subprocess.PIPE,
                env=omgeving(),
                timeout=60,
                check=False,
            )
        assert (klaar.returncode, klaar.stderr) == (2, b"FOUT: De schijf is vol.\n")


def test_ctrl_c_tijdens_besluit(opa_pid: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMANDO, "besluit", str(veel(tmp_path / "veel.ndjson", 20_000))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=omgeving(),
    ) as kind:
        assert kind.stdout is not None
        kind.stdout.readline()
        kind.send_signal(signal.SIGINT)
        _, fout = kind.communicate(timeout=30)
    assert kind.returncode == 130
    assert fout.strip() == b""
    assert weg(opa_pid)


@contextlib.contextmanager
def dienst(*argumenten: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMANDO, "start", *argumenten],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=omgeving(),
    ) as kind:
        try:
            yield kind
        finally:
            kind.kill()


@pytest.mark.parametrize("adres", steekproef(["0.0.0.0", "127.0.0.1", "::1"], 3))
def test_start(opa_pid: Path, adres: str) -> None:
    poort = vrije_poort()
    with dienst("--poort", str(poort), "--adres", adres) as kind:
        assert kind.stdout is not None
        regels = []
        while "Ctrl-C" not in (regel := kind.stdout.readline()):
            assert regel, kind.stderr and kind.stderr.read()
            regels.append(regel)
        host = {"::1": "[::1]"}.get(adres, adres)
        assert regels[0] == f"OPA draait op http://{host}:{poort}\n"
        # The example works as it is printed.
        (curl,) = [regel.split(maxsplit=3) for regel in regels if "curl" in regel]
        antwoord = requests.post(curl[1], data=curl[3].strip().strip("'"), timeout=10)
        assert antwoord.json()["result"]["uitkomst"] == "NIET_TOEGESTAAN"

        bezet = proces("start", "--poort", str(poort), "--adres", adres)
        assert bezet.code == 2
        assert f"Poort {poort} op {adres} is al in gebruik." in bezet.fout
        assert f"uitfasering start --poort {poort + 1}" in bezet.fout

        kind.send_signal(signal.SIGINT)
        uit, fout = kind.communicate(timeout=30)
        assert kind.returncode == 130
        assert uit.strip() == "OPA is gestopt."
        assert ("andere computers" in fout) == (adres == "0.0.0.0")
        assert weg(opa_pid)


def test_start_meldt_dat_opa_stopt(opa_pid: Path) -> None:
    with dienst("--poort", str(vrije_poort())) as kind:
        assert kind.stdout is not None
        while "Ctrl-C" not in kind.stdout.readline():
            pass
        os.kill(int(opa_pid.read_text()), signal.SIGKILL)
        _, fout = kind.communicate(timeout=30)
        assert kind.returncode == 2
        assert "OPA is uit zichzelf gestopt." in fout


def test_zonder_opa(root: Path, tmp_path: Path) -> None:
    goed = tmp_path / "goed.json"
    goed.write_text(json.dumps(KORT), "utf-8")
    gelezen = proces("besluit", str(goed), env={"UITFASERING_OPA": str(tmp_path / "nee")})
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert "UITFASERING_OPA wijst naar" in gelezen.fout


def op_terminal(breedte: int, *argumenten: str, **env: str) -> str:
    """What a terminal of that width is sent."""
    baas, slaaf = pty.openpty()
    with subprocess.Popen(
        [*COMMANDO, *argumenten],
        stdin=slaaf,
        stdout=slaaf,
        stderr=slaaf,
        env=omgeving(TERM="xterm-256color", COLUMNS=str(breedte), **env),
    ):
        os.close(slaaf)
        delen = []
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while deel := os.read(baas, 65_536):
                delen.append(deel)
    os.close(baas)
    return b"".join(delen).decode()


@pytest.mark.parametrize("breedte", [40, 80, 200])
def test_terminal(root: Path, breedte: int) -> None:
    tekst = op_terminal(breedte, "besluit", str(root / "voorbeelden"), NO_COLOR="1")
    assert "\x1b" not in tekst
    regels = tekst.splitlines()
    assert max(map(len, regels)) <= min(breedte, 100)
    assert "✗ NIET TOEGESTAAN" in regels


def test_kleur_is_nooit_het_enige(root: Path) -> None:
    bestand = str(root / "voorbeelden" / "toewijzing.json")
    met = op_terminal(80, "besluit", bestand)
    zonder = op_terminal(80, "besluit", bestand, NO_COLOR="1")
    assert "\x1b[1;31m" in met
    kaal = met
    while (begin := kaal.find("\x1b[")) >= 0:
        kaal = kaal[:begin] + kaal[kaal.index("m", begin) + 1 :]
    assert kaal == zonder


@pytest.mark.lang
def test_bundel(root: Path, tmp_path: Path) -> None:
    for naam in ("policies", "data", "schemas", "scripts"):
        shutil.copytree(root / naam, tmp_path / naam)
    env = {"UITFASERING_ROOT": str(tmp_path), "UITFASERING_OPA": str(root / "bin" / "opa")}
    verwacht = [
        (["bundel"], "De bundel is gebouwd. De inhoud is nieuw."),
        (["bundel"], "De bundel is al bijgewerkt."),
        (["bundel", "--opnieuw"], "De bundel is opnieuw gebouwd. De inhoud is gelijk gebleven."),
    ]
    versies = set()
    for argumenten, zin in verwacht:
        gelezen = proces(*argumenten, env=env)
        assert gelezen.code == 0, gelezen.fout
        wat, bestand, versie = gelezen.uit.splitlines()
        assert wat == zin
        assert bestand == f"Bestand: {tmp_path / 'build' / 'uitfasering.tar.gz'}"
        assert (tmp_path / "build" / "uitfasering.tar.gz").is_file()
        versies.add(versie)
    assert len(versies) == 1
    afspraken = tmp_path / "data" / "gebeurtenissen.yaml"
    tekst = afspraken.read_text("utf-8").replace("2022-01-01", "2022-01-02")
    afspraken.write_text(tekst, "utf-8")
    # A stale bundle is made anew before anything is asked.
    goed = tmp_path / "goed.json"
    goed.write_text(json.dumps(KORT), "utf-8")
    gelezen = proces("besluit", str(goed), env=env)
    assert gelezen.code == 0
    oude = versies.pop().removeprefix("Versie van de afspraken: ")
    assert f"Versie van de afspraken: {oude[:12]}" not in gelezen.uit
