"""Write a receipt: the JSON that proves, and the page to read."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uitfasering.bewijs.pagina import pagina
from uitfasering.errors import UitfaseringError, os_zin
from uitfasering.leesgegevens import lees_gegevens
from uitfasering.paths import project_root
from uitfasering.weergave.veilig import schoon_json


def schrijf(bewijs: Mapping[str, Any], naar: Path) -> tuple[Path, Path]:
    """Write both files into a folder, for their owner alone; nothing there is replaced.

    Returns:
        The JSON file and the page.

    Raises:
        UitfaseringError: one of them is there already, or cannot be written.
    """
    nummer = f"-{bewijs['volgnummer']}" if bewijs["volgnummer"] else ""
    naam = f"bewijs-{bewijs['besluit_id']}{nummer}"
    bestand, blad = naar / f"{naam}.json", naar / f"{naam}.html"
    for pad in (bestand, blad):
        if pad.exists():
            raise UitfaseringError(
                f"{pad} bestaat al. Haal het weg, of kies met --naar een andere map."
            )
    gegevens = lees_gegevens(project_root())
    _zet(blad, pagina(bewijs, gegevens, bestand.name))
    _zet(bestand, schoon_json(json.dumps(bewijs, ensure_ascii=False, indent=1)) + "\n")
    return bestand, blad


def _zet(pad: Path, tekst: str) -> None:
    """In one step: a file that is there is whole."""
    tijdelijk = ""
    try:
        handle, tijdelijk = tempfile.mkstemp(dir=pad.parent, prefix=f".{pad.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as bestand:
            bestand.write(tekst)
        Path(tijdelijk).replace(pad)
    except OSError as error:
        if tijdelijk:
            Path(tijdelijk).unlink(missing_ok=True)
        raise UitfaseringError(f"{pad} is niet te schrijven. {os_zin(error)}") from error
