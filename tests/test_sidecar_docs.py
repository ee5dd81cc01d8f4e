"""docs/sidecar.md: its commands run, and what it says is what the configuration says."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from bundelserver import Bundelserver
from sidecarhulp import Sidecar, dienst, draaiend
from uitfasering.cli import uitfasering
from uitfasering.sidecarmap import Sidecarmap

COMPOSE = ["docker", "compose", "--env-file", "scripts/opa-versie"]


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "docs" / "sidecar.md").read_text("utf-8")


@pytest.fixture(scope="module")
def opdrachten(text: str) -> list[list[str]]:
    """Every command of ours and of Compose, in words; also in the middle of a sentence."""
    lines = text.replace("\\\n", " ")
    start = r"(?:\.venv/bin/)?uitfasering |docker compose -"
    found = re.findall(rf"^((?:{start}).*)$|`((?:{start})[^`]*)`", lines, re.M)
    return [shlex.split(block or inline) for block, inline in found]


def test_every_command_of_ours_exists(opdrachten: list[list[str]]) -> None:
    ours = [words[1:] for words in opdrachten if words[0].endswith("uitfasering")]
    assert len(ours) > 10
    for words in ours:
        command: click.Command = uitfasering
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words[0])
            assert found, words
            command, words = found, words[1:]
        options = {name for option in command.params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


def test_every_command_of_compose_is_complete(root: Path, opdrachten: list[list[str]]) -> None:
    compose = [words for words in opdrachten if words[0] == "docker"]
    assert len(compose) > 5
    for words in compose:
        assert words[: len(COMPOSE)] == COMPOSE, words
        rest = words[len(COMPOSE) :]
        while rest[0] == "-f":
            assert (root / rest[1]).is_file(), words
            rest = rest[2:]
        assert rest[0] in ("up", "ps", "down", "logs", "restart"), words


@pytest.fixture(scope="module")
def proef(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    """What scripts/sidecar-proef makes, running."""
    place = tmp_path_factory.mktemp("proef") / "sidecar"
    script = ["bash", str(root / "scripts" / "sidecar-proef"), str(place)]
    subprocess.run(script, check=True, capture_output=True, timeout=300)
    sidecar = Sidecarmap(place)
    with (
        Bundelserver(sidecar.bundels).draait() as bundels,
        draaiend(sidecar, {}, bundels.url) as it,
    ):
        yield it


def test_the_trial(root: Path, text: str, proef: Sidecar) -> None:
    """The blocks of "Try it" as they are, but for the places."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    blocks = re.findall(r"^```\n(.*?)```", text.split("\n## Who may")[0], re.M | re.S)

    def run(block: str) -> subprocess.CompletedProcess[str]:
        here = {
            "build/sidecar": str(proef.sidecar.map),
            "127.0.0.1:8181": f"127.0.0.1:{proef.poort}",
            "127.0.0.1:8282": f"127.0.0.1:{proef.diagnosepoort}",
        }
        for old, new in here.items():
            block = block.replace(old, new)
        command = ["bash", "-ec", block]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)

    _, besluit, curl = blocks
    done = run(besluit)
    assert (done.returncode, done.stderr) == (1, "")  # 1: not everything is allowed
    assert "NIET TOEGESTAAN" in done.stdout
    done = run(curl)
    assert (done.returncode, done.stderr) == (0, "")
    answer, health = done.stdout.splitlines()
    assert json.loads(answer)["result"]["uitkomst"] == "NIET_TOEGESTAAN"
    assert health == "{}"
    header = proef.sidecar.geheim / "proef.kop"
    assert header.stat().st_mode & 0o777 == 0o600


