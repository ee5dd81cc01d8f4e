"""Rows over the whole domain of the contract, and the toewijzing each row stands for.

For comparing bulk with OPA row by row: what the row says, in one of many spellings, is known.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from orakel.generator import genereer
from orakel.invoer import GROEPEN, VELDEN
from uitfasering.gegevens import laad
from uitfasering.paths import project_root

from . import teksten
from .fouten import ONLEESBAAR
from .schoon import SCHEMA, TEKST

Toewijzing = dict[str, Any]
Plaats = tuple[str, ...]

# Column -> path in the toewijzing.
PADEN: dict[str, Plaats] = {
    "productcategorie": ("product", "categorie"),
    "productcode": ("product", "code"),
    **{naam: ("product", naam) for naam in GROEPEN["product"] if naam not in ("categorie", "code")},
    **{naam: ("omvang", naam) for naam in GROEPEN["omvang"]},
    **{f"periode_{naam}": ("periode", naam) for naam in GROEPEN["periode"]},
    **{naam: (naam,) for naam in VELDEN},
}
KOLOMMEN = [naam for naam in SCHEMA.names if naam in PADEN]

# Shares of the rows.
ANDERS_GESCHREVEN = 0.5
ONLEESBARE_CEL = 0.06
ONTBREKENDE_CEL = 0.04

DATUMVORMEN: tuple[Callable[[date], str], ...] = (
    teksten.nederlands,
    teksten.met_schuine_strepen,
    lambda dag: f"{dag.day}.{dag.month}.{dag.year}",
    lambda dag: f"{dag:%Y%m%d}",
    lambda dag: f"{dag.isoformat()} 00:00:00",
    lambda dag: f" {dag.isoformat()} ",
    lambda dag: teksten.excel(dag) if 1999 < dag.year < 2150 else dag.isoformat(),
)
GETALVORMEN: tuple[Callable[[int], str], ...] = (
    teksten.met_punten,
    lambda getal: f"{getal},00",
    lambda getal: f" {getal}",
)
JA, NEE = ("ja", "Ja", "j", "true", "1", "JA "), ("nee", "Nee", "n", "false", "0")


def toeval(rijen: int, zaad: int) -> Iterator[tuple[dict[str, str | None], Toewijzing]]:
    """Rows as text, each with the toewijzing it stands for.

    A cell that cannot be read is in the toewijzing as the text itself, which no field allows.
    """
    rng = random.Random(zaad)
    catalogus = _catalogus()
    for nummer in range(rijen):
        rij = _waarden(rng, catalogus)
        cellen = _cellen(rng, rij)
        yield {"kenmerk": f"T-{nummer:08}", **cellen}, _toewijzing(rij)


def als_tabel(rijen: list[dict[str, str | None]]) -> pa.Table:
    """Rows of ``toeval`` as text columns."""
    schema = pa.schema({naam: TEKST for naam in ("kenmerk", *KOLOMMEN)})
    return pa.Table.from_pylist(rijen, schema=schema)


@cache
def _catalogus() -> Mapping[str, Mapping[str, Any]]:
    producten = laad(project_root()).tabellen["producten"]["producten"]
    return {product["code"]: product for product in producten}


def _waarden(rng: random.Random, catalogus: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Value by column, only where there is one; what no row can hold is left out."""
    toewijzing = genereer(rng, catalogus)
    rij = {}
    for kolom in KOLOMMEN:
        groep, naam = PADEN[kolom] if len(PADEN[kolom]) == 2 else ("", kolom)
        plek = toewijzing.get(groep) if groep else toewijzing
        controle = GROEPEN[groep][naam] if groep else VELDEN[naam]
        if isinstance(plek, dict) and naam in plek and controle(plek[naam]):
            waarde = plek[naam]
            rij[kolom] = int(waarde) if isinstance(waarde, float) else waarde
    if rng.random() < ONTBREKENDE_CEL:
        rij.pop(rng.choice(KOLOMMEN), None)
    if rng.random() < ONLEESBARE_CEL:
        for kolom in rng.sample(KOLOMMEN, rng.choice((1, 1, 1, 2))):
            rij[kolom] = Onleesbaar(rng.choice(ONLEESBAAR[kolom]))
    return rij


class Onleesbaar(str):
    """The text of a cell that cannot be read."""


def _cellen(rng: random.Random, rij: Mapping[str, Any]) -> dict[str, str | None]:
    anders = rng.random() < ANDERS_GESCHREVEN
    return {
        kolom: _cel(rng, kolom, rij[kolom], anders) if kolom in rij else None for kolom in KOLOMMEN
    }


def _cel(rng: random.Random, kolom: str, waarde: Any, anders: bool) -> str:
    if isinstance(waarde, bool):
        woorden = JA if waarde else NEE
        return rng.choice(woorden) if anders else woorden[0]
    if isinstance(waarde, Onleesbaar) or not anders:
        return str(waarde)
    if isinstance(waarde, int):
        # An amount with cents may well be in euros: bulk refuses it.
        return rng.choice(GETALVORMEN[:1] if kolom == "budget" else GETALVORMEN)(waarde)
    if SCHEMA.field(kolom).type == pa.date32():
        return rng.choice(DATUMVORMEN)(date.fromisoformat(waarde))
    if kolom == "gemeente":
        vormen = (f"GM{waarde}", teksten.gemeentenaam(waarde), waarde.lstrip("0") or waarde)
        return rng.choice(vormen)
    return rng.choice((f" {waarde}", f"{waarde} ", str(waarde)))


def _toewijzing(rij: Mapping[str, Any]) -> Toewijzing:
    toewijzing: Toewijzing = {}
    for kolom, waarde in rij.items():
        *groep, naam = PADEN[kolom]
        plek = toewijzing.setdefault(groep[0], {}) if groep else toewijzing
        plek[naam] = str(waarde) if isinstance(waarde, Onleesbaar) else waarde
    return toewijzing
