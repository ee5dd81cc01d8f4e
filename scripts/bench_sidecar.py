"""Measures the sidecar of docker-compose.yml: what its doors cost, and whether it lasts."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench import machine, opa_versie, percentiel, schrijf
from bench_bulk import tabel
from bench_soak import WISSEL, Soak, gelijktijdig, houd_vol, per_seconde, regels
from bench_vrager import Werk

from uitfasering.gegevens import laad
from uitfasering.paths import project_root
from uitfasering.sidecarmap import Sidecarmap

sys.path.insert(0, str(project_root() / "tests"))
from bundelserver import Bundelserver
from orakel import genereer
from sidecarbundels import AFSPRAKEN, REVISIE, lees, teken, tweede_revisie, zet
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in

BEGIN, EIND = "<!-- meting-sidecar: begin -->", "<!-- meting-sidecar: eind -->"
SEED = 20211124
VERBINDINGEN, RONDES, SECONDEN = 4, 5, 3
LOS, BATCHES, GROOT = 2_000, 12, 1_000
SOAK_VRAGEN, SOAK_BATCH, SOAK_MAXIMUM = 400, 20, 6_000

METHOD = """\
The sidecar is the command of `docker-compose.yml` as a process, with both signed bundles over HTTP
(`tests/sidecarhulp.py`). All on: token authentication, `system.authz` and TLS 1.3. All off: the
same without those options. The empty decision: `besluit := true` and `besluiten := true` in the
place of the agreements, behind the same `system.authz`; it is asked the same questions. {los:,}
generated toewijzingen (`tests/orakel`, seed {seed}) and batches of {groot:,} of them. Closed loop,
{verbindingen} kept connections, everything on this machine, taking turns: {rondes} rounds after one
to warm up, and of each number the median of the rounds. One at a time with {lader};
batches, {batches} a round (so p99 is the slowest), with a loop around Python's `http.client`, a process
a connection. A time is what the caller sees,
which with {verbindingen} connections on few cores is mostly waiting for a turn. CPU is that of the OPA
process a request (`/proc`), garbage collection included: the fairest number on a machine that does
other things too.

Soak: {verbindingen} connections, one in {soak_batch} questions a batch of {soak_batch}, at 70 % of
the maximum that the same connections reach just before, at fixed moments whether or not the answer
before has come; a time counts from the moment the question should have been asked. Every {wissel}
seconds the other of two signed revisions is put on the bundle server, which differ in every answer.
Each answer is compared, byte for byte, with what an OPA with only that revision says."""

UIT = (
    "--authentication",
    "--authorization",
    "--tls-cert-file",
    "--tls-private-key-file",
    "--min-tls-version",
)
HEALTH = b"package system.health\n\nlive := true\n\nready := true\n"
LEEG = b"package uitfasering\n\nbesluit := true\n\nbesluiten := true\n"


@dataclass(frozen=True)
class Meting:
    """One run. Times in milliseconds as the caller sees them; ``cpu`` of OPA for one request."""

    per_seconde: float
    p50: float
    p95: float
    p99: float
    cpu: float


def mediaan(metingen: Sequence[Meting]) -> Meting:
    """Of each number the median."""
    names = Meting.__dataclass_fields__
    return Meting(**{n: statistics.median(getattr(m, n) for m in metingen) for n in names})


def cpu(pid: int) -> float:
    """Milliseconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1000


def vraag(pad: str, toewijzingen: Sequence[Any]) -> dict[str, Any]:
    """A question as bench_vrager.py takes it: one toewijzing, or a batch."""
    batch = {"toewijzingen": {f"k{i}": t for i, t in enumerate(toewijzingen)}}
    content = toewijzingen[0] if pad == BESLUIT else batch
    return {"pad": pad, "body": json.dumps({"input": content}), "goed": {}}


def werk(sidecar: Sidecar, vragen: list[dict[str, Any]], aantal: int) -> Werk:
    ca = str(sidecar.sidecar.tls / "ca.crt") if sidecar.tls else None
    return Werk(sidecar.poort, ca, sidecar.tokens["besluit"], vragen, aantal)


