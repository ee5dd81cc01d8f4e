"""Contract §2 and row A-00: is this a toewijzing, and if not, which field paths are at fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

HANDELINGEN = ("nieuw", "verlenging", "verkorting", "lopend", "declaratie")
DATUM = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")

Controle = Callable[[object], bool]


def is_datum(waarde: object) -> bool:
    """§2: "`YYYY-MM-DD`, an existing date from 1900 to 2199"."""
    if not isinstance(waarde, str) or not DATUM.fullmatch(waarde):
        return False
    try:
        date.fromisoformat(waarde)
    except ValueError:
        return False
    return True


def is_geheel(waarde: object, laagste: int, hoogste: int) -> bool:
    """An integer in the range. 5.0 is an integer (JSON Schema), a boolean is not."""
    if isinstance(waarde, bool) or not isinstance(waarde, (int, float)):
        return False
    if isinstance(waarde, float) and not waarde.is_integer():
        return False
    return laagste <= waarde <= hoogste


def patroon(uitdrukking: str) -> Controle:
    """A check that the whole value is a string of this form."""
    vorm = re.compile(uitdrukking)
    return lambda waarde: isinstance(waarde, str) and vorm.fullmatch(waarde) is not None


def een_van(*waarden: str) -> Controle:
    """A check that the value is one of these strings."""
    return lambda waarde: isinstance(waarde, str) and waarde in waarden


def is_boolean(waarde: object) -> bool:
    """true or false, nothing that resembles it."""
    return isinstance(waarde, bool)


VELDEN: dict[str, Controle] = {
    "handeling": een_van(*HANDELINGEN),
    "gemeente": patroon("[0-9]{4}"),
    "toewijzingsdatum": is_datum,
    "ingangsdatum": is_datum,
    "einddatum": is_datum,
    "budget": lambda waarde: is_geheel(waarde, 0, 99999999),
    "verwijzer": een_van("01", "02", "03", "04", "05", "06", "08"),
    "medicatiecontrole": is_boolean,
    "gemotiveerd": is_boolean,
    "afgestemd": is_boolean,
    "overgenomen_woonplaats": is_boolean,
    "gezinsplan": een_van("opgesteld", "afgesproken", "niet_nodig"),
    "aanbieder": patroon("[0-9]{8}"),
    "factuurdatum": is_datum,
}

PRODUCT: dict[str, Controle] = {
    "categorie": patroon("[0-9]{2}"),
    "code": patroon("[A-Za-z0-9]{1,5}"),
    "segment": een_van("basis", "midden", "top", "geen"),
    "perspectief": een_van("herstel", "duurzaam"),
    "profiel": lambda waarde: is_geheel(waarde, 1, 12),
    "zorgvorm": een_van("ggz", "jeugd_en_opvoedhulp", "lvb", "anders"),
    "raamovereenkomst": een_van("huidig", "nieuw"),
}

OMVANG: dict[str, Controle] = {
    "volume": lambda waarde: is_geheel(waarde, 0, 99999999),
    "eenheid": een_van("01", "04", "14", "16", "82", "83", "84"),
    "frequentie": een_van("1", "2", "4", "6"),
}

PERIODE: dict[str, Controle] = {"begindatum": is_datum, "einddatum": is_datum}

GROEPEN = {"product": PRODUCT, "omvang": OMVANG, "periode": PERIODE}


def fouten(toewijzing: object) -> list[str]:
    """The field paths at fault, sorted, each once; empty when the input keeps to §2.

    ``""`` is the input as a whole: not an object, or a field that does not exist.
    """
    if not isinstance(toewijzing, dict):
        return [""]
    fout: set[str] = set()
    for naam, waarde in toewijzing.items():
        if naam in GROEPEN:
            fout.update(_fouten_in_groep(naam, waarde))
        elif naam not in VELDEN:
            fout.add("")
        elif not VELDEN[naam](waarde):
            fout.add(naam)
    fout.update(naam for naam in _verplicht(toewijzing) if naam not in toewijzing)
    fout.update(_fouten_tussen_velden(toewijzing))
    return sorted(fout)


def _fouten_in_groep(groep: str, waarde: object) -> Iterable[str]:
    """Faults inside `product` (nothing required), `omvang` ("all three"), `periode` ("both")."""
    if not isinstance(waarde, dict):
        yield groep
        return
    controles = GROEPEN[groep]
    for naam, deel in waarde.items():
        if naam not in controles:
            yield groep
        elif not controles[naam](deel):
            yield f"{groep}.{naam}"
    if groep != "product":
        yield from (f"{groep}.{naam}" for naam in controles if naam not in waarde)


def _verplicht(toewijzing: dict[str, object]) -> Iterable[str]:
    """§2, column "required"."""
    yield "handeling"
    yield "gemeente"
    if toewijzing.get("handeling") == "declaratie":
        yield "periode"
    else:
        yield "toewijzingsdatum"
        yield "ingangsdatum"


def _fouten_tussen_velden(toewijzing: dict[str, object]) -> Iterable[str]:
    """A-00 "across fields", between values that are right on their own."""
    if "omvang" in toewijzing and "budget" in toewijzing:
        yield "budget"
    if _omgekeerd(toewijzing.get("ingangsdatum"), toewijzing.get("einddatum")):
        yield "einddatum"
    periode = toewijzing.get("periode")
    if isinstance(periode, dict) and _omgekeerd(
        periode.get("begindatum"), periode.get("einddatum")
    ):
        yield "periode.einddatum"


def _omgekeerd(eerst: object, laatst: object) -> bool:
    if not (is_datum(eerst) and is_datum(laatst)):
        return False
    return date.fromisoformat(str(laatst)) < date.fromisoformat(str(eerst))
