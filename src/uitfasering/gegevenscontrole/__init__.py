"""What must hold between the tables in ``data/``, beyond what each schema says on its own.

Every check looks at what is without a fault of its own, so that a fault in one row or file
hides none in another and brings no second one with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from uitfasering.gegevenscontrole import (
    afspraken,
    afwijkingen,
    gemeenten,
    overig,
    producten,
    teksten,
)
from uitfasering.gegevenscontrole.afwijkingen import AFWIJKING, LOOPTIJDEN, afwijkbaar
from uitfasering.gegevenscontrole.overig import ongelezen
from uitfasering.gegevenscontrole.rijen import alle_rijen, bedoelt_u, brieven, is_dag, sleutels
from uitfasering.gegevenscontrole.teksten import INVULLING_BIJ_VRAAG, PLAATSHOUDER
from uitfasering.melding import Melding
from uitfasering.yamlreader import pad_tekst

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

__all__ = [
    "AFWIJKING",
    "INVULLING_BIJ_VRAAG",
    "LOOPTIJDEN",
    "PLAATSHOUDER",
    "afwijkbaar",
    "controleer",
    "is_dag",
    "ongelezen",
    "verduidelijk",
    "waarschuwingen",
]


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Every fault between the tables, with its place. Nothing may be built from such tables."""
    for part in (gemeenten, producten, afspraken, teksten, afwijkingen, overig):
        yield from part.controleer(gegevens)


def waarschuwingen(gegevens: Gegevens, vandaag: date | None = None) -> Iterator[Melding]:
    """What may be right but deserves a look, in tables without faults.

    ``vandaag`` is the day on which deviations are in force or not: today when it is not given.
    """
    today = vandaag or date.today()
    for found in (
        producten.waarschuwingen(gegevens),
        afspraken.waarschuwingen(gegevens),
        teksten.waarschuwingen(gegevens),
        afwijkingen.waarschuwingen(gegevens, today),
        overig.waarschuwingen(gegevens, today),
    ):
        for melding in found:
            yield replace(melding, ernst="waarschuwing")


def verduidelijk(gegevens: Gegevens, meldingen: Iterable[Melding]) -> Iterator[Melding]:
    """The meldingen of the files themselves, said better where another table knows more."""
    better = dict(_namen_voor_codes(gegevens)) | dict(_andere_regels(gegevens))
    for melding in meldingen:
        wrong = melding.code == "schema-patroon"
        yield better.get((melding.bestand, melding.pad), melding) if wrong else melding


def _namen_voor_codes(gegevens: Gegevens) -> Iterator[tuple[tuple[str, str], Melding]]:
    """A name where a CBS code belongs."""
    codes = gemeenten.codes_bij_namen(gegevens)
    for table, key in (("gemeenten", "cbs"), ("afwijkingen", "gemeente")):
        document = gegevens.documenten[table]
        for index, row in alle_rijen(document, table):
            naam = row.get(key) if isinstance(row, dict) else None
            if not isinstance(naam, str) or naam.lower() not in codes:
                continue
            pad = (table, index, key)
            yield (
                (document.name, pad_tekst(pad)),
                document.melding(
                    pad,
                    f"{naam} is de naam van een gemeente. Hier hoort haar CBS-code.",
                    f'Schrijf "{codes[naam.lower()]}".',
                    "gegevens-naam-voor-code",
                ),
            )


def _andere_regels(gegevens: Gegevens) -> Iterator[tuple[tuple[str, str], Melding]]:
    """Deviations from an agreement of another letter, or from one that is written otherwise."""
    document = gegevens.documenten["afwijkingen"]
    known = sleutels(brieven(gegevens), "afspraken")
    for index, row in alle_rijen(document, "afwijkingen"):
        regel = row.get("regel") if isinstance(row, dict) else None
        if not isinstance(regel, str) or not known:
            continue
        pad = ("afwijkingen", index, "regel")
        where = (document.name, pad_tekst(pad))
        if regel in known:
            yield where, afwijkingen.niet_afwijkbaar(gegevens, index, regel)
        else:
            meant = bedoelt_u(regel, filter(afwijkbaar, known), "Schrijf bijvoorbeeld B1-15.")
            yield (
                where,
                document.melding(
                    pad, f"Afspraak {regel} bestaat niet.", meant, "gegevens-onbekende-regel"
                ),
            )
