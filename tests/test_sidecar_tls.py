"""The sidecar's TLS: versions, a new certificate, and mutual TLS (sidecar/mtls.yml)."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bundelserver import Bundelserver
from clienthulp import VALID
from sidecarhulp import (
    BESLUIT,
    SCHOON,
    Sidecar,
    dienst,
    draaiend,
    richt_in,
    wacht_op,
)
from uitfasering.client import Client
from uitfasering.errors import ConnectionFailed, Refused
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap

Opstelling = tuple[Sidecarmap, dict[str, str], str]
Klant = tuple[Path, Path]
# What sidecar/mtls.yml has instead of --authentication=token.
MTLS = ["--authentication=tls", "--tls-ca-cert-file=/tls/ca.crt"]


@pytest.fixture(scope="module")
def opstelling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    """A sidecar's folder, tokens by name, and the address of its bundles."""
    folder, tokens = richt_in(tmp_path_factory.mktemp("sidecar") / "map")
    with Bundelserver(folder.bundels).draait() as server:
        yield folder, tokens, server.url


@pytest.fixture(scope="module")
def gewoon(opstelling: Opstelling) -> Iterator[Sidecar]:
    with draaiend(*opstelling) as running:
        yield running


@pytest.fixture(scope="module")
def mtls(root: Path) -> dict[str, Any]:
    """The service ``opa`` of sidecar/mtls.yml."""
    content = yaml.safe_load((root / "sidecar" / "mtls.yml").read_text("utf-8"))
    assert content.keys() == {"services"}
    assert content["services"].keys() == {"opa"}
    opa: dict[str, Any] = content["services"]["opa"]
    return opa


@pytest.fixture(scope="module")
def wederzijds(opstelling: Opstelling) -> Iterator[Sidecar]:
    """With the command of sidecar/mtls.yml: see test_mtls_adds_only_this."""
    folder, tokens, url = opstelling
    extra = [word.replace("/tls/", f"{folder.tls}/") for word in MTLS]
    klant = (folder.geheim / "client.crt", folder.geheim / "client.key")
    weg = ["--authentication"]
    with draaiend(folder, tokens, url, weg=weg, extra=extra, klant=klant) as running:
        yield running


