"""docker-compose.yml and OPA's configuration: every setting, and the command and health check.

The command runs on OPA as a process here (sidecarhulp.py); with Docker, see test_compose_docker.py.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import dockerhulp
from bundelserver import Bundelserver
from logboekhulp import gelogd
from sidecarbundels import LOPEND, nieuwe_sleutel
from sidecarhulp import BESLUITEN, SCHOON, Sidecar, draaiend, richt_in, wacht_op, zet_tokens
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap

Gemaakt = tuple[Sidecarmap, dict[str, str]]
NAAM = "opa.gemeente.example"


def lees(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    return lees(root / "docker-compose.yml")


def map_van(naam: str) -> dict[str, Any]:
    """A folder of the sidecar, mounted under its own name."""
    source = f"${{UITFASERING_SIDECAR:-./build/sidecar}}/{naam}"
    return {"type": "bind", "source": source, "target": f"/{naam}", "read_only": True}


CONFIG = {"type": "bind", "source": "./sidecar", "target": "/config", "read_only": True}
SLOT = {
    "user": "65532:65532",
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "restart": "unless-stopped",
}


def logboek(grootte: str, aantal: str) -> dict[str, Any]:
    return {"driver": "json-file", "options": {"max-size": grootte, "max-file": aantal}}


def test_every_setting(compose: dict[str, Any]) -> None:
    """One more (privileged, cap_add, network_mode, a port, …) must be looked at here."""
    services = compose["services"]
    written = [
        {k: v for k, v in map_van(name).items() if k != "read_only"}
        for name in ("bewaard", "logboek")
    ]
    opa = {k: v for k, v in services["opa"].items() if k not in ("image", "command", "healthcheck")}
    assert opa == {
        **SLOT,
        "ports": ["127.0.0.1:8181:8181", "127.0.0.1:8282:8282"],
        "volumes": [CONFIG, map_van("sleutels"), map_van("tls"), *written],
        "environment": {
            "BUNDEL_URL": "${UITFASERING_BUNDEL_URL:-http://bundels:8080}",
            "GOMEMLIMIT": "900MiB",
        },
        "mem_limit": "1g",
        "cpus": 2,
        "pids_limit": 128,
        "stop_grace_period": "30s",
        "networks": ["buiten", "bundels"],
        "depends_on": ["bundels"],
        "logging": logboek("10m", "3"),
    }
    bundels = {k: v for k, v in services["bundels"].items() if k != "image"}
    assert bundels == {
        **SLOT,
        "entrypoint": ["nginx", "-c", "/config/nginx.conf", "-e", "stderr", "-g", "daemon off;"],
        "volumes": [CONFIG, map_van("bundels")],
        "tmpfs": ["/tmp:size=1m"],
        "mem_limit": "64m",
        "cpus": 0.5,
        "pids_limit": 16,
        "networks": ["bundels"],
        "logging": logboek("1m", "2"),
    }
    others = {k: v for k, v in compose.items() if k != "services"}
    assert others == {"networks": {"buiten": {}, "bundels": {"internal": True}}}
    assert services.keys() == {"opa", "bundels"}


def test_the_command(compose: dict[str, Any]) -> None:
    assert compose["services"]["opa"]["command"] == [
        *("run", "--server", "--addr=0.0.0.0:8181", "--diagnostic-addr=0.0.0.0:8282"),
        *("--authentication=token", "--authorization=basic"),
        *("--tls-cert-file=/tls/server.crt", "--tls-private-key-file=/tls/server.key"),
        *("--min-tls-version=1.2", "--config-file=/config/opa.yaml"),
        "--set-file=keys.afspraken.key=/sleutels/afspraken.pub",
        "--set-file=keys.toegang.key=/sleutels/toegang.pub",
        *("--ready-timeout=30", "--shutdown-grace-period=20", "--log-level=error"),
        *("--skip-version-check", "--optimize-store-for-read-speed"),
    ]


def test_docker_waits_longer_than_opa(compose: dict[str, Any]) -> None:
    opa = compose["services"]["opa"]
    seconds = {
        name: int(value)
        for name, _, value in (word.partition("=") for word in opa["command"])
        if value.isdecimal()
    }
    assert seconds["--shutdown-grace-period"] < int(opa["stop_grace_period"].removesuffix("s"))
    assert seconds["--ready-timeout"] < int(opa["healthcheck"]["start_period"].removesuffix("s"))


def test_the_images_are_pinned(root: Path, compose: dict[str, Any]) -> None:
    version = dockerhulp.opa_version(root)
    images = {name: service["image"] for name, service in compose["services"].items()}
    # As Compose does with --env-file scripts/opa-versie; there is no version here to forget.
    opa = re.sub(r"\$\{OPA_VERSIE:\?[^}]+\}", version, images["opa"])
    assert opa == f"openpolicyagent/opa:{version}-static"
    assert re.fullmatch(r"nginx:\d+\.\d+\.\d+-alpine-slim", images["bundels"])


def test_the_header_has_the_commands(root: Path) -> None:
    header = (root / "docker-compose.yml").read_text("utf-8").split("services:")[0]
    commands = [line.removeprefix("#   ") for line in header.splitlines() if line[:4] == "#   "]
    assert commands == [
        "scripts/sidecar-proef",
        "docker compose --env-file scripts/opa-versie up --detach",
    ]


def test_opas_configuration(root: Path) -> None:
    opa = lees(root / "sidecar" / "opa.yaml")
    bundles = opa.pop("bundles")
    rest = {
        "services": {"bundels": {"url": "${BUNDEL_URL}"}},
        "keys": {"afspraken": {"algorithm": "ES256"}, "toegang": {"algorithm": "ES256"}},
        "persistence_directory": "/bewaard",
        "status": {"prometheus": True},
        "decision_logs": {"plugin": "file_logger"},
        "plugins": {
            "file_logger": {
                "path": "/logboek/besluiten.log",
                "max_size_mb": 100,
                "max_age_days": 2557,
                "max_backups": 100000,
                "compress": True,
            }
        },
        "server": {"decoding": {"max_length": 5 * 2**20, "gzip": {"max_length": 5 * 2**20}}},
    }
    assert opa == rest
    polling = {"uitfasering": (2, 4), "toegang": (1, 2)}
    keys = {"uitfasering": "afspraken", "toegang": "toegang"}
    assert bundles == {
        name: {
            "service": "bundels",
            "resource": f"{name}.tar.gz",
            "signing": {"keyid": keys[name]},
            "size_limit_bytes": 2**24,
            "persist": True,
            "polling": {"min_delay_seconds": least, "max_delay_seconds": most},
        }
        for name, (least, most) in polling.items()
    }
    # The same with files, as far as files can do it.
    files = lees(root / "sidecar" / "opa-bestand.yaml")
    assert files.pop("bundles") == {
        name: {
            "resource": f"file:///bundels/{name}.tar.gz",
            "signing": {"keyid": keys[name]},
            "size_limit_bytes": 2**24,
        }
        for name in bundles
    }
    del rest["services"], rest["persistence_directory"]
    assert files == rest


@pytest.fixture(scope="module")
def gemaakt(tmp_path_factory: pytest.TempPathFactory) -> Gemaakt:
    return richt_in(tmp_path_factory.mktemp("sidecar"))


@pytest.fixture
def sidecar(gemaakt: Gemaakt, tmp_path: Path) -> Sidecarmap:
    """A sidecar's folder for this test alone; nothing is kept in it."""
    return Sidecarmap(shutil.copytree(gemaakt[0].map, tmp_path / "sidecar"))


