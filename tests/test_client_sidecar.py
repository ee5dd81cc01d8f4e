"""The client on the sidecar of docker-compose.yml: TLS, a token, and what can happen to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from bundelserver import Bundelserver
from clienthulp import VALID
from clihulp import KORT, NIEUW, Cli
from sidecarbundels import (
    AFSPRAKEN,
    EERSTE_ANTWOORD,
    LOPEND,
    REVISIE,
    TWEEDE_ANTWOORD,
    teken,
    tweede_revisie,
    zet,
)
from sidecarhulp import Sidecar, draaiend, richt_in, vrije_poort
from storingsproxy import Storing, tussen
from uitfasering import errors, transport
from uitfasering.client import Client
from uitfasering.logboek import Gelogd, lees_logboek
from uitfasering.sidecarmap import Sidecarmap

Opstelling = tuple[Sidecarmap, dict[str, str], str]


@pytest.fixture(scope="module")
def opstelling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    """A sidecar's folder, tokens by name, and the address of its bundles."""
    folder, tokens = richt_in(tmp_path_factory.mktemp("sidecar") / "sidecar")
    with Bundelserver(folder.bundels).draait() as server:
        yield folder, tokens, server.url


@pytest.fixture(scope="module")
def sidecar(opstelling: Opstelling) -> Iterator[Sidecar]:
    with draaiend(*opstelling) as running:
        yield running


def client(sidecar: Sidecar, **anders: Any) -> Client:
    given = {
        "url": sidecar.url,
        "token": sidecar.tokens["besluit"],
        "ca_bundle": sidecar.sidecar.tls / "ca.crt",
        "chunk_size": 3,
    }
    return Client(**{**given, **anders})


BATCH = {f"k{n}": LOPEND for n in range(7)}


def antwoorden(besluiten: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(b.uitkomst, b.voorlopig) for b in besluiten.values()]


def test_what_it_is_for(sidecar: Sidecar) -> None:
    with client(sidecar) as ours:
        ours.gereed(10)
        assert antwoorden(ours.besluiten(BATCH)) == [EERSTE_ANTWOORD] * 7


def logboek(sidecar: Sidecar) -> dict[tuple[str, int | None], Gelogd]:
    """Every besluit in the log, by what a Besluit says of where it stands."""
    read = [g for g in lees_logboek([sidecar.sidecar.logboek]) if isinstance(g, Gelogd)]
    found = {(g.besluit_id, g.volgnummer): g for g in read}
    assert len(found) == len(read)
    return found


def test_a_besluit_says_where_it_stands_in_the_log(sidecar: Sidecar) -> None:
    """In two chunks, each of more than ten: OPA logs them in the order of their kenmerken."""
    asked: dict[str, Any] = {
        f"k{n}": {**(NIEUW if n % 3 else KORT), "budget": n} for n in range(1_020)
    }
    asked["k7"] = {"gemeente": "Jansen"}
    with client(sidecar, chunk_size=1_000) as ours:
        alone = ours.besluit(NIEUW)
        given = ours.besluiten(asked, ongeldig="vraag")
    log = logboek(sidecar)
    assert alone.besluit_id
    assert alone.volgnummer is None
    assert log[alone.besluit_id, None].toewijzing == NIEUW
    assert log[alone.besluit_id, None].besluit == alone.to_dict()
    for kenmerk, besluit in given.items():
        assert besluit.besluit_id
        logged = log[besluit.besluit_id, besluit.volgnummer]
        assert logged.toewijzing == (None if kenmerk == "k7" else asked[kenmerk])
        assert logged.besluit == besluit.to_dict()
    assert [b.volgnummer for b in given.values()] == [*range(1, 1_001), *range(1, 21)]


