"""What a finding advises, where following it blindly would lead into the next refusal."""

from typing import Any

import pytest

from opa_vraag import vraag

DUURZAAM = {
    "handeling": "verlenging",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-12-01",
    "ingangsdatum": "2021-12-15",
    "einddatum": "2022-06-30",
    "product": {"code": "50D2A"},
}


def oplossing(besluit: dict[str, Any], regel: str) -> str:
    (found,) = (b["oplossing"] for b in besluit["bevindingen"] if b["regel"] == regel)
    return str(found)


@pytest.mark.parametrize(("medicatie", "code"), [(True, "54002"), (False, "50TJ1")])
def test_vervolg_op_een_verlenging_in_2021_begint_in_2022(
    opa_url: str, medicatie: bool, code: str
) -> None:
    """Contract §4.3, B2-06: from 2022 medication control is on 54002 only."""
    besluit = vraag(opa_url, {**DUURZAAM, "medicatiecontrole": medicatie})
    assert f"productcode is {code}" in oplossing(besluit, "B2-05c")


def test_te_lang_en_te_laat_samen(opa_url: str) -> None:
    """B1-15 and B1-16: shortening is named first, and with the day that both allow."""
    besluit = vraag(
        opa_url,
        {
            "handeling": "nieuw",
            "gemeente": "0193",
            "toewijzingsdatum": "2022-02-01",
            "ingangsdatum": "2022-03-01",
            "einddatum": "2023-12-31",
            "product": {"segment": "top", "zorgvorm": "anders"},
            "gemotiveerd": False,
        },
    )
    assert besluit["uiterste_einddatum"] == "2022-12-31"
    assert "tot en met 31 december 2022" in oplossing(besluit, "B1-15")
    assert "uiterlijk 31 december 2022" in oplossing(besluit, "B1-16")


def test_contacten_staan_in_de_oplossing(opa_met: Any) -> None:
    url = opa_met(
        {
            "contacten": {"contractmanagement": "038-1234567"},
            "lokale_toegang": {"0193": "toegang@voorbeeld.invalid"},
        }
    )
    besluit = vraag(
        url, {**DUURZAAM, "product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 2}}
    )
    assert "Contractmanagement: 038-1234567." in oplossing(besluit, "B2-05c")
    huisarts = vraag(
        url,
        {
            **DUURZAAM,
            "einddatum": "2022-03-01",
            "product": {"segment": "top", "zorgvorm": "lvb"},
            "verwijzer": "02",
        },
    )
    assert "de lokale toegang van Zwolle (toegang@voorbeeld.invalid)" in oplossing(
        huisarts, "B1-11"
    )
