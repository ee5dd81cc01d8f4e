"""Signed bundles: what a sidecar accepts, and nothing else (docs/sidecar.md, "Bundles")."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from uitfasering.bundel import Bundel, opa_build
from uitfasering.errors import BuildError
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap

_MAAK_SLEUTEL = (
    "Maak een sleutel met: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {}"
)


def onderteken(stage: Path, sleutel: Path, doel: Path) -> None:
    """Pack a stage as a signed bundle, at ``doel``; what was there stays until it is ready.

    The time goes into the manifest (``metadata.gebouwd``, UTC), so that an older bundle can be told
    from a newer one: OPA accepts any bundle with a right signature.

    Args:
        stage: a folder with a bundle's files and a ``.manifest``, which is changed.
        sleutel: PEM file with the private key, EC P-256 (ES256).
        doel: the file to write, readable for everyone: it holds nothing secret.

    Raises:
        BuildError: no such key, not a key of that kind, or what OPA says of the bundle.
        OpaUnavailable: no OPA to build with.
    """
    if not sleutel.is_file():
        raise BuildError(f"De sleutel {sleutel} is er niet. {_MAAK_SLEUTEL.format(sleutel)}")
    manifest = stage / ".manifest"
    content = json.loads(manifest.read_text("utf-8"))
    gebouwd = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    content["metadata"] = {**content.get("metadata", {}), "gebouwd": gebouwd}
    manifest.write_text(json.dumps(content), "utf-8")
    doel.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=doel.parent, prefix=".bundel-") as folder:
        signed = Path(folder) / doel.name
        try:
            opa_build(stage, signed, sleutel=sleutel)
        except BuildError as error:
            raise BuildError(
                f"De bundel is niet ondertekend. Is {sleutel} een geheime sleutel van de soort EC "
                f"P-256, zonder wachtwoord? {_MAAK_SLEUTEL.format('BESTAND')}\n{error}"
            ) from error
        signed.chmod(0o644)
        _maak_nieuwer(signed, doel)
        signed.replace(doel)


def onderteken_afspraken(gebouwd: Bundel, sleutel: Path, sidecar: Sidecarmap) -> Path:
    """Sign the bundle of the agreements for a sidecar, when its self-test passes.

    A copy goes into its archive first: a besluit can be explained later only with the bundle that
    gave it.

    Returns:
        The file that the sidecar gets.

    Raises:
        BuildError: as ``onderteken``, or a self-test has an answer that data/zelftest.yaml does not
            say.
        OpaUnavailable: no OPA to build with.
    """
    with tempfile.TemporaryDirectory(prefix="uitfasering-teken-") as folder:
        stage = Path(folder)
        with tarfile.open(gebouwd.path) as archive:
            for member in archive.getmembers():
                source = archive.extractfile(member)
                if source is not None:
                    target = stage / member.name.lstrip("/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(source.read())
        if fouten := _zelftest_fouten(stage):
            raise BuildError(
                "De bundel is niet ondertekend: de zelftest krijgt een ander antwoord dan in "
                f"data/zelftest.yaml staat, bij: {', '.join(fouten)}. Klopt het nieuwe antwoord? "
                "Pas dan data/zelftest.yaml aan. Anders is er iets mis met de afspraken."
            )
        doel = sidecar.bundels / gebouwd.path.name
        bewaard = sidecar.archief / f"{gebouwd.revisie}.tar.gz"
        onderteken(stage, sleutel, bewaard)
        kopieer(bewaard, doel)
    return doel


def kopieer(bron: Path, doel: Path) -> None:
    """Copy a bundle; what was at ``doel`` stays until the copy is there."""
    doel.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=doel.parent, prefix=".bundel-") as folder:
        nieuw = Path(folder) / doel.name
        shutil.copy(bron, nieuw)
        _maak_nieuwer(nieuw, doel)
        nieuw.replace(doel)


def _maak_nieuwer(nieuw: Path, oud: Path) -> None:
    """Give a file a time at least a second after that of the file it replaces.

    A web server's ETag is often the time in whole seconds and the length: with both the same OPA
    would not fetch the new bundle, and go on with a token that was withdrawn.
    """
    if oud.exists():
        moment = max(nieuw.stat().st_mtime, oud.stat().st_mtime + 1)
        os.utime(nieuw, (moment, moment))


def _zelftest_fouten(stage: Path) -> list[str]:
    """The names of the self-tests that fail, as the running OPA would find them."""
    query = "data.system.health.zelftest_fouten"
    command = [str(opa_binary()), "eval", "--bundle", str(stage), "--format=json", query]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found: list[str] = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
    except (ValueError, LookupError, TypeError) as error:
        said = (done.stderr or done.stdout).strip()
        raise BuildError(f"OPA kan de zelftest niet doen:\n{said}") from error
    return found
