"""The faults OPA finds that need more than a fixed sentence, in plain Dutch (vertaling.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from uitfasering.bedoeld import bedoeld
from uitfasering.melding import Melding
from uitfasering.rego.tekst import Deel, Rego, scheef
from uitfasering.yamlscalar import enumerate_dutch, quoted

FEIT = re.compile(r"input\.feiten\.(\w+)")

_LID = re.compile(r'\w+\s+(\w+)\s+"')
_SOORTEN = {
    "string": "tekst",
    "number": "een getal",
    "integer": "een getal",
    "boolean": "true of false",
    "null": "niets",
    "array": "een lijst",
    "set": "een verzameling",
    "object": "een groep velden",
}
_VERWACHT = {
    r"\n or ; or }": "Zet elke voorwaarde op een eigen regel, en sluit het blok af met }.",
    '"," or ")"': "Zet een komma tussen de waarden, en sluit af met ).",
    '":"': "Schrijf tussen naam en waarde een dubbele punt.",
    "missing body": "Schrijf na every … in … een blok met voorwaarden tussen { en }.",
}
_BIJ_TEKEN = {
    "if": 'Schrijf de eerste regel zo: van_toepassing contains "<nummer>" if {',
    "else": "Schrijf else achter het sluithaakje } van de regel ervoor.",
    "and": "Zet elke voorwaarde op een eigen regel; ze moeten dan alle gelden.",
    "&": "Zet elke voorwaarde op een eigen regel; ze moeten dan alle gelden.",
    "or": "Schrijf voor elke mogelijkheid een eigen regel met dezelfde naam.",
    "|": "Schrijf voor elke mogelijkheid een eigen regel met dezelfde naam.",
    "=": "Schrijf == voor is gelijk aan, >= voor op of na, <= voor op of vóór.",
}
REKENEN = frozenset({"plus", "minus", "mul", "div", "rem"})
"""OPA's names for + - * / %."""

_AANHALINGSTEKENS = "'‘’‚“”„«»"


@dataclass(frozen=True)
class Kennis:
    """What the words of a message are looked up in: every file, and the facts by name."""

    bronnen: Sequence[Rego]
    feiten: Mapping[str, Mapping[str, Any]]

    @property
    def namen(self) -> list[str]:
        """The name of every rule, those for tests left out."""
        return [deel.naam for bron in self.bronnen if not bron.is_toets for deel in bron.delen]


@dataclass(frozen=True)
class Plek:
    """Where OPA points: ``rij`` and ``kolom`` from 1, 0 when it does not say."""

    bron: Rego | None
    rij: int
    kolom: int
    kennis: Kennis

    @property
    def regel(self) -> str:
        """The line."""
        lines = self.bron.regels if self.bron else []
        return lines[self.rij - 1] if 0 < self.rij <= len(lines) else ""

    @property
    def deel(self) -> Deel | None:
        """The part of the file."""
        return self.bron.deel(self.rij) if self.bron else None

    @property
    def teken(self) -> str:
        """The word or sign that stands there."""
        found = re.match(r"\w+|\S", self.regel[max(0, self.kolom - 1) :])
        return found[0] if found else ""

    def bij(self, woord: str) -> int:
        """The column of a word on this line, at or after the place; else the place."""
        found = re.search(rf"\b{re.escape(woord)}\b", self.regel[max(0, self.kolom - 1) :])
        return found.start() + max(1, self.kolom) if found else self.kolom

    def melding(
        self, code: str, wrong: str, right: str, *, woord: str = "", rij: int = 0, kolom: int = 0
    ) -> Melding:
        """A message with this place, or that of a word on the line."""
        column = kolom or (self.bij(woord) if woord else self.kolom)
        name = self.bron.naam if self.bron else "policies"
        return Melding(name, rij or self.rij, column, "", wrong, right, code)


def kort(naam: str) -> str:
    """A rule as the officer wrote it, without the package."""
    return naam.rpartition(".")[2] if naam.startswith("data.uitfasering") else naam


Gezegd: TypeAlias = "re.Match[str]"
"""OPA's words, as far as a pattern knows them."""


