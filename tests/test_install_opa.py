"""scripts/install-opa against a local server, with nothing of this machine on PATH."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from uitfasering.paths import opa_binary, project_root

SCRIPTS = project_root() / "scripts"
PINS = dict(
    line.split("=")
    for line in (SCRIPTS / "opa-versie").read_text("utf-8").splitlines()
    if "=" in line and not line.startswith("#")
)
# fmt: off
TOOLS = ["bash", "chmod", "dirname", "env", "find", "head", "ln", "mkdir", "mktemp", "mv", "rm",
         "tail", "touch", "tr", "uname"]
# fmt: on
FAKE_OPA = "#!/bin/sh\necho 'Version: 1.22.2'\n"


def executable(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o755)


@dataclass
class Releases:
    """A server of releases: what it answers, and what was asked of it."""

    address: str = ""
    binary: bytes | None = FAKE_OPA.encode()
    checksum: str | None = None
    status: int = 404
    cut_at: int | None = None  # break the connection off after so many bytes of a binary
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> bytes | None:
        if path.endswith(".sha256"):
            return None if self.checksum is None else self.checksum.encode()
        return self.binary

    def publish_checksum(self) -> None:
        assert self.binary is not None
        self.checksum = hashlib.sha256(self.binary).hexdigest() + "  opa_some_platform\n"


@pytest.fixture
def releases() -> Iterator[Releases]:
    state = Releases()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            body = state.answer(self.path)
            self.send_response(200 if body is not None else state.status)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            cut = None if self.path.endswith(".sha256") else state.cut_at
            self.wfile.write((body or b"")[:cut])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Machine:
    """A copy of scripts/ on a machine whose PATH holds a few tools and nothing else."""

    root: Path
    path: Path
    releases: str

    def run(self) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.path),
            "PYTHON": sys.executable,
            "GOROOT": str(self.root / "no-go"),
            "HOME": str(self.root),
            "UITFASERING_OPA_RELEASES": self.releases,
        }
        return subprocess.run(
            ["bash", "scripts/install-opa"],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def tool(self, name: str, text: str) -> None:
        executable(self.path / name, text)

    @property
    def installed(self) -> list[str]:
        """Everything in bin/, hidden leftovers too."""
        folder = self.root / "bin"
        return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture(params=["curl", "python"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, releases: Releases) -> Machine:
    """Twice: downloads go through curl, or through Python where there is no curl."""
    root, path = tmp_path / "met spatie", tmp_path / "path"
    root.mkdir()
    path.mkdir()
    (root / "scripts").mkdir()
    for name in ("install-opa", "opa-versie"):
        shutil.copy(SCRIPTS / name, root / "scripts" / name)
    for name in TOOLS + (["curl"] if request.param == "curl" else []):
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} staat niet op deze computer")
        (path / name).symlink_to(found)
    return Machine(root, path, releases.address)


def test_good_download_is_installed_and_runs(machine: Machine, releases: Releases) -> None:
    releases.binary = opa_binary().read_bytes()
    releases.publish_checksum()
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert machine.installed == ["opa"]
    assert (machine.root / "bin" / "opa").read_bytes() == releases.binary
    assert os.access(machine.root / "bin" / "opa", os.X_OK)
    assert done.stdout == ""
    assert "opgehaald en gecontroleerd" in done.stderr


def test_second_run_asks_nothing(machine: Machine, releases: Releases) -> None:
    releases.publish_checksum()
    assert machine.run().returncode == 0
    asked = list(releases.asked)
    before = (machine.root / "bin" / "opa").stat()
    again = machine.run()
    after = (machine.root / "bin" / "opa").stat()
    assert again.returncode == 0
    assert "OPA 1.22.2 staat klaar" in again.stderr
    assert releases.asked == asked
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_wrong_checksum_stops_also_when_go_is_there(machine: Machine, releases: Releases) -> None:
    releases.checksum = "0" * 64 + "  opa_some_platform\n"
    machine.tool("go", f"#!/bin/sh\ntouch '{machine.root}/go-was-called'\n")
    done = machine.run()
    assert done.returncode == 1
    assert "het controlegetal klopt niet" in done.stderr
    assert machine.installed == []
    assert not (machine.root / "go-was-called").exists()


@pytest.mark.parametrize("status", [403, 404, 500])
def test_refused_download_without_go_says_what_to_install(
    machine: Machine, releases: Releases, status: int
) -> None:
    releases.binary, releases.status = None, status
    done = machine.run()
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("FOUT: ")
    assert f"installeer OPA {PINS['OPA_MINIMUM']} of nieuwer" in last
    assert "of Go" in last
    assert machine.installed == []


def test_refused_after_the_checksum_is_no_wrong_checksum(
    machine: Machine, releases: Releases
) -> None:
    releases.publish_checksum()
    releases.binary, releases.status = None, 403
    done = machine.run()
    assert done.returncode == 1
    assert "OPA is daar niet op te halen" in done.stderr
    assert "403" in done.stderr
    assert machine.installed == []


def test_no_server_at_all(machine: Machine) -> None:
    machine.releases = "http://127.0.0.1:1"
    done = machine.run()
    assert done.returncode == 1
    assert "FOUT: OPA is niet klaar te zetten" in done.stderr
    assert machine.installed == []


@pytest.mark.parametrize("checksum", [None, "<html>Log in op het netwerk</html>" * 4, ""])
def test_download_without_a_checksum_is_refused(
    machine: Machine, releases: Releases, checksum: str | None
) -> None:
    releases.checksum = checksum
    done = machine.run()
    assert done.returncode == 1
    assert "zonder dat getal halen we OPA daar niet op" in done.stderr
    assert machine.installed == []
    assert [path for path in releases.asked if not path.endswith(".sha256")] == []


def test_broken_off_download_is_no_attack_but_is_not_installed(
    machine: Machine, releases: Releases
) -> None:
    releases.publish_checksum()
    releases.cut_at = 20
    done = machine.run()
    assert done.returncode == 1
    assert "OPA is daar niet op te halen" in done.stderr
    assert "controlegetal klopt niet" not in done.stderr
    assert machine.installed == []


def test_download_that_does_not_run_here_is_not_installed(
    machine: Machine, releases: Releases
) -> None:
    releases.binary = b"\x7fELF of another kind of computer"
    releases.publish_checksum()
    done = machine.run()
    assert done.returncode == 1
    assert "start niet op deze computer" in done.stderr
    assert machine.installed == []


def test_suitable_opa_on_path_is_linked(machine: Machine, releases: Releases) -> None:
    own = opa_binary().resolve()
    (machine.path / "opa").symlink_to(own)
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert (machine.root / "bin" / "opa").resolve() == own
    assert machine.installed == ["opa"]
    assert releases.asked == []


@pytest.mark.parametrize(
    ("version", "accepted"),
    [("1.16.9", False), ("0.70.0", False), ("1.17.0", True), ("1.100.0", True), ("2.0.0", True)],
)
def test_version_on_path(
    machine: Machine, releases: Releases, version: str, accepted: bool
) -> None:
    releases.publish_checksum()
    machine.tool("opa", f"#!/bin/sh\necho 'Version: {version}'\necho 'Go Version: go1.99.0'\n")
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert (machine.root / "bin" / "opa").is_symlink() == accepted
    assert (f"slaan we over: versie {version}, nodig is {PINS['OPA_MINIMUM']}" in done.stderr) == (
        not accepted
    )


def test_link_whose_opa_is_gone_or_too_old_is_replaced(
    machine: Machine, releases: Releases
) -> None:
    releases.publish_checksum()
    (machine.root / "bin").mkdir()
    (machine.root / "bin" / "opa").symlink_to(machine.root / "gone")
    assert machine.run().returncode == 0
    assert not (machine.root / "bin" / "opa").is_symlink()
    executable(machine.root / "bin" / "opa", FAKE_OPA.replace("1.22.2", "1.2.2"))
    assert machine.run().returncode == 0
    assert (machine.root / "bin" / "opa").read_text("utf-8") == FAKE_OPA


def test_half_finished_install_does_no_harm(machine: Machine, releases: Releases) -> None:
    releases.publish_checksum()
    left = machine.root / "bin" / ".opa.killed"
    left.mkdir(parents=True)
    (left / "opa").write_text("half", "utf-8")
    os.utime(left, (0, 0))
    (machine.root / "bin" / "opa").write_text("half", "utf-8")
    assert machine.run().returncode == 0
    assert machine.installed == ["opa"]
    assert (machine.root / "bin" / "opa").read_text("utf-8") == FAKE_OPA


def test_without_release_go_builds_the_pinned_version(machine: Machine, releases: Releases) -> None:
    releases.binary, releases.status = None, 403
    fake = machine.root / "fake-opa"
    executable(fake, FAKE_OPA)
    machine.tool(
        "go",
        f'#!/bin/sh\necho "$CGO_ENABLED $*" >"{machine.root}/asked-of-go"\n'
        f'ln -s "{fake}" "$GOBIN/opa"\n',
    )
    done = machine.run()
    assert done.returncode == 0, done.stderr
    asked = (machine.root / "asked-of-go").read_text("utf-8").strip()
    assert asked == f"0 install github.com/open-policy-agent/opa@v{PINS['OPA_VERSIE']}"
    assert "2 tot 4 minuten" in done.stderr
    assert machine.installed == ["opa"]


def test_failing_go_says_what_to_install(machine: Machine, releases: Releases) -> None:
    releases.binary = None
    machine.tool("go", "#!/bin/sh\necho 'module lookup disabled' >&2\nexit 1\n")
    done = machine.run()
    assert done.returncode == 1
    assert "module lookup disabled" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("FOUT: OPA is niet klaar te zetten")
    assert machine.installed == []


@pytest.mark.parametrize(
    ("system", "processor", "name"),
    [
        ("Linux", "x86_64", "opa_linux_amd64_static"),
        ("Linux", "aarch64", "opa_linux_arm64_static"),
        ("Darwin", "x86_64", "opa_darwin_amd64"),
        ("Darwin", "arm64", "opa_darwin_arm64_static"),
    ],
)
def test_asks_the_file_of_this_platform(
    machine: Machine, releases: Releases, system: str, processor: str, name: str
) -> None:
    releases.publish_checksum()
    (machine.path / "uname").unlink()
    machine.tool("uname", f'#!/bin/sh\n[ "$1" = -s ] && echo {system} || echo {processor}\n')
    assert machine.run().returncode == 0
    address = f"/v{PINS['OPA_VERSIE']}/{name}"
    assert releases.asked == [f"{address}.sha256", address]


def test_unknown_platform_goes_to_go(machine: Machine, releases: Releases) -> None:
    (machine.path / "uname").unlink()
    machine.tool("uname", "#!/bin/sh\necho Plan9\n")
    done = machine.run()
    assert done.returncode == 1
    assert "Voor dit soort computer" in done.stderr
    assert releases.asked == []
