"""Rego as a reader sees it: its parts with the METADATA above them, and the words it is made of.

For what OPA does not check, and for files that OPA cannot read. Relies on the layout of
``opa fmt``: a part begins in the first column, after an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from uitfasering.melding import Melding
from uitfasering.yamlreader import MAX_BYTES

PAKKETTEN = ("system/authz", "system/health", "system/log", "uitfasering")
"""The folders of ``policies/`` that OPA gets; each is a root of the bundle."""

VAN_TOEPASSING = "van_toepassing"
"""The set that holds the agreements."""

_KOP = re.compile(r"(?:default\s+)?([A-Za-z_]\w*)")
# Also where the word contains is wrong or lacking: OPA tells that.
_LID = re.compile(r'\w+\s*(?:\w+\s+|\[)?"([^"]*)"')
_TITEL = re.compile(r"# title:\s*(\S.*)")
_LABEL = re.compile(r"#(?: {3}|\s*\t\s*)regel:\s*(\S+)\s*")  # a tab: OPA tells that
_AANHEF = re.compile(r"(?:package|import)\b")
_PAKKET = re.compile(r"package\s+([\w.]+)\s*(?:#.*)?$", re.MULTILINE)
_METADATA = "# METADATA"

_TEKEN = re.compile(
    r"""(?P<tekst>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    |(?P<halve_tekst>"[^\n]*)
    |(?P<opmerking>\#[^\n]*)
    |(?P<getal>\d+(?:\.\d+)?)
    |(?P<naam>[A-Za-z_]\w*)
    |(?P<gelijk>[:=!<>]=|=>|=)
    |(?P<open>[\[({])
    |(?P<dicht>[\])}])""",
    re.VERBOSE,
)
_PAREN = {"(": ")", "[": "]", "{": "}"}
_DRIE_WOORDEN = re.compile(r"\s*([^\W\d_]+)[,:;.]? +(\w+)[,:;.]? +\w")
_CODE = re.compile(r'["{}<>=]|:=|\b(?:input|data)\.')
_VOORAAN = {"default", "else", "every", "import", "not", "package", "some"}
_TUSSENIN = {"and", "as", "contains", "if", "in", "or", "with"}


@dataclass(frozen=True)
class Teken:
    """One word, number, text, comment, equals sign or bracket; ``rij`` and ``kolom`` from 1."""

    soort: str
    tekst: str
    rij: int
    kolom: int


@dataclass(frozen=True)
class Deel:
    """One rule body with its comments. Lines count from 1.

    Attributes:
        naam: the name of the rule.
        begin, rij, eind: the first line (comments included), that of its head, and the last.
        lid: the member in the head of a set, as ``B1-02`` in ``van_toepassing contains "B1-02"``.
        titel, label: the title and the label ``regel`` of its METADATA; "" when absent.
        los: whether the METADATA above it is cut off by an empty line.
        soort: ``set``, ``functie`` or ``waarde``, by its head.
    """

    naam: str
    begin: int
    rij: int
    eind: int
    lid: str
    titel: str
    label: str
    los: bool
    soort: str


@dataclass(frozen=True)
class Rego:
    """One file: its name as a message gives it (``policies/uitfasering/…``), and its text."""

    naam: str
    tekst: str

    @cached_property
    def regels(self) -> Sequence[str]:
        """The lines, as OPA counts them."""
        return self.tekst.split("\n")

    @cached_property
    def delen(self) -> Sequence[Deel]:
        """The parts, in order."""
        return list(_delen(self.regels))

    @property
    def is_toets(self) -> bool:
        """Whether it holds Rego unit tests."""
        return self.naam.endswith("_test.rego")

    @property
    def pakket(self) -> str:
        """The package it says it belongs to; "" when it does not say."""
        found = _PAKKET.search(self.tekst)
        return found[1] if found else ""

    @property
    def hoort_in(self) -> str:
        """The package that goes with its folder."""
        folder = PurePosixPath(self.naam).parent.parts[1:]
        return ".".join(folder) + ("_test" if self.is_toets else "")

    @property
    def aanhef(self) -> list[int]:
        """The lines of the package and the imports."""
        return [n for n, line in enumerate(self.regels, 1) if _AANHEF.match(line)]

    def deel(self, rij: int) -> Deel | None:
        """The part that this line belongs to."""
        return next((d for d in self.delen if d.begin <= rij <= d.eind), None)

    def tekst_van(self, deel: Deel) -> str:
        """The lines of a part, without its comments above."""
        return "\n".join(self.regels[deel.rij - 1 : deel.eind])


def lees_rego(folder: Path) -> tuple[list[Rego], list[Melding]]:
    """Every Rego file of PAKKETTEN under ``folder`` by path, and what could not be read.

    A file that is not UTF-8 is given too, with its wrong bytes replaced.
    """
    found, meldingen = [], []
    paths = [path for name in PAKKETTEN for path in (folder / name).rglob("*.rego")]
    for path in sorted(paths):
        name = f"policies/{path.relative_to(folder).as_posix()}"
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except OSError:
            wrong = "Dit bestand kan niet worden gelezen."
            right = "Kijk of het een gewoon bestand is en of u het mag openen."
            meldingen.append(Melding(name, 0, 0, "", wrong, right, "regel-bestand"))
            continue
        if len(raw) > MAX_BYTES or b"\0" in raw:
            wrong = "Dit is geen tekstbestand."
            if len(raw) > MAX_BYTES:
                wrong = "Dit bestand is groter dan 1 MB."
            right = "Kijk of het wel het goede bestand is."
            meldingen.append(Melding(name, 0, 0, "", wrong, right, "regel-bestand"))
            continue
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = raw.decode("utf-8-sig", errors="replace")
            before = raw[: error.start]
            row, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
            wrong = "Dit bestand is niet als UTF-8 opgeslagen; hier staat een teken dat niet klopt."
            right = "Sla het op als UTF-8: kies in uw tekstprogramma Opslaan als, codering UTF-8."
            meldingen.append(Melding(name, row, column, "", wrong, right, "regel-bestand"))
        found.append(Rego(name, text))
    return found, meldingen


def tekens(text: str) -> Iterator[Teken]:
    """The words, numbers, texts, comments, equals signs and brackets of some Rego, in order."""
    row, start = 1, 0
    position = 0
    for found in _TEKEN.finditer(text):
        skipped = text.count("\n", position, found.start())
        if skipped:
            row += skipped
            start = text.rfind("\n", 0, found.start()) + 1
        position = found.start()
        yield Teken(str(found.lastgroup), found[0], row, found.start() - start + 1)


def is_proza(line: str) -> bool:
    """Whether a line is a sentence: a comment without its ``#``. Rego has no three plain words."""
    words = _DRIE_WOORDEN.match(line)
    if words is None or _CODE.search(line):
        return False
    return words[1] not in _VOORAAN and words[2] not in _TUSSENIN


def scheef(text: str) -> tuple[Teken, str] | None:
    """The bracket that is not closed or closes nothing, and the one that belongs to it, if any."""
    open_: list[Teken] = []
    for teken in tekens(text):
        if teken.soort == "open":
            open_.append(teken)
        elif teken.soort == "dicht":
            closers = [_PAREN[one.tekst] for one in open_]
            if teken.tekst not in closers:
                return teken, ""
            # In the first column stands what closes the part as a whole.
            if closers[-1] != teken.tekst or (teken.kolom == 1 and len(open_) > 1):
                return open_[-1], closers[-1]
            open_.pop()
    return (open_[-1], _PAREN[open_[-1].tekst]) if open_ else None


def _delen(lines: Sequence[str]) -> Iterator[Deel]:
    heads = [
        (row, found[1])
        for row, line in enumerate(lines, 1)
        if (found := _KOP.match(line))
        and not _AANHEF.match(line)
        and found[1] != "else"
        and not is_proza(line)
        and (row == 1 or not lines[row - 2].strip() or _sluit_af(lines[row - 2]))
    ]
    begins = [_onder_opmerkingen(lines, row) for row, _ in heads] + [len(lines) + 1]
    for index, (row, name) in enumerate(heads):
        begin = begins[index]
        comments = [line.rstrip() for line in lines[begin - 1 : row - 1]]
        above = _los_blok(lines, begin)
        if _METADATA in comments:
            metadata = comments[comments.index(_METADATA) :]
        else:  # cut through right under its first line, which OPA itself tells
            metadata = comments if above[-1:] == [_METADATA] else []
        head = lines[row - 1]
        lid = _LID.match(head)
        yield Deel(
            name,
            begin,
            row,
            begins[index + 1] - 1,
            lid[1] if lid else "",
            _eerste(_TITEL, metadata),
            _eerste(_LABEL, metadata),
            not metadata and _METADATA in above,
            _soort(head, name),
        )


def _sluit_af(line: str) -> bool:
    return line[0] in "#}" or is_proza(line)


def _onder_opmerkingen(lines: Sequence[str], row: int) -> int:
    while row > 1 and (lines[row - 2].startswith("#") or is_proza(lines[row - 2])):
        row -= 1
    return row


def _los_blok(lines: Sequence[str], begin: int) -> list[str]:
    """The comments that empty lines cut off from the part below."""
    row = begin
    while row > 1 and not lines[row - 2].strip():
        row -= 1
    above = lines[_onder_opmerkingen(lines, row) - 1 : row - 1] if row < begin else []
    return [line.rstrip() for line in above]


def _soort(head: str, name: str) -> str:
    if re.search(r"^\w+\s+contains\b", head):
        return "set"
    return "functie" if f"{name}(" in head.split(" ")[0] else "waarde"


def _eerste(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    return next((found[1] for line in lines if (found := pattern.fullmatch(line))), "")
