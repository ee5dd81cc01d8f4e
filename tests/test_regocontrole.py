"""Everything wrong in the policies at once, in Dutch, at its place; each fault typed as an edit.

In an edit ``⟨`` marks where the message must point.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from conftest import project_met
from uitfasering import regocontrole
from uitfasering.gegevens import Gegevens, laad
from uitfasering.melding import Melding
from uitfasering.regouitleg import Kennis
from uitfasering.regovertaling import vertaal
from uitfasering.yamlreader import MAX_BYTES

AFSPRAKEN = Path("policies") / "uitfasering" / "afspraken"
PLEK = "⟨"


@dataclasses.dataclass(frozen=True)
class Fout:
    """One edit and the message it must give."""

    bestand: str
    oud: str
    nieuw: str
    bericht: str
    oplossing: str
    code: str
    pad: str = ""


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return project_met(root, tmp_path / "project", {})


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Gegevens:
    return laad(root)


def bewerk(project: Path, fouten: Iterable[Fout]) -> list[Melding]:
    """Make the edits; the messages that must come of them."""
    for fout in fouten:
        path = project / AFSPRAKEN / fout.bestand
        text = path.read_text("utf-8")
        assert fout.oud in text, fout
        path.write_text(text.replace(fout.oud, fout.nieuw, 1), "utf-8")
    expected = []
    texts = {f.bestand: (project / AFSPRAKEN / f.bestand).read_text("utf-8") for f in fouten}
    for fout in fouten:
        assert texts[fout.bestand].count(fout.nieuw) == 1, fout
        before = texts[fout.bestand].partition(fout.nieuw)[0] + fout.nieuw.partition(PLEK)[0]
        before = before.replace(PLEK, "")
        row, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        name = (AFSPRAKEN / fout.bestand).as_posix()
        expected.append(
            Melding(name, row, column, fout.pad, fout.bericht, fout.oplossing, fout.code)
        )
    for name, text in texts.items():
        (project / AFSPRAKEN / name).write_text(text.replace(PLEK, ""), "utf-8")
    return sorted(expected)


def test_wat_wij_leveren_is_goed(root: Path, gegevens: Gegevens) -> None:
    assert regocontrole.controleer(root, gegevens) == []


GEEN_HAAKJE = "Het haakje {} wordt niet gesloten."
SEGMENTEN = 'Wat kan: "basis", "midden", "top", "geen" of "onbekend".'

OPMAAK = [
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19a" if {',
        '⟨van_toepassing contains "B1-19a" {',
        "Het woord if ontbreekt.",
        "Schrijf if vóór de voorwaarden.",
        "regel-opmaak",
    ),
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19c" if {',
        'van_toepassing "B1-19c" ⟨if {',
        'Hier staat onverwacht "if".',
        'Schrijf de eerste regel zo: van_toepassing contains "<nummer>" if {',
        "regel-opmaak",
    ),
    Fout(
        "b1_08_ggz.rego",
        'van_toepassing contains "B1-08" if {',
        'van_toepassing ⟨contain "B1-08" if {',
        "Het woord contain kan hier niet.",
        "Bedoelt u contains?",
        "regel-opmaak",
    ),
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19b" if {\n\tinput.feiten.segment == "midden"',
        "van_toepassing contains \"B1-19b\" if {\n\tinput.feiten.segment == ⟨'midden'",
        "Het aanhalingsteken ' werkt hier niet.",
        'Gebruik rechte dubbele aanhalingstekens: "…".',
        "regel-opmaak",
    ),
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19d" if {\n\tinput.feiten.segment == "midden"',
        'van_toepassing contains "B1-19d" if {\n\tinput.feiten.segment == ⟨"midden',
        "Deze tekst wordt niet afgesloten.",
        'Zet achter de tekst een dubbel aanhalingsteken (").',
        "regel-opmaak",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        "\tgeldt_voor(v)\n\t_periode_eindigt_vanaf(v)\n\t_periode_eindigt_tot_en_met(v)\n}",
        "\tgeldt_voor⟨(v\n\t_periode_eindigt_vanaf(v)\n\t_periode_eindigt_tot_en_met(v)\n}",
        GEEN_HAAKJE.format("("),
        "Zet het haakje ) waar dit stuk ophoudt.",
        "regel-opmaak",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        '"declaratie"\n\tinput.feiten.raamovereenkomst == "huidig"',
        '"declaratie" ⟨and raamovereenkomst == "huidig"',
        'Hier staat onverwacht "and".',
        "Zet elke voorwaarde op een eigen regel; ze moeten dan alle gelden.",
        "regel-opmaak",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        'input.feiten.segment in {"basis", "top", "geen"}',
        'input.feiten.segment in ⟨["basis", "top", "geen"}',
        GEEN_HAAKJE.format("["),
        "Zet het haakje ] waar dit stuk ophoudt.",
        "regel-opmaak",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        "\ttoegewezen_voor(v)\n\tingegaan_voor(v)\n\teindigt_na(v)\n}",
        "\ttoegewezen_voor(v)⟨)\n\tingegaan_voor(v)\n\teindigt_na(v)\n}",
        "Het haakje ) sluit niets.",
        "Haal het weg.",
        "regel-opmaak",
    ),
]
"""Parse errors, in every rule of two files: none hides another, or the types elsewhere."""

TYPEN = [
    Fout(
        "b2_06_medicatiecontrole.rego",
        'input.feiten.medicatiecontrole == "ja"\n\tinput.feiten.nieuw_of_verlenging == true\n'
        '\tinput.feiten.code != "onbekend"',
        'input.feiten.⟨medicatiecontrol == "ja"\n\tinput.feiten.nieuw_of_verlenging == true\n'
        '\tinput.feiten.code != "onbekend"',
        "Het feit medicatiecontrol bestaat niet.",
        "Bedoelt u medicatiecontrole?",
        "regel-onbekend-feit",
    ),
    Fout(
        "b2_06_medicatiecontrole.rego",
        'input.feiten.handeling == "nieuw"\n\tinput.feiten.code',
        "input.feiten.⟨handeling == true\n\tinput.feiten.code",
        "Het feit handeling is tekst, maar wordt vergeleken met true of false.",
        'Wat kan: "nieuw", "verlenging", "verkorting", "lopend", "declaratie" of "onbekend".',
        "regel-type",
    ),
    Fout(
        "b2_06_medicatiecontrole.rego",
        'toegewezen_of_ingegaan(data.gegevens.parameters["B2-06a"].vanaf)\n\t_omvang_niet_in',
        '⟨toegewezen_of_ingegan(data.gegevens.parameters["B2-06a"].vanaf)\n\t_omvang_niet_in',
        "De hulpregel toegewezen_of_ingegan bestaat niet.",
        "Bedoelt u toegewezen_of_ingegaan?",
        "regel-onbekende-naam",
    ),
    Fout(
        "b2_06_medicatiecontrole.rego",
        "input.feiten.volume in keuze.andere_minuten",
        "input.feiten.volume in ⟨keuzes.andere_minuten",
        "De naam keuzes is hier niet bekend.",
        "Bedoelt u keuze?",
        "regel-onbekende-naam",
    ),
    Fout(
        "b2_06_medicatiecontrole.rego",
        'input.feiten.segment == "midden"',
        "input.feiten.segment == ⟨midden",
        "De naam midden is hier niet bekend.",
        'Is het tekst? Schrijf dan "midden".',
        "regel-onbekende-naam",
    ),
    Fout(
        "b2_06_medicatiecontrole.rego",
        '"verlenging"\n\tinput.feiten.medicatiecontrole == "ja"\n\t_verlenging_na_de_brief',
        '"verlenging"\n\tinput.⟨feitn.medicatiecontrole == "ja"\n\t_verlenging_na_de_brief',
        "input.feitn.medicatiecontrole bestaat niet: feitn is hier niet bekend.",
        "Bedoelt u feiten?",
        "regel-onbekende-naam",
    ),
    Fout(
        "b2_03_stop_midden_duurzaam.rego",
        "package uitfasering.afspraken\n",
        "package uitfasering.afspraken\n\n⟨import data.uitfasering.invoer\n",
        "Deze import wordt nergens gebruikt.",
        "Haal deze regel weg.",
        "regel-strikt",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05" if {\n',
        'van_toepassing contains "B2-05" if {\n\t⟨dag := input.feiten.einddatum\n',
        "De naam dag wordt nergens gebruikt.",
        "Gebruik dag in een voorwaarde, of haal deze regel weg.",
        "regel-strikt",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05a" if {\n',
        'van_toepassing contains "B2-05a" if {\n\t⟨toegewezen_of_ingegaan(1, 2)\n',
        "toegewezen_of_ingegaan krijgt tussen de haakjes 2 waarden, en verwacht 1 waarde.",
        "Haal weg wat te veel is.",
        "regel-type",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05b" if {\n',
        'van_toepassing contains "B2-05b" if {\n\tinput.feiten.budget < ⟨"a" - 1\n',
        "Hier wordt gerekend met iets dat geen getal is.",
        "Rekenen kan alleen met getallen.",
        "regel-type",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05c" if {\n',
        'van_toepassing contains "B2-05c" if {\n\t⟨startswith(1, "a")\n',
        "Tussen de haakjes van startswith staat niet wat daar hoort.",
        "Er staat: een getal, tekst. Er hoort: tekst, tekst.",
        "regel-type",
    ),
    Fout(
        "b2_11_lopend_duurzaam.rego",
        'van_toepassing contains "B2-11" if {\n',
        'van_toepassing contains "B2-11" if {\n\t⟨input.feiten.segment := "top"\n',
        "Met := krijgt een nieuwe naam een waarde; een feit verandert nooit.",
        "Schrijf == om te vergelijken.",
        "regel-opmaak",
    ),
    Fout(
        "b2_11_lopend_duurzaam.rego",
        'van_toepassing contains "B2-11a" if {\n',
        'van_toepassing contains "B2-11a" if {\n\t⟨any([true])\n',
        "De functie any van OPA is verouderd.",
        "Schrijf de voorwaarde met in, some of every.",
        "regel-strikt",
    ),
    Fout(
        "b1_04_uitzonderingen.rego",
        "package uitfasering.afspraken\n",
        "package uitfasering.afspraken\n\n⟨_a if _b\n\n_b if _a\n",
        "_a rust op zichzelf: _a → _b → _a.",
        "Haal een van deze verwijzingen weg.",
        "regel-kring",
    ),
    Fout(
        "b1_15_duur_en_einddatum.rego",
        "package uitfasering.afspraken\n",
        "package uitfasering.afspraken\n\n_c(x) := x\n\n⟨_c(x, _) := x\n",
        "De naam _c wordt hier voor iets anders gebruikt dan in "
        "policies/uitfasering/afspraken/b1_15_duur_en_einddatum.rego, regel 3.",
        "Geef een van de twee een andere naam, of haal hem weg.",
        "regel-dubbel",
    ),
]
"""Names, types and strictness, each in a rule of its own."""

AFSPRAAK = [
    Fout(
        "b1_17_overgangsjaar.rego",
        'input.feiten.segment in {"basis", "top", "geen"}',
        'input.feiten.segment in {"basis", ⟨"topp", "geen"}',
        'Het feit segment kan nooit "topp" zijn.',
        f'Bedoelt u "top"? {SEGMENTEN}',
        "regel-onmogelijke-waarde",
        "B1-18a",
    ),
    Fout(
        "b2_03_stop_midden_duurzaam.rego",
        'van_toepassing contains "B2-03" if {\n',
        'van_toepassing contains "B2-03" if {\n\t⟨startswith(input.feiten.code, "a")\n',
        "Een afspraak mag een feit alleen vergelijken; startswith mag hier niet.",
        "Vergelijk een feit met een bekende waarde; reken in policies/uitfasering/feiten.",
        "regel-buiten-fragment",
        "B2-03",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05" if {\n',
        'van_toepassing contains "B2-05" if {\n\t⟨not uitzonderingsprofiel\n',
        "Zo mag not hier niet staan.",
        "Schrijf not alleen voor … in …, of schrijf een hulpregel die het omgekeerde zegt.",
        "regel-buiten-fragment",
        "B2-05",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05a" if {\n',
        'van_toepassing contains "B2-05a" if {\n\t⟨input.feiten.afgestemd\n',
        "Dit is geen vergelijking.",
        "Schrijf: input.feiten.afgestemd == true",
        "regel-buiten-fragment",
        "B2-05a",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        'van_toepassing contains "B2-05b" if {\n',
        'van_toepassing contains "B2-05b" if {\n\tinput.feiten.minuten + 1 ⟨> 2\n',
        "Een afspraak mag een feit alleen vergelijken; rekenen mag hier niet.",
        "Vergelijk een feit met een bekende waarde; reken in policies/uitfasering/feiten.",
        "regel-buiten-fragment",
        "B2-05b",
    ),
    Fout(
        "b2_05_vanaf_2022_in_top.rego",
        '⟨van_toepassing contains "B2-05c" if {\n'.removeprefix(PLEK),
        '⟨van_toepassing contains "B2-05c" if {\n\tsome feit\n\tinput.feiten[feit] == "top"\n',
        "Deze regel vergelijkt niet alleen feiten met bekende waarden.",
        "Vergelijk een feit met een bekende waarde; reken in policies/uitfasering/feiten.",
        "regel-buiten-fragment",
        "B2-05c",
    ),
    Fout(
        "b2_06_medicatiecontrole.rego",
        'van_toepassing contains "B2-14" if {\n',
        'van_toepassing contains "B2-14" if {\n\tinput.feiten.⟨profiel == "2"\n',
        "Het feit profiel is een getal, maar wordt vergeleken met tekst.",
        "Schrijf een heel getal tot en met 12, zonder aanhalingstekens.",
        "regel-type",
    ),
]
"""What OPA accepts, but no data filter can say, or no fact can be."""

STIJL = [
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19a" if {\n',
        'van_toepassing contains "B1-19a" if {\n\tinput.feiten.minuten > ⟨250\n',
        "Hier staat het getal 250 in de regels zelf.",
        "Zet het in data/, en gebruik hier de naam.",
        "regel-vaste-waarde",
    ),
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19b" if {\n',
        'van_toepassing contains "B1-19b" if {\n\tinput.feiten.code == ⟨"50H1A"\n',
        "Hier staat de code 50H1A in de regels zelf.",
        "Zet het in data/, en gebruik hier de naam.",
        "regel-vaste-waarde",
    ),
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19c" if {\n',
        'van_toepassing contains "B1-19c" if {\n\tinput.feiten.einddatum < "⟨2021-05-01"\n',
        "Hier staat de datum 2021-05-01 in de regels zelf.",
        "Zet het in data/, en gebruik hier de naam.",
        "regel-vaste-waarde",
    ),
    Fout(
        "b1_19_aflopen.rego",
        'van_toepassing contains "B1-19d" if {\n',
        'van_toepassing contains "B1-19d" if { # niet in ⟨zwolle\n',
        "Hier staat de gemeente zwolle in de regels zelf.",
        "Zet het in data/, en gebruik hier de naam.",
        "regel-vaste-waarde",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        "#   regel: B1-17\nvan",
        "#   regel: B1-17\n\n⟨van",
        "Boven B1-17 staat geen METADATA met een titel.",
        "Haal de lege regel weg tussen METADATA en deze regel.",
        "regel-metadata",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        "#   regel: B1-18\n",
        "#   regel: B1-81\n⟨",
        "De afspraak heet B1-18, maar het label is B1-81.",
        "Zet boven de regel in METADATA: labels, regel: B1-18.",
        "regel-nummer",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        'contains "B1-18a" if {\n\tinput.feiten.handeling == "declaratie"',
        'contains "B1-18a" if {\n\tinput.feiten.handeling == data.gegevens.⟨begripen.x',
        "In data.gegevens staat geen begripen.",
        "Bedoelt u begrippen?",
        "regel-onbekend-gegeven",
    ),
    Fout(
        "b1_17_overgangsjaar.rego",
        'varianten[tabel]["B1-18b"]',
        'varianten[tabel]["⟨B1-17"]',
        "B1-18b rekent hier met de parameters van B1-17.",
        'Schrijf: ["B1-18b"]',
        "regel-nummer",
    ),
    Fout(
        "begrippen.rego",
        "input.feiten.toewijzingsdatum < v.vanaf",
        "input.feiten.toewijzingsdatum < v.⟨vannaf",
        "Geen enkele afspraak heeft een parameter vannaf.",
        "Bedoelt u vanaf?",
        "regel-onbekend-gegeven",
    ),
    Fout(
        "begrippen.rego",
        "# METADATA\n# title: De minuten zijn een keuzebudget\nkeuzebudget(v)",
        "⟨keuzebudget(v)",
        "Boven keuzebudget staat geen METADATA met een titel.",
        "Zet erboven: # METADATA en daaronder # title: en een korte omschrijving.",
        "regel-metadata",
    ),
]
"""What OPA accepts, but our own rules for the policies do not."""


@pytest.mark.parametrize(
    "fouten",
    [
        pytest.param([*OPMAAK, *TYPEN], id="opmaak en typen"),
        pytest.param(AFSPRAAK, id="afspraak"),
        pytest.param(STIJL, id="stijl"),
    ],
)
def test_alles_in_een_keer(fouten: Sequence[Fout], project: Path, gegevens: Gegevens) -> None:
    expected = bewerk(project, fouten)
    assert regocontrole.controleer(project, gegevens) == expected


def test_velden_die_niet_kloppen(project: Path, gegevens: Gegevens) -> None:
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    # The velden of B1-18b are right as long as it looks at the segment.
    old = '\tinput.feiten.segment == "top"\n\tinput.feiten.handeling == "lopend"\n'
    assert old in text
    path.write_text(text.replace(old, '\tinput.feiten.handeling == "lopend"\n'), "utf-8")
    (found,) = regocontrole.controleer(project, gegevens)
    assert (found.code, found.pad) == ("regel-velden", "afspraken.B1-18b.velden")
    assert found.bestand == "data/afspraken/brief-2021-05-06.yaml"
    assert (
        found.oplossing == "Schrijf: velden: [einddatum, handeling, ingangsdatum, toewijzingsdatum]"
    )


def test_regel_die_nooit_kan_gelden(project: Path, gegevens: Gegevens) -> None:
    """A warning: nothing is wrong with it but that it does nothing."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    head = 'van_toepassing contains "B1-17" if {\n'
    path.write_text(text.replace(head, head + "\t1 == 2\n"), "utf-8")
    (found,) = regocontrole.controleer(project, gegevens)
    assert (found.code, found.ernst) == ("regel-nooit", "waarschuwing")
    assert found.bericht == "Met deze gegevens kan B1-17 nooit gelden."
    assert (found.regel, found.pad) == (text[: text.index(head)].count("\n") + 1, "B1-17")


