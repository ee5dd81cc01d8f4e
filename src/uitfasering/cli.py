"""The command line: ``uitfasering besluit``, ``bundel`` and ``start``.

Only click is imported here: whatever takes time waits until OPA is booting.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitfasering.errors import UitfaseringError
from uitfasering.opdrachtregel import Groep, Keuze, os_zin, programma_zin, zin_voor, zo_gestart

if TYPE_CHECKING:
    from uitfasering.client import Client
    from uitfasering.invoer import Vraag
    from uitfasering.melding import Melding
    from uitfasering.weergave import Antwoord

GOED, NIET_GOED, NIET_GELUKT, ONDERBROKEN = 0, 1, 2, 130
_GOEDE_UITKOMSTEN = ("TOEGESTAAN", "AFLOPEN")
_PER_VRAAG = 1_000
_POORT_MAX = 65_535

_hulp = click.help_option("--help", help="Toon deze uitleg.")


def main() -> int:
    """Run the command line; the exit code."""
    try:
        code = uitfasering.main(prog_name="uitfasering", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:  # click's name for Ctrl-C
        return ONDERBROKEN
    except click.ClickException as error:
        return _mislukt(zin_voor(error))
    except UitfaseringError as error:
        return _mislukt(str(error))
    except BrokenPipeError:  # the reader (| head) has seen enough
        _laat_uitvoer_los()
        return NIET_GOED
    except OSError as error:
        return _mislukt(os_zin(error))
    except Exception as error:
        return _mislukt(programma_zin(error))
    return code if isinstance(code, int) else GOED


def _versie(ctx: click.Context, _: click.Parameter, gevraagd: bool) -> None:
    if not gevraagd or ctx.resilient_parsing:
        return
    from importlib import metadata

    try:
        versie = metadata.version("uitfasering")
    except metadata.PackageNotFoundError:
        versie = "(niet geïnstalleerd)"
    click.echo(f"uitfasering {versie}")
    ctx.exit()


def _bestaat(_: click.Context, param: click.Parameter, paden: tuple[str, ...]) -> tuple[str, ...]:
    if not paden:
        raise click.MissingParameter(param=param)
    for pad in paden:
        if pad != "-" and not Path(pad).exists():
            raise click.UsageError(f"Het bestand of de map {pad} bestaat niet.")
    return paden


def _is_bestand(_: click.Context, param: click.Parameter, pad: str | None) -> str | None:
    if pad is not None and not Path(pad).is_file():
        raise click.UsageError(f"Het bestand {pad} bij {param.opts[0]} bestaat niet.")
    return pad


def _is_datum(_: click.Context, param: click.Parameter, dag: str | None) -> str | None:
    if dag is None:
        return None
    from uitfasering.berichten.waarden import als_datum

    gevonden = als_datum(dag)
    if gevonden is None or not 1900 <= gevonden.year <= 2199:
        raise click.BadParameter(
            "schrijf een bestaande datum als jjjj-mm-dd, bijvoorbeeld 2021-12-01.", param=param
        )
    return dag


def _is_poort(_: click.Context, param: click.Parameter, tekst: str) -> int:
    if not (tekst.isascii() and tekst.isdecimal() and 1 <= int(tekst) <= _POORT_MAX):
        raise click.BadParameter(f"kies een getal van 1 tot en met {_POORT_MAX}.", param=param)
    return int(tekst)


@click.group(cls=Groep, invoke_without_command=True, add_help_option=False)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_versie,
    help="Toon de versie van dit programma.",
)
@_hulp
@click.pass_context
def uitfasering(ctx: click.Context) -> int | None:
    """Wat zeggen de brieven over het uitfaseren van segment midden?

    Dit programma legt toewijzingen voor aan de afspraken uit de brieven van RSJ IJsselland van
    6 mei 2021 en 24 november 2021.
    """
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return NIET_GELUKT


@uitfasering.command(add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND… | MAP… | -", callback=_bestaat)
@click.option(
    "--formaat",
    type=Keuze(["tekst", "json", "ndjson", "csv"]),
    default="tekst",
    help="Hoe het antwoord eruitziet. Zonder deze optie: tekst.",
)
@click.option(
    "--opa",
    metavar="URL",
    envvar="UITFASERING_OPA_URL",
    help="Het adres van een OPA die al draait, bijvoorbeeld http://127.0.0.1:8181. Ook te zetten "
    "met UITFASERING_OPA_URL; het token alleen met UITFASERING_OPA_TOKEN. Zonder adres start dit "
    "programma zelf even een OPA.",
)
@click.option(
    "--ca-bundel",
    metavar="BESTAND",
    callback=_is_bestand,
    help="Het CA-certificaat van die OPA, voor een adres met https.",
)
@click.option(
    "--handeling",
    type=Keuze(["nieuw", "verlenging", "verkorting", "lopend", "declaratie"]),
    help="Wat er wordt gevraagd, als het bericht (JW301, JW315) dat niet goed zegt.",
)
@click.option(
    "--op",
    metavar="DATUM",
    callback=_is_datum,
    help="De toewijzingsdatum voor een JW315, als jjjj-mm-dd. Zonder deze optie: de dagtekening.",
)
@_hulp
def besluit(
    paden: tuple[str, ...],
    formaat: Any,
    opa: str | None,
    ca_bundel: str | None,
    handeling: Any,
    op: str | None,
) -> int:
    """Leg toewijzingen voor en toon wat de brieven erover zeggen.

    Een bestand is een iJw-bericht (JW301, JW315 of JW323) of JSON; dat ziet het programma zelf. Van
    een map telt elk .xml-, .json- en .ndjson-bestand, ook in de mappen daarin. Een streepje (-) is
    de standaardinvoer.

    \b
    Afloopcode:
      0  alles is toegestaan of mag aflopen
      1  iets is niet toegestaan, vraagt aandacht of is niet te lezen
      2  er is niets beoordeeld: het lukte niet
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.invoer import MAX_BYTES, lees_vragen, verzamel
    from uitfasering.paths import project_root

    gevonden = verzamel(paden, MAX_BYTES)
    if not gevonden.bestanden:
        raise click.UsageError("Er is niets te beoordelen: in deze map staat geen XML of JSON.")
    with _client(opa, ca_bundel) as client:
        from uitfasering.berichten import Instellingen
        from uitfasering.leesgegevens import lees_gegevens
        from uitfasering.weergave import Antwoord, maak_weergave

        gegevens = lees_gegevens(project_root())
        instellingen = Instellingen(
            nieuw_binnen_dagen=gegevens.nieuw_binnen_dagen,
            reden_wijziging=gegevens.reden_wijziging,
            handeling=handeling,
            op=op,
            max_bytes=MAX_BYTES,
        )
        weergave = maak_weergave(formaat, gegevens)
        code = GOED
        for een in _antwoorden(client, lees_vragen(gevonden.bestanden, instellingen)):
            if isinstance(een, Antwoord):
                weergave.antwoord(een)
                if een.besluit.uitkomst not in _GOEDE_UITKOMSTEN:
                    code = NIET_GOED
            else:
                weergave.melding(een)
                code = NIET_GOED
        weergave.einde(gevonden.overgeslagen)
    return code


