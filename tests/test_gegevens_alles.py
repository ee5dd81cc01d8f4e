"""Every fault in the tables at once, none of them twice; and what deserves a look, by the day."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from uitfasering.gegevens import TABELLEN, laad, lees_alles
from uitfasering.gegevenscontrole import waarschuwingen
from uitfasering.paths import project_root

BRIEF1 = "data/afspraken/brief-2021-05-06.yaml"
BRIEF2 = "data/afspraken/brief-2021-11-24.yaml"
BESTANDEN = [
    *(f"data/{name}.yaml" for name in TABELLEN),
    *(p.relative_to(project_root()).as_posix() for p in project_root().glob("data/afspraken/*")),
]
AFWIJKING = """afwijkingen:
  - gemeente: "0193"
    regel: B1-15
    van: "{van}"
    tot: "{tot}"
    bron: Beleidsregel jeugdhulp, artikel 4
    {wat}
"""


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    for name in ("data", "policies", "schemas"):
        shutil.copytree(root / name, tmp_path / name)
    return tmp_path


def wijzig(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def gevonden(project: Path) -> list[tuple[str, str]]:
    gegevens, meldingen = lees_alles(project)
    assert (gegevens is None) == bool(meldingen)
    return [(melding.bestand, melding.code) for melding in meldingen]


def test_goede_tabellen(root: Path) -> None:
    gegevens, meldingen = lees_alles(root)
    assert meldingen == []
    assert gegevens == laad(root)
    assert gegevens is not None
    assert list(waarschuwingen(gegevens)) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        *((file, text) for file in BESTANDEN for text in ("x: [", "- a\n- b\n")),
        *((f"data/{name}.yaml", None) for name in TABELLEN),
    ],
)
def test_een_kapot_bestand_brengt_geen_andere_fouten_mee(
    project: Path, file: str, text: str | None
) -> None:
    if text is None:
        (project / file).unlink()
    else:
        (project / file).write_text(text, "utf-8")
    assert {bestand for bestand, _ in gevonden(project)} == {file}


def test_een_kapot_bestand_verbergt_geen_fouten_in_en_tussen_andere(project: Path) -> None:
    wijzig(project, "data/teksten.yaml", "maanden:", "maanden: [")
    wijzig(project, "data/gemeenten.yaml", "omzetten", "omzeten")
    wijzig(project, "data/producten.yaml", '"50TJ1"', '"50TX9"')
    wijzig(project, BRIEF1, "vanaf: stop_midden_herstel", "vanaf: stop_midden")
    rij = AFWIJKING.format(van="2021-06-01", tot="2021-05-31", wat="vervalt: true")
    wijzig(project, "data/afwijkingen.yaml", "afwijkingen: []\n", rij)
    assert gevonden(project) == [
        (BRIEF1, "gegevens-onbekend-begrip"),
        ("data/afwijkingen.yaml", "gegevens-periode"),
        ("data/gemeenten.yaml", "schema-keuze"),
        ("data/producten.yaml", "gegevens-vervangende-code"),
        ("data/teksten.yaml", "yaml-opmaak"),
    ]


@pytest.mark.parametrize(
    ("file", "copy"),
    [
        (BRIEF2, "data/afspraken/brief-2021-11-24 (1).yaml"),
        (BRIEF1, "data/afspraken/kopie van brief-2021-05-06.yaml"),
        ("data/afspraken/algemeen.yaml", "data/afspraken/algemeen - kopie.yaml"),
    ],
)
def test_een_kopie_is_een_fout_in_de_kopie(project: Path, file: str, copy: str) -> None:
    shutil.copy(project / file, project / copy)
    wijzig(project, copy, "titel: ", "titel: Nieuwe versie van ")
    _, (found,) = lees_alles(project)
    assert (found.bestand, found.code) == (copy, "gegevens-kopie")
    assert file in found.bericht


@pytest.mark.parametrize("file", [BRIEF1, BRIEF2])
def test_een_bestand_met_afspraken_dat_weg_is(project: Path, file: str) -> None:
    """Only that; not what rests on it."""
    (project / file).rename(project / file.replace(".yaml", ".bak"))
    _, (found,) = lees_alles(project)
    assert (found.bestand, found.code) == (file, "yaml-bestand-ontbreekt")
    # under another name it is there
    (project / file.replace(".yaml", ".bak")).rename(project / "data/afspraken/anders.yaml")
    assert lees_alles(project)[1] == []


def test_een_brief_zonder_afspraken_mag(project: Path) -> None:
    letter = project / "data" / "brieven" / "brief-2022-01-10.yaml"
    letter.write_text(
        """\
