"""Conditions in Dutch words: one comparison, and the sentence of a whole regel."""

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from uitfasering import zinnen
from uitfasering.formule import Keuze, Waarheid, formule
from uitfasering.gegevens import Gegevens, laad
from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, VAN_TOEPASSING, Vergelijking
from uitfasering.varianten import met
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import Zinnen
from uitfasering.zinsbouw import bouw

VERZAMELINGEN = (VAN_TOEPASSING, ONTBREEKT, TUSSEN_VELDEN)

ANDERE_TABELLEN: list[dict[str, Any]] = [
    {},
    {"crisisroute_gecontracteerd_per": "2022-03-01", "medicatieminuten": {"0150": 250}},
    {
        "afwijkingen": [
            {
                "gemeente": "0193",
                "regel": "B1-15",
                "van": "2021-06-01",
                "tot": "2021-12-31",
                "bron": "Verzonnen",
                "parameters": {"te_lang_vanaf": "twee_jaar_later"},
            }
        ]
    },
]


@pytest.fixture(scope="module")
def werkbank() -> Iterator[Werkbank]:
    with Werkbank() as started:
        yield started


@pytest.fixture(scope="module")
def woorden(root: Path) -> Zinnen:
    return zinnen.lees(root)


@pytest.fixture(scope="module")
def vergelijkingen(werkbank: Werkbank) -> list[Vergelijking]:
    """Every comparison of the shipped rules, and of rules on other tables."""
    eigen, found = werkbank.gegevens, {}
    for anders in ANDERE_TABELLEN:
        werkbank.zet_gegevens(met(eigen, anders))
        for verzameling in VERZAMELINGEN:
            for residu in werkbank.residuen(verzameling).values():
                found.update(dict.fromkeys(residu.vergelijkingen))
    werkbank.zet_gegevens(eigen)
    return list(found)


def test_elke_vergelijking_heeft_woorden(
    vergelijkingen: list[Vergelijking], woorden: Zinnen
) -> None:
    assert [v for v in vergelijkingen if not woorden.kent(v)] == []
    assert any(v.feit == "gemeente" and len(v.waarden) == 1 for v in vergelijkingen)


def test_geen_plaatshouder_en_geen_code_blijft_over(
    vergelijkingen: list[Vergelijking], woorden: Zinnen
) -> None:
    """Words for readers: no placeholder, no operator, no date as the tables have it."""
    leftover = re.compile(r"[{}_]|[<>=]|\d{4}-\d\d-\d\d|\b(True|False|-1)\b")
    for v in vergelijkingen:
        for text in (woorden.voorwaarde(v), woorden.hoofdzin(v)):
            assert not leftover.search(text), text


def test_onbekende_combinatie_is_duidelijk(woorden: Zinnen) -> None:
    odd = Vergelijking("toewijzingsdatum", "in", ("2021-05-01",))
    assert not woorden.kent(odd)
    assert woorden.voorwaarde(odd) == "toewijzingsdatum in 1 mei 2021"


