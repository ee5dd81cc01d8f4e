"""Each row gets the answers about itself, however many came before."""

from pathlib import Path

import pyarrow as pa

from exporten.maak import maak_tabel
from uitfasering.bulk.fragment import laad_fragment
from uitfasering.bulk.maskers import Maskers, maak_plan
from uitfasering.bulk.motor import Motor
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.uitvoeren import FRAGMENTEN
from uitfasering.bulk.velden import velden
from uitfasering.bulk.waarden import Lezer
from uitfasering.bundel import bouw_bundel

RIJEN = 2_000


def test_de_volgorde_blijft_die_van_de_rijen(root: Path) -> None:
    """DuckDB gives rows in another order when deleted ones end in the middle of its 2,048."""
    gemaakt = maak_tabel(RIJEN, 1, "schoon").combine_chunks()
    kolommen = {naam: gemaakt.column(naam).chunk(0) for naam in velden()}
    with Vraagbaak(bouw_bundel(root)) as opa:
        fragment = laad_fragment(opa, root / FRAGMENTEN)
        feiten = Motor(opa, fragment, Lezer(root).lees).feiten(kolommen, RIJEN)
    maskers = Maskers(maak_plan(fragment), sorted(feiten))
    alle = maskers.bereken(feiten)
    for aantal in (500, 700, RIJEN):
        deel: dict[str, pa.Array] = {feit: kolom.slice(0, aantal) for feit, kolom in feiten.items()}
        for woord, verwacht in zip(maskers.bereken(deel), alle, strict=True):
            assert woord.tolist() == verwacht[:aantal].tolist()
