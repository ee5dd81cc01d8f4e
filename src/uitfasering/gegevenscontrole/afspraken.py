"""The agreements: their begrippen, parameters, dates and references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from uitfasering.bedoeld import bedoeld
from uitfasering.datumhulp import date_fault
from uitfasering.gegevenscontrole.afwijkingen import EINDE, LOOPTIJDEN
from uitfasering.gegevenscontrole.rijen import (
    alle_rijen,
    bedoelt_u,
    brieven,
    dag_erna,
    is_dag,
    parameters,
    rijen,
    sleutels,
)
from uitfasering.melding import Melding
from uitfasering.rego.tekst import lees_rego
from uitfasering.weergave.woorden import datum
from uitfasering.yamlreader import Document

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

_WOORD = re.compile(r"[A-Za-z0-9_]+")
_DAG_IN_NAAM = re.compile(r"\d{4}-\d{2}-\d{2}")
NODIGE_BEGRIPPEN = ("medicatieminuten", EINDE)
"""What ``uitfasering.tabellen`` and the checks ask for by name."""

_BEGIN = ("van", "vanaf")
# A parameter (v.x or data.gegevens.parameters["A-06"].x) or begrip (data.gegevens.begrippen.x) in
# the policies: where something is looked up in it, and where a date is compared with it.
_NAAM = r"""(?:[\w.]|\["[^"]+"\])*?((?:\bbegrippen\.)?\w+)(?![\w.\[])"""
_IN_LIJST = re.compile(rf"\bin {_NAAM}")
_DATUM = re.compile(rf"datum (?:>=|<=|<|>) {_NAAM}")
_NIET_VERBINDEND = ("zoveel_mogelijk", "verzoek", "advies", "informatie")


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Faults in ``data/afspraken``."""
    from uitfasering.gegevens import schema  # which imports this package
    from uitfasering.tabellen import invoervelden

    for document in brieven(gegevens):
        yield from _brief(gegevens, document)
        for name, row in rijen(document, "begrippen", "waarde"):
            yield from _begrip(document, name, row["waarde"])
    yield from _nodig(gegevens)
    yield from _soorten(gegevens)
    velden = dict(invoervelden(schema(gegevens.root, "toewijzing")))
    for regel in gegevens.afspraken:
        yield from _onbekende_begrippen(gegevens, regel)
        yield from _voorstel(gegevens, regel)
        yield from _duur(gegevens, regel)
        yield from _periode(gegevens, regel)
        yield from _velden(gegevens, regel, velden)


def waarschuwingen(gegevens: Gegevens) -> Iterator[Melding]:
    """What nothing uses, dates that no longer fit together, refusals that bind nobody."""
    rego = _rego(gegevens)
    for document in brieven(gegevens):
        for name, row in rijen(document, "begrippen"):
            if rego:
                yield from _ongebruikt_begrip(gegevens, document, name, rego)
            yield from _dag_voor(gegevens, document, name, row)
            yield from _uit(gegevens, document, name, row)
    for regel in gegevens.afspraken:
        if rego:
            yield from _ongebruikte_parameter(gegevens, regel, rego)
        yield from _norm(gegevens, regel)


def _brief(gegevens: Gegevens, document: Document) -> Iterator[Melding]:
    """The date of a letter is the one in the name of its file."""
    letters = dagen_van_brieven(gegevens)
    day = document.gelezen.get("brief") if isinstance(document.gelezen, dict) else None
    named = _DAG_IN_NAAM.search(document.name)
    if named and isinstance(day, str) and document.gaaf(("brief",)) and day != named[0]:
        yield document.melding(
            ("brief",),
            f"De datum van de brief is {day}, maar de naam van het bestand zegt {named[0]}.",
            f'Schrijf "{named[0]}", of verander de naam van het bestand.',
            "gegevens-brief",
        )
    for regel, row in rijen(document, "afspraken"):
        if letters and row.get("brief", day) not in letters:
            yield document.melding(
                ("afspraken", regel, "brief"),
                f"Er is geen brief van {row['brief']}.",
                f"Kies uit: {', '.join(sorted(letters))}.",
                "gegevens-brief",
            )


def dagen_van_brieven(gegevens: Gegevens) -> set[str]:
    """The dates of the letters; empty when one of them cannot be read."""
    found = set()
    for document in brieven(gegevens):
        if not isinstance(document.gelezen, dict) or "brief" not in document.gelezen:
            return set()
        if not document.gaaf(("brief",)):
            return set()
        found.add(document.gelezen["brief"])
    return found


def _begrip(document: Document, name: str, value: Any) -> Iterator[Melding]:
    """A misspelled day would silently keep an agreement from applying."""
    for text in value if isinstance(value, list) else [value]:
        if fault := _datumfout(text):
            yield document.melding(("begrippen", name, "waarde"), *fault, "gegevens-datum")


def _datumfout(text: Any) -> tuple[str, str] | None:
    """What is wrong with a text that is neither a day nor one word, and what would be right."""
    if not isinstance(text, str) or is_dag(text):
        return None
    if fault := date_fault(text):
        return fault.message, fault.remedy
    if _WOORD.fullmatch(text):
        return None
    return f"{text} is geen datum en geen code.", 'Schrijf een datum als "2021-05-01".'


def _onbekende_begrippen(gegevens: Gegevens, regel: str) -> Iterator[Melding]:
    afspraak = gegevens.afspraken[regel]
    known = sleutels(brieven(gegevens), "begrippen")
    for name, begrip in (parameters(afspraak) or {}).items():
        if known and begrip not in known:
            yield afspraak.document.melding(
                (*afspraak.pad, "parameters", name),
                f"Het begrip {begrip} bestaat niet.",
                bedoelt_u(begrip, known, "Noem een begrip dat onder begrippen staat."),
                "gegevens-onbekend-begrip",
            )


def _voorstel(gegevens: Gegevens, regel: str) -> Iterator[Melding]:
    afspraak = gegevens.afspraken[regel]
    names = parameters(afspraak)
    voorstel = afspraak.bron.get("voorstel")
    if not voorstel or names is None:
        return
    if voorstel not in names:
        wrong = f"{voorstel} is geen parameter van afspraak {regel}."
    elif is_dag(gegevens.begrippen.get(names[voorstel], "2000-01-01")):
        return
    else:
        wrong = f"De parameter {voorstel} is geen datum."
    days = [n for n, begrip in names.items() if is_dag(gegevens.begrippen.get(begrip))]
    choices = f"Noem de parameter die de voorgestelde einddatum is: {' of '.join(days)}."
    yield afspraak.document.melding(
        (*afspraak.pad, "voorstel"),
        wrong,
        bedoelt_u(voorstel, days, choices if days else "Haal voorstel weg."),
        "gegevens-voorstel",
    )


def _duur(gegevens: Gegevens, regel: str) -> Iterator[Melding]:
    afspraak = gegevens.afspraken[regel]
    begrip = (parameters(afspraak) or {}).get("te_lang_vanaf", "")
    if begrip in gegevens.begrippen and gegevens.begrippen[begrip] not in LOOPTIJDEN:
        choices = f"Kies uit: {', '.join(LOOPTIJDEN)}."
        yield _bij_begrip(
            gegevens,
            begrip,
            f"{gegevens.begrippen[begrip]} is geen duur die bekend is.",
            f"{bedoelt_u(str(gegevens.begrippen[begrip]), LOOPTIJDEN, '')} {choices}".strip(),
            "gegevens-duur",
        )


def _bij_begrip(gegevens: Gegevens, begrip: str, wrong: str, right: str, code: str) -> Melding:
    """At the value of a begrip, in whichever file it stands."""
    holder = next(d for d in brieven(gegevens) if begrip in dict(rijen(d, "begrippen", "waarde")))
    return holder.melding(("begrippen", begrip, "waarde"), wrong, right, code)


def _nodig(gegevens: Gegevens) -> Iterator[Melding]:
    """The begrippen that are needed whatever the agreements say."""
    known = sleutels(brieven(gegevens), "begrippen")
    for name in NODIGE_BEGRIPPEN:
        if not known or name in known:
            continue
        meant = bedoeld(name, known)
        holder = next(
            d for d in brieven(gegevens) if not meant or meant in dict(alle_rijen(d, "begrippen"))
        )
        yield holder.melding(
            ("begrippen", meant) if meant else ("begrippen",),
            f"Het programma zoekt het begrip {name}, maar dat staat in geen enkel bestand.",
            f"Moet {meant} zo heten? Geef het dan die naam." if meant else "Zet het terug.",
            "gegevens-onbekend-begrip",
            sleutel=True,
        )


def _soorten(gegevens: Gegevens) -> Iterator[Melding]:
    """A value of another kind than the policies ask would silently keep them from applying."""
    rego = _rego(gegevens)
    lists, days = (set(pattern.findall(rego)) for pattern in (_IN_LIJST, _DATUM))
    names = {begrip: {f"begrippen.{begrip}"} for begrip in gegevens.begrippen}
    for afspraak in gegevens.afspraken.values():
        for name, begrip in (parameters(afspraak) or {}).items():
            names.get(begrip, set()).add(name)
    for begrip, value in gegevens.begrippen.items():
        if names[begrip] & lists and not isinstance(value, (list, dict)):
            wrong = f"Het begrip {begrip} is geen lijst, maar de regels zoeken er iets in."
            typed = f'"{value}"' if isinstance(value, str) else value
            right = f"Schrijf [{typed}], ook als er maar één waarde is."
        elif names[begrip] & days and not is_dag(value) and not _datumfout(value):
            wrong = f"Het begrip {begrip} is geen datum, maar de regels vergelijken er datums mee."
            right = 'Schrijf een datum als "2021-05-01".'
        else:
            continue
        yield _bij_begrip(gegevens, begrip, wrong, right, "gegevens-soort")


def _periode(gegevens: Gegevens, regel: str) -> Iterator[Melding]:
    """An agreement that ends before it begins never applies."""
    afspraak = gegevens.afspraken[regel]
    names = parameters(afspraak) or {}
    first = next((name for name in _BEGIN if name in names), None)
    if first is None or "tot" not in names:
        return
    begin, end = (gegevens.begrippen.get(names[name]) for name in (first, "tot"))
    if is_dag(begin) and is_dag(end) and str(begin) > str(end):
        yield afspraak.document.melding(
            (*afspraak.pad, "parameters", "tot"),
            f"Afspraak {regel} eindigt ({datum(str(end))}) vóór zij begint ({datum(str(begin))}). "
            "Zij geldt zo nooit.",
            f"Kijk de begrippen {names[first]} en {names['tot']} na.",
            "gegevens-periode",
        )


def _velden(gegevens: Gegevens, regel: str, known: Mapping[str, str]) -> Iterator[Melding]:
    afspraak = gegevens.afspraken[regel]
    for index, veld in enumerate(afspraak.bron.get("velden", [])):
        if veld not in known:
            yield afspraak.document.melding(
                (*afspraak.pad, "velden", index),
                f"Een toewijzing heeft geen veld {veld}.",
                bedoelt_u(veld, known, "Haal het weg, of noem een veld van een toewijzing."),
                "gegevens-onbekend-veld",
            )


def _rego(gegevens: Gegevens) -> str:
    """The text of all policies, without comments; "" when one of them cannot be read."""
    bronnen, meldingen = lees_rego(gegevens.root / "policies")
    texts = "" if meldingen else "\n".join(b.tekst for b in bronnen if not b.is_toets)
    return re.sub(r"(?m)^\s*#.*$", "", texts)


def _ongebruikt_begrip(
    gegevens: Gegevens, document: Document, name: str, rego: str
) -> Iterator[Melding]:
    in_data = any(
        name in afspraak.bron.get("parameters", {}).values()
        for afspraak in gegevens.afspraken.values()
    )
    if not in_data and not re.search(rf"\bbegrippen\.{name}\b", rego):
        yield document.melding(
            ("begrippen", name),
            f"Het begrip {name} wordt nergens gebruikt. Wijzigt u het, dan verandert er niets.",
            "Noem het bij de parameters van een afspraak, of haal het weg.",
            "gegevens-begrip-ongebruikt",
            sleutel=True,
        )


def _ongebruikte_parameter(gegevens: Gegevens, regel: str, rego: str) -> Iterator[Melding]:
    """Agreements share functions that take their parameters, so a use anywhere counts."""
    afspraak = gegevens.afspraken[regel]
    bron = afspraak.bron
    texts = " ".join(bron.get(key) or "" for key in ("tekst", "oplossing", "lezing"))
    for name in bron.get("parameters", {}):
        if (
            f"{{{name}}}" not in texts
            and bron.get("voorstel") != name
            and not re.search(rf"\.{name}\b", rego)
        ):
            yield afspraak.document.melding(
                (*afspraak.pad, "parameters", name),
                f"De parameter {name} wordt nergens gebruikt.",
                f"Gebruik {{{name}}} in de tekst, of haal de parameter weg.",
                "gegevens-parameter-ongebruikt",
                sleutel=True,
            )


def _dag_voor(gegevens: Gegevens, document: Document, name: str, row: Any) -> Iterator[Melding]:
    """Two dates that must follow on each other, of which one was changed."""
    other = row.get("dag_voor")
    first, then = row["waarde"], gegevens.begrippen.get(other)
    if other and is_dag(first) and is_dag(then) and dag_erna(first) != then:
        yield document.melding(
            ("begrippen", name, "waarde"),
            f"{name} ({datum(first)}) is niet de dag vóór {other} ({datum(str(then))}).",
            "Pas een van de twee datums aan. Anders vallen er dagen tussenuit of gelden ze dubbel.",
            "gegevens-dag-voor",
        )


def _uit(gegevens: Gegevens, document: Document, name: str, row: Any) -> Iterator[Melding]:
    """A value that was chosen from a list, of which one was changed."""
    whole = gegevens.begrippen.get(row.get("uit"))
    if not isinstance(whole, list):
        return
    values = row["waarde"] if isinstance(row["waarde"], list) else [row["waarde"]]
    for value in values:
        if value not in whole:
            yield document.melding(
                ("begrippen", name, "waarde"),
                f"{value} staat niet in het begrip {row['uit']}.",
                f"Kies uit: {', '.join(map(str, whole))}. Of vul {row['uit']} aan.",
                "gegevens-niet-uit-lijst",
            )


def _norm(gegevens: Gegevens, regel: str) -> Iterator[Melding]:
    afspraak = gegevens.afspraken[regel]
    norm = afspraak.bron["norm"]
    if afspraak.bron["gevolg"] == "NIET_TOEGESTAAN" and norm in _NIET_VERBINDEND:
        yield afspraak.document.melding(
            (*afspraak.pad, "gevolg"),
            f"Deze afspraak verbiedt iets, maar haar norm is {norm}: niemand hoeft zich eraan te "
            "houden.",
            "Kies een lichter gevolg, of norm: verplicht.",
            "gegevens-norm",
        )
