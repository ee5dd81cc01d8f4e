"""The same plan on Spark: the rows stay on the cluster, OPA and the classes stay on the driver.

What comes to the driver is what is distinct: cells, rows by what OPA's SQL finds in them, and rows
by what they are answered. ``Motor`` judges one row of each. Workers need neither Python nor OPA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from uitfasering.bulk.antwoorden import SCHEMA, cellen
from uitfasering.bulk.fragment import laad_fragment
from uitfasering.bulk.groepen import feitenschema
from uitfasering.bulk.klassen import RIJWAARDEN, ControleMislukt, vragen
from uitfasering.bulk.kolommen import Koppeling, herken
from uitfasering.bulk.lezing import Lezing
from uitfasering.bulk.maskers import Maskers, Plan, maak_plan
from uitfasering.bulk.motor import Motor
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.rijwaarden import RUST_OP
from uitfasering.bulk.sparkcellen import Cellen, bekend, heel, naast
from uitfasering.bulk.uitvoeren import FRAGMENTEN, uitvoerschema, zonder_bsn
from uitfasering.bulk.waarden import Lezer
from uitfasering.bundel import bouw_bundel
from uitfasering.paths import project_root

_KIJKEN = 1_000  # rows looked at for citizen service numbers
_TUSSEN_VELDEN = "tussen_velden"


def beoordeel(
    df: DataFrame,
    koppeling: Koppeling | None = None,
    behoud: Sequence[str] = (),
    root: Path | None = None,
) -> DataFrame:
    """Decide every row of a DataFrame.

    ``df`` is read six times, the last time with the result; it must give the same rows each time.

    Args:
        df: rows with the columns of docs/bulk.md.
        koppeling: which column holds what, where that is not clear from its name.
        behoud: columns to keep although they look personal.
        root: the project; the default is the one this package works on.

    Returns:
        The columns that are kept and those that bulk adds (``antwoorden.SCHEMA``, texts without a
        dictionary), in the partitions of ``df``.

    Raises:
        MessageError: a needed column is missing or is not clear.
        UitfaseringError: the column of a field has too many different values.
        ControleMislukt: the compiled rules and OPA do not agree.
    """
    root = root or project_root()
    koppeling = koppeling or Koppeling()
    kolommen = herken(
        df.columns, root, koppeling=koppeling.kolommen, behoud=behoud, vast=koppeling.vast
    )
    # Names of our own, so that none of the file's clashes with ours.
    rijen = df.toDF(*(f"k{plaats}" for plaats in range(len(df.columns))))
    kolommen, _ = zonder_bsn(kolommen, _monster(rijen, df.columns, kolommen.behouden))
    with Vraagbaak(bouw_bundel(root)) as vraagbaak:
        fragment = laad_fragment(vraagbaak, root / FRAGMENTEN)
        lezer = Lezer(root, perspectief_apart=kolommen.perspectief_apart)
        gelezen = Cellen(rijen, df.columns, kolommen, Lezing(vraagbaak, lezer.lees))
        motor = Motor(vraagbaak, fragment, lezer.lees)
        beslist = _Beslist(gelezen, motor, kolommen.velden, vraagbaak, maak_plan(fragment)).rijen
    behouden = [f"k{df.columns.index(naam)}" for naam in kolommen.behouden]
    namen = uitvoerschema(pa.schema([(naam, pa.string()) for naam in kolommen.behouden])).names
    return beslist.select(*behouden, *map(_uit, SCHEMA.names)).toDF(*namen)


class _Beslist:
    """Judges the rows.

    Attributes:
        rijen: the rows, with what was decided in columns ``_uit(naam)``.
    """

    def __init__(
        self,
        gelezen: Cellen,
        motor: Motor,
        namen: Mapping[str, str],
        vraagbaak: Vraagbaak,
        plan: Plan,
    ) -> None:
        self._gelezen = gelezen
        self._motor = motor
        self._namen = namen
        self._plan = plan
        self._teksten = vraagbaak.waarde("bulk/vragen/gemeenteteksten")
        self._afwijkend = sorted(vraagbaak.waarde("bulk/vragen/afwijkende_gemeenten"))
        self.rijen = self._met_antwoord(*self._met_soort())

    def _met_soort(self) -> tuple[DataFrame, npt.NDArray[np.int32]]:
        """The rows with their ``soort`` and what it asks; and the class of each soort."""
        sleutel = {
            "fout": F.col("fout"),
            "leeg": F.col("leeg"),
            "fouten": self._houdt(lambda verzameling: verzameling == _TUSSEN_VELDEN),
            # Of a faulty row the agreements do not matter.
            "regels": F.when(
                F.col("fout") == "", self._houdt(lambda verzameling: verzameling != _TUSSEN_VELDEN)
            ),
            # B1-20 rests on the last day itself, which rests on the first. (zip_with also keeps
            # Spark from making one Java method of these columns, which would be too long.)
            "eigen": F.zip_with(
                F.array("feiten.gemeente"),
                F.array("feiten.ingangsdatum"),
                lambda gemeente, dag: F.when(
                    gemeente.isin(self._afwijkend), F.concat(gemeente, dag.cast("string"))
                ),
            )[0],
        }
        rijen = self._gelezen.rijen.withColumns(sleutel)
        gevonden = self._verschillend(rijen, sleutel)
        klasse, _ = self._beoordeel(gevonden)
        self._controleer(gevonden)
        gevraagd = [self._gevraagd(nummer) for nummer in range(len(self._motor.klassen))]
        vraag = {naam: [naam in gevraagd[nummer] for nummer in klasse] for naam in RIJWAARDEN}
        tabel = pa.table(
            {
                **{f"bij_{naam}": gevonden.column(naam) for naam in sleutel},
                "soort": pa.array(np.arange(len(klasse), dtype=np.int32)),
                **{f"vraag_{naam}": pa.array(ja_nee, pa.bool_()) for naam, ja_nee in vraag.items()},
            }
        )
        rijen = naast(rijen, tabel, {naam: f"bij_{naam}" for naam in sleutel})
        return rijen.withColumn("soort", bekend("soort", "int")), klasse

    def _met_antwoord(self, rijen: DataFrame, klasse_van_soort: npt.NDArray[np.int32]) -> DataFrame:
        groep_van = self._gelezen.lezing.groep_van
        sleutel = {
            f"op_{naam}": F.when(
                F.col(f"vraag_{naam}"), F.col(f"nummer{groep_van[RUST_OP[naam][1]]}")
            )
            for naam in RIJWAARDEN
        }
        rijen = rijen.withColumns(sleutel)
        gevonden = self._verschillend(rijen, ["soort", *sleutel])
        klasse, antwoord = self._beoordeel(gevonden)
        if not np.array_equal(klasse_van_soort[gevonden.column("soort").to_numpy()], klasse):
            raise _mislukt()
        tabel = pa.table(
            {
                **{f"bij_{naam}": gevonden.column(naam) for naam in ("soort", *sleutel)},
                **{
                    _uit(naam): kolom.cast(_zonder_codes(kolom.type))
                    for naam, kolom in zip(SCHEMA.names, antwoord.columns, strict=True)
                },
            }
        )
        rijen = naast(rijen, tabel, {naam: f"bij_{naam}" for naam in ("soort", *sleutel)})
        # Every row has an uitkomst.
        return rijen.withColumn(_uit("uitkomst"), bekend(_uit("uitkomst"), "string"))

    def _verschillend(
        self, rijen: DataFrame, sleutel: Mapping[str, Column] | Sequence[str]
    ) -> pa.Table:
        """The distinct values of some columns, and of each where the cells of a row are."""
        return rijen.groupBy(*sleutel).agg(self._gelezen.eerste().alias("eerste")).toArrow()

    def _beoordeel(self, gevonden: pa.Table) -> tuple[npt.NDArray[np.int32], pa.RecordBatch]:
        """The class and the answer of one row of each."""
        if not len(gevonden):
            return np.zeros(0, dtype=np.int32), pa.RecordBatch.from_pylist([], schema=SCHEMA)
        oordeel = self._motor.beoordeel(
            self._gelezen.cellen(heel(gevonden.column("eerste"))),
            len(gevonden),
            vast=self._gelezen.vast,
            namen=self._namen,
        )
        return oordeel.klasse, oordeel.kolommen

    def _houdt(self, hoort: Callable[[str], bool]) -> Column:
        """Which rules of some sets hold: a text with 1 or 0 for each."""
        regels = [sql for verzameling, _, sql in self._regels() if hoort(verzameling)]
        return F.concat(*(F.expr(f"CASE WHEN {sql} THEN '1' ELSE '0' END") for sql in regels))

    def _regels(self) -> Iterator[tuple[str, tuple[int, int], str]]:
        """Of each rule its set, its word and bit in the plan, and its SQL."""
        for woord, (leden, sqls) in enumerate(
            zip(self._plan.leden, self._plan.voorwaarden, strict=True)
        ):
            for bit, ((verzameling, _), sql) in enumerate(zip(leden, sqls, strict=True)):
                yield verzameling, (woord, bit), sql

    def _controleer(self, gevonden: pa.Table) -> None:
        """See that Spark found in these rows what DuckDB finds."""
        lezing = self._gelezen.lezing
        aantal = len(gevonden)
        if not aantal:
            return
        kolommen = self._gelezen.cellen(heel(gevonden.column("eerste")))
        nummers = lezing.nummers(lezing.codes(kolommen, aantal, self._gelezen.vast), aantal)
        alle = sorted(feitenschema())
        woorden = Maskers(self._plan, alle).bereken(lezing.feiten(alle, nummers))
        for naam, fouten in (("fouten", True), ("regels", False)):
            plekken = [
                plek for soort, plek, _ in self._regels() if (soort == _TUSSEN_VELDEN) == fouten
            ]
            bits = np.array([(woorden[woord] >> bit) & 1 for woord, bit in plekken]).T
            for spark, duckdb in zip(gevonden.column(naam).to_pylist(), bits, strict=True):
                if spark is not None and spark != "".join(map(str, duckdb)):
                    raise _mislukt()

    def _gevraagd(self, klasse: int) -> set[str]:
        """What fills the open places of a class."""
        teksten = cellen(self._motor.klassen[klasse].sjabloon).values()
        return set().union(*(vragen(tekst, self._teksten) for tekst in teksten))


def _monster(rijen: DataFrame, alle: Sequence[str], namen: Sequence[str]) -> pa.RecordBatch:
    """Some cells of the columns ``namen``."""
    tabel = rijen.select(*(f"k{alle.index(naam)}" for naam in namen)).limit(_KIJKEN).toArrow()
    return pa.RecordBatch.from_arrays([heel(kolom) for kolom in tabel.columns], names=list(namen))


def _uit(naam: str) -> str:
    return f"uit_{naam}"


def _zonder_codes(soort: pa.DataType) -> pa.DataType:
    return soort.value_type if pa.types.is_dictionary(soort) else soort


def _mislukt() -> ControleMislukt:
    return ControleMislukt(
        "De controle van bulk klopt niet, er is niets beslist: Spark vindt iets anders dan OPA's "
        "regels in DuckDB. Meld dit aan de makers."
    )
