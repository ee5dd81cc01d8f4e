"""The facts of an export as a file, to load in a database (docs/warehouse.md)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from uitfasering.bulk.bron import RIJFOUT, open_bron
from uitfasering.bulk.groepen import feitenschema
from uitfasering.bulk.kolommen import Kolommen, Koppeling, herken
from uitfasering.bulk.lezing import Lezing
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.rijen import Gebreken, Rijen
from uitfasering.bulk.uitvoer import open_uitvoer
from uitfasering.bulk.waarden import Lezer
from uitfasering.bundel import bouw_bundel
from uitfasering.errors import UitfaseringError
from uitfasering.paths import project_root

EINDEN = (".csv", ".parquet")


def schrijf_feiten(
    paden: Sequence[Path], uit: Path, koppeling: Koppeling | None = None, root: Path | None = None
) -> int:
    """Write the facts of every row, in order; how many rows that were.

    Args:
        paden: files or folders, as of ``uitfasering bulk``.
        uit: ``.csv``, with 1 and 0 for true and false, or ``.parquet``.
        koppeling: which columns hold what, said by the user.
        root: the project; the default is the one this package works on.

    Raises:
        UitfaseringError: it did not work out; nothing was written.
    """
    if uit.suffix.lower() not in EINDEN:
        raise UitfaseringError(f"{uit}: kies een naam die eindigt op {' of '.join(EINDEN)}.")
    root = root or project_root()
    koppeling = koppeling or Koppeling()
    bron = open_bron(paden, root)
    kolommen = herken(bron.kolommen, root, koppeling=koppeling.kolommen, vast=koppeling.vast)
    with Vraagbaak(bouw_bundel(root)) as vraagbaak:
        lezer = Lezer(root, perspectief_apart=kolommen.perspectief_apart)
        feiten = _Feiten(Lezing(vraagbaak, lezer.lees), vraagbaak, kolommen)
        ja_nee = pa.bool_() if uit.suffix.lower() == ".parquet" else pa.int8()
        schema = pa.schema(
            [
                (naam, ja_nee if pa.types.is_boolean(soort) else soort)
                for naam, soort in feiten.soorten().items()
            ]
        )
        with open_uitvoer(uit, schema, niet=paden) as uitvoer:
            for batch in bron.batches():
                uitvoer.schrijf(
                    pa.RecordBatch.from_arrays(
                        [
                            kolom.cast(soort)
                            for kolom, soort in zip(feiten.van(batch), schema.types, strict=True)
                        ],
                        schema=schema,
                    )
                )
    return feiten.rijen


class _Feiten:
    """The facts of the batches of a source, in order; ``rijen`` counts them."""

    def __init__(self, lezing: Lezing, vraagbaak: Vraagbaak, kolommen: Kolommen) -> None:
        self._lezing = lezing
        self._gebreken = Gebreken(lezing.boeken, vraagbaak.gaaf)
        self._velden = {v: naam for v, naam in kolommen.velden.items() if v in lezing.boeken}
        self._vast = {v: cel for v, cel in kolommen.vast.items() if v in lezing.boeken}
        self.rijen = 0

    def soorten(self) -> dict[str, pa.DataType]:
        """The columns, and what is in them."""
        geen = self._lezing.feiten(feitenschema(), self._lezing.nummers({}, 0))
        return {
            "rij": pa.int64(),
            "ongeldig": pa.bool_(),
            **{naam: kolom.type for naam, kolom in geen.items()},
        }

    def van(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """The columns of the next rows."""
        aantal = len(batch)
        cellen = {veld: batch.column(naam) for veld, naam in self._velden.items()}
        codes = self._lezing.codes(cellen, aantal, self._vast)
        onleesbaar = None
        if RIJFOUT in batch.schema.names:
            onleesbaar = batch.column(RIJFOUT).is_valid().to_numpy(zero_copy_only=False)
        rijen = Rijen(self._lezing.boeken, codes, onleesbaar, aantal, self.rijen)
        nummers = np.arange(self.rijen + 1, self.rijen + 1 + aantal)
        self.rijen += aantal
        feiten = self._lezing.feiten(feitenschema(), self._lezing.nummers(codes, aantal))
        return [pa.array(nummers), pa.array(self._gebreken.van(rijen) != 0), *feiten.values()]
