"""A new agreement: its data, its Rego and its cases, to be filled in.

Every place that a person must decide holds ``VUL IN``, which the checks refuse; so a half-filled
agreement never gets into a bundle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from uitfasering.errors import UitfaseringError
from uitfasering.gegevens import Gegevens, laad
from uitfasering.gegevenscontrole import afwijkbaar
from uitfasering.toets.gevallen import MAP

_NUMMER = re.compile(r"([A-Z][0-9]?)-([0-9]{2})([a-z]?)")
_SJABLONEN = Path(__file__).parent / "sjablonen"


class NieuwFout(UitfaseringError):
    """This agreement cannot be made; says why."""


@dataclass(frozen=True)
class Voorzet:
    """What will be written: the whole text of each file, by its path below the project."""

    regel: str
    afspraken: Path
    rego: Path
    gevallen: Path
    teksten: Mapping[Path, str]


def bereid_voor(root: Path, regel: str) -> Voorzet:
    """The files of a new agreement.

    Raises:
        NieuwFout: the number is not right or taken, or a file is in the way.
        BuildError: the tables are wrong already.
    """
    gegevens = laad(root)
    afspraken, brief = _bestand(gegevens, regel)
    if regel in gegevens.afspraken:
        known = gegevens.afspraken[regel]
        line, _ = known.document.plaats_sleutel(known.pad)
        raise NieuwFout(
            f"{regel} is er al: {known.document.name}, regel {line}. Kies een ander nummer."
        )
    stam = regel.lower().replace("-", "_")
    rego = Path("policies") / "uitfasering" / "afspraken" / f"{stam}.rego"
    gevallen = MAP / afspraken.stem / f"{regel.lower()}.yaml"
    for path in (rego, gevallen):
        if (root / path).exists():
            raise NieuwFout(f"{path} bestaat al. Geef dat bestand een andere naam.")
    rego_sjabloon = "regel-afwijkbaar.rego" if afwijkbaar(regel) else "regel.rego"
    teksten = {
        afspraken: _ingevoegd(root / afspraken, gegevens, regel),
        rego: _sjabloon(rego_sjabloon, regel=regel),
        gevallen: _sjabloon("gevallen.yaml", regel=regel, brief=brief),
    }
    return Voorzet(regel, afspraken, rego, gevallen, teksten)


def schrijf(root: Path, voorzet: Voorzet) -> None:
    """Write the files."""
    for path, text in voorzet.teksten.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _bestand(gegevens: Gegevens, regel: str) -> tuple[Path, str]:
    """The file for agreements with such a number, and the letter it is about."""
    found = _NUMMER.fullmatch(regel)
    files = {
        known.regel.partition("-")[0]: (Path(known.document.name), known.document.data["brief"])
        for known in gegevens.afspraken.values()
    }
    kinds = " of ".join(f"{kind}-15" for kind in sorted(files))
    if not found or found[1] not in files:
        proper = regel[:1].upper() + regel[1:].lower()
        meant = f" Bedoelt u {proper}?" if proper != regel and _NUMMER.fullmatch(proper) else ""
        raise NieuwFout(
            f"{regel} is geen nummer voor een afspraak.{meant} Schrijf het als {kinds}, "
            "met zo nodig een kleine letter erachter."
        )
    return files[found[1]]


def _ingevoegd(path: Path, gegevens: Gegevens, regel: str) -> str:
    """The text of the agreements' file with the new one at its place in the order."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    entry = _sjabloon("afspraak.yaml", regel=regel)
    for line, other in _plaatsen(gegevens, regel):
        if other > regel:
            return "".join(lines[: line - 1]) + entry + "".join(lines[line - 1 :])
    return "".join(lines).rstrip("\n") + "\n\n" + entry.rstrip("\n") + "\n"


def _plaatsen(gegevens: Gegevens, regel: str) -> Iterator[tuple[int, str]]:
    """The line of each agreement in the same file, in the order of that file."""
    kind = regel.partition("-")[0]
    for known in gegevens.afspraken.values():
        if known.regel.partition("-")[0] == kind:
            yield known.document.plaats_sleutel(known.pad)[0], known.regel


def _sjabloon(naam: str, **woorden: str) -> str:
    text = (_SJABLONEN / f"{naam}.txt").read_text("utf-8")
    return Template(text).substitute(woorden)
