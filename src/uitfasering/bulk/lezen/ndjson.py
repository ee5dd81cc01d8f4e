"""NDJSON: a JSON object a line, flat or nested as the contract has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from uitfasering.bulk.lezen.kop import keur_kop
from uitfasering.bulk.lezen.model import (
    MAX_CELLEN,
    TEKST,
    Bestand,
    fout,
    met_rijfout,
    tekst_soort,
)
from uitfasering.bulk.lezen.platmaken import Onleesbaar, is_plat, plat
from uitfasering.invoer.jsontekst import lees_json
from uitfasering.melding import Melding

_BOM = b"\xef\xbb\xbf"
_MAX_REGEL = 1_000_000
_PROEF = 4_000
_VORM = (
    "Schrijf elke toewijzing op een eigen regel, als {…}. JSON in een andere vorm leest de "
    "opdracht besluit."
)


class NdjsonBestand:
    """One file, read twice: first for which columns there are, then row by row.

    Every column is text; numbers, true and false as they were written. Empty lines are no rows.
    """

    soort = "ndjson"

    def __init__(self, pad: Path, naam: str) -> None:
        self._pad = pad
        self._naam = naam
        self._lege_regels = False
        self._keur_vorm()
        self.rijen: int | None
        kolommen, self.rijen, proef = self._verken()
        if not kolommen:
            raise fout(naam, "In geen enkele regel staat een toewijzing.", _VORM)
        keur_kop(naam, list(kolommen))
        self._rijschema = pa.schema(
            [(kolom, tekst_soort([rij.get(kolom) for rij in proef])) for kolom in kolommen]
        )
        self.schema = met_rijfout(self._rijschema)
        self.bestanden: tuple[Bestand, ...] = (Bestand.van_pad(pad, naam),)
        self.opmerkingen: tuple[str, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once."""
        rijen = (_lees(inhoud) for _, inhoud in self._regels())
        while blok := list(islice(rijen, max(1, MAX_CELLEN // len(self._rijschema)))):
            arrays = [
                pa.array(
                    [None if isinstance(rij, str) else rij.get(veld.name) for rij in blok],
                    veld.type,
                )
                for veld in self._rijschema
            ]
            redenen = [rij if isinstance(rij, str) else None for rij in blok]
            yield pa.RecordBatch.from_arrays(
                [*arrays, pa.array(redenen, TEKST)], schema=self.schema
            )

    def plaats(self, rij: int) -> str:
        """The line of this row (from 0)."""
        regel = rij + 1
        if self._lege_regels:
            regel = next((nummer for nummer, _ in islice(self._regels(), rij, None)), regel)
        return f"{self._naam}, regel {regel}"

    def _regels(self) -> Iterator[tuple[int, bytes]]:
        """The lines that are not empty, with their numbers from 1."""
        with self._pad.open("rb") as stroom:
            nummer = 0
            while regel := stroom.readline(_MAX_REGEL):
                nummer += 1
                if len(regel) == _MAX_REGEL and not regel.endswith(b"\n"):
                    raise fout(self._naam, "Deze regel is veel te lang.", _VORM, regel=nummer)
                if nummer == 1:
                    regel = regel.removeprefix(_BOM)
                if regel.strip():
                    yield nummer, regel
                else:
                    self._lege_regels = True

    def _keur_vorm(self) -> None:
        """No JSON document has two lines that both begin with {."""
        eerste = [regel.lstrip() for _, regel in islice(self._regels(), 2)]
        if not eerste:
            raise fout(self._naam, "Het bestand is leeg.", _VORM)
        goed = all(regel.startswith(b"{") for regel in eerste)
        if not goed or (len(eerste) == 1 and _is_verzameling(eerste[0])):
            raise fout(self._naam, "Dit is JSON, maar geen NDJSON.", _VORM)

    def _verken(self) -> tuple[dict[str, None], int, list[dict[str, str | None]]]:
        """Every column in order of appearance, the number of rows, and the first good rows."""
        kolommen: dict[str, None] = {}
        gezien: set[tuple[str, ...]] = set()
        proef: list[dict[str, str | None]] = []
        aantal = 0
        for _, regel in self._regels():
            aantal += 1
            if len(proef) >= _PROEF and _vorm(regel) in gezien:
                continue
            rij = _lees(regel)
            if isinstance(rij, str):
                continue
            if len(proef) < _PROEF:
                proef.append(rij)
            gezien.add(tuple(rij))
            kolommen.update(dict.fromkeys(rij))
        return kolommen, aantal, proef


def _lees(regel: bytes) -> dict[str, str | None] | str:
    """The columns of this line, or what is wrong with it."""
    try:
        return plat(_object(regel))
    except Onleesbaar as error:
        return str(error)
    except (ValueError, RecursionError):
        pass
    # Slower, and it knows what is wrong.
    melding = next(lees_json("", regel.rstrip()))
    if isinstance(melding, Melding):
        plek = f" bij teken {melding.kolom}" if melding.kolom else ""
        return f"de JSON klopt niet{plek}: {melding.bericht.rstrip('.')}"
    return "op deze regel staat geen toewijzing"


def _vorm(regel: bytes) -> tuple[str, ...] | None:
    """The columns of a flat object; quicker than reading it well."""
    try:
        gelezen = json.loads(regel)
    except (ValueError, RecursionError):
        return None
    return tuple(gelezen) if isinstance(gelezen, dict) and is_plat(gelezen) else None


def _object(regel: bytes) -> dict[str, Any]:
    gelezen = _DECODER.decode(regel.decode())
    if not isinstance(gelezen, dict):
        raise ValueError
    return gelezen


def _zonder_dubbele(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    gemaakt = dict(paren)
    if len(gemaakt) != len(paren):
        raise ValueError
    return gemaakt


def _geen_getal(_: str) -> None:
    raise ValueError


# Numbers stay as they were written: no rounding, and no limit to their digits.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_zonder_dubbele,
    parse_int=str,
    parse_float=str,
    parse_constant=_geen_getal,
)


def _is_verzameling(regel: bytes) -> bool:
    """Whether this is a form with many toewijzingen in one object."""
    try:
        return not {"toewijzingen", "input"}.isdisjoint(_object(regel))
    except (ValueError, RecursionError):
        return False
