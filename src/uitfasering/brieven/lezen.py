"""``data/brieven/*.yaml``: a record for each sentence of each letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from uitfasering.gegevens import schema
from uitfasering.melding import Melding
from uitfasering.yamlreader import Document, lees

MAP = Path("data") / "brieven"
"""Where the records are, below the project."""

STATUSSEN = {
    "regel": "regel",
    "grond": "grond",
    "open_norm": "open norm",
    "toelichting": "toelichting",
    "niet_uitvoerbaar": "niet uitvoerbaar",
}
"""What a sentence can be, and how a reader sees it; schemas/brieven.json explains each."""


@dataclass(frozen=True)
class Zin:
    """One sentence.

    Attributes:
        nummer: from 1, in the order of the letter.
        plaats: where it stands, in words.
        anker: words that stand in this sentence and in no other of the letter.
        samenvatting: what it says, in our words.
        status: a key of STATUSSEN.
        waarom: why it has that status; None only for ``regel``.
        open_woorden: the words that leave room; only for ``open_norm``.
        gemeente: the CBS code, when the sentence is about one municipality.
        keuze: what that municipality chooses by this sentence; for the table of choices.
        regels: the agreements that carry it out or rest on it.
        pad: its path in the document.
    """

    nummer: int
    plaats: str
    anker: str
    samenvatting: str
    status: str
    waarom: str | None
    open_woorden: str | None
    gemeente: str | None
    keuze: str | None
    regels: tuple[str, ...]
    pad: tuple[str | int, ...]


@dataclass(frozen=True)
class Brief:
    """The records of one letter: its date (``2021-05-06``), its title, and its sentences."""

    brief: str
    titel: str
    zinnen: tuple[Zin, ...]
    document: Document = field(repr=False)


def lees_brieven(root: Path) -> tuple[list[Brief], list[Melding]]:
    """The letters in order of date, and every fault in the files.

    A file with a fault gives no letter.
    """
    brieven: list[Brief] = []
    meldingen: list[Melding] = []
    for path in sorted((root / MAP).glob("*.yaml")):
        document = lees(path, schema(root, "brieven"), name=str(path.relative_to(root)))
        meldingen += document.meldingen
        if not document.meldingen:
            brieven.append(_brief(document))
    # Of two files for one letter the copy, with its longer name, comes last.
    return sorted(brieven, key=lambda b: (b.brief, len(b.document.name))), meldingen


def _brief(document: Document) -> Brief:
    zinnen = tuple(
        Zin(
            nummer=row["nummer"],
            plaats=row["plaats"],
            anker=row["anker"],
            samenvatting=row["samenvatting"],
            status=row["status"],
            waarom=row.get("waarom"),
            open_woorden=row.get("open_woorden"),
            gemeente=row.get("gemeente"),
            keuze=row.get("keuze"),
            regels=tuple(row.get("regels", ())),
            pad=("zinnen", index),
        )
        for index, row in enumerate(document.data["zinnen"])
    )
    return Brief(document.data["brief"], document.data["titel"], zinnen, document)
