"""What the sidecar makes of bodies that are large, packed, or no JSON; and that none is logged."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator

import pytest

from bundelserver import Bundelserver
from clienthulp import VALID
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend
from uitfasering.client import Client
from uitfasering.errors import Refused
from vraaghulp import proef, rauw, verzoek

# The largest body, as in sidecar/opa.yaml.
GRENS = 5 * 1024 * 1024
DIEP = b"[" * 100_000
GEZIPT = ("Content-Encoding: gzip",)
YAML = ("Content-Type: application/yaml",)


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


@pytest.mark.parametrize(
    ("body", "koppen", "status", "gezegd"),
    [
        # No JSON, or not as OPA takes it: a besluit all the same, or one sentence.
        (b"", (), 200, b"ONGELDIGE_INVOER"),
        (b"null", (), 200, b"ONGELDIGE_INVOER"),
        (b"[1]", (), 200, b"ONGELDIGE_INVOER"),
        (b'{"input": null}', (), 200, b"ONGELDIGE_INVOER"),
        (b'{"input": ' + b"[" * 9_000 + b"]" * 9_000 + b"}", (), 200, b"ONGELDIGE_INVOER"),
        (b"Jan", (), 400, b"invalid character"),
        (b"\xff\xfe", (), 400, b"invalid character"),
        (b'{"input": {}} {"input": {}}', (), 400, b"after top-level value"),
        (b'{"input": ' + DIEP, (), 400, b"exceeded max depth"),
        (DIEP + b"]" * 100_000, (), 400, b"exceeded max depth"),
        # OPA cannot calculate with this one, and says so before anyone may ask (no besluit).
        (b'{"input": {"budget": 1e999999999}}', (), 500, b"invalid number"),
        # YAML is JSON to OPA.
        (b"input: {gemeente: 7}", YAML, 200, b"ONGELDIGE_INVOER"),
        (b"input: [&a x, *a]", YAML, 200, b"ONGELDIGE_INVOER"),
        (
            b"a: &a [1,1,1,1,1,1,1,1,1]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in b"bcdefghi"
            ),
            YAML,
            400,
            b"excessive aliasing",
        ),
        # Packed.
        (gzip.compress(b'{"input": {}}', mtime=0), GEZIPT, 200, b"ONGELDIGE_INVOER"),
        (gzip.compress(b" " * (GRENS + 1), mtime=0), GEZIPT, 400, b"request body too large"),
        (gzip.compress(b" " * 60_000_000, mtime=0), GEZIPT, 400, b"request body too large"),
        (gzip.compress(b'{"input": {}}' * 9, mtime=0)[:-9], GEZIPT, 400, b"unexpected EOF"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_bodies(
    sidecar: Sidecar, body: bytes, koppen: tuple[str, ...], status: int, gezegd: bytes
) -> None:
    asked = verzoek(f"POST {BESLUIT} HTTP/1.1", *koppen, token=sidecar.tokens["besluit"], body=body)
    answer = rauw(sidecar, asked)
    assert answer.status == status
    assert gezegd in answer.body
    if status != 200:
        assert len(answer.body) < 300
    assert sidecar.vraag("GET", "/health/ready").status == 200


def test_a_body_that_is_not_packed_at_all(sidecar: Sidecar) -> None:
    """OPA 1.22.2 stumbles over the first, and closes the connection without a word."""
    token = sidecar.tokens["besluit"]
    for _ in range(5):
        answer = rauw(sidecar, verzoek(f"POST {BESLUIT} HTTP/1.1", *GEZIPT, token=token))
        assert answer.status in (0, 400)
        assert len(answer.body) < 100
    assert sidecar.vraag("POST", BESLUIT, token=token, body={"input": {}}).status == 200


def test_the_largest_body(sidecar: Sidecar) -> None:
    body = b'{"input": "' + b"a" * (GRENS - 13) + b'"}'
    assert len(body) == GRENS
    statuses = {}
    for who in (None, "besluit"):
        token = sidecar.tokens[who] if who else None
        # Of what is larger OPA reads nothing: only the head is sent, so that it cannot be cut off.
        head = verzoek(f"POST {BESLUIT} HTTP/1.1", token=token, body=body + b" ")[: -GRENS - 1]
        statuses[who] = [
            sidecar.vraag("POST", BESLUIT, token=token, body=body).status,
            rauw(sidecar, head).status,
        ]
    assert statuses == {None: [401, 400], "besluit": [200, 400]}


def test_the_largest_body_in_chunks(sidecar: Sidecar) -> None:
    head = verzoek(f"POST {BESLUIT} HTTP/1.1", token=sidecar.tokens["besluit"], body=b"")
    head = head.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    small, large = b'{"input": {}}', b"[" + b" " * GRENS + b"]"
    statuses = []
    for body in (small, large):
        answer = rauw(sidecar, head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        statuses.append(answer.status)
    assert statuses == [200, 400]


def test_what_the_client_makes_of_a_body_that_is_too_large(sidecar: Sidecar) -> None:
    """Ours stay far below the limit, so for once the limit is lower."""
    limit = "--set=server.decoding.max_length=2000"
    with (
        Bundelserver(sidecar.sidecar.bundels).draait() as server,
        draaiend(sidecar.sidecar, sidecar.tokens, server.url, extra=[limit]) as small,
        Client(
            small.url,
            token=small.tokens["besluit"],
            ca_bundle=small.sidecar.tls / "ca.crt",
        ) as client,
    ):
        assert client.besluit(VALID).uitkomst
        with pytest.raises(Refused, match="te groot voor") as refused:
            client.besluiten({str(n): VALID for n in range(100)})
        assert refused.value.status == 400
        assert client.besluit(VALID).uitkomst


# Someone of iJw's test data.
BSN, NAAM = "999990019", "Fladderman"


def test_nothing_of_what_is_asked_is_logged(sidecar: Sidecar) -> None:
    """Not of what is answered, refused or not understood, and not of where OPA stumbles."""
    person = json.dumps({"input": {"bsn": BSN, "naam": NAAM}}).encode()
    where = f"/v1/data/{NAAM}?bsn={BSN}"
    for diagnose in (False, True):
        for token in (sidecar.tokens["alles"], NAAM + BSN, None):
            for line, *koppen in (
                (f"POST {BESLUIT} HTTP/1.1",),
                (f"POST {BESLUITEN}?{NAAM}={BSN} HTTP/1.1",),
                (f"POST {where} HTTP/1.1",),
                (f"GET {where} HTTP/1.1", f"X-Naam: {NAAM}", f"Cookie: {BSN}"),
                (f"{NAAM} /{BSN} HTTP/1.1",),
                (f"GET /{NAAM}%zz HTTP/1.1",),
                (f"GET {NAAM} {BSN} HTTP/{BSN}",),
                (f"POST {BESLUIT} HTTP/1.1", f"{NAAM} : {BSN}"),
                (f"POST {BESLUIT} HTTP/1.1", f"Content-Type: yaml{BSN}"),
                (f"POST {BESLUIT} HTTP/1.1", "Content-Encoding: gzip", f"X-Naam: {NAAM}"),
                ("POST /v1/compile HTTP/1.1",),
            ):
                for body in (person, person[:-2], f"{NAAM} {BSN}".encode()):
                    asked = verzoek(line, *koppen, token=token, body=body)
                    rauw(sidecar, asked, diagnose=diagnose)
    with socket.create_connection(("127.0.0.1", sidecar.poort), timeout=20) as plain:
        plain.sendall(f"GET {where} HTTP/1.1\r\nHost: {NAAM}\r\n\r\n".encode())
        plain.makefile("rb").read()
    said = sidecar.gezegd()
    assert "client sent an HTTP request" in said  # so that is where we read
    for secret in (BSN, NAAM, *sidecar.tokens.values()):
        assert secret not in said
