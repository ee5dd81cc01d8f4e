"""Where the project's own things are: its tables and policies, and the OPA to run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from uitfasering.errors import BuildError, OpaUnavailable

_MAPPEN = ("policies", "data", "schemas")


def project_root() -> Path:
    """The folder that holds ``policies/``, ``data/`` and ``schemas/``, as an absolute path.

    ``UITFASERING_ROOT`` when it is set, else the checkout this file is in, else the nearest
    folder from the current one upward.

    Raises:
        BuildError: there is no such folder; the message says where was looked.
    """
    given = os.environ.get("UITFASERING_ROOT")
    if given:
        root = Path(given).resolve()
        missing = [f"{name}/" for name in _MAPPEN if not (root / name).is_dir()]
        if missing:
            raise BuildError(
                f"UITFASERING_ROOT wijst naar {root}, maar daar ontbreekt: {', '.join(missing)}."
            )
        return root
    checkout = Path(__file__).resolve().parents[2]
    here = Path.cwd()
    for folder in (checkout, here, *here.parents):
        if is_project(folder):
            return folder
    raise BuildError(
        "De map met policies/, data/ en schemas/ is niet gevonden. Gezocht is in "
        f"{checkout}, in {here} en in de mappen daarboven. Ga in de map van het project staan, "
        "of zet UITFASERING_ROOT op die map."
    )


def is_project(folder: Path) -> bool:
    """Whether this folder holds ``policies/``, ``data/`` and ``schemas/``."""
    return all((folder / name).is_dir() for name in _MAPPEN)


def opa_binary() -> Path:
    """The ``opa`` to run.

    ``UITFASERING_OPA`` when it is set, else ``bin/opa`` of the project (whose version
    ``scripts/install-opa`` has checked), else a recent enough one on PATH.

    Raises:
        OpaUnavailable: there is none; the message says what to do.
        BuildError: the project itself is not found.
    """
    given = os.environ.get("UITFASERING_OPA")
    if given:
        if _runnable(Path(given)):
            return Path(given).resolve()
        raise OpaUnavailable(f"UITFASERING_OPA wijst naar {given}, maar dat is geen programma.")
    root = project_root()
    own = root / "bin" / "opa"
    if _runnable(own):
        return own
    minimum = _minimum(root)
    found = shutil.which("opa")
    if found and _version_of(found) >= minimum:
        return Path(found).resolve()
    raise OpaUnavailable(
        f"Er is geen OPA {'.'.join(map(str, minimum))} of nieuwer. "
        f"Start {root / 'scripts' / 'install-opa'}; dat zet OPA klaar."
    )


def opa_versie() -> str:
    """The version of the OPA that is used, e.g. ``1.22.2``."""
    return ".".join(map(str, _version_of(str(opa_binary()))))


def _runnable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _minimum(root: Path) -> tuple[int, int, int]:
    return _version_in((root / "scripts" / "opa-versie").read_text("utf-8"), "OPA_MINIMUM=")


def _version_of(opa: str) -> tuple[int, int, int]:
    try:
        answer = subprocess.run(
            [opa, "version"], capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return (0, 0, 0)
    return _version_in(answer.stdout, "Version: ")


def _version_in(text: str, label: str) -> tuple[int, int, int]:
    """The version on the line that starts with ``label``; 0.0.0 when there is none."""
    match = re.search(rf"^{re.escape(label)}(\d+)\.(\d+)\.(\d+)", text, re.MULTILINE)
    return (int(match[1]), int(match[2]), int(match[3])) if match else (0, 0, 0)
