"""``uitfasering start``: OPA in the foreground, for a computer without Docker."""

from __future__ import annotations

import sys
from typing import Any

import click

from uitfasering.opdrachtregel import Opdracht, hulp, zo_gestart

_POORT_MAX = 65_535


def _is_poort(_: click.Context, param: click.Parameter, tekst: str) -> int:
    if not (tekst.isascii() and tekst.isdecimal() and 1 <= int(tekst) <= _POORT_MAX):
        raise click.BadParameter(f"kies een getal van 1 tot en met {_POORT_MAX}.", param=param)
    return int(tekst)


@click.command(cls=Opdracht, add_help_option=False)
@click.option(
    "--poort", metavar="GETAL", default="8181", callback=_is_poort, help="De poort; anders 8181."
)
@click.option(
    "--adres", metavar="IP-ADRES", default="127.0.0.1", help="Het IP-adres; anders 127.0.0.1."
)
@hulp
def start(poort: Any, adres: str) -> None:
    """Start OPA met de afspraken op deze computer, zonder Docker."""
    from uitfasering.bundel import bouw_bundel
    from uitfasering.dienst import controleer_poort, open_voor_netwerk
    from uitfasering.errors import OpaUnavailable
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
    raise OpaUnavailable(f"OPA is uit zichzelf gestopt.\nOPA zegt:\n{gezegd.strip() or '(niets)'}")


_VOORBEELD = (
    '{"input": {"handeling": "nieuw", "gemeente": "0193", "toewijzingsdatum": "2021-06-01", '
    '"ingangsdatum": "2021-06-15", "product": {"code": "50H3A"}}}'
)
