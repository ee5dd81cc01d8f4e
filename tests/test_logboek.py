"""Reading what OPA logged: every besluit is found again, whatever happened to the file."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clihulp import KORT, NIEUW
from logopa import BESTAND, opa_met_logboek
from opa_vraag import BESLUIT, BESLUITEN, post
from strategieen import VAST
from uitfasering import logboek
from uitfasering.errors import MessageError
from uitfasering.logboek import Gelogd, Onleesbaar, lees_logboek
from uitfasering.paths import opa_versie

Json = dict[str, Any]
# The order of the kenmerken by code point is not that in which they are sent.
VRAGEN: list[tuple[str, Any]] = [
    (BESLUIT, {"input": NIEUW}),
    (BESLUITEN, {"input": {"toewijzingen": {"b": NIEUW, "Z": {"bsn": "123456782"}, "a": KORT}}}),
    (BESLUIT, {"input": {"x": 1}}),
    (BESLUITEN, {"input": {"toewijzingen": {str(n): KORT for n in range(12)}}}),
    (BESLUITEN, {"input": 3}),
    (BESLUITEN, {}),
    (BESLUIT, {}),
    (BESLUIT, {"input": NIEUW}),
]


@dataclass(frozen=True)
class Log:
    """What OPA wrote, and of each line what it answered then: (id, number, asked, besluit)."""

    inhoud: bytes
    gegeven: list[list[tuple[str, int | None, Any, Json]]]

    @property
    def regels(self) -> list[bytes]:
        return self.inhoud.splitlines(keepends=True)


def _verwacht(vraag: Any, antwoord: Json) -> Iterator[tuple[str, int | None, Any, Json]]:
    """Contract §1: kenmerken in order of code point, numbered from 1; invalid ones not kept."""
    result, besluit_id = antwoord["result"], antwoord["decision_id"]
    invoer = vraag.get("input")
    rijen: list[tuple[int | None, Any, Json]]
    if "uitkomst" in result:
        rijen = [(None, invoer, result)]
    else:
        toewijzingen = invoer["toewijzingen"] if isinstance(invoer, dict) else {"": None}
        rijen = [
            (nummer, toewijzingen[kenmerk], result[kenmerk])
            for nummer, kenmerk in enumerate(sorted(result), 1)
        ]
    for nummer, gevraagd, besluit in rijen:
        ongeldig = besluit["uitkomst"] == "ONGELDIGE_INVOER"
        yield besluit_id, nummer, None if ongeldig else gevraagd, besluit


@pytest.fixture(scope="module", params=["bestand", "console"])
def log(
    request: pytest.FixtureRequest, bundel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Log:
    folder = tmp_path_factory.mktemp("log")
    gegeven = []
    with opa_met_logboek(bundel, folder, console=request.param == "console") as url:
        for pad, vraag in VRAGEN:
            antwoord = json.loads(post(url, pad, json.dumps(vraag)).content)
            gegeven.append(list(_verwacht(vraag, antwoord)))
    lines = (folder / BESTAND).read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if b"Decision Log" in line]
    assert len(kept) == len(VRAGEN)
    return Log(b"".join(kept), gegeven)


def lees(inhoud: bytes, folder: Path, naam: str = BESTAND) -> list[Gelogd | Onleesbaar]:
    (folder / naam).write_bytes(inhoud)
    return list(lees_logboek([folder / naam]))


def gevonden(gelezen: list[Gelogd | Onleesbaar]) -> list[tuple[str, int | None, Any, Json]]:
    return [
        (een.besluit_id, een.volgnummer, een.toewijzing, een.besluit)
        for een in gelezen
        if isinstance(een, Gelogd)
    ]


def fouten(gelezen: list[Gelogd | Onleesbaar]) -> list[str]:
    return [een.plaats for een in gelezen if isinstance(een, Onleesbaar)]


def test_elk_besluit_staat_er_zoals_het_is_gegeven(log: Log, tmp_path: Path) -> None:
    gelezen = lees(log.inhoud, tmp_path)
    assert gevonden(gelezen) == [een for regel in log.gegeven for een in regel]
    assert fouten(gelezen) == []
    eerste = gelezen[0]
    assert isinstance(eerste, Gelogd)
    assert eerste.plaats == "besluiten.log, regel 1"
    assert eerste.herkomst == eerste.besluit["herkomst"]
    assert (eerste.opa, eerste.moment[:2]) == (opa_versie(), "20")


@VAST
@given(data=st.data())
def test_een_afgebroken_regel_kost_alleen_zichzelf(
    log: Log, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """OPA dies in the middle of a line, any number of times, and writes the next one behind it."""
    content, whole, broken = b"", [], 0
    for line, given_then in zip(log.regels, log.gegeven, strict=True):
        cut = data.draw(st.none() | st.integers(0, len(line) - 1))
        content += line if cut is None else line[:cut]
        if cut is None or cut == len(line) - 1:  # only the end of the line is gone
            whole += given_then
        elif cut:
            broken += 1
    gelezen = lees(content, tmp_path_factory.mktemp("kapot"))
    assert gevonden(gelezen) == whole
    # Pieces on one line are named together.
    assert bool(fouten(gelezen)) == bool(broken)
    assert len(fouten(gelezen)) <= broken


@VAST
@given(deel=st.floats(0, 1))
def test_een_afgebroken_bestand_geeft_wat_er_nog_is(
    log: Log, deel: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    packed = gzip.compress(log.inhoud)
    cut = packed[: int(deel * len(packed))]
    gelezen = lees(cut, tmp_path_factory.mktemp("gz"), "b.log.gz")
    alles = [een for regel in log.gegeven for een in regel]
    assert gevonden(gelezen) == alles[: len(gevonden(gelezen))]
    assert bool(fouten(gelezen)) == (0 < len(cut) < len(packed))


@VAST
@given(data=st.data())
def test_een_kapot_bestand_valt_op(
    log: Log, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    packed = bytearray(gzip.compress(log.inhoud, mtime=0))
    at = data.draw(st.integers(10, len(packed) - 1))  # behind the head
    packed[at] ^= data.draw(st.integers(1, 255))
    assert fouten(lees(bytes(packed), tmp_path_factory.mktemp("gz")))


def test_ingepakt_of_niet_met_wat_docker_ervoor_zet(log: Log, tmp_path: Path) -> None:
    alles = [een for regel in log.gegeven for een in regel]
    assert gevonden(lees(gzip.compress(log.inhoud), tmp_path)) == alles
    prefixed = b"".join(b"sidecar-opa-1  | " + line for line in log.regels)
    assert gevonden(gelezen := lees(prefixed, tmp_path)) == alles
    assert fouten(gelezen) == []


def test_wat_geen_besluit_is(log: Log, tmp_path: Path) -> None:
    """Other JSON is what OPA says otherwise; what is no JSON is named, never shown."""
    content = b'{"level":"info","msg":"Received request."}\n\n  \r\n[]\nBSN 123456782\n\0\0\0\n'
    gelezen = lees(content + log.inhoud, tmp_path)
    assert gevonden(gelezen) == [een for regel in log.gegeven for een in regel]
    assert fouten(gelezen) == [f"besluiten.log, regel {n}" for n in (4, 5, 6)]
    assert "123456782" not in str([een for een in gelezen if isinstance(een, Onleesbaar)])


def test_een_pad_met_een_procentteken(log: Log, tmp_path: Path) -> None:
    """OPA answers that path too, and logs it as it was sent."""
    event = json.loads(log.regels[0])
    event["path"] = "uitfasering/beslu%69t"
    gelezen = lees(json.dumps(event).encode(), tmp_path)
    assert (gevonden(gelezen), fouten(gelezen)) == (log.gegeven[0], [])


def _zonder(event: Json, naam: str) -> None:
    del event[naam]


ANDERS = {
    "ander pad": lambda e: e.update(path="iets/anders"),
    "geen pad": lambda e: _zonder(e, "path"),
    "geen antwoord": lambda e: _zonder(e, "result"),
    "geen id": lambda e: _zonder(e, "decision_id"),
    "id geen tekst": lambda e: e.update(decision_id=3),
    "geen tijd": lambda e: _zonder(e, "timestamp"),
    "antwoord een lijst": lambda e: e.update(result=[]),
    "vraag een lijst": lambda e: e["input"].update(toewijzingen=[]),
    "een toewijzing weg": lambda e: _zonder(e["input"]["toewijzingen"], "2"),
    "een besluit weg": lambda e: _zonder(e["result"], "3"),
    "nummer geen getal": lambda e: (
        e["result"].update(x=e["result"].pop("1")),
        e["input"]["toewijzingen"].update(x=e["input"]["toewijzingen"].pop("1")),
    ),
}


@pytest.mark.parametrize("wijzig", ANDERS.values(), ids=ANDERS)
def test_een_veranderde_regel_valt_op(wijzig: Any, log: Log, tmp_path: Path) -> None:
    event = json.loads(log.regels[1])
    wijzig(event)
    gelezen = lees(json.dumps(event).encode(), tmp_path)
    assert (gevonden(gelezen), fouten(gelezen)) == ([], ["besluiten.log, regel 1"])


BESLUIT_ANDERS = {
    "geen herkomst": lambda e: _zonder(e["result"]["2"], "herkomst"),
    "uitkomst geen tekst": lambda e: e["result"]["2"].update(uitkomst=1),
    "geen besluit": lambda e: e["result"].update({"2": None}),
    "toewijzing weg": lambda e: e["input"]["toewijzingen"].update({"2": None}),
    "toch ongeldig": lambda e: e["result"]["2"].update(uitkomst="ONGELDIGE_INVOER"),
    "toewijzing geen object": lambda e: e["input"]["toewijzingen"].update({"2": "x"}),
}


@pytest.mark.parametrize("wijzig", BESLUIT_ANDERS.values(), ids=BESLUIT_ANDERS)
def test_van_een_batch_blijft_de_rest(wijzig: Any, log: Log, tmp_path: Path) -> None:
    event = json.loads(log.regels[1])
    wijzig(event)
    gelezen = lees(json.dumps(event).encode(), tmp_path)
    assert gevonden(gelezen) == [een for een in log.gegeven[1] if een[1] != 2]
    assert fouten(gelezen) == ["besluiten.log, regel 1, besluit 2"]


def test_zonder_versie_van_opa(log: Log, tmp_path: Path) -> None:
    event = json.loads(log.regels[0])
    del event["labels"]
    (een,) = lees(json.dumps(event).encode(), tmp_path)
    assert isinstance(een, Gelogd)
    assert een.opa == "onbekend"


def test_een_te_lange_regel(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logboek, "_LANGSTE_REGEL", max(map(len, log.regels)))
    gelezen = lees(b"x" * 100_000 + b"\n" + log.inhoud, tmp_path)
    assert gevonden(gelezen) == [een for regel in log.gegeven for een in regel]
    assert fouten(gelezen) == ["besluiten.log, regel 1"]


def test_de_standaardinvoer(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (log.inhoud, gzip.compress(log.inhoud)):
        given = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content)))
        monkeypatch.setattr(sys, "stdin", given)
        gelezen = list(lees_logboek([Path("-")]))
        assert gevonden(gelezen) == [een for regel in log.gegeven for een in regel]
        assert isinstance(gelezen[0], Gelogd)
        assert gelezen[0].plaats == "(standaardinvoer), regel 1"


def test_een_map_van_oud_naar_nieuw(log: Log, tmp_path: Path) -> None:
    first, second, third, *_ = log.regels
    (tmp_path / "besluiten.log").write_bytes(third)
    (tmp_path / "besluiten-2026-02-01T00-00-00.000.log").write_bytes(second)
    (tmp_path / "besluiten-2026-01-01T00-00-00.000.log.gz").write_bytes(gzip.compress(first))
    # OPA is compressing this one now.
    (tmp_path / "besluiten-2026-02-01T00-00-00.000.log.gz").write_bytes(b"\x1f\x8b\x08")
    (tmp_path / "LEESMIJ.txt").write_text("niet van OPA")
    gelezen = list(lees_logboek([tmp_path]))
    assert gevonden(gelezen) == [een for regel in log.gegeven[:3] for een in regel]
    assert fouten(gelezen) == []


def test_wat_niet_te_lezen_is(tmp_path: Path) -> None:
    with pytest.raises(MessageError, match=r"staat geen logboek: een bestand dat eindigt op \.log"):
        list(lees_logboek([tmp_path]))
    with pytest.raises(MessageError, match="Dit bestand of deze map is er niet"):
        list(lees_logboek([tmp_path / "weg.log"]))
    (tmp_path / "map.log").mkdir()
    with pytest.raises(MessageError, match="Dit is een map, en hier hoort een bestand"):
        list(lees_logboek([tmp_path]))
