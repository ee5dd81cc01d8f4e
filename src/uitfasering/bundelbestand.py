"""Read a bundle file: which agreements it holds, and who signed them. Asks no OPA."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError

_HANDTEKENING = ".signatures.json"
_MANIFEST = ".manifest"


@dataclass(frozen=True)
class Bundelbestand:
    """A bundle, in memory.

    Attributes:
        naam: the file, for messages.
        inhoud: its bytes.
        revisie: of the agreements, as a besluit has it in ``herkomst``.
        gebouwd: when it was signed (UTC), None when it is not.
        bestanden: the SHA-256 of every file in it, by name; without the manifest and the signature.
        handtekening: the signature, a JWT; None when it is not signed.
        gegevens: the compiled tables, by name (``data.gegevens`` in OPA).
    """

    naam: str
    inhoud: bytes
    revisie: str
    gebouwd: str | None
    bestanden: dict[str, str]
    handtekening: str | None
    gegevens: dict[str, Any]


def lees_bundel(pad: Path) -> Bundelbestand:
    """The bundle in a file.

    Raises:
        BuildError: no such file, or it is not a bundle of these agreements.
    """
    try:
        inhoud = pad.read_bytes()
    except OSError as error:
        raise BuildError(f"De bundel {pad} kan niet worden gelezen: {error.strerror}.") from error
    return ontleed(str(pad), inhoud)


def ontleed(naam: str, inhoud: bytes) -> Bundelbestand:
    """The bundle in these bytes; ``naam`` is for messages.

    Raises:
        BuildError: it is not a bundle of these agreements.
    """
    try:
        files = _uitgepakt(inhoud)
        manifest = json.loads(files.pop(_MANIFEST))
        signed = files.pop(_HANDTEKENING, None)
        gegevens = json.loads(files["data.json"])["gegevens"]
        return Bundelbestand(
            naam,
            inhoud,
            revisie=gegevens["revisie"],
            gebouwd=manifest.get("metadata", {}).get("gebouwd"),
            bestanden={name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
            handtekening=json.loads(signed)["signatures"][0] if signed else None,
            gegevens=gegevens,
        )
    except (tarfile.TarError, EOFError, OSError, ValueError, LookupError, AttributeError) as error:
        raise BuildError(
            f"{naam} is geen bundel met deze afspraken. Een bundel maakt u met: uitfasering bundel"
        ) from error


def zoek_bundels(paden: Sequence[Path]) -> dict[str, Bundelbestand]:
    """The bundles in these files, and in the ``*.tar.gz`` of these folders, by revision.

    Raises:
        BuildError: a file that is not a bundle of these agreements (in a folder it is passed over).
    """
    found: dict[str, Bundelbestand] = {}
    for pad in paden:
        if not pad.is_dir():
            bundel = lees_bundel(pad)
            found.setdefault(bundel.revisie, bundel)
            continue
        for bestand in sorted(pad.glob("*.tar.gz")):
            try:
                bundel = lees_bundel(bestand)
            except BuildError:
                continue  # toegang.tar.gz, for one
            found.setdefault(bundel.revisie, bundel)
    return found


def _uitgepakt(inhoud: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(inhoud), mode="r:gz") as archive:
        return {
            member.name.lstrip("/"): source.read()
            for member in archive.getmembers()
            if (source := archive.extractfile(member)) is not None
        }
