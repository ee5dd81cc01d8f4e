"""B1-20: what a deviation of a municipality changes, and that it is said (contract §6).

The cases by hand stand in tests/gevallen/brief-2021-05-06/b1-20-*.yaml and test_afwijkingen.py;
here generated inputs and deviations that were made up, against the rows of contract §4.2 written
out once more.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from afwijkingenbouw import PERIODE, Rij, afwijking, gemelde_afwijkingen
from conftest import OpaMet
from opa_vraag import Json, vraag_lijst
from orakel import genereer
from orakel.feiten import GEMEENTEN, Feiten, laatste_dag_van_een_jaar, verzamel
from orakel.invoer import fouten
from uitfasering.gegevens import Gegevens, laad
from volledig import aantal, steekproef

AANTAL = aantal(1_000, 2_000)


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


def zonder_herkomst(besluit: Json) -> Json:
    return {**besluit, "herkomst": None}


def zonder_b1_20(besluit: Json) -> Json:
    rest = [b for b in besluit["bevindingen"] if b["regel"] != "B1-20"]
    return {**zonder_herkomst(besluit), "bevindingen": rest}


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
    rijen: list[Rij] = []
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


@dataclass(frozen=True)
class Verwacht:
    """Of one regel: whether it fires, and whether B1-20 must and may name it (contract §6)."""

    geldt: bool
    moet: bool
    mag: bool


def verwacht(regel: str, f: Feiten, rijen: Mapping[str, Rij]) -> Verwacht:
    """``rijen``: the deviation from each regel that is in force for this toewijzing."""
    regio = voorwaarden(regel, f, REGIO[regel])
    zou_gelden = regio.overige and all(regio.per_parameter.values())
    if regel not in rijen:
        return Verwacht(zou_gelden, False, False)
    eigen = parameters(regel, rijen)
    if eigen is None:  # vervalt
        geldt, gebruikt = False, zou_gelden
    else:
        dan = voorwaarden(regel, f, eigen)
        geldt = dan.overige and all(dan.per_parameter.values())
        # Used unless a number that is still the region's says no.
        eigen_namen = rijen[regel]["parameters"]
        gebruikt = dan.overige and all(
            v for naam, v in regio.per_parameter.items() if naam not in eigen_namen
        )
    zonder_deze = {naam: rij for naam, rij in rijen.items() if naam != regel}
    einde = regel in ("B1-15", "B1-16")
    moet = einde and einddatum(f, rijen) != einddatum(f, zonder_deze)
    mag = einde and einddatum(f, rijen) != einddatum(f, {})
    return Verwacht(geldt, gebruikt or moet, gebruikt or mag)


def parameters(regel: str, rijen: Mapping[str, Rij]) -> Json | None:
    """The parameters in force, None when the regel does not hold at all."""
    rij = rijen.get(regel, {"parameters": {}})
    return None if "vervalt" in rij else REGIO[regel] | rij["parameters"]


def einddatum(f: Feiten, rijen: Mapping[str, Rij]) -> tuple[date | None, bool]:
    """The uiterste_einddatum, and whether a reason is missing (contract §4.2 and §4.4)."""
    grenzen = []
    gemotiveerd_ontbreekt = False
    duur, einde = parameters("B1-15", rijen), parameters("B1-16", rijen)
    if not f.T or f.ingangsdatum is None:
        return None, False
    if duur and f.P_vanaf(date.fromisoformat(duur["vanaf"])) and f.gemotiveerd is not True:
        laatste = _laatste_dag(f, duur["te_lang_vanaf"])
        grenzen.append(laatste)
        gemotiveerd_ontbreekt = f.gemotiveerd is None and laatste < f.E
    if einde and f.P_of_I_vanaf(date.fromisoformat(einde["vanaf"])):
        grenzen.append(date.fromisoformat(einde["uiterste_einddatum"]))
    uiterste = min(grenzen, default=None)
    if uiterste is None or uiterste < f.ingangsdatum:
        return None, gemotiveerd_ontbreekt
    return uiterste, gemotiveerd_ontbreekt


ONBEKENDE_ROUTE = {"crisisroute": {"gecontracteerd_per": None, "streefdatum": "2022-01-01"}}


@dataclass(frozen=True)
class Verzonnen:
    """Deviations that were made up, and the besluiten with them."""

    rijen: list[Rij]
    besluiten: list[Json]


@pytest.fixture(scope="module", params=steekproef([1, 2], 2))
def met_afwijkingen(
    request: pytest.FixtureRequest, opa_met: OpaMet, toewijzingen: list[Json]
) -> Verzonnen:
    rijen = verzonnen(request.param)
    return Verzonnen(rijen, vraag_lijst(opa_met({"afwijkingen": rijen}), toewijzingen))


def geldende_rijen(verzonnen: Verzonnen, toewijzing: Json) -> dict[str, Rij]:
    """By regel, the deviation of this municipality on this day."""
    found = [
        rij
        for rij in verzonnen.rijen
        if rij["gemeente"] == toewijzing["gemeente"] and in_periode(toewijzing, rij)
    ]
    by_regel = {rij["regel"]: rij for rij in found}
    assert len(by_regel) == len(found)
    return by_regel


def test_de_regel_zelf_en_b1_20(
    gegevens: Gegevens,
    met_afwijkingen: Verzonnen,
    catalogus: dict[str, Json],
    toewijzingen: list[Json],
) -> None:
    """The regel fires by the municipality's numbers; where those were used, B1-20 says so."""
    gemeenten = {row["cbs"]: row for row in gegevens.tabellen["gemeenten"]["gemeenten"]}
    geteld: Counter[tuple[str, bool, bool]] = Counter()
    for toewijzing, besluit in zip(toewijzingen, met_afwijkingen.besluiten, strict=True):
        gemeld = gemelde_afwijkingen(besluit)
        if besluit["uitkomst"] == "NIET_VAN_TOEPASSING":
            assert gemeld == []
            continue
        f = verzamel(toewijzing, catalogus, ONBEKENDE_ROUTE, gemeenten)
        gevonden = {b["regel"] for b in besluit["bevindingen"]}
        rijen = geldende_rijen(met_afwijkingen, toewijzing)
        uiterste, gemotiveerd_ontbreekt = einddatum(f, rijen)
        assert besluit["uiterste_einddatum"] == (uiterste and uiterste.isoformat()), toewijzing
        assert ("gemotiveerd" in besluit["ontbreekt"]) == gemotiveerd_ontbreekt, toewijzing
        for regel in REGIO:
            dan = verwacht(regel, f, rijen)
            assert (regel in gevonden) == dan.geldt, (regel, rijen, toewijzing)
            assert dan.moet <= gemeld.count(regel) <= dan.mag, (regel, rijen, toewijzing)
            if regel in gemeld:
                _noemt(besluit, regel, rijen[regel])
            geteld[regel, dan.geldt, dan.moet] += 1
    # Each of the four: with and without B1-20, both where it fires and where it does not.
    assert len(geteld) == 4 * len(REGIO), geteld


def _noemt(besluit: Json, regel: str, rij: Rij) -> None:
    teksten = [
        b["tekst"] for b in besluit["bevindingen"] if b["regel"] == "B1-20" and regel in b["tekst"]
    ]
    assert len(teksten) == 1
    assert re.search(rf"\b{rij['bron']}\b", teksten[0]), teksten


def test_geen_ander_besluit_zonder_b1_20(
    met_afwijkingen: Verzonnen, toewijzingen: list[Json], van_de_regio: list[Json]
) -> None:
    """Whoever gets another besluit than the region gives, is told by B1-20 why."""
    anders = 0
    for toewijzing, regio, besluit in zip(
        toewijzingen, van_de_regio, met_afwijkingen.besluiten, strict=True
    ):
        if zonder_b1_20(besluit) != zonder_herkomst(regio):
            assert gemelde_afwijkingen(besluit), toewijzing
            assert geldende_rijen(met_afwijkingen, toewijzing), toewijzing
            anders += 1
    assert anders > 100
