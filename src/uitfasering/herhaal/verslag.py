"""What came of giving besluiten again: counted, and grouped by what differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from uitfasering.bundelbestand import Bundelbestand
from uitfasering.herhaal.herhalen import Herhaald, NietHerhaald
from uitfasering.herhaal.verschil import Verschil, verschillen
from uitfasering.herhaal.wijzigingen import Wijziging, redenen, wijzigingen
from uitfasering.logboek import Gelogd, Onleesbaar
from uitfasering.weergave.veilig import schoon_json

VERSIE = 1
"""Of the JSON; goes up when a field changes its name or meaning."""

GENOEMD = 1_000
"""Of the besluiten that differ, and of the lines that cannot be read, so many are named."""

_VOORBEELDEN = 3
_HERKOMST = "herkomst"


@dataclass
class Groep:
    """Besluiten that differ in the same way.

    Attributes:
        verschillen: those of the first one, with its texts.
        voorbeelden: where some of them stand.
        redenen: how many of them each change may explain.
    """

    verschillen: list[Verschil]
    aantal: int = 0
    voorbeelden: list[Gelogd] = field(default_factory=list)
    redenen: Counter[str] = field(default_factory=Counter)


@dataclass
class Verslag:
    """Everything there is to tell.

    Attributes:
        met: the bundle that all were asked of; None: each that of its own revision.
        revisies: that gave those that were given again.
        gelijk: how many are the same.
        anders: how many are not, with ``genoemd`` the first of them.
        uitkomsten: how many went from which uitkomst to which other one.
        groepen: the same ones by what differs, most first; only with ``met``.
        gewijzigd: from each revision to ``met`` what changed in tables and policies; of a revision
            whose bundle is not there None.
        ongeldig: how many were not valid, so not kept.
        zonder_bundel: how many, by revision.
        zonder_antwoord: how many, by revision.
        geweigerd: of those revisions why.
        opa: how many besluiten each version of OPA gave.
        onleesbaar: how many lines, with ``onleesbare_regels`` the first of them.
    """

    met: Bundelbestand | None = None
    revisies: set[str] = field(default_factory=set)
    gelijk: int = 0
    anders: int = 0
    genoemd: list[tuple[Gelogd, list[Verschil]]] = field(default_factory=list)
    uitkomsten: Counter[tuple[str, str]] = field(default_factory=Counter)
    groepen: list[Groep] = field(default_factory=list)
    gewijzigd: dict[str, list[Wijziging] | None] = field(default_factory=dict)
    ongeldig: int = 0
    zonder_bundel: Counter[str] = field(default_factory=Counter)
    zonder_antwoord: Counter[str] = field(default_factory=Counter)
    geweigerd: dict[str, str] = field(default_factory=dict)
    opa: Counter[str] = field(default_factory=Counter)
    onleesbaar: int = 0
    onleesbare_regels: list[Onleesbaar] = field(default_factory=list)

    @property
    def herhaald(self) -> int:
        """How many besluiten were given again."""
        return self.gelijk + self.anders

    @property
    def besluiten(self) -> int:
        """How many besluiten the log holds."""
        niet = self.ongeldig + self.zonder_bundel.total() + self.zonder_antwoord.total()
        return self.herhaald + niet

    @property
    def goed(self) -> bool:
        """Whether there is nothing to look at."""
        niet = self.zonder_bundel or self.zonder_antwoord
        return not (self.anders or self.onleesbaar or niet)


def maak_verslag(
    stroom: Iterable[Herhaald | NietHerhaald | Onleesbaar],
    *,
    met: Bundelbestand | None,
    bundels: Mapping[str, Bundelbestand],
    namen: Mapping[str, str],
) -> Verslag:
    """Count and compare as they come; only what differs is kept, and not all of that.

    Args:
        stroom: see ``Herhaler.herhaal``.
        met: the bundle all were asked of, or None.
        bundels: those that are at hand, by revision, to see what changed since.
        namen: of the municipalities, by CBS code.
    """
    verslag = Verslag(met)
    groepen: dict[tuple[str, ...], Groep] = {}
    for een in stroom:
        if isinstance(een, Onleesbaar):
            verslag.onleesbaar += 1
            if len(verslag.onleesbare_regels) < GENOEMD:
                verslag.onleesbare_regels.append(een)
            continue
        verslag.opa[een.gelogd.opa] += 1
        if isinstance(een, NietHerhaald):
            _tel_niet(verslag, een)
            continue
        verslag.revisies.add(een.gelogd.herkomst)
        gevonden = _vergelijk(een, met)
        if not gevonden:
            verslag.gelijk += 1
            continue
        verslag.anders += 1
        was, wordt = str(een.gelogd.besluit["uitkomst"]), str(een.nu.get("uitkomst"))
        if was != wordt:
            verslag.uitkomsten[was, wordt] += 1
        if met is not None:
            groep = groepen.setdefault(tuple(v.zin for v in gevonden), Groep(gevonden))
            revisie = een.gelogd.herkomst
            if revisie not in verslag.gewijzigd:
                oud = bundels.get(revisie)
                verslag.gewijzigd[revisie] = wijzigingen(oud, met, namen) if oud else None
            _voeg_toe(groep, een.gelogd, gevonden, verslag.gewijzigd[revisie])
        elif len(verslag.genoemd) < GENOEMD:
            verslag.genoemd.append((een.gelogd, gevonden))
    verslag.groepen = sorted(groepen.values(), key=lambda groep: -groep.aantal)
    return verslag


def als_json(verslag: Verslag) -> str:
    """One JSON document: what the text says, of more besluiten and lines."""
    met = verslag.met
    document = {
        "versie": VERSIE,
        "met": None if met is None else {"bundel": met.naam, "revisie": met.revisie},
        "samenvatting": {
            "besluiten": verslag.besluiten,
            "gelijk": verslag.gelijk,
            "anders": verslag.anders,
            "ongeldig": verslag.ongeldig,
            "zonder_bundel": dict(verslag.zonder_bundel),
            "zonder_antwoord": dict(verslag.zonder_antwoord),
            "onleesbaar": verslag.onleesbaar,
        },
        "opa": dict(verslag.opa),
        "uitkomsten": [
            {"was": was, "wordt": wordt, "aantal": aantal}
            for (was, wordt), aantal in verslag.uitkomsten.items()
        ],
        "besluiten": [
            {**_waar(gelogd), "verschillen": [_verschil(v) for v in gevonden]}
            for gelogd, gevonden in verslag.genoemd
        ],
        "groepen": [_groep(groep) for groep in verslag.groepen],
        "gewijzigd": {
            revisie: None if gewijzigd is None else [w.zin for w in gewijzigd]
            for revisie, gewijzigd in verslag.gewijzigd.items()
        },
        "geweigerd": verslag.geweigerd,
        "onleesbaar": [{"plaats": o.plaats, "reden": o.reden} for o in verslag.onleesbare_regels],
    }
    return schoon_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _tel_niet(verslag: Verslag, een: NietHerhaald) -> None:
    if een.waarom == "ongeldig":
        verslag.ongeldig += 1
    elif een.waarom == "geen bundel":
        verslag.zonder_bundel[een.gelogd.herkomst] += 1
    else:
        verslag.zonder_antwoord[een.gelogd.herkomst] += 1


def _vergelijk(een: Herhaald, met: Bundelbestand | None) -> list[Verschil]:
    was, nu = een.gelogd.besluit, een.nu
    if met is not None:  # which is why it is asked
        was, nu = ({k: v for k, v in b.items() if k != _HERKOMST} for b in (was, nu))
    return verschillen(was, nu)


def _voeg_toe(
    groep: Groep, gelogd: Gelogd, gevonden: list[Verschil], gewijzigd: list[Wijziging] | None
) -> None:
    groep.aantal += 1
    if len(groep.voorbeelden) < _VOORBEELDEN:
        groep.voorbeelden.append(gelogd)
    passend = redenen(gewijzigd or [], gevonden, gelogd.toewijzing or {})
    groep.redenen.update(w.zin for w in passend)


def _waar(gelogd: Gelogd) -> dict[str, Any]:
    return {
        "besluit_id": gelogd.besluit_id,
        "volgnummer": gelogd.volgnummer,
        "moment": gelogd.moment,
        "revisie": gelogd.herkomst,
        "plaats": gelogd.plaats,
    }


def _verschil(verschil: Verschil) -> dict[str, Any]:
    return {"zin": verschil.zin, "regel": verschil.regel, "details": list(verschil.details)}


def _groep(groep: Groep) -> dict[str, Any]:
    return {
        "aantal": groep.aantal,
        "verschillen": [_verschil(v) for v in groep.verschillen],
        "redenen": dict(groep.redenen),
        "voorbeelden": [_waar(gelogd) for gelogd in groep.voorbeelden],
    }
