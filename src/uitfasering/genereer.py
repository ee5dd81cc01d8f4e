"""Every generated file: the pages and openapi.json in ``docs/``, the golden SQL in ``tests/goud``.

``python -m uitfasering.genereer`` writes what changed and removes what is gone (scripts/genereer);
with ``--controleer`` it only says which files are no longer right.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from uitfasering import brieven, zinnen
from uitfasering.afloop import GOED, NIET_GELUKT, NIET_GOED
from uitfasering.errors import BuildError, UitfaseringError
from uitfasering.fragment import GOUD, goud
from uitfasering.openapi import BESTAND, openapi
from uitfasering.paginas import MAPPEN, paginas
from uitfasering.paths import project_root
from uitfasering.rego import controle as regocontrole
from uitfasering.werkbank import Werkbank

DOCS = Path("docs")

_SOORTEN = {GOUD: "*.sql", DOCS: BESTAND} | {DOCS / name: "*.md" for name in MAPPEN}
"""The folders that hold generated files, and which files those are."""


@dataclass(frozen=True)
class Verschil:
    """What is no longer right, as paths from the project root, sorted.

    Attributes:
        anders: not there yet, or with another text.
        over: there, but no longer made.
    """

    anders: tuple[str, ...]
    over: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.anders or self.over)


def bestanden(root: Path, werkbank: Werkbank) -> dict[str, str]:
    """Every generated file as it should be: path from ``root`` to text.

    Raises:
        BuildError: the tables, the policies, the cases or the records of the letters are wrong.
        OpaUnavailable: OPA gave no answer.
    """
    gegevens = werkbank.gegevens
    meldingen = [
        *regocontrole.controleer(root, gegevens),
        *zinnen.controleer(root, gegevens),
        *brieven.controleer(root, gegevens, None),
    ]
    if fouten := [m for m in meldingen if m.ernst == "fout"]:
        raise BuildError("\n".join(map(str, fouten)), fouten)
    pages = paginas(root, werkbank).items()
    gold = goud(werkbank.url, root).items()
    return {
        **{(DOCS / name).as_posix(): text for name, text in pages},
        **{(GOUD / name).as_posix(): text for name, text in gold},
        (DOCS / BESTAND).as_posix(): openapi(root, werkbank),
    }


def verschil(root: Path, goed: Mapping[str, str]) -> Verschil:
    """What in ``root`` is not as it should be."""
    there = {
        path.relative_to(root).as_posix()
        for folder, pattern in _SOORTEN.items()
        for path in (root / folder).rglob(pattern)
    }
    different = (
        name
        for name, text in goed.items()
        if name not in there or (root / name).read_bytes() != text.encode()
    )
    return Verschil(tuple(sorted(different)), tuple(sorted(there - goed.keys())))


def schrijf(root: Path, goed: Mapping[str, str]) -> Verschil:
    """Write what changed, remove what is gone; gives what that was."""
    found = verschil(root, goed)
    for name in found.over:
        (root / name).unlink()
    for name in found.anders:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(goed[name].encode())
    return found


def main(argumenten: list[str]) -> int:
    """The command ``scripts/genereer``."""
    if argumenten not in ([], ["--controleer"]):
        print("Gebruik: scripts/genereer [--controleer]", file=sys.stderr)
        return NIET_GELUKT
    try:
        root = project_root()
        with Werkbank(root) as werkbank:
            goed = bestanden(root, werkbank)
        if not argumenten:
            gedaan = schrijf(root, goed)
            print(f"{len(gedaan.anders)} bestanden geschreven, {len(gedaan.over)} weggehaald.")
            return GOED
        found = verschil(root, goed)
    except UitfaseringError as error:
        print(f"FOUT: {error}", file=sys.stderr)
        return NIET_GELUKT
    except OSError as error:
        print(f"FOUT: {error.filename} is niet te lezen of te schrijven.", file=sys.stderr)
        return NIET_GELUKT
    for name in found.anders:
        print(f"{name} klopt niet meer. Start scripts/genereer.")
    for name in found.over:
        print(f"{name} hoort er niet meer te zijn. Start scripts/genereer.")
    return NIET_GOED if found else GOED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
