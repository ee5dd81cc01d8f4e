"""Arrow types: which a column may have, and how columns of several files become one."""

from __future__ import annotations

import pyarrow as pa
from pyarrow import types

from uitfasering.bulk.lezen.kop import keur_kop
from uitfasering.bulk.lezen.model import CODES, TEKST, fout

_GEWOON = (
    types.is_null,
    types.is_boolean,
    types.is_integer,
    types.is_floating,
    types.is_decimal,
    types.is_date,
    types.is_timestamp,
)
_TEKSTEN = (types.is_string, types.is_large_string, types.is_string_view)


def gewone_soorten(naam: str, schema: pa.Schema) -> pa.Schema:
    """These columns, with one type for texts and one for codes (a dictionary of texts).

    Raises:
        MessageError: no columns, names that cannot be right, or a type that is no single value
            (a list, a struct, bytes).
    """
    if not schema.names:
        raise fout(naam, "Er zijn geen kolommen.", "Geef gegevens met kolommen en rijen.")
    keur_kop(naam, schema.names)
    velden = []
    for nummer, veld in enumerate(schema, 1):
        soort = _gewoon(veld.type)
        if soort is None:
            raise fout(
                naam,
                f"Kolom {nummer} ({veld.name}) heeft een soort waarde die hier niet kan: "
                "een lijst, een samengestelde waarde, bytes of iets anders.",
                "Laat deze kolom weg, of maak er tekst van.",
            )
        velden.append(pa.field(veld.name, soort))
    return pa.schema(velden)


def een_soort(soorten: list[pa.DataType]) -> pa.DataType:
    """The one type for a column that has these types in different files."""
    if len(set(soorten)) == 1:
        return soorten[0]
    gevuld = {soort for soort in soorten if not types.is_null(soort)}
    return gevuld.pop() if len(gevuld) == 1 else TEKST


def _gewoon(soort: pa.DataType) -> pa.DataType | None:
    if any(is_soort(soort) for is_soort in _TEKSTEN):
        return TEKST
    if types.is_dictionary(soort):
        waarde = _gewoon(soort.value_type)
        return CODES if waarde == TEKST else waarde
    return soort if any(is_soort(soort) for is_soort in _GEWOON) else None
