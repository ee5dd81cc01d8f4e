"""The names of the columns: there, different, and really a header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from uitfasering.bulk.kolommen import is_bsn
from uitfasering.bulk.lezen.model import MAX_KOLOMMEN, fout

_CIJFERS = re.compile("[0-9]+")
_KOPRIJ = "Zet boven de rijen één rij met de namen van de kolommen."


def keur_kop(naam: str, kop: Sequence[str], *, regel: int = 0, eerste: int = 1) -> None:
    """See that these can be the columns of a file.

    ``regel`` is the line of the header (0 = unknown), ``eerste`` the number of its first column.
    Columns are named by number: when the header is missing, its cells are values of a row.

    Raises:
        MessageError: says which column, and what would be right.
    """
    if len(kop) > MAX_KOLOMMEN:
        raise fout(
            naam,
            f"Het bestand heeft {len(kop)} kolommen. Meer dan {MAX_KOLOMMEN} kan niet.",
            "Laat de kolommen weg die niet nodig zijn.",
            regel=regel,
        )
    namen = [cel.strip() for cel in kop]
    for nummer, cel in enumerate(namen, eerste):
        if not cel:
            raise fout(
                naam,
                f"Kolom {nummer} heeft geen naam.",
                "Geef de kolom een naam of haal de kolom weg. "
                "Kijk ook of er in de kop een scheidingsteken te veel staat.",
                regel=regel,
            )
        if not any(teken.isalpha() for teken in cel):
            raise fout(
                naam,
                f"De naam van kolom {nummer} heeft geen letters. "
                "De eerste rij lijkt een rij met gegevens.",
                _KOPRIJ,
                regel=regel,
            )
        if any(map(is_bsn, _CIJFERS.findall(cel))):
            raise fout(
                naam,
                f"In de naam van kolom {nummer} staat een nummer dat een BSN kan zijn.",
                "Geef de kolom een naam zonder dat nummer.",
                regel=regel,
            )
    for nummer, cel in enumerate(namen, eerste):
        if (eerder := namen.index(cel) + eerste) < nummer:
            raise fout(
                naam,
                f"De kolommen {eerder} en {nummer} hebben dezelfde naam.",
                "Geef elke kolom een eigen naam.",
                regel=regel,
            )
