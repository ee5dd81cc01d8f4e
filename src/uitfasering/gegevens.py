"""The officer-owned tables in ``data/``: read, checked each on its own and against each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError
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

BRIEF_MET_AFWIJKINGEN = "2021-05-06"
"""Only this letter lets a municipality deviate (its N.B.)."""

AFWIJKING = "B1-20"
COLLEGEBESLUIT_NODIG = ("B1-02", "B1-04")
"""Deviating from what the colleges decided takes a decision of the college (contract §6)."""

INVULLING_BIJ_VRAAG = frozenset(
    [
        "gemeente",
        "lokale_toegang",
        "tot_en_met",
        "vervangende_code",
        "ontbreekt",
        "afgeweken_regel",
        "bron",
        "veld",
        "verwacht",
    ]
)
"""Placeholders that policies/uitfasering/woorden fills in for one toewijzing."""

PLAATSHOUDER = re.compile(r"\{([a-z_]+)\}")


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
    for check in (_parameters, _gemeenten, _producten, _afwijkingen, _uitkomsten):
        meldingen += check(gegevens)
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


def _parameters(gegevens: Gegevens) -> Iterator[Melding]:
    """Parameters name a begrip, texts name a parameter, voorstel names a parameter."""
    for afspraak in gegevens.afspraken.values():
        names = afspraak.bron.get("parameters", {})
        for name, begrip in names.items():
            if begrip not in gegevens.begrippen:
                yield afspraak.document.melding(
                    (*afspraak.pad, "parameters", name),
                    f"Het begrip {begrip} bestaat niet.",
                    "Noem een begrip dat onder begrippen staat.",
                    "gegevens-onbekend-begrip",
                )
        voorstel = afspraak.bron.get("voorstel")
        if voorstel and voorstel not in names:
            yield afspraak.document.melding(
                (*afspraak.pad, "voorstel"),
                f"{voorstel} is geen parameter van deze afspraak.",
                "Noem de parameter die de voorgestelde einddatum is.",
                "gegevens-voorstel",
            )
        known = {*names, *INVULLING_BIJ_VRAAG, "contractmanagement"}
        for key in ("tekst", "oplossing"):
            for found in PLAATSHOUDER.findall(afspraak.bron.get(key) or ""):
                if found not in known:
                    yield afspraak.document.melding(
                        (*afspraak.pad, key),
                        f"{{{found}}} kan niet worden ingevuld.",
                        f"Kies uit: {', '.join(sorted(known))}.",
                        "gegevens-plaatshouder",
                    )


def _dubbel(document: Document, table: str, key: str) -> Iterator[Melding]:
    seen: set[str] = set()
    for index, row in enumerate(document.data[table]):
        if row[key] in seen:
            yield document.melding(
                (table, index, key),
                f"{row[key]} staat er twee keer.",
                "Houd één regel over.",
                "gegevens-dubbel",
            )
        seen.add(row[key])


def _gemeenten(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["gemeenten"]
    yield from _dubbel(document, "gemeenten", "cbs")
    yield from _dubbel(document, "gemeenten", "naam")
    keuzes = gegevens.begrippen.get("medicatieminuten", [])
    for index, gemeente in enumerate(document.data["gemeenten"]):
        if gemeente.get("medicatieminuten", keuzes and keuzes[0]) not in keuzes:
            yield document.melding(
                ("gemeenten", index, "medicatieminuten"),
                "Dit is geen van de keuzes voor medicatiecontrole.",
                f"Kies uit {', '.join(map(str, keuzes))}, of laat het weg.",
                "gegevens-medicatieminuten",
            )


def _producten(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["producten"]
    yield from _dubbel(document, "producten", "code")
    segments = {row["code"]: row["segment"] for row in document.data["producten"]}
    for index, row in enumerate(document.data["producten"]):
        pad = ("producten", index)
        if row["segment"] == "midden" and row.get("raamovereenkomst", "huidig") != "huidig":
            yield document.melding(
                (*pad, "raamovereenkomst"),
                "Segment midden hoort altijd bij de huidige raamovereenkomst.",
                "Schrijf huidig, of laat het weg.",
                "gegevens-raamovereenkomst",
            )
        replacing: list[tuple[tuple[str | int, ...], str]] = []
        if "vervangende_code" in row:
            replacing.append(((*pad, "vervangende_code"), row["vervangende_code"]))
        for agb, code in row.get("vervangende_code_per_aanbieder", {}).items():
            replacing.append(((*pad, "vervangende_code_per_aanbieder", agb), code))
        for place, code in replacing:
            if segments.get(code) != "top":
                yield document.melding(
                    place,
                    f"{code} is geen productcode van segment top in deze catalogus.",
                    "Noem een code die hier staat met segment: top.",
                    "gegevens-vervangende-code",
                )


def _afwijkingen(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["afwijkingen"]
    known = {row["cbs"] for row in gegevens.tabellen["gemeenten"]["gemeenten"]}
    rows = document.data["afwijkingen"]
    for index, row in enumerate(rows):

        def at(key: str, wrong: str, right: str, code: str, index: int = index) -> Melding:
            return document.melding(("afwijkingen", index, key), wrong, right, code)

        if row["gemeente"] not in known:
            yield at(
                "gemeente",
                f"{row['gemeente']} is geen gemeente uit data/gemeenten.yaml.",
                "Geef de CBS-code van een van de gemeenten.",
                "gegevens-onbekende-gemeente",
            )
        if row["van"] > row["tot"]:
            yield at("tot", "tot ligt vóór van.", "Draai ze om.", "gegevens-periode")
        afspraak = gegevens.afspraken.get(row["regel"])
        if (
            afspraak is None
            or afspraak.regel == AFWIJKING
            or afspraak.brief != BRIEF_MET_AFWIJKINGEN
        ):
            yield at(
                "regel",
                f"Van {row['regel']} kan een gemeente niet afwijken.",
                "Noem een afspraak uit de brief van 6 mei 2021.",
                "gegevens-onbekende-regel",
            )
            continue
        if row["regel"] in COLLEGEBESLUIT_NODIG and not row.get("collegebesluit"):
            yield at(
                "bron",
                f"Afwijken van {row['regel']} kan alleen met een besluit van het college.",
                "Noem dat besluit als bron en zet collegebesluit: true.",
                "gegevens-collegebesluit",
            )
        regional = gegevens.parameters(row["regel"])
        for name, value in row.get("parameters", {}).items():
            if name not in regional:
                wrong = f"{row['regel']} heeft geen parameter {name}."
                right = f"Kies uit: {', '.join(sorted(regional)) or 'geen'}."
            elif type(value) is not type(regional[name]):
                wrong = f"{name} heeft een ander soort waarde dan in de brief."
                right = "Schrijf de waarde zoals die onder begrippen staat."
            else:
                continue
            yield document.melding(
                ("afwijkingen", index, "parameters", name), wrong, right, "gegevens-parameter"
            )
        for other in rows[:index]:
            same = other["gemeente"] == row["gemeente"] and other["regel"] == row["regel"]
            if same and other["van"] <= row["tot"] and row["van"] <= other["tot"]:
                yield at(
                    "van",
                    "Deze periode overlapt een andere afwijking van dezelfde afspraak.",
                    "Laat de periodes op elkaar aansluiten.",
                    "gegevens-overlap",
                )


def _uitkomsten(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["uitkomsten"]
    yield from _dubbel(document, "uitkomsten", "uitkomst")
    yield from _dubbel(document, "overig", "gevolg")
