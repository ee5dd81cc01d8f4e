"""What schemathesis must look at besides its own checks; it imports this as its hooks.

Its own say whether an answer has the right form. This says whether it is the answer to what was
asked: what is wrong by the document gets ONGELDIGE_INVOER and what is right does not, and each
kenmerk has its besluit.
"""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from jsonschema import Draft202012Validator

# What a schema cannot say (contract §2): these may be wrong together.
_SAMEN = {"toewijzingsdatum", "ingangsdatum", "einddatum", "budget", "periode", "periode.einddatum"}


@schemathesis.check
def het_antwoord_op_de_vraag(
    context: schemathesis.CheckContext,
    response: schemathesis.Response,
    case: schemathesis.Case[Any],
) -> None:
    if response.status_code != 200 or response.request.method != "POST":
        return
    body = response.request.body
    asked = json.loads(body) if body else None
    asked = asked.get("input") if isinstance(asked, dict) else None
    result = response.json()["result"]
    schema = case.operation.schema.raw_schema["components"]["schemas"]["Toewijzing"]
    keuring = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    if case.operation.path.endswith("/besluit"):
        _controleer(keuring, asked, result)
        return
    toewijzingen = asked.get("toewijzingen") if isinstance(asked, dict) else None
    if not isinstance(toewijzingen, dict):
        toewijzingen = {"": None}
    assert result.keys() == toewijzingen.keys(), "other kenmerken than were sent"
    for kenmerk, toewijzing in toewijzingen.items():
        _controleer(keuring, toewijzing, result[kenmerk])


def _controleer(keuring: Draft202012Validator, toewijzing: Any, besluit: dict[str, Any]) -> None:
    invalid = besluit["uitkomst"] == "ONGELDIGE_INVOER"
    if not keuring.is_valid(toewijzing):
        assert invalid, "wrong input was judged"
    elif invalid:
        fields = {field for finding in besluit["bevindingen"] for field in finding["velden"]}
        assert fields <= _SAMEN, "right input was not judged"
