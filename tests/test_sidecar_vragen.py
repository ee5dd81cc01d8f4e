"""What may be asked with it: the parameters, and the Compile API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sidecarhulp import BESLUIT, BESLUITEN, Sidecar
from vraaghulp import controleer_niets_gelekt, proef

COMPILE = "/v1/compile"
B2_11 = "/v1/compile/uitfasering/afspraken/van_toepassing/B2-11"
SQL = {"Accept": "application/vnd.opa.sql.sqlite+json"}
FEITEN = ["input.feiten"]
# Something that OPA answers on each path.
VRAAG: dict[str, dict[str, Any]] = {
    BESLUIT: {"input": {}},
    BESLUITEN: {"input": {"toewijzingen": {"a": {}}}},
    COMPILE: {"query": 'data.uitfasering.afspraken.van_toepassing["B2-11"]', "unknowns": FEITEN},
    B2_11: {"unknowns": FEITEN},
}


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


@pytest.fixture(scope="module")
def zonder(sidecar: Sidecar) -> dict[str, Any]:
    """The answers without parameters, by path."""
    token = sidecar.tokens["alles"]
    return {
        pad: sidecar.vraag("POST", pad, token=token, body=body, headers=SQL).json
        for pad, body in VRAAG.items()
    }


@pytest.mark.parametrize(
    ("parameters", "meer"),
    [
        ("?", set()),
        ("?pretty", set()),
        ("?pretty=true&pretty=false", set()),
        ("?pr%65tty", set()),
        ("?metrics", {"metrics"}),
        ("?metrics=true&pretty", {"metrics"}),
        # Pairs that nobody reads, OPA neither: with a semicolon, or a wrong %.
        ("?explain=full;", set()),
        ("?pretty;explain=full", set()),
        ("?explain=full;x&pretty", set()),
        ("?explain%=full", set()),
        ("?explain=%zz", set()),
    ],
)
@pytest.mark.parametrize("pad", VRAAG)
def test_allowed_parameters(
    sidecar: Sidecar, zonder: dict[str, Any], pad: str, parameters: str, meer: set[str]
) -> None:
    token = sidecar.tokens["alles"]
    answer = sidecar.vraag("POST", pad + parameters, token=token, body=VRAAG[pad], headers=SQL)
    assert answer.status == 200
    gewoon = {"result"} | ({"decision_id"} if pad in (BESLUIT, BESLUITEN) else set())
    assert zonder[pad].keys() == gewoon
    assert answer.json.keys() == gewoon | meer
    assert answer.json["result"] == zonder[pad]["result"]


@pytest.mark.parametrize("pad", [BESLUIT, BESLUITEN])
def test_parameters_that_the_client_sends(sidecar: Sidecar, pad: str) -> None:
    path = f"{pad}?provenance=true&strict-builtin-errors=true"
    answer = sidecar.vraag("POST", path, token=sidecar.tokens["besluit"], body=VRAAG[pad])
    assert answer.status == 200
    assert answer.json.keys() == {"decision_id", "result", "provenance"}
    assert answer.json["provenance"]["bundles"].keys() == {"uitfasering", "toegang"}
    controleer_niets_gelekt(sidecar, answer)


@pytest.mark.parametrize(
    "parameters",
    [
        *(f"explain={value}" for value in ("notes", "fails", "full", "debug", "off", "", "FULL")),
        "explain",
        "explain=off&explain=full",
        "pretty&explain=full",
        "e%78plain=full",
        "%65%78%70%6C%61%69%6E=full",
        "EXPLAIN=full",
        "Explain=full",
        "explain%00=full",
        "+explain=full",
        "instrument",
        "instrument=true",
        "instrument=false",
        "i%6Estrument=true",
        "rule_labels=true",
        "input=%7B%7D",
        "q=data.toegang",
        "query=data.toegang",
        "unknowns=data",
        "partial",
        "watch",
        "method=GET",
        "Pretty",
        "pretty%20",
        "token=x",
        "=x",
    ],
)
@pytest.mark.parametrize("pad", VRAAG)
def test_refused_parameters(sidecar: Sidecar, pad: str, parameters: str) -> None:
    asked = f"{pad}?{parameters}"
    token = sidecar.tokens["alles"]
    answer = sidecar.vraag("POST", asked, token=token, body=VRAAG[pad], headers=SQL)
    assert answer.status == 401
    assert answer.json["code"] == "unauthorized"


@pytest.mark.parametrize("parameters", ["provenance", "strict-builtin-errors"])
@pytest.mark.parametrize("pad", [COMPILE, B2_11])
def test_compile_takes_less(sidecar: Sidecar, pad: str, parameters: str) -> None:
    token = sidecar.tokens["alles"]
    asked = f"{pad}?{parameters}=true"
    answer = sidecar.vraag("POST", asked, token=token, body=VRAAG[pad], headers=SQL)
    assert answer.status == 401


def test_compile_of_an_agreement(sidecar: Sidecar) -> None:
    answer = sidecar.vraag(
        "POST", B2_11, token=sidecar.tokens["compile"], body=VRAAG[B2_11], headers=SQL
    )
    assert answer.status == 200
    # B2-11: lopend, midden, duurzaam.
    for word in ("'lopend'", "'midden'", "'duurzaam'"):
        assert word in answer.json["result"]["query"]


def test_compile_of_all_agreements(sidecar: Sidecar) -> None:
    body = {"query": "data.uitfasering.afspraken.van_toepassing[lid]", "unknowns": FEITEN}
    answer = sidecar.vraag("POST", COMPILE, token=sidecar.tokens["compile"], body=body)
    assert answer.status == 200
    assert len(answer.json["result"]["queries"]) > 50
    assert all(word in answer.body for word in (b'"B1-02"', b'"B2-11"'))


def met(pad: str, **anders: Any) -> tuple[str, dict[str, Any]]:
    return pad, {**VRAAG[pad], **anders}


@pytest.mark.parametrize(
    ("pad", "body"),
    [
        met(B2_11, options={"maskRule": "data.toegang.tokens"}),
        met(B2_11, options={"nondeterministicBuiltins": True}),
        met(B2_11, query="data.toegang"),
        met(B2_11, iets=1),
        met(COMPILE, options={"nondeterministicBuiltins": True}),
        met(COMPILE, options={"maskRule": "x"}),
        met(COMPILE, options=["maskRule"]),
        met(COMPILE, Query="data.toegang"),
        met(COMPILE, Options={"nondeterministicBuiltins": True}),
        *(
            met(COMPILE, query=query)
            for query in (
                "data.toegang",
                "data.toegang.tokens[x]",
                "data",
                "data[x]",
                "input",
                "x := data.toegang",
                "[x | x := data.toegang.tokens[_]]",
                '{"a": data.toegang}',
                'http.send({"method": "GET", "url": "http://127.0.0.1"})',
                "opa.runtime()",
                "data.uitfasering.besluit == opa.runtime()",
                "data.uitfasering.besluit; data.toegang",
                "data.uitfasering.besluit with data.toegang as {}",
                "data.uitfasering.x[data.toegang.tokens[_].naam]",
                "data.system.authz.allow",
                7,
                None,
            )
        ),
        *(
            (f"/v1/compile/{path}", VRAAG[B2_11])
            for path in (
                "toegang",
                "toegang/tokens",
                "system/authz/allow",
                "system/authz/_houder",
                "system/health/ready",
                "gegevens",
                "uitfasering%2F..%2Ftoegang",
                "uitfasering//toegang",
                "uitfasering/besluit%20",
            )
        ),
    ],
)
def test_compile_of_anything_else(sidecar: Sidecar, pad: str, body: dict[str, Any]) -> None:
    for method in ("POST", "GET"):
        answer = sidecar.vraag(method, pad, token=sidecar.tokens["alles"], body=body, headers=SQL)
        assert answer.status == 401
        controleer_niets_gelekt(sidecar, answer)


def test_the_last_of_two_keys_is_what_is_looked_at_and_what_is_answered(sidecar: Sidecar) -> None:
    """A body is read once, so there is no second reading to smuggle anything into."""
    mag, magniet = '"query": "data.uitfasering.herkomst"', '"query": "data.toegang"'
    statuses = []
    for text in (f"{{{mag}, {magniet}}}", f"{{{magniet}, {mag}}}"):
        answer = sidecar.vraag("POST", COMPILE, token=sidecar.tokens["alles"], body=text.encode())
        controleer_niets_gelekt(sidecar, answer)
        statuses.append(answer.status)
    assert statuses == [401, 200]


@pytest.mark.parametrize("unknown", ["data", "data.toegang", "data.gegevens", "input"])
def test_no_unknown_shows_the_tokens(sidecar: Sidecar, unknown: str) -> None:
    for query in ("data.uitfasering.herkomst", "data.uitfasering.afspraken.van_toepassing[lid]"):
        body = {"query": query, "unknowns": [unknown], "options": {"disableInlining": ["data"]}}
        answer = sidecar.vraag("POST", COMPILE, token=sidecar.tokens["compile"], body=body)
        controleer_niets_gelekt(sidecar, answer)
