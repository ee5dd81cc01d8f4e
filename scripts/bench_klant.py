"""Measures what the Python client adds to a question, and what threads on one client gain."""

from __future__ import annotations

import argparse
import datetime
import http.client
import json
import os
import platform
import random
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import machine, opa_versie, schrijf
from bench_bulk import tabel
from bench_sidecar import SEED, opgesteld
from bench_wachter import Wachter

from uitfasering.bundel import bouw_bundel
from uitfasering.client import Client
from uitfasering.gegevens import laad
from uitfasering.opa_process import OpaProcess
from uitfasering.paths import project_root
from uitfasering.records import Toewijzing
from uitfasering.validation import keur

sys.path.insert(0, str(project_root() / "tests"))
from orakel import genereer
from sidecarhulp import BESLUIT, Sidecar, richt_in

BEGIN, EIND = "<!-- meting-klant: begin -->", "<!-- meting-klant: eind -->"
VRAGEN, RONDES, THREADS, PER_THREAD = 250, 8, 8, 100
TRAAG = 0.02  # seconds

METHOD = """\
{vragen} generated toewijzingen (`tests/orakel`, seed {seed}) that are valid. By http.client: the
POST that the client does, its question already written as JSON, its answer read and not looked at,
on one kept connection. Turns of {vragen} questions, one at a time; {rondes} of each after one to
warm up; the median of all questions. The local OPA is `Client.lokaal` without anything before it;
the sidecar is the command of `docker-compose.yml`, with TLS and a token.

Threads share one client; {per} questions a thread, the median of {rondes} turns after one to warm
up. All of it runs on this machine, so the sidecar itself has what the client leaves of the cores.
Therefore also a server of which an answer takes no work (`scripts/bench_wachter.py`, TLS too, in a
process of its own): it waits {traag:.0f} ms, or as long as the sidecar takes for one question here
(its p50 by http.client, less that of the same server without waiting). What threads gain there is
what the client leaves of it."""


@dataclass(frozen=True)
class Vragen:
    """The same questions in the three ways they are asked."""

    dicts: list[dict[str, Any]]
    records: list[Toewijzing]
    bodies: list[bytes]

    @classmethod
    def van(cls, toewijzingen: Sequence[dict[str, Any]]) -> Vragen:
        return cls(
            list(toewijzingen),
            [Toewijzing.from_dict(t) for t in toewijzingen],
            [json.dumps({"input": t}).encode() for t in toewijzingen],
        )


class Kaal:
    """http.client on one kept connection."""

    def __init__(self, poort: int, token: str | None, tls: ssl.SSLContext | None) -> None:
        self._connection = (
            http.client.HTTPSConnection("127.0.0.1", poort, timeout=60, context=tls)
            if tls
            else http.client.HTTPConnection("127.0.0.1", poort, timeout=60)
        )
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._pad = f"{BESLUIT}?strict-builtin-errors=true&provenance=true"

    def vraag(self, body: bytes) -> bytes:
        self._connection.request("POST", self._pad, body=body, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            sys.exit(f"bench: HTTP {answer.status}")
        return content


def tijden(vraag: Callable[[Any], Any], vragen: Sequence[Any]) -> list[float]:
    """Milliseconds of each."""
    found = []
    for een in vragen:
        begin = time.perf_counter()
        vraag(een)
        found.append((time.perf_counter() - begin) * 1000)
    return found


def om_de_beurt(manieren: Mapping[str, tuple[Callable[[Any], Any], Sequence[Any]]]) -> Any:
    """The median of each way of asking, in milliseconds."""
    found: dict[str, list[float]] = {}
    for ronde in range(RONDES + 1):
        for naam, (vraag, vragen) in manieren.items():
            ms = tijden(vraag, vragen)
            if ronde:  # the first warms up
                found.setdefault(naam, []).extend(ms)
    return {naam: statistics.median(ms) for naam, ms in found.items()}


def meet(kaal: Kaal, klant: Client, vragen: Vragen) -> dict[str, float]:
    """p50 in milliseconds: ``kaal``, ``dict`` and ``record``."""
    p50: dict[str, float] = om_de_beurt(
        {
            "kaal": (kaal.vraag, vragen.bodies),
            "dict": (klant.besluit, vragen.dicts),
            "record": (klant.besluit, vragen.records),
        }
    )
    return p50


def per_seconde(klant: Client, vragen: Vragen, threads: int) -> float:
    """Besluiten a second, of so many threads on one client."""

    def deel(nummer: int) -> None:
        for i in range(PER_THREAD):
            klant.besluit(vragen.dicts[(nummer * 31 + i) % len(vragen.dicts)])

    with ThreadPoolExecutor(threads) as pool:
        begin = time.perf_counter()
        list(pool.map(deel, range(threads)))
        return threads * PER_THREAD / (time.perf_counter() - begin)


def meet_threads(klant: Client, vragen: Vragen) -> tuple[float, float]:
    """Besluiten a second of one thread and of THREADS, in turns."""
    een, veel = [], []
    for ronde in range(RONDES + 1):
        found = per_seconde(klant, vragen, 1), per_seconde(klant, vragen, THREADS)
        if ronde:
            een.append(found[0])
            veel.append(found[1])
    return statistics.median(een), statistics.median(veel)


@contextmanager
def wachter(werk: Wachter) -> Iterator[int]:
    """The port of a bench_wachter.py."""
    command = [sys.executable, str(Path(__file__).with_name("bench_wachter.py"))]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        print(json.dumps(asdict(werk)), file=process.stdin, flush=True)
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True)
class Uitslag:
    """p50 in milliseconds by server and way of asking; besluiten a second by server, of one thread
    and of THREADS; ``eigen``: the seconds that the sidecar takes."""

    p50: Mapping[str, Mapping[str, float]]
    threads: Mapping[str, tuple[float, float]]
    eigen: float


