"""scripts/bench sidecar: what it counts, and what it makes of that. Nothing here is timed."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from storingsserver import Connection, Server, always, serving

EERSTE, TWEEDE, MENGSEL = b'{"result": "eerste"}', b'{"result": "tweede"}', b'{"result": "eertwe"}'
DIGESTS = {"eerste": sha256(EERSTE).hexdigest(), "tweede": sha256(TWEEDE).hexdigest()}
VRAAG = {"pad": "/v1/data/uitfasering/besluit", "body": "{}", "goed": DIGESTS}


@pytest.fixture(scope="module")
def bench(root: Path) -> Iterator[Callable[[str], Any]]:
    """Imports a module of scripts/."""
    sys.path.insert(0, str(root / "scripts"))
    yield importlib.import_module
    sys.path.remove(str(root / "scripts"))


@pytest.fixture
def werk(bench: Any) -> Callable[..., Any]:
    """The work for bench_vrager.py: ask this server VRAAG so many times."""

    def make(server: Server, aantal: int, **anders: Any) -> Any:
        port = server.listener.getsockname()[1]
        given = {"ca": None, "token": "geheim", "vragen": [VRAAG], "aantal": aantal, **anders}
        return bench("bench_vrager").Werk(port, **given)

    return make


def in_turns(*answers: tuple[int, bytes]) -> Callable[[Connection], None]:
    """On each connection these answers, the last one again and again."""

    def answer(connection: Connection) -> None:
        for status, body in answers:
            connection.request()
            connection.send(status, body)
        always(*answers[-1])(connection)

    return answer


class TestVrager:
    def test_what_it_counts(self, bench: Any, werk: Any) -> None:
        vrager = bench("bench_vrager")
        answers = [(200, EERSTE), (200, TWEEDE), (500, EERSTE), (200, MENGSEL), (200, EERSTE)]
        with serving(in_turns(*answers)) as server:
            work = werk(server, 7)
            seen = vrager.vraag(work, vrager.verbinding(work))
        assert seen.revisies == {"eerste": 4, "tweede": 1}
        assert seen.wissels == 2
        assert seen.gemengd == 1
        assert seen.fouten == {"HTTP 500": 1}
        assert [len(ms) for ms in seen.ms.values()] == [5]

    def test_a_connection_that_breaks_off_is_an_error_and_it_goes_on(
        self, bench: Any, werk: Any
    ) -> None:
        def breaks_off(connection: Connection) -> None:
            connection.request()
            connection.sock.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 20\r\n\r\n" + EERSTE[:9])

        vrager = bench("bench_vrager")
        with serving(breaks_off, always(200, EERSTE)) as server:
            work = werk(server, 3)
            seen = vrager.vraag(work, vrager.verbinding(work))
        assert seen.fouten == {"IncompleteRead": 1}
        assert seen.revisies == {"eerste": 2}
        assert seen.gemengd == 0

    def test_it_asks_with_the_token(self, bench: Any, werk: Any) -> None:
        asked: list[tuple[str, str]] = []

        def answer(connection: Connection) -> None:
            first, headers, _ = connection.request()
            asked.append((first, headers["authorization"]))
            connection.send(200, EERSTE)

        vrager = bench("bench_vrager")
        with serving(answer) as server:
            work = werk(server, 1)
            vrager.vraag(work, vrager.verbinding(work))
        assert asked == [("POST /v1/data/uitfasering/besluit HTTP/1.1", "Bearer geheim")]

    def test_a_time_counts_from_when_the_question_should_have_been_asked(
        self, bench: Any, werk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A clock that does 0.1 s at each look, and a question every 0.01 s: it falls behind."""
        vrager = bench("bench_vrager")
        now = iter(range(1_000))
        monkeypatch.setattr(vrager.time, "perf_counter", lambda: next(now) / 10)
        monkeypatch.setattr(vrager.time, "sleep", lambda _: None)
        with serving(always(200, EERSTE)) as server:
            work = werk(server, 3, per_seconde=100)
            seen = vrager.vraag(work, vrager.verbinding(work))
        assert list(seen.ms.values()) == [[200, 390, 580]]


def test_the_number_of_an_answer_is_no_difference(bench: Any) -> None:
    zonder = bench("bench_vrager").zonder_nummer
    assert zonder(b'{"decision_id":"a-1","result":{"x":1}}\n') == b'{"result":{"x":1}}\n'
    inside = b'{"result":{"decision_id":"a-1","x":1}}'
    assert zonder(inside) == inside


