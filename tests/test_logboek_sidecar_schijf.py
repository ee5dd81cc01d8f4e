"""The decision log when OPA is killed or stopped, a file is full, or nothing can be written."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bundelserver import Bundelserver
from clihulp import NIEUW
from logboekhulp import Volger, gelogd, logbestand
from meetwaarden import metingen
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in, wacht_op
from speurhulp import BSN, NAAM, bestanden, gevonden
from test_sidecar_sigkill import AFGEBROKEN
from uitfasering.logboek import Gelogd, Onleesbaar, lees_logboek
from uitfasering.sidecarmap import Sidecarmap

Opstelling = tuple[Sidecarmap, dict[str, str], str]
BATCH = {"toewijzingen": {f"{BSN} {NAAM} {n}": NIEUW for n in range(60)}}


@pytest.fixture(scope="module")
def gemaakt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    folder, tokens = richt_in(tmp_path_factory.mktemp("schijf") / "sidecar")
    with Bundelserver(folder.bundels).draait() as server:
        yield folder, tokens, server.url


@pytest.fixture
def opstelling(gemaakt: Opstelling) -> Opstelling:
    """With an empty log."""
    for path in gemaakt[0].logboek.iterdir():
        path.unlink()
    return gemaakt


def vraag(running: Sidecar, toewijzing: Any = NIEUW, pad: str = BESLUIT) -> str:
    """Its decision_id."""
    answer = running.vraag("POST", pad, token=running.tokens["besluit"], body={"input": toewijzing})
    assert answer.status == 200
    decision: str = answer.json["decision_id"]
    return decision


@dataclass
class Beller(threading.Thread):
    """Asks on one connection until it breaks off.

    Attributes:
        gehad: the decision_id of every answer that it got whole.
    """

    sidecar: Sidecar
    pad: str
    toewijzing: Any
    gehad: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        body = json.dumps({"input": self.toewijzing}).encode()
        headers = {"Authorization": f"Bearer {self.sidecar.tokens['besluit']}"}
        connection = self.sidecar.verbinding()
        try:
            connection.connect()
            connection.auto_open = 0
            while True:
                connection.request("POST", self.pad, body=body, headers=headers)
                self.gehad.append(json.loads(connection.getresponse().read())["decision_id"])
        except (*AFGEBROKEN, ValueError):
            connection.close()


@pytest.mark.parametrize("keren", [2, pytest.param(25, marks=pytest.mark.lang)])
def test_killed_under_load_every_besluit_that_was_answered_is_in_it(
    opstelling: Opstelling, keren: int
) -> None:
    """SIGKILL, not a power cut: OPA writes before it answers, and does not wait for the disk."""
    had: list[str] = []
    for _ in range(keren):
        with draaiend(*opstelling) as running:
            asking = [Beller(running, BESLUIT, NIEUW) for _ in range(3)]
            asking.append(Beller(running, BESLUITEN, BATCH))
            for beller in asking:
                beller.start()
            wacht_op(lambda asking=asking: min(len(b.gehad) for b in asking) > 5)
            running.proces.kill()
            for beller in asking:
                beller.join(20)
                assert not beller.is_alive()
            had += [decision for b in asking for decision in b.gehad]
    read = list(lees_logboek([opstelling[0].logboek]))
    logged = [(r.besluit_id, r.volgnummer) for r in read if isinstance(r, Gelogd)]
    assert len(set(logged)) == len(logged)
    decisions = {decision for decision, _ in logged}
    assert set(had) <= decisions
    assert len(set(had)) == len(had)
    # What it was answering at that moment may be in it, without an answer; a line may be cut off.
    assert len(decisions - set(had)) <= 4 * keren
    assert len([r for r in read if isinstance(r, Onleesbaar)]) <= keren


def test_what_was_cut_off_costs_no_other_besluit(opstelling: Opstelling) -> None:
    """OPA goes on behind the half line; what it writes there is found."""
    file = logbestand(opstelling[0])
    with draaiend(*opstelling) as running:
        before = [vraag(running), vraag(running)]
    file.write_bytes(file.read_bytes()[:-500])
    with draaiend(*opstelling) as running:
        after = [vraag(running), vraag(running)]
    read = list(lees_logboek([file]))
    assert [r.besluit_id for r in read if isinstance(r, Gelogd)] == [before[0], *after]
    assert len([r for r in read if isinstance(r, Onleesbaar)]) == 1


def test_stopped_and_started_it_goes_on_in_the_same_file(opstelling: Opstelling) -> None:
    asked = []
    for _ in range(2):
        with draaiend(*opstelling) as running:
            asked.append(vraag(running))
            running.proces.terminate()
            assert running.proces.wait(20) == 0
    assert [event["decision_id"] for event in gelogd(opstelling[0])] == asked
    assert [path.name for path in opstelling[0].logboek.iterdir()] == ["besluiten.log"]


@pytest.mark.lang
def test_a_full_file_is_put_aside(opstelling: Opstelling) -> None:
    """Packed, and gone after max_age_days; nobody else's files are. No besluit is lost over it."""
    folder = opstelling[0].logboek
    old, young, other = (
        folder / name
        for name in (
            "besluiten-2001-01-01T00-00-00.000.log.gz",
            "besluiten-2024-01-01T00-00-00.000.log.gz",
            "iets anders.log",
        )
    )
    for path in (old, young, other):
        path.write_bytes(gzip.compress(b"") if path.suffix == ".gz" else b"")
    with draaiend(*opstelling, extra=["--set=plugins.file_logger.max_size_mb=1"]) as running:
        asked = [vraag(running, BATCH, BESLUITEN) for _ in range(40)]
        wacht_op(lambda: not old.exists())
        # All that were put aside, are packed.
        wacht_op(lambda: [*folder.glob("besluiten-2*.log")] == [])
        assert gevonden({"stderr": running.gezegd().encode(), **bestanden(folder)}) == []
    assert young.exists()
    assert other.exists()
    packed = [path for path in folder.glob("besluiten-2*.log.gz") if path != young]
    assert len(packed) >= 2
    assert {path.stat().st_mode & 0o777 for path in packed} == {0o600}
    read = [r for r in lees_logboek([folder]) if isinstance(r, Gelogd)]
    assert [r.besluit_id for r in read if r.volgnummer == 1] == asked
    assert len(read) == 60 * len(asked)


