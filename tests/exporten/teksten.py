"""Exports as text: every column as an office writes it, made from the clean export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from uitfasering.gegevens import laad
from uitfasering.paths import project_root

from .schoon import DATUM, GETAL, JA_NEE, SCHEMA, TEKST

Schrijfwijze = Callable[[Any], str]
"""One value of a clean column to what stands in the file."""

EXCEL_NUL = date(1899, 12, 30).toordinal()


def iso(dag: date) -> str:
    return dag.isoformat()


def nederlands(dag: date) -> str:
    return f"{dag.day}-{dag.month}-{dag.year}"


def met_schuine_strepen(dag: date) -> str:
    return f"{dag.day:02}/{dag.month:02}/{dag.year}"


def excel(dag: date) -> str:
    """The day number of Excel; for days from 1 March 1900 on."""
    return str(dag.toordinal() - EXCEL_NUL)


def met_punten(getal: int) -> str:
    return f"{getal:,}".replace(",", ".")


@cache
def gemeentenamen() -> dict[str, str]:
    rijen = laad(project_root()).tabellen["gemeenten"]["gemeenten"]
    return {rij["cbs"]: rij.get("schrijfwijzen", [rij["naam"]])[0] for rij in rijen}


def gemeentenaam(cbs: str) -> str:
    """A usual spelling of the name; the code of a municipality from elsewhere."""
    return gemeentenamen().get(cbs, cbs)


def hoofdletter(tekst: str) -> str:
    return tekst.replace("_", " ").capitalize()


def ja_of_nee(ja: str, nee: str) -> Schrijfwijze:
    return lambda waarde: ja if waarde else nee


def vertaald(woorden: Mapping[str, str]) -> Schrijfwijze:
    return lambda waarde: woorden.get(waarde, waarde)


def zonder_nullen(tekst: str) -> str:
    return tekst.lstrip("0")


def canoniek(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The clean export as text, without another spelling."""
    return als_tekst(
        batch, {naam: naam for naam in SCHEMA.names}, {}, iso, str, ja_of_nee("ja", "nee")
    )


def suites(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Upper-case columns, Dutch dates, thousands points, names of municipalities."""
    waarden: dict[str, Schrijfwijze] = {
        "handeling": hoofdletter,
        "gemeente": gemeentenaam,
        "segment": hoofdletter,
        "perspectief": hoofdletter,
        "gezinsplan": hoofdletter,
        "eenheid": vertaald({"01": "minuten", "04": "uur"}),
    }
    namen = {naam: SUITES.get(naam, naam.replace("_", " ").upper()) for naam in SCHEMA.names}
    result = als_tekst(batch, namen, waarden, nederlands, met_punten, ja_of_nee("Ja", "Nee"))
    # Columns about the child stand in such an export; here they never held anything.
    leeg = pa.array(["(verwijderd)"] * len(batch), TEKST)
    for naam in ("BSN", "NAAM CLIËNT", "GEBOORTEDATUM"):
        result = result.append_column(naam, leeg)
    return result


SUITES = {
    "toewijzingnummer": "TOEWIJZING NUMMER",
    "productcategorie": "PRODUCT CATEGORIE",
    "productcode": "PRODUCT CODE",
}


def zorgned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Names of iJw for columns, GM codes, codes without their first zero, dates as Excel counts."""
    waarden: dict[str, Schrijfwijze] = {
        "gemeente": lambda cbs: f"GM{cbs}",
        "verwijzer": zonder_nullen,
        "eenheid": zonder_nullen,
        "zorgvorm": vertaald({"jeugd_en_opvoedhulp": "J&O", "ggz": "GGZ", "lvb": "LVB"}),
    }
    namen = {naam: ZORGNED.get(naam, naam.replace("_", " ").capitalize()) for naam in SCHEMA.names}
    tekst = als_tekst(batch, namen, waarden, excel, str, ja_of_nee("1", "0"))
    return tekst.cast(
        pa.schema(
            {namen[veld.name]: GETAL if veld.type in (DATUM, GETAL) else TEKST for veld in SCHEMA}
        )
    )


ZORGNED = {
    "toewijzingnummer": "ToewijzingNummer",
    "toewijzingsdatum": "Toewijzingsdatum",
    "ingangsdatum": "ToewijzingIngangsdatum",
    "einddatum": "ToewijzingEinddatum",
    "productcategorie": "ProductCategorie",
    "productcode": "ProductCode",
    "periode_begindatum": "Periode begindatum",
    "periode_einddatum": "Periode einddatum",
}


def als_tekst(
    batch: pa.RecordBatch,
    namen: Mapping[str, str],
    waarden: Mapping[str, Schrijfwijze],
    datum: Schrijfwijze,
    getal: Schrijfwijze,
    ja_nee: Schrijfwijze,
) -> pa.RecordBatch:
    """The batch with text columns under other names.

    ``waarden``: how the values of a column are written; the others by their type.
    """
    per_soort = {DATUM: datum, GETAL: getal, JA_NEE: ja_nee}
    kolommen = {}
    for naam in batch.schema.names:
        kolom = batch.column(naam)
        schrijf = waarden.get(naam) or per_soort.get(kolom.type)
        kolommen[namen[naam]] = kolom if schrijf is None else _herschreven(kolom, schrijf)
    return pa.RecordBatch.from_pydict(kolommen)


def _herschreven(kolom: pa.Array, schrijf: Schrijfwijze) -> pa.Array:
    verschillend = kolom.dictionary_encode()
    woorden = [schrijf(waarde) for waarde in verschillend.dictionary.to_pylist()]
    return pc.take(pa.array(woorden, pa.string()), verschillend.indices)
