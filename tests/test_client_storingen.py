"""The client against every way a network or a server can go wrong."""

from __future__ import annotations

import gzip
import itertools
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import proefbundel
from clienthulp import ANSWER, BESLUIT, VALID
from storingsserver import Connection, always, not_http, serving
from uitfasering import errors, validation
from uitfasering.client import Client


def ask(*answers: Any, timeout: float = 10.0, batch: bool = False) -> int:
    """Ask a server that gives these answers; the number of connections made."""
    with serving(*answers) as server, Client(server.url, timeout=timeout) as ours:
        try:
            if batch:
                ours.besluiten({"een": VALID, "twee": VALID})
            else:
                ours.besluit(VALID)
        except errors.UitfaseringError as error:
            error.args += (server.connections,)
            raise
        return server.connections


def per_key(result: Callable[[list[str]], Any]) -> Callable[[Connection], None]:
    """Answers with a result made of the keys that were asked."""

    def answer(connection: Connection) -> None:
        _, _, body = connection.request()
        keys = list(body["input"]["toewijzingen"])
        connection.send(200, json.dumps({"result": result(keys)}).encode())

    return answer


def opa_error(code: str, **more: Any) -> dict[str, Any]:
    return {"code": "internal_error", "message": "m", "errors": [{"code": code, **more}]}


class TestWrongAnswers:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html>",
            b"\xff\xfe",
            b'{"result": ' + b"[" * 100_000,
            b'{"result": ' + b"1" * 5_000 + b"}",
            b"[]",
            b'"x"',
            b"null",
            {"result": None},
            {"result": {}},
            {"result": {**BESLUIT, "uitkomst": "MISSCHIEN"}},
            {"result": {**BESLUIT, "extra": 1}},
        ],
    )
    def test_what_is_not_a_besluit(self, body: Any) -> None:
        with pytest.raises(errors.WrongData):
            ask(always(200, body))

    @pytest.mark.parametrize(
        "result",
        [
            lambda keys: None,
            lambda keys: [],
            lambda keys: BESLUIT,
            lambda keys: [BESLUIT, BESLUIT],
            lambda keys: {},
            lambda keys: {keys[0]: BESLUIT},
            lambda keys: {"0": BESLUIT, "1": BESLUIT},
            lambda keys: {keys[0]: BESLUIT, f"{keys[1]}0": BESLUIT},
            lambda keys: {keys[0]: BESLUIT, keys[1]: BESLUIT, "": BESLUIT},
            lambda keys: {keys[0]: BESLUIT, keys[1]: None},
        ],
    )
    def test_other_keys_than_asked(self, result: Any) -> None:
        with pytest.raises(errors.WrongData):
            ask(per_key(result), batch=True)

    def test_exactly_the_keys_that_were_asked(self) -> None:
        assert ask(per_key(lambda keys: dict.fromkeys(keys, BESLUIT)), batch=True) == 1

    @pytest.mark.parametrize("body", [{}, {"provenance": {"version": "1"}}, {"provenance": None}])
    def test_no_result_is_undefined(self, body: Any) -> None:
        with pytest.raises(errors.Undefined, match="geen bundel geladen"):
            ask(always(200, body))

    def test_opa_with_another_bundle(self, tmp_path: Path) -> None:
        other = proefbundel.build(tmp_path, "package anders\n\nx := 1\n")
        with Client.lokaal(other) as ours:
            with pytest.raises(errors.Undefined, match="van iets anders"):
                ours.besluit(VALID)
            with pytest.raises(errors.Undefined):
                ours.besluiten({"een": VALID})
            with pytest.raises(errors.Undefined):
                ours.gereed(5)

    @pytest.mark.parametrize(
        ("rego", "code", "line"),
        [
            ("package uitfasering\n\nbesluit := 1 / input.nul\n", "eval_builtin_error", 3),
            (
                'package uitfasering\n\nbesluit := 1 if input.nul == 0\nbesluit := 2 if "x"\n',
                "eval_conflict_error",
                4,
            ),
        ],
    )
    def test_opa_that_cannot_evaluate(
        self, tmp_path: Path, rego: str, code: str, line: int
    ) -> None:
        broken = proefbundel.build(tmp_path, rego.replace("input.nul", "input.budget"))
        with Client.lokaal(broken) as ours, pytest.raises(errors.EvaluationError) as caught:
            ours.besluit({**VALID, "budget": 0})
        error = caught.value.errors[0]
        assert (error.code, error.line) == (code, line)
        assert error.file is not None
        assert error.file.endswith("besluit.rego")
        assert code in str(caught.value)
        assert f"besluit.rego, regel {line}" in str(caught.value)

    @pytest.mark.parametrize("status", [400, 500])
    def test_opas_error_without_a_place(self, status: int) -> None:
        with pytest.raises(errors.EvaluationError, match="invalid_parameter"):
            ask(always(status, {"code": "invalid_parameter", "message": "m"}))
        with pytest.raises(errors.EvaluationError, match="eval_x"):
            ask(always(status, opa_error("eval_x", message="m", location=None)))

    @pytest.mark.parametrize("status", [401, 403, 404, 405, 413, 429, 301, 302, 303, 307, 308])
    def test_refused(self, status: int) -> None:
        elsewhere = "Location: http://127.0.0.1:1/elders"
        with pytest.raises(errors.Refused) as caught:
            ask(always(status, b"nee", elsewhere))
        assert caught.value.status == status
        assert caught.value.args[-1] == 1

    @pytest.mark.parametrize(
        ("status", "body", "kind", "remedy"),
        [
            (413, b"<html>413", errors.Refused, "Vraag minder toewijzingen tegelijk"),
            (
                400,
                {"code": "invalid_parameter", "message": "request body too large"},
                errors.Refused,
                "Vraag minder toewijzingen tegelijk",
            ),
            (429, b"", errors.Refused, "Vraag het later opnieuw"),
            (401, b"", errors.Refused, "Kijk of het token"),
            (403, b"", errors.Refused, "Kijk of het token"),
            (404, b"<html>", errors.Refused, "Kijk of dit het adres van OPA is"),
            (308, b"", errors.Refused, "Geef het adres van OPA zelf"),
            (502, b"<html>", errors.ConnectionFailed, "Probeer het later opnieuw"),
            (
                500,  # OPA that has no bundle yet, behind --authorization
                {
                    "code": "internal_error",
                    "message": "authorization policy missing or undefined",
                },
                errors.ConnectionFailed,
                "nog niet gereed",
            ),
            (500, opa_error("eval_x", message="m"), errors.EvaluationError, "Meld deze fout"),
        ],
    )
    def test_it_says_what_to_do(self, status: int, body: Any, kind: Any, remedy: str) -> None:
        with pytest.raises(kind, match=remedy):
            ask(always(status, body, "Retry-After: 0"))

    def test_an_answer_that_is_not_opas(self) -> None:
        with pytest.raises(errors.Refused):
            ask(always(400, b"Client sent an HTTP request to an HTTPS server.\n"))
        odd = [b"oei", b"[]", b"null", {}, {"errors": 1}, opa_error("x"), {"errors": [1]}]
        for body in odd:
            with pytest.raises(errors.ConnectionFailed):
                ask(always(500, body))

    def test_a_proxy_that_compresses_anyway(self) -> None:
        body = gzip.compress(json.dumps(ANSWER).encode())
        assert ask(always(200, body, "Content-Encoding: gzip")) == 1
        with pytest.raises(errors.UitfaseringError):
            ask(always(200, b"geen gzip", "Content-Encoding: gzip"))

    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_a_proxy_without_opa(self, status: int) -> None:
        with pytest.raises(errors.ConnectionFailed, match=str(status)) as caught:
            ask(always(status, b"even niet", "Retry-After: 0"))
        assert caught.value.args[-1] == 1


