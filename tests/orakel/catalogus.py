"""A catalogue for the oracle's own checks: 54002 (contract §6) and entries made up here.

Not the project's data. Some entries leave a characteristic out, so that what is given counts.
"""

from __future__ import annotations

from typing import Any


def _midden(letter: str, profiel: int, zorgvorm: str) -> dict[str, Any]:
    return {
        "categorie": "50",
        "segment": "midden",
        "perspectief": {"H": "herstel", "D": "duurzaam"}[letter],
        "profiel": profiel,
        "zorgvorm": zorgvorm,
        "raamovereenkomst": "huidig",
        "vervangende_code": f"50T{profiel}",
        "vervangende_code_per_aanbieder": {"12345678": "50TX"} if profiel % 2 else {},
        "voorbeeld": True,
    }


ZORGVORMEN = ("ggz", "jeugd_en_opvoedhulp", "lvb", "anders")

CATALOGUS: dict[str, dict[str, Any]] = {
    "54002": {"categorie": "54", "segment": "top", "zorgvorm": "ggz"},
    **{
        f"50{letter}{profiel:02}": _midden(letter, profiel, ZORGVORMEN[profiel % 4])
        for letter in "HD"
        for profiel in range(1, 13)
    },
    **{
        f"50T{nummer}": {
            "categorie": "50",
            "segment": "top",
            "zorgvorm": zorgvorm,
            "raamovereenkomst": "huidig",
            "voorbeeld": True,
        }
        for nummer, zorgvorm in enumerate(ZORGVORMEN, start=1)
    },
    "51N01": {
        "categorie": "51",
        "segment": "top",
        "zorgvorm": "ggz",
        "raamovereenkomst": "nieuw",
        "voorbeeld": True,
    },
    "52B01": {"categorie": "52", "segment": "basis", "voorbeeld": True},
    "46G01": {"categorie": "46", "segment": "geen"},
    "53M01": {"segment": "midden"},
    "53X01": {"categorie": "53", "zorgvorm": "lvb", "voorbeeld": True},
}