@pytest.mark.lang
def test_what_is_larger_than_a_file_is_lost_and_nothing_says_so(opstelling: Opstelling) -> None:
    with draaiend(*opstelling, extra=["--set=plugins.file_logger.max_size_mb=1"]) as running:
        many = {"toewijzingen": {str(n): NIEUW for n in range(1_000)}}
        asked = [vraag(running), vraag(running, many, BESLUITEN), vraag(running)]
        assert running.gezegd().count("\n") <= 1  # that it runs as root
    assert [event["decision_id"] for event in gelogd(opstelling[0])] == [asked[0], asked[2]]


def beantwoord(running: Sidecar) -> float:
    """The requests for data with an answer, as OPA counts them."""
    return sum(
        m.waarde
        for m in metingen(running)
        if m.naam == "http_request_duration_seconds_count"
        and (m.labels["handler"], m.labels["code"]) == ("v1/data", "200")
    )


def test_each_answer_is_counted_and_so_is_each_line(opstelling: Opstelling) -> None:
    with draaiend(*opstelling) as running:
        for _ in range(7):
            vraag(running)
        running.vraag("POST", BESLUIT, body={"input": NIEUW})  # refused
        assert beantwoord(running) == len(gelogd(opstelling[0])) == 7


def test_what_cannot_be_written_is_lost_and_nothing_says_so(opstelling: Opstelling) -> None:
    """The besluit is given all the same. Only the count says it: answers, but no lines."""
    in_the_way = opstelling[0].map / "bestand"
    in_the_way.write_text("")
    place = f"--set=plugins.file_logger.path={in_the_way}/besluiten.log"
    with draaiend(*opstelling, extra=[place]) as running:
        vraag(running)
        vraag(running, BATCH, BESLUITEN)
        assert running.vraag("GET", "/health/ready", diagnose=True).status == 200
        assert running.vraag("GET", "/health?plugins", diagnose=True).status == 200
        assert running.gezegd().count("\n") <= 1  # that it runs as root
        assert beantwoord(running) == 2
        buffer = {m.naam: m.waarde for m in metingen(running) if "decision_log" in m.naam}
        assert buffer == {"decision_logs_buffer_size_bytes": 0}
    assert gelogd(opstelling[0]) == []


