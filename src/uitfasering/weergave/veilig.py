"""Text from outside (kenmerken, file names) without anything that a terminal or Excel obeys."""

from __future__ import annotations

import re

# Control characters, and marks that hide or reverse what is shown; halves of characters.
_STUURTEKENS = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f"
)
_IN_TEKST = re.compile(f"[\n{_STUURTEKENS}]")
_IN_JSON = re.compile(f"[{_STUURTEKENS}]")
_FORMULE = ("=", "+", "-", "@")


def schoon(tekst: str) -> str:
    """For a terminal: every control character becomes ``�``."""
    return _IN_TEKST.sub("\ufffd", tekst)


def schoon_json(json_tekst: str) -> str:
    """JSON text with the same characters escaped; its meaning stays the same."""
    return _IN_JSON.sub(lambda gevonden: _escape(gevonden[0]), json_tekst)


def schone_cel(tekst: str) -> str:
    """For a spreadsheet: never a formula."""
    cel = schoon(tekst)
    return f"'{cel}" if cel.lstrip().startswith(_FORMULE) else cel


def _escape(teken: str) -> str:
    eenheden = teken.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{eenheden[i : i + 2].hex()}" for i in range(0, len(eenheden), 2))
