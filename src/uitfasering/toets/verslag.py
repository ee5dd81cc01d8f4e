"""What became of the cases, as text for an officer and as JSON.

A tree: folder, file, and of the cases only what needs a look.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby, zip_longest
from pathlib import Path, PurePath
from typing import Any, TextIO

from rich.text import Text

from uitfasering.controle.programma import als_object as melding_als_object
from uitfasering.controle.tekst import schrijf as schrijf_meldingen
from uitfasering.melding import Melding
from uitfasering.toets.gevallen import Geval
from uitfasering.toets.uitvoeren import Stand, Uitslag
from uitfasering.toets.waarom import Uitleg
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.veilig import schoon, schoon_json
from uitfasering.weergave.woorden import datum

BREEDTE = 80
"""Columns when the output is not a terminal, and the most that is used of a terminal."""

VERSIE = 1
"""Of the JSON; goes up when a field changes its name or meaning."""

_MINSTE_BREEDTE = 60
_STANDEN: tuple[Stand, ...] = ("fout", "niet gedraaid", "overgeslagen", "goed")
_STIJL: Mapping[Stand, str] = {
    "fout": "bold red",
    "niet gedraaid": "bold red",
    "overgeslagen": "yellow",
    "goed": "green",
}
_TEKEN: Mapping[Stand, str] = {"fout": "✗", "niet gedraaid": "✗", "overgeslagen": "–", "goed": "✓"}


@dataclass(frozen=True)
class Verslag:
    """Everything there is to tell of one run.

    Attributes:
        uitslagen: in the order of the files.
        uitleg: of each case that is not as expected, by its place in ``uitslagen``.
        meldingen: the faults in the case files; the cases of such a file were not run.
    """

    uitslagen: Sequence[Uitslag]
    uitleg: Mapping[int, Sequence[Uitleg]] = field(default_factory=dict)
    meldingen: Sequence[Melding] = ()

    @property
    def gevallen(self) -> list[Geval]:
        """The cases."""
        return [uitslag.geval for uitslag in self.uitslagen]

    @property
    def aantallen(self) -> Mapping[Stand, int]:
        """How many cases ended how."""
        return Counter(uitslag.stand for uitslag in self.uitslagen)

    @property
    def goed(self) -> bool:
        """Whether there is nothing to mend."""
        return not (self.meldingen or self.aantallen["fout"] or self.aantallen["niet gedraaid"])


def schrijf(verslag: Verslag, root: Path, uit: TextIO, *, alles: bool = False) -> None:
    """The tree, the faults in the case files and the summary; ``alles``: a line for every case."""
    console = papier(uit, BREEDTE)
    breedte = max(min(console.width, BREEDTE), _MINSTE_BREEDTE)
    vorige = None
    for regel in _boom(verslag, breedte, alles):
        if regel.plain or vorige:  # one empty line is enough
            console.print(regel, soft_wrap=True)
        vorige = regel.plain
    if verslag.meldingen:
        schrijf_meldingen(verslag.meldingen, root, uit)
        console.print()
    for regel in alinea(
        samenvatting(verslag), breedte, stijl="bold green" if verslag.goed else "bold red"
    ):
        console.print(regel, soft_wrap=True)
    uit.flush()


def waarom_fout(uitslag: Uitslag, uitleg: Sequence[Uitleg]) -> str:
    """What differs in one case and why, as lines of text without a margin."""
    return "\n".join(regel.plain for regel in _verschil(uitslag, uitleg, BREEDTE, ""))


def samenvatting(verslag: Verslag) -> str:
    """How many cases there were and how they ended, in a sentence."""
    if not verslag.uitslagen:
        return "Er is geen geval nagerekend."
    gevallen = _hoeveel(len(verslag.uitslagen), "geval", "gevallen")
    bestanden = {uitslag.geval.bestand for uitslag in verslag.uitslagen}
    in_bestanden = _hoeveel(len(bestanden), "bestand", "bestanden")
    return f"{gevallen} in {in_bestanden}: {_telling(verslag.aantallen)}."


def als_json(verslag: Verslag, dekking: Mapping[str, Any] | None = None) -> str:
    """One JSON document, with the coverage when it was measured; LEESMIJ.md describes it."""
    document = {
        "versie": VERSIE,
        "samenvatting": {
            "gevallen": len(verslag.uitslagen),
            **{stand.replace(" ", "_"): verslag.aantallen[stand] for stand in _STANDEN},
            "meldingen": len(verslag.meldingen),
        },
        "gevallen": [
            _als_object(uitslag, verslag.uitleg.get(index, ()))
            for index, uitslag in enumerate(verslag.uitslagen)
        ],
        "meldingen": [melding_als_object(melding) for melding in verslag.meldingen],
        "dekking": dekking,
    }
    return schoon_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _als_object(uitslag: Uitslag, uitleg: Sequence[Uitleg]) -> dict[str, Any]:
    geval = uitslag.geval
    return {
        "naam": geval.naam,
        "bestand": geval.bestand,
        "regel": geval.regel,
        "onderwerp": geval.onderwerp,
        "brief": geval.brief,
        "zin": geval.zin,
        "stand": uitslag.stand.replace(" ", "_"),
        "overgeslagen_omdat": geval.overslaan,
        "vergeleken": [asdict(rij) for rij in uitslag.rijen],
        "uitleg": [{"over": u.over, "kop": u.kop, "redenen": list(u.redenen)} for u in uitleg],
    }


def _boom(verslag: Verslag, breedte: int, alles: bool) -> Iterator[Text]:
    genummerd = list(enumerate(verslag.uitslagen))
    for folder, in_map in groupby(genummerd, key=lambda item: _map(item[1])):
        van_map = list(in_map)
        yield _kop(Text(schoon(folder), style="bold"), [u for _, u in van_map], breedte)
        for _, in_bestand in groupby(van_map, key=lambda item: item[1].geval.bestand):
            van_bestand = list(in_bestand)
            uitslagen = [uitslag for _, uitslag in van_bestand]
            yield _kop(_titel(uitslagen), uitslagen, breedte)
            for index, uitslag in van_bestand:
                if alles or uitslag.stand in ("fout", "overgeslagen"):
                    yield from _geval(uitslag, verslag.uitleg.get(index, ()), breedte)
        yield Text()


def _titel(uitslagen: Sequence[Uitslag]) -> Text:
    """A file: the heaviest sign of its cases, its name and what it is about."""
    geval = uitslagen[0].geval
    stand = next(stand for stand in _STANDEN if stand in {u.stand for u in uitslagen})
    if stand == "overgeslagen" and any(u.stand == "goed" for u in uitslagen):
        stand = "goed"
    naam = Text(f"{PurePath(schoon(geval.bestand)).stem}: {schoon(geval.onderwerp)}")
    return Text("  ") + Text(_TEKEN[stand], style=_STIJL[stand]) + Text(" ") + naam


def _kop(titel: Text, uitslagen: Sequence[Uitslag], breedte: int) -> Text:
    """A title with the counts at the end of the line."""
    telling = _telling(Counter(uitslag.stand for uitslag in uitslagen))
    ruimte = breedte - len(telling) - 2
    titel.truncate(ruimte, overflow="ellipsis", pad=True)
    return titel + Text(f"  {telling}", style="dim")


def _geval(uitslag: Uitslag, uitleg: Sequence[Uitleg], breedte: int) -> Iterator[Text]:
    stand = uitslag.stand
    yield from alinea(
        uitslag.geval.naam, breedte, begin=f"    {_TEKEN[stand]} ", stijl=_STIJL[stand]
    )
    if uitslag.geval.overslaan:
        yield from alinea(f"overgeslagen: {uitslag.geval.overslaan}", breedte, begin="      ")
    if stand == "fout":
        yield from _verschil(uitslag, uitleg, breedte, "      ")
        yield Text()


def _verschil(
    uitslag: Uitslag, uitleg: Sequence[Uitleg], breedte: int, marge: str
) -> Iterator[Text]:
    geval = uitslag.geval
    yield Text(marge + schoon(f"{geval.bestand}:{geval.regel}"), style="cyan")
    if geval.zin:
        brief = f"Brief van {datum(geval.brief)}: " if geval.brief else ""
        yield from alinea(f"{brief}“{geval.zin}”", breedte, begin=marge)
    yield Text()
    yield from _tabel(uitslag, breedte, marge)
    for een in uitleg:
        yield Text()
        yield from alinea(een.kop, breedte, begin=marge)
        for reden in een.redenen:
            yield from alinea(reden, breedte, begin=f"{marge}  - ")


def _tabel(uitslag: Uitslag, breedte: int, marge: str) -> Iterator[Text]:
    """What was expected beside what came out, of what differs."""
    rijen = [rij for rij in uitslag.rijen if not rij.klopt]
    eerste = max(len(rij.naam) for rij in rijen) + 2
    kolom = (breedte - len(marge) - eerste - 2) // 2
    yield Text(f"{marge}{'':<{eerste}}{'verwacht':<{kolom}}  gekregen", style="dim")
    for rij in rijen:
        naam = rij.naam
        links, rechts = (list(alinea(tekst, kolom)) for tekst in (rij.verwacht, rij.gekregen))
        for links_deel, rechts_deel in zip_longest(links, rechts, fillvalue=Text()):
            links_deel.truncate(kolom, pad=True)
            yield Text(f"{marge}{naam:<{eerste}}") + links_deel + Text("  ") + rechts_deel
            naam = ""


def _map(uitslag: Uitslag) -> str:
    return str(PurePath(uitslag.geval.bestand).parent)


def _telling(aantallen: Mapping[Stand, int]) -> str:
    return ", ".join(
        f"{_getal(aantallen[stand])} {stand}" for stand in _STANDEN if aantallen.get(stand)
    )


def _hoeveel(aantal: int, een: str, meer: str) -> str:
    return f"{_getal(aantal)} {een if aantal == 1 else meer}"


def _getal(aantal: int) -> str:
    return f"{aantal:,}".replace(",", ".")
