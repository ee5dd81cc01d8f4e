"""Made-up personal data, planted wherever a request has room for it, and the search for it."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from clihulp import NIEUW
from logboekhulp import inhoud
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar
from strategieen import VELDEN
from volledig import aantal

# Of no one: the BSN is of iJw's test range.
BSN, NAAM = "999990019", "Fladderman-Zoë"
GEBOREN = ("2012-03-14", "14-03-2012", "20120314", "14 maart 2012", "14/3/2012")
MERKEN = (BSN, NAAM, *GEBOREN)

# For what asks a lot: each kind of them, or all.
ENKELE = MERKEN[: aantal(3, len(MERKEN))]

DECLARATIE = {
    **NIEUW,
    "handeling": "declaratie",
    "periode": {"begindatum": "2021-07-01", "einddatum": "2021-07-31"},
}
OMVANG = {**NIEUW, "omvang": {"volume": 1, "eenheid": "16", "frequentie": "2"}}

# Where a birth date is a date, or an AGB code or number of eight digits, like any other.
GELDIG = {
    *((veld, "2012-03-14") for veld in ("toewijzingsdatum", "ingangsdatum", "factuurdatum")),
    *((veld, "2012-03-14") for veld in ("periode.begindatum",)),
    ("aanbieder", "20120314"),
    *((veld, 20120314) for veld in ("budget", "omvang.volume")),
}


def velden() -> Iterator[str]:
    """Every field of a toewijzing, at every depth."""
    for naam, veld in VELDEN.items():
        yield naam
        yield from (f"{naam}.{deel}" for deel in veld.get("properties", {}))


def met(veld: str, waarde: Any) -> dict[str, Any]:
    """A toewijzing that is valid but for this field."""
    naam, _, deel = veld.partition(".")
    basis = {"periode": DECLARATIE, "factuurdatum": DECLARATIE, "omvang": OMVANG}.get(naam, NIEUW)
    toewijzing: dict[str, Any] = copy.deepcopy(basis)
    if deel:
        toewijzing.setdefault(naam, {})[deel] = waarde
    else:
        toewijzing[naam] = waarde
    return toewijzing


def in_velden() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Field, what is planted in it, and the toewijzing."""
    for veld in velden():
        for merk in ENKELE:
            als_getal = [int(merk)] if merk.isdecimal() else []
            for waarde in (merk, *als_getal, [merk], {merk: {merk: [merk]}}):
                yield veld, waarde, met(veld, waarde)


def in_namen() -> Iterator[Any]:
    """Toewijzingen with it in a name, and what is not even a toewijzing."""
    for merk in ENKELE:
        yield from (merk, [merk], {merk: merk}, {**NIEUW, merk: 1})
        for naam, veld in VELDEN.items():
            if "properties" in veld:
                yield met(f"{naam}.{merk}", merk)
                yield met(f"{naam}.{merk}", {merk: merk})


