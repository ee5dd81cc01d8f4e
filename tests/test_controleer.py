"""``uitfasering controleer``: what it checks, what it shows, and how it ends."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from clihulp import Cli, Uitvoer, proces
from uitfasering import controle
from uitfasering.controle import vind
from uitfasering.controle.bereik import bereik
from uitfasering.melding import Melding
from uitfasering.paths import opa_binary
from uitfasering.toets.gevallen import MAP

Controleer = Callable[..., Uitvoer]


def kopie(root: Path, target: Path) -> Path:
    """A copy of the project, to break."""
    for name in ("data", "policies", "schemas", str(MAP)):
        shutil.copytree(root / name, target / name)
    return target


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project that is the project for the command line too."""
    monkeypatch.setenv("UITFASERING_OPA", str(opa_binary()))  # a copy has no OPA of its own
    copy = kopie(root, tmp_path / "project")
    monkeypatch.setenv("UITFASERING_ROOT", str(copy))
    return copy


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Controleer:
    return Cli(monkeypatch, capsys)


@pytest.fixture(scope="module")
def gevonden(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Melding]]:
    """A project with a fault and a warning, and what is found in it."""
    copy = kopie(root, tmp_path_factory.mktemp("kapot") / "project")
    maak_fout(copy)
    shutil.rmtree(copy / MAP)
    return copy, vind(copy)


@pytest.fixture
def toon(
    cli: Controleer, gevonden: tuple[Path, list[Melding]], monkeypatch: pytest.MonkeyPatch
) -> Controleer:
    """The command on that project, without checking it again for each way to show it."""
    project, meldingen = gevonden
    monkeypatch.setenv("UITFASERING_ROOT", str(project))
    monkeypatch.chdir(project)
    monkeypatch.setattr(controle, "vind", lambda *_, **__: meldingen)
    return lambda *argumenten: cli("controleer", *argumenten)


def vervang(path: Path, oud: str, nieuw: str) -> None:
    text = path.read_text("utf-8")
    assert oud in text
    path.write_text(text.replace(oud, nieuw, 1), "utf-8")


def maak_fout(project: Path) -> None:
    """A misspelled word in the table of municipalities."""
    path = project / "data" / "gemeenten.yaml"
    changed, count = re.subn(
        r"duurzaam: \w+", "duurzaam: omzeten", path.read_text("utf-8"), count=1
    )
    assert count == 1
    path.write_text(changed, "utf-8")


# What is found, and how it ends.


def test_het_geleverde_project_is_in_orde(root: Path, cli: Controleer) -> None:
    answer = cli("controleer")
    assert (answer.code, answer.fout) == (0, "")
    first, second = answer.uit.splitlines()
    assert first == "Er is niets mis gevonden."
    cases = len(list((root / MAP).rglob("*.yaml")))
    assert second.startswith("Gecontroleerd: ")
    assert f"{cases} bestanden met gevallen" in second


def test_alles_tegelijk(project: Path, cli: Controleer) -> None:
    """A fault in one source hides none in another, and each is told once."""
    maak_fout(project)
    vervang(project / "data" / "contacten.yaml", "null", "")
    vervang(project / "data" / "berichten.yaml", "nieuw_binnen_dagen: 7", "nieuw_binnen_dagen: 7x")
    rego = project / "policies" / "uitfasering" / "besluit.rego"
    rego.write_text(rego.read_text("utf-8") + "\nkapot := {\n", "utf-8")
    unread = next((project / MAP).rglob("b1-02*.yaml"))
    vervang(unread, "uitkomst: ", "uitkomst: X")
    wrong = next((project / MAP).rglob("b1-15*.yaml"))
    vervang(wrong, "regels: [", "regels: [B1-51, ")
    letter = next((project / "data" / "brieven").glob("*.yaml"))
    vervang(letter, "status: ", "status: x")
    found = vind(project)
    assert {melding.bestand for melding in found} == {
        "data/gemeenten.yaml",
        "data/contacten.yaml",
        "data/berichten.yaml",
        "policies/uitfasering/besluit.rego",
        *(path.relative_to(project).as_posix() for path in (unread, wrong, letter)),
    }
    assert found == sorted(set(found))
    assert all(melding.code for melding in found)
    answer = cli("controleer")
    assert answer.code == 1
    assert '→ Bedoelt u "omzetten"? Toegestaan: "omzetten", "aflopen".' in answer.uit
    assert f"{len(found)} fouten in 7 bestanden.\n" in answer.uit