def meet_sidecar(sidecar: Sidecar, vragen: Vragen, stack: ExitStack) -> Uitslag:
    """The sidecar, and servers that only wait in its place."""
    ca = sidecar.sidecar.tls / "ca.crt"
    token = sidecar.tokens["besluit"]

    def klant(poort: int) -> Client:
        url = f"https://127.0.0.1:{poort}"
        return stack.enter_context(Client(url, token=token, ca_bundle=ca))

    def kaal(poort: int) -> Kaal:
        return Kaal(poort, token, ssl.create_default_context(cafile=ca))

    def wacht(seconden: float) -> int:
        tls = sidecar.sidecar.tls
        antwoord = kaal(sidecar.poort).vraag(vragen.bodies[0]).decode()
        werk = Wachter(antwoord, seconden, str(tls / "server.crt"), str(tls / "server.key"))
        return stack.enter_context(wachter(werk))

    p50 = {"sidecar": meet(kaal(sidecar.poort), klant(sidecar.poort), vragen)}
    direct = om_de_beurt({"kaal": (kaal(wacht(0)).vraag, vragen.bodies)})
    eigen = max(p50["sidecar"]["kaal"] - direct["kaal"], 0) / 1000
    threads = {
        naam: meet_threads(klant(poort), vragen)
        for naam, poort in (
            ("sidecar", sidecar.poort),
            ("als", wacht(eigen)),
            ("traag", wacht(TRAAG)),
        )
    }
    return Uitslag(p50, threads, eigen)


def tabel_van_klant(uitslag: Uitslag) -> str:
    """The measurements with their targets, as a Markdown table."""
    rows: list[list[str]] = []

    def regel(naam: str, gemeten: str, doel: str = "", gehaald: bool | None = None) -> None:
        rows.append([naam, gemeten, doel, {True: "yes", False: "no", None: ""}[gehaald]])

    for naam, server in (("lokaal", "local OPA"), ("sidecar", "sidecar")):
        p50 = uitslag.p50[naam]
        regel(f"{server}: http.client, p50", f"{p50['kaal']:.2f} ms")
        for manier, wat in (("dict", "a dict"), ("record", "a Toewijzing")):
            keer = p50[manier] / p50["kaal"]
            regel(f"{server}: `Client.besluit` of {wat}, p50", f"{p50[manier]:.2f} ms")
            regel(f"{server}: {wat} / http.client", f"{keer:.2f}", "at most 3", keer <= 3)
    namen = {
        "sidecar": (f"sidecar on the same {os.cpu_count()} cores", None),
        "als": (f"server that waits {uitslag.eigen * 1000:.2f} ms, as the sidecar takes", 3),
        "traag": (f"server that waits {TRAAG * 1000:.0f} ms", 7),
    }
    for naam, (server, doel) in namen.items():
        een, veel = uitslag.threads[naam]
        regel(f"{server}: besluiten a second, 1 thread", f"{een:,.0f}")
        regel(f"{server}: {THREADS} threads", f"{veel:,.0f}")
        keer = veel / een
        wens = "" if doel is None else f"at least {doel}"
        gehaald = None if doel is None else keer >= doel
        regel(f"{server}: {THREADS} threads / 1 thread", f"{keer:.1f}", wens, gehaald)
    return tabel(rows)


def verslag(uitslag: Uitslag, revisie: str) -> str:
    today = datetime.date.today()
    method = METHOD.format(
        vragen=VRAGEN, seed=SEED, rondes=RONDES, per=PER_THREAD, traag=TRAAG * 1000
    )
    return (
        f"{today.day} {today:%B %Y}, on {machine()}; load average {os.getloadavg()[0]:.1f}; OPA "
        f"{opa_versie()}, Python {platform.python_version()}, bundle {revisie[:12]}.\n\n"
        f"{tabel_van_klant(uitslag)}\n\n{method}\n"
    )


def geldige(aantal: int) -> list[dict[str, Any]]:
    """Generated toewijzingen that the client would not refuse."""
    producten = laad(project_root()).tabellen["producten"]["producten"]
    catalogue = {row["code"]: row for row in producten}
    rng = random.Random(SEED)
    found: list[dict[str, Any]] = []
    while len(found) < aantal:
        toewijzing = genereer(rng, catalogue)
        if not keur(toewijzing)[1]:
            found.append(toewijzing)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench klant", description=__doc__)
    parser.add_argument("--schrijf", action="store_true", help="write docs/prestaties.md")
    opties = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers stop as well
    vragen = Vragen.van(geldige(VRAGEN))
    bundel = bouw_bundel(project_root())
    with ExitStack() as stack:
        opa = stack.enter_context(OpaProcess(bundel.path))
        klant = stack.enter_context(Client(opa.url))
        poort = int(opa.url.rpartition(":")[2])
        lokaal = meet(Kaal(poort, None, None), klant, vragen)
    with tempfile.TemporaryDirectory(prefix="uitfasering-bench-") as folder, ExitStack() as stack:
        map_, tokens = richt_in(Path(folder) / "sidecar")
        sidecar = stack.enter_context(opgesteld(map_, tokens))
        gemeten = meet_sidecar(sidecar, vragen, stack)
    uitslag = Uitslag({"lokaal": lokaal, **gemeten.p50}, gemeten.threads, gemeten.eigen)
    tekst = verslag(uitslag, bundel.revisie)
    print(tekst)
    if opties.schrijf:
        schrijf(project_root() / "docs" / "prestaties.md", tekst, BEGIN, EIND)


if __name__ == "__main__":
    main()
