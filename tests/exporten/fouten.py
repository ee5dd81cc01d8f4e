"""Faults as they stand in real exports, put on purpose in a tenth of the rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

Rij = dict[str, str | None]
Fout = Callable[[random.Random, Rij], None]

AANDEEL = 0.1

# Texts that nobody can read with certainty, per column.
ONLEESBAAR: dict[str, tuple[str, ...]] = {
    "handeling": ("wijziging", "???", "nieuw/verlenging"),
    "gemeente": ("Zwole", "O193", "01930", "Gemeente", "193a"),
    "toewijzingsdatum": ("03-04-21", "1/5/21", "2021-02-29", "z.s.m.", "05-2021"),
    "ingangsdatum": ("01-13-2021", "2022-00-10", "31-04-2021", "1899-12-31", "13/13/2021"),
    "einddatum": ("31-12-22", "2200-01-01", "2100-02-29", "tot nader order"),
    "productcategorie": ("500", "5A", "vijftig"),
    "productcode": ("540022", "54-02", "50H3A/B", "=1+1"),
    "segment": ("hoog", "midden/top"),
    "perspectief": ("herstel/duurzaam", "hersteld?"),
    "profiel": ("0", "13", "1,5", "elf", "-1"),
    "zorgvorm": ("dyslexiezorg", "ggz+lvb"),
    "raamovereenkomst": ("oud", "2019?"),
    "volume": ("ca. 2000", "2000 min", "2,5", "-250", "100000000", "1.234,5"),
    "eenheid": ("02", "99", "strippenkaart"),
    "frequentie": ("3", "5", "af en toe"),
    "budget": ("-1", "100000000", "12,50", "€ 500"),
    "verwijzer": ("07", "99", "de buurvrouw"),
    "medicatiecontrole": ("misschien", "2"),
    "gemotiveerd": ("zie dossier", "ja/nee"),
    "afgestemd": ("deels", "9"),
    "overgenomen_woonplaats": ("uit Apeldoorn", "+1"),
    "gezinsplan": ("misschien", "@concept"),
    "aanbieder": ("1234567", "123456789012", "AGB onbekend", "1234567a"),
    "periode_begindatum": ("01-02-22", "2022-02-29"),
    "periode_einddatum": ("28-02-22", "2022-06-31"),
    "factuurdatum": ("2022-02-30", "gisteren", "44.562"),
}
VERPLICHT = ("handeling", "gemeente", "toewijzingsdatum", "ingangsdatum")


def onleesbaar(rng: random.Random, rij: Rij) -> None:
    """A value that cannot be read."""
    kolom = rng.choice(list(ONLEESBAAR))
    rij[kolom] = rng.choice(ONLEESBAAR[kolom])


def einde_voor_begin(rng: random.Random, rij: Rij) -> None:
    begin = rij["ingangsdatum"]
    if begin is not None:
        rij["einddatum"] = _eerder(rng, begin)


def periode_omgekeerd(rng: random.Random, rij: Rij) -> None:
    rij["periode_begindatum"] = "2022-03-31"
    rij["periode_einddatum"] = _eerder(rng, "2022-03-31")


def verplicht_leeg(rng: random.Random, rij: Rij) -> None:
    rij[rng.choice(VERPLICHT)] = None


def declaratie_zonder_periode(rng: random.Random, rij: Rij) -> None:
    rij["handeling"] = "declaratie"
    rij[rng.choice(("periode_begindatum", "periode_einddatum"))] = None


def omvang_en_budget(rng: random.Random, rij: Rij) -> None:
    rij.update(volume="2000", eenheid="01", frequentie="6", budget=str(rng.randrange(10**8)))


def omvang_half(rng: random.Random, rij: Rij) -> None:
    rij.update(volume="2000", eenheid="01", frequentie="6", budget=None)
    rij[rng.choice(("volume", "eenheid", "frequentie"))] = None


def spaties(rng: random.Random, rij: Rij) -> None:
    """Stray spaces, also the kind that does not break; harmless to who looks through them."""
    kolom = rng.choice([naam for naam, waarde in rij.items() if waarde and naam in ONLEESBAAR])
    rij[kolom] = rng.choice((" {}", "{} ", "  {}\t", "\u00a0{}\u00a0")).format(rij[kolom])


FOUTEN: tuple[Fout, ...] = (
    onleesbaar,
    onleesbaar,
    onleesbaar,
    einde_voor_begin,
    periode_omgekeerd,
    verplicht_leeg,
    declaratie_zonder_periode,
    omvang_en_budget,
    omvang_half,
    spaties,
)


def met_fouten(batch: pa.RecordBatch, nummer: int, zaad: int) -> pa.RecordBatch:
    """The batch of text columns with a fault in about a tenth of the rows."""
    rng = random.Random(f"{zaad}/{nummer}")
    plaatsen = [plaats for plaats in range(len(batch)) if rng.random() < AANDEEL]
    rijen = batch.take(pa.array(plaatsen, pa.int64())).to_pylist()
    for rij in rijen:
        goed = dict(rij)
        while rij == goed:  # a fault that changes nothing in this row
            rng.choice(FOUTEN)(rng, rij)
    anders = pa.RecordBatch.from_pylist(rijen, schema=batch.schema)
    volgorde = np.arange(len(batch))
    volgorde[plaatsen] = len(batch) + np.arange(len(plaatsen))
    return pa.concat_batches([batch, anders]).take(pa.array(volgorde))


def _eerder(rng: random.Random, dag: str) -> str:
    return (date.fromisoformat(dag) - timedelta(days=rng.randint(1, 400))).isoformat()
