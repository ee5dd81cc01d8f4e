#!/usr/bin/env python3
"""Asks OPA for one agreement as SQL, and finds the toewijzingen in a database that it applies to.

export UITFASERING_OPA_URL=https://127.0.0.1:8181
export UITFASERING_CA=ca.crt UITFASERING_TOKEN_BESTAND=mijn.token     # rights: besluit, compile
.venv/bin/uitfasering feiten integratie/lopend.csv --uit feiten.csv
integratie/sql.py B2-11 feiten.csv integratie/lopend.csv

The database is SQLite, in memory. Then the same is asked of `besluiten`, row by row.
Exit code: 0 both say the same, 1 they differ, 2 it could not be asked.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from besluit import NietGelukt, Sidecar, verbind

AFSPRAKEN = "afspraken/van_toepassing"
# What makes a row invalid though each of its fields is right (docs/warehouse.md, the view fouten).
TUSSEN_VELDEN = "invoer/tussen_velden"
VELDEN = ("budget", "einddatum", "ingangsdatum", "periode", "periode.einddatum", "toewijzingsdatum")
SCHEMA = Path(__file__).parents[1] / "schemas" / "feiten.json"


def voorwaarde(sidecar: Sidecar, verzameling: str, lid: str) -> str:
    """The condition on the table ``feiten`` under which OPA puts a row in this set."""
    answer = sidecar.vraag(
        f"compile/uitfasering/{verzameling}/{quote(lid)}",
        {"unknowns": ["input.feiten"]},
        "application/vnd.opa.sql.sqlite+json",
    )
    if "result" not in answer:
        # {}: with these tables it can never hold. Or there is no such rule: OPA says the same.
        return "FALSE"
    # {"result": {}} or an empty query: it holds whatever the facts are.
    return str(answer["result"].get("query", "")).removeprefix("WHERE ") or "TRUE"


def laad(database: sqlite3.Connection, bestand: str) -> None:
    """Put the facts of ``uitfasering feiten`` in the table ``feiten``."""
    facts = json.loads(SCHEMA.read_text("utf-8"))["properties"]["feiten"]["properties"]
    text = {name for name, fact in facts.items() if fact["type"] == "string"}
    with Path(bestand).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    # The types matter: OPA writes numbers as '250', and only a column of a type compares that well.
    columns = ", ".join(f"{name} {'TEXT' if name in text else 'INTEGER'}" for name in header)
    database.execute(f"CREATE TABLE feiten ({columns})")
    places = ", ".join("?" * len(header))
    database.executemany(f"INSERT INTO feiten VALUES ({places})", rows)


def toewijzing(row: dict[str, str]) -> dict[str, Any]:
    """A row of lopend.csv as OPA takes it: what is empty is left out."""
    given: dict[str, Any] = {name: value for name, value in row.items() if value}
    for name in ("gemotiveerd", "overgenomen_woonplaats"):
        if name in given:
            given[name] = given[name] == "ja"
    product = {"code": given.pop("productcode")}
    return {**given, "product": product}


def main(regel: str, feiten: str, export: str) -> int:
    """Find the rows in the database, and compare with what OPA says of each toewijzing."""
    sidecar = verbind()
    database = sqlite3.connect(":memory:")
    laad(database, feiten)
    geldig = [f"NOT ({voorwaarde(sidecar, TUSSEN_VELDEN, veld)})" for veld in VELDEN]
    van_toepassing = voorwaarde(sidecar, AFSPRAKEN, regel)
    print(f"{regel}: {van_toepassing}")
    if van_toepassing == "FALSE":
        print("Met deze tabellen geldt deze regel nooit. Of hij bestaat niet: dat zegt OPA niet.")
    where = " AND ".join(["ongeldig = FALSE", *geldig, f"({van_toepassing})"])
    in_sql = {row for (row,) in database.execute(f"SELECT rij FROM feiten WHERE {where}")}

    with Path(export).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    besluiten = sidecar.besluiten({str(n): toewijzing(row) for n, row in enumerate(rows, 1)})
    verschil = 0
    for n, besluit in enumerate(besluiten.values(), 1):
        in_besluit = regel in [bevinding["regel"] for bevinding in besluit["bevindingen"]]
        # A besluit that is NIET_VAN_TOEPASSING names only the regels that say so.
        anders = in_besluit != (n in in_sql) and besluit["uitkomst"] != "NIET_VAN_TOEPASSING"
        verschil += anders
        if n in in_sql or anders:
            print(f"rij {n}: {besluit['uitkomst']}{' (VERSCHIL)' if anders else ''}")
    print(f"{len(in_sql)} van {len(rows)} rijen in SQL, {verschil} anders dan in de besluiten")
    return int(verschil > 0)


if __name__ == "__main__":
    try:
        if len(sys.argv) != 4:
            raise NietGelukt("Geef een regel, de feiten en de export: sql.py REGEL FEITEN EXPORT")
        sys.exit(main(*sys.argv[1:]))
    except (NietGelukt, OSError, sqlite3.Error) as problem:
        print(f"FOUT: {problem}", file=sys.stderr)
        sys.exit(2)
