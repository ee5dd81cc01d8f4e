"""Numbers as a Dutch reader writes them."""

from __future__ import annotations


def getal(aantal: int) -> str:
    """``12500`` as ``12.500``."""
    return f"{aantal:,}".replace(",", ".")


def hoeveel(aantal: int, een: str, meer: str) -> str:
    """``1 rij``, ``2 rijen``."""
    return f"{getal(aantal)} {een if aantal == 1 else meer}"


def procent(deel: int, geheel: int) -> str:
    """``25%``; ``<1%`` for what is there but rounds to nothing."""
    heel = round(100 * deel / geheel) if geheel else 0
    return "<1%" if deel and not heel else f"{heel}%"
