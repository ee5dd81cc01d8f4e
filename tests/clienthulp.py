"""What the tests of the client ask of a server that is told what to answer."""

from __future__ import annotations

from typing import Any

VALID: dict[str, Any] = {"handeling": "nieuw", "gemeente": "0193", "product": {"code": "50H3B"}}
BESLUIT: dict[str, Any] = {
    "uitkomst": "TOEGESTAAN",
    "bevindingen": [],
    "ontbreekt": [],
    "uiterste_einddatum": None,
    "voorstel": None,
    "voorlopig": False,
    "herkomst": "proef",
}
ANSWER = {"result": BESLUIT}
