"""Who may ask the sidecar what: tokens by name, of which only the SHA-256 is kept.

``toegang.yaml`` in the sidecar's folder is what the operator has (toegangsbestand); the bundle made
from it (root ``toegang``) is what OPA gets. policies/system/authz decides with it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
import tarfile
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError, MessageError, os_zin
from uitfasering.sidecarmap import Sidecarmap

RECHTEN = ("besluit", "compile", "metrics")
"""Ask both entry points; use the Compile API on the agreements; read the metrics."""

MINIMUM = 32
"""Characters; a shorter token that was made elsewhere may be one that can be guessed."""

BUNDEL = "toegang.tar.gz"

_MAX_TEKENS = 4096


def nieuw_token() -> str:
    """A token nobody can guess: 256 random bits in 43 characters, safe in a header."""
    return secrets.token_urlsafe(32)


def lees_token(bestand: str, *, minimum: int = 1) -> str:
    """The token in a file, or on standard input when that is ``-``; one newline at the end is not.

    Args:
        bestand: its path.
        minimum: the least number of characters.

    Raises:
        MessageError: it cannot be read, or is not a token; never says what stands there.
    """
    plek = "de standaardinvoer" if bestand == "-" else bestand
    try:
        # Room for the newline, and one more: then it is too long.
        if bestand == "-":
            content = sys.stdin.buffer.read(_MAX_TEKENS + 3)
        else:
            with Path(bestand).open("rb") as file:
                content = file.read(_MAX_TEKENS + 3)
    except OSError as error:
        raise MessageError(f"Het token is niet te lezen. {os_zin(error)}") from None
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    if not content:
        raise MessageError(f"Er staat geen token in {plek}.")
    if not all(0x21 <= byte <= 0x7E for byte in content):
        raise MessageError(
            f"Wat er in {plek} staat, is geen token. Een token is één regel van letters, cijfers "
            "en leestekens, zonder spaties en zonder letters met een accent."
        )
    if not minimum <= len(content) <= _MAX_TEKENS:
        raise MessageError(
            f"Het token in {plek} is te {'kort' if len(content) < minimum else 'lang'}. Een token "
            f"heeft {minimum} tot en met {_MAX_TEKENS} tekens."
        )
    return content.decode("ascii")


def sha256(token: str) -> str:
    """What is kept of a token, in hexadecimal. It is random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def document(tokens: Mapping[str, Mapping[str, Any]], revisies: Collection[str] | None) -> Any:
    """``data.toegang`` as policies/system reads it.

    Args:
        tokens: by name, each with ``sha256`` and ``rechten``.
        revisies: the revisions of the agreements that are expected; None or none: any that is
            signed.

    Raises:
        BuildError: two names have the same token.
    """
    by_hash: dict[str, Any] = {}
    for name, token in tokens.items():
        if other := by_hash.get(token["sha256"]):
            raise BuildError(
                f"{other['naam']} en {name} hebben hetzelfde token. Geef elk een eigen token."
            )
        by_hash[token["sha256"]] = {"naam": name, "rechten": sorted(token["rechten"])}
    found: dict[str, Any] = {"tokens": by_hash}
    if revisies:
        found["revisies"] = sorted(revisies)
    return found


def maak_bundel(inhoud: Mapping[str, Any], sleutel: Path, sidecar: Sidecarmap) -> str:
    """Write the signed bundle ``bundels/toegang.tar.gz`` with this ``data.toegang``.

    Returns:
        Its revision: the SHA-256 of the content.

    Raises:
        BuildError: the key is not there or not right.
        OpaUnavailable: no OPA to build with.
    """
    from uitfasering.ondertekenen import onderteken  # late: reading a token needs none of it

    content = _json(inhoud)
    revision = revisie(inhoud)
    with tempfile.TemporaryDirectory(prefix="uitfasering-toegang-") as folder:
        stage = Path(folder)
        (stage / "toegang").mkdir()
        (stage / "toegang" / "data.json").write_bytes(content)
        manifest = {"revision": revision, "roots": ["toegang"], "rego_version": 1}
        (stage / ".manifest").write_text(json.dumps(manifest), "utf-8")
        onderteken(stage, sleutel, sidecar.bundels / BUNDEL)
    return revision


def revisie(inhoud: Mapping[str, Any]) -> str:
    """The revision of a bundle with this ``data.toegang``."""
    return hashlib.sha256(_json(inhoud)).hexdigest()


def revisie_van_bundel(sidecar: Sidecarmap) -> str | None:
    """The revision of ``bundels/toegang.tar.gz``; None when there is no such bundle."""
    try:
        with tarfile.open(sidecar.bundels / BUNDEL) as archive:
            manifest = archive.extractfile("/.manifest")
            return str(json.load(manifest)["revision"]) if manifest else None
    except (OSError, tarfile.TarError, LookupError, ValueError, EOFError):
        return None


def _json(inhoud: Mapping[str, Any]) -> bytes:
    return json.dumps(inhoud, sort_keys=True).encode()
