"""The client on a real OPA, with a proxy in between that spoils what passes (storingsproxy.py)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import proefbundel
from clienthulp import VALID
from storingsproxy import Proxy, Storing, tussen
from uitfasering import errors, transport
from uitfasering.client import Client
from uitfasering.opa_process import OpaProcess
from uitfasering.records import Besluit
from volledig import aantal

BATCH = {f"kenmerk {n}": {**VALID, "budget": n} for n in range(7)}
HOOFD = 200  # bytes: past the headers of an answer of OPA, in the middle of its body


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return proefbundel.build(tmp_path_factory.mktemp("proef"))


@pytest.fixture(scope="module")
def opa(bundle: Path) -> Iterator[OpaProcess]:
    with OpaProcess(bundle) as process:
        yield process


def client(proxy: Proxy, **anders: Any) -> Client:
    return Client(f"http://127.0.0.1:{proxy.poort}", **{"chunk_size": 3, **anders})


def budgets(besluiten: dict[str, Besluit]) -> dict[str, str]:
    """By key, the budget that OPA got: its question, as it comes back in the answer."""
    return {
        key: besluit.bevindingen[0].tekst.partition('"budget":')[2].partition(",")[0]
        for key, besluit in besluiten.items()
    }


GOED = {key: str(t["budget"]) for key, t in BATCH.items()}

BREUKEN = [
    Storing("vraag", 0, "reset"),
    Storing("vraag", 40, "reset"),
    Storing("vraag", 40, "sluit"),
    Storing("vraag", 250, "reset"),
    Storing("antwoord", 0, "reset"),
    Storing("antwoord", 0, "sluit"),
    Storing("antwoord", 30, "reset"),
    Storing("antwoord", 30, "sluit"),
    Storing("antwoord", HOOFD, "reset"),
    Storing("antwoord", HOOFD, "sluit"),
    Storing("antwoord", 0, b"SSH-2.0-x\r\n\r\n"),
    Storing("antwoord", 0, b"\x00\xff" * 50),
    Storing("antwoord", HOOFD, b"<html>"),  # less than the length that was promised
]
# The first answer is of a known length, a longer one comes in chunks.
VRAGEN = {"besluit": {"een": BATCH["kenmerk 1"]}, "besluiten": {**BATCH}}


@pytest.mark.parametrize("vraag", VRAGEN)
@pytest.mark.parametrize("breuk", BREUKEN, ids=str)
class TestBreuk:
    def test_once_is_asked_again(self, opa: OpaProcess, breuk: Storing, vraag: str) -> None:
        with tussen(opa.url, breuk) as proxy, client(proxy, chunk_size=7) as ours:
            asked = VRAGEN[vraag]
            assert budgets(ours.besluiten(asked)) == {key: GOED.get(key, "1") for key in asked}
            assert proxy.verbindingen == 2

    def test_twice_is_the_end(self, opa: OpaProcess, breuk: Storing, vraag: str) -> None:
        with tussen(opa.url, breuk, breuk) as proxy, client(proxy, chunk_size=7) as ours:
            with pytest.raises(errors.ConnectionFailed, match="brak af"):
                ours.besluiten(VRAGEN[vraag])
            assert proxy.verbindingen == 2
            assert budgets(ours.besluiten(BATCH)) == GOED  # and all is well again


def test_the_two_kinds_of_answers_that_are_broken_above(
    opa: OpaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    with tussen(opa.url) as proxy, client(proxy, chunk_size=7) as ours:
        pool = ours._transport._session._pool
        ask = pool.urlopen

        def asking(*words: Any, **settings: Any) -> Any:
            seen.append(ask(*words, **settings))
            return seen[-1]

        monkeypatch.setattr(pool, "urlopen", asking)
        for asked in VRAGEN.values():
            ours.besluiten(asked)
    assert ["Content-Length" in answer.headers for answer in seen] == [True, False]
    assert seen[1].headers["Transfer-Encoding"] == "chunked"


def test_garbage_of_the_right_length_is_no_answer(opa: OpaProcess) -> None:
    """Nothing broke off, so it is not asked again."""
    with (
        tussen(opa.url, Storing("antwoord", HOOFD, b"x" * 2_000)) as proxy,
        client(proxy) as ours,
    ):
        with pytest.raises(errors.WrongData, match="geen gewone JSON"):
            ours.besluit(VALID)
        assert proxy.verbindingen == 1


@pytest.mark.parametrize(
    "traag",
    [
        Storing("vraag", 0, "zwijg"),
        Storing("vraag", 250, "zwijg"),
        Storing("antwoord", 0, "zwijg"),
        Storing("antwoord", 30, "zwijg"),
        Storing("antwoord", HOOFD, "zwijg"),
        Storing("antwoord", 0, "druppel"),  # the headers too: 14 s in all
        Storing("antwoord", HOOFD, "druppel"),
    ],
    ids=str,
)
def test_too_slow_ends_in_time_and_is_not_asked_again(opa: OpaProcess, traag: Storing) -> None:
    with tussen(opa.url, traag) as proxy, client(proxy, timeout=0.2) as ours:
        with pytest.raises(errors.ConnectionFailed, match="niet op tijd"):
            ours.besluiten(BATCH)
        assert proxy.verbindingen == 1


def test_a_question_that_is_not_taken_in_ends_in_time(opa: OpaProcess) -> None:
    """More than the buffers on the way can hold."""
    with (
        tussen(opa.url, Storing("vraag", 0, "verstop")) as proxy,
        client(proxy, timeout=0.5) as ours,
    ):
        with pytest.raises(errors.ConnectionFailed, match="niet op tijd"):
            ours._transport.ask("besluit", "x" * 20_000_000)
        assert proxy.verbindingen == 1


def test_a_question_that_drips_in_is_answered(opa: OpaProcess) -> None:
    with (
        tussen(opa.url, Storing("vraag", 300, "druppel")) as proxy,
        client(proxy) as ours,
    ):
        assert budgets({"een": ours.besluit(BATCH["kenmerk 5"])}) == {"een": "5"}


class TestTussenTweeDelen:
    """A batch of three requests; something happens after the first."""

    @pytest.fixture
    def na_de_eerste(self, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        """What to do after the first question."""
        todo: list[Any] = []
        ask = transport.Transport.ask_with_id

        def asking(self: transport.Transport, rule: str, question: Any) -> Any:
            answer = ask(self, rule, question)
            if todo:
                todo.pop()()
            return answer

        monkeypatch.setattr(transport.Transport, "ask_with_id", asking)
        return todo

    @pytest.mark.parametrize("herkomst", ["proef", "andere"])
    def test_opa_starts_again(
        self, bundle: Path, tmp_path: Path, na_de_eerste: list[Any], herkomst: str
    ) -> None:
        """Also with other agreements: every besluit says itself by which it is."""
        rego = proefbundel.REGO.replace('"proef"', f'"{herkomst}"')
        second = OpaProcess(proefbundel.build(tmp_path, rego))
        with OpaProcess(bundle) as first, second, tussen(first.url) as proxy:

            def restart() -> None:
                first.close()
                proxy.doel = int(second.url.rpartition(":")[2])

            na_de_eerste.append(restart)
            with client(proxy) as ours:
                besluiten = ours.besluiten(BATCH)
        assert budgets(besluiten) == GOED
        assert [b.herkomst for b in besluiten.values()] == ["proef"] * 3 + [herkomst] * 4

    def test_opa_is_gone(self, bundle: Path, na_de_eerste: list[Any]) -> None:
        with OpaProcess(bundle) as opa, tussen(opa.url) as proxy, client(proxy) as ours:
            na_de_eerste.append(opa.close)
            with pytest.raises(errors.ConnectionFailed, match="Kijk of OPA daar draait"):
                ours.besluiten(BATCH)


storingen = st.builds(
    Storing,
    st.sampled_from(["vraag", "antwoord"]),
    st.integers(0, 6_000),  # three questions and their answers on one connection
    st.sampled_from(["reset", "sluit"]) | st.binary(max_size=40),
)


@settings(
    max_examples=aantal(40, 2_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(plan=st.lists(st.none() | storingen, max_size=6))
@example(plan=[])
def test_all_the_right_answers_or_one_error(
    opa: OpaProcess, plan: list[Storing | None], caplog: pytest.LogCaptureFixture
) -> None:
    with tussen(opa.url, *plan) as proxy, client(proxy) as ours, caplog.at_level(logging.WARNING):
        try:
            besluiten = ours.besluiten(BATCH)
        except (errors.ConnectionFailed, errors.WrongData, errors.Refused):
            besluiten = None
        if besluiten is None:
            assert any(plan)
        else:
            assert list(besluiten) == list(BATCH)
            assert budgets(besluiten) == GOED
        assert proxy.verbindingen <= 6  # three requests, each with one retry
    assert not [record for record in caplog.records if record.name.startswith("urllib3")]
