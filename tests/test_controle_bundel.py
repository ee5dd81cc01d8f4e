"""What ``controleer`` calls a fault and would change decisions, is never built into a bundle."""

import re
from pathlib import Path

import pytest

from bewerkingen import FOUT, maak
from uitfasering.bundel import BUNDEL, bouw_bundel
from uitfasering.errors import BuildError
from volledig import steekproef

# A fault in a project with an edit, as its golden text has it: the file and the code.
MELDING = re.compile(r"^fout: .*?^  ([\w./-]+).*?^  Uitleg: docs/meldingen/(\S+)\.md$", re.M | re.S)
# These are about the letters and the cases, or about where a value belongs.
BESLIST_NIETS = re.compile(r"(brief|gevallen)-.+|regel-(vaste-waarde|metadata)")


def fouten(bewerking: Path) -> list[tuple[str, str]]:
    return MELDING.findall(bewerking.with_suffix(".txt").read_text("utf-8"))


def verandert_besluiten(bestand: str, code: str) -> bool:
    return not bestand.startswith("tests/") and not BESLIST_NIETS.fullmatch(code)


MET_FOUT = [b for b in FOUT if any(verandert_besluiten(*fout) for fout in fouten(b))]
ZONDER = [b for b in FOUT if b not in MET_FOUT and fouten(b)]


def test_er_zijn_fouten_van_elke_soort() -> None:
    areas = {code.partition("-")[0] for b in MET_FOUT for _, code in fouten(b)}
    assert {"yaml", "schema", "gegevens", "regel"} <= areas
    assert len(MET_FOUT) > 80


@pytest.mark.parametrize(
    "bewerking",
    steekproef(MET_FOUT, 10),  # each takes a build of its own
    ids=lambda path: str(path.stem),
)
def test_wordt_niet_gebouwd_en_vervangt_niets(bewerking: Path, tmp_path: Path) -> None:
    maak(bewerking, tmp_path)
    bundle = tmp_path / BUNDEL
    bundle.parent.mkdir()
    bundle.write_bytes(b"de vorige bundel")
    with pytest.raises(BuildError):
        bouw_bundel(tmp_path)
    assert bundle.read_bytes() == b"de vorige bundel"
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]


@pytest.mark.parametrize("bewerking", steekproef(ZONDER, 3), ids=lambda path: str(path.stem))
def test_wat_niets_beslist_houdt_de_bundel_niet_tegen(bewerking: Path, tmp_path: Path) -> None:
    maak(bewerking, tmp_path)
    assert bouw_bundel(tmp_path).path.is_file()
