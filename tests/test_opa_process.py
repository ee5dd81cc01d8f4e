"""Our own OPA: it is ours, it is ready, and nothing of it stays behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest

import proefbundel
from uitfasering import opa_process, paths
from uitfasering.errors import BuildError, OpaUnavailable
from uitfasering.opa_process import OpaProcess

CALLER = """
import sys, time
from pathlib import Path
from uitfasering.opa_process import OpaProcess
with OpaProcess(Path(sys.argv[1])) as opa:
    print(opa.url, flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return proefbundel.build(tmp_path_factory.mktemp("proef"))


def processes(text: str) -> list[str]:
    """The command lines that hold ``text``, those of zombies left out."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "args="], check=True, capture_output=True, text=True, timeout=60
    )
    return [line for line in listing.stdout.splitlines() if text in line]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.02)


def test_a_label_of_digits_is_no_number_to_opa(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPA does not start on a label it reads as a number; one in 2,000 tokens is digits only."""
    monkeypatch.setattr("secrets.token_hex", lambda size: "1" * 2 * size)
    with OpaProcess(bundle) as opa:
        assert opa.url


def test_it_serves_the_bundle_and_is_gone_after_the_block(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with OpaProcess(bundle) as opa:
        address = opa.url.removeprefix("http://")
        with urlopen(f"{opa.url}/health?bundles", timeout=5) as answer:
            assert answer.status == 200
        assert address.startswith("127.0.0.1:")
        assert any(f"run --server --addr {address}" in line for line in processes(address))
    assert processes(address) == []
    assert list(tmp_path.iterdir()) == []


def test_nothing_from_the_environment_reaches_opa(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_RUN_CONFIG_FILE", "/er/is/geen/instelling.yaml")
    with OpaProcess(bundle) as opa, urlopen(f"{opa.url}/v1/config", timeout=5) as answer:
        assert "decision_logs" not in json.load(answer)["result"]


def test_closing_twice_and_closing_before_starting(bundle: Path) -> None:
    opa = OpaProcess(bundle)
    opa.close()
    opa.start()
    opa.wait_ready()
    address = opa.url.removeprefix("http://")
    opa.close()
    opa.close()
    assert processes(address) == []


def test_two_at_once(bundle: Path) -> None:
    with OpaProcess(bundle) as one, OpaProcess(bundle) as two:
        assert one.url != two.url
        one.close()
        with urlopen(f"{two.url}/health", timeout=5) as answer:
            assert answer.status == 200


def test_an_exception_in_the_block_stops_it(bundle: Path) -> None:
    opa = OpaProcess(bundle)
    with pytest.raises(ZeroDivisionError), opa:
        raise ZeroDivisionError
    assert processes(opa.url.removeprefix("http://")) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_dies_with_its_caller(bundle: Path, number: signal.Signals) -> None:
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(bundle)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with caller:
        assert caller.stdout is not None
        try:
            address = caller.stdout.readline().strip().removeprefix("http://")
            assert processes(address) != []
            caller.send_signal(number)
            caller.wait(30)
        finally:
            caller.kill()
    wait_until(lambda: processes(address) == [])


def test_ctrl_c_in_the_terminal_does_not_reach_it(bundle: Path) -> None:
    with OpaProcess(bundle) as opa:
        child = opa._child
        assert child is not None
        assert os.getsid(child.pid) == child.pid != os.getsid(0)


def test_it_dies_when_only_its_guard_is_killed(bundle: Path) -> None:
    opa = OpaProcess(bundle)
    with opa:
        child = opa._child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        child.wait(20)
    address = opa.url.removeprefix("http://")
    wait_until(lambda: processes(address) == [])


@pytest.mark.parametrize("times", [1, 2])
def test_interrupted_while_waiting_and_again_while_closing(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    sleep, presses = time.sleep, [KeyboardInterrupt] * times

    def interrupt(seconds: float) -> None:
        if presses:
            raise presses.pop()
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", interrupt)
    opa = OpaProcess(bundle)
    with pytest.raises(KeyboardInterrupt):
        opa.__enter__()
    assert processes(opa.url.removeprefix("http://")) == []


def taken_port(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    """Let the first attempt find ``taken``, as when another process is just ahead of us."""
    free, ports = opa_process._free_port, [taken]
    monkeypatch.setattr(opa_process, "_free_port", lambda: ports.pop() if ports else free())


def test_a_port_that_is_taken_meanwhile_is_left_for_another(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken_port(monkeypatch, other.getsockname()[1])
        with OpaProcess(bundle) as opa, urlopen(f"{opa.url}/health", timeout=5) as answer:
            assert answer.status == 200


def test_another_opa_on_that_port_is_not_taken_for_ours(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpaProcess(bundle) as other:
        taken_port(monkeypatch, int(other.url.rpartition(":")[2]))
        with OpaProcess(bundle) as opa:
            assert opa.url != other.url


def test_always_a_taken_port_ends_with_a_message(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(opa_process, "_free_port", lambda: port)
        with pytest.raises(OpaUnavailable, match="address already in use"):
            OpaProcess(bundle).__enter__()


def test_a_stranger_that_answers_anything_is_not_taken_for_ours(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"result": []}')

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            taken_port(monkeypatch, server.server_address[1])
            with OpaProcess(bundle) as opa:
                assert opa.url != f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_bundle_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="uitfasering bundel"):
        OpaProcess(tmp_path / "geen.tar.gz").start()


def test_a_broken_bundle(tmp_path: Path) -> None:
    broken = tmp_path / "kapot.tar.gz"
    broken.write_bytes(b"dit is geen bundel")
    with pytest.raises(BuildError, match=r"(?s)bundel niet laden.*kapot\.tar\.gz"):
        OpaProcess(broken).__enter__()
    assert processes(str(broken)) == []


def test_an_opa_that_may_not_be_run(bundle: Path, tmp_path: Path) -> None:
    opa = tmp_path / "opa"
    opa.write_text("tekst")
    with pytest.raises(OpaUnavailable, match="scripts/install-opa"):
        OpaProcess(bundle, opa=opa).start()
    with pytest.raises(OpaUnavailable, match="scripts/install-opa"):
        OpaProcess(bundle, opa=tmp_path).start()


def test_an_opa_that_gives_up(bundle: Path, tmp_path: Path) -> None:
    opa = tmp_path / "opa"
    opa.write_text("#!/bin/sh\necho dit lukt niet >&2\nexit 3\n")
    opa.chmod(0o755)
    with pytest.raises(OpaUnavailable, match="dit lukt niet"):
        OpaProcess(bundle, opa=opa).__enter__()


def test_an_opa_that_never_answers(bundle: Path, tmp_path: Path) -> None:
    opa = tmp_path / "opa"
    opa.write_text("#!/bin/sh\nexec sleep 600.25\n")
    opa.chmod(0o755)
    with pytest.raises(OpaUnavailable, match="nog niet gereed"):
        OpaProcess(bundle, opa=opa, timeout=0.2).__enter__()
    assert processes("sleep 600.25") == []


def test_a_path_with_a_colon_a_space_and_a_quote(bundle: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a: b'c $(x).tar.gz"
    odd.write_bytes(bundle.read_bytes())
    with OpaProcess(odd) as opa, urlopen(f"{opa.url}/v1/data", timeout=5) as answer:
        assert "uitfasering" in json.load(answer)["result"]


def test_the_default_bundle_is_what_the_build_writes() -> None:
    assert opa_process.default_bundle() == paths.project_root() / "build/uitfasering.tar.gz"
