"""The generated pages: as committed, with links that lead somewhere and tables that hold."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import project_met
from uitfasering import genereer
from uitfasering.gegevens import laad
from uitfasering.werkbank import Werkbank

LINK = re.compile(r"\[(?:[^\]\\]|\\.)*\]\(([^)]+)\)")


@pytest.fixture(scope="module")
def goed(root: Path) -> Iterator[dict[str, str]]:
    """Every generated file as it should be now."""
    with Werkbank(root) as werkbank:
        yield genereer.bestanden(root, werkbank)


@pytest.fixture(scope="module")
def bladzijden(goed: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in goed.items() if name.endswith(".md")}


def test_wat_gemaakt_is_klopt_nog(goed: dict[str, str], root: Path) -> None:
    found = genereer.verschil(root, goed)
    names = ", ".join((*found.anders, *found.over))
    assert not found, f"start scripts/genereer en lees het verschil in: {names}"


def test_elke_afspraak_heeft_een_bladzijde(bladzijden: dict[str, str], root: Path) -> None:
    pages = {Path(name).stem for name in bladzijden if name.startswith("docs/regels/")}
    assert pages == {*laad(root).afspraken, "README"}


def test_elke_link_leidt_ergens_heen(bladzijden: dict[str, str], root: Path) -> None:
    seen = 0
    for name, text in bladzijden.items():
        for target in LINK.findall(text):
            path, _, anchor = target.partition("#")
            place = (root / name).parent / path if path else root / name
            resolved = place.resolve().relative_to(root).as_posix()
            assert resolved in bladzijden or (root / resolved).is_file(), (name, target)
            if line := re.fullmatch(r"L(\d+)", anchor):
                lines = (root / resolved).read_text("utf-8").splitlines()
                assert lines[int(line[1]) - 1].strip(), (name, target)
            seen += 1
    assert seen > 1000


def test_een_geval_staat_op_de_regel_van_de_link(bladzijden: dict[str, str], root: Path) -> None:
    page = bladzijden["docs/regels/B1-02.md"]
    found = re.search(r"\[nieuw op de eerste dag\]\(\.\./\.\./([^#]+)#L(\d+)\)", page)
    assert found
    line = (root / found[1]).read_text("utf-8").splitlines()[int(found[2]) - 1]
    assert "nieuw op de eerste dag" in line


def test_tabellen_zijn_heel(bladzijden: dict[str, str]) -> None:
    """Every row of a table has as many cells as its head."""
    for name, text in bladzijden.items():
        cells = 0
        for line in text.splitlines():
            row = re.sub(r"\\.", "", line)
            now = row.count("|") if row.startswith("|") else 0
            assert not (cells and now) or cells == now, (name, line)
            cells = now


def test_geen_restjes(bladzijden: dict[str, str]) -> None:
    """No placeholder that is not filled in, and no Python."""
    for name, text in bladzijden.items():
        plain = re.sub(r"<!--.*?-->|`[^`]*`", "", LINK.sub("", text))
        assert not re.search(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b", plain), name


# Read from data/ and the letters as a reader of the page would.
@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (
            "regels/B1-02",
            [
                "# B1-02: Geen toewijzing meer op segment midden herstel",
                "| **Gevolg** | Niet toegestaan. Een afspraak staat dit niet toe. |",
                "| **Hoe hard** | Dit is een regel voor de lokale toegang. |",
                "| **Afwijken** | Een gemeente kan hiervan afwijken, met een besluit van het "
                "college. De brief noemt afwijken op onderdelen, maar zegt niet welke. Wij lezen: "
                "op elke afspraak uit die brief. |",
                "> geven de lokale toegangen geen toewijzing meer af op Segment midden herstel",
                "Brief van 6 mei 2021, Inleiding, tweede zin.",
                "Vanaf 1 mei 2021 geeft ‹de lokale toegang van de gemeente› geen toewijzing meer "
                "af op segment midden herstel.",
                "| stop_midden_herstel | 1 mei 2021 | Vanaf deze dag geen toewijzing meer op "
                "segment midden herstel | vanaf |",
                # The policy uses it by itself: it is no parameter.
                "| uitzonderingsprofielen | 11 of 12 | Twee profielen waar niets verandert: "
                "spoedhulp en dyslexie (brief van 6 mei 2021) |  |",
                "Er is geen afwijking vastgelegd.",
            ],
        ),
        (
            "regels/B2-12",
            [
                "Deze afspraak kan nu niet gelden: geen enkele toewijzing voldoet eraan. De dag "
                "waarop de crisisroute is gecontracteerd, is nog niet bekend "
                "(data/gebeurtenissen.yaml). Is die dag er wel, dan zegt de afspraak:",
                "Als segment midden is, en profiel 11, en het gaat om een nieuwe toewijzing of "
                "verlenging, en toewijzingsdatum op of na de dag waarop de crisisroute is "
                "gecontracteerd ligt, dan: niet toegestaan.",
                "| **Afwijken** | Hiervoor kan geen afwijking worden vastgelegd. Alleen de brief "
                "van 6 mei 2021 noemt afwijken. |",
            ],
        ),
        (
            "regels/B2-12a",
            [
                "Als segment midden is, en profiel 11, en het gaat om een nieuwe toewijzing of "
                "verlenging, en toewijzingsdatum of ingangsdatum op of na 1 januari 2022 ligt, en "
                "nog niet bekend is op welke dag de crisisroute is gecontracteerd "
                "(data/gebeurtenissen.yaml), dan: ter informatie.",
            ],
        ),
        (
            "regels/B2-12b",
            [
                "Als segment midden is, en profiel 11, en het gaat om een nieuwe toewijzing of "
                "verlenging, en toewijzingsdatum vóór de dag waarop de crisisroute is "
                "gecontracteerd ligt, en ingangsdatum op of na de dag waarop de crisisroute is "
                "gecontracteerd ligt, dan: handmatig beoordelen.",
            ],
        ),
        (
            "regels/B2-07",
            [
                "- productcode is 54002",
                "- frequentie is totaal binnen de toewijzing (6)",
                "- het volume is een van de andere aantallen minuten (zie B2-08)",
                "dan: advies.",
            ],
        ),
        ("regels/B1-04", ["- bij profiel 11 is de crisisroute dan nog niet gecontracteerd"]),
        (
            "regels/B1-18",
            ["Een product in segment midden hoort altijd bij de huidige raamovereenkomst."],
        ),
        (
            "regels/B1-19c",
            [
                "| **Voorstel** | Neem 31 december 2022 als einddatum. Er is geen voorstel als "
                "ingangsdatum na 31 december 2022 ligt. |"
            ],
        ),
        (
            "regels/B1-20",
            [
                "- een eigen waarde van de gemeente is gebruikt",
                "- een afspraak gold door de afwijking niet, en had anders wel gegolden",
            ],
        ),
        (
            "regels/README",
            [
                "Als A-00, A-01, A-05 of A-07 geldt, dan vallen alle andere afspraken weg: die "
                "staan dan niet in het antwoord."
            ],
        ),
        (
            "overzichten/algemeen",
            [
                "| [A-03](../regels/A-03.md) | Er ontbreken gegevens om te beslissen | Handmatig "
                "beoordelen | Dit is ter informatie voor de gemeente. | niet uit een brief |",
                "| [A-06](../regels/A-06.md) | Toegewezen na het overgangsjaar | Handmatig "
                "beoordelen | Dit is ter informatie voor de gemeente. | Brief van 24 november "
                "2021, Eerste alinea |",
            ],
        ),
        (
            "regels/A-03",
            [
                "Als een of meer van deze gegevens ontbreken, dan: handmatig beoordelen.",
                "**Het perspectief (herstel of duurzaam)**",
                "Als segment midden is, en perspectief onbekend, en profiel niet 11 of 12 (of "
                "onbekend), en het gaat om een nieuwe toewijzing, een verlenging of een lopende "
                "toewijzing, dan: dit gegeven ontbreekt.",
            ],
        ),
        (
            "regels/A-00",
            ["Als einddatum vóór ingangsdatum ligt, dan: dit veld is fout."],
        ),
        (
            "regels/B2-05c",
            ["| **Voorstel** | Neem 31 december 2021 als einddatum. |"],
        ),
        (
            "overzichten/gemeenten",
            [
                "| Zwolle | 0193 | laten aflopen in 2022 | niet vastgelegd | geen | nog niet "
                "ingevuld |",
                "| Raalte | 0177 | omzetten naar segment top | niet vastgelegd | geen | nog niet "
                "ingevuld |",
            ],
        ),
        (
            "overzichten/perioden",
            [
                "| 6 mei 2021 | eerste dag | De dag van de brief over segment midden herstel "
                "| brief_midden_herstel | [B1-21](../regels/B1-21.md) |",
                "| nog niet bekend | eerste dag | De dag waarop de crisisroute is gecontracteerd "
                "| crisisroute, gecontracteerd_per | [B1-04](../regels/B1-04.md), "
                "[B2-12](../regels/B2-12.md), [B2-12a](../regels/B2-12a.md), "
                "[B2-12b](../regels/B2-12b.md) |",
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wat_een_lezer_leest(page: str, lines: list[str], bladzijden: dict[str, str]) -> None:
    text = bladzijden[f"docs/{page}.md"].splitlines()
    assert [line for line in lines if line not in text] == []


def test_net_niet_zegt_waarom(bladzijden: dict[str, str]) -> None:
    rows = [
        line
        for line in bladzijden["docs/regels/B1-02.md"].splitlines()
        if line.startswith("| [nieuw, besloten op de dag ervoor]")
    ]
    assert len(rows) == 1
    assert rows[0].endswith("| Toegestaan | toewijzingsdatum 30-04-2021 ligt vóór 01-05-2021 |")


def test_net_niet_alleen_door_een_eigen_voorwaarde(bladzijden: dict[str, str]) -> None:
    """B1-08 has what it needs there; A-01 keeps it out of the answer."""
    assert "[niet van toepassing laat de rest weg]" not in bladzijden["docs/regels/B1-08.md"]


@pytest.mark.parametrize("regel", ["A-00", "A-05", "B1-20"])
def test_afwijken_alleen_bij_een_afspraak(regel: str, bladzijden: dict[str, str]) -> None:
    assert "**Afwijken**" not in bladzijden[f"docs/regels/{regel}.md"]


# Typed from the cases: what their own tables change is no condition of the shipped rule.
@pytest.mark.parametrize(
    ("regel", "geval", "waarom"),
    [
        ("B1-02", "op de laatste dag van de afwijking", "andere tabellen"),
        ("B1-02", "nieuw herstel (B1-02 vervalt)", "andere tabellen"),
        ("B1-04", "op de dag van het contract", "andere tabellen"),
        ("B1-08", "omvang onbekend", "aantal minuten is onbekend"),
        ("B1-08", "een keuzebudget van de regio na de afwijking", "aantal minuten is 2.000; "),
        ("B2-12", "dyslexie", "profiel is 12, niet 11"),
        ("B2-12", "op de oude streefdatum", "toewijzingsdatum 01-01-2022 ligt vóór 01-03-2022"),
    ],
)
def test_waarom_niet_met_andere_tabellen(
    regel: str, geval: str, waarom: str, bladzijden: dict[str, str]
) -> None:
    rows = [
        line.split(" | ")[-1]
        for line in bladzijden[f"docs/regels/{regel}.md"].split("net niet")[1].splitlines()
        if line.startswith(f"| [{geval}]") and "(met andere tabellen)" in line
    ]
    start = "dat komt door de andere tabellen" if waarom == "andere tabellen" else waarom
    assert rows
    assert all(row.startswith(start) for row in rows)


def test_perioden_op_volgorde(bladzijden: dict[str, str]) -> None:
    months = (
        "januari februari maart april mei juni juli augustus september oktober november december"
    )
    number = {name: i for i, name in enumerate(months.split())}
    days = re.findall(
        r"^\| (\d+) (\w+) (\d{4}) \|", bladzijden["docs/overzichten/perioden.md"], re.M
    )
    order = [(int(year), number[month], int(day)) for day, month, year in days]
    assert len(order) > 8
    assert order == sorted(order)


def test_schrijf_alleen_wat_anders_is(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "regels"
    folder.mkdir(parents=True)
    (folder / "B1-02.md").write_text("goed\n", "utf-8")
    (folder / "B1-04.md").write_text("oud\n", "utf-8")
    (folder / "weg.md").write_text("weg\n", "utf-8")
    (tmp_path / "docs" / "handleiding.md").write_text("blijft\n", "utf-8")
    before = (folder / "B1-02.md").stat().st_mtime_ns
    goed = {
        "docs/regels/B1-02.md": "goed\n",
        "docs/regels/B1-04.md": "nieuw\n",
        "tests/goud/B1-02.sql": "TRUE\n",
    }
    found = genereer.schrijf(tmp_path, goed)
    assert found.anders == ("docs/regels/B1-04.md", "tests/goud/B1-02.sql")
    assert found.over == ("docs/regels/weg.md",)
    assert not genereer.verschil(tmp_path, goed)
    assert (folder / "B1-02.md").stat().st_mtime_ns == before
    assert (folder / "B1-04.md").read_text("utf-8") == "nieuw\n"
    assert sorted(p.name for p in folder.iterdir()) == ["B1-02.md", "B1-04.md"]
    assert (tmp_path / "docs" / "handleiding.md").is_file()


def draai(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "uitfasering.genereer", *arguments],
        env={"UITFASERING_ROOT": str(project), "PATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.lang
def test_controleer_noemt_wat_niet_klopt(root: Path, tmp_path: Path) -> None:
    """Without the pages, everything is missing; nothing is written."""
    project = project_met(root, tmp_path / "project", {})
    (project / "bin").symlink_to(root / "bin")
    case = Path("tests/gevallen/brief-2021-05-06/b1-17-declaratie-2022.yaml")
    (project / case.parent).mkdir(parents=True)
    shutil.copy(root / case, project / case)
    done = draai(project, "--controleer")
    assert (done.returncode, done.stderr) == (1, "")
    assert "docs/regels/B1-02.md klopt niet meer. Start scripts/genereer." in done.stdout
    assert "tests/goud/B1-02.sql klopt niet meer. Start scripts/genereer." in done.stdout
    assert not (project / "docs").exists()


def test_foute_tabel_geeft_een_zin(root: Path, tmp_path: Path) -> None:
    project = project_met(root, tmp_path / "project", {})
    (project / "bin").symlink_to(root / "bin")
    path = project / "data" / "gemeenten.yaml"
    path.write_text(path.read_text("utf-8").replace("omzetten", "omzeten", 1), "utf-8")
    done = draai(project)
    assert done.returncode == 2
    assert done.stderr.startswith("FOUT: ")
    assert "data/gemeenten.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "docs").exists()


def test_verkeerd_gebruik(tmp_path: Path) -> None:
    assert genereer.main(["--schrijf"]) == 2
