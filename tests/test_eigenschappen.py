"""What holds for every input, tried with hypothesis against a real OPA."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opa_vraag import Json, regels, vraag, vraag_alle, vraag_lijst
from strategieen import (
    ALLES,
    DATUMS,
    LOOPT_LANG_DOOR,
    MET_EINDDATUM,
    SCHEMA,
    TOEWIJZINGEN,
    VAN_TOP,
    VAST,
    zonder,
)

# Contract §3, heaviest first; the last two are no uitkomst.
ZWAARTE = [
    "ONGELDIGE_INVOER",
    "NIET_VAN_TOEPASSING",
    "NIET_TOEGESTAAN",
    "HANDMATIG",
    "OMZETTEN",
    "AFSTEMMEN",
    "AFLOPEN",
    "TOEGESTAAN",
    "ADVIES",
    "INFO",
]


@pytest.fixture(scope="module")
def toets(root: Path) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads((root / "schemas" / "besluit.json").read_text()))


# The answer as a whole.


@VAST
@given(items=st.dictionaries(st.text(max_size=6), ALLES, max_size=5))
def test_altijd_een_besluit_per_kenmerk(
    opa_url: str, toets: jsonschema.Draft7Validator, items: dict[str, Any]
) -> None:
    """Keys out are keys in; each besluit is valid; what one item is does not touch another."""
    besluiten = vraag_alle(opa_url, items)  # the same keys, or it fails there
    for kenmerk, waarde in items.items():
        toets.validate(besluiten[kenmerk])
        assert besluiten[kenmerk] == vraag(opa_url, waarde)


@VAST
@given(toewijzing=TOEWIJZINGEN)
def test_goede_invoer_is_geen_fout(opa_url: str, toewijzing: Json) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(toewijzing)
    assert vraag(opa_url, toewijzing)["uitkomst"] != "ONGELDIGE_INVOER"


@VAST
@given(items=st.dictionaries(st.text(max_size=4), ALLES, max_size=5), seed=st.integers(0, 99))
def test_volgorde_doet_er_niet_toe(opa_url: str, items: dict[str, Any], seed: int) -> None:
    """Neither that of the items, nor that of the fields."""

    def schud(waarde: Any) -> Any:
        if not isinstance(waarde, dict):
            return waarde
        paren = list(waarde.items())
        random.Random(seed).shuffle(paren)
        return {naam: schud(deel) for naam, deel in paren}

    assert vraag_alle(opa_url, schud(items)) == vraag_alle(opa_url, items)


@VAST
@given(waarde=ALLES)
def test_gewogen_en_gesorteerd(opa_url: str, waarde: Any) -> None:
    """Contract §3: the heaviest gevolg is the uitkomst; heaviest first, then regel, then velden."""
    besluit = vraag(opa_url, waarde)
    bevindingen = besluit["bevindingen"]
    gevolgen = [b["gevolg"] for b in bevindingen if b["gevolg"] not in ("ADVIES", "INFO")]
    assert besluit["uitkomst"] == min([*gevolgen, "TOEGESTAAN"], key=ZWAARTE.index)
    volgorde = [(ZWAARTE.index(b["gevolg"]), b["regel"], b["velden"]) for b in bevindingen]
    assert volgorde == sorted(volgorde)
    if besluit["uitkomst"] in ("ONGELDIGE_INVOER", "NIET_VAN_TOEPASSING"):
        assert {b["gevolg"] for b in bevindingen} == {besluit["uitkomst"]}
        rest = {naam: besluit[naam] for naam in ("ontbreekt", "voorstel", "uiterste_einddatum")}
        assert rest == {"ontbreekt": [], "voorstel": None, "uiterste_einddatum": None}
    assert besluit["voorlopig"] == ("B2-12a" in regels(besluit))
    assert besluit["ontbreekt"] == sorted(set(besluit["ontbreekt"]))
    assert bool(besluit["ontbreekt"]) == ("A-03" in regels(besluit))


# One field changed: what must, and what must not follow from it.


@VAST
@given(toewijzing=MET_EINDDATUM, dagen=st.integers(1, 800))
def test_een_latere_einddatum_lost_niets_op(opa_url: str, toewijzing: Json, dagen: int) -> None:
    """What is too long stays too long when it gets longer, or open-ended."""
    # Not B2-13: an open end is read otherwise there.
    te_lang = {"B1-15", "B1-15a", "B1-16", "B1-16b", "B1-18b", "B1-19c", "B1-19d", "B2-11b"}
    later = date.fromisoformat(toewijzing["einddatum"]) + timedelta(days=dagen)
    varianten = [
        toewijzing,
        {**toewijzing, "einddatum": later.isoformat()},
        zonder(toewijzing, "einddatum"),
    ]
    eerst, langer, open_eind = (set(regels(b)) & te_lang for b in vraag_lijst(opa_url, varianten))
    assert eerst <= langer <= open_eind


def _de_dag_na(dag: str) -> str:
    return (date.fromisoformat(dag) + timedelta(days=1)).isoformat()


@VAST
@given(toewijzing=VAN_TOP)
def test_de_uiterste_einddatum_is_de_laatste_die_mag(opa_url: str, toewijzing: Json) -> None:
    uiterste = vraag(opa_url, toewijzing)["uiterste_einddatum"]
    assume(uiterste is not None)
    op, erna = vraag_lijst(
        opa_url,
        [{**toewijzing, "einddatum": uiterste}, {**toewijzing, "einddatum": _de_dag_na(uiterste)}],
    )
    assert op["uiterste_einddatum"] == erna["uiterste_einddatum"] == uiterste
    assert not {"B1-15", "B1-16"} & set(regels(op))
    assert "gemotiveerd" not in op["ontbreekt"]
    assert {"B1-15", "B1-16"} & set(regels(erna)) or "gemotiveerd" in erna["ontbreekt"]


@VAST
@given(toewijzing=LOOPT_LANG_DOOR)
def test_wie_het_voorstel_volgt_is_klaar(opa_url: str, toewijzing: Json) -> None:
    """A proposed einddatum is not proposed again, and takes away what asked for it."""
    vragend = {"B1-16b", "B1-18b", "B1-19c", "B1-19d", "B2-05c", "B2-11b"}
    eerst = vraag(opa_url, toewijzing)
    voorstel = eerst["voorstel"]
    assume(voorstel is not None and "einddatum" in voorstel)
    assert vragend & set(regels(eerst))
    dan = vraag(opa_url, {**toewijzing, **voorstel})
    assert not vragend & set(regels(dan))
    assert dan["voorstel"] != voorstel


@VAST
@given(toewijzing=VAN_TOP)
def test_afgestemd_met_gezinsplan_vraagt_niet_om_afstemmen(opa_url: str, toewijzing: Json) -> None:
    geregeld = {**toewijzing, "afgestemd": True, "gezinsplan": "niet_nodig"}
    zonder_, met_ = vraag_lijst(opa_url, [toewijzing, geregeld])
    assert all(b["gevolg"] != "AFSTEMMEN" for b in met_["bevindingen"])
    assert ZWAARTE.index(met_["uitkomst"]) >= ZWAARTE.index(zonder_["uitkomst"])


@VAST
@given(toewijzing=TOEWIJZINGEN, dag=DATUMS)
def test_wat_niet_meetelt_verandert_niets(opa_url: str, toewijzing: Json, dag: str) -> None:
    """factuurdatum never; periode only for a declaratie; aanbieder only with codes of its own."""
    anders = {**toewijzing, "factuurdatum": dag}
    if toewijzing["handeling"] != "declaratie":
        anders["periode"] = {"begindatum": dag, "einddatum": dag}
    anders["aanbieder"] = "24681357"  # no aanbieder of the catalogue
    kaal = zonder(zonder(toewijzing, "factuurdatum"), "aanbieder")
    if kaal["handeling"] != "declaratie":
        kaal = zonder(kaal, "periode")
    een, ander = vraag_lijst(opa_url, [kaal, anders])
    assert een == ander


@VAST
@given(toewijzing=TOEWIJZINGEN)
def test_een_heel_getal_is_een_heel_getal(opa_url: str, toewijzing: Json) -> None:
    """5.0 is 5."""

    def kommagetal(waarde: Any) -> Any:
        if isinstance(waarde, dict):
            return {naam: kommagetal(deel) for naam, deel in waarde.items()}
        return float(waarde) if type(waarde) is int else waarde

    een, ander = vraag_lijst(opa_url, [toewijzing, kommagetal(toewijzing)])
    assert een == ander


@VAST
@given(toewijzing=TOEWIJZINGEN)
def test_verkorting_mag_altijd(opa_url: str, toewijzing: Json) -> None:
    """Contract §4: `verkorting` fires nothing but A-00 and A-01."""
    besluit = vraag(opa_url, {**toewijzing, "handeling": "verkorting"})
    verwacht = (
        ("NIET_VAN_TOEPASSING", ["A-01"])
        if toewijzing["gemeente"] == "0363"
        else ("TOEGESTAAN", [])
    )
    assert (besluit["uitkomst"], regels(besluit)) == verwacht
