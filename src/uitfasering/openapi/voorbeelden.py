"""The examples in docs/openapi.json: a question for every uitkomst, answered by OPA."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError
from uitfasering.werkbank import Werkbank

VRAGEN = Path(__file__).with_name("vragen.json")

HERKOMST = "0" * 64
"""Stands for every revision, so that the examples change only when an answer does."""


@dataclass(frozen=True)
class Vraag:
    """A question with the answer that the contract gives it.

    Attributes:
        naam: of the example, e.g. ``toegestaan``.
        uitleg: one sentence on what the example shows.
        uitkomst, regels: what comes out, written down by hand from the contract.
        toewijzing: the question itself.
    """

    naam: str
    uitleg: str
    uitkomst: str
    regels: tuple[str, ...]
    toewijzing: dict[str, Any]


@dataclass(frozen=True)
class Voorbeeld:
    """A question and the whole besluit that OPA gives, with HERKOMST for its revision."""

    vraag: Vraag
    besluit: dict[str, Any]


def lees_vragen() -> tuple[Vraag, ...]:
    """The questions in vragen.json."""
    rows = json.loads(VRAGEN.read_text("utf-8"))
    return tuple(Vraag(**{**row, "regels": tuple(row["regels"])}) for row in rows)


def vraag_voorbeelden(vragen: Sequence[Vraag], werkbank: Werkbank) -> tuple[Voorbeeld, ...]:
    """Every question with its answer, in the same order.

    Raises:
        BuildError: an answer is not the one that was written down for it.
        OpaUnavailable: OPA gave no answer.
    """
    besluiten = werkbank.besluiten({vraag.naam: vraag.toewijzing for vraag in vragen})
    for vraag in vragen:
        besluit = besluiten[vraag.naam]
        regels = tuple(bevinding["regel"] for bevinding in besluit["bevindingen"])
        if (besluit["uitkomst"], regels) != (vraag.uitkomst, vraag.regels):
            raise BuildError(
                f"src/uitfasering/openapi/vragen.json: het voorbeeld {vraag.naam} geeft nu "
                f"{_in_woorden(besluit['uitkomst'], regels)}, en er staat "
                f"{_in_woorden(vraag.uitkomst, vraag.regels)}. Kies daar een andere toewijzing."
            )
    return tuple(
        Voorbeeld(vraag, {**besluiten[vraag.naam], "herkomst": HERKOMST}) for vraag in vragen
    )


def _in_woorden(uitkomst: str, regels: Sequence[str]) -> str:
    return f"{uitkomst} met {', '.join(regels) or 'geen bevinding'}"
