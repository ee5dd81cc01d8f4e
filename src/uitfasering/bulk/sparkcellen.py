"""The cells of a Spark DataFrame: the distinct ones read, and beside each row what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from uitfasering.bulk.groepen import feitenschema
from uitfasering.bulk.kolommen import Kolommen
from uitfasering.bulk.lezing import Lezing
from uitfasering.bulk.rijen import telt_mee
from uitfasering.bulk.velden import velden
from uitfasering.bulk.woordenboek import LEEG, Codes
from uitfasering.errors import UitfaseringError

HOOGSTENS = 1_000_000
"""Rows of a table that goes to every worker; also distinct cells of the fields of one group."""

_ANDERS = "de rijen waren bij een volgende keer lezen anders; bewaar ze eerst (persist)"


@dataclass(frozen=True)
class Deel:
    """The distinct cells of fields whose facts rest on them together.

    Attributes:
        nummer: of the part.
        velden: the fields, also those that the file does not have.
        cellen: of each field that the file has, its cells; arrays of one length.
    """

    nummer: int
    velden: Sequence[str]
    cellen: Mapping[str, pa.Array]

    @property
    def aantal(self) -> int:
        """How many distinct combinations of cells there are."""
        return min((len(kolom) for kolom in self.cellen.values()), default=1)

    @property
    def plek(self) -> str:
        """The column with the place of each row's cells in ``cellen``."""
        return f"plek{self.nummer}"


