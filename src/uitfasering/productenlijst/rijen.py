"""Rows of a product list as products of ``data/producten.yaml``.

Only what must be understood to read a row is judged here; what a product may be, is said by
schemas/producten.json and the checks of the tables.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from uitfasering.datumhulp import date_fault
from uitfasering.melding import Melding
from uitfasering.productenlijst.lezen import Lijst, Rij, vlak

_PROFIEL = re.compile(r"(?:profiel)?0*([0-9]{1,2})")
_NODIG = ("categorie", "segment", "bron")


class _Fout(Exception):
    """A cell that cannot be read: what is wrong, what would be right."""


def maak_producten(
    lijst: Lijst, waarden: Mapping[str, Mapping[str, Mapping[str, str]]], bron: str | None
) -> tuple[dict[str, dict[str, Any]], dict[str, int], list[Melding]]:
    """The products of a list.

    Args:
        lijst: the rows.
        waarden: for each column with fixed values, what each spelling stands for
            (data/productenlijst.yaml).
        bron: the source of every row without one.

    Returns:
        The products by code, in the order of the list, each as data/producten.yaml has it; the
        row of each; and every fault. A code may stand in more rows when these differ in aanbieder
        and vervangende_code only.
    """
    producten: dict[str, dict[str, Any]] = {}
    rijen: dict[str, int] = {}
    meldingen: list[Melding] = []
    for rij in lijst.rijen:
        faults = len(meldingen)
        product = _lees(rij, waarden, bron, lijst, meldingen)
        if len(meldingen) > faults:
            continue
        code = product["code"]
        if code in producten:
            meldingen += _voeg_toe(producten[code], product, rij, rijen[code], lijst)
        else:
            producten[code] = product
            rijen[code] = rij.nummer
    return producten, rijen, meldingen


def _lees(
    rij: Rij,
    waarden: Mapping[str, Mapping[str, Mapping[str, str]]],
    bron: str | None,
    lijst: Lijst,
    meldingen: list[Melding],
) -> dict[str, Any]:
    product: dict[str, Any] = {"bron": bron} if bron else {}

    def fault(veld: str, wrong: str, right: str) -> None:
        column = lijst.velden.get(veld, veld)
        meldingen.append(
            Melding(lijst.bestand, rij.nummer, 0, column, wrong, right, "producten-lijst")
        )

    for veld, cell in rij.cellen.items():
        try:
            for name, value in _velden(veld, cell, waarden).items():
                if product.get(name, value) != value and name != "bron":
                    raise _Fout(
                        f"{name} is hier anders dan in een andere kolom.", "Maak ze gelijk."
                    )
                product[name] = value
        except _Fout as error:
            fault(veld, *error.args)
    if "code" not in rij.cellen:
        fault("code", "Deze rij heeft geen productcode.", "Vul de code in, of haal de rij weg.")
    if product.get("geldig_van", "") > product.get("geldig_tot", "9"):
        fault("geldig_tot", "De laatste dag ligt vóór de eerste dag.", "Draai ze om.")
    if agb := product.pop("aanbieder", None):
        if replacing := product.pop("vervangende_code", None):
            product["vervangende_code_per_aanbieder"] = {agb: replacing}
        else:
            fault("aanbieder", "Er staat een aanbieder, maar geen vervangende code.", "Vul die in.")
    return product


def _velden(
    veld: str, cell: str, waarden: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> Mapping[str, Any]:
    """The fields of a product that one cell gives."""
    if veld in waarden:
        return _vaste_waarde(cell, waarden[veld])
    if veld == "profiel" and (found := _PROFIEL.fullmatch(vlak(cell))):
        return {veld: int(found[1])}
    if veld in ("geldig_van", "geldig_tot"):
        return {veld: _datum(cell)}
    return {veld: cell}


def _vaste_waarde(cell: str, known: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    found = next((fields for text, fields in known.items() if vlak(text) == vlak(cell)), None)
    if found:
        return found
    near = difflib.get_close_matches(cell.casefold(), known, n=1)
    right = f"Bedoelt u {near[0]}?" if near else f"Kies uit: {', '.join(known)}."
    raise _Fout(
        "Deze waarde is hier niet bekend.",
        f"{right} Een andere schrijfwijze zet u in data/productenlijst.yaml.",
    )


def _datum(cell: str) -> str:
    fault = date_fault(cell)
    if fault is None:
        raise _Fout("Dit is geen datum.", "Schrijf een datum als 2021-05-01 of 1-5-2021.")
    if fault.iso is None:
        raise _Fout(fault.message, fault.remedy)
    return fault.iso


def _voeg_toe(
    product: dict[str, Any], ander: Mapping[str, Any], rij: Rij, eerste: int, lijst: Lijst
) -> Iterator[Melding]:
    """One product from two rows, where these say the same but for the replacing code."""

    def at(wrong: str, right: str) -> Melding:
        column = lijst.velden["code"]
        return Melding(lijst.bestand, rij.nummer, 0, column, wrong, right, "producten-lijst")

    own = {"vervangende_code", "vervangende_code_per_aanbieder"}
    different = sorted(
        name for name in {*product, *ander} - own if product.get(name) != ander.get(name)
    )
    if different:
        yield at(
            f"{ander['code']} staat ook in rij {eerste}, anders bij: {', '.join(different)}.",
            "Houd één rij over, of maak ze gelijk. Alleen de vervangende code mag per aanbieder "
            "anders zijn.",
        )
        return
    per_provider = product.setdefault("vervangende_code_per_aanbieder", {})
    for agb, code in ander.get("vervangende_code_per_aanbieder", {}).items():
        if per_provider.setdefault(agb, code) != code:
            yield at(f"Aanbieder {agb} heeft twee vervangende codes.", "Houd er één over.")
    if not per_provider:
        del product["vervangende_code_per_aanbieder"]
    general = ander.get("vervangende_code")
    if general and product.setdefault("vervangende_code", general) != general:
        yield at(
            f"{ander['code']} heeft twee vervangende codes.",
            "Zet bij één van de twee de AGB-code van de aanbieder.",
        )


def zonder_kolom(
    lijst: Lijst, producten: Mapping[str, Mapping[str, Any]], bekend: Collection[str]
) -> Iterator[Melding]:
    """The columns that the list lacks and that new products cannot do without.

    ``bekend`` are the codes whose characteristics are in data/producten.yaml already.
    """
    for veld in _NODIG:
        lacking = [c for c, p in producten.items() if c not in bekend and veld not in p]
        if lacking and veld not in lijst.velden:
            other = ", of noem de lijst met: --bron" if veld == "bron" else ""
            yield Melding(
                lijst.bestand,
                0,
                0,
                veld,
                f"De lijst heeft geen kolom {veld}.",
                f"Voeg die kolom toe{other}.",
                "producten-lijst",
            )


def in_woorden(product: Mapping[str, Any], velden: Sequence[str]) -> str:
    """What a product is, for a reader: ``segment midden, profiel 3``."""
    return ", ".join(f"{woord(veld)} {toon(product[veld])}" for veld in velden if veld in product)


def woord(veld: str) -> str:
    """A field as a reader knows it."""
    return veld.replace("_", " ")


def toon(value: Any) -> str:
    """A value as a reader knows it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{code} (aanbieder {agb})" for agb, code in sorted(value.items()))
    if value is True:
        return "ja"
    return str(value).replace("_", " ")
