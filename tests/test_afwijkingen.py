"""B1-20: what a deviation of a municipality changes, and that it is said (contract §6).

The cases by hand stand in tests/gevallen/brief-2021-05-06/b1-20-*.yaml; here generated inputs and
deviations that were made up, against the rows of contract §4.2 written out once more.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from opa_vraag import Json, vraag, vraag_lijst
from orakel import genereer
from orakel.feiten import GEMEENTEN, Feiten, laatste_dag_van_een_jaar, verzamel
from orakel.invoer import fouten
from uitfasering.gegevens import Gegevens, laad

OpaMet = Callable[[Mapping[str, Any]], str]
Rij = dict[str, Any]

COLLEGE = ("B1-02", "B1-04")
PERIODE: Rij = {"van": "2021-01-01", "tot": "2022-12-31"}
AANTAL = 2_000


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
    """What contract §6 says of one regel.

    ``geldt``: it fires. ``gemeld``: B1-20 names it. ``rij_telt``: all but its parameters holds, in
    the period of a deviation; more than ``gemeld`` where a parameter of the region decides.
    """

    geldt: bool
    gemeld: bool
    rij_telt: bool


def verwacht(regel: str, f: Feiten, rij: Rij | None) -> Verwacht:
    regio = voorwaarden(regel, f, REGIO[regel])
    zou_gelden = regio.overige and all(regio.per_parameter.values())
    if rij is None:
        return Verwacht(zou_gelden, False, False)
    if "vervalt" in rij:
        return Verwacht(False, zou_gelden, zou_gelden)
    eigen = voorwaarden(regel, f, REGIO[regel] | rij["parameters"])
    van_de_regio = [v for naam, v in regio.per_parameter.items() if naam not in rij["parameters"]]
    return Verwacht(
        geldt=eigen.overige and all(eigen.per_parameter.values()),
        gemeld=eigen.overige and all(van_de_regio),
        rij_telt=eigen.overige,
    )


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


@dataclass(frozen=True)
class Verzonnen:
    """Deviations that were made up, and the besluiten with them."""

    rijen: list[Rij]
    besluiten: list[Json]


@pytest.fixture(scope="module", params=[1, 2])
def met_afwijkingen(
    request: pytest.FixtureRequest, opa_met: OpaMet, toewijzingen: list[Json]
) -> Verzonnen:
    rijen = verzonnen(request.param)
    return Verzonnen(rijen, vraag_lijst(opa_met({"afwijkingen": rijen}), toewijzingen))


def test_de_regel_zelf_en_b1_20(
    met_afwijkingen: Verzonnen, catalogus: dict[str, Json], toewijzingen: list[Json]
) -> None:
    """The regel fires by the municipality's numbers; where they were used, B1-20 says so."""
    geteld: Counter[tuple[str, bool, bool]] = Counter()
    for toewijzing, besluit, regel, rij, dan in _per_regel(
        met_afwijkingen, catalogus, toewijzingen
    ):
        gemeld = gemelde_afwijkingen(besluit).count(regel)
        geldt = regel in {b["regel"] for b in besluit["bevindingen"]}
        assert geldt == dan.geldt, (regel, rij, toewijzing)
        assert dan.gemeld <= gemeld <= dan.rij_telt, (regel, rij, toewijzing)
        if rij and gemeld:
            _noemt(besluit, regel, rij)
        geteld[regel, geldt, dan.gemeld] += 1
    # Each of the four: with and without B1-20, both where it fires and where it does not.
    assert len(geteld) == 4 * len(REGIO), geteld


@pytest.mark.xfail(
    strict=True,
    reason="B1-20 also fires where a parameter that is not the municipality's own says no",
)
def test_b1_20_alleen_waar_een_eigen_getal_telt(
    met_afwijkingen: Verzonnen, catalogus: dict[str, Json], toewijzingen: list[Json]
) -> None:
    """Contract §6: "when a deviating parameter was the one used"."""
    for toewijzing, besluit, regel, rij, dan in _per_regel(
        met_afwijkingen, catalogus, toewijzingen
    ):
        gemeld = gemelde_afwijkingen(besluit).count(regel)
        assert gemeld == dan.gemeld, (regel, rij, toewijzing)


def _per_regel(
    verzonnen: Verzonnen, catalogus: dict[str, Json], toewijzingen: list[Json]
) -> Iterator[tuple[Json, Json, str, Rij | None, Verwacht]]:
    for toewijzing, besluit in zip(toewijzingen, verzonnen.besluiten, strict=True):
        if besluit["uitkomst"] == "NIET_VAN_TOEPASSING":
            assert gemelde_afwijkingen(besluit) == []
            continue
        f = verzamel(toewijzing, catalogus, ONBEKENDE_ROUTE, GEMEENTEN)
        for regel in REGIO:
            rij = geldende_rij(verzonnen.rijen, toewijzing, regel)
            yield toewijzing, besluit, regel, rij, verwacht(regel, f, rij)


def _noemt(besluit: Json, regel: str, rij: Rij) -> None:
    teksten = [
        b["tekst"] for b in besluit["bevindingen"] if b["regel"] == "B1-20" and regel in b["tekst"]
    ]
    assert len(teksten) == 1
    assert re.search(rf"\b{rij['bron']}\b", teksten[0]), teksten


def test_geen_andere_bevinding_zonder_b1_20(
    met_afwijkingen: Verzonnen, toewijzingen: list[Json], van_de_regio: list[Json]
) -> None:
    """Whoever is told something else than in the region, is told by B1-20 why."""
    anders = 0
    for toewijzing, regio, besluit in zip(
        toewijzingen, van_de_regio, met_afwijkingen.besluiten, strict=True
    ):
        if _zonder_a_03(besluit) != _zonder_a_03(regio):
            assert gemelde_afwijkingen(besluit), toewijzing
            anders += 1
        elif not _heeft_rij(met_afwijkingen, toewijzing):
            assert zonder_herkomst(besluit) == zonder_herkomst(regio), toewijzing
    assert anders > 100


