"""A TCP proxy on 127.0.0.1 that spoils what passes, byte for byte, between a client and a server.

It knows nothing of HTTP or TLS: a fault comes after so many bytes in one direction, so it hits a
question, an answer or a handshake anywhere.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Storing:
    """What goes wrong on one connection.

    Attributes:
        waar: in what the client sends (``vraag``), or in what it gets (``antwoord``).
        na: how many bytes of that still pass.
        wat: a TCP reset, the connection just closed, nothing more ever (``verstop``: and nothing
            more is taken in), what follows one byte every 20 ms (``druppel``), or these bytes in
            the place of what follows, and closed.
    """

    waar: Literal["vraag", "antwoord"]
    na: int
    wat: Literal["reset", "sluit", "zwijg", "verstop", "druppel"] | bytes


class Proxy:
    """The n-th connection gets the n-th of ``plan``; None, or none left: nothing goes wrong.

    Attributes:
        doel: port of the server; may be changed.
        verbindingen: how many the client made.
        vragen, antwoorden: bytes that passed each way.
    """

    def __init__(self, doel: int, plan: tuple[Storing | None, ...]) -> None:
        self.doel = doel
        self.plan = list(plan)
        self.verbindingen = 0
        self.vragen = self.antwoorden = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.poort: int = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._neem_aan)]
        self._threads[0].start()

    def _neem_aan(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if self._stop.is_set():
                client.close()
                return
            storing = self.plan.pop(0) if self.plan else None
            self.verbindingen += 1
            thread = threading.Thread(target=self._verbinding, args=(client, storing))
            self._threads.append(thread)
            thread.start()

    def _verbinding(self, client: socket.socket, storing: Storing | None) -> None:
        # A server that is not there, or goes away: to the client the connection ends.
        with (
            client,
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.doel)) as server,
        ):
            self._open |= {client, server}
            try:
                self._geef_door(client, server, storing)
            finally:
                self._open -= {client, server}

    def _geef_door(
        self, client: socket.socket, server: socket.socket, storing: Storing | None
    ) -> None:
        left = storing.na if storing else 0
        sides = {client: server, server: client}
        while True:
            for source in select.select(list(sides), [], [])[0]:
                data = source.recv(65_536)
                if not data:
                    return
                here = storing and (storing.waar == "vraag") == (source is client)
                passes = data[:left] if here else data
                left -= len(passes) if here else 0
                if source is client:
                    self.vragen += len(passes)
                else:
                    self.antwoorden += len(passes)
                sides[source].sendall(passes)
                if storing and here and len(passes) < len(data):
                    self._stoor(client, sides[source], storing, data[len(passes) :])
                    if storing.wat != "druppel":
                        return

    def _stoor(
        self, client: socket.socket, doel: socket.socket, storing: Storing, rest: bytes
    ) -> None:
        if storing.wat == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif storing.wat == "zwijg":
            while client.recv(65_536):  # until the client gives up
                pass
        elif storing.wat == "verstop":
            self._stop.wait()
        elif storing.wat == "druppel":
            for byte in rest:
                doel.sendall(bytes([byte]))
                self._stop.wait(0.02)
        elif isinstance(storing.wat, bytes):
            client.sendall(storing.wat)

    def sluit(self) -> None:
        self._stop.set()
        for sock in list(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.poort)).close()
        for thread in self._threads:
            thread.join()
        self._listener.close()


@contextmanager
def tussen(doel: int | str, *plan: Storing | None) -> Iterator[Proxy]:
    """A proxy before this port (or the one of this url), stopped at the end of the block."""
    port = int(doel.rpartition(":")[2]) if isinstance(doel, str) else doel
    proxy = Proxy(port, plan)
    try:
        yield proxy
    finally:
        proxy.sluit()
