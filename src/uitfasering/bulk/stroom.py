"""The rows of a source through the motor, with the reading one step ahead."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pyarrow as pa

from uitfasering.bulk.bron import RIJFOUT
from uitfasering.bulk.kolommen import Kolommen
from uitfasering.bulk.motor import Motor, Oordeel, Voorbereid

T = TypeVar("T")

RIJEN = 393_216
"""Rows judged at a time: enough to spread what a batch costs, few enough for any memory."""

_VOORUIT = 1
Vul = Callable[[Mapping[str, pa.Array], int], Mapping[str, pa.Array]]


@dataclass(frozen=True)
class Blok:
    """Some rows of a run, in order.

    Attributes:
        invoer: the columns of the file that are kept.
        cellen: the cells of each veld, as they were judged.
        oordeel: what was decided about them.
    """

    invoer: pa.RecordBatch
    cellen: Mapping[str, pa.Array]
    oordeel: Oordeel


def oordelen(
    batches: Iterable[pa.RecordBatch],
    kolommen: Kolommen,
    motor: Motor,
    vul: Vul | None = None,
) -> Iterator[Blok]:
    """Judge the batches of a source.

    Args:
        batches: the rows; every batch with the same columns.
        kolommen: which column holds which veld, and which are kept.
        motor: judges.
        vul: fills in velden from elsewhere (``--aanvulling``).
    """
    with Vooruit(_voorbereid(batches, kolommen, motor, vul), _VOORUIT) as vooruit:
        for invoer, cellen, deel in vooruit:
            yield Blok(invoer, cellen, motor.oordeel(deel))


def _voorbereid(
    batches: Iterable[pa.RecordBatch], kolommen: Kolommen, motor: Motor, vul: Vul | None
) -> Iterator[tuple[pa.RecordBatch, Mapping[str, pa.Array], Voorbereid]]:
    for batch in _verzameld(batches, RIJEN):
        cellen: Mapping[str, pa.Array] = {
            veld: batch.column(naam) for veld, naam in kolommen.velden.items()
        }
        if vul is not None:
            cellen = vul(cellen, len(batch))
        deel = motor.bereid_voor(
            {veld: cel for veld, cel in cellen.items() if veld in motor.velden},
            len(batch),
            vast={veld: waarde for veld, waarde in kolommen.vast.items() if veld in motor.velden},
            namen=kolommen.velden,
            rijfout=batch.column(RIJFOUT) if RIJFOUT in batch.schema.names else None,
        )
        yield batch.select(list(kolommen.behouden)), cellen, deel


def _verzameld(batches: Iterable[pa.RecordBatch], rijen: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of about ``rijen``."""
    wacht: list[pa.RecordBatch] = []
    aantal = 0
    for batch in batches:
        wacht.append(batch)
        aantal += len(batch)
        if aantal >= rijen:
            yield _een(wacht)
            wacht, aantal = [], 0
    if wacht:
        yield _een(wacht)


def _een(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    # Each has a dictionary of its own.
    tabel = pa.Table.from_batches(batches).unify_dictionaries()
    arrays = [_een_array(kolom) for kolom in tabel.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=tabel.schema)


def _een_array(kolom: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(kolom.chunks)


class Vooruit(Generic[T]):
    """Takes from an iterator on a thread of its own, a few steps ahead.

    A context manager: leaving it stops the thread. What the iterator raises is raised here.
    """

    def __init__(self, bron: Iterable[T], stappen: int) -> None:
        self._rij: queue.Queue[tuple[str, Any]] = queue.Queue(stappen)
        self._klaar = threading.Event()
        self._draad = threading.Thread(target=self._haal, args=(bron,), daemon=True)

    def __enter__(self) -> Vooruit[T]:
        self._draad.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._klaar.set()
        while self._draad.is_alive():
            # The thread may be waiting for a place.
            with contextlib.suppress(queue.Empty):
                self._rij.get_nowait()
            self._draad.join(0.01)

    def __iter__(self) -> Iterator[T]:
        while True:
            soort, waarde = self._rij.get()
            if soort == "einde":
                return
            if soort == "fout":
                raise waarde
            yield waarde

    def _haal(self, bron: Iterable[T]) -> None:
        try:
            for een in bron:
                self._rij.put(("een", een))
                if self._klaar.is_set():
                    return
            self._rij.put(("einde", None))
        except BaseException as error:
            self._rij.put(("fout", error))