def reset(connection: Connection) -> None:
    connection.request()
    connection.reset()


def hang_up(connection: Connection) -> None:
    connection.request()


def once_then_reset(connection: Connection) -> None:
    connection.request()
    connection.send(200, b'{"result": {}}')
    reset(connection)


def half(connection: Connection) -> None:
    connection.request()
    connection.sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"result": ')


def half_chunked(connection: Connection) -> None:
    connection.request()
    connection.sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{")


def slow(connection: Connection) -> None:
    connection.request()
    connection.stream.read(1)  # until the client gives up


def drip(connection: Connection) -> None:
    connection.request()
    body = json.dumps(ANSWER).encode().ljust(200)
    connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n")
    for byte in body:
        connection.sock.sendall(bytes([byte]))
        time.sleep(0.02)


def late(then: Any) -> Any:
    """The same, after 0.4 s."""

    def answer(connection: Connection) -> None:
        time.sleep(0.4)
        then(connection)

    return answer


class TestConnection:
    def test_nobody_there(self) -> None:
        with serving(always(200, ANSWER)) as server:
            url = server.url
        with Client(url) as ours:
            with pytest.raises(errors.ConnectionFailed, match="Kijk of OPA daar draait"):
                ours.besluit(VALID)
            with pytest.raises(errors.ConnectionFailed, match="nog niet gereed"):
                ours.gereed(0.2)

    def test_ready_waits_for_what_is_not_ready_yet(self) -> None:
        count = itertools.count()

        def booting(connection: Connection) -> None:
            while True:
                first, _, _ = connection.request()
                ready = next(count) >= 3 or "/health" not in first
                connection.send(200 if ready else 500, json.dumps(ANSWER).encode())

        with serving(booting) as server, Client(server.url) as ours:
            ours.gereed(20)
        assert next(count) > 3

    def test_ready_gives_up_on_a_server_that_hangs(self) -> None:
        with (
            serving(slow) as server,
            Client(server.url, timeout=60) as ours,
            pytest.raises(errors.ConnectionFailed, match="nog niet gereed"),
        ):
            ours.gereed(0.2)

    @pytest.mark.parametrize("broken", [reset, hang_up])
    def test_broken_off_twice_is_the_end(self, broken: Any) -> None:
        with pytest.raises(errors.ConnectionFailed) as caught:
            ask(broken)
        assert caught.value.args[-1] == 2

    @pytest.mark.parametrize("broken", [reset, hang_up])
    def test_broken_off_once_is_asked_again(self, broken: Any) -> None:
        assert ask(broken, always(200, ANSWER)) == 2

    def test_a_kept_connection_that_was_closed_is_asked_again(self) -> None:
        with serving(once_then_reset, always(200, ANSWER)) as server, Client(server.url) as ours:
            with pytest.raises(errors.WrongData):
                ours.besluit(VALID)
            assert ours.besluit(VALID).uitkomst == "TOEGESTAAN"
            assert server.connections == 2

    @pytest.mark.parametrize("answer", [half, half_chunked])
    def test_half_an_answer(self, answer: Any) -> None:
        with pytest.raises(errors.ConnectionFailed):
            ask(answer)

    def test_not_http_at_all(self) -> None:
        with pytest.raises(errors.ConnectionFailed):
            ask(not_http)

    @pytest.mark.parametrize("answer", [slow, drip])
    def test_too_slow_is_not_asked_again(self, answer: Any) -> None:
        with pytest.raises(errors.ConnectionFailed, match="niet op tijd") as caught:
            ask(answer, timeout=0.3)
        assert caught.value.args[-1] == 1

    def test_the_retry_keeps_to_the_deadline(self) -> None:
        with pytest.raises(errors.ConnectionFailed, match="niet op tijd"):
            ask(late(reset), late(always(200, ANSWER)), timeout=0.6)


SECRETS = ("geheim-token", "verwijzerswoord", "kenmerkwoord")


def echo(before: bytes) -> Callable[[Connection], None]:
    """Give the question back, as it came, after these bytes."""

    def answer(connection: Connection) -> None:
        lines = [b""]
        while lines[-1] != b"\r\n":
            lines.append(connection.stream.readline())
        [length] = [int(line[15:]) for line in lines if line.startswith(b"Content-Length:")]
        came = b"".join(lines) + connection.stream.read(length)
        assert all(secret.encode() in came for secret in SECRETS[:2])
        line = b" ".join(came.split())
        connection.sock.sendall(before.replace(b"%", line) + came)

    return answer


class TestNothingComesBack:
    """A server that says in its answer what was asked: an error is silent about it."""

    @pytest.fixture(autouse=True)
    def _logs_are_silent(self, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
        with caplog.at_level(logging.DEBUG):
            yield
        logged = "".join(caplog.handler.format(record) for record in caplog.get_records("call"))
        assert "urllib3.connectionpool" in logged
        assert not [secret for secret in SECRETS if secret in logged]

    @pytest.mark.parametrize(
        "before",
        [
            b"",
            b"%\r\n",
            b"HTTP/1.1 200 %\r\n\r\n",
            b"HTTP/1.1 %\r\n\r\n",
            b"HTTP/1.1 200 X\r\n%\r\n\r\n",
            b"HTTP/1.1 200 X\r\n",
            b"HTTP/1.1 200 X\r\n\r\n",
            b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n%\r\n",
            b"HTTP/1.1 200 X\r\nTransfer-Encoding: %\r\n\r\n%\r\n",
            b"HTTP/1.1 200 X\r\nContent-Length: %\r\n\r\n",
            b"HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\n\r\n",
            b"HTTP/1.1 302 X\r\nLocation: http://%/\r\n\r\n",
            b"HTTP/1.1 401 X\r\nWWW-Authenticate: %\r\n\r\n",
            b"HTTP/1.1 400 X\r\n\r\n",
            b"HTTP/1.1 500 X\r\n\r\n",
        ],
    )
    def test_in_no_error(self, before: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        question = {**VALID, "verwijzerswoord": 1}
        monkeypatch.setattr(validation, "keur", lambda raw: (raw, []))  # so that it is sent
        with (
            serving(echo(before)) as server,
            Client(server.url, token=SECRETS[0]) as ours,
            pytest.raises(errors.UitfaseringError) as caught,
        ):
            ours.besluiten({SECRETS[2]: question})
        said = "".join(traceback.format_exception(caught.value))
        error: BaseException | None = caught.value
        while error is not None:
            said += repr(error) + repr(vars(error))
            error = error.__cause__ or error.__context__
        assert not [secret for secret in SECRETS if secret in said]
