"""scripts/test says with its exit code whether every stage was in order, and which was not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from uitfasering.paths import project_root

STAGES = ["scripts/check", "scripts/opa-test", ".venv/bin/uitfasering", ".venv/bin/python"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which every stage succeeds at once."""
    for name in ("scripts/setup", *STAGES):
        stage = tmp_path / name
        stage.parent.mkdir(parents=True, exist_ok=True)
        stage.write_text('#!/bin/sh\necho ran >>"$0.log"\n', "utf-8")
        stage.chmod(0o755)
    shutil.copy(project_root() / "scripts" / "test", tmp_path / "scripts" / "test")
    return tmp_path


def run(checkout: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "UITFASERING_TEST_VOLLEDIG"}
    return subprocess.run(
        ["bash", "scripts/test"],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_all_in_order(checkout: Path) -> None:
    done = run(checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert all((checkout / f"{stage}.log").exists() for stage in STAGES)


@pytest.mark.parametrize("stage", ["scripts/check", "scripts/opa-test", ".venv/bin/python"])
def test_one_stage_fails(checkout: Path, stage: str) -> None:
    (checkout / stage).write_text(f'#!/bin/sh\necho ran >>"{checkout / stage}.log"\nexit 1\n')
    done = run(checkout)
    assert done.returncode == 1
    name = {".venv/bin/python": "pytest"}.get(stage, stage)
    assert done.stderr == f"FOUT: niet in orde: [{name}]\n"
    assert all((checkout / f"{each}.log").exists() for each in STAGES)  # the others ran too
