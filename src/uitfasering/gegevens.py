"""The officer-owned tables in ``data/``: read, checked each on its own and against each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError
from uitfasering.gegevenscontrole import controleer
from uitfasering.melding import Melding
from uitfasering.yamlreader import Document, lees

TABELLEN = (
    "gemeenten",
    "producten",
    "gebeurtenissen",
    "afwijkingen",
    "contacten",
    "berichten",
    "uitkomsten",
    "teksten",
    "weergave",
)
"""Each is ``data/<name>.yaml``, described by ``schemas/<name>.json``."""


@dataclass(frozen=True)
class Afspraak:
    """One regel as its YAML entry gives it, and the document that holds it."""

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
        tabellen: the data of each file of TABELLEN, by name.
        afspraken: every regel, by id.
        begrippen: the value of each named date, amount or list, over all letters.
        documenten: the documents behind it, for places in later meldingen.
    """

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
    meldingen: list[Melding] = []
    documenten: dict[str, Document] = {}
    for name in TABELLEN:
        documenten[name] = _lees(root, root / "data" / f"{name}.yaml", name)
    for path in sorted((root / "data" / "afspraken").glob("*.yaml")):
        documenten[f"afspraken/{path.stem}"] = _lees(root, path, "afspraken")
    for document in documenten.values():
        meldingen += document.meldingen
    if meldingen:
        raise _fout(meldingen)

    afspraken: dict[str, Afspraak] = {}
    begrippen: dict[str, Any] = {}
    for name, document in documenten.items():
        if name.startswith("afspraken/"):
            meldingen += _verzamel(document, afspraken, begrippen)
    tabellen = {name: documenten[name].data for name in TABELLEN}
    gegevens = Gegevens(tabellen, afspraken, begrippen, documenten)
    meldingen += controleer(gegevens)
    if meldingen:
        raise _fout(meldingen)
    return gegevens


def schema(root: Path, name: str) -> dict[str, Any]:
    """A JSON Schema of ``root/schemas``.

    Raises:
        BuildError: it is not there, or not JSON.
    """
    path = root / "schemas" / f"{name}.json"
    try:
        loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} is niet te lezen als JSON Schema ({error}).") from error
    return loaded


def _lees(root: Path, path: Path, schema_name: str) -> Document:
    return lees(path, schema(root, schema_name), name=str(path.relative_to(root)))


def _fout(meldingen: Iterable[Melding]) -> BuildError:
    found = sorted(meldingen)
    lines = "\n".join(str(m) for m in found)
    return BuildError(f"De tabellen kloppen niet:\n{lines}", found)


def _verzamel(
    document: Document, afspraken: dict[str, Afspraak], begrippen: dict[str, Any]
) -> Iterator[Melding]:
    for name, begrip in document.data["begrippen"].items():
        if name in begrippen:
            yield document.melding(
                ("begrippen", name),
                f"Het begrip {name} staat ook in een ander bestand.",
                "Geef het één keer, met een eigen naam.",
                "gegevens-dubbel-begrip",
                sleutel=True,
            )
        begrippen[name] = begrip["waarde"]
    for regel, bron in document.data["afspraken"].items():
        if regel in afspraken:
            yield document.melding(
                ("afspraken", regel),
                f"Afspraak {regel} staat ook in {afspraken[regel].document.name}.",
                "Geef elke afspraak één keer.",
                "gegevens-dubbele-afspraak",
                sleutel=True,
            )
        brief = bron.get("brief", document.data["brief"])
        afspraken[regel] = Afspraak(regel, brief, bron, document)
