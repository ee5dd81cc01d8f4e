"""Measures how fast besluiten are, in proportions; `scripts/bench` calls it.

    scripts/bench             prints the measurements beside the targets
    scripts/bench --schrijf   also writes them in docs/prestaties.md, between the markers

Never fails because a machine is slow. What is measured, and how, stands in METHOD.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from uitfasering.bundel import bouw_bundel
from uitfasering.gegevens import laad
from uitfasering.paths import opa_binary, project_root

BEGIN, EIND = "<!-- meting: begin -->", "<!-- meting: eind -->"
SEED = 20211124
WARM_UP, SINGLE, BATCHES, STARTS = 300, 2_000, 7, 5
SMALL, LARGE = 1_000, 5_000

METHOD = f"""\
{SINGLE:,} generated toewijzingen (`tests/orakel`, seed {SEED}, about 5 % of them with a fault).
Unless it says otherwise a time is OPA's own handler timer (`?metrics`, `timer_server_handler_ns`),
so it includes parsing the question and not the network. Everything is asked one at a time over one
connection a server, taking turns: the besluit and an empty decision (`besluit := true`, the same
question) with each server, then the batches; {WARM_UP} questions and one batch to warm up are not
counted. Batches: median of {BATCHES}, on a server held to one core (`GOMAXPROCS=1`, garbage
collection included). Where that is allowed (root) the servers have real-time priority, so that a
busy machine disturbs them less; p99 / p50 of the empty decision says how much it still did.
Commands: the whole process, which starts and stops its own OPA; median of {STARTS} after one to
warm up. `besluit` decides voorbeelden/toewijzing.json."""

# Arguments, and the seconds it may take.
OPDRACHTEN: dict[str, tuple[list[str], float]] = {
    "`uitfasering besluit` with no sidecar": (["besluit", "voorbeelden/toewijzing.json"], 1),
    "`uitfasering controleer`": (["controleer"], 2),
    "`uitfasering toets`, every case": (["toets"], 3),
    "`uitfasering toets`, one file": (
        ["toets", "tests/gevallen/brief-2021-05-06/b1-02-midden-herstel.yaml"],
        1,
    ),
}


@dataclass(frozen=True)
class Meting:
    """What was measured on one server. Times are handler times in milliseconds."""

    besluit: list[float]
    leeg: list[float]
    klein: list[float]  # batches of SMALL
    groot: list[float]  # batches of LARGE

    @property
    def per_seconde(self) -> float:
        return SMALL / statistics.median(self.klein) * 1000

    @property
    def lineair(self) -> float:
        """The time a besluit takes in a large batch, as a part of that in a small one."""
        return (statistics.median(self.groot) / LARGE) / (statistics.median(self.klein) / SMALL)


class Server:
    """One connection to an OPA."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def wacht(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                if self._session.get(f"{self._url}/health?bundles", timeout=5).ok:
                    break
            except requests.ConnectionError:
                pass
            if time.monotonic() > deadline:
                sys.exit("bench: OPA does not become ready")
            time.sleep(0.05)
        empty = self._session.put(
            f"{self._url}/v1/policies/leeg", data="package leeg\n\nbesluit := true", timeout=60
        )
        empty.raise_for_status()

    def vraag(self, pad: str, vraag: Any) -> float:
        """The handler time of one question, in milliseconds."""
        answer = self._session.post(
            f"{self._url}/v1/data/{pad}?metrics", data=json.dumps({"input": vraag}), timeout=600
        )
        answer.raise_for_status()
        body = answer.json()
        if "result" not in body:
            sys.exit(f"bench: {pad} is undefined")
        return float(body["metrics"]["timer_server_handler_ns"]) / 1e6


def voorrang() -> list[str]:
    """What to put before a command to give it real-time priority, where that is allowed."""
    prefix = ["chrt", "--rr", "10"]
    if shutil.which(prefix[0]) is None:
        return []
    allowed = subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    return prefix if allowed else []


