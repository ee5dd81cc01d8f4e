"""The forms of output by name. Each is imported only when it is asked for."""

from __future__ import annotations

import io
import sys
from typing import Literal, get_args

from uitfasering.leesgegevens import Leesgegevens
from uitfasering.weergave.model import Weergave

Formaat = Literal["tekst", "json", "ndjson", "csv"]
FORMATEN: tuple[Formaat, ...] = get_args(Formaat)


def maak_weergave(formaat: Formaat, gegevens: Leesgegevens) -> Weergave:
    """The form that writes to standard output (and standard error, where it says so)."""
    if formaat == "tekst":
        from uitfasering.weergave.tekst import Tekst

        uitvoer()
        return Tekst(gegevens, sys.stdout, sys.stderr)
    if formaat == "csv":
        from uitfasering.weergave.csvvorm import Csv

        uitvoer(encoding="utf-8", newline="")
        return Csv(gegevens, sys.stdout, sys.stderr)
    from uitfasering.weergave.jsonvorm import Json, Ndjson

    uitvoer(encoding="utf-8")
    return Json(sys.stdout) if formaat == "json" else Ndjson(sys.stdout)


def uitvoer(encoding: str | None = None, newline: str | None = None) -> None:
    """Standard output as this form needs it; what it cannot write becomes a question mark."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding, newline=newline, errors="replace")
