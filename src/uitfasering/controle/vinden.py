"""Everything that is wrong in a project, from all its sources at once."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from uitfasering import brieven as brievencontrole
from uitfasering import zinnen
from uitfasering.bulk import schrijfwijzen
from uitfasering.controle import gevallen, schemas
from uitfasering.gegevens import lees_alles
from uitfasering.gegevenscontrole import waarschuwingen
from uitfasering.melding import Melding
from uitfasering.rego import controle as regocontrole


def vind(root: Path, *, brieven: Path | None = None) -> list[Melding]:
    """Every finding in the tables, policies, cases, schemas and letters of ``root``.

    Args:
        root: the project.
        brieven: the folder with the text of the letters; without it quotes are not looked up.

    Returns:
        The findings by file and line, each once. A fault in one source does not hide those in
        another; only a broken schema does, as it says what all others mean.

    Raises:
        OpaUnavailable: there is no OPA to check the policies with.
    """
    meldingen = list(schemas.controleer(root))
    if meldingen:
        return sorted(meldingen)
    gegevens, gevonden = lees_alles(root)
    meldingen += gevonden
    meldingen += schrijfwijzen.controleer(root)
    # The policies are checked by OPA, a process of its own; meanwhile this one reads the cases.
    with ThreadPoolExecutor(max_workers=1) as naast:
        rego = naast.submit(regocontrole.controleer, root, gegevens)
        if gegevens is not None:
            meldingen += waarschuwingen(gegevens)
            meldingen += zinnen.controleer(root, gegevens)
        meldingen += gevallen.controleer(root, gegevens, brieven)
        meldingen += brievencontrole.controleer(root, gegevens, brieven)
        meldingen += rego.result()
    return sorted(_eens(meldingen))


def _eens(meldingen: Iterable[Melding]) -> list[Melding]:
    """Each finding once: two sources may see the same fault."""
    gezien: dict[tuple[str, int, int, str, str], Melding] = {}
    for melding in meldingen:
        plek = (melding.bestand, melding.regel, melding.kolom, melding.pad, melding.bericht)
        gezien.setdefault(plek, melding)
    return list(gezien.values())
