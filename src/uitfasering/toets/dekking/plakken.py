"""What no case shows yet, as cases to paste into the files; the outcome is left to the reader.

The outcome must come from the letter, so that the case checks the program and not the other way
round: ``uitkomst: VUL IN`` is refused until someone has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from uitfasering.gegevens import Gegevens
from uitfasering.residu import Vergelijking
from uitfasering.toets.dekking.punten import DAG_ERVOOR, Punt
from uitfasering.toets.dekking.voorbeeld import Voorbeeld
from uitfasering.toets.dekking.zoeken import plat
from uitfasering.toets.gevallen import MAP
from uitfasering.weergave.woorden import datum
from uitfasering.yamlreader import Document
from uitfasering.zinnen import Zinnen

VUL_IN = "VUL IN"

# Words that YAML reads as text without quotes; everything else gets them.
_WOORD = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z_]*")


@dataclass(frozen=True)
class Plakgeval:
    """One case to paste.

    Attributes:
        bestand: where it belongs, from the project root; a new file when ``nieuw``.
        tekst: the case, as it stands under ``gevallen``; of a new file the whole text.
        punten: what it shows.
    """

    bestand: str
    nieuw: bool
    tekst: str
    punten: tuple[Punt, ...]


def plakgevallen(
    ontbreekt: Iterable[tuple[Punt, Voorbeeld]], gegevens: Gegevens, zinnen: Zinnen
) -> list[Plakgeval]:
    """A case for each toewijzing, by file; points with the same toewijzing share one."""
    groepen: dict[str, tuple[Voorbeeld, list[Punt]]] = {}
    for punt, voorbeeld in ontbreekt:
        place = voorbeeld.document.name if voorbeeld.document else _nieuw_bestand(punt, gegevens)
        same = json.dumps([place, voorbeeld.toewijzing], sort_keys=True)
        groepen.setdefault(same, (voorbeeld, []))[1].append(punt)
    names: dict[str, set[str]] = {}
    begin: dict[str, Voorbeeld] = {}
    found = []
    for voorbeeld, punten in groepen.values():
        document = voorbeeld.document
        bestand = document.name if document else _nieuw_bestand(punten[0], gegevens)
        used = names.setdefault(bestand, _namen(document))
        lines = [] if document or bestand in begin else list(_kop(voorbeeld, punten[0], gegevens))
        start = (
            document.data["uitgangspunten"][voorbeeld.uitgangspunt]
            if document
            else begin.setdefault(bestand, voorbeeld).toewijzing
        )
        lines += _geval(voorbeeld, start, punten, gegevens, zinnen, used)
        found.append(Plakgeval(bestand, not document, "\n".join(lines) + "\n", tuple(punten)))
    return sorted(found, key=lambda geval: geval.bestand)


def zin(punt: Punt, zinnen: Zinnen) -> str:
    """A point in words: ``B1-02 geldt net niet: toewijzingsdatum is 30 april 2021``."""
    naam = punt.onderdeel.naam
    v = punt.vergelijking
    if v is None:
        return f"{naam} geldt{'' if punt.geldt else ' net niet'}"
    stand = punt.stand
    if stand is None:
        how = zinnen.hoofdzin(v if punt.geldt else _niet(v))
    elif stand.ander_feit and DAG_ERVOOR in f"{stand.feit}{stand.ander_feit}":
        how = f"{zinnen.hoofdzin(v if punt.geldt else _niet(v))}, één dag naast de grens"
    else:
        how = zinnen.hoofdzin(stand)
    return f"{naam} geldt{' net' if punt.geldt else ' net niet'}: {how}"


def _niet(v: Vergelijking) -> Vergelijking:
    """The comparison that does not hold, as there are words for it: no "is not true"."""
    if v.operator == "==" and v.waarden and isinstance(v.waarden[0], bool):
        return Vergelijking(v.feit, "==", (not v.waarden[0],))
    return v.ontkend


def _nieuw_bestand(punt: Punt, gegevens: Gegevens) -> str:
    regel = punt.onderdeel.regel
    folder = "algemeen" if regel.startswith("A") else f"brief-{gegevens.afspraken[regel].brief}"
    return str(PurePosixPath(MAP) / folder / f"{regel.lower()}.yaml")


def _namen(document: Document | None) -> set[str]:
    return {geval["naam"] for geval in document.data.get("gevallen", [])} if document else set()


def _kop(voorbeeld: Voorbeeld, punt: Punt, gegevens: Gegevens) -> Iterator[str]:
    """The top of a new file, with this toewijzing as its starting point."""
    regel = punt.onderdeel.regel
    afspraak = gegevens.afspraken[regel]
    yield "# yaml-language-server: $schema=../../../schemas/gevallen.json"
    yield f"onderwerp: Afspraak {regel}"
    yield f"regels: [{regel}]"
    yield f"zin: {json.dumps(afspraak.bron['citaat'], ensure_ascii=False)}"
    yield f'brief: "{afspraak.brief}"'
    yield ""
    yield "uitgangspunten:"
    yield "  begin:"
    for name, value in voorbeeld.toewijzing.items():
        yield f"    {name}: {_yaml(value)}"
    yield ""
    yield "gevallen:"


def _geval(
    voorbeeld: Voorbeeld,
    begin: Mapping[str, Any],
    punten: Sequence[Punt],
    gegevens: Gegevens,
    zinnen: Zinnen,
    gebruikt: set[str],
) -> Iterator[str]:
    for regel in dict.fromkeys(punt.onderdeel.regel for punt in punten):
        afspraak = gegevens.afspraken[regel]
        if regel in gegevens.tabellen["weergave"]["zonder_citaat"]:
            continue
        yield f'  # {regel}, brief van {datum(afspraak.brief)}: "{afspraak.bron["citaat"]}"'
    for punt in punten:
        yield f"  # Toont: {zin(punt, zinnen)}."
    yield f"  - naam: {_yaml(_vrije_naam(zin(punten[0], zinnen), gebruikt))}"
    yield f"    uitgangspunt: {_naam(voorbeeld.uitgangspunt or 'begin')}"
    met, zonder = _anders(begin, voorbeeld.toewijzing)
    if met:
        yield f"    met: {_yaml(met)}"
    if zonder:
        yield f"    zonder: [{', '.join(zonder)}]"
    yield f"    verwacht: {{{', '.join(_verwacht(punten))}}}"


def _vrije_naam(wens: str, gebruikt: set[str]) -> str:
    name, number = wens, 1
    while name in gebruikt:
        number += 1
        name = f"{wens} ({number})"
    gebruikt.add(name)
    return name


def _anders(van: Mapping[str, Any], naar: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What ``met`` and ``zonder`` must say to come from one toewijzing to the other."""
    met = {name: value for name, value in naar.items() if name not in van}
    zonder = [name for name in van if name not in naar]
    both = [name for name in naar if name in van]
    left, right = plat({n: van[n] for n in both}), plat({n: naar[n] for n in both})
    met |= {path: value for path, value in right.items() if left.get(path) != value}
    return met, zonder + [path for path in left if path not in right]


def _verwacht(punten: Iterable[Punt]) -> Iterator[str]:
    yield f"uitkomst: {VUL_IN}"
    named: dict[str, list[str]] = {}
    for punt in punten:
        regel, deel = punt.onderdeel.regel, punt.onderdeel.deel
        if regel == "A-00":
            if punt.geldt:
                named.setdefault("foutvelden", []).append(deel)
        elif deel:
            own = named.setdefault("ontbreekt", [])
            own += [deel] if punt.geldt else []
        else:
            named.setdefault("regels" if punt.geldt else "niet", []).append(regel)
    for name, values in named.items():
        yield f"{name}: [{', '.join(dict.fromkeys(values))}]"


def _yaml(value: Any) -> str:
    """A value on one line, with quotes wherever YAML might read something else than text."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_yaml(own)}' for name, own in value.items())}}}"
    if isinstance(value, str) and _WOORD.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _naam(naam: str) -> str:
    """A name as the files write it: without quotes where that is safe."""
    return naam if re.fullmatch(r"[A-Za-z][\w .-]*", naam) else json.dumps(naam, ensure_ascii=False)
