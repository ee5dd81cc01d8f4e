"""``uitfasering toets``: the cases, decided by a real OPA, and why one differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, bestaat, hulp

if TYPE_CHECKING:
    from uitfasering.toets.verslag import Verslag


def _bestaan(ctx: click.Context, param: click.Parameter, paden: tuple[str, ...]) -> tuple[str, ...]:
    return bestaat(ctx, param, paden) if paden else ()


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="[BESTAND… | MAP…]", callback=_bestaan)
@click.option("--naam", metavar="TEKST", help="Alleen gevallen met deze tekst in hun naam.")
@click.option(
    "--regel",
    metavar="NUMMER",
    help="Alleen gevallen die deze afspraak noemen, bijvoorbeeld B1-02.",
)
@click.option(
    "--gemeente",
    metavar="CODE|NAAM",
    help="Alleen gevallen van deze gemeente, bijvoorbeeld 0193 of Zwolle.",
)
@click.option("--alles", is_flag=True, help="Toon elk geval, ook als het klopt.")
@click.option(
    "--formaat",
    type=Keuze(["tekst", "json", "junit"]),
    default="tekst",
    help="Hoe het antwoord eruitziet. Zonder deze optie: tekst. junit is voor een bouwstraat.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Blijf kijken: draai een bestand opnieuw zodra u het opslaat, en alles als de afspraken "
    "of tabellen veranderen. Stoppen: Ctrl-C.",
)
@hulp
def toets(
    paden: tuple[str, ...],
    naam: str | None,
    regel: str | None,
    gemeente: str | None,
    alles: bool,
    formaat: Any,
    watch: bool,
) -> int:
    """Reken de gevallen na en toon wat er anders uitkomt dan verwacht, en waarom.

    Zonder bestand of map gaat het om alle gevallen in tests/gevallen. Hoe u een geval schrijft,
    staat in tests/gevallen/LEESMIJ.md.

    \b
    Afloopcode:
      0  elk geval klopt
      1  een geval klopt niet, of er zit een fout in een bestand met gevallen
      2  er is niets nagerekend: het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.paths import project_root
    from uitfasering.toets.gevallen import MAP
    from uitfasering.toets.keuze import Keuze as Gevalkeuze
    from uitfasering.toets.ronde import eerste_ronde

    if watch and formaat != "tekst":
        raise click.UsageError("Met --watch is er alleen tekst. Laat --formaat weg.")
    root = project_root()
    gekozen = [Path(pad) for pad in paden] or [root / MAP]
    keuze = Gevalkeuze(naam=naam, regel=regel, gemeente=gemeente)
    if watch:
        from uitfasering.toets.kijken import kijk

        kijk(root, gekozen, keuze, alles=alles)
    werkbank, verslag = eerste_ronde(root, gekozen, keuze)
    with werkbank:
        _toon(verslag, root, formaat, alles)
    return GOED if verslag.goed else NIET_GOED


def _toon(verslag: Verslag, root: Path, formaat: str, alles: bool) -> None:
    import sys

    from uitfasering.weergave.vormen import uitvoer

    uitvoer(encoding=None if formaat == "tekst" else "utf-8")
    if formaat == "json":
        from uitfasering.toets.verslag import als_json

        click.echo(als_json(verslag), nl=False)
    elif formaat == "junit":
        from uitfasering.toets.junit import als_junit

        click.echo(als_junit(verslag), nl=False)
    else:
        from uitfasering.toets.verslag import schrijf

        schrijf(verslag, root, sys.stdout, alles=alles)
