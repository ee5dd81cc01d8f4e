"""The agreements as OPA compiles them to SQL.

Every agreement stays in OPA's data-filter fragment, so that the same rule decides one toewijzing
and a whole file (docs/architecture.md). This module compiles them; ``uitfasering.rego.fragment``
says what is wrong, and ``uitfasering.genereer`` keeps the SQL of each regel as a golden file that a
reviewer can read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from uitfasering.errors import UitfaseringError
from uitfasering.rego.tekst import Rego, lees_rego
from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, VAN_TOEPASSING

GOUD = Path("tests") / "goud"
"""Where the golden SQL lives: one file a rule, one line an alternative."""

VERZAMELINGEN = {VAN_TOEPASSING: "", ONTBREEKT: "ontbreekt-", TUSSEN_VELDEN: "fout-"}
"""The sets whose members stay in the fragment, with what their golden files begin with: the
agreements, what is missing, what clashes between fields."""

ONDERSCHEID = "uitfasering/bulk/onderscheid"
GRENS = "uitfasering/bulk/grens"
VERVANGING = "uitfasering/bulk/vervanging"
VAN_BULK = (ONDERSCHEID, GRENS, VERVANGING)
"""The sets that only bulk asks. They stay in the fragment too, but are no agreements: their members
are put together from the tables, and they have no golden files."""

_ALTIJD, _NOOIT = "TRUE", "FALSE"
_SECONDS = 30


@dataclass(frozen=True)
class Regel:
    """A rule to compile: its name in the golden files, the set it is a member of, its id there.

    ``bestand`` and ``rij`` say where it begins.
    """

    naam: str
    verzameling: str
    lid: str
    bestand: str
    rij: int


def regels(root: Path) -> Iterator[Regel]:
    """Every rule of the fragment, in the order of VERZAMELINGEN."""
    return regels_in(lees_rego(root / "policies")[0])


def regels_in(bronnen: Iterable[Rego]) -> Iterator[Regel]:
    """Every rule of the fragment in these files; of several bodies the first."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for bron in bronnen:
        for deel in bron.delen:
            verzameling = f"{bron.pakket.replace('.', '/')}/{deel.naam}"
            if deel.lid and verzameling in VERZAMELINGEN:
                found.setdefault((verzameling, deel.lid), (bron.naam, deel.rij))
    for verzameling, begin in VERZAMELINGEN.items():
        for (own, lid), place in sorted(found.items()):
            if own == verzameling:
                yield Regel(begin + lid, verzameling, lid, *place)


def regel_van_bulk(bronnen: Iterable[Rego], verzameling: str, lid: str) -> Regel:
    """A member of one of VAN_BULK: where it is written out, else where the set begins."""
    pakket, _, naam = verzameling.rpartition("/")
    bestand, deel = max(
        (
            (bron.naam, deel)
            for bron in bronnen
            for deel in bron.delen
            if bron.pakket.replace(".", "/") == pakket
        ),
        key=lambda paar: (paar[1].naam == naam, paar[1].lid == lid),
    )
    return Regel(f"{naam}: {lid}" if lid else naam, verzameling, lid, bestand, deel.rij)


def sql(url: str, regel: Regel, dialect: str = "sqlite", tabel: str | None = None) -> str:
    """The rule as a SQL condition over ``feiten``; ``TRUE`` or ``FALSE`` when it does not depend.

    ``tabel`` is which rows of parameters it reads (afspraken.tabel); None: in force.

    Raises:
        FragmentError: the rule leaves the fragment; says where.
    """
    answer = requests.post(
        f"{url}/v1/compile/{regel.verzameling}/{quote(regel.lid, safe='')}",
        json={"unknowns": ["input.feiten"], "input": {"tabel": tabel} if tabel else {}},
        headers={"Accept": f"application/vnd.opa.sql.{dialect}+json"},
        timeout=_SECONDS,
    )
    body = answer.json()
    if not answer.ok:
        raise FragmentError(regel, body.get("errors") or [{"message": body.get("message", "")}])
    # No result: it can never fire with these tables. An empty query: it always fires.
    if "result" not in body:
        return _NOOIT
    query: str = body["result"].get("query", "")
    return query.removeprefix("WHERE ") or _ALTIJD


class FragmentError(UitfaseringError):
    """A rule that OPA cannot compile to SQL; ``errors`` is what OPA says of it."""

    def __init__(self, regel: Regel, errors: Sequence[Mapping[str, Any]]) -> None:
        self.regel = regel
        self.errors = errors
        reasons = "; ".join(str(e.get("message", "")) for e in errors)
        super().__init__(f"{regel.naam} is niet naar SQL te vertalen: {reasons}")


def goud_tekst(condition: str) -> str:
    """A condition as its golden file has it: one alternative a line."""
    if condition.startswith("(("):
        condition = condition[1:-1].replace(") OR (", ")\nOR (")
    return condition + "\n"


def goud(url: str, root: Path) -> dict[str, str]:
    """The golden files as they should be: file name to text."""
    return {f"{regel.naam}.sql": goud_tekst(sql(url, regel)) for regel in regels(root)}
