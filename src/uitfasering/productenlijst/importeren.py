"""Import a product list: read it, merge it, check the result, and only then write it."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from uitfasering.errors import BuildError, MessageError
from uitfasering.gegevens import laad, schema
from uitfasering.melding import Melding
from uitfasering.productenlijst.lezen import Lijst, lees_lijst
from uitfasering.productenlijst.rijen import maak_producten, zonder_kolom
from uitfasering.productenlijst.samenvoegen import Samengevoegd, voeg_samen
from uitfasering.yamlreader import lees

PRODUCTEN = Path("data") / "producten.yaml"
LIJST = Path("data") / "productenlijst.yaml"

_RIJ = re.compile(r"producten\[(\d+)\](?:\.(\w+))?")


def bereid_voor(
    root: Path, bestand: Path, *, bron: str | None = None, zonder_voorbeelden: bool = False
) -> tuple[Lijst, Samengevoegd]:
    """What data/producten.yaml would become with this list.

    Raises:
        MessageError: the list cannot be read, or the tables would be wrong with it; carries every
            Melding, at the row of the list where that is the cause.
        BuildError: the tables are wrong already.
    """
    gegevens = laad(root)  # a fault that was there before is not the list's
    uitleg = lees(root / LIJST, schema(root, "productenlijst"), name=str(LIJST))
    if uitleg.meldingen:
        raise BuildError("\n".join(map(str, uitleg.meldingen)), uitleg.meldingen)
    lijst = lees_lijst(bestand, uitleg.data["kolommen"])
    producten, rijen, meldingen = maak_producten(lijst, uitleg.data["waarden"], bron)
    rows = gegevens.tabellen["producten"]["producten"]
    bekend = {row["code"] for row in rows if not row.get("voorbeeld")}
    meldingen += zonder_kolom(lijst, producten, bekend)
    if meldingen:
        raise _fout(meldingen)
    if not producten:
        raise MessageError(f"In {bestand} staan geen producten.")
    velden = list(schema(root, "producten")["properties"]["producten"]["items"]["properties"])
    samen = voeg_samen(
        (root / PRODUCTEN).read_text("utf-8"),
        producten,
        frozenset(lijst.velden),
        velden,
        zonder_voorbeelden=zonder_voorbeelden,
    )
    if faults := _controleer(root, samen.tekst):
        raise _fout([_in_de_lijst(fault, samen, rijen, lijst) for fault in faults])
    return lijst, samen


def schrijf(root: Path, samen: Samengevoegd) -> None:
    """Put the new table in place, in one step."""
    target = root / PRODUCTEN
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=target.parent, prefix=".producten-", delete=False
    ) as file:
        file.write(samen.tekst)
    try:
        shutil.copymode(target, file.name)
        Path(file.name).replace(target)
    except OSError:
        Path(file.name).unlink()
        raise


def _controleer(root: Path, tekst: str) -> tuple[Melding, ...]:
    """Every fault in the tables of ``root`` with this text as data/producten.yaml."""
    with tempfile.TemporaryDirectory(prefix="uitfasering-producten-") as folder:
        project = Path(folder)
        shutil.copytree(root / "data", project / "data")
        (project / "schemas").symlink_to(root / "schemas")
        (project / PRODUCTEN).write_text(tekst, "utf-8")
        try:
            laad(project)
        except BuildError as error:
            return error.meldingen
    return ()


def _in_de_lijst(
    fault: Melding, samen: Samengevoegd, rijen: dict[str, int], lijst: Lijst
) -> Melding:
    """A fault in the new table, at the row of the list that it came from."""
    found = _RIJ.match(fault.pad) if fault.bestand == str(PRODUCTEN) else None
    code = samen.volgorde[int(found[1]) - 1] if found else None
    if found is None or code not in rijen:
        return fault
    if found[2] == "bron" and "bron" not in lijst.velden:
        return replace(fault, bestand="--bron", regel=0, kolom=0, pad="")
    column = lijst.velden.get(found[2] or "code", found[2] or "")
    return replace(fault, bestand=lijst.bestand, regel=rijen[code], kolom=0, pad=column)


def _fout(meldingen: list[Melding]) -> MessageError:
    found = sorted(set(meldingen))
    lines = "\n".join(map(str, found))
    return MessageError(f"De lijst is niet overgenomen:\n{lines}", found)
