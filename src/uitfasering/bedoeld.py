"""The known word that was probably meant: for every "Bedoelt u …?"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_GELIJKENIS = 0.7


def bedoeld(woord: str, bekend: Iterable[str]) -> str | None:
    """The one of ``bekend`` that looks most like ``woord``, or None when none comes near."""
    by_lower = {name.lower(): name for name in bekend}
    close = difflib.get_close_matches(woord.lower(), by_lower, n=1, cutoff=_GELIJKENIS)
    return by_lower[close[0]] if close else None
