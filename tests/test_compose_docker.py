"""docker-compose.yml for real: a Docker daemon of our own, the sidecar in it, and gone again.

The daemon has its own network, process and mount namespaces: whatever it starts ends with it,
it leaves this machine's network and any other Docker alone, and 127.0.0.1:8181 is always free.
The image has the name of the official one, around a static OPA of that version.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from uitfasering.paths import opa_binary

pytestmark = pytest.mark.zwaar  # builds OPA without cgo: minutes, the first time

DOCKERFILE = """\
FROM scratch
COPY opa /opa
ENV PATH=/
ENTRYPOINT ["/opa"]
CMD ["run"]
"""
ASK = """\
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], sys.stdin.buffer.read(), timeout=20) as answer:
    sys.stdout.buffer.write(answer.read())
"""
CONNECT = """\
import socket, sys
with socket.socket() as s:
    sys.exit(s.connect_ex((sys.argv[1], 8181)) and 1)
"""


@dataclass(frozen=True)
class Docker:
    """Our own daemon, and how to talk to what runs in its namespaces."""

    init: int  # process id of dockerd, outside its namespaces
    environment: dict[str, str]
    compose_command: list[str]

    def run(
        self, *words: str, stdin: str = "", ok: bool = True
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            words,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert not ok or done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done

    def compose(self, *words: str) -> str:
        return self.run(*self.compose_command, *words).stdout

    def inside(
        self, *words: str, stdin: str = "", ok: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run in the daemon's namespaces."""
        enter = ("nsenter", f"--target={self.init}", "--net", "--pid", "--mount")
        return self.run(*enter, *words, stdin=stdin, ok=ok)

    def inspect(self, container: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.run("docker", "inspect", container).stdout)
        return found[0]


def missing() -> str | None:
    """Why there can be no Docker daemon here, or None."""
    if not sys.platform.startswith("linux"):
        return "a Docker daemon of our own needs Linux"
    if os.geteuid() != 0:
        return "a Docker daemon of our own needs root"
    for program, package in (
        ("dockerd", "docker.io"),
        ("docker", "docker.io or docker-cli"),
        ("unshare", "util-linux"),
        ("nsenter", "util-linux"),
        ("ip", "iproute2"),
        ("iptables", "iptables"),
    ):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: apt-get install {package})"
    if compose_command() is None:
        return "Docker Compose is not installed (Debian: apt-get install docker-compose)"
    return None


