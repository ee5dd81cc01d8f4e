"""Findings as an officer sees them: the place, the line with a marker, and what would be right."""

import io
import os
import pty
import termios
from pathlib import Path

import pytest

from uitfasering.controle.tekst import BREEDTE, schrijf, toon
from uitfasering.melding import Melding


def melding(bestand: str = "a.yaml", regel: int = 1, kolom: int = 1, **anders: str) -> Melding:
    velden = {"pad": "", "bericht": "Dit klopt niet.", "code": "schema-keuze", **anders}
    return Melding(bestand, regel, kolom, **velden)  # type: ignore[arg-type]


def regels(root: Path, inhoud: bytes | str, kolom: int, regel: int = 1) -> list[str]:
    """The source line and the line with the marker, without the line number."""
    path = root / "a.yaml"
    path.write_bytes(inhoud if isinstance(inhoud, bytes) else inhoud.encode())
    shown = toon([melding(regel=regel, kolom=kolom)], root).splitlines()
    lines = [line.partition("│ ")[2] for line in shown if "│ " in line]
    assert len(lines) == 2, shown
    return lines


def test_een_melding_in_haar_geheel(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "gemeenten.yaml").write_text(
        'gemeenten:\n  - {cbs: "0150", naam: Deventer, duurzaam: omzeten}\n', "utf-8"
    )
    fout = Melding(
        "data/gemeenten.yaml",
        2,
        45,
        "gemeenten[1].duurzaam",
        'De waarde "omzeten" mag hier niet staan.',
        'Bedoelt u "omzetten"?',
        "schema-keuze",
    )
    waarschuwing = Melding(
        "data/x.yaml", 0, 0, "", "Dit bestand is leeg.", "", "yaml-leeg", "waarschuwing"
    )
    assert toon([fout, waarschuwing], tmp_path) == (
        'fout: De waarde "omzeten" mag hier niet staan.\n'
        "  data/gemeenten.yaml:2:45 (gemeenten[1].duurzaam)\n"
        "    │\n"
        '  2 │   - {cbs: "0150", naam: Deventer, duurzaam: omzeten}\n'
        "    │                                             ^^^^^^^\n"
        '  → Bedoelt u "omzetten"?\n'
        "  Uitleg: docs/meldingen/schema-keuze.md\n"
        "\n"
        "waarschuwing: Dit bestand is leeg.\n"
        "  data/x.yaml\n"
        "  Uitleg: docs/meldingen/yaml-leeg.md\n"
        "\n"
        "1 fout en 1 waarschuwing in 2 bestanden.\n"
    )


def test_niets_gevonden(tmp_path: Path) -> None:
    assert toon([], tmp_path) == "Er is niets mis gevonden.\n"


@pytest.mark.parametrize(
    ("meldingen", "zin"),
    [
        ([melding()], "1 fout in 1 bestand."),
        ([melding(), melding(regel=2)], "2 fouten in 1 bestand."),
        ([melding(ernst="waarschuwing")], "1 waarschuwing in 1 bestand."),
        ([melding(regel=n) for n in range(1200)], "1.200 fouten in 1 bestand."),
        (
            [melding(), melding("b.yaml", ernst="waarschuwing")],
            "1 fout en 1 waarschuwing in 2 bestanden.",
        ),
    ],
)
def test_de_samenvatting_telt(meldingen: list[Melding], zin: str, tmp_path: Path) -> None:
    assert toon(meldingen, tmp_path).splitlines()[-1] == zin


# Where the marker is.


@pytest.mark.parametrize(
    ("regel", "kolom", "marker"),
    [
        # as much as is meant: a word, a quoted text with what is in it, a sign
        ("naam: Deventer", 7, "      ^^^^^^^^"),
        ('naam: "De venter", x: 1', 7, "      ^^^^^^^^^^^"),
        ('naam: "De \\" venter", x: 1', 7, "      ^^^^^^^^^^^^^^"),
        ("naam: 'De ''venter', x: 1", 7, "      ^^^^^^^^^^^^^"),
        ('naam: "De venter', 7, "      ^"),
        ("a: [1, 2]", 4, "   ^"),
        ("  - {a: 1}", 5, "    ^"),
        ("van: 1-5-2021, x", 6, "     ^^^^^^^^"),
        ("x: 1.000", 4, "   ^^^^^"),
        # a column past the end, as for what is missing there
        ("naam:", 6, "     ^"),
        ("naam:", 99, "     ^"),
        ("", 1, "^"),
        # no column: the line as a whole
        ("naam: x", 0, "^"),
        # letters with an accent count as one, also when they are two characters
        ("één: omzeten", 6, "     ^^^^^^^"),
        ("e\u0301e\u0301n: omzeten", 8, "     ^^^^^^^"),
        # a wide character takes two columns of the terminal
        ("漢字: omzeten", 5, "      ^^^^^^^"),
        ("a: 漢字", 4, "   ^^^^"),
        # a tab is shown as four spaces, and still counts as one column
        ("\tinput.feiten.segmnt == 1", 15, "                 ^^^^^^"),
    ],
)
def test_de_marker_staat_onder_de_plek(regel: str, kolom: int, marker: str, tmp_path: Path) -> None:
    shown = regels(tmp_path, regel, kolom)
    assert shown == [regel.replace("\t", "    "), marker]