def test_grenzen_van_een_feit(project: Path, gegevens: Gegevens) -> None:
    """No profiel is 13, but every profiel is below it."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    for regel, line in (
        ("B1-18", "input.feiten.profiel == 13"),
        ("B1-17", "input.feiten.profiel < 13"),
    ):
        head = f'van_toepassing contains "{regel}" if {{\n'
        text = text.replace(head, f"{head}\t{line}\n")
    path.write_text(text, "utf-8")
    found = regocontrole.controleer(project, gegevens)
    assert [m.code for m in found].count("regel-vaste-waarde") == 2
    (impossible,) = [m for m in found if m.code == "regel-onmogelijke-waarde"]
    assert (impossible.pad, impossible.bericht) == ("B1-18", "Het feit profiel kan nooit 13 zijn.")
    assert impossible.oplossing == "Schrijf een heel getal tot en met 12, zonder aanhalingstekens."


def test_zonder_metadata_is_een_fout(project: Path, gegevens: Gegevens) -> None:
    """Not two: what lacks its METADATA also lacks its label."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    begin, end = text.index("# METADATA"), text.index("van_toepassing")
    path.write_text(text[:begin] + text[end:], "utf-8")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "b1_17_overgangsjaar.rego:3 regel-metadata: Boven B1-17 staat geen METADATA met een titel. "
        "Zet erboven: # METADATA en daaronder # title: en een korte omschrijving, dan # labels: en "
        "daaronder #   regel: B1-17."
    ]


