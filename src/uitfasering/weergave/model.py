"""What every form of output is given: answers, faults, and the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from uitfasering.invoer import Vraag
from uitfasering.melding import Melding
from uitfasering.records import Besluit


@dataclass(frozen=True)
class Antwoord:
    """What was asked, and what the letters say of it."""

    vraag: Vraag
    besluit: Besluit

    @cached_property
    def toewijzing(self) -> Mapping[str, Any]:
        """The fields of the toewijzing that may be shown.

        A value that is wrong is left out: who typed it may have put personal data there.
        """
        if self.besluit.uitkomst != "ONGELDIGE_INVOER":
            fields: Mapping[str, Any] = self.vraag.toewijzing
            return fields
        from uitfasering.validation import masker  # late: already there when OPA was asked

        masked = masker(self.vraag.toewijzing)
        return _zonder_null(masked) if isinstance(masked, dict) else {}


def _zonder_null(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _zonder_null(item) if isinstance(item, dict) else item
        for key, item in value.items()
        if item is not None
    }


class Weergave(Protocol):
    """One form of output; writes as it goes where it can."""

    def antwoord(self, antwoord: Antwoord) -> None:
        """Show one answer."""

    def melding(self, melding: Melding) -> None:
        """Show what could not be read."""

    def einde(self, overgeslagen: int) -> None:
        """Show what comes last; ``overgeslagen`` files in folders were not looked at."""
