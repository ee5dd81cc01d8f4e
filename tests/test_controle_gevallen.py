"""The case files against the tables: what they name exists, every agreement has its cases."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from uitfasering.controle.gevallen import controleer
from uitfasering.gegevens import Gegevens, laad
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.toets.gevallen import MAP

ROOT = project_root()
BESTAND = f"{MAP}/proef.yaml"
PROEF = """\
onderwerp: Proef
regels: [B1-02]
uitgangspunten:
  herstel:
    handeling: nieuw
    gemeente: "0193"
    toewijzingsdatum: "2021-05-01"
    ingangsdatum: "2021-05-01"
    product: {segment: midden, perspectief: herstel, profiel: 3}
gevallen:
  - naam: een
    uitgangspunt: herstel
    met: {gemeente: "0150"}
    verwacht: {uitkomst: NIET_TOEGESTAAN, regels: [B1-02], niet: [B1-15]}
tabellen:
  - uitgangspunt: herstel
    rijen:
      - {naam: twee, gemeente: "0160", uitkomst: NIET_TOEGESTAAN, niet: [B1-15]}
"""


@pytest.fixture(scope="module")
def gegevens() -> Gegevens:
    return laad(ROOT)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The schemas and policies, without a case."""
    for name in ("schemas", "policies"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / MAP).mkdir(parents=True)
    return tmp_path


def over_de_proef(
    project: Path, gegevens: Gegevens | None, *wissels: Sequence[str]
) -> list[Melding]:
    """The findings in the file after replacing each first text by the second."""
    text = PROEF
    for oud, nieuw in wissels:
        assert text.count(oud) == 1, oud
        text = text.replace(oud, nieuw)
    (project / BESTAND).write_text(text, "utf-8")
    return [m for m in controleer(project, gegevens) if m.bestand == BESTAND]


def test_de_proef_is_in_orde(project: Path, gegevens: Gegevens) -> None:
    assert over_de_proef(project, gegevens) == []


@pytest.mark.parametrize(
    ("oud", "nieuw", "plek", "pad"),
    [
        ("regels: [B1-02]\nuit", "regels: [B1-15b]\nuit", (2, 10), "regels[1]"),
        ("regels: [B1-02],", "regels: [B1-15b],", (14, 52), "gevallen[1].verwacht.regels[1]"),
        ("niet: [B1-15]}\nt", "niet: [B1-15b]}\nt", (14, 67), "gevallen[1].verwacht.niet[1]"),
        # in a table what is expected stands among the fields
        ("STAAN, niet: [B1-15]", "STAAN, niet: [B1-15b]", (18, 74), "tabellen[1].rijen[1].niet[1]"),
    ],
)
def test_een_afspraak_die_niet_bestaat(
    oud: str,
    nieuw: str,
    plek: tuple[int, int],
    pad: str,
    project: Path,
    gegevens: Gegevens,
) -> None:
    (found,) = over_de_proef(project, gegevens, (oud, nieuw))
    assert (found.regel, found.kolom, found.pad) == (*plek, pad)
    assert found.code == "gevallen-onbekende-regel"
    assert found.bericht == "De afspraak B1-15b bestaat niet."
    assert found.oplossing == "Bedoelt u B1-15? De afspraken staan in data/afspraken."
    # also when the tables are broken; then the agreements are those of the policies
    assert over_de_proef(project, None, (oud, nieuw)) == [found]


@pytest.mark.parametrize(
    ("wissel", "plek", "pad"),
    [
        (('{gemeente: "0150"}', '{gemeente: "0139"}'), (13, 21), "gevallen[1].met.gemeente"),
        (
            ('twee, gemeente: "0160"', 'twee, gemeente: "0139"'),
            (18, 32),
            "tabellen[1].rijen[1].gemeente",
        ),
        (
            ("uitgangspunten:", 'gegevens:\n  keuzes: {"0139": omzetten}\nuitgangspunten:'),
            (4, 12),
            "gegevens.keuzes.0139",
        ),
    ],
)
def test_een_gemeente_die_niet_bestaat(
    wissel: tuple[str, str], plek: tuple[int, int], pad: str, project: Path, gegevens: Gegevens
) -> None:
    (found,) = over_de_proef(project, gegevens, wissel)
    assert (found.regel, found.kolom, found.pad) == (*plek, pad)
    assert found.code == "gevallen-onbekende-gemeente"
    assert '"0193" (Zwolle)' in found.oplossing
    assert "0139" not in found.bericht


@pytest.mark.parametrize("uitkomst", ["NIET_VAN_TOEPASSING", "ONGELDIGE_INVOER"])
def test_een_gemeente_van_buiten_met_opzet(
    uitkomst: str, project: Path, gegevens: Gegevens
) -> None:
    wissels = (
        ('{gemeente: "0150"}', '{gemeente: "0344"}'),
        ("{uitkomst: NIET_TOEGESTAAN, regels: [B1-02], ", f"{{uitkomst: {uitkomst}, "),
    )
    assert over_de_proef(project, gegevens, *wissels) == []


