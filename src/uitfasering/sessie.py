"""HTTP for the client: one pool of connections, one deadline for a question, one retry.

It stands where ``OpaClient`` has a ``requests.Session``, on the same urllib3: that one does not
promise that threads may share it, and has no deadline: its timeout begins again with each byte.
"""

from __future__ import annotations

import http.client
import io
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

import requests
import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.response import assert_header_parsing

CONNECTIONS = 32


@dataclass(frozen=True)
class Answer:
    """An answer as it came: any status, the whole body."""

    status_code: int
    body: bytes

    def raise_for_status(self) -> None:
        """Raise Unsuccessful unless the status is 200."""
        if self.status_code != 200:
            raise Unsuccessful(self)

    def json(self) -> Any:
        """The body as JSON; a ValueError or RecursionError when it is not."""
        return json.loads(self.body)


class Unsuccessful(Exception):
    """Another status than 200; ``answer`` is what came with it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


class Session:
    """What ``OpaClient`` asks of a session. Threads may share one.

    At most CONNECTIONS are open at a time, and they are kept; who comes when all are in use waits
    for one, within its own deadline. Nothing (proxy, .netrc, CA, SSLKEYLOGFILE) is taken from the
    environment, and a redirect is not followed.

    Args:
        origin: ``http[s]://host:port``, with which every url begins.
        headers: sent with every question.
        tls: for https.
    """

    def __init__(
        self,
        origin: str,
        host: str,
        port: int,
        headers: Mapping[str, str],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._origin = origin
        # OPA would compress every longer answer, which costs more than the loopback does.
        self._headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            **headers,
        }
        # A question has a timeout of its own.
        settings: dict[str, Any] = {"maxsize": CONNECTIONS, "timeout": 1.0}
        self._pool = (
            _TlsPool(host, port, **settings, ssl_context=tls)
            if tls
            else _Pool(host, port, **settings)
        )
        self._free = BoundedSemaphore(CONNECTIONS)

    def post(self, url: str, *, json: Any, timeout: float) -> Answer:
        """Ask a question, in ``timeout`` seconds in all."""
        return self._ask("POST", url, _body(json), timeout)

    def get(self, url: str, *, timeout: float) -> Answer:
        """The same; what goes wrong is an error of requests, as ``check_health`` expects."""
        try:
            return self._ask("GET", url, None, timeout)
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise requests.ConnectionError from error

    def close(self) -> None:
        """Close what is not in use; who waits for an answer still gets it."""
        self._pool.close()

    def _ask(self, method: str, url: str, body: bytes | None, timeout: float) -> Answer:
        deadline = time.monotonic() + timeout
        if not self._free.acquire(timeout=timeout):
            raise TimeoutError
        try:
            try:
                return self._attempt(method, url, body, deadline)
            except (urllib3.exceptions.ProtocolError, urllib3.exceptions.SSLError) as error:
                if not _broken_off(error) or time.monotonic() >= deadline:
                    raise
                # Mostly a kept connection that the server had just closed. A question changes
                # nothing, so asking it again is safe; after a timeout it would only add to the
                # load.
                return self._attempt(method, url, body, deadline)
        finally:
            self._free.release()

    def _attempt(self, method: str, url: str, body: bytes | None, deadline: float) -> Answer:
        left = max(deadline - time.monotonic(), 0.001)
        answer = self._pool.urlopen(
            method,
            url.removeprefix(self._origin),
            body,
            self._headers,
            retries=False,  # redirects neither
            timeout=urllib3.Timeout(total=left),
        )
        return Answer(answer.status, answer.data)


def _broken_off(error: BaseException) -> bool:
    """Whether the connection broke off, in the handshake too."""
    if isinstance(error, urllib3.exceptions.SSLError):
        return any(isinstance(cause, ssl.SSLEOFError) for cause in error.args)
    return True


def tls_context(ca_bundle: str | None, client_cert: str | tuple[str, str] | None) -> ssl.SSLContext:
    """Checks certificate and name, of TLS 1.2 or later.

    Args:
        ca_bundle: PEM file with the CA to trust; None: the public ones.
        client_cert: PEM file with certificate and key, or a pair of files.

    Raises:
        OSError: a file that does not hold this (``ssl.SSLError`` too).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    if client_cert is not None:
        cert, key = (client_cert, None) if isinstance(client_cert, str) else client_cert
        context.load_cert_chain(cert, key, "")  # without "" OpenSSL asks for a password
    return context


def _body(question: Any) -> bytes:
    return json.dumps(question, allow_nan=False).encode()


class _ByDeadline(HTTPConnection):
    """A connection of which ``timeout`` is for everything that follows, not for each step."""

    @property
    def timeout(self) -> float:
        """Seconds left."""
        return max(self._deadline - time.monotonic(), 0.001)

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def send(self, data: Any) -> None:
        """Send all of it, however slowly it is taken in."""
        if self.sock is None:
            self.connect()
        rest = memoryview(data)
        try:
            while rest:
                _hurry(self.sock, self._deadline)
                rest = rest[self.sock.send(rest) :]
        except ssl.SSLEOFError as error:
            # As without TLS, on which urllib3 looks whether there is an answer already: who finds
            # a question too large, says so before it has read it all, and closes.
            raise BrokenPipeError from error

    def response_class(  # type: ignore[override]
        self, sock: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        """The answer, read from the socket by the deadline."""
        return _Response(_File(sock, self._deadline), **kwargs)


class _TlsByDeadline(_ByDeadline, HTTPSConnection):
    pass


class _Response(http.client.HTTPResponse):
    """One of which the headers are whole; half of them would pass for an answer with no body."""

    def __init__(self, file: _File, **kwargs: Any) -> None:
        self._file = file
        super().__init__(file, **kwargs)  # type: ignore[arg-type]

    def begin(self) -> None:
        super().begin()
        try:
            assert_header_parsing(self.msg)  # else urllib3 logs what it does not understand
        except urllib3.exceptions.HeaderParsingError:
            raise http.client.HTTPException from None
        if self._file.ended:
            raise http.client.HTTPException


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _ByDeadline  # type: ignore[assignment]


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsByDeadline  # type: ignore[assignment]


class _File(io.RawIOBase):
    """A socket as a file; in place of the socket, because ``http.client`` asks that for a file."""

    def __init__(self, sock: Any, deadline: float) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline
        self.ended = False

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        _hurry(self._sock, self._deadline)
        size = self._raw.readinto(buffer)
        self.ended = size == 0
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


def _hurry(sock: Any, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    sock.settimeout(left)
