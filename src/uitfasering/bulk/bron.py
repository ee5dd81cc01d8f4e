"""Where the rows of a bulk run come from: files of any kind, or a table, as one stream."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from uitfasering.berichten import Instellingen
from uitfasering.bulk.lezen.berichten import Berichten
from uitfasering.bulk.lezen.csvbestand import CsvBestand
from uitfasering.bulk.lezen.model import MAX_RIJEN, RIJFOUT, Bestand, Deel, fout
from uitfasering.bulk.lezen.ndjson import NdjsonBestand
from uitfasering.bulk.lezen.parquet import ParquetBestand
from uitfasering.bulk.lezen.soorten import een_soort
from uitfasering.bulk.lezen.tabel import Tabel
from uitfasering.bulk.lezen.xlsxkeuring import OLE, keur_ole
from uitfasering.invoer import MAX_BYTES, verzamel
from uitfasering.invoer import Bestand as Gevonden
from uitfasering.invoer.bestanden import STDIN
from uitfasering.leesgegevens import lees_gegevens

__all__ = ["RIJFOUT", "Bestand", "Bron", "bron_van_tabel", "open_bron"]

IN_MAP = (".csv", ".json", ".jsonl", ".ndjson", ".parquet", ".tsv", ".xlsx", ".xml")
"""In a folder only these count."""

_WOORDEN = {
    "csv": "CSV",
    "xlsx": "Excel",
    "parquet": "Parquet",
    "ndjson": "NDJSON",
    "berichten": "iJw-berichten",
}
_PARQUET = (b"PAR1", b"PARE")  # PARE: encrypted
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_KOP_BYTES = 1_024
_MAX_GENOEMD = 5
_MIN_RIJEN = MAX_RIJEN // 2
_MIN_BYTES = 16 << 20


class Bron:
    """The rows of one run.

    Attributes:
        soort: ``csv``, ``xlsx``, ``parquet``, ``ndjson``, ``berichten`` or ``tabel``.
        schema: the columns of every batch, with ``RIJFOUT`` (text) last where rows can be
            unreadable. Text is ``string`` or ``dictionary<int32, string>``; other types are as
            in the file: whole numbers, floats, decimals, booleans, dates, timestamps, null.
        kolommen: the columns of the files, in order.
        bestanden: the files that are read, in order.
        rijen: how many rows there are at most (empty lines are not yet left out), for a
            progress bar; None when unknown.
        opmerkingen: Dutch, what the user should know of how was read.
    """

    def __init__(self, delen: Sequence[Deel], opmerkingen: Sequence[str] = ()) -> None:
        self._delen = delen
        self._begin: list[int] = []  # of each part that is read, its first row
        self.soort = delen[0].soort
        self.schema = _een_schema(delen)
        self.kolommen: list[str] = [naam for naam in self.schema.names if naam != RIJFOUT]
        self.bestanden = tuple(bestand for deel in delen for bestand in deel.bestanden)
        aantallen = [deel.rijen for deel in delen]
        self.rijen = None if None in aantallen else sum(a for a in aantallen if a is not None)
        self.opmerkingen = (*opmerkingen, *(o for deel in delen for o in deel.opmerkingen))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, at most 131,072 a batch, none of them empty; can be called once.

        Raises:
            MessageError: a file turns out to be broken; what was yielded before is no result.
        """
        return _op_maat(self._alle())

    def plaats(self, rij: int) -> str:
        """Where this row (from 0, and already read) stands: ``export.csv, regel 12``."""
        deel = bisect_right(self._begin, rij) - 1
        return self._delen[deel].plaats(rij - self._begin[deel])

    def _alle(self) -> Iterator[pa.RecordBatch]:
        gelezen = 0
        for deel in self._delen:
            self._begin.append(gelezen)
            for batch in deel.batches():
                gelezen += len(batch)
                yield batch.select(self.schema.names).cast(self.schema)


