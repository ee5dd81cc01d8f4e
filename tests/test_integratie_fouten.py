"""What docs/integratie.md says of answers and errors: every row, seen on the real sidecar."""

from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from bundelserver import Bundelserver
from clienthulp import VALID
from sidecarhulp import (
    BESLUIT,
    BESLUITEN,
    SCHOON,
    Antwoord,
    Sidecar,
    draaiend,
    vrije_poort,
    wacht_op,
)
from uitfasering.paths import opa_binary
from uitfasering.werkbank import Werkbank
from vraaghulp import proef, rauw, verzoek

GOED = {"input": VALID}
TE_GROOT = b" " * (5 * 1024 * 1024 + 1)
GEZIPT = {"Content-Encoding": "gzip"}
MAG = ("pretty", "provenance", "metrics", "strict-builtin-errors")


class Rij(NamedTuple):
    wanneer: str
    status: str
    inhoud: str
    doen: str
    opnieuw: str


def rijen(root: Path) -> dict[str, Rij]:
    """The rows of the table of errors, by their first cell."""
    text = (root / "docs" / "integratie.md").read_text("utf-8")
    table = text.split("| when | status |")[1].split("\n\n")[0].splitlines()[2:]
    rows = [Rij(*(cell.strip() for cell in line.strip("| ").split("|"))) for line in table]
    assert len({row.wanneer for row in rows}) == len(rows)
    return {row.wanneer: row for row in rows}


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


def post(sidecar: Sidecar, body: Any, pad: str = BESLUIT, **headers: str) -> Antwoord:
    return sidecar.vraag("POST", pad, token=sidecar.tokens["besluit"], body=body, headers=headers)


def met_token(sidecar: Sidecar, methode: str, pad: str, token: str | None) -> Antwoord:
    sent = sidecar.tokens.get(token, token) if token else None
    return sidecar.vraag(methode, pad, token=sent, body=GOED)


def fout_veld(sidecar: Sidecar) -> list[Antwoord]:
    faults: tuple[dict[str, Any], ...] = ({"gemeente": 150}, {"bsn": ""}, {"budget": None})
    return [post(sidecar, {"input": {**VALID, **fault}}) for fault in faults]


def zonder_input(sidecar: Sidecar) -> list[Antwoord]:
    return [post(sidecar, VALID), post(sidecar, [VALID]), post(sidecar, b"")]


def zonder_toewijzingen(sidecar: Sidecar) -> list[Antwoord]:
    return [post(sidecar, body, BESLUITEN) for body in (GOED, {"input": [VALID]}, VALID)]


def geen_json(sidecar: Sidecar) -> list[Antwoord]:
    bodies = (b"<xml/>", b"{'input': {}}", json.dumps(GOED).encode()[:-1], gzip.compress(b"{}"))
    return [post(sidecar, body) for body in bodies]


def te_groot(sidecar: Sidecar) -> list[Antwoord]:
    """Of what is too large OPA reads nothing, so nothing but the head is sent."""
    asked = verzoek(f"POST {BESLUIT} HTTP/1.1", token=sidecar.tokens["besluit"], body=TE_GROOT)
    return [rauw(sidecar, asked[: -len(TE_GROOT)])]


def te_groot_uitgepakt(sidecar: Sidecar) -> list[Antwoord]:
    return [post(sidecar, gzip.compress(TE_GROOT), **GEZIPT)]


def halve_gzip(sidecar: Sidecar) -> list[Antwoord]:
    assert post(sidecar, gzip.compress(json.dumps(GOED).encode()), **GEZIPT).status == 200
    return [post(sidecar, gzip.compress(json.dumps(GOED).encode())[:-9], **GEZIPT)]


def zonder_token(sidecar: Sidecar) -> list[Antwoord]:
    basic = sidecar.vraag(
        "POST", BESLUIT, body=GOED, headers={"Authorization": f"Basic {sidecar.tokens['besluit']}"}
    )
    return [basic, *(met_token(sidecar, "POST", BESLUIT, token) for token in (None, "", "x" * 43))]


def zonder_recht(sidecar: Sidecar) -> list[Antwoord]:
    return [met_token(sidecar, "POST", BESLUITEN, who) for who in ("niets", "metrics", "compile")]


def ander_pad(sidecar: Sidecar) -> list[Antwoord]:
    paths = ("/v1/data/uitfasering", f"{BESLUIT}/uitkomst", "/v0/data/uitfasering/besluit", "/x")
    return [met_token(sidecar, "POST", path, "besluit") for path in paths]


def andere_methode(sidecar: Sidecar) -> list[Antwoord]:
    methods = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS")
    return [met_token(sidecar, method, BESLUIT, "besluit") for method in methods]


def andere_parameter(sidecar: Sidecar) -> list[Antwoord]:
    names = ("explain=full", "instrument", "rule_labels", "x=1")
    return [met_token(sidecar, "POST", f"{BESLUIT}?{name}", "besluit") for name in names]