def met_lus(sidecar: Sidecar, vragen: list[dict[str, Any]], aantal: int) -> Meting:
    """Measured with bench_vrager.py."""
    before = cpu(sidecar.proces.pid)
    seen = gelijktijdig(werk(sidecar, vragen, aantal), VERBINDINGEN)
    used = cpu(sidecar.proces.pid) - before
    if any(uitslag.fouten for uitslag in seen):
        sys.exit(f"bench: errors while measuring: {[uitslag.fouten for uitslag in seen]}")
    ms = [t for uitslag in seen for times in uitslag.ms.values() for t in times]
    p50, p95, p99 = (percentiel(ms, deel) for deel in (0.5, 0.95, 0.99))
    return Meting(per_seconde(seen), p50, p95, p99, used / len(ms))


LUA = """\
local vragen, n = {}, 0
for regel in io.lines("vragen.txt") do vragen[#vragen + 1] = regel end
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer TOKEN"
wrk.headers["Content-Type"] = "application/json"
request = function()
  n = n % #vragen + 1
  return wrk.format(nil, nil, nil, vragen[n])
end
done = function(s, ms, _)
  local e = s.errors
  io.write(string.format('{"aantal": %d, "us": %d, "p50": %d, "p95": %d, "p99": %d, "fouten": %d}\\n',
    s.requests, s.duration, ms:percentile(50), ms:percentile(95), ms:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def met_wrk(sidecar: Sidecar, vragen: list[dict[str, Any]]) -> Meting:
    """Measured with wrk, all vragen on the path of the first."""
    with tempfile.TemporaryDirectory(prefix="uitfasering-wrk-") as folder:
        script = Path(folder) / "vragen.lua"
        script.write_text(LUA.replace("TOKEN", sidecar.tokens["besluit"]), "utf-8")
        bodies = "\n".join(v["body"] for v in vragen)
        (Path(folder) / "vragen.txt").write_text(bodies, "utf-8")
        command = ["wrk", "--threads=1", f"--connections={VERBINDINGEN}", f"--duration={SECONDEN}s"]
        command += ["--timeout=60s", "--script", script.name, sidecar.url + vragen[0]["pad"]]
        before = cpu(sidecar.proces.pid)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        used = cpu(sidecar.proces.pid) - before
    return lees_wrk(done.stdout, used)


def lees_wrk(uitvoer: str, cpu_ms: float) -> Meting:
    """From the last line, which the script above prints."""
    try:
        seen = json.loads(uitvoer.splitlines()[-1])
    except (IndexError, ValueError):
        sys.exit(f"bench: wrk did not work:\n{uitvoer}")
    if seen["fouten"] or not seen["aantal"]:
        sys.exit(f"bench: errors while measuring with wrk:\n{uitvoer}")
    p50, p95, p99 = (seen[name] / 1000 for name in ("p50", "p95", "p99"))
    return Meting(seen["aantal"] / seen["us"] * 1e6, p50, p95, p99, cpu_ms / seen["aantal"])


@contextmanager
def opgesteld(
    sidecar: Sidecarmap, tokens: dict[str, str], weg: Sequence[str] = ()
) -> Iterator[Sidecar]:
    """The sidecar with what is in its folder, and its own bundle server."""
    with (
        Bundelserver(sidecar.bundels).draait() as server,
        draaiend(sidecar, tokens, server.url, weg=weg) as running,
    ):
        yield running


def met_bundel(sidecar: Sidecarmap, map_: Path, bundel: bytes) -> Sidecarmap:
    """A copy of a sidecar's folder with another bundle, and nothing kept from before."""
    shutil.copytree(sidecar.map, map_, ignore=shutil.ignore_patterns(sidecar.bewaard.name))
    copy = Sidecarmap(map_)
    copy.bewaard.mkdir()
    zet(copy.bundels / AFSPRAKEN, bundel)
    return copy