def openssl(*words: str | Path) -> None:
    command = ["openssl", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def maak_certificaat(
    map: Path, naam: str, ca: Klant | None, *, dagen: int = 2, voor: str = "clientAuth"
) -> Klant:
    """A certificate and its key; without a CA it has signed itself."""
    key, crt, csr, ext = (map / f"{naam}.{kind}" for kind in ("key", "crt", "csr", "ext"))
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
    openssl("req", "-new", "-key", key, "-subj", f"/CN={naam}", "-out", csr)
    ext.write_text(f"subjectAltName=IP:127.0.0.1\nextendedKeyUsage={voor}\n")
    signed = ("-signkey", key) if ca is None else ("-CA", ca[0], "-CAkey", ca[1])
    openssl("x509", "-req", "-in", csr, "-extfile", ext, *signed, "-days", f"{dagen}", "-out", crt)
    return crt, key


def test_mtls_adds_only_this(root: Path, mtls: dict[str, Any]) -> None:
    base = dienst(root)
    assert mtls.keys() == {"command", "healthcheck"}
    assert mtls["healthcheck"].keys() == {"test"}
    at = base["command"].index("--authentication=token")
    assert mtls["command"] == [*base["command"][:at], *MTLS, *base["command"][at + 1 :]]
    client = '"tls_client_cert_file": "/tls/gezond.crt", "tls_client_key_file": "/tls/gezond.key", '
    *words, query = mtls["healthcheck"]["test"]
    assert [*words, query.replace(client, "")] == base["healthcheck"]["test"]
    assert query.count(client) == 1


def test_the_header_has_the_command(root: Path) -> None:
    text = (root / "sidecar" / "mtls.yml").read_text("utf-8")
    (command,) = [line.removeprefix("#   ") for line in text.splitlines() if line[:4] == "#   "]
    assert command == (
        "docker compose --env-file scripts/opa-versie "
        "-f docker-compose.yml -f sidecar/mtls.yml up --detach"
    )


@pytest.mark.parametrize(("wie", "status"), [(None, 401), ("niets", 401), ("besluit", 200)])
def test_a_certificate_and_then_a_token(wederzijds: Sidecar, wie: str | None, status: int) -> None:
    token = wederzijds.tokens[wie] if wie else None
    answer = wederzijds.vraag("POST", BESLUIT, token=token, body={"input": {}})
    assert answer.status == status


def test_a_certificate_is_enough_for_health_only(wederzijds: Sidecar) -> None:
    for diagnose in (False, True):
        asked = [
            wederzijds.vraag("GET", path, diagnose=diagnose)
            for path in ("/health/ready", "/metrics")
        ]
        assert [answer.status for answer in asked] == [200, 401]


def test_the_name_in_a_certificate_is_no_token(wederzijds: Sidecar, tmp_path: Path) -> None:
    """To OPA that name is the identity, as a token is without mutual TLS."""
    ca = (wederzijds.sidecar.tls / "ca.crt", wederzijds.sidecar.geheim / "ca.key")
    named = maak_certificaat(tmp_path, wederzijds.tokens["besluit"], ca)
    answer = replace(wederzijds, klant=named).vraag("POST", BESLUIT, body={"input": {}})
    assert answer.status == 401


def niet_binnen(sidecar: Sidecar, klant: Klant | None) -> None:
    """There is no answer on either port, also not with a token that may ask."""
    other = replace(sidecar, klant=klant)
    for diagnose in (False, True):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            other.vraag("GET", "/health/live", token=other.tokens["besluit"], diagnose=diagnose)


@pytest.mark.parametrize(
    ("soort", "gezegd"),
    [
        ("geen", "client didn't provide a certificate"),
        ("een andere CA", "certificate signed by unknown authority"),
        ("zelf ondertekend", "certificate signed by unknown authority"),
        ("verlopen", "certificate has expired or is not yet valid"),
        ("van een server", "certificate specifies an incompatible key usage"),
    ],
)
def test_without_a_right_certificate(
    wederzijds: Sidecar, tmp_path: Path, soort: str, gezegd: str
) -> None:
    folder = wederzijds.sidecar
    ours = (folder.tls / "ca.crt", folder.geheim / "ca.key")
    if soort == "geen":
        klant = None
    elif soort == "een andere CA":
        klant = maak_certificaat(tmp_path, "klant", maak_certificaat(tmp_path, "ca", None))
    elif soort == "zelf ondertekend":
        klant = maak_certificaat(tmp_path, "klant", None)
    elif soort == "verlopen":
        klant = maak_certificaat(tmp_path, "klant", ours, dagen=-1)
    else:
        klant = (folder.tls / "server.crt", folder.tls / "server.key")
    niet_binnen(wederzijds, klant)
    wacht_op(lambda: gezegd in wederzijds.gezegd())
    # With one that is made the same way, and right, there is an answer.
    right = replace(wederzijds, klant=maak_certificaat(tmp_path, "goed", ours))
    assert right.vraag("GET", "/health/live").status == 200


def test_our_client(wederzijds: Sidecar) -> None:
    settings: dict[str, Any] = {
        "token": wederzijds.tokens["besluit"],
        "ca_bundle": wederzijds.sidecar.tls / "ca.crt",
    }
    with Client(wederzijds.url, client_cert=wederzijds.klant, **settings) as client:
        assert client.besluit(VALID).uitkomst
    with Client(wederzijds.url, **settings) as client, pytest.raises(ConnectionFailed):
        client.besluit(VALID)
    settings["token"] = wederzijds.tokens["niets"]
    with (
        Client(wederzijds.url, client_cert=wederzijds.klant, **settings) as client,
        pytest.raises(Refused),
    ):
        client.besluit(VALID)


def test_the_health_check(root: Path, mtls: dict[str, Any], wederzijds: Sidecar) -> None:
    found = {}
    for name, service in (("mtls", mtls), ("zonder", dienst(root))):
        _, _, *words, query = service["healthcheck"]["test"]
        for old, new in {
            "127.0.0.1:8282": f"127.0.0.1:{wederzijds.diagnosepoort}",
            "/tls/": f"{wederzijds.sidecar.tls}/",
            "${UITFASERING_SERVERNAAM:-localhost}": "localhost",
        }.items():
            query = query.replace(old, new)
        command = [str(opa_binary()), *words, query]
        done = subprocess.run(command, env=SCHOON, capture_output=True, timeout=60)
        found[name] = done.returncode == 0
    assert found == {"mtls": True, "zonder": False}


def tls_versie(sidecar: Sidecar, versie: ssl.TLSVersion) -> str | None:
    """What is agreed on when this is the only version that we know."""
    context = sidecar.context()
    context.set_ciphers("DEFAULT@SECLEVEL=0")  # OpenSSL itself has done with the old ones
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = versie
    with (
        socket.create_connection(("127.0.0.1", sidecar.poort), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        return connection.version()


def test_tls_versions(gewoon: Sidecar, opstelling: Opstelling) -> None:
    assert tls_versie(gewoon, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert tls_versie(gewoon, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    with pytest.raises(ssl.SSLError):
        tls_versie(gewoon, ssl.TLSVersion.TLSv1_1)
    # It is the option that does this: we can speak 1.1, and OPA too.
    weg, extra = ["--min-tls-version"], ["--min-tls-version=1.1"]
    with draaiend(*opstelling, weg=weg, extra=extra) as running:
        assert tls_versie(running, ssl.TLSVersion.TLSv1_1) == "TLSv1.1"


@pytest.mark.parametrize("hoe", ["over het oude heen", "ervoor in de plaats"])
def test_a_new_certificate_without_a_restart(gewoon: Sidecar, tmp_path: Path, hoe: str) -> None:
    tls = gewoon.sidecar.tls
    ca = (tls / "ca.crt", gewoon.sidecar.geheim / "ca.key")
    new = maak_certificaat(tmp_path, "nieuw", ca, voor="serverAuth")
    for source, name in zip(new, ("server.crt", "server.key"), strict=True):
        if hoe == "over het oude heen":
            shutil.copyfile(source, tls / name)
        else:
            shutil.copyfile(source, tls / f".{name}")
            (tls / f".{name}").replace(tls / name)
    expected = ssl.PEM_cert_to_DER_cert((tls / "server.crt").read_text())

    def shown() -> bytes | None:
        connection = gewoon.verbinding()
        connection.connect()
        found: bytes | None = connection.sock.getpeercert(binary_form=True)
        connection.close()
        return found

    wacht_op(lambda: shown() == expected)
    assert gewoon.proces.poll() is None
    assert gewoon.vraag("GET", "/health/ready").status == 200
