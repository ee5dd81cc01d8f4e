"""The toewijzing of each case against its schema: a field or value that was mistyped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevens import schema
from uitfasering.melding import Melding
from uitfasering.schemacheck import SchemaFault, check
from uitfasering.schemawalk import SchemaWalk
from uitfasering.toets.gevallen import Geval, Pad
from uitfasering.yamlscalar import Asked, quoted, read_scalar, show

_MET_OPZET = "Is dit met opzet fout, verwacht dan ONGELDIGE_INVOER."


def controleer(root: Path, gevallen: Iterable[Geval]) -> Iterator[Melding]:
    """What may not stand in a toewijzing, in the cases that do not expect it to be refused."""
    walk = SchemaWalk(schema(root, "toewijzing"))
    for geval in gevallen:
        if geval.verwacht["uitkomst"] == "ONGELDIGE_INVOER":
            continue
        for fault in check(walk, geval.toewijzing):
            plek = plek_van_veld(geval, fault.path, fault.lacking)
            bericht, oplossing = _woorden(walk, geval.toewijzing, fault, str(plek[-1]))
            yield geval.document.melding(
                plek,
                bericht,
                f"{oplossing} {_MET_OPZET}",
                "gevallen-veld",
                sleutel=fault.at_key,
            )


def _woorden(
    walk: SchemaWalk, toewijzing: Mapping[str, Any], fault: SchemaFault, naam: str
) -> tuple[str, str]:
    """What is wrong and what would be right; ``naam`` is how the case writes the field."""
    if fault.code == "schema-onbekend-veld":
        # A misspelled field stands beside the right one of the starting point.
        deel = walk.at(fault.path[:-1])
        bekend = deel.get("properties", {}) if isinstance(deel, Mapping) else {}
        gelijkend = bedoeld(str(fault.path[-1]), bekend)
        groep, punt, _ = naam.rpartition(".")
        oplossing = f"Bedoelt u {quoted(groep + punt + gelijkend)}?" if gelijkend else fault.remedy
        return f"Het veld {show(naam)} bestaat hier niet.", oplossing
    waarde = _waarde(toewijzing, fault.path)
    if fault.code == "schema-soort" and not isinstance(waarde, (dict, list)):
        deel = walk.at(fault.path)
        gevraagd = Asked(
            walk.types(deel), partial(walk.fits, deel), walk.hint(deel), walk.is_date(deel)
        )
        tekst = waarde if isinstance(waarde, str) else json.dumps(waarde)
        _, geweigerd = read_scalar(tekst, not isinstance(waarde, str), gevraagd)
        if geweigerd:
            return geweigerd.message, geweigerd.remedy
    return fault.message, fault.remedy


def _waarde(toewijzing: Mapping[str, Any], path: Pad) -> Any:
    waarde: Any = toewijzing
    for stap in path:
        waarde = waarde[stap]
    return waarde


def plek_van_veld(geval: Geval, path: Pad, ontbreekt: Iterable[str] = ()) -> Pad:
    """Where the case (or the head of its table) says this about a field of the toewijzing."""
    veld = ".".join(map(str, path))
    weg = {f"{veld}.{naam}" if veld else naam for naam in ontbreekt}
    for bron, pad in _stappen(geval):
        for number, naam in enumerate(bron.get("zonder", [])):
            if naam in weg:
                return (*pad, "zonder", number)
        for groep, hier in ((bron.get("met", {}), (*pad, "met")), (bron, pad)):
            for naam in groep:
                if f"{veld}.".startswith(f"{naam}."):
                    # The rest of the path is inside the value that the case gives.
                    return (*hier, naam, *path[naam.count(".") + 1 :])
                if veld and naam.startswith(f"{veld}."):
                    return (*hier, naam)
    return geval.pad


def _stappen(geval: Geval) -> Iterator[tuple[Mapping[str, Any], Pad]]:
    """The case as it is written, and then the head of its table if it is a row."""
    tabel = geval.pad[:2] if geval.pad[0] == "tabellen" else ()
    for pad in (geval.pad, tabel) if tabel else (geval.pad,):
        bron: Any = geval.document.data
        for stap in pad:
            bron = bron[stap]
        yield bron, pad