def test_feit_dat_een_tabel_noemt(project: Path, gegevens: Gegevens) -> None:
    """The name of a fact may stand in data/; OPA's check does not see it."""
    begrippen = {**gegevens.begrippen}
    name = next(n for n, value in begrippen.items() if value == "een_jaar_later")
    begrippen[name] = "een_jar_later"
    other = dataclasses.replace(gegevens, begrippen=begrippen)
    found = [m for m in regocontrole.controleer(project, other) if m.code == "regel-onbekend-feit"]
    assert {m.oplossing for m in found} == {"Bedoelt u een_jaar_later?"}
    assert {m.bericht for m in found} == {"Het feit een_jar_later bestaat niet."}


def test_zonder_gegevens_wordt_gekeurd_wat_kan(project: Path) -> None:
    """Tables that are wrong hide no fault in the Rego that does not rest on them."""
    typen = [fout for fout in TYPEN if fout.code != "regel-onbekend-gegeven"]
    stijl = [fout for fout in STIJL if fout.bericht.endswith("250 in de regels zelf.")]
    expected = bewerk(project, [*OPMAAK[4:], *typen, *stijl])
    assert regocontrole.controleer(project, None) == expected


def kort(meldingen: Iterable[Melding]) -> list[str]:
    return [
        f"{Path(m.bestand).name}:{m.regel} {m.code}: {m.bericht} {m.oplossing}" for m in meldingen
    ]


