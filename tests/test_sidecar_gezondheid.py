"""Health before, with and without a right bundle; metrics, and what must not be in them."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bundelserver import Bundelserver
from meetwaarden import actief, metingen, mislukt, tijdstip
from sidecarbundels import AFSPRAKEN, LOPEND, REVISIE, SNEL, TOEGANG, lees, met_json, pak_in, teken
from sidecarbundels import zet as zet_bestand
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in, wacht_op
from uitfasering.sidecarmap import Sidecarmap

# Fake: a BSN from the range for tests, and words no policy or header knows.
BSN = "999990019"
NAAM = "Vandersluijs-Proefpersoon"

Ingericht = tuple[Sidecarmap, dict[str, str]]


@pytest.fixture(scope="module")
def origineel(tmp_path_factory: pytest.TempPathFactory) -> Ingericht:
    return richt_in(tmp_path_factory.mktemp("sidecar") / "sidecar")


@pytest.fixture
def ingericht(origineel: Ingericht, tmp_path: Path) -> Ingericht:
    """A folder of its own."""
    shutil.copytree(origineel[0].map, tmp_path / "sidecar")
    return Sidecarmap(tmp_path / "sidecar"), origineel[1]


@pytest.fixture
def server(ingericht: Ingericht) -> Iterator[Bundelserver]:
    found = Bundelserver(ingericht[0].bundels)
    found.traag = 0.02
    with found.draait():
        yield found


def gezondheid(sidecar: Sidecar) -> dict[str, int]:
    """The status of each, on both ports the same; and they say nothing more."""
    found = {}
    for path in ("/health", "/health/live", "/health/ready"):
        answers = [sidecar.vraag("GET", path, diagnose=d) for d in (False, True)]
        assert answers[0].status == answers[1].status
        if answers[0].status == 200:
            assert [a.json for a in answers] == [{}, {}]
        found[path.removeprefix("/health").strip("/")] = answers[0].status
    return found


def vraag(sidecar: Sidecar, path: str = BESLUIT) -> int:
    body = {"input": LOPEND if path == BESLUIT else {"toewijzingen": {"a": LOPEND}}}
    return sidecar.vraag("POST", path, token=sidecar.tokens["besluit"], body=body).status


def wacht_tot_luistert(sidecar: Sidecar) -> None:
    def listens() -> bool:
        try:
            return sidecar.vraag("GET", "/health", diagnose=True).status > 0
        except OSError:
            return False

    wacht_op(listens)


ALLES_GOED = {"": 200, "live": 200, "ready": 200}
NIET_GEREED = {"": 200, "live": 200, "ready": 500}


def test_voor_de_eerste_bundel(ingericht: Ingericht, server: Bundelserver) -> None:
    """Without --ready-timeout it listens at once, answers 500 to everything, then all at once."""
    extra = [*SNEL, "--ready-timeout=0"]
    server.status = 503
    with draaiend(*ingericht, server.url, extra=extra, wacht=False) as sidecar:
        wacht_tot_luistert(sidecar)
        wacht_op(lambda: "Bundle load failed" in sidecar.gezegd())
        assert gezondheid(sidecar) == {"": 500, "live": 500, "ready": 500}
        assert [vraag(sidecar), vraag(sidecar, BESLUITEN)] == [500, 500]
        metrics = sidecar.vraag("GET", "/metrics", token=ingericht[1]["metrics"], diagnose=True)
        assert metrics.status == 500
        server.status = 0
        sidecar.wacht_tot_gereed()
        assert gezondheid(sidecar) == ALLES_GOED
        assert [vraag(sidecar), vraag(sidecar, BESLUITEN)] == [200, 200]


def test_met_ready_timeout_luistert_hij_pas_als_hij_klaar_is(
    ingericht: Ingericht, server: Bundelserver
) -> None:
    """As docker-compose.yml has it: whoever gets through gets an answer."""
    server.status = 503
    seen: list[int] = []
    with draaiend(*ingericht, server.url, extra=SNEL, wacht=False) as sidecar:

        def listens() -> bool:
            try:
                seen.append(vraag(sidecar))
            except OSError:
                return False
            return True

        wacht_op(lambda: sidecar.gezegd().count("Bundle load failed") > 3)
        assert not listens()
        server.status = 0
        wacht_op(listens)
        assert gezondheid(sidecar) == ALLES_GOED
    assert seen == [200]


def test_zonder_tokenbundel(ingericht: Ingericht, server: Bundelserver) -> None:
    """The agreements alone: nobody gets in, and it is not ready."""
    right = (ingericht[0].bundels / TOEGANG).read_bytes()
    zet_bestand(ingericht[0].bundels / TOEGANG, None)
    extra = [*SNEL, "--ready-timeout=0"]
    with draaiend(*ingericht, server.url, extra=extra, wacht=False) as sidecar:
        wacht_tot_luistert(sidecar)
        wacht_op(lambda: vraag(sidecar) == 401)
        assert gezondheid(sidecar) == NIET_GEREED
        zet_bestand(ingericht[0].bundels / TOEGANG, right)
        sidecar.wacht_tot_gereed()
        assert vraag(sidecar) == 200


def zelftest_die_faalt(bundel: bytes) -> dict[str, bytes]:
    """The same agreements, of which the self-test expects something else."""
    files = lees(bundel)
    gegevens = json.loads(files["data.json"])["gegevens"]
    gegevens["zelftest"]["lege toewijzing"]["uitkomst"] = "TOEGESTAAN"
    gegevens["revisie"] = REVISIE
    files = met_json(files, ".manifest", revision=REVISIE)
    return {**files, "data.json": json.dumps({"gegevens": gegevens}).encode()}


def test_zelftest_die_faalt(ingericht: Ingericht, server: Bundelserver) -> None:
    """A bundle that was signed all the same: live, not ready. (Our command does not sign it.)"""
    bundle = ingericht[0].bundels / AFSPRAKEN
    right = bundle.read_bytes()
    with draaiend(*ingericht, server.url, extra=SNEL) as sidecar:
        assert gezondheid(sidecar) == ALLES_GOED
        bad = teken(zelftest_die_faalt(right), ingericht[0].geheim / "afspraken.key")
        zet_bestand(bundle, bad)
        wacht_op(lambda: actief(sidecar, "uitfasering") == REVISIE)
        assert gezondheid(sidecar) == NIET_GEREED
        zet_bestand(bundle, right)
        sidecar.wacht_tot_gereed()  # first: gezondheid asks twice, and both must agree
        assert gezondheid(sidecar) == ALLES_GOED


def test_gezondheid_met_bundels_als_bestand(ingericht: Ingericht, tmp_path: Path) -> None:
    """``opa run --bundle``, as our own commands start it: there is no bundle plugin to look at."""
    right = (ingericht[0].bundels / AFSPRAKEN).read_bytes()
    for content, expected in ((lees(right), 200), (zelftest_die_faalt(right), 500)):
        unsigned = {k: v for k, v in content.items() if k != ".signatures.json"}
        file = tmp_path / f"{expected}.tar.gz"
        file.write_bytes(pak_in(unsigned))
        without = ["--config-file", "--set-file", "--authorization", "--ready-timeout"]
        extra = ["--bundle", str(file)]
        with draaiend(*ingericht, "", weg=without, extra=extra, wacht=False) as sidecar:
            wacht_tot_luistert(sidecar)
            assert gezondheid(sidecar)["ready"] == expected


def test_metrics_zeggen_revisie_en_leeftijd(ingericht: Ingericht, server: Bundelserver) -> None:
    """The names that sidecar/alarmen.yaml and docs/sidecar.md rely on."""
    begin = time.time()
    with draaiend(*ingericht, server.url, extra=SNEL) as sidecar:
        for name, bundle in ((AFSPRAKEN, "uitfasering"), (TOEGANG, "toegang")):
            manifest = lees((ingericht[0].bundels / name).read_bytes())[".manifest"]
            assert actief(sidecar, bundle) == json.loads(manifest)["revision"]
            for moment in ("last_success_bundle_activation", "last_success_bundle_request"):
                assert begin - 1 < tijdstip(sidecar, moment, bundle) < time.time() + 1
            assert mislukt(sidecar, bundle) == 0
        ok = [m for m in metingen(sidecar) if m.naam == "plugin_status_gauge"]
        plugins = ("bundle", "decision_logs", "discovery", "file_logger", "status")
        assert {(m.labels["name"], m.labels["status"], m.waarde) for m in ok} == {
            (name, "OK", 1.0) for name in plugins
        }


def test_niets_persoonlijks_in_de_metrics_en_het_log(
    ingericht: Ingericht, server: Bundelserver
) -> None:
    """Whatever is in a path, a header, a body or a method, sent with and without a token."""
    tokens = ingericht[1]
    planted: Any = {**LOPEND, "bsn": BSN, "naam": NAAM, "kenmerk": BSN, "aanbieder": BSN}
    with draaiend(*ingericht, server.url, extra=SNEL) as sidecar:
        for token in (tokens["besluit"], tokens["compile"], tokens["niets"], None, f"{NAAM}{BSN}"):
            for method, path, body in (
                ("POST", BESLUIT, {"input": planted}),
                ("POST", BESLUITEN, {"input": {"toewijzingen": {BSN: planted, NAAM: LOPEND}}}),
                ("POST", f"{BESLUIT}?pretty={NAAM}&{BSN}={NAAM}", {"input": planted}),
                ("POST", f"/v1/data/{NAAM}/{BSN}", {"input": planted}),
                ("POST", "/v1/compile", {"query": f'data.x == "{BSN}"', "input": planted}),
                ("GET", f"/v1/data/uitfasering/besluit?input=%22{BSN}%22", None),
                ("GET", f"/health?bundle={NAAM}{BSN}", None),
                ("PUT", f"/v1/policies/{NAAM}", f"package {NAAM} {BSN}".encode()),
                ("POST", BESLUIT, f'{{"input": {{"{NAAM}": {BSN}'.encode()),
                (f"X{BSN}", f"/{NAAM}", None),
            ):
                for diagnose in (False, True):
                    headers = {"X-Naam": NAAM, "User-Agent": f"{NAAM}/{BSN}", "Referer": BSN}
                    sidecar.vraag(
                        method, path, token=token, body=body, headers=headers, diagnose=diagnose
                    )
        said = sidecar.vraag("GET", "/metrics", token=tokens["metrics"], diagnose=True)
        assert b'code="401"' in said.body
        for place in (said.body.decode(), sidecar.gezegd()):
            for secret in (BSN, NAAM, *tokens.values()):
                assert secret not in place
