"""``uitfasering herhaal``: give logged besluiten again, and see whether they are the same."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from uitfasering.afloop import GOED, NIET_GELUKT, NIET_GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, bestaan, bestaat, hulp, is_bestand


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND… | MAP… | -", callback=bestaat)
@click.option(
    "--bundel",
    "bundels",
    multiple=True,
    metavar="BESTAND|MAP",
    callback=bestaan,
    help="Waar de bundels van toen staan. Mag vaker. Zonder deze optie: build/sidecar/archief, "
    "build/sidecar/bundels en build/uitfasering.tar.gz.",
)
@click.option(
    "--met",
    metavar="BUNDEL",
    callback=is_bestand,
    help="Vraag alles aan deze bundel, en toon wat er dan anders wordt en waarom. Bijvoorbeeld "
    "build/uitfasering.tar.gz, na een wijziging en uitfasering bundel.",
)
@click.option(
    "--sleutel",
    metavar="BESTAND",
    callback=is_bestand,
    help="De publieke sleutel waarmee elke bundel ondertekend moet zijn. Zonder deze optie kijkt "
    "niemand naar de handtekening.",
)
@click.option(
    "--formaat",
    type=Keuze(["tekst", "json"]),
    default="tekst",
    help="Hoe het antwoord eruitziet. Zonder deze optie: tekst.",
)
@hulp
def herhaal(
    paden: tuple[str, ...],
    bundels: tuple[str, ...],
    met: str | None,
    sleutel: str | None,
    formaat: Any,
) -> int:
    """Herhaal de besluiten uit een logboek: komt er hetzelfde uit als toen?

    Geef de bestanden met het logboek, de map waarin ze staan, of een streepje (-) voor de
    standaardinvoer. Elk besluit wordt opnieuw gevraagd aan de versie van de afspraken die het toen
    gaf. Met --met ziet u wat een andere versie ervan zou maken.

    \b
    Afloopcode:
      0  elk besluit is herhaald, en er is niets anders
      1  er is iets anders, of iets is niet te lezen of niet te herhalen
      2  er is niets herhaald
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.bewijs.rekenen import lees_sleutel
    from uitfasering.bundelbestand import gewone_plaatsen, lees_bundel, zoek_bundels
    from uitfasering.herhaal.herhalen import Herhaler
    from uitfasering.herhaal.verslag import als_json, maak_verslag
    from uitfasering.leesgegevens import lees_gegevens
    from uitfasering.logboek import lees_logboek
    from uitfasering.paths import opa_versie, project_root
    from uitfasering.weergave.vormen import uitvoer

    root = project_root()
    gezocht = [Path(bundel) for bundel in bundels] or gewone_plaatsen(root)
    van_toen = zoek_bundels(gezocht)
    andere = lees_bundel(Path(met)) if met else None
    key = lees_sleutel(Path(sleutel)).pad if sleutel else None
    with Herhaler(van_toen, met=andere, sleutel=key) as herhaler:
        gelezen = lees_logboek([Path(pad) for pad in paden])
        verslag = maak_verslag(
            herhaler.herhaal(gelezen),
            met=andere,
            bundels=van_toen,
            namen=lees_gegevens(root).gemeenten if andere else {},
        )
        verslag.geweigerd = herhaler.geweigerd
    uitvoer(encoding=None if formaat == "tekst" else "utf-8")
    if formaat == "json":
        click.echo(als_json(verslag), nl=False)
    else:
        from uitfasering.herhaal.tekst import schrijf

        schrijf(verslag, sys.stdout, opa=opa_versie())
    if not verslag.herhaald:
        return NIET_GELUKT
    return GOED if verslag.goed else NIET_GOED