@contextmanager
def opa_server(bundel: Path, *opties: str, **omgeving: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [*voorrang(), str(opa_binary()), "run", "--server", "--addr", address]
    command += ["--log-level", "error", "--skip-version-check", *opties, "--bundle", str(bundel)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPA_", "GOMAXPROCS"))}
    process = subprocess.Popen(
        command, env={**environment, **omgeving}, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        server = Server(f"http://{address}")
        server.wacht()
        yield server
    finally:
        process.kill()
        process.wait()


SNEL = "--optimize-store-for-read-speed"


def meet(bundel: Path, toewijzingen: Sequence[Any]) -> dict[str, Meting]:
    """Measure a server with and one without SNEL, in turns."""

    def batch(size: int) -> Any:
        return {"toewijzingen": {f"k{i}": t for i, t in enumerate(toewijzingen[:size])}}

    small, large = batch(SMALL), batch(LARGE)
    results = {name: Meting([], [], [], []) for name in ("met", "zonder")}
    with opa_server(bundel, SNEL) as met, opa_server(bundel) as zonder:
        servers = {"met": met, "zonder": zonder}
        for number, toewijzing in enumerate(toewijzingen[: WARM_UP + SINGLE]):
            for name, server in servers.items():
                empty = server.vraag("leeg/besluit", toewijzing)
                full = server.vraag("uitfasering/besluit", toewijzing)
                if number >= WARM_UP:
                    results[name].leeg.append(empty)
                    results[name].besluit.append(full)
    with (
        opa_server(bundel, SNEL, GOMAXPROCS="1") as met,
        opa_server(bundel, GOMAXPROCS="1") as zonder,
    ):
        servers = {"met": met, "zonder": zonder}
        for number in range(BATCHES + 1):
            for name, server in servers.items():
                few = server.vraag("uitfasering/besluiten", small)
                many = server.vraag("uitfasering/besluiten", large)
                if number:
                    results[name].klein.append(few)
                    results[name].groot.append(many)
    return results


def meet_opdrachten(root: Path) -> dict[str, list[float]]:
    """Seconds each of OPDRACHTEN takes as a whole process, with no sidecar running."""
    environment = {k: v for k, v in os.environ.items() if k != "UITFASERING_OPA_URL"}
    times: dict[str, list[float]] = {}
    for naam, (arguments, _) in OPDRACHTEN.items():
        command = [sys.executable, "-m", "uitfasering.cli", *arguments]
        for turn in range(STARTS + 1):
            begin = time.perf_counter()
            done = subprocess.run(
                command, cwd=root, env=environment, capture_output=True, text=True
            )
            if turn:  # the first warms up
                times.setdefault(naam, []).append(time.perf_counter() - begin)
            if done.returncode not in (0, 1):
                sys.exit(f"bench: {naam} failed:\n{done.stderr}")
    return times


def percentiel(waarden: Sequence[float], deel: float) -> float:
    return sorted(waarden)[min(int(len(waarden) * deel), len(waarden) - 1)]


def tabel(metingen: Mapping[str, Meting], tijden: Mapping[str, Sequence[float]]) -> str:
    """The measurements with their targets, as a Markdown table."""
    met, zonder = metingen["met"], metingen["zonder"]

    def verhouding(m: Meting) -> float:
        return percentiel(m.besluit, 0.5) / percentiel(m.leeg, 0.5)

    def staart(waarden: Sequence[float]) -> float:
        return percentiel(waarden, 0.99) / percentiel(waarden, 0.5)

    def regel(naam: str, a: str, b: str, doel: str, gehaald: bool | None) -> list[str]:
        return [naam, a, b, doel, {True: "yes", False: "NO", None: ""}[gehaald]]

    def ms(waarde: float) -> str:
        return f"{waarde:.3f} ms"

    rows = [
        ["", f"with `{SNEL}`", "without", "target", "met"],
        ["---"] * 5,
        *(
            regel(f"{naam}, {grens}", ms(percentiel(a, deel)), ms(percentiel(b, deel)), "", None)
            for naam, a, b in (
                ("empty decision", met.leeg, zonder.leeg),
                ("one besluit", met.besluit, zonder.besluit),
            )
            for grens, deel in (("p50", 0.5), ("p99", 0.99))
        ),
        regel(
            "one besluit / empty decision, p50",
            f"{verhouding(met):.1f}",
            f"{verhouding(zonder):.1f}",
            "at most 10 (aim 7)",
            verhouding(met) <= 10,
        ),
        regel(
            "one besluit, p99 / p50",
            f"{staart(met.besluit):.1f}",
            f"{staart(zonder.besluit):.1f}",
            "at most 5",
            staart(met.besluit) <= 5,
        ),
        regel(
            "empty decision, p99 / p50",
            f"{staart(met.leeg):.1f}",
            f"{staart(zonder.leeg):.1f}",
            "",
            None,
        ),
        regel(
            f"batch of {SMALL:,}, besluiten a second a core",
            f"{met.per_seconde:,.0f}",
            f"{zonder.per_seconde:,.0f}",
            "at least 800 (aim 1,200)",
            met.per_seconde >= 800,
        ),
        regel(
            f"time a besluit, batch of {LARGE:,} / of {SMALL:,}",
            f"{met.lineair:.2f}",
            f"{zonder.lineair:.2f}",
            "linear: about 1 (at most 1.2)",
            met.lineair <= 1.2,
        ),
        *(
            regel(naam, f"{statistics.median(t):.2f} s", "", f"at most {doel} s", gehaald)
            for naam, t in tijden.items()
            for doel in (OPDRACHTEN[naam][1],)
            for gehaald in (statistics.median(t) <= doel,)
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    rows[1] = ["-" * width for width in widths]
    lines = (" | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows)
    return "\n".join(f"| {line} |" for line in lines)


def machine() -> str:
    """The processor and its number of cores."""
    cpuinfo = Path("/proc/cpuinfo")
    model = None
    if cpuinfo.is_file():
        model = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text("utf-8"), re.MULTILINE)
    name = model[1] if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()}"


def opa_versie() -> str:
    said = subprocess.run([str(opa_binary()), "version"], capture_output=True, text=True).stdout
    found = re.search(r"^Version: (\S+)", said)
    return found[1] if found else "?"


def verslag(
    metingen: Mapping[str, Meting], tijden: Mapping[str, Sequence[float]], revisie: str
) -> str:
    today = datetime.date.today()
    load = f"; load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{today.day} {today:%B %Y}, on {machine()}{load}; OPA {opa_versie()}, Python "
        f"{platform.python_version()}, bundle {revisie[:12]}.\n\n"
        f"{tabel(metingen, tijden)}\n\n{METHOD}\n"
    )


def schrijf(pad: Path, tekst: str, begin: str = BEGIN, eind: str = EIND) -> None:
    """Put ``tekst`` between the markers of ``pad``; the rest stays as it is."""
    page = pad.read_text("utf-8")
    if page.count(begin) != 1 or page.count(eind) != 1 or page.index(begin) > page.index(eind):
        sys.exit(f"bench: {pad} must have one line {begin} and after it one line {eind}")
    before, rest = page.split(begin)
    after = rest.split(eind)[1]
    pad.write_text(f"{before}{begin}\n{tekst.strip()}\n{eind}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])
    parser.add_argument("--schrijf", action="store_true", help="write docs/prestaties.md")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers stop as well

    root = project_root()
    sys.path.insert(0, str(root / "tests"))
    from orakel import genereer  # type: ignore[import-not-found,unused-ignore]

    bundel = bouw_bundel(root)
    catalogue = {row["code"]: row for row in laad(root).tabellen["producten"]["producten"]}
    rng = random.Random(SEED)
    toewijzingen = [genereer(rng, catalogue) for _ in range(max(LARGE, WARM_UP + SINGLE))]
    print("Measuring; this takes about a minute and a half.", file=sys.stderr)
    tijden = meet_opdrachten(root)
    tekst = verslag(meet(bundel.path, toewijzingen), tijden, bundel.revisie)
    print(tekst)
    if options.schrijf:
        schrijf(root / "docs" / "prestaties.md", tekst)
        print("Written to docs/prestaties.md.", file=sys.stderr)


if __name__ == "__main__":
    main()
