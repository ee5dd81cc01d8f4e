"""Why an agreement does not apply: every condition named is one that OPA finds not met.

The text itself is in tests/toets/verschillen.txt (test_toets.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategieen import TOEWIJZINGEN, VAST
from uitfasering.gegevens import schema
from uitfasering.residu import Vergelijking
from uitfasering.toets.gevallen import MAP, Geval, lees_gevallen
from uitfasering.toets.uitvoeren import Uitslag, draai
from uitfasering.toets.waarom import Uitleg, leg_uit
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import Zinnen, lees

# Not a condition on facts: what a deviation did, and whether the input is valid.
ZONDER_VOORWAARDEN = {"A-00", "B1-20"}
MEESTE_PROEVEN = 4_000
VAN_TOEPASSING = "uitfasering.afspraken.van_toepassing"


@pytest.fixture(scope="module")
def werkbank(root: Path) -> Iterator[Werkbank]:
    with Werkbank(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def zinnen(werkbank: Werkbank) -> Zinnen:
    return lees(werkbank.root, werkbank.gegevens)


@pytest.fixture(scope="module")
def voorbeeld(root: Path) -> Geval:
    gevallen, _ = lees_gevallen(root, [root / MAP / "brief-2021-05-06"])
    return next(geval for geval in gevallen if not geval.gegevens)


def uitgelegd(
    werkbank: Werkbank, zinnen: Zinnen, gevallen: Sequence[Geval]
) -> list[tuple[Uitslag, list[Uitleg]]]:
    uitslagen = draai(werkbank, gevallen)
    uitleg = leg_uit(werkbank, zinnen, uitslagen)
    return [(uitslag, uitleg.get(index, [])) for index, uitslag in enumerate(uitslagen)]


def in_rego(v: Vergelijking) -> str:
    """The comparison as an officer would type it in a policy; not the way the program asks."""
    right = f"input.feiten.{v.ander_feit}" if v.ander_feit else json.dumps(v.waarden[0])
    left = f"input.feiten.{v.feit}"
    if v.operator in ("in", "not in"):
        text = f"{left} in {json.dumps(list(v.waarden))}"
        return text if v.operator == "in" else f"not {text}"
    return f"{left} {v.operator} {right}"


def gehaald(
    werkbank: Werkbank, found: Sequence[Vergelijking], rijen: Sequence[Mapping[str, Any]]
) -> list[set[int]]:
    """Of each row of facts the comparisons that hold, by their place in ``found``."""
    rules = "\n\n".join(f"gehaald contains {n} if {in_rego(v)}" for n, v in enumerate(found))
    asked = 'antwoord := [g | some rij in input.rijen; g := gehaald with input as {"feiten": rij}]'
    return [
        set(row) for row in werkbank.bereken(f"{rules}\n\n{asked}", "antwoord", {"rijen": rijen})
    ]


def anders(v: Vergelijking, feiten: Mapping[str, Any], feit: Mapping[str, Any]) -> list[Any]:
    """Values of the fact of ``v`` around what it asks."""
    if v.ander_feit:
        return _ernaast(feiten[v.ander_feit])
    if "enum" in feit:
        return list(feit["enum"])
    if feit["type"] == "boolean":
        return [True, False]
    return [w for constant in v.waarden for w in _ernaast(constant)] + ["0193", "0150"]


def _ernaast(waarde: Any) -> list[Any]:
    if isinstance(waarde, int):
        return [waarde - 1, waarde, waarde + 1, 3]
    try:
        dag = date.fromisoformat(waarde)
    except ValueError:
        return [waarde, f"{waarde}x"]
    return [str(dag + timedelta(days=n)) for n in (-1, 0, 1)]


@given(st.lists(TOEWIJZINGEN, min_size=4, max_size=8))
@settings(VAST, max_examples=12)
def test_elke_genoemde_voorwaarde_is_niet_gehaald_en_meer_is_niet_nodig(
    werkbank: Werkbank, zinnen: Zinnen, voorbeeld: Geval, toewijzingen: list[dict[str, Any]]
) -> None:
    """For every agreement at once: a case expects all of them."""
    regels = list(werkbank.gegevens.afspraken)
    gevallen = [
        replace(voorbeeld, toewijzing=toewijzing, verwacht={"uitkomst": "X", "regels": regels})
        for toewijzing in toewijzingen
    ]
    kan_gelden = werkbank.residuen().keys()
    te_zien = []
    for uitslag, uitleg in uitgelegd(werkbank, zinnen, gevallen):
        assert uitslag.besluit is not None
        gevonden = {b["regel"] for b in uitslag.besluit["bevindingen"]}
        over = [u for u in uitleg if u.over in regels and u.over not in gevonden]
        if uitslag.besluit["uitkomst"] not in ("ONGELDIGE_INVOER", "NIET_VAN_TOEPASSING"):
            # Each agreement that is missing is explained, once.
            assert sorted(u.over for u in over) == sorted(set(regels) - gevonden)
            for een in over:
                moet = een.over in kan_gelden and een.over not in ZONDER_VOORWAARDEN
                assert bool(een.redenen) == moet, een
        te_zien += [(uitslag.geval.toewijzing, een) for een in over if een.niet_gehaald]

    rijen = werkbank.feiten({str(n): toewijzing for n, (toewijzing, _) in enumerate(te_zien)})
    feiten = [rijen[str(n)] for n in range(len(te_zien))]
    alle = list(dict.fromkeys(v for _, een in te_zien for v in een.niet_gehaald))
    for (_, een), waar in zip(te_zien, gehaald(werkbank, alle, feiten), strict=True):
        assert not [v for v in een.niet_gehaald if alle.index(v) in waar]

    # With other values for the facts named, and those alone, the agreement does apply.
    soorten = schema(werkbank.root, "feiten")["properties"]["feiten"]["properties"]
    proeven = []
    for nummer, ((_, een), rij) in enumerate(zip(te_zien, feiten, strict=True)):
        namen = list(dict.fromkeys(v.feit for v in een.niet_gehaald))
        waarden = {
            naam: [
                waarde
                for v in een.niet_gehaald
                if v.feit == naam
                for waarde in anders(v, rij, soorten[naam])
            ]
            for naam in namen
        }
        for keuze in product(*(dict.fromkeys(waarden[naam]) for naam in namen)):
            proef = {**rij, **dict(zip(namen, keuze, strict=True))}
            proef["nieuw_of_verlenging"] |= proef["handeling"] in ("nieuw", "verlenging")
            proeven.append({"nummer": nummer, "regel": een.over, "feiten": proef})
        if len(proeven) > MEESTE_PROEVEN:  # the rest in another example
            te_zien = te_zien[: nummer + 1]
            break
    geldt = werkbank.bereken(
        "antwoord contains proef.nummer if {\n\tsome proef in input.proeven\n"
        f'\tproef.regel in data.{VAN_TOEPASSING} with input as {{"feiten": proef.feiten}}\n}}',
        "antwoord",
        {"proeven": proeven},
    )
    print(len(te_zien), len(proeven))
    assert not [een for nummer, (_, een) in enumerate(te_zien) if nummer not in geldt]


def test_met_eigen_tabellen_telt_de_eigen_datum(
    werkbank: Werkbank, zinnen: Zinnen, voorbeeld: Geval
) -> None:
    """B2-12 cannot apply without a day of contract; with one, that day is the reason."""
    midden = {"segment": "midden", "perspectief": "herstel", "profiel": 11}
    geval = replace(
        voorbeeld,
        toewijzing={
            "handeling": "nieuw",
            "gemeente": "0193",
            "toewijzingsdatum": "2022-02-28",
            "ingangsdatum": "2022-02-28",
            "product": midden,
        },
        verwacht={"uitkomst": "NIET_TOEGESTAAN", "regels": ["B2-12"]},
    )
    anders = replace(geval, gegevens={"crisisroute_gecontracteerd_per": "2022-03-01"})
    (_, zonder), (_, met) = uitgelegd(werkbank, zinnen, [geval, anders])
    assert zonder[0].kop.startswith("B2-12 kan met deze gegevens nooit gelden.")
    assert zonder[0].redenen == ()
    assert met[0].redenen == ("toewijzingsdatum 28-02-2022 ligt vóór 01-03-2022",)


AFWIJKING = {
    "gemeente": "0193",
    "regel": "B1-08",
    "van": "2021-06-01",
    "tot": "2021-06-30",
    "bron": "Proef",
    "vervalt": True,
}


@pytest.mark.parametrize(
    ("afwijkingen", "zin"),
    [
        ([], "B1-20 geldt niet: van deze gemeente staat er geen afwijking in de tabellen."),
        ([AFWIJKING], "B1-20 geldt niet: de afwijking van deze gemeente (B1-08) verandert hier"),
    ],
)
def test_waarom_geen_afwijking(
    werkbank: Werkbank, zinnen: Zinnen, voorbeeld: Geval, afwijkingen: list[Any], zin: str
) -> None:
    geval = replace(
        voorbeeld,
        toewijzing={**voorbeeld.toewijzing, "gemeente": "0193"},
        gegevens={"afwijkingen": afwijkingen} if afwijkingen else {},
        verwacht={"uitkomst": "X", "regels": ["B1-20"]},
    )
    ((_, uitleg),) = uitgelegd(werkbank, zinnen, [geval])
    assert any(een.kop.startswith(zin) for een in uitleg)


def test_wat_klopt_wordt_niet_uitgelegd(werkbank: Werkbank, zinnen: Zinnen, root: Path) -> None:
    gevallen, _ = lees_gevallen(root, [root / MAP / "algemeen" / "verkorting.yaml"])
    assert gevallen
    assert all(not uitleg for _, uitleg in uitgelegd(werkbank, zinnen, gevallen))
