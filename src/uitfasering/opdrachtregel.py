"""click in Dutch: its headings, its help, and its error sentences."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

hulp = click.help_option("--help", help="Toon deze uitleg.")
"""The help option of each command."""


class Opdracht(click.Command):
    """A command whose help is Dutch."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[OPTIES]")
        super().__init__(*args, **kwargs)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """``Gebruik: …``."""
        _gebruik(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options under a Dutch heading."""
        _opties(self, ctx, formatter)


class Groep(click.Group):
    """A group of commands whose help is Dutch, and that suggests what was meant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[OPTIES]")
        kwargs.setdefault("subcommand_metavar", "OPDRACHT …")
        super().__init__(*args, **kwargs)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """``Gebruik: …``."""
        _gebruik(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options and commands under Dutch headings."""
        _opties(self, ctx, formatter)
        uitleg = [
            (naam, opdracht.get_short_help_str(100))
            for naam in self.list_commands(ctx)
            if (opdracht := self.get_command(ctx, naam))
        ]
        with formatter.section("Opdrachten"):
            formatter.write_dl(uitleg)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or a sentence that says which ones there are."""
        namen = self.list_commands(ctx)
        if args[0] not in namen and not args[0].startswith("-"):
            raise click.UsageError(
                f"De opdracht {args[0]} bestaat niet.{_bedoelt_u(args[0], namen)} "
                f"Kies uit: {', '.join(namen)}.",
                ctx,
            )
        return super().resolve_command(ctx, args)


class Opdrachten(Groep):
    """The commands of ``uitfasering.opdrachten``, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every module of ``uitfasering.opdrachten``."""
        from pkgutil import iter_modules

        from uitfasering import opdrachten

        return sorted(module.name for module in iter_modules(opdrachten.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from the function in its module with the same name."""
        from importlib import import_module

        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"uitfasering.opdrachten.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command


class Keuze(click.Choice):  # type: ignore[type-arg]  # click 8.1 has no type parameter
    """One of some words; says in Dutch which ones there are."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word itself."""
        if value in self.choices:
            return value
        naam = param.opts[0] if param else "Deze optie"
        woorden = list(self.choices)
        raise click.UsageError(
            f"{naam} kan niet {value} zijn.{_bedoelt_u(str(value), woorden)} "
            f"Kies uit: {', '.join(woorden)}.",
            ctx,
        )


def bestaat(ctx: click.Context, param: click.Parameter, paden: tuple[str, ...]) -> tuple[str, ...]:
    """The paths, at least one, each of which must be there (or - for standard input)."""
    if not paden:
        raise click.MissingParameter(param=param)
    return bestaan(ctx, param, paden)


def bestaan(_: click.Context, __: click.Parameter, paden: tuple[str, ...]) -> tuple[str, ...]:
    """The same, but there may be none."""
    for pad in paden:
        if pad != "-" and not Path(pad).exists():
            raise click.UsageError(f"Het bestand of de map {pad} bestaat niet.")
    return paden


def is_bestand(_: click.Context, param: click.Parameter, pad: str | None) -> str | None:
    """The path of an option, which must be a file."""
    if pad is not None and Path(pad).is_dir():
        raise click.UsageError(f"{pad} bij {param.opts[0]} is een map, en hier hoort een bestand.")
    if pad is not None and not Path(pad).is_file():
        raise click.UsageError(f"Het bestand {pad} bij {param.opts[0]} bestaat niet.")
    return pad


def is_map(_: click.Context, param: click.Parameter, pad: str | None) -> str | None:
    """The path of an option, which must be a folder."""
    if pad is not None and not Path(pad).is_dir():
        raise click.UsageError(f"De map {pad} bij {param.opts[0]} bestaat niet.")
    return pad


def zin_voor(fout: click.ClickException) -> str:
    """What is wrong with what was typed, in Dutch."""
    zin = _zin(fout)
    ctx = getattr(fout, "ctx", None)
    return f"{zin}\nUitleg: {ctx.command_path} --help" if ctx else zin


def programma_zin(fout: BaseException) -> str:
    """A fault of this program itself: its kind and place, never what it worked on."""
    plek = fout.__traceback__
    while plek and plek.tb_next:
        plek = plek.tb_next
    waar = f" in {plek.tb_frame.f_globals.get('__name__')}, regel {plek.tb_lineno}" if plek else ""
    return f"Er zit een fout in het programma: {type(fout).__name__}{waar}. Meld dit de beheerder."


def zo_gestart() -> str:
    """What the user can type to start this program again, as the shell reads it."""
    import shlex
    import shutil

    gestart = sys.argv[0]
    for woord in (Path(gestart).name, gestart):
        if shutil.which(woord):
            return shlex.quote(woord)
    return "uitfasering"


def _zin(fout: click.ClickException) -> str:
    if isinstance(fout, click.NoSuchOption):
        mogelijk = list(fout.possibilities or ())
        bedoeld = _bedoelt_u(fout.option_name, mogelijk)
        return f"De optie {fout.option_name} bestaat niet.{bedoeld}"
    if isinstance(fout, click.BadOptionUsage):
        geen = "geen" if "does not take" in fout.message else "een"
        return f"Achter de optie {fout.option_name} hoort {geen} waarde."
    if isinstance(fout, click.MissingParameter):
        wat = fout.param.metavar if fout.param else None
        if isinstance(fout.param, click.Option):
            return f"Er ontbreekt iets: geef {fout.param.opts[0]} {wat}."
        if wat == "BESTAND…":
            return "Er ontbreekt iets: geef een bestand."
        if wat and not wat.startswith("BESTAND…"):
            return f"Er ontbreekt iets: geef {wat}."
        return "Er ontbreekt iets: geef een bestand, een map, of - voor de standaardinvoer."
    if isinstance(fout, click.BadParameter):
        naam = fout.param.opts[0] if fout.param else "Deze optie"
        return f"{naam} klopt niet: {fout.message}"
    if fout.message.startswith("Got unexpected extra argument"):
        return "Er staat te veel achter deze opdracht."
    return fout.message


def _bedoelt_u(woord: str, mogelijk: Sequence[str]) -> str:
    gelijkend = difflib.get_close_matches(woord, mogelijk, n=1)
    return f" Bedoelt u {gelijkend[0]}?" if gelijkend else ""


def _gebruik(opdracht: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    delen = " ".join(opdracht.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, delen, prefix="Gebruik: ")


def _opties(opdracht: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    opties = [param for param in opdracht.get_params(ctx) if isinstance(param, click.Option)]
    gevonden = [optie.get_help_record(ctx) for optie in opties]
    with formatter.section("Opties"):
        formatter.write_dl(
            [
                (naam, uitleg.replace("[required]", "[verplicht]"))
                for naam, uitleg in filter(None, gevonden)
            ]
        )
