"""Read a bundle file: which agreements it holds, and who signed them. Asks no OPA.

A bundle may come from anyone (uitfasering bewijs): what is too large or oddly packed is refused
before it costs memory, and nothing is written to disk.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.bundel import BUNDEL
from uitfasering.errors import BuildError, os_zin
from uitfasering.sidecarmap import Sidecarmap

_HANDTEKENING = ".signatures.json"
_MANIFEST = ".manifest"
_GEEN_ARCHIEF = (tarfile.TarError, EOFError, OSError, zlib.error)
_MAX_BYTES = 16 * 2**20  # unpacked; ours are 0.2 MB, and the sidecar takes no larger file either


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
        with pad.open("rb") as bestand:
            inhoud = bestand.read(_MAX_BYTES + 1)
    except OSError as error:
        raise BuildError(f"De bundel is niet te lezen. {os_zin(error)}") from error
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
            revisie=_tekst(gegevens["revisie"]),
            gebouwd=_tekst_of_niets(manifest.get("metadata", {}).get("gebouwd")),
            bestanden={name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
            handtekening=_tekst(json.loads(signed)["signatures"][0]) if signed else None,
            gegevens=gegevens,
        )
    except (*_GEEN_ARCHIEF, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        raise BuildError(
            f"{naam} is geen bundel met deze afspraken. Een bundel maakt u met: uitfasering bundel"
        ) from None


def gewone_plaatsen(root: Path) -> list[Path]:
    """Where bundles are when nobody says: what is there, the signed ones first."""
    sidecar = Sidecarmap.gewoon(root)
    plaatsen = (sidecar.archief, sidecar.bundels, root / BUNDEL)
    return [plaats for plaats in plaatsen if plaats.exists()]


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


def rego_van(bundel: Bundelbestand) -> dict[str, str]:
    """The policies in a bundle, by file."""
    files = _uitgepakt(bundel.inhoud).items()
    return {name: file.decode("utf-8", "replace") for name, file in files if name.endswith(".rego")}


def _uitgepakt(inhoud: bytes) -> dict[str, bytes]:
    """The files by name, without the leading ``/``; a ValueError when it is not as OPA packs."""
    with gzip.open(io.BytesIO(inhoud)) as stroom:
        uitgepakt = stroom.read(_MAX_BYTES + 1)
    if len(uitgepakt) > _MAX_BYTES:
        raise ValueError("too large")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(uitgepakt), mode="r:") as archive:
        for member in archive:
            name = member.name.removeprefix("/")
            # A sparse file takes no room in the archive and as much as it likes in memory. Of two
            # files with one name OPA might see the other one.
            source = archive.extractfile(member) if _gewoon(member) else None
            if source is None or name in files or {"", ".", ".."} & set(name.split("/")):
                raise ValueError("not as OPA packs it")
            files[name] = source.read()
    return files


def _gewoon(member: tarfile.TarInfo) -> bool:
    soort = member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()
    return soort and 0 <= member.size <= _MAX_BYTES


def _tekst(waarde: Any) -> str:
    if not isinstance(waarde, str):
        raise ValueError("not a text")
    return waarde


def _tekst_of_niets(waarde: Any) -> str | None:
    return None if waarde is None else _tekst(waarde)
