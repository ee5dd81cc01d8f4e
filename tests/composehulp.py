"""The compose project in a Docker daemon of our own (dockerhulp.py): asking it things."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dockerhulp import Docker
from sidecarbundels import LOPEND
from sidecarhulp import BESLUIT, wacht_op
from uitfasering.sidecarmap import Sidecarmap

# Asks what stands on standard input: a token is never in an argument.
ASK = """\
import json, ssl, sys, urllib.error, urllib.request
asked = json.load(sys.stdin)
request = urllib.request.Request(asked["url"], asked["body"] and asked["body"].encode())
for name, value in asked["headers"].items():
    request.add_header(name, value)
context = ssl.create_default_context(cafile=asked["ca"])
try:
    answer = urllib.request.urlopen(request, timeout=20, context=context)
except urllib.error.HTTPError as error:
    answer = error
json.dump([answer.status, answer.read().decode()], sys.stdout)
"""
# A question that is being answered until a line is read: then comes the last byte of the body.
ASK_SLOWLY = """\
import http.client, json, ssl, sys
asked = json.loads(sys.stdin.readline())
body = asked["body"].encode()
context = ssl.create_default_context(cafile=asked["ca"])
to = http.client.HTTPSConnection("127.0.0.1", 8181, timeout=60, context=context)
to.putrequest("POST", asked["path"])
headers = {**asked["headers"], "Content-Length": len(body), "Expect": "100-continue"}
for name, value in headers.items():
    to.putheader(name, value)
to.endheaders()
# OPA says so when it starts to read the body: it is busy with the question.
assert to.sock.recv(1000) == b"HTTP/1.1 100 Continue\\r\\n\\r\\n"
to.send(body[:-1])
print("asked", flush=True)
sys.stdin.readline()
to.send(body[-1:])
answer = to.getresponse()
json.dump([answer.status, answer.read().decode()], sys.stdout)
"""
# Exits with 0 when it can connect, 1 when not.
CONNECT = """\
import socket, sys
with socket.socket() as s:
    s.settimeout(5)
    sys.exit(s.connect_ex((sys.argv[1], int(sys.argv[2]))) and 1)
"""


@dataclass
class Opstelling:
    """The compose project that runs.

    Attributes:
        tokens: by name, see sidecarhulp.RECHTEN.
    """

    docker: Docker
    sidecar: Sidecarmap
    tokens: dict[str, str]
    settings: list[str]

    def compose(self, *words: str) -> str:
        return self.docker.compose(*self.settings, *words)

    def container(self, service: str) -> str:
        return self.compose("ps", "--all", "--quiet", service).strip()

    def question(self, path: str, token: str | None, body: Any, port: int = 8181) -> str:
        return json.dumps(
            {
                "url": f"https://127.0.0.1:{port}{path}",
                "path": path,
                "headers": {"Authorization": f"Bearer {token}"} if token else {},
                "body": None if body is None else json.dumps(body),
                "ca": str(self.sidecar.tls / "ca.crt"),
            }
        )

    def ask(
        self, path: str, token: str | None, body: Any = None, port: int = 8181
    ) -> tuple[int, str]:
        """Status and body; GET without a body."""
        question = self.question(path, token, body, port)
        status, text = json.loads(self.docker.python(ASK, stdin=question).stdout)
        return status, text

    def besluit(self, toewijzing: Any = LOPEND) -> Any:
        status, text = self.ask(BESLUIT, self.tokens["besluit"], {"input": toewijzing})
        assert status == 200, text
        return json.loads(text)["result"]

    def metric(self, name: str) -> dict[str, float]:
        """The rows of /metrics that start with this, by everything before the value."""
        status, text = self.ask("/metrics", self.tokens["metrics"], port=8282)
        assert status == 200, text
        rows = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith(name)]
        return {key: float(value) for key, value in rows}

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.docker.inspect(self.container("opa"))["State"]
        return found

    def wait_until_healthy(self) -> None:
        wacht_op(lambda: self.state().get("Health", {}).get("Status") == "healthy", 90)
