"""The OpenAPI 3.1 document, from the schemas and the examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from uitfasering.openapi.schemas import schemas
from uitfasering.openapi.teksten import (
    BESLUIT,
    BESLUITEN,
    FOUTEN,
    HEALTH,
    HEALTH_PARAMETERS,
    INFO,
    PARAMETERS,
)
from uitfasering.openapi.voorbeelden import Voorbeeld

CONTRACTVERSIE = "1.0.0"
"""The version of the contract with integrators (docs/integratie.md, "Versions")."""

_DECISION_ID = "00000000-0000-4000-8000-000000000000"
_IN_BATCH = ("TOEGESTAAN", "ONGELDIGE_INVOER")


def document(root: Path, voorbeelden: Sequence[Voorbeeld]) -> dict[str, Any]:
    """The whole document, with an example for each question.

    Raises:
        BuildError: a schema of ``root`` cannot be said in OpenAPI 3.1.
    """
    return {
        "openapi": "3.1.1",
        "info": {**INFO, "version": CONTRACTVERSIE},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [
            {
                "url": "https://127.0.0.1:8181",
                "description": "The sidecar on this machine; ask its operator for the address.",
            }
        ],
        "security": [{"token": []}],
        "tags": [{"name": "besluit"}, {"name": "health"}],
        "paths": {
            "/v1/data/uitfasering/besluit": {"post": _besluit(voorbeelden)},
            "/v1/data/uitfasering/besluiten": {"post": _besluiten(voorbeelden)},
            **{pad: {"get": _health(pad)} for pad in HEALTH},
        },
        "components": {
            "schemas": {**schemas(root), **_ENVELOPPEN},
            "parameters": {naam: _parameter(naam, tekst) for naam, tekst in PARAMETERS.items()},
            "responses": {naam: _fout(naam) for naam in FOUTEN},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token with the right `besluit`, from the operator of the "
                    "sidecar. Write `Bearer` with a capital, one space, then the token.",
                }
            },
        },
    }


def _besluit(voorbeelden: Sequence[Voorbeeld]) -> dict[str, Any]:
    return {
        "operationId": "besluit",
        "tags": ["besluit"],
        **BESLUIT,
        "parameters": _PARAMETERS,
        "requestBody": _json(
            "Vraag",
            {v.vraag.naam: (v.vraag.uitleg, {"input": v.vraag.toewijzing}) for v in voorbeelden},
            "The toewijzing, under `input`.",
            required=True,
        ),
        "responses": {
            "200": _json(
                "Antwoord",
                {v.vraag.naam: (v.vraag.uitleg, _antwoord(v.besluit)) for v in voorbeelden},
                "One besluit. Also when the input is wrong: then its uitkomst is ONGELDIGE_INVOER.",
            ),
            **_FOUTEN,
        },
    }


def _besluiten(voorbeelden: Sequence[Voorbeeld]) -> dict[str, Any]:
    chosen = [v for v in voorbeelden if v.vraag.uitkomst in _IN_BATCH]
    numbered = {str(number): voorbeeld for number, voorbeeld in enumerate(chosen, 1)}
    asked = {"toewijzingen": {key: v.vraag.toewijzing for key, v in numbered.items()}}
    answer = {key: v.besluit for key, v in numbered.items()}
    summary = "One that is right and one that is wrong; the wrong one harms no other."
    return {
        "operationId": "besluiten",
        "tags": ["besluit"],
        **BESLUITEN,
        "parameters": _PARAMETERS,
        "requestBody": _json(
            "Vragen",
            {"twee": (summary, {"input": asked})},
            "The toewijzingen, each under a kenmerk of your own.",
            required=True,
        ),
        "responses": {
            "200": _json(
                "Antwoorden",
                {"twee": (summary, _antwoord(answer))},
                "A besluit under each kenmerk that was sent: all of them, and no other.",
            ),
            **_FOUTEN,
        },
    }


def _health(pad: str) -> dict[str, Any]:
    return {
        "operationId": "".join(
            part.capitalize() if i else part for i, part in enumerate(pad.strip("/").split("/"))
        ),
        "tags": ["health"],
        **HEALTH[pad],
        "security": [],
        "parameters": [
            _parameter(naam, tekst) for naam, tekst in HEALTH_PARAMETERS.get(pad, {}).items()
        ],
        "responses": {
            "200": _json("Gezond", {"ja": ("Yes.", {})}, "Yes."),
            "401": _FOUTEN["401"],
            "500": _json("Ongezond", None, "No."),
        },
    }


def _antwoord(result: Any) -> dict[str, Any]:
    return {"decision_id": _DECISION_ID, "result": result}


def _json(
    schema: str,
    voorbeelden: dict[str, tuple[str, Any]] | None,
    description: str,
    **rest: Any,
) -> dict[str, Any]:
    """A body or a response: JSON of this schema, with examples (name to summary and value)."""
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    if voorbeelden:
        content["examples"] = {
            naam: {"summary": summary, "value": value}
            for naam, (summary, value) in voorbeelden.items()
        }
    return {"description": description, **rest, "content": {"application/json": content}}


def _parameter(naam: str, description: str) -> dict[str, Any]:
    return {
        "name": naam,
        "in": "query",
        "description": description,
        "schema": {"type": "boolean", "default": False},
    }


def _fout(naam: str) -> dict[str, Any]:
    description, voorbeelden = FOUTEN[naam]
    return _json("Fout", voorbeelden, description)


_PARAMETERS = [{"$ref": f"#/components/parameters/{naam}"} for naam in PARAMETERS]
_FOUTEN = {naam: {"$ref": f"#/components/responses/{naam}"} for naam in FOUTEN}


def _object(required: Sequence[str], **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties}
    return {**found, "required": list(required)} if required else found


def _ref(naam: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{naam}"}


def _met_result(result: dict[str, Any]) -> dict[str, Any]:
    """What OPA puts around every result. OPA may add fields of its own: so this stays open."""
    return _object(
        ["result"],
        result=result,
        decision_id={
            "description": "The number of this request in the sidecar's decision log. Keep it with "
            "the besluit. Not there when the sidecar keeps no log.",
            "type": "string",
            "format": "uuid",
        },
        provenance=_ref("Provenance"),
        metrics={
            "description": "With `metrics`: OPA's counters, and timers in nanoseconds.",
            "type": "object",
            "additionalProperties": {"type": "number"},
        },
        warning={
            "description": "The body had no `input`, so nothing was judged.",
            **_object(["code", "message"], code={"type": "string"}, message={"type": "string"}),
        },
    )


_ENVELOPPEN = {
    "Vraag": _object(["input"], input=_ref("Toewijzing")),
    "Vragen": _object(
        ["input"],
        input=_object(
            ["toewijzingen"],
            toewijzingen={
                "description": "By kenmerk: any text of your own. Do not use a BSN or a name; a "
                "number will do.",
                "type": "object",
                "additionalProperties": _ref("Toewijzing"),
            },
        ),
    ),
    "Antwoord": _met_result(_ref("Besluit")),
    "Antwoorden": _met_result(
        {
            "description": "By the kenmerken that were sent.",
            "type": "object",
            "additionalProperties": _ref("Besluit"),
        }
    ),
    "Provenance": {
        "description": "With `provenance`: which OPA answered, and from which bundles.",
        **_object(
            ["version"],
            version={"description": "The version of OPA.", "type": "string"},
            build_commit={"type": "string"},
            build_timestamp={"type": "string"},
            build_hostname={"type": "string"},
            bundles={
                "type": "object",
                "additionalProperties": _object(["revision"], revision={"type": "string"}),
            },
        ),
    },
    "Fout": _object(
        ["code", "message"],
        code={"description": "OPA's code, e.g. `invalid_parameter`.", "type": "string"},
        message={"description": "What OPA says of it, for a person.", "type": "string"},
        errors={
            "description": "What went wrong in the evaluation, with its place in the policy.",
            "type": "array",
            "items": {"type": "object"},
        },
    ),
    "Gezond": {"description": "An empty object.", "type": "object", "maxProperties": 0},
    "Ongezond": _object(["error"], error={"type": "string"}),
}