class TestSamen:
    def test_connections_share_the_work(self, bench: Any, werk: Any) -> None:
        lader = bench("bench_lader")
        with serving(always(200, EERSTE)) as server:
            seen = lader.gelijktijdig(werk(server, 10), 2)
            assert server.connections == 2
        assert [uitslag.revisies for uitslag in seen] == [{"eerste": 5}] * 2
        assert lader.per_seconde(seen) == 10 / max(uitslag.seconden for uitslag in seen)

    def test_nobody_there(self, bench: Any, werk: Any, capfd: pytest.CaptureFixture[str]) -> None:
        with serving(always(200, EERSTE)) as server:
            work = werk(server, 10)
        with pytest.raises(SystemExit, match="no connection with the sidecar"):
            bench("bench_lader").gelijktijdig(work, 2)

    def test_errors_are_no_measurement(self, bench: Any, werk: Any) -> None:
        with (
            serving(in_turns((500, b""), (200, EERSTE))) as server,
            pytest.raises(SystemExit, match="errors while measuring"),
        ):
            bench("bench_lader").met_lus(werk(server, 3), 1, os.getpid())


class TestWrk:
    LINE = '{"aantal": 3000, "us": 3000000, "p50": 900, "p95": 1500, "p99": 2500, "fouten": 0}'

    def test_what_it_says(self, bench: Any) -> None:
        lader = bench("bench_lader")
        expected = lader.Meting(per_seconde=1000, p50=0.9, p95=1.5, p99=2.5, cpu=0.5)
        assert lader.lees_wrk(f"Running 3s test\n{self.LINE}\n", 1500) == expected

    @pytest.mark.parametrize(
        "said",
        ["", "unable to connect\n", LINE.replace('"fouten": 0', '"fouten": 1'), LINE[:-9]],
    )
    def test_an_error_is_no_measurement(self, bench: Any, said: str) -> None:
        with pytest.raises(SystemExit, match="bench: "):
            bench("bench_lader").lees_wrk(said, 1500)

    def test_the_token_is_not_an_argument(
        self, bench: Any, werk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With something that is called wrk, and keeps what it was given."""
        stand_in = tmp_path / "wrk"
        stand_in.write_text(
            f'#!/bin/sh\necho "$@" >{tmp_path}/words\n'
            f"cat vragen.lua vragen.txt >{tmp_path}/files\necho '{self.LINE}'\n"
        )
        stand_in.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        with serving(always(200, EERSTE)) as server:
            bench("bench_lader").met_wrk(werk(server, 1), 4, os.getpid())
        words = (tmp_path / "words").read_text()
        assert words.strip().endswith(f"{server.url}/v1/data/uitfasering/besluit")
        assert "geheim" not in words
        assert "Bearer geheim" in (tmp_path / "files").read_text()


def rijen(tabel: str) -> dict[str, list[str]]:
    """The cells of a Markdown table by the first one."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in tabel.splitlines()]
    return {line[0]: line[1:] for line in lines}


def test_what_the_doors_cost(bench: Any) -> None:
    """Times made up: on is twice off, a besluit ten times an empty decision."""
    sidecar, lader = bench("bench_sidecar"), bench("bench_lader")
    metingen = {
        (doors, agreements, question): lader.Meting(1000 / t, t, 2 * t, 3 * t, t / 2)
        for doors, a in (("aan", 2), ("uit", 1))
        for agreements, b in (("vol", 10), ("leeg", 1))
        for question, c in (("los", 0.1), ("batch", 50))
        for t in (a * b * c,)
    }
    found = rijen(sidecar.tabel_van_deuren(metingen))
    assert found[""] == ["all on", "all off", "on / off"]
    assert found["one besluit, requests a second"] == ["500", "1,000", "0.50"]
    assert found["one besluit, p99"] == ["6.00 ms", "3.00 ms", "2.00"]
    assert found["empty decision, CPU of OPA"] == ["0.10 ms", "0.05 ms", "2.00"]
    assert found["batch of 1,000, p50"] == ["1,000 ms", "500 ms", "2.00"]
    assert found["batch of 1,000 / empty decision, p50"] == ["10.0", "10.0", ""]
    assert found["one besluit / empty decision, CPU of OPA"] == ["10.0", "10.0", ""]


def test_what_the_log_costs(bench: Any) -> None:
    sidecar, lader = bench("bench_sidecar"), bench("bench_lader")
    metingen = {
        (doors, "vol", question): lader.Meting(1000 / t, t, 2 * t, 3 * t, t / 2)
        for doors, t in (("aan", 3), ("zonder log", 2))
        for question in ("los", "batch")
    }
    found = rijen(sidecar.tabel_van_het_log(metingen))
    assert found[""] == ["all on", "all on but the log", "with / without"]
    assert found["one besluit, requests a second"] == ["333", "500", "0.67"]
    assert found["batch of 1,000, CPU of OPA"] == ["1.50 ms", "1.00 ms", "1.50"]
    assert len(found) == 10


class TestSoak:
    def soak(self, bench: Any, geheugen: list[int], **anders: Any) -> Any:
        uitslag = bench("bench_vrager").Uitslag
        ms = {VRAAG["pad"]: [1.0] * 98 + [4.0] * 2}
        rest = {"fouten": {}, "gemengd": 0, **anders}
        seen = [
            uitslag(seconden=10, ms=ms, revisies={"eerste": 60, "tweede": 40}, wissels=2, **rest),
            uitslag(seconden=10, ms=ms, revisies={"eerste": 50, "tweede": 50}, wissels=1),
        ]
        return bench("bench_soak").Soak(30, 21, 600, 2, seen, geheugen)

    def test_all_well(self, bench: Any) -> None:
        soak = self.soak(bench, [10 << 20] * 20 + [100 << 20] * 180)  # it warms up
        found = rijen(bench("bench_bulk").tabel(bench("bench_soak").regels(soak)))
        assert soak.goed
        assert found["answered"][0] == "20 a second"
        assert found["answers"][0] == "200"
        assert found["errors"] == ["0", "0", "yes"]
        assert found["answers of no single revision"] == ["0", "0", "yes"]
        assert found["bundles swapped, and seen by a connection"][0] == "2, 1 to 2"
        assert found["besluit, p50 and p99"][0] == "1.00, 4.00 ms"
        assert found["last half / first half"] == ["1.00", "flat: at most 1.1", "yes"]

    @pytest.mark.parametrize(
        ("what", "row", "said"),
        [
            ({"fouten": {"HTTP 500": 3}}, "errors", "HTTP 500: 3"),
            ({"gemengd": 1}, "answers of no single revision", "1"),
        ],
    )
    def test_not_well(self, bench: Any, what: dict[str, Any], row: str, said: str) -> None:
        soak = self.soak(bench, [100 << 20] * 200, **what)
        assert not soak.goed
        found = rijen(bench("bench_bulk").tabel(bench("bench_soak").regels(soak)))
        assert found[row] == [said, "0", "no"]

    def test_memory_that_grows(self, bench: Any) -> None:
        soak = self.soak(bench, [(100 + i) << 20 for i in range(200)])
        found = rijen(bench("bench_bulk").tabel(bench("bench_soak").regels(soak)))
        assert found["last half / first half"] == ["1.55", "flat: at most 1.1", "no"]
        assert soak.goed  # it says so, and does not fail

    def test_short_and_for_real(self, bench: Any, werk: Any) -> None:
        """A fixed rate, from processes of its own, with its own memory measured."""
        with serving(always(200, EERSTE)) as server:
            soak = bench("bench_soak").houd_vol(werk(server, 40), 2, 0.5, os.getpid(), print)
        assert soak.goed
        assert soak.per_seconde == 0.7 * soak.maximum
        assert sum(u.revisies["eerste"] for u in soak.uitslagen) == 2 * (
            int(soak.per_seconde * 0.5) // 2
        )
        assert soak.wissels == 0
        assert min(soak.geheugen) > 1 << 20


def test_the_page_in_docs_has_the_markers(bench: Any, root: Path, tmp_path: Path) -> None:
    sidecar = bench("bench_sidecar")
    page = (root / "docs" / "prestaties.md").read_text("utf-8")
    copy = tmp_path / "prestaties.md"
    copy.write_text(page, "utf-8")
    sidecar.schrijf(copy, "nieuw", sidecar.BEGIN, sidecar.EIND)
    before, after = page.split(sidecar.BEGIN)[0], page.split(sidecar.EIND)[1]
    expected = f"{before}{sidecar.BEGIN}\nnieuw\n{sidecar.EIND}{after}"
    assert copy.read_text("utf-8") == expected
