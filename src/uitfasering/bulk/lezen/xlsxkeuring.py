"""Whether a file is an .xlsx that can be opened: really one, and not far larger than it looks."""

from __future__ import annotations

import mmap
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element  # only the type; defusedxml reads

from defusedxml.ElementTree import iterparse

from uitfasering.bulk.lezen.model import BLOK, fout

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old Excel file (.xls) begins, and any Office file with a password."""

_VERSLEUTELD = "EncryptedPackage".encode("utf-16-le")
_WERKMAP = "xl/workbook.xml"
_BLADEN = "xl/worksheets/"
_MAX_BLADEN = 2_000_000_000
_MAX_OVERIG = 200_000_000  # openpyxl keeps the texts of all cells in memory
_MAX_VERHOUDING = 100
_ALTIJD_GOED = 50_000_000
_FORMULE = re.compile(rb"<(?:\w+:)?f[\s/>]")
_OPNIEUW = "Bewaar het bestand in Excel opnieuw als .xlsx, of als CSV."


def keur_ole(pad: Path, naam: str) -> None:
    """Say what is wrong with an Office file of the old kind.

    Raises:
        MessageError: always.
    """
    with pad.open("rb") as stroom, mmap.mmap(stroom.fileno(), 0, access=mmap.ACCESS_READ) as inhoud:
        versleuteld = inhoud.find(_VERSLEUTELD) >= 0
    if versleuteld:
        raise fout(
            naam,
            "Het Excel-bestand heeft een wachtwoord.",
            "Bewaar het in Excel zonder wachtwoord.",
        )
    raise fout(naam, "Dit is een oud Excel-bestand (.xls).", _OPNIEUW)


def keur_zip(pad: Path, naam: str) -> None:
    """Look at what is in the zip without unpacking it.

    The sizes that a zip gives can be relied on: Python unpacks no more than that.

    Raises:
        MessageError: it is no .xlsx, or unpacks to more than any export.
    """
    heel = True
    try:
        with zipfile.ZipFile(pad) as archief:
            delen = archief.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        heel = False
    if not heel:
        raise beschadigd(naam)
    _keur_delen(pad, naam, delen)


def lege_formules(pad: Path, blad: str) -> dict[int, int]:
    """Of each row (from 1) the first column (from 1) with a formula without a stored value.

    ``blad`` is the name of the sheet inside the zip.
    """
    from openpyxl.utils.cell import coordinate_to_tuple  # takes long to load

    leeg: dict[int, int] = {}
    with zipfile.ZipFile(pad) as archief:
        with archief.open(blad) as stroom:
            if not _heeft_formule(stroom):
                return leeg
        with archief.open(blad) as stroom:
            for nummer, rij in enumerate(_rijen(stroom), 1):
                nummer = int(rij.get("r", nummer))
                for kolom, cel in enumerate(rij, 1):
                    if cel.find("{*}f") is not None and not _heeft_waarde(cel):
                        plek = cel.get("r")
                        leeg[nummer] = coordinate_to_tuple(plek)[1] if plek else kolom
                        break
                rij.clear()
    return leeg


def beschadigd(naam: str) -> Exception:
    """What is said of an .xlsx that cannot be read."""
    return fout(naam, "Dit Excel-bestand is beschadigd of niet compleet.", _OPNIEUW)


def _keur_delen(pad: Path, naam: str, delen: list[zipfile.ZipInfo]) -> None:
    namen = {deel.filename for deel in delen}
    if _WERKMAP not in namen:
        raise fout(naam, "Dit is een zip-bestand, maar geen Excel-bestand (.xlsx).", _OPNIEUW)
    bladen = sum(deel.file_size for deel in delen if deel.filename.startswith(_BLADEN))
    overig = sum(deel.file_size for deel in delen) - bladen
    geheel = bladen + overig
    bom = geheel > _ALTIJD_GOED and geheel > _MAX_VERHOUDING * pad.stat().st_size
    if bom or bladen > _MAX_BLADEN or overig > _MAX_OVERIG:
        raise fout(
            naam,
            f"Uitgepakt is dit Excel-bestand {geheel / 1_000_000_000:.1f} GB. "
            "Dat is te groot, of het bestand is niet te vertrouwen.",
            "Bewaar de gegevens als CSV.",
        )


def _heeft_formule(stroom: IO[bytes]) -> bool:
    rest = b""
    while blok := stroom.read(BLOK):
        if _FORMULE.search(rest + blok):
            return True
        rest = blok[-50:]
    return False


def _heeft_waarde(cel: Element) -> bool:
    waarde = cel.find("{*}v")
    # The outcome can be an empty text. Excel says so (str); others write an empty v for "unknown".
    return waarde is not None and (bool(waarde.text) or cel.get("t") == "str")


def _rijen(stroom: IO[bytes]) -> Iterator[Element]:
    for _, deel in iterparse(stroom):
        if deel.tag.endswith("}row"):
            yield deel
