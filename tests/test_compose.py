"""docker-compose.yml: how it is hardened, and that its arguments and health check really work.

Without Docker the same arguments and the same health check run on an OPA as a process; with
Docker, see test_compose_docker.py.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

import proefbundel
from uitfasering.paths import opa_binary

ADDR = "--addr=0.0.0.0:8181"
BUNDEL = "/bundel/uitfasering.tar.gz"
SCHOON = {k: v for k, v in os.environ.items() if not k.startswith("OPA_")}


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text("utf-8"))
    return content


@pytest.fixture(scope="module")
def service(compose: dict[str, Any]) -> dict[str, Any]:
    opa: dict[str, Any] = compose["services"]["opa"]
    return opa


def test_the_image_is_the_pinned_opa(root: Path, service: dict[str, Any]) -> None:
    pinned = re.search(r"^OPA_VERSIE=(\S+)$", (root / "scripts/opa-versie").read_text(), re.M)
    assert pinned
    # As Compose does with --env-file scripts/opa-versie; there is no version here to forget.
    image = re.sub(r"\$\{OPA_VERSIE:\?[^}]+\}", pinned[1], service["image"])
    assert image == f"openpolicyagent/opa:{pinned[1]}-static"


def test_the_header_has_the_commands(root: Path) -> None:
    header = (root / "docker-compose.yml").read_text("utf-8").split("services:")[0]
    commands = [line.removeprefix("#   ") for line in header.splitlines() if line[:4] == "#   "]
    assert commands == [
        ".venv/bin/uitfasering bundel",
        "docker compose --env-file scripts/opa-versie up --detach",
    ]


def test_it_is_hardened(compose: dict[str, Any], service: dict[str, Any]) -> None:
    assert list(compose) == ["services"]
    assert list(compose["services"]) == ["opa"]
    # Every key: one more (privileged, cap_add, network_mode, …) must be looked at here.
    settings = {k: v for k, v in service.items() if k not in ("image", "command", "healthcheck")}
    assert settings == {
        "ports": ["127.0.0.1:8181:8181"],
        "volumes": [{"type": "bind", "source": "./build", "target": "/bundel", "read_only": True}],
        "user": "65532:65532",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": "1g",
        "environment": {"GOMEMLIMIT": "900MiB"},
        "restart": "unless-stopped",
    }
    assert service["command"] == [
        *("run", "--server", ADDR, "--log-level=error", "--skip-version-check"),
        *("--optimize-store-for-read-speed", "--bundle", BUNDEL),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def arguments(service: dict[str, Any], port: int, bundle: Path) -> list[str]:
    """The command of the compose file, on another port and with the bundle where it is here."""
    here = {ADDR: f"--addr=127.0.0.1:{port}", BUNDEL: str(bundle)}
    assert here.keys() <= set(service["command"])
    return [str(opa_binary()), *(here.get(word, word) for word in service["command"])]


@contextmanager
def server(command: list[str], port: int) -> Iterator[None]:
    """An OPA that listens, ready or not."""
    opa = subprocess.Popen(command, env=SCHOON, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert opa.poll() is None, "OPA stopped"
            assert time.monotonic() < deadline, "OPA does not listen"
            time.sleep(0.02)
        yield
    finally:
        opa.kill()
        opa.wait()


def health(service: dict[str, Any], port: int) -> int:
    """The exit code of the compose file's health check, asked on another port."""
    kind, program, *words = service["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "/opa")  # CMD-SHELL would need a shell
    asked = [word.replace("127.0.0.1:8181", f"127.0.0.1:{port}") for word in words]
    assert asked != words
    command = [str(opa_binary()), *asked]
    return subprocess.run(command, env=SCHOON, capture_output=True, timeout=60).returncode


def test_healthy_with_the_bundle(service: dict[str, Any], bundel: Path) -> None:
    port = free_port()
    with server(arguments(service, port, bundel), port):
        assert health(service, port) == 0
    assert health(service, port) != 0, "no server any more"


def test_not_healthy_without_a_bundle(service: dict[str, Any]) -> None:
    port = free_port()
    command = arguments(service, port, Path("nergens"))[:-2]
    with server(command, port):
        assert health(service, port) != 0


def test_not_healthy_with_an_empty_folder_for_a_bundle(
    service: dict[str, Any], tmp_path: Path
) -> None:
    port = free_port()
    with server(arguments(service, port, tmp_path), port):
        assert health(service, port) != 0


def test_not_healthy_with_another_answer(service: dict[str, Any], tmp_path: Path) -> None:
    """The throw-away bundle answers TOEGESTAAN to everything: `==` is false, not undefined."""
    port = free_port()
    with server(arguments(service, port, proefbundel.build(tmp_path)), port):
        assert health(service, port) != 0


def test_it_does_not_start_when_there_is_no_bundle(service: dict[str, Any], tmp_path: Path) -> None:
    command = arguments(service, free_port(), tmp_path / "uitfasering.tar.gz")
    done = subprocess.run(command, env=SCHOON, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "uitfasering.tar.gz: no such file or directory" in done.stdout + done.stderr
