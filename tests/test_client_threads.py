"""One client for many threads: its pool of connections, and answers that stay apart."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

import proefbundel
from clienthulp import ANSWER, BESLUIT, VALID
from storingsproxy import Storing, tussen
from storingsserver import Connection, serving
from uitfasering import errors, sessie
from uitfasering.client import Client
from uitfasering.opa_process import OpaProcess

THREADS = 16


@pytest.fixture(scope="module")
def opa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpaProcess]:
    with OpaProcess(proefbundel.build(tmp_path_factory.mktemp("proef"))) as process:
        yield process


@pytest.fixture(autouse=True)
def _urllib3_says_nothing(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing of a connection thrown away, above all."""
    with caplog.at_level(logging.WARNING):
        yield
    records = caplog.get_records("call")
    assert not [r.getMessage() for r in records if r.name.startswith("urllib3")]


def own_answers(client: Client, thread: int) -> bool:
    """Ask besluiten and batches with numbers of this thread; is each answer its own?"""
    for turn in range(10):
        number = thread * 1_000 + turn
        texts = [client.besluit({**VALID, "budget": number}).bevindingen[0].tekst]
        # Of the same size in every thread: only the keys tell them apart.
        batch = {f"{n}": {**VALID, "budget": number * 10 + n} for n in range(3)}
        texts += [b.bevindingen[0].tekst for b in client.besluiten(batch).values()]
        wanted = [number, *(number * 10 + n for n in range(3))]
        if [f'"budget":{n},' in t for n, t in zip(wanted, texts, strict=True)] != [True] * 4:
            return False
    return True


def test_every_thread_gets_its_own_answers(opa: OpaProcess) -> None:
    with tussen(opa.url) as proxy:
        with (
            Client(f"http://127.0.0.1:{proxy.poort}") as client,
            ThreadPoolExecutor(THREADS) as pool,
        ):
            assert all(pool.map(lambda thread: own_answers(client, thread), range(THREADS)))
        assert proxy.verbindingen <= THREADS


def test_also_when_connections_break_off(opa: OpaProcess) -> None:
    """As many threads as may lose a connection; each loses at most every second one."""
    plan = [Storing("antwoord", 150 * n, "reset") if n % 2 else None for n in range(40)]
    with (
        tussen(opa.url, *plan) as proxy,
        Client(f"http://127.0.0.1:{proxy.poort}") as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        asked = [pool.submit(own_answers, client, thread) for thread in range(THREADS)]
        wait(asked)
        assert proxy.verbindingen > THREADS
    for one in asked:
        error = one.exception()
        assert isinstance(error, errors.ConnectionFailed) if error else one.result()
    assert [one for one in asked if not one.exception()]


class Gate:
    """A server that answers nothing until it is open."""

    def __init__(self, expected: int) -> None:
        self.inside = threading.Semaphore(0)
        self.open = threading.Event()
        self.expected = expected

    def __call__(self, connection: Connection) -> None:
        while True:
            connection.request()
            self.inside.release()
            self.open.wait(20)
            connection.send(200, b'{"result": null}')

    def wait(self) -> None:
        """Until as many questions as expected are there."""
        for _ in range(self.expected):
            assert self.inside.acquire(timeout=20)


def test_more_threads_than_connections() -> None:
    """They share CONNECTIONS, which stay open; who has none waits."""
    gate = Gate(sessie.CONNECTIONS)
    threads = sessie.CONNECTIONS + 8
    with (
        serving(gate) as server,
        Client(server.url) as client,
        ThreadPoolExecutor(threads) as pool,
    ):
        asked = [pool.submit(client.besluit, VALID) for _ in range(threads)]
        gate.wait()
        gate.open.set()
        wait(asked)
        assert {type(one.exception()) for one in asked} == {errors.WrongData}  # each was answered
        assert server.connections == sessie.CONNECTIONS


def test_waiting_for_a_connection_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessie, "CONNECTIONS", 1)
    gate = Gate(1)
    with (
        serving(gate) as server,
        Client(server.url, timeout=20) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        first = pool.submit(client.besluit, VALID)
        gate.wait()
        client._transport.timeout = 0.2
        with pytest.raises(errors.ConnectionFailed, match="niet op tijd"):
            client.besluit(VALID)
        gate.open.set()
        with pytest.raises(errors.WrongData):  # it was answered
            first.result()
        assert server.connections == 1


def test_close_while_others_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for an answer gets it; who waits for a connection, or comes after, hears it."""
    monkeypatch.setattr(sessie, "CONNECTIONS", 4)
    gate = Gate(4)

    def answer(connection: Connection) -> None:
        connection.request()
        gate.inside.release()
        gate.open.wait(20)
        connection.send(200, _json(ANSWER))

    with serving(answer) as server, ThreadPoolExecutor(8) as pool:
        client = Client(server.url, timeout=20)
        asked = [pool.submit(client.besluit, VALID) for _ in range(8)]
        gate.wait()
        client.close()
        with pytest.raises(errors.ConnectionFailed, match="al gesloten"):
            client.besluit(VALID)
        gate.open.set()
        wait(asked)
        assert server.connections == 4
    failed = [str(one.exception()) for one in asked if one.exception()]
    assert failed == ["Deze verbinding met OPA is al gesloten."] * 4
    assert [one.result().uitkomst for one in asked if not one.exception()] == ["TOEGESTAAN"] * 4


def test_an_answer_to_another_batch_is_refused() -> None:
    """As of a proxy that mixes up two connections."""
    both = threading.Barrier(2, timeout=20)
    asked: list[Any] = []

    def swap(connection: Connection) -> None:
        _, _, body = connection.request()
        number = len(asked)
        asked.append(body["input"]["toewijzingen"])
        both.wait()
        keys = asked[1 - number]
        connection.send(200, _json({"result": dict.fromkeys(keys, BESLUIT)}))

    with serving(swap) as server, Client(server.url) as client, ThreadPoolExecutor(2) as pool:
        batches = [{f"{kenmerk}{n}": VALID for n in range(3)} for kenmerk in "ab"]
        for one in [pool.submit(client.besluiten, batch) for batch in batches]:
            with pytest.raises(errors.WrongData, match="niet precies één besluit"):
                one.result()


def test_an_answer_nobody_asked_for_is_not_taken_for_the_next() -> None:
    """Left over on a kept connection, and more than any buffer holds of it."""
    rest = {"result": {**BESLUIT, "uitkomst": "AFLOPEN", "herkomst": "x" * 100_000}}
    ready = threading.Semaphore(0)

    def answer_twice(connection: Connection) -> None:
        connection.request()
        connection.send(200, _json(ANSWER))
        connection.send(200, _json(rest))
        ready.release()
        connection.stream.read(1)

    with serving(answer_twice) as server, Client(server.url) as client:
        for _ in range(3):
            assert client.besluit(VALID).uitkomst == "TOEGESTAAN"
            assert ready.acquire(timeout=20)
        assert server.connections == 3


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()
