"""A Docker daemon of our own, for docker-compose.yml, and the two images it names.

The daemon has its own network, process and mount namespaces: whatever it starts ends with it, it
leaves this machine's network and any other Docker alone, and the ports of 127.0.0.1 are always
free. No registry is needed: an image has the name of the official one, around a program that is
built or downloaded here.
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from uitfasering.paths import opa_binary

DOCKERFILE = """\
FROM scratch
COPY root /
ENV PATH=/:/usr/sbin
ENTRYPOINT {entrypoint}
"""
NEEDED = {
    "dockerd": "docker.io",
    "docker": "docker.io or docker-cli",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "ip": "iproute2",
    "iptables": "iptables",
}


@dataclass(frozen=True)
class Docker:
    """Our own daemon, and how to talk to what runs in its namespaces.

    Attributes:
        init: process id of dockerd, outside its namespaces.
        compose_command: ``docker compose``, or Debian's older ``docker-compose``.
    """

    init: int
    environment: dict[str, str]
    compose_command: list[str]

    def run(
        self, *words: str, stdin: str = "", ok: bool = True
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            words, env=self.environment, input=stdin, capture_output=True, text=True, timeout=300
        )
        assert not ok or done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done

    def compose(self, *words: str) -> str:
        return self.run(*self.compose_command, *words).stdout

    def enter(self, process: int | None = None, *, mount: bool = True) -> list[str]:
        """The words that run a command in the daemon's namespaces.

        Args:
            process: id in there of a container's process; then in that one's network.
            mount: with the daemon's own files; otherwise those of this machine.
        """
        kinds = ["--net", "--pid", *(["--mount"] if mount else [])]
        words = ["nsenter", f"--target={self.init}", *kinds]
        if process is not None:
            words += ["nsenter", f"--target={process}", "--net"]
        return words

    def inside(
        self, *words: str, process: int | None = None, stdin: str = "", ok: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run in the daemon's namespaces; see ``enter``."""
        return self.run(*self.enter(process), *words, stdin=stdin, ok=ok)

    def python(
        self, code: str, *words: str, process: int | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in there, whatever its exit code."""
        command = (sys.executable, "-c", code, *words)
        return self.inside(*command, process=process, stdin=stdin, ok=False)

    def inspect(self, container: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.run("docker", "inspect", container).stdout)
        return found[0]

    def process(self, container: str) -> int:
        """The container's process id in the daemon's namespace."""
        pid: int = self.inspect(container)["State"]["Pid"]
        return pid

    def build(self, image: str, root: Path, entrypoint: list[str]) -> None:
        """An image with this name around these files."""
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(root, Path(folder) / "root")
            text = DOCKERFILE.format(entrypoint=json.dumps(entrypoint))
            (Path(folder) / "Dockerfile").write_text(text, "utf-8")
            self.run("docker", "build", "--tag", image, folder)


def missing() -> str | None:
    """Why there can be no Docker daemon here, or None."""
    if not sys.platform.startswith("linux"):
        return "a Docker daemon of our own needs Linux"
    if os.geteuid() != 0:
        return "a Docker daemon of our own needs root"
    for program, package in NEEDED.items():
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: apt-get install {package})"
    if compose_command() is None:
        return "Docker Compose is not installed (Debian: apt-get install docker-compose)"
    return None


def compose_command() -> list[str] | None:
    # As below: without the plug-ins of whoever runs this.
    environment = {**os.environ, "DOCKER_CONFIG": os.devnull}
    version = ["docker", "compose", "version"]
    if subprocess.run(version, env=environment, capture_output=True, timeout=60).returncode == 0:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


@contextmanager
def daemon() -> Iterator[Docker]:
    """Our own daemon, gone at the end. Skips, with the reason, where there can be none."""
    if reason := missing():
        pytest.skip(reason)
    # Not tmp_path: a socket's path must be short, and this is hundreds of megabytes.
    with tempfile.TemporaryDirectory(prefix="uitfasering-docker-") as folder:
        place = Path(folder)
        environment = {
            **os.environ,
            "DOCKER_HOST": f"unix://{place / 'docker.sock'}",
            "DOCKER_CONFIG": str(place),
            "DOCKER_BUILDKIT": "0",  # the classic builder needs no plug-in
            "COMPOSE_PROJECT_NAME": "uitfasering-proef",
        }
        unshare = _start(place, environment["DOCKER_HOST"])
        init = 0
        try:
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


def _start(place: Path, socket: str) -> subprocess.Popen[bytes]:
    (place / "daemon.json").write_text("{}", "utf-8")  # not the machine's own settings
    dockerd = [
        *("dockerd", "--storage-driver=vfs", f"--host={socket}"),
        *(f"--data-root={place / 'data'}", f"--exec-root={place / 'exec'}"),
        *(f"--pidfile={place / 'docker.pid'}", "--config-file", str(place / "daemon.json")),
    ]
    namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    shell = ["sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
    with (place / "log").open("wb") as log:
        return subprocess.Popen(
            ["unshare", *namespaces, *shell, *dockerd],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def opa_version(root: Path) -> str:
    found = re.search(r"^OPA_VERSIE=(\S+)$", (root / "scripts/opa-versie").read_text(), re.M)
    assert found
    return found[1]


def static_opa(version: str, target: Path) -> None:
    """A static OPA of this version: the installed one when it is that, else built by Go."""
    target.mkdir(parents=True, exist_ok=True)
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


def nginx(target: Path) -> None:
    """A real nginx and its libraries: the installed one, else Debian's package, not installed."""
    with tempfile.TemporaryDirectory() as folder:
        installed = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        program = Path(installed) if installed else _debian_nginx(Path(folder))
        libraries = subprocess.run(["ldd", program], capture_output=True, text=True, timeout=60)
        if "not found" in libraries.stdout:
            pytest.skip(f"nginx has no library here: {libraries.stdout}")
        for library in re.findall(r"(/\S+) \(0x", libraries.stdout):
            place = target / library.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, place)
        (target / "usr" / "sbin").mkdir(parents=True)
        shutil.copy(program, target / "usr" / "sbin" / "nginx")
    (target / "tmp").mkdir()
    (target / "tmp").chmod(0o1777)  # as in the official image: a tmpfs on it gets the same mode


def _debian_nginx(folder: Path) -> Path:
    """The program in Debian's package, downloaded and unpacked in this folder."""
    if shutil.which("apt-get") is None:
        pytest.skip("there is no nginx, and no apt-get to download it with")
    download = ["apt-get", "download", "nginx"]
    if _apt(folder, download):
        # No package lists yet, or old ones; get them, but not into the machine's.
        lists = folder / "lists" / "partial"
        lists.mkdir(parents=True)
        own = ["-o", f"Dir::State::Lists={lists.parent}", "-o", f"Dir::Cache={folder}"]
        said = _apt(folder, ["apt-get", *own, "update"]) or _apt(folder, [*download, *own])
        if said:
            pytest.skip(f"there is no nginx, and Debian's cannot be downloaded: {said[-500:]}")
    (package,) = folder.glob("nginx_*.deb")
    subprocess.run(["dpkg", "-x", package, folder / "root"], check=True, timeout=60)
    return folder / "root" / "usr" / "sbin" / "nginx"


def _apt(folder: Path, command: list[str]) -> str:
    """What it says when it fails; empty when all is well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    return done.stderr.strip() or "it says nothing" if done.returncode else ""
