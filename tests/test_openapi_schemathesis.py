"""schemathesis asks the running sidecar what docs/openapi.json says, and all sorts besides."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sidecarhulp import Sidecar
from vraaghulp import proef

# The two exceptions to its own checks. Wrong data is not refused but gets ONGELDIGE_INVOER (or 400,
# 401 when it is no JSON or another parameter): openapi_controles looks at that. And an unknown
# method is 401 like everything that is not allowed, also where no token is needed.
CONFIG = """\
headers = { Authorization = "Bearer ${TOKEN}" }
tls-verify = "${CA}"

[checks.negative_data_rejection]
expected-statuses = ["200", "400", "401"]

[[operations]]
include-path-regex = "^/health"
checks.unsupported_method.enabled = false
"""


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


@pytest.fixture
def document(root: Path) -> Any:
    return json.loads((root / "docs" / "openapi.json").read_text("utf-8"))


def draai(
    sidecar: Sidecar, map: Path, document: Any, *, fasen: str, aantal: int
) -> subprocess.CompletedProcess[str]:
    (map / "openapi.json").write_text(json.dumps(document), "utf-8")
    (map / "schemathesis.toml").write_text(CONFIG, "utf-8")
    tests = Path(__file__).parent
    return subprocess.run(
        [
            *[str(Path(sys.executable).with_name("st")), "run", "openapi.json"],
            *["--url", sidecar.url, "--phases", fasen, "--max-examples", str(aantal)],
            *["--mode", "all", "--generation-deterministic", "--no-color"],
        ],
        cwd=map,
        env={
            **os.environ,
            "TOKEN": sidecar.tokens["besluit"],
            "CA": str(sidecar.sidecar.tls / "ca.crt"),
            "SCHEMATHESIS_HOOKS": "openapi_controles",
            "PYTHONPATH": str(tests),
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def gevraagd(done: subprocess.CompletedProcess[str]) -> int:
    found = re.search(r"^ {2}(\d+) generated", done.stdout, re.M)
    assert found, done.stdout + done.stderr
    return int(found[1])


def test_it_finds_nothing(sidecar: Sidecar, document: Any, tmp_path: Path) -> None:
    done = draai(sidecar, tmp_path, document, fasen="examples,fuzzing", aantal=25)
    assert done.returncode == 0, done.stdout
    assert gevraagd(done) > 50


@pytest.mark.lang
def test_it_finds_nothing_in_thousands(sidecar: Sidecar, document: Any, tmp_path: Path) -> None:
    done = draai(sidecar, tmp_path, document, fasen="examples,coverage,fuzzing", aantal=1_500)
    assert done.returncode == 0, done.stdout
    assert gevraagd(done) > 4_000


def ander_type(document: Any) -> None:
    document["components"]["schemas"]["Besluit"]["properties"]["voorlopig"]["type"] = "string"


def zonder_uitkomst(document: Any) -> None:
    uitkomst = document["components"]["schemas"]["Besluit"]["properties"]["uitkomst"]
    uitkomst["enum"].remove("ONGELDIGE_INVOER")


def zonder_weigering(document: Any) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            del operation["responses"]["401"]


def ander_formaat(document: Any) -> None:
    answer = document["paths"]["/v1/data/uitfasering/besluit"]["post"]["responses"]["200"]
    answer["content"]["application/xml"] = answer["content"].pop("application/json")


def nieuw_veld(document: Any) -> None:
    """One that the sidecar refuses: right by the document, and not judged."""
    toewijzing = document["components"]["schemas"]["Toewijzing"]
    toewijzing["properties"]["prioriteit"] = {"type": "integer"}
    toewijzing["required"].append("prioriteit")


def andere_waarde(document: Any) -> None:
    """A field that may be more than the sidecar knows; only our own check can see that."""
    document["components"]["schemas"]["Toewijzing"]["properties"]["gemeente"] = {"type": "string"}


@pytest.mark.parametrize(
    ("fout", "fase", "gezegd"),
    [
        pytest.param(ander_type, "examples", "is not of type", id="in-elk-antwoord"),
        pytest.param(
            andere_waarde, "fuzzing", "was not judged", id="waarde", marks=pytest.mark.lang
        ),
        pytest.param(
            zonder_uitkomst, "fuzzing", "is not one of", id="zelden", marks=pytest.mark.lang
        ),
        pytest.param(
            zonder_weigering, "coverage", "Received: 401", id="status", marks=pytest.mark.lang
        ),
        pytest.param(
            ander_formaat, "examples", "application/xml", id="formaat", marks=pytest.mark.lang
        ),
        pytest.param(
            nieuw_veld, "fuzzing", "was not judged", id="nieuw-veld", marks=pytest.mark.lang
        ),
    ],
)
def test_it_finds_what_is_wrong(
    fout: Callable[[Any], None],
    fase: str,
    gezegd: str,
    sidecar: Sidecar,
    document: Any,
    tmp_path: Path,
) -> None:
    fout(document)
    done = draai(sidecar, tmp_path, document, fasen=fase, aantal=25)
    assert done.returncode == 1, done.stdout + done.stderr
    assert gezegd in done.stdout
