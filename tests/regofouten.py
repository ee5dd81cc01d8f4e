"""Edits of the policies that OPA itself refuses, each with the message it must give.

``⟨`` in an edit marks where the message must point.
"""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from uitfasering.melding import Melding

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


GEEN_HAAKJE = "Het haakje {} wordt niet gesloten."

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