def test_the_command_says_where_it_stands_in_the_log(
    sidecar: Sidecar,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file that cannot be read takes no number."""
    for naam, content in {"a": KORT, "b": "kapot", "c": {**NIEUW, "budget": 5}}.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / f"{naam}.json").write_text(text, "utf-8")
    (tmp_path / "token").write_text(sidecar.tokens["besluit"], "ascii")
    cli = Cli(monkeypatch, capsys, sidecar.url)
    files = [tmp_path / f"{naam}.json" for naam in "abc"]
    access: list[str | Path] = [
        "--ca",
        sidecar.sidecar.tls / "ca.crt",
        "--token-bestand",
        tmp_path / "token",
    ]
    said = json.loads(cli("besluit", *files, *access, "--formaat", "json").uit)["besluiten"]
    log = logboek(sidecar)
    logged = [log[one["besluit_id"], one["volgnummer"]] for one in said]
    assert [g.volgnummer for g in logged] == [1, 2]
    assert [g.toewijzing for g in logged] == [KORT, {**NIEUW, "budget": 5}]
    assert [g.besluit for g in logged] == [one["besluit"] for one in said]

    text = cli("besluit", *files, *access).uit
    (new,) = {besluit_id for besluit_id, _ in logboek(sidecar).keys() - log.keys()}
    shown = [line for line in text.splitlines() if line.startswith("In het logboek")]
    assert shown == [f"In het logboek: besluit {new}, volgnummer {n}" for n in (1, 2)]


@pytest.mark.parametrize("token", ["x" * 43, None])
def test_a_token_it_does_not_know(sidecar: Sidecar, token: str | None) -> None:
    with client(sidecar, token=token) as ours, pytest.raises(errors.Refused) as caught:
        ours.besluit(VALID)
    assert caught.value.status == 401
    assert "Kijk of het token" in str(caught.value)
    assert "x" * 43 not in str(caught.value)


def test_a_question_too_large_is_refused_also_while_it_is_still_being_sent(
    sidecar: Sidecar,
) -> None:
    with client(sidecar) as ours, pytest.raises(errors.Refused, match="te groot") as caught:
        ours._transport.ask("besluit", {"x": "y" * 6_000_000})
    assert caught.value.status == 400


def test_http_to_its_https(sidecar: Sidecar) -> None:
    with (
        client(sidecar, url=sidecar.url.replace("https", "http")) as ours,
        pytest.raises(errors.Refused, match="met http of https zoals het hoort"),
    ):
        ours.besluit(VALID)


@pytest.mark.parametrize("na", [0, 900, 2_500])
@pytest.mark.parametrize("waar", ["vraag", "antwoord"])
@pytest.mark.parametrize("wat", ["reset", "sluit", b"HTTP/1.1 200"])
def test_broken_off_or_spoilt_under_tls(sidecar: Sidecar, waar: Any, na: int, wat: Any) -> None:
    """In the handshake, the question or the answer: right answers, or an error."""
    with (
        tussen(sidecar.poort, Storing(waar, na, wat)) as proxy,
        client(sidecar, url=f"https://127.0.0.1:{proxy.poort}") as ours,
    ):
        # Only what is spoilt may not be asked again: that is no connection that broke off.
        if isinstance(wat, bytes):
            with suppress(errors.ConnectionFailed):
                assert antwoorden(ours.besluiten(BATCH)) == [EERSTE_ANTWOORD] * 7
        else:
            assert antwoorden(ours.besluiten(BATCH)) == [EERSTE_ANTWOORD] * 7
        assert proxy.verbindingen <= 2


@pytest.mark.parametrize("na", [0, 200, 3_000])
def test_silent_under_tls(sidecar: Sidecar, na: int) -> None:
    with (
        tussen(sidecar.poort, Storing("antwoord", na, "zwijg")) as proxy,
        client(sidecar, url=f"https://127.0.0.1:{proxy.poort}", timeout=0.3) as ours,
    ):
        with pytest.raises(errors.ConnectionFailed, match="niet op tijd"):
            ours.besluiten(BATCH)
        assert proxy.verbindingen == 1


@pytest.mark.lang  # without TLS always: test_client_proxy.py
def test_it_starts_again_with_other_agreements_between_two_chunks(
    opstelling: Opstelling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, and back on the same address: each besluit says by which agreements it is."""
    original, tokens, _ = opstelling
    shutil.copytree(original.map, tmp_path / "sidecar")
    folder = Sidecarmap(tmp_path / "sidecar")
    ports = vrije_poort(), vrije_poort()
    ask = transport.Transport.ask_with_id
    with ExitStack() as stack:
        server = stack.enter_context(Bundelserver(folder.bundels).draait())

        def start() -> Sidecar:
            return stack.enter_context(draaiend(folder, tokens, server.url, poorten=ports))

        def asking(self: transport.Transport, rule: str, question: Any) -> Any:
            answer = ask(self, rule, question)
            if first.proces.poll() is None:
                first.proces.kill()
                first.proces.wait()
                shutil.rmtree(folder.bewaard)  # else it begins with the agreements of before
                folder.bewaard.mkdir()
                bundle = folder.bundels / AFSPRAKEN
                second = tweede_revisie(bundle.read_bytes())
                zet(bundle, teken(second, folder.geheim / "afspraken.key"))
                start()
            return answer

        first = start()
        ours = stack.enter_context(client(first))
        monkeypatch.setattr(transport.Transport, "ask_with_id", asking)
        besluiten = ours.besluiten(BATCH)
    assert antwoorden(besluiten) == [EERSTE_ANTWOORD] * 3 + [TWEEDE_ANTWOORD] * 4
    herkomsten = [b.herkomst for b in besluiten.values()]
    assert [h == REVISIE for h in herkomsten] == [False] * 3 + [True] * 4
