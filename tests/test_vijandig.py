"""Hostile input to the bare entry points: always a besluit, and what is broken is refused."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from opa_vraag import (
    BESLUIT,
    BESLUITEN,
    GOED,
    QUERY,
    Json,
    post,
    resultaat,
    samenvatting,
    vraag,
    vraag_alle,
    vraag_lijst,
)
from orakel import genereer, vijandig
from orakel.invoer import GROEPEN, VELDEN, fouten
from volledig import aantal

RAAR = [
    "",
    " ",
    ".",
    "..",
    "a.b",
    "[0]",
    "*",
    "/",
    "~1",
    "$ref",
    'aan"haling',
    "ap'ostrof",
    "terug\\schuin",
    "regel\neinde",
    "nul\u0000teken",
    "__proto__",
    "constructor",
    "input",
    "toewijzingen",
    "besluit",
    "true",
    "null",
    "1",
    "1.0",
    "é",
    "e\u0301",
    "\u202eomgekeerd",
    "🧒🏽",
    "中文",
    "\ufeff",
    "\uffff",
    "k" * 100_000,
]


@pytest.fixture(scope="module")
def toets(root: Path) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads((root / "schemas" / "besluit.json").read_text()))


def test_vijandig_in_pakketten(opa_url: str, toets: jsonschema.Draft7Validator) -> None:
    in_pakketten(opa_url, toets, aantal(4_000, 18_000), seed=1)


def test_vijandig_een_voor_een(opa_url: str, toets: jsonschema.Draft7Validator) -> None:
    een_voor_een(opa_url, toets, aantal(500, 2_000), seed=2)


@pytest.mark.zwaar
def test_vijandig_100_000(opa_url: str, toets: jsonschema.Draft7Validator) -> None:
    in_pakketten(opa_url, toets, 90_000, seed=3)
    een_voor_een(opa_url, toets, 10_000, seed=4)


def in_pakketten(url: str, toets: jsonschema.Draft7Validator, hoeveel: int, seed: int) -> None:
    def een_pakket(nummer: int) -> None:
        rng = random.Random(f"{seed}/{nummer}")
        items = {_kenmerk(rng, i): _invoer(rng) for i in range(250)}
        besluiten = vraag_alle(url, items, query=QUERY[nummer % 2])
        for kenmerk, waarde in items.items():
            _controleer(waarde, besluiten[kenmerk])
        toets.validate(besluiten[min(items)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(een_pakket, range(hoeveel // 250)))


def een_voor_een(url: str, toets: jsonschema.Draft7Validator, hoeveel: int, seed: int) -> None:
    def een(nummer: int) -> None:
        rng = random.Random(f"{seed}/{nummer}")
        waarde = _invoer(rng)
        besluit = vraag(url, waarde, query=QUERY[nummer % 2])
        _controleer(waarde, besluit)
        if nummer % 20 == 0:
            toets.validate(besluit)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(een, range(hoeveel)))


def _invoer(rng: random.Random) -> object:
    """One in eight may well be right, so that right input among wrong is seen too."""
    return genereer(rng, {}) if rng.random() < 0.125 else vijandig(rng)


def _kenmerk(rng: random.Random, nummer: int) -> str:
    """Another one for each number; half of them strange."""
    return f"{rng.choice(RAAR[:-1])}#{nummer}" if rng.random() < 0.5 else str(nummer)


def _controleer(waarde: object, besluit: Json) -> None:
    verwacht = fouten(waarde)
    gekregen = samenvatting(besluit)
    as_sent = json.dumps(waarde)[:2000]
    if verwacht:
        assert gekregen == {
            "uitkomst": "ONGELDIGE_INVOER",
            "ontbreekt": [],
            "uiterste_einddatum": None,
            "voorstel": None,
            "voorlopig": False,
            "regels": ["A-00"] * len(verwacht),
            "foutvelden": verwacht,
        }, as_sent
    else:
        assert gekregen["uitkomst"] != "ONGELDIGE_INVOER", as_sent
        assert gekregen["foutvelden"] == [], as_sent


@pytest.mark.parametrize("query", QUERY, ids=["strikt", "gewoon"])
def test_rare_kenmerken(opa_url: str, query: str) -> None:
    """Keys out are keys in, and the answer does not depend on the key."""
    items: dict[str, object] = {key: GOED if i % 2 else {} for i, key in enumerate(RAAR)}
    besluiten = vraag_alle(opa_url, items, query=query)
    goed, leeg = vraag(opa_url, GOED), vraag(opa_url, {})
    assert goed["uitkomst"] == "TOEGESTAAN"
    for key, toewijzing in items.items():
        assert besluiten[key] == (goed if toewijzing else leeg), key[:20]


@pytest.mark.parametrize("query", QUERY, ids=["strikt", "gewoon"])
@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"input": null}',
        '{"input": []}',
        '{"input": "toewijzingen"}',
        '{"input": 1}',
        '{"input": true}',
        '{"input": {}}',
        '{"input": {"toewijzing": {}}}',
        '{"input": {"toewijzingen": null}}',
        '{"input": {"toewijzingen": false}}',
        '{"input": {"toewijzingen": 0}}',
        '{"input": {"toewijzingen": "{}"}}',
        '{"input": {"toewijzingen": []}}',
        '{"input": {"toewijzingen": [{"handeling": "nieuw"}]}}',
        "",
        "null",
        '{"niet": "input"}',
    ],
)
def test_geen_toewijzing_of_toewijzingen(opa_url: str, body: str, query: str) -> None:
    """Contract §1: one besluit under the key "", and for one toewijzing the whole is at fault."""
    besluiten = resultaat(post(opa_url, BESLUITEN + query, body))
    assert list(besluiten) == [""]
    besluit = resultaat(post(opa_url, BESLUIT + query, body))
    for een in (besluiten[""], besluit):
        assert een["uitkomst"] == "ONGELDIGE_INVOER"
    assert samenvatting(besluiten[""])["foutvelden"] == [""]
    if '"input": {' not in body:
        assert besluit == besluiten[""]


def test_geen_enkele_toewijzing(opa_url: str) -> None:
    assert vraag_alle(opa_url, {}) == {}
    naast = resultaat(post(opa_url, BESLUITEN, '{"input": {"toewijzingen": {}, "anders": 1}}'))
    assert naast == {}


# Nothing of the input comes back, save the key it was sent under.

BEKEND = {*VELDEN, *GROEPEN, *(naam for groep in GROEPEN.values() for naam in groep)}
MERK = "Zq7merk"
MERKGETAL = 97531864


def test_niets_van_de_invoer_komt_terug(opa_url: str) -> None:
    rng = random.Random(5)
    gemerkt = [_gemerkt(rng, vijandig(rng)) for _ in range(aantal(300, 800))]
    gemerkt += [_gemerkt(rng, genereer(rng, {})) for _ in range(aantal(150, 400))]
    assert MERK in json.dumps(gemerkt)
    for besluit in vraag_lijst(opa_url, gemerkt, per_keer=250):
        assert besluit["uitkomst"] == "ONGELDIGE_INVOER"
        assert besluit["bevindingen"]
        _zonder_merk(besluit)


def test_niets_van_goede_invoer_komt_terug(opa_url: str) -> None:
    """Valid values that no besluit needs: codes and numbers, in whatever is decided about them."""
    rng = random.Random(6)
    gemerkt, kenmerken = [], ("code", "aanbieder", "budget", "volume")
    for _ in range(1_000):
        toewijzing = genereer(rng, {})
        if fouten(toewijzing):
            continue
        toewijzing.setdefault("product", {})["code"] = "Zq7mM"
        toewijzing["aanbieder"] = str(MERKGETAL)
        if "omvang" in toewijzing:
            toewijzing["omvang"]["volume"] = MERKGETAL
        else:
            toewijzing["budget"] = MERKGETAL
        gemerkt.append(toewijzing)
    assert all(f'"{naam}"' in json.dumps(gemerkt) for naam in kenmerken)
    uitkomsten = set()
    for besluit in vraag_lijst(opa_url, gemerkt):
        uitkomsten.add(besluit["uitkomst"])
        _zonder_merk(besluit)
    assert len(uitkomsten) == 7  # all but ONGELDIGE_INVOER


def _zonder_merk(besluit: Json) -> None:
    text = json.dumps(besluit, ensure_ascii=False)
    assert "Zq7m" not in text
    assert str(MERKGETAL) not in text.replace(".", "")


def _gemerkt(rng: random.Random, waarde: Any, diep: bool = False) -> Any:
    """The same shape, with the mark in every text, number and key that §2 does not know."""
    if isinstance(waarde, dict):
        inhoud = {_sleutel(rng, naam): _gemerkt(rng, deel, True) for naam, deel in waarde.items()}
        return inhoud if diep else {**inhoud, MERK: MERK}
    if isinstance(waarde, list):
        return [_gemerkt(rng, deel, True) for deel in waarde]
    if isinstance(waarde, bool) or waarde is None:
        return waarde
    return MERKGETAL if isinstance(waarde, (int, float)) else MERK + waarde[:50]


def _sleutel(rng: random.Random, naam: str) -> str:
    return naam if naam in BEKEND else MERK + naam
