"""Walking through tables of which a part may be faulty, and words that more checks need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from uitfasering.bedoeld import bedoeld
from uitfasering.yamlreader import Document

if TYPE_CHECKING:
    from uitfasering.gegevens import Afspraak, Gegevens


def rijen(document: Document, tabel: str, *nodig: str) -> Iterator[tuple[Any, Any]]:
    """Index (or name) and row, of the rows of ``tabel``, without fields that are faulty.

    Only rows that are groups of fields and have all the fields in ``nodig``.
    """
    for key, row in alle_rijen(document, tabel):
        if isinstance(row, dict) and document.fouten:
            row = {name: v for name, v in row.items() if document.gaaf((tabel, key, name))}
        if isinstance(row, dict) and all(name in row for name in nodig):
            yield key, row


def waarden(document: Document, tabel: str) -> Iterator[tuple[Any, Any]]:
    """Index (or name) and value, of a table of single values, without the faulty ones."""
    for key, value in alle_rijen(document, tabel):
        if document.gaaf((tabel, key)):
            yield key, value


def alle_rijen(document: Document, tabel: str) -> Iterator[tuple[Any, Any]]:
    """As they were read; the faulty ones may hold anything."""
    data = document.gelezen if document.data is None else document.data
    if (tabel,) in document.fouten:  # a list where a group of fields belongs, or the reverse
        return
    rows = data.get(tabel) if isinstance(data, dict) else None
    if isinstance(rows, list):
        yield from enumerate(rows)
    elif isinstance(rows, dict):
        yield from rows.items()


def parameters(afspraak: Afspraak) -> dict[str, str] | None:
    """The begrip behind each parameter; None when there is a fault in them."""
    if not afspraak.document.gaaf((*afspraak.pad, "parameters")):
        return None
    names: dict[str, str] = afspraak.bron.get("parameters", {})
    return names


def sleutels(documenten: Iterable[Document], tabel: str, veld: str = "") -> dict[str, Any]:
    """Every row of ``tabel`` by its name (or by its ``veld``), the faulty ones too.

    Empty when it cannot be read in one of the files: then it is unknown what exists.
    """
    found: dict[str, Any] = {}
    for document in documenten:
        data = document.gelezen
        if not isinstance(data, dict) or tabel not in data or (tabel,) in document.fouten:
            return {}
        for key, row in alle_rijen(document, tabel):
            name = key if not veld else row.get(veld) if isinstance(row, dict) else None
            if isinstance(name, str):
                found[name] = row
    return found


def brieven(gegevens: Gegevens) -> list[Document]:
    """The files of ``data/afspraken``."""
    return [d for name, d in gegevens.documenten.items() if name.startswith("afspraken/")]


def bedoelt_u(woord: str, bekend: Iterable[str], anders: str) -> str:
    """``Bedoelt u …?``, or what to say when nothing comes near."""
    name = bedoeld(woord, bekend)
    return f"Bedoelt u {name}?" if name else anders


def is_dag(value: Any) -> bool:
    """Whether this is an existing day, written as ``YYYY-MM-DD``."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def dag_erna(dag: str) -> str:
    """The day after ``dag``, both ``YYYY-MM-DD``."""
    return (date.fromisoformat(dag) + timedelta(days=1)).isoformat()
