"""``uitfasering bulk``: decide a whole administration, and write it with what was decided."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GOED
from uitfasering.errors import UitfaseringError
from uitfasering.opdrachtregel import Keuze, Opdracht, bestaan, hulp, is_bestand

if TYPE_CHECKING:
    from uitfasering.bulk.uitvoeren import Doelen, Verloop

_STOPSIGNALEN = (signal.SIGTERM, signal.SIGHUP)


def _is_aantal(_: click.Context, param: click.Parameter, tekst: str) -> int:
    if not (tekst.isascii() and tekst.isdecimal()):
        raise click.BadParameter("geef een heel getal, bijvoorbeeld 1000.", param=param)
    return int(tekst)


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND… | MAP…", callback=bestaan)
@click.option(
    "--uit",
    metavar="BESTAND",
    help="Waar de rijen komen, met het besluit erbij. De naam eindigt op .csv, .xlsx, .parquet of "
    ".ndjson.",
)
@click.option(
    "--rapport",
    metavar="BESTAND",
    help="Een Excelbestand voor mensen: een samenvatting, een blad per gemeente en de regels.",
)
@click.option("--samenvatting", metavar="BESTAND", help="Een webpagina (.html) met de cijfers.")
@click.option(
    "--per-aanbieder",
    metavar="MAP",
    help="Een Excelbestand per aanbieder in deze map, met alleen de eigen rijen.",
)
@click.option(
    "--aanvulling",
    metavar="BESTAND",
    callback=is_bestand,
    help="Een bestand met gegevens die niet in de export staan. De sleutel is gemeente met "
    "toewijzingnummer of kenmerk.",
)
@click.option(
    "--vraag-aanvulling",
    metavar="BESTAND",
    help="Een Excelbestand om in te vullen: precies de gegevens die ontbreken en iets uitmaken.",
)
@click.option(
    "--koppeling",
    metavar="BESTAND",
    callback=is_bestand,
    help="Een YAML-bestand dat zegt welke kolom wat is.",
)
@click.option(
    "--handeling",
    type=Keuze(["nieuw", "verlenging", "verkorting", "lopend", "declaratie"]),
    help="Wat er voor elke rij wordt gevraagd, als daar geen kolom voor is.",
)
@click.option("--gemeente", metavar="CODE", help="De gemeente van elke rij, bijvoorbeeld 0193.")
@click.option(
    "--behoud-kolommen",
    metavar="NAMEN",
    help="Kolommen die blijven hoewel ze persoonlijk lijken, met komma's ertussen.",
)
@click.option(
    "--controle",
    metavar="AANTAL",
    default="0",
    callback=_is_aantal,
    help="Leg ook zoveel willekeurige rijen één voor één aan OPA voor.",
)
@hulp
def bulk(paden: tuple[str, ...], **opties: Any) -> int:
    """Beoordeel een hele export in één keer.

    Een export is CSV, Excel (.xlsx), Parquet, NDJSON of een map met iJw-berichten. Elke rij komt
    terug, op haar plaats, met het besluit erbij. Kolommen met persoonsgegevens vallen weg.

    \b
    Afloopcode:
      0  elke rij is beoordeeld
      1  er zijn rijen die niet te lezen waren; dat staat bij die rij
      2  het lukte niet; er is niets geschreven
    """  # noqa: D301  # \b keeps the lines apart
    # Arrow's own allocator gives memory back at once and asks for it again, block after block.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        from uitfasering.bulk.uitvoeren import Doelen, Opties, voer_uit
    except ModuleNotFoundError as fout:
        raise UitfaseringError(
            f"Voor bulk ontbreekt het pakket {fout.name}. Installeer het met: scripts/setup"
        ) from None
    from uitfasering.paths import project_root

    doelen = Doelen(
        **{
            naam: Path(opties[naam])
            for naam in ("uit", "rapport", "samenvatting", "per_aanbieder", "vraag_aanvulling")
            if opties[naam]
        }
    )
    if not paden or doelen == Doelen():
        wat = "waar het antwoord komt" if paden else "een bestand of een map"
        raise click.UsageError(
            f"Er ontbreekt iets: geef {wat}. Bijvoorbeeld: "
            "uitfasering bulk export.csv --uit besluiten.csv"
        )
    koppeling = _koppeling(opties, project_root())
    behoud = [naam.strip() for naam in (opties["behoud_kolommen"] or "").split(",")]
    with _netjes_gestopt(), _voortgang() as meld:
        verloop = voer_uit(
            [Path(pad) for pad in paden],
            doelen,
            Opties(
                koppeling=koppeling,
                behoud=[naam for naam in behoud if naam],
                aanvulling=Path(opties["aanvulling"]) if opties["aanvulling"] else None,
                controle=opties["controle"],
                voortgang=meld,
            ),
        )
    _vertel(verloop, doelen)
    return NIET_GOED if verloop.ongeldig else GOED


def _koppeling(opties: dict[str, Any], root: Path) -> Any:
    from uitfasering.bulk.kolommen import Koppeling, lees_koppeling

    gegeven = {naam: opties[naam] for naam in ("handeling", "gemeente") if opties[naam]}
    if not opties["koppeling"]:
        return Koppeling(vast=gegeven)
    gelezen = lees_koppeling(Path(opties["koppeling"]), root)
    return Koppeling(gelezen.kolommen, {**gelezen.vast, **gegeven})


@contextlib.contextmanager
def _netjes_gestopt() -> Iterator[None]:
    """Being ended from outside leaves as little behind as Ctrl-C does."""

    def stop(nummer: int, _: object) -> None:
        sys.exit(128 + nummer)  # as a shell says it

    vorige = {nummer: signal.signal(nummer, stop) for nummer in _STOPSIGNALEN}
    try:
        yield
    finally:
        for nummer, wat in vorige.items():
            signal.signal(nummer, wat)


@contextlib.contextmanager
def _voortgang() -> Iterator[Callable[[int, int | None], None]]:
    """Rate and remaining time on the terminal; nothing where the output goes to a file."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    from uitfasering.weergave.tellen import getal

    if not sys.stderr.isatty():  # rich also takes FORCE_COLOR for a terminal
        yield lambda _rijen, _totaal: None
        return
    kolommen = (BarColumn(10), TextColumn("{task.description}"))
    with Progress(*kolommen, console=Console(stderr=True), transient=True) as balk:
        taak = balk.add_task("voorbereiden", total=None)

        def meld(rijen: int, totaal: int | None) -> None:
            balk.update(taak, completed=rijen, total=totaal)
            geheel = f" van {getal(totaal)}" if totaal else ""
            stand = [f"{getal(rijen)}{geheel} rijen"]
            if rijen == totaal:
                stand.append("afronden")
            if snelheid := balk.tasks[0].speed:
                stand.append(f"{getal(round(snelheid))} per seconde")
            if nog := balk.tasks[0].time_remaining:
                stand.append(f"nog {timedelta(seconds=round(nog))}")
            balk.update(taak, description=", ".join(stand))

        yield meld


def _vertel(verloop: Verloop, doelen: Doelen) -> None:
    from uitfasering.bulk.afsluiting import opmerkingen, regels
    from uitfasering.leesgegevens import lees_gegevens
    from uitfasering.paths import project_root
    from uitfasering.weergave.vormen import uitvoer

    uitvoer()
    for regel in opmerkingen(verloop):
        click.echo(regel, err=True)
    woorden = lees_gegevens(project_root()).uitkomsten
    for regel in regels(verloop, doelen, {naam: w["kop"] for naam, w in woorden.items()}):
        click.echo(regel)
