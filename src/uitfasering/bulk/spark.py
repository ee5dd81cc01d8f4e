"""The same plan on Spark: the rows stay on the cluster, OPA and the classes stay on the driver.

What comes to the driver is what is distinct: cells by the group of facts they belong to, rows by
what OPA's SQL finds in them, and rows by what they are answered. ``Motor`` judges one row of each.
The workers need neither Python nor OPA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from uitfasering.bulk.antwoorden import SCHEMA, cellen
from uitfasering.bulk.fragment import Fragment, laad_fragment
from uitfasering.bulk.groepen import Feitkolom, Groep, maak_groepen
from uitfasering.bulk.klassen import RIJWAARDEN, ControleMislukt, vragen
from uitfasering.bulk.kolommen import Kolommen, Koppeling, herken
from uitfasering.bulk.maskers import Maskers, maak_plan
from uitfasering.bulk.motor import Motor
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.rijen import telt_mee
from uitfasering.bulk.rijwaarden import RUST_OP
from uitfasering.bulk.uitvoeren import FRAGMENTEN, uitvoerschema, zonder_bsn
from uitfasering.bulk.velden import velden
from uitfasering.bulk.waarden import Lezer
from uitfasering.bulk.woordenboek import LEEG, Codes, Woordenboek
from uitfasering.bundel import bouw_bundel
from uitfasering.errors import UitfaseringError
from uitfasering.paths import project_root

HOOGSTENS = 1_000_000
"""Distinct values that come to the driver, and go out to the workers, of the fields of one group."""

TUSSEN = "tussen_velden"

_KIJKEN = 1_000  # rows looked at for citizen service numbers
_ANDERS = "de rijen waren bij een volgende keer lezen anders; bewaar ze eerst (persist)"


def beoordeel(
    df: DataFrame,
    koppeling: Koppeling | None = None,
    behoud: Sequence[str] = (),
    root: Path | None = None,
) -> DataFrame:
    """Decide every row of a DataFrame.

    ``df`` is read five times, the last when the result is; it must give the same rows each time.

    Args:
        df: rows with the columns of docs/bulk.md.
        koppeling: which column holds what, where that is not clear from its name.
        behoud: columns to keep although they look personal.
        root: the project; the default is the one this package works on.

    Returns:
        The columns that are kept and those that bulk adds (``antwoorden.SCHEMA``, without
        dictionaries), with the partitions of ``df``.

    Raises:
        MessageError: a needed column is missing or is not clear.
        UitfaseringError: a column has too many different values for a field.
        ControleMislukt: the compiled rules and OPA do not agree.
    """
    root = root or project_root()
    koppeling = koppeling or Koppeling()
    kolommen = herken(
        df.columns, root, koppeling=koppeling.kolommen, behoud=behoud, vast=koppeling.vast
    )
    monster = df.select([_naam(naam) for naam in kolommen.behouden]).limit(_KIJKEN).toArrow()
    kolommen, _ = zonder_bsn(kolommen, _een_batch(monster))
    # Names of our own, so that nothing clashes with ours.
    rijen = df.toDF(*(f"k{plaats}" for plaats in range(len(df.columns))))
    with Vraagbaak(bouw_bundel(root)) as vraagbaak:
        fragment = laad_fragment(vraagbaak, root / FRAGMENTEN)
        lezer = Lezer(root, perspectief_apart=kolommen.perspectief_apart)
        lezing = _Lezing(rijen, df.columns, kolommen, vraagbaak, lezer, fragment)
        motor = Motor(vraagbaak, fragment, lezer.lees)
        beslist = _Beslist(lezing, motor, vraagbaak, fragment)
    invoer = [df.columns.index(naam) for naam in kolommen.behouden]
    namen = uitvoerschema(pa.schema([(naam, pa.null()) for naam in kolommen.behouden])).names
    return beslist.rijen.select(
        *(f"k{plaats}" for plaats in invoer), *(_uit(naam) for naam in SCHEMA.names)
    ).toDF(*namen)


@dataclass(frozen=True)
class _Deel:
    """The distinct cells of the fields of one group; ``cellen`` are arrays of one length."""

    nummer: int
    velden: Sequence[str]
    cellen: Mapping[str, pa.Array]

    @property
    def plek(self) -> str:
        """The column that holds, of each row, its place in ``cellen``."""
        return f"g{self.nummer}"


class _Lezing:
    """The cells of all rows, read and turned into facts.

    Attributes:
        rijen: the rows with, of each group, ``g{i}`` (the place of its cells) and ``n{i}`` (the
            number of its combination of values), ``fout`` and ``leeg`` (which cells are faulty or
            absent, as a text) and ``feiten`` (a struct of the facts that rules look at).
    """

    def __init__(
        self,
        rijen: DataFrame,
        namen: Sequence[str],
        kolommen: Kolommen,
        vraagbaak: Vraagbaak,
        lezer: Lezer,
        fragment: Fragment,
    ) -> None:
        self.kolommen = kolommen
        self._vraagbaak = vraagbaak
        self._boeken = {naam: Woordenboek(veld, lezer.lees) for naam, veld in velden().items()}
        self._vast = {n: w for n, w in kolommen.vast.items() if n in self._boeken}
        self._kolom_van = {
            veld: f"k{namen.index(naam)}"
            for veld, naam in kolommen.velden.items()
            if veld in self._boeken
        }
        self.groepen = maak_groepen()
        los = set(velden()).difference(*(groep.velden for groep in self.groepen))
        self.groepen += [Groep([naam], []) for naam in velden() if naam in los]
        self.groep_van = {feit: i for i, groep in enumerate(self.groepen) for feit in groep.feiten}
        self.feiten = sorted({*fragment.feiten, *(feit for _, feit in RUST_OP.values())})
        self._feitkolommen = {
            feit: Feitkolom(self.groepen[self.groep_van[feit]], feit) for feit in self.feiten
        }
        self.delen = self._verschillend(rijen)
        self.rijen = self._gelezen(rijen)

    def _verschillend(self, rijen: DataFrame) -> list[_Deel]:
        """The distinct cells of each group, from two passes over the rows."""
        per_groep = [
            [naam for naam in groep.velden if naam in self._kolom_van] for groep in self.groepen
        ]
        samen = {
            f"g{i}": F.struct(*(F.col(self._kolom_van[naam]).alias(naam) for naam in namen))
            for i, namen in enumerate(per_groep)
            if namen
        }
        aantallen = rijen.agg(
            *(F.approx_count_distinct(kolom).alias(plek) for plek, kolom in samen.items())
        ).toArrow()
        for plek in samen:
            if aantallen.column(plek)[0].as_py() > HOOGSTENS:
                namen = [self.kolommen.velden[naam] for naam in per_groep[int(plek[1:])]]
                raise UitfaseringError(
                    f"Te veel verschillende waarden (meer dan {HOOGSTENS:,}) in: "
                    f"{', '.join(namen)}. Klopt het dat dit de kolom is van "
                    f"{', '.join(per_groep[int(plek[1:])])}?".replace(",0", ".0")
                )
        gevonden = rijen.agg(
            *(F.collect_set(kolom).alias(plek) for plek, kolom in samen.items())
        ).toArrow()
        delen = []
        for i, namen in enumerate(per_groep):
            if namen:
                waarden = _heel(gevonden.column(f"g{i}")).flatten()
                delen.append(_Deel(i, namen, dict(zip(namen, waarden.flatten(), strict=True))))
            else:
                delen.append(_Deel(i, [], {}))
        return delen

    def _gelezen(self, rijen: DataFrame) -> DataFrame:
        feiten: dict[str, Column] = {}
        fout, leeg = [], []
        for deel in self.delen:
            tabel = self._tabel(deel)
            i = deel.nummer
            if deel.velden:
                op = {self._kolom_van[naam]: f"{naam}{i}" for naam in deel.velden}
                rijen = _naast(rijen, tabel, op)
                rijen = rijen.withColumn(deel.plek, _bekend(deel.plek, "int"))
            else:
                # The same in every row.
                enige = tabel.to_pylist()[0]
                rijen = rijen.withColumns(
                    {
                        naam: F.lit(enige[naam]).cast(_SPARK.get(str(soort), str(soort)))
                        for naam, soort in zip(tabel.column_names, tabel.schema.types, strict=True)
                    }
                )
            fout.append(F.col(f"fout{i}"))
            leeg.append(F.col(f"leeg{i}"))
            feiten |= {f: F.col(f"f_{f}") for f in self.groepen[i].feiten if f in self.feiten}
        return rijen.withColumns(
            {
                "fout": F.concat(*fout),
                "leeg": F.concat(*leeg),
                "feiten": F.struct(*(kolom.alias(feit) for feit, kolom in feiten.items())),
            }
        )

    def _tabel(self, deel: _Deel) -> pa.Table:
        """What the cells of a group mean, beside those cells."""
        groep = self.groepen[deel.nummer]
        aantal = len(deel.cellen[deel.velden[0]]) if deel.velden else 1
        codes = {naam: self._boeken[naam].codes(kolom) for naam, kolom in deel.cellen.items()}
        for naam in set(groep.velden) & set(self._vast):
            nummer = self._boeken[naam].nummer(self._vast[naam])
            codes[naam] = np.full(aantal, nummer, dtype=np.int32)
        nummers = groep.codes(codes, self._boeken, aantal)
        groep.vul(self._vraagbaak.feiten_van)
        i = deel.nummer
        return pa.table(
            {
                **{f"{naam}{i}": kolom for naam, kolom in deel.cellen.items()},
                f"g{i}": pa.array(np.arange(aantal, dtype=np.int32)),
                f"n{i}": pa.array(np.asarray(nummers).astype(np.int32)),
                f"fout{i}": self._per_rij(groep, codes, aantal, self._fout),
                f"leeg{i}": self._per_rij(groep, codes, aantal, self._leeg),
                **{
                    f"f_{feit}": self._feitkolommen[feit].van(nummers)
                    for feit in groep.feiten
                    if feit in self.feiten
                },
            }
        )

    def _per_rij(
        self, groep: Groep, codes: Mapping[str, Codes], aantal: int, tekst_van: Any
    ) -> pa.Array:
        teksten = [""] * aantal
        for naam in groep.velden:
            kolom = codes.get(naam, np.full(aantal, LEEG)).tolist()
            per_code = {code: tekst_van(naam, code) for code in set(kolom)}
            teksten = [een + per_code[code] for een, code in zip(teksten, kolom, strict=True)]
        return pa.array(teksten, pa.string())

    def _fout(self, naam: str, code: int) -> str:
        return f"{naam}:{code} " if self._boeken[naam].fouten[code] else ""

    def _leeg(self, naam: str, code: int) -> str:
        return f"{naam} " if code == LEEG and telt_mee(velden()[naam]) else ""

    def cellen(self, eerste: pa.StructArray) -> dict[str, pa.Array]:
        """The cells of some rows by veld, from a struct of the columns ``g{i}``."""
        return {
            naam: deel.cellen[naam].take(eerste.field(deel.plek))
            for deel in self.delen
            for naam in deel.velden
        }

    def feiten_van(self, eerste: pa.StructArray) -> dict[str, pa.Array]:
        """The facts of the same rows."""
        codes = {naam: self._boeken[naam].codes(k) for naam, k in self.cellen(eerste).items()}
        for naam, cel in self._vast.items():
            nummer = self._boeken[naam].nummer(cel)
            codes[naam] = np.full(len(eerste), nummer, dtype=np.int32)
        nummers = [groep.codes(codes, self._boeken, len(eerste)) for groep in self.groepen]
        return {f: k.van(nummers[self.groep_van[f]]) for f, k in self._feitkolommen.items()}

    def eerste(self) -> Column:
        """Where the cells of a row are, as one value; of some rows the lowest."""
        return F.min(F.struct(*(deel.plek for deel in self.delen if deel.velden))).alias("eerste")


class _Beslist:
    """The rows with what was decided: the columns ``_uit(naam)``."""

    def __init__(
        self, lezing: _Lezing, motor: Motor, vraagbaak: Vraagbaak, fragment: Fragment
    ) -> None:
        self._lezing = lezing
        self._motor = motor
        self._plan = maak_plan(fragment)
        self._maskers = Maskers(self._plan, lezing.feiten)
        self._teksten = vraagbaak.waarde("bulk/vragen/gemeenteteksten")
        self._afwijkend = sorted(vraagbaak.waarde("bulk/vragen/afwijkende_gemeenten"))
        soorten = self._met_soort()
        self.rijen = self._met_antwoord(soorten)

    def _met_soort(self) -> DataFrame:
        """The rows with ``soort``: rows of one soort have one class; and what each class asks."""
        rijen = self._lezing.rijen
        regels = {
            # A column a rule: of one large sum Spark would make a Java method that is too long.
            "fouten": self._struct(lambda naam: naam == TUSSEN),
            # Of a faulty row the agreements do not matter.
            "regels": F.when(F.col("fout") == "", self._struct(lambda naam: naam != TUSSEN)),
        }
        # B1-20 rests on the last day itself, which rests on the first.
        eigen = F.col("feiten.gemeente").isin(self._afwijkend)
        apart = {
            "eigen": F.when(eigen, F.col("feiten.gemeente")),
            "eigen_dag": F.when(eigen, F.col("feiten.ingangsdatum")),
        }
        rijen = rijen.withColumns(regels | apart)
        sleutel = ["fout", "leeg", *regels, *apart]
        gevonden = rijen.groupBy(*sleutel).agg(self._lezing.eerste()).toArrow()
        klasse, _ = self._beoordeel(gevonden)
        self._controleer(gevonden)
        gevraagd = [self._gevraagd(nummer) for nummer in range(len(self._motor.klassen))]
        tabel = pa.table(
            {
                **{f"s_{naam}": gevonden.column(naam) for naam in sleutel},
                "soort": pa.array(np.arange(len(klasse), dtype=np.int32)),
                **{
                    f"vraag_{naam}": pa.array([naam in gevraagd[k] for k in klasse], pa.bool_())
                    for naam in RIJWAARDEN
                },
            }
        )
        self._klasse = klasse
        rijen = _naast(rijen, tabel, {naam: f"s_{naam}" for naam in sleutel})
        return rijen.withColumn("soort", _bekend("soort", "int"))

    def _met_antwoord(self, rijen: DataFrame) -> DataFrame:
        op = {
            f"op_{naam}": F.when(
                F.col(f"vraag_{naam}"), F.col(f"n{self._lezing.groep_van[RUST_OP[naam][1]]}")
            )
            for naam in RIJWAARDEN
        }
        rijen = rijen.withColumns(op)
        sleutel = ["soort", *op]
        gevonden = rijen.groupBy(*sleutel).agg(self._lezing.eerste()).toArrow()
        klasse, kolommen = self._beoordeel(gevonden)
        soort = gevonden.column("soort").to_numpy()
        if not np.array_equal(self._klasse[soort], klasse):
            raise _mislukt()
        tabel = pa.table(
            {
                **{f"a_{naam}": gevonden.column(naam) for naam in sleutel},
                **{
                    _uit(naam): kolommen.column(naam).cast(_zonder_codes(SCHEMA.field(naam).type))
                    for naam in SCHEMA.names
                },
            }
        )
        rijen = _naast(rijen, tabel, {naam: f"a_{naam}" for naam in sleutel})
        # Every row has an uitkomst.
        return rijen.withColumn(_uit("uitkomst"), _bekend(_uit("uitkomst"), "string"))

    def _beoordeel(self, gevonden: pa.Table) -> tuple[Codes, pa.RecordBatch]:
        """The classes and the answers of some rows."""
        if not len(gevonden):
            return np.zeros(0, dtype=np.int32), pa.RecordBatch.from_pylist([], schema=SCHEMA)
        kolommen = self._lezing.kolommen
        oordeel = self._motor.beoordeel(
            self._lezing.cellen(_heel(gevonden.column("eerste"))),
            len(gevonden),
            vast={n: w for n, w in kolommen.vast.items() if n in self._motor.velden},
            namen=kolommen.velden,
        )
        return oordeel.klasse, oordeel.kolommen

    def _struct(self, hoort: Callable[[str], bool]) -> Column:
        """Which rules hold of some sets, as a struct of booleans ``r{number}``."""
        return F.struct(
            *(
                F.expr(sql).alias(f"r{nummer}")
                for nummer, naam, sql in self._regels()
                if hoort(naam)
            )
        )

    def _regels(self) -> Iterator[tuple[int, str, str]]:
        """Of each rule its bit over all words of the plan, its set and its SQL."""
        for i, (leden, sqls) in enumerate(
            zip(self._plan.leden, self._plan.voorwaarden, strict=True)
        ):
            for bit, ((naam, _), sql) in enumerate(zip(leden, sqls, strict=True)):
                yield 64 * i + bit, naam, sql

    def _controleer(self, gevonden: pa.Table) -> None:
        """Whether Spark found in these rows what DuckDB finds."""
        if not len(gevonden):
            return
        woorden = self._maskers.bereken(self._lezing.feiten_van(_heel(gevonden.column("eerste"))))
        delen = {deel: _heel(gevonden.column(deel)) for deel in ("fouten", "regels")}
        for nummer, naam, _ in self._regels():
            deel = delen["fouten" if naam == TUSSEN else "regels"]
            spark = deel.field(f"r{nummer}").filter(deel.is_valid())
            duckdb = pa.array(woorden[nummer // 64] >> nummer % 64 & 1).filter(deel.is_valid())
            if not spark.equals(duckdb.cast(pa.bool_())):
                raise _mislukt()

    def _gevraagd(self, klasse: int) -> set[str]:
        """What fills the open places of a class."""
        teksten = cellen(self._motor.klassen[klasse].sjabloon).values()
        return set().union(*(vragen(tekst, self._teksten) for tekst in teksten))


_SPARK = {"int32": "int", "date32[day]": "date", "bool": "boolean"}


def _naast(rijen: DataFrame, tabel: pa.Table, op: Mapping[str, str]) -> DataFrame:
    """The rows with the columns of a table beside them.

    ``op``: the columns of the rows to those of the table they are equal to; null equals null.
    """
    rechts = rijen.sparkSession.createDataFrame(tabel)
    if len(tabel) <= HOOGSTENS:
        rechts = F.broadcast(rechts)
    gelijk = reduce(
        Column.__and__,
        (F.col(links).eqNullSafe(F.col(ander)) for links, ander in op.items()),
    )
    return rijen.join(rechts, gelijk, "left").drop(*op.values())


def _bekend(naam: str, soort: str) -> Column:
    """A column that no row may lack."""
    return F.coalesce(F.col(naam), F.raise_error(F.lit(_ANDERS)).cast(soort))


def _uit(naam: str) -> str:
    return f"uit_{naam}"


def _naam(kolom: str) -> Column:
    """A column by its literal name."""
    return F.col("`" + kolom.replace("`", "``") + "`")


def _heel(kolom: pa.ChunkedArray) -> pa.Array:
    gevonden = kolom.combine_chunks()
    return gevonden.combine_chunks() if isinstance(gevonden, pa.ChunkedArray) else gevonden


def _een_batch(tabel: pa.Table) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [_heel(kolom) for kolom in tabel.columns], schema=tabel.schema
    )


def _zonder_codes(soort: pa.DataType) -> pa.DataType:
    return soort.value_type if pa.types.is_dictionary(soort) else soort


def _mislukt() -> ControleMislukt:
    return ControleMislukt(
        "De controle van bulk klopt niet, er is niets beslist: Spark vindt iets anders dan DuckDB. "
        "Meld dit aan de makers."
    )
