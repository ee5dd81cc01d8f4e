"""A BSN, a name and a birth date, planted wherever a request has room: OPA keeps none of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import sidecarhulp
from bundelserver import Bundelserver
from clihulp import NIEUW
from logboekhulp import events, gelogd, op_de_console
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in, zet_tokens
from speurhulp import (
    BSN,
    GELDIG,
    MERKEN,
    NAAM,
    bestanden,
    gevonden,
    in_namen,
    in_velden,
    met,
    van_opa,
    verstuur,
    verzoeken,
)
from uitfasering import toegang
from vraaghulp import RECHTEN

ONGELDIG = "ONGELDIGE_INVOER"
# Without these it is an OPA that answers everyone, on every path.
DEUREN = (
    "--authentication",
    "--authorization",
    "--tls-cert-file",
    "--tls-private-key-file",
    "--min-tls-version",
)


@pytest.fixture(scope="module")
def tijdelijk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tijdelijk")


@pytest.fixture(
    scope="module",
    params=["bestand", pytest.param("console", marks=pytest.mark.lang), "zonder deuren"],
)
def sidecar(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, tijdelijk: Path
) -> Iterator[Sidecar]:
    """With the log in a file, on the console, or without TLS, tokens and authorization."""
    place = tmp_path_factory.mktemp("sidecar")
    folder, _ = richt_in(place / "map")
    tokens = {naam: toegang.nieuw_token() for naam in RECHTEN}
    zet_tokens(folder, tokens, rechten=RECHTEN)
    weg: tuple[str, ...] = ()
    extra: list[str] = []
    if request.param == "console":
        weg, extra = ("--config-file",), op_de_console(folder, place)
    elif request.param == "zonder deuren":
        weg = DEUREN
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setitem(sidecarhulp.SCHOON, "TMPDIR", str(tijdelijk))
        server = stack.enter_context(Bundelserver(folder.bundels).draait())
        yield stack.enter_context(draaiend(folder, tokens, server.url, weg=weg, extra=extra))


def vraag(sidecar: Sidecar, pad: str, toewijzing: Any) -> Any:
    token = sidecar.tokens["besluit"]
    answer = sidecar.vraag("POST", pad, token=token, body={"input": toewijzing})
    assert answer.status == 200
    return answer.json["result"]


def alle_events(sidecar: Sidecar) -> int:
    return len(gelogd(sidecar.sidecar)) + len(events(sidecar.gezegd()))


def test_the_search_finds_what_is_logged(sidecar: Sidecar, tijdelijk: Path) -> None:
    """A valid toewijzing is; these dates and digits are in no other test."""
    vraag(sidecar, BESLUIT, {**NIEUW, "ingangsdatum": "2021-02-28", "aanbieder": "20110228"})
    found = gevonden(van_opa(sidecar, tijdelijk), ["2021-02-28", "20110228"])
    assert {wat for _, wat in found} == {"2021-02-28", "20110228"}
    assert {Path(waar).name for waar, _ in found} <= {"besluiten.log", "stderr"}


def test_in_every_field(sidecar: Sidecar, tijdelijk: Path) -> None:
    before, asked = alle_events(sidecar), 0
    for veld, waarde, toewijzing in in_velden():
        if isinstance(waarde, (str, int)) and (veld, waarde) in GELDIG:
            continue  # a date like any other: that is logged, see docs/logboek.md
        assert vraag(sidecar, BESLUIT, toewijzing)["uitkomst"] == ONGELDIG, (veld, waarde)
        asked += 1
    assert asked > 200
    assert alle_events(sidecar) == before + asked
    assert gevonden(van_opa(sidecar, tijdelijk)) == []


def test_in_every_name_and_in_the_kenmerk(sidecar: Sidecar, tijdelijk: Path) -> None:
    vragen = list(in_namen())
    for toewijzing in vragen:
        assert vraag(sidecar, BESLUIT, toewijzing)["uitkomst"] == ONGELDIG
    for merk in MERKEN:
        batch = {"toewijzingen": {merk: NIEUW, f"{merk} ": {merk: merk}}, merk: merk}
        assert vraag(sidecar, BESLUITEN, batch).keys() == {merk, f"{merk} "}
        for geen_batch in (merk, [merk], {merk: {merk: NIEUW}}, {"toewijzingen": [merk]}):
            assert vraag(sidecar, BESLUITEN, geen_batch).keys() == {""}
    alles = {f"{merk} {n}": t for merk in MERKEN for n, t in enumerate(vragen)}
    assert vraag(sidecar, BESLUITEN, {"toewijzingen": alles}).keys() == alles.keys()
    assert gevonden(van_opa(sidecar, tijdelijk)) == []


@pytest.mark.parametrize(
    "diagnose",
    [pytest.param(False, id="8181"), pytest.param(True, id="8282", marks=pytest.mark.lang)],
)
def test_in_every_part_of_a_request(sidecar: Sidecar, tijdelijk: Path, diagnose: bool) -> None:
    answers = [verstuur(sidecar, asked, diagnose=diagnose) for asked in verzoeken(sidecar)]
    statuses = {answer[9:12] for answer in answers}
    assert {b"400", b"401", b"200"} <= statuses or not sidecar.tls
    assert gevonden(van_opa(sidecar, tijdelijk)) == []


def test_in_what_only_an_open_opa_takes(sidecar: Sidecar, tijdelijk: Path) -> None:
    """Refused by the sidecar; without its doors answered, and not logged either."""
    person = {"bsn": BSN, "naam": NAAM}
    for methode, pad, body in (
        ("POST", "/", person),
        ("POST", "/v0/data/uitfasering/besluit", person),
        ("POST", "/v0/data/uitfasering/besluiten", {"toewijzingen": {BSN: NIEUW}}),
        ("POST", "/v1/data", {"input": person}),
        ("POST", "/v1/data/uitfasering", {"input": person}),
        ("POST", "/v1/data/uitfasering/invoer", {"input": person}),
        ("POST", f"{BESLUIT}?explain=full&instrument&rule_labels", {"input": person}),
        ("POST", "/v1/query", {"query": f'x := "{BSN} {NAAM}"', "input": person}),
        ("GET", f"/v1/query?q=x:=%22{BSN}%22", None),
        ("GET", f"{BESLUIT}?input=%7B%22bsn%22:%22{BSN}%22%7D", None),
        ("POST", "/v1/compile", {"query": f'input.x == "{BSN}"', "input": person}),
        ("PUT", f"/v1/data/{NAAM[:10]}", person),
        ("PUT", f"/v1/policies/{BSN}", None),
        ("POST", "/v1/batch/data/uitfasering/besluit", {"inputs": {BSN: person}}),
    ):
        sent = json.dumps(body).encode() if body else b""
        status = sidecar.vraag(methode, pad, token=sidecar.tokens["niets"], body=sent).status
        assert (status == 401) == sidecar.tls, (methode, pad)
    assert gevonden(van_opa(sidecar, tijdelijk)) == []


@pytest.mark.parametrize(("veld", "waarde"), sorted(GELDIG, key=str))
def test_what_fits_the_contract_is_valid(sidecar: Sidecar, veld: str, waarde: Any) -> None:
    """So docs/logboek.md says that it is logged; asked with another day than the tests above."""
    other = str(waarde).replace("03", "04")
    toewijzing = met(veld, other if isinstance(waarde, str) else int(other))
    assert vraag(sidecar, BESLUIT, toewijzing)["uitkomst"] != ONGELDIG


def test_what_a_sidecar_is_made_of_holds_none(sidecar: Sidecar) -> None:
    assert gevonden(bestanden(sidecar.sidecar.map)) == []
