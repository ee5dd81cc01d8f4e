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
    STRIKT,
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

GOED: Json = {
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-06-01",
    "ingangsdatum": "2021-06-01",
    "einddatum": "2022-04-30",
    "product": {"code": "54002"},
    "omvang": {"volume": 2000, "eenheid": "01", "frequentie": "6"},
}
QUERY = (STRIKT, "")
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
    in_pakketten(opa_url, toets, 18_000, seed=1)


def test_vijandig_een_voor_een(opa_url: str, toets: jsonschema.Draft7Validator) -> None:
    een_voor_een(opa_url, toets, 2_000, seed=2)


@pytest.mark.zwaar
def test_vijandig_100_000(opa_url: str, toets: jsonschema.Draft7Validator) -> None:
    in_pakketten(opa_url, toets, 90_000, seed=3)
    een_voor_een(opa_url, toets, 10_000, seed=4)


def in_pakketten(url: str, toets: jsonschema.Draft7Validator, aantal: int, seed: int) -> None:
    def een_pakket(nummer: int) -> None:
        rng = random.Random(f"{seed}/{nummer}")
        items = {_kenmerk(rng, i): _invoer(rng) for i in range(250)}
        besluiten = vraag_alle(url, items, query=QUERY[nummer % 2])
        for kenmerk, waarde in items.items():
            _controleer(waarde, besluiten[kenmerk])
        toets.validate(besluiten[min(items)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(een_pakket, range(aantal // 250)))


def een_voor_een(url: str, toets: jsonschema.Draft7Validator, aantal: int, seed: int) -> None:
    def een(nummer: int) -> None:
        rng = random.Random(f"{seed}/{nummer}")
        waarde = _invoer(rng)
        besluit = vraag(url, waarde, query=QUERY[nummer % 2])
        _controleer(waarde, besluit)
        if nummer % 20 == 0:
            toets.validate(besluit)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(een, range(aantal)))


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


# How JSON can be written. OPA refuses some of it before any policy is asked (400).
GELIJK = [
    ('"volume": 2000', '"volume": 2e3'),
    ('"volume": 2000', '"volume": 2000.0'),
    ('"volume": 2000', '"volume": 20000.0e-1'),
    ('"volume": 2000', '"volume": 1, "volume": 2000'),
    ('"gemeente"', '"gem\\u0065ente"'),
    ('"0193"', '"\\u0030193"'),
]
FOUT_OF_GEWEIGERD = [
    ('"volume": 2000', '"volume": 1E400', "omvang.volume"),
    ('"volume": 2000', '"volume": -1E400', "omvang.volume"),
    ('"volume": 2000', '"volume": 1E-400', "omvang.volume"),
    ('"volume": 2000', '"volume": 1e999999999', "omvang.volume"),
    ('"volume": 2000', '"volume": 1e-999999999', "omvang.volume"),
    ('"volume": 2000', '"volume": 1e99999999999999999999', "omvang.volume"),
    ('"volume": 2000', '"volume": 12345678901234567890', "omvang.volume"),
    ('"volume": 2000', '"volume": 99999999.00000000000000000001', "omvang.volume"),
    ('"volume": 2000', '"volume": ' + "9" * 100_000, "omvang.volume"),
    ('"volume": 2000', '"volume": 0.' + "0" * 100_000 + "1", "omvang.volume"),
    ('"volume": 2000', '"volume": -1', "omvang.volume"),
    ('"volume": 2000', '"volume": NaN', None),
    ('"volume": 2000', '"volume": Infinity', None),
    ('"volume": 2000', '"volume": 02000', None),
    ('"volume": 2000', '"volume": +2000', None),
    ('"0193"', '"0193\\u0000"', "gemeente"),
    ('"0193"', '"0193\x00"', None),
    ('"0193"', '"\\ud800"', "gemeente"),
    ('"0193"', '"019\\udfff3"', "gemeente"),
    ('"0193"', '"0193\n"', None),
    ('"0193"', '"0193\\n"', "gemeente"),
    ('"0193"', "'0193'", None),
    ('"0193"', '"0193" /* Zwolle */', None),
    ('"0193"', '"0193", "gemeente": null', "gemeente"),
    ('"0193"', '"0193", "\\u0000": 1', ""),
    ('"0193"', '"0193", "\\ud800": 1', ""),
    ('"0193"', '"0193", "Gemeente": "0193"', ""),
]


@pytest.mark.parametrize(("oud", "nieuw"), GELIJK)
def test_anders_geschreven_hetzelfde(opa_url: str, oud: str, nieuw: str) -> None:
    body = json.dumps({"input": GOED})
    assert oud in body
    besluit = resultaat(post(opa_url, BESLUIT + STRIKT, body.replace(oud, nieuw)))
    assert besluit == vraag(opa_url, GOED)


@pytest.mark.parametrize("nul", ["-0", "-0.0", "0e5", "0E-5", "0.000"])
def test_nul_is_nul(opa_url: str, nul: str) -> None:
    body = json.dumps({"input": GOED}).replace("2000", nul)
    verwacht = vraag(opa_url, {**GOED, "omvang": {**GOED["omvang"], "volume": 0}})
    assert [b["regel"] for b in verwacht["bevindingen"]] == ["B1-08"]
    assert resultaat(post(opa_url, BESLUIT + STRIKT, body)) == verwacht


@pytest.mark.parametrize("query", QUERY, ids=["strikt", "gewoon"])
@pytest.mark.parametrize(
    ("oud", "nieuw", "veld"), FOUT_OF_GEWEIGERD, ids=lambda deel: str(deel)[:30] if deel else "-"
)
def test_rand_van_json(opa_url: str, oud: str, nieuw: str, veld: str | None, query: str) -> None:
    """A 400 of OPA, or A-00 for that field; `veld` None: JSON does not allow it, so a 400."""
    body = json.dumps({"input": GOED})
    assert oud in body
    _refused_or_wrong(opa_url, body.replace(oud, nieuw), query, veld)


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf", b"\xff\xfe", b"\x00"], ids=["bom", "utf16", "0"])
def test_geen_json_vooraan(opa_url: str, body: bytes) -> None:
    assert post(opa_url, BESLUIT, body + json.dumps({"input": GOED}).encode()).status_code == 400


def test_geen_utf8(opa_url: str) -> None:
    """Bytes that are no UTF-8 count as the sign for unreadable text, or are refused."""
    body = json.dumps({"input": GOED}).encode().replace(b'"0193"', b'"0193\xff"')
    _refused_or_wrong(opa_url, body, STRIKT, "gemeente")


@pytest.mark.parametrize("diepte", [1, 10, 100, 1_000, 5_000, 9_000, 10_000, 100_000])
@pytest.mark.parametrize(("open_", "dicht"), [("[", "]"), ('{"a": ', "}")], ids=["lijst", "object"])
def test_diep(opa_url: str, diepte: int, open_: str, dicht: str) -> None:
    diep = open_ * diepte + "1" + dicht * diepte
    goed = json.dumps({"input": {**GOED, "product": 0}})
    geheel = goed.replace(goed[len('{"input": ') : -1], diep)
    veld = goed.replace('"product": 0', f'"product": {diep}')
    onbekend = goed.replace('"product": 0', f'"x": {diep}')
    for body in (geheel, veld, onbekend):
        response = post(opa_url, BESLUIT + STRIKT, body)
        if response.status_code == 400:
            assert diepte >= 9_000
        else:
            assert resultaat(response)["uitkomst"] == "ONGELDIGE_INVOER"
    pakket = json.dumps({"input": {"toewijzingen": {"k": 0}}}).replace("0", diep)
    response = post(opa_url, BESLUITEN + STRIKT, pakket)
    if response.status_code != 400:
        assert resultaat(response)["k"]["uitkomst"] == "ONGELDIGE_INVOER"


def _refused_or_wrong(url: str, body: bytes | str, query: str, veld: str | None) -> None:
    response = post(url, BESLUIT + query, body.encode() if isinstance(body, str) else body)
    if veld is None:
        assert response.status_code == 400
    elif response.status_code != 400:
        besluit = resultaat(response)
        assert besluit["uitkomst"] == "ONGELDIGE_INVOER"
        assert samenvatting(besluit)["foutvelden"] == [veld]


# Nothing of the input comes back, save the key it was sent under.

BEKEND = {*VELDEN, *GROEPEN, *(naam for groep in GROEPEN.values() for naam in groep)}
MERK = "Zq7merk"
MERKGETAL = 97531864


def test_niets_van_de_invoer_komt_terug(opa_url: str) -> None:
    rng = random.Random(5)
    gemerkt = [_gemerkt(rng, vijandig(rng)) for _ in range(800)]
    gemerkt += [_gemerkt(rng, genereer(rng, {})) for _ in range(400)]
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
