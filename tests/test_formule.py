"""The shortest form of a condition holds for exactly the same facts; OPA says so.

Every combination of values that can make a difference is tried, on the shipped tables and
on others.
"""

import itertools
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from strategieen import VAST
from uitfasering.formule import Formule, Keuze, Waarheid, formule, geldt, vergelijkingen
from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, VAN_TOEPASSING, Residu, Vergelijking
from uitfasering.varianten import met
from uitfasering.werkbank import Werkbank

pytestmark = pytest.mark.lang  # OPA tries every combination of values

# Deviations of every sort, so that each regel has rows of its own municipality.
AFWIJKING = {
    "gemeente": "0193",
    "van": "2021-06-01",
    "tot": "2021-12-31",
    "bron": "Verzonnen",
    "collegebesluit": True,
}
AFWIJKINGEN = {
    "afwijkingen": [
        {**AFWIJKING, "regel": "B1-02", "parameters": {"vanaf": "2021-07-01"}},
        {**AFWIJKING, "regel": "B1-08", "parameters": {"keuzebudgetten": [3000]}},
        {**AFWIJKING, "regel": "B1-15", "parameters": {"te_lang_vanaf": "twee_jaar_later"}},
        {**AFWIJKING, "regel": "B1-19a", "vervalt": True},
    ]
}
CRISISROUTE = {
    "crisisroute_gecontracteerd_per": "2022-03-01",
    "medicatieminuten": {"0150": 250},
}
# A-03 is all fields together; each field on its own is tried in ONTBREEKT.
TE_GROOT = {"A-03"}


@pytest.fixture(scope="module")
def werkbank() -> Iterator[Werkbank]:
    with Werkbank() as started:
        yield started


def waarden(feit: str, residu: Residu, schema: dict[str, Any]) -> list[Any]:
    """Values of a fact between which nothing changes: each constant, before it and after it."""
    if "enum" in schema:
        return list(schema["enum"])
    if schema["type"] == "boolean":
        return [True, False]
    found = {schema["default"]}
    if feit in {"code", "gemeente"}:
        found.add("0001")  # none that the rules name
    for v in residu.vergelijkingen:
        for value in v.waarden if v.feit == feit else ():
            found.add(value)
            if isinstance(value, int):
                found |= {value - 1, value + 1}
            elif str(value)[4:5] == "-" and value not in {"0001-01-01", "9999-12-31"}:
                day = date.fromisoformat(str(value))
                found |= {str(day - timedelta(days=1)), str(day + timedelta(days=1))}
    if any(v.ander_feit and feit in v.feiten for v in residu.vergelijkingen):
        found |= {"2021-05-01", "2022-06-01"}
    return sorted(found)


def rijen(residu: Residu, feiten: dict[str, Any], werkbank: Werkbank) -> list[dict[str, Any]]:
    """Every combination of values, those that no comparison tells apart only once."""
    default = {name: fact["default"] for name, fact in feiten.items()}
    names = {name for v in residu.vergelijkingen for name in v.feiten}
    columns: list[list[dict[str, Any]]] = []
    if names & {"handeling", "nieuw_of_verlenging"}:
        asked = [h for h in feiten["handeling"]["enum"] if h != "onbekend"]
        found = werkbank.feiten({h: {"handeling": h} for h in asked})
        pair = ("handeling", "nieuw_of_verlenging")
        columns.append([{name: found[h][name] for name in pair} for h in asked])
        names -= {*pair}
    beside = {name for v in residu.vergelijkingen if v.ander_feit for name in v.feiten}
    for name in sorted(names):
        own = [v for v in residu.vergelijkingen if v.feiten == (name,)]
        options = [{name: w} for w in waarden(name, residu, feiten[name])]
        if name not in beside:
            holds = werkbank.waar(own, [{**default, **option} for option in options])
            options = list({tuple(h): o for h, o in zip(holds, options, strict=True)}.values())
        columns.append(options)
    combinations = itertools.product(*columns)
    return [{**default, **{k: w for part in c for k, w in part.items()}} for c in combinations]


