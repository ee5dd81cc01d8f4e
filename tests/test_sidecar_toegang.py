"""Who may ask the sidecar what: every path of OPA's REST API, every method, on both ports.

The policies are policies/system/authz; docs/sidecar.md says the same in words.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecarhulp import BESLUIT, Sidecar
from uitfasering import toegang
from uitfasering.paths import project_root
from vraaghulp import RECHTEN, controleer_niets_gelekt, proef

# Who gets an answer (200), by path, method and port; "-" is no one (401). 8181 is the port of the
# API, 8282 that of the diagnostics. "besluit>404": may ask, but that port has no such thing.
# Any other method gets 401 on every path, and HEAD 405 (so OPA, before it asks who may).
TABEL = """
path                                                    GET 8181  POST 8181  GET 8282  POST 8282

/health                                                 everyone  -          everyone  -
/health/live                                            everyone  -          everyone  -
/health/ready                                           everyone  -          everyone  -
/health/zelftest_fouten                                 -         -          -         -
/health/iets/anders                                     -         -          -         -
/metrics                                                metrics   -          metrics   -
/metrics/alloc_bytes                                    -         -          -         -

/v1/data/uitfasering/besluit                            -         besluit    -         besluit>404
/v1/data/uitfasering/besluiten                          -         besluit    -         besluit>404
/v1/data                                                -         -          -         -
/v1/data/uitfasering                                    -         -          -         -
/v1/data/uitfasering/herkomst                           -         -          -         -
/v1/data/uitfasering/besluit/uitkomst                   -         -          -         -
/v1/data/uitfasering/besluiten/a                        -         -          -         -
/v1/data/uitfasering/afspraken/van_toepassing           -         -          -         -
/v1/data/gegevens                                       -         -          -         -
/v1/data/toegang                                        -         -          -         -
/v1/data/toegang/tokens                                 -         -          -         -
/v1/data/system/authz/allow                             -         -          -         -
/v1/data/system/health/ready                            -         -          -         -
/v1/data/system/bundles                                 -         -          -         -
/v1/data/iets                                           -         -          -         -
/v0/data                                                -         -          -         -
/v0/data/uitfasering/besluit                            -         -          -         -
/v0/data/toegang                                        -         -          -         -

/v1/compile                                             -         compile    -         compile>404
/v1/compile/uitfasering/afspraken/van_toepassing/B2-11  -         compile    -         compile>404
/v1/compile/uitfasering                                 -         -          -         -
/v1/compile/toegang/tokens                              -         -          -         -
/v1/compile/system/authz/allow                          -         -          -         -
/v1/query                                               -         -          -         -
/v1/query/iets                                          -         -          -         -

