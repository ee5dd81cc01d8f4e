"""Why a row could not be read: the column and the reason, after what OPA says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from uitfasering.bulk.handtekening import uniek
from uitfasering.bulk.woordenboek import Codes, Woordenboek


@dataclass(frozen=True)
class Redenen:
    """Of some rows of a batch why they could not be read.

    ``rijen`` are places in the batch, ``codes`` the place of each row's reason in ``teksten``.
    """

    rijen: Codes
    codes: Codes
    teksten: Sequence[str]


def redenen(
    slecht: Codes,
    codes: Mapping[str, Codes],
    boeken: Mapping[str, Woordenboek],
    namen: Mapping[str, str],
    rijfout: pa.Array | None,
) -> Redenen:
    """The reasons of the rows ``slecht``.

    Args:
        slecht: places in the batch of rows with something unreadable.
        codes: of each veld the number of each cell.
        boeken: what those numbers mean.
        namen: the file's column of each veld.
        rijfout: why a row could not be read as a row, else null.
    """
    delen, per_deel = [], []
    for naam, kolom in codes.items():
        fouten = boeken[naam].fouten
        if any(fouten):
            plek = namen.get(naam, naam)
            delen.append(kolom[slecht])
            per_deel.append([f"Kolom {plek}: {fout}." if fout else "" for fout in fouten])
    if rijfout is not None:
        gelezen = rijfout.take(pa.array(slecht)).fill_null("").dictionary_encode()
        delen.append(gelezen.indices.to_numpy())
        per_deel.append([_zin(fout) for fout in gelezen.dictionary.to_pylist()])
    if not delen or not len(slecht):
        return Redenen(slecht[:0], slecht[:0], ())
    samen, eerste = uniek(*delen)
    teksten = [
        " ".join(
            teksten[deel[plaats]]
            for deel, teksten in zip(delen, per_deel, strict=True)
            if teksten[deel[plaats]]
        )
        for plaats in eerste.tolist()
    ]
    met_reden = np.flatnonzero(np.array([bool(t) for t in teksten], dtype=np.bool_)[samen])
    return Redenen(slecht[met_reden], samen[met_reden], teksten)


def _zin(fout: str) -> str:
    return f"{fout[0].upper()}{fout[1:].rstrip('.')}." if fout else ""
