"""The English texts of docs/openapi.json. Those of the fields stand in schemas/ (Dutch)."""

from __future__ import annotations

from typing import Any

INFO: dict[str, Any] = {
    "title": "uitfasering",
    "summary": "What two letters of RSJ IJsselland about youth care mean for one allocation.",
    "description": """\
One toewijzing in, one besluit out; or many at once. How to use this, what every error looks like \
and what may change in which version: docs/integratie.md. When each agreement applies: \
docs/contract.md.

A besluit is always defined. Input that breaks the schema gets HTTP 200 with the uitkomst \
`ONGELDIGE_INVOER` and a finding (A-00) for each field, not an HTTP error. A toewijzing can keep \
to the schema and still get that uitkomst, for what a schema cannot say: no such day, \
`einddatum` before `ingangsdatum`, a date that this `handeling` needs, `omvang` together with \
`budget`.

Fields and texts of the domain are Dutch. In the examples `herkomst` and `decision_id` are zeros: \
the first differs for every revision of the agreements, the second for every request.""",
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}

BESLUIT = {
    "summary": "Judge one toewijzing",
    "description": "Asking changes nothing, so it may be asked again at any time. The same input "
    "and the same `herkomst` always give the same besluit. A body is at most 5 MiB.",
}

BESLUITEN = {
    "summary": "Judge many toewijzingen",
    "description": "As `besluit`, for each toewijzing by itself. Send 5,000 at most: a body is at "
    "most 5 MiB. Without `toewijzingen`, or when it is no object, there is one besluit "
    '`ONGELDIGE_INVOER` under the key `""`. Other keys beside it are ignored.',
}

HEALTH = {
    "/health": {
        "summary": "Does OPA evaluate?",
        "description": "By itself this says little: use `/health/ready`.",
    },
    "/health/live": {
        "summary": "Does OPA evaluate the policies?",
        "description": "Restart it when this keeps saying no.",
    },
    "/health/ready": {
        "summary": "May it be asked?",
        "description": "Both bundles are active, the revision is one that is expected, and the "
        "self-test gives what it should. Send no questions when this says no.",
    },
}

_LEEG = "`true` or nothing after it is yes; anything else is no."

PARAMETERS = {
    "provenance": f"Say which OPA and which bundles answered. {_LEEG}",
    "metrics": f"Say how long it took. {_LEEG}",
    "pretty": f"Indent the answer. {_LEEG}",
    "strict-builtin-errors": "An error inside the evaluation is a 500 instead of a condition that "
    f"does not hold. No input is known that makes the difference; our own client sets it. {_LEEG}",
}
"""The query parameters that policies/system/authz allows, on the two entry points."""

HEALTH_PARAMETERS = {
    "/health": {
        "bundles": f"And has every bundle been activated once? {_LEEG}",
        "plugins": f"And is every plugin of OPA up? {_LEEG}",
    }
}

FOUTEN: dict[str, tuple[str, dict[str, tuple[str, Any]]]] = {
    "400": (
        "OPA cannot read the body: no JSON, or too large. Nothing was judged. The same body "
        "fails again.",
        {
            "geen_json": (
                "The body is no JSON.",
                {
                    "code": "invalid_parameter",
                    "message": "invalid character 'J' looking for beginning of value",
                },
            ),
            "te_groot": (
                "The body is over 5 MiB.",
                {
                    "code": "invalid_parameter",
                    "message": "request body too large: 5 MiB exceeds limit of 5242880 bytes "
                    "(server.decoding.max_length)",
                },
            ),
        },
    ),
    "401": (
        "Refused. Nothing was judged. It is also the answer for a path, method or parameter that "
        "does not exist: there is no 403, 404 or 405.",
        {
            "geen_token": (
                "No token, or not one that is known.",
                {"code": "unauthorized", "message": "no token, or not a valid one"},
            ),
            "mag_niet": (
                "A token that may not ask this.",
                {
                    "code": "unauthorized",
                    "message": "this token may not ask this: see docs/sidecar.md, "
                    '"Who may ask what"',
                },
            ),
        },
    ),
    "500": (
        "OPA could not evaluate. Nothing was judged.",
        {
            "getal": (
                "A number OPA cannot hold, such as 1e100000.",
                {"code": "internal_error", "message": "invalid number: number too big"},
            ),
        },
    ),
}
"""By status: what it means, and examples: name to summary and body."""
