"""A server on 127.0.0.1 that answers as it is told, byte for byte: a network gone wrong."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Answer = Callable[["Connection"], None]


class Connection:
    """One accepted connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.stream = sock.makefile("rb")

    def request(self) -> tuple[str, dict[str, str], Any]:
        """Read one request: its first line, its headers (lower case) and its JSON body."""
        first = self.stream.readline().decode().strip()
        if not first:
            raise ConnectionResetError
        headers = {}
        while line := self.stream.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self.stream.read(int(headers.get("content-length", 0)))
        return first, headers, json.loads(body) if body else None

    def send(self, status: int, body: bytes, *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def reset(self) -> None:
        """Close with a TCP reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Server:
    """The n-th connection is handled by the n-th answer; the last one goes on."""

    def __init__(self, answers: tuple[Answer, ...], tls: ssl.SSLContext | None) -> None:
        self.answers = answers
        self.tls = tls
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.listener.getsockname()[1]}"
        self.stop = threading.Event()

    def serve(self) -> None:
        while True:
            sock, _ = self.listener.accept()
            if self.stop.is_set():
                sock.close()
                return
            answer = self.answers[min(self.connections, len(self.answers) - 1)]
            self.connections += 1
            threading.Thread(target=self.handle, args=(sock, answer), daemon=True).start()

    def handle(self, sock: socket.socket, answer: Answer) -> None:
        with sock:
            sock.settimeout(30)
            try:
                if self.tls:
                    sock = self.tls.wrap_socket(sock, server_side=True)
                connection = Connection(sock)
                with connection.stream:
                    answer(connection)
            except OSError:
                pass
            finally:
                sock.close()


@contextmanager
def serving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server with these answers, stopped at the end of the block."""
    server = Server(answers, tls)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        socket.create_connection(server.listener.getsockname()[:2]).close()
        thread.join()
        server.listener.close()


def always(status: int, body: bytes | Any, *headers: str) -> Answer:
    """Answer every request on the connection with this."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(connection: Connection) -> None:
        while True:
            connection.request()
            connection.send(status, content, *headers)

    return answer


def not_http(connection: Connection) -> None:
    """Say something that is no HTTP."""
    connection.sock.sendall(b"SSH-2.0-x\r\n\r\n")
