"""The agreements as OPA compiles them: in the fragment, with possible values, SQL as committed."""

import dataclasses
import re
from pathlib import Path

import pytest

from conftest import project_met
from uitfasering import fragment
from uitfasering.bundel import opa_build
from uitfasering.gegevens import laad
from uitfasering.melding import Melding
from uitfasering.opa_process import OpaProcess
from uitfasering.stage import maak_stage

REGO = "policies/uitfasering/afspraken/b1_17_overgangsjaar.rego"


def controleer(root: Path, tmp_path: Path, old: str, new: str) -> list[Melding]:
    """What the check finds after one change in REGO."""
    project = project_met(root, tmp_path / "project", {})
    text = (project / REGO).read_text("utf-8")
    assert old in text
    (project / REGO).write_text(text.replace(old, new, 1), "utf-8")
    stage = tmp_path / "stage"
    stage.mkdir()
    maak_stage(stage, root=project)
    opa_build(stage, tmp_path / "bundel.tar.gz")
    with OpaProcess(tmp_path / "bundel.tar.gz") as opa:
        return fragment.controleer(opa.url, project, laad(project))


def test_alles_in_het_fragment_met_mogelijke_waarden(opa_url: str, root: Path) -> None:
    assert fragment.controleer(opa_url, root, laad(root)) == []


def test_gouden_sql_klopt(opa_url: str, root: Path) -> None:
    committed = {p.name: p.read_text("utf-8") for p in (root / fragment.GOUD).glob("*.sql")}
    now = fragment.goud(opa_url, root)
    anders = sorted(n for n in now.keys() | committed.keys() if now.get(n) != committed.get(n))
    assert not anders, f"start scripts/genereer en lees het verschil in {', '.join(anders)}"


def test_gouden_sql_zegt_wat_de_brief_zegt(root: Path) -> None:
    """Typed from contract §4.2: B1-17 and B1-19b."""
    folder = root / fragment.GOUD
    assert (folder / "B1-17.sql").read_text("utf-8") == (
        "(feiten.handeling = 'declaratie' AND feiten.periode_einddatum >= '2022-01-01' "
        "AND feiten.periode_einddatum <= '2022-12-31')\n"
    )
    assert (folder / "B1-19b.sql").read_text("utf-8") == (
        "(feiten.segment = 'midden' AND feiten.handeling = 'lopend' "
        "AND feiten.profiel IN ('11', '12') AND feiten.einddatum <= '2022-12-31')\n"
    )
    # No day is known, so it can never fire yet.
    assert (folder / "B2-12.sql").read_text("utf-8") == "FALSE\n"


@pytest.mark.parametrize(
    ("file", "name", "listed"),
    [
        ("afspraken/ontbreekt.rego", "ontbreekt", fragment.ONTBREEKT),
        ("invoer/invoer.rego", "tussen_velden", fragment.TUSSEN_VELDEN),
    ],
)
def test_elk_lid_wordt_vertaald(file: str, name: str, listed: tuple[str, ...], root: Path) -> None:
    """A member that the module does not list would be compiled and checked by nobody."""
    text = (root / "policies" / "uitfasering" / file).read_text("utf-8")
    assert set(re.findall(rf'^{name} contains "([^"]+)"', text, re.MULTILINE)) == set(listed)


@pytest.mark.parametrize(
    ("old", "new", "wrong", "code"),
    [
        pytest.param(
            'input.feiten.segment in {"basis", "top", "geen"}',
            "count(input.feiten.code) > 3",
            "niet naar SQL te vertalen",
            "regel-buiten-fragment",
            id="rekenen op een feit",
        ),
        pytest.param(
            'input.feiten.segment in {"basis", "top", "geen"}',
            'input.feiten.segment in {"basis", "topp", "geen"}',
            "segment wordt vergeleken met 'topp'",
            "regel-onmogelijke-waarde",
            id="waarde met een tikfout",
        ),
        pytest.param(
            'input.feiten.segment in {"basis", "top", "geen"}',
            'input.feiten.profiel >= "11"',
            "profiel wordt vergeleken met '11'",
            "regel-onmogelijke-waarde",
            id="tekst waar een getal hoort",
        ),
        pytest.param(
            'input.feiten.segment in {"basis", "top", "geen"}',
            'input.feiten.segmnt == "top"',
            "Het feit segmnt bestaat niet",
            "regel-onmogelijke-waarde",
            id="feit met een tikfout",
        ),
    ],
)
def test_fout_in_een_regel_wordt_aangewezen(
    old: str, new: str, wrong: str, code: str, root: Path, tmp_path: Path
) -> None:
    line = (root / REGO).read_text("utf-8").partition(old)[0].count("\n") + 1
    found = [m for m in controleer(root, tmp_path, old, new) if m.code == code]
    assert [(m.bestand, m.regel) for m in found] == [(REGO, line)]
    assert wrong in found[0].bericht
    assert found[0].oplossing


def test_velden_die_niet_kloppen(opa_url: str, root: Path) -> None:
    gegevens = laad(root)
    afspraak = gegevens.afspraken["B1-17"]
    changed = dataclasses.replace(afspraak, bron={**afspraak.bron, "velden": ["handeling"]})
    wrong = dataclasses.replace(gegevens, afspraken={**gegevens.afspraken, "B1-17": changed})
    found = fragment.controleer(opa_url, root, wrong)
    assert [m.code for m in found] == ["regel-velden"]
    assert found[0].oplossing == "Schrijf: velden: [handeling, periode.einddatum]"
