"""A fault found in a file or an input, as data; printed only at the edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, order=True)
class Melding:
    """One fault: where it is, what is wrong, and what would be right (in Dutch).

    Attributes:
        bestand: the file as the user named it, or "" when there is none.
        regel: line, from 1; 0 when the place is the file as a whole.
        kolom: column, from 1; 0 when unknown.
        pad: the path inside the document, as ``afspraken.B1-02.gevolg``; "" for the whole.
        bericht: what is wrong. Never holds a value from a toewijzing or message.
        oplossing: what would be right; "" when the bericht says it.
        code: a stable id for the kind of fault, e.g. ``yaml-dubbele-sleutel``.
        ernst: ``fout``, or ``waarschuwing`` for what may be right but deserves a look.
    """

    bestand: str
    regel: int
    kolom: int
    pad: str
    bericht: str
    oplossing: str = ""
    code: str = ""
    ernst: Literal["fout", "waarschuwing"] = "fout"

    def __str__(self) -> str:
        """``file:line:column: (path) what is wrong. What would be right.``"""
        place = self.bestand
        if self.regel:
            place += f":{self.regel}"
            if self.kolom:
                place += f":{self.kolom}"
        parts = [f"{place}: " if place else "", f"({self.pad}) " if self.pad else "", self.bericht]
        if self.oplossing:
            parts.append(f" {self.oplossing}")
        return "".join(parts)