@pytest.mark.parametrize(
    "inhoud", ["\ufeffa: 1\nb: omzeten\n", "a: 1\r\nb: omzeten\r\n", "a: 1\rb: omzeten\r"]
)
def test_bom_en_regeleinden_tellen_niet_mee(inhoud: str, tmp_path: Path) -> None:
    assert regels(tmp_path, inhoud, 4, regel=2) == ["b: omzeten", "   ^^^^^^^"]
    assert regels(tmp_path, inhoud, 4, regel=1) == ["a: 1", "   ^"]


def test_andere_tekens_die_een_regel_lijken_te_beeindigen(tmp_path: Path) -> None:
    # the reader counts only real line ends; so does what is shown
    assert regels(tmp_path, "a: 1\x0bx\u2028y\nb: 2", 4, regel=2) == ["b: 2", "   ^"]


def test_stuurtekens_worden_zichtbaar(tmp_path: Path) -> None:
    shown = regels(tmp_path, "a: \x1b[31mrood\x00\u202e", 4)
    assert shown[0] == "a: �[31mrood��"


def test_een_teken_dat_geen_utf8_is(tmp_path: Path) -> None:
    assert regels(tmp_path, b"naam: ge\xebvalueerd", 9) == ["naam: ge�valueerd", "        ^"]


@pytest.mark.parametrize("kolom", [1, 40, 3000, 5995, 6001])
def test_een_lange_regel_wordt_ingekort_rond_de_plek(kolom: int, tmp_path: Path) -> None:
    inhoud = "".join(f"w{n:04} " for n in range(1000))
    line, marker = regels(tmp_path, inhoud, kolom)
    assert len(line) <= BREEDTE
    assert line.endswith("…") == (kolom < 5900)
    assert line.startswith("…") == (kolom > 99)
    place = marker.index("^")
    if kolom <= 6000 and inhoud[kolom - 1] != " ":
        assert line[place : place + len(marker.strip())] == inhoud[kolom - 1 :].split()[0]


def test_een_lange_waarde_wordt_zelf_ingekort(tmp_path: Path) -> None:
    line, marker = regels(tmp_path, f'tekst: "{"x" * 5000}"', 8)
    assert len(line) <= BREEDTE
    assert line.startswith('tekst: "xxx')
    assert marker == " " * 7 + "^" * (len(line) - 7)


# Files and lines that are not there.


@pytest.mark.parametrize(
    "een",
    [
        melding("weg.yaml", 3, 4),
        melding(".", 1, 1),
        melding("a.yaml", 99, 1),
        melding("a\x00b", 1, 1),
        melding("", 0, 0),
        melding("a.yaml", 0, 0),
    ],
)
def test_zonder_regel_blijft_de_rest_staan(een: Melding, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n", "utf-8")
    shown = toon([een], tmp_path)
    assert "fout: Dit klopt niet." in shown
    assert "│" not in shown
    assert "\x00" not in shown


def test_een_lang_bericht_past_op_het_scherm(tmp_path: Path) -> None:
    shown = toon([melding(bericht="woord " * 60, oplossing="herstel " * 60)], tmp_path)
    assert max(map(len, shown.splitlines())) <= BREEDTE
    assert shown.count("woord") == shown.count("herstel") == 60


def test_een_bericht_van_meer_regels_blijft_zo(tmp_path: Path) -> None:
    shown = toon([melding(oplossing="OPA zegt:\nregel twee\x1b[0m")], tmp_path)
    assert "  → OPA zegt:\n    regel twee�[0m\n" in shown


# Colour, only on a terminal.


def test_geen_kleur_in_een_bestand(tmp_path: Path) -> None:
    uit = io.StringIO()
    schrijf([melding()], tmp_path, uit)
    assert uit.getvalue() == toon([melding()], tmp_path)


@pytest.mark.parametrize("geen_kleur", ["", "1"])
def test_kleur_op_een_terminal(
    geen_kleur: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", geen_kleur)
    monkeypatch.setenv("COLUMNS", "50")
    shown = op_terminal([melding(bericht="woord " * 20)], tmp_path)
    assert ("\x1b[" in shown) == (not geen_kleur)
    if geen_kleur:
        assert max(map(len, shown.splitlines())) <= 50


def op_terminal(meldingen: list[Melding], root: Path) -> str:
    """What a terminal gets."""
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    with os.fdopen(slave, "w", encoding="utf-8") as uit:
        schrijf(meldingen, root, uit)
        uit.flush()
        shown = os.read(master, 100_000).decode()
    os.close(master)
    return shown