@pytest.mark.parametrize(
    ("verzameling", "anders"),
    [
        pytest.param(VAN_TOEPASSING, {}, id="afspraken"),
        pytest.param(VAN_TOEPASSING, CRISISROUTE, id="afspraken, crisisroute bekend"),
        pytest.param(VAN_TOEPASSING, AFWIJKINGEN, id="afspraken, gemeenten die afwijken"),
        pytest.param(ONTBREEKT, {}, id="wat ontbreekt"),
        pytest.param(TUSSEN_VELDEN, {}, id="fouten tussen velden"),
    ],
)
def test_precies_dezelfde_voorwaarde(
    verzameling: str, anders: dict[str, Any], werkbank: Werkbank, root: Path
) -> None:
    schema = json.loads((root / "schemas" / "feiten.json").read_text("utf-8"))
    feiten = schema["properties"]["feiten"]["properties"]
    eigen = werkbank.gegevens
    geleverd = werkbank.residuen(verzameling)
    werkbank.zet_gegevens(met(eigen, anders))
    try:
        found = werkbank.residuen(verzameling)
        waarheid = Waarheid(werkbank, [v for r in found.values() for v in r.vergelijkingen])
        for lid in found.keys() - TE_GROOT:
            residu = found[lid]
            if anders and residu == geleverd.get(lid):
                continue
            short = formule(residu, waarheid)
            assert short is not None, lid
            asked = list(residu.vergelijkingen)
            rows = rijen(residu, feiten, werkbank)
            answers = set()
            for row, holds in zip(rows, werkbank.waar(asked, rows), strict=True):
                waar = dict(zip(asked, holds, strict=True))
                right = any(all(waar[v] for v in a) for a in residu.alternatieven)
                assert geldt(short, waar.__getitem__) is right, (lid, row)
                answers.add(right)
            assert answers == {True, False}, lid
            assert set(vergelijkingen(short)) <= set(asked), lid
    finally:
        werkbank.zet_gegevens(eigen)


def plat(found: Formule | None) -> str:
    """A condition in one line, for reading in a test."""
    assert found is not None
    parts = []
    for term in found:
        if isinstance(term, Keuze):
            parts.append(f"({' | '.join(map(plat, term.opties))})")
        else:
            right = term.ander_feit or ",".join(map(str, term.waarden))
            parts.append(f"{term.feit} {term.operator} {right}")
    return " & ".join(parts)


# Typed from contract §4.2 and §4.3.
@pytest.mark.parametrize(
    ("regel", "right"),
    [
        pytest.param(
            "B2-03",
            "nieuw_of_verlenging == True & overgenomen_woonplaats == False & "
            "perspectief == duurzaam & profiel != -1 & profiel not in 11,12 & "
            "segment == midden & toewijzingsdatum >= 2022-01-01 & "
            "(handeling == verlenging | handeling == nieuw & ingangsdatum >= 2022-01-01)",
            id="wat niet kan, valt weg: overname telt hier altijd",
        ),
        pytest.param(
            "B1-21",
            "nieuw_of_verlenging == True & perspectief == herstel & profiel != -1 & "
            "profiel not in 11,12 & segment == midden & toewijzingsdatum < 2021-05-06 & "
            "toewijzingsdatum >= 2021-05-01 & "
            "(handeling == verlenging | handeling == nieuw & ingangsdatum >= 2021-05-01)",
            id="wat altijd zo is, valt weg: vóór 2022",
        ),
        pytest.param(
            "B1-13",
            "minuten in 2000,4000 & nieuw_of_verlenging == True & segment == top & "
            "toewijzingsdatum >= 2021-05-01 & zorgvorm == ggz & "
            "(raamovereenkomst != onbekend | ingangsdatum <= 2022-12-31)",
            id="wat uit iets anders volgt, valt weg: minuten bekend",
        ),
        pytest.param(
            "B2-06",
            "code != onbekend & code not in 54002 & medicatiecontrole == ja & "
            "nieuw_of_verlenging == True & "
            "(overgenomen_woonplaats == False | toewijzingsdatum < 2022-01-01) & "
            "(ingangsdatum >= 2022-01-01 | handeling == verlenging & "
            "toewijzingsdatum >= 2022-01-01)",
            id="twee keuzes die los van elkaar staan",
        ),
        pytest.param(
            "A-07",
            "raamovereenkomst == nieuw & (handeling in lopend,nieuw,verlenging | "
            "handeling == declaratie & "
            "(periode_einddatum < 2022-01-01 | periode_einddatum > 2022-12-31))",
            id="een keuze in een keuze",
        ),
    ],
)
def test_zo_kort_als_het_contract(regel: str, right: str, werkbank: Werkbank) -> None:
    found = werkbank.residuen()[regel]
    assert plat(formule(found, Waarheid(werkbank, found.vergelijkingen))) == right


