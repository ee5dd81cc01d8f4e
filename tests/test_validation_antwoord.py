"""The quick yes, here to an answer of OPA: never to what jsonschema refuses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clienthulp import BESLUIT
from uitfasering import validation
from volledig import aantal

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
VOLLEDIG: dict[str, Any] = {
    **BESLUIT,
    "bevindingen": [BEVINDING, BEVINDING],
    "ontbreekt": ["code"],
    "uiterste_einddatum": "2022-12-31",
    "voorstel": {
        "beeindigen": {"einddatum": "2021-12-31", "reden_wijziging": "10"},
        "opnieuw": OPNIEUW,
    },
}
GELDIG = [BESLUIT, VOLLEDIG, {**VOLLEDIG, "voorstel": {"einddatum": "2022-12-31"}}]


@pytest.mark.parametrize("besluit", GELDIG)
def test_a_good_answer_never_gets_to_jsonschema(
    besluit: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(validation, "_validator")
    assert validation.besluit_faults(besluit) == []


# What is nearly right, or right in another place; all that json.loads can give.
WOORDEN = ["", " ", "top", "TOP", "2021-02-29", "2022-12-31\n", "B1-02", "01", "\ud800"]
waarden = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 10**400, 0.0, 1.5, float("nan"), float("inf")]),
    st.sampled_from(WOORDEN),
    st.text(max_size=4),
    st.sampled_from([[], {}, ["04", "04"], [1], {"einddatum": "2022-12-31"}, OPNIEUW]),
).map(copy.deepcopy)


def plaatsen(waarde: Any, pad: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something can be replaced: every field and item, however deep."""
    inner = list(waarde.items()) if isinstance(waarde, dict) else []
    inner = list(enumerate(waarde)) if isinstance(waarde, list) else inner
    return [pad, *(plek for sleutel, een in inner for plek in plaatsen(een, (*pad, sleutel)))]


@st.composite
def veranderd(draw: st.DrawFn) -> Any:
    """An answer with a value replaced, a field gone or a field too many."""
    besluit = copy.deepcopy(draw(st.sampled_from(GELDIG)))
    *pad, laatste = draw(st.sampled_from([p for p in plaatsen(besluit) if p]))
    plek = besluit
    for stap in pad:
        plek = plek[stap]
    daad = draw(st.sampled_from(["vervang", "weg", "erbij"]))
    if daad == "weg":
        del plek[laatste]
    elif daad == "erbij" and isinstance(plek, dict):
        plek[draw(st.sampled_from(["x", "code", "einddatum", "lezing"]))] = draw(waarden)
    else:
        plek[laatste] = draw(waarden)
    return besluit


@settings(max_examples=aantal(300, 5_000), deadline=None)
@given(veranderd())
def test_it_finds_a_fault_exactly_where_jsonschema_does(besluit: Any) -> None:
    right = validation._validator("besluit").is_valid(besluit)
    assert (validation.besluit_faults(besluit) == []) == right
