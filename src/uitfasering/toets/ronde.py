"""One run of the cases somebody chose, from files to report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from uitfasering.controle.gevallen import onbekende_namen
from uitfasering.errors import BuildError, UitfaseringError
from uitfasering.gegevens import Gegevens, laad
from uitfasering.melding import Melding
from uitfasering.rego.controle import keur_stage
from uitfasering.stage import maak_stage
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
    gegevens = laad(root)
    with ThreadPoolExecutor(2) as pool:
        lezen = pool.submit(lees_gevallen, root, paden)
        keuren = pool.submit(_keur, root, gegevens)
        werkbank = _werkbank(root, gegevens, keuren)
    try:
        verslag = _verslag(werkbank, *lezen.result(), keuze)
    except BaseException:
        werkbank.close()
        raise
    return werkbank, verslag


def _werkbank(root: Path, gegevens: Gegevens, keuren: Future[list[Melding]]) -> Werkbank:
    """A werkbank, when OPA and our own checks find nothing that makes its answers wrong."""
    try:
        werkbank = Werkbank(root, gegevens)
    except BuildError as fout:
        if not fout.meldingen:
            _weiger(keuren.result())
        raise
    try:
        _weiger(keuren.result())
    except BaseException:
        werkbank.close()
        raise
    return werkbank


def _keur(root: Path, gegevens: Gegevens) -> list[Melding]:
    """What also keeps these policies out of a bundle, but for the velden: they decide nothing."""
    with tempfile.TemporaryDirectory(prefix="uitfasering-toets-") as name:
        try:
            maak_stage(Path(name), root=root, gegevens=gegevens)
        except BuildError:  # the werkbank tells
            return []
        return [m for m in keur_stage(Path(name), root, gegevens) if m.code != "regel-velden"]


def _weiger(meldingen: Sequence[Melding]) -> None:
    if meldingen:
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"De afspraken in policies/ kloppen niet:\n{lines}", meldingen)


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
