"""``uitfasering toets``: the cases, decided by a real OPA, and why one differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, bestaan, hulp

if TYPE_CHECKING:
    from uitfasering.toets.dekking import Dekking
    from uitfasering.toets.verslag import Verslag
    from uitfasering.werkbank import Werkbank

_ALLES = 100


def _is_percentage(_: click.Context, param: click.Parameter, tekst: str | None) -> int | None:
    if tekst is None:
        return None
    if not (tekst.isascii() and tekst.isdecimal() and int(tekst) <= _ALLES):
        raise click.BadParameter(f"kies een getal van 0 tot en met {_ALLES}.", param=param)
    return int(tekst)


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="[BESTAND… | MAP…]", callback=bestaan)
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
@click.option(
    "--dekking",
    is_flag=True,
    help="Toon ook welke voorwaarden nog geen geval hebben, met gevallen om te plakken.",
)
@click.option(
    "--minimum",
    metavar="GETAL",
    callback=_is_percentage,
    help="Geef ook afloopcode 1 als de gevallen minder dan zoveel procent dekken.",
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
    dekking: bool,
    minimum: Any,
) -> int:
    """Reken de gevallen na en toon wat er anders uitkomt dan verwacht, en waarom.

    Zonder bestand of map gaat het om alle gevallen in tests/gevallen. Hoe u een geval schrijft,
    staat in tests/gevallen/LEESMIJ.md.

    \b
    Afloopcode:
      0  elk geval klopt
      1  een geval klopt niet, er zit een fout in een bestand met gevallen, of er
         is te weinig gedekt (--minimum)
      2  er is niets nagerekend: het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.paths import project_root
    from uitfasering.toets.gevallen import MAP
    from uitfasering.toets.keuze import Keuze as Gevalkeuze
    from uitfasering.toets.ronde import eerste_ronde

    meten = dekking or minimum is not None
    if watch and (formaat != "tekst" or meten):
        raise click.UsageError("--watch gaat niet samen met --formaat, --dekking of --minimum.")
    if meten and (naam or regel or gemeente):
        raise click.UsageError("De dekking gaat over alle gevallen: laat de keuze eruit weg.")
    if dekking and formaat == "junit":
        raise click.UsageError("--dekking gaat niet samen met --formaat junit.")
    root = project_root()
    gekozen = [Path(pad).resolve() for pad in paden] or [root / MAP]
    keuze = Gevalkeuze(naam=naam, regel=regel, gemeente=gemeente)
    if watch:
        from uitfasering.toets.kijken import kijk

        kijk(root, gekozen, keuze, alles=alles)
    werkbank, verslag = eerste_ronde(root, gekozen, keuze)
    with werkbank:
        gemeten = _meet(werkbank, verslag) if meten else None
        _toon(werkbank, verslag, gemeten, formaat, alles=alles, dekking=dekking)
    te_weinig = gemeten is not None and minimum is not None and gemeten.percentage < minimum
    if te_weinig:
        assert gemeten is not None  # mypy
        _zeg_tekort(gemeten, minimum)
    return GOED if verslag.goed and not te_weinig else NIET_GOED


def _meet(werkbank: Werkbank, verslag: Verslag) -> Dekking:
    from uitfasering.toets.dekking import meet

    return meet(werkbank, verslag.gevallen)


def _toon(
    werkbank: Werkbank,
    verslag: Verslag,
    gemeten: Dekking | None,
    formaat: str,
    *,
    alles: bool,
    dekking: bool,
) -> None:
    import sys

    from uitfasering.weergave.vormen import uitvoer

    uitvoer(encoding=None if formaat == "tekst" else "utf-8")
    if formaat == "json":
        from uitfasering.toets.verslag import als_json

        gedekt = _als_object(werkbank, verslag, gemeten)
        click.echo(als_json(verslag, gedekt), nl=False)
    elif formaat == "junit":
        from uitfasering.toets.junit import als_junit

        click.echo(als_junit(verslag), nl=False)
    else:
        from uitfasering.toets.verslag import schrijf

        schrijf(verslag, werkbank.root, sys.stdout, alles=alles)
        if gemeten is not None:
            _schrijf_dekking(werkbank, verslag, gemeten, alles=dekking)


def _als_object(
    werkbank: Werkbank, verslag: Verslag, gemeten: Dekking | None
) -> dict[str, Any] | None:
    if gemeten is None:
        return None
    from uitfasering.toets.dekking import voorbeelden
    from uitfasering.toets.dekking.rapport import als_object
    from uitfasering.zinnen import lees

    gevonden = voorbeelden(werkbank, verslag.gevallen, gemeten)
    zinnen = lees(werkbank.root, werkbank.gegevens)
    return als_object(gemeten, gevonden, werkbank.gegevens, zinnen)


def _schrijf_dekking(
    werkbank: Werkbank, verslag: Verslag, gemeten: Dekking, *, alles: bool
) -> None:
    import sys

    from uitfasering.toets.dekking import rapport, voorbeelden
    from uitfasering.zinnen import lees

    if alles:
        click.echo()
        zinnen = lees(werkbank.root, werkbank.gegevens)
        gevonden = voorbeelden(werkbank, verslag.gevallen, gemeten)
        rapport.schrijf(gemeten, gevonden, werkbank.gegevens, zinnen, sys.stdout)
    else:
        click.echo(rapport.samenvatting(gemeten))


def _zeg_tekort(gemeten: Dekking, minimum: int) -> None:
    aantal = gemeten.tekort
    punten = "er ontbreekt 1 punt" if aantal == 1 else f"er ontbreken {aantal} punten"
    click.echo(
        f"Dat is minder dan {minimum} %: {punten}. Zo ziet u welke: uitfasering toets --dekking",
        err=True,
    )
