"""The mutation run: ``scripts/mutatie [BESTAND…]``.

Without files: everything, and docs/toetsdekking.md is written. With (the end of) the path of a
file: only that one, and nothing is written. Exit code 1 when a mutant survives without a reason.
"""

from __future__ import annotations

import sys
import time
from datetime import date

from mutatie import gelijkwaardig
from mutatie.uitvoeren import OVERLEEFT, draai, mutanten
from mutatie.verslag import BLAD, pagina
from uitfasering.errors import UitfaseringError
from uitfasering.paths import project_root
from uitfasering.toets.gevallen import lees_gevallen


def main() -> int:
    root = project_root()
    files = sys.argv[1:]
    try:
        start = time.monotonic()
        uitslagen = draai(root, mutanten(root, files))
        seconds = time.monotonic() - start
    except UitfaseringError as error:
        print(f"FOUT: {error}", file=sys.stderr)
        return 2
    survivors = [u.mutant for u in uitslagen if u.afloop == OVERLEEFT]
    names = {u.mutant.bestand for u in uitslagen}
    entries = [entry for entry in gelijkwaardig.lees() if not files or entry.bestand in names]
    known, rest, faults = gelijkwaardig.verdeel(survivors, entries)
    if not files:
        text = pagina(
            uitslagen,
            known,
            rest,
            gevallen=len(lees_gevallen(root)[0]),
            seconden=seconds,
            dag=date.today(),
        )
        (root / BLAD).write_text(text, "utf-8")
    for line in [*map(str, rest), *faults]:
        print(line)
    print(
        f"{len(uitslagen)} veranderingen in {seconds:.0f} seconden: {len(rest)} niet opgemerkt, "
        f"{len(known)} zonder verschil, {len(faults)} fouten in de lijst daarvan"
    )
    return 1 if rest or faults else 0


if __name__ == "__main__":
    sys.exit(main())
