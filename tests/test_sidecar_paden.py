"""Ways round: other spellings of a path, a method or a token, sent to the sidecar byte for byte.

Each is refused, or gives exactly the besluit that the entry point gives, and that is in the log;
never anything else. All with a token that may do all there is.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from logboekhulp import Volger
from sidecarhulp import BESLUIT, Antwoord, Sidecar
from vraaghulp import controleer_niets_gelekt, proef, rauw, verzoek

# What the answer is instead of a status: the besluit, as if the entry point itself was asked.
BESLUIT_ZELF = 200


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


def stuur(sidecar: Sidecar, gevraagd: bytes, status: int) -> Antwoord:
    """Ask this, byte for byte, and check what comes of it: in the answer and in the log."""
    volger = Volger(sidecar.sidecar)
    answer = rauw(sidecar, gevraagd)
    controleer_niets_gelekt(sidecar, answer)
    assert answer.status == status
    logged = [event["decision_id"] for event in volger.nieuw()]
    if status == BESLUIT_ZELF:
        besluit = sidecar.vraag("POST", BESLUIT, token=sidecar.tokens["alles"], body={"input": {}})
        # HTTP/1.1 sends it in chunks: a line with the length of each.
        content = answer.body.split(b"\r\n")[1] if b"\r\n" in answer.body else answer.body
        given = json.loads(content)
        assert logged == [given.pop("decision_id")]
        assert given == {"result": besluit.json["result"]}
        assert given["result"]["uitkomst"] == "ONGELDIGE_INVOER"
    else:
        assert logged == []
    return answer


@pytest.mark.parametrize(
    ("pad", "status"),
    [
        # Slashes and dots: refused as they stand, before anyone makes them tidy.
        (f"/{BESLUIT}", 401),
        ("/v1//data/uitfasering/besluit", 401),
        ("/v1/data//uitfasering/besluit", 401),
        ("/v1/data/uitfasering//besluit", 401),
        (f"/.{BESLUIT}", 401),
        (f"/..{BESLUIT}", 401),
        ("/v1/data/./uitfasering/besluit", 401),
        ("/v1/data/toegang/../uitfasering/besluit", 401),
        ("/v1/data/uitfasering/besluit/../../toegang", 401),
        ("/v1/data/uitfasering/besluit/.", 401),
        ("/v1/data/uitfasering/besluit/..", 401),
        ("/v1/data/uitfasering/%2e%2e/toegang", 401),
        ("/v1/data/uitfasering/%2E%2E/uitfasering/besluit", 401),
        ("/v1/data/uitfasering/besluit/%2e%2e%2f%2e%2e%2ftoegang", 401),
        ("/v1/data/uitfasering/..%2ftoegang", 401),
        ("/v1/data/uitfasering/..%5ctoegang", 401),
        ("/v1/data/uitfasering%2Fbesluit", 401),
        ("/v1%2Fdata%2Fuitfasering%2Fbesluit", 401),
        ("/%2Fv1/data/uitfasering/besluit", 401),
        ("\\v1\\data\\uitfasering\\besluit", 400),
        ("/v1\\data\\uitfasering\\besluit", 401),
        ("/v1/compile/uitfasering/../toegang", 401),
        ("/v1/compile/uitfasering/%2e%2e/toegang", 401),
        ("/v1/compile/uitfasering%2F..%2Ftoegang", 401),
        ("/v1/compile/uitfasering%2Fx%2F%2Ftoegang", 401),
        ("/v1/compile%2Fuitfasering%2Finvoer", 404),  # it may, but there is no such path
        ("/v1/compile%2Ftoegang%2Ftokens", 401),
        ("/metrics/../v1/data/toegang", 401),
        ("/health/../v1/data/toegang", 401),
        ("/health/ready/../../v1/data", 401),
        # A letter written as %xx is that letter.
        ("/v1/data/uitfasering/%62esluit", BESLUIT_ZELF),
        ("/%76%31/data/uitfasering/%62%65%73%6C%75%69%74", BESLUIT_ZELF),
        ("/v1/data/uitfasering/%2562esluit", 401),
        # Something after it, or otherwise written.
        (f"{BESLUIT}/bevindingen", 401),
        (f"{BESLUIT}/bevindingen/0/tekst", 401),
        (f"{BESLUIT}.x", 401),
        (f"{BESLUIT}.json", 401),
        (f"{BESLUIT};x", 401),
        (f"{BESLUIT};/../toegang", 401),
        (f"{BESLUIT}%3Fpretty", 401),
        (f"{BESLUIT}%00", 401),
        (f"{BESLUIT}%00/../../toegang", 401),
        (f"{BESLUIT}%0d%0aX-A:%20b", 401),
        (f"{BESLUIT}%20", 401),
        (f"{BESLUIT}%", 400),
        (f"{BESLUIT}%zz", 400),
        (f"{BESLUIT}#x", 401),
        (f"{BESLUIT}*", 401),
        (f"{BESLUIT}[x]", 401),
        (f'{BESLUIT}"]', 401),
        (BESLUIT.upper(), 401),
        ("/v1/data/uitfasering/Besluit", 401),
        ("/V1/data/uitfasering/besluit", 401),
        ("/v1/data/uitfasering.besluit", 401),
        ("/v1/data/uitfasering/bеsluit", 401),  # a Cyrillic letter
        ("/v1/data/uitfasering/b%C4%B1sluit", 401),  # a dotless i
        ("/v1/data/uitfasering/besluit\u200b", 401),
        ("/v1/data/uitfasering/%EF%BC%8E%EF%BC%8E/toegang", 401),  # full-width dots
        ("/v1/data/uitfasering/%c0%ae%c0%ae/toegang", 401),  # dots that are no UTF-8
        # The address of another server in front: it is this one that answers.
        (f"https://elders.example{BESLUIT}", BESLUIT_ZELF),
        (f"http://naam:woord@elders.example:1{BESLUIT}", BESLUIT_ZELF),
        (f"http:{BESLUIT}", BESLUIT_ZELF),
        ("https://elders.example/v1/data/toegang", 401),
        (f"//elders.example{BESLUIT}", 401),
        ("https:data.toegang", 401),
        ("*", 401),
        ("v1/data/uitfasering/besluit", 400),
        ("", 400),
        ("?x", 400),
        # Long.
        ("/" + "a" * 100_000, 401),
        ("/a" * 50_000, 401),
        ("/" + "a" * 2_000_000, 431),
        (f"{BESLUIT}?pretty=" + "a" * 2_000_000, 431),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_another_path(sidecar: Sidecar, pad: str, status: int) -> None:
    asked = verzoek(f"POST {pad} HTTP/1.1", token=sidecar.tokens["alles"])
    stuur(sidecar, asked, status)


@pytest.mark.parametrize("token", [None, "alles"])
@pytest.mark.parametrize("pad", [BESLUIT, "/v1/data/toegang", "/metrics", "/health/live"])
def test_a_slash_at_the_end(sidecar: Sidecar, pad: str, token: str | None) -> None:
    """OPA itself sends everyone to the path without it, before it asks who may; nothing more."""
    sent = sidecar.tokens[token] if token else None
    for method in ("GET", "POST"):
        answer = stuur(sidecar, verzoek(f"{method} {pad}/ HTTP/1.1", token=sent), 301)
        assert answer.headers["location"] == pad
        assert len(answer.body) < 100


@pytest.mark.parametrize(
    ("regel", "status"),
    [
        # OPA asks who may in capitals and looks for a path in the letters that were sent.
        (f"post {BESLUIT} HTTP/1.1", 405),
        (f"Post {BESLUIT} HTTP/1.1", 405),
        ("get /metrics HTTP/1.1", 405),
        ("get /v1/data HTTP/1.1", 401),
        (f"HEAD {BESLUIT} HTTP/1.1", 405),
        ("HEAD /health HTTP/1.1", 405),
        ("head /health HTTP/1.1", 401),
        (f"POSTX {BESLUIT} HTTP/1.1", 401),
        (f"XPOST {BESLUIT} HTTP/1.1", 401),
        (f"PROPFIND {BESLUIT} HTTP/1.1", 401),
        (f"P\x00ST {BESLUIT} HTTP/1.1", 400),
        (f"POST\t{BESLUIT}\tHTTP/1.1", 400),
        (f"POST  {BESLUIT} HTTP/1.1", 400),
        (f" POST {BESLUIT} HTTP/1.1", 400),
        (f"{BESLUIT} HTTP/1.1", 400),
        ("CONNECT toegang:443 HTTP/1.1", 401),
        ("PRI * HTTP/2.0", 401),
        ("OPTIONS * HTTP/1.1", 200),  # Go's own answer to "are you there": empty
        (f"POST {BESLUIT} HTTP/1.0", BESLUIT_ZELF),
        (f"POST {BESLUIT} HTTP/0.9", 505),
        (f"POST {BESLUIT} HTTP/2.0", 505),
        (f"POST {BESLUIT} HTTP/9.9", 505),
        (f"POST {BESLUIT}", 400),
    ],
    ids=lambda value: repr(value),
)
def test_another_method_or_version(sidecar: Sidecar, regel: str, status: int) -> None:
    asked = verzoek(regel, token=sidecar.tokens["alles"])
    if regel.startswith("OPTIONS"):
        answer = rauw(sidecar, asked)
        assert (answer.status, answer.body) == (200, b"")
    else:
        stuur(sidecar, asked, status)


# {} is a token that may ask.
@pytest.mark.parametrize(
    ("koppen", "status"),
    [
        ((), 401),
        (("Authorization:",), 401),
        (("Authorization: Bearer",), 401),
        (("Authorization: Bearer ",), 401),
        (("Authorization: {}",), 401),
        (("Authorization: bearer {}",), 401),
        (("Authorization: BEARER {}",), 401),
        (("Authorization: Basic {}",), 401),
        (("Authorization: Bearer Bearer {}",), 401),
        (("Authorization: Bearer {} x",), 401),
        (("Authorization: Bearer {},x",), 401),
        (("Authorization: Bearer {}x",), 401),
        (("Authorization: Bearer x{}",), 401),
        (('Authorization: Bearer "{}"',), 401),
        (("Authorization: Bearer {}\x00",), 400),
        (("Authorization : Bearer {}",), 400),
        (("Authorization: Bearer x", "Authorization: Bearer {}"), 401),
        (("X-A: b\r\n Authorization: Bearer {}",), 401),
        (("X-A: b\nAuthorization: Bearer x", "X-Authorization: Bearer {}"), 401),
        (("Proxy-Authorization: Bearer {}",), 401),
        (("X-Authorization: Bearer {}",), 401),
        (("Cookie: token={}; Authorization=Bearer {}",), 401),
        (("X-Api-Key: {}",), 401),
        (("Authorization: Bearer " + "a" * 500_000,), 401),
        (("Authorization: Bearer " + "a" * 1_200_000,), 431),
        (("X-A: " + "a" * 1_200_000, "Authorization: Bearer {}"), 431),
        # What is fine, also oddly written.
        (("Authorization: Bearer {}",), BESLUIT_ZELF),
        (("AUTHORIZATION:Bearer   {}  ",), BESLUIT_ZELF),
        (("Authorization: Bearer {}", "Authorization: Bearer x"), BESLUIT_ZELF),
        # Headers that mean something to others mean nothing here.
        (("Authorization: Bearer {}", "X-HTTP-Method-Override: GET"), BESLUIT_ZELF),
        (("Authorization: Bearer {}", "X-Original-URL: /v1/data/toegang"), BESLUIT_ZELF),
        (("Authorization: Bearer {}", "X-Rewrite-URL: /v1/data/toegang"), BESLUIT_ZELF),
        (("Authorization: Bearer {}", "Host: elders.example"), 400),
        (("Authorization: Bearer {}", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), BESLUIT_ZELF),
        (("Authorization: Bearer {}", *(f"X-{n}: {n}" for n in range(10_000))), BESLUIT_ZELF),
        (("X-Forwarded-For: 127.0.0.1", "X-Forwarded-User: admin"), 401),
        (("X-HTTP-Method-Override: GET", "X-Original-URL: /health"), 401),
    ],
    ids=lambda value: repr(value)[:70],
)
def test_another_token_or_header(sidecar: Sidecar, koppen: tuple[str, ...], status: int) -> None:
    sent = [kop.replace("{}", sidecar.tokens["besluit"]) for kop in koppen]
    stuur(sidecar, verzoek(f"POST {BESLUIT} HTTP/1.1", *sent), status)


@pytest.mark.parametrize("naam", ["token", "access_token", "Authorization", "identity"])
def test_a_token_in_the_address_is_none(sidecar: Sidecar, naam: str) -> None:
    asked = verzoek(f"POST {BESLUIT}?{naam}={sidecar.tokens['besluit']} HTTP/1.1")
    stuur(sidecar, asked, 401)


@pytest.mark.parametrize("diagnose", [False, True], ids=["8181", "8282"])
def test_there_is_no_http2(sidecar: Sidecar, diagnose: bool) -> None:
    """OPA does not offer it, so there is no second way in to try all this on."""
    context = sidecar.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    port = sidecar.diagnosepoort if diagnose else sidecar.poort
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert connection.selected_alpn_protocol() is None
    # Nor without having agreed on it.
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
    answer = rauw(sidecar, preface, diagnose=diagnose)
    assert answer.status == 401


@pytest.mark.parametrize("diagnose", [False, True], ids=["8181", "8282"])
@pytest.mark.parametrize(
    ("gestuurd", "antwoord"),
    [
        (b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.0 400 Bad Request"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b""),
    ],
)
def test_without_tls_there_is_nothing(
    sidecar: Sidecar, gestuurd: bytes, antwoord: bytes, diagnose: bool
) -> None:
    port = sidecar.diagnosepoort if diagnose else sidecar.poort
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(gestuurd)
        answer = connection.makefile("rb").read()
    assert answer.split(b"\r\n")[0] == antwoord
    assert answer[-48:] in (b"", b"Client sent an HTTP request to an HTTPS server.\n")
