"""A server that gives one answer to every question, after a while in which it does nothing.

It stands for a sidecar with a core for every question. bench_klant.py starts it; on the first line
of stdin comes what to do, as JSON (see Wachter), and it prints its port.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import time
from dataclasses import dataclass
from threading import Thread


@dataclass(frozen=True)
class Wachter:
    """What to do.

    Attributes:
        antwoord: the whole body.
        seconden: how long to wait before it.
        cert, sleutel: files for TLS.
    """

    antwoord: str
    seconden: float
    cert: str
    sleutel: str


def beantwoord(sock: socket.socket, tls: ssl.SSLContext, wachter: Wachter) -> None:
    """Every question on one connection, until the other side closes it."""
    body = wachter.antwoord.encode()
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with tls.wrap_socket(sock, server_side=True) as secure, secure.makefile("rb") as stream:
        while stream.readline():
            length = 0
            while line := stream.readline().strip().lower():
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            stream.read(length)
            if wachter.seconden:
                time.sleep(wachter.seconden)
            secure.sendall(answer)


def main() -> None:
    wachter = Wachter(**json.loads(sys.stdin.readline()))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(wachter.cert, wachter.sleutel)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            sock, _ = listener.accept()
            Thread(target=beantwoord, args=(sock, tls, wachter), daemon=True).start()


if __name__ == "__main__":
    main()
