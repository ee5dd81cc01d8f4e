"""``uitfasering bundel``: the tables and policies as one file for OPA."""

from __future__ import annotations

from pathlib import Path

import click

from uitfasering.afloop import GOED
from uitfasering.opdrachtregel import Opdracht, hulp


@click.command(cls=Opdracht, add_help_option=False)
@click.option("--opnieuw", is_flag=True, help="Bouw ook als er niets is veranderd.")
@click.option(
    "--sidecar",
    metavar="MAP",
    help="Zet de bundel ook ondertekend klaar voor de sidecar in deze map, bijvoorbeeld "
    "build/sidecar.",
)
@click.option(
    "--sleutel",
    metavar="BESTAND",
    help="De geheime sleutel om mee te ondertekenen; anders geheim/afspraken.key in die map.",
)
@hulp
def bundel(opnieuw: bool, sidecar: str | None, sleutel: str | None) -> int:
    """Maak van de afspraken en tabellen één bestand voor OPA."""
    if sleutel and not sidecar:
        raise click.UsageError("Bij --sleutel hoort ook --sidecar MAP.")
    from uitfasering.bundel import BUNDEL, bouw_bundel
    from uitfasering.leesgegevens import lees_gegevens
    from uitfasering.paths import project_root

    root = project_root()
    vorige = _inhoud(root / BUNDEL)
    gebouwd = bouw_bundel(root, opnieuw=opnieuw)
    lees_gegevens(root)  # so that the first besluit need not read the tables
    if not gebouwd.vernieuwd:
        wat = "De bundel is al bijgewerkt."
    elif vorige == _inhoud(gebouwd.path):
        wat = "De bundel is opnieuw gebouwd. De inhoud is gelijk gebleven."
    else:
        wat = "De bundel is gebouwd. De inhoud is nieuw."
    click.echo(f"{wat}\nBestand: {gebouwd.path}\nVersie van de afspraken: {gebouwd.revisie}")
    if sidecar:
        from uitfasering.ondertekenen import onderteken_afspraken
        from uitfasering.sidecarmap import Sidecarmap

        doel = Sidecarmap(Path(sidecar))
        getekend = onderteken_afspraken(
            gebouwd, Path(sleutel) if sleutel else doel.geheim / "afspraken.key", doel
        )
        click.echo(f"Ondertekend: {getekend}")
    return GOED


def _inhoud(pad: Path) -> bytes | None:
    return pad.read_bytes() if pad.is_file() else None
