"""How much of each rule the cases show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, Constante, Residu
from uitfasering.toets.dekking.kandidaten import rijen
from uitfasering.toets.dekking.punten import Onderdeel, Punt, beslist, punten, vergelijkingen
from uitfasering.toets.dekking.voorbeeld import (
    Voorbeeld,
    buiten_de_brieven,
    dichtstbij,
    mogelijk,
)
from uitfasering.toets.gevallen import Geval
from uitfasering.toets.uitvoeren import per_tabellen
from uitfasering.werkbank import Werkbank

GEWONE_TABELLEN = "{}"
"""``Geval.gegevens_sleutel`` of the shipped tables."""


@dataclass(frozen=True)
class Dekking:
    """What the cases show, and what not.

    Attributes:
        gedekt: the points some case shows, with those cases.
        ontbreekt: the points no case shows, by ``Geval.gegevens_sleutel`` of the tables on which a
            case for it can be made.
        volgt: the points nothing can show: they follow from the other conditions of the rule.
        nooit: the rules that cannot fire with the shipped tables, nor with those of any file.
        gemeenten: of each CBS code whether a case shows a condition that names it.
        parameters: of each rule and parameter likewise; of one that only stands in a text whether
            a case shows the rule.
    """

    gedekt: Mapping[Punt, Sequence[Geval]]
    ontbreekt: Mapping[str, Sequence[Punt]]
    volgt: tuple[Punt, ...]
    nooit: tuple[str, ...]
    gemeenten: Mapping[str, bool]
    parameters: Mapping[tuple[str, str], bool]

    @property
    def tekort(self) -> int:
        """How many points no case shows, but one could."""
        return sum(map(len, self.ontbreekt.values())) + len(self.nooit)

    @property
    def percentage(self) -> int:
        """The part that is shown, rounded down: 100 is everything."""
        return 100 * len(self.gedekt) // (len(self.gedekt) + self.tekort)


def meet(werkbank: Werkbank, gevallen: Sequence[Geval]) -> Dekking:
    """What these cases show of every rule.

    A case that is skipped shows nothing. One with ``gegevens`` of its own shows what decides with
    those tables. A rule that cannot fire with the shipped tables is measured with those of the
    first file under whose ``gegevens`` it can.

    Raises:
        OpaUnavailable: OPA gave no answer.
    """
    telt = [geval for geval in gevallen if not geval.overslaan]
    metingen: list[_Meting] = []
    te_tonen: list[Punt] = []
    for sleutel, own in _per_tabellen(werkbank, telt):
        bekend = {punt.onderdeel.regel for punt in te_tonen}
        metingen.append(_Meting(werkbank, sleutel, own))
        te_tonen += [p for p in metingen[-1].punten if p.onderdeel.regel not in bekend]
    getoond: dict[Punt, list[Geval]] = {}
    for meting in metingen:
        for punt, shown in meting.getoond.items():
            getoond.setdefault(punt, []).extend(shown)
    gedekt = {punt: getoond[punt] for punt in te_tonen if punt in getoond}
    over = [punt for punt in te_tonen if punt not in getoond]
    eerste = _bij_sleutel(over, lambda punt: next(m for m in metingen if punt in m.punten))
    kan: set[Punt] = set()
    for sleutel, own in _per_tabellen(werkbank, telt, eerste.keys()):
        kan |= mogelijk(werkbank, own, eerste[sleutel])
    return Dekking(
        gedekt=gedekt,
        ontbreekt=_bij_sleutel(
            [punt for punt in over if punt in kan], lambda punt: _thuis(metingen, punt)
        ),
        volgt=tuple(punt for punt in over if punt not in kan),
        nooit=_nooit(werkbank, te_tonen),
        gemeenten=_gemeenten(werkbank, gedekt),
        parameters=_parameters(werkbank, te_tonen, gedekt),
    )


def voorbeelden(
    werkbank: Werkbank, gevallen: Sequence[Geval], dekking: Dekking
) -> list[tuple[Punt, Voorbeeld]]:
    """Of each point that no case shows a toewijzing that would.

    Args:
        werkbank: the one ``meet`` was asked with.
        gevallen: the cases it measured.
        dekking: what it found.

    Raises:
        OpaUnavailable: OPA gave no answer.
    """
    telt = [geval for geval in gevallen if not geval.overslaan]
    return [
        found
        for sleutel, own in _per_tabellen(werkbank, telt, dekking.ontbreekt.keys())
        for found in dichtstbij(werkbank, own, dekking.ontbreekt[sleutel])
    ]


def _per_tabellen(
    werkbank: Werkbank, gevallen: Sequence[Geval], sleutels: AbstractSet[str] | None = None
) -> Iterator[tuple[str, list[Geval]]]:
    """The cases by the tables they are about, the shipped ones first, even without cases.

    Each group comes when the werkbank is on its tables. ``sleutels``: only those; None: all.
    """
    if sleutels is None or GEWONE_TABELLEN in sleutels:
        yield GEWONE_TABELLEN, [g for g in gevallen if g.gegevens_sleutel == GEWONE_TABELLEN]
    anders = [
        n
        for n, geval in enumerate(gevallen)
        if geval.gegevens_sleutel != GEWONE_TABELLEN
        and (sleutels is None or geval.gegevens_sleutel in sleutels)
    ]
    for groep in per_tabellen(werkbank, gevallen, anders):
        if not groep.fout:
            own = [gevallen[n] for n in groep.plaatsen]
            yield own[0].gegevens_sleutel, own


class _Meting:
    """What cases on the same tables show; made while the werkbank is on those tables.

    Attributes:
        sleutel: ``Geval.gegevens_sleutel``.
        punten: every point of every rule that can fire with these tables, in order.
        getoond: the points these cases show, with the cases that do.
        onderwerpen: the rules the files of these cases are about.
    """

    def __init__(self, werkbank: Werkbank, sleutel: str, gevallen: Sequence[Geval]) -> None:
        self.sleutel = sleutel
        self.onderwerpen = {regel for geval in gevallen for regel in geval.document.data["regels"]}
        self.punten = dict.fromkeys(punten(_onderdelen(werkbank)))
        self.getoond: dict[Punt, list[Geval]] = {}
        asked = vergelijkingen(self.punten)
        rows = rijen(werkbank, [geval.toewijzing for geval in gevallen], asked)
        both = [(g, row) for g, row in zip(gevallen, rows, strict=True) if row is not None]
        truths = werkbank.waar(asked, [row for _, row in both])
        self._nummers = {v: number for number, v in enumerate(asked)}
        delen: dict[Onderdeel, list[Punt]] = {}
        for punt in self.punten:
            delen.setdefault(punt.onderdeel, []).append(punt)
        for onderdeel, own in delen.items():
            alternatieven = [
                [self._nummers[v] for v in een] for een in onderdeel.residu.alternatieven
            ]
            for (geval, _), waar in zip(both, truths, strict=True):
                verwacht = onderdeel.verwacht(geval)
                if verwacht is not None:
                    geldt, beslissend = beslist(alternatieven, waar)
                    if geldt is verwacht:
                        for punt in self._toont(own, geldt, beslissend, waar):
                            self.getoond.setdefault(punt, []).append(geval)

    def _toont(
        self, te_tonen: Iterable[Punt], geldt: bool, beslissend: AbstractSet[int], waar: list[bool]
    ) -> Iterator[Punt]:
        """The points of one rule that one case shows."""
        for punt in te_tonen:
            if punt.vergelijking is None:
                decides = geldt or bool(beslissend)
            else:
                decides = self._nummers[punt.vergelijking] in beslissend
            stands = punt.stand is None or waar[self._nummers[punt.stand]]
            if punt.geldt is geldt and decides and stands:
                yield punt


def _bij_sleutel(
    te_tonen: Iterable[Punt], meting_van: Callable[[Punt], _Meting]
) -> dict[str, list[Punt]]:
    """The points by the tables of a meting."""
    found: dict[str, list[Punt]] = {}
    for punt in te_tonen:
        found.setdefault(meting_van(punt).sleutel, []).append(punt)
    return found


def _thuis(metingen: Sequence[_Meting], punt: Punt) -> _Meting:
    """Where a case for this point belongs: among files about the rule, if there are."""
    kan = [meting for meting in metingen if punt in meting.punten]
    return next((m for m in kan if punt.onderdeel.regel in m.onderwerpen), kan[0])


def _onderdelen(werkbank: Werkbank) -> Iterator[Onderdeel]:
    """Every rule, or its parts, that can fire with the tables of the werkbank."""
    alles = werkbank.residuen()
    buiten = buiten_de_brieven(werkbank, alles)
    delen = {
        "A-00": werkbank.residuen(TUSSEN_VELDEN),
        "A-03": werkbank.residuen(ONTBREEKT),
        "B1-20": _afwijking(werkbank),
    }
    for regel in sorted({*alles, *delen}):
        for deel, residu in (delen[regel] if regel in delen else {"": alles[regel]}).items():
            yield Onderdeel(regel, deel, regel in buiten, residu)


def _afwijking(werkbank: Werkbank) -> dict[str, Residu]:
    """B1-20: a deviation is in play, of whatever rule."""
    rows = werkbank.gegevens.tabellen["afwijkingen"]["afwijkingen"]
    if not rows:
        return {}
    residuen = werkbank.residuen(tabel="toets")
    own = [residuen[regel] for regel in sorted({row["regel"] for row in rows})]
    return {"": Residu(tuple(een for residu in own for een in residu.alternatieven))}


def _nooit(werkbank: Werkbank, te_tonen: Iterable[Punt]) -> tuple[str, ...]:
    """The rules that cannot fire with any of the tables."""
    can = {punt.onderdeel.regel for punt in te_tonen}
    return tuple(sorted(werkbank.gegevens.afspraken.keys() - can))


def _gemeenten(werkbank: Werkbank, gedekt: Iterable[Punt]) -> dict[str, bool]:
    shown = {
        punt.stand.waarden[0] for punt in gedekt if punt.stand and punt.stand.feit == "gemeente"
    }
    rows = werkbank.gegevens.tabellen["gemeenten"]["gemeenten"]
    return {row["cbs"]: row["cbs"] in shown for row in rows}


def _parameters(
    werkbank: Werkbank, te_tonen: Sequence[Punt], gedekt: Iterable[Punt]
) -> dict[tuple[str, str], bool]:
    used: dict[tuple[str, str], bool] = {}
    gedekt = list(gedekt)
    for regel in sorted(werkbank.gegevens.afspraken):
        own = [punt for punt in gedekt if punt.onderdeel.regel == regel]
        shown = _constanten(own)
        tested = _constanten(punt for punt in te_tonen if punt.onderdeel.regel == regel)
        for name, value in werkbank.gegevens.parameters(regel).items():
            values = value if isinstance(value, list) else [value]
            used[regel, name] = any(punt.geldt for punt in own) and all(
                one in shown for one in values if one in tested
            )
    return used


def _constanten(te_tonen: Iterable[Punt]) -> set[Constante]:
    """The constants, and the names of facts, that the comparisons of these points read."""
    return {
        value
        for punt in te_tonen
        if (v := punt.vergelijking)
        for value in (*v.waarden, *v.feiten[1:])
    }
