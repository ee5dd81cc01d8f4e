"""Files that are no text, too large, too deep or not to be read: a clear sentence, no traceback."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clihulp import Cli, Uitvoer
from uitfasering.bundel import BUNDEL, bouw_bundel
from uitfasering.paths import opa_binary
from uitfasering.toets.gevallen import MAP

Maker = Callable[[Path], None]

pytestmark = pytest.mark.lang


def map_in_plaats(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def binair(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def vijftig_mb(path: Path) -> None:
    path.write_text("# x\n" * (50 * 1024 * 1024 // 4), "utf-8")


def diep(path: Path) -> None:
    path.write_text("[" * 200_000, "utf-8")


def latin_1(path: Path) -> None:
    path.write_bytes("# geëvalueerd\n".encode("latin-1") + path.read_bytes())


def utf_16(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode("utf-8").encode("utf-16"))


def leeg(path: Path) -> None:
    path.write_bytes(b"")


def losse_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nergens")


def link_in_een_kring(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def niet_te_lezen(path: Path) -> None:
    path.chmod(0)


SLECHT: list[Maker] = [
    map_in_plaats,
    binair,
    vijftig_mb,
    diep,
    latin_1,
    utf_16,
    leeg,
    losse_link,
    link_in_een_kring,
    niet_te_lezen,
]


@pytest.fixture(params=SLECHT, ids=lambda maker: maker.__name__)
def maak(request: pytest.FixtureRequest) -> Maker:
    if request.param is niet_te_lezen and os.geteuid() == 0:
        pytest.skip("root may read every file")
    maker: Maker = request.param
    return maker


@pytest.fixture(scope="module")
def gebouwd(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with a bundle."""
    copy = tmp_path_factory.mktemp("gebouwd") / "project"
    for name in ("data", "policies", "schemas", str(MAP)):
        shutil.copytree(root / name, copy / name)
    bouw_bundel(copy)
    return copy


@pytest.fixture
def project(gebouwd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a copy, which the command line works on."""
    copy = tmp_path / "project"
    shutil.copytree(gebouwd, copy)
    monkeypatch.setenv("UITFASERING_OPA", str(opa_binary()))
    monkeypatch.setenv("UITFASERING_ROOT", str(copy))
    return copy


@pytest.fixture
def cli(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Uitvoer]:
    return Cli(monkeypatch, capsys)


def in_een_zin(answer: Uitvoer, *codes: int) -> str:
    """What was said; in Dutch, and not by Python."""
    said = answer.uit + answer.fout
    assert answer.code in codes, said
    assert "Traceback" not in said
    assert "fout in het programma" not in said
    assert "Error" not in said
    assert "\x00" not in said
    return said


def test_in_het_project(maak: Maker, project: Path, cli: Callable[..., Uitvoer]) -> None:
    """One such file of every kind; each is told of, and nothing is built."""
    files = [
        "data/gemeenten.yaml",
        "data/afspraken/algemeen.yaml",
        "data/brieven/brief-2021-05-06.yaml",
        f"{MAP}/algemeen/verkorting.yaml",
        "policies/uitfasering/afspraken/begrippen.rego",
    ]
    before = (project / BUNDEL).read_bytes()
    for file in files:
        maak(project / file)
    said = in_een_zin(cli("controleer"), 1)
    # Rego may be empty; what others miss then, is told there
    expected = files[:-1] if maak is leeg else files
    assert [file for file in expected if f"  {file}" not in said] == []
    assert in_een_zin(cli("bundel"), 2).startswith("FOUT: ")
    assert (project / BUNDEL).read_bytes() == before


@pytest.mark.parametrize("maak", [map_in_plaats, binair, vijftig_mb])
def test_elke_opdracht(maak: Maker, project: Path, cli: Callable[..., Uitvoer]) -> None:
    """Whatever works on the project."""
    case = project / MAP / "algemeen" / "verkorting.yaml"
    maak(project / "data" / "producten.yaml")
    maak(project / "policies" / "uitfasering" / "afspraken" / "begrippen.rego")
    for opdracht in (["toets"], ["besluit", case], ["nieuw", "B1-22"], ["dekking"]):
        assert in_een_zin(cli(*opdracht), 2).startswith("FOUT: ")
    maak(case)
    assert in_een_zin(cli("toets", case), 2).startswith("FOUT: ")


def test_een_map_die_leeg_hoort_te_zijn(project: Path, cli: Callable[..., Uitvoer]) -> None:
    """A file where a folder belongs."""
    for folder in ("data/afspraken", "data/brieven", str(MAP)):
        shutil.rmtree(project / folder)
        (project / folder).write_text("x\n", "utf-8")
    in_een_zin(cli("controleer"), 1)
    assert in_een_zin(cli("bundel"), 2).startswith("FOUT: ")


def test_regeleinden_en_bom_van_windows(project: Path, cli: Callable[..., Uitvoer]) -> None:
    for path in [*project.rglob("*.yaml"), *project.rglob("*.rego")]:
        text = path.read_text("utf-8")
        path.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    answer = cli("controleer")
    assert answer.uit.startswith("Er is niets mis gevonden.\n")
    assert cli("bundel").code == 0


# As what was typed.


def test_als_bestand_op_de_opdrachtregel(
    maak: Maker, root: Path, tmp_path: Path, cli: Callable[..., Uitvoer]
) -> None:
    case = next((root / MAP).rglob("*.yaml"))
    for name, *opdracht in (
        ("geval.yaml", "toets"),
        ("lijst.csv", "producten", "importeer"),
        ("lijst.xlsx", "producten", "importeer"),
        ("vraag.json", "besluit"),
    ):
        path = tmp_path / name
        shutil.copyfile(case, path)
        maak(path)
        said = in_een_zin(cli(*opdracht, path), 1, 2)
        # an empty folder holds nothing to name
        assert name in said or maak is map_in_plaats
