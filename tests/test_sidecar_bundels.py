"""Which bundles a sidecar starts with: rightly signed ones, from the server, its disk or a file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bundelserver import Bundelserver
from sidecarbundels import (
    AFSPRAKEN,
    AFSPRAKEN_NAMAAK,
    EERSTE_ANTWOORD,
    HANDTEKENING,
    LOPEND,
    TOEGANG,
    TOEGANG_NAMAAK,
    TWEEDE_ANTWOORD,
    Namaak,
    antwoord,
    lees,
    pak_in,
    zet,
)
from sidecarhulp import BESLUIT, Sidecar, draaiend, opdracht, richt_in, wacht_op
from uitfasering.paths import project_root
from uitfasering.sidecarmap import Sidecarmap
from volledig import aantal, steekproef

NIEMAND = "http://127.0.0.1:9"  # the bundle server is away: nothing listens there
KORT = "--ready-timeout=1"

Ingericht = tuple[Sidecarmap, dict[str, str]]


@pytest.fixture(scope="module")
def origineel(tmp_path_factory: pytest.TempPathFactory) -> Ingericht:
    return richt_in(tmp_path_factory.mktemp("sidecar") / "sidecar")


@pytest.fixture(scope="module")
def namaak(origineel: Ingericht) -> Namaak:
    return Namaak.bij(origineel[0])


@pytest.fixture
def ingericht(origineel: Ingericht, tmp_path: Path) -> Ingericht:
    """A folder of its own."""
    shutil.copytree(origineel[0].map, tmp_path / "sidecar")
    return Sidecarmap(tmp_path / "sidecar"), origineel[1]


def besluit(sidecar: Sidecar, token: str) -> object:
    """The answer on LOPEND, or the status of the refusal; None when nothing answers."""
    try:
        answer = sidecar.vraag("POST", BESLUIT, token=token, body={"input": LOPEND})
    except OSError:
        return None
    return antwoord(answer.json["result"]) if answer.status == 200 else answer.status


@contextmanager
def van_server(ingericht: Ingericht, *extra: str, wacht: bool = True) -> Iterator[Sidecar]:
    """A sidecar with a bundle server for what is in its folder."""
    with (
        Bundelserver(ingericht[0].bundels).draait() as server,
        draaiend(*ingericht, server.url, extra=extra, wacht=wacht) as running,
    ):
        yield running


def test_wat_niet_deugt_wordt_niet_gestart(
    origineel: Ingericht, namaak: Namaak, tmp_path: Path
) -> None:
    """OPA stops by itself, has answered nothing, and its log says why.

    (All of them are refused by a running one too: test_sidecar_bundels_lopend.py.)
    """
    cases = [
        (file, name, make, said)
        for file, table in ((AFSPRAKEN, AFSPRAKEN_NAMAAK), (TOEGANG, TOEGANG_NAMAAK))
        for name, (make, said) in table.items()
    ][:: aantal(3, 1)]

    def start(number: int) -> tuple[str, object, object, bool]:
        file, name, make, said = cases[number]
        folder = tmp_path / str(number)
        shutil.copytree(origineel[0].map, folder)
        zet(Sidecarmap(folder).bundels / file, make(namaak))
        answers = set()
        with van_server(
            (Sidecarmap(folder), origineel[1]), "--ready-timeout=2", wacht=False
        ) as sidecar:
            while sidecar.proces.poll() is None:
                answers.add(besluit(sidecar, origineel[1]["besluit"]))
                answers.add(besluit(sidecar, namaak.indringer))
                time.sleep(0.1)
            log = sidecar.gezegd()
        waited = "Failed to wait for plugins activation" in log
        return f"{file}: {name}", answers, sidecar.proces.returncode, waited and said in log

    with ThreadPoolExecutor(9) as pool:
        found = list(pool.map(start, range(len(cases))))
    assert found == [(f"{file}: {name}", {None}, 1, True) for file, name, *_ in cases]


def test_goed_ondertekend_wordt_wel_gestart(ingericht: Ingericht, namaak: Namaak) -> None:
    """What the refused ones are made from is right itself."""
    with van_server(ingericht) as sidecar:
        assert besluit(sidecar, sidecar.tokens["besluit"]) == EERSTE_ANTWOORD
        assert besluit(sidecar, namaak.indringer) == 401
    zet(ingericht[0].bundels / AFSPRAKEN, namaak.afspraken)
    zet(ingericht[0].bundels / TOEGANG, namaak.toegang)
    shutil.rmtree(ingericht[0].bewaard)
    with van_server(ingericht) as sidecar:
        assert besluit(sidecar, namaak.indringer) == TWEEDE_ANTWOORD
        assert besluit(sidecar, sidecar.tokens["besluit"]) == 401


def test_start_zonder_server_met_wat_bewaard_is(ingericht: Ingericht) -> None:
    """Also the token bundle; without anything kept it does not start."""
    with draaiend(*ingericht, NIEMAND, extra=[KORT], wacht=False) as sidecar:
        assert sidecar.proces.wait(30) == 1
        assert "connection refused" in sidecar.gezegd()
    with van_server(ingericht):
        pass
    with draaiend(*ingericht, NIEMAND) as sidecar:
        assert besluit(sidecar, sidecar.tokens["besluit"]) == EERSTE_ANTWOORD
        assert besluit(sidecar, "x" * 43) == 401


def test_veranderd_waar_het_bewaard_is(ingericht: Ingericht, namaak: Namaak) -> None:
    """Whoever can write in bewaard gets nothing else answered."""
    with van_server(ingericht):
        pass
    for bundle, other in (("uitfasering", namaak.afspraken), ("toegang", namaak.toegang)):
        unsigned = {k: v for k, v in lees(other).items() if k != HANDTEKENING}
        zet(ingericht[0].bewaard / "bundles" / bundle / "bundle.tar.gz", pak_in(unsigned))
    with draaiend(*ingericht, NIEMAND, extra=[KORT], wacht=False) as sidecar:
        assert sidecar.proces.wait(30) == 1
        said = "Failed to load bundle from disk: bundle missing .signatures"
        assert sidecar.gezegd().count(said) == 2
    with van_server(ingericht) as sidecar:  # the server has right ones
        assert besluit(sidecar, sidecar.tokens["besluit"]) == EERSTE_ANTWOORD
        assert besluit(sidecar, namaak.indringer) == 401


def test_bewaren_lukt_niet_bij_de_eerste_start(ingericht: Ingericht) -> None:
    """A folder it cannot write in: OPA does not start, and says so. (A file stands in the way:
    root may write anywhere.)
    """
    shutil.rmtree(ingericht[0].bewaard)
    ingericht[0].bewaard.write_text("")
    with van_server(ingericht, KORT, wacht=False) as sidecar:
        assert sidecar.proces.wait(30) == 1
        assert "Persisting bundle to disk failed" in sidecar.gezegd()


def bestand_opdracht(sidecar: Sidecarmap, map: Path) -> list[str]:
    """Options that make OPA read sidecar/opa-bestand.yaml, with the places of this machine."""
    text = (project_root() / "sidecar" / "opa-bestand.yaml").read_text("utf-8")
    assert text.count("file:///bundels/") == 2
    config = map / "opa-bestand.yaml"
    config.write_text(text.replace("file:///bundels/", f"file://{sidecar.bundels}/"), "utf-8")
    return [f"--config-file={config}"]


def test_bundels_uit_bestanden(ingericht: Ingericht, namaak: Namaak, tmp_path: Path) -> None:
    """sidecar/opa-bestand.yaml: verified when it starts, and not read again."""
    files = bestand_opdracht(ingericht[0], tmp_path)
    with draaiend(*ingericht, "", weg=["--config-file"], extra=files) as sidecar:
        zet(ingericht[0].bundels / AFSPRAKEN, namaak.afspraken)
        assert sidecar.vraag("GET", "/health/ready", diagnose=True).status == 200
        # Not read again: nothing to wait for but its own polling, and it has none (opa-bestand.yaml
        # names no service). The next start shows that this bundle would have been taken.
        assert besluit(sidecar, sidecar.tokens["besluit"]) == EERSTE_ANTWOORD
    with draaiend(*ingericht, "", weg=["--config-file"], extra=files) as sidecar:
        assert besluit(sidecar, sidecar.tokens["besluit"]) == TWEEDE_ANTWOORD


@pytest.mark.parametrize(
    ("bestand", "naam"),
    steekproef(
        [
            pytest.param(AFSPRAKEN, "niet ondertekend"),
            pytest.param(TOEGANG, "token erbij"),
            pytest.param(TOEGANG, "met de afspraken erbij"),
        ],
        3,
    ),
)
def test_bestanden_die_niet_deugen(
    ingericht: Ingericht, namaak: Namaak, tmp_path: Path, bestand: str, naam: str
) -> None:
    make, said = {AFSPRAKEN: AFSPRAKEN_NAMAAK, TOEGANG: TOEGANG_NAMAAK}[bestand][naam]
    zet(ingericht[0].bundels / bestand, make(namaak))
    files = [*bestand_opdracht(ingericht[0], tmp_path), KORT]
    with draaiend(*ingericht, "", weg=["--config-file"], extra=files, wacht=False) as sidecar:
        assert sidecar.proces.wait(30) == 1
        assert said in sidecar.gezegd()


def test_waarom_geen_watch(ingericht: Ingericht, namaak: Namaak) -> None:
    """``opa run --bundle … --watch`` checks a signature at the start only.

    Does this fail with a newer OPA? Then it checks it always, and docs/veiligheid.md and
    sidecar/opa-bestand.yaml can allow ``--watch``.
    """
    folder = ingericht[0]
    unsigned = pak_in({k: v for k, v in lees(namaak.afspraken).items() if k != HANDTEKENING})
    verified = [f"--verification-key={folder.sleutels / 'afspraken.pub'}", "--signing-alg=ES256"]
    without = ["--config-file", "--set-file", "--authorization", "--ready-timeout"]

    def watching(bundle: Path, wacht: bool) -> AbstractContextManager[Sidecar]:
        extra = [*verified, "--watch", "--bundle", str(bundle)]
        return draaiend(*ingericht, "", weg=without, extra=extra, wacht=wacht)

    bad = folder.bundels / "ongetekend.tar.gz"
    zet(bad, unsigned)
    with watching(bad, wacht=False) as sidecar:
        assert sidecar.proces.wait(30) != 0
        assert "bundle missing .signatures.json" in sidecar.gezegd()
    good = folder.bundels / AFSPRAKEN
    with watching(good, wacht=True) as sidecar:
        assert besluit(sidecar, "") == EERSTE_ANTWOORD
        zet(good, unsigned)
        wacht_op(lambda: besluit(sidecar, "") == TWEEDE_ANTWOORD)


def test_compose_gebruikt_geen_watch(origineel: Ingericht) -> None:
    options = {word.split("=")[0] for word in opdracht(origineel[0], 1, 2)}
    assert options & {"--watch", "-w", "--bundle", "-b", "--skip-verify"} == set()
