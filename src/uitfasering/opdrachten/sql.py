"""``uitfasering sql``: the agreements as SQL, for a database of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from uitfasering.afloop import GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, hulp

# As uitfasering.bulk.warehouse.DIALECTEN, which takes time to import.
_DIALECTEN = ("postgresql", "duckdb", "spark", "sqlite", "mysql")


@click.command(cls=Opdracht, add_help_option=False)
@click.option(
    "--dialect",
    type=Keuze(_DIALECTEN),
    metavar="NAAM",
    help=f"Voor welke database: {', '.join(_DIALECTEN)}.",
)
@click.option("--regel", metavar="NUMMER", help="Alleen deze regel, bijvoorbeeld B2-11.")
@click.option("--uit", metavar="BESTAND", help="Waar de SQL komt. Zonder deze optie: het scherm.")
@hulp
def sql(dialect: str | None, regel: str | None, uit: str | None) -> int:
    """Toon de afspraken als SQL voor een eigen database.

    De SQL werkt op een tabel met feiten. Die tabel vult u met: uitfasering feiten.
    """
    from uitfasering.bulk.warehouse import sql_tekst

    if dialect is None:
        raise click.UsageError(f"Geef met --dialect een database: {', '.join(_DIALECTEN)}.")

    tekst = sql_tekst(dialect, regel)
    if uit is None:
        click.echo(tekst, nl=False)
    else:
        Path(uit).write_text(tekst, "utf-8")
    return GOED
