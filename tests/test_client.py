"""The client on a real OPA: what goes in, what is sent, what comes out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import proefbundel
from clienthulp import ANSWER, VALID
from storingsserver import Connection, always, serving
from uitfasering import errors, transport
from uitfasering.client import Client
from uitfasering.opa_process import OpaProcess
from uitfasering.records import Besluit, Product, Toewijzing

SECRET = "999911120"  # from iJw's range of test numbers


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return proefbundel.build(tmp_path_factory.mktemp("proef"))


@pytest.fixture(scope="module")
def opa(bundle: Path) -> Iterator[OpaProcess]:
    with OpaProcess(bundle) as process:
        yield process


@pytest.fixture
def client(opa: OpaProcess) -> Iterator[Client]:
    with Client(opa.url, chunk_size=3) as ours:
        yield ours


def received(besluit: Besluit) -> str:
    """What OPA got, as JSON without spaces (see proefbundel)."""
    return besluit.bevindingen[0].tekst


class TestRealOpa:
    def test_a_record_and_a_mapping_are_asked_alike(self, client: Client) -> None:
        record = Toewijzing(handeling="nieuw", gemeente="0193", product=Product(code="50H3B"))
        expected = '{"gemeente":"0193","handeling":"nieuw","product":{"code":"50H3B"}}'
        assert received(client.besluit(record)) == expected
        assert received(client.besluit(VALID)) == expected

    def test_a_batch_keeps_its_keys_and_their_order(self, client: Client) -> None:
        # Also text that is no Unicode, that differs only by its spelling, and a BSN.
        kenmerken = ["b", "", "a", SECRET, "\u00e9", "e\u0301", "\ud800", "\ud801", "10", "9"]
        batch = {k: {**VALID, "budget": n} for n, k in enumerate(kenmerken)}
        besluiten = client.besluiten(batch)
        assert list(besluiten) == kenmerken
        assert [f'"budget":{n},' in received(b) for n, b in enumerate(besluiten.values())] == [
            True
        ] * len(kenmerken)

    def test_an_empty_batch_asks_nothing(self, client: Client) -> None:
        client.close()
        assert client.besluiten({}) == {}

    def test_a_large_batch_goes_in_chunks_with_numbers_for_keys(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = []
        ask = transport.Transport.ask_with_id

        def spy(self: transport.Transport, rule: str, question: Any) -> Any:
            asked.append((rule, list(question["toewijzingen"])))
            return ask(self, rule, question)

        monkeypatch.setattr(transport.Transport, "ask_with_id", spy)
        assert len(client.besluiten({f"k{n}": VALID for n in range(7)})) == 7
        assert [rule for rule, _ in asked] == ["besluiten"] * 3
        parts = [[key.split(".") for key in keys] for _, keys in asked]
        assert [[int(n) for _, n in keys] for keys in parts] == [[0, 1, 2], [0, 1, 2], [0]]
        assert [len({batch for batch, _ in keys}) for keys in parts] == [1, 1, 1]
        assert len({keys[0][0] for keys in parts}) == 3  # no key in two batches

    def test_without_a_log_there_is_no_place_in_it(self, client: Client) -> None:
        for besluit in (client.besluit(VALID), client.besluiten({"een": VALID})["een"]):
            assert (besluit.besluit_id, besluit.volgnummer) == (None, None)

    def test_a_batch_of_five_thousand(self, opa: OpaProcess) -> None:
        with Client(opa.url) as ours:
            assert len(ours.besluiten({str(n): VALID for n in range(5_000)})) == 5_000

    def test_an_invalid_toewijzing_is_asked_masked_on_request(self, client: Client) -> None:
        raw = {SECRET: SECRET, "gemeente": SECRET, "product": {"code": SECRET}, "budget": 10**5000}
        expected = '{"_":null,"budget":null,"gemeente":null,"product":{"code":null}}'
        assert received(client.besluit(raw, ongeldig="vraag")) == expected
        batch: dict[str, Any] = {"goed": VALID, "fout": raw, "geen": [1]}
        besluiten = client.besluiten(batch, ongeldig="vraag")
        assert received(besluiten["fout"]) == expected
        assert received(besluiten["geen"]) == "null"

    def test_ready_and_herkomst(self, client: Client) -> None:
        client.gereed(10)
        assert client.herkomst() == proefbundel.HERKOMST

    def test_threads_may_share_one(self, client: Client) -> None:
        def ask(number: int) -> bool:
            besluit = client.besluit({**VALID, "budget": number})
            return f'"budget":{number},' in received(besluit)

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, range(200)))

    def test_nothing_in_the_environment_is_used(
        self, opa: OpaProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "weg"))
        with Client(opa.url) as ours:
            assert ours.besluit(VALID).uitkomst == "TOEGESTAAN"


class TestLokaal:
    def test_it_starts_its_own_opa_and_stops_it(self, bundle: Path) -> None:
        with Client.lokaal(bundle) as ours:
            assert ours.besluit(VALID).uitkomst == "TOEGESTAAN"
            own = ours._opa
            assert own is not None
        assert own._child is None
        ours.close()
        with pytest.raises(errors.ConnectionFailed, match="al gesloten"):
            ours.besluit(VALID)
        with pytest.raises(errors.ConnectionFailed, match="al gesloten"):
            ours.gereed(1)

    def test_a_client_that_cannot_be_made_leaves_no_opa(
        self, bundle: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started = []
        start = OpaProcess.start

        def spy(self: OpaProcess) -> None:
            start(self)
            started.append((self, self._child))

        monkeypatch.setattr(OpaProcess, "start", spy)
        with pytest.raises(errors.ConnectionFailed, match="wachttijd"):
            Client.lokaal(bundle, timeout=0)
        [(opa, child)] = started
        assert child is not None
        assert child.returncode is not None
        assert opa._child is None

    def test_nothing_slow_is_imported_before_opa_starts(self) -> None:
        code = (
            "import sys, uitfasering.client;"
            "print({'requests', 'jsonschema', 'aiohttp', 'http.client'} & set(sys.modules))"
        )
        answer = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
        )
        assert answer.stdout.strip() == "set()"


class TestInvalid:
    def test_every_fault_is_named_and_nothing_is_sent(self) -> None:
        with serving(always(200, ANSWER)) as server, Client(server.url) as ours:
            with pytest.raises(errors.InvalidInput) as caught:
                ours.besluit({"gemeente": SECRET, SECRET: 1})
            assert [m.pad for m in caught.value.meldingen] == ["", "handeling", "gemeente"]
            assert SECRET not in str(caught.value)
            with pytest.raises(errors.InvalidInput) as caught:
                ours.besluiten({"x": VALID, SECRET: {**VALID, "gemeente": ""}, "y": {}})
            assert [m.pad for m in caught.value.meldingen] == [
                *("toewijzingen[1].gemeente", "toewijzingen[2].handeling"),
                "toewijzingen[2].gemeente",
            ]
            assert SECRET not in str(caught.value)
            assert server.connections == 0

    def test_a_record_is_checked_too(self) -> None:
        with Client() as ours, pytest.raises(errors.InvalidInput):
            ours.besluit(Toewijzing(handeling="nieuw", gemeente="x"))


class TestWhatIsSent:
    def test_parameters_token_and_no_compression(self) -> None:
        seen = []

        def answer(connection: Connection) -> None:
            seen.append(connection.request())
            connection.send(200, b'{"result": null}')

        with (
            serving(answer) as server,
            Client(server.url, token="geheim-1") as ours,
            pytest.raises(errors.WrongData),
        ):
            ours.besluit(VALID)
        first, headers, body = seen[0]
        method, path, _ = first.split()
        assert method == "POST"
        assert path.partition("?")[0] == "/v1/data/uitfasering/besluit"
        assert set(path.partition("?")[2].split("&")) == {
            "strict-builtin-errors=true",
            "provenance=true",
        }
        assert headers["authorization"] == "Bearer geheim-1"
        assert headers["accept-encoding"] == "identity"
        assert body == {"input": VALID}

    def test_one_connection_is_kept(self) -> None:
        with serving(always(200, ANSWER)) as server, Client(server.url) as ours:
            for _ in range(5):
                ours.besluit(VALID)
            assert server.connections == 1


class TestSettings:
    @pytest.mark.parametrize(
        "url",
        [
            *("", "localhost", "localhost:8181", "ftp://localhost", "http://", "http://:8181"),
            *("http://localhost:0", "http://localhost:x", "http://localhost:70000"),
            *("http://localhost/opa", "http://localhost?x=1", "http://a:b@localhost", "http://[x"),
        ],
    )
    def test_an_address_that_cannot_be_right(self, url: str) -> None:
        with pytest.raises(errors.ConnectionFailed, match=r"http://naam:poort"):
            Client(url)

    @pytest.mark.parametrize(
        ("url", "address"),
        [
            ("http://opa:8181", "http://opa:8181"),
            ("http://opa:8181/", "http://opa:8181"),
            ("http://opa", "http://opa:80"),
            ("https://opa.example", "https://opa.example:443"),
            ("http://[::1]:8181", "http://[::1]:8181"),
        ],
    )
    def test_an_address(self, url: str, address: str) -> None:
        with Client(url) as ours:
            assert ours._transport.address == address

    def test_other_settings_that_cannot_be_right(self, tmp_path: Path) -> None:
        wrong: list[dict[str, Any]] = [
            *({"timeout": 0}, {"timeout": float("nan")}, {"timeout": float("inf")}),
            *({"chunk_size": 0}, {"chunk_size": 8_001}),
            *({"token": "a\r\nb"}, {"token": "a b"}, {"token": "é"}),
            *({"ca_bundle": tmp_path / "weg"}, {"client_cert": ("weg", "weg")}),
        ]
        for settings in wrong:
            with pytest.raises(errors.ConnectionFailed):
                Client(**settings)

    def test_a_host_name_that_cannot_exist(self) -> None:
        with Client("http://" + "a" * 300) as ours:
            with pytest.raises(errors.ConnectionFailed):
                ours.besluit(VALID)
            with pytest.raises(errors.ConnectionFailed):
                ours.gereed(0.1)
