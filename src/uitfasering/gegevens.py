"""The officer-owned tables in ``data/``: read, checked each on its own and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError
from uitfasering.gegevenscontrole import controleer, ongelezen, verduidelijk
from uitfasering.gegevenscontrole.brievenmap import kopieen, ontbrekend, weg
from uitfasering.gegevenscontrole.rijen import rijen
from uitfasering.melding import Melding
from uitfasering.schemabestand import schema as schema
from uitfasering.yamlreader import Document, lees

TABELLEN = (
    "regio",
    "gemeenten",
    "producten",
    "gebeurtenissen",
    "afwijkingen",
    "contacten",
    "berichten",
    "uitkomsten",
    "teksten",
    "weergave",
    "rapport",
    "zinnen",
    "zelftest",
)
"""Each is ``data/<name>.yaml``, described by ``schemas/<name>.json``."""


@dataclass(frozen=True)
class Afspraak:
    """One regel as its YAML entry gives it, and the document that holds it.

    While faults are gathered ``bron`` is without the fields that are faulty.
    """

    regel: str
    brief: str
    bron: Mapping[str, Any]
    document: Document

    @property
    def pad(self) -> tuple[str, str]:
        """The path of this regel in its document."""
        return ("afspraken", self.regel)


@dataclass(frozen=True)
class Gegevens:
    """Every table, valid on its own and together.

    Attributes:
        root: the project they were read from.
        tabellen: the data of each file of TABELLEN, by name.
        afspraken: every regel, by id.
        begrippen: the value of each named date, amount or list, over all letters.
        documenten: the documents behind it, for places in later meldingen.
    """

    root: Path
    tabellen: Mapping[str, Any]
    afspraken: Mapping[str, Afspraak]
    begrippen: Mapping[str, Any]
    documenten: Mapping[str, Document] = field(repr=False)

    def parameters(self, regel: str) -> dict[str, Any]:
        """The values of a regel's parameters for the region."""
        names = self.afspraken[regel].bron.get("parameters", {})
        return {name: self.begrippen[begrip] for name, begrip in names.items()}


def laad(root: Path) -> Gegevens:
    """Read every table under ``root/data``.

    Raises:
        BuildError: with every fault in every file, never just the first.
    """
    gegevens, meldingen = lees_alles(root)
    if gegevens is None:
        lines = "\n".join(str(m) for m in meldingen)
        raise BuildError(f"De tabellen kloppen niet:\n{lines}", meldingen)
    return gegevens


def lees_alles(root: Path) -> tuple[Gegevens | None, list[Melding]]:
    """The tables, or None with every fault that can be found in them.

    A fault in one file or row hides none in another: what is without a fault of its own is held
    against the rest. Raises nothing for what is in the tables.

    Raises:
        BuildError: a schema of ``root/schemas`` cannot be read.
    """
    brieven, meldingen = _lees_afspraken(root)
    documenten = {name: _lees(root, root / "data" / f"{name}.yaml", name) for name in TABELLEN}
    documenten |= {f"afspraken/{name}": document for name, document in brieven.items()}
    meldingen += [melding for document in documenten.values() for melding in document.meldingen]
    meldingen += ongelezen(root, TABELLEN)
    if not brieven:
        wrong = "In deze map staan geen afspraken."
        right = "Zet de vorige versie van de map terug."
        meldingen.append(
            Melding("data/afspraken", 0, 0, "", wrong, right, "yaml-bestand-ontbreekt")
        )
    afspraken: dict[str, Afspraak] = {}
    begrippen: dict[str, tuple[Any, Document]] = {}
    for document in brieven.values():
        meldingen += _verzamel(document, afspraken, begrippen)
    tabellen = {name: documenten[name].gelezen for name in TABELLEN}
    values = {name: value for name, (value, _) in begrippen.items()}
    gegevens = Gegevens(root, tabellen, afspraken, values, documenten)
    meldingen = sorted({*verduidelijk(gegevens, meldingen), *controleer(gegevens)})
    return (None if meldingen else gegevens), meldingen


def _lees(root: Path, path: Path, schema_name: str) -> Document:
    return lees(path, schema(root, schema_name), name=str(path.relative_to(root)))


def _lees_afspraken(root: Path) -> tuple[dict[str, Document], list[Melding]]:
    """The files of ``data/afspraken`` by name, without copies, and what is wrong with the folder.

    A file that is gone is among them, as one that cannot be read.
    """
    folder = root / "data" / "afspraken"
    found = {path.stem: _lees(root, path, "afspraken") for path in sorted(folder.glob("*.yaml"))}
    copies = kopieen(found)
    found = {name: document for name, document in found.items() if name not in copies}
    meldingen = list(copies.values())
    for name in ontbrekend(root, found) if found else ():
        melding = weg(root, folder / f"{name}.yaml")
        found[name] = Document(melding.bestand, None, (melding,))
    return found, meldingen


def _verzamel(
    document: Document,
    afspraken: dict[str, Afspraak],
    begrippen: dict[str, tuple[Any, Document]],
) -> Iterator[Melding]:
    """Add what a letter's file holds, as far as it is without faults of its own."""
    for name, begrip in rijen(document, "begrippen", "waarde"):
        if name in begrippen:
            yield document.melding(
                ("begrippen", name),
                f"Het begrip {name} staat ook in {begrippen[name][1].name}.",
                "Geef het één keer, of geef het een eigen naam.",
                "gegevens-dubbel-begrip",
                sleutel=True,
            )
        begrippen[name] = (begrip["waarde"], document)
    for regel, bron in rijen(document, "afspraken"):
        if regel in afspraken:
            yield document.melding(
                ("afspraken", regel),
                f"Afspraak {regel} staat ook in {afspraken[regel].document.name}.",
                "Geef elke afspraak één keer.",
                "gegevens-dubbele-afspraak",
                sleutel=True,
            )
        brief = bron.get("brief", document.gelezen.get("brief", ""))
        afspraken[regel] = Afspraak(regel, brief, bron, document)