/v1/policies                                            -         -          -         -
/v1/policies/iets                                       -         -          -         -
/v1/policies/uitfasering/besluit.rego                   -         -          -         -
/v1/config                                              -         -          -         -
/v1/status                                              -         -          -         -
/v1/bundles                                             -         -          -         -
/v1                                                     -         -          -         -
/v2/data                                                -         -          -         -
/                                                       -         -          -         -
/iets                                                   -         -          -         -
/favicon.ico                                            -         -          -         -
/debug/pprof                                            -         -          -         -
/debug/pprof/allocs                                     -         -          -         -
/debug/pprof/block                                      -         -          -         -
/debug/pprof/heap                                       -         -          -         -
/debug/pprof/mutex                                      -         -          -         -
/debug/pprof/cmdline                                    -         -          -         -
/debug/pprof/profile                                    -         -          -         -
/debug/pprof/symbol                                     -         -          -         -
/debug/pprof/trace                                      -         -          -         -
"""
_KOP, *_RIJEN = (line.split() for line in TABEL.splitlines() if line)
PADEN = {path: cells for path, *cells in _RIJEN}
METHODEN = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "LOCK")
# No token, one that was never given out, and one for each set of rights.
WIE = (None, toegang.nieuw_token(), *RECHTEN)


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


def verwacht(pad: str, methode: str, wie: str | None, *, diagnose: bool) -> int:
    """The status that the table says."""
    if methode == "HEAD":
        return 405
    if methode not in ("GET", "POST"):
        return 401
    who, _, status = PADEN[pad][("GET", "POST").index(methode) + 2 * diagnose].partition(">")
    if who == "everyone" or (wie in RECHTEN and who in RECHTEN[wie]):
        return int(status or 200)
    return 401


def test_the_table_is_read_as_it_is_written() -> None:
    assert _KOP == ["path", "GET", "8181", "POST", "8181", "GET", "8282", "POST", "8282"]
    assert {len(cells) for cells in PADEN.values()} == {4}
    assert len(PADEN) == len(_RIJEN)
    names = {cell.partition(">")[0] for cells in PADEN.values() for cell in cells}
    assert names == {"-", "everyone", "besluit", "compile", "metrics"}


@pytest.mark.parametrize("diagnose", [False, True], ids=["8181", "8282"])
@pytest.mark.parametrize("pad", PADEN)
def test_who_gets_an_answer(sidecar: Sidecar, pad: str, diagnose: bool) -> None:
    expected, got = {}, {}
    connection = sidecar.verbinding(diagnose=diagnose)
    # What is asked is always something that OPA could answer.
    query = b'"query": "data.uitfasering.herkomst", ' if pad == "/v1/compile" else b""
    body = b"{" + query + b'"input": {}, "unknowns": ["input.feiten"]}'
    for wie in WIE:
        sent = {"Accept": "application/vnd.opa.sql.sqlite+json"}
        if wie is not None:
            sent["Authorization"] = f"Bearer {sidecar.tokens.get(wie, wie)}"
        for method in METHODEN:
            connection.request(method, pad, body=body, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
            who = "geraden" if wie == WIE[1] else wie
            got[method, who] = answer.status
            expected[method, who] = verwacht(pad, method, wie, diagnose=diagnose)
            if answer.status == 401:
                assert b'"code": "unauthorized"' in content
            if pad.startswith("/health") and answer.status == 200:
                assert content == b"{}\n"
    connection.close()
    assert got == expected


def test_nothing_of_the_tokens_or_policies_is_answered(sidecar: Sidecar) -> None:
    """The table looks at the status; this at all there is to read with every right there is."""
    for pad in PADEN:
        for method in ("GET", "POST"):
            answer = sidecar.vraag(method, pad, token=sidecar.tokens["alles"], body={"input": {}})
            controleer_niets_gelekt(sidecar, answer)


def test_a_token_is_for_all_requests_of_its_own(sidecar: Sidecar) -> None:
    """On one connection the rights of one request are not those of the next."""
    connection = sidecar.verbinding()
    statuses = []
    for wie in ("besluit", "niets", "besluit", None, "compile", "besluit"):
        headers = {"Authorization": f"Bearer {sidecar.tokens[wie]}"} if wie else {}
        connection.request("POST", BESLUIT, body=b'{"input": {}}', headers=headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    assert statuses == [200, 401, 200, 401, 401, 200]


def test_every_route_of_this_opa_is_in_the_table() -> None:
    """From OPA's own source, when the Go module is on this machine."""
    found = routes(bron_van_opa())
    assert len(found) > 30
    # Routes as OPA writes them: "/health/{path...}" is a folder, "/{$}" the page itself.
    missing = []
    for method, route in found:
        folder = route.removesuffix("{path...}").removesuffix("{$}")
        if route == folder != "/":
            folder = folder.rstrip("/")
        known = [
            pad
            for pad in PADEN
            if (
                pad.startswith(folder) and pad != folder
                if route.endswith("...}")
                else pad == folder
            )
        ]
        if not known or (method and method not in METHODEN):
            missing.append((method, route))
    assert missing == []


def bron_van_opa() -> Path:
    versie = re.search(
        r"^OPA_VERSIE=(\S+)$", (project_root() / "scripts" / "opa-versie").read_text("utf-8"), re.M
    )
    assert versie
    try:
        asked = ["go", "env", "GOMODCACHE"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
        cache = Path(done.stdout.strip())
    except (OSError, subprocess.SubprocessError):
        cache = Path.home() / "go" / "pkg" / "mod"
    bron = cache / "github.com" / "open-policy-agent" / f"opa@v{versie[1]}"
    if not bron.is_dir():
        pytest.skip(f"the source of OPA {versie[1]} is not on this machine")
    return bron


def routes(bron: Path) -> list[tuple[str, str]]:
    """Method ("" for any) and path of every route that OPA has."""
    server = (bron / "v1" / "server" / "server.go").read_text("utf-8")
    start = server.index(") initRouters(")
    server = server[start : server.index("\n}\n", start)]
    written = re.findall(r'outer\.Handle(?:Func)?\("(?:([A-Z]+) )?(/[^"]*)"', server)
    # All of them: besides these, one is handed down and one is for routes of plugins.
    assert len(written) == len(re.findall(r"outer\.Handle", server)) - 2
    prometheus = (bron / "internal" / "prometheus" / "prometheus.go").read_text("utf-8")
    return written + [
        ("GET", path) for path in re.findall(r'registrar\("([^"]+)", http\.MethodGet', prometheus)
    ]
