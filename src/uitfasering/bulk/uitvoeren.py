"""One run of bulk: files in, files out, and what is to be said of it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from uitfasering.bulk.aanvulling import lees_aanvulling
from uitfasering.bulk.antwoorden import SCHEMA
from uitfasering.bulk.bron import Bestand, Bron, open_bron
from uitfasering.bulk.fragment import laad_fragment
from uitfasering.bulk.klassen import ControleMislukt
from uitfasering.bulk.kolommen import Kolommen, Koppeling, herken, lijkt_op_bsn
from uitfasering.bulk.motor import Motor
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.steekproef import Steekproef
from uitfasering.bulk.stroom import Blok, Vooruit, oordelen
from uitfasering.bulk.velden import SLEUTELS
from uitfasering.bulk.waarden import Lezer
from uitfasering.bundel import bouw_bundel
from uitfasering.paths import project_root
from uitfasering.weergave.veilig import schoon

FRAGMENTEN = Path("build") / "bulk"
"""Where the compiled rules are kept, a file a revision."""

VOORVOEGSEL = "besluit_"
"""Before the names of the added columns when the file has one of them already."""

_VOORUIT = 1
_PROEF = 1_000


@dataclass(frozen=True)
class Doelen:
    """What a run writes; None: not.

    Attributes:
        uit: the rows (.csv, .parquet, .ndjson or .xlsx).
        rapport: the Excel report.
        samenvatting: the HTML summary.
        per_aanbieder: the folder with a file per provider.
        vraag_aanvulling: the sheet with what is missing and decides something.
    """

    uit: Path | None = None
    rapport: Path | None = None
    samenvatting: Path | None = None
    per_aanbieder: Path | None = None
    vraag_aanvulling: Path | None = None


@dataclass(frozen=True)
class Opties:
    """What was asked of a run.

    Attributes:
        koppeling: which columns hold what, said by the user.
        behoud: columns to keep although they look personal.
        aanvulling: a sheet with what the files do not hold.
        controle: how many random rows are asked of OPA one by one.
        voortgang: told the rows so far, and how many there are (None: unknown).
    """

    koppeling: Koppeling = field(default_factory=Koppeling)
    behoud: Sequence[str] = ()
    aanvulling: Path | None = None
    controle: int = 0
    voortgang: Callable[[int, int | None], None] = lambda _rijen, _totaal: None


@dataclass
class Verloop:
    """What happened in a run; counts are of rows.

    Attributes:
        uitkomsten: by uitkomst.
        onbekende_codes: by product code that is not in the catalogue.
        ontbreekt: by what is missing and decides something, parted by spaces.
        klassen: classes of which a representative was asked of OPA.
        gecontroleerd: random rows asked of OPA besides.
        meldingen: what the user should know, in Dutch.
    """

    begin: datetime.datetime
    bestanden: Sequence[Bestand]
    revisie: str
    rijen: int = 0
    uitkomsten: Counter[str] = field(default_factory=Counter)
    onbekende_codes: Counter[str] = field(default_factory=Counter)
    ontbreekt: Counter[str] = field(default_factory=Counter)
    klassen: int = 0
    gecontroleerd: int = 0
    meldingen: list[str] = field(default_factory=list)
    seconden: float = 0.0

    @property
    def ongeldig(self) -> int:
        """Rows that could not be judged."""
        return self.uitkomsten["ONGELDIGE_INVOER"]

    def klok(self) -> None:
        """Note how long it has taken so far."""
        nu = datetime.datetime.now(datetime.timezone.utc)
        self.seconden = (nu - self.begin).total_seconds()


def voer_uit(
    paden: Sequence[Path], doelen: Doelen, opties: Opties, root: Path | None = None
) -> Verloop:
    """Decide every row of some files and write them, with what was decided.

    Args:
        paden: files or folders (``bron.open_bron``).
        doelen: what to write; rows are in the order of ``paden``.
        opties: what else was asked.
        root: the project; the default is the one this package works on.

    Raises:
        UitfaseringError: it did not work out; nothing was written, what was there stays.
    """
    # Reports are not needed for tables.
    from uitfasering.bulk.doelen import open_doelen
    from uitfasering.bulk.klaarzetten import keur_doelen, klaargezet

    root = root or project_root()
    keur_doelen(doelen, [*paden, *([opties.aanvulling] if opties.aanvulling else [])])
    with klaargezet(doelen) as klaar, ExitStack() as stapel:
        bron = open_bron(paden, root)
        stapel.enter_context(_met_plaats(bron))
        run = Run(bron, opties, root, stapel)
        schrijvers = open_doelen(klaar, run, stapel)
        for blok in stapel.enter_context(Vooruit(run.blokken(), _VOORUIT)):
            for schrijver in schrijvers:
                schrijver.neem(blok)
            opties.voortgang(run.verloop.rijen, bron.rijen)
        for schrijver in schrijvers:
            schrijver.klaar(run)
        run.verloop.klok()
        return run.verloop


@contextmanager
def _met_plaats(bron: Bron) -> Iterator[None]:
    """Say where the row stands that shows that bulk and OPA do not agree."""
    try:
        yield
    except ControleMislukt as error:
        if error.rij is None:
            raise
        plaats = bron.plaats(error.rij)
        raise ControleMislukt(f"{error} Die rij staat hier: {plaats}.", error.rij) from error


class Run:
    """The rows of a source, decided; counts as it goes.

    Args:
        bron: where the rows come from.
        opties: what was asked.
        root: the project.
        stapel: closes what the run opens.
    """

    def __init__(self, bron: Bron, opties: Opties, root: Path, stapel: ExitStack) -> None:
        begin = datetime.datetime.now(datetime.timezone.utc)
        kolommen = herken(
            bron.kolommen,
            root,
            koppeling=opties.koppeling.kolommen,
            behoud=opties.behoud,
            vast=opties.koppeling.vast,
            bestand=bron.bestanden[0].naam if bron.bestanden else "",
        )
        batches = bron.batches()
        eerste = next(batches, None)
        self.kolommen, meldingen = zonder_bsn(kolommen, eerste)
        self._batches = _weer_voor(eerste, batches)
        self.aanvulling = (
            lees_aanvulling(opties.aanvulling, root, self.kolommen) if opties.aanvulling else None
        )
        self.vraagbaak = stapel.enter_context(Vraagbaak(bouw_bundel(root)))
        fragment = laad_fragment(self.vraagbaak, root / FRAGMENTEN)
        lezer = Lezer(root, perspectief_apart=self.kolommen.perspectief_apart)
        self.fragment = fragment
        self.lees = lezer.lees
        self.motor = Motor(self.vraagbaak, fragment, lezer.lees)
        self.root = root
        self._steekproef = Steekproef(opties.controle)
        self._bekende_codes = frozenset(self.vraagbaak.waarde("bulk/vragen/bekende_codes"))
        self._bron = bron
        self.invoer = pa.schema([bron.schema.field(naam) for naam in self.kolommen.behouden])
        self.verloop = Verloop(
            begin,
            bron.bestanden,
            self.vraagbaak.revisie,
            meldingen=[
                *bron.opmerkingen,
                *self.kolommen.meldingen,
                *self.kolommen.over_ontbrekend(self.aanvulling.velden if self.aanvulling else ()),
                *meldingen,
            ],
        )

    def blokken(self) -> Iterator[Blok]:
        """Every row, in order; the checks are done when it ends."""
        vul = self.aanvulling.vul if self.aanvulling else None
        for blok in oordelen(self._batches, self.kolommen, self.motor, vul):
            self._tel(blok)
            self._steekproef.neem(blok)
            yield blok
        if self.aanvulling:
            self.verloop.meldingen += self.aanvulling.meldingen()
        self.verloop.klassen = len(self.motor.klassen)
        self.verloop.gecontroleerd = self._steekproef.controleer(self.vraagbaak)
        self.verloop.klok()

    def _tel(self, blok: Blok) -> None:
        self.verloop.rijen += len(blok.invoer)
        self.verloop.uitkomsten.update(_geteld(blok.oordeel.kolommen.column("uitkomst")))
        self.verloop.ontbreekt.update(_geteld(blok.oordeel.kolommen.column("ontbreekt")))
        codes = _geteld(blok.oordeel.code)
        self.verloop.onbekende_codes.update(
            {code: keer for code, keer in codes.items() if code not in self._bekende_codes}
        )


def uitvoerschema(invoer: pa.Schema) -> pa.Schema:
    """The columns of the output: those of the input that are kept, and what bulk adds."""
    dubbel = set(invoer.names) & set(SCHEMA.names)
    voor = VOORVOEGSEL if dubbel else ""
    toegevoegd = [pa.field(f"{voor}{veld.name}", veld.type) for veld in SCHEMA]
    return pa.schema([*invoer, *toegevoegd])


def samen(blok: Blok, schema: pa.Schema) -> pa.RecordBatch:
    """The rows of a block with what was decided about them, as ``uitvoerschema`` says."""
    kolommen = [*blok.invoer.columns, *blok.oordeel.kolommen.columns]
    return pa.RecordBatch.from_arrays(kolommen, schema=schema)


def _geteld(kolom: pa.DictionaryArray) -> Mapping[str, int]:
    """How often each text occurs."""
    aantallen = np.bincount(kolom.indices.drop_null().to_numpy()).tolist()
    teksten: list[Any] = kolom.dictionary.to_pylist()
    return {
        tekst: keer
        for tekst, keer in zip(teksten, aantallen, strict=False)
        if keer and tekst is not None
    }


def zonder_bsn(kolommen: Kolommen, batch: pa.RecordBatch | None) -> tuple[Kolommen, list[str]]:
    """Leave out columns whose cells look like citizen service numbers, whatever they are called."""
    if batch is None:
        return kolommen, []
    # What a veld holds is no number of nine digits; a key can be one.
    gelezen = {naam for veld, naam in kolommen.velden.items() if veld not in SLEUTELS}
    verdacht = [
        naam
        for naam in kolommen.behouden
        if naam not in gelezen and lijkt_op_bsn(_eerste_cellen(batch.column(naam)))
    ]
    return kolommen.zonder(verdacht), [
        f'De kolom "{schoon(naam)}" lijkt op burgerservicenummers en is weggelaten.'
        for naam in verdacht
    ]


def _eerste_cellen(kolom: pa.Array) -> Sequence[object]:
    """The first cells with something in them."""
    cellen: list[object] = kolom.drop_null().slice(0, _PROEF).to_pylist()
    return cellen


def _weer_voor(
    eerste: pa.RecordBatch | None, rest: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    if eerste is not None:
        yield eerste
    yield from rest
