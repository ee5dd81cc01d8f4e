"""``uitfasering token``: who may ask the sidecar what."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GELUKT
from uitfasering.opdrachtregel import Groep, Keuze, Opdracht, hulp
from uitfasering.toegang import RECHTEN

if TYPE_CHECKING:
    from uitfasering.sidecarmap import Sidecarmap

_NAAM = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_KENT = (
    "Een sidecar die draait, {wat} binnen enkele seconden. Leest hij zijn bundels uit bestanden, "
    "start hem dan opnieuw."
)


def _is_naam(_: click.Context, param: click.Parameter, naam: str) -> str:
    if not _NAAM.fullmatch(naam):
        # Not the name itself: someone may have typed a token there.
        raise click.UsageError(
            "Deze naam kan niet. Kies een naam van kleine letters, cijfers en streepjes, van "
            "hooguit 63 tekens, bijvoorbeeld zaaksysteem-1. Een token hoort hier niet."
        )
    return naam


def _elk_een_keer(
    _: click.Context, __: click.Parameter, rechten: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rechten))


_naam = click.argument("naam", metavar="NAAM", callback=_is_naam)
_recht = click.option(
    "--recht",
    "rechten",
    type=Keuze(RECHTEN),
    multiple=True,
    required=True,
    callback=_elk_een_keer,
    metavar="RECHT",
    help="Wat het token mag: besluit (vragen stellen), compile (SQL laten maken) of metrics "
    "(meetgegevens lezen). Mag vaker.",
)
_sidecar = click.option(
    "--sidecar",
    "map_",
    metavar="MAP",
    help="De map van de sidecar. Zonder deze optie: build/sidecar.",
)
_sleutel = click.option(
    "--sleutel",
    metavar="BESTAND",
    help="De geheime sleutel om mee te ondertekenen; anders geheim/toegang.key in die map.",
)


@click.group(cls=Groep, invoke_without_command=True, add_help_option=False)
@hulp
@click.pass_context
def token(ctx: click.Context) -> int | None:
    """Regel wie de sidecar wat mag vragen.

    Een token is een geheim dat een programma meestuurt met zijn vraag. De sidecar kent alleen de
    SHA-256 ervan.
    """
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return NIET_GELUKT


@token.command(cls=Opdracht, add_help_option=False)
@_naam
@_recht
@click.option(
    "--naar",
    required=True,
    metavar="BESTAND",
    help="Waar het token komt te staan: een nieuw bestand, dat alleen u kunt lezen.",
)
@_sidecar
@_sleutel
@hulp
def nieuw(
    naam: str, rechten: tuple[str, ...], naar: str, map_: str | None, sleutel: str | None
) -> int:
    """Maak een token en zet het in een nieuw bestand."""
    if naar == "-":
        raise click.UsageError("Een token komt niet op het scherm. Geef bij --naar een bestand.")
    from uitfasering import tokenbeheer

    sidecar = _map(map_)
    tokenbeheer.nieuw(naam, rechten, Path(naar), _bestand(sleutel, sidecar), sidecar)
    click.echo(
        f"Het token {naam} is gemaakt. Het mag: {', '.join(rechten)}.\n"
        f"Het staat in {naar}. Breng het veilig naar het programma dat ermee vraagt, en verwijder "
        f"het bestand daarna.\n{_KENT.format(wat='kent het')}"
    )
    return GOED


@token.command(cls=Opdracht, add_help_option=False)
@_naam
@_recht
@click.option(
    "--van",
    required=True,
    metavar="BESTAND",
    help="Waar het token staat; een streepje (-) is de standaardinvoer.",
)
@_sidecar
@_sleutel
@hulp
def overnemen(
    naam: str, rechten: tuple[str, ...], van: str, map_: str | None, sleutel: str | None
) -> int:
    """Neem een token over dat ergens anders is gemaakt.

    Zo'n token moet willekeurig gekozen zijn: niemand mag het kunnen raden.
    """
    from uitfasering import toegang, tokenbeheer

    sidecar = _map(map_)
    gelezen = toegang.lees_token(van, minimum=toegang.MINIMUM)
    tokenbeheer.overnemen(naam, rechten, gelezen, _bestand(sleutel, sidecar), sidecar)
    click.echo(
        f"Het token {naam} is overgenomen. Het mag: {', '.join(rechten)}.\n"
        f"{_KENT.format(wat='kent het')}"
    )
    return GOED


@token.command(cls=Opdracht, add_help_option=False)
@_naam
@_sidecar
@_sleutel
@hulp
def intrekken(naam: str, map_: str | None, sleutel: str | None) -> int:
    """Trek een token in: de sidecar weigert het voortaan."""
    from uitfasering import tokenbeheer

    sidecar = _map(map_)
    tokenbeheer.intrekken(naam, _bestand(sleutel, sidecar), sidecar)
    click.echo(f"Het token {naam} is ingetrokken.\n{_KENT.format(wat='weigert het')}")
    return GOED


@token.command(cls=Opdracht, add_help_option=False)
@_sidecar
@hulp
def lijst(map_: str | None) -> int:
    """Toon welke tokens er zijn en wat ze mogen."""
    from uitfasering.toegangsbestand import lees_toegang
    from uitfasering.tokenbeheer import is_bijgewerkt

    sidecar = _map(map_)
    gelezen = lees_toegang(sidecar.toegang)
    if gelezen is None or not gelezen.tokens:
        click.echo(f"Er zijn geen tokens in {sidecar.toegang}.")
    else:
        click.echo(_tabel(gelezen.tokens))
    if gelezen is None:
        return GOED
    if gelezen.revisies:
        click.echo("\nDeze versies van de afspraken zijn verwacht:")
        click.echo("\n".join(f"  {revisie}" for revisie in gelezen.revisies))
    else:
        click.echo("\nElke ondertekende versie van de afspraken is goed.")
    if not is_bijgewerkt(gelezen, sidecar):
        click.echo(
            f"\nLET OP: de bundel voor OPA zegt iets anders dan {sidecar.toegang}. Klopt dat "
            "bestand? Geef dan: uitfasering token bundel",
            err=True,
        )
    return GOED


@token.command(cls=Opdracht, add_help_option=False)
@_sidecar
@_sleutel
@hulp
def bundel(map_: str | None, sleutel: str | None) -> int:
    """Maak de bundel opnieuw uit toegang.yaml.

    Nodig als u in dat bestand zelf iets hebt veranderd.
    """
    from uitfasering import toegang, tokenbeheer

    sidecar = _map(map_)
    revisie = tokenbeheer.bundel(_bestand(sleutel, sidecar), sidecar)
    click.echo(f"Ondertekend: {sidecar.bundels / toegang.BUNDEL}\nVersie: {revisie}")
    return GOED


def _map(map_: str | None) -> Sidecarmap:
    from uitfasering.sidecarmap import Sidecarmap

    sidecar = Sidecarmap(Path(map_)) if map_ else Sidecarmap.gewoon()
    if not sidecar.map.is_dir():
        raise click.UsageError(
            f"De map van de sidecar, {sidecar.map}, is er niet. Geef de goede map met --sidecar, "
            "of maak er een om te proberen: scripts/sidecar-proef"
        )
    return sidecar


def _bestand(sleutel: str | None, sidecar: Sidecarmap) -> Path:
    return Path(sleutel) if sleutel else sidecar.geheim / "toegang.key"


def _tabel(tokens: Any) -> str:
    """The tokens, a line each."""
    rijen = [("naam", "mag", "sinds", "SHA-256")] + [
        (naam, ", ".join(t["rechten"]) or "niets", t["sinds"], f"{t['sha256'][:8]}…")
        for naam, t in tokens.items()
    ]
    breed = [max(len(rij[i]) for rij in rijen) for i in range(3)]
    return "\n".join(
        "  ".join([*(cel.ljust(b) for cel, b in zip(rij, breed, strict=False)), rij[3]])
        for rij in rijen
    )
