"""Where the rows of a bulk run go to: one file, that is there as a whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa
from pyarrow import types

from uitfasering.bulk.lezen.model import CODES
from uitfasering.bulk.schrijven.cellen import compact
from uitfasering.bulk.schrijven.csvbestand import CsvUit
from uitfasering.bulk.schrijven.model import Schrijver
from uitfasering.bulk.schrijven.ndjson import NdjsonUit
from uitfasering.bulk.schrijven.parquet import ParquetUit
from uitfasering.errors import UitfaseringError

SOORTEN = (".csv", ".parquet", ".ndjson", ".xlsx")
"""How the name of an output file can end."""


def open_uitvoer(pad: Path, schema: pa.Schema, *, niet: Iterable[Path] = ()) -> Uitvoer:
    """A file for batches with these columns; the kind is that of its name (``SOORTEN``).

    Args:
        pad: the file; what is there is replaced, at the end.
        schema: the columns of every batch; the width of a dictionary's codes may differ.
        niet: the files and folders that are read, which must stay as they are.

    Raises:
        UitfaseringError: nothing can or may be written there; nothing is touched yet.
    """
    if pad.suffix.lower() not in SOORTEN:
        raise UitfaseringError(
            f"{pad}: dit soort bestand kan ik niet schrijven. Kies een naam die eindigt op "
            f"{', '.join(SOORTEN[:-1])} of {SOORTEN[-1]}."
        )
    keur(pad, niet)
    return Uitvoer(pad, schema)


def keur(pad: Path, niet: Iterable[Path]) -> None:
    """See that a file can come there, and that it takes the place of nothing that is read.

    Args:
        pad: the file.
        niet: the files and folders that are read.

    Raises:
        UitfaseringError: it cannot or may not; says why.
    """
    try:
        _keur(pad, niet)
    except OSError:
        raise _mag_niet(pad) from None


class Uitvoer:
    """A context manager around one file that is being written.

    The file appears under its own name when the block ends well; when it does not, what was there
    before still is. Until then it stands in a hidden folder beside it.
    """

    def __init__(self, pad: Path, schema: pa.Schema) -> None:
        self._pad = pad
        self._doel = pad.resolve()  # a link stays a link
        self._schema = pa.schema(
            [(veld.name, CODES if types.is_dictionary(veld.type) else veld.type) for veld in schema]
        )

    def __enter__(self) -> Uitvoer:
        try:
            with ExitStack() as stapel:
                map_ = tempfile.TemporaryDirectory(dir=self._doel.parent, prefix=".uitfasering-")
                self._tijdelijk = Path(stapel.enter_context(map_), "uitvoer")
                self._bestand = stapel.enter_context(self._tijdelijk.open("xb"))
                self._schrijver = self._maak_schrijver()
                self._opruimen = stapel.pop_all()
        except OSError:
            raise _mag_niet(self._pad) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._opruimen:
            if kind is not None:
                with suppress(Exception):
                    self._schrijver.sluit(gelukt=False)
                return
            self._schrijver.sluit(gelukt=True)
            self._bestand.flush()
            os.fsync(self._bestand.fileno())
            self._bestand.close()
            if self._doel.exists():
                shutil.copymode(self._doel, self._tijdelijk)
            self._tijdelijk.replace(self._doel)

    def schrijf(self, batch: pa.RecordBatch) -> None:
        """Write the next rows.

        Raises:
            UitfaseringError: they do not fit in a file of this kind.
            OSError: the disk is full, for one.
        """
        kolommen = [
            compact(kolom) if types.is_dictionary(kolom.type) else kolom for kolom in batch.columns
        ]
        self._schrijver.schrijf(pa.RecordBatch.from_arrays(kolommen, schema=self._schema))

    def _maak_schrijver(self) -> Schrijver:
        soort = self._pad.suffix.lower()
        if soort == ".parquet":
            return ParquetUit(self._bestand, self._schema)
        if soort == ".csv":
            return CsvUit(self._bestand, self._schema)
        if soort == ".ndjson":
            return NdjsonUit(self._bestand)
        from uitfasering.bulk.schrijven.xlsx import XlsxUit  # takes long to load

        return XlsxUit(self._bestand, self._schema, str(self._pad), self._tijdelijk.parent)


def _keur(pad: Path, niet: Iterable[Path]) -> None:
    """Whether the file may come there.

    Raises:
        UitfaseringError: it may not; says why.
        OSError: it cannot be written.
    """
    doel = pad.resolve()
    if doel.is_dir():
        raise UitfaseringError(
            f"{pad}: dit is een map. Kies de naam van een bestand, bijvoorbeeld "
            f"{pad / 'uitkomst.csv'}."
        )
    if not doel.parent.is_dir():
        raise UitfaseringError(
            f"{pad}: de map {pad.parent} is er niet. Maak eerst die map, of kies een andere."
        )
    for gelezen in niet:
        if gelezen.is_dir() and doel.is_relative_to(gelezen.resolve()):
            raise UitfaseringError(
                f"{pad}: dit staat in de map {gelezen}, en die wordt gelezen. Kies een naam buiten "
                "die map."
            )
        if doel.exists() and gelezen.exists() and doel.samefile(gelezen):
            raise UitfaseringError(
                f"{pad}: dit is het bestand dat gelezen wordt. Kies een andere naam."
            )
    if doel.exists() and not doel.is_file():
        raise UitfaseringError(f"{pad}: dit is geen gewoon bestand. Kies een andere naam.")
    if doel.exists():
        doel.open("r+b").close()


def _mag_niet(pad: Path) -> UitfaseringError:
    return UitfaseringError(
        f"{pad}: hier kan ik niet schrijven. Kies een andere map of naam. Staat het bestand nog "
        "open in een ander programma, zoals Excel? Sluit het dan eerst."
    )
