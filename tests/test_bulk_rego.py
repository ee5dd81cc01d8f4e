"""What a besluit rests on besides its findings, and that bulk knows it (policies/uitfasering/bulk).

Every class of rows is asked of OPA once. Facts that words and proposals read themselves, and that
no set of bulk tells apart, would give other rows of the class an answer that nobody checked.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conftest import project_met
from test_bulk_motor import verschillen
from uitfasering.bulk.klassen import GEMEENTE, OPNIEUW, UITERSTE, VERVANGEND
from uitfasering.bulk.rijwaarden import RUST_OP
from uitfasering.paths import opa_binary
from uitfasering.stage import policies

ELK = "elk feit"
"""A rule that reads a fact whose name stands in data, or hands on all of them."""

# Compiled to SQL: each row is told apart by their members.
IN_SQL = {
    "uitfasering.afspraken.van_toepassing",
    "uitfasering.afspraken.ontbreekt",
    "uitfasering.invoer.tussen_velden",
    "uitfasering.voorstel.duur",
    "uitfasering.voorstel.einde",
}

# Each rule that reads facts after the findings are known, the facts, and how bulk knows them: a set
# of bulk.rego, or a question of rijwaarden.RUST_OP with its fact.
BEKEND: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "voorstel._eenheden": ({"medicatiecontrole"}, ("onderscheid",)),
    "voorstel._einddata": ({"ingangsdatum"}, ("onderscheid",)),
    "voorstel._parameters": ({"gemeente", "toewijzingsdatum"}, ("onderscheid",)),
    "voorstel._medicatie_nieuwe_stijl": (
        {"handeling", "ingangsdatum", "toewijzingsdatum"},
        ("vervanging",),
    ),
    "voorstel.vervangende_code": (
        {"aanbieder", "code", "medicatiecontrole"},
        ("vervanging", VERVANGEND),
    ),
    "voorstel.uiterste_einddatum": ({"ingangsdatum"}, (UITERSTE,)),
    "voorstel.opnieuw_einddatum": ({"einddatum"}, (OPNIEUW,)),
    "woorden.bevinding": ({"gemeente"}, (GEMEENTE,)),
    "woorden._eigen": ({"gemeente", "toewijzingsdatum"}, ("onderscheid",)),
    "woorden.waarde": ({"gemeente", "toewijzingsdatum"}, ("onderscheid",)),
    "woorden._ontbrekend": ({"eenheid"}, ("onderscheid",)),
}

# Known in another way. `grens` has the name of the fact, which rests on the first day. Where a
# municipality deviates its name and the first day are in the key of the class, and the sets are
# asked with the other tables too (fragment.AFWIJKEND).
ANDERS_BEKEND = {
    "voorstel._grenzen": {ELK},
    "_afgeweken": {"gemeente", ELK},
    "_van_de_einddatum": {ELK},
}

RAAD = (
    "{regel} leest nu {feiten}. Rijen die alleen daarin verschillen, krijgen in bulk één besluit. "
    "Zet in policies/uitfasering/bulk/bulk.rego wat ze onderscheidt (of maak er een vraag van: "
    "bulk/vragen en rijwaarden.RUST_OP), en noem het dan hier in BEKEND."
)


@dataclass
class Regel:
    """What the bodies of one rule read: facts, and other rules."""

    feiten: set[str] = field(default_factory=set)
    regels: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def regels(root: Path) -> dict[str, Regel]:
    return lees([ontleed(path) for path in policies(root)])


def ontleed(path: Path) -> Any:
    done = subprocess.run(
        [str(opa_binary()), "parse", "--format", "json", str(path)], capture_output=True, check=True
    )
    return json.loads(done.stdout)


def lees(modules: list[Any]) -> dict[str, Regel]:
    """Every rule by package and name."""
    found: dict[str, Regel] = {}
    inhoud = []
    for module in modules:
        pakket = _pad(module["package"]["path"])
        imports = {
            _pad(i["path"]["value"]).rpartition(".")[2]: i for i in module.get("imports", [])
        }
        for rule in module["rules"]:
            head = rule["head"]
            name = head.get("name") or head["ref"][0]["value"]
            inhoud.append((f"{pakket}.{name}", pakket, imports, rule))
            found.setdefault(f"{pakket}.{name}", Regel())
    for volledig, pakket, imports, rule in inhoud:
        for ref in _verwijzingen(rule):
            names = [part["value"] if part["type"] in ("string", "var") else None for part in ref]
            if names[:2] == ["input", "feiten"]:
                constant = len(ref) > 2 and ref[2]["type"] == "string"
                found[volledig].feiten.add(str(names[2]) if constant else ELK)
            elif names[:2] == ["data", "uitfasering"]:
                found[volledig].regels |= _regel(".".join(map(str, names[1:])), found)
            elif names[0] in imports:
                door = _pad(imports[names[0]]["path"]["value"])
                found[volledig].regels |= _regel(".".join([door, *map(str, names[1:])]), found)
            else:
                found[volledig].regels |= _regel(f"{pakket}.{names[0]}", found)
    return found


def _pad(delen: Any) -> str:
    return ".".join(str(deel["value"]) for deel in delen).removeprefix("data.")


def _regel(pad: str, bekend: Mapping[str, Regel]) -> set[str]:
    return {naam for naam in bekend if pad == naam or pad.startswith(f"{naam}.")}


def _verwijzingen(deel: Any) -> Iterator[Any]:
    if isinstance(deel, dict):
        if deel.get("type") == "ref":
            yield deel["value"]
        elif deel.get("type") == "var":
            yield [deel]
        for inner in deel.values():
            yield from _verwijzingen(inner)
    elif isinstance(deel, list):
        for inner in deel:
            yield from _verwijzingen(inner)


def met_begrippen(naam: str, regels: Mapping[str, Regel]) -> set[str]:
    """The facts that a rule reads, and the words of `afspraken` that it uses."""
    found, todo = set(regels[naam].feiten), list(regels[naam].regels)
    seen = set(todo)
    while todo:
        een = todo.pop()
        if een.startswith("uitfasering.afspraken.") and een not in IN_SQL:
            found |= regels[een].feiten
            todo += regels[een].regels - seen
            seen |= regels[een].regels
    return found


def test_alles_waar_een_besluit_op_rust_kent_bulk(regels: Mapping[str, Regel]) -> None:
    gevonden = {}
    for naam in regels:
        kort = naam.removeprefix("uitfasering.")
        eigen = "." not in kort or kort.startswith(("voorstel.", "woorden."))
        if eigen and naam not in IN_SQL and (feiten := met_begrippen(naam, regels)):
            gevonden[kort] = feiten
    verwacht = {regel: feiten for regel, (feiten, _) in BEKEND.items()} | ANDERS_BEKEND
    for regel in sorted(gevonden.keys() | verwacht.keys()):
        nu, eerst = gevonden.get(regel, set()), verwacht.get(regel, set())
        assert nu == eerst, RAAD.format(regel=regel, feiten=", ".join(sorted(nu)) or "niets")


@pytest.mark.parametrize("regel", BEKEND)
def test_bulk_kijkt_naar_wat_de_regel_leest(regel: str, regels: Mapping[str, Regel]) -> None:
    feiten, bronnen = BEKEND[regel]
    kent = set()
    for bron in bronnen:
        kent |= {RUST_OP[bron][1]} if bron in RUST_OP else _van_bulk(bron, regels)
    assert feiten <= kent, RAAD.format(regel=regel, feiten=", ".join(sorted(feiten - kent)))


def _van_bulk(verzameling: str, regels: Mapping[str, Regel]) -> set[str]:
    return met_begrippen(f"uitfasering.bulk.{verzameling}", regels)


@pytest.mark.lang
def test_een_tekst_mag_per_gemeente_en_per_rij_verschillen(root: Path, tmp_path: Path) -> None:
    """The words of A-03, which differ per class, in a text that differs per municipality."""
    project = project_met(root, tmp_path / "project", {})
    path = project / "data" / "afspraken" / "algemeen.yaml"
    tekst = path.read_text("utf-8")
    oud = "oplossing: Vul deze gegevens aan"
    assert oud in tekst
    path.write_text(tekst.replace(oud, f"oplossing: Vraag {{lokale_toegang}}.{oud[10:]}"), "utf-8")
    assert list(verschillen(project, 1_500, 11)) == []
