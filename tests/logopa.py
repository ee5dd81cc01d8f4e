"""A log of besluiten as a real OPA writes it, in a file or on the console."""

from __future__ import annotations

import contextlib
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from sidecarhulp import SCHOON, vrije_poort, wacht_op
from uitfasering.paths import opa_binary

BESTAND = "besluiten.log"


@contextlib.contextmanager
def opa_met_logboek(bundel: Path, map: Path, *, console: bool = False) -> Iterator[str]:
    """The address of an OPA that logs its besluiten in ``map``/besluiten.log."""
    log = map / BESTAND
    plugin = ["decision_logs.plugin=file_logger", f"plugins.file_logger.path={log}"]
    settings = ["decision_logs.console=true"] if console else plugin
    port = vrije_poort()
    command = [str(opa_binary()), "run", "--server", "--addr", f"127.0.0.1:{port}"]
    command += ["--log-level", "error", "--skip-verify", "--bundle", str(bundel)]
    command += [word for setting in settings for word in ("--set", setting)]
    with (log if console else map / "opa.txt").open("ab") as output:
        proces = subprocess.Popen(command, env=SCHOON, stdout=output, stderr=output)
        try:
            wacht_op(lambda: _gereed(proces, port))
            yield f"http://127.0.0.1:{port}"
        finally:
            # OPA writes an event before it answers, so nothing is lost.
            proces.kill()
            proces.wait()


def _gereed(proces: subprocess.Popen[bytes], port: int) -> bool:
    assert proces.poll() is None
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health?bundles", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