@pytest.mark.parametrize(("optie", "code"), [([], 0), (["--waarschuwingen-zijn-fouten"], 1)])
def test_alleen_een_waarschuwing(
    optie: list[str], code: int, toon: Controleer, gevonden: tuple[Path, list[Melding]]
) -> None:
    answer = toon("tests", *optie)
    assert answer.code == code
    assert "waarschuwing: Er zijn geen gevallen." in answer.uit
    assert "\n1 waarschuwing in 1 bestand.\n" in answer.uit


def test_een_ander_project(project: Path, root: Path, cli: Controleer) -> None:
    """A folder that is a project of its own is checked as that project."""
    (project / "data" / "contacten.yaml").unlink()
    assert bereik([str(root)]).root == root
    answer = cli("controleer", project)
    assert answer.code == 1
    assert "data/contacten.yaml\n" in answer.uit


@pytest.mark.parametrize("wat", ["", "{", '{"type": "strin"}', '{"$ref": "#/definitions/x"}'])
def test_een_kapot_schema(wat: str, project: Path, cli: Controleer) -> None:
    (project / "schemas" / "gemeenten.json").write_text(wat, "utf-8")
    answer = cli("controleer")
    assert answer.code == 1
    assert "  schemas/gemeenten.json" in answer.uit
    assert "1 fout in 1 bestand." in answer.uit


def test_een_schema_dat_weg_is(project: Path, cli: Controleer) -> None:
    (project / "schemas" / "afspraken.json").unlink()
    answer = cli("controleer")
    assert answer.code == 1
    assert "Dit bestand ontbreekt of kan niet worden gelezen." in answer.uit


# Which files are shown.


@pytest.mark.parametrize(
    ("paden", "verwacht"),
    [
        ([], 1),
        (["data"], 1),
        (["data/gemeenten.yaml"], 1),
        (["."], 1),
        (["tests/../data/gemeenten.yaml"], 1),
        (["policies", "data"], 1),
        (["data/contacten.yaml"], 0),
        (["policies", "data/brieven"], 0),
    ],
)
def test_paden_beperken_wat_getoond_wordt(
    paden: list[str], verwacht: int, toon: Controleer
) -> None:
    answer = toon(*paden)
    assert answer.code == verwacht
    assert ("gemeenten.yaml" in answer.uit) == bool(verwacht)
    rest = "In andere bestanden van het project: 1 fout en 1 waarschuwing."
    assert (rest in answer.uit) == (not verwacht)


def test_links(project: Path, tmp_path: Path) -> None:
    path = project / "data" / "gemeenten.yaml"
    shutil.move(path, tmp_path / "elders.yaml")
    path.symlink_to(tmp_path / "elders.yaml")
    # in the project it counts as where it is, from outside as what it points to
    assert bereik([str(path)]).paden == (Path("data/gemeenten.yaml"),)
    link = tmp_path / "link"
    link.symlink_to(project / "data")
    assert bereik([str(link / "contacten.yaml")]).paden == (Path("data/contacten.yaml"),)
    (tmp_path / "los").symlink_to(tmp_path / "weg")
    with pytest.raises(click.UsageError, match="bestaat niet"):
        bereik([str(tmp_path / "los")])


