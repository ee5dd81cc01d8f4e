"""``uitfasering feiten``: the facts of an export, to load in a database of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from uitfasering.afloop import GOED
from uitfasering.opdrachtregel import Opdracht, bestaat, hulp, is_bestand


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND… | MAP…", callback=bestaat)
@click.option("--uit", metavar="BESTAND", help="Waar de feiten komen: een .csv of .parquet.")
@click.option(
    "--koppeling",
    metavar="BESTAND",
    callback=is_bestand,
    help="Een YAML-bestand dat zegt welke kolom wat is.",
)
@hulp
def feiten(paden: tuple[str, ...], uit: str | None, koppeling: str | None) -> int:
    """Schrijf de feiten van een export, voor de SQL van: uitfasering sql.

    Er komt één rij per rij van de export, met het nummer van die rij en zonder persoonsgegevens.
    """
    from uitfasering.bulk.feitenbestand import schrijf_feiten
    from uitfasering.bulk.kolommen import lees_koppeling
    from uitfasering.paths import project_root

    if uit is None:
        raise click.UsageError("Geef met --uit waar de feiten komen, bijvoorbeeld feiten.csv.")
    gelezen = lees_koppeling(Path(koppeling), project_root()) if koppeling else None
    rijen = schrijf_feiten([Path(pad) for pad in paden], Path(uit), gelezen)
    click.echo(f"{rijen} rijen geschreven: {uit}")
    return GOED
