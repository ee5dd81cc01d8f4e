"""docker-compose.yml for real: a Docker daemon of our own, the sidecar in it, and gone again.

The images have the names of the official ones, around a static OPA of that version and a real nginx
(see dockerhulp.py). What does not need a container is tested on OPA as a process: test_compose.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import dockerhulp
from composehulp import ASK_SLOWLY, CONNECT, Opstelling
from dockerhulp import Docker
from logboekhulp import gelogd, logbestand
from sidecarbundels import LOPEND, TWEEDE_ANTWOORD, antwoord, teken, tweede_revisie
from sidecarhulp import BESLUIT, BESLUITEN, richt_in, wacht_op, zet_tokens
from uitfasering import toegang

pytestmark = pytest.mark.zwaar  # starts a Docker daemon, and builds OPA without cgo the first time

# Gives CONNECT something to connect to, and says which process it is.
LISTEN = """\
import os, socket, time
with socket.create_server(("0.0.0.0", 9999)):
    print(os.getpid(), flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def docker() -> Iterator[Docker]:
    with dockerhulp.daemon() as ours:
        yield ours


@pytest.fixture(scope="module")
def images(docker: Docker, root: Path) -> None:
    services = yaml.safe_load((root / "docker-compose.yml").read_text("utf-8"))["services"]
    version = dockerhulp.opa_version(root)
    with tempfile.TemporaryDirectory() as folder:
        opa, nginx = Path(folder) / "opa", Path(folder) / "nginx"
        dockerhulp.static_opa(version, opa)
        docker.build(f"openpolicyagent/opa:{version}-static", opa, ["/opa"])
        dockerhulp.nginx(nginx)
        docker.build(services["bundels"]["image"], nginx, ["/usr/sbin/nginx"])


@pytest.fixture(scope="module")
def opstelling(
    docker: Docker, images: None, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opstelling]:
    """The project, started with the command in the header of docker-compose.yml."""
    sidecar, tokens = richt_in(tmp_path_factory.mktemp("sidecar"))
    docker.environment["UITFASERING_SIDECAR"] = str(sidecar.map)
    settings = ["--file", str(root / "docker-compose.yml")]
    settings += ["--env-file", str(root / "scripts" / "opa-versie")]
    running = Opstelling(docker, sidecar, tokens, settings)
    running.compose("up", "--detach")
    try:
        running.wait_until_healthy()
        yield running
    finally:
        running.compose("down")
        assert docker.run("docker", "ps", "--all", "--quiet").stdout == ""
        assert docker.python(CONNECT, "127.0.0.1", "8181").returncode == 1


def test_both_entry_points_answer(opstelling: Opstelling, root: Path) -> None:
    # Midden herstel, decided on 1 June 2021: B1-02 (letter of 6 May 2021).
    question = json.loads((root / "voorbeelden" / "toewijzing.json").read_text("utf-8"))
    besluit = opstelling.besluit(question)
    assert besluit["uitkomst"] == "NIET_TOEGESTAAN"
    assert "B1-02" in [bevinding["regel"] for bevinding in besluit["bevindingen"]]
    batch = {"input": {"toewijzingen": {"a": question, "b": {}}}}
    status, text = opstelling.ask(BESLUITEN, opstelling.tokens["besluit"], batch)
    assert status == 200
    besluiten = json.loads(text)["result"]
    assert besluiten.keys() == {"a", "b"}
    assert besluiten["a"] == besluit
    assert besluiten["b"]["uitkomst"] == "ONGELDIGE_INVOER"


@pytest.mark.parametrize("port", [8181, 8282])
@pytest.mark.parametrize("path", [BESLUIT, BESLUITEN])
@pytest.mark.parametrize("name", [None, "metrics", "niets"])
def test_who_may_not_ask(opstelling: Opstelling, name: str | None, path: str, port: int) -> None:
    token = opstelling.tokens[name] if name else None
    # The diagnostics port has no such path; but who may not ask, does not hear that.
    assert opstelling.ask(path, token, {"input": {}}, port)[0] == 401
    assert opstelling.ask("/v1/policies", token, None, port)[0] == 401


def test_the_bundles_come_from_nginx_and_nothing_else_does(opstelling: Opstelling) -> None:
    docker, opa = opstelling.docker, opstelling.docker.process(opstelling.container("opa"))
    networks = docker.inspect(opstelling.container("bundels"))["NetworkSettings"]["Networks"]
    (network,) = networks.values()
    code = """\
import http.client, sys
to = http.client.HTTPConnection(sys.argv[1], 8080, timeout=20)
to.request(sys.argv[2], sys.argv[3])
print(to.getresponse().status)
"""

    def status(method: str, path: str) -> int:
        return int(docker.python(code, network["IPAddress"], method, path, process=opa).stdout)

    for path in ("/uitfasering.tar.gz", "/toegang.tar.gz"):
        assert status("GET", path) == 200
        for method in ("PUT", "DELETE"):
            assert status(method, path) == 405
    for path in ("/", "/bundels/", "/nginx.conf", "/../config/nginx.conf", "/uitfasering.tar.gz/"):
        assert status("GET", path) in (400, 404)


def test_nothing_happens_while_no_bundle_changes(opstelling: Opstelling) -> None:
    """nginx answers 304, so OPA does not load the same bundle again every few seconds."""
    loaded = 'bundle_loading_duration_ns_count{name="'
    first, asked = opstelling.metric(loaded), opstelling.metric("last_success_bundle_request")
    active = opstelling.metric("last_success_bundle_activation")
    assert len(asked) == len(active) == 2

    def asked_again() -> bool:
        now = opstelling.metric("last_success_bundle_request")
        return all(now[name] > asked[name] + 4e9 for name in asked)  # ns: both twice or more

    wacht_op(asked_again, 60)
    again = opstelling.metric(loaded)
    loads = [name for name in first if "timer_rego_load_bundles_ns" in name]
    requests = [name for name in first if "timer_bundle_request_ns" in name]
    assert len(loads) == len(requests) == 2
    assert all(again[name] == first[name] for name in loads)
    assert all(again[name] > first[name] for name in requests)
    assert opstelling.metric("last_success_bundle_activation") == active


@pytest.mark.parametrize(("service", "program"), [("opa", "opa"), ("bundels", "nginx")])
def test_no_privileges(opstelling: Opstelling, service: str, program: str) -> None:
    docker = opstelling.docker
    process = docker.process(opstelling.container(service))
    status = docker.inside("cat", f"/proc/{process}/status").stdout
    found = dict(line.split(":\t", 1) for line in status.splitlines())
    assert found["Name"] == program
    assert found["Uid"].split() == ["65532"] * 4
    assert found["Gid"].split() == ["65532"] * 4
    for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(found[capabilities], 16) == 0
    assert found["NoNewPrivs"] == "1"
    assert found["Seccomp"] == "2"  # Docker's own filter of system calls


@pytest.mark.parametrize(
    ("service", "writable"), [("opa", ["/bewaard", "/logboek"]), ("bundels", ["/tmp"])]
)
def test_the_writable_places(opstelling: Opstelling, service: str, writable: list[str]) -> None:
    docker = opstelling.docker
    process = docker.process(opstelling.container(service))
    mounts = docker.inside("cat", f"/proc/{process}/mountinfo").stdout.splitlines()
    # "… / / ro,relatime …": the fifth word is the place, the sixth its options.
    options = {line.split()[4]: line.split()[5].split(",") for line in mounts}
    assert "ro" in options["/"]
    kernel = ("/proc", "/dev", "/sys")
    places = [p for p in options if "rw" in options[p] and not p.startswith(kernel)]
    assert sorted(places) == writable


@pytest.mark.parametrize("place", ["/", "/config/", "/sleutels/", "/tls/"])
def test_opa_cannot_write(opstelling: Opstelling, place: str) -> None:
    write = ("/opa", "build", "/config/opa.yaml", "--output", f"{place}uit.tar.gz")
    # As root: an unprivileged user may not write there anyhow.
    words = ("docker", "exec", "--user", "0:0", opstelling.container("opa"), *write)
    done = opstelling.docker.run(*words, ok=False)
    assert done.returncode != 0
    assert "read-only file system" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("service", "memory", "cpus", "processes"),
    [("opa", 1024**3, 2.0, 128), ("bundels", 64 * 1024**2, 0.5, 16)],
)
def test_limits(
    opstelling: Opstelling, service: str, memory: int, cpus: float, processes: int
) -> None:
    found = opstelling.docker.inspect(opstelling.container(service))["HostConfig"]
    assert found["Memory"] == memory
    assert found["NanoCpus"] == cpus * 1e9
    assert found["PidsLimit"] == processes
    assert found["RestartPolicy"]["Name"] == "unless-stopped"


