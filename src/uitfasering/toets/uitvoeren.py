"""The cases, decided by one OPA, each against what it expects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from uitfasering.errors import BuildError
from uitfasering.gegevens import Gegevens
from uitfasering.melding import Melding
from uitfasering.toets.gevallen import Geval, Pad
from uitfasering.toets.verschil import Rij, vergelijk
from uitfasering.varianten import met
from uitfasering.werkbank import Werkbank

Stand: TypeAlias = Literal["goed", "fout", "overgeslagen", "niet gedraaid"]


@dataclass(frozen=True)
class Uitslag:
    """What became of one case.

    Attributes:
        besluit: what OPA answered; None when it was not asked.
        rijen: a row for each thing the case expects; empty without a besluit.
        meldingen: the faults in what the file says under ``gegevens``, placed in that file; the
            case was not run then.
    """

    geval: Geval
    besluit: Mapping[str, Any] | None = None
    rijen: tuple[Rij, ...] = ()
    meldingen: tuple[Melding, ...] = ()

    @property
    def stand(self) -> Stand:
        """How the case ended."""
        if self.geval.overslaan:
            return "overgeslagen"
        if self.besluit is None:
            return "niet gedraaid"
        return "goed" if all(rij.klopt for rij in self.rijen) else "fout"


def draai(werkbank: Werkbank, gevallen: Sequence[Geval]) -> list[Uitslag]:
    """Every case, in the order given; one with ``overslaan`` is not asked.

    The cases of a file that says ``gegevens`` are asked on those tables; afterwards the werkbank
    is on its own tables again.

    Raises:
        OpaUnavailable: OPA gave no answer.
    """
    uitslagen: dict[int, Uitslag] = {}
    te_draaien = []
    for index, geval in enumerate(gevallen):
        if geval.overslaan:
            uitslagen[index] = Uitslag(geval)
        else:
            te_draaien.append(index)
    for groep in per_tabellen(werkbank, gevallen, te_draaien):
        if groep.fout:
            for index in groep.plaatsen:
                meldingen = in_het_bestand(groep.fout, gevallen[index], werkbank.gegevens)
                uitslagen[index] = Uitslag(gevallen[index], meldingen=meldingen)
            continue
        besluiten = _besluiten(werkbank, {i: gevallen[i].toewijzing for i in groep.plaatsen})
        for index in groep.plaatsen:
            besluit = besluiten[index]
            rijen = tuple(vergelijk(gevallen[index], besluit))
            uitslagen[index] = Uitslag(gevallen[index], besluit, rijen)
    return [uitslagen[index] for index in range(len(gevallen))]


def _besluiten(
    werkbank: Werkbank, toewijzingen: Mapping[int, Mapping[str, Any]]
) -> dict[int, Mapping[str, Any]]:
    """OPA decides one request on one core, so it gets as many requests as there are cores."""
    cores = os.cpu_count() or 1
    nummers = list(toewijzingen)
    delen = [
        {str(nummer): toewijzingen[nummer] for nummer in nummers[begin::cores]}
        for begin in range(min(cores, len(nummers)))
    ]
    with ThreadPoolExecutor(cores) as pool:
        antwoorden = list(pool.map(werkbank.besluiten, delen))
    return {int(key): besluit for deel in antwoorden for key, besluit in deel.items()}


@dataclass(frozen=True)
class Groep:
    """Cases on the same tables, by their place in the list; ``fout`` when there are none such."""

    plaatsen: list[int]
    fout: BuildError | None = None


def per_tabellen(
    werkbank: Werkbank, gevallen: Sequence[Geval], plaatsen: Sequence[int]
) -> Iterator[Groep]:
    """The cases at these places, by the tables they are about.

    Each group comes when the werkbank is on its tables; go through all of them.
    """
    eigen = werkbank.gegevens
    groepen: dict[str, list[int]] = {}
    for index in plaatsen:
        groepen.setdefault(gevallen[index].gegevens_sleutel, []).append(index)
    try:
        for groep in groepen.values():
            try:
                tabellen = met(eigen, gevallen[groep[0]].gegevens)
            except BuildError as error:
                yield Groep(groep, error)
                continue
            werkbank.zet_gegevens(tabellen)
            yield Groep(groep)
    finally:
        werkbank.zet_gegevens(eigen)


def in_het_bestand(fout: BuildError, geval: Geval, eigen: Gegevens) -> tuple[Melding, ...]:
    """The faults in the tables as faults in the case file that changed them."""
    return tuple(
        replace(
            geval.document.melding(_pad(melding.pad, eigen), melding.bericht, melding.oplossing),
            code=melding.code,
        )
        for melding in fout.meldingen
    )


def _pad(pad: str, eigen: Gegevens) -> Pad:
    """Where a place in a table stands under ``gegevens``."""
    keys: list[str | int] = [
        int(index) - 1 if index else key for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", pad)
    ]
    if keys[:1] == ["gemeenten"] and len(keys) > 2 and isinstance(keys[1], int):
        row = eigen.tabellen["gemeenten"]["gemeenten"][keys[1]]
        return ("gegevens", keys[2], row["cbs"])
    if keys[:1] == ["crisisroute"]:
        return ("gegevens", "crisisroute_gecontracteerd_per")
    return ("gegevens", *keys)