def evaluatiefout(sidecar: Sidecar) -> list[Antwoord]:
    """No policy of ours does this, so for once there is one that does."""
    with Werkbank() as bench:
        file = "policies/uitfasering/besluit.rego"
        text = (bench.root / file).read_text("utf-8")
        wrong = re.sub(r"^besluit :=", "besluit := 1\n\nbesluit :=", text, count=1, flags=re.M)
        assert wrong != text
        bench.zet_policy("uitfasering/besluit.rego", wrong)
        answer = requests.post(f"{bench.url}{BESLUIT}", json=GOED, timeout=20)
        return [Antwoord(answer.status_code, dict(answer.headers), answer.content)]


def te_vroeg(sidecar: Sidecar) -> list[Antwoord]:
    with zonder_bundels(sidecar, "--ready-timeout=0") as early:
        wacht_op(lambda: luistert(early))
        return [met_token(early, "POST", BESLUIT, who) for who in ("besluit", None)]


def zonder_afspraken(sidecar: Sidecar) -> list[Antwoord]:
    port = vrije_poort()
    command = [str(opa_binary()), "run", "--server", f"--addr=127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--skip-version-check"],
        env=SCHOON,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    answers: list[requests.Response] = []

    def answered() -> bool:
        try:
            answers.append(
                requests.post(f"http://127.0.0.1:{port}{BESLUIT}", json=GOED, timeout=20)
            )
        except requests.ConnectionError:
            return False
        return True

    try:
        wacht_op(answered)
    finally:
        process.kill()
        process.wait()
    return [Antwoord(a.status_code, dict(a.headers), a.content) for a in answers]


def zonder_tls(sidecar: Sidecar) -> list[Antwoord]:
    answer = requests.post(
        sidecar.url.replace("https", "http") + BESLUIT, json=GOED, timeout=20, allow_redirects=False
    )
    return [Antwoord(answer.status_code, dict(answer.headers), answer.content)]


def lange_koppen(sidecar: Sidecar) -> list[Antwoord]:
    return [rauw(sidecar, verzoek(f"POST {BESLUIT} HTTP/1.1", "X-A: " + "a" * 1_200_000))]


GEVALLEN: dict[str, Callable[[Sidecar], list[Antwoord]]] = {
    "A field is wrong, unknown or missing": fout_veld,
    "No `input` around it": zonder_input,
    "A batch without `toewijzingen`": zonder_toewijzingen,
    "The body is not JSON": geen_json,
    "The body is over 5 MiB": te_groot,
    "Over 5 MiB after unpacking (`Content-Encoding: gzip`)": te_groot_uitgepakt,
    "It breaks off in the middle of gzip": halve_gzip,
    "No token, a wrong one, or one that was withdrawn": zonder_token,
    "A token without the right": zonder_recht,
    "Another path": ander_pad,
    "Another method": andere_methode,
    "Another query parameter, such as `explain`": andere_parameter,
    "A slash at the end of the path": lambda s: [met_token(s, "POST", f"{BESLUIT}/", "besluit")],
    "HEAD": lambda s: [met_token(s, "HEAD", BESLUIT, "besluit")],
    "Headers over 1 MB": lange_koppen,
    "A number OPA cannot hold, such as `1e100000`": lambda s: [
        post(s, b'{"input": {"budget": 1e100000}}'),
        post(s, b'{"input": {"toewijzingen": {"1": {"budget": 1e100000}}}}', BESLUITEN),
    ],
    "A fault in the agreements": evaluatiefout,
    "An OPA that listens before it has its bundles (not our sidecar)": te_vroeg,
    "An OPA without our agreements (not our sidecar)": zonder_afspraken,
    "`http` instead of `https`": zonder_tls,
}


def test_elke_rij_wordt_gevraagd(root: Path) -> None:
    assert [*rijen(root)] == [*GEVALLEN]
    again = [row.wanneer for row in rijen(root).values() if row.opnieuw != "no"]
    assert again == ["An OPA that listens before it has its bundles (not our sidecar)"]


@pytest.mark.parametrize("wanneer", GEVALLEN)
def test_zo_ziet_de_fout_eruit(wanneer: str, sidecar: Sidecar, root: Path) -> None:
    row = rijen(root)[wanneer]
    words = re.findall(r"`([^`]+)`", row.inhoud)
    for answer in GEVALLEN[wanneer](sidecar):
        assert answer.status == int(row.status)
        said = answer.body.decode()
        assert [word for word in words if word not in said] == []
        if words == ["{}"]:
            assert answer.json == {}
        elif not words:
            assert said == ""
        elif row.status in ("400", "401", "500") and "https" not in wanneer:
            extra = answer.json.keys() - {"code", "message"}
            assert extra == ({"errors"} if "errors" in words else set())
        elif row.status == "200":
            assert "TOEGESTAAN" not in said


