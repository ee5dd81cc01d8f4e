"""The command line; the commands themselves are in ``uitfasering.opdrachten``.

Only click is imported here: whatever takes time waits until OPA is booting.
"""

from __future__ import annotations

import contextlib
import os
import sys

import click

from uitfasering.afloop import GOED, NIET_GELUKT, NIET_GOED, ONDERBROKEN
from uitfasering.errors import UitfaseringError, os_zin
from uitfasering.opdrachtregel import Opdrachten, hulp, programma_zin, zin_voor


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


@click.group(cls=Opdrachten, invoke_without_command=True, add_help_option=False)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_versie,
    help="Toon de versie van dit programma.",
)
@hulp
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
