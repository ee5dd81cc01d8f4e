"""The case files: readable by officers, decided by a real OPA.

A case is a starting point (a whole toewijzing) with a few fields changed or left out, and what
the besluit must be. The format is schemas/gevallen.json.
"""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.gegevens import schema
from uitfasering.melding import Melding
from uitfasering.yamlreader import Document, lees

MAP = Path("tests") / "gevallen"
"""Where the shipped cases are, below the project."""


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
        found.update(path.rglob("*.yaml") if path.is_dir() else [path])
    return sorted(found)


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
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    document = lees(path, schema(root, "gevallen"), name=name)
    meldingen = list(document.meldingen) or _check(document)
    if meldingen:
        return [], meldingen
    data = document.data
    return [
        Geval(
            naam=geval["naam"],
            bestand=name,
            regel=document.plaats(("gevallen", index))[0],
            onderwerp=data["onderwerp"],
            zin=geval.get("zin", data.get("zin")),
            brief=geval.get("brief", data.get("brief")),
            toewijzing=_toewijzing(data["uitgangspunten"][geval["uitgangspunt"]], geval),
            verwacht=geval["verwacht"],
            gegevens=data.get("gegevens", {}),
            overslaan=geval.get("overslaan"),
        )
        for index, geval in enumerate(data["gevallen"])
    ], []


def _toewijzing(uitgangspunt: Mapping[str, Any], geval: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = copy.deepcopy(dict(uitgangspunt))
    for field in geval.get("zonder", []):
        *parents, last = field.split(".")
        del _group(result, parents)[last]
    for field, value in geval.get("met", {}).items():
        *parents, last = field.split(".")
        _group(result, parents)[last] = copy.deepcopy(value)
    return result


def _group(toewijzing: dict[str, Any], parents: list[str]) -> dict[str, Any]:
    group = toewijzing
    for parent in parents:
        group = group.setdefault(parent, {})
    return group


def _check(document: Document) -> list[Melding]:
    """What a schema cannot say: a name that is used twice, a name or field that is not there."""
    meldingen = []
    uitgangspunten = document.data["uitgangspunten"]
    first: dict[str, int] = {}
    for index, geval in enumerate(document.data["gevallen"]):
        place = ("gevallen", index)
        line = document.plaats((*place, "naam"))[0]
        if first.setdefault(geval["naam"], line) != line:
            text = f"Deze naam staat ook op regel {first[geval['naam']]}."
            meldingen.append(document.melding((*place, "naam"), text, "Geef het geval een andere."))
        uitgangspunt = uitgangspunten.get(geval["uitgangspunt"])
        if uitgangspunt is None:
            text = "Dit uitgangspunt staat niet in dit bestand."
            hint = _nearest(geval["uitgangspunt"], list(uitgangspunten))
            meldingen.append(document.melding((*place, "uitgangspunt"), text, hint))
            continue
        fields = _fields(uitgangspunt)
        for number, field in enumerate(geval.get("zonder", [])):
            if field not in fields:
                text = "Dit veld staat niet in het uitgangspunt en kan dus niet ontbreken."
                hint = _nearest(field, fields)
                meldingen.append(document.melding((*place, "zonder", number), text, hint))
    return meldingen


def _fields(toewijzing: Mapping[str, Any]) -> list[str]:
    fields = []
    for name, value in toewijzing.items():
        fields.append(name)
        if isinstance(value, dict):
            fields += [f"{name}.{inner}" for inner in value]
    return fields


def _nearest(word: str, words: list[str]) -> str:
    near = difflib.get_close_matches(word, words, 1)
    return f'Bedoelt u "{near[0]}"?' if near else f"Kies uit: {', '.join(words)}."
