"""A sidecar that runs: which bundles it takes, what it goes on with, and where that shows."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from bundelserver import Bundelserver
from meetwaarden import actief, mislukt, tijdstip
from sidecarbundels import (
    AFSPRAKEN,
    AFSPRAKEN_NAMAAK,
    EERSTE_ANTWOORD,
    LOPEND,
    REVISIE,
    SNEL,
    TOEGANG,
    TOEGANG_NAMAAK,
    TWEEDE_ANTWOORD,
    Namaak,
    antwoord,
    lees,
    zet,
)
from sidecarhulp import BESLUIT, RECHTEN, Sidecar, draaiend, richt_in, wacht_op, zet_tokens
from uitfasering import toegang
from uitfasering.paths import opa_binary
from volledig import steekproef

NAMEN = {AFSPRAKEN: "uitfasering", TOEGANG: "toegang"}


@dataclass
class Lopend:
    """A sidecar that asks for its bundles all the time, and its bundle server."""

    sidecar: Sidecar
    server: Bundelserver
    namaak: Namaak
    goed: dict[str, bytes]
    revisie: str

    def zet(self, bestand: str, inhoud: bytes | None) -> None:
        zet(self.sidecar.sidecar.bundels / bestand, inhoud)

    def wacht_op_vragen(self, bestand: str) -> None:
        """Until OPA has asked for this file again, and has dealt with the answer before that."""
        asked = self.server.vragen[bestand]
        wacht_op(lambda: self.server.vragen[bestand] >= asked + 2)

    def status(self, token: str) -> int:
        return self.sidecar.vraag("POST", BESLUIT, token=token, body={"input": LOPEND}).status

    def controleer(self, verwacht: tuple[str, bool], revisie: str) -> None:
        """This is what answers, in each besluit and in the metrics."""
        token = self.sidecar.tokens["besluit"]
        answer = self.sidecar.vraag("POST", BESLUIT, token=token, body={"input": LOPEND})
        assert answer.status == 200, answer
        result = answer.json["result"]
        assert (antwoord(result), result["herkomst"]) == (verwacht, revisie)
        assert actief(self.sidecar, "uitfasering") == revisie
        assert self.status(self.namaak.indringer) == 401

    def eerste_nog(self) -> None:
        self.controleer(EERSTE_ANTWOORD, self.revisie)


@pytest.fixture(scope="module")
def _lopend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lopend]:
    map, tokens = richt_in(tmp_path_factory.mktemp("sidecar") / "sidecar")
    right = {name: (map.bundels / name).read_bytes() for name in NAMEN}
    revision = json.loads(lees(right[AFSPRAKEN])[".manifest"])["revision"]
    server = Bundelserver(map.bundels)
    server.traag = 0.02
    with server.draait(), draaiend(map, tokens, server.url, extra=SNEL) as sidecar:
        yield Lopend(sidecar, server, Namaak.bij(map), right, revision)


@pytest.fixture
def lopend(_lopend: Lopend) -> Iterator[Lopend]:
    """The same one for every test, put back as it was."""
    yield _lopend
    _lopend.server.status, _lopend.server.afgekapt, _lopend.server.hapert = 0, False, ""
    for name, content in _lopend.goed.items():
        _lopend.zet(name, content)
        _lopend.wacht_op_vragen(name)
    wacht_op(lambda: actief(_lopend.sidecar, "uitfasering") == _lopend.revisie)
    wacht_op(lambda: _lopend.status(_lopend.sidecar.tokens["besluit"]) == 200)


@pytest.mark.parametrize("bestand", steekproef([AFSPRAKEN, TOEGANG], 2))
def test_wat_niet_deugt_wordt_geweigerd(lopend: Lopend, bestand: str) -> None:
    """The old one goes on, the metrics and the log say what is wrong; then a right one comes."""
    table = {AFSPRAKEN: AFSPRAKEN_NAMAAK, TOEGANG: TOEGANG_NAMAAK}[bestand]
    bundle = NAMEN[bestand]
    for name, (make, said) in table.items():
        before = mislukt(lopend.sidecar, bundle, said)
        lopend.zet(bestand, make(lopend.namaak))
        lopend.wacht_op_vragen(bestand)
        lopend.eerste_nog()
        assert mislukt(lopend.sidecar, bundle, said) > before, name
        assert said in lopend.sidecar.gezegd(), name
    assert lopend.sidecar.vraag("GET", "/health/ready", diagnose=True).status == 200

    lopend.zet(AFSPRAKEN, lopend.namaak.afspraken)
    lopend.zet(TOEGANG, lopend.goed[TOEGANG])
    wacht_op(lambda: actief(lopend.sidecar, "uitfasering") == REVISIE)
    lopend.controleer(TWEEDE_ANTWOORD, REVISIE)
    lopend.wacht_op_vragen(bestand)
    failed = mislukt(lopend.sidecar, bundle)
    lopend.wacht_op_vragen(bestand)
    assert mislukt(lopend.sidecar, bundle) == failed


@pytest.mark.parametrize(
    ("storing", "melding"),
    steekproef(
        [
            pytest.param({"status": 503}, "server replied with Service Unavailable"),
            pytest.param({"status": 404}, "server replied with Not Found"),
            pytest.param({"status": 401}, "server replied with Unauthorized"),
            pytest.param({"afgekapt": True}, "unexpected EOF"),
        ],
        3,
    ),
    ids=str,
)
def test_storing_van_de_bundelserver(
    lopend: Lopend, storing: dict[str, object], melding: str
) -> None:
    for name, value in storing.items():
        setattr(lopend.server, name, value)
    lopend.zet(AFSPRAKEN, lopend.namaak.afspraken)  # there is a new one, but it does not get here
    wacht_op(lambda: mislukt(lopend.sidecar, "uitfasering", melding) > 0)
    assert re.search(f'"Bundle load failed: [^"]*{melding}"', lopend.sidecar.gezegd())
    lopend.eerste_nog()
    lopend.server.status, lopend.server.afgekapt = 0, False
    wacht_op(lambda: actief(lopend.sidecar, "uitfasering") == REVISIE)
    lopend.controleer(TWEEDE_ANTWOORD, REVISIE)


def test_bundelserver_die_hapert(lopend: Lopend) -> None:
    """OPA waits for the rest without a limit; only ``last_success_bundle_request`` shows it."""
    lopend.server.hapert = AFSPRAKEN
    lopend.zet(AFSPRAKEN, lopend.namaak.afspraken)
    wacht_op(lambda: lopend.server.gehaperd)
    before = tijdstip(lopend.sidecar, "last_success_bundle_request", "uitfasering")
    failed = mislukt(lopend.sidecar, "uitfasering")
    for _ in range(3):
        lopend.wacht_op_vragen(TOEGANG)
    lopend.eerste_nog()
    assert mislukt(lopend.sidecar, "uitfasering") == failed
    assert tijdstip(lopend.sidecar, "last_success_bundle_request", "uitfasering") == before
    assert tijdstip(lopend.sidecar, "last_success_bundle_request", "toegang") > before
    lopend.server.hapert = ""
    wacht_op(lambda: actief(lopend.sidecar, "uitfasering") == REVISIE)
    lopend.controleer(TWEEDE_ANTWOORD, REVISIE)


def gereed(lopend: Lopend) -> int:
    return lopend.sidecar.vraag("GET", "/health/ready", diagnose=True).status


def test_oudere_bundel_en_de_verwachte_revisies(lopend: Lopend) -> None:
    """OPA takes an older one with a right signature; ``revisies`` is what notices."""
    lopend.zet(AFSPRAKEN, lopend.namaak.afspraken)
    wacht_op(lambda: actief(lopend.sidecar, "uitfasering") == REVISIE)
    lopend.zet(AFSPRAKEN, lopend.goed[AFSPRAKEN])
    wacht_op(lambda: actief(lopend.sidecar, "uitfasering") == lopend.revisie)
    lopend.eerste_nog()
    assert gereed(lopend) == 200

    folder, tokens = lopend.sidecar.sidecar, lopend.sidecar.tokens
    zet_tokens(folder, tokens, revisies=[REVISIE])
    wacht_op(lambda: gereed(lopend) == 500)
    lopend.eerste_nog()  # not ready is for whoever sends the questions here; OPA still answers
    zet_tokens(folder, tokens, revisies=[REVISIE, lopend.revisie])  # during a change: both
    wacht_op(lambda: gereed(lopend) == 200)
    lopend.zet(AFSPRAKEN, lopend.namaak.afspraken)
    wacht_op(lambda: actief(lopend.sidecar, "uitfasering") == REVISIE)
    assert gereed(lopend) == 200
    zet_tokens(folder, tokens, revisies=[REVISIE])
    lopend.wacht_op_vragen(TOEGANG)
    assert gereed(lopend) == 200


def test_tokens_wisselen_zonder_herstart(lopend: Lopend) -> None:
    folder, tokens = lopend.sidecar.sidecar, lopend.sidecar.tokens
    new = toegang.nieuw_token()
    rights = {**RECHTEN, "nieuw": ["besluit"]}
    old = tokens["besluit"]
    process = lopend.sidecar.proces.pid
    assert (lopend.status(old), lopend.status(new)) == (200, 401)
    zet_tokens(folder, {**tokens, "nieuw": new}, rechten=rights)
    wacht_op(lambda: lopend.status(new) == 200)
    assert lopend.status(old) == 200
    without = {name: token for name, token in tokens.items() if name != "besluit"}
    zet_tokens(folder, {**without, "nieuw": new}, rechten=rights)
    wacht_op(lambda: lopend.status(old) == 401)
    assert lopend.status(new) == 200
    assert (lopend.sidecar.proces.pid, lopend.sidecar.proces.poll()) == (process, None)


def test_bouwtijd_in_het_manifest(lopend: Lopend) -> None:
    """What the operator compares: ``opa inspect`` shows when a bundle was signed."""
    for name in NAMEN:
        file = lopend.sidecar.sidecar.bundels / name
        command = [str(opa_binary()), "inspect", "--format=json", str(file)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        manifest = json.loads(done.stdout)["manifest"]
        built = datetime.strptime(manifest["metadata"]["gebouwd"], "%Y-%m-%dT%H:%M:%SZ")
        age = datetime.now(timezone.utc) - built.replace(tzinfo=timezone.utc)
        assert 0 <= age.total_seconds() < 3600
        assert manifest["revision"] == actief(lopend.sidecar, NAMEN[name])