def open_bron(
    paden: Sequence[Path], root: Path, *, instellingen: Instellingen | None = None
) -> Bron:
    """The files behind these files and folders, as one stream.

    Told apart by content, never by name. More than one file: of the same kind and with the same
    columns, in the order given; those of a folder (``IN_MAP``) in the order of their names.

    ``instellingen`` is how to read messages; by default as ``data/berichten.yaml`` of the project
    ``root`` says.

    Raises:
        MessageError: a file cannot be read, or the files do not go together; names the file.
    """
    if Path(STDIN) in paden:
        raise fout(STDIN, "Bulk leest niet van de standaardinvoer.", "Geef een bestand of een map.")
    gevonden = verzamel([str(pad) for pad in paden], MAX_BYTES, in_map=IN_MAP)
    soorten = {bestand.bron.naam: _soort(bestand) for bestand in gevonden.bestanden}
    if not soorten:
        raise fout(
            ", ".join(map(str, paden)),
            "In deze map staat niets om te lezen.",
            f"Van een map tellen de bestanden met {', '.join(IN_MAP)}.",
        )
    if "berichten" in soorten.values():
        # An empty file among messages gets a row of its own, as it does in besluit.
        soorten = {naam: soort or "berichten" for naam, soort in soorten.items()}
    eerste, soort = next(iter(soorten.items()))
    for naam, andere in soorten.items():
        if not andere:
            raise fout(naam, "Het bestand is leeg.", "Geef een bestand met een kop en rijen.")
        if andere != soort:
            raise fout(
                naam,
                f"Dit is {_WOORDEN[andere]}, maar {eerste} is {_WOORDEN[soort]}.",
                "Geef in één keer alleen bestanden van dezelfde soort.",
            )
    delen: list[Deel]
    if soort == "berichten":
        bestanden = [(Path(naam), naam) for naam in soorten]
        delen = [Berichten(bestanden, instellingen or _instellingen(root))]
    else:
        delen = [_LEZERS[soort](Path(naam), naam) for naam in soorten]
    opmerkingen = []
    if gevonden.overgeslagen:
        aantal = gevonden.overgeslagen
        wat = "1 ander bestand" if aantal == 1 else f"{aantal} andere bestanden"
        opmerkingen.append(f"Overgeslagen in de map: {wat}.")
    return Bron(delen, opmerkingen)


def bron_van_tabel(tabel: pa.Table | pa.RecordBatchReader) -> Bron:
    """The rows of a table in memory, or of a stream of batches.

    Raises:
        MessageError: it has no columns, or one with lists or other values that are not single.
    """
    return Bron([Tabel(tabel)])


def _xlsx(pad: Path, naam: str) -> Deel:
    from uitfasering.bulk.lezen.xlsx import XlsxBestand  # openpyxl takes long to load

    return XlsxBestand(pad, naam)


_LEZERS: dict[str, Callable[[Path, str], Deel]] = {
    "csv": CsvBestand,
    "xlsx": _xlsx,
    "parquet": ParquetBestand,
    "ndjson": NdjsonBestand,
}


def _soort(bestand: Gevonden) -> str:
    """Which kind of file; "" when there is nothing in it."""
    naam = bestand.bron.naam
    if bestand.soort == "onleesbaar":
        raise fout(
            naam,
            "Het bestand kan niet worden gelezen.",
            "Kijk of het bestaat en of u het mag lezen.",
        )
    if bestand.soort == "leeg":
        return ""
    if bestand.soort == "xml":
        return "berichten"
    with closing(bestand.bron.openen()) as stroom:
        kop = stroom.read(_KOP_BYTES)
    if kop.startswith(OLE):
        keur_ole(Path(naam), naam)
    if kop.startswith(_PARQUET):
        return "parquet"
    if kop.startswith(_ZIP):
        return "xlsx"
    is_json = kop.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"{", b"["))
    return "ndjson" if is_json else "csv"


def _instellingen(root: Path) -> Instellingen:
    return Instellingen.van(lees_gegevens(root), MAX_BYTES)


def _een_schema(delen: Sequence[Deel]) -> pa.Schema:
    """The columns of the first part, each with a type that holds those of all parts."""
    eerste = delen[0].schema
    for deel in delen[1:]:
        verschil = set(eerste.names) ^ set(deel.schema.names)
        if verschil:
            raise fout(
                deel.bestanden[0].naam,
                f"De kolommen zijn anders dan in {delen[0].bestanden[0].naam}. "
                f"Het verschil: {', '.join(sorted(verschil)[:_MAX_GENOEMD])}.",
                "Geef in één keer alleen bestanden met dezelfde kolommen.",
            )
    soorten = {naam: [deel.schema.field(naam).type for deel in delen] for naam in eerste.names}
    return pa.schema([(naam, een_soort(soort)) for naam, soort in soorten.items()])


def _op_maat(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Small batches together, large ones apart: each batch costs time, and memory is bounded."""
    klaar: list[pa.RecordBatch] = []
    for batch in batches:
        if len(batch):
            klaar.append(batch)
        if sum(map(len, klaar)) >= _MIN_RIJEN or sum(b.nbytes for b in klaar) >= _MIN_BYTES:
            yield from _samen(klaar)
            klaar = []
    yield from _samen(klaar)


def _samen(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    if not batches:
        return []
    tabel = pa.Table.from_batches(batches)
    if len(batches) > 1:
        tabel = tabel.unify_dictionaries().combine_chunks()
    return list(tabel.to_batches(MAX_RIJEN))
