"""10,000 besluiten that the sidecar of docker-compose.yml gave and logged, given again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bundelserver import Bundelserver
from clihulp import Cli
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in
from strategieen import ALLES, TOEWIJZINGEN
from uitfasering.toets.gevallen import lees_gevallen

pytestmark = pytest.mark.lang

_BESLUITEN = 10_000
_LOS = 500
_BATCH = 250


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    folder, tokens = richt_in(tmp_path_factory.mktemp("sidecar"))
    with (
        Bundelserver(folder.bundels).draait() as server,
        draaiend(folder, tokens, server.url) as running,
    ):
        yield running


def _toewijzingen(root: Path) -> list[Any]:
    """Those of every case, then drawn ones: mostly valid, some nearly, some anything at all.

    The valid ones once more for two other municipalities: that is quicker than drawing more.
    """
    found = [geval.toewijzing for geval in lees_gevallen(root)[0]]

    @settings(derandomize=True, database=None, deadline=None, max_examples=180)
    @given(st.lists(TOEWIJZINGEN, min_size=20, max_size=30), st.lists(ALLES, max_size=6))
    def trek(geldig: list[Any], anders: list[Any]) -> None:
        found.extend([*geldig, *anders])
        found.extend({**een, "gemeente": code} for een in geldig for code in ("0193", "0150"))

    trek()
    return found


def test_tienduizend_besluiten_opnieuw(
    sidecar: Sidecar,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    telling: Counter[str] = Counter()
    toewijzingen = _toewijzingen(root)
    token = sidecar.tokens["besluit"]
    for een in toewijzingen[:: len(toewijzingen) // _LOS]:
        answer = sidecar.vraag("POST", BESLUIT, token=token, body={"input": een})
        telling[answer.json["result"]["uitkomst"]] += 1
    for start in range(0, len(toewijzingen), _BATCH):
        # Kenmerken in another order than they are sent, and of any kind.
        batch = {f"{-n}é": t for n, t in enumerate(toewijzingen[start : start + _BATCH])}
        body = {"input": {"toewijzingen": batch}}
        answer = sidecar.vraag("POST", BESLUITEN, token=token, body=body)
        telling.update(besluit["uitkomst"] for besluit in answer.json["result"].values())
    ongeldig = telling.pop("ONGELDIGE_INVOER")
    assert telling.total() >= _BESLUITEN
    assert ongeldig > 50
    assert len(telling) == 7  # every other uitkomst there is

    map, cli = sidecar.sidecar, Cli(monkeypatch, capsys)
    sleutel = map.sleutels / "afspraken.pub"
    argumenten: list[str | Path] = [
        "herhaal",
        map.logboek,
        "--bundel",
        map.archief,
        "--sleutel",
        sleutel,
    ]
    uit = cli(*argumenten, "--formaat", "json")
    assert (uit.code, uit.fout) == (0, "")
    assert json.loads(uit.uit)["samenvatting"] == {
        "besluiten": telling.total() + ongeldig,
        "gelijk": telling.total(),
        "anders": 0,
        "ongeldig": ongeldig,
        "zonder_bundel": {},
        "zonder_antwoord": {},
        "onleesbaar": 0,
    }
