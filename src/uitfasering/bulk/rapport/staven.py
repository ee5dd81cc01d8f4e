"""Where the bars of a chart go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NAAM, _STAAF, _GETAL = 210, 480, 70
_HOOGTE, _DIK = 28, 18


@dataclass(frozen=True)
class Staaf:
    """One bar in a chart: its place and length in SVG units."""

    naam: str
    aantal: int
    y: int
    lengte: float

    @property
    def tekst_y(self) -> int:
        """Where its text stands."""
        return self.y + _DIK - 4


@dataclass(frozen=True)
class Staven:
    """The bars of one chart; the longest has the largest number."""

    staven: Sequence[Staaf]
    links: int = _NAAM
    dik: int = _DIK
    breedte: int = _NAAM + _STAAF + _GETAL

    @property
    def hoogte(self) -> int:
        """The height of the chart."""
        return _HOOGTE * len(self.staven)


def staven(paren: Sequence[tuple[str, int]]) -> Staven:
    """A chart of names and numbers, from top to bottom."""
    meeste = max((aantal for _, aantal in paren), default=0) or 1
    return Staven(
        [
            Staaf(naam, aantal, nummer * _HOOGTE, round(_STAAF * aantal / meeste, 1))
            for nummer, (naam, aantal) in enumerate(paren)
        ]
    )
