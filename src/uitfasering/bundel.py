"""The bundle: one deterministic file that makes any OPA answer both entry points."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from uitfasering.errors import BuildError
from uitfasering.paths import opa_binary, project_root

BUNDEL = Path("build") / "uitfasering.tar.gz"


@dataclass(frozen=True)
class Bundel:
    """A built bundle: its file, its revision (SHA-256 of the content), and whether it was new."""

    path: Path
    revisie: str
    vernieuwd: bool


def bouw_bundel(root: Path | None = None, *, opnieuw: bool = False) -> Bundel:
    """Build ``build/uitfasering.tar.gz`` from the policies, tables and schemas of ``root``.

    Skips the work when none of them changed since the last build, unless ``opnieuw``. The same
    content gives the same bytes.

    Raises:
        BuildError: the tables or policies are wrong; the bundle that was there stays.
        OpaUnavailable: no OPA to build with.
    """
    root = root or project_root()
    target = root / BUNDEL
    stamp_file = target.with_suffix(".stempel.json")
    stamp = _stamp(root)
    if not opnieuw and (known := _known(stamp_file, stamp, target)):
        return Bundel(target, known, vernieuwd=False)
    # Imported here: reading the tables is not needed when nothing changed.
    from uitfasering.gegevens import laad
    from uitfasering.rego.controle import keur_stage
    from uitfasering.stage import maak_stage

    gegevens = laad(root)

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundel-") as folder:
        stage = Path(folder) / "stage"
        stage.mkdir()
        revision = maak_stage(stage, root=root, gegevens=gegevens)
        if meldingen := keur_stage(stage, root, gegevens):
            lines = "\n".join(map(str, meldingen))
            raise BuildError(f"De regels kloppen niet:\n{lines}", meldingen)
        built = Path(folder) / target.name
        opa_build(stage, built)
        built.replace(target)
    known_now = {"bron": stamp, "revisie": revision, "bundel": _digest(target)}
    stamp_file.write_text(json.dumps(known_now), "utf-8")
    return Bundel(target, revision, vernieuwd=True)


def opa_build(stage: Path, output: Path, *, sleutel: Path | None = None) -> None:
    """Pack a stage as a bundle, signed when there is a ``sleutel`` (PEM, EC P-256).

    Raises:
        BuildError: with what OPA says of the policies, or of the key.
    """
    # From inside the stage: from outside, the folder's name gets into the archive.
    command = [str(opa_binary()), "build", "--bundle", ".", "--output", str(output.resolve())]
    if sleutel is not None:
        command += ["--signing-alg", "ES256", "--signing-key", str(sleutel.resolve())]
    done = subprocess.run(command, cwd=stage, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"OPA kan de bundel niet bouwen:\n{(done.stderr or done.stdout).strip()}")


def _stamp(root: Path) -> str:
    """A hash of everything the bundle is made from, this package included."""
    digest = hashlib.sha256()
    sources = [
        *(root / "policies").rglob("*.rego"),
        *(root / "data").rglob("*.yaml"),
        *(root / "schemas").glob("*.json"),
        *Path(__file__).parent.rglob("*.py"),
    ]
    for source in sorted(sources):
        digest.update(f"\0{source}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _known(stamp_file: Path, stamp: str, target: Path) -> str | None:
    """The revision of a bundle that is still right, else None."""
    try:
        known = json.loads(stamp_file.read_text("utf-8"))
        if known["bron"] == stamp and known["bundel"] == _digest(target):
            return str(known["revisie"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
