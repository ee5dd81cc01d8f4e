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
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from bench import machine, opa_versie, schrijf
from bench_bulk import tabel
from bench_lader import SECONDEN, Meting, mediaan, met_lus, met_wrk
from bench_soak import WISSEL, Soak, houd_vol, regels
from bench_vrager import Werk, zonder_nummer

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
VERBINDINGEN, RONDES = 4, 5
LOS, BATCHES, GROOT = 2_000, 12, 1_000
SOAK_VRAGEN, SOAK_BATCH, SOAK_MAXIMUM = 400, 20, 6_000

METHOD = """\
The sidecar is the command of `docker-compose.yml` as a process, with both signed bundles over HTTP
(`tests/sidecarhulp.py`). All on: token authentication, `system.authz`, TLS and the log of besluiten
in a file. All off: the same without those. The empty decision: `besluit := true` and
`besluiten := true` in the place of the agreements, behind the same `system.authz`; it is asked the
same questions, and not logged. These are {los:,} generated toewijzingen (`tests/orakel`, seed
{seed}), one at a time and in batches of {groot:,}. Closed loop, {verbindingen} kept connections,
everything on this machine, taking turns: {rondes} rounds after one to warm up, and of each number
the median of the rounds. {lader}
A time is what the caller sees: with more connections than cores mostly waiting for a turn. CPU is
the processor time of the OPA process for a request (`/proc`), garbage collection included: the
fairest number on a machine that does other things too.

Soak: {verbindingen} connections, one in {soak_batch} questions a batch of {soak_batch}, at 70 % of
the maximum that the same connections reach just before, at fixed moments whether or not the answer
before has come; a time counts from the moment the question should have been asked. Every {wissel}
seconds the other of two signed revisions is put on the bundle server, which differ in every answer.
Each answer is compared, byte for byte but for its number (`decision_id`), with what an OPA with
only that revision says. Everything is logged; of the log the last two files are kept. Memory is the
resident size of OPA."""
MET_WRK = """One at a time: wrk,
{seconden} seconds a round. Batches: {batches} a round, from Python, a process a connection."""
ZONDER_WRK = """All are asked from
Python, a process a connection (no wrk here); {batches} batches a round."""

UIT = (
    "--authentication",
    "--authorization",
    "--tls-cert-file",
    "--tls-private-key-file",
    "--min-tls-version",
)
# Of a long run only the last of the log is kept.
LOG = ("--set=plugins.file_logger.max_backups=1",)
HEALTH = b"package system.health\n\nlive := true\n\nready := true\n"
LEEG = b"package uitfasering\n\nbesluit := true\n\nbesluiten := true\n"


def vraag(pad: str, toewijzingen: Sequence[Any]) -> dict[str, Any]:
    """A question as bench_vrager.py takes it: one toewijzing, or a batch."""
    batch = {"toewijzingen": {f"k{i}": t for i, t in enumerate(toewijzingen)}}
    content = toewijzingen[0] if pad == BESLUIT else batch
    return {"pad": pad, "body": json.dumps({"input": content}), "goed": {}}


def werk(sidecar: Sidecar, vragen: list[dict[str, Any]], aantal: int) -> Werk:
    ca = str(sidecar.sidecar.tls / "ca.crt") if sidecar.tls else None
    return Werk(sidecar.poort, ca, sidecar.tokens["besluit"], vragen, aantal)


@contextmanager
def opgesteld(
    sidecar: Sidecarmap, tokens: dict[str, str], weg: Sequence[str] = (), *, log: bool = True
) -> Iterator[Sidecar]:
    """The sidecar with what is in its folder, and its own bundle server."""
    extra = LOG if log else [f"--config-file={zonder_log(sidecar)}"]
    weg = weg if log else [*weg, "--config-file"]
    with (
        Bundelserver(sidecar.bundels).draait() as server,
        draaiend(sidecar, tokens, server.url, weg=weg, extra=extra) as running,
    ):
        yield running


def zonder_log(sidecar: Sidecarmap) -> Path:
    """OPA's configuration without the log of besluiten."""
    config = yaml.safe_load((project_root() / "sidecar" / "opa.yaml").read_text("utf-8"))
    del config["decision_logs"]
    path = sidecar.map / "zonder_log.yaml"
    path.write_text(yaml.safe_dump(config), "utf-8")
    return path


def met_bundel(sidecar: Sidecarmap, map_: Path, bundel: bytes) -> Sidecarmap:
    """A copy of a sidecar's folder with another bundle, and nothing kept from before."""
    kept = [folder.name for folder in (sidecar.bewaard, sidecar.logboek)]
    shutil.copytree(sidecar.map, map_, ignore=shutil.ignore_patterns(*kept))
    copy = Sidecarmap(map_)
    for name in kept:
        (map_ / name).mkdir()
    zet(copy.bundels / AFSPRAKEN, bundel)
    return copy


