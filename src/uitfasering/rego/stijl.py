"""How the policies are written: what is public is described, what belongs in data/ is not there.

All of it from the text, so that a file that OPA cannot read is checked as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevens import Gegevens
from uitfasering.melding import Melding
from uitfasering.rego.tekst import VAN_TOEPASSING, Deel, Rego, is_proza, tekens
from uitfasering.rego.uitleg import FEIT, wat_kan
from uitfasering.yamlreader import OPEN_PLEK

# Places in a text, and the lengths of months, years and centuries, are not agreements.
_GETALLEN = {"0", "1", "2"}
_KALENDER = {
    "policies/uitfasering/feiten/feiten.rego": {"4", "5", "8", "10", "100", "400"},
    "policies/uitfasering/woorden/woorden.rego": {"4", "5", "8"},
}
_CODE = re.compile(r"[0-9]{4,5}")
_DATUM = r"\d{4}-\d{2}-\d{2}"
_VERWIJZING = re.compile(r'\bdata((?:\.[A-Za-z_]\w*|\["[^"]*"\])+)')
_STAP = re.compile(r'\.(\w+)|\["([^"]*)"\]')
_RIJEN = re.compile(r'\b(?:varianten\[\w+\]|parameters)\["([^"]*)"\]')
_VAN_EEN_RIJ = re.compile(r"\bv\.(?:eigen\.)?(\w+)")


def pakket(bron: Rego) -> Melding | None:
    """A package that is not that of its folder: OPA then takes it for something else."""
    right = bron.hoort_in
    if bron.pakket == right:
        return None
    wrong = "De regel package ontbreekt of is niet te lezen."
    if bron.pakket:
        wrong = f"Dit bestand hoort bij {right}, maar er staat package {bron.pakket}."
    row = next((n for n in bron.aanhef if bron.regels[n - 1].startswith("package")), 1)
    right = f"Schrijf bovenaan: package {right}"
    return Melding(bron.naam, row, 1, "", wrong, right, "regel-pakket")


def metadata(bronnen: Sequence[Rego]) -> Iterator[Melding]:
    """Every public name has a title once; every agreement has its own, and alone has a label."""
    described = {(b.pakket, d.naam) for b in bronnen for d in b.delen if d.titel}
    for bron in bronnen:
        for deel in bron.delen:
            public = not deel.naam.startswith("_")
            agreement = deel.naam == VAN_TOEPASSING
            if not agreement and deel.label:
                wrong = f"Het label {deel.label} hoort alleen bij de afspraak zelf."
                right = "Haal het label weg."
                if bedoeld(deel.naam, [VAN_TOEPASSING]):
                    wrong = f"De naam {deel.naam} is niet die van een afspraak."
                    right = f"Bedoelt u {VAN_TOEPASSING}?"
                yield _bij(bron, deel, wrong, right, "regel-nummer")
            key = (bron.pakket, deel.naam)
            if public and not deel.titel and (agreement or key not in described):
                described.add(key)
                wrong = f"Boven {deel.lid or deel.naam} staat geen METADATA met een titel."
                right = "Zet erboven: # METADATA en daaronder # title: en een korte omschrijving."
                if agreement and not deel.label:
                    right = f"{right[:-1]}, dan # labels: en daaronder #   regel: {deel.lid}."
                if deel.los:
                    right = "Haal de lege regel weg tussen METADATA en deze regel."
                yield _bij(bron, deel, wrong, right, "regel-metadata")


def vaste_waarden(bron: Rego, gegevens: Gegevens | None) -> Iterator[Melding]:
    """Numbers, dates, codes and municipalities: they stand in data/, where officers change them."""
    products, names = set(), []
    if gegevens is not None:
        products = {row["code"] for row in gegevens.tabellen["producten"]["producten"]}
        names = [
            name
            for row in gegevens.tabellen["gemeenten"]["gemeenten"]
            for name in [row["naam"], *row.get("schrijfwijzen", [])]
        ]
    known = _GETALLEN | _KALENDER.get(bron.naam, set())
    for teken in tekens(bron.tekst):
        if is_proza(bron.regels[teken.rij - 1]):
            continue
        if teken.soort == "getal" and teken.tekst not in known:
            yield _vast(bron, teken.rij, teken.kolom, f"het getal {teken.tekst}")
        elif teken.soort == "tekst":
            text = teken.tekst[1:-1]
            if _CODE.fullmatch(text) or text in products:
                yield _vast(bron, teken.rij, teken.kolom, f"de code {text}")
    pattern = re.compile(
        "|".join([f"(?P<datum>{_DATUM})", *(rf"\b{re.escape(name)}\b" for name in names)]),
        re.IGNORECASE,
    )
    for row, line in enumerate(bron.regels, 1):
        for found in pattern.finditer(line):
            what = "de datum" if found["datum"] else "de gemeente"
            yield _vast(bron, row, found.start() + 1, f"{what} {found[0]}")


def open_plekken(bron: Rego, feiten: Mapping[str, Any]) -> Iterator[Melding]:
    """What ``uitfasering nieuw`` left for a person to fill in."""
    for row, line in enumerate(bron.regels, 1):
        for found in re.finditer(OPEN_PLEK, line):
            right = "Schrijf wat hier hoort, in plaats van VUL IN."
            if "title:" in line:
                right = "Schrijf in een paar woorden waar het over gaat."
            elif (feit := FEIT.search(line)) and feit[1] in feiten:
                right = wat_kan(feiten[feit[1]])
            wrong = "Hier moet u nog iets invullen."
            column = found.start() + 1
            yield Melding(bron.naam, row, column, "", wrong, right, "regel-vul-in")


def enkele_gelijktekens(bron: Rego) -> Iterator[Melding]:
    """A condition with a single ``=``: a new name in it gets a value, so that it always holds."""
    for teken in tekens(bron.tekst):
        if teken.tekst != "=":
            continue
        before = bron.regels[teken.rij - 1][: teken.kolom - 1]
        deel = bron.deel(teken.rij)
        if deel and deel.rij == teken.rij and " if " not in before:  # the value of a rule
            continue
        wrong = "Met een enkele = wordt niet altijd vergeleken."
        right = "Schrijf == om te vergelijken."
        yield Melding(bron.naam, teken.rij, teken.kolom, "", wrong, right, "regel-opmaak")


def onbekende_gegevens(bronnen: Sequence[Rego], tabellen: Mapping[str, Any]) -> Iterator[Melding]:
    """A name in ``data`` that is nowhere: the condition would silently never hold."""
    known: dict[str, Any] = {"gegevens": {**tabellen, "revisie": ""}}
    known["toegang"] = {"tokens": "", "revisies": ""}  # the other bundle (uitfasering.toegang)
    for bron in bronnen:
        place = known
        for step in bron.pakket.split("."):
            place = place.setdefault(step, {})
        for deel in bron.delen:
            place.setdefault(deel.naam, "")
    parameters = {
        name
        for table in tabellen["varianten"].values()
        for rows in table.values()
        for row in rows
        for name in row
    }
    for bron in bronnen:
        for row, line in enumerate(bron.regels, 1):
            code = line.partition("#")[0]
            for found in _VERWIJZING.finditer(code):
                yield from _stappen(bron, row, found, known)
            if "/afspraken/" in bron.naam:
                yield from _van_een_rij(bron, row, code, tabellen, parameters)


def _stappen(
    bron: Rego, row: int, found: re.Match[str], known: Mapping[str, Any]
) -> Iterator[Melding]:
    place: Any = known
    path = "data"
    for step in _STAP.finditer(found[1]):
        name = step[1] or step[2]
        if not isinstance(place, Mapping):
            return
        if name not in place:
            wrong = f"In {path} staat geen {name}."
            yield _onbekend(bron, row, found.start(1) + step.start() + 2, wrong, name, place)
            return
        place, path = place[name], path + step[0]


def _van_een_rij(
    bron: Rego, row: int, code: str, tabellen: Mapping[str, Any], parameters: Collection[str]
) -> Iterator[Melding]:
    """The rows of parameters that an agreement reads: its own, and a parameter they have."""
    deel = bron.deel(row)
    known = {**tabellen["varianten"]["geldend"], **tabellen["parameters"]}
    for found in _RIJEN.finditer(code):
        column = found.start(1) + 1
        if deel and deel.naam == VAN_TOEPASSING:
            entry = deel.lid in tabellen["rangen"]["regels"]  # else that is the fault
            if entry and found[1] not in {deel.lid, deel.label}:
                wrong = f"{deel.lid} rekent hier met de parameters van {found[1]}."
                right = f'Schrijf: ["{deel.lid}"]'
                yield Melding(bron.naam, row, column, "", wrong, right, "regel-nummer")
        elif found[1] not in known and "varianten" in found[0]:
            wrong = f"Bij {found[1]} staan geen parameters."
            yield _onbekend(bron, row, column, wrong, found[1], known)
    for found in _VAN_EEN_RIJ.finditer(code):
        if found[1] not in parameters and bedoeld(found[1], parameters):
            wrong = f"Geen enkele afspraak heeft een parameter {found[1]}."
            yield _onbekend(bron, row, found.start(1) + 1, wrong, found[1], parameters)


def _onbekend(
    bron: Rego, row: int, column: int, wrong: str, name: str, known: Iterable[str]
) -> Melding:
    guess = bedoeld(name, known)
    right = f"Bedoelt u {guess}?" if guess else "Voeg het toe in data/, of kies wat er is."
    return Melding(bron.naam, row, column, "", wrong, right, "regel-onbekend-gegeven")


def _vast(bron: Rego, row: int, column: int, what: str) -> Melding:
    return Melding(
        bron.naam,
        row,
        column,
        "",
        f"Hier staat {what} in de regels zelf.",
        "Zet het in data/, en gebruik hier de naam.",
        "regel-vaste-waarde",
    )


def _bij(bron: Rego, deel: Deel, wrong: str, right: str, code: str) -> Melding:
    return Melding(bron.naam, deel.rij, 1, "", wrong, right, code)
