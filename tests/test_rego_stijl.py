"""How the policies are written: what is public is described, what belongs in data/ is not there."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from uitfasering.gegevens import laad
from uitfasering.paths import opa_binary, project_root
from uitfasering.stage import policies

ROOT = project_root()
GEGEVENS = laad(ROOT)
AFSPRAKEN = set(GEGEVENS.afspraken)

# Places in a string, and the lengths of months, years and centuries, are not agreements.
GETALLEN = {0, 1, 2}
KALENDER = {"feiten.rego": {4, 5, 8, 10, 100, 400}, "woorden.rego": {4, 5, 8}}


@dataclass(frozen=True)
class Regel:
    """One rule body, as OPA parsed it."""

    bestand: str
    rij: int
    pakket: str
    naam: str
    ast: dict[str, Any]

    @property
    def annotaties(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ast.get("annotations", [])
        return found

    @property
    def titels(self) -> list[str]:
        return [a["title"] for a in self.annotaties if a.get("title")]

    @property
    def labels(self) -> list[str]:
        return [a["labels"]["regel"] for a in self.annotaties if "regel" in a.get("labels", {})]

    def __str__(self) -> str:
        return f"{self.bestand}:{self.rij}: {self.naam}"


def regels(path: Path) -> list[Regel]:
    command = [str(opa_binary()), "parse", "--format", "json", "--json-include", "locations"]
    done = subprocess.run([*command, str(path)], capture_output=True, check=True, timeout=60)
    module = json.loads(done.stdout)
    package = ".".join(part["value"] for part in module["package"]["path"])
    return [
        Regel(path.name, rule["location"]["row"], package, rule["head"]["ref"][0]["value"], rule)
        for rule in module.get("rules", [])
    ]


def constanten(node: Any, kind: str) -> Iterator[Any]:
    """Every constant of that type in a rule, those in its head included."""
    if isinstance(node, dict):
        if node.get("type") == kind:
            yield node["value"]
        for key, value in node.items():
            if key not in ("annotations", "location"):
                yield from constanten(value, kind)
    elif isinstance(node, list):
        for value in node:
            yield from constanten(value, kind)


# The checks: each returns a line a fault.


def zonder_metadata(found: Collection[Regel]) -> list[str]:
    """Once for each public name; an agreement has its own."""
    described = {(r.pakket, r.naam) for r in found if r.titels}
    first: dict[tuple[str, str], Regel] = {}
    for rule in found:
        if not rule.naam.startswith("_"):
            first.setdefault((rule.pakket, rule.naam), rule)
    missing = [rule for key, rule in first.items() if key not in described]
    missing += [r for r in _agreements(found) if not r.titels and r not in missing]
    return [f"{rule} heeft geen METADATA met een titel" for rule in missing]


def verkeerd_label(found: Collection[Regel], afspraken: Collection[str]) -> list[str]:
    """The id in the head, the label and the key in the data are the same."""
    faults = []
    for rule in _agreements(found):
        name = rule.ast["head"]["key"]["value"]
        if rule.labels != [name]:
            faults.append(f"{rule} {name} heeft het label {rule.labels}")
        if name not in afspraken:
            faults.append(f"{rule} {name} heeft geen gegevens")
    return faults


def dubbel_label(found: Collection[Regel]) -> list[str]:
    # one annotation of a document is found at each of its rules
    places = {
        (a["labels"]["regel"], rule.bestand, a["location"]["row"])
        for rule in found
        for a in rule.annotaties
        if "regel" in a.get("labels", {})
    }
    count = Counter(label for label, _, _ in places)
    return [f"{label} staat er {n} keer" for label, n in count.items() if n > 1]


def getallen(found: Collection[Regel]) -> list[str]:
    return [
        f"{rule} noemt het getal {value}"
        for rule in found
        for value in constanten(rule.ast, "number")
        if value not in GETALLEN | KALENDER.get(rule.bestand, set())
    ]


def codes(found: Collection[Regel], products: Collection[str]) -> list[str]:
    """CBS codes, and product codes of the catalogue."""
    return [
        f"{rule} noemt de code {value}"
        for rule in found
        for value in constanten(rule.ast, "string")
        if re.fullmatch(r"[0-9]{4,5}", value) or value in products
    ]


def woorden(path: Path, names: Collection[str]) -> list[str]:
    """Dates and names of municipalities, in comments too."""
    faults = []
    pattern = "|".join([r"\d{4}-\d{2}-\d{2}", *(rf"\b{re.escape(n)}\b" for n in names)])
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        found = re.findall(pattern, line, re.IGNORECASE)
        faults += [f"{path.name}:{number}: {word}" for word in found]
    return faults


def _agreements(found: Collection[Regel]) -> list[Regel]:
    return [r for r in found if r.naam == "van_toepassing"]


NAMEN = [
    name
    for row in GEGEVENS.tabellen["gemeenten"]["gemeenten"]
    for name in [row["naam"], *row.get("schrijfwijzen", [])]
]
PRODUCTEN = {row["code"] for row in GEGEVENS.tabellen["producten"]["producten"]}


@pytest.fixture(scope="module")
def alle() -> list[Regel]:
    return [rule for path in policies(ROOT) for rule in regels(path)]


def test_wat_openbaar_is_heeft_metadata(alle: list[Regel]) -> None:
    assert zonder_metadata(alle) == []


def test_elke_afspraak_heet_overal_hetzelfde(alle: list[Regel]) -> None:
    assert verkeerd_label(alle, AFSPRAKEN) == []
    assert dubbel_label(alle) == []


def test_getallen_staan_in_de_gegevens(alle: list[Regel]) -> None:
    assert getallen(alle) == []


def test_codes_staan_in_de_gegevens(alle: list[Regel]) -> None:
    assert codes(alle, PRODUCTEN) == []


@pytest.mark.parametrize("path", policies(ROOT), ids=lambda path: path.stem)
def test_datums_en_gemeenten_staan_in_de_gegevens(path: Path) -> None:
    assert woorden(path, NAMEN) == []


# The checks themselves see what they are for.

GOED = """\
package a

