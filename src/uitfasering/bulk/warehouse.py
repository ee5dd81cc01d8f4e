"""The agreements as SQL, for who judges in a database of their own (docs/warehouse.md).

The conditions are OPA's, as they are; around them stand only a table, views and names.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from uitfasering.bedoeld import bedoeld
from uitfasering.bulk.groepen import feitenschema, is_datum
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bundel import bouw_bundel
from uitfasering.errors import UitfaseringError
from uitfasering.fragment import Regel, regels, sql
from uitfasering.gegevens import laad
from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, VAN_TOEPASSING

_SECONDS = 30
_NOOIT = "FALSE"


@dataclass(frozen=True)
class Dialect:
    """A database: OPA's dialect, and the types of the facts."""

    opa: str
    tekst: str
    datum: str
    getal: str = "BIGINT"
    ja_nee: str = "BOOLEAN"


# MySQL does not look at capitals unless told, and promises no days before the year 1000.
_MYSQL_TEKST = "VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin"

DIALECTEN = {
    "postgresql": Dialect("postgresql", "TEXT", "DATE"),
    "duckdb": Dialect("sqlite", "VARCHAR", "DATE"),
    "spark": Dialect("sqlite", "STRING", "DATE"),
    "sqlite": Dialect("sqlite", "TEXT", "TEXT", "INTEGER"),
    "mysql": Dialect("mysql", _MYSQL_TEKST, _MYSQL_TEKST),
}
"""By name. Not SQL Server: OPA writes TRUE and FALSE there, which it does not know."""


def sql_tekst(dialect: str, regel: str | None = None, root: Path | None = None) -> str:
    """Everything as one SQL script, or one query with the rows that one regel applies to.

    Args:
        dialect: one of DIALECTEN.
        regel: such as ``B2-11``; None: everything.
        root: the project; the default is the one this package works on.

    Raises:
        UitfaseringError: there is no such regel.
    """
    bundel = bouw_bundel(root)
    root = bundel.path.parents[1]
    alle = list(regels(root))
    if regel is not None:
        alle = [_gezocht(alle, regel)]
    with Vraagbaak(bundel) as vraagbaak:
        kop = _kop(root, vraagbaak, dialect)
        soort = DIALECTEN[dialect]
        voorwaarden = [(een, sql(vraagbaak.url, een, soort.opa)) for een in alle]
        if regel is not None:
            ((_, voorwaarde),) = voorwaarden
            return f"{kop}\nSELECT rij\nFROM feiten\nWHERE {_leesbaar(voorwaarde)};\n"
        delen = [kop, _tabel(soort), *_views(voorwaarden), _gevolgen(root, vraagbaak)]
    return "\n".join(delen)


def _gezocht(alle: Sequence[Regel], regel: str) -> Regel:
    afspraken = {een.lid: een for een in alle if een.verzameling == VAN_TOEPASSING}
    if regel not in afspraken:
        lijkt = bedoeld(regel, afspraken)
        raise UitfaseringError(
            f"De regel {regel} is er niet, of heeft geen voorwaarde in SQL."
            + (f" Bedoelt u {lijkt}?" if lijkt else "")
        )
    return afspraken[regel]


def _kop(root: Path, vraagbaak: Vraagbaak, dialect: str) -> str:
    brieven = sorted({afspraak.brief for afspraak in laad(root).afspraken.values()})
    opa = _vraag(vraagbaak, "config")["labels"]["version"]
    return textwrap.dedent(
        f"""\
        -- Gegenereerd met: uitfasering sql --dialect {dialect}. Niet met de hand wijzigen.
        -- Versie van de afspraken: {vraagbaak.revisie}
        -- Brieven: {", ".join(brieven)}
        -- De voorwaarden zijn gemaakt door OPA {opa}. Uitleg: docs/warehouse.md
        """
    )


