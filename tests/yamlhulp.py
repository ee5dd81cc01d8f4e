"""Small schemas for the strict YAML reader, and what it said about a text."""

from __future__ import annotations

from typing import Any

from uitfasering.yamlreader import Document

STRING = {"type": "string"}
ANYTHING: dict[str, Any] = {}


def at_a(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": schema}, "additionalProperties": False}


def codes(document: Document) -> list[str]:
    return [melding.code for melding in document.meldingen]


def remedy(document: Document) -> str:
    assert len(document.meldingen) == 1, document.meldingen
    assert document.data is None
    return document.meldingen[0].oplossing
