"""Fixtures: real OPA servers on the shipped tables, and on tables changed for a test."""

import gc
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gelezen import onthoud
from uitfasering.bundel import bouw_bundel, opa_build
from uitfasering.gegevens import laad
from uitfasering.opa_process import OpaProcess
from uitfasering.paths import project_root
from uitfasering.stage import maak_stage

# With all tests in memory a collection takes long; a sixth of the time went to it.
gc.set_threshold(50_000)
onthoud(project_root())


@pytest.fixture(scope="session")
def root() -> Path:
    return project_root()


@pytest.fixture(scope="session")
def bundel(root: Path) -> Path:
    """The shipped bundle, built from what is in the checkout now."""
    return bouw_bundel(root).path


@pytest.fixture(scope="session")
def opa_url(bundel: Path) -> Iterator[str]:
    """The address of an OPA that serves the shipped bundle."""
    with OpaProcess(bundel) as opa:
        yield opa.url


# What to say when a test meets an agreement it does not know.
NIEUWE_AFSPRAAK = (
    "Nieuwe afspraak? Zet haar nummer in NORMEN (tests/test_gegevens.py), REGELS "
    "(tests/test_gevallen.py) en IDS (tests/test_orakel_zelf.py), en haar regel in tests/orakel. "
    "Zie CONTRIBUTING.md. Het gaat om: "
)

OpaMet = Callable[[Mapping[str, Any]], str]


def project_met(root: Path, target: Path, gegevens: Mapping[str, Any]) -> Path:
    """A copy of the project's policies, schemas and data, with some data changed.

    Keys of ``gegevens``: ``crisisroute_gecontracteerd_per`` (a date), ``afwijkingen`` (rows of
    data/afwijkingen.yaml), ``medicatieminuten`` (CBS code to minutes), ``contacten`` (as
    data/contacten.yaml), ``lokale_toegang`` (CBS code to contact), ``keuzes`` (CBS code to
    omzetten or aflopen).
    """
    for name in ("policies", "schemas", "data"):
        shutil.copytree(root / name, target / name)
    tables = laad(root).tabellen

    def write(name: str, table: Any) -> None:
        # JSON is YAML, with every string quoted.
        path = target / "data" / f"{name}.yaml"
        path.write_text(json.dumps(table, ensure_ascii=False, indent=1), "utf-8")

    for key, value in gegevens.items():
        if key == "crisisroute_gecontracteerd_per":
            crisisroute = {**tables["gebeurtenissen"]["crisisroute"], "gecontracteerd_per": value}
            write("gebeurtenissen", {"crisisroute": crisisroute})
        elif key == "afwijkingen":
            write("afwijkingen", {"afwijkingen": value})
        elif key == "contacten":
            write("contacten", value)
        elif key in {"medicatieminuten", "lokale_toegang", "keuzes"}:
            column = "duurzaam" if key == "keuzes" else key
            rows = laad(target).tabellen["gemeenten"]["gemeenten"]
            changed = [{**r, column: value[r["cbs"]]} if r["cbs"] in value else r for r in rows]
            write("gemeenten", {"gemeenten": changed})
        else:
            raise ValueError(key)
    return target


@pytest.fixture(scope="session")
def opa_met(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpaMet]:
    """A factory: the address of an OPA on changed tables (see project_met)."""
    started: dict[str, OpaProcess] = {}

    def start(gegevens: Mapping[str, Any]) -> str:
        key = json.dumps(gegevens, sort_keys=True)
        if key not in started:
            folder = tmp_path_factory.mktemp("gegevens")
            changed = project_met(root, folder / "project", gegevens)
            stage = folder / "stage"
            stage.mkdir()
            maak_stage(stage, root=changed)
            opa_build(stage, folder / "bundel.tar.gz")
            started[key] = OpaProcess(folder / "bundel.tar.gz")
            started[key].start()
            started[key].wait_ready()
        return started[key].url

    yield start
    for opa in started.values():
        opa.close()
