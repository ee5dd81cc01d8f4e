"""The mutation run itself: it changes what it should, and sees what it should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mutatie import gelijkwaardig, rego, tabellen, uitvoeren
from mutatie.gelijkwaardig import Gelijkwaardig, verdeel
from mutatie.mutant import WEG, Mutant
from mutatie.uitvoeren import AFGEKEURD, GEVAL, OVERLEEFT, TOETS, Uitslag, draai
from mutatie.verslag import pagina
from uitfasering.errors import BuildError
from uitfasering.gegevens import laad
from uitfasering.toets.gevallen import MAP, Geval, lees_gevallen

MODULE = """\
package uitfasering.proef

# Één regel, één hulpregel: é telt als één teken.
mag contains "X-01" if {
	input.feiten.segment in {"top", "basis"}
	input.feiten.minuten >= 3
	not _klaar(input.feiten.profiel)
}

default _klaar(_) := false

_klaar(p) := true if {
	p == 11
} else := false
"""

B1_17 = "policies/uitfasering/afspraken/b1_17_overgangsjaar.rego"
TOT_EN_MET = "input.feiten.periode_einddatum <= v.tot"


@pytest.fixture(scope="module")
def gevallen(root: Path) -> list[Geval]:
    return lees_gevallen(root, [root / MAP / "brief-2021-05-06" / "b1-17-declaratie-2022.yaml"])[0]


def test_elke_verandering_van_een_kleine_module(root: Path, tmp_path: Path) -> None:
    (tmp_path / "schemas").symlink_to(root / "schemas")
    path = tmp_path / "proef.rego"
    path.write_text(MODULE, "utf-8")
    found = list(rego.mutanten(tmp_path, path))
    assert [(m.rij, m.soort, m.naar) for m in found] == [
        (4, "regel weg", WEG),
        (4, "tekst anders", 'mag contains "X-01bestaat-niet" if {'),
        (5, "voorwaarde weg", WEG),
        (5, "ontkenning om", 'not input.feiten.segment in {"top", "basis"}'),
        # another segment, never one that is in the set already
        (5, "tekst anders", 'input.feiten.segment in {"geen", "basis"}'),
        (5, "element weg", 'input.feiten.segment in { "basis"}'),
        (5, "element weg", 'input.feiten.segment in {"top"}'),
        (5, "tekst anders", 'input.feiten.segment in {"top", "midden"}'),
        (6, "voorwaarde weg", WEG),
        (6, "vergelijking een stap", "input.feiten.minuten > 3"),
        (6, "vergelijking om", "input.feiten.minuten < 3"),
        (6, "getal een stap", "input.feiten.minuten >= 2"),
        (6, "getal een stap", "input.feiten.minuten >= 4"),
        (7, "voorwaarde weg", WEG),
        (7, "ontkenning om", "_klaar(input.feiten.profiel)"),
        (10, "regel weg", WEG),
        (10, "waarheid om", "default _klaar(_) := true"),
        (12, "regel weg", WEG),
        (12, "waarheid om", "_klaar(p) := false if {"),
        (13, "alternatief weg", "false; p == 11"),
        (13, "voorwaarde weg", WEG),
        (13, "vergelijking een stap", "p != 11"),
        (13, "getal een stap", "p == 10"),
        (13, "getal een stap", "p == 12"),
        (14, "alternatief weg", "}"),
        (14, "waarheid om", "} else := true"),
    ]
    assert len({m.tekst for m in found} | {MODULE}) == len(found) + 1
    assert found[9].van == "input.feiten.minuten >= 3"
    assert found[9].tekst == MODULE.replace(">= 3", "> 3")
    assert found[9].bij.startswith('mag contains "X-01" if { input')


def test_elke_parameter_verandert_voor_zijn_afspraak_alleen(root: Path) -> None:
    found = [
        m
        for m in tabellen.mutanten(root, laad(root))
        if m.bij == "afspraken.B2-05.parameters.vanaf"
    ]
    assert [(m.soort, m.van, m.naar) for m in found] == [
        ("weg", '"stop_midden_duurzaam"', WEG),
        ("datum een dag", '"2022-01-01"', '"2021-12-31"'),
        ("datum een dag", '"2022-01-01"', '"2022-01-02"'),
    ]
    assert '"vanaf": "mutant"' in found[1].tekst
    assert found[1].tekst.count('"mutant"') == 2  # the begrip and the one parameter


def grens(root: Path) -> Mutant:
    """B1-17 with its last day one day earlier."""
    (found,) = (
        m
        for m in uitvoeren.mutanten(root, [B1_17])
        if m.van.endswith(TOT_EN_MET) and m.soort == "vergelijking een stap"
    )
    return found


@pytest.mark.lang
def test_een_geval_op_de_grens_ziet_de_verandering(root: Path, gevallen: list[Geval]) -> None:
    mutants = [grens(root), replace(grens(root), tekst="package uitfasering.afspraken\n\nfout(")]
    shifted, broken = draai(root, mutants, gevallen)
    assert shifted.afloop == GEVAL
    assert shifted.door.startswith("brief-2021-05-06/b1-17-declaratie-2022: ")
    assert broken.afloop == AFGEKEURD


@pytest.mark.lang
def test_zonder_dat_geval_blijft_de_verandering_over(root: Path, gevallen: list[Geval]) -> None:
    weaker = [g for g in gevallen if g.toewijzing.get("periode", {}).get("einddatum") != LAATSTE]
    assert 0 < len(weaker) < len(gevallen)
    assert [u.afloop for u in draai(root, [grens(root)], weaker)] == [OVERLEEFT]


# Letter of 6 May 2021: "uiterlijk t/m 31-12-2022".
LAATSTE = "2022-12-31"


@pytest.mark.lang
def test_toetsen_zien_wat_geen_besluit_laat_zien(root: Path, gevallen: list[Geval]) -> None:
    """The norm of an agreement and the name of a month are in no case; a missing row is refused."""
    every = uitvoeren.mutanten(root, ["woorden.rego", "algemeen.yaml"])
    norm = next(m for m in every if m.bij == "afspraken.A-01.norm")
    month = next(m for m in every if m.van.startswith("to_number(substring(datum, 8, 2))"))
    gone = next(
        m for m in every if m.bij == "begrippen.spoedhulpprofielen.waarde" and m.naar == "[]"
    )
    assert [u.afloop for u in draai(root, [norm, month, gone], gevallen)] == [
        TOETS,
        TOETS,
        AFGEKEURD,
    ]


def test_een_geval_dat_nu_al_niet_klopt_houdt_alles_tegen(
    root: Path, gevallen: list[Geval]
) -> None:
    wrong = replace(gevallen[0], verwacht={"uitkomst": "AFLOPEN"})
    with pytest.raises(BuildError, match="Eerst moet alles in orde zijn"):
        draai(root, [grens(root)], [wrong])


# What makes no difference.

MUTANT = Mutant("a.rego", "getal een stap", "p(x) if { x > 1 }", "x > 1", "x > 2", "")
REDEN = Gelijkwaardig("a.rego", "p(x)", "getal een stap", "x > 1", "x > 2", "Zo is het.")


def test_een_reden_past_op_inhoud_en_niet_op_plaats() -> None:
    assert verdeel([replace(MUTANT, rij=99)], [REDEN]) == (
        [(replace(MUTANT, rij=99), REDEN)],
        [],
        [],
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(MUTANT, naar="x > 0"),
        replace(MUTANT, van="x > 3"),
        replace(MUTANT, soort="vergelijking om"),
        replace(MUTANT, bestand="b.rego"),
        replace(MUTANT, bij="q(x) if { x > 1 }"),
    ],
)
def test_een_andere_verandering_heeft_die_reden_niet(other: Mutant) -> None:
    known, rest, faults = verdeel([other], [REDEN])
    assert (known, rest) == ([], [other])
    assert "overleeft niet, of is er niet meer" in faults[0]


def test_een_reden_voor_twee_veranderingen_telt_niet() -> None:
    twice = [MUTANT, replace(MUTANT, bij="p(x) if { x > 1; x > 1 }")]
    known, rest, faults = verdeel(twice, [REDEN])
    assert (known, rest) == ([], twice)
    assert "past op meer plaatsen" in faults[0]


def test_elke_reden_gaat_over_iets_dat_er_is(root: Path) -> None:
    _, _, faults = verdeel(uitvoeren.mutanten(root), gelijkwaardig.lees())
    assert faults == []


def test_de_pagina_telt_en_noemt_wat_overblijft() -> None:
    def uitslag(afloop: str, **anders: str) -> Uitslag:
        return Uitslag(replace(MUTANT, **anders), afloop)  # type: ignore[arg-type]

    results = [
        uitslag(GEVAL),
        uitslag(TOETS),
        uitslag(AFGEKEURD),
        uitslag(OVERLEEFT),
        uitslag(OVERLEEFT, bestand="b.rego", naar="x > 0"),
    ]
    text = maak_pagina(results, [(results[3].mutant, REDEN)], [results[4].mutant])
    assert "| `a.rego` | 3 | 1 | 1 | 1 | 0 | 1 |" in text
    assert "| `b.rego` | 1 | 0 | 0 | 0 | 1 | 0 |" in text
    assert "| **Samen** | 4 | 1 | 1 | 1 | 1 | 1 |" in text
    assert "Zo is het." in text
    assert "- `b.rego`, bij `p(x) if { x > 1 }`, getal een stap: `x > 1` → `x > 0`" in text
    assert "1 mei 2021" in text
    assert "Geen.\n" in maak_pagina(results[:3], [], [])


def maak_pagina(
    results: Sequence[Uitslag], same: Sequence[tuple[Mutant, Gelijkwaardig]], rest: Sequence[Mutant]
) -> str:
    return pagina(results, same, rest, gevallen=7, seconden=61.0, dag=date(2021, 5, 1))


@pytest.mark.zwaar
def test_geen_verandering_blijft_onopgemerkt(root: Path) -> None:
    """One in fifteen; scripts/mutatie tries them all, in a quarter of an hour."""
    results = draai(root, uitvoeren.mutanten(root)[::15])
    survivors = [u.mutant for u in results if u.afloop == OVERLEEFT]
    _, rest, _ = verdeel(survivors, gelijkwaardig.lees())
    if rest:
        pytest.fail("\n".join(map(str, rest)), pytrace=False)
