"""A new agreement: everything stands ready, and nothing of it counts until it is filled in."""

from pathlib import Path

import pytest

from clihulp import Cli
from conftest import project_met
from uitfasering.errors import BuildError
from uitfasering.gegevens import laad
from uitfasering.paths import opa_binary
from uitfasering.toets.gevallen import lees_gevallen
from uitfasering.yamlreader import OPEN_PLEK


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UITFASERING_OPA", str(opa_binary()))
    monkeypatch.setenv("UITFASERING_ROOT", str(tmp_path / "project"))
    return project_met(root, tmp_path / "project", {})


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Path) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("regel", "bestand", "volgt_op", "komt_voor"),
    [
        ("B1-03", "brief-2021-05-06", "B1-02b", "B1-04"),
        ("B2-15", "brief-2021-11-24", "B2-14", None),
        ("A-09", "algemeen", "A-08", None),
    ],
)
def test_alles_staat_klaar_op_zijn_plaats(
    cli: Cli, project: Path, regel: str, bestand: str, volgt_op: str, komt_voor: str | None
) -> None:
    path = project / "data" / "afspraken" / f"{bestand}.yaml"
    before = path.read_text("utf-8")
    uit = cli("nieuw", regel)
    assert (uit.code, uit.fout) == (0, "")
    after = path.read_text("utf-8")
    # what was there is there still, and the new entry stands in order
    new = [line for line in after.splitlines() if line.startswith("  ") and line[2:] == f"{regel}:"]
    assert len(new) == 1
    assert after.index(f"  {volgt_op}:") < after.index(f"  {regel}:")
    if komt_voor:
        assert after.index(f"  {regel}:") < after.index(f"  {komt_voor}:")
    rest = iter(after.splitlines())
    assert all(line in rest for line in before.splitlines())
    for name in uit.uit.splitlines()[1:4]:
        assert (project / name.split(". ")[1].split(":")[0]).is_file()


def test_wat_niet_is_ingevuld_wordt_geweigerd(cli: Cli, project: Path) -> None:
    """Each VUL IN in the YAML is named; none gets into a bundle."""
    assert cli("nieuw", "B2-15").code == 0
    with pytest.raises(BuildError) as error:
        laad(project)
    path = project / "data" / "afspraken" / "brief-2021-11-24.yaml"
    open_plekken = [
        n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if OPEN_PLEK in line
    ]
    assert [m.regel for m in error.value.meldingen] == open_plekken
    assert {m.code for m in error.value.meldingen} == {"yaml-vul-in"}
    assert cli("bundel").code == 2

    gevallen = project / "tests" / "gevallen" / "brief-2021-11-24" / "b2-15.yaml"
    _, meldingen = lees_gevallen(project, [gevallen])
    lines = gevallen.read_text("utf-8").splitlines()
    assert [m.regel for m in meldingen] == [n for n, t in enumerate(lines, 1) if OPEN_PLEK in t]


@pytest.mark.parametrize("regel", ["B1-03", "B2-15"])
def test_ingevuld_werkt_het(cli: Cli, project: Path, regel: str) -> None:
    """The skeleton is right: with its places filled in the bundle builds."""
    assert cli("nieuw", regel).code == 0
    for path in (project / "data" / "afspraken").glob("brief-*.yaml"):
        text = path.read_text("utf-8")
        for key, value in {
            "norm": "informatie",
            "geadresseerde": "gemeente",
            "gevolg": "INFO",
            "vanaf": "stop_midden_herstel",
        }.items():
            text = text.replace(f"{key}: {OPEN_PLEK}", f"{key}: {value}")
        path.write_text(
            text.replace(f"[{OPEN_PLEK}]", "[product.segment, toewijzingsdatum]").replace(
                OPEN_PLEK, "Proef"
            ),
            "utf-8",
        )
    rego = (
        project
        / "policies"
        / "uitfasering"
        / "afspraken"
        / f"{regel.lower().replace('-', '_')}.rego"
    )
    rego.write_text(rego.read_text("utf-8").replace(OPEN_PLEK, "midden"), "utf-8")
    uit = cli("bundel")
    assert uit.code == 0, uit.fout


@pytest.mark.parametrize(
    ("regel", "verwacht"),
    [
        ("B1-02", "B1-02 is er al: data/afspraken/brief-2021-05-06.yaml, regel "),
        ("B3-01", "B3-01 is geen nummer voor een afspraak."),
        ("b1-2", "b1-2 is geen nummer voor een afspraak."),
        ("b2-15", "Bedoelt u B2-15?"),
        ("../../x", "is geen nummer voor een afspraak."),
        ("B1-02\n", "is geen nummer"),
    ],
)
def test_een_verkeerd_nummer_geeft_een_zin_en_maakt_niets(
    cli: Cli, project: Path, regel: str, verwacht: str
) -> None:
    before = {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
    uit = cli("nieuw", regel)
    assert uit.code == 2
    assert verwacht in uit.fout
    assert {p: p.read_bytes() for p in project.rglob("*") if p.is_file()} == before


def test_een_bestand_dat_er_al_is_blijft(cli: Cli, project: Path) -> None:
    rego = project / "policies" / "uitfasering" / "afspraken" / "b2_15.rego"
    rego.write_text("package iets\n", "utf-8")
    uit = cli("nieuw", "B2-15")
    assert uit.code == 2
    assert "policies/uitfasering/afspraken/b2_15.rego bestaat al." in uit.fout
    assert rego.read_text("utf-8") == "package iets\n"
