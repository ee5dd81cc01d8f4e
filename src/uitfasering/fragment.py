"""The agreements as OPA compiles them: SQL for bulk, and the residual behind it.

Every agreement stays in OPA's data-filter fragment, so that the same rule decides one toewijzing
and a whole file (docs/architecture.md). This module checks that, and keeps the compiled SQL of each
regel as a golden file that a reviewer can read.

``python -m uitfasering.fragment`` checks; with ``--schrijf`` it writes the golden files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from jsonschema import Draft7Validator

from uitfasering.bundel import bouw_bundel
from uitfasering.errors import BuildError, UitfaseringError
from uitfasering.gegevens import Gegevens, laad, schema
from uitfasering.melding import Melding
from uitfasering.opa_process import OpaProcess
from uitfasering.paths import project_root
from uitfasering.stage import policies, regels_in_rego

GOUD = Path("tests") / "goud"
"""Where the golden SQL lives: one file a rule, one line an alternative."""

ONTBREEKT = (
    "code",
    "gemotiveerd",
    "medicatiecontrole",
    "omvang",
    "perspectief",
    "profiel",
    "verwijzer",
    "zorgvorm",
)
TUSSEN_VELDEN = (
    "budget",
    "einddatum",
    "ingangsdatum",
    "periode",
    "periode.einddatum",
    "toewijzingsdatum",
)

_ALTIJD, _NOOIT = "TRUE", "FALSE"
_SECONDS = 30


@dataclass(frozen=True)
class Regel:
    """A rule to compile: its name in the golden files, the set it is a member of, its id there."""

    naam: str
    verzameling: str
    lid: str


@dataclass(frozen=True)
class Vergelijking:
    """One comparison in a residual: ``input.feiten.<feit>``, OPA's operator, the constants."""

    feit: str
    operator: str
    constanten: tuple[Any, ...]


def regels(root: Path) -> Iterator[Regel]:
    """Every rule of the fragment: the agreements, what is missing, what clashes between fields."""
    for found in sorted(regels_in_rego(root), key=lambda r: r.kop):
        yield Regel(found.kop, "uitfasering/afspraken/van_toepassing", found.kop)
    for veld in ONTBREEKT:
        yield Regel(f"ontbreekt-{veld}", "uitfasering/afspraken/ontbreekt", veld)
    for veld in TUSSEN_VELDEN:
        yield Regel(f"fout-{veld}", "uitfasering/invoer/tussen_velden", veld)