def _tabel(dialect: Dialect) -> str:
    kolommen = [
        ("rij", dialect.getal, "Het nummer van de rij, vanaf 1"),
        (
            "ongeldig",
            dialect.ja_nee,
            "Een veld is onleesbaar of ontbreekt: de rij is niet te beoordelen",
        ),
        *(
            (naam, _soort(naam, dialect), inhoud["description"])
            for naam, inhoud in feitenschema().items()
        ),
    ]
    laatste = len(kolommen) - 1
    regels_ = [
        f"  {naam} {soort} NOT NULL{',' if plaats < laatste else ''} -- {uitleg}"
        for plaats, (naam, soort, uitleg) in enumerate(kolommen)
    ]
    return "CREATE TABLE feiten (\n" + "\n".join(regels_) + "\n);\n"


def _soort(feit: str, dialect: Dialect) -> str:
    if is_datum(feit):
        return dialect.datum
    soorten = {"string": dialect.tekst, "integer": dialect.getal, "boolean": dialect.ja_nee}
    return soorten[feitenschema()[feit]["type"]]


def _views(voorwaarden: Sequence[tuple[Regel, str]]) -> Iterator[str]:
    per_set: dict[str, list[tuple[str, str]]] = {}
    for regel, voorwaarde in voorwaarden:
        per_set.setdefault(regel.verzameling, []).append((regel.lid, voorwaarde))
    fouten = per_set[TUSSEN_VELDEN]
    yield "-- A-00 tussen velden: de velden die niet bij elkaar passen."
    yield _view("fouten", "veld", "feiten WHERE ongeldig = FALSE AND", fouten)
    niet_fout = "\n  AND NOT ".join(_leesbaar(v) for _, v in fouten)
    yield "-- De rijen die te beoordelen zijn."
    yield (
        "CREATE VIEW geldig AS\nSELECT *\nFROM feiten\nWHERE ongeldig = FALSE"
        f"\n  AND NOT {niet_fout};\n"
    )
    yield "-- Welke regels gelden voor elke rij."
    yield _view("bevindingen", "regel", "geldig AS feiten WHERE", per_set[VAN_TOEPASSING])
    yield "-- A-03: wat ontbreekt en iets uitmaakt."
    yield _view("ontbreekt", "veld", "geldig AS feiten WHERE", per_set[ONTBREEKT])


def _view(naam: str, kolom: str, uit: str, leden: Sequence[tuple[str, str]]) -> str:
    nooit = [lid for lid, voorwaarde in leden if voorwaarde == _NOOIT]
    takken = [
        f"SELECT rij, '{lid}' AS {kolom} FROM {uit} {_leesbaar(voorwaarde)}"
        for lid, voorwaarde in leden
        if voorwaarde != _NOOIT
    ]
    uitleg = f"-- Met deze tabellen nooit: {', '.join(nooit)}.\n" if nooit else ""
    return f"{uitleg}CREATE VIEW {naam} AS\n" + "\nUNION ALL\n".join(takken) + ";\n"


def _leesbaar(voorwaarde: str) -> str:
    """One alternative a line."""
    if voorwaarde.startswith("(("):
        return voorwaarde.replace(") OR (", ")\n  OR (")
    return f"({voorwaarde})"


def _gevolgen(root: Path, vraagbaak: Vraagbaak) -> str:
    gegevens = _vraag(vraagbaak, "data/gegevens")
    toegestaan = gegevens["rangen"]["toegestaan"]
    rijen = [("", gegevens["uitkomsten"][toegestaan], toegestaan)]
    for regel, afspraak in sorted(laad(root).afspraken.items()):
        rijen.append((regel, afspraak.bron["gevolg"], gegevens["rangen"]["regels"][regel]))
    takken = [
        f"SELECT '{regel}' AS regel, '{gevolg}' AS gevolg, {rang} AS rang"
        for regel, gevolg, rang in rijen
    ]
    return (
        "-- Het gevolg van elke regel; de laagste rang is het zwaarst. Zonder regel: '' (leeg).\n"
        "CREATE VIEW gevolgen AS\n" + "\nUNION ALL\n".join(takken) + ";\n"
    )


def _vraag(vraagbaak: Vraagbaak, pad: str) -> Any:
    answer = requests.get(f"{vraagbaak.url}/v1/{pad}", timeout=_SECONDS)
    answer.raise_for_status()
    return answer.json()["result"]