def test_two_ports_are_open_on_loopback_and_no_other(opstelling: Opstelling) -> None:
    docker = opstelling.docker

    def reachable(address: str, port: int) -> bool:
        done = docker.python(CONNECT, address, str(port))
        assert done.returncode in (0, 1), done.stderr
        return done.returncode == 0

    networks = docker.inspect(opstelling.container("opa"))["NetworkSettings"]["Networks"]
    for port in (8181, 8282):
        assert reachable("127.0.0.1", port)
        for network in networks.values():  # an address of the host, not loopback
            assert not reachable(network["Gateway"] or network["IPAddress"][:-1] + "1", port)
    listening = docker.inside("cat", "/proc/net/tcp", "/proc/net/tcp6").stdout
    rows = [row.split()[1] for row in listening.splitlines() if " 0A " in row]
    assert sorted(rows) == [f"0100007F:{port:04X}" for port in (8181, 8282)]
    assert docker.inspect(opstelling.container("bundels"))["HostConfig"]["PortBindings"] == {}


def test_the_bundle_server_has_no_way_out(opstelling: Opstelling) -> None:
    docker = opstelling.docker
    # Another computer: a network of its own, with a cable (veth) to the one Docker runs on.
    command = [*docker.enter(), "unshare", "--net", sys.executable, "-c", LISTEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as elsewhere:
        try:
            assert elsewhere.stdout
            other = int(elsewhere.stdout.readline())
            cable = ("ip", "link", "add", "buiten", "type", "veth", "peer", "eth0")
            docker.inside(*cable, "netns", str(other))
            for device, address, process in (("buiten", 1, None), ("eth0", 2, other)):
                network = f"192.0.2.{address}/24"  # for documentation: nowhere else
                docker.inside("ip", "address", "add", network, "dev", device, process=process)
                docker.inside("ip", "link", "set", device, "up", process=process)
            reached = {
                service: docker.python(CONNECT, "192.0.2.2", "9999", process=process).returncode
                == 0
                for service in ("opa", "bundels")
                for process in [docker.process(opstelling.container(service))]
            }
        finally:
            elsewhere.kill()
    # OPA can go out: its bundles may come from elsewhere. That also shows there was a way.
    assert reached == {"opa": True, "bundels": False}


def test_a_token_is_replaced_without_a_restart(opstelling: Opstelling) -> None:
    before, old = opstelling.state()["StartedAt"], opstelling.tokens["besluit"]
    new = {**opstelling.tokens, "besluit": toegang.nieuw_token()}
    zet_tokens(opstelling.sidecar, new)
    wacht_op(lambda: opstelling.ask(BESLUIT, new["besluit"], {"input": {}})[0] == 200, 30)
    assert opstelling.ask(BESLUIT, old, {"input": {}})[0] == 401
    opstelling.tokens.update(new)
    assert opstelling.state()["StartedAt"] == before


def test_a_bundle_is_replaced_without_a_restart(opstelling: Opstelling) -> None:
    """By renaming, as ``uitfasering bundel --sidecar`` does: nginx must not hold on to the old."""
    before = opstelling.state()["StartedAt"]
    place = opstelling.sidecar.bundels / "uitfasering.tar.gz"
    first, besluit = place.read_bytes(), opstelling.besluit()
    assert antwoord(besluit) != TWEEDE_ANTWOORD
    for content, expected in (
        (teken(tweede_revisie(first), opstelling.sidecar.geheim / "afspraken.key"), None),
        (first, besluit),
    ):
        (place.parent / "nieuw").write_bytes(content)
        (place.parent / "nieuw").replace(place)
        if expected is None:
            wacht_op(lambda: antwoord(opstelling.besluit()) == TWEEDE_ANTWOORD, 30)
        else:
            wacht_op(lambda: opstelling.besluit() == besluit, 30)
    assert opstelling.state()["StartedAt"] == before


def test_it_starts_without_the_bundle_server(opstelling: Opstelling) -> None:
    besluit = opstelling.besluit()
    opstelling.compose("stop", "bundels")
    opstelling.compose("restart", "opa")
    opstelling.wait_until_healthy()
    assert opstelling.besluit() == besluit
    opstelling.compose("up", "--detach")


def test_stopped_it_first_finishes_what_it_was_asked(opstelling: Opstelling) -> None:
    docker, container = opstelling.docker, opstelling.container("opa")
    process = docker.process(container)
    batch = {"input": {"toewijzingen": {str(number): LOPEND for number in range(2000)}}}
    question = opstelling.question(BESLUITEN, opstelling.tokens["besluit"], batch)
    command = [*docker.enter(), sys.executable, "-c", ASK_SLOWLY]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as asking:  # type: ignore[call-overload]
        asking.stdin.write(f"{question}\n")
        asking.stdin.flush()
        assert asking.stdout.readline() == "asked\n"
        with subprocess.Popen(["docker", "stop", container], env=docker.environment) as stopping:
            # Inside the container's network: the port on the host is Docker's.
            inside = ("127.0.0.1", "8181")
            wacht_op(lambda: docker.python(CONNECT, *inside, process=process).returncode == 1, 20)
            assert stopping.poll() is None
            status, text = json.loads(asking.communicate("\n", timeout=60)[0])
    assert status == 200
    answer = json.loads(text)
    assert len(answer["result"]) == 2000
    assert opstelling.state()["ExitCode"] == 0
    assert opstelling.state()["Status"] == "exited"  # unless-stopped: it stays away
    before = gelogd(opstelling.sidecar)
    assert before[-1]["decision_id"] == answer["decision_id"]
    docker.run("docker", "start", container)
    opstelling.wait_until_healthy()
    besluit = opstelling.besluit()
    *kept, last = gelogd(opstelling.sidecar)
    assert (kept, last["result"]) == (before, besluit)
    file = logbestand(opstelling.sidecar).stat()
    assert (file.st_uid, file.st_mode & 0o777) == (65532, 0o600)


def test_killed_it_comes_back(opstelling: Opstelling) -> None:
    docker, container = opstelling.docker, opstelling.container("opa")
    before, besluit = docker.inspect(container)["RestartCount"], opstelling.besluit()
    # Not "docker kill": then Docker takes it for stopped on purpose.
    docker.inside("kill", "-KILL", str(docker.process(container)))
    wacht_op(lambda: docker.inspect(container)["RestartCount"] == before + 1, 30)
    opstelling.wait_until_healthy()
    assert opstelling.besluit() == besluit
