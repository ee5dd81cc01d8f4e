"""Where the package looks for the project and for OPA."""

from __future__ import annotations

from pathlib import Path

import pytest

from uitfasering import paths
from uitfasering.errors import BuildError, OpaUnavailable

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UITFASERING_ROOT", raising=False)
    monkeypatch.delenv("UITFASERING_OPA", raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another project, pointed at by UITFASERING_ROOT, without an OPA; PATH is empty."""
    root = tmp_path / "project"
    for name in ("policies", "data", "schemas", "scripts"):
        (root / name).mkdir(parents=True)
    (root / "scripts" / "opa-versie").write_text("OPA_MINIMUM=1.17.0\n", "utf-8")
    monkeypatch.setenv("UITFASERING_ROOT", str(root))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return root


def fake_opa(path: Path, version: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\necho 'Version: {version}'\n", "utf-8")
    path.chmod(0o755)
    return path


def test_root_is_the_checkout_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.project_root() == CHECKOUT


def test_root_from_the_environment(project: Path) -> None:
    assert paths.project_root() == project


def test_incomplete_root_is_named(project: Path) -> None:
    (project / "data").rmdir()
    with pytest.raises(BuildError, match="ontbreekt: data/"):
        paths.project_root()


def test_installed_elsewhere_the_root_is_found_upward(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UITFASERING_ROOT")
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "lib" / "site" / "x" / "paths.py"))
    monkeypatch.chdir(project / "data")
    assert paths.project_root() == project
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BuildError, match=r"Gezocht is in .*lib.*UITFASERING_ROOT"):
        paths.project_root()


def test_own_opa_goes_before_path_and_is_not_started(project: Path, tmp_path: Path) -> None:
    fake_opa(tmp_path / "path" / "opa", "1.22.2")
    own = fake_opa(project / "bin" / "opa", "1.22.2")
    own.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    assert paths.opa_binary() == own


def test_given_opa_goes_first(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_opa(project / "bin" / "opa", "1.22.2")
    given = fake_opa(tmp_path / "mine" / "opa", "1.22.2")
    monkeypatch.setenv("UITFASERING_OPA", str(given))
    assert paths.opa_binary() == given
    given.chmod(0o644)
    with pytest.raises(OpaUnavailable, match="UITFASERING_OPA"):
        paths.opa_binary()


@pytest.mark.parametrize(("version", "found"), [("1.17.0", True), ("1.9.9", False)])
def test_opa_on_path_must_be_recent(
    project: Path, tmp_path: Path, version: str, found: bool
) -> None:
    on_path = fake_opa(tmp_path / "path" / "opa", version)
    if found:
        assert paths.opa_binary() == on_path
    else:
        with pytest.raises(OpaUnavailable, match=r"1\.17\.0 of nieuwer.*install-opa"):
            paths.opa_binary()


def test_no_opa_says_what_to_do(project: Path) -> None:
    with pytest.raises(OpaUnavailable, match="install-opa"):
        paths.opa_binary()


def test_pinned_version_is_not_below_the_minimum() -> None:
    text = (CHECKOUT / "scripts" / "opa-versie").read_text("utf-8")
    minimum = paths._version_in(text, "OPA_MINIMUM=")
    assert (0, 0, 0) < minimum <= paths._version_in(text, "OPA_VERSIE=")
