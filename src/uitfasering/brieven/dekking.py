"""Each sentence of the letters with what covers it: its agreements, their cases and readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from uitfasering.brieven.lezen import Brief, Zin
from uitfasering.gegevens import Gegevens
from uitfasering.tabellen import bevinding_van
from uitfasering.toets.gevallen import Geval


@dataclass(frozen=True)
class Regeldekking:
    """An agreement of a sentence, and the cases that expect it (only of the zin's gemeente)."""

    regel: str
    gevallen: tuple[Geval, ...]


@dataclass(frozen=True)
class Lezing:
    """How a sentence is read.

    Attributes:
        tekst: the reading in full.
        regels: the agreements of this sentence that read it so.
        eerder: the number of an earlier sentence of the letter with the same reading, or None.
    """

    tekst: str
    regels: tuple[str, ...]
    eerder: int | None


@dataclass(frozen=True)
class Zindekking:
    """One sentence with its agreements and readings, in the order of the record.

    ``later_anders``: since the letter the municipality made another choice than stands there.
    """

    zin: Zin
    regels: tuple[Regeldekking, ...]
    lezingen: tuple[Lezing, ...]
    later_anders: bool

    @property
    def eerder_gelezen(self) -> dict[int, list[str]]:
        """By earlier sentence, the agreements whose reading stands there."""
        result: dict[int, list[str]] = {}
        for lezing in self.lezingen:
            if lezing.eerder:
                result.setdefault(lezing.eerder, []).extend(lezing.regels)
        return result


@dataclass(frozen=True)
class Briefdekking:
    """One letter, sentence by sentence."""

    brief: Brief
    zinnen: tuple[Zindekking, ...]

    @property
    def telling(self) -> Counter[str]:
        """How many sentences have each status."""
        return Counter(z.zin.status for z in self.zinnen)

    @property
    def regels(self) -> list[str]:
        """The agreements that stand with a sentence, each once."""
        return sorted({r.regel for z in self.zinnen for r in z.regels})

    @property
    def zonder_geval(self) -> list[tuple[int, str]]:
        """Sentence number and agreement where no case expects that agreement."""
        return [
            (z.zin.nummer, r.regel)
            for z in self.zinnen
            for r in z.regels
            if not (r.gevallen or z.later_anders)
        ]


def bereken(
    brieven: Iterable[Brief], gegevens: Gegevens, gevallen: Sequence[Geval]
) -> list[Briefdekking]:
    """What covers each sentence; a case that is skipped covers nothing."""
    per_regel: dict[str, list[Geval]] = {}
    for geval in gevallen:
        if not geval.overslaan:
            for regel in geval.verwacht.get("regels", []):
                per_regel.setdefault(regel, []).append(geval)
    return [
        Briefdekking(brief, tuple(_zinnen(brief.zinnen, gegevens, per_regel))) for brief in brieven
    ]


def _zinnen(
    zinnen: Sequence[Zin], gegevens: Gegevens, per_regel: dict[str, list[Geval]]
) -> Iterator[Zindekking]:
    eerst: dict[str, int] = {}
    keuzes = {r["cbs"]: r["duurzaam"] for r in gegevens.tabellen["gemeenten"]["gemeenten"]}
    for zin in zinnen:
        lezingen: dict[str, list[str]] = {}
        for regel in zin.regels:
            if regel in gegevens.afspraken and (tekst := bevinding_van(gegevens, regel)["lezing"]):
                lezingen.setdefault(tekst, []).append(regel)
        yield Zindekking(
            zin,
            tuple(Regeldekking(regel, _van(zin, per_regel.get(regel, []))) for regel in zin.regels),
            tuple(Lezing(t, tuple(regels), eerst.get(t)) for t, regels in lezingen.items()),
            zin.keuze is not None and keuzes.get(zin.gemeente or "") != zin.keuze,
        )
        for tekst in lezingen:
            eerst.setdefault(tekst, zin.nummer)


def _van(zin: Zin, gevallen: Iterable[Geval]) -> tuple[Geval, ...]:
    if zin.gemeente is None:
        return tuple(gevallen)
    return tuple(g for g in gevallen if g.toewijzing.get("gemeente") == zin.gemeente)
