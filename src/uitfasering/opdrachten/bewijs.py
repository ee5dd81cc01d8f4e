"""``uitfasering bewijs``: one besluit as a receipt, and the check of a receipt."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GELUKT, NIET_GOED
from uitfasering.opdrachtregel import Groep, Opdracht, bestaan, bestaat, hulp, is_bestand, is_map

if TYPE_CHECKING:
    from uitfasering.bewijs.maken import GeenBewijs
    from uitfasering.bewijs.rekenen import Sleutel
    from uitfasering.bundelbestand import Bundelbestand

_BREEDTE = 100
_TEKENS = {"goed": ("✓", "green"), "fout": ("✗", "bold red"), "niet gedaan": ("–", "bold yellow")}


def _is_volgnummer(_: click.Context, param: click.Parameter, tekst: str | None) -> int | None:
    if tekst is None:
        return None
    if not (tekst.isascii() and tekst.isdecimal() and len(tekst) < 10 and int(tekst)):
        raise click.BadParameter("schrijf een getal vanaf 1, bijvoorbeeld 3.", param=param)
    return int(tekst)


_bundel = click.option(
    "--bundel",
    "bundels",
    metavar="BESTAND|MAP",
    multiple=True,
    callback=bestaan,
    help="Waar de afspraken van toen staan: een bundel, of een map met bundels. Mag vaker. Zonder "
    "deze optie: build/sidecar/archief, build/sidecar/bundels en build/uitfasering.tar.gz.",
)
_sleutel = click.option(
    "--sleutel",
    metavar="BESTAND",
    callback=is_bestand,
    help="De publieke sleutel van wie de afspraken vaststelt. Zonder deze optie: "
    "build/sidecar/sleutels/afspraken.pub, als die er is.",
)


@click.group(cls=Groep, invoke_without_command=True, add_help_option=False)
@hulp
@click.pass_context
def bewijs(ctx: click.Context) -> int | None:
    """Maak een bewijs van een besluit, of controleer er een.

    Een bewijs is een bestand met de vraag, het besluit en de afspraken van dat moment. Daarmee is
    het besluit later na te rekenen, ook zonder netwerk.
    """
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return NIET_GELUKT


@bewijs.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND… | MAP… | -", callback=bestaat)
@click.option(
    "--besluit",
    "besluit_id",
    metavar="NUMMER",
    help="Het nummer van een besluit in het logboek (decision_id). Zonder deze optie is BESTAND "
    "een toewijzing, en wordt het besluit nu gegeven.",
)
@click.option(
    "--volgnummer",
    metavar="N",
    callback=_is_volgnummer,
    help="Welk besluit van een reeks die tegelijk is gevraagd.",
)
@_bundel
@_sleutel
@click.option(
    "--naar",
    default=".",
    metavar="MAP",
    callback=is_map,
    help="De map voor het bewijs. Zonder deze optie: de map waarin u staat.",
)
@hulp
def maak(
    paden: tuple[str, ...],
    besluit_id: str | None,
    volgnummer: int | None,
    bundels: tuple[str, ...],
    sleutel: str | None,
    naar: str,
) -> int:
    """Maak een bewijs: een JSON-bestand, en een bladzijde om te lezen.

    Met --besluit is BESTAND het logboek van OPA, of een map daarmee. Het besluit daarin wordt
    nagerekend. Komt er iets anders uit, dan is er geen bewijs.

    \b
    Afloopcode:
      0  het bewijs is gemaakt
      1  het besluit en de afspraken passen niet bij elkaar: er is geen bewijs
      2  het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    if volgnummer and besluit_id is None:
        raise click.UsageError("Bij --volgnummer hoort ook --besluit NUMMER.")
    from uitfasering.bewijs.maken import GeenBewijs
    from uitfasering.bewijs.schrijven import schrijf

    publiek = _publieke_sleutel(sleutel)
    gemaakt: dict[str, Any] | GeenBewijs
    if besluit_id is None:
        gemaakt = _van_nu(paden, bundels, publiek)
    else:
        gemaakt = _uit_logboek(paden, besluit_id, volgnummer, bundels, publiek)
    if isinstance(gemaakt, GeenBewijs):
        click.echo(f"Er is geen bewijs gemaakt. {gemaakt.reden}", err=True)
        return NIET_GOED
    bestand, pagina = schrijf(gemaakt, Path(naar))
    click.echo(f"Het bewijs: {bestand}\nOm te lezen: {pagina}")
    uitslag = gemaakt["handtekening"]["uitslag"]
    if uitslag != "goed":
        click.echo(
            f"LET OP: handtekening onder de afspraken: {uitslag}. Wie dit bewijs krijgt, weet dan "
            "niet wie voor de afspraken instaat.",
            err=True,
        )
    return GOED