@pytest.mark.parametrize(
    ("vergelijking", "als", "los"),
    [
        (
            Vergelijking("toewijzingsdatum", ">=", ("2021-05-01",)),
            "toewijzingsdatum op of na 1 mei 2021 ligt",
            "toewijzingsdatum ligt op of na 1 mei 2021",
        ),
        (Vergelijking("segment", "==", ("midden",)), "segment midden is", "segment is midden"),
        (
            Vergelijking("profiel", "not in", (11, 12)),
            "profiel niet 11 of 12 is (of onbekend)",
            "profiel is niet 11 of 12 (of onbekend)",
        ),
        (Vergelijking("profiel", "!=", (-1,)), "profiel bekend is", "profiel is bekend"),
        (
            Vergelijking("minuten", ">", (4000,)),
            "aantal minuten meer dan 4.000 is",
            "aantal minuten is meer dan 4.000",
        ),
        (
            Vergelijking("einddatum", "==", ("9999-12-31",)),
            "er geen einddatum is",
            "er is geen einddatum",
        ),
        (
            Vergelijking("einddatum", ">=", (), "een_jaar_later"),
            "einddatum op of na de dag een jaar na ingangsdatum ligt (of er is geen einddatum)",
            "einddatum ligt op of na de dag een jaar na ingangsdatum (of er is geen einddatum)",
        ),
        (
            Vergelijking("gemeente", "in", ("0193", "0148")),
            "gemeente Dalfsen of Zwolle is",
            "gemeente is Dalfsen of Zwolle",
        ),
        (
            Vergelijking("handeling", "in", ("lopend", "nieuw", "verlenging")),
            "het gaat om een nieuwe toewijzing, een verlenging of een lopende toewijzing",
            "het gaat om een nieuwe toewijzing, een verlenging of een lopende toewijzing",
        ),
        (
            Vergelijking("nieuw_of_verlenging", "==", (True,)),
            "het gaat om een nieuwe toewijzing of verlenging",
            "het gaat om een nieuwe toewijzing of verlenging",
        ),
        (
            Vergelijking("verwijzer", "in", ("03", "05")),
            "verwijzer de jeugdarts of de medisch specialist is",
            "verwijzer is de jeugdarts of de medisch specialist",
        ),
        (
            Vergelijking("perspectief", "in", ("herstel", "onbekend")),
            "perspectief herstel of onbekend is",
            "perspectief is herstel of onbekend",
        ),
        (
            Vergelijking("afgestemd", "==", (False,)),
            "er niet met de lokale toegang is afgestemd",
            "er is niet met de lokale toegang afgestemd",
        ),
        (
            Vergelijking("eenheid", "in", ("82", "83")),
            "eenheid stuks output (82) of euro's (83) is",
            "eenheid is stuks output (82) of euro's (83)",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_een_voorwaarde(vergelijking: Vergelijking, als: str, los: str, woorden: Zinnen) -> None:
    assert woorden.voorwaarde(vergelijking) == als
    assert woorden.hoofdzin(vergelijking) == los


@pytest.mark.parametrize(
    ("vergelijking", "nu", "waarom"),
    [
        (
            Vergelijking("toewijzingsdatum", ">=", ("2021-05-01",)),
            {"toewijzingsdatum": "2021-04-30"},
            "toewijzingsdatum 30-04-2021 ligt vóór 01-05-2021",
        ),
        (
            Vergelijking("einddatum", "<=", ("2022-12-31",)),
            {"einddatum": "9999-12-31"},
            "er is geen einddatum; nodig is dat einddatum op of vóór 31 december 2022 ligt",
        ),
        (
            Vergelijking("einddatum", ">=", (), "een_jaar_later"),
            {"einddatum": "2022-04-30", "een_jaar_later": "2022-05-01"},
            "einddatum 30-04-2022 ligt vóór de dag een jaar na ingangsdatum (01-05-2022)",
        ),
        (
            Vergelijking("segment", "==", ("midden",)),
            {"segment": "top"},
            "segment is top, niet midden",
        ),
        (
            Vergelijking("segment", "==", ("midden",)),
            {"segment": "onbekend"},
            "segment is onbekend; nodig is dat segment midden is",
        ),
        (Vergelijking("profiel", "!=", (-1,)), {"profiel": -1}, "profiel is onbekend"),
        (
            Vergelijking("profiel", "not in", (11, 12)),
            {"profiel": 11},
            "profiel is 11; nodig is iets anders dan 11 of 12",
        ),
        (
            Vergelijking("minuten", ">", (4000,)),
            {"minuten": 4000},
            "aantal minuten is 4.000, niet meer dan 4.000",
        ),
        (
            Vergelijking("gemotiveerd", "==", ("ja",)),
            {"gemotiveerd": "nee"},
            "er is opgegeven dat er geen reden is om af te wijken",
        ),
        (
            Vergelijking("gemotiveerd", "!=", ("ja",)),
            {"gemotiveerd": "ja"},
            "er is een reden vastgelegd om af te wijken",
        ),
        (
            Vergelijking("overgenomen_woonplaats", "==", (False,)),
            {"overgenomen_woonplaats": True},
            "de zorg is overgenomen van een andere gemeente",
        ),
        (
            Vergelijking("handeling", "==", ("nieuw",)),
            {"handeling": "lopend"},
            "het gaat om een lopende toewijzing, niet om een nieuwe toewijzing",
        ),
        (
            Vergelijking("gemeente", "in", ("0150",)),
            {"gemeente": "0193"},
            "gemeente is Zwolle, niet Deventer",
        ),
        (
            Vergelijking("gemeente", "in", ("0150",)),
            {"gemeente": "0001"},
            "gemeente is 0001, niet Deventer",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_waarom_niet(
    vergelijking: Vergelijking, nu: dict[str, Any], waarom: str, woorden: Zinnen
) -> None:
    assert woorden.niet_gehaald(vergelijking, nu) == waarom


# As issue 4 and contract §4 have them, in the words of data/zinnen.yaml.
@pytest.mark.parametrize(
    ("regel", "zin"),
    [
        (
            "B1-02b",
            "Als segment midden is, en perspectief herstel, en profiel bekend en niet 11 of 12, "
            "en het gaat om een lopende toewijzing, en toewijzingsdatum op of na 1 mei 2021 ligt, "
            "dan: X.",
        ),
        (
            "B1-02",
            "Als segment midden is, en perspectief herstel, en profiel bekend en niet 11 of 12, "
            "en het gaat om een nieuwe toewijzing of verlenging, en toewijzingsdatum op of na "
            "1 mei 2021 ligt, en een van deze geldt:\n\n"
            "- het gaat om een verlenging\n"
            "- het gaat om een nieuwe toewijzing, en ingangsdatum ligt op of na 1 mei 2021\n\n"
            "en ook een van deze geldt:\n\n"
            "- de zorg is niet overgenomen van een andere gemeente\n"
            "- toewijzingsdatum ligt vóór 1 januari 2022\n\n"
            "dan: X.",
        ),
        (
            "B1-17",
            "Als het gaat om een declaratie, en einde van de declaratieperiode van 1 januari 2022 "
            "tot en met 31 december 2022 ligt, dan: X.",
        ),
        (
            "B1-08",
            "Als segment top is, en zorgvorm GGZ, en het gaat om een nieuwe toewijzing of "
            "verlenging, en aantal minuten bekend en niet 2.000 of 4.000 is, en toewijzingsdatum "
            "op of na 1 mei 2021 ligt, en een van deze geldt:\n\n"
            "- raamovereenkomst is bekend\n"
            "- ingangsdatum ligt op of vóór 31 december 2022\n\n"
            "en ook een van deze geldt:\n\n"
            "- het gaat niet om medicatiecontrole (of dat is onbekend)\n"
            "- toewijzingsdatum ligt vóór 1 januari 2022, en ingangsdatum ligt vóór "
            "1 januari 2022\n\n"
            "dan: X.",
        ),
        (
            "B2-11a",
            "Als dit allemaal geldt:\n\n"
            "- segment is midden\n"
            "- perspectief is duurzaam\n"
            "- profiel is bekend en niet 11 of 12\n"
            "- het gaat om een lopende toewijzing\n"
            "- gemeente is Dalfsen, Kampen, Ommen, Steenwijkerland of Zwolle\n"
            "- de zorg is niet overgenomen van een andere gemeente\n"
            "- toewijzingsdatum ligt van 1 januari 2021 tot en met 31 december 2021\n"
            "- ingangsdatum ligt vóór 1 januari 2022\n"
            "- einddatum ligt van 1 januari 2022 tot en met 31 december 2022\n\n"
            "dan: X.",
        ),
        (
            "B2-10",
            "Als dit allemaal geldt:\n\n"
            "- segment is midden\n"
            "- perspectief is duurzaam\n"
            "- profiel is bekend en niet 11 of 12\n"
            "- het gaat om een nieuwe toewijzing of verlenging\n"
            "- toewijzingsdatum ligt van 1 januari 2021 tot en met 31 december 2021\n"
            "- ingangsdatum ligt op of vóór 31 december 2021\n"
            "- einddatum ligt na 31 december 2021 (of er is geen einddatum)\n"
            "- een van deze geldt:\n"
            "  - het gaat om een nieuwe toewijzing\n"
            "  - toewijzingsdatum ligt vóór 24 november 2021\n\n"
            "dan: X.",
        ),
        (
            "B2-06a",
            "Als het gaat om een nieuwe toewijzing of verlenging, en het gaat om "
            "medicatiecontrole, en productcode 54002 is, en toewijzingsdatum of ingangsdatum op "
            "of na 1 januari 2022 ligt, en een van deze geldt:\n\n"
            "- eenheid is onbekend of iets anders dan minuten (01)\n"
            "- frequentie is onbekend of iets anders dan totaal binnen de toewijzing (6)\n\n"
            "dan: X.",
        ),
        (
            "B2-13",
            "Als segment midden is, en profiel 11 of 12, en het gaat om een nieuwe toewijzing of "
            "verlenging, en een van deze geldt:\n\n"
            "- toewijzingsdatum of ingangsdatum ligt op of na 1 januari 2023\n"
            "- er is een einddatum, en einddatum ligt na 31 december 2022\n\n"
            "dan: X.",
        ),
        (
            "A-07",
            "Als raamovereenkomst nieuw is, en een van deze geldt:\n\n"
            "- het gaat om een nieuwe toewijzing, een verlenging of een lopende toewijzing\n"
            "- het gaat om een declaratie, en einde van de declaratieperiode ligt vóór "
            "1 januari 2022 of na 31 december 2022\n\n"
            "dan: X.",
        ),
        ("A-01", "Als gemeente niet een van de 11 gemeenten van RSJ IJsselland is, dan: X."),
    ],
    ids=lambda value: value if len(value) < 8 else "",
)
def test_zin_van_een_regel(regel: str, zin: str, werkbank: Werkbank, woorden: Zinnen) -> None:
    residu = werkbank.residuen()[regel]
    found = formule(residu, Waarheid(werkbank, residu.vergelijkingen))
    assert found is not None
    assert bouw(found, woorden).markdown("X") == zin


def test_keuzes_in_een_keuze(woorden: Zinnen) -> None:
    """Each choice inside an option is a list below it, so that "en" and "of" cannot mix."""
    herstel, duurzaam = (Vergelijking("perspectief", "==", (w,)) for w in ("herstel", "duurzaam"))
    nieuw, top = (
        Vergelijking("handeling", "==", ("nieuw",)),
        Vergelijking("segment", "==", ("top",)),
    )
    afgestemd = Vergelijking("afgestemd", "==", (True,))
    ggz = Vergelijking("zorgvorm", "==", ("ggz",))
    found = (
        Keuze(((top, Keuze(((nieuw,), (afgestemd,))), Keuze(((ggz,), (herstel,)))), (duurzaam,))),
    )
    assert bouw(found, woorden).markdown("X") == (
        "Als een van deze geldt:\n\n"
        "- segment is top, en een van deze geldt:\n"
        "  - het gaat om een nieuwe toewijzing\n"
        "  - er is met de lokale toegang afgestemd\n"
        "  en ook een van deze geldt:\n"
        "  - zorgvorm is GGZ\n"
        "  - perspectief is herstel\n"
        "- perspectief is duurzaam\n\n"
        "dan: X."
    )


def test_wat_ook_moet_gelden(woorden: Zinnen) -> None:
    ook = {"bijzin": "de dag bekend is", "hoofdzin": "de dag is bekend"}
    segment = Vergelijking("segment", "==", ("top",))
    assert bouw((segment,), woorden, ook).markdown("X") == (
        "Als segment top is, en de dag bekend is, dan: X."
    )
    veel = [Vergelijking(f, "==", (True,)) for f in ("afgestemd", "overgenomen_woonplaats")] + [
        Vergelijking(f, ">=", ("2021-05-01",))
        for f in ("toewijzingsdatum", "ingangsdatum", "einddatum", "periode_einddatum")
    ]
    assert bouw(tuple(veel), woorden).markdown("X").startswith("Als de zorg")
    text = bouw(tuple(veel), woorden, ook).markdown("X")
    assert text.startswith("Als dit allemaal geldt:\n\n- de zorg is overgenomen")
    assert "- de dag is bekend\n\ndan: X." in text


def test_woorden_voor_een_dag_die_nog_niet_bekend_is(woorden: Zinnen) -> None:
    met_naam = dataclasses.replace(woorden, noem={"2022-03-01": "de dag van het contract"})
    v = Vergelijking("toewijzingsdatum", "<", ("2022-03-01",))
    assert met_naam.hoofdzin(v) == "toewijzingsdatum ligt vóór de dag van het contract"
    assert woorden.hoofdzin(v) == "toewijzingsdatum ligt vóór 1 maart 2022"


def test_altijd(woorden: Zinnen) -> None:
    assert bouw((), woorden).markdown("X") == "Altijd: X."


def met_zinnen(gegevens: Gegevens, feiten: dict[str, Any]) -> Gegevens:
    """The tables with other words for facts."""
    tabel = {**gegevens.tabellen["zinnen"], "feiten": feiten}
    return dataclasses.replace(gegevens, tabellen={**gegevens.tabellen, "zinnen": tabel})


def test_geleverde_woorden_zijn_compleet(root: Path) -> None:
    assert list(zinnen.controleer(root, laad(root))) == []


def test_feit_zonder_woorden_en_woorden_zonder_feit(root: Path) -> None:
    gegevens = laad(root)
    feiten = dict(gegevens.tabellen["zinnen"]["feiten"])
    feiten["segmnt"] = feiten.pop("segment")
    found = sorted(zinnen.controleer(root, met_zinnen(gegevens, feiten)), key=lambda m: m.code)
    assert [(m.code, m.bestand, m.bericht, m.oplossing) for m in found] == [
        (
            "zinnen-feit-zonder-woorden",
            "data/zinnen.yaml",
            "Voor het feit segment zijn er nog geen woorden.",
            "Zet segment onder feiten, met naam en soort.",
        ),
        (
            "zinnen-onbekend-feit",
            "data/zinnen.yaml",
            "Het feit segmnt bestaat niet.",
            "Bedoelt u segment?",
        ),
    ]


def test_soort_ontbreekt_en_tabel_bestaat_niet(root: Path) -> None:
    gegevens = laad(root)
    feiten = dict(gegevens.tabellen["zinnen"]["feiten"])
    feiten["profiel"] = {"naam": "profiel"}
    feiten["zorgvorm"] = {**feiten["zorgvorm"], "waarden_uit": "weergave.zorgvorm"}
    found = {m.code: m for m in zinnen.controleer(root, met_zinnen(gegevens, feiten))}
    assert found.keys() == {"zinnen-soort", "zinnen-tabel"}
    lines = (root / "data" / "zinnen.yaml").read_text("utf-8").splitlines()
    assert lines[found["zinnen-soort"].regel - 1].startswith("  profiel:")
    assert lines[found["zinnen-tabel"].regel - 1].startswith("  zorgvorm:")


def test_elk_feit_heeft_een_naam(root: Path, woorden: Zinnen) -> None:
    schema = json.loads((root / "schemas" / "feiten.json").read_text("utf-8"))
    facts = schema["properties"]["feiten"]["properties"]
    assert {name for name in facts if "_" in woorden.naam(name)} == set()
