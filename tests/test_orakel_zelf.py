"""The oracle against the contract: cases worked out by hand, and the reach of its generator."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest

from orakel import besluit, genereer, vijandig
from orakel.catalogus import CATALOGUS
from orakel.feiten import GEMEENTEN, Gemeenten
from volledig import aantal

ONBEKEND = {"crisisroute": {"gecontracteerd_per": None, "streefdatum": "2022-01-01"}}
MAART = {"crisisroute": {"gecontracteerd_per": "2022-03-01", "streefdatum": "2022-01-01"}}

# Made up, but for the codes: Deventer converts, all others run off.
KEUZES: Gemeenten = {g: {"duurzaam": "omzetten" if g == "0150" else "aflopen"} for g in GEMEENTEN}

# Contract §4, in the order of its tables. B1-20 fires on deviations, and none is known.
IDS = """
A-00 A-01 A-02 A-03 A-04 A-05 A-06 A-07 A-08
B1-02 B1-02a B1-02b B1-04 B1-08 B1-09 B1-11 B1-11a B1-12 B1-13 B1-14 B1-15 B1-15a B1-16 B1-16c
B1-16b B1-17 B1-18 B1-18a B1-18b B1-19a B1-19c B1-19b B1-19d B1-21
B2-03 B2-03c B2-03a B2-03b B2-05 B2-05c B2-05a B2-05b B2-06 B2-06b B2-06a B2-07 B2-08 B2-09 B2-10
B2-11 B2-11a B2-11b B2-11f B2-11c B2-11d B2-11e B2-12 B2-12b B2-12a B2-13 B2-14
"""

HERSTEL = {"segment": "midden", "perspectief": "herstel", "profiel": 3}
DUURZAAM = {"segment": "midden", "perspectief": "duurzaam", "profiel": 3}
TOP_GGZ = {"segment": "top", "zorgvorm": "ggz", "raamovereenkomst": "huidig"}
TOP_LVB = {"segment": "top", "zorgvorm": "lvb", "raamovereenkomst": "huidig"}
SPOED = {"segment": "midden", "profiel": 11}
MINUTEN_2000 = {"volume": 2000, "eenheid": "01", "frequentie": "6"}
MINUTEN_300 = {"volume": 300, "eenheid": "01", "frequentie": "6"}


def vraag(
    handeling: str, p: str, i: str, e: str | None, product: dict[str, Any], **rest: Any
) -> dict[str, Any]:
    """A toewijzing in Deventer (which converts), unless another gemeente is given."""
    toewijzing = {
        "handeling": handeling,
        "gemeente": "0150",
        "toewijzingsdatum": p,
        "ingangsdatum": i,
        "product": product,
        **rest,
    }
    return toewijzing if e is None else {**toewijzing, "einddatum": e}


def op(handeling: str, dag: str, e: str | None, product: dict[str, Any], **rest: Any) -> Any:
    """A toewijzing decided on its first day."""
    return vraag(handeling, dag, dag, e, product, **rest)


def declaratie(begin: str, einde: str, product: dict[str, Any]) -> dict[str, Any]:
    periode = {"begindatum": begin, "einddatum": einde}
    return {"handeling": "declaratie", "gemeente": "0193", "periode": periode, "product": product}


GEVALLEN = [
    # the stop of midden herstel, and its eve
    (op("nieuw", "2021-05-01", None, HERSTEL), "NIET_TOEGESTAAN", "B1-02 B1-21"),
    (vraag("nieuw", "2021-05-06", "2021-05-01", None, HERSTEL), "NIET_TOEGESTAAN", "B1-02"),
    (vraag("nieuw", "2021-04-30", "2021-05-01", None, HERSTEL), "TOEGESTAAN", ""),
    (vraag("nieuw", "2021-05-01", "2021-04-30", None, HERSTEL), "HANDMATIG", "B1-02a"),
    (op("lopend", "2021-05-01", None, HERSTEL), "HANDMATIG", "B1-02b"),
    # what had been issued before runs on to the end of 2022
    (vraag("lopend", "2021-04-30", "2021-01-01", "2022-12-31", HERSTEL), "AFLOPEN", "B1-19a"),
    (vraag("lopend", "2021-04-30", "2021-01-01", "2023-01-01", HERSTEL), "HANDMATIG", "B1-19c"),
    (op("lopend", "2021-06-01", None, SPOED), "HANDMATIG", "B1-19d"),
    # top: a year at most, and not beyond 2022
    (op("nieuw", "2021-05-01", "2022-04-30", TOP_GGZ, omvang=MINUTEN_2000), "TOEGESTAAN", "B1-13"),
    (
        op("nieuw", "2021-05-01", "2022-05-01", TOP_GGZ, omvang=MINUTEN_300, gemotiveerd=False),
        "NIET_TOEGESTAAN",
        "B1-15 B1-08",
    ),
    (
        op(
            "verlenging",
            "2022-06-01",
            None,
            TOP_GGZ,
            omvang=MINUTEN_2000,
            medicatiecontrole=False,
            gemotiveerd=True,
        ),
        "NIET_TOEGESTAAN",
        "B1-16 B1-09 B1-13 B1-15a",
    ),
    # the huisarts, and the family plan
    (op("nieuw", "2021-06-01", "2021-12-31", TOP_LVB, verwijzer="02"), "AFSTEMMEN", "B1-11"),
    (
        op("nieuw", "2021-06-01", "2021-12-31", TOP_LVB, verwijzer="02", afgestemd=True),
        "AFSTEMMEN",
        "B1-12",
    ),
    (op("nieuw", "2021-06-01", "2021-12-31", TOP_LVB), "HANDMATIG", "A-03"),
    # billing
    (declaratie("2022-12-01", "2022-12-31", TOP_GGZ), "TOEGESTAAN", "B1-17"),
    (declaratie("2022-12-01", "2023-01-01", TOP_GGZ), "NIET_TOEGESTAAN", "B1-18"),
    (declaratie("2023-01-01", "2023-01-31", {"segment": "top"}), "HANDMATIG", "B1-18a"),
    # the stop of midden duurzaam
    (op("nieuw", "2022-01-01", None, DUURZAAM), "NIET_TOEGESTAAN", "B2-03"),
    (vraag("nieuw", "2021-12-31", "2022-01-01", None, DUURZAAM), "NIET_TOEGESTAAN", "B2-05"),
    (op("nieuw", "2021-12-31", None, DUURZAAM), "TOEGESTAAN", "B2-10"),
    (vraag("verlenging", "2021-11-24", "2021-12-01", None, DUURZAAM), "HANDMATIG", "B2-05c"),
    (vraag("verlenging", "2021-11-23", "2021-12-01", None, DUURZAAM), "TOEGESTAAN", "B2-10"),
    (op("nieuw", "2022-01-01", None, DUURZAAM, overgenomen_woonplaats=True), "HANDMATIG", "B2-03c"),
    # medication checks
    (
        op(
            "verlenging",
            "2022-01-01",
            "2022-12-31",
            {**DUURZAAM, "code": "00000"},
            medicatiecontrole=True,
        ),
        "NIET_TOEGESTAAN",
        "B2-03 B2-06 B2-09 B2-14",
    ),
    (
        op(
            "nieuw",
            "2022-01-01",
            "2022-12-31",
            {"code": "54002"},
            medicatiecontrole=True,
            omvang=MINUTEN_300,
        ),
        "TOEGESTAAN",
        "B2-08",
    ),
    # converting or running off
    (op("lopend", "2021-06-01", None, DUURZAAM), "OMZETTEN", "B2-11"),
    (op("lopend", "2021-06-01", "2022-12-31", DUURZAAM, gemeente="0193"), "AFLOPEN", "B2-11a"),
    (
        vraag("lopend", "2020-12-31", "2021-06-01", "2022-12-31", DUURZAAM, gemeente="0193"),
        "HANDMATIG",
        "B2-11f",
    ),
    (op("lopend", "2021-06-01", "2021-12-31", DUURZAAM), "AFLOPEN", "B2-11e"),
    # profile 11 while the crisisroute is not contracted
    (op("nieuw", "2022-01-01", None, SPOED), "TOEGESTAAN", "B1-04 B2-12a"),
    (op("nieuw", "2022-01-01", "2023-01-01", SPOED), "HANDMATIG", "B2-13 B2-12a"),
    # general
    (op("nieuw", "2021-05-01", None, {}), "HANDMATIG", "A-02"),
    (op("nieuw", "2022-01-01", None, DUURZAAM, gemeente="0363"), "NIET_VAN_TOEPASSING", "A-01"),
    (op("verkorting", "2022-01-01", None, DUURZAAM), "TOEGESTAAN", ""),
    (
        op("lopend", "2021-04-30", "2021-05-01", {"code": "50H03", "profiel": 4}),
        "HANDMATIG",
        "A-04 B1-19a A-08",
    ),
]


@pytest.mark.parametrize(("toewijzing", "uitkomst", "regels"), GEVALLEN)
def test_geval(toewijzing: dict[str, Any], uitkomst: str, regels: str) -> None:
    antwoord = besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES)
    assert (antwoord["uitkomst"], antwoord["regels"]) == (uitkomst, regels.split())


def test_keuze_per_gemeente() -> None:
    for gemeente, uitkomst in (("0150", "OMZETTEN"), ("0193", "AFLOPEN")):
        toewijzing = op("lopend", "2021-06-01", "2022-06-30", DUURZAAM, gemeente=gemeente)
        assert besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES)["uitkomst"] == uitkomst


def test_crisisroute_gecontracteerd() -> None:
    """B2-12: P from the day of contract on; B2-12b: P before it, I from it on."""
    for p, i, verwacht in (
        ("2022-03-01", "2022-02-28", ["B2-12"]),
        ("2022-02-28", "2022-03-01", ["B2-12b"]),
        ("2022-02-28", "2022-02-28", ["B1-04"]),
    ):
        antwoord = besluit(vraag("nieuw", p, i, None, SPOED), CATALOGUS, MAART, KEUZES)
        assert antwoord["regels"] == verwacht
        assert antwoord["voorlopig"] is False
    onbekend = besluit(op("nieuw", "2022-03-01", None, SPOED), {}, ONBEKEND, KEUZES)
    assert onbekend["voorlopig"] is True


def test_niet_van_toepassing_zegt_alleen_waarom() -> None:
    """A-01, A-05 and A-07 may stand together, with nothing beside them."""
    product = {"segment": "basis", "raamovereenkomst": "nieuw"}
    toewijzing = op("nieuw", "2023-01-01", None, product, gemeente="0363")
    assert besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES) == {
        "uitkomst": "NIET_VAN_TOEPASSING",
        "regels": ["A-01", "A-05", "A-07"],
        "ontbreekt": [],
        "uiterste_einddatum": None,
        "voorstel": None,
        "voorlopig": False,
        "foutvelden": [],
    }


def test_eigen_medicatieminuten() -> None:
    """B2-07: 250 minutes where the municipality has fixed 400."""
    toewijzing = op(
        "nieuw",
        "2022-01-01",
        "2022-12-31",
        {"code": "54002"},
        medicatiecontrole=True,
        omvang={"volume": 250, "eenheid": "01", "frequentie": "6"},
    )
    eigen = {"0150": {"duurzaam": "omzetten", "medicatieminuten": 400}}
    assert besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES)["regels"] == []
    assert besluit(toewijzing, CATALOGUS, ONBEKEND, eigen)["regels"] == ["B2-07"]


@pytest.mark.parametrize(
    ("p", "i", "gemotiveerd", "uiterste"),
    [
        ("2021-05-01", "2021-05-01", False, "2022-04-30"),
        ("2021-05-01", "2020-02-29", False, "2021-02-28"),
        ("2021-05-01", "2020-02-28", False, "2021-02-27"),
        ("2021-05-01", "2022-01-02", False, "2022-12-31"),
        ("2021-05-01", "2021-05-01", True, "2022-12-31"),
        ("2021-04-30", "2021-05-01", False, "2022-12-31"),
        ("2021-04-30", "2021-04-30", False, None),
        ("2022-12-31", "2023-01-01", False, None),
    ],
)
def test_uiterste_einddatum(p: str, i: str, gemotiveerd: bool, uiterste: str | None) -> None:
    toewijzing = vraag("nieuw", p, i, None, TOP_GGZ, gemotiveerd=gemotiveerd)
    assert besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES)["uiterste_einddatum"] == uiterste


def test_voorstel() -> None:
    """§5, with the replacing code in general and that of one aanbieder."""
    opnieuw = {
        "segment": "top",
        "code": "50T3",
        "ingangsdatum": "2022-01-01",
        "einddatum": "2022-06-30",
        "eenheden": ["01", "04", "14", "16", "84"],
    }
    lopend = op("lopend", "2021-06-01", "2022-06-30", {"code": "50D03"})

    def voorstel(toewijzing: dict[str, Any]) -> Any:
        return besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES)["voorstel"]

    beeindigen = {"einddatum": "2021-12-31", "reden_wijziging": "10"}
    assert voorstel(lopend) == {"beeindigen": beeindigen, "opnieuw": opnieuw}
    assert voorstel({**lopend, "aanbieder": "12345678"})["opnieuw"]["code"] == "50TX"
    assert voorstel({**lopend, "einddatum": "2023-06-30"})["opnieuw"]["einddatum"] == "2022-12-31"
    medicatie = voorstel({**lopend, "medicatiecontrole": True})["opnieuw"]
    assert (medicatie["code"], medicatie["eenheden"]) == ("54002", ["01"])
    top = vraag("lopend", "2021-06-01", "2022-12-31", None, TOP_GGZ)
    assert voorstel(top) == {"einddatum": "2022-12-31"}
    assert voorstel({**top, "ingangsdatum": "2023-01-01"}) is None
    verlenging = vraag("verlenging", "2021-11-24", "2021-12-01", None, DUURZAAM)
    assert voorstel(verlenging) == {"einddatum": "2021-12-31"}


@pytest.mark.parametrize(
    ("toewijzing", "foutvelden"),
    [
        ([], [""]),
        (None, [""]),
        ({}, ["gemeente", "handeling", "ingangsdatum", "toewijzingsdatum"]),
        ({"handeling": "declaratie", "gemeente": "0150"}, ["periode"]),
        (
            vraag("nieuw", "2021-02-29", "2199-12-31", "2200-01-01", {"bsn": "x", "profiel": True}),
            ["einddatum", "product", "product.profiel", "toewijzingsdatum"],
        ),
        (
            op("nieuw", "2021-05-01", "2021-04-30", {}, omvang={}, budget=1),
            ["budget", "einddatum", "omvang.eenheid", "omvang.frequentie", "omvang.volume"],
        ),
        (declaratie("2022-02-01", "2022-01-31", {"profiel": 5.0}), ["periode.einddatum"]),
    ],
)
def test_foutvelden(toewijzing: object, foutvelden: list[str]) -> None:
    antwoord = besluit(toewijzing, CATALOGUS, ONBEKEND, KEUZES)
    assert antwoord["uitkomst"] == "ONGELDIGE_INVOER"
    assert antwoord["foutvelden"] == foutvelden
    assert antwoord["regels"] == ["A-00"] * len(foutvelden)


INVOER = aantal(15_000, 50_000)


def test_generator_raakt_elke_regel() -> None:
    """Each id often enough, with and without a contracted crisisroute."""
    rng = random.Random(20211124)
    gemeenten: Gemeenten = {
        **KEUZES,
        "0150": {"duurzaam": "omzetten", "medicatieminuten": 400},
        "0193": {"duurzaam": "aflopen", "medicatieminuten": 250},
    }
    keren: Counter[str] = Counter()
    for _ in range(INVOER):
        toewijzing = genereer(rng, CATALOGUS)
        geraakt: set[str] = set()
        for gebeurtenissen in (ONBEKEND, MAART):
            geraakt.update(besluit(toewijzing, CATALOGUS, gebeurtenissen, gemeenten)["regels"])
        keren.update(geraakt)
    assert set(keren) == set(IDS.split())
    assert {regel: n for regel, n in keren.items() if n < INVOER // 2_500} == {}
    assert 0.03 < keren["A-00"] / INVOER < 0.08


def test_vijandig_is_json() -> None:
    """Whatever comes is JSON, most of it is refused, and not all of it is an object."""
    rng = random.Random(7)
    waarden = [vijandig(rng) for _ in range(5_000)]
    for waarde in waarden:
        assert json.loads(json.dumps(waarde, allow_nan=False)) == waarde
    uitkomsten = Counter(
        besluit(waarde, CATALOGUS, ONBEKEND, KEUZES)["uitkomst"] for waarde in waarden
    )
    assert uitkomsten["ONGELDIGE_INVOER"] > 4_500
    assert sum(isinstance(waarde, dict) for waarde in waarden) < 4_500
