"""What is wrong with the agreements as OPA compiles them, from their residual.

One request for each set says what every rule comes down to. Only where that is not a plain
comparison of a fact with known values is OPA asked for the SQL of the rule, which takes longer but
names the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from uitfasering.bedoeld import bedoeld
from uitfasering.fragment import (
    VAN_BULK,
    VERZAMELINGEN,
    FragmentError,
    Regel,
    regel_van_bulk,
    regels_in,
    sql,
)
from uitfasering.gegevens import Gegevens, schema
from uitfasering.melding import Melding
from uitfasering.rego.tekst import Rego
from uitfasering.rego.uitleg import REKENEN, onbekend_feit, wat_kan
from uitfasering.residu import VAN_TOEPASSING, Residu, Vergelijking, residuen
from uitfasering.yamlreader import OPEN_PLEK
from uitfasering.yamlscalar import quoted, show

_REKEN = "Vergelijk een feit met een bekende waarde; reken in policies/uitfasering/feiten."
_OPA_ZEGT = (
    (
        r"invalid builtin `([\w.]+)`|\w+: nested call operand: ([\w.]+)",
        "Een afspraak mag een feit alleen vergelijken; {0} mag hier niet.",
        _REKEN,
    ),
    (
        '"not" not permitted',
        "Zo mag not hier niet staan.",
        "Schrijf not alleen voor … in …, of schrijf een hulpregel die het omgekeerde zegt.",
    ),
    (
        r'invalid statement "(input\.feiten\.\w+)"',
        "Dit is geen vergelijking.",
        "Schrijf: {0} == true",
    ),
    (
        "both rhs and lhs non-scalar",
        "Een feit is één waarde, en kan niet gelijk zijn aan een lijst of verzameling.",
        "Schrijf in, en geen ==.",
    ),
)
_LID = re.compile(r".*(?:^|/)(uitfasering/.+?\.rego)")
_AANTAL_NAMEN = 3
_TABEL = re.compile(r"\bdata\.gegevens\.(\w+)")
_ALTIJD_GEVULD = {"begrippen", "feiten_standaard", "parameters", "varianten"}
_ORDENING = {"<", "<=", ">", ">="}


def controleer(
    url: str, root: Path, gegevens: Gegevens, bronnen: Sequence[Rego], *, volledig: bool = True
) -> list[Melding]:
    """Every fault in the rules as OPA compiles them.

    Args:
        url: an OPA that serves the policies and tables.
        root: the project, for the facts in ``schemas/feiten.json``.
        gegevens: the tables.
        bronnen: the policy files, for the places.
        volledig: whether OPA serves all of the policies; without it nothing is said about what a
            rule lacks.
    """
    return _Controle(url, root, gegevens, bronnen).alles(volledig)


class _Controle:
    def __init__(self, url: str, root: Path, gegevens: Gegevens, bronnen: Sequence[Rego]) -> None:
        self.url = url
        self.gegevens = gegevens
        self.bronnen = {bron.naam: bron for bron in bronnen}
        self.feiten: Mapping[str, Any] = schema(root, "feiten")["properties"]["feiten"][
            "properties"
        ]

    def alles(self, volledig: bool) -> list[Melding]:
        residu = {naam: residuen(self.url, naam) for naam in VERZAMELINGEN}
        meldingen: list[Melding] = []
        buiten: dict[Melding, list[str]] = {}
        gezien: set[Vergelijking] = set()
        for regel in regels_in(self.bronnen.values()):
            found = residu[regel.verzameling].pop(regel.lid, None)
            if found is None:
                meldingen += self._nooit(regel) if volledig else []
                continue
            for melding in self._buiten_fragment(regel) if found.vreemd else ():
                buiten.setdefault(melding, []).append(regel.naam)
            gezien.update(found.vergelijkingen)
            meldingen += self._onmogelijk(regel, found.vergelijkingen)
            if volledig and not found.vreemd:
                meldingen += self._velden(regel, found)
        # The sets of bulk rest on the agreements; what was told of those is not told again.
        verteld = bool(buiten)
        for regel, found in self._van_bulk():
            for melding in self._buiten_fragment(regel) if found.vreemd and not verteld else ():
                buiten.setdefault(melding, []).append(regel.naam)
            meldingen += self._onmogelijk(
                regel, [v for v in found.vergelijkingen if v not in gezien]
            )
        meldingen += [_met_namen(melding, namen) for melding, namen in buiten.items()]
        for naam, over in residu.items():
            meldingen += [_onherkend(naam.rpartition("/")[2], lid) for lid in over]
        return meldingen

    def _van_bulk(self) -> Iterator[tuple[Regel, Residu]]:
        for verzameling in VAN_BULK:
            for lid, found in residuen(self.url, verzameling).items():
                yield regel_van_bulk(self.bronnen.values(), verzameling, lid), found

    def _nooit(self, regel: Regel) -> Iterator[Melding]:
        """A rule about an event or a choice may rest; any other should be possible."""
        bron = self.bronnen[regel.bestand]
        deel = bron.deel(regel.rij)
        if regel.verzameling != VAN_TOEPASSING or deel is None:
            return
        if set(_TABEL.findall(bron.tekst_van(deel))) - _ALTIJD_GEVULD:
            return
        yield Melding(
            regel.bestand,
            regel.rij,
            1,
            regel.naam,
            f"Met deze gegevens kan {regel.lid} nooit gelden.",
            "Kijk of elke naam in de voorwaarden goed is geschreven, en of er gegevens bij staan.",
            "regel-nooit",
            "waarschuwing",
        )

    def _buiten_fragment(self, regel: Regel) -> Iterator[Melding]:
        """Where and why the rule is no plain comparison; without the name of the rule."""
        try:
            sql(self.url, regel)
        except FragmentError as error:
            for one in error.errors:
                location = one.get("location") or {}
                file = _LID.match(str(location.get("file", "")))
                name = f"policies/{file[1]}" if file else regel.bestand
                row = location.get("row", 0) if file else regel.rij
                yield Melding(
                    name, row, location.get("col", 0), "", *_in_woorden(str(one.get("message"))),
                    "regel-buiten-fragment",
                )  # fmt: skip
            return
        wrong = "Deze regel vergelijkt niet alleen feiten met bekende waarden."
        yield Melding(regel.bestand, regel.rij, 1, "", wrong, _REKEN, "regel-buiten-fragment")

    def _onmogelijk(
        self, regel: Regel, vergelijkingen: Sequence[Vergelijking]
    ) -> Iterator[Melding]:
        """Comparisons with a fact that does not exist, or a value that it can never have."""
        for v in vergelijkingen:
            unknown = [feit for feit in v.feiten if feit not in self.feiten]
            for feit in unknown:
                wrong, right = onbekend_feit(feit, self.feiten)
                yield Melding(
                    regel.bestand, regel.rij, 1, regel.naam, wrong, right, "regel-onbekend-feit"
                )
            if unknown or (value := self._onmogelijke_waarde(v)) is None:
                continue
            feit = self.feiten[v.feit]
            right = wat_kan(feit)
            if guess := bedoeld(str(value), [str(x) for x in feit.get("enum", [])]):
                right = f"Bedoelt u {quoted(guess)}? {right}"
            bestand, row, column = self._vindplaats(regel, v.feit, value)
            wrong = f"Het feit {v.feit} kan nooit {show(value)} zijn."
            yield Melding(
                bestand, row, column, regel.naam, wrong, right, "regel-onmogelijke-waarde"
            )

    def _onmogelijke_waarde(self, v: Vergelijking) -> Any:
        # Above the highest or below the lowest may be compared with, but not equalled.
        leave_out = {"minimum", "maximum"} if v.operator in _ORDENING else set()
        validator = Draft7Validator(
            {key: rule for key, rule in self.feiten[v.feit].items() if key not in leave_out}
        )
        known = (value for value in v.waarden if OPEN_PLEK not in str(value))  # told by stijl
        return next((value for value in known if not validator.is_valid(value)), None)

    def _vindplaats(self, regel: Regel, feit: str, value: Any) -> tuple[str, int, int]:
        """Where this fact is compared with this value; the head of the rule if not written out."""
        constant = json.dumps(value, ensure_ascii=False)
        pattern = re.compile(rf"input\.feiten\.{feit}\b.*?(?<!\w)({re.escape(constant)})(?!\w)")
        own = self.bronnen[regel.bestand]
        deel = own.deel(regel.rij)
        rows = range(deel.rij, deel.eind + 1) if deel else range(0)
        places = [(own, row) for row in rows]
        places += [(b, row) for b in self.bronnen.values() for row in range(1, len(b.regels) + 1)]
        for bron, row in places:
            if found := pattern.search(bron.regels[row - 1]):
                return bron.naam, row, found.start(1) + 1
        return regel.bestand, regel.rij, 1

    def _velden(self, regel: Regel, found: Residu) -> Iterator[Melding]:
        """The velden of a bevinding are the input fields that its rule compares."""
        # A-03 names the missing fields themselves.
        if regel.lid not in self.gegevens.afspraken or regel.lid == "A-03":
            return
        used = {
            veld
            for v in found.vergelijkingen
            for feit in v.feiten
            for veld in self.feiten.get(feit, {}).get("x-velden", [])
        }
        afspraak = self.gegevens.afspraken[regel.lid]
        stated = set(afspraak.bron["velden"])
        if self.gegevens.tabellen["afwijkingen"]["afwijkingen"]:
            used -= _KIEST_DE_RIJ - stated
        if used and afspraak.bron["velden"] != sorted(used):
            lost, extra = sorted(stated - used), sorted(used - stated)
            parts = [f"niet: {', '.join(lost)}"] if lost else []
            parts += [f"ook: {', '.join(extra)}"] if extra else []
            where = f"{regel.lid} ({regel.bestand}:{regel.rij})"
            wrong = f"{where} gebruikt {'; '.join(parts) or 'ze in een andere volgorde'}."
            right = f"Schrijf velden: [{', '.join(sorted(used))}]"
            if extra and not lost:
                right = f"Is een voorwaarde te veel? Haal haar weg. Anders: {right}"
            elif lost:
                right = f"Is een voorwaarde weggevallen? Zet haar terug. Anders: {right}"
            yield afspraak.document.melding((*afspraak.pad, "velden"), wrong, right, "regel-velden")


# With a deviation on record these may only choose the row of parameters, also of a regel that rests
# on the one that is deviated from (B1-21 on B1-02).
_KIEST_DE_RIJ = {"gemeente", "toewijzingsdatum"}


def _in_woorden(said: str) -> tuple[str, str]:
    """OPA's reason why a condition is no filter: what is wrong, what would be right."""
    for pattern, wrong, right in _OPA_ZEGT:
        if found := re.match(pattern, said):
            word = next((group for group in found.groups() if group), "")
            word = "rekenen" if word in REKENEN else word
            return wrong.format(word), right.format(word)
    return f"Deze voorwaarde is niet naar SQL te vertalen. OPA zegt: {said}.", _REKEN


def _met_namen(melding: Melding, namen: Sequence[str]) -> Melding:
    """The rules that rest on this place; only the first few when they are many."""
    once = list(dict.fromkeys(namen))
    pad = ", ".join(once[:_AANTAL_NAMEN]) + (", …" if len(once) > _AANTAL_NAMEN else "")
    return Melding(
        melding.bestand, melding.regel, melding.kolom, pad, melding.bericht, melding.oplossing,
        melding.code,
    )  # fmt: skip


def _onherkend(naam: str, lid: str) -> Melding:
    wrong = f"OPA vindt {lid} in {naam}, maar de regel is niet te herkennen."
    right = f'Begin de regel vooraan: {naam} contains "{lid}" if {{'
    return Melding("policies", 0, 0, lid, wrong, right, "regel-nummer")
