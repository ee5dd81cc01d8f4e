"""``uitfasering nieuw``: the files of a new agreement, to be filled in."""

from __future__ import annotations

import click

from uitfasering.afloop import GOED
from uitfasering.opdrachtregel import Opdracht, hulp


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("regel", metavar="NUMMER")
@hulp
def nieuw(regel: str) -> int:
    """Zet een nieuwe afspraak klaar om in te vullen.

    NUMMER is bijvoorbeeld B2-15: de brief, en een nummer dat nog vrij is. Waar u iets moet kiezen,
    staat VUL IN. Zolang dat er staat, keurt controleer de afspraak af.

    \b
    Afloopcode:
      0  de afspraak staat klaar
      2  het lukte niet; er is niets veranderd
    """  # noqa: D301  # \b keeps the lines apart
    from uitfasering.nieuw import bereid_voor, schrijf
    from uitfasering.paths import project_root

    root = project_root()
    voorzet = bereid_voor(root, regel)
    schrijf(root, voorzet)
    click.echo(
        f"Afspraak {regel} staat klaar. Vul in wat er bij VUL IN hoort:\n"
        f"  1. {voorzet.afspraken}: het citaat, de uitleg en het gevolg, onder {regel}\n"
        f"  2. {voorzet.rego}: wanneer de afspraak geldt\n"
        f"  3. {voorzet.gevallen}: wat er uit moet komen, volgens de brief\n"
        f"  4. data/brieven: noem {regel} bij de zin waar de afspraak op rust\n"
        "Controleer daarna met: uitfasering controleer, en dan: uitfasering toets"
    )
    return GOED
