"""``uitfasering token``: every command and fault, and that a token is nowhere but in its file."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from clihulp import COMMANDO, Cli, omgeving
from toeganghulp import (
    EIGEN,
    bestanden,
    bij,
    delen,
    hash_van,
    in_bundel,
    maak,
    maak_sidecarmap,
)
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.fixture
def sidecar(tmp_path: Path) -> Sidecarmap:
    return maak_sidecarmap(tmp_path / "sidecar")


def test_nieuw(cli: Cli, sidecar: Sidecarmap, tmp_path: Path) -> None:
    naar = tmp_path / "zaak.token"
    rechten = ("--recht", "metrics", "--recht", "besluit", "--recht", "metrics")
    gelezen = cli("token", "nieuw", "zaak", *rechten, "--naar", naar, *bij(sidecar))
    assert (gelezen.code, gelezen.fout) == (0, "")
    inhoud, mode = bestanden(tmp_path)["zaak.token"]
    assert re.fullmatch(rb"[A-Za-z0-9_-]{43}\n", inhoud)
    assert mode == 0o600
    token = inhoud.decode().strip()
    assert gelezen.uit == (
        "Het token zaak is gemaakt. Het mag: metrics, besluit.\n"
        f"Het staat in {naar}. Breng het veilig naar het programma dat ermee vraagt, en verwijder "
        "het bestand daarna.\n"
        "Een sidecar die draait, kent het binnen enkele seconden. Leest hij zijn bundels uit "
        "bestanden, start hem dan opnieuw.\n"
    )
    assert in_bundel(sidecar) == {
        "tokens": {hash_van(token): {"naam": "zaak", "rechten": ["besluit", "metrics"]}}
    }
    assert sidecar.toegang.stat().st_mode & 0o777 == 0o600
    tekst = sidecar.toegang.read_text("utf-8")
    assert tekst.startswith("# Wie de sidecar iets mag vragen. Hier staan geen tokens")
    assert tekst.endswith(
        f'tokens:\n  "zaak":\n    sha256: "{hash_van(token)}"\n    rechten: [metrics, besluit]\n'
        f'    sinds: "{date.today().isoformat()}"\n'
    )
    assert (sidecar.bundels / "toegang.tar.gz").stat().st_mode & 0o777 == 0o644
    assert not list(sidecar.map.glob(".*"))


def test_opmerkingen_blijven_en_het_bestand_blijft_dicht(cli: Cli, sidecar: Sidecarmap) -> None:
    maak(cli, sidecar, "eerste")
    echt = sidecar.map.parent / "beheer.yaml"  # kept elsewhere, with a link to it
    tekst = sidecar.toegang.read_text("utf-8").replace("tokens:", "# van Jan\ntokens: # alle")
    echt.write_text(tekst + "\n# tot hier\n", "utf-8")
    sidecar.toegang.unlink()
    sidecar.toegang.symlink_to(echt)
    maak(cli, sidecar, "tweede")
    assert cli("token", "intrekken", "eerste", *bij(sidecar)).code == 0
    assert sidecar.toegang.is_symlink()
    assert echt.stat().st_mode & 0o777 == 0o600
    gewijzigd = echt.read_text("utf-8")
    assert "# van Jan\ntokens: # alle\n" in gewijzigd
    assert gewijzigd.endswith("\n\n# tot hier\n")
    assert '"tweede":' in gewijzigd
    assert "eerste" not in gewijzigd


@pytest.mark.parametrize("weg", ["bestand", "standaardinvoer"])
def test_overnemen(
    weg: str, cli: Cli, sidecar: Sidecarmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    van = tmp_path / "eigen.token"
    van.write_text(f"{EIGEN}\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{EIGEN}\n".encode())))
    bron = str(van) if weg == "bestand" else "-"
    gelezen = cli("token", "overnemen", "kluis", "--recht=compile", "--van", bron, *bij(sidecar))
    assert (gelezen.code, gelezen.fout) == (0, "")
    assert gelezen.uit.startswith("Het token kluis is overgenomen. Het mag: compile.\n")
    assert in_bundel(sidecar)["tokens"] == {
        hash_van(EIGEN): {"naam": "kluis", "rechten": ["compile"]}
    }
    assert van.read_text() == f"{EIGEN}\n"


def test_intrekken(cli: Cli, sidecar: Sidecarmap) -> None:
    maak(cli, sidecar, "zaak")
    blijft = maak(cli, sidecar, "proef")
    gelezen = cli("token", "intrekken", "zaak", *bij(sidecar))
    assert (gelezen.code, gelezen.fout) == (0, "")
    assert gelezen.uit.startswith("Het token zaak is ingetrokken.\nEen sidecar die draait, weigert")
    assert list(in_bundel(sidecar)["tokens"]) == [hash_van(blijft)]
    assert cli("token", "intrekken", "proef", *bij(sidecar)).code == 0
    assert in_bundel(sidecar) == {"tokens": {}}
    # The name is free again.
    (sidecar.map.parent / "zaak.token").unlink()
    maak(cli, sidecar, "zaak")


def test_lijst_en_bundel(cli: Cli, sidecar: Sidecarmap) -> None:
    assert cli("token", "lijst", *bij(sidecar)).uit == (
        f"Er zijn geen tokens in {sidecar.toegang}.\n"
    )
    een = maak(cli, sidecar, "zaaksysteem", "besluit", "metrics")
    twee = maak(cli, sidecar, "proef", "compile")
    vandaag = date.today().isoformat()
    tabel = (
        "naam         mag               sinds       SHA-256\n"
        f"zaaksysteem  besluit, metrics  {vandaag}  {hash_van(een)[:8]}…\n"
        f"proef        compile           {vandaag}  {hash_van(twee)[:8]}…\n"
    )
    gelezen = cli("token", "lijst", *bij(sidecar))
    assert (gelezen.code, gelezen.fout) == (0, "")
    assert gelezen.uit == f"{tabel}\nElke ondertekende versie van de afspraken is goed.\n"
    # After a change by hand OPA knows nothing of it yet.
    revisies = [hash_van("a"), hash_van("b")]
    with sidecar.toegang.open("a", encoding="utf-8") as file:
        file.write("revisies:\n" + "".join(f'  - "{revisie}"\n' for revisie in revisies))
    gelezen = cli("token", "lijst", *bij(sidecar))
    assert gelezen.code == 0
    assert gelezen.uit == (
        f"{tabel}\nDeze versies van de afspraken zijn verwacht:\n  {revisies[0]}\n  {revisies[1]}\n"
    )
    assert "LET OP: de bundel voor OPA zegt iets anders" in gelezen.fout
    assert "revisies" not in in_bundel(sidecar)
    gelezen = cli("token", "bundel", *bij(sidecar))
    assert (gelezen.code, gelezen.fout) == (0, "")
    assert gelezen.uit.startswith(f"Ondertekend: {sidecar.bundels}/toegang.tar.gz\nVersie: ")
    assert in_bundel(sidecar)["revisies"] == sorted(revisies)
    assert cli("token", "lijst", *bij(sidecar)).fout == ""
    maak(cli, sidecar, "nog-een")
    assert in_bundel(sidecar)["revisies"] == sorted(revisies)


def test_een_eigen_sleutel(cli: Cli, sidecar: Sidecarmap, tmp_path: Path) -> None:
    sleutel = tmp_path / "elders.key"
    (sidecar.geheim / "toegang.key").rename(sleutel)
    naar = tmp_path / "x.token"
    opties = ("--recht=besluit", "--naar", naar, *bij(sidecar))
    gelezen = cli("token", "nieuw", "zaak", *opties)
    assert gelezen.code == 2
    assert f"De sleutel {sidecar.geheim}/toegang.key is er niet." in gelezen.fout
    assert not naar.exists()
    assert cli("token", "nieuw", "zaak", *opties, "--sleutel", sleutel).code == 0
    # Where the public key is kept elsewhere, only OPA can tell whether the key is right.
    (sidecar.sleutels / "toegang.pub").unlink()
    assert cli("token", "bundel", *bij(sidecar), "--sleutel", sleutel).code == 0


def test_vier_tegelijk(sidecar: Sidecarmap, tmp_path: Path) -> None:
    def start(naam: str) -> subprocess.CompletedProcess[bytes]:
        command = ["token", "nieuw", naam, "--recht=besluit", f"--naar={tmp_path / naam}"]
        return subprocess.run(
            [*COMMANDO, *command, *bij(sidecar)], env=omgeving(), capture_output=True, timeout=60
        )

    namen = ["een", "twee", "drie", "vier"]
    with ThreadPoolExecutor(4) as pool:
        klaar = list(pool.map(start, namen))
    assert [done.returncode for done in klaar] == [0] * 4, klaar
    tokens = {naam: (tmp_path / naam).read_text().strip() for naam in namen}
    assert in_bundel(sidecar)["tokens"] == {
        hash_van(token): {"naam": naam, "rechten": ["besluit"]} for naam, token in tokens.items()
    }
    tekst = sidecar.toegang.read_text("utf-8")
    assert all(hash_van(token) in tekst for token in tokens.values())


def test_een_token_is_nergens_anders(
    cli: Cli, sidecar: Sidecarmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in output, toegang.yaml, the bundle, or the arguments and environment of OPA."""
    spoor = tmp_path / "spoor"
    opa = tmp_path / "opa"
    opa.write_text(f'#!/bin/sh\n(echo "$@"; env) >>{spoor}\nexec {opa_binary()} "$@"\n')
    opa.chmod(0o755)
    monkeypatch.setenv("UITFASERING_OPA", str(opa))
    (tmp_path / "kluis.token").write_text(EIGEN)
    kluis = ("kluis", "--recht=besluit", "--van", tmp_path / "kluis.token")
    gezien = [cli("token", "overnemen", *kluis, *bij(sidecar))]
    naar = tmp_path / "zaak.token"
    gezien += [cli("token", "nieuw", "zaak", "--recht=besluit", "--naar", naar, *bij(sidecar))]
    gezien += [cli("token", "lijst", *bij(sidecar)), cli("token", "bundel", *bij(sidecar))]
    assert [gelezen.code for gelezen in gezien] == [0] * 4
    tokens = [EIGEN, naar.read_text().strip()]
    assert b"build --bundle" in spoor.read_bytes()
    alles = {**bestanden(tmp_path), **bestanden(sidecar.map)}
    alles = {naam: deel for naam, deel in alles.items() if not naam.endswith(".token")}
    assert {"toegang.yaml", "bundels/toegang.tar.gz", "spoor"} <= alles.keys()
    delen_van_bundel = delen(sidecar.bundels / "toegang.tar.gz")
    for token in tokens:
        assert not [uit for uit in gezien if token in uit.uit + uit.fout]
        assert not [naam for naam, (inhoud, _) in alles.items() if token.encode() in inhoud]
        assert not [naam for naam, inhoud in delen_van_bundel.items() if token.encode() in inhoud]
    # The search finds what is there.
    assert [n for n, inhoud in delen_van_bundel.items() if hash_van(EIGEN).encode() in inhoud]


def test_hulp_is_nederlands(cli: Cli) -> None:
    for argumenten in ([], *(["nieuw"], ["overnemen"], ["intrekken"], ["lijst"], ["bundel"])):
        gelezen = cli("token", *argumenten, "--help")
        assert gelezen.code == 0
        assert gelezen.uit.startswith("Gebruik: uitfasering token")
        engels = ("Usage", "Options", "Commands", "required", "default", "TEXT", "COMMAND")
        assert not [woord for woord in engels if woord in gelezen.uit]
    gelezen = cli("token")
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert "Opdrachten:" in gelezen.fout
