"""A web server for bundles, with ETags as nginx gives them, and with faults on demand."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of an OPA that was killed."""


class Bundelserver:
    """Serves the files of a folder on a free port of 127.0.0.1.

    Attributes:
        status: answer this to everything instead, e.g. 503; 0 for what is right.
        afgekapt: send only half of a file, with the length of the whole.
        hapert: the name of a file; send half of it, and the rest when this is "" again.
        gehaperd: it did so.
        traag: seconds before each answer.
        vragen: how often each file was asked for.
    """

    def __init__(self, map: Path) -> None:
        self.status = 0
        self.afgekapt = False
        self.hapert = ""
        self.gehaperd = False
        self.traag = 0.0
        self.vragen: dict[str, int] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                name = self.path.lstrip("/")
                outer.vragen[name] = outer.vragen.get(name, 0) + 1
                path = map / name
                time.sleep(outer.traag)
                if outer.status or "/" in name or not path.is_file():
                    self._stuur(outer.status or 404, b"")
                    return
                content = path.read_bytes()
                tag = f'"{hashlib.sha256(content).hexdigest()}"'
                if self.headers.get("If-None-Match") == tag:
                    self._stuur(304, b"", tag)
                else:
                    self._stuur(200, content, tag)

            def _stuur(self, status: int, content: bytes, tag: str = "") -> None:
                self.send_response(status)
                if tag:
                    self.send_header("ETag", tag)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                half = len(content) // 2
                self.wfile.write(content[:half])
                if outer.afgekapt and content:
                    self.close_connection = True
                    return
                while content and outer.hapert and outer.hapert == self.path.lstrip("/"):
                    outer.gehaperd = True
                    time.sleep(0.01)
                self.wfile.write(content[half:])

            def log_message(self, *args: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def draait(self) -> Iterator[Bundelserver]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