def bodies() -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Headers and body: broken, of another kind, packed, or with more than an input."""
    for merk in ENKELE:
        goed = json.dumps({"input": {**NIEUW, merk: merk}}).encode()
        for soort in ("application/yaml", "text/xml", "multipart/form-data; boundary=x", merk):
            yield (f"Content-Type: {soort}",), goed
        yield ("Content-Type: application/yaml",), f"input: {{{merk}: [&a {merk}, *a]}}".encode()
        yield ("Content-Encoding: gzip",), gzip.compress(goed)
        yield ("Content-Encoding: gzip",), gzip.compress(goed)[:-9]
        yield ("Content-Encoding: gzip",), goed
        for body in (
            goed[:-2],
            goed + goed,
            merk.encode(),
            merk.encode("utf-16"),
            b'{"input": {"budget": 1e999999999, "x": "%b"}}' % merk.encode(),
            b'{"input": {"a": "%b", "a": "%b"}}' % (merk.encode(), merk.encode()),
        ):
            yield (), body
        meer = {"metadata": {merk: merk}, merk: merk, "context": {merk: merk}}
        for toewijzing in (NIEUW, {}, merk):
            yield (), json.dumps({"input": toewijzing, **meer}).encode()
        yield (), json.dumps({merk: merk}).encode()


def regels() -> Iterator[str]:
    """The first line of a request."""
    for merk in ENKELE:
        deel = quote(merk)
        for pad in (
            *(f"/{deel}", f"/v1/data/{deel}", f"/v1/data/uitfasering/{deel}", f"{BESLUIT}/{deel}"),
            *(f"/v1/data/{deel}/besluit", f"/v0/data/{deel}", f"/v1/policies/{deel}"),
            *(f"/v1/compile/uitfasering/{deel}", f"/health/{deel}", f"/metrics/{deel}"),
            *(f"/v1/data/{deel}%zz", f"/v1/data/{deel}%2F..", f"{BESLUIT};{deel}", merk),
            *(f"https://{deel}.example{BESLUIT}", f"https://{deel}:{deel}@x.example{BESLUIT}"),
            *(f"{BESLUIT}?{naam}={deel}" for naam in ("pretty", "metrics", "provenance")),
            *(f"{BESLUIT}?{deel}", f"{BESLUITEN}?bsn={deel}", f"/metrics?{deel}={deel}"),
            *(f"/health/ready?bundle={deel}", f"/health?exclude-plugin={deel}"),
            *(f"/v1/query?q={deel}", f"{BESLUIT}?input={quote(json.dumps({'bsn': merk}))}"),
        ):
            for methode in ("POST", "GET"):
                yield f"{methode} {pad} HTTP/1.1"
        yield f"{deel} {BESLUIT} HTTP/1.1"
        yield f"POST {BESLUIT} HTTP/{deel}"
        for methode in ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"):
            yield f"{methode} /v1/data/{deel} HTTP/1.1"


def koppen() -> Iterator[tuple[str, ...]]:
    for merk in ENKELE:
        for naam in (
            *("User-Agent", "X-Request-Id", "X-Correlation-Id", "Cookie", "Referer", "From"),
            *("Accept", "Accept-Encoding", "X-Forwarded-For", "Forwarded", "baggage"),
            *("Via", "tracestate", "b3", "If-None-Match", "Origin", "Expect"),
        ):
            yield (f"{naam}: {merk}",)
        yield (f"X-{quote(merk).replace('%', '-')}: {merk}",)
        yield (f"{merk} : x",)
        yield (f"traceparent: 00-{BSN:0>32}-{BSN:0>16}-01", f"tracestate: a={merk}")
        yield (f"Authorization: Bearer {merk}",)
        yield (f"Authorization: Basic {base64.b64encode(merk.encode()).decode()}",)


def verzoeken(sidecar: Sidecar) -> Iterator[bytes]:
    """Everything above, as requests."""
    goed = json.dumps({"input": NIEUW}).encode()
    recht = f"Authorization: Bearer {sidecar.tokens['alles']}"
    besluit = f"POST {BESLUIT} HTTP/1.1"
    for kop, body in bodies():
        for regel in (besluit, f"POST {BESLUITEN} HTTP/1.1", "POST /v1/compile HTTP/1.1"):
            yield _verzoek(regel, (recht, *kop), body)
    for regel in regels():
        for wie in ((recht,), ()):
            yield _verzoek(regel, wie, goed)
    for kop in koppen():
        mee = kop if kop[0].startswith("Authorization") else (recht, *kop)
        yield _verzoek(besluit, mee, goed)


def _verzoek(regel: str, meer: Iterable[str], body: bytes) -> bytes:
    lines = [regel, "Host: sidecar", "Connection: close", f"Content-Length: {len(body)}", *meer]
    return "\r\n".join([*lines, "", ""]).encode() + body


def verstuur(sidecar: Sidecar, verzoek: bytes, *, diagnose: bool = False) -> bytes:
    """Send these bytes; whatever comes back."""
    port = sidecar.diagnosepoort if diagnose else sidecar.poort
    plain = socket.create_connection(("127.0.0.1", port), timeout=20)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # 40 ms a request
    context = sidecar.context() if sidecar.tls else None
    with closing(
        context.wrap_socket(plain, server_hostname="127.0.0.1") if context else plain
    ) as c:
        answer = b""
        try:
            c.sendall(verzoek)
            while part := c.recv(65536):
                answer += part
        except OSError:
            pass  # closed while we were still sending
        return answer


def sporen(merken: Iterable[str] = MERKEN) -> dict[bytes, str]:
    """What to look for: each as it is, in other writings, and its hashes; with what it is."""
    found = {}
    for merk in merken:
        raw = merk.encode()
        for vorm in (merk, quote(merk), json.dumps(merk)[1:-1], merk.lower(), merk.upper()):
            found[vorm.encode()] = merk
        found[raw.hex().encode()] = merk
        found[base64.b64encode(raw).rstrip(b"=")] = merk
        for algorithm in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(algorithm, raw)
            found[digest.hexdigest().encode()] = f"{algorithm} of {merk}"
            found[base64.b64encode(digest.digest()).rstrip(b"=")] = f"{algorithm} of {merk}"
    return found


def gevonden(waar: Mapping[str, bytes], merken: Iterable[str] = MERKEN) -> list[tuple[str, str]]:
    """Where which of these is, by the name of the place."""
    wanted = sporen(merken)
    return [
        (plaats, wat)
        for plaats, content in waar.items()
        for spoor, wat in wanted.items()
        if spoor in content
    ]


def bestanden(*mappen: Path) -> dict[str, bytes]:
    """Every file in these folders, unpacked, with its name before what is in it."""
    return {
        str(path): str(path).encode() + b"\n" + inhoud(path)
        for map_ in mappen
        for path in map_.rglob("*")
        if path.is_file()
    }


def van_opa(sidecar: Sidecar, tijdelijk: Path) -> dict[str, bytes]:
    """Everything OPA keeps or says of itself: its files, its log, its metrics, its health."""
    token = sidecar.tokens.get("alles")
    told = {
        f"{path}, {diagnose}": sidecar.vraag("GET", path, token=token, diagnose=diagnose).body
        for path in ("/metrics", "/health?bundles&plugins", "/v1/status", "/v1/config")
        for diagnose in (False, True)
    }
    assert len(told["/metrics, True"]) > 1000
    folder = sidecar.sidecar
    files = bestanden(folder.logboek, folder.bewaard, tijdelijk)
    return {**files, **told, "stderr": sidecar.gezegd().encode()}
