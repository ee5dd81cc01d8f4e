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
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from strategieen import TOEWIJZINGEN, VAST
from uitfasering.gegevens import schema
from uitfasering.paths import project_root
from uitfasering.residu import Vergelijking
from uitfasering.toets.gevallen import MAP, Geval, lees_gevallen
from uitfasering.toets.uitvoeren import Uitslag, draai
from uitfasering.toets.waarom import Uitleg, leg_uit
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import lees
from volledig import aantal

# Not a condition on facts: what a deviation did, and whether the input is valid.
ZONDER_VOORWAARDEN = {"A-00", "B1-20"}
FEITEN = schema(project_root(), "feiten")["properties"]["feiten"]["properties"]
VAN_TOEPASSING = "uitfasering.afspraken.van_toepassing"


class Opstelling:
    """A werkbank, the words, and a case to change; without a repr of all tables in a failure."""

    def __init__(self, werkbank: Werkbank) -> None:
        self.werkbank = werkbank
        self.zinnen = lees(werkbank.root, werkbank.gegevens)
        gevallen, _ = lees_gevallen(werkbank.root, [werkbank.root / MAP / "brief-2021-05-06"])
        self.voorbeeld = next(geval for geval in gevallen if not geval.gegevens)

    def uitgelegd(self, gevallen: Sequence[Geval]) -> list[tuple[Uitslag, list[Uitleg]]]:
        uitslagen = draai(self.werkbank, gevallen)
        uitleg = leg_uit(self.werkbank, self.zinnen, uitslagen)
        return [(uitslag, uitleg.get(index, [])) for index, uitslag in enumerate(uitslagen)]


@pytest.fixture(scope="module")
def opstelling(root: Path) -> Iterator[Opstelling]:
    with Werkbank(root) as opened:
        yield Opstelling(opened)


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


def verbeterd(
    te_zien: Sequence[tuple[Uitleg, Mapping[str, Any]]], werkbank: Werkbank
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The facts with other values, for which all comparisons of an explanation hold."""
    paren: dict[tuple[Vergelijking, str], None] = {}
    for uitleg, rij in te_zien:
        for v in uitleg.niet_gehaald:
            paren.update(
                {(v, json.dumps({**_deel(v, rij), v.feit: w})): None for w in kandidaten(v, rij)}
            )
    found = list(dict.fromkeys(v for v, _ in paren))
    rows = [json.loads(row) for _, row in paren]
    held = gehaald(werkbank, found, rows)
    goed: dict[tuple[Vergelijking, Any], list[Any]] = {}
    for (v, _), row, holds in zip(paren, rows, held, strict=True):
        if found.index(v) in holds:
            goed.setdefault((v, row.get(v.ander_feit)), []).append(row[v.feit])
    for nummer, (uitleg, rij) in enumerate(te_zien):
        per_feit: dict[str, list[list[Any]]] = {}
        for v in uitleg.niet_gehaald:
            ander = rij[v.ander_feit] if v.ander_feit else None
            per_feit.setdefault(v.feit, []).append(goed.get((v, ander), []))
        waarden = [
            [w for w in lijsten[0] if all(w in lijst for lijst in lijsten)][:3]
            for lijsten in per_feit.values()
        ]
        for keuze in product(*waarden):
            proef = {**rij, **dict(zip(per_feit, keuze, strict=True))}
            proef["nieuw_of_verlenging"] |= proef["handeling"] in ("nieuw", "verlenging")
            yield nummer, proef


def _deel(v: Vergelijking, rij: Mapping[str, Any]) -> dict[str, Any]:
    return {feit: rij[feit] for feit in v.feiten}


def kandidaten(v: Vergelijking, rij: Mapping[str, Any]) -> list[Any]:
    """Values of the fact of ``v`` on, before and after what it asks."""
    if v.ander_feit:
        return _ernaast(rij[v.ander_feit])
    feit = FEITEN[v.feit]
    if feit["type"] == "boolean":
        return [True, False]
    return feit.get("enum") or [w for constant in v.waarden for w in _ernaast(constant)]


def _ernaast(waarde: Any) -> list[Any]:
    if isinstance(waarde, int):
        return [waarde - 1, waarde, waarde + 1, 3]
    try:
        dag = date.fromisoformat(waarde)
    except ValueError:
        return [waarde, f"{waarde}x"]
    return [str(dag + timedelta(days=n)) for n in (-1, 0, 1)]


@given(st.lists(TOEWIJZINGEN, min_size=3, max_size=6))
@settings(VAST, max_examples=aantal(3, 8), phases=[Phase.generate])  # shrinking takes minutes
def test_elke_genoemde_voorwaarde_is_niet_gehaald_en_meer_is_niet_nodig(
    opstelling: Opstelling, toewijzingen: list[dict[str, Any]]
) -> None:
    """For every agreement at once: a case expects all of them."""
    werkbank, voorbeeld = opstelling.werkbank, opstelling.voorbeeld
    regels = list(werkbank.gegevens.afspraken)
    gevallen = [
        replace(voorbeeld, toewijzing=toewijzing, verwacht={"uitkomst": "X", "regels": regels})
        for toewijzing in toewijzingen
    ]
    kan_gelden = werkbank.residuen().keys()
    te_zien = []
    for uitslag, uitleg in opstelling.uitgelegd(gevallen):
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
    proeven = [
        {"nummer": nummer, "regel": te_zien[nummer][1].over, "feiten": proef}
        for nummer, proef in verbeterd(
            [(een, rij) for (_, een), rij in zip(te_zien, feiten, strict=True)], werkbank
        )
    ]
    geldt = werkbank.bereken(
        "antwoord contains proef.nummer if {\n\tsome proef in input.proeven\n"
        f'\tproef.regel in data.{VAN_TOEPASSING} with input as {{"feiten": proef.feiten}}\n}}',
        "antwoord",
        {"proeven": proeven},
    )
    assert not [een for nummer, (_, een) in enumerate(te_zien) if nummer not in geldt]


def test_met_eigen_tabellen_telt_de_eigen_datum(opstelling: Opstelling) -> None:
    """B2-12 cannot apply without a day of contract; with one, that day is the reason."""
    midden = {"segment": "midden", "perspectief": "herstel", "profiel": 11}
    geval = replace(
        opstelling.voorbeeld,
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
    (_, zonder), (_, met) = opstelling.uitgelegd([geval, anders])
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
def test_waarom_geen_afwijking(opstelling: Opstelling, afwijkingen: list[Any], zin: str) -> None:
    geval = replace(
        opstelling.voorbeeld,
        toewijzing={**opstelling.voorbeeld.toewijzing, "gemeente": "0193"},
        gegevens={"afwijkingen": afwijkingen} if afwijkingen else {},
        verwacht={"uitkomst": "X", "regels": ["B1-20"]},
    )
    ((_, uitleg),) = opstelling.uitgelegd([geval])
    assert any(een.kop.startswith(zin) for een in uitleg)


def test_wat_klopt_wordt_niet_uitgelegd(opstelling: Opstelling, root: Path) -> None:
    gevallen, _ = lees_gevallen(root, [root / MAP / "algemeen" / "verkorting.yaml"])
    assert gevallen
    assert all(not uitleg for _, uitleg in opstelling.uitgelegd(gevallen))
