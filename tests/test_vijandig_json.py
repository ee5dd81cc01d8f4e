"""How JSON can be written: OPA refuses some of it before any policy is asked (400)."""

from __future__ import annotations

import json

import pytest

from opa_vraag import (
    BESLUIT,
    BESLUITEN,
    GOED,
    QUERY,
    STRIKT,
    post,
    resultaat,
    samenvatting,
    vraag,
)

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
