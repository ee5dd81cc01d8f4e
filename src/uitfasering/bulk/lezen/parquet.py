"""Parquet, a row group at a time; text whose values come back stays codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from uitfasering.bulk.lezen.model import CODES, MAX_RIJEN, TEKST, Bestand, fout, tekst_soort
from uitfasering.bulk.lezen.soorten import gewone_soorten

_PROEF = 4_000


class ParquetBestand:
    """One Parquet file, with columns of any type that holds a single value."""

    soort = "parquet"

    def __init__(self, pad: Path, naam: str) -> None:
        self._pad = pad
        self._naam = naam
        self.rijen: int | None
        teksten, self.rijen = self._teksten()
        self._codes = [kolom for kolom, soort in teksten.items() if soort == CODES]
        with self._open(self._codes) as bestand:
            self.schema = gewone_soorten(naam, bestand.schema_arrow)
        self.bestanden: tuple[Bestand, ...] = (Bestand.van_pad(pad, naam),)
        self.opmerkingen: tuple[str, ...] = ()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in order; can be called once.

        Raises:
            MessageError: the file is damaged further on.
        """
        with self._open(self._codes) as bestand:
            for batch in bestand.iter_batches(MAX_RIJEN):
                batch.validate(full=True)  # a damaged page can be text that is no text
                yield batch.cast(self.schema)

    def plaats(self, rij: int) -> str:
        """The number of this row (from 0) in the file, from 1."""
        return f"{self._naam}, rij {rij + 1}"

    def _teksten(self) -> tuple[dict[str, pa.DataType], int]:
        """For each column of texts how it is best read; and the number of rows."""
        with self._open([]) as bestand:
            schema = gewone_soorten(self._naam, bestand.schema_arrow)
            teksten = [veld.name for veld in schema if veld.type == TEKST]
            proef = next(bestand.iter_batches(_PROEF, columns=teksten), None) if teksten else None
            if proef is not None:
                proef.validate(full=True)
            soorten = {
                kolom: CODES if proef is None else tekst_soort(proef.column(kolom).to_pylist())
                for kolom in teksten
            }
            return soorten, bestand.metadata.num_rows

    @contextmanager
    def _open(self, codes: list[str]) -> Iterator[pq.ParquetFile]:
        """The file, with these columns as codes; what goes wrong is said in words."""
        try:
            with pq.ParquetFile(
                self._pad, read_dictionary=codes, page_checksum_verification=True
            ) as bestand:
                yield bestand
            return
        except (pa.ArrowException, OSError) as error:
            versleuteld = "encrypt" in str(error).lower()
        if versleuteld:
            raise fout(
                self._naam,
                "Dit Parquet-bestand is versleuteld.",
                "Bewaar het zonder versleuteling.",
            )
        raise fout(
            self._naam,
            "Dit Parquet-bestand is beschadigd of niet compleet.",
            "Maak of kopieer het bestand opnieuw.",
        )
