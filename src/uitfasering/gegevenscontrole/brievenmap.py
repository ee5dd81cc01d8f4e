"""The files of ``data/afspraken`` as a whole: one that is there twice, and one that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from uitfasering.gegevenscontrole.rijen import alle_rijen
from uitfasering.melding import Melding
from uitfasering.weergave.woorden import datum
from uitfasering.yamlreader import Document, lees


def kopieen(documenten: Mapping[str, Document]) -> dict[str, Melding]:
    """The files that hold mostly the same agreements as another one, by name.

    What is in them would be reported piece by piece, and in the wrong file.
    """
    found: dict[str, Melding] = {}
    originals: dict[str, set[str]] = {}
    # A copy gets a longer name: "brief (1)", "kopie van brief".
    for name in sorted(documenten, key=lambda name: (len(name), name)):
        regels = _afspraken(documenten[name])
        for original, others in originals.items():
            if 2 * len(regels & others) > min(len(regels), len(others)):
                found[name] = Melding(
                    documenten[name].name,
                    0,
                    0,
                    "",
                    f"Dit is een kopie: deze afspraken staan ook in {documenten[original].name}.",
                    "Haal een van de twee bestanden weg.",
                    "gegevens-kopie",
                )
                break
        else:
            originals[name] = regels
    return found


def ontbrekend(root: Path, documenten: Mapping[str, Document]) -> Iterator[str]:
    """The names of files that are gone: ``data/brieven`` has the letter, with its agreements."""
    from uitfasering.gegevens import schema  # which imports this package

    known = {regel for document in documenten.values() for regel in _afspraken(document)}
    for path in sorted((root / "data" / "brieven").glob("brief-*.yaml")):
        if path.stem in documenten:
            continue
        letter = lees(path, schema(root, "brieven"))
        named = {
            regel
            for _, zin in alle_rijen(letter, "zinnen")
            if isinstance(zin, dict) and isinstance(zin.get("regels"), list)
            for regel in zin["regels"]
        }
        if named - known and not letter.meldingen:
            yield path.stem


def weg(root: Path, path: Path) -> Melding:
    """That this file of ``data/afspraken`` is gone."""
    return Melding(
        str(path.relative_to(root)),
        0,
        0,
        "",
        f"Dit bestand bestaat niet, maar data/brieven noemt de afspraken van de brief van "
        f"{datum(path.stem.removeprefix('brief-'))} wel.",
        "Zet de vorige versie van dit bestand terug.",
        "yaml-bestand-ontbreekt",
    )


def _afspraken(document: Document) -> set[str]:
    return {str(regel) for regel, _ in alle_rijen(document, "afspraken")}
