"""Tokens and a sidecar that runs: from scripts/sidecar-proef to an answer, and to a refusal."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bundelserver import Bundelserver
from clienthulp import ANSWER
from clihulp import KORT, Cli
from sidecarhulp import BESLUIT, Sidecar, draaiend, wacht_op
from storingsserver import Connection, always, serving
from toeganghulp import bestanden
from uitfasering.sidecarmap import Sidecarmap


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.fixture
def vraag(tmp_path: Path) -> Path:
    (tmp_path / "vraag.json").write_text(json.dumps(KORT))
    return tmp_path / "vraag.json"


def proef(root: Path, map_: Path) -> str:
    """Standard output of scripts/sidecar-proef."""
    command = ["bash", str(root / "scripts" / "sidecar-proef"), str(map_)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    # OPA is there; nothing else to say.
    assert re.fullmatch(r"(OPA [\d.]+ staat klaar.*\n)?", done.stderr), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def uitleg(root: Path, map_: Path) -> str:
    return proef(root, map_)


@pytest.fixture(scope="module")
def map_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proef") / "de map"


@pytest.fixture(scope="module")
def draait(map_: Path, uitleg: str) -> Iterator[Sidecar]:
    """Only with what the script made."""
    with (
        Bundelserver(Sidecarmap(map_).bundels).draait() as server,
        draaiend(Sidecarmap(map_), {}, server.url) as running,
    ):
        yield running


def test_wat_de_uitleg_zegt_werkt(
    uitleg: str, draait: Sidecar, cli: Cli, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    tekst = uitleg.replace("https://127.0.0.1:8181", draait.url).replace("\\\n", "")
    opdrachten = re.findall(r"^  \.venv/bin/uitfasering (.*)$", tekst, re.M)
    assert [opdracht.split()[0] for opdracht in opdrachten] == ["besluit", "token"]
    vraag, lijst = (cli(*shlex.split(opdracht)) for opdracht in opdrachten)
    assert (vraag.code, vraag.fout) == (1, "")  # not everything there is allowed
    assert "B1-02" in vraag.uit
    assert (lijst.code, lijst.fout) == (0, "")
    assert "\nproef  besluit, metrics  " in lijst.uit
    compose = re.findall(r"^  (.*) docker compose --env-file scripts/opa-versie", uitleg, re.M)
    assert uitleg.startswith("\nKlaar. In ")  # nothing of the steps before
    assert set(compose) == {f"UITFASERING_SIDECAR='{draait.sidecar.map}'"}
    token = (draait.sidecar.geheim / "proef.token").read_text()
    assert token.strip() not in uitleg + lijst.uit


def test_een_tweede_keer_blijft_alles(root: Path, map_: Path, uitleg: str) -> None:
    def vast() -> dict[str, tuple[bytes, int]]:
        alles = bestanden(map_).items()
        opnieuw_getekend = ("bundels/uitfasering.tar.gz", "archief/")
        return {naam: wat for naam, wat in alles if not naam.startswith(opnieuw_getekend)}

    voor = vast()
    assert {"toegang.yaml", "geheim/proef.token", "tls/server.crt"} <= voor.keys()
    assert proef(root, map_) == uitleg
    assert vast() == voor


def test_een_verlopen_certificaat_komt_opnieuw(
    root: Path, map_: Path, uitleg: str, tmp_path: Path
) -> None:
    def openssl(*woorden: str | Path, code: int = 0) -> None:
        command = ["openssl", *map(str, woorden)]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == code, done.stderr

    sidecar = Sidecarmap(shutil.copytree(map_, tmp_path / "sidecar"))
    sleutel, aanvraag = sidecar.geheim / "ca.key", tmp_path / "aanvraag"
    openssl("req", "-new", "-key", sleutel, "-subj", "/CN=oud", "-out", aanvraag)
    ca, server = sidecar.tls / "ca.crt", sidecar.tls / "server.crt"
    for pad in (ca, server):
        openssl("x509", "-req", "-in", aanvraag, "-key", sleutel, "-days", "-1", "-out", pad)
    openssl("verify", "-CAfile", ca, server, code=2)
    proef(root, sidecar.map)
    openssl("verify", "-CAfile", ca, server)
    openssl("verify", "-CAfile", ca, sidecar.geheim / "client.crt")  # which was still good


def test_een_token_erbij_en_eraf_zonder_herstart(
    draait: Sidecar, cli: Cli, vraag: Path, tmp_path: Path
) -> None:
    bij = ("--sidecar", str(draait.sidecar.map))

    def status(token: str) -> int:
        return draait.vraag("POST", BESLUIT, token=token, body={"input": KORT}).status

    naar = tmp_path / "zaak.token"
    assert cli("token", "nieuw", "zaak", "--recht=besluit", "--naar", naar, *bij).code == 0
    token = naar.read_text().strip()
    wacht_op(lambda: status(token) == 200)
    assert draait.vraag("GET", "/metrics", token=token).status == 401
    bij_opa = ("--opa", draait.url, "--ca", draait.sidecar.tls / "ca.crt")
    vraagt = ("besluit", vraag, *bij_opa, "--token-bestand", naar)
    assert cli(*vraagt).code == 0

    assert cli("token", "intrekken", "zaak", *bij).code == 0
    wacht_op(lambda: status(token) == 401)
    gelezen = cli(*vraagt)
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert "weigert de vraag (HTTP 401)" in gelezen.fout
    assert token not in gelezen.fout + draait.gezegd()
    # The other token still works, and OPA is the same process.
    assert status((draait.sidecar.geheim / "proef.token").read_text().strip()) == 200
    assert draait.proces.poll() is None


# uitfasering besluit --opa … --token-bestand …


def test_het_token_uit_een_bestand(
    cli: Cli, vraag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gezien = []

    def weiger(verbinding: Connection) -> None:
        gezien.append(verbinding.request()[1].get("authorization"))
        verbinding.send(401, b"{}")

    (tmp_path / "token").write_text("uit-het-bestand\n")
    monkeypatch.setenv("UITFASERING_OPA_TOKEN", "uit-de-omgeving")
    with serving(weiger) as server:
        gelezen = cli("besluit", vraag, "--opa", server.url, "--token-bestand", tmp_path / "token")
    assert gezien == ["Bearer uit-het-bestand"]
    assert gelezen.code == 2
    assert "uit-" not in gelezen.fout


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (None, "Het token is niet te lezen. Dit bestand of deze map is er niet."),
        ("", "Er staat geen token in"),
        ("geheim geheim", "is geen token"),
        ("geheim\ngeheim\n", "is geen token"),
    ],
)
def test_een_verkeerd_tokenbestand(
    inhoud: str | None, zin: str, cli: Cli, vraag: Path, tmp_path: Path
) -> None:
    if inhoud is not None:
        (tmp_path / "token").write_text(inhoud)
    with serving(always(200, ANSWER)) as server:
        gelezen = cli("besluit", vraag, "--opa", server.url, "--token-bestand", tmp_path / "token")
        assert server.connections == 0
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert zin in gelezen.fout
    assert str(tmp_path / "token") in gelezen.fout
    assert "geheim" not in gelezen.fout.replace(str(tmp_path), "")


@pytest.mark.parametrize("optie", ["--token-bestand", "--ca", "--client-cert"])
def test_alleen_met_opa(optie: str, cli: Cli, vraag: Path) -> None:
    gelezen = cli("besluit", vraag, optie, vraag)
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert f"Bij {optie} hoort ook --opa URL." in gelezen.fout


def test_een_eigen_certificaat(
    uitleg: str, map_: Path, cli: Cli, vraag: Path, tmp_path: Path
) -> None:
    """With --authentication=tls OPA asks for one; the token is needed as well."""
    sidecar = Sidecarmap(shutil.copytree(map_, tmp_path / "sidecar"))
    pem = tmp_path / "client.pem"
    delen = [sidecar.geheim / "client.crt", sidecar.geheim / "client.key"]
    pem.write_text("".join(deel.read_text() for deel in delen))
    tls = ["--authentication=tls", f"--tls-ca-cert-file={sidecar.tls / 'ca.crt'}"]
    with (
        Bundelserver(sidecar.bundels).draait() as server,
        draaiend(
            sidecar, {}, server.url, weg=["--authentication"], extra=tls, wacht=False
        ) as running,
    ):
        basis = ("besluit", vraag, "--opa", running.url, "--ca", sidecar.tls / "ca.crt")
        token = ("--token-bestand", sidecar.geheim / "proef.token")
        wacht_op(lambda: cli(*basis, *token, "--client-cert", pem).code == 0)
        zonder_token = cli(*basis, "--client-cert", pem)
        assert "weigert de vraag (HTTP 401)" in zonder_token.fout
        for anders, gezegd in (
            # None: OPA says so after the handshake, and then hangs up.
            (token, "De beveiligde verbinding met|die brak af"),
            ((*token, "--client-cert", delen[0]), "Een certificaatbestand is niet te gebruiken"),
        ):
            gelezen = cli(*basis, *anders)
            assert (gelezen.code, gelezen.uit) == (2, "")
            assert re.search(gezegd, gelezen.fout)