def lege_bundel(sidecar: Sidecarmap) -> bytes:
    """The empty decision for agreements, behind the same doors; signed."""
    files = {
        name: content
        for name, content in lees((sidecar.bundels / AFSPRAKEN).read_bytes()).items()
        if name.startswith(("system/authz/", "system/log/", ".manifest"))
    }
    files |= {"system/health/health.rego": HEALTH, "uitfasering/leeg.rego": LEEG}
    return teken(files, sidecar.geheim / "afspraken.key")


def antwoord(sidecar: Sidecar, vraag: Mapping[str, Any]) -> bytes:
    """The answer as it is; stops when it is not one."""
    body = vraag["body"].encode()
    answer = sidecar.vraag("POST", vraag["pad"], token=sidecar.tokens["besluit"], body=body)
    if answer.status != 200 or "result" not in answer.json:
        sys.exit(f"bench: HTTP {answer.status} and no result from {vraag['pad']}")
    return answer.body


def meet(
    sidecar: Sidecarmap, tokens: dict[str, str], map_: Path, toewijzingen: Sequence[Any], wrk: bool
) -> dict[tuple[str, str, str], Meting]:
    """By doors (aan, uit), agreements (vol, leeg) and question (los, batch), in turns.

    Also with all doors but without the log (zonder log, vol).
    """
    los = [vraag(BESLUIT, [t]) for t in toewijzingen[:LOS]]
    batches = [
        vraag(BESLUITEN, toewijzingen[start : start + GROOT])
        for start in range(0, len(toewijzingen) - GROOT + 1, GROOT)
    ]
    los_met = met_wrk if wrk else met_lus
    found: dict[tuple[str, str, str], list[Meting]] = {}
    with ExitStack() as stack:
        empty = met_bundel(sidecar, map_ / "leeg", lege_bundel(sidecar))
        servers = {
            (doors, agreements): stack.enter_context(opgesteld(folder, tokens, weg, log=log))
            for doors, agreements, folder, weg, log in (
                ("aan", "vol", sidecar, (), True),
                ("aan", "leeg", empty, (), True),
                ("uit", "vol", sidecar, UIT, False),
                ("uit", "leeg", empty, UIT, False),
                ("zonder log", "vol", sidecar, (), False),
            )
        }
        for server in servers.values():
            for question in (los[0], batches[0]):
                antwoord(server, question)
        for ronde in range(RONDES + 1):
            for (doors, agreements), server in servers.items():
                pid = server.proces.pid
                runs = {
                    "los": los_met(werk(server, los, LOS), VERBINDINGEN, pid),
                    "batch": met_lus(werk(server, batches, BATCHES), VERBINDINGEN, pid),
                }
                if ronde:  # the first warms up
                    for name, run in runs.items():
                        found.setdefault((doors, agreements, name), []).append(run)
    return {key: mediaan(runs) for key, runs in found.items()}


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
            for question in vragen:
                question["goed"][revisie] = sha256(
                    zonder_nummer(antwoord(alone, question))
                ).hexdigest()
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


def tabel_van_het_log(metingen: Mapping[tuple[str, str, str], Meting]) -> str:
    """What the log of besluiten costs, as a Markdown table."""
    rows = []
    for question, naam in (("los", "one besluit"), ("batch", f"batch of {GROOT:,}")):
        aan, zonder = (metingen[doors, "vol", question] for doors in ("aan", "zonder log"))
        for veld, wat, eenheid in (
            ("per_seconde", "requests a second", ""),
            ("p50", "p50", " ms"),
            ("p99", "p99", " ms"),
            ("cpu", "CPU of OPA", " ms"),
        ):
            values = [getattr(meting, veld) for meting in (aan, zonder)]
            decimals = ".2f" if max(values) < 100 else ",.0f"
            cells = [f"{value:{decimals}}{eenheid}" for value in values]
            rows.append([f"{naam}, {wat}", *cells, f"{values[0] / values[1]:.2f}"])
    return tabel(rows, ("", "all on", "all on but the log", "with / without"))


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
        lader=(MET_WRK if wrk else ZONDER_WRK).format(seconden=SECONDEN, batches=BATCHES),
        soak_batch=SOAK_BATCH,
        wissel=WISSEL,
    )
    parts = [
        f"{today.day} {today:%B %Y}, on {machine()}; load average {os.getloadavg()[0]:.1f}; OPA "
        f"{opa_versie()}, Python {platform.python_version()}, bundle {revisie[:12]}.",
        tabel_van_deuren(metingen),
        tabel_van_het_log(metingen),
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
