"""``uitfasering controleer``: everything that is wrong in the tables, rules and cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, hulp, is_map

if TYPE_CHECKING:
    from uitfasering.controle.telling import Telling
    from uitfasering.melding import Melding


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="[BESTAND… | MAP…]")
@click.option(
    "--formaat",
    type=Keuze(["tekst", "json", "github"]),
    default="tekst",
    help="Hoe het antwoord eruitziet. Zonder deze optie: tekst. Met github staat elke melding in "
    "GitHub bij de regel.",
)
@click.option(
    "--waarschuwingen-zijn-fouten",
    is_flag=True,
    help="Geef ook afloopcode 1 als er alleen waarschuwingen zijn.",
)
@click.option(
    "--brieven",
    metavar="MAP",
    callback=is_map,
    help="De map met de tekst van de brieven. Dan wordt ook elk citaat nagezocht.",
)
@hulp
def controleer(
    paden: tuple[str, ...],
    formaat: Any,
    waarschuwingen_zijn_fouten: bool,
    brieven: str | None,
) -> int:
    """Zoek alles wat niet klopt in de tabellen, afspraken en gevallen.

    Zonder bestand of map gaat het om het hele project. Met een bestand of map ziet u alleen wat
    daarin staat. Een map met een eigen data/, policies/ en schemas/ is een project op zich.

    \b
    Afloopcode:
      0  er is niets mis, of er zijn alleen waarschuwingen
      1  er is iets gevonden
      2  er is niets gecontroleerd: het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.controle import vind
    from uitfasering.controle.bereik import bereik
    from uitfasering.controle.telling import Telling

    gevraagd = bereik(paden)
    alle = vind(gevraagd.root, brieven=Path(brieven) if brieven else None)
    getoond = [melding for melding in alle if gevraagd.toont(melding)]
    elders = Telling.van(melding for melding in alle if not gevraagd.toont(melding))
    _toon(getoond, elders, gevraagd.root, formaat)
    telling = Telling.van(getoond)
    fout = telling.fouten or (waarschuwingen_zijn_fouten and telling.waarschuwingen)
    return NIET_GOED if fout else GOED


def _toon(meldingen: list[Melding], elders: Telling, root: Path, formaat: str) -> None:
    import sys

    from uitfasering.weergave.vormen import uitvoer

    uitvoer(encoding=None if formaat == "tekst" else "utf-8")
    if formaat == "json":
        from uitfasering.controle.programma import als_json

        click.echo(als_json(meldingen, elders), nl=False)
        return
    if formaat == "github":
        from uitfasering.controle.programma import als_github

        for regel in als_github(meldingen):
            click.echo(regel)
    else:
        from uitfasering.controle.tekst import schrijf

        schrijf(meldingen, root, sys.stdout)
    from uitfasering.controle.bereik import gecontroleerd

    if elders.fouten or elders.waarschuwingen:
        click.echo(f"In andere bestanden van het project: {elders.aantallen()}.")
    click.echo(gecontroleerd(root))
