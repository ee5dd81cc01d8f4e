"""Slips that OPA lets pass, or tells in its own words: one finding each; bundel and toets stop."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from conftest import project_met
from regofouten import AFSPRAKEN
from uitfasering.bundel import bouw_bundel
from uitfasering.errors import BuildError
from uitfasering.gegevens import laad
from uitfasering.melding import Melding
from uitfasering.rego import controle as regocontrole
from uitfasering.toets.keuze import Keuze
from uitfasering.toets.ronde import eerste_ronde
from volledig import steekproef

GGZ = '\tinput.feiten.zorgvorm == "ggz"\n'
GELIJK = (
    "b1_08_ggz.rego:9 regel-opmaak: Met een enkele = wordt niet altijd vergeleken. "
    "Schrijf == om te vergelijken."
)
PROZA = "regel-opmaak: Dit is geen voorwaarde. Is het een opmerking? Zet er # voor."


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return project_met(root, tmp_path / "project", {})


def kort(meldingen: Iterable[Melding]) -> list[str]:
    return [
        f"{Path(m.bestand).name}:{m.regel} {m.code}: {m.bericht} {m.oplossing}" for m in meldingen
    ]


def met_regel(project: Path, old: str, new: str) -> list[Melding]:
    """What is found when the first ``old`` in b1_08_ggz.rego is ``new``."""
    path = project / AFSPRAKEN / "b1_08_ggz.rego"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return regocontrole.controleer(project, laad(project))


@pytest.mark.parametrize(
    ("oud", "nieuw", "bericht"),
    steekproef(
        [
            pytest.param(GGZ, '\tzorgvorm = "ggz"\n', [GELIJK], id="nieuwe naam"),
            pytest.param(GGZ, '\tinput.feiten.zorgvorm = "ggz"\n', [GELIJK], id="feit"),
            pytest.param(
                GGZ,
                '\tuitkomst := {1 | zorgvorm = "ggz"} # a = b\n\tuitkomst == {1}\n',
                [GELIJK],
                id="binnenin",
            ),
            pytest.param(
                "# METADATA\n# title: Verlenging",
                '_p if zorgvorm = "ggz"\n\n_q = 1 if input.feiten.segment == "a = b"\n\n'
                "# METADATA\n# title: Verlenging",
                [GELIJK.replace(":9 ", ":19 ")],
                id="op de eerste regel",
            ),
            pytest.param(
                GGZ,
                '\tinput.feiten.zorgvorm = = "ggz"\n',
                [
                    'b1_08_ggz.rego:9 regel-opmaak: Hier staat onverwacht "=". '
                    "Schrijf == voor is gelijk aan, >= voor op of na, <= voor op of vóór."
                ],
                id="OPA zegt het al",
            ),
            pytest.param(
                "# title: GGZ buiten de keuzebudgetten",
                "# title: GGZ: buiten de keuzebudgetten",
                [
                    "b1_08_ggz.rego:4 regel-opmaak: De METADATA is hier niet te lezen. "
                    'Zet de tekst achter title: tussen dubbele aanhalingstekens: "…".'
                ],
                id="dubbele punt in de titel",
            ),
            pytest.param(
                "#   regel: B1-08",
                "#\tregel: B1-08",
                [
                    "b1_08_ggz.rego:6 regel-opmaak: In de METADATA staat hier een tab. "
                    "Zet er spaties voor in de plaats."
                ],
                id="tab in METADATA",
            ),
            pytest.param(
                "# METADATA\n# title: Verlenging",
                "Dit geldt alleen voor ggz, zie A-06.\n\n# METADATA\n# title: Verlenging",
                [f"b1_08_ggz.rego:19 {PROZA}"],
                id="opmerking tussen twee regels",
            ),
            pytest.param(
                "van_toepassing contains",
                "Dit geldt alleen voor ggz.\nvan_toepassing contains",
                [f"b1_08_ggz.rego:7 {PROZA}"],
                id="opmerking vlak boven een regel",
            ),
            pytest.param(
                GGZ,
                GGZ[:-1] + "\u200b\n",
                ["b1_08_ggz.rego:9 regel-opmaak: Hier staat een onzichtbaar teken. Haal het weg."],
                id="onzichtbaar",
            ),
        ],
        3,
    ),
)
def test_een_fout_een_melding(oud: str, nieuw: str, bericht: list[str], project: Path) -> None:
    assert kort(met_regel(project, oud, nieuw)) == bericht


@pytest.mark.parametrize(
    "nieuw",
    ['\tzorgvorm = "ggz"\n', '\tinput.feiten.zorgvorm == "VUL IN"\n', GGZ + "# VUL IN\n"],
    ids=["gelijkteken", "waarde open", "opmerking open"],
)
def test_wat_de_bundel_tegenhoudt(nieuw: str, project: Path) -> None:
    expected = met_regel(project, GGZ, nieuw)
    assert len(expected) == 1
    with pytest.raises(BuildError) as error:
        bouw_bundel(project)
    assert list(error.value.meldingen) == expected
    assert not list(project.rglob("*.tar.gz"))


def test_wat_nog_moet_worden_ingevuld(project: Path) -> None:
    """Also while the tables are not filled in; and a rule that is not finished lacks nothing."""
    path = project / AFSPRAKEN / "b1_08_ggz.rego"
    text = path.read_text("utf-8").replace("GGZ buiten de keuzebudgetten", "VUL IN")
    path.write_text(text.replace(GGZ, GGZ.replace("ggz", "VUL IN"), 1), "utf-8")
    wrong = "regel-vul-in: Hier moet u nog iets invullen."
    zorgvormen = 'Wat kan: "ggz", "jeugd_en_opvoedhulp", "lvb", "anders" of "onbekend".'
    for gegevens in (None, laad(project)):
        assert kort(regocontrole.controleer(project, gegevens)) == [
            f"b1_08_ggz.rego:4 {wrong} Schrijf in een paar woorden waar het over gaat.",
            f"b1_08_ggz.rego:9 {wrong} {zorgvormen}",
        ]


@pytest.mark.parametrize(
    ("nieuw", "code"),
    [
        ('\tinput.feiten.zorgvrom == "ggz"\n', "regel-onbekend-feit"),
        ('\tzorgvorm = "ggz"\n', "regel-opmaak"),
    ],
)
def test_toets_rekent_niet_met_regels_met_een_fout(nieuw: str, code: str, project: Path) -> None:
    """It gives the findings that controleer gives."""
    expected = met_regel(project, GGZ, nieuw)
    assert [m.code for m in expected] == [code]
    with pytest.raises(BuildError) as error:
        eerste_ronde(project, [project / "tests" / "gevallen"], Keuze())
    assert list(error.value.meldingen) == expected


def test_toets_rekent_wel_met_andere_velden(root: Path, project: Path) -> None:
    """A condition that is gone: then it is the cases that say what that does."""
    assert [m.code for m in met_regel(project, GGZ, "")] == ["regel-velden"]
    gevallen = root / "tests" / "gevallen" / "brief-2021-05-06"
    werkbank, verslag = eerste_ronde(project, [gevallen], Keuze(regel="B1-08"))
    with werkbank:
        assert verslag.meldingen == []
        assert verslag.aantallen["fout"] > 0
