"""Ask OPA what a bundle says, and whether a key signed it: the one place where either happens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError, MessageError, os_zin
from uitfasering.opa_process import OpaProcess

_SECONDEN = 30.0
_OPA_ZEGT = "OPA zegt:\n"
_PEM = re.compile(
    rb"\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*", re.ASCII
)


@dataclass(frozen=True)
class Sleutel:
    """A public key: the file, and the SHA-256 of the key itself (DER)."""

    pad: Path
    sha256: str


def lees_sleutel(pad: Path) -> Sleutel:
    """The public key in a PEM file.

    Raises:
        MessageError: it cannot be read, or is no public key.
    """
    try:
        gevonden = _PEM.fullmatch(pad.read_bytes())
        der = base64.b64decode(b"".join(gevonden[1].split()), validate=True) if gevonden else b""
    except OSError as error:
        raise MessageError(f"De sleutel is niet te lezen. {os_zin(error)}") from error
    except binascii.Error:
        der = b""
    if not der:
        raise MessageError(
            f"In {pad} staat geen publieke sleutel. Zo'n bestand begint met "
            "-----BEGIN PUBLIC KEY----- en heet bij de sidecar afspraken.pub."
        )
    return Sleutel(pad, hashlib.sha256(der).hexdigest())


@contextmanager
def draaiend(inhoud: bytes, sleutel: Sleutel | None) -> Iterator[Callable[[Any], Any]]:
    """An OPA with this bundle: a function that gives the besluit on a toewijzing, as OPA gives it.

    With a ``sleutel`` OPA itself first verifies that it signed the bundle, and evaluates nothing of
    it otherwise. Without one it runs whatever is in there: only for a bundle of one's own.

    Raises:
        BuildError: OPA does not take the bundle; what it says of it, in its own (English) words.
        OpaUnavailable: OPA does not come up.
    """
    from uitfasering.transport import Transport

    with tempfile.TemporaryDirectory(prefix="uitfasering-bewijs-") as map_:
        pad = Path(map_).resolve() / "bundel.tar.gz"
        pad.write_bytes(inhoud)
        opa = OpaProcess(pad, sleutel=sleutel.pad if sleutel else None)
        try:
            opa.start()
            opa.wait_ready()
        except BuildError as error:
            gezegd = str(error).partition(_OPA_ZEGT)[2]
            raise BuildError(gezegd.rpartition(f"{pad}: ")[2].strip()) from None
        with opa, Transport.naar(opa.url, _SECONDEN) as transport:
            yield lambda toewijzing: transport.ask("besluit", toewijzing)