brief: "2022-01-10"
titel: Een derde brief
zinnen:
  - nummer: 1
    plaats: Aanhef
    anker: Beste lezer
    samenvatting: Een groet.
    status: grond
    waarom: Alleen een voorbeeld.
    regels: [B2-11]
""",
        "utf-8",
    )
    assert lees_alles(project)[1] == []


@pytest.mark.parametrize("name", TABELLEN)
def test_een_tabel_met_een_andere_naam(project: Path, name: str) -> None:
    (project / "data" / f"{name}.yaml").rename(project / "data" / f"{name}x.yaml")
    found = {m.bestand: m for m in lees_alles(project)[1]}
    assert set(found) == {f"data/{name}.yaml", f"data/{name}x.yaml"}
    assert f"Heet dit bestand misschien {name}.yaml?" in found[f"data/{name}x.yaml"].oplossing


def test_een_fout_veld_verbergt_geen_ander_veld_van_dezelfde_rij(project: Path) -> None:
    wijzig(project, "data/producten.yaml", "segment: midden", "segment: miden")
    wijzig(project, "data/producten.yaml", '"50TJ1"', '"50TX9"')
    wijzig(project, BRIEF1, "norm: verplicht", "norm: verplcht")
    wijzig(project, BRIEF1, "tekst: Vanaf {vanaf}", "tekst: Vanaf {vanf}")
    assert gevonden(project) == [
        (BRIEF1, "schema-keuze"),
        (BRIEF1, "gegevens-plaatshouder"),
        ("data/producten.yaml", "schema-keuze"),
        ("data/producten.yaml", "gegevens-vervangende-code"),
    ]


def test_wat_op_een_foute_rij_rust_wordt_niet_ook_gemeld(project: Path) -> None:
    # The code, the begrip and the parameters are there; only what is wrong with them is told.
    wijzig(
        project, "data/producten.yaml", '"50TJ1"\n    categorie: "50"', "50TJ1\n    categorie: 50"
    )
    wijzig(project, BRIEF1, 'waarde: "2021-05-01"', "waarde: 2021-05-01")
    wijzig(project, BRIEF1, "te_lang_vanaf: maximale_duur", "te_lang_vanaf: Maximale Duur")
    rij = AFWIJKING.format(
        van="2021-06-01", tot="2021-07-31", wat="parameters: {te_lang_vanaf: twee_jaar_later}"
    )
    wijzig(project, "data/afwijkingen.yaml", "afwijkingen: []\n", rij)
    assert gevonden(project) == [
        (BRIEF1, "yaml-aanhalingstekens"),
        (BRIEF1, "schema-patroon"),
        ("data/producten.yaml", "yaml-aanhalingstekens"),
    ]


def test_een_ontbrekende_gemeente_wordt_genoemd_ook_als_een_andere_rij_fout_is(
    project: Path,
) -> None:
    wijzig(project, "data/gemeenten.yaml", '"0150"', "0150")
    wijzig(
        project,
        "data/gemeenten.yaml",
        '  - {cbs: "0193", naam: Zwolle, duurzaam: aflopen}\n',
        "",
    )
    meldingen = lees_alles(project)[1]
    assert [m.code for m in meldingen] == ["gegevens-gemeente-ontbreekt", "yaml-aanhalingstekens"]
    assert meldingen[0].bericht == 'De gemeente Zwolle ("0193") ontbreekt.'


def _bedorven(lines: list[str], chance: random.Random) -> Iterator[str]:
    """The lines with one of them taken away, doubled, shifted or given another value."""
    place = chance.randrange(len(lines))
    other = chance.choice(["", " null", " 5", " [a]", " {a: b}", ' "x"', ' "2021-01-01"'])
    for number, line in enumerate(lines):
        if number != place:
            yield line
            continue
        name = line.partition(":")[0]
        yield from chance.choice([[], [line, line], [f" {line}"], [line[1:]], [f"{name}:{other}"]])


@pytest.mark.lang
def test_wat_er_ook_staat_het_geeft_meldingen_en_geen_storing(project: Path) -> None:
    chance = random.Random(7)
    for _ in range(60):
        path = project / chance.choice(BESTANDEN)
        text = path.read_text("utf-8")
        path.write_text("\n".join(_bedorven(text.split("\n"), chance)), "utf-8")
        gegevens, meldingen = lees_alles(project)
        assert all(m.code and m.bericht and m.bestand.startswith("data/") for m in meldingen)
        if gegevens is not None:
            list(waarschuwingen(gegevens))
        path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("vandaag", "codes"),
    [
        ("2021-05-31", ["gegevens-afwijking-later"]),
        ("2021-06-01", []),
        ("2021-12-31", []),
        ("2022-01-01", ["gegevens-afwijking-voorbij"]),
    ],
)
def test_een_afwijking_geldt_van_haar_eerste_tot_en_met_haar_laatste_dag(
    project: Path, vandaag: str, codes: list[str]
) -> None:
    rij = AFWIJKING.format(van="2021-06-01", tot="2021-12-31", wat="vervalt: true")
    wijzig(project, "data/afwijkingen.yaml", "afwijkingen: []\n", rij)
    found = list(waarschuwingen(laad(project), date.fromisoformat(vandaag)))
    assert [m.code for m in found] == codes
    assert {m.ernst for m in found} <= {"waarschuwing"}


@pytest.mark.parametrize(("tot", "codes"), [("2022-12-31", 0), ("2023-01-01", 1)])
def test_een_afwijking_die_na_het_overgangsjaar_doorloopt(
    project: Path, tot: str, codes: int
) -> None:
    rij = AFWIJKING.format(van="2021-06-01", tot=tot, wat="vervalt: true")
    wijzig(project, "data/afwijkingen.yaml", "afwijkingen: []\n", rij)
    found = waarschuwingen(laad(project), date(2021, 7, 1))
    assert [m.code for m in found] == ["gegevens-afwijking-zonder-einde"] * codes


def test_periodes_die_aansluiten_hebben_geen_gat(project: Path) -> None:
    first = AFWIJKING.format(van="2021-06-01", tot="2021-08-31", wat="vervalt: true")
    second = AFWIJKING.format(van="2021-09-01", tot="2021-12-31", wat="vervalt: true")
    rows = first + second.removeprefix("afwijkingen:\n")
    wijzig(project, "data/afwijkingen.yaml", "afwijkingen: []\n", rows)
    codes = [m.code for m in waarschuwingen(laad(project), date(2021, 7, 1))]
    assert codes == ["gegevens-afwijking-later"]
    wijzig(project, "data/afwijkingen.yaml", '"2021-09-01"', '"2021-09-02"')
    codes = [m.code for m in waarschuwingen(laad(project), date(2021, 7, 1))]
    assert codes == ["gegevens-afwijking-later", "gegevens-gat"]


@pytest.mark.parametrize(
    ("dag", "vandaag", "codes"),
    [
        ("2021-11-23", "2022-06-01", ["gegevens-gebeurtenis"]),
        ("2021-11-24", "2022-06-01", []),
        ("2022-06-01", "2022-06-01", []),
        ("2022-06-02", "2022-06-01", ["gegevens-gebeurtenis"]),
    ],
)
def test_de_dag_van_de_crisisroute(project: Path, dag: str, vandaag: str, codes: list[str]) -> None:
    wijzig(
        project,
        "data/gebeurtenissen.yaml",
        "gecontracteerd_per: null",
        f'gecontracteerd_per: "{dag}"',
    )
    found = waarschuwingen(laad(project), date.fromisoformat(vandaag))
    assert [m.code for m in found] == codes