def _scheef(plek: Plek) -> Melding | None:
    """A bracket without its other half explains most of what OPA finds strange after it."""
    if plek.bron is None or plek.deel is None:
        return None
    start = plek.deel.rij
    if (found := scheef(plek.bron.tekst_van(plek.deel))) is None:
        return None
    teken, hoort = found
    wrong = f"Het haakje {teken.tekst} wordt niet gesloten."
    right = f"Zet het haakje {hoort} waar dit stuk ophoudt."
    if not hoort:
        wrong, right = f"Het haakje {teken.tekst} sluit niets.", "Haal het weg."
    row = start + teken.rij - 1
    return plek.melding("regel-opmaak", wrong, right, rij=row, kolom=teken.kolom)


def haakje(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """Something is not closed."""
    wrong, right = "Dit is niet te lezen.", "Kijk of elk haakje en elke tekst wordt gesloten."
    return _scheef(plek) or plek.melding("regel-opmaak", wrong, right)


def onverwacht(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A word or sign where another belongs; the group says which."""
    if found := _scheef(plek):
        return found
    teken = plek.teken
    if plek.kolom > 1 and plek.regel[plek.kolom - 2 : plek.kolom] in {"=<", "=>"}:
        wrong, right = f"De tekens ={teken} staan verkeerd om.", f"Schrijf {teken}=."
        return plek.melding("regel-opmaak", wrong, right, kolom=plek.kolom - 1)
    spelled = _LID.match(plek.regel) if teken == "if" else None
    if spelled and bedoeld(spelled[1], ["contains"]):
        wrong, right = f"Het woord {spelled[1]} kan hier niet.", "Bedoelt u contains?"
        return plek.melding("regel-opmaak", wrong, right, kolom=spelled.start(1) + 1)
    wrong = f"Hier staat onverwacht {quoted(teken)}." if teken else "Hier houdt de regel ineens op."
    right = _BIJ_TEKEN.get(teken) or _VERWACHT.get(said[1] or "", "")
    for word in ("and", "or"):
        if re.search(rf"\b{word}\b", plek.regel.partition("#")[0][plek.kolom - 1 :][: len(word)]):
            right = _BIJ_TEKEN[word]
    right = right or "Kijk wat er vóór dit teken ontbreekt, of haal het weg."
    return plek.melding("regel-opmaak", wrong, right)


def vreemd_teken(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A sign that Rego does not know."""
    teken = plek.regel[plek.kolom - 1 : plek.kolom]
    if teken in _AANHALINGSTEKENS and teken:
        wrong = f"Het aanhalingsteken {teken} werkt hier niet."
        return plek.melding("regel-opmaak", wrong, 'Gebruik rechte dubbele aanhalingstekens: "…".')
    if teken == '"':
        return tekst_niet_af(plek, said, details)
    wrong = f"Het teken {quoted(teken)} kan hier niet."
    if teken and not teken.isprintable():
        wrong = "Hier staat een onzichtbaar teken."
    return plek.melding("regel-opmaak", wrong, "Haal het weg.")


def tekst_niet_af(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A text without its second quotation mark."""
    wrong = "Deze tekst wordt niet afgesloten."
    right = 'Zet achter de tekst een dubbel aanhalingsteken (").'
    return plek.melding("regel-opmaak", wrong, right)


def onbekende_naam(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A name that has no value here."""
    naam = said[1]
    code, wrong = "regel-onbekende-naam", f"De naam {naam} is hier niet bekend."
    waarden = [w for feit in FEIT.findall(plek.regel) for w in _enum(plek.kennis, feit)]
    eigen = _eigen_namen(plek)
    if naam in waarden:
        right = f"Is het tekst? Schrijf dan {quoted(naam)}."
    elif feit := _bedoeld_feit(plek, naam):
        right = f"Bedoelt u input.feiten.{feit}?"
    elif guess := bedoeld(naam, {"input", "data", "true", "false", *eigen, *plek.kennis.namen}):
        right = f"Bedoelt u {guess}?"
    elif eigen:
        right = f"Hier bekend: {enumerate_dutch(eigen)}. Tekst hoort tussen aanhalingstekens."
    else:
        right = f"Tekst hoort tussen aanhalingstekens: {quoted(naam)}."
    return plek.melding(code, wrong, right, woord=naam)


def _bedoeld_feit(plek: Plek, naam: str) -> str | None:
    """The fact that is meant, when what is missing before it is ``input.`` or ``input.feiten.``."""
    if naam != "feiten":
        return naam if naam in plek.kennis.feiten else None
    found = re.search(r"\bfeiten\.(\w+)", plek.regel)
    return bedoeld(found[1], plek.kennis.feiten) if found else None


def _eigen_namen(plek: Plek) -> list[str]:
    """The names that this part gives itself, in order."""
    if plek.bron is None or plek.deel is None:
        return []
    text = plek.bron.tekst_van(plek.deel)
    head = text.partition("\n")[0]
    found = re.findall(r"\b(?:some|every)\s+(\w+)|(\w+)\s*:=", text)
    names = [one or other for one, other in found]
    if plek.deel.soort == "functie":
        names = re.findall(r"\w+", head[len(plek.deel.naam) :].partition(")")[0]) + names
    return list(dict.fromkeys(n for n in names if n not in {plek.deel.naam, "else"}))


def onbekende_functie(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A call of a rule that is not there."""
    naam = kort(said[1]).rpartition(".")[2]
    guess = bedoeld(naam, plek.kennis.namen)
    right = f"Bedoelt u {guess}?" if guess else "Kies een bestaande, of schrijf hem erbij."
    wrong = f"De hulpregel {naam} bestaat niet."
    return plek.melding("regel-onbekende-naam", wrong, right, woord=naam)


def onbekend_pad(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A path in input that the schemas do not have."""
    parts = said[1].split(".")
    position = int(details.get("pos", len(parts) - 1))
    naam = str(details["ref"][position]["value"]) if "ref" in details else parts[-1]
    known = [str(word) for word in details.get("oneOf", [])]
    if parts[:2] == ["input", "feiten"]:
        wrong, right = onbekend_feit(naam, plek.kennis.feiten)
        return plek.melding("regel-onbekend-feit", wrong, right, woord=naam)
    guess = bedoeld(naam, known)
    right = f"Bedoelt u {guess}?" if guess else f"Hier kan: {enumerate_dutch(known)}."
    wrong = f"{said[1]} bestaat niet: {naam} is hier niet bekend."
    return plek.melding("regel-onbekende-naam", wrong, right if known else "", woord=naam)


def onbekend_feit(naam: str, feiten: Iterable[str]) -> tuple[str, str]:
    """What is wrong about a fact that does not exist, and what would be right."""
    guess = bedoeld(naam, feiten)
    right = f"Bedoelt u {guess}?" if guess else f"De feiten zijn: {', '.join(sorted(feiten))}."
    return f"Het feit {naam} bestaat niet.", right


def ongelijk(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """Two values of different types that can never be equal."""
    kinds = [_soort_van(details.get(side)) for side in ("a", "b")]
    code = "regel-type"
    feit = next((f for f in FEIT.findall(plek.regel) if f in plek.kennis.feiten), "")
    if not feit:
        wrong = f"Hier staat {kinds[0]} tegenover {kinds[1]}; die zijn nooit gelijk."
        return plek.melding(code, wrong, "Maak ze van dezelfde soort.")
    own = _SOORTEN[str(plek.kennis.feiten[feit]["type"])]
    other = next((kind for kind in kinds if kind != own), own)
    wrong = f"Het feit {feit} is {own}, maar wordt vergeleken met {other}."
    return plek.melding(code, wrong, wat_kan(plek.kennis.feiten[feit]), woord=feit)


def wat_kan(feit: Mapping[str, Any]) -> str:
    """The sentence that says which values a fact can have."""
    if "enum" in feit:
        return f"Wat kan: {enumerate_dutch([quoted(str(v)) for v in feit['enum']])}."
    if feit["type"] == "boolean":
        return "Schrijf true of false, zonder aanhalingstekens."
    if feit["type"] == "integer":
        most = f" tot en met {feit['maximum']}" if "maximum" in feit else ""
        return f"Schrijf een heel getal{most}, zonder aanhalingstekens."
    if feit.get("pattern", "").startswith("^[0-9]{4}-"):
        return 'Schrijf een datum tussen aanhalingstekens, als "jjjj-mm-dd".'
    return "Zet de waarde tussen dubbele aanhalingstekens."


def _enum(kennis: Kennis, feit: str) -> list[str]:
    return [str(value) for value in kennis.feiten.get(feit, {}).get("enum", [])]


def _soort_van(kind: Any) -> str:
    return _SOORTEN.get(str((kind or {}).get("type")), "iets")


def verkeerde_waarden(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """Arguments of the wrong type or number."""
    naam = kort(said[1])
    have = [k for k in details.get("have") or [] if k]
    want = ((details.get("want") or {}).get("args") or [None])[:-1]  # the last is the result
    wrong = f"Tussen de haakjes van {naam} staat niet wat daar hoort."
    if naam in REKENEN:
        wrong = "Hier wordt gerekend met iets dat geen getal is."
        return plek.melding("regel-type", wrong, "Rekenen kan alleen met getallen.")
    if len(have) != len(want):
        wrong, right = _aantal_waarden(naam, len(have), len(want))
        return plek.melding("regel-type", wrong, right, woord=naam)
    given, asked = (", ".join(map(_soort_van, kinds)) for kinds in (have, want))
    right = f"Er staat: {given}. Er hoort: {asked}." if given != asked else ""
    return plek.melding("regel-type", wrong, right, woord=naam)


def verkeerd_aantal(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A function of OPA's own, whose name a rule has taken, or with too many values."""
    naam = kort(said[1])
    wrong, right = _aantal_waarden(naam, int(said[3]), int(said[2]))
    for bron in plek.kennis.bronnen:
        for deel in bron.delen:
            if deel.naam == naam:
                wrong, right = (
                    f"De naam {naam} is van een functie van OPA.",
                    "Kies een andere naam.",
                )
                return Melding(bron.naam, deel.rij, 1, "", wrong, right, "regel-dubbel")
    return plek.melding("regel-type", wrong, right, woord=naam)


def _aantal_waarden(naam: str, have: int, want: int) -> tuple[str, str]:
    given, asked = (f"{n} {'waarde' if n == 1 else 'waarden'}" for n in (have, want))
    right = "Haal weg wat te veel is." if have > want else "Vul aan wat ontbreekt."
    return f"{naam} krijgt tussen de haakjes {given}, en verwacht {asked}.", right


def twee_dingen(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """One name for a set, a function or a value at once, or with two defaults."""
    naam = kort(said[1])
    pakket = said[1].removeprefix("data.").rpartition(".")[0]
    default = not said[0].startswith("conflicting")
    found: dict[str, list[tuple[str, int]]] = {}
    for bron in plek.kennis.bronnen:
        for deel in bron.delen if bron.pakket == pakket else ():
            if deel.naam == naam and (
                not default or bron.regels[deel.rij - 1].startswith("default")
            ):
                found.setdefault("" if default else deel.soort, []).append((bron.naam, deel.rij))
    groups = sorted(found.values(), key=len)
    places = [group[0] for group in groups] if len(groups) > 1 else [*groups, []][0][::-1]
    right = "Geef een van de twee een andere naam, of haal hem weg."
    if len(places) < 2:
        wrong = f"De naam {naam} wordt voor twee dingen gebruikt."
        return plek.melding("regel-dubbel", wrong, right)
    (name, row), (other, at) = places[0], places[-1]
    wrong = f"De naam {naam} wordt hier voor iets anders gebruikt dan in {other}, regel {at}."
    if default:
        wrong = f"De default van {naam} staat er al, in {other}, regel {at}."
        right = "Haal een van de twee weg."
    return Melding(name, row, 1, "", wrong, right, "regel-dubbel")


def kring(plek: Plek, said: Gezegd, details: Mapping[str, Any]) -> Melding:
    """A rule that rests on itself."""
    names = " → ".join(kort(naam) for naam in said[2].split(" -> "))
    wrong = f"{kort(said[1])} rust op zichzelf: {names}."
    return plek.melding("regel-kring", wrong, "Haal een van deze verwijzingen weg.")