def test_nummer_met_een_tikfout_is_een_fout(project: Path, gegevens: Gegevens) -> None:
    """Not three: that the entry has no rule and the label differs is the same fault."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    path.write_text(path.read_text("utf-8").replace('s "B1-17" if', 's "B1-71" if'), "utf-8")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "b1_17_overgangsjaar.rego:7 regel-nummer: B1-71 heeft geen gegevens. Bedoelt u B1-17?",
    ]


def test_nieuwe_regel_zonder_gegevens_en_andersom(project: Path, gegevens: Gegevens) -> None:
    folder = project / AFSPRAKEN
    (folder / "b2_12_profiel_11_en_12.rego").unlink()
    (folder / "nieuw.rego").write_text(
        "package uitfasering.afspraken\n\n# METADATA\n# title: Nieuw\n# labels:\n"
        '#   regel: X-99\nvan_toepassing contains "X-99" if input.feiten.segment == "top"\n',
        "utf-8",
    )
    found = regocontrole.controleer(project, gegevens)
    assert {m.code for m in found} == {"regel-nummer", "regel-zonder-rego"}
    assert (
        "nieuw.rego:7 regel-nummer: X-99 heeft geen gegevens. "
        "Voeg de afspraak toe in data/afspraken."
    ) in kort(found)
    lost = {m.pad for m in found if m.code == "regel-zonder-rego"}
    assert {"afspraken.B2-12", "afspraken.B2-12a", "afspraken.B2-12b", "afspraken.B2-13"} == lost


def test_twee_keer_hetzelfde_nummer(project: Path, gegevens: Gegevens) -> None:
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    part = text[text.index("# METADATA") : text.index("# METADATA", 50)]
    path.write_text(f"{text}\n{part}", "utf-8")
    (found,) = regocontrole.controleer(project, gegevens)
    assert found.bericht == (
        "B1-17 staat er twee keer, ook in "
        "policies/uitfasering/afspraken/b1_17_overgangsjaar.rego, regel 7."
    )
    assert found.regel == text.count("\n") + 6


@pytest.mark.parametrize(
    ("tekst", "bericht"),
    [
        pytest.param("", "De regel package ontbreekt of is niet te lezen.", id="leeg"),
        pytest.param("pakage x\n", "De regel package ontbreekt of is niet te lezen.", id="tikfout"),
        pytest.param(
            "package uitfasering.afspraken\n\n_a if _b\n",
            "Dit bestand hoort bij uitfasering, maar er staat package uitfasering.afspraken.",
            id="van een andere map",
        ),
    ],
)
def test_bestand_met_een_verkeerd_pakket(
    tekst: str, bericht: str, project: Path, gegevens: Gegevens
) -> None:
    """Also: it is the only fault, and what it holds is not missed elsewhere."""
    path = project / "policies" / "uitfasering" / "los.rego"
    path.write_text(tekst, "utf-8")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        f"los.rego:1 regel-pakket: {bericht} Schrijf bovenaan: package uitfasering"
    ]


def test_hulpregels_met_een_fout_worden_elders_niet_gemist(
    project: Path, gegevens: Gegevens
) -> None:
    """begrippen.rego cannot be read at all: no rule that calls it is wrong."""
    path = project / AFSPRAKEN / "begrippen.rego"
    path.write_text(path.read_text("utf-8").replace("package ", "pakage "), "utf-8")
    assert [m.code for m in regocontrole.controleer(project, gegevens)] == ["regel-pakket"]


def test_andere_opslag(project: Path, gegevens: Gegevens) -> None:
    """Latin-1, a byte order mark with CRLF, a file next to the folder: all of it at once."""
    folder = project / AFSPRAKEN
    path = folder / "b1_17_overgangsjaar.rego"
    path.write_bytes(path.read_bytes() + b"\n# caf\xe9\n")
    (folder / "bom.rego").write_bytes(
        b"\xef\xbb\xbfpackage uitfasering.afspraken\r\n\r\n"
        b"_a if {\r\n\tinput.feiten.code == 1\r\n}\r\n"
    )
    (project / "policies" / "ernaast.rego").write_text("package x\n", "utf-8")
    last = path.read_bytes().count(b"\n")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "ernaast.rego:0 regel-pakket: Dit bestand staat niet in policies/uitfasering, en doet dus "
        "niet mee. Verplaats het naar policies/uitfasering/afspraken, of haal het weg.",
        f"b1_17_overgangsjaar.rego:{last} regel-bestand: Dit bestand is niet als UTF-8 opgeslagen; "
        "hier staat een teken dat niet klopt. Sla het op als UTF-8: kies in uw tekstprogramma "
        "Opslaan als, codering UTF-8.",
        "bom.rego:4 regel-type: Het feit code is tekst, maar wordt vergeleken met een getal. "
        "Zet de waarde tussen dubbele aanhalingstekens.",
    ]


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (
            None,
            "Dit bestand kan niet worden gelezen. Kijk of het een gewoon bestand is en of u het "
            "mag openen.",
        ),
        (b"package x\n\0", "Dit is geen tekstbestand. Kijk of het wel het goede bestand is."),
        (
            b"#" * (MAX_BYTES + 1),
            "Dit bestand is groter dan 1 MB. Kijk of het wel het goede bestand is.",
        ),
    ],
    ids=["map", "binair", "te groot"],
)
def test_bestand_dat_niet_te_lezen_is(
    inhoud: bytes | None, zin: str, project: Path, gegevens: Gegevens
) -> None:
    """What rests on it is then not called wrong; the text of the other files is still checked."""
    path = project / AFSPRAKEN / "begrippen.rego"
    path.unlink()
    if inhoud is None:
        path.mkdir()
    else:
        path.write_bytes(inhoud)
    bewerk(project, STIJL[:1])
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "b1_19_aflopen.rego:8 regel-vaste-waarde: Hier staat het getal 250 in de regels zelf. "
        "Zet het in data/, en gebruik hier de naam.",
        f"begrippen.rego:0 regel-bestand: {zin}",
    ]


def test_een_toetsbestand_hoort_erbij(project: Path, gegevens: Gegevens) -> None:
    path = project / AFSPRAKEN / "begrippen_test.rego"
    row = path.read_text("utf-8").count("\n") + 2
    path.write_text(
        path.read_text("utf-8")
        + "\ntest_x if data.uitfasering.afspraken.geldt_vor({}) # op 2021-05-01, 99 keer\n",
        "utf-8",
    )
    assert kort(regocontrole.controleer(project, gegevens)) == [
        f"begrippen_test.rego:{row} regel-onbekende-naam: De hulpregel geldt_vor bestaat niet. "
        "Bedoelt u geldt_voor?"
    ]


@pytest.mark.parametrize(
    ("melding", "zin"),
    [
        pytest.param(
            {"code": "rego_compile_error", "message": "something new"},
            "OPA keurt dit af. OPA zegt: something new.",
            id="onbekend",
        ),
        pytest.param(
            {"code": "rego_type_error", "message": "match error"},
            "Hier staat iets tegenover iets; die zijn nooit gelijk.",
            id="zonder plaats",
        ),
    ],
)
def test_melding_van_opa_zonder_plaats(melding: dict[str, str], zin: str) -> None:
    (found,) = vertaal([melding], None, Kennis([], {}))
    assert (found.bestand, found.regel, found.bericht) == ("policies", 0, zin)
