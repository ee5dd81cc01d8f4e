"""Facts by OPA on distinct values.

The facts fall apart in groups that rest on different fields (``x-velden`` in
``schemas/feiten.json``): the omvang, the product, each day. So OPA derives them once for each
distinct value of a group, and a row is a handful of numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from uitfasering import paths
from uitfasering.bulk.velden import Veld, velden
from uitfasering.bulk.woordenboek import LEEG, Codes, Woordenboek


@cache
def feitenschema() -> dict[str, Any]:
    """The properties of a row of facts, by name."""
    path = paths.project_root() / "schemas" / "feiten.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    properties: dict[str, Any] = schema["properties"]["feiten"]["properties"]
    return properties


class Groep:
    """Fields that facts rest on together.

    Attributes:
        velden: the fields, in the order of the schema.
        feiten: the facts that rest on them.
        rijen: by number, the facts of one distinct combination of values.
    """

    def __init__(self, velden_: Sequence[str], feiten: Sequence[str]) -> None:
        self.velden = tuple(velden_)
        self.feiten = tuple(feiten)
        self.rijen: list[dict[str, Any]] = []
        self._nummers: dict[tuple[int, ...], int] = {}
        self._delen: list[dict[str, Any]] = []
        self._enkel: list[int] = []
        self._afgeleid = not all(_is_veld(feit) for feit in feiten)

    def codes(self, codes: Mapping[str, Codes], boeken: Mapping[str, Woordenboek], n: int) -> Codes:
        """The number of the combination in each row; ``vul`` gives new ones their facts."""
        if len(self.velden) == 1:
            naam = self.velden[0]
            for code in range(len(self._enkel), len(boeken[naam])):
                self._enkel.append(self._nummer((code,), boeken))
            opzoek = np.array(self._enkel, dtype=np.int32)
            return opzoek[codes[naam]] if naam in codes else np.full(n, opzoek[LEEG])
        samen = np.zeros(n, dtype=np.int64)
        radices = []
        for naam in self.velden:
            radix = len(boeken[naam]) if naam in codes else 1
            if radix > 1:
                samen = samen * radix + codes[naam]
            radices.append(radix)
        uniek = pa.array(samen).dictionary_encode()
        nummers = [self._nummer(_los(een, radices), boeken) for een in uniek.dictionary.to_pylist()]
        found: Codes = np.array(nummers, dtype=np.int32)[uniek.indices.to_numpy()]
        return found

    def _nummer(self, sleutel: tuple[int, ...], boeken: Mapping[str, Woordenboek]) -> int:
        nummer = self._nummers.setdefault(sleutel, len(self._delen))
        if nummer == len(self._delen):
            # What is wrong counts as absent, as in invoer.rego.
            gaaf = {
                naam: boeken[naam].waarden[code]
                for naam, code in zip(self.velden, sleutel, strict=True)
                if code and boeken[naam].fouten[code] is None
            }
            self._delen.append(gaaf)
        return nummer

    def vul(self, feiten_van: Callable[[str, Sequence[Any]], Sequence[Mapping[str, Any]]]) -> None:
        """Derive the facts of the combinations that are new.

        Args:
            feiten_van: gives, for a field of the toewijzing and toewijzingen with that field alone,
                the facts derived from it (``Vraagbaak.feiten_van``).
        """
        nieuw = self._delen[len(self.rijen) :]
        standaard = {feit: feitenschema()[feit]["default"] for feit in self.feiten}
        # A fact that is the field itself is not asked; what OPA derives goes before it.
        rijen = [
            {**standaard, **{naam: deel[naam] for naam in deel if naam in standaard}}
            for deel in nieuw
        ]
        if self._afgeleid:
            naam = velden()[self.velden[0]].pad[0]
            gevonden = feiten_van(naam, [toewijzing(deel) for deel in nieuw])
            for rij, afgeleid in zip(rijen, gevonden, strict=True):
                rij.update(afgeleid)
        self.rijen.extend(rijen)


def _los(samen: int, radices: Sequence[int]) -> tuple[int, ...]:
    """The numbers that were put together as one."""
    codes = []
    for radix in reversed(radices):
        samen, code = divmod(samen, radix)
        codes.append(code)
    return tuple(reversed(codes))


def toewijzing(waarden: Mapping[str, Any]) -> dict[str, Any]:
    """The toewijzing with these fields, by column name; nothing empty in it."""
    found: dict[str, Any] = {}
    for naam, waarde in waarden.items():
        doel = found
        *buiten, laatste = velden()[naam].pad
        for deel in buiten:
            doel = doel.setdefault(deel, {})
        doel[laatste] = waarde
    return found


def maak_groepen() -> list[Groep]:
    """The groups of the facts, in the order of the fields."""
    per_veld: dict[str, set[str]] = {naam: {naam} for naam in velden()}
    for inhoud in feitenschema().values():
        samen = set().union(*(per_veld[naam] for naam in _velden_van(inhoud["x-velden"])))
        for naam in samen:
            per_veld[naam] = samen
    groepen = []
    for naam in velden():
        leden = [veld for veld in velden() if veld in per_veld[naam]]
        feiten = [
            feit
            for feit, inhoud in feitenschema().items()
            if set(_velden_van(inhoud["x-velden"])) <= per_veld[naam]
        ]
        if feiten and naam == leden[0]:
            groepen.append(Groep(leden, feiten))
    return groepen


def _velden_van(plaatsen: Sequence[str]) -> list[str]:
    return [veld.naam for veld in velden().values() if any(_onder(veld, p) for p in plaatsen)]


def _onder(veld: Veld, plaats: str) -> bool:
    return plaats in (veld.plaats, veld.pad[0])


def _is_veld(feit: str) -> bool:
    """Whether a fact is the field of the same name, and its default where that is absent."""
    veld, inhoud = velden().get(feit), feitenschema()[feit]
    return (
        veld is not None
        and inhoud["x-velden"] == [veld.plaats]
        and inhoud["type"] == veld.schema["type"]
    )


class Feitkolom:
    """One fact of every combination of its group, as a column DuckDB reads."""

    def __init__(self, groep: Groep, feit: str) -> None:
        self._groep = groep
        self._feit = feit
        self._soort = _soort(feit)
        self._kolom = pa.array([], self._soort)

    def van(self, nummers: Codes) -> pa.Array:
        """The fact of these combinations."""
        if len(self._kolom) < len(self._groep.rijen):
            nieuw = [rij[self._feit] for rij in self._groep.rijen[len(self._kolom) :]]
            if self._soort == pa.date32():
                kolom = pa.array(nieuw, pa.string()).cast(pa.date32())
            else:
                kolom = pa.array(nieuw, self._soort)
            self._kolom = pa.concat_arrays([self._kolom, kolom])
        return self._kolom.take(pa.array(nummers))


def _soort(feit: str) -> pa.DataType:
    inhoud = feitenschema()[feit]
    if inhoud["type"] == "string":
        return pa.date32() if is_datum(feit) else pa.string()
    return {"integer": pa.int64(), "boolean": pa.bool_()}[inhoud["type"]]


def is_datum(feit: str) -> bool:
    """Whether a fact is a day: its default is one."""
    standaard = feitenschema()[feit]["default"]
    return isinstance(standaard, str) and len(standaard) == 10 and standaard[4::3] == "--"