def test_the_table_of_who_may_ask_what(root: Path, text: str) -> None:
    rego = (root / "policies" / "system" / "authz" / "authz.rego").read_text("utf-8")
    rules = re.findall(r"^_mag if \{\n(.*?)^\}", rego, re.M | re.S)
    table = text.split("\n## Who may")[1].split("\n## ")[0]
    rows = [row.split(" | ") for row in table.splitlines() if row.startswith(("| `GET", "| `POST"))]
    assert len(rows) == len(rules)
    for (request, right, parameters), rule in zip(rows, rules, strict=True):
        method = re.search(r'input\.method == "(\w+)"', rule)
        assert method
        assert set(re.findall(r"`([A-Z]+) ", request)) == {method[1]}
        assert re.findall(r'"(\w+)" in _houder\.rechten', rule) == re.findall(r"`(\w+)`", right)
        allowed = re.search(r"_alleen\((.*)\)", rule)
        assert allowed
        assert re.findall(r'"([^"]+)"', allowed[1]) == re.findall(r"`([^`]+)`", parameters)
    for reason in re.findall(r'"reason": "([^":]+)', rego):
        assert f"`{reason}`" in text


def opties(words: list[str]) -> dict[str, list[str]]:
    """The values of each option; of a value that is a place, only the name of the file."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, _, value = word.partition("=")
        found.setdefault(name, []).append(re.sub(r"(^|=)/\S+/", r"\1", value))
    return found


def test_the_systemd_unit_runs_the_same_command(root: Path, text: str) -> None:
    (unit,) = re.findall(r"^```ini\n(.*?)```", text, re.M | re.S)
    lines = [line.partition("=")[::2] for line in unit.replace("\\\n", " ").splitlines()]
    settings: dict[str, str] = dict(lines)
    opa = dienst(root)
    program, *words = settings["ExecStart"].split()
    assert program == "/usr/local/bin/opa"
    own = opties(words)
    assert own.pop("--set") == [
        "persistence_directory=uitfasering-opa",
        "plugins.file_logger.path=besluiten.log",
    ]
    assert settings["StateDirectory"] == settings["LogsDirectory"] == "uitfasering-opa"
    # On one machine loopback is enough; in a container `ports` decides.
    assert own.pop("--addr") == ["127.0.0.1:8181"]
    assert own.pop("--diagnostic-addr") == ["127.0.0.1:8282"]
    compose = opties(opa["command"])
    del compose["--addr"], compose["--diagnostic-addr"]
    assert own == compose
    environment = dict(v.partition("=")[::2] for k, v in lines if k == "Environment")
    assert environment.keys() == opa["environment"].keys()
    assert environment["GOMEMLIMIT"] == opa["environment"]["GOMEMLIMIT"]
    assert settings["MemoryMax"].lower() == opa["mem_limit"]
    assert settings["CPUQuota"] == f"{100 * opa['cpus']}%"
    assert int(settings["TasksMax"]) == opa["pids_limit"]
    assert f"{settings['TimeoutStopSec']}s" == opa["stop_grace_period"]


def test_every_variable_and_every_mount_is_explained(root: Path, text: str) -> None:
    compose = (root / "docker-compose.yml").read_text("utf-8")
    variables = set(re.findall(r"\$\{(UITFASERING_\w+)", compose))
    assert variables
    assert {name for name in variables if name not in text} == set()
    folders = set(re.findall(r'sidecar\}/(\w+)"', compose))
    assert {name for name in folders if f"| `{name}/` |" not in text} == set()


def test_the_numbers_are_those_of_the_configuration(root: Path, text: str) -> None:
    config: dict[str, Any] = yaml.safe_load((root / "sidecar" / "opa.yaml").read_text("utf-8"))
    polling = {name: bundle["polling"] for name, bundle in config["bundles"].items()}
    command = opties(dienst(root)["command"])
    times = [[p["min_delay_seconds"], p["max_delay_seconds"]] for p in polling.values()]
    (first, last), (soonest, latest) = times
    mebibyte = config["server"]["decoding"]["max_length"] // 2**20
    said = " ".join(text.split())
    for sentence in (
        f"every {first} to {last} seconds and for `toegang` every {soonest} or {latest},",
        f"A body may be {mebibyte} MiB",
        f"takes longer than {command['--ready-timeout'][0]} seconds it ends",
        f"finishes in at most {command['--shutdown-grace-period'][0]} seconds",
    ):
        assert sentence in said


def test_every_test_that_veiligheid_names_is_there(root: Path) -> None:
    said = (root / "docs" / "veiligheid.md").read_text("utf-8")
    named = set(re.findall(r"`((?:tests|policies)/[\w/.]+)`", said))
    assert len(named) > 12
    assert {name for name in named if not (root / name).exists()} == set()
