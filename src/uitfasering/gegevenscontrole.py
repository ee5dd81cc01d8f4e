"""What must hold between the tables in ``data/``, beyond what each schema says on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from uitfasering.melding import Melding
from uitfasering.yamlreader import Document

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

AFWIJKBAAR = "B1-"
"""Only from the first letter may a municipality deviate (its N.B.)."""

AFWIJKING = "B1-20"

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

LOOPTIJDEN = ("een_jaar_later", "twee_jaar_later")
"""The facts (schemas/feiten.json) that a duration can be measured by."""

_OP_EEN_DAG = re.compile(r"\d+[-/.]\d+[-/.]\d+$")
PLAATSHOUDER = re.compile(r"\{([a-z_]+)\}")


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Every fault between the tables, with its place."""
    for check in (_begrippen, _parameters, _gemeenten, _producten, _afwijkingen, _uitkomsten):
        yield from check(gegevens)


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
        if voorstel and not is_dag(gegevens.begrippen.get(names.get(voorstel, ""))):
            yield afspraak.document.melding(
                (*afspraak.pad, "voorstel"),
                f"{voorstel} is geen parameter van deze afspraak met een datum.",
                "Noem de parameter die de voorgestelde einddatum is.",
                "gegevens-voorstel",
            )
        fixed = {*names, "contractmanagement"}
        per_question = fixed | INVULLING_BIJ_VRAAG
        for key, known in (("tekst", per_question), ("oplossing", per_question), ("lezing", fixed)):
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
        if afspraak is None or not afwijkbaar(afspraak.regel):
            yield at(
                "regel",
                f"Van {row['regel']} kan een gemeente niet afwijken.",
                "Noem een afspraak uit de brief van 6 mei 2021.",
                "gegevens-onbekende-regel",
            )
            continue
        if afspraak.bron.get("collegebesluit_nodig") and not row.get("collegebesluit"):
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
            elif not _zelfde_soort(value, regional[name]):
                wrong = f"{name} heeft een ander soort waarde dan in de brief."
                right = f"In de brief is het {regional[name]}. Schrijf het net zo op."
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


def afwijkbaar(regel: str) -> bool:
    """Whether a municipality may deviate from this agreement."""
    return regel.startswith(AFWIJKBAAR) and regel != AFWIJKING


def _zelfde_soort(value: Any, regional: Any) -> bool:
    """Whether a municipality's value can stand where the region's value stands."""
    if isinstance(regional, list):
        return isinstance(value, list) and all(_zelfde_soort(v, regional[0]) for v in value)
    if type(value) is not type(regional):
        return False
    if regional in LOOPTIJDEN:
        return value in LOOPTIJDEN
    return not isinstance(value, str) or is_dag(value) == is_dag(regional)


def is_dag(value: Any) -> bool:
    """Whether this is an existing day, written as ``YYYY-MM-DD``."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _begrippen(gegevens: Gegevens) -> Iterator[Melding]:
    """A misspelled day or duration would silently keep an agreement from applying."""
    for name, document in gegevens.documenten.items():
        if not name.startswith("afspraken/"):
            continue
        for begrip, row in document.data["begrippen"].items():
            value = row["waarde"]
            if isinstance(value, str) and _OP_EEN_DAG.match(value) and not is_dag(value):
                yield document.melding(
                    ("begrippen", begrip, "waarde"),
                    f"{value} is geen bestaande datum.",
                    "Schrijf een datum als jjjj-mm-dd.",
                    "gegevens-datum",
                )
    for afspraak in gegevens.afspraken.values():
        begrip = afspraak.bron.get("parameters", {}).get("te_lang_vanaf")
        if begrip and gegevens.begrippen.get(begrip) not in LOOPTIJDEN:
            yield afspraak.document.melding(
                (*afspraak.pad, "parameters", "te_lang_vanaf"),
                f"De waarde van {begrip} is geen duur die bekend is.",
                f"Kies uit: {', '.join(LOOPTIJDEN)}.",
                "gegevens-duur",
            )


def _uitkomsten(gegevens: Gegevens) -> Iterator[Melding]:
    document = gegevens.documenten["uitkomsten"]
    yield from _dubbel(document, "uitkomsten", "uitkomst")
    yield from _dubbel(document, "overig", "gevolg")