def test_afwijking_zonder_einde(werkbank: Werkbank) -> None:
    """The first and the last day of all are no condition for a reader."""
    eigen = werkbank.gegevens
    werkbank.zet_gegevens(met(eigen, AFWIJKINGEN))
    found = werkbank.residuen()
    werkbank.zet_gegevens(eigen)
    waarheid = Waarheid(werkbank, [v for r in found.values() for v in r.vergelijkingen])
    for regel in ("B1-02", "B1-08", "B1-15", "B1-19a"):
        text = plat(formule(found[regel], waarheid))
        assert "0001-01-01" not in text
        assert "9999-12-31" not in text


def test_altijd_en_nooit(werkbank: Werkbank) -> None:
    one = Vergelijking("profiel", "==", (11,))
    waarheid = Waarheid(werkbank, [one, one.ontkend])
    assert formule(Residu(((),)), waarheid) == ()
    assert formule(Residu(((one, one.ontkend),)), waarheid) is None
    assert formule(Residu(((one,), (one.ontkend,))), waarheid) == ()


# Facts that do not depend on each other, and comparisons that exclude or imply each other.
LOS = [
    Vergelijking(feit, "==", (waar,))
    for feit in ("afgestemd", "overgenomen_woonplaats", "tegenstrijdig")
    for waar in (True, False)
] + [
    Vergelijking("profiel", operator, waarden)
    for operator, waarden in (("==", (11,)), ("!=", (-1,)), ("in", (11, 12)), ("not in", (11, 12)))
]
ALTERNATIEVEN = st.lists(
    st.lists(st.sampled_from(LOS), max_size=4, unique=True).map(tuple), min_size=1, max_size=8
)


@pytest.fixture(scope="module")
def tabel(werkbank: Werkbank) -> list[dict[Vergelijking, bool]]:
    """Which comparisons of LOS hold, for every combination of values."""
    booleans = ("afgestemd", "overgenomen_woonplaats", "tegenstrijdig")
    rows = [
        {**dict(zip(booleans, values, strict=True)), "profiel": profiel}
        for values in itertools.product((True, False), repeat=3)
        for profiel in (-1, 1, 10, 11, 12)
    ]
    return [dict(zip(LOS, holds, strict=True)) for holds in werkbank.waar(LOS, rows)]


@pytest.fixture(scope="module")
def waarheid(werkbank: Werkbank) -> Waarheid:
    return Waarheid(werkbank, LOS)


@given(alternatieven=ALTERNATIEVEN)
@example(  # each pair of values occurs, but not every combination of three
    alternatieven=[
        (LOS[0], LOS[2], LOS[4]),
        (LOS[0], LOS[3], LOS[5]),
        (LOS[1], LOS[2], LOS[5]),
        (LOS[1], LOS[3], LOS[4]),
    ]
)
@settings(VAST, max_examples=300)
def test_elke_lijst_alternatieven(
    alternatieven: list[tuple[Vergelijking, ...]],
    waarheid: Waarheid,
    tabel: list[dict[Vergelijking, bool]],
) -> None:
    short = formule(Residu(tuple(alternatieven)), waarheid)
    for waar in tabel:
        right = any(all(waar[v] for v in a) for a in alternatieven)
        assert (short is not None and geldt(short, waar.__getitem__)) is right
