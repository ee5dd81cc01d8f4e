"""The decision log of the sidecar: one event a besluit, with what was asked and answered."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bundelserver import Bundelserver
from clihulp import NIEUW
from logboekhulp import Volger, besluiten_in, events, gelogd, logbestand, op_de_console
from sidecarbundels import AFSPRAKEN, lees
from sidecarhulp import (
    BESLUIT,
    BESLUITEN,
    Antwoord,
    Sidecar,
    dienst,
    draaiend,
)
from strategieen import ALLES, TOEWIJZINGEN, VAST
from uitfasering.cli import uitfasering
from uitfasering.logboek import Gelogd, lees_logboek
from vraaghulp import proef

ONGELDIG = "ONGELDIGE_INVOER"


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        yield running


@pytest.fixture
def volger(sidecar: Sidecar) -> Volger:
    return Volger(sidecar.sidecar)


def vraag(sidecar: Sidecar, pad: str, toewijzing: Any, **anders: Any) -> Antwoord:
    token = sidecar.tokens["besluit"]
    return sidecar.vraag("POST", pad, token=token, body={"input": toewijzing}, **anders)


def test_every_part_of_an_event(sidecar: Sidecar, volger: Volger) -> None:
    """One more would have to be looked at: may it hold anything of who asks?"""
    answer = vraag(sidecar, BESLUIT, NIEUW).json
    (event,) = volger.nieuw()
    revision = json.loads(lees((sidecar.sidecar.bundels / AFSPRAKEN).read_bytes())[".manifest"])
    assert event.pop("metrics").keys() - {"timer_rego_query_compile_ns"} == {
        "counter_server_query_cache_hit",
        "timer_rego_external_resolve_ns",
        "timer_rego_input_parse_ns",
        "timer_rego_query_eval_ns",
        "timer_server_handler_ns",
    }
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", event.pop("time"))
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", event.pop("timestamp"))
    assert event.pop("labels").keys() == {"id", "version"}
    assert event.pop("bundles").keys() == {"uitfasering", "toegang"}
    labels = event.pop("rule_labels")  # of the rules that OPA evaluated
    assert {name for label in labels for name in label} == {"regel"}
    assert event == {
        "level": "INFO",
        "msg": "Decision Log",
        "type": "openpolicyagent.org/decision_logs",
        "decision_id": answer["decision_id"],
        "path": "uitfasering/besluit",
        "input": NIEUW,
        "result": answer["result"],
        "masked": ["/input", "/result"],
    }
    assert answer["result"]["herkomst"] == revision["revision"]


@VAST
@given(TOEWIJZINGEN)
def test_a_besluit_is_logged_as_asked_and_answered(sidecar: Sidecar, toewijzing: Any) -> None:
    volger = Volger(sidecar.sidecar)
    answer = vraag(sidecar, BESLUIT, toewijzing).json
    (event,) = volger.nieuw()
    assert event["decision_id"] == answer["decision_id"]
    assert event["result"] == answer["result"]
    invalid = answer["result"]["uitkomst"] == ONGELDIG
    assert event["input"] == (None if invalid else toewijzing)


@VAST
@given(st.dictionaries(st.text(max_size=9) | st.sampled_from(["1", "10", "2"]), ALLES, min_size=1))
def test_a_batch_is_logged_in_the_order_of_its_kenmerken(
    sidecar: Sidecar, toewijzingen: dict[str, Any]
) -> None:
    volger = Volger(sidecar.sidecar)
    answer = vraag(sidecar, BESLUITEN, {"toewijzingen": toewijzingen})
    if answer.status != 200:  # a number that OPA cannot calculate with
        assert volger.nieuw() == []
        return
    (event,) = volger.nieuw()
    besluiten = answer.json["result"]
    assert event["decision_id"] == answer.json["decision_id"]
    numbers = {kenmerk: str(n) for n, kenmerk in enumerate(sorted(toewijzingen), 1)}
    assert event["result"] == {numbers[k]: besluit for k, besluit in besluiten.items()}
    assert event["input"]["toewijzingen"] == {
        numbers[k]: None if besluiten[k]["uitkomst"] == ONGELDIG else toewijzing
        for k, toewijzing in toewijzingen.items()
    }


GEZIPT = {"Content-Encoding": "gzip"}
VRAAG = json.dumps({"input": NIEUW}).encode()


@pytest.mark.parametrize(
    ("pad", "koppen", "body"),
    [
        (f"{BESLUIT}?pretty&provenance&metrics&strict-builtin-errors", {}, VRAAG),
        ("/v1/data/uitfasering/beslui%74", {}, VRAAG),
        ("/%76%31/d%61ta/%75itfasering/%62%65%73%6C%75%69%74", {}, VRAAG),
        (BESLUIT, GEZIPT, gzip.compress(VRAAG)),
        (BESLUIT, {"Content-Type": "application/yaml"}, b"input: {gemeente: Jan}"),
        (BESLUIT, {"Content-Type": "text/plain"}, VRAAG),
        (BESLUIT, {"traceparent": f"00-{'9' * 32}-{'9' * 16}-01"}, VRAAG),
        (BESLUIT, {}, b'{"input": {}, "metadata": {"bsn": 1}, "bsn": 1}'),
        (BESLUIT, {}, b""),
        (BESLUIT, {}, b"{}"),
        (BESLUITEN, {}, b'{"input": []}'),
        ("/v1/data/uitfasering/beslui%74en", {}, b'{"input": {"toewijzingen": {"a": 1}}}'),
    ],
)
def test_however_it_is_asked_there_is_one_event(
    sidecar: Sidecar, volger: Volger, pad: str, koppen: dict[str, str], body: bytes
) -> None:
    token = sidecar.tokens["besluit"]
    answer = sidecar.vraag("POST", pad, token=token, body=body, headers=koppen)
    assert answer.status == 200
    (event,) = volger.nieuw()
    assert event["decision_id"] == answer.json["decision_id"]
    given = answer.json["result"]
    assert [b for _, b in besluiten_in(event)] == (
        [given] if "uitkomst" in given else [*given.values()]
    )
    assert event.keys() - {"input", "rule_labels"} == {
        *("time", "level", "msg", "type", "timestamp", "decision_id", "labels", "bundles"),
        *("path", "result", "masked", "metrics"),
    }


@pytest.mark.parametrize(
    ("methode", "pad", "token", "body", "status"),
    [
        ("POST", BESLUIT, None, VRAAG, 401),
        ("POST", BESLUIT, "niets", VRAAG, 401),
        ("POST", BESLUIT, "alles", VRAAG[:-1], 400),
        ("POST", BESLUIT, "alles", b'{"input": {"budget": 1e999999999}}', 500),
        ("POST", BESLUITEN, "alles", b'{"input": {"toewijzingen": {}}}', 200),
        ("POST", f"{BESLUIT}/uitkomst", "alles", VRAAG, 401),
        ("POST", f"{BESLUIT}?explain=full", "alles", VRAAG, 401),
        ("POST", "/v1/data/999990019", "alles", VRAAG, 401),
        ("POST", "/999990019", "alles", VRAAG, 401),
        ("GET", BESLUIT, "alles", None, 401),
        ("GET", "/health/ready", None, None, 200),
        ("GET", "/metrics", "alles", None, 200),
        (
            "POST",
            "/v1/compile",
            "alles",
            b'{"query": "data.uitfasering.afspraken.van_toepassing", "unknowns": ["input.feiten"]}',
            200,
        ),
    ],
)
def test_what_gives_no_besluit_leaves_no_event(
    sidecar: Sidecar,
    volger: Volger,
    methode: str,
    pad: str,
    token: str | None,
    body: bytes | None,
    status: int,
) -> None:
    sent = sidecar.tokens[token] if token else None
    assert sidecar.vraag(methode, pad, token=sent, body=body).status == status
    assert volger.nieuw() == []


def test_only_its_owner_may_read_it(sidecar: Sidecar) -> None:
    vraag(sidecar, BESLUIT, NIEUW)
    assert logbestand(sidecar.sidecar).stat().st_mode & 0o777 == 0o600


def test_lees_logboek_reads_it(sidecar: Sidecar) -> None:
    """Also a batch whose path was written oddly."""
    vraag(sidecar, BESLUIT, NIEUW)
    vraag(sidecar, "/v1/data/uitfasering/beslui%74en", {"toewijzingen": {"b": {}, "a": NIEUW}})
    read = list(lees_logboek([sidecar.sidecar.logboek]))
    assert all(isinstance(row, Gelogd) for row in read)
    assert len(read) == sum(len(list(besluiten_in(e))) for e in gelogd(sidecar.sidecar))
    *_, alone, first, second = read
    assert isinstance(alone, Gelogd)
    assert isinstance(first, Gelogd)
    assert isinstance(second, Gelogd)
    assert (alone.volgnummer, alone.toewijzing) == (None, NIEUW)
    assert (first.volgnummer, first.toewijzing) == (1, NIEUW)
    assert (second.volgnummer, second.toewijzing) == (2, None)


def test_on_the_console(sidecar: Sidecar, volger: Volger, tmp_path: Path) -> None:
    """The same events, and no access log beside them."""
    with (
        Bundelserver(sidecar.sidecar.bundels).draait() as server,
        draaiend(
            *(sidecar.sidecar, sidecar.tokens, server.url),
            weg=["--config-file"],
            extra=op_de_console(sidecar.sidecar, tmp_path),
        ) as console,
    ):
        batch = {"toewijzingen": {"b": NIEUW, "a": {}}}
        answers = [
            vraag(server, *asked).json
            for server in (sidecar, console)
            for asked in (
                (BESLUIT, NIEUW),
                (BESLUIT, {}),
                (BESLUITEN, batch),
            )
        ]
        vraag(console, "/v1/data/999990019", NIEUW)
        said = console.gezegd()
    in_file, on_console = volger.nieuw(), events(said)
    assert [e["decision_id"] for e in in_file + on_console] == [a["decision_id"] for a in answers]
    parts = ("bundles", "input", "masked", "path", "result", "type")
    for here, there in zip(in_file, on_console, strict=True):
        assert {p: here[p] for p in parts} == {p: there[p] for p in parts}
        assert there["level"] == "info"
    assert (
        len([line for line in said.splitlines() if "Decision Log" not in line]) <= 1
    )  # runs as root
    (tmp_path / "console.log").write_text(said, "utf-8")
    read = list(lees_logboek([tmp_path / "console.log"]))
    assert [r.toewijzing for r in read if isinstance(r, Gelogd)] == [NIEUW, None, None, NIEUW]


@pytest.fixture(scope="module")
def pagina(root: Path) -> str:
    return (root / "docs" / "logboek.md").read_text("utf-8")


def test_the_example_in_the_docs_is_what_opa_logs(
    sidecar: Sidecar, volger: Volger, pagina: str
) -> None:
    (block,) = re.findall(r"^```json\n(.*?)```", pagina, re.M | re.S)
    example = json.loads(block)
    vraag(sidecar, BESLUIT, example["input"])
    (event,) = volger.nieuw()
    assert lijkt_op(event, example)


def lijkt_op(value: Any, example: Any) -> bool:
    """Equal, where "…" is anything."""
    if isinstance(value, dict) and isinstance(example, dict):
        same = value.keys() == example.keys()
        return same and all(lijkt_op(value[key], example[key]) for key in value)
    return bool(example in ("…", value))


def test_the_table_in_the_docs_has_every_part(sidecar: Sidecar, pagina: str) -> None:
    vraag(sidecar, BESLUIT, NIEUW)
    table = pagina.split("| part |")[1].split("\n\n")[0]
    parts = set(re.findall(r"^\| `(\w+)`", table, re.M))
    always = {"time", "level", "msg", "type"}
    assert parts | always == set().union(*gelogd(sidecar.sidecar))


def test_the_numbers_in_the_docs_are_those_of_the_configuration(root: Path, pagina: str) -> None:
    config = yaml.safe_load((root / "sidecar" / "opa.yaml").read_text("utf-8"))
    logger = config["plugins"]["file_logger"]
    service = dienst(root)
    kept = service["logging"]["options"]
    megabytes = int(kept["max-size"].removesuffix("m")) * int(kept["max-file"])
    said = " ".join(pagina.split())
    for sentence in (
        f"would get over {logger['max_size_mb']} MB (`max_size_mb`)",
        f"older than {logger['max_age_days']:,} days (`max_age_days`",
        f"throws away what is over {megabytes} MB",
        f"user {service['user'].split(':')[0]} in the container",
        "`console: true` in the place of `plugin: file_logger`",
    ):
        assert sentence in said
    assert [*config["decision_logs"].items()] == [("plugin", "file_logger")]


def test_the_commands_in_the_docs_exist(pagina: str) -> None:
    lines = re.findall(r"^\.venv/bin/uitfasering (.+)$", pagina, re.M)
    assert len(lines) == 3
    for line in lines:
        command: click.Command = uitfasering
        words = line.split()
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found, line
            command = found
        options = {name for option in command.params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= options, line