@pytest.mark.parametrize(
    ("wissel", "pad", "woorden"),
    [
        (('{gemeente: "0150"}', '{gemeent: "0150"}'), "met.gemeent", 'Bedoelt u "gemeente"?'),
        (('{gemeente: "0150"}', "{gemeente: 150}"), "met.gemeente", 'Bedoelt u "0150"?'),
        (
            ('{gemeente: "0150"}', "{product.profile: 3}"),
            "met.product.profile",
            'Bedoelt u "product.profiel"?',
        ),
        (
            ('{gemeente: "0150"}', "{product: {profiel: drie}}"),
            "met.product.profiel",
            "Hier hoort een heel getal te staan.",
        ),
        (
            ('{gemeente: "0150"}', '{product.profiel: "3"}'),
            "met.product.profiel",
            "Schrijf 3, zonder aanhalingstekens.",
        ),
        (('met: {gemeente: "0150"}', "zonder: [gemeente]"), "zonder[1]", '"gemeente" ontbreekt'),
        (
            ('{gemeente: "0150"}', '{einddatum: "2021-02-30"}'),
            "met.einddatum",
            "30 februari 2021 bestaat niet.",
        ),
    ],
)
def test_een_veld_of_waarde_die_niet_kan(
    wissel: tuple[str, str], pad: str, woorden: str, project: Path, gegevens: Gegevens
) -> None:
    (found,) = over_de_proef(project, gegevens, wissel)
    assert (found.code, found.pad) == ("gevallen-veld", f"gevallen[1].{pad}")
    assert woorden in f"{found.bericht} {found.oplossing}"
    assert over_de_proef(project, None, wissel) == [found]
    # on purpose
    uitkomst = ("{uitkomst: NIET_TOEGESTAAN, regels: [B1-02], ", "{uitkomst: ONGELDIGE_INVOER, ")
    assert over_de_proef(project, gegevens, wissel, uitkomst) == []


def test_een_veld_in_de_kop_van_een_tabel(project: Path, gegevens: Gegevens) -> None:
    wissel = ("    rijen:", "    met: {product.segment: mideen}\n    rijen:")
    (found,) = over_de_proef(project, gegevens, wissel)
    assert (found.code, found.pad) == ("gevallen-veld", "tabellen[1].met.product.segment")
    assert 'Bedoelt u "midden"?' in found.oplossing


@pytest.mark.parametrize(
    ("wissel", "pad"),
    [
        (("niet: [B1-15]}\nt", "niet: [B1-15, B1-02]}\nt"), "gevallen[1].verwacht.niet[2]"),
        (
            ("STAAN, niet: [B1-15]", "STAAN, regels: [B1-15], niet: [B1-15]"),
            "tabellen[1].rijen[1].niet[1]",
        ),
    ],
)
def test_een_afspraak_die_wel_en_niet_verwacht_wordt(
    wissel: tuple[str, str], pad: str, project: Path, gegevens: Gegevens
) -> None:
    (found,) = over_de_proef(project, gegevens, wissel)
    assert (found.code, found.pad) == ("gevallen-tegenstrijdig", pad)


def test_eigen_tabellen_die_niet_kloppen(project: Path, gegevens: Gegevens) -> None:
    """What is wrong in the tables a file brings is told in that file, at that place."""
    own = """\
gegevens:
  afwijkingen:
    - gemeente: "0193"
      regel: B1-15
      van: "2021-12-01"
      tot: "2021-06-01"
      bron: Besluit
      vervalt: true
uitgangspunten:"""
    (found,) = over_de_proef(project, gegevens, ("uitgangspunten:", own))
    assert (found.regel, found.pad) == (8, "gegevens.afwijkingen[1].tot")
    assert found.code == "gegevens-periode"


# Every agreement has its cases.


def zonder_geval(project: Path, gegevens: Gegevens) -> dict[str, list[str]]:
    """What is said of each agreement."""
    found: dict[str, list[str]] = {}
    for melding in controleer(project, gegevens):
        if melding.code == "gevallen-regel-zonder-geval":
            assert melding.bestand.startswith("data/afspraken/")
            found.setdefault(melding.pad.removeprefix("afspraken."), []).append(melding.bericht)
    return found


WAARIN = [
    "Er is geen geval waarin deze afspraak geldt.",
    "Er is geen geval waarin deze afspraak net niet geldt.",
]


def test_een_afspraak_zonder_geval(project: Path, gegevens: Gegevens) -> None:
    (project / BESTAND).write_text(PROEF, "utf-8")
    found = zonder_geval(project, gegevens)
    assert set(found) == set(gegevens.afspraken)
    assert found["B1-02"] == WAARIN[1:]  # it has a case in which it holds
    assert found["B1-15"] == WAARIN[:1]  # and this one where it does not
    assert found["B1-16"] == WAARIN


def test_een_overgeslagen_geval_telt_niet(project: Path, gegevens: Gegevens) -> None:
    skipped = PROEF.replace("- naam: een\n", "- naam: een\n    overslaan: nog niet zeker\n")
    (project / BESTAND).write_text(skipped, "utf-8")
    assert zonder_geval(project, gegevens)["B1-02"] == WAARIN


def test_een_kapot_bestand_geeft_geen_meldingen_over_afspraken(
    project: Path, gegevens: Gegevens
) -> None:
    """The case may well be in the file that could not be read."""
    (project / BESTAND).write_text(PROEF.replace("uitkomst: N", "uitkomst N"), "utf-8")
    assert zonder_geval(project, gegevens) == {}
    assert {m.bestand for m in controleer(project, gegevens)} == {BESTAND}


def test_de_geleverde_gevallen(gegevens: Gegevens) -> None:
    assert list(controleer(ROOT, gegevens)) == []


def test_geen_map_met_gevallen(project: Path, gegevens: Gegevens) -> None:
    shutil.rmtree(project / "tests")
    (found,) = controleer(project, gegevens)
    assert (found.ernst, found.code) == ("waarschuwing", "gevallen-geen")