def test_openapi_toont_wat_de_sidecar_zegt(sidecar: Sidecar, root: Path) -> None:
    """The bodies of the errors in openapi.json, word for word."""
    document = json.loads((root / "docs" / "openapi.json").read_text("utf-8"))
    shown = {
        (status, naam): example["value"]
        for status, response in document["components"]["responses"].items()
        for naam, example in response["content"]["application/json"]["examples"].items()
    }
    seen = {
        ("400", "geen_json"): post(sidecar, b"Jan"),
        ("400", "te_groot"): te_groot(sidecar)[0],
        ("401", "geen_token"): met_token(sidecar, "POST", BESLUIT, None),
        ("401", "mag_niet"): met_token(sidecar, "POST", BESLUIT, "niets"),
        ("500", "getal"): post(sidecar, b'{"input": {"budget": 1e100000}}'),
    }
    assert shown == {key: answer.json for key, answer in seen.items()}
    assert {key[0] for key in seen} == {str(answer.status) for answer in seen.values()}


def test_de_parameters_zijn_wat_er_mag(sidecar: Sidecar, root: Path) -> None:
    document = json.loads((root / "docs" / "openapi.json").read_text("utf-8"))
    shown = {part["name"] for part in document["components"]["parameters"].values()}
    assert shown == set(MAG)
    answer = post(sidecar, GOED, f"{BESLUIT}?{'&'.join(MAG)}")
    assert answer.status == 200
    assert {"result", "provenance", "metrics"} <= answer.json.keys()
    assert answer.body.startswith(b"{\n  ")  # pretty
    for parameter in document["paths"]["/health"]["get"]["parameters"]:
        assert sidecar.vraag("GET", f"/health?{parameter['name']}=true").status == 200


def test_het_soort_inhoud_doet_er_niet_toe(sidecar: Sidecar) -> None:
    right = post(sidecar, GOED).json["result"]
    for header in ("Content-Type", "Accept"):
        for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
            assert post(sidecar, GOED, **{header: kind}).json["result"] == right
    yaml = b"input:\n  handeling: nieuw\n"
    assert post(sidecar, yaml, **{"Content-Type": "application/yaml"}).status == 200
    assert post(sidecar, yaml).status == 400


def test_een_te_groot_bericht_uit_python(sidecar: Sidecar) -> None:
    """The sending fails, but what OPA said can still be read."""
    connection = sidecar.verbinding()
    with closing(connection):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            connection.request("POST", BESLUIT, body=TE_GROOT * 4)
        assert connection.getresponse().status == 400


def test_de_vraag_bovenaan_krijgt_dat_antwoord(sidecar: Sidecar, root: Path) -> None:
    text = (root / "docs" / "integratie.md").read_text("utf-8")
    asked, answered = re.findall(r"```\n(.*?)```", text, re.S)[:2]
    line, body = asked.split("\n", 1)[0], asked.split("\n\n")[1]
    assert line == f"POST https://127.0.0.1:8181{BESLUIT}"
    result = post(sidecar, body.encode()).json["result"]
    assert f'"uitkomst": "{result["uitkomst"]}"' in answered
    assert [finding["regel"] for finding in result["bevindingen"]] == re.findall(
        r'"regel": "([^"]+)"', answered
    )
    assert [name for name in result if f'"{name}"' not in answered] == []


def test_elke_uitkomst_staat_in_de_tabel(root: Path) -> None:
    text = (root / "docs" / "integratie.md").read_text("utf-8")
    schema = json.loads((root / "schemas" / "besluit.json").read_text("utf-8"))
    table = text.split("| `uitkomst` |")[1].split("\n\n")[0]
    shown = re.findall(r"^\| `([A-Z_]+)` \|", table, re.M)
    assert sorted(shown) == sorted(schema["properties"]["uitkomst"]["enum"])
    for name in schema["properties"]:
        assert f"`{name}`" in text


def luistert(sidecar: Sidecar) -> bool:
    try:
        sidecar.vraag("GET", "/health")
    except OSError:
        return False
    return True


@contextmanager
def zonder_bundels(sidecar: Sidecar, *extra: str) -> Iterator[Sidecar]:
    """A second one that never gets its bundles."""
    kept = sidecar.sidecar.bewaard.with_name("nergens")
    kept.mkdir(exist_ok=True)
    with Bundelserver(sidecar.sidecar.bundels).draait() as server:
        server.status = 503
        extra = (f"--set=persistence_directory={kept}", *extra)
        args = (sidecar.sidecar, sidecar.tokens, server.url)
        with draaiend(*args, extra=extra, wacht=False) as early:
            wacht_op(lambda: len(server.vragen) == 2)
            yield early


def test_zonder_bundels_is_er_geen_verbinding(sidecar: Sidecar) -> None:
    """It is up and asks for its bundles, and nobody gets in."""
    with zonder_bundels(sidecar) as early, pytest.raises(ConnectionRefusedError):
        early.vraag("POST", BESLUIT, body=GOED)


def test_een_certificaat_dat_niet_deugt(sidecar: Sidecar) -> None:
    """With Python's own library, as an integrator would: not our CA, and another name."""
    request = urllib.request.Request(f"{sidecar.url}/health", method="GET")
    with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
        urllib.request.urlopen(request, context=ssl.create_default_context(), timeout=20)
    context = sidecar.context()
    with urllib.request.urlopen(request, context=context, timeout=20) as answer:
        assert answer.status == 200
    with (
        socket.create_connection(("127.0.0.1", sidecar.poort), timeout=20) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        context.wrap_socket(plain, server_hostname="opa.gemeente.example")
