"""``uitfasering dekking``: the letters sentence by sentence, and what covers each sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from uitfasering.afloop import GOED, NIET_GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, hulp, is_map


@click.command(cls=Opdracht, add_help_option=False)
@click.option(
    "--brieven",
    metavar="MAP",
    callback=is_map,
    help="De map met de tekst van de brieven (brief-2021-05-06.txt, …). Dan wordt elke zin "
    "letterlijk nagezocht.",
)
@click.option(
    "--formaat",
    type=Keuze(["tekst", "json"]),
    default="tekst",
    help="Hoe het antwoord eruitziet. Zonder deze optie: tekst.",
)
@hulp
def dekking(brieven: str | None, formaat: Any) -> int:
    """Toon bij elke zin van de brieven wat het programma ermee doet.

    Per zin ziet u de status, de afspraken, hoeveel gevallen er zijn, en hoe wij de zin lezen.

    \b
    Afloopcode:
      0  elke zin is gedekt
      1  een zin of afspraak is niet gedekt, of er klopt iets niet
      2  er is niets bekeken: het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.brieven import controleer, lees_brieven
    from uitfasering.brieven.dekking import bereken
    from uitfasering.brieven.gevallen import citaten
    from uitfasering.brieven.verslag import als_json, schrijf
    from uitfasering.controle.tekst import schrijf as schrijf_meldingen
    from uitfasering.errors import BuildError
    from uitfasering.gegevens import laad
    from uitfasering.paths import project_root
    from uitfasering.toets.gevallen import lees_gevallen
    from uitfasering.weergave.vormen import uitvoer

    root = project_root()
    gegevens = laad(root)
    gevallen, fouten = lees_gevallen(root)
    if fouten:
        regels = "\n".join(map(str, fouten))
        raise BuildError(f"De gevallen zijn niet te lezen:\n{regels}", fouten)
    meldingen = controleer(root, gegevens, Path(brieven) if brieven else None)
    if brieven:
        meldingen = sorted([*meldingen, *citaten(gevallen, Path(brieven))])
    gelezen, _ = lees_brieven(root)
    gedekt = bereken(gelezen, gegevens, gevallen)
    uitvoer(encoding=None if formaat == "tekst" else "utf-8")
    if formaat == "json":
        click.echo(als_json(gedekt, meldingen, vergeleken=bool(brieven)), nl=False)
    else:
        schrijf(gedekt, meldingen, sys.stdout, vergeleken=bool(brieven))
        if meldingen:
            click.echo()
            schrijf_meldingen(meldingen, root, sys.stdout)
    return NIET_GOED if meldingen or any(brief.zonder_geval for brief in gedekt) else GOED