@bewijs.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND…", callback=bestaat)
@_sleutel
@_bundel
@hulp
def controleer(paden: tuple[str, ...], sleutel: str | None, bundels: tuple[str, ...]) -> int:
    """Controleer een bewijs, zonder netwerk.

    OPA kijkt of de afspraken in het bewijs met uw sleutel zijn ondertekend, en geeft het besluit
    opnieuw. Dat een besluit toen is gegeven, staat alleen in het logboek.

    \b
    Afloopcode:
      0  alles is gecontroleerd en klopt
      1  er klopt iets niet, of niet alles is gecontroleerd
      2  het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.bewijs.controle import controleer as nagegaan
    from uitfasering.paths import opa_versie
    from uitfasering.weergave.papier import alinea, papier
    from uitfasering.weergave.vormen import uitvoer

    publiek, opa = _publieke_sleutel(sleutel), opa_versie()
    eigen = _gevonden(bundels)
    uitvoer()
    blad = papier(sys.stdout, _BREEDTE)
    breedte = min(blad.width, _BREEDTE)
    code = GOED
    for pad in paden:
        stappen = nagegaan(Path(pad), publiek, eigen, opa)
        uitslagen = {stap.uitslag for stap in stappen}
        regels = list(alinea(pad, breedte, stijl="bold"))
        for stap in stappen:
            teken, stijl = _TEKENS[stap.uitslag]
            regels += alinea(stap.tekst, breedte, begin=f"  {teken} ", stijl=stijl)
        if "fout" in uitslagen:
            slot = "Dit bewijs klopt niet."
        elif "niet gedaan" in uitslagen:
            slot = "Dit bewijs is niet helemaal gecontroleerd."
        else:
            slot = "Dit bewijs klopt."
        for regel in [*regels, *alinea(slot, breedte, begin="  ", stijl="bold")]:
            blad.print(regel, soft_wrap=True)
        if uitslagen != {"goed"}:
            code = NIET_GOED
    return code


def _uit_logboek(
    paden: tuple[str, ...],
    besluit_id: str,
    volgnummer: int | None,
    bundels: tuple[str, ...],
    sleutel: Sleutel | None,
) -> dict[str, Any] | GeenBewijs:
    from uitfasering.bewijs.maken import bewijs_uit_logboek, zoek_in_logboek

    gelogd = zoek_in_logboek([Path(pad) for pad in paden], besluit_id, volgnummer)
    bundel = _van_revisie(gelogd.herkomst, _gevonden(bundels))
    return bewijs_uit_logboek(gelogd, bundel, sleutel)


def _van_nu(
    paden: tuple[str, ...], bundels: tuple[str, ...], sleutel: Sleutel | None
) -> dict[str, Any] | GeenBewijs:
    from uitfasering.bewijs.maken import bewijs_van_nu, lees_toewijzing
    from uitfasering.bundel import bouw_bundel
    from uitfasering.paths import opa_versie

    toewijzing = lees_toewijzing(paden)
    nu = bouw_bundel().revisie
    gevonden = _gevonden(bundels)
    # Who gives one bundle means that one; without --bundel the one of now is among them.
    revisie = next(iter(gevonden)) if len(gevonden) == 1 else nu
    bundel = _van_revisie(revisie, gevonden)
    return bewijs_van_nu(toewijzing, bundel, sleutel, opa_versie())


def _van_revisie(revisie: str, gevonden: Mapping[str, Bundelbestand]) -> Bundelbestand:
    from uitfasering.errors import BuildError

    if revisie not in gevonden:
        raise BuildError(
            f"De bundel met versie {revisie} van de afspraken is niet gevonden. Zeg met --bundel "
            "waar hij staat; de sidecar bewaart elke bundel in zijn map archief."
        )
    return gevonden[revisie]


def _gevonden(bundels: tuple[str, ...]) -> Mapping[str, Bundelbestand]:
    from uitfasering.bundelbestand import gewone_plaatsen, zoek_bundels
    from uitfasering.paths import project_root

    return zoek_bundels([Path(een) for een in bundels] or gewone_plaatsen(project_root()))


def _publieke_sleutel(gegeven: str | None) -> Sleutel | None:
    from uitfasering.bewijs.rekenen import lees_sleutel
    from uitfasering.sidecarmap import Sidecarmap

    gewoon = Sidecarmap.gewoon().sleutels / "afspraken.pub"
    if gegeven is None and not gewoon.is_file():
        return None
    return lees_sleutel(Path(gegeven) if gegeven else gewoon)
