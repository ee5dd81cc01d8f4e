"""B1-20: what a deviation of a municipality changes, and that it is said (contract §6).

The cases by hand stand in tests/gevallen/brief-2021-05-06/b1-20-*.yaml; here generated inputs and
deviations that were made up, against the rows of contract §4.2 written out once more.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from opa_vraag import Json, vraag_lijst
from orakel import genereer
from orakel.feiten import GEMEENTEN, Feiten, laatste_dag_van_een_jaar, verzamel
from orakel.invoer import fouten
from uitfasering.gegevens import Gegevens, laad

OpaMet = Callable[[Mapping[str, Any]], str]
Rij = dict[str, Any]

COLLEGE = ("B1-02", "B1-04")
PERIODE = {"van": "2021-01-01", "tot": "2022-12-31"}
AANTAL = 2_500


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Gegevens:
    return laad(root)


@pytest.fixture(scope="module")
def catalogus(gegevens: Gegevens) -> dict[str, Json]:
    return {row["code"]: row for row in gegevens.tabellen["producten"]["producten"]}


@pytest.fixture(scope="module")
def toewijzingen(catalogus: dict[str, Json]) -> list[Json]:
    """Valid ones of the eleven, half of them of Zwolle."""
    rng = random.Random(20)
    found: list[Json] = []
    while len(found) < AANTAL:
        toewijzing = genereer(rng, catalogus)
        if not fouten(toewijzing) and toewijzing["gemeente"] in GEMEENTEN:
            found.append({**toewijzing, "gemeente": "0193"} if len(found) % 2 else toewijzing)
    return found


@pytest.fixture(scope="module")
def van_de_regio(opa_url: str, toewijzingen: list[Json]) -> list[Json]:
    """The besluiten without any deviation."""
    return vraag_lijst(opa_url, toewijzingen)


def afwijking(gemeente: str, regel: str, bron: str, **rest: Any) -> Rij:
    college = {"collegebesluit": True} if regel in COLLEGE else {}
    return {"gemeente": gemeente, "regel": regel, **PERIODE, "bron": bron, **college, **rest}


def zonder_herkomst(besluit: Json) -> Json:
    return {**besluit, "herkomst": None}


def zonder_b1_20(besluit: Json) -> Json:
    rest = [b for b in besluit["bevindingen"] if b["regel"] != "B1-20"]
    return {**zonder_herkomst(besluit), "bevindingen": rest}


def gemelde_afwijkingen(besluit: Json) -> list[str]:
    """The regels that the B1-20 findings name, in their order."""
    found = []
    for bevinding in besluit["bevindingen"]:
        if bevinding["regel"] == "B1-20":
            named = re.findall(r"B1-[0-9]{2}[a-z]?", bevinding["tekst"])
            assert len(named) == 1
            found += named
    return found


def in_periode(toewijzing: Json, rij: Rij) -> bool:
    return bool(rij["van"] <= toewijzing.get("toewijzingsdatum", "") <= rij["tot"])


# What a deviation leaves alone.


def test_de_eigen_getallen_zijn_die_van_de_regio(
    opa_met: OpaMet, gegevens: Gegevens, toewijzingen: list[Json], van_de_regio: list[Json]
) -> None:
    """Not a word changes, only B1-20 comes to it; outside the period and elsewhere nothing does."""
    rijen = [
        afwijking("0193", regel, "Eigen besluit", parameters=gegevens.parameters(regel))
        for regel in gegevens.afspraken
        if regel.startswith("B1-") and regel != "B1-20"
    ]
    gemeld: set[str] = set()
    eigen = vraag_lijst(opa_met({"afwijkingen": rijen}), toewijzingen)
    for toewijzing, regio, besluit in zip(toewijzingen, van_de_regio, eigen, strict=True):
        if toewijzing["gemeente"] == "0193" and in_periode(toewijzing, PERIODE):
            assert zonder_b1_20(besluit) == zonder_herkomst(regio), toewijzing
            brief_1 = {b["regel"] for b in regio["bevindingen"] if b["regel"].startswith("B1-")}
            assert brief_1 <= set(gemelde_afwijkingen(besluit)), toewijzing
            gemeld.update(gemelde_afwijkingen(besluit))
        else:
            assert zonder_herkomst(besluit) == zonder_herkomst(regio), toewijzing
    assert gemeld == {rij["regel"] for rij in rijen}


# What a deviation does: four regels, with numbers and periods that were made up.

REGIO: dict[str, Json] = {
    "B1-02": {"vanaf": "2021-05-01"},
    "B1-08": {"vanaf": "2021-05-01", "keuzebudgetten": [2000, 4000]},
    "B1-15": {"vanaf": "2021-05-01", "te_lang_vanaf": "een_jaar_later"},
    "B1-16": {"vanaf": "2021-05-01", "uiterste_einddatum": "2022-12-31"},
}
KEUZES: dict[str, list[Any]] = {
    "vanaf": ["2021-03-01", "2021-05-01", "2021-08-01", "2022-01-01"],
    "keuzebudgetten": [[1000, 3000], [250, 400], [0, 2000, 4000]],
    "te_lang_vanaf": ["een_jaar_later", "twee_jaar_later"],
    "uiterste_einddatum": ["2021-12-31", "2022-12-30", "2023-06-30"],
}
PERIODES = [
    [("2021-01-01", "2022-12-31")],
    [("2021-05-01", "2021-12-31")],
    [("2021-05-02", "2021-11-23"), ("2021-11-24", "2022-03-01")],
    [("2021-01-01", "2021-05-01"), ("2022-01-01", "2023-12-31")],
    [],
]


def verzonnen(seed: int) -> list[Rij]:
    """For each of the eleven, for each of the four regels: no, one or two deviations."""
    rng = random.Random(seed)
    rijen = []
    for gemeente in GEMEENTEN:
        for regel, regio in REGIO.items():
            for van, tot in rng.choice(PERIODES):
                inhoud: Json = {"vervalt": True}
                if rng.random() < 0.7:
                    namen = rng.sample(sorted(regio), rng.randint(1, len(regio)))
                    inhoud = {"parameters": {naam: rng.choice(KEUZES[naam]) for naam in namen}}
                bron = f"Besluit {len(rijen) + 1}"
                rijen.append(afwijking(gemeente, regel, bron, **inhoud) | {"van": van, "tot": tot})
    return rijen


@dataclass(frozen=True)
class Voorwaarden:
    """A row of contract §4.2: what holds apart from the parameters, and what holds for each."""

    overige: bool
    per_parameter: dict[str, bool]


def voorwaarden(regel: str, f: Feiten, parameters: Json) -> Voorwaarden:
    vanaf = date.fromisoformat(parameters["vanaf"])
    p = f.P_vanaf(vanaf)
    if regel == "B1-02":
        overige = f.midden and f.herstel and f.gewoon and not f.overname and f.N
        return Voorwaarden(overige, {"vanaf": p and (f.verlenging or f.I_vanaf(vanaf))})
    if regel == "B1-08":
        overige = f.T and f.ggz and not f.medicatie_vanaf_2022 and f.minuten is not None
        budgetten = f.minuten not in parameters["keuzebudgetten"]
        return Voorwaarden(overige, {"vanaf": p, "keuzebudgetten": budgetten})
    if regel == "B1-15":
        te_lang = _laatste_dag(f, parameters["te_lang_vanaf"]) < f.E
        return Voorwaarden(f.T and f.gemotiveerd is False, {"vanaf": p, "te_lang_vanaf": te_lang})
    te_laat = date.fromisoformat(parameters["uiterste_einddatum"]) < f.E
    return Voorwaarden(f.T, {"vanaf": f.P_of_I_vanaf(vanaf), "uiterste_einddatum": te_laat})


def _laatste_dag(f: Feiten, duur: str) -> date:
    if f.ingangsdatum is None:
        return date.max
    eerste_jaar = laatste_dag_van_een_jaar(f.ingangsdatum)
    if duur == "een_jaar_later":
        return eerste_jaar
    return laatste_dag_van_een_jaar(eerste_jaar + timedelta(days=1))


def verwacht(regel: str, f: Feiten, rij: Rij | None) -> tuple[bool, bool]:
    """Whether the regel fires, and whether B1-20 says that it was deviated from."""
    regio = voorwaarden(regel, f, REGIO[regel])
    zou_gelden = regio.overige and all(regio.per_parameter.values())
    if rij is None:
        return zou_gelden, False
    if "vervalt" in rij:
        return False, zou_gelden
    eigen = voorwaarden(regel, f, REGIO[regel] | rij["parameters"])
    gebruikt = all(v for naam, v in regio.per_parameter.items() if naam not in rij["parameters"])
    return eigen.overige and all(eigen.per_parameter.values()), eigen.overige and gebruikt


def geldende_rij(rijen: list[Rij], toewijzing: Json, regel: str) -> Rij | None:
    found = [
        rij
        for rij in rijen
        if (rij["gemeente"], rij["regel"]) == (toewijzing["gemeente"], regel)
        and in_periode(toewijzing, rij)
    ]
    assert len(found) <= 1
    return found[0] if found else None


ONBEKENDE_ROUTE = {"crisisroute": {"gecontracteerd_per": None, "streefdatum": "2022-01-01"}}


@pytest.mark.parametrize("seed", [1, 2])
def test_b1_20_zoals_het_contract_zegt(
    opa_met: OpaMet, catalogus: dict[str, Json], toewijzingen: list[Json], seed: int
) -> None:
    rijen = verzonnen(seed)
    besluiten = vraag_lijst(opa_met({"afwijkingen": rijen}), toewijzingen)
    geteld: dict[tuple[str, bool, bool], int] = {}
    for toewijzing, besluit in zip(toewijzingen, besluiten, strict=True):
        f = verzamel(toewijzing, catalogus, ONBEKENDE_ROUTE, GEMEENTEN)
        regels = {b["regel"] for b in besluit["bevindingen"]}
        gemeld = gemelde_afwijkingen(besluit)
        if besluit["uitkomst"] == "NIET_VAN_TOEPASSING":
            assert gemeld == []
            continue
        for regel in REGIO:
            rij = geldende_rij(rijen, toewijzing, regel)
            geldt, meldt = verwacht(regel, f, rij)
            assert (regel in regels) == geldt, (regel, rij, toewijzing)
            assert gemeld.count(regel) == meldt, (regel, rij, toewijzing)
            if rij and meldt:
                _noemt(besluit, regel, rij)
            key = (regel, geldt, meldt)
            geteld[key] = geteld.get(key, 0) + 1
    # Each of the four: with and without B1-20, both where it fires and where it does not.
    assert len(geteld) == 4 * len(REGIO), geteld
    assert min(geteld.values()) >= 3, geteld


def _noemt(besluit: Json, regel: str, rij: Rij) -> None:
    teksten = [
        b["tekst"] for b in besluit["bevindingen"] if b["regel"] == "B1-20" and regel in b["tekst"]
    ]
    assert len(teksten) == 1
    assert re.search(rf"\b{rij['bron']}\b", teksten[0]), teksten


@pytest.mark.parametrize("seed", [1, 2])
def test_geen_ander_antwoord_zonder_b1_20(
    opa_met: OpaMet, toewijzingen: list[Json], van_de_regio: list[Json], seed: int
) -> None:
    """Whoever gets another besluit than the region gives, is told by B1-20 why."""
    rijen = verzonnen(seed)
    anders = 0
    besluiten = vraag_lijst(opa_met({"afwijkingen": rijen}), toewijzingen)
    for toewijzing, regio, besluit in zip(toewijzingen, van_de_regio, besluiten, strict=True):
        if zonder_b1_20(besluit) != zonder_herkomst(regio):
            assert gemelde_afwijkingen(besluit), json.dumps(toewijzing)
            anders += 1
        rij_geldt = any(
            in_periode(toewijzing, rij) and rij["gemeente"] == toewijzing["gemeente"]
            for rij in rijen
        )
        assert rij_geldt or zonder_herkomst(besluit) == zonder_herkomst(regio)
    assert anders > 100
