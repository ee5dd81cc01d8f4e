"""Our own OPA as a child process: started on a free loopback port, stopped with its caller.

Only cheap imports here: a caller starts OPA first and imports the rest while it boots.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from uitfasering import paths
from uitfasering.errors import BuildError, OpaUnavailable, os_zin

HOST = "127.0.0.1"
_POLL_SECONDS = 0.005
_STOP_SECONDS = 5.0
_PORT_ATTEMPTS = 5
_ERROR_LINES = 5

# The caller holds the other end of standard input open for as long as it lives, however it
# dies; at the end of it OPA is killed (it keeps nothing on disk, so nothing is lost). The
# shell is OPA's parent, so OPA's process id cannot be given to another process meanwhile.
_SUPERVISOR = """\
exec 3<&0 </dev/null
"$@" 3<&- &
opa=$!
{ read -r _ <&3; kill -KILL "$opa"; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$opa"
status=$?
kill -KILL "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"
"""


def default_bundle() -> Path:
    """Where ``uitfasering bundel`` puts the bundle."""
    return paths.project_root() / "build" / "uitfasering.tar.gz"


class OpaProcess:
    """An OPA server that serves one bundle file, by default on a free port of ``127.0.0.1``.

    Use it as a context manager, or call ``start``, ``wait_ready`` and ``close``. OPA also
    stops when the caller dies (SIGKILL included), and Ctrl-C in the terminal does not reach
    it, so that the caller decides when it stops.

    Args:
        bundle: the bundle file; the default is the one ``uitfasering bundel`` writes. A folder is
            loaded as plain files, which can be replaced while OPA runs.
        sleutel: PEM file with the public key (EC P-256) that must have signed the bundle; without
            it nobody looks at a signature.
        opa: the OPA binary; the default is the one ``scripts/install-opa`` installs.
        timeout: seconds OPA may take to be ready.
        address: IP address to listen on.
        port: port to listen on; None takes a free one.

    Raises:
        BuildError: the bundle is not there, or OPA will not load it.
        OpaUnavailable: there is no OPA to start, or it does not come up.
    """

    def __init__(
        self,
        bundle: Path | None = None,
        *,
        sleutel: Path | None = None,
        opa: Path | None = None,
        timeout: float = 30.0,
        address: str = HOST,
        port: int | None = None,
    ) -> None:
        self._bundle = bundle
        self._sleutel = sleutel
        self._opa = opa
        self._timeout = timeout
        self._child: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._host = f"[{address}]" if ":" in address else address
        self._asked_port = port
        self._port = 0
        self._label = ""

    @property
    def url(self) -> str:
        """The server's address; final once ``wait_ready`` has returned."""
        return f"http://{self._host}:{self._port}"

    def start(self) -> None:
        """Start OPA and return at once; ``wait_ready`` must follow."""
        if self._child is not None:
            return
        bundle = (self._bundle or default_bundle()).resolve()
        if not bundle.exists():
            raise BuildError(
                f"De bundel {bundle} is er niet. Maak hem met de opdracht: uitfasering bundel"
            )
        opa = self._opa or paths.opa_binary()
        if not os.access(opa, os.X_OK) or not opa.is_file():
            raise OpaUnavailable(
                f"OPA kan niet worden gestart: {opa} is geen programma dat deze gebruiker mag "
                "uitvoeren. Installeer OPA met: scripts/install-opa"
            )
        self._spawn(bundle, opa)

    def _spawn(self, bundle: Path, opa: Path) -> None:
        self._port = self._asked_port or _free_port()
        self._label = f"o{secrets.token_hex(8)}"  # OPA reads a value of digits alone as a number
        command = [
            str(opa.resolve()),
            *("run", "--server", "--addr", f"{self._host}:{self._port}"),
            *("--log-level", "error", "--skip-version-check", "--optimize-store-for-read-speed"),
            *("--set", f"labels.uitfasering={self._label}"),
            *(("--bundle", str(bundle)) if bundle.is_file() else (str(bundle),)),
            *self._handtekening(),
        ]
        try:
            # Unnamed: gone with the last process that has it open; a pipe could fill up.
            self._output = tempfile.TemporaryFile()  # noqa: SIM115
            self._child = subprocess.Popen(
                ["/bin/sh", "-c", _SUPERVISOR, "uitfasering-opa", *command],
                stdin=subprocess.PIPE,
                stdout=self._output,  # where OPA says what is wrong with a bundle
                stderr=self._output,
                env=_omgeving(),
                start_new_session=True,
            )
        except OSError as error:
            self.close()
            raise OpaUnavailable(f"OPA kan niet worden gestart. {os_zin(error)}") from error

    def _handtekening(self) -> tuple[str, ...]:
        if self._sleutel is None:
            return ("--skip-verify",)
        return ("--signing-alg", "ES256", "--verification-key", str(self._sleutel.resolve()))

    def wait_ready(self) -> None:
        """Wait until this very OPA answers and its bundle is active (usually under 0.1 s)."""
        deadline = time.monotonic() + self._timeout
        attempts = 1
        try:
            while not self._answers():
                if self._child is None or self._child.poll() is not None:
                    said = self._said()
                    self.close()
                    taken = "address already in use" in said and self._asked_port is None
                    if not taken or attempts == _PORT_ATTEMPTS:
                        raise _start_failure(said)
                    attempts += 1
                    self.start()
                elif time.monotonic() > deadline:
                    raise OpaUnavailable(
                        f"OPA was na {self._timeout:g} seconden nog niet gereed. "
                        "Probeer het opnieuw, of kijk of deze computer het te druk heeft."
                    )
                time.sleep(_POLL_SECONDS)
        except BaseException:
            self.close()
            raise

    def _answers(self) -> bool:
        # Another process may have taken the port: only ours knows the label.
        import http.client  # not at the top: OPA boots meanwhile

        # 0.0.0.0 and :: are every address of this computer.
        host = {"0.0.0.0": HOST, "[::]": "::1"}.get(self._host, self._host.strip("[]"))
        connection = http.client.HTTPConnection(host, self._port, timeout=0.5)
        try:
            connection.request("GET", "/v1/config")
            config = json.loads(connection.getresponse().read())
            if config["result"]["labels"].get("uitfasering") != self._label:
                return False
            connection.request("GET", "/health?bundles")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
            return False
        finally:
            connection.close()

    def _said(self) -> str:
        if self._output is None:
            return ""
        self._output.seek(0)
        return self._output.read(64_000).decode(errors="replace")

    def wait(self) -> str:
        """Wait until OPA stops by itself; what it said last."""
        if self._child is not None:
            self._child.wait()
        return self._said()

    def close(self) -> None:
        """Stop OPA and wait until it is gone; calling it again does nothing."""
        output, self._output = self._output, None
        if output is not None:
            output.close()
        child, self._child = self._child, None
        if child is None:
            return
        try:
            if child.stdin is not None:
                child.stdin.close()  # on which the supervisor kills OPA
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:  # too slow, or another Ctrl-C just now
            if child.returncode is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def __enter__(self) -> OpaProcess:
        """Start OPA and wait until it is ready."""
        self.start()
        self.wait_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop OPA."""
        self.close()


def _omgeving() -> dict[str, str]:
    """The environment for OPA, whose only caller we are."""
    # OPA takes any flag from an OPA_… variable, decision logs included.
    own = {k: v for k, v in os.environ.items() if not k.startswith("OPA_")}
    # Frees memory less often: a tenth less work in bulk, for some 60 MB.
    return {"GOGC": "400", **own}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _start_failure(said: str) -> BuildError | OpaUnavailable:
    """What OPA's own words mean for who wanted to start it."""
    lines = [line for line in said.splitlines() if line.strip() and '"level":"warning"' not in line]
    text = "\n".join(lines[:_ERROR_LINES]) or "(geen uitleg)"
    if "load error" in said or "rego_" in said:
        return BuildError(
            "OPA kan de bundel niet laden. Maak hem opnieuw met de opdracht: uitfasering bundel\n"
            f"OPA zegt:\n{text}"
        )
    return OpaUnavailable(
        f"OPA start niet. Installeer OPA opnieuw met: scripts/install-opa\nOPA zegt:\n{text}"
    )