@pytest.fixture
def bundels(sidecar: Sidecarmap) -> Iterator[str]:
    with Bundelserver(sidecar.bundels).draait() as server:
        yield server.url


def luistert(poort: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", poort)) == 0


def gezond(compose: dict[str, Any], running: Sidecar, naam: str = "localhost") -> bool:
    """What the compose file's health check says, asked on this machine's port.

    Args:
        naam: the value of UITFASERING_SERVERNAAM.
    """
    wacht_op(lambda: luistert(running.diagnosepoort))
    return check(compose, running, naam) == 0


def check(compose: dict[str, Any], running: Sidecar, naam: str = "localhost") -> int:
    kind, program, *words = compose["services"]["opa"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "/opa")  # CMD-SHELL would need a shell
    here = {
        "127.0.0.1:8282": f"127.0.0.1:{running.diagnosepoort}",
        "/tls/": f"{running.sidecar.tls}/",
        "${UITFASERING_SERVERNAAM:-localhost}": naam,
    }
    for old, new in here.items():
        assert words[-1].count(old) == 1
        words[-1] = words[-1].replace(old, new)
    command = [str(opa_binary()), *words]
    return subprocess.run(command, env=SCHOON, capture_output=True, timeout=60).returncode


def test_healthy(
    compose: dict[str, Any], sidecar: Sidecarmap, gemaakt: Gemaakt, bundels: str
) -> None:
    with draaiend(sidecar, gemaakt[1], bundels) as running:
        assert gezond(compose, running)
    assert check(compose, running) != 0, "no server any more"


def test_not_healthy_before_the_bundles_are_there(
    compose: dict[str, Any], sidecar: Sidecarmap, gemaakt: Gemaakt
) -> None:
    with draaiend(
        *(sidecar, gemaakt[1], "http://127.0.0.1:1"),
        weg=["--ready-timeout"],
        extra=["--ready-timeout=0"],
        wacht=False,
    ) as running:
        assert not gezond(compose, running)
        assert running.vraag("GET", "/health/ready", diagnose=True).status == 500


def test_not_healthy_with_a_revision_that_is_not_expected(
    compose: dict[str, Any], sidecar: Sidecarmap, gemaakt: Gemaakt, bundels: str
) -> None:
    tokens = gemaakt[1]
    zet_tokens(sidecar, tokens, revisies=["0" * 64])
    with draaiend(sidecar, tokens, bundels, wacht=False) as running:
        assert not gezond(compose, running)
        # It is up, and answers: the health check is what says this is not what was meant.
        answer = running.vraag(
            "POST", BESLUITEN, token=tokens["besluit"], body={"input": {"toewijzingen": {"a": {}}}}
        )
        zet_tokens(sidecar, tokens, revisies=[answer.json["result"]["a"]["herkomst"]])
        wacht_op(lambda: gezond(compose, running))


def test_not_healthy_when_authz_refuses_it(
    compose: dict[str, Any], sidecar: Sidecarmap, gemaakt: Gemaakt, tmp_path: Path
) -> None:
    nobody = tmp_path / "niemand.rego"
    nobody.write_text("package system.authz\n\nallow := false\n", "utf-8")
    with draaiend(
        *(sidecar, gemaakt[1], ""),
        weg=["--config-file", "--set-file"],
        extra=[str(nobody)],
        wacht=False,
    ) as running:
        assert not gezond(compose, running)
        assert running.vraag("GET", "/health/ready", diagnose=True).status == 401


def test_the_health_check_looks_at_the_certificate(
    compose: dict[str, Any], sidecar: Sidecarmap, gemaakt: Gemaakt, bundels: str
) -> None:
    """One with the name of the server alone, as one gets it elsewhere, needs that name."""
    certificaat(sidecar, sidecar.geheim / "ca.key", sidecar.tls / "ca.crt")
    with draaiend(sidecar, gemaakt[1], bundels, wacht=False) as running:
        wacht_op(lambda: gezond(compose, running, NAAM))
        assert not gezond(compose, running)
        nieuwe_sleutel(sidecar.geheim / "vreemd.key")
        (sidecar.tls / "ca.crt").write_text(
            openssl("req", "-x509", "-key", sidecar.geheim / "vreemd.key", "-subj", "/CN=vreemd")
        )
        assert not gezond(compose, running, NAAM), "the certificate of another CA"


def openssl(*words: Any) -> str:
    command = ["openssl", *(str(word) for word in words)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def certificaat(sidecar: Sidecarmap, sleutel: Path, ca: Path) -> None:
    """Give the server a certificate of this CA, for NAAM."""
    server, request = sidecar.tls / "server", sidecar.geheim / "server.csr"
    subject = ("-subj", "/CN=opa", "-addext", f"subjectAltName=DNS:{NAAM}")
    openssl("req", "-new", "-key", f"{server}.key", *subject, "-out", request)
    signed = ("-CA", ca, "-CAkey", sleutel, "-copy_extensions", "copy", "-out", f"{server}.crt")
    openssl("x509", "-req", "-in", request, *signed)


def test_stopped_it_first_finishes_what_it_was_asked(
    sidecar: Sidecarmap, gemaakt: Gemaakt, bundels: str
) -> None:
    batch = {"input": {"toewijzingen": {str(number): LOPEND for number in range(100)}}}
    body = json.dumps(batch).encode()
    with draaiend(sidecar, gemaakt[1], bundels) as running:
        connection: http.client.HTTPConnection = running.verbinding()
        connection.putrequest("POST", BESLUITEN)
        connection.putheader("Authorization", f"Bearer {gemaakt[1]['besluit']}")
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Expect", "100-continue")
        connection.endheaders()
        # OPA says so when it starts to read the body: it is busy with the question.
        assert connection.sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(body[:-1])
        running.proces.send_signal(signal.SIGTERM)
        wacht_op(lambda: not luistert(running.poort))
        connection.send(body[-1:])
        response = connection.getresponse()
        assert response.status == 200
        answer = json.loads(response.read())
        assert len(answer["result"]) == 100
        assert running.proces.wait(20) == 0
    assert [event["decision_id"] for event in gelogd(sidecar)] == [answer["decision_id"]]
