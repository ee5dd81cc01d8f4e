"""Who may ask the sidecar what: tokens by name, of which only the SHA-256 is kept.

``toegang.yaml`` in the sidecar's folder is what the operator has; the bundle made from it (root
``toegang``) is what OPA gets. policies/system/authz decides with it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError
from uitfasering.ondertekenen import onderteken
from uitfasering.sidecarmap import Sidecarmap

RECHTEN = ("besluit", "compile", "metrics")
"""Ask both entry points; use the Compile API on the agreements; read the metrics."""

BUNDEL = "toegang.tar.gz"


def nieuw_token() -> str:
    """A token nobody can guess: 256 random bits in 43 characters, safe in a header."""
    return secrets.token_urlsafe(32)


def sha256(token: str) -> str:
    """What is kept of a token, in hexadecimal. It is random, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def document(tokens: Mapping[str, Mapping[str, Any]], revisies: Collection[str] | None) -> Any:
    """``data.toegang`` as policies/system reads it.

    Args:
        tokens: by name, each with ``sha256`` and ``rechten``.
        revisies: the revisions of the agreements that are expected; None: any that is signed.
    """
    by_hash = {
        token["sha256"]: {"naam": name, "rechten": sorted(token["rechten"])}
        for name, token in tokens.items()
    }
    if len(by_hash) < len(tokens):
        raise BuildError("Twee namen hebben hetzelfde token. Geef elk een eigen token.")
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
    content = json.dumps(inhoud, sort_keys=True).encode()
    revision = hashlib.sha256(content).hexdigest()
    with tempfile.TemporaryDirectory(prefix="uitfasering-toegang-") as folder:
        stage = Path(folder)
        (stage / "toegang").mkdir()
        (stage / "toegang" / "data.json").write_bytes(content)
        manifest = {"revision": revision, "roots": ["toegang"], "rego_version": 1}
        (stage / ".manifest").write_text(json.dumps(manifest), "utf-8")
        onderteken(stage, sleutel, sidecar.bundels / BUNDEL)
    return revision
