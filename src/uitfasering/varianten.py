"""The tables with something changed: what a case file may say under ``gegevens``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from uitfasering.errors import BuildError
from uitfasering.gegevens import Gegevens
from uitfasering.gegevenscontrole import controleer

# What may be changed per municipality, and the column of data/gemeenten.yaml that holds it.
_PER_GEMEENTE = {
    "medicatieminuten": "medicatieminuten",
    "lokale_toegang": "lokale_toegang",
    "keuzes": "duurzaam",
}


def met(gegevens: Gegevens, wijzigingen: Mapping[str, Any]) -> Gegevens:
    """The tables with the changes of a case file (schemas/gevallen.json, ``gegevens``).

    Keys: ``crisisroute_gecontracteerd_per`` (a date), ``afwijkingen`` (rows of
    data/afwijkingen.yaml), ``contacten`` (as data/contacten.yaml), and by CBS code
    ``medicatieminuten``, ``lokale_toegang`` and ``keuzes`` (omzetten or aflopen).

    Raises:
        BuildError: the changed tables do not fit together; carries every Melding, with the place
            in the table as it would be.
    """
    if not wijzigingen:
        return gegevens
    tabellen = {**gegevens.tabellen}
    for key, value in wijzigingen.items():
        if key == "crisisroute_gecontracteerd_per":
            crisisroute = {**tabellen["gebeurtenissen"]["crisisroute"], "gecontracteerd_per": value}
            tabellen["gebeurtenissen"] = {"crisisroute": crisisroute}
        elif key in _PER_GEMEENTE:
            column = _PER_GEMEENTE[key]
            rows = tabellen["gemeenten"]["gemeenten"]
            tabellen["gemeenten"] = {
                "gemeenten": [
                    {**row, column: value[row["cbs"]]} if row["cbs"] in value else row
                    for row in rows
                ]
            }
        else:
            tabellen[key] = {"afwijkingen": value} if key == "afwijkingen" else value
    documenten = {
        name: replace(document, data=tabellen[name]) if name in tabellen else document
        for name, document in gegevens.documenten.items()
    }
    changed = replace(gegevens, tabellen=tabellen, documenten=documenten)
    if meldingen := sorted(controleer(changed)):
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"De tabellen kloppen niet:\n{lines}", meldingen)
    return changed
