"""Unknown is not "no", for every input.

Contract §4.4: "A missing field never counts as 'no objection' and never as a refusal of its own".
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opa_vraag import Json, regels, vraag, vraag_alle
from strategieen import TOEWIJZINGEN, VAST, met, zonder
from volledig import aantal

WAARDEN: dict[str, list[Any]] = {
    "perspectief": ["herstel", "duurzaam"],
    "profiel": [1, 11, 12],
    "zorgvorm": ["ggz", "jeugd_en_opvoedhulp", "lvb", "anders"],
    "verwijzer": ["01", "02", "03", "04", "05", "06", "08"],
    "omvang": [
        {"volume": volume, "eenheid": "01", "frequentie": "6"}
        for volume in (0, 250, 400, 2000, 4000, 4001)
    ],
    "gemotiveerd": [True, False],
    "medicatiecontrole": [True, False],
    "code": ["54002", "ZZZZZ"],
}
NIET_OPENLATEN = ("NIET_TOEGESTAAN", "HANDMATIG", "OMZETTEN", "AFSTEMMEN")


def laat_het_contract_open(veld: str, t: Json, waarde: Any) -> str:
    """Where §4.4 does not name a field, though a value of it would have stopped this toewijzing.

    These are gaps of the contract, found by this test and reported; "" is none of them.
    """
    p, i, e = t["toewijzingsdatum"], t["ingangsdatum"], t.get("einddatum")
    na_2022 = max(p, i) >= "2022-01-01"
    if veld == "medicatiecontrole" and waarde is True and na_2022:
        # Asked only for top, GGZ, with 250 or 400 minutes; B2-06, B2-09 and B2-03c go further.
        return "medicatiecontrole"
    if veld == "profiel" and waarde in (11, 12):
        # B2-13 looks at P, I and E; the row of profiel not at E, and for herstel not at I.
        perspectief = t.get("product", {}).get("perspectief")
        if (e or "") > "2022-12-31" and max(p, i) < "2022-01-01":
            return "profiel: einddatum na 2022"
        if perspectief == "herstel" and p < "2021-05-01":
            return "profiel: herstel van voor mei 2021"
    minuten = (waarde if veld == "omvang" else t.get("omvang", {})) or {}
    if na_2022 and "medicatiecontrole" not in t and minuten.get("eenheid") in ("01", "04"):
        # 250 or 400 minutes ask for medicatiecontrole; who leaves omvang or zorgvorm out, is not.
        if veld == "omvang":
            return "omvang: dan medicatiecontrole"
        if veld == "zorgvorm" and waarde == "ggz" and p < "2021-05-01":
            return "zorgvorm: dan medicatiecontrole"
    return ""


@settings(VAST, max_examples=aantal(200, 700))
@given(toewijzing=TOEWIJZINGEN, veld=st.sampled_from(sorted(WAARDEN)))
def test_onbekend_is_geen_akkoord_en_geen_weigering(
    opa_url: str, toewijzing: Json, veld: str
) -> None:
    """With the other fields the same: what one value would stop is not let through without it.

    And what is refused without the field is refused, by that same regel, with each value of it.
    """
    leeg = zonder(toewijzing, veld)
    if veld == "omvang":
        leeg = zonder(leeg, "budget")
    vragen = {json.dumps(waarde): met(leeg, veld, waarde) for waarde in WAARDEN[veld]}
    besluiten = vraag_alle(opa_url, {"": leeg, **vragen})
    zonder_veld = besluiten.pop("")
    assume(zonder_veld["uitkomst"] != "NIET_VAN_TOEPASSING")
    for waarde, besluit in besluiten.items():
        if "A-04" in set(regels(besluit)) ^ set(regels(zonder_veld)):
            continue  # another product: not the same question
        if veld == "code" and waarde == '"54002"' and not _is_top_ggz(leeg):
            continue
        if zonder_veld["uitkomst"] in ("TOEGESTAAN", "AFLOPEN"):
            gat = laat_het_contract_open(veld, leeg, json.loads(waarde))
            assert gat or besluit["uitkomst"] not in NIET_OPENLATEN, (leeg, waarde)
        assert _weigeringen(zonder_veld) <= _weigeringen(besluit), (leeg, waarde)


def _is_top_ggz(t: Json) -> bool:
    product = t.get("product", {})
    return (product.get("segment"), product.get("zorgvorm")) == ("top", "ggz")


def _weigeringen(besluit: Json) -> set[str]:
    return {b["regel"] for b in besluit["bevindingen"] if b["gevolg"] == "NIET_TOEGESTAAN"}


GATEN: dict[str, tuple[Json, Json, str, Any, str]] = {
    "medicatiecontrole": (
        {"toewijzingsdatum": "2022-01-01", "ingangsdatum": "2022-01-01", "einddatum": "2022-06-30"},
        {"segment": "midden", "perspectief": "herstel", "profiel": 12, "code": "ZZZZZ"},
        "medicatiecontrole",
        True,
        "NIET_TOEGESTAAN",
    ),
    "profiel: einddatum na 2022": (
        {"toewijzingsdatum": "2021-06-01", "ingangsdatum": "2021-06-01", "einddatum": "2023-01-01"},
        {"segment": "midden", "perspectief": "duurzaam"},
        "profiel",
        12,
        "HANDMATIG",
    ),
    "profiel: herstel van voor mei 2021": (
        {"toewijzingsdatum": "2021-04-30", "ingangsdatum": "2023-01-01"},
        {"segment": "midden", "perspectief": "herstel"},
        "profiel",
        12,
        "HANDMATIG",
    ),
    "omvang: dan medicatiecontrole": (
        {"toewijzingsdatum": "2021-04-30", "ingangsdatum": "2022-01-01", "einddatum": "2022-06-30"},
        {"segment": "top", "zorgvorm": "ggz"},
        "omvang",
        {"volume": 250, "eenheid": "01", "frequentie": "6"},
        "HANDMATIG",
    ),
    "zorgvorm: dan medicatiecontrole": (
        {
            "toewijzingsdatum": "2021-04-30",
            "ingangsdatum": "2022-01-01",
            "einddatum": "2022-06-30",
            "omvang": {"volume": 250, "eenheid": "01", "frequentie": "6"},
        },
        {"segment": "top"},
        "zorgvorm",
        "ggz",
        "HANDMATIG",
    ),
}


@pytest.mark.parametrize("gat", GATEN)
def test_gaten_van_het_contract(opa_url: str, gat: str) -> None:
    """The gaps above are there, as the contract's table has them; a test that turns red is good
    news, and then laat_het_contract_open has one line too many."""
    velden, product, veld, waarde, met_waarde = GATEN[gat]
    toewijzing = {"handeling": "nieuw", "gemeente": "0193", **velden, "product": product}
    assert laat_het_contract_open(veld, toewijzing, waarde) == gat
    assert vraag(opa_url, toewijzing)["uitkomst"] == "TOEGESTAAN"
    assert vraag(opa_url, met(toewijzing, veld, waarde))["uitkomst"] == met_waarde