@pytest.mark.xfail(
    strict=True,
    reason="own numbers of B1-15 and B1-16 change A-03 and uiterste_einddatum without B1-20",
)
def test_geen_ander_besluit_zonder_b1_20(
    met_afwijkingen: Verzonnen, toewijzingen: list[Json], van_de_regio: list[Json]
) -> None:
    """The same for the besluit as a whole."""
    for toewijzing, regio, besluit in zip(
        toewijzingen, van_de_regio, met_afwijkingen.besluiten, strict=True
    ):
        if zonder_b1_20(besluit) != zonder_herkomst(regio):
            assert gemelde_afwijkingen(besluit), toewijzing


def _zonder_a_03(besluit: Json) -> list[Json]:
    return [b for b in besluit["bevindingen"] if b["regel"] not in ("A-03", "B1-20")]


def _heeft_rij(verzonnen: Verzonnen, toewijzing: Json) -> bool:
    return any(geldende_rij(verzonnen.rijen, toewijzing, regel) for regel in REGIO)


EINDE_2023 = {"einddatum": "2023-06-30"}

# By hand: two years at most, and until 30 June 2023.

TWEE_JAAR = [
    afwijking("0150", "B1-15", "Besluit duur", parameters={"te_lang_vanaf": "twee_jaar_later"}),
    afwijking("0150", "B1-16", "Besluit eind", parameters={"uiterste_einddatum": "2023-06-30"}),
]


@pytest.mark.parametrize(
    ("ingangsdatum", "einddatum", "uiterste", "weigert"),
    [
        ("2021-06-01", "2023-05-31", "2023-05-31", []),
        ("2021-06-01", "2023-06-01", "2023-05-31", ["B1-15"]),
        ("2021-07-01", "2023-06-30", "2023-06-30", []),
        ("2021-07-01", "2023-07-01", "2023-06-30", ["B1-15", "B1-16"]),
        ("2021-07-02", "2023-07-01", "2023-06-30", ["B1-16"]),
        ("2020-02-29", "2022-02-28", "2022-02-28", []),
        ("2020-02-29", "2022-03-01", "2022-02-28", ["B1-15"]),
    ],
)
def test_twee_afwijkingen_samen(
    opa_met: OpaMet, ingangsdatum: str, einddatum: str, uiterste: str, weigert: list[str]
) -> None:
    toewijzing = {
        "handeling": "nieuw",
        "gemeente": "0150",
        "toewijzingsdatum": "2021-06-01",
        "ingangsdatum": ingangsdatum,
        "einddatum": einddatum,
        "product": {"segment": "top", "zorgvorm": "anders"},
        "gemotiveerd": False,
    }
    besluit = vraag(opa_met({"afwijkingen": TWEE_JAAR}), toewijzing)
    assert [b["regel"] for b in besluit["bevindingen"]] == [*weigert, "B1-20", "B1-20"]
    assert besluit["uitkomst"] == ("NIET_TOEGESTAAN" if weigert else "TOEGESTAAN")
    assert besluit["uiterste_einddatum"] == uiterste
    assert gemelde_afwijkingen(besluit) == ["B1-15", "B1-16"]
    duur, eind = (b["tekst"] for b in besluit["bevindingen"] if b["regel"] == "B1-20")
    assert "Besluit duur" in duur
    assert "Besluit eind" in eind
    assert "Deventer" in duur
    assert "Deventer" in eind


EIGEN_WOORDEN: dict[str, tuple[Json, Json, str]] = {
    # regel: own parameters, fields of the toewijzing, words of the region that do not fit then
    "B1-15": ({"te_lang_vanaf": "twee_jaar_later"}, {"gemotiveerd": False}, "één jaar"),
    "B1-15a": ({"te_lang_vanaf": "twee_jaar_later"}, {"gemotiveerd": True}, "één jaar"),
    "B1-11": ({"verwijzers": ["04"]}, {"verwijzer": "04"}, "huisarts heeft verwezen"),
    "B1-11a": ({"verwijzers": ["04"]}, {"verwijzer": "04"}, "jeugdarts of de medisch specialist"),
    "B1-17": (
        {"van": "2023-01-01", "tot": "2023-12-31"},
        {"handeling": "declaratie", "periode": {"begindatum": PERIODE["van"], **EINDE_2023}},
        "In 2022",
    ),
}


@pytest.mark.xfail(strict=True, reason="these texts have the number of the region written in them")
@pytest.mark.parametrize("regel", EIGEN_WOORDEN)
def test_de_tekst_noemt_het_eigen_getal(opa_met: OpaMet, regel: str) -> None:
    _, velden, woorden = EIGEN_WOORDEN[regel]
    toewijzing = {
        "handeling": "nieuw",
        "gemeente": "0150",
        "toewijzingsdatum": "2021-06-01",
        "ingangsdatum": "2021-06-01",
        "einddatum": "2023-06-01",
        "product": {"segment": "top", "zorgvorm": "lvb"},
        **velden,
    }
    rijen = [afwijking("0150", r, "Besluit", parameters=p) for r, (p, *_) in EIGEN_WOORDEN.items()]
    besluit = vraag(opa_met({"afwijkingen": rijen}), toewijzing)
    teksten = [b["tekst"] for b in besluit["bevindingen"] if b["regel"] == regel]
    assert len(teksten) == 1
    assert woorden not in teksten[0]
