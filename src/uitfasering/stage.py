"""One folder with what OPA gets: the policies and the compiled tables, in bundle form.

Check, test, bench and the bundle itself all use this stage, so that they see the same.

``python -m uitfasering.stage FOLDER`` writes it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.errors import BuildError
from uitfasering.gegevens import Gegevens, laad
from uitfasering.gegevenscontrole import AFWIJKING
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.rego.tekst import PAKKETTEN, VAN_TOEPASSING, Deel, Rego, lees_rego
from uitfasering.tabellen import bouw_tabellen

ROOTS = ("gegevens", *PAKKETTEN)
"""What the bundle owns in OPA's data document; other bundles (tokens) have their own roots."""

# A-00 is what policies/uitfasering/invoer finds, B1-20 what besluit.rego does with a deviation.
ELDERS_BEPAALD = ("A-00", AFWIJKING)


@dataclass(frozen=True)
class RegelInRego:
    """Where a regel stands in the policies, by its METADATA label and by its head."""

    label: str | None
    kop: str
    bestand: Path
    regel: int


def policies(root: Path) -> list[Path]:
    """The policy files without their tests, sorted by path."""
    found = [path for name in PAKKETTEN for path in (root / "policies" / name).rglob("*.rego")]
    return sorted(path for path in found if not path.name.endswith("_test.rego"))


def regels_in_rego(root: Path) -> Iterator[RegelInRego]:
    """Every agreement in the policies, with the label of the METADATA above it."""
    for bron in lees_rego(root / "policies")[0]:
        for deel in _afspraken(bron):
            if deel.lid:
                yield RegelInRego(deel.label or None, deel.lid, root / bron.naam, deel.rij)


def maak_stage(target: Path, *, root: Path | None = None, gegevens: Gegevens | None = None) -> str:
    """Write the stage into the (empty or new) folder ``target``.

    ``gegevens`` replaces the tables of ``root``, for questions about other tables.

    Returns:
        The revision: the SHA-256 of everything in the stage, in hexadecimal.

    Raises:
        BuildError: the tables are wrong, or they and the policies do not match.
    """
    root = root or project_root()
    gegevens = gegevens or laad(root)
    bronnen, meldingen = lees_rego(root / "policies")
    meldingen += vergelijk(bronnen, gegevens)
    if meldingen:
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"Afspraken en regels passen niet bij elkaar:\n{lines}", meldingen)
    tables: dict[str, Any] = bouw_tabellen(gegevens, root)
    digest = hashlib.sha256(_json(tables))
    for source in policies(root):
        relative = source.relative_to(root / "policies")
        destination = target / relative
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, destination)
        digest.update(f"\0{relative.as_posix()}\0".encode())
        digest.update(source.read_bytes())
    revision = digest.hexdigest()
    (target / "gegevens").mkdir(parents=True, exist_ok=True)
    (target / "gegevens" / "data.json").write_bytes(_json({**tables, "revisie": revision}))
    manifest = {"revision": revision, "roots": list(ROOTS), "rego_version": 1}
    (target / ".manifest").write_bytes(_json(manifest))
    return revision


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def vergelijk(bronnen: Iterable[Rego], gegevens: Gegevens | None) -> list[Melding]:
    """Every regel has data, every entry has a regel, under the same id (head, label, key).

    Without ``gegevens`` only what the policies say themselves.
    """
    meldingen = []
    found = [(bron.naam, deel) for bron in bronnen for deel in _afspraken(bron)]
    data = set(gegevens.afspraken) if gegevens else set()
    zonder_rego = data - {deel.lid for _, deel in found} - set(ELDERS_BEPAALD)
    seen: dict[str, str] = {}
    for bestand, deel in found:
        faults = list(_nummer(deel, seen.get(deel.lid, "")))
        if gegevens and deel.lid and deel.lid not in data:
            # The entry that was meant lacks no rule: one fault, told here.
            guess = bedoeld(deel.lid, zonder_rego)
            if deel.label in zonder_rego:
                faults, guess = [], deel.label
            zonder_rego.discard(guess or "")
            right = f"Bedoelt u {guess}?" if guess else "Voeg de afspraak toe in data/afspraken."
            faults.append((f"{deel.lid} heeft geen gegevens.", right))
        seen.setdefault(deel.lid, f"{bestand}, regel {deel.rij}")
        meldingen += [
            Melding(bestand, deel.rij, 1, "", wrong, right, "regel-nummer")
            for wrong, right in faults
        ]
    for regel, afspraak in gegevens.afspraken.items() if gegevens else ():
        if regel in zonder_rego:
            meldingen.append(
                afspraak.document.melding(
                    afspraak.pad,
                    f"{regel} heeft geen regel in policies/uitfasering/afspraken.",
                    "Voeg de regel toe, of haal de afspraak weg.",
                    "regel-zonder-rego",
                    sleutel=True,
                )
            )
    return meldingen


def _afspraken(bron: Rego) -> list[Deel]:
    if bron.is_toets:
        return []
    found = [deel for deel in bron.delen if deel.naam == VAN_TOEPASSING]
    return [deel for deel in found if deel.lid or deel.soort == "set"]


def _nummer(deel: Deel, eerder: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the number of an agreement in itself, and what would be right."""
    if not deel.lid:
        yield (
            "Bij deze afspraak staat geen nummer.",
            'Schrijf: van_toepassing contains "<nummer>" if {',
        )
        return
    # Without any METADATA, or with it cut off, that is the fault (rego.stijl.metadata).
    if deel.label != deel.lid and (deel.titel or deel.label) and not deel.los:
        yield (
            f"De afspraak heet {deel.lid}, maar het label is {deel.label or 'leeg'}.",
            f"Zet boven de regel in METADATA: labels, regel: {deel.lid}.",
        )
    if eerder:
        yield f"{deel.lid} staat er twee keer, ook in {eerder}.", "Voeg ze samen."


def main() -> int:
    """Write the stage into the folder named on the command line."""
    try:
        revision = maak_stage(Path(sys.argv[1]))
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    print(revision)
    return 0


if __name__ == "__main__":
    sys.exit(main())