def sql(url: str, regel: Regel, dialect: str = "sqlite") -> str:
    """The rule as a SQL condition over ``feiten``; ``TRUE`` or ``FALSE`` when it does not depend.

    Raises:
        FragmentError: the rule leaves the fragment; says where.
    """
    answer = requests.post(
        f"{url}/v1/compile/{regel.verzameling}/{regel.lid}",
        json={"unknowns": ["input.feiten"], "input": {}},
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


def vergelijkingen(url: str, regel: Regel) -> list[Vergelijking]:
    """Every comparison the rule rests on with these tables, from OPA's residual."""
    path = "data." + regel.verzameling.replace("/", ".")
    answer = requests.post(
        f"{url}/v1/compile",
        json={
            "query": f"{path}[{json.dumps(regel.lid)}]",
            "unknowns": ["input.feiten"],
            "input": {},
        },
        timeout=_SECONDS,
    )
    answer.raise_for_status()
    result = answer.json().get("result", {})
    expressions = [e for query in result.get("queries", []) for e in query]
    for module in result.get("support", []):
        expressions += [e for rule in module["rules"] for e in rule["body"]]
    return [found for e in expressions if (found := _vergelijking(e["terms"]))]


class FragmentError(UitfaseringError):
    """A rule that OPA cannot compile to SQL; ``errors`` is what OPA says of it."""

    def __init__(self, regel: Regel, errors: Sequence[Mapping[str, Any]]) -> None:
        self.regel = regel
        self.errors = errors
        reasons = "; ".join(str(e.get("message", "")) for e in errors)
        super().__init__(f"{regel.naam} is niet naar SQL te vertalen: {reasons}")


def controleer(url: str, root: Path, gegevens: Gegevens) -> list[Melding]:
    """Every fault in the rules as OPA compiles them, in the order of the rules."""
    facts = schema(root, "feiten")["properties"]["feiten"]["properties"]
    lines = {found.kop: found for found in regels_in_rego(root)}
    meldingen = []
    for regel in regels(root):
        place = lines.get(regel.lid)
        name = str(place.bestand.relative_to(root)) if place else ""
        try:
            sql(url, regel)
        except FragmentError as error:
            meldingen += [_buiten_fragment(regel, e, name) for e in error.errors]
            continue
        found = vergelijkingen(url, regel)
        for comparison in found:
            if problem := _onmogelijk(comparison, facts):
                value, wrong, right = problem
                written = _vindplaats(root, comparison.feit, value)
                file, line = written or (name, place.regel if place else 0)
                code = "regel-onmogelijke-waarde"
                meldingen.append(Melding(file, line, 0, regel.naam, wrong, right, code))
        if regel.lid in gegevens.afspraken and found:
            meldingen += _velden(gegevens, regel.lid, found, facts)
    return meldingen


def goud_tekst(condition: str) -> str:
    """A condition as its golden file has it: one alternative a line."""
    if condition.startswith("(("):
        condition = condition[1:-1].replace(") OR (", ")\nOR (")
    return condition + "\n"


def goud(url: str, root: Path) -> dict[str, str]:
    """The golden files as they should be: file name to text."""
    return {f"{regel.naam}.sql": goud_tekst(sql(url, regel)) for regel in regels(root)}


def _vergelijking(terms: Any) -> Vergelijking | None:
    if not isinstance(terms, list):
        return None
    operator = ".".join(str(part["value"]) for part in terms[0]["value"])
    facts = [fact for term in terms[1:] if (fact := _feit(term))]
    constants = tuple(_waarde(t) for t in terms[1:] if not _feit(t) and t["type"] != "ref")
    return Vergelijking(facts[0], operator, constants) if facts else None


def _feit(term: Mapping[str, Any]) -> str | None:
    if term["type"] != "ref":
        return None
    parts = [part["value"] for part in term["value"]]
    return str(parts[2]) if parts[:2] == ["input", "feiten"] and len(parts) == 3 else None


def _waarde(term: Mapping[str, Any]) -> Any:
    if term["type"] in {"array", "set"}:
        return [_waarde(item) for item in term["value"]]
    return term["value"]


def _buiten_fragment(regel: Regel, error: Mapping[str, Any], name: str) -> Melding:
    location = error.get("location") or {}
    file = str(location.get("file", name)).lstrip("/")
    if file.startswith("uitfasering/"):
        file = f"policies/{file}"
    return Melding(
        file,
        location.get("row", 0),
        location.get("col", 0),
        regel.naam,
        f"Deze regel is niet naar SQL te vertalen: {error.get('message', '')}.",
        "Vergelijk een feit met een bekende waarde; reken in policies/uitfasering/feiten.",
        "regel-buiten-fragment",
    )


def _onmogelijk(
    comparison: Vergelijking, facts: Mapping[str, Mapping[str, Any]]
) -> tuple[Any, str, str] | None:
    """The value that a fact can never have, what is wrong and what would be right."""
    fact = facts.get(comparison.feit)
    if fact is None:
        return (
            None,
            f"Het feit {comparison.feit} bestaat niet.",
            "De feiten staan in schemas/feiten.json.",
        )
    validator = Draft7Validator({k: v for k, v in fact.items() if k not in {"minimum", "maximum"}})
    for constant in comparison.constanten:
        for value in constant if isinstance(constant, list) else [constant]:
            if not validator.is_valid(value):
                allowed = ", ".join(map(str, fact.get("enum", [fact["type"]])))
                return (
                    value,
                    f"{comparison.feit} wordt vergeleken met {value!r}, en dat kan het nooit zijn.",
                    f"Wat kan: {allowed}.",
                )
    return None


def _vindplaats(root: Path, fact: str, value: Any) -> tuple[str, int] | None:
    """The line of the policies that compares this fact with this value, when it is written out."""
    constant = "" if value is None else json.dumps(value, ensure_ascii=False)
    for path in policies(root):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if f"input.feiten.{fact} " in line and constant in line:
                return str(path.relative_to(root)), number
    return None


def _velden(
    gegevens: Gegevens,
    regel: str,
    found: Sequence[Vergelijking],
    facts: Mapping[str, Mapping[str, Any]],
) -> Iterator[Melding]:
    """The velden of a bevinding are the input fields that its rule compares."""
    used = {veld for c in found for veld in facts.get(c.feit, {}).get("x-velden", [])}
    if any(r["regel"] == regel for r in gegevens.tabellen["afwijkingen"]["afwijkingen"]):
        used.discard("gemeente")  # it only chooses the row of parameters
    right = sorted(used)
    # A-03 names the missing fields themselves.
    if regel != "A-03" and gegevens.afspraken[regel].bron["velden"] != right:
        afspraak = gegevens.afspraken[regel]
        yield afspraak.document.melding(
            (*afspraak.pad, "velden"),
            "Dit zijn niet de velden waar de regel op rust.",
            f"Schrijf: velden: [{', '.join(right)}]",
            "regel-velden",
        )


def main() -> int:
    """Check the rules, or write the golden files with ``--schrijf``."""
    try:
        root = project_root()
        bundle = bouw_bundel(root)
        with OpaProcess(bundle.path) as opa:
            meldingen = controleer(opa.url, root, laad(root))
            for melding in meldingen:
                print(melding, file=sys.stderr)
            if meldingen:
                return 1
            texts = goud(opa.url, root)
    except (BuildError, UitfaseringError) as error:
        print(error, file=sys.stderr)
        return 2
    folder = root / GOUD
    stale = {p.name for p in folder.glob("*.sql")} - set(texts)
    changed = sorted(
        name
        for name, text in texts.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    )
    if "--schrijf" in sys.argv[1:]:
        folder.mkdir(parents=True, exist_ok=True)
        for name in stale:
            (folder / name).unlink()
        for name in changed:
            (folder / name).write_text(texts[name], "utf-8")
        print(f"{len(changed)} bestanden geschreven in {GOUD}, {len(stale)} weggehaald.")
        return 0
    for name in [*changed, *sorted(stale)]:
        print(f"{GOUD / name} klopt niet meer. Start scripts/goud.", file=sys.stderr)
    return 1 if changed or stale else 0


if __name__ == "__main__":
    sys.exit(main())
