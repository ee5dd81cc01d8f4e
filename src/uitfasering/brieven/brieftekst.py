"""The text of a letter as the sentences it consists of.

A title, a heading, a line as ``Datum: …`` and a row of a table are sentences too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# What whoever typed the letter out put around it: ---, <einde>.
_OPMAAK = re.compile(r"-{3,}|<\w+>")
_KOP = re.compile(r"#+\s+")
_PUNT = re.compile(r"[-*•](?:\s+|$)")
_MERK = re.compile(rf"\A(?:{_KOP.pattern}|{_PUNT.pattern})")
_ETIKET = re.compile(r"\w+:(?:\s|$)")
_EINDE_ZIN = re.compile(r"[.!?]+[)\"'’”]*\s+(?=[\"'‘“(]?[A-ZÀ-Ý0-9])")
_AFKORTING = re.compile(
    r"(?:^|[\s(])(?:(?:[^\W\d_]\.){2,}|jl\.|bijv\.|nr\.|art\.)\s*$", re.IGNORECASE
)
_AF = (".", "!", "?", ":", ",")


def plat(tekst: str) -> str:
    """With single spaces only, and each character written in one way."""
    return " ".join(unicodedata.normalize("NFC", tekst).split())


def zinnen_van(tekst: str) -> list[str]:
    """The sentences of a letter in order, each ``plat``."""
    return [zin for blok in _blokken(tekst) for zin in _splits(plat(blok))]


def _blokken(tekst: str) -> Iterator[str]:
    """The paragraphs, points, headings and rows; a page break in a sentence is bridged."""
    blok = ""
    na_witregel = False
    for regel in tekst.splitlines():
        kaal = regel.strip()
        if not kaal or _OPMAAK.fullmatch(kaal):
            na_witregel = True
            continue
        los = bool(_KOP.match(kaal)) or "\t" in kaal
        nieuw = los or _PUNT.match(kaal) or _ETIKET.match(kaal)
        if blok and (nieuw or (na_witregel and not _loopt_door(blok, kaal))):
            yield blok
            blok = ""
        blok = f"{blok} {_MERK.sub('', kaal)}".strip()
        na_witregel = False
        if los:
            yield blok
            blok = ""
    if blok:
        yield blok


def _loopt_door(blok: str, volgende: str) -> bool:
    return not blok.endswith(_AF) and not volgende[0].isupper() and volgende[0].isalnum()


def _splits(blok: str) -> Iterator[str]:
    begin = 0
    for einde in _EINDE_ZIN.finditer(blok):
        if not _AFKORTING.search(blok, begin, einde.end()):
            yield blok[begin : einde.end()].rstrip()
            begin = einde.end()
    yield blok[begin:]
