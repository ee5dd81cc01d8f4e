"""Excel: one sheet with a frozen header and filters, in which nothing is a formula or a link."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import xlsxwriter
from pyarrow import types
from xlsxwriter.exceptions import FileCreateError

from uitfasering.bulk.schrijven.cellen import ja_nee, moment, zonder_nan
from uitfasering.errors import UitfaseringError

MAX_RIJEN = 1_048_575
"""What fits on one sheet under its header."""

# That many digits of a number Excel keeps.
_MAX_CIJFERS = 15
# As Excel counts its days. Before 1 March 1900 it counts a day that never was; after 9999 none.
_DAG_NUL = 25_569
_EERSTE_DAG = 61
_LAATSTE_DAG = 2_958_465
_DAG_IN = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_DAG = "dd-mm-yyyy"
_MOMENT = "dd-mm-yyyy hh:mm:ss"
# In characters; measured on the first rows.
_SMALST = 10
_BREEDST = 60
_PROEF = 200
_TE_LANG = -2
# Not allowed in XML, and the writer lets them through.
_GEEN_XML = str.maketrans("\ufffe\uffff", "\ufffd\ufffd")


class XlsxUit:
    """Writes a workbook to ``bestand``, with the rows so far in files in the folder ``tijdelijk``.

    Args:
        naam: what the user calls the file, for messages.
    """

    def __init__(self, bestand: IO[bytes], schema: pa.Schema, naam: str, tijdelijk: Path) -> None:
        self._naam = naam
        self._namen = schema.names
        self._boek = xlsxwriter.Workbook(
            bestand, {"constant_memory": True, "tmpdir": str(tijdelijk), "use_zip64": True}
        )
        self._blad = self._boek.add_worksheet("toewijzingen")
        self._opmaak = [self._opmaak_van(veld.type) for veld in schema]
        vet = self._boek.add_format({"bold": True})
        for nummer, kop in enumerate(self._namen):
            self._blad.write_string(0, nummer, _geen_opmaak(kop.translate(_GEEN_XML)), vet)
        self._blad.freeze_panes(1, 0)
        self._rijen = 0

    def schrijf(self, batch: pa.RecordBatch) -> None:
        """Write the next rows.

        Raises:
            UitfaseringError: a row or a text too many for Excel.
        """
        if self._rijen + len(batch) > MAX_RIJEN:
            raise UitfaseringError(
                f"{self._naam}: er zijn meer dan {MAX_RIJEN} rijen, en dat past niet in Excel. "
                "Kies een naam die eindigt op .csv of .parquet, of maak met --per-aanbieder een "
                "bestand per aanbieder."
            )
        kolommen = [_cellen(kolom) for kolom in batch.columns]
        if not self._rijen:
            self._breedten(kolommen)
        for rij in zip(*kolommen, strict=True):
            self._rijen += 1
            for nummer, cel in enumerate(rij):
                if cel is None:
                    continue
                if not isinstance(cel, str):
                    self._blad.write_number(self._rijen, nummer, cel, self._opmaak[nummer])
                elif self._blad.write_string(self._rijen, nummer, _geen_opmaak(cel)) == _TE_LANG:
                    raise UitfaseringError(
                        f"{self._naam}, rij {self._rijen + 1}, kolom {self._namen[nummer]}: deze "
                        "tekst is te lang voor Excel. Kies een naam die eindigt op .csv, .parquet "
                        "of .ndjson, of laat deze kolom weg."
                    )

    def sluit(self, *, gelukt: bool) -> None:
        """Make the workbook of the rows."""
        if not gelukt:
            self._blad.row_data_fh.close()
            return
        if not self._rijen:
            self._breedten([[] for _ in self._namen])
        laatste = len(self._namen) - 1
        self._blad.autofilter(0, 0, self._rijen, laatste)
        # A code such as 0193 is text; no green corner for that.
        self._blad.ignore_errors({"number_stored_as_text": f"A1:XFD{self._rijen + 1}"})
        try:
            self._boek.close()
        except FileCreateError as error:
            raise error.args[0] from None

    def _opmaak_van(self, soort: pa.DataType) -> Any:
        if types.is_date(soort):
            return self._boek.add_format({"num_format": _DAG})
        if types.is_timestamp(soort):
            return self._boek.add_format({"num_format": _MOMENT})
        return None

    def _breedten(self, kolommen: Sequence[Sequence[Any]]) -> None:
        for nummer, (kop, cellen) in enumerate(zip(self._namen, kolommen, strict=True)):
            langste = max((len(str(cel)) for cel in cellen[:_PROEF] if cel is not None), default=0)
            # The filter's button takes room as well.
            breedte = max(_SMALST, len(kop) + 3, langste + 1)
            self._blad.set_column(nummer, nummer, min(breedte, _BREEDST))


def _geen_opmaak(tekst: str) -> str:
    """Not what xlsxwriter takes for XML of its own making: text with a layout within it."""
    return f" {tekst}" if tekst.startswith("<r>") else tekst


def _cellen(kolom: pa.Array) -> list[Any]:
    """Each cell as text, as a number, or None; a date is the number that Excel counts it as."""
    soort = kolom.type
    if types.is_date(soort):
        dagen = kolom.cast(pa.date32()).cast(pa.int32()).to_pylist()
        return _dagen(dagen, kolom.cast(pa.string()))
    if types.is_timestamp(soort):
        if soort.tz is not None:
            return list(moment(kolom).to_pylist())
        dag = _DAG_IN[soort.unit]
        tikken = kolom.cast(pa.int64()).to_pylist()
        return _dagen([tik if tik is None else tik / dag for tik in tikken], moment(kolom))
    if types.is_boolean(soort):
        return list(ja_nee(kolom).to_pylist())
    if types.is_floating(soort):
        return [_getal(cel) for cel in zonder_nan(kolom).to_pylist()]
    if types.is_integer(soort) or types.is_decimal(soort):
        return [_getal(cel) for cel in kolom.to_pylist()]
    if types.is_dictionary(soort):
        teksten = [tekst.translate(_GEEN_XML) for tekst in kolom.dictionary.to_pylist()]
        return [code if code is None else teksten[code] for code in kolom.indices.to_pylist()]
    return [tekst if tekst is None else tekst.translate(_GEEN_XML) for tekst in kolom.to_pylist()]


def _dagen(dagen: Sequence[float | None], teksten: pa.Array) -> list[Any]:
    return [
        tekst
        if dag is None or not _EERSTE_DAG <= dag + _DAG_NUL < _LAATSTE_DAG + 1
        else dag + _DAG_NUL
        for dag, tekst in zip(dagen, teksten.to_pylist(), strict=True)
    ]


def _getal(getal: int | float | Decimal | None) -> int | float | Decimal | str | None:
    """A number; as text when Excel would not keep it as it is."""
    if getal is None:
        return None
    if isinstance(getal, float):
        return getal if math.isfinite(getal) else str(getal)
    past = len(Decimal(getal).as_tuple().digits) <= _MAX_CIJFERS
    return getal if past else str(getal)