@contextmanager
def kleine_schijf(map_: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", map_], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", map_], check=True)


@pytest.mark.zwaar  # mounts
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_on_a_full_disk(opstelling: Opstelling) -> None:
    """Besluiten are given and not logged; with room again it goes on, behind half a line."""
    folder, asked = opstelling[0].logboek, []
    with kleine_schijf(folder), draaiend(*opstelling) as running:
        while os.statvfs(folder).f_bfree:
            asked.append(vraag(running, BATCH, BESLUITEN))
        lost = [vraag(running) for _ in range(20)]
        assert running.vraag("GET", "/health/ready", diagnose=True).status == 200
        assert running.gezegd().count("\n") <= 1  # that it runs as root
        subprocess.run(["mount", "-o", "remount,size=3m", folder], check=True)
        after = [vraag(running) for _ in range(3)]
        read = list(lees_logboek([folder]))
    found = {r.besluit_id for r in read if isinstance(r, Gelogd)}
    assert set(asked[:-1]) | set(after) <= found
    assert not found & set(lost[1:])
    assert [r for r in read if isinstance(r, Onleesbaar)]


@pytest.mark.lang
@pytest.mark.parametrize(
    ("extra", "zonder_kop"),
    [
        ("--set=nd_builtin_cache=true", 0),
        ("--set=decision_logs.request_context.http.headers={X-Naam}", 1),
    ],
)
def test_with_more_in_an_event_than_we_know_it_is_not_logged(
    opstelling: Opstelling, extra: str, zonder_kop: int
) -> None:
    with draaiend(*opstelling, extra=[extra]) as running:
        vraag(running)
        assert len(gelogd(opstelling[0])) == zonder_kop
        token, koppen = running.tokens["besluit"], {"X-Naam": "Fladderman"}
        answer = running.vraag("POST", BESLUIT, token=token, body={"input": NIEUW}, headers=koppen)
        assert answer.status == 200
    assert len(gelogd(opstelling[0])) == zonder_kop


@pytest.mark.lang
@pytest.mark.parametrize(("niveau", "ziet"), [("info", {"path"}), ("debug", {"path", "body"})])
def test_what_another_log_level_shows(opstelling: Opstelling, niveau: str, ziet: set[str]) -> None:
    """So it stays on error: the path of any request, and what is in it."""
    with draaiend(*opstelling, weg=["--log-level"], extra=[f"--log-level={niveau}"]) as running:
        volger = Volger(opstelling[0])
        running.vraag("POST", f"/v1/data/{BSN}", body={"input": {}})
        running.vraag(
            "POST", BESLUIT, token=running.tokens["besluit"], body={"input": "Fladderman"}
        )
        said = running.gezegd()
        (event,) = volger.nieuw()
    seen = {"path": BSN in said, "body": "Fladderman" in said}
    assert {name for name, there in seen.items() if there} == ziet
    # The address of who asked, then, but no more.
    assert event["requested_by"].startswith("127.0.0.1:")
    assert event["input"] is None