class Cellen:
    """The cells of all rows, read and turned into facts.

    Attributes:
        rijen: the rows, with of each part ``plek{i}`` and ``nummer{i}`` (of the values that its
            cells stand for), ``fout`` and ``leeg`` (which cells are faulty or absent, as a text)
            and ``feiten`` (a struct of every fact).

    Args:
        rijen: the rows, with columns ``k0``, ``k1``, …
        namen: what those columns are called.
        kolommen: which of them holds which field.
        lezing: reads cells.
    """

    def __init__(
        self, rijen: DataFrame, namen: Sequence[str], kolommen: Kolommen, lezing: Lezing
    ) -> None:
        self.lezing = lezing
        self.vast = {n: waarde for n, waarde in kolommen.vast.items() if n in lezing.boeken}
        self._namen = kolommen.velden
        self._kolom_van = {
            veld: f"k{namen.index(naam)}"
            for veld, naam in kolommen.velden.items()
            if veld in lezing.boeken
        }
        self._delen = self._verschillend(rijen)
        self.rijen = self._gelezen(rijen)

    def eerste(self) -> Column:
        """Where the cells of a row are, as one value; of some rows the lowest."""
        return F.min(F.struct(*(deel.plek for deel in self._delen if deel.cellen)))

    def cellen(self, plekken: pa.StructArray) -> dict[str, pa.Array]:
        """The cells of rows, by field; ``plekken`` is what ``eerste`` gave."""
        return {
            naam: kolom.take(plekken.field(deel.plek))
            for deel in self._delen
            for naam, kolom in deel.cellen.items()
        }

    def _verschillend(self, rijen: DataFrame) -> list[Deel]:
        """The distinct cells of each part, from two passes over the rows."""
        samen = [groep.velden for groep in self.lezing.groepen]
        zonder_feit = [naam for naam in velden() if not any(naam in deel for deel in samen)]
        samen += [(naam,) for naam in zonder_feit]
        structs = {
            f"deel{i}": F.struct(
                *(F.col(self._kolom_van[n]).alias(n) for n in deel if n in self._kolom_van)
            )
            for i, deel in enumerate(samen)
            if not self._kolom_van.keys().isdisjoint(deel)
        }
        geteld = rijen.agg(*(F.approx_count_distinct(s).alias(n) for n, s in structs.items()))
        self._begrens(geteld.toArrow().to_pylist()[0], samen)
        gevonden = rijen.agg(*(F.collect_set(s).alias(n) for n, s in structs.items())).toArrow()
        delen = []
        for i, deel in enumerate(samen):
            cellen: dict[str, pa.Array] = {}
            if f"deel{i}" in structs:
                waarden = heel(gevonden.column(f"deel{i}")).flatten()
                namen = [veld.name for veld in waarden.type]
                cellen = dict(zip(namen, waarden.flatten(), strict=True))
            delen.append(Deel(i, deel, cellen))
        return delen

    def _begrens(self, aantallen: Mapping[str, int], samen: Sequence[Sequence[str]]) -> None:
        for naam, aantal in aantallen.items():
            if aantal > HOOGSTENS:
                deel = [veld for veld in samen[int(naam[4:])] if veld in self._kolom_van]
                kolommen = ", ".join(self._namen[veld] for veld in deel)
                raise UitfaseringError(
                    f"In de kolom {kolommen} staan te veel verschillende waarden voor "
                    f"{', '.join(deel)}. Geef met koppeling aan welke kolom het is."
                )

    def _gelezen(self, rijen: DataFrame) -> DataFrame:
        for deel in self._delen:
            tabel = self._tabel(deel)
            if deel.cellen:
                op = {self._kolom_van[naam]: f"cel_{naam}" for naam in deel.cellen}
                rijen = naast(rijen, tabel, op)
                rijen = rijen.withColumn(deel.plek, bekend(deel.plek, "int"))
            else:
                in_elke = rijen.sparkSession.createDataFrame(tabel)
                waarden = in_elke.collect()[0].asDict()
                # As text: pyspark cannot pass on a day in the year 1.
                rijen = rijen.withColumns(
                    {v.name: F.lit(str(waarden[v.name])).cast(v.dataType) for v in in_elke.schema}
                )
        nummers = [deel.nummer for deel in self._delen]
        return rijen.withColumns(
            {
                "fout": F.concat(*(f"fout{i}" for i in nummers)),
                "leeg": F.concat(*(f"leeg{i}" for i in nummers)),
                "feiten": F.struct(*(F.col(f"feit_{naam}").alias(naam) for naam in feitenschema())),
            }
        )

    def _tabel(self, deel: Deel) -> pa.Table:
        """The cells of a part and, beside them, what they mean."""
        aantal, i = deel.aantal, deel.nummer
        vast = {naam: cel for naam, cel in self.vast.items() if naam in deel.velden}
        codes = self.lezing.codes(deel.cellen, aantal, vast)
        nummers = self.lezing.nummers(codes, aantal)
        groepen = self.lezing.groepen
        feiten = groepen[i].feiten if i < len(groepen) else ()
        eigen = nummers[i] if i < len(groepen) else np.zeros(aantal, dtype=np.int32)
        return pa.table(
            {
                **{f"cel_{naam}": kolom for naam, kolom in deel.cellen.items()},
                deel.plek: pa.array(np.arange(aantal, dtype=np.int32)),
                f"nummer{i}": pa.array(eigen.astype(np.int32)),
                f"fout{i}": self._samen(deel, codes, self._fout),
                f"leeg{i}": self._samen(deel, codes, self._leeg),
                **{
                    f"feit_{naam}": kolom
                    for naam, kolom in self.lezing.feiten(feiten, nummers).items()
                },
            }
        )

    @staticmethod
    def _samen(
        deel: Deel, codes: Mapping[str, Codes], tekst: Callable[[str, int], str]
    ) -> pa.Array:
        """Of each combination the texts of its cells, after each other."""
        gevonden = [""] * deel.aantal
        for naam in deel.velden:
            kolom = codes[naam].tolist() if naam in codes else [LEEG] * deel.aantal
            per_code = {code: tekst(naam, code) for code in set(kolom)}
            gevonden = [een + per_code[code] for een, code in zip(gevonden, kolom, strict=True)]
        return pa.array(gevonden, pa.string())

    def _fout(self, naam: str, code: int) -> str:
        return f"{naam}:{code} " if self.lezing.boeken[naam].fouten[code] else ""

    @staticmethod
    def _leeg(naam: str, code: int) -> str:
        return f"{naam} " if code == LEEG and telt_mee(velden()[naam]) else ""


def naast(rijen: DataFrame, tabel: pa.Table, op: Mapping[str, str]) -> DataFrame:
    """The rows with the columns of a table beside them, and the partitions as they were.

    Args:
        rijen: the rows.
        tabel: what to put beside them; above HOOGSTENS rows Spark may move the rows for it.
        op: the columns of the rows to those of the table that they are equal to; null is equal to
            null.
    """
    rechts = rijen.sparkSession.createDataFrame(tabel)
    if len(tabel) <= HOOGSTENS:
        rechts = F.broadcast(rechts)
    gelijk = (F.col(links).eqNullSafe(F.col(ander)) for links, ander in op.items())
    return rijen.join(rechts, reduce(Column.__and__, gelijk), "left").drop(*op.values())


def bekend(naam: str, soort: str) -> Column:
    """A column that has a value in every row, or Spark stops."""
    return F.coalesce(F.col(naam), F.raise_error(F.lit(_ANDERS)).cast(soort))


def heel(kolom: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return pa.concat_arrays(kolom.chunks) if kolom.num_chunks else pa.array([], kolom.type)