@pytest.mark.parametrize(
    ("paden", "zin"),
    [
        (["weg.yaml"], "FOUT: Het bestand of de map weg.yaml bestaat niet.\n"),
        (["data", "/etc"], "FOUT: /etc ligt buiten het project in "),
        (
            ["docs"],
            "FOUT: In docs valt niets te controleren. Gecontroleerd worden de mappen data, "
            "policies, schemas, tests/gevallen.\n",
        ),
        (["--brieven", "weg"], "FOUT: De map weg bij --brieven bestaat niet.\n"),
        (["--formaat", "jsn"], "FOUT: --formaat kan niet jsn zijn. Bedoelt u json? "),
    ],
)
def test_wat_niet_kan(
    paden: list[str], zin: str, root: Path, cli: Controleer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    answer = cli("controleer", *paden)
    assert (answer.code, answer.uit) == (2, "")
    assert answer.fout.startswith(zin)


# For programs.


def test_json(toon: Controleer) -> None:
    answer = toon("--formaat", "json")
    assert answer.code == 1
    document = json.loads(answer.uit)
    fout, waarschuwing = document["meldingen"]
    assert (type(fout.pop("regel")), type(fout.pop("kolom"))) == (int, int)
    assert re.fullmatch(r"gemeenten\[\d+\]\.duurzaam", fout.pop("pad"))
    assert fout == {
        "ernst": "fout",
        "code": "schema-keuze",
        "bestand": "data/gemeenten.yaml",
        "bericht": 'De waarde "omzeten" mag hier niet staan.',
        "oplossing": 'Bedoelt u "omzetten"? Toegestaan: "omzetten", "aflopen".',
        "uitleg": "docs/meldingen/schema-keuze.md",
    }
    assert waarschuwing["ernst"] == "waarschuwing"
    assert waarschuwing["regel"] is waarschuwing["kolom"] is None
    assert document["samenvatting"] == {
        "fouten": 1,
        "waarschuwingen": 1,
        "bestanden": 2,
        "elders": {"fouten": 0, "waarschuwingen": 0, "bestanden": 0},
    }
    assert document["versie"] == 1


def test_json_van_een_deel(toon: Controleer) -> None:
    answer = toon("--formaat", "json", "policies")
    assert answer.code == 0
    document = json.loads(answer.uit)
    assert document["meldingen"] == []
    assert document["samenvatting"]["elders"] == {"fouten": 1, "waarschuwingen": 1, "bestanden": 2}


def test_de_uitleg_van_json_noemt_elk_veld(root: Path, toon: Controleer) -> None:
    document = json.loads(toon("--formaat", "json").uit)
    text = (root / "docs" / "meldingen" / "README.md").read_text("utf-8")
    fields = {*document, *document["meldingen"][0], *document["samenvatting"]}
    assert [field for field in fields if f"`{field}`" not in text] == []


def test_github(toon: Controleer) -> None:
    answer = toon("--formaat", "github")
    assert answer.code == 1
    fout, waarschuwing, last = answer.uit.splitlines()
    assert re.fullmatch(
        r"::error file=data/gemeenten\.yaml,line=\d+,col=\d+,title=schema-keuze::"
        r'De waarde "omzeten" mag hier niet staan\. Bedoelt u "omzetten"\? [^:%]*: [^:%]*'
        r"%0AUitleg: docs/meldingen/schema-keuze\.md",
        fout,
    )
    assert waarschuwing.startswith("::warning file=tests/gevallen,title=gevallen-geen::Er zijn")
    assert last.startswith("Gecontroleerd: ")


def test_github_tekens_met_een_betekenis(project: Path, cli: Controleer) -> None:
    name = "b1,2:3%0A 100%.yaml"
    (project / "data" / "afspraken" / name).write_text("50%,x:y: 1\n", "utf-8")
    answer = cli("controleer", f"data/afspraken/{name}", "--formaat", "github")
    assert answer.code == 2  # relative to the current folder, and there is no such file there
    path = project / "data" / "afspraken" / name
    lines = cli("controleer", path, "--formaat", "github").uit.splitlines()
    found = [line for line in lines if "title=schema-onbekend-veld" in line]
    assert found
    properties, _, text = found[0].removeprefix("::error ").partition("::")
    assert properties.startswith("file=data/afspraken/b1%2C2%3A3%250A 100%25.yaml,line=1,col=1,")
    assert text.startswith('Het veld "50%25,x:y" bestaat hier niet.')


# As others run it.


def test_de_hook_voor_pre_commit(root: Path, project: Path) -> None:
    text = (root / ".pre-commit-hooks.yaml").read_text("utf-8")
    fields = dict(re.findall(r"^(?:- |  )(\w+): (.+)$", text, re.MULTILINE))
    assert fields["id"] == "uitfasering-controleer"
    # a change in one file can make another one wrong
    assert fields["pass_filenames"] == "false"
    watched = re.compile(fields["files"])
    for file in ("data/gemeenten.yaml", "data/afspraken/algemeen.yaml", "schemas/feiten.json"):
        assert watched.search(file)
    for folder in ("policies", "tests/gevallen"):
        some = next(p for p in (root / folder).rglob("*") if p.suffix in {".rego", ".yaml"})
        assert watched.search(some.relative_to(root).as_posix())
    assert not watched.search("README.md")
    program, *arguments = fields["entry"].split()
    assert program == "uitfasering"
    maak_fout(project)
    answer = proces(*arguments)
    assert answer.code == 1
    assert 'Bedoelt u "omzetten"?' in answer.uit
    assert "\x1b" not in answer.uit


def test_een_uitvoer_die_geen_utf8_kan(project: Path) -> None:
    maak_fout(project)
    answer = proces("controleer", env={"PYTHONIOENCODING": "ascii"})
    assert (answer.code, answer.fout) == (1, "")
    assert '  ? Bedoelt u "omzetten"?' in answer.uit
