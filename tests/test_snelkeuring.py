"""The quick yes of the client: never of what jsonschema refuses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clienthulp import BESLUIT, VALID
from uitfasering import validation
from uitfasering.snelkeuring import snelkeuring
from volledig import aantal

TOEWIJZING: dict[str, Any] = {
    **VALID,
    "toewijzingsdatum": "2021-11-24",
    "ingangsdatum": "2020-02-29",
    "einddatum": "2199-12-31",
    "product": {"categorie": "50", "code": "50H3B", "segment": "midden", "profiel": 12},
    "omvang": {"volume": 0, "eenheid": "04", "frequentie": "2"},
    "medicatiecontrole": False,
    "aanbieder": "12345678",
    "periode": {"begindatum": "2021-01-01", "einddatum": "2021-01-31"},
}
BEVINDING = {
    "regel": "B1-02a",
    "gevolg": "INFO",
    "norm": "informatie",
    "geadresseerde": "gemeente",
    "tekst": "t",
    "citaat": "c",
    "brief": "2021-05-06",
    "lezing": None,
    "oplossing": "o",
    "velden": ["product.code", "budget"],
}
OPNIEUW = {
    "segment": "top",
    "code": "50H3B",
    "ingangsdatum": "2022-01-01",
    "einddatum": "2022-12-31",
    "eenheden": ["04"],
}
VOLLEDIG = {**BESLUIT, "bevindingen": [BEVINDING, BEVINDING], "ontbreekt": ["code"]}
GELDIG: list[tuple[str, Any]] = [
    ("toewijzing", VALID),
    ("toewijzing", TOEWIJZING),
    ("besluit", BESLUIT),
    ("besluit", VOLLEDIG),
    ("besluit", {**VOLLEDIG, "voorstel": {"einddatum": "2022-12-31"}}),
    (
        "besluit",
        {
            **VOLLEDIG,
            "uiterste_einddatum": "2022-12-31",
            "voorstel": {
                "beeindigen": {"einddatum": "2021-12-31", "reden_wijziging": "01"},
                "opnieuw": OPNIEUW,
            },
        },
    ),
]


@pytest.mark.parametrize(("naam", "waarde"), GELDIG)
def test_what_is_plainly_valid_never_gets_to_jsonschema(
    naam: str, waarde: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(validation, "_validator")
    if naam == "toewijzing":
        assert validation.keur(waarde) == (waarde, [])
    else:
        assert validation.besluit_faults(waarde) == []


VOORSTEL = GELDIG[-1][1]
BIJNA: list[tuple[Any, str, Any]] = [
    (TOEWIJZING, "gemeente", "0193\n"),
    (TOEWIJZING, "gemeente", 193),
    (TOEWIJZING, "handeling", "NIEUW"),
    (TOEWIJZING, "einddatum", "2021-02-29"),
    (TOEWIJZING, "periode.begindatum", "20210101"),
    (TOEWIJZING, "product.profiel", 0),
    (TOEWIJZING, "product.profiel", 13),
    (TOEWIJZING, "product.profiel", True),
    (TOEWIJZING, "product.x", None),
    (TOEWIJZING, "product", []),
    (TOEWIJZING, "omvang", {"volume": 1, "eenheid": "04"}),
    (TOEWIJZING, "medicatiecontrole", 0),
    (VOORSTEL, "voorlopig", None),
    (VOORSTEL, "herkomst", ""),
    (VOORSTEL, "ontbreekt", {}),
    (VOORSTEL, "ontbreekt", ["x"]),
    (VOORSTEL, "bevindingen", [BEVINDING, {}]),
    (VOORSTEL, "uiterste_einddatum", "morgen"),
    (VOORSTEL, "voorstel", {}),
    (VOORSTEL, "voorstel.einddatum", "2022-12-31"),
    (VOORSTEL, "voorstel.opnieuw.eenheden", []),
]


@pytest.mark.parametrize(("geldig", "pad", "waarde"), BIJNA)
def test_what_is_nearly_valid_is_left_to_jsonschema(geldig: Any, pad: str, waarde: Any) -> None:
    naam = "toewijzing" if geldig is TOEWIJZING else "besluit"
    fout = copy.deepcopy(geldig)
    *weg, laatste = pad.split(".")
    plek = fout
    for stap in weg:
        plek = plek[stap]
    plek[laatste] = waarde
    assert not validation._validator(naam).is_valid(fout)
    assert not validation._plainly_valid(naam)(fout)


# What is nearly right, or right in another place.
WOORDEN = ["", " ", "0193", "0193\n", "٠١٩٣", "top", "TOP", "2021-02-29", "2021-11-24", "20211124"]
waarden = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 14) | st.sampled_from([99_999_999, 100_000_000, 10**400]),
    st.sampled_from([0.0, 1.0, 1.5, float("nan"), float("inf")]),
    st.sampled_from([*WOORDEN, "2021-W01-1", "1899-12-31", "x" * 6, "B1-02", "01", "\ud800"]),
    st.text(max_size=4),
    st.sampled_from([[], {}, ["04", "04"], ["05"], [1], {"einddatum": "2022-12-31"}, OPNIEUW]),
).map(copy.deepcopy)


def plaatsen(waarde: Any, pad: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something can be replaced: every field and item, however deep."""
    inner = list(waarde.items()) if isinstance(waarde, dict) else []
    inner = list(enumerate(waarde)) if isinstance(waarde, list) else inner
    return [pad, *(plek for sleutel, een in inner for plek in plaatsen(een, (*pad, sleutel)))]


@st.composite
def veranderd(draw: st.DrawFn) -> tuple[str, Any]:
    """Something valid with a value replaced, a field gone or a field too many, once or twice."""
    naam, waarde = draw(st.sampled_from(GELDIG))
    waarde = copy.deepcopy(waarde)
    for _ in range(draw(st.integers(1, 2))):
        *pad, laatste = draw(st.sampled_from([p for p in plaatsen(waarde) if p]))
        plek = waarde
        for stap in pad:
            plek = plek[stap]
        daad = draw(st.sampled_from(["vervang", "weg", "erbij"]))
        if daad == "weg":
            del plek[laatste]
        elif daad == "erbij" and isinstance(plek, dict):
            plek[draw(st.sampled_from(["x", "code", "einddatum", "lezing"]))] = draw(waarden)
        else:
            plek[laatste] = draw(waarden)
    return naam, waarde


@settings(max_examples=aantal(400, 5_000), deadline=None)
@given(veranderd())
def test_a_yes_is_also_a_yes_of_jsonschema(geval: tuple[str, Any]) -> None:
    naam, waarde = geval
    if validation._plainly_valid(naam)(waarde):
        assert validation._validator(naam).is_valid(waarde)


def test_a_keyword_that_it_does_not_know_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="multipleOf"):
        snelkeuring({"type": "integer", "multipleOf": 2})
