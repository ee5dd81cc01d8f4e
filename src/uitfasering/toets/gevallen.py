"""The case files: readable by officers, decided by a real OPA.

A case is a starting point (a whole toewijzing) with a few fields changed or left out, and what
the besluit must be. The format is schemas/gevallen.json.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevens import schema
from uitfasering.melding import Melding
from uitfasering.yamlreader import Document, lees

MAP = Path("tests") / "gevallen"
"""Where the shipped cases are, below the project."""

VERWACHT = (
    "uitkomst",
    "regels",
    "niet",
    "foutvelden",
    "ontbreekt",
    "voorstel",
    "uiterste_einddatum",
    "voorlopig",
)
"""What a case can expect; in a row of a table these stand among the fields."""

# What else a row of a table can say.
_OVER = ("naam", "zin", "brief", "zonder", "overslaan")

Pad: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Geval:
    """One case.

    Attributes:
        bestand: the file, from the project root, as ``tests/gevallen/…/x.yaml``.
        regel: line of the case, from 1.
        onderwerp: what the file is about.
        toewijzing: the input, after ``met`` and ``zonder``; may be invalid on purpose.
        verwacht: ``uitkomst`` and any of regels, niet, foutvelden, ontbreekt, voorstel,
            uiterste_einddatum, voorlopig; what is not there is not checked.
        gegevens: the tables that differ from data/, empty for the shipped ones.
        overslaan: why the case is skipped, or None.
        document: the file as it was read, for the place in a Melding.
        pad: the path of the case in it; of a row, when it stands in a table.
    """

    naam: str
    bestand: str
    regel: int
    onderwerp: str
    zin: str | None
    brief: str | None
    toewijzing: dict[str, Any]
    verwacht: dict[str, Any]
    gegevens: dict[str, Any]
    overslaan: str | None
    document: Document = field(repr=False, compare=False)
    pad: Pad = ()

    @property
    def kenmerk(self) -> str:
        """Unique over all cases: folder, file and name."""
        path = Path(self.bestand)
        return f"{path.parent.name}/{path.stem}: {self.naam}"

    @property
    def gegevens_sleutel(self) -> str:
        """The same for cases on the same tables; "{}" for the shipped ones."""
        return json.dumps(self.gegevens, sort_keys=True)


def bestanden(paden: Iterable[Path]) -> list[Path]:
    """Every case file in these files and folders, in a fixed order."""
    found: set[Path] = set()
    for path in paden:
        found.update(_in_map(path) if path.is_dir() else [path])
    return sorted(found)


def _in_map(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        # An editor keeps its own things beside a file, under a name with a dot first.
        if path.suffix in {".yaml", ".yml"} and not path.name.startswith("."):
            yield path


def lees_gevallen(
    root: Path, paden: Iterable[Path] | None = None
) -> tuple[list[Geval], list[Melding]]:
    """The cases of these files and folders (the shipped ones), and every fault in the files.

    A file with a fault gives no cases.
    """
    gevallen: list[Geval] = []
    meldingen: list[Melding] = []
    for path in bestanden([root / MAP] if paden is None else paden):
        found, faults = lees_bestand(path, root)
        gevallen += found
        meldingen += faults
    return gevallen, meldingen


def lees_bestand(path: Path, root: Path) -> tuple[list[Geval], list[Melding]]:
    """The cases of one file, or the faults in it (then there are no cases)."""
    document = lees_document(path, root)
    if document.meldingen:
        return [], list(document.meldingen)
    lezer = _Lezer(document)
    for ruw in _uitgeschreven(document.data):
        lezer.lees(ruw)
    return ([], lezer.meldingen) if lezer.meldingen else (lezer.gevallen, [])


def lees_document(path: Path, root: Path) -> Document:
    """The file as it stands, named from the project root when it is in there."""
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return lees(path, schema(root, "gevallen"), name=name)


@dataclass(frozen=True)
class _Ruw:
    """A case as written under ``gevallen``, or a row of a table written out as such.

    Attributes:
        bron: the case without ``met`` and ``zonder``.
        stappen: what changes in the starting point, each with its own ``met`` and ``zonder``.
    """

    bron: Mapping[str, Any]
    plaats: Pad
    stappen: Sequence[Mapping[str, Any]]
    in_rij: bool = False

    def pad(self, *keys: str | int) -> Pad:
        """Where a part of it stands; the row itself when it came from the head of the table."""
        return self.plaats if self.in_rij else (*self.plaats, *keys)


def _uitgeschreven(data: Mapping[str, Any]) -> Iterator[_Ruw]:
    for index, geval in enumerate(data.get("gevallen", [])):
        yield _Ruw(geval, ("gevallen", index), [geval])
    for number, tabel in enumerate(data.get("tabellen", [])):
        for index, rij in enumerate(tabel["rijen"]):
            yield _uit_rij(tabel, rij, ("tabellen", number, "rijen", index))


def _uit_rij(tabel: Mapping[str, Any], rij: Mapping[str, Any], plaats: Pad) -> _Ruw:
    """A row: what it does not say itself, the head of its table says."""
    verwacht = {name: value for name, value in rij.items() if name in VERWACHT}
    met = {name: value for name, value in rij.items() if name not in (*VERWACHT, *_OVER)}
    bron = {
        **{name: tabel[name] for name in ("uitgangspunt", "zin", "brief") if name in tabel},
        **{name: rij[name] for name in _OVER if name in rij},
        "verwacht": {**tabel.get("verwacht", {}), **verwacht},
    }
    stappen = [tabel, {"zonder": rij.get("zonder", []), "met": met}]
    return _Ruw(bron, plaats, stappen, in_rij=True)


class _Lezer:
    """The cases of one document, and what a schema cannot say about them."""

    def __init__(self, document: Document) -> None:
        self.gevallen: list[Geval] = []
        self.meldingen: list[Melding] = []
        self._document = document
        self._first: dict[str, int] = {}

    def lees(self, ruw: _Ruw) -> None:
        data, geval = self._document.data, ruw.bron
        line = self._document.plaats(ruw.plaats)[0]
        first = self._first.setdefault(geval["naam"], line)
        if first != line:
            text = f"Deze naam staat ook op regel {first}."
            self._fout(ruw.pad("naam"), text, "Geef het geval een andere.", "gevallen-dubbele-naam")
        if "uitkomst" not in geval["verwacht"]:
            text = "Bij dit geval staat niet welke uitkomst eruit moet komen."
            hint = "Zet uitkomst in de rij, of bij verwacht boven de rijen."
            self._fout(ruw.plaats, text, hint, "gevallen-zonder-uitkomst")
        uitgangspunt = data["uitgangspunten"].get(geval["uitgangspunt"])
        if uitgangspunt is None:
            text = "Dit uitgangspunt staat niet in dit bestand."
            hint = _nearest(geval["uitgangspunt"], list(data["uitgangspunten"]))
            self._fout(ruw.pad("uitgangspunt"), text, hint, "gevallen-onbekend-uitgangspunt")
            return
        self.gevallen.append(
            Geval(
                naam=geval["naam"],
                bestand=self._document.name,
                regel=line,
                onderwerp=data["onderwerp"],
                zin=geval.get("zin", data.get("zin")),
                brief=geval.get("brief", data.get("brief")),
                toewijzing=self._toewijzing(uitgangspunt, ruw),
                verwacht=geval["verwacht"],
                gegevens=data.get("gegevens", {}),
                overslaan=geval.get("overslaan"),
                document=self._document,
                pad=ruw.plaats,
            )
        )

    def _toewijzing(self, uitgangspunt: Mapping[str, Any], ruw: _Ruw) -> dict[str, Any]:
        result: dict[str, Any] = copy.deepcopy(dict(uitgangspunt))
        for stap in ruw.stappen:
            for number, veld in enumerate(stap.get("zonder", [])):
                self._zonder(result, veld, ruw.pad("zonder", number))
            for veld, value in stap.get("met", {}).items():
                self._met(result, veld, value, ruw.pad("met", veld))
        return result

    def _zonder(self, toewijzing: dict[str, Any], veld: str, pad: Pad) -> None:
        group, last = _group(toewijzing, veld), veld.rpartition(".")[2]
        if isinstance(group, dict) and last in group:
            del group[last]
            return
        text = f"{veld} staat niet in het uitgangspunt en kan dus niet ontbreken."
        self._fout(pad, text, _nearest(veld, _fields(toewijzing)), "gevallen-veld-ontbreekt-al")

    def _met(self, toewijzing: dict[str, Any], veld: str, value: Any, pad: Pad) -> None:
        group, last = _group(toewijzing, veld), veld.rpartition(".")[2]
        if isinstance(group, dict):
            group[last] = copy.deepcopy(value)
            return
        whole = veld.rpartition(".")[0]
        text = f"{whole} bestaat hier niet uit velden, dus {veld} kan niet."
        hint = f"Geef {whole} als geheel, of laat het weg."
        self._fout(pad, text, hint, "gevallen-geen-groep")

    def _fout(self, pad: Pad, bericht: str, oplossing: str, code: str) -> None:
        melding = self._document.melding(pad, bericht, oplossing, code)
        self.meldingen.append(melding)


def _group(toewijzing: dict[str, Any], field: str) -> Any:
    """What holds a field; a new group when there is none yet."""
    group: Any = toewijzing
    for parent in field.split(".")[:-1]:
        if not isinstance(group, dict):
            return None
        group = group.setdefault(parent, {})
    return group


def _fields(toewijzing: Mapping[str, Any]) -> list[str]:
    fields = []
    for name, value in toewijzing.items():
        fields.append(name)
        if isinstance(value, dict):
            fields += [f"{name}.{inner}" for inner in value]
    return fields


def _nearest(word: str, words: list[str]) -> str:
    near = bedoeld(word, words)
    return f'Bedoelt u "{near}"?' if near else f"Kies uit: {', '.join(words)}."
