"""The soak of bench_sidecar.py: a fixed load for long, with a new bundle every ten seconds."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench import percentiel
from bench_bulk import ja, mib
from bench_lader import gelijktijdig, per_seconde, vragers
from bench_vrager import Uitslag, Werk

WISSEL = 10  # seconds between two bundles
DEEL = 0.7  # of the maximum
MONSTER = 0.2  # seconds between two looks at the memory
VLAK = 1.1  # memory of the last half against the first half, at most


@dataclass(frozen=True)
class Soak:
    """What was measured.

    Attributes:
        maximum: requests a second with nothing else going on.
        per_seconde: the load that was asked for, during ``duur`` seconds.
        wissels: bundles put there.
        geheugen: resident size of OPA in bytes, every MONSTER seconds.
    """

    maximum: float
    per_seconde: float
    duur: float
    wissels: int
    uitslagen: list[Uitslag]
    geheugen: list[int]

    @property
    def fouten(self) -> dict[str, int]:
        return samen(uitslag.fouten for uitslag in self.uitslagen)

    @property
    def gemengd(self) -> int:
        return sum(uitslag.gemengd for uitslag in self.uitslagen)

    @property
    def goed(self) -> bool:
        return not self.fouten and not self.gemengd

    @property
    def groei(self) -> float:
        """Memory of the last half against the first half, without the first tenth."""
        warm = self.geheugen[len(self.geheugen) // 10 :]
        half = len(warm) // 2
        return statistics.median(warm[half:]) / statistics.median(warm[:half])


def samen(tellingen: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for telling in tellingen:
        for naam, aantal in telling.items():
            total[naam] = total.get(naam, 0) + aantal
    return total


def geheugen(pid: int) -> int:
    """Its resident size now, in bytes."""
    status = Path(f"/proc/{pid}/statm").read_text("ascii").split()
    return int(status[1]) * os.sysconf("SC_PAGE_SIZE")


def houd_vol(
    werk: Werk, verbindingen: int, duur: float, pid: int, wissel: Callable[[int], None]
) -> Soak:
    """Measure the maximum, then ask DEEL of that for so many seconds.

    Args:
        werk: what to ask, and how often for the maximum.
        wissel: puts the n-th bundle in its place.
    """
    maximum = per_seconde(gelijktijdig(werk, verbindingen))
    tempo = DEEL * maximum
    rustig = replace(werk, aantal=int(tempo * duur), per_seconde=tempo)
    sizes, swaps = [], 0
    with vragers(rustig, verbindingen) as running:
        begin = time.monotonic()
        while not all(uitslag.done() for uitslag in running):
            if time.monotonic() - begin > (swaps + 1) * WISSEL and swaps < duur // WISSEL - 1:
                swaps += 1
                wissel(swaps)
            sizes.append(geheugen(pid))
            time.sleep(MONSTER)
        uitslagen = [uitslag.result() for uitslag in running]
    return Soak(maximum, tempo, duur, swaps, uitslagen, sizes)


def regels(soak: Soak) -> list[tuple[str, str, str, str]]:
    """The rows of the table: what, measured, target, met."""
    gezien = samen(uitslag.revisies for uitslag in soak.uitslagen)
    minuut = " ".join(mib(size).split()[0] for size in soak.geheugen[:: int(60 / MONSTER)])
    rows = [
        ("maximum with the same questions", f"{soak.maximum:,.0f} a second", "", ""),
        (f"asked for {soak.duur:,.0f} seconds", f"{soak.per_seconde:,.0f} a second", "", ""),
        ("answered", f"{per_seconde(soak.uitslagen):,.0f} a second", "", ""),
        ("answers", f"{sum(gezien.values()):,}", "", ""),
        ("errors", _fouten(soak.fouten), "0", ja(not soak.fouten)),
        ("answers of no single revision", f"{soak.gemengd:,}", "0", ja(not soak.gemengd)),
        (
            "bundles swapped, and seen by a connection",
            f"{soak.wissels}, {_van_tot([u.wissels for u in soak.uitslagen])}",
            "",
            "",
        ),
    ]
    paden = sorted({pad for uitslag in soak.uitslagen for pad in uitslag.ms})
    for pad in paden:
        ms = [t for uitslag in soak.uitslagen for t in uitslag.ms.get(pad, [])]
        times = ", ".join(f"{percentiel(ms, deel):.2f}" for deel in (0.5, 0.99))
        rows.append((f"{pad.rpartition('/')[2]}, p50 and p99", f"{times} ms", "", ""))
    rows += [
        ("memory of OPA, each minute", f"{minuut} MiB", "", ""),
        ("highest", mib(max(soak.geheugen)), "under 900 MiB", ja(max(soak.geheugen) < 900 << 20)),
        (
            "last half / first half",
            f"{soak.groei:.2f}",
            f"flat: at most {VLAK}",
            ja(soak.groei <= VLAK),
        ),
    ]
    return rows


def _fouten(fouten: Mapping[str, int]) -> str:
    return ", ".join(f"{naam}: {aantal:,}" for naam, aantal in fouten.items()) or "0"


def _van_tot(aantallen: Sequence[int]) -> str:
    low, high = min(aantallen), max(aantallen)
    return str(low) if low == high else f"{low} to {high}"