@uitfasering.command(add_help_option=False)
@click.option("--opnieuw", is_flag=True, help="Bouw ook als er niets is veranderd.")
@_hulp
def bundel(opnieuw: bool) -> int:
    """Maak van de afspraken en tabellen één bestand voor OPA."""
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
    return GOED


@uitfasering.command(add_help_option=False)
@click.option(
    "--poort", metavar="GETAL", default="8181", callback=_is_poort, help="De poort; anders 8181."
)
@click.option(
    "--adres", metavar="IP-ADRES", default="127.0.0.1", help="Het IP-adres; anders 127.0.0.1."
)
@_hulp
def start(poort: Any, adres: str) -> int:
    """Start OPA met de afspraken op deze computer, zonder Docker."""
    from uitfasering.bundel import bouw_bundel
    from uitfasering.dienst import controleer_poort, open_voor_netwerk
    from uitfasering.opa_process import OpaProcess

    controleer_poort(adres, poort)
    gebouwd = bouw_bundel()
    with OpaProcess(gebouwd.path, address=adres, port=poort) as opa:
        click.echo(
            f"OPA draait op {opa.url}\n"
            f"Versie van de afspraken: {gebouwd.revisie[:12]}\n\n"
            "Probeer het in een ander venster:\n"
            f"  curl {opa.url}/v1/data/uitfasering/besluit -d '{_VOORBEELD}'\n"
            f"  {zo_gestart()} besluit voorbeelden/ --opa {opa.url}\n\n"
            "Stoppen: Ctrl-C"
        )
        if open_voor_netwerk(adres):
            click.echo(
                "\nLet op: andere computers kunnen deze OPA gebruiken en veranderen.",
                err=True,
            )
        sys.stdout.flush()
        try:
            gezegd = opa.wait()
        except KeyboardInterrupt:
            opa.close()
            click.echo("\nOPA is gestopt.")
            raise
    return _mislukt(f"OPA is uit zichzelf gestopt.\nOPA zegt:\n{gezegd.strip() or '(niets)'}")


_VOORBEELD = (
    '{"input": {"handeling": "nieuw", "gemeente": "0193", "toewijzingsdatum": "2021-06-01", '
    '"ingangsdatum": "2021-06-15", "product": {"code": "50H3A"}}}'
)


@contextlib.contextmanager
def _client(url: str | None, ca_bundel: str | None) -> Iterator[Client]:
    """A client on the OPA at ``url``, else on an OPA of its own with the bundle as it is now."""
    from uitfasering.client import Client

    if url:
        token = os.environ.get("UITFASERING_OPA_TOKEN") or None
        with Client(url, token=token, ca_bundle=ca_bundel) as client:
            yield client
        return
    from uitfasering.bundel import bouw_bundel

    with Client.lokaal(bouw_bundel().path) as client:
        yield client


def _antwoorden(client: Client, gelezen: Iterable[Vraag | Melding]) -> Iterator[Antwoord | Melding]:
    """Ask in one go as many as OPA takes in one request; answers come in the order read."""
    from uitfasering.melding import Melding
    from uitfasering.weergave import Antwoord

    stroom = iter(gelezen)
    while blok := list(islice(stroom, _PER_VRAAG)):
        vragen = {
            str(plaats): een.toewijzing
            for plaats, een in enumerate(blok)
            if not isinstance(een, Melding)
        }
        besluiten = client.besluiten(vragen, ongeldig="vraag")
        for plaats, een in enumerate(blok):
            yield een if isinstance(een, Melding) else Antwoord(een, besluiten[str(plaats)])


def _inhoud(pad: Path) -> bytes | None:
    return pad.read_bytes() if pad.is_file() else None


def _mislukt(zin: str) -> int:
    from uitfasering.weergave.veilig import schoon

    regels = [schoon(regel) for regel in zin.splitlines()]
    try:
        sys.stdout.flush()  # so that what was answered comes first
    except OSError:
        _laat_uitvoer_los()
    with contextlib.suppress(OSError):
        print("FOUT: " + "\n".join(regels), file=sys.stderr)
    return NIET_GELUKT


def _laat_uitvoer_los() -> None:
    # Python flushes standard output once more when it stops; that must not fail as well.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