# METADATA
# title: Een
# labels:
#   regel: X-01
van_toepassing contains "X-01" if input.b == 2

# METADATA
# title: Twee
# scope: document
openbaar(x) := 1 if input.feiten.b == x

openbaar(x) := 0 if input.feiten.c == x

_eigen := substring("b", 0, 1)
"""


def test_goed_voorbeeld(tmp_path: Path) -> None:
    assert _faults(tmp_path, GOED) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# title: Een", "# description: Een", "van_toepassing heeft geen METADATA met een titel"),
        ("# title: Twee", "# description: x", "openbaar heeft geen METADATA met een titel"),
        ("_eigen", "eigen", "eigen heeft geen METADATA met een titel"),
        ("# labels:\n#   regel: X-01\n", "", "X-01 heeft het label []"),
        ("#   regel: X-01", "#   regel: X-02", "X-01 heeft het label ['X-02']"),
        ('contains "X-01"', 'contains "X-03"', "X-03 heeft geen gegevens"),
        ("# title: Twee", "# title: Twee\n# labels: {regel: X-01}", "X-01 staat er 2 keer"),
        ("input.b == 2", "input.b == 11", "noemt het getal 11"),
        ("input.b == 2", "input.b in {1, 250.5}", "noemt het getal 250.5"),
        (":= 0 if", ":= 3 if", "noemt het getal 3"),
        ("input.b == 2", 'input.b in {"0193"}', "noemt de code 0193"),
        ("input.feiten.c", 'data.a["54002"]', "noemt de code 54002"),
        ("input.b == 2", 'input.b == "50H1A"', "noemt de code 50H1A"),
        ("input.b == 2", 'input.b == "2021-05-01"', "x.rego:7: 2021-05-01"),
        ("_eigen", "# sinds 2021-05-01\n_eigen", "x.rego:16: 2021-05-01"),
        ("_eigen", "# alleen in olst - wijhe\n_eigen", "x.rego:16: olst - wijhe"),
    ],
)
def test_fout_voorbeeld(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert GOED.count(old) == 1
    assert any(found.endswith(fault) for found in _faults(tmp_path, GOED.replace(old, new)))


def _faults(folder: Path, rego: str) -> list[str]:
    path = folder / "x.rego"
    path.write_text(rego, "utf-8")
    found = regels(path)
    return [
        *zonder_metadata(found),
        *verkeerd_label(found, {"X-01", "X-02"}),
        *dubbel_label(found),
        *getallen(found),
        *codes(found, PRODUCTEN),
        *woorden(path, NAMEN),
    ]
