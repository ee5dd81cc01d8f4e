"""B1-20 by hand: deviations together, and their own numbers in the texts (contract §6).

The cases of one deviation stand in tests/gevallen/brief-2021-05-06/b1-20-*.yaml, generated inputs
in test_afwijkingen_verzonnen.py.
"""

from __future__ import annotations

import pytest

from afwijkingenbouw import PERIODE, afwijking, gemelde_afwijkingen
from conftest import OpaMet
from opa_vraag import Json, vraag

EINDE_2023 = {"einddatum": "2023-06-30"}

# Two years at most, and until 30 June 2023.

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