def compose_command() -> list[str] | None:
    version = subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=60)
    if version.returncode == 0:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def static_opa(version: str, target: Path) -> None:
    """A static OPA of this version: the installed one when it is that, else built by Go."""
    installed = opa_binary()
    said = subprocess.run([installed, "version"], capture_output=True, text=True, timeout=60).stdout
    # ldd fails on a static program.
    dynamic = subprocess.run(["ldd", installed], capture_output=True, timeout=60).returncode == 0
    if f"Version: {version}\n" in said and not dynamic:
        shutil.copy(installed, target / "opa")
        return
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        pytest.skip(f"there is no static OPA {version}, and no Go to build it with")
    environment = {**os.environ, "CGO_ENABLED": "0", "GOBIN": str(target)}
    command = [go, "install", f"github.com/open-policy-agent/opa@v{version}"]
    built = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=1200, cwd=target
    )
    if built.returncode:
        pytest.skip(f"Go cannot build OPA {version} here: {built.stderr.strip()[-500:]}")


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    if reason := missing():
        pytest.skip(reason)
    # Not tmp_path: a socket's path must be short, and this is hundreds of megabytes.
    with tempfile.TemporaryDirectory(prefix="uitfasering-docker-") as folder:
        place = Path(folder)
        socket = f"unix://{place / 'docker.sock'}"
        namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        dockerd = [
            *("dockerd", "--storage-driver=vfs", f"--host={socket}"),
            *(f"--data-root={place / 'data'}", f"--exec-root={place / 'exec'}"),
            *(f"--pidfile={place / 'docker.pid'}", "--config-file", str(place / "daemon.json")),
        ]
        (place / "daemon.json").write_text("{}", "utf-8")  # not the machine's own settings
        with (place / "log").open("wb") as log:
            unshare = subprocess.Popen(
                [
                    "unshare",
                    *namespaces,
                    "sh",
                    "-c",
                    'ip link set lo up; exec "$@"',
                    "sh",
                    *dockerd,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        init = 0
        try:
            environment = {
                **os.environ,
                "DOCKER_HOST": socket,
                "DOCKER_CONFIG": str(place),
                "DOCKER_BUILDKIT": "0",  # the classic builder needs no plug-in
                "COMPOSE_PROJECT_NAME": "uitfasering-proef",
            }
            deadline = time.monotonic() + 60
            ready = ["docker", "version"]
            while subprocess.run(ready, env=environment, capture_output=True).returncode:
                if unshare.poll() is not None or time.monotonic() > deadline:
                    said = (place / "log").read_text("utf-8", "replace").strip()[-500:]
                    pytest.skip(f"the Docker daemon does not start here: {said}")
                time.sleep(0.2)
            children = Path(f"/proc/{unshare.pid}/task/{unshare.pid}/children").read_text().split()
            init = int(children[0])
            yield Docker(init, environment, compose_command() or [])
        finally:
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                if init:
                    os.kill(init, signal.SIGTERM)
                    unshare.wait(30)
            unshare.kill()  # and with it (--kill-child) everything in its namespaces
            unshare.wait()


@pytest.fixture(scope="module")
def container(docker: Docker, root: Path, bundel: Path) -> Iterator[str]:
    """The id of the sidecar's container, started with the command of docker-compose.yml."""
    version = re.search(r"^OPA_VERSIE=(\S+)$", (root / "scripts/opa-versie").read_text(), re.M)
    assert version
    with tempfile.TemporaryDirectory() as folder:
        static_opa(version[1], Path(folder))
        (Path(folder) / "Dockerfile").write_text(DOCKERFILE, "utf-8")
        image = f"openpolicyagent/opa:{version[1]}-static"
        docker.run("docker", "build", "--tag", image, folder)
    settings = ["--file", str(root / "docker-compose.yml")]
    settings += ["--env-file", str(root / "scripts" / "opa-versie")]
    assert bundel.parent == root / "build"
    docker.compose(*settings, "up", "--detach")
    try:
        yield docker.compose(*settings, "ps", "--quiet", "opa").strip()
    finally:
        docker.compose(*settings, "down")
        assert docker.run("docker", "ps", "--all", "--quiet").stdout == ""
        assert docker.inside(sys.executable, "-c", CONNECT, "127.0.0.1", ok=False).returncode == 1


def test_it_becomes_healthy(docker: Docker, container: str) -> None:
    deadline = time.monotonic() + 90
    while (state := docker.inspect(container)["State"])["Health"]["Status"] == "starting":
        assert time.monotonic() < deadline, state
        time.sleep(0.5)
    assert state["Health"]["Status"] == "healthy", state
    assert state["Status"] == "running"


def ask(docker: Docker, entrypoint: str, question: Any) -> Any:
    url = f"http://127.0.0.1:8181/v1/data/uitfasering/{entrypoint}"
    body = json.dumps({"input": question})
    return json.loads(docker.inside(sys.executable, "-c", ASK, url, stdin=body).stdout)["result"]


def test_both_entry_points_answer(docker: Docker, container: str, root: Path) -> None:
    # Midden herstel, decided on 1 June 2021: B1-02 (letter of 6 May 2021).
    question = json.loads((root / "voorbeelden" / "toewijzing.json").read_text("utf-8"))
    besluit = ask(docker, "besluit", question)
    assert besluit["uitkomst"] == "NIET_TOEGESTAAN"
    assert "B1-02" in [bevinding["regel"] for bevinding in besluit["bevindingen"]]
    besluiten = ask(docker, "besluiten", {"toewijzingen": {"a": question, "b": {}}})
    assert besluiten.keys() == {"a", "b"}
    assert besluiten["a"] == besluit
    assert besluiten["b"]["uitkomst"] == "ONGELDIGE_INVOER"


def test_it_has_no_privileges(docker: Docker, container: str) -> None:
    process = docker.inspect(container)["State"]["Pid"]
    status = docker.inside("cat", f"/proc/{process}/status").stdout
    found = dict(line.split(":\t", 1) for line in status.splitlines())
    assert found["Name"] == "opa"
    assert found["Uid"].split() == ["65532"] * 4
    assert found["Gid"].split() == ["65532"] * 4
    for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(found[capabilities], 16) == 0
    assert found["NoNewPrivs"] == "1"


@pytest.mark.parametrize("target", ["/uit.tar.gz", "/bundel/uit.tar.gz"])
def test_it_cannot_write(docker: Docker, container: str, target: str) -> None:
    write = ("/opa", "build", "--bundle", "/bundel/uitfasering.tar.gz", "--output", target)
    # As root: an unprivileged user may not write there anyhow.
    done = docker.run("docker", "exec", "--user", "0:0", container, *write, ok=False)
    assert done.returncode != 0
    assert "read-only file system" in done.stdout + done.stderr


def test_it_has_a_memory_limit(docker: Docker, container: str) -> None:
    assert docker.inspect(container)["HostConfig"]["Memory"] == 1024**3


def test_the_port_is_open_on_loopback_only(docker: Docker, container: str) -> None:
    def reachable(address: str) -> bool:
        done = docker.inside(sys.executable, "-c", CONNECT, address, ok=False)
        assert done.returncode in (0, 1), done.stderr
        return done.returncode == 0

    (network,) = docker.inspect(container)["NetworkSettings"]["Networks"].values()
    assert reachable("127.0.0.1")
    assert not reachable(network["Gateway"])  # an address of the host, not loopback
    listening = docker.inside("cat", "/proc/net/tcp", "/proc/net/tcp6").stdout
    port = f":{8181:04X} "
    rows = [r.split() for r in listening.splitlines() if port in r and " 0A " in r]
    assert [row[1] for row in rows] == ["0100007F:1FF5"]
