"""scripts/setup says what to install when this machine cannot make the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from uitfasering.paths import project_root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    shutil.copy(project_root() / "scripts" / "setup", tmp_path / "scripts" / "setup")
    shutil.copy(project_root() / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def setup(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "scripts/setup"],
        cwd=checkout,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_no_python(checkout: Path) -> None:
    done = setup(checkout, PYTHON="python-die-er-niet-is")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("FOUT: Python ontbreekt (python-die-er-niet-is)")
    assert "Python 3.10 of nieuwer" in done.stderr


def test_old_python(checkout: Path) -> None:
    old = checkout / "python3.9"
    shim = "import sys; sys.version_info = (3, 9, 18); exec(sys.argv.pop(1))"
    old.write_text(f'#!/bin/sh\nshift\nexec "{sys.executable}" -c "{shim}" "$@"\n', "utf-8")
    old.chmod(0o755)
    done = setup(checkout, PYTHON=str(old))
    assert done.returncode == 1
    assert "is te oud. Installeer Python 3.10 of nieuwer" in done.stderr
    assert not (checkout / ".venv").exists()


def test_python_without_venv(checkout: Path) -> None:
    """As on Debian, which packs ensurepip apart."""
    (checkout / "without").mkdir()
    (checkout / "without" / "ensurepip.py").write_text("raise ImportError", "utf-8")
    done = setup(checkout, PYTHON=sys.executable, PYTHONPATH=str(checkout / "without"))
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.zwaar  # makes a real environment: 5 seconds
def test_packages_out_of_reach_is_not_taken_for_done(checkout: Path) -> None:
    done = setup(
        checkout, PYTHON=sys.executable, PIP_INDEX_URL="http://127.0.0.1:1", PIP_RETRIES="0"
    )
    assert done.returncode == 1
    assert "FOUT: de Python-pakketten zijn niet te installeren" in done.stderr
    assert not (checkout / ".venv" / "uitfasering-setup").exists()


def test_the_environment_of_another_checkout_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "ander"
    other.mkdir()
    (other / "bestand").touch()
    (checkout / ".venv").symlink_to(other)
    done = setup(checkout, PYTHON=sys.executable, PIP_INDEX_URL="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "FOUT: .venv is een koppeling (symlink)" in done.stderr
    assert (other / "bestand").exists()
