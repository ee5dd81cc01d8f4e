"""For the tests of who may ask the sidecar what: one that runs, and raw requests to it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bundelserver import Bundelserver
from sidecarhulp import Antwoord, Sidecar, draaiend, richt_in, zet_tokens
from uitfasering import toegang

# Tokens by name; "alles" may do all there is, so what is refused to it is refused to everyone.
RECHTEN: dict[str, list[str]] = {
    "niets": [],
    "besluit": ["besluit"],
    "compile": ["compile"],
    "metrics": ["metrics"],
    "alles": ["besluit", "compile", "metrics"],
}
# What no one may ever see besides tokens and their hashes: words of the policies and data.toegang.
VERBORGEN = ("rechten", "package system", "package uitfasering", "crypto.sha256", "data.toegang")


@contextmanager
def proef(map: Path, *, weg: Sequence[str] = (), extra: Sequence[str] = ()) -> Iterator[Sidecar]:
    """A sidecar with the tokens above; no token may be in its log afterwards."""
    folder, _ = richt_in(map)
    tokens = {naam: toegang.nieuw_token() for naam in RECHTEN}
    zet_tokens(folder, tokens, rechten=RECHTEN)
    with (
        Bundelserver(folder.bundels).draait() as server,
        draaiend(folder, tokens, server.url, weg=weg, extra=extra) as running,
    ):
        yield running
        assert not [naam for naam, token in tokens.items() if token in running.gezegd()]


def rauw(sidecar: Sidecar, verzoek: bytes, *, diagnose: bool = False) -> Antwoord:
    """Send these bytes over TLS; status 0 when the connection is closed without an answer.

    Ask for ``Connection: close``, or it takes until the server has had enough.
    """
    port = sidecar.diagnosepoort if diagnose else sidecar.poort
    answer = b""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        sidecar.context().wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # 40 ms a request
        try:
            connection.sendall(verzoek)
            while part := connection.recv(65536):
                answer += part
        except (ConnectionError, ssl.SSLError):
            pass  # the server closed while we were still sending; what it said counts
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    return Antwoord(int(first.split(" ")[1]) if first else 0, headers, body)


def verzoek(
    regel: str, *koppen: str, token: str | None = None, body: bytes = b'{"input": {}}'
) -> bytes:
    """A request of this first line, sent byte for byte (as UTF-8)."""
    sent = [regel, "Host: sidecar", "Connection: close", *koppen, f"Content-Length: {len(body)}"]
    if token is not None:
        sent.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*sent, "", ""]).encode() + body


def controleer_niets_gelekt(sidecar: Sidecar, antwoord: Antwoord) -> None:
    """No answer may hold a token, its hash, or anything of the policies or of data.toegang."""
    said = antwoord.body.decode(errors="replace") + str(antwoord.headers)
    hidden = [*VERBORGEN, *sidecar.tokens.values()]
    hidden += [toegang.sha256(token) for token in sidecar.tokens.values()]
    found = [word for word in hidden if word in said]
    assert not found
