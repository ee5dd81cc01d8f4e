"""scripts/bench klant: what it makes of the times. Nothing here is timed."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clienthulp import ANSWER, VALID
from uitfasering.client import Client


@pytest.fixture(scope="module")
def bench(root: Path) -> Iterator[Callable[[str], Any]]:
    """Imports a module of scripts/."""
    sys.path.insert(0, str(root / "scripts"))
    yield importlib.import_module
    sys.path.remove(str(root / "scripts"))


@pytest.fixture(scope="module")
def certificaat(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    more = "-subj /CN=proef -addext subjectAltName=IP:127.0.0.1 -keyout a.key -out a.pem"
    words = [*command.split(), *more.split()]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=60)
    return folder / "a.pem", folder / "a.key"


def test_threads_on_one_client_and_a_server_that_only_waits(
    bench: Any, certificaat: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    klant = bench("bench_klant")
    monkeypatch.setattr(klant, "PER_THREAD", 3)
    monkeypatch.setattr(klant, "RONDES", 1)
    asked: list[Any] = []
    monkeypatch.setattr(
        Client, "besluit", lambda self, t, ask=Client.besluit: asked.append(ask(self, t))
    )
    vragen = klant.Vragen.van([VALID] * 2)
    werk = bench("bench_wachter").Wachter(json.dumps(ANSWER), 0.001, *map(str, certificaat))
    with (
        klant.wachter(werk) as poort,
        Client(f"https://127.0.0.1:{poort}", ca_bundle=certificaat[0]) as client,
    ):
        een, veel = klant.meet_threads(client, vragen)
    assert {besluit.uitkomst for besluit in asked} == {"TOEGESTAAN"}
    assert len(asked) == 2 * (3 + 3 * klant.THREADS)  # one round to warm up
    assert een > 0
    assert veel > 0


def test_three_ways_to_ask_the_same(
    bench: Any, opa_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    klant = bench("bench_klant")
    monkeypatch.setattr(klant, "RONDES", 1)
    asked: list[bytes] = []
    vraag = klant.Kaal.vraag
    monkeypatch.setattr(klant.Kaal, "vraag", lambda self, body: asked.append(vraag(self, body)))
    geldig = klant.geldige(3)
    with Client(opa_url) as client:
        expected = [client.besluit(t) for t in geldig]
        kaal = klant.Kaal(int(opa_url.rpartition(":")[2]), None, None)
        p50 = klant.meet(kaal, client, klant.Vragen.van(geldig))
        assert p50.keys() == {"kaal", "dict", "record"}
    found = [json.loads(answer)["result"] for answer in asked]
    assert found == [besluit.to_dict() for besluit in expected] * 2
    kaal._connection.close()


def test_the_table(bench: Any) -> None:
    """Times made up."""
    klant = bench("bench_klant")
    uitslag = klant.Uitslag(
        p50={
            "lokaal": {"kaal": 1.0, "dict": 2.5, "record": 3.5},
            "sidecar": {"kaal": 2.0, "dict": 4.0, "record": 6.0},
        },
        threads={"sidecar": (500, 600), "als": (500, 1_450), "traag": (50, 400)},
        eigen=0.0015,
    )
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in klant.tabel_van_klant(uitslag).splitlines()
    ]
    found = {line[0]: line[1:] for line in lines}
    assert found["local OPA: a dict / http.client"] == ["2.50", "at most 3", "yes"]
    assert found["local OPA: a Toewijzing / http.client"] == ["3.50", "at most 3", "no"]
    assert found["sidecar: a Toewijzing / http.client"] == ["3.00", "at most 3", "yes"]
    assert found["sidecar: `Client.besluit` of a dict, p50"] == ["4.00 ms", "", ""]
    threads = {
        name: cells for name, cells in found.items() if name.endswith("8 threads / 1 thread")
    }
    assert [cells for cells in threads.values()] == [
        ["1.2", "", ""],
        ["2.9", "at least 3", "no"],
        ["8.0", "at least 7", "yes"],
    ]
    assert "server that waits 1.50 ms, as the sidecar takes: 8 threads / 1 thread" in threads


def test_the_page_in_docs_has_the_markers(bench: Any, root: Path, tmp_path: Path) -> None:
    klant = bench("bench_klant")
    page = (root / "docs" / "prestaties.md").read_text("utf-8")
    copy = tmp_path / "prestaties.md"
    copy.write_text(page, "utf-8")
    klant.schrijf(copy, "nieuw", klant.BEGIN, klant.EIND)
    before, after = page.split(klant.BEGIN)[0], page.split(klant.EIND)[1]
    assert copy.read_text("utf-8") == f"{before}{klant.BEGIN}\nnieuw\n{klant.EIND}{after}"
