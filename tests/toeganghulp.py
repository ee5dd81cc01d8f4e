"""A sidecar's folder with only the keys for the tokens: enough for ``uitfasering token``."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from clihulp import Cli
from uitfasering.sidecarmap import Sidecarmap

EIGEN = "van-de-geheimenkluis-0123456789abcdef"
"""A token as a secret manager may make it."""


def bij(sidecar: Sidecarmap) -> tuple[str, str]:
    return ("--sidecar", str(sidecar.map))


def hash_van(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def maak(cli: Cli, sidecar: Sidecarmap, naam: str = "zaak", *rechten: str) -> str:
    """The token that ``token nieuw`` made, in <naam>.token beside the folder."""
    naar = sidecar.map.parent / f"{naam}.token"
    opties = [f"--recht={recht}" for recht in rechten or ("besluit",)]
    gelezen = cli("token", "nieuw", naam, *opties, "--naar", naar, *bij(sidecar))
    assert gelezen.code == 0, gelezen.fout
    return naar.read_text("ascii").removesuffix("\n")


def maak_sleutel(pad: Path) -> Path:
    command = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run([*command, "-out", str(pad)], check=True, capture_output=True, timeout=60)
    return pad


def maak_sidecarmap(map_: Path) -> Sidecarmap:
    sidecar = Sidecarmap(map_)
    for folder in (sidecar.geheim, sidecar.sleutels):
        folder.mkdir(parents=True)
    sleutel = maak_sleutel(sidecar.geheim / "toegang.key")
    publiek = sidecar.sleutels / "toegang.pub"
    command = ["openssl", "pkey", "-in", str(sleutel), "-pubout", "-out", str(publiek)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return sidecar


def delen(bundel: Path) -> dict[str, bytes]:
    """The files in a bundle."""
    with tarfile.open(bundel) as archief:
        return {
            deel.name: stroom.read()
            for deel in archief.getmembers()
            if (stroom := archief.extractfile(deel))
        }


def in_bundel(sidecar: Sidecarmap) -> dict[str, Any]:
    """``data.toegang`` as the signed bundle holds it."""
    content = json.loads(delen(sidecar.bundels / "toegang.tar.gz")["/data.json"])
    found: dict[str, Any] = content["toegang"]
    return found


def bestanden(map_: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: what is in it, and its mode."""
    return {
        str(pad.relative_to(map_)): (pad.read_bytes(), pad.stat().st_mode & 0o777)
        for pad in sorted(map_.rglob("*"))
        if pad.is_file()
    }
