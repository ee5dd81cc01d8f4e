"""The sidecar of docker-compose.yml as a process: the same command, configuration and bundles.

Only the places differ: what the container has in /tls is in the sidecar's folder here.
"""

from __future__ import annotations

import atexit
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from uitfasering import toegang
from uitfasering.paths import opa_binary, project_root
from uitfasering.sidecarmap import Sidecarmap

BESLUIT = "/v1/data/uitfasering/besluit"
BESLUITEN = "/v1/data/uitfasering/besluiten"
# Tokens by name and what each may do; "niets" is valid and may nothing.
RECHTEN: dict[str, list[str]] = {
    "besluit": ["besluit"],
    "compile": ["compile"],
    "metrics": ["metrics"],
    "niets": [],
}
SCHOON = {k: v for k, v in os.environ.items() if not k.startswith("OPA_")}


def vrije_poort() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def richt_in(map: Path) -> tuple[Sidecarmap, dict[str, str]]:
    """A sidecar's folder made by scripts/sidecar-proef, and tokens by name (RECHTEN)."""
    shutil.copytree(_sjabloon(), map, dirs_exist_ok=True)
    sidecar = Sidecarmap(map)
    tokens = {naam: toegang.nieuw_token() for naam in RECHTEN}
    zet_tokens(sidecar, tokens)
    return sidecar, tokens


@cache
def _sjabloon() -> Path:
    """What the script makes, once for all tests of this process: it takes over a second."""
    map = Path(tempfile.mkdtemp(prefix="uitfasering-proef-"))
    atexit.register(shutil.rmtree, map, ignore_errors=True)
    script = project_root() / "scripts" / "sidecar-proef"
    done = subprocess.run(
        ["bash", str(script), str(map)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return map


def zet_tokens(
    sidecar: Sidecarmap,
    tokens: Mapping[str, str],
    *,
    rechten: Mapping[str, list[str]] = RECHTEN,
    revisies: Sequence[str] | None = None,
) -> str:
    """Make the token bundle with exactly these; its revision."""
    rows = {
        naam: {"sha256": toegang.sha256(token), "rechten": rechten[naam]}
        for naam, token in tokens.items()
    }
    content = toegang.document(rows, revisies)
    return toegang.maak_bundel(content, sidecar.geheim / "toegang.key", sidecar)


def dienst(root: Path) -> dict[str, Any]:
    """The service ``opa`` of docker-compose.yml."""
    content: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text("utf-8"))
    opa: dict[str, Any] = content["services"]["opa"]
    return opa


def opdracht(
    sidecar: Sidecarmap,
    poort: int,
    diagnose: int,
    *,
    weg: Sequence[str] = (),
    extra: Sequence[str] = (),
) -> list[str]:
    """The command of docker-compose.yml with the places of this machine.

    Args:
        weg: options to leave out, e.g. ``--authorization``.
        extra: words to add.
    """
    root = project_root()
    mounted = {
        "=/tls/": f"={sidecar.tls}/",
        "=/sleutels/": f"={sidecar.sleutels}/",
        "=/config/": f"={root}/sidecar/",
        "0.0.0.0:8181": f"127.0.0.1:{poort}",
        "0.0.0.0:8282": f"127.0.0.1:{diagnose}",
    }
    words = []
    for word in dienst(root)["command"]:
        if word.split("=")[0] in weg:
            continue
        for old, new in mounted.items():
            word = word.replace(old, new)
        words.append(word)
    places = [
        f"--set=persistence_directory={sidecar.bewaard}",
        f"--set=plugins.file_logger.path={sidecar.logboek}/besluiten.log",
    ]
    return [str(opa_binary()), *words, *places, *extra]


@dataclass
class Antwoord:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Sidecar:
    """One that runs.

    Attributes:
        url, diagnose: ``https://127.0.0.1:<port>`` (http without TLS).
        tokens: by name, see RECHTEN.
        proces: OPA itself, to stop or kill.
        log: what it wrote so far is ``gezegd()``.
        klant: files with the certificate and key that we show it (mutual TLS).
    """

    sidecar: Sidecarmap
    tokens: dict[str, str]
    poort: int
    diagnosepoort: int
    proces: subprocess.Popen[bytes]
    tls: bool
    _uitvoer: Any = field(repr=False)
    klant: tuple[Path, Path] | None = None

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.poort}"

    @property
    def diagnose(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.diagnosepoort}"

    def gezegd(self) -> str:
        self._uitvoer.seek(0)
        said: bytes = self._uitvoer.read()
        return said.decode(errors="replace")

    def verbinding(self, *, diagnose: bool = False, timeout: float = 20) -> Any:
        """An open http.client connection, trusting our CA."""
        port = self.diagnosepoort if diagnose else self.poort
        if not self.tls:
            return http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        return http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=timeout, context=self.context()
        )

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.sidecar.tls / "ca.crt"))
        if self.klant:
            context.load_cert_chain(*self.klant)
        return context

    def vraag(
        self,
        methode: str,
        pad: str,
        *,
        token: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        diagnose: bool = False,
    ) -> Antwoord:
        """One request, with the path exactly as given. ``body`` is JSON unless it is bytes."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        sent = {} if token is None else {"Authorization": f"Bearer {token}"}
        connection = self.verbinding(diagnose=diagnose)
        try:
            connection.request(methode, pad, body=content, headers={**sent, **(headers or {})})
            answer = connection.getresponse()
            return Antwoord(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def wacht_tot_gereed(self, seconden: float = 40) -> None:
        deadline = time.monotonic() + seconden
        while True:
            try:
                answer = self.vraag("GET", "/health/ready", diagnose=True)
                if answer.status == 200:
                    return
            except OSError:
                pass
            assert self.proces.poll() is None, self.gezegd()
            assert time.monotonic() < deadline, self.gezegd()
            time.sleep(0.02)


@contextmanager
def draaiend(
    sidecar: Sidecarmap,
    tokens: dict[str, str],
    bundel_url: str,
    *,
    weg: Sequence[str] = (),
    extra: Sequence[str] = (),
    wacht: bool = True,
    poorten: tuple[int, int] | None = None,
    klant: tuple[Path, Path] | None = None,
) -> Iterator[Sidecar]:
    """The sidecar as a process; killed at the end. Options as in ``opdracht``."""
    poort, diagnose = poorten or (vrije_poort(), vrije_poort())
    command = opdracht(sidecar, poort, diagnose, weg=weg, extra=extra)
    given = dienst(project_root())["environment"]
    environment = {**SCHOON, **given, "BUNDEL_URL": bundel_url}
    tls = "--tls-cert-file" not in weg
    with tempfile.TemporaryFile() as output:
        proces = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        running = Sidecar(sidecar, tokens, poort, diagnose, proces, tls, output, klant)
        try:
            if wacht:
                running.wacht_tot_gereed()
            yield running
        finally:
            proces.kill()
            proces.wait()


def wacht_op(voorwaarde: Any, seconden: float = 15) -> None:
    """Wait until this is true; fail when it does not become so."""
    deadline = time.monotonic() + seconden
    while not voorwaarde():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