def lege_bundel(sidecar: Sidecarmap) -> bytes:
    """The empty decision for agreements, behind the same doors; signed."""
    files = {
        name: content
        for name, content in lees((sidecar.bundels / AFSPRAKEN).read_bytes()).items()
        if name.startswith(("system/authz/", ".manifest"))
    }
    files |= {"system/health/health.rego": HEALTH, "uitfasering/leeg.rego": LEEG}
    return teken(files, sidecar.geheim / "afspraken.key")


def meet(
    sidecar: Sidecarmap, tokens: dict[str, str], map_: Path, toewijzingen: Sequence[Any], wrk: bool
) -> dict[tuple[str, str, str], Meting]:
    """By doors (aan, uit), agreements (vol, leeg) and question (los, batch), in turns."""
    los = [vraag(BESLUIT, [t]) for t in toewijzingen[:LOS]]
    batches = [
        vraag(BESLUITEN, toewijzingen[start : start + GROOT])
        for start in range(0, len(toewijzingen) - GROOT + 1, GROOT)
    ]
    found: dict[tuple[str, str, str], list[Meting]] = {}
    with ExitStack() as stack:
        empty = met_bundel(sidecar, map_ / "leeg", lege_bundel(sidecar))
        servers = {
            (doors, agreements): stack.enter_context(opgesteld(folder, tokens, weg))
            for doors, weg in (("aan", ()), ("uit", UIT))
            for agreements, folder in (("vol", sidecar), ("leeg", empty))
        }
        for ronde in range(RONDES + 1):
            for (doors, agreements), server in servers.items():
                runs = {
                    "los": met_wrk(server, los) if wrk else met_lus(server, los, LOS),
                    "batch": met_lus(server, batches, BATCHES),
                }
                for question, run in runs.items():
                    if ronde:  # the first warms up
                        found.setdefault((doors, agreements, question), []).append(run)
    return {key: mediaan(runs) for key, runs in found.items()}


def leer(sidecar: Sidecar, revisie: str, vragen: Sequence[Mapping[str, Any]]) -> None:
    """Note what this sidecar answers as what is right for this revision."""
    headers = {"Content-Type": "application/json"}
    for question in vragen:
        body = question["body"].encode()
        token = sidecar.tokens["besluit"]
        answer = sidecar.vraag("POST", question["pad"], token=token, body=body, headers=headers)
        if answer.status != 200 or "result" not in answer.json:
            sys.exit(f"bench: HTTP {answer.status} before the soak")
        question["goed"][revisie] = sha256(answer.body).hexdigest()


def soak(
    sidecar: Sidecarmap,
    tokens: dict[str, str],
    map_: Path,
    toewijzingen: Sequence[Any],
    duur: float,
) -> Soak:
    """One sidecar for a long time, with a new bundle every WISSEL seconds."""
    first = (sidecar.bundels / AFSPRAKEN).read_bytes()
    bundles = [first, teken(tweede_revisie(first), sidecar.geheim / "afspraken.key")]
    vragen = [
        vraag(BESLUIT, toewijzingen[start:])
        if start % SOAK_BATCH
        else vraag(BESLUITEN, toewijzingen[start : start + SOAK_BATCH])
        for start in range(SOAK_VRAGEN)
    ]
    for revisie, bundle in zip(("eerste", REVISIE), bundles, strict=True):
        with opgesteld(met_bundel(sidecar, map_ / revisie, bundle), tokens) as alone:
            leer(alone, revisie, vragen)
    if any(len(set(question["goed"].values())) < 2 for question in vragen):
        sys.exit("bench: the two revisions have an answer in common, so a mixture would not show")
    folder = met_bundel(sidecar, map_ / "soak", first)
    with opgesteld(folder, tokens) as server:
        return houd_vol(
            werk(server, vragen, SOAK_MAXIMUM),
            VERBINDINGEN,
            duur,
            server.proces.pid,
            lambda number: zet(folder.bundels / AFSPRAKEN, bundles[number % 2]),
        )


