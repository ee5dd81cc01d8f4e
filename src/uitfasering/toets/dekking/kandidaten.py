"""Values to try in each field of a toewijzing, and what OPA says of them.

Every fact rests on one field at the top of a toewijzing (x-velden in schemas/feiten.json). So it is
enough to ask OPA about each field on its own: the facts it gives and the comparisons they meet.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uitfasering.gegevens import schema
from uitfasering.residu import Constante, Vergelijking
from uitfasering.toets.dekking.punten import DAG_ERVOOR, buur
from uitfasering.werkbank import Werkbank

AFWEZIG = object()
"""The value of a field that is not there."""

# Facts of the toewijzingen that the schema accepts, and the day before some of them.
_RIJEN = """\
rijen := {nummer: object.union(rij, ervoor) |
	some nummer, toewijzing in input.toewijzingen
	fouten := data.uitfasering.invoer.schemafouten with input as toewijzing
	count(fouten) == 0
	rij := data.uitfasering.feiten.rij with input as toewijzing
	ervoor := {concat("", [input.voor, feit]): data.uitfasering.feiten.dag_ervoor(rij[feit]) |
		some feit in input.dagen
	}
}"""


def rijen(
    werkbank: Werkbank, toewijzingen: Sequence[Any], vergelijkingen: Iterable[Vergelijking]
) -> list[dict[str, Any] | None]:
    """The facts of each toewijzing, and the day before those that are compared with each other.

    None for a toewijzing that the schema refuses: it has no facts.
    """
    compared = {
        feit.removeprefix(DAG_ERVOOR) for v in vergelijkingen if v.ander_feit for feit in v.feiten
    }
    asked = {
        "toewijzingen": {str(n): toewijzing for n, toewijzing in enumerate(toewijzingen)},
        "voor": DAG_ERVOOR,
        "dagen": sorted(compared),
    }
    answer = werkbank.bereken(_RIJEN, "rijen", asked)
    return [answer.get(str(n)) for n in range(len(toewijzingen))]


@dataclass(frozen=True)
class Kandidaat:
    """A value of one field at the top.

    Attributes:
        feiten: the row of facts with this value; only those of the field mean something.
        waar: whether each comparison of those facts holds, by its number in ``Kandidaten``.
    """

    waarde: Any
    feiten: Mapping[str, Any]
    waar: Mapping[int, bool]


class Kandidaten:
    """The values worth trying: of each comparison the constants and their neighbours.

    Args:
        vergelijkingen: every comparison that may be asked about.
        gezien: toewijzingen to take further values from, for what has no list and no order (a
            municipality outside the region, an unknown product code).

    Attributes:
        nummers: the number of each comparison; the rest of the search goes by number.
        tops: of each number the field at the top of each of its facts: one, or two fields.
        velden: every field at the top, those with parts last.
    """

    def __init__(
        self,
        werkbank: Werkbank,
        vergelijkingen: Iterable[Vergelijking],
        gezien: Iterable[Mapping[str, Any]],
    ) -> None:
        self._werkbank = werkbank
        self._schema = schema(werkbank.root, "toewijzing")
        facts = schema(werkbank.root, "feiten")["properties"]["feiten"]["properties"]
        self._velden = {feit: fact["x-velden"][0] for feit, fact in facts.items()}
        self._velden |= {DAG_ERVOOR + feit: veld for feit, veld in self._velden.items()}
        self._vergelijkingen = list(dict.fromkeys(vergelijkingen))
        self.nummers = {v: number for number, v in enumerate(self._vergelijkingen)}
        self._gezien = list(gezien)
        self._top_van = {feit: veld.split(".")[0] for feit, veld in self._velden.items()}
        self.tops = [
            tuple(dict.fromkeys(self._top_van[feit] for feit in v.feiten))
            for v in self._vergelijkingen
        ]
        self._naast: dict[str, set[str]] = {}
        for tops in self.tops:
            if len(tops) == 2:
                self._naast.setdefault(tops[0], set()).add(tops[1])
        self._klaar: dict[str, list[Kandidaat]] = {}
        self._paren: dict[tuple[int, Any, Any], bool] = {}
        self.velden = sorted(self._schema["properties"], key=self.heeft_delen)

    def heeft_delen(self, veld: str) -> bool:
        """Whether a field at the top is an object."""
        return bool(self._schema["properties"][veld].get("type") == "object")

    def van(self, veld: str, feiten: Iterable[str], basis: Mapping[str, Any]) -> list[Kandidaat]:
        """The candidates of a field at the top, that of the basis first.

        Args:
            veld: its name.
            feiten: the facts that matter; other parts of the field stay as in the basis.
            basis: the toewijzing to start from; may be empty.
        """
        paths = sorted({self._velden[feit] for feit in feiten if self._top_van[feit] == veld})
        beside = {v: basis[v] for v in (veld, *self._naast.get(veld, ())) if v in basis}
        key = json.dumps([veld, paths, beside])
        if key not in self._klaar:
            values = {
                json.dumps(None if value is AFWEZIG else value, sort_keys=True): value
                for value in [basis.get(veld, AFWEZIG), *self._waarden(veld, paths, basis)]
            }
            self._klaar[key] = self._beoordeel(veld, list(values.values()))
        return self._klaar[key]

    def feiten(self, nummer: int) -> tuple[str, ...]:
        """The facts a comparison reads."""
        return self._vergelijkingen[nummer].feiten

    def paar(self, nummer: int, een: Kandidaat, ander: Kandidaat) -> bool:
        """Whether a comparison between two fields holds for these values."""
        return self._paren[self._sleutel(nummer, een, ander)]

    def vergelijk_paren(
        self, nummer: int, een: Sequence[Kandidaat], ander: Sequence[Kandidaat]
    ) -> None:
        """Let OPA compare each of these with each of those, for ``paar``."""
        keys = {self._sleutel(nummer, a, b) for a in een for b in ander} - self._paren.keys()
        if asked := list(keys):
            v = self._vergelijkingen[nummer]
            rows = [dict(zip(v.feiten, key[1:], strict=True)) for key in asked]
            for key, (true,) in zip(asked, self._werkbank.waar([v], rows), strict=True):
                self._paren[key] = true

    def _sleutel(self, nummer: int, een: Kandidaat, ander: Kandidaat) -> tuple[int, Any, Any]:
        left, right = self.feiten(nummer)
        return nummer, een.feiten[left], ander.feiten[right]

    def _beoordeel(self, veld: str, values: list[Any]) -> list[Kandidaat]:
        """What OPA says of each value; one that the schema refuses is left out."""
        base = {
            name: self._schema["properties"][name].get("enum") or [self._gemeenten()[0]]
            for name in self._schema["required"]
        }
        start = {name: options[0] for name, options in base.items() if name != veld}
        asked = [start if value is AFWEZIG else {**start, veld: value} for value in values]
        rows = rijen(self._werkbank, asked, self._vergelijkingen)
        good = [(value, row) for value, row in zip(values, rows, strict=True) if row is not None]
        own = [number for number, tops in enumerate(self.tops) if tops == (veld,)]
        asked_of = [self._vergelijkingen[number] for number in own]
        truths = self._werkbank.waar(asked_of, [row for _, row in good])
        return [
            Kandidaat(value, row, dict(zip(own, true, strict=True)))
            for (value, row), true in zip(good, truths, strict=True)
        ]

    def _waarden(self, veld: str, paths: Sequence[str], basis: Mapping[str, Any]) -> Iterator[Any]:
        field = self._schema["properties"][veld]
        if not self.heeft_delen(veld):
            yield from self._enkel(veld, field, basis)
            return
        parts = {path.partition(".")[2] for path in paths}
        whole = "" in parts  # a fact that rests on the whole of it
        if whole:
            parts |= _BOTST.get(veld, frozenset())
        required = set(field.get("required", ()))
        names = sorted((parts | required) - {""})
        start = basis.get(veld, {})
        options = []
        for name in names:
            path, part = f"{veld}.{name}", field["properties"][name]
            values = list(
                dict.fromkeys([start.get(name, AFWEZIG), *self._enkel(path, part, basis)])
            )
            if "enum" in part and not whole:
                values = self._een_van_elk(path, values)
            options.append([v for v in values if not (v is AFWEZIG and name in required)])
        yield AFWEZIG
        for combination in itertools.product(*options):
            found = {**start, **dict(zip(names, combination, strict=True))}
            yield {name: value for name, value in found.items() if value is not AFWEZIG}

    def _enkel(
        self, path: str, field: Mapping[str, Any], basis: Mapping[str, Any]
    ) -> Iterator[Any]:
        """Values of a field that is not an object."""
        yield AFWEZIG
        if "enum" in field:
            yield from field["enum"]
        elif field["type"] == "boolean":
            yield from (True, False)
        else:
            yield from self._rond_constanten(path, field, basis)

    def _een_van_elk(self, path: str, values: Sequence[Any]) -> list[Any]:
        """Of the words that no comparison mentions only the first; they make no difference."""
        constants = {
            value
            for v in self._vergelijkingen
            if self._velden[v.feit] == path
            for value in v.waarden
        }
        strange = [v for v in values if v is not AFWEZIG and v not in constants]
        return [v for v in values if v not in strange[1:]]

    def _rond_constanten(
        self, path: str, field: Mapping[str, Any], basis: Mapping[str, Any]
    ) -> Iterator[Constante]:
        kind = {"string": str, "integer": int}[field["type"]]
        top = path.partition(".")[0]
        facts = {feit for feit, veld in self._velden.items() if veld in (path, top)}
        # What is compared with another part of the field takes its values too.
        for v, tops in zip(self._vergelijkingen, self.tops, strict=True):
            if len(tops) == 1 and facts.intersection(v.feiten):
                facts.update(v.feiten)
        constants: dict[Constante, None] = {}
        for v, tops in zip(self._vergelijkingen, self.tops, strict=True):
            if facts.intersection(v.feiten):
                constants |= dict.fromkeys(v.waarden)
            if len(tops) == 2 and tops[0] == top:
                other = self.van(tops[1], v.feiten[1:], basis)
                constants |= dict.fromkeys(k.feiten[v.feiten[1]] for k in other)
        constants = dict.fromkeys(value for value in constants if type(value) is kind)
        for value in constants:
            yield value
            for step in (-1, 1):
                if (near := buur(value, step)) is not None:
                    yield near
        if kind is str and "format" not in field:
            yield from self._zonder_orde(path, field, set(constants))

    def _zonder_orde(
        self, path: str, field: Mapping[str, Any], constants: set[Constante]
    ) -> Iterator[str]:
        """Names that have no list: those on record, some that cases use, and one nobody uses."""
        known = self._op_lijst(path)
        yield from known
        seen = {value for toewijzing in self._gezien if (value := _pak(toewijzing, path))}
        strange = sorted(seen - set(self._alle(path)) - constants)
        length = field["maxLength"]
        numbers = (str(number).zfill(length) for number in range(10**length))
        unused = (n for n in numbers if n not in constants and n not in self._alle(path))
        yield from strange[:1] or [next(unused)]

    def _op_lijst(self, path: str) -> list[str]:
        """What is on record: every municipality, a product code of each kind."""
        if path == "gemeente":
            return self._gemeenten()
        if path == "product.code":
            kinds = {
                (row["segment"], row.get("voorbeeld", False)): row["code"]
                for row in reversed(self._producten())
            }
            return list(kinds.values())
        return []

    def _alle(self, path: str) -> list[str]:
        if path == "product.code":
            return [row["code"] for row in self._producten()]
        return self._op_lijst(path)

    def _gemeenten(self) -> list[str]:
        rows = self._werkbank.gegevens.tabellen["gemeenten"]["gemeenten"]
        return [row["cbs"] for row in rows]

    def _producten(self) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = self._werkbank.gegevens.tabellen["producten"]["producten"]
        return rows


# Parts that can contradict each other: a product and the catalogue.
_BOTST = {"product": frozenset({"code", "segment", "raamovereenkomst"})}


def _pak(toewijzing: Mapping[str, Any], path: str) -> str | None:
    value: Any = toewijzing
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None
