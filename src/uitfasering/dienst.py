"""The sidecar in the foreground, for a computer without Docker."""

from __future__ import annotations

import errno
import socket

from uitfasering.errors import OpaUnavailable
from uitfasering.opdrachtregel import zo_gestart


def controleer_poort(adres: str, poort: int) -> None:
    """See whether a server may listen there, before OPA says it in its own words.

    Raises:
        OpaUnavailable: the port is taken, or this address or port cannot be used.
    """
    try:
        found = socket.getaddrinfo(adres, poort, type=socket.SOCK_STREAM)
        family, kind, protocol, _, where = found[0]
        with socket.socket(family, kind, protocol) as probe:
            # As OPA does: a port that was just closed may be used again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen(1)
    except (OSError, UnicodeError) as error:
        raise OpaUnavailable(_reden(adres, poort, error)) from error


def open_voor_netwerk(adres: str) -> bool:
    """Whether other computers can reach a server on this address."""
    return not (adres in ("::1", "localhost") or adres.startswith("127."))


def _reden(adres: str, poort: int, error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return (
            f"Poort {poort} op {adres} is al in gebruik. Stop het programma dat daar draait, "
            f"of kies een andere poort, bijvoorbeeld: {zo_gestart()} start --poort {_andere(poort)}"
        )
    if code in (errno.EACCES, errno.EPERM):
        return f"Poort {poort} mag deze gebruiker niet gebruiken. Kies een poort van 1024 of hoger."
    return f"{adres} is geen adres van deze computer. Kies bijvoorbeeld --adres 127.0.0.1"


def _andere(poort: int) -> int:
    return poort + 1 if poort < 65_535 else poort - 1
