"""One run of the cases somebody chose, from files to report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from uitfasering.controle.gevallen import onbekende_namen
from uitfasering.errors import BuildError, UitfaseringError
from uitfasering.gegevens import laad
from uitfasering.melding import Melding
from uitfasering.toets.gevallen import Geval, lees_gevallen
from uitfasering.toets.keuze import Keuze, kies
from uitfasering.toets.uitvoeren import draai
from uitfasering.toets.verslag import Verslag
from uitfasering.toets.waarom import leg_uit
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import lees as lees_zinnen


class GeenGevallen(UitfaseringError):
    """There is nothing to run."""


def ronde(werkbank: Werkbank, paden: Iterable[Path], keuze: Keuze) -> Verslag:
    """Read, run and explain the cases of these files and folders.

    Raises:
        OnbekendeKeuze: the choice names an agreement or municipality that is not there.
        OpaUnavailable: OPA gave no answer.
    """
    return _verslag(werkbank, *lees_gevallen(werkbank.root, paden), keuze)


def eerste_ronde(root: Path, paden: Sequence[Path], keuze: Keuze) -> tuple[Werkbank, Verslag]:
    """As ``ronde``, on a new werkbank, which starts while the files are read.

    Raises:
        BuildError: the tables or policies are wrong; carries every Melding.
    """
    with ThreadPoolExecutor(1) as pool:
        lezen = pool.submit(lees_gevallen, root, paden)
        werkbank = _werkbank(root)
    try:
        verslag = _verslag(werkbank, *lezen.result(), keuze)
    except BaseException:
        werkbank.close()
        raise
    return werkbank, verslag


def _werkbank(root: Path) -> Werkbank:
    try:
        return Werkbank(root)
    except BuildError as fout:
        if fout.meldingen:
            raise
        from uitfasering.rego.controle import controleer  # only for a policy that OPA refuses

        found = [m for m in controleer(root, laad(root)) if m.ernst == "fout"]
        if not found:
            raise
        lines = "\n".join(map(str, found))
        raise BuildError(f"De afspraken in policies/ kloppen niet:\n{lines}", found) from fout


def _verslag(
    werkbank: Werkbank, gevallen: list[Geval], meldingen: list[Melding], keuze: Keuze
) -> Verslag:
    gegevens = werkbank.gegevens
    gekozen = kies(gevallen, gegevens, keuze)
    if not gekozen and not meldingen:
        raise GeenGevallen(
            "Er is geen geval dat hierbij past. Neem een ander bestand of een andere map, of laat "
            "--naam, --regel of --gemeente weg."
        )
    uitslagen = draai(werkbank, gekozen)
    uitleg = leg_uit(werkbank, lees_zinnen(werkbank.root, gegevens), uitslagen)
    gevonden = {
        *meldingen,
        *onbekende_namen(gekozen, set(gegevens.afspraken), gegevens),
        *(melding for uitslag in uitslagen for melding in uitslag.meldingen),
    }
    return Verslag(uitslagen, uitleg, sorted(gevonden))
