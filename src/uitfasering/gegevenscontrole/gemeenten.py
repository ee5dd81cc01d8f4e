"""The municipalities: exactly those of the region, each with its own code and name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevenscontrole.rijen import alle_rijen, rijen, sleutels, waarden
from uitfasering.melding import Melding

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Faults in ``data/regio.yaml`` and ``data/gemeenten.yaml``."""
    wrong = list(_regio(gegevens))
    yield from wrong
    document = gegevens.documenten["regio"]
    if not document.meldingen and not wrong:
        regio = dict(waarden(document, "gemeenten"))
        yield from _namen(gegevens, regio)
        yield from _ontbrekend(gegevens, regio)
    yield from _dubbel(gegevens)
    yield from _schrijfwijzen(gegevens)
    yield from _medicatieminuten(gegevens)


def codes_bij_namen(gegevens: Gegevens) -> dict[str, str]:
    """CBS codes by every known way to write the name of a municipality, in small letters."""
    found: dict[str, str] = {}
    for code, naam in waarden(gegevens.documenten["regio"], "gemeenten"):
        found[naam.lower()] = code
    for _, row in rijen(gegevens.documenten["gemeenten"], "gemeenten", "naam", "cbs"):
        for naam in (row["naam"], *row.get("schrijfwijzen", [])):
            found.setdefault(naam.lower(), row["cbs"])
    return found


def _regio(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["regio"]
    seen: dict[str, str] = {}
    for code, naam in waarden(document, "gemeenten"):
        if naam in seen:
            yield document.melding(
                ("gemeenten", code),
                f'{naam} staat ook bij "{seen[naam]}".',
                "Een gemeente heeft één CBS-code. Haal de verkeerde weg.",
                "gegevens-dubbel",
            )
        seen[naam] = code


def _namen(gegevens: Gegevens, regio: dict[str, str]) -> Iterator[Melding]:
    document = gegevens.documenten["gemeenten"]
    codes = {naam: code for code, naam in regio.items()}
    for index, row in rijen(document, "gemeenten", "cbs", "naam"):
        code, naam = row["cbs"], row["naam"]
        pad = ("gemeenten", index)
        if code in regio and naam == regio[code]:
            continue
        if naam in codes:
            whose = f"Dat is de code van {regio[code]}." if code in regio else ""
            yield document.melding(
                (*pad, "cbs"),
                f"{code} is niet de CBS-code van {naam}. {whose}".rstrip(),
                f'Schrijf "{codes[naam]}".',
                "gegevens-gemeente-code",
            )
        elif code in regio:
            yield document.melding(
                (*pad, "naam"),
                f'De gemeente met CBS-code "{code}" heet niet {naam}.',
                f"Schrijf {regio[code]}. Een andere schrijfwijze kan onder schrijfwijzen.",
                "gegevens-gemeente-naam",
            )
        else:
            meant = bedoeld(naam, codes)
            yield document.melding(
                (*pad, "cbs"),
                f'{naam} met CBS-code "{code}" hoort niet bij de regio.',
                f'Bedoelt u {meant} ("{codes[meant]}")?'
                if meant
                else "Haal deze gemeente weg. Is de regio veranderd? Wijzig dan eerst "
                "data/regio.yaml.",
                "gegevens-onbekende-gemeente",
            )


def _ontbrekend(gegevens: Gegevens, regio: dict[str, str]) -> Iterator[Melding]:
    document = gegevens.documenten["gemeenten"]
    if not list(alle_rijen(document, "gemeenten")):
        return  # that was said already
    codes = sleutels([document], "gemeenten", "cbs")
    namen = sleutels([document], "gemeenten", "naam")
    for code, naam in regio.items():
        if code not in codes and naam not in namen:
            yield document.melding(
                ("gemeenten",),
                f'De gemeente {naam} ("{code}") ontbreekt.',
                "Voeg haar toe, met haar keuze voor duurzaam: omzetten of aflopen.",
                "gegevens-gemeente-ontbreekt",
                sleutel=True,
            )


def _dubbel(gegevens: Gegevens) -> Iterator[Melding]:
    """The same code and name twice; a code with another name is told of in ``_namen``."""
    document = gegevens.documenten["gemeenten"]
    seen: dict[tuple[str, str], int] = {}
    for index, row in rijen(document, "gemeenten", "cbs", "naam"):
        key = (row["cbs"], row["naam"])
        if key in seen:
            line = document.plaats(("gemeenten", seen[key]))[0]
            yield document.melding(
                ("gemeenten", index, "naam"),
                f"De gemeente {row['naam']} staat er twee keer: ook op regel {line}.",
                "Houd er één over.",
                "gegevens-dubbel",
            )
        seen.setdefault(key, index)


def _schrijfwijzen(gegevens: Gegevens) -> Iterator[Melding]:
    """A way to write a name must not be read as another municipality."""
    document = gegevens.documenten["gemeenten"]
    rows = list(rijen(document, "gemeenten", "cbs", "naam"))
    owner = {_kaal(row["naam"]): row for _, row in rows}
    for index, row in rows:
        for place, spelling in enumerate(row.get("schrijfwijzen", [])):
            other = owner.setdefault(_kaal(spelling), row)
            if other["cbs"] != row["cbs"]:
                yield document.melding(
                    ("gemeenten", index, "schrijfwijzen", place),
                    f"{spelling} is al een naam van de gemeente {other['naam']}.",
                    "Haal hem bij één van de twee gemeenten weg.",
                    "gegevens-schrijfwijze",
                )


def _kaal(naam: str) -> str:
    return "".join(letter for letter in naam.casefold() if letter.isalnum())


def _medicatieminuten(gegevens: Gegevens) -> Iterator[Melding]:
    keuzes = gegevens.begrippen.get("medicatieminuten")
    document = gegevens.documenten["gemeenten"]
    if not isinstance(keuzes, list):
        return
    for index, row in rijen(document, "gemeenten", "medicatieminuten"):
        if row["medicatieminuten"] not in keuzes:
            yield document.melding(
                ("gemeenten", index, "medicatieminuten"),
                f"{row['medicatieminuten']} is geen van de keuzes voor medicatiecontrole.",
                f"Schrijf {' of '.join(map(str, keuzes))}, of haal medicatieminuten weg.",
                "gegevens-medicatieminuten",
            )
