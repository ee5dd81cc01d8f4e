"""The mutants of the tables: each begrip, each parameter of an agreement, each choice.

The data of a file is changed and written back as JSON, which is YAML. What the checks on the
tables refuse never gets as far as a bundle; the run counts those apart.

Left alone are the texts, and of the placeholder products all but the first one that has a value.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from mutatie.mutant import WEG, Mutant
from uitfasering.gegevens import Gegevens, schema
from uitfasering.gegevenscontrole import LOOPTIJDEN, is_dag

Plaats: TypeAlias = tuple[str | int, ...]
Variant: TypeAlias = tuple[Any, str]
"""Another value, and what kind of change it is."""

_KEUZES = ("omzetten", "aflopen")
_BIJ_EEN_AFSPRAAK = {"norm": ("verplicht", "verzoek"), "geadresseerde": ("gemeente", "aanbieder")}
NIET_IN_EEN_GEVAL = frozenset(f"{name} anders" for name in _BIJ_EEN_AFSPRAAK)
"""The kinds of change that no case can see: a case does not say them."""
# The form of care decides in top; the replacing code is in the voorstel to convert, else in a text.
_ALLEEN_BIJ: Mapping[str, Mapping[str, str]] = {
    "zorgvorm": {"segment": "top"},
    "vervangende_code": {"perspectief": "duurzaam"},
}
_BREED = 60
_ANDER_PROFIEL = {10: 11, 11: 12, 12: 11}  # the exceptions begin at 11


def mutanten(root: Path, gegevens: Gegevens) -> Iterator[Mutant]:
    """Every mutant of the tables, those that the checks will refuse among them."""
    facts = schema(root, "feiten")["properties"]["feiten"]["properties"].values()
    enums = [fact["enum"] for fact in facts if "enum" in fact]
    products = gegevens.tabellen["producten"]["producten"]
    enums.append([row["code"] for row in products if row["segment"] == "top"])
    for name, document in gegevens.documenten.items():
        if name.startswith("afspraken/"):
            gevolgen = _gevolgen(gegevens)
            yield from _Tabel(document.name, document.data, enums).afspraken(gegevens, gevolgen)
    for name in ("gemeenten", "producten", "gebeurtenissen", "uitkomsten", "berichten"):
        document = gegevens.documenten[name]
        tabel = _Tabel(document.name, document.data, enums)
        yield from getattr(tabel, name)()


def _gevolgen(gegevens: Gegevens) -> list[str]:
    """Every gevolg, heaviest first."""
    tabel = gegevens.tabellen["uitkomsten"]
    return [row["uitkomst"] for row in tabel["uitkomsten"]] + [
        row["gevolg"] for row in tabel["overig"]
    ]


class _Tabel:
    """One file of ``data/`` and its mutants."""

    def __init__(self, name: str, data: Mapping[str, Any], enums: Sequence[Sequence[str]]) -> None:
        self._name = name
        self._data = data
        self._enums = enums

    def afspraken(self, gegevens: Gegevens, gevolgen: Sequence[str]) -> Iterator[Mutant]:
        for name, row in self._data["begrippen"].items():
            yield from self._waarden(("begrippen", name, "waarde"), row["waarde"])
        for regel, row in self._data["afspraken"].items():
            pad = ("afspraken", regel)
            yield from self._parameters(pad, row.get("parameters", {}), gegevens)
            place = gevolgen.index(row["gevolg"])
            for beside in (place - 1, place + 1):
                if 0 <= beside < len(gevolgen):
                    yield self._mutant((*pad, "gevolg"), gevolgen[beside], "gevolg een stap", regel)
            for name, values in _BIJ_EEN_AFSPRAAK.items():
                other = next(value for value in values if value != row[name])
                yield self._mutant((*pad, name), other, f"{name} anders", regel)
            for name in ("voorstel", "collegebesluit_nodig"):
                if name in row:
                    yield self._weg((*pad, name), regel)

    def _parameters(
        self, pad: Plaats, parameters: Mapping[str, str], gegevens: Gegevens
    ) -> Iterator[Mutant]:
        """The value for this agreement alone: the parameter gets a begrip of its own."""
        regel = str(pad[1])
        for name, begrip in parameters.items():
            place = (*pad, "parameters", name)
            yield self._weg(place, regel)
            value = gegevens.begrippen[begrip]
            for other, soort in self._varianten(value):
                data = copy.deepcopy(dict(self._data))
                data["begrippen"]["mutant"] = {"waarde": other, "uitleg": "Mutant"}
                data["afspraken"][regel]["parameters"][name] = "mutant"
                yield self._maak(place, _toon(value), _toon(other), soort, data, regel)

    def gemeenten(self) -> Iterator[Mutant]:
        for i, _ in enumerate(self._data["gemeenten"]):
            yield self._anders(("gemeenten", i, "duurzaam"), _KEUZES)
            yield self._weg(("gemeenten", i))

    def producten(self) -> Iterator[Mutant]:
        rows: Sequence[Mapping[str, Any]] = self._data["producten"]
        seen = set()
        for i, row in enumerate(rows):
            pad = ("producten", i)
            for name, value in row.items():
                decides = _ALLEEN_BIJ.get(name, {}).items() <= row.items()
                if (name, value) in seen or not decides:
                    continue
                seen.add((name, value))
                if name in ("perspectief", "raamovereenkomst", "segment", "zorgvorm"):
                    others = [r[name] for r in rows if name in r]
                    yield self._anders((*pad, name), sorted(set(others)))
                    yield self._weg((*pad, name))
                elif name == "profiel" and value in _ANDER_PROFIEL:
                    yield self._mutant((*pad, name), _ANDER_PROFIEL[value], "waarde anders")
                elif name == "vervangende_code":
                    others = [r["code"] for r in rows if r["segment"] == "top"]
                    yield self._anders((*pad, name), others)
                    yield self._weg((*pad, name))
                elif name == "categorie":
                    yield self._mutant((*pad, name), str(int(value) + 1), "waarde anders")
                elif name == "voorbeeld":
                    yield self._weg((*pad, name))
            if row["segment"] not in seen:
                seen.add(row["segment"])
                yield self._weg(pad)

    def gebeurtenissen(self) -> Iterator[Mutant]:
        pad = ("crisisroute", "streefdatum")
        yield from self._waarden(pad, self._waarde(pad))
        day = self._waarde(pad)
        yield self._mutant(("crisisroute", "gecontracteerd_per"), day, "waarde anders")

    def uitkomsten(self) -> Iterator[Mutant]:
        for name, key in (("uitkomsten", "uitkomst"), ("overig", "gevolg")):
            rows = self._data[name]
            for i in range(len(rows) - 1):
                swapped = [*rows[:i], rows[i + 1], rows[i], *rows[i + 2 :]]
                data = {**self._data, name: swapped}
                heavy, light = rows[i][key], rows[i + 1][key]
                van, naar = f"{heavy}, {light}", f"{light}, {heavy}"
                yield self._maak((name, i), van, naar, "volgorde om", data)

    def berichten(self) -> Iterator[Mutant]:
        yield from self._waarden(("nieuw_binnen_dagen",), self._data["nieuw_binnen_dagen"])
        for code in self._data["reden_wijziging"]:
            yield self._anders(("reden_wijziging", code), ("verlenging", "verkorting"))
            yield self._weg(("reden_wijziging", code))

    def _waarden(self, pad: Plaats, value: Any) -> Iterator[Mutant]:
        for other, soort in self._varianten(value):
            yield self._mutant(pad, other, soort)

    def _varianten(self, value: Any) -> Iterator[Variant]:
        """Every other value that is one change away."""
        if isinstance(value, dict):
            for key in value:
                yield {k: v for k, v in value.items() if k != key}, "element weg"
                for other, soort in self._varianten(value[key]):
                    yield {**value, key: other}, soort
        elif isinstance(value, list):
            for i, item in enumerate(value):
                yield [*value[:i], *value[i + 1 :]], "element weg"
                for other, soort in self._varianten(item):
                    if other not in value:
                        yield [*value[:i], other, *value[i + 1 :]], soort
            yield [*value, self._nog_een(value)], "element erbij"
        elif isinstance(value, int):
            for step in (-1, 1):
                yield value + step, "getal een stap"
        elif is_dag(value):
            for step in (-1, 1):
                day = date.fromisoformat(value) + timedelta(days=step)
                yield day.isoformat(), "datum een dag"
        elif value in LOOPTIJDEN:
            yield next(duration for duration in LOOPTIJDEN if duration != value), "waarde anders"
        else:
            yield self._nog_een([value]), "waarde anders"

    def _nog_een(self, values: Sequence[Any]) -> Any:
        """A value like these that is not one of them."""
        if isinstance(values[0], int):
            return max(values) + 1
        like = next((enum for enum in self._enums if set(values) <= set(enum)), ())
        return next((other for other in like if other not in values), f"{values[0]}-anders")

    def _anders(self, pad: Plaats, values: Sequence[str], regel: str = "") -> Mutant:
        """The first of these values that it is not."""
        other = next(value for value in values if value != self._waarde(pad))
        return self._mutant(pad, other, "waarde anders", regel)

    def _weg(self, pad: Plaats, regel: str = "") -> Mutant:
        data = copy.deepcopy(dict(self._data))
        *parents, last = pad
        value = _binnen(data, parents).pop(last)
        return self._maak(pad, _toon(value), WEG, "weg", data, regel)

    def _mutant(self, pad: Plaats, other: Any, soort: str, regel: str = "") -> Mutant:
        data = copy.deepcopy(dict(self._data))
        *parents, last = pad
        _binnen(data, parents)[last] = other
        return self._maak(pad, _toon(self._waarde(pad)), _toon(other), soort, data, regel)

    def _maak(
        self, pad: Plaats, van: str, naar: str, soort: str, data: Any, regel: str = ""
    ) -> Mutant:
        return Mutant(
            bestand=self._name,
            soort=soort,
            bij=self._naam(pad),
            van=van,
            naar=naar,
            tekst=json.dumps(data, ensure_ascii=False, indent=1),
            regels=frozenset([regel] if regel else []),
        )

    def _waarde(self, pad: Plaats) -> Any:
        return _binnen(self._data, pad)

    def _naam(self, pad: Plaats) -> str:
        """The path, a row of a list by its code."""
        parts = []
        for i, part in enumerate(pad):
            row = _binnen(self._data, pad[: i + 1])
            by_code = isinstance(part, int) and isinstance(row, dict)
            parts.append(str(row.get("cbs", row.get("code", part)) if by_code else part))
        return ".".join(parts)


def _binnen(data: Any, pad: Sequence[str | int]) -> Any:
    for part in pad:
        data = data[part]
    return data


def _toon(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _BREED else f"{text[:_BREED]} …"
