"""Facts by OPA on distinct values.

The facts fall apart in groups that rest on different fields (``x-velden`` in
``schemas/feiten.json``): the omvang, the product, each day. So OPA derives them once for each
distinct value of a group, and a row is a handful of numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from uitfasering import paths
from uitfasering.bulk.velden import Veld, velden
from uitfasering.bulk.woordenboek import Codes, Woordenboek


@cache
def feitenschema() -> dict[str, Any]:
    """The properties of a row of facts, by name."""
    path = paths.project_root() / "schemas" / "feiten.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    properties: dict[str, Any] = schema["properties"]["feiten"]["properties"]
    return properties


@dataclass
class Groep:
    """Fields that facts rest on together.

    Attributes:
        velden: the fields, in the order of the schema.
        feiten: the facts that rest on them.
        rijen: by number, the facts of one distinct combination of values.
    """

    velden: tuple[str, ...]
    feiten: tuple[str, ...]
    rijen: list[dict[str, Any]] = field(default_factory=list)
    _nummers: dict[tuple[int, ...], int] = field(default_factory=dict)
    _delen: list[dict[str, Any]] = field(default_factory=list)

    def codes(self, codes: Mapping[str, Codes], boeken: Mapping[str, Woordenboek], n: int) -> Codes:
        """The number of the combination in each row; new ones wait in ``gevraagd``."""
        samen = np.zeros(n, dtype=np.int64)
        radices = []
        for naam in self.velden:
            radix = len(boeken[naam]) if naam in codes else 1
            if radix > 1:
                samen = samen * radix + codes[naam]
            radices.append(radix)
        uniek = pa.array(samen).dictionary_encode()
        nummers = [
            self._nummer(een, radices, boeken) for een in uniek.dictionary.to_numpy().tolist()
        ]
        found: Codes = np.array(nummers, dtype=np.int64)[uniek.indices.to_numpy()]
        return found

    def _nummer(
        self, samen: int, radices: Sequence[int], boeken: Mapping[str, Woordenboek]
    ) -> int:
        codes = []
        for radix in reversed(radices):
            samen, code = divmod(samen, radix)
            codes.append(code)
        sleutel = tuple(reversed(codes))
        nummer = self._nummers.setdefault(sleutel, len(self._delen))
        if nummer == len(self._delen):
            # What is wrong counts as absent, as in invoer.rego.
            gaaf = {
                naam: boeken[naam].waarden[code]
                for naam, code in zip(self.velden, sleutel, strict=True)
                if code and boeken[naam].fouten[code] is None
            }
            self._delen.append(toewijzing(gaaf))
        return nummer

    def gevraagd(self) -> list[dict[str, Any]]:
        """The questions for ``feiten_van`` about combinations without facts yet."""
        nieuw = self._delen[len(self.rijen) :]
        return [{"deel": deel, "feiten": list(self.feiten)} for deel in nieuw]


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
        leden = per_veld[naam]
        feiten = [
            feit
            for feit, inhoud in feitenschema().items()
            if set(_velden_van(inhoud["x-velden"])) <= leden
        ]
        eerste = next(een for een in velden() if een in leden)
        if feiten and naam == eerste:
            groepen.append(Groep(tuple(v for v in velden() if v in leden), tuple(feiten)))
    return groepen


def _velden_van(plaatsen: Sequence[str]) -> list[str]:
    return [veld.naam for veld in velden().values() if any(_onder(veld, p) for p in plaatsen)]


def _onder(veld: Veld, plaats: str) -> bool:
    return veld.plaats == plaats or veld.pad[0] == plaats
