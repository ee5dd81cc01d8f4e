"""The folder a sidecar runs from: what it is given, and what only the operator has.

docker-compose.yml mounts five of its folders; docs/sidecar.md describes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from uitfasering.paths import project_root


@dataclass(frozen=True)
class Sidecarmap:
    """Where everything is, from the folder itself."""

    map: Path

    @classmethod
    def gewoon(cls, root: Path | None = None) -> Sidecarmap:
        """The one ``scripts/sidecar-proef`` makes: ``build/sidecar``."""
        return cls((root or project_root()) / "build" / "sidecar")

    @property
    def toegang(self) -> Path:
        """Who may ask what: names, rights and hashes of tokens (schemas/toegang.json)."""
        return self.map / "toegang.yaml"

    @property
    def bundels(self) -> Path:
        """The signed bundles, for the web server: uitfasering.tar.gz and toegang.tar.gz."""
        return self.map / "bundels"

    @property
    def sleutels(self) -> Path:
        """The public keys, for OPA: afspraken.pub and toegang.pub."""
        return self.map / "sleutels"

    @property
    def tls(self) -> Path:
        """For OPA: the CA, the server's certificate, and that of its health check (mutual TLS).

        ca.crt, server.crt, server.key, gezond.crt, gezond.key.
        """
        return self.map / "tls"

    @property
    def bewaard(self) -> Path:
        """Where OPA keeps the last good bundles."""
        return self.map / "bewaard"

    @property
    def logboek(self) -> Path:
        """Where OPA writes every besluit (docs/logboek.md)."""
        return self.map / "logboek"

    @property
    def archief(self) -> Path:
        """Never mounted: every signed bundle there has been, as ``<revisie>.tar.gz``."""
        return self.map / "archief"

    @property
    def geheim(self) -> Path:
        """Never mounted: the private keys (afspraken.key, toegang.key, ca.key) and new tokens."""
        return self.map / "geheim"
