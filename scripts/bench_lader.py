"""Asks a sidecar a lot: with wrk, or with bench_vrager.py on several connections at once."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench import percentiel
from bench_vrager import Uitslag, Werk

SECONDEN = 3  # wrk's


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


@contextmanager
def vragers(werk: Werk, aantal: int) -> Iterator[list[Future[Uitslag]]]:
    """This many of bench_vrager.py, which share the work and begin at the same time."""
    command = [sys.executable, str(Path(__file__).with_name("bench_vrager.py"))]
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(aantal))
        processes = [stack.enter_context(_proces(command)) for _ in range(aantal)]
        for nummer, process in enumerate(processes):
            deel = replace(
                werk,
                aantal=werk.aantal // aantal,
                eerste=len(werk.vragen) * nummer // aantal,
                per_seconde=werk.per_seconde / aantal,
                wacht=nummer / werk.per_seconde if werk.per_seconde else 0,
            )
            print(json.dumps(asdict(deel)), file=process.stdin, flush=True)
        for process in processes:
            assert process.stdout is not None
            if process.stdout.readline() != "gereed\n":
                sys.exit("bench: no connection with the sidecar")
        yield [pool.submit(_uitslag, process) for process in processes]


@contextmanager
def _proces(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _uitslag(process: subprocess.Popen[str]) -> Uitslag:
    return Uitslag(**json.loads(process.communicate("\n")[0]))


def gelijktijdig(werk: Werk, aantal: int) -> list[Uitslag]:
    """What so many connections saw, when all have done their part of the work."""
    with vragers(werk, aantal) as running:
        return [uitslag.result() for uitslag in running]


def per_seconde(uitslagen: Sequence[Uitslag]) -> float:
    """Right answers a second, of all connections together."""
    answers = sum(len(ms) for uitslag in uitslagen for ms in uitslag.ms.values())
    return answers / max(uitslag.seconden for uitslag in uitslagen)


def met_lus(werk: Werk, verbindingen: int, pid: int) -> Meting:
    """Measured with bench_vrager.py; ``pid`` is OPA's."""
    before = cpu(pid)
    seen = gelijktijdig(werk, verbindingen)
    used = cpu(pid) - before
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
  local vorm = '{"aantal": %d, "us": %d, "p50": %d, "p95": %d, "p99": %d, "fouten": %d}\\n'
  io.write(string.format(vorm,
    s.requests, s.duration, ms:percentile(50), ms:percentile(95), ms:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def met_wrk(werk: Werk, verbindingen: int, pid: int) -> Meting:
    """Measured with wrk during SECONDEN; all vragen on the path of the first."""
    url = f"http{'s' if werk.ca else ''}://127.0.0.1:{werk.poort}{werk.vragen[0]['pad']}"
    command = ["wrk", "--threads=1", f"--connections={verbindingen}", f"--duration={SECONDEN}s"]
    command += ["--timeout=60s", "--script=vragen.lua", url]
    with tempfile.TemporaryDirectory(prefix="uitfasering-wrk-") as name:
        folder = Path(name)
        (folder / "vragen.lua").write_text(LUA.replace("TOKEN", werk.token), "utf-8")
        (folder / "vragen.txt").write_text("\n".join(v["body"] for v in werk.vragen), "utf-8")
        before = cpu(pid)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        return lees_wrk(done.stdout, cpu(pid) - before)


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
