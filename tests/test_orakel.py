"""The shipped policy against the oracle, which was written from the contract alone."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import NIEUWE_AFSPRAAK
from opa_vraag import Json, samenvatting, vraag, vraag_lijst, zonder_een_veld
from orakel import besluit, genereer
from uitfasering.gegevens import laad
from volledig import aantal

OpaMet = Callable[[Mapping[str, Any]], str]

CRISISROUTE = {"crisisroute_gecontracteerd_per": "2022-03-01"}
MINUTEN = {"medicatieminuten": {"0150": 400, "0193": 250, "1896": 250}}

# Regels that need other tables than the shipped ones. B1-20: see test_afwijkingen.py.
ALLEEN_MET: dict[str, list[Json]] = {
    "B2-12": [CRISISROUTE],
    "B2-12b": [CRISISROUTE],
    "B2-07": [MINUTEN],
    "B2-12a": [{}, MINUTEN],
}

TABELLEN = [
    pytest.param({}, aantal(5_000, 22_000), 1, id="geleverd"),
    pytest.param(CRISISROUTE, aantal(1_500, 5_000), 2, id="crisisroute"),
    pytest.param(MINUTEN, aantal(1_500, 5_000), 3, id="medicatieminuten"),
]
VEEL = [
    pytest.param({}, 120_000, 11, id="geleverd"),
    pytest.param(CRISISROUTE, 40_000, 12, id="crisisroute"),
    pytest.param(MINUTEN, 40_000, 13, id="medicatieminuten"),
]


@pytest.mark.parametrize(("tabellen", "hoeveel", "seed"), TABELLEN)
def test_gelijk_aan_het_orakel(
    root: Path, opa_url: str, opa_met: OpaMet, tabellen: Json, hoeveel: int, seed: int
) -> None:
    vergelijk(root, opa_met(tabellen) if tabellen else opa_url, tabellen, hoeveel, seed)


@pytest.mark.zwaar
@pytest.mark.parametrize(("tabellen", "hoeveel", "seed"), VEEL)
def test_gelijk_aan_het_orakel_veel(
    root: Path, opa_url: str, opa_met: OpaMet, tabellen: Json, hoeveel: int, seed: int
) -> None:
    vergelijk(root, opa_met(tabellen) if tabellen else opa_url, tabellen, hoeveel, seed)


def vergelijk(root: Path, url: str, tabellen: Json, hoeveel: int, seed: int) -> None:
    gegevens = laad(root)
    catalogus = {row["code"]: row for row in gegevens.tabellen["producten"]["producten"]}
    crisisroute = {
        **gegevens.tabellen["gebeurtenissen"]["crisisroute"],
        "gecontracteerd_per": tabellen.get("crisisroute_gecontracteerd_per"),
    }
    minuten = tabellen.get("medicatieminuten", {})
    gemeenten = {
        row["cbs"]: {**row, "medicatieminuten": minuten.get(row["cbs"])}
        for row in gegevens.tabellen["gemeenten"]["gemeenten"]
    }

    def orakel(toewijzing: object) -> Json:
        return besluit(toewijzing, catalogus, {"crisisroute": crisisroute}, gemeenten)

    rng = random.Random(seed)
    gezien: set[str] = set()
    for start in range(0, hoeveel, 10_000):
        toewijzingen = [genereer(rng, catalogus) for _ in range(min(hoeveel - start, 10_000))]
        for toewijzing, van_opa in zip(toewijzingen, vraag_lijst(url, toewijzingen), strict=True):
            gekregen = samenvatting(van_opa)
            gezien.update(gekregen["regels"])
            if gekregen != orakel(toewijzing):
                pytest.fail(verslag(url, orakel, toewijzing), pytrace=False)
    # Comparing what never occurs proves nothing.
    elders = {regel for regel, nodig in ALLEEN_MET.items() if tabellen not in nodig}
    verwacht = set(gegevens.afspraken) - elders - {"B1-20"}
    assert gezien == verwacht, NIEUWE_AFSPRAAK + ", ".join(sorted(gezien ^ verwacht))


def verslag(url: str, orakel: Callable[[object], Json], toewijzing: Json) -> str:
    """The smallest part of this toewijzing that still differs, and both answers."""

    def verschilt(t: Json) -> bool:
        return samenvatting(vraag(url, t)) != orakel(t)

    kleinste = toewijzing
    while kleiner := next(filter(verschilt, zonder_een_veld(kleinste)), None):
        kleinste = kleiner
    van_opa, van_orakel = samenvatting(vraag(url, kleinste)), orakel(kleinste)
    rows = [
        f"  {k}: OPA {van_opa[k]}, orakel {v}" for k, v in van_orakel.items() if van_opa[k] != v
    ]
    return "\n".join(["OPA en het orakel verschillen over", json.dumps(kleinste), *rows])
