"""The bundle: the same bytes for the same content, nothing built from what is wrong."""

import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from conftest import project_met
from uitfasering.bundel import BUNDEL, bouw_bundel
from uitfasering.errors import BuildError
from uitfasering.paths import opa_binary
from volledig import steekproef

GEMEENTEN = Path("data") / "gemeenten.yaml"
REGO = Path("policies") / "uitfasering" / "afspraken" / "b1_19_aflopen.rego"


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return project_met(root, tmp_path / "project", {})


def bytes_van(bundle: Path) -> str:
    return hashlib.sha256(bundle.read_bytes()).hexdigest()


def inhoud(bundle: Path) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(bundle.read_bytes())) as archive:
        files = {m.name: archive.extractfile(m) for m in archive.getmembers()}
        return {name.lstrip("/"): file.read() for name, file in files.items() if file}


def test_zelfde_inhoud_zelfde_bytes(root: Path, bundel: Path, project: Path) -> None:
    """In another folder, at another time, with other file times."""
    for path in (project / "policies").rglob("*.rego"):
        os.utime(path, (time.time() - 10**8, time.time() - 10**8))
    other = bouw_bundel(project)
    assert bytes_van(other.path) == bytes_van(bundel)
    assert other.revisie == bouw_bundel(root).revisie


def test_inhoud_van_de_bundel(bundel: Path, root: Path) -> None:
    files = inhoud(bundel)
    manifest = json.loads(files[".manifest"])
    assert manifest["roots"] == [
        "gegevens",
        "system/authz",
        "system/health",
        "system/log",
        "uitfasering",
    ]
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["revision"])
    data = json.loads(files["data.json"])
    assert data["gegevens"]["revisie"] == manifest["revision"]
    schema = json.loads((root / "schemas" / "toewijzing.json").read_text("utf-8"))
    assert data["gegevens"]["schemas"]["toewijzing"] == schema
    assert [name for name in files if "_test" in name or name.endswith(".yaml")] == []
    policies = (root / "policies").rglob("*.rego")
    assert {n for n in files if n.endswith(".rego")} == {
        str(p.relative_to(root / "policies")) for p in policies if "_test" not in p.name
    }


@pytest.mark.lang
def test_elke_wijziging_geeft_een_andere_revisie(project: Path) -> None:
    revisions = [bouw_bundel(project).revisie]
    for file, old, new in (
        (GEMEENTEN, "naam: Zwolle, duurzaam: aflopen", "naam: Zwolle, duurzaam: omzetten"),
        (REGO, "# title: Lopend midden", "# title: Lopende midden"),
        (Path("schemas") / "besluit.json", "De uitleg", "De tekst"),
    ):
        path = project / file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
        built = bouw_bundel(project)
        assert built.vernieuwd
        revisions.append(built.revisie)
    assert len(set(revisions)) == len(revisions)


def test_niets_veranderd_niets_gebouwd(project: Path) -> None:
    first = bouw_bundel(project)
    assert first.vernieuwd
    assert not bouw_bundel(project).vernieuwd
    # A bundle that was tampered with is not taken for ours.
    first.path.write_bytes(first.path.read_bytes() + b"x")
    assert bouw_bundel(project).vernieuwd


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    steekproef(
        [
            pytest.param(GEMEENTEN, '"0148"', "0148", "0148 staat zonder", id="tabel"),
            pytest.param(REGO, "if {", "if", r"b1_19_aflopen\.rego:\d+", id="Rego die niet klopt"),
            pytest.param(
                REGO,
                "input.feiten.perspectief",
                "input.feiten.perspektief",
                r"policies/uitfasering/afspraken/b1_19_aflopen\.rego:\d+.*Bedoelt u perspectief\?",
                id="feit met een tikfout",
            ),
            pytest.param(
                REGO,
                '"lopend"',
                '"lopnd"',
                r"b1_19_aflopen\.rego:10:.*handeling kan nooit \"lopnd\" zijn",
                id="waarde met een tikfout",
            ),
            pytest.param(
                REGO,
                'input.feiten.handeling == "lopend"',
                'startswith(input.feiten.handeling, "l")',
                r"b1_19_aflopen\.rego:10:.*startswith mag hier niet",
                id="afspraak die geen filter is",
            ),
            pytest.param(
                REGO,
                "data.gegevens.varianten",
                "data.gegevens.variante",
                r"b1_19_aflopen\.rego:12:.*Bedoelt u varianten\?",
                id="gegeven dat niet bestaat",
            ),
            pytest.param(
                REGO,
                '["B1-19a"]',
                '["B1-19b"]',
                r"b1_19_aflopen\.rego:12:.*rekent hier met de parameters van B1-19b",
                id="gegevens van een andere afspraak",
            ),
            pytest.param(
                REGO,
                '\tinput.feiten.perspectief == "herstel"\n',
                "",
                r"data/afspraken/brief-2021-05-06\.yaml:\d+.*gebruikt niet: product\.perspectief",
                id="velden van een andere voorwaarde",
            ),
            pytest.param(
                REGO,
                "package uitfasering.afspraken",
                "package uitfasering.afspraaken",
                r"b1_19_aflopen\.rego:1:.*package uitfasering.afspraken",
                id="verkeerd pakket",
            ),
        ],
        3,
    ),
)
def test_wat_fout_is_wordt_niet_gebouwd(
    file: Path, old: str, new: str, message: str, project: Path
) -> None:
    bundle = project / BUNDEL
    bundle.parent.mkdir()
    bundle.write_bytes(b"de vorige bundel")
    path = project / file
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(BuildError) as caught:
        bouw_bundel(project)
    assert re.search(message, str(caught.value), re.DOTALL), str(caught.value)
    assert bundle.read_bytes() == b"de vorige bundel"
    assert [p.name for p in bundle.parent.iterdir()] == [bundle.name]


def test_wat_geen_besluit_verandert_houdt_niets_tegen(project: Path) -> None:
    """A number in the Rego or a broken test is for `controleer`; the decisions are right."""
    path = project / REGO
    text = path.read_text("utf-8").replace("# title: Lopend midden herstel mag aflopen\n", "")
    path.write_text(text + "\n_eigen := 250\n", "utf-8")
    (path.parent / "begrippen_test.rego").write_text("kapot", "utf-8")
    other = path.parent / "b1_08_ggz.rego"  # a rule that can never apply: only a warning
    head = 'van_toepassing contains "B1-08" if {\n'
    assert head in other.read_text("utf-8")
    other.write_text(other.read_text("utf-8").replace(head, head + "\t1 == 2\n"), "utf-8")
    assert bouw_bundel(project).vernieuwd


def test_gewone_opa_zonder_meer(bundel: Path) -> None:
    """Both entry points answer from the bundle file alone."""
    for rule, key in (("besluit", "uitkomst"), ("besluiten", "")):
        done = subprocess.run(
            [str(opa_binary()), "eval", "-b", str(bundel), f"data.uitfasering.{rule}"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert key in json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
