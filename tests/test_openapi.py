"""docs/openapi.json: right as OpenAPI 3.1, and it says what the schemas and OPA say.

That it is up to date is in test_paginas; that the sidecar does as it says, in
test_openapi_schemathesis.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft7Validator, Draft202012Validator

from orakel import genereer, vijandig
from orakel.catalogus import CATALOGUS
from uitfasering.errors import BuildError
from uitfasering.openapi import openapi
from uitfasering.openapi.document import CONTRACTVERSIE
from uitfasering.openapi.schemas import schemas
from uitfasering.openapi.voorbeelden import HERKOMST, lees_vragen, vraag_voorbeelden
from uitfasering.werkbank import Werkbank

BESLUIT, BESLUITEN = "/v1/data/uitfasering/besluit", "/v1/data/uitfasering/besluiten"

# The form of each version of the contract. Another form needs another version: read "Versions" in
# docs/integratie.md, raise CONTRACTVERSIE, and add the new form here and a line to CHANGELOG.md.
VORMEN = {"1.0.0": "3878b3ded1496241017891ee2d9eaf700f31d0806d4c83f7c051d44bbf801b6c"}


@pytest.fixture
def document(root: Path) -> Any:
    return json.loads((root / "docs" / "openapi.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def werkbank(root: Path) -> Iterator[Werkbank]:
    with Werkbank(root) as bench:
        yield bench


def validator(document: Any, naam: str) -> Draft202012Validator:
    schema = {**document, "$ref": f"#/components/schemas/{naam}"}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def voorbeelden(document: Any, pad: str) -> Iterator[tuple[str, Any, Any]]:
    """Of each example its name, the body and the answer."""
    operation = document["paths"][pad]["post"]
    sent = operation["requestBody"]["content"]["application/json"]["examples"]
    answers = operation["responses"]["200"]["content"]["application/json"]["examples"]
    assert sent.keys() == answers.keys()
    for naam in sent:
        yield naam, sent[naam]["value"], answers[naam]["value"]


def test_het_is_openapi_3_1(document: Any) -> None:
    """By the schema of the OpenAPI Initiative (of 2022-10-07), as openapi-spec-validator has it."""
    official = json.loads(Path(__file__).with_name("openapi-3.1.schema.json").read_text("utf-8"))
    Draft202012Validator(official).validate(document)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_elke_verwijzing_leidt_ergens_heen(document: Any) -> None:
    seen = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                seen.add(part["$ref"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(document)
    there = {
        f"#/components/{kind}/{naam}"
        for kind in ("schemas", "parameters", "responses")
        for naam in document["components"][kind]
    }
    assert seen == there


def test_elke_uitkomst_heeft_een_voorbeeld(document: Any, root: Path) -> None:
    besluit = json.loads((root / "schemas" / "besluit.json").read_text("utf-8"))
    shown = [answer["result"]["uitkomst"] for _, _, answer in voorbeelden(document, BESLUIT)]
    assert sorted(shown) == sorted(besluit["properties"]["uitkomst"]["enum"])
    ((_, _, batch),) = voorbeelden(document, BESLUITEN)
    assert [b["uitkomst"] for b in batch["result"].values()] == ["TOEGESTAAN", "ONGELDIGE_INVOER"]


@pytest.mark.parametrize(
    ("pad", "vraag", "antwoord"),
    [(BESLUIT, "Vraag", "Antwoord"), (BESLUITEN, "Vragen", "Antwoorden")],
)
def test_elk_voorbeeld_is_wat_opa_zegt(
    pad: str, vraag: str, antwoord: str, document: Any, opa_url: str
) -> None:
    for naam, body, answer in voorbeelden(document, pad):
        validator(document, vraag).validate(body)
        validator(document, antwoord).validate(answer)
        said = requests.post(f"{opa_url}{pad}", json=body, timeout=20).json()["result"]
        for besluit in [said] if pad == BESLUIT else said.values():
            besluit["herkomst"] = HERKOMST
        assert answer["result"] == said, naam


def test_de_schemas_zeggen_hetzelfde_als_in_draft_7(document: Any, root: Path) -> None:
    old = Draft7Validator(json.loads((root / "schemas" / "toewijzing.json").read_text("utf-8")))
    new = validator(document, "Toewijzing").evolve(format_checker=None)
    rng = random.Random(7)
    answers = []
    for number in range(600):
        value = vijandig(rng) if number % 3 == 0 else genereer(rng, CATALOGUS)
        faults = sorted(str(list(fault.absolute_path)) for fault in old.iter_errors(value))
        assert faults == sorted(str(list(f.absolute_path)) for f in new.iter_errors(value))
        answers.append(not faults)
    assert 200 < sum(answers) < 500


def test_de_schemas_zijn_die_van_het_project(document: Any, root: Path) -> None:
    toewijzing, besluit = (
        json.loads((root / "schemas" / f"{naam}.json").read_text("utf-8"))
        for naam in ("toewijzing", "besluit")
    )
    bevinding = besluit["properties"]["bevindingen"]["items"]
    found = document["components"]["schemas"]
    assert {"$schema": toewijzing["$schema"], **found["Toewijzing"]} == toewijzing
    assert found["Bevinding"] == {"title": "Bevinding", **bevinding}
    found["Besluit"]["properties"]["bevindingen"]["items"] = bevinding  # where it was
    assert {"$schema": besluit["$schema"], **found["Besluit"]} == besluit


@pytest.mark.parametrize(
    ("woord", "waarde"),
    [
        ("definitions", {}),
        ("items", [{"type": "string"}]),
        ("dependencies", {}),
        ("additionalProperties", {"type": "string"}),
        ("$ref", "#/definitions/x"),
    ],
)
def test_wat_iets_anders_kan_betekenen_wordt_geweigerd(
    woord: str, waarde: Any, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "schemas").mkdir()
    for naam in ("toewijzing", "besluit"):
        schema = json.loads((root / "schemas" / f"{naam}.json").read_text("utf-8"))
        if naam == "toewijzing":
            schema["properties"]["gemeente"][woord] = waarde
        (tmp_path / "schemas" / f"{naam}.json").write_text(json.dumps(schema), "utf-8")
    with pytest.raises(BuildError) as error:
        schemas(tmp_path)
    assert str(error.value).startswith("schemas/toewijzing.json: het woord ")
    assert woord in str(error.value)


def test_een_voorbeeld_met_een_ander_antwoord_wordt_geweigerd(werkbank: Werkbank) -> None:
    first, *rest = lees_vragen()
    assert first.uitkomst == "TOEGESTAAN"
    for wrong in (replace(first, uitkomst="AFLOPEN"), replace(first, regels=("B1-02",))):
        with pytest.raises(BuildError, match=r"vragen\.json: het voorbeeld toegestaan geeft nu"):
            vraag_voorbeelden([wrong, *rest], werkbank)


def test_een_andere_revisie_verandert_niets(werkbank: Werkbank, root: Path) -> None:
    text = (root / "docs" / "openapi.json").read_text("utf-8")
    assert openapi(root, werkbank) == text
    requests.put(f"{werkbank.url}/v1/data/gegevens/revisie", json="een andere", timeout=20)
    assert openapi(root, werkbank) == text


def test_een_andere_vorm_is_een_andere_versie(document: Any) -> None:
    assert document["info"]["version"] == CONTRACTVERSIE
    shape = json.dumps(vorm(document), sort_keys=True).encode()
    assert VORMEN.get(CONTRACTVERSIE) == hashlib.sha256(shape).hexdigest(), (
        'The contract with integrators changed: see "Versions" in docs/integratie.md'
    )


def vorm(part: Any) -> Any:
    """All that a program sees: not the texts, the examples, the version and the address."""
    if isinstance(part, list):
        return [vorm(value) for value in part]
    if not isinstance(part, dict):
        return part
    out = {"info", "servers", "title", "summary", "description", "examples"}
    return {key: vorm(value) for key, value in part.items() if key not in out}