def tabel_van_deuren(metingen: Mapping[tuple[str, str, str], Meting]) -> str:
    """What the doors cost, and what the agreements do, as a Markdown table."""
    rows: list[list[str]] = []

    def regel(naam: str, eenheid: str, aan: float, uit: float) -> None:
        decimals = ".2f" if max(aan, uit) < 100 else ",.0f"
        cells = [f"{value:{decimals}}{eenheid}" for value in (aan, uit)]
        rows.append([naam, *cells, f"{aan / uit:.2f}"])

    namen = {
        ("vol", "los"): "one besluit",
        ("leeg", "los"): "empty decision",
        ("vol", "batch"): f"batch of {GROOT:,}",
        ("leeg", "batch"): f"empty decision, batch of {GROOT:,}",
    }
    for (agreements, question), naam in namen.items():
        aan, uit = (metingen[doors, agreements, question] for doors in ("aan", "uit"))
        regel(f"{naam}, requests a second", "", aan.per_seconde, uit.per_seconde)
        for p in ("p50", "p95", "p99"):
            regel(f"{naam}, {p}", " ms", getattr(aan, p), getattr(uit, p))
        regel(f"{naam}, CPU of OPA", " ms", aan.cpu, uit.cpu)
    for question, naam in (("los", "one besluit"), ("batch", f"batch of {GROOT:,}")):
        for veld, wat in (("p50", "p50"), ("cpu", "CPU of OPA")):
            aan, uit = (
                getattr(metingen[doors, "vol", question], veld)
                / getattr(metingen[doors, "leeg", question], veld)
                for doors in ("aan", "uit")
            )
            rows.append([f"{naam} / empty decision, {wat}", f"{aan:.1f}", f"{uit:.1f}", ""])
    return tabel(rows, ("", "all on", "all off", "on / off"))


def verslag(
    metingen: Mapping[tuple[str, str, str], Meting], lang: Soak | None, revisie: str, wrk: bool
) -> str:
    today = datetime.date.today()
    method = METHOD.format(
        los=LOS,
        seed=SEED,
        groot=GROOT,
        verbindingen=VERBINDINGEN,
        rondes=RONDES,
        lader="wrk, 3 seconds"
        if wrk
        else "a loop of Python's `http.client`, a process a connection",
        batches=BATCHES,
        soak_batch=SOAK_BATCH,
        wissel=WISSEL,
    )
    parts = [
        f"{today.day} {today:%B %Y}, on {machine()}; load average {os.getloadavg()[0]:.1f}; OPA "
        f"{opa_versie()}, Python {platform.python_version()}, bundle {revisie[:12]}.",
        tabel_van_deuren(metingen),
        tabel(regels(lang)) if lang else "",
        method,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench sidecar", description=__doc__)
    parser.add_argument("--schrijf", action="store_true", help="write docs/prestaties.md")
    parser.add_argument(
        "--duur", type=int, default=600, help="seconds of the soak (600); 0: no soak"
    )
    opties = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers stop as well
    wrk = shutil.which("wrk") is not None
    producten = laad(project_root()).tabellen["producten"]["producten"]
    catalogue = {row["code"]: row for row in producten}
    rng = random.Random(SEED)
    toewijzingen = [genereer(rng, catalogue) for _ in range(3 * GROOT)]
    with tempfile.TemporaryDirectory(prefix="uitfasering-bench-") as folder:
        sidecar, tokens = richt_in(Path(folder) / "sidecar")
        manifest = json.loads(lees((sidecar.bundels / AFSPRAKEN).read_bytes())[".manifest"])
        metingen = meet(sidecar, tokens, Path(folder), toewijzingen, wrk)
        lang = (
            soak(sidecar, tokens, Path(folder), toewijzingen, opties.duur) if opties.duur else None
        )
    tekst = verslag(metingen, lang, manifest["revision"], wrk)
    print(tekst)
    if opties.schrijf:
        schrijf(project_root() / "docs" / "prestaties.md", tekst, BEGIN, EIND)
    if lang and not lang.goed:
        sys.exit("bench: an error or an answer of no single revision during the soak")


if __name__ == "__main__":
    main()
