"""``uitfasering besluit``: decide what is in a file, and show it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from uitfasering.afloop import GOED, NIET_GOED
from uitfasering.opdrachtregel import Keuze, Opdracht, bestaat, hulp, is_bestand

if TYPE_CHECKING:
    from uitfasering.client import Client
    from uitfasering.invoer import Vraag
    from uitfasering.melding import Melding
    from uitfasering.weergave import Antwoord

_GOEDE_UITKOMSTEN = ("TOEGESTAAN", "AFLOPEN")
_PER_VRAAG = 1_000


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


@click.command(cls=Opdracht, add_help_option=False)
@click.argument("paden", nargs=-1, metavar="BESTAND… | MAP… | -", callback=bestaat)
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
    "met UITFASERING_OPA_URL. Zonder adres start dit programma zelf even een OPA.",
)
@click.option(
    "--token-bestand",
    metavar="BESTAND",
    help="Het bestand met het token voor die OPA. Zonder deze optie: wat in UITFASERING_OPA_TOKEN "
    "staat, of geen token.",
)
@click.option(
    "--ca",
    "--ca-bundel",
    "ca",
    metavar="BESTAND",
    callback=is_bestand,
    help="Het CA-certificaat van die OPA, voor een adres met https.",
)
@click.option(
    "--client-cert",
    metavar="BESTAND",
    callback=is_bestand,
    help="Uw eigen certificaat met de sleutel in één bestand (PEM), als die OPA daarom vraagt.",
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
@hulp
def besluit(
    paden: tuple[str, ...],
    formaat: Any,
    opa: str | None,
    token_bestand: str | None,
    ca: str | None,
    client_cert: str | None,
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
    alleen_met_opa = {"--token-bestand": token_bestand, "--ca": ca, "--client-cert": client_cert}
    for optie, gegeven in alleen_met_opa.items():
        if gegeven and not opa:
            raise click.UsageError(f"Bij {optie} hoort ook --opa URL.")
    from uitfasering.invoer import MAX_BYTES, lees_vragen, verzamel
    from uitfasering.paths import project_root

    gevonden = verzamel(paden, MAX_BYTES)
    if not gevonden.bestanden:
        raise click.UsageError("Er is niets te beoordelen: in deze map staat geen XML of JSON.")
    with _client(opa, token_bestand, ca, client_cert) as client:
        from uitfasering.berichten import Instellingen
        from uitfasering.leesgegevens import lees_gegevens
        from uitfasering.weergave import Antwoord, maak_weergave

        gegevens = lees_gegevens(project_root())
        instellingen = Instellingen.van(gegevens, MAX_BYTES, handeling=handeling, op=op)
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


@contextlib.contextmanager
def _client(
    url: str | None, token_bestand: str | None, ca: str | None, client_cert: str | None
) -> Iterator[Client]:
    """A client on the OPA at ``url``, else on an OPA of its own with the bundle as it is now."""
    from uitfasering.client import Client

    if url:
        token = os.environ.get("UITFASERING_OPA_TOKEN") or None
        if token_bestand:
            from uitfasering.toegang import lees_token

            token = lees_token(token_bestand)
        with Client(url, token=token, ca_bundle=ca, client_cert=client_cert) as client:
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
