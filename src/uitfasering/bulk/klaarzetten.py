"""What a run writes: whether it can come there, and everything in its place at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from uitfasering.bulk.uitvoer import SOORTEN, keur
from uitfasering.bulk.uitvoeren import Doelen
from uitfasering.errors import UitfaseringError

_EINDEN: Mapping[str, Sequence[str]] = {
    "uit": SOORTEN,
    "rapport": (".xlsx",),
    "samenvatting": (".html",),
    "vraag_aanvulling": (".xlsx",),
}
_MAP = "per_aanbieder"
"""The only one that is a folder."""


def keur_doelen(doelen: Doelen, gelezen: Sequence[Path]) -> None:
    """See that everything can come where it is asked, before any work is done.

    Args:
        doelen: what to write.
        gelezen: the files and folders that are read, which must stay as they are.

    Raises:
        UitfaseringError: something cannot or may not come there; says why.
    """
    paden = _genoemd(doelen)
    for naam, pad in paden.items():
        if naam == _MAP:
            _keur_map(pad, gelezen)
            continue
        einden = _EINDEN[naam]
        if pad.suffix.lower() not in einden:
            *eerste, laatste = einden
            keuze = f"{', '.join(eerste)} of {laatste}" if eerste else laatste
            raise UitfaseringError(
                f"{pad}: bij {_optie(naam)} hoort een naam die eindigt op {keuze}."
            )
        keur(pad, gelezen)
    _keur_samen(paden)


def _keur_map(pad: Path, gelezen: Sequence[Path]) -> None:
    doel = pad.resolve()
    if not doel.parent.is_dir():
        raise UitfaseringError(
            f"{pad}: de map {pad.parent} is er niet. Maak eerst die map, of kies een andere."
        )
    for map_ in gelezen:
        if map_.is_dir() and doel.is_relative_to(map_.resolve()):
            raise UitfaseringError(
                f"{pad}: dit staat in de map {map_}, en die wordt gelezen. Kies een map daarbuiten."
            )
    if doel.is_file():
        raise UitfaseringError(f"{pad}: dit is een bestand, en hier hoort een map.")
    from uitfasering.bulk.rapport.plaatsen import keur_map  # brings all of the reports

    keur_map(pad)


def _keur_samen(paden: Mapping[str, Path]) -> None:
    doelen = {naam: pad.resolve() for naam, pad in paden.items()}
    for een, ander in combinations(paden, 2):
        if doelen[een] == doelen[ander]:
            raise UitfaseringError(
                f"{paden[ander]}: dit staat bij {_optie(een)} en bij {_optie(ander)}. "
                "Kies twee namen."
            )
    map_ = doelen.pop(_MAP, None)
    if map_ and any(doel.is_relative_to(map_) for doel in doelen.values()):
        raise UitfaseringError(
            f"{paden[_MAP]}: {_optie(_MAP)} krijgt een map voor zich alleen. Zet de andere "
            "bestanden ergens anders."
        )


@contextmanager
def klaargezet(doelen: Doelen) -> Iterator[Doelen]:
    """Where to write everything; it all takes its place together, when the block ends well.

    Until then it stands in hidden folders beside the places where it will be.

    Args:
        doelen: what to write, as ``keur_doelen`` approved it.

    Raises:
        UitfaseringError: a folder cannot be written to.
    """
    with ExitStack() as stapel:
        klaar: dict[str, Path] = {}
        paden = _genoemd(doelen)
        for naam, pad in paden.items():
            # A link stays a link: what it points at is replaced.
            try:
                map_ = TemporaryDirectory(dir=pad.resolve().parent, prefix=".uitfasering-")
            except OSError:
                raise UitfaseringError(
                    f"{pad}: hier kan ik niet schrijven. Kies een andere map."
                ) from None
            klaar[naam] = Path(stapel.enter_context(map_), pad.name)
        try:
            yield Doelen(**klaar)
        except UitfaseringError as fout:
            fout.args = (_met_eigen_naam(str(fout), klaar, paden), *fout.args[1:])
            raise
        for naam, tijdelijk in klaar.items():
            doel = paden[naam].resolve()
            if doel.exists():
                shutil.copymode(doel, tijdelijk)
            tijdelijk.replace(doel)


def _met_eigen_naam(zin: str, klaar: Mapping[str, Path], paden: Mapping[str, Path]) -> str:
    """The sentence with the names that the user gave."""
    for naam, tijdelijk in klaar.items():
        zin = zin.replace(str(tijdelijk), str(paden[naam]))
        zin = zin.replace(str(tijdelijk.parent), str(paden[naam].parent))
    return zin


def _genoemd(doelen: Doelen) -> dict[str, Path]:
    return {naam: pad for naam, pad in vars(doelen).items() if pad is not None}


def _optie(naam: str) -> str:
    return f"--{naam.replace('_', '-')}"
