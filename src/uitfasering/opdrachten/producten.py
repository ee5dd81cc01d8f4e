"""``uitfasering producten``: the region's own product list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from uitfasering.afloop import GOED, NIET_GELUKT, NIET_GOED
from uitfasering.opdrachtregel import Groep, Opdracht, hulp

if TYPE_CHECKING:
    from uitfasering.productenlijst.lezen import Lijst
    from uitfasering.productenlijst.samenvoegen import Samengevoegd


@click.group(cls=Groep, invoke_without_command=True, add_help_option=False)
@hulp
@click.pass_context
def producten(ctx: click.Context) -> int | None:
    """Werk met de productcatalogus (data/producten.yaml)."""
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return NIET_GELUKT


@producten.command(cls=Opdracht, add_help_option=False)
@click.argument("bestand", metavar="BESTAND")
@click.option("--bron", metavar="TEKST", help="Waar de lijst vandaan komt, met versie of datum.")
@click.option(
    "--zonder-voorbeelden",
    is_flag=True,
    help="Haal de voorbeelden weg die niet in de lijst staan.",
)
@click.option(
    "--schrijf", is_flag=True, help="Neem de lijst over. Zonder deze optie: alleen tonen."
)
@hulp
def importeer(bestand: str, bron: str | None, zonder_voorbeelden: bool, schrijf: bool) -> int:
    """Neem een productenlijst over uit CSV of Excel.

    Toont eerst in woorden wat er verandert, en schrijft alleen met --schrijf. Producten die niet in
    de lijst staan, blijven staan. Opmerkingen en volgorde blijven zoals ze zijn.

    \b
    Afloopcode:
      0  de lijst is in orde (en met --schrijf: overgenomen)
      1  er is iets mis met de lijst; er is niets veranderd
      2  het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from pathlib import Path

    from uitfasering.errors import MessageError
    from uitfasering.paths import project_root
    from uitfasering.productenlijst import importeren
    from uitfasering.weergave.veilig import schoon

    root = project_root()
    try:
        lijst, samen = importeren.bereid_voor(
            root, Path(bestand), bron=bron, zonder_voorbeelden=zonder_voorbeelden
        )
    except MessageError as error:
        if not error.meldingen:
            raise
        click.echo("\n".join(schoon(line) for line in str(error).splitlines()), err=True)
        return NIET_GOED
    click.echo("\n".join(schoon(line) for line in _verslag(lijst, samen)))
    if not samen.anders:
        click.echo("Er verandert niets.")
    elif schrijf:
        importeren.schrijf(root, samen)
        click.echo(
            f"Geschreven: {importeren.PRODUCTEN}. Controleer nu met: uitfasering controleer, "
            "en daarna: uitfasering toets"
        )
    else:
        click.echo("Er is nog niets geschreven. Klopt dit? Geef dezelfde opdracht met --schrijf.")
    return GOED


def _verslag(lijst: Lijst, samen: Samengevoegd) -> list[str]:
    """What the list holds and what it changes, a line each."""
    aantal = len(lijst.rijen)
    lines = [f"{lijst.bestand}: {aantal} {'rij' if aantal == 1 else 'rijen'}."]
    if lijst.onbekend:
        lines.append(f"Niet gelezen kolommen: {', '.join(lijst.onbekend)}.")
    if samen.nieuw:
        lines += ["", f"Nieuw ({len(samen.nieuw)}):"]
        lines += [f"  {code}  {wat}" for code, wat in samen.nieuw.items()]
    if samen.gewijzigd:
        lines += ["", f"Gewijzigd ({len(samen.gewijzigd)}):"]
        lines += [
            f"  {code if i == 0 else ' ' * len(code)}  {wat}"
            for code, changes in samen.gewijzigd.items()
            for i, wat in enumerate(changes)
        ]
    if samen.weg:
        lines += ["", f"Weg ({len(samen.weg)}, alle voorbeeld): {', '.join(samen.weg)}"]
    if samen.blijft:
        wat = f"waarvan {samen.voorbeelden} voorbeeld" if samen.voorbeelden else "geen voorbeelden"
        lines += ["", f"Niet in de lijst, blijft staan: {len(samen.blijft)} ({wat})."]
    return [*lines, ""]
