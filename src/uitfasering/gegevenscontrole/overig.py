"""The smaller tables, and files in ``data/`` that nobody reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevenscontrole.afspraken import dagen_van_brieven
from uitfasering.gegevenscontrole.rijen import alle_rijen, rijen
from uitfasering.melding import Melding
from uitfasering.weergave.woorden import datum
from uitfasering.yamlreader import Document

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

_GEEN_BRON = frozenset(
    ["", "nvt", "onbekend", "volgt", "geen", "todo", "tbd", "nog invullen", "invullen", "xxx", "x"]
)


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Faults in ``data/uitkomsten.yaml``, and sources that say nothing."""
    for table, key in (("uitkomsten", "uitkomst"), ("overig", "gevolg")):
        yield from _volgorde(gegevens, table, key)
    yield from _bronnen(gegevens.documenten["afwijkingen"], "afwijkingen")
    yield from _bronnen(gegevens.documenten["producten"], "producten")
    document = gegevens.documenten["gebeurtenissen"]
    for name, row in _gebeurtenissen(gegevens):
        yield from _bron(document, (name, "bron"), row["bron"])


def waarschuwingen(gegevens: Gegevens, vandaag: date) -> Iterator[Melding]:
    """A day of contract that cannot be right."""
    day = gegevens.tabellen["gebeurtenissen"]["crisisroute"]["gecontracteerd_per"]
    letters = dagen_van_brieven(gegevens)
    if day is None:
        return
    if day < max(letters):
        wrong = f"Deze dag ligt vóór de brief van {datum(max(letters))}, die erop wacht."
    elif day > vandaag.isoformat():
        wrong = f"{datum(day)} ligt in de toekomst, maar hier hoort een dag die vaststaat."
    else:
        return
    yield gegevens.documenten["gebeurtenissen"].melding(
        ("crisisroute", "gecontracteerd_per"),
        wrong,
        "Klopt de dag? Dan hoeft u niets te doen. Schrijf null zolang zij niet bekend is.",
        "gegevens-gebeurtenis",
    )


def ongelezen(root: Path, tabellen: Iterable[str]) -> Iterator[Melding]:
    """Files in ``data/`` that look like a table but are none: what is in them does nothing.

    A table is known by its schema: ``data/x.yaml`` and ``data/x/*.yaml`` by ``schemas/x.json``.
    Each of ``tabellen`` (``x``) must be there.
    """
    data = root / "data"
    known = {path.stem for path in (root / "schemas").glob("*.json")}
    missing = [f"{name}.yaml" for name in tabellen if not (data / f"{name}.yaml").exists()]
    for path in sorted([*data.rglob("*.yaml"), *data.rglob("*.yml")]):
        relative = path.relative_to(data)
        if relative.parts[0].removesuffix(path.suffix) in known and path.suffix == ".yaml":
            continue
        tables = [f"{name}.yaml" for name in sorted(known) if (data / f"{name}.yaml").exists()]
        meant = bedoeld(path.name, tables)
        right = f"Zet het in {meant}, of haal dit bestand weg." if meant else "Haal het weg."
        if renamed := bedoeld(path.name, missing):
            right = f"Heet dit bestand misschien {renamed}? Geef het die naam."
        elif path.suffix == ".yml":
            right = f"Noem het bestand {path.stem}.yaml."
        yield Melding(
            str(path.relative_to(root)),
            0,
            0,
            "",
            "Dit bestand wordt niet gelezen. Wat erin staat, telt niet mee.",
            right,
            "gegevens-bestand",
        )


def _gebeurtenissen(gegevens: Gegevens) -> Iterator[tuple[str, Any]]:
    document = gegevens.documenten["gebeurtenissen"]
    rows = gegevens.tabellen["gebeurtenissen"]
    for name, row in rows.items() if isinstance(rows, dict) else ():
        if document.gaaf((name,)):
            yield name, row


def _volgorde(gegevens: Gegevens, table: str, key: str) -> Iterator[Melding]:
    """All of them, each once, from heavy to light: in the order of the schema."""
    from uitfasering.gegevens import schema  # which imports this package

    document = gegevens.documenten["uitkomsten"]
    rows = list(rijen(document, table, key))
    if len(rows) < len(list(alle_rijen(document, table))) or not rows:
        return  # a row was refused already
    part = schema(gegevens.root, "uitkomsten")["properties"][table]["items"]["properties"][key]
    names = [row[key] for _, row in rows]
    missing = [name for name in part["enum"] if name not in names]
    for index, name in enumerate(names):
        if name in names[:index]:
            line = document.plaats((table, names.index(name)))[0]
            yield document.melding(
                (table, index, key),
                f"{name} staat er twee keer: ook op regel {line}.",
                f"Bedoelt u hier {missing[0]}?" if missing else "Houd er één over.",
                "gegevens-dubbel",
            )
    for name in missing if len(set(names)) == len(names) else ():
        yield document.melding(
            (table,),
            f"De regel met {name} ontbreekt.",
            "Voeg haar toe, met de woorden die de lezer ziet.",
            "gegevens-uitkomst",
            sleutel=True,
        )
    if not missing and len(names) == len(part["enum"]) and names != part["enum"]:
        index = next(i for i, name in enumerate(part["enum"]) if names[i] != name)
        yield document.melding(
            (table, index, key),
            f"{names[index]} staat hier niet op zijn plaats. De volgorde beslist welke bevinding "
            "het zwaarst weegt.",
            f"De volgorde is: {', '.join(part['enum'])}.",
            "gegevens-uitkomst",
        )


def _bronnen(document: Document, table: str) -> Iterator[Melding]:
    for index, row in rijen(document, table, "bron"):
        yield from _bron(document, (table, index, "bron"), row["bron"])


def _bron(document: Document, pad: tuple[str | int, ...], bron: str) -> Iterator[Melding]:
    words = "".join(letter for letter in bron.lower() if letter.isalnum() or letter == " ")
    if words.strip() in _GEEN_BRON:
        yield document.melding(
            pad,
            "Hier staat geen echte bron.",
            "Schrijf in welk document dit staat, met de datum.",
            "gegevens-bron",
        )
