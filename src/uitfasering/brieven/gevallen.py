"""The sentence that a case names, against the text of the letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from uitfasering.brieven.brieftekst import plat
from uitfasering.brieven.letterlijk import lees_zinnen, waarschijnlijk
from uitfasering.melding import Melding
from uitfasering.toets.gevallen import Geval, Pad
from uitfasering.weergave.woorden import datum


def citaten(gevallen: Iterable[Geval], tekst_map: Path) -> Iterator[Melding]:
    """The sentences of cases that do not stand in their letter, each place once.

    Says nothing about a letter whose text cannot be read.
    """

    @cache
    def zinnen_van_brief(brief: str) -> list[str]:
        try:
            return lees_zinnen(tekst_map / f"brief-{brief}.txt")
        except (OSError, ValueError):
            return []

    gezien: set[tuple[str, Pad]] = set()
    for geval in gevallen:
        if not (geval.zin and geval.brief and (zinnen := zinnen_van_brief(geval.brief))):
            continue
        woorden = plat(geval.zin)
        pad = _plek(geval)
        if any(woorden in zin for zin in zinnen) or (geval.bestand, pad) in gezien:
            continue
        gezien.add((geval.bestand, pad))
        yield geval.document.melding(
            pad,
            f"Deze woorden staan niet in een zin van de brief van {datum(geval.brief)}.",
            "Neem ze letterlijk over uit één zin, met dezelfde leestekens."
            + waarschijnlijk(woorden, zinnen),
            "brief-geval-zin",
        )


def _plek(geval: Geval) -> Pad:
    """Where the sentence of a case stands: with itself, its table, or the file as a whole."""
    for pad in (geval.pad, geval.pad[:2], ()):
        bron: Any = geval.document.data
        for stap in pad:
            bron = bron[stap]
        if "zin" in bron:
            return (*pad, "zin")
    return geval.pad
