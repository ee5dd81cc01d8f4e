"""For each point no case shows a toewijzing that would, close to a starting point of the cases."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uitfasering.residu import TUSSEN_VELDEN, Residu
from uitfasering.toets.dekking.kandidaten import Kandidaten
from uitfasering.toets.dekking.punten import BUITEN, ONGELDIG, Punt, vergelijkingen
from uitfasering.toets.dekking.zoeken import Zoeker, verschil
from uitfasering.toets.gevallen import Geval
from uitfasering.werkbank import Werkbank
from uitfasering.yamlreader import Document

# Of how many toewijzingen that show a point the one nearest to a starting point is taken.
_KEUZE = 300


@dataclass(frozen=True)
class Voorbeeld:
    """A toewijzing that shows a point.

    Attributes:
        document: the case file it belongs in; None when no file is about the rule.
        uitgangspunt: the starting point in that file it differs least from.
    """

    toewijzing: Mapping[str, Any]
    document: Document | None
    uitgangspunt: str


def buiten_de_brieven(werkbank: Werkbank, residuen: Mapping[str, Residu]) -> dict[str, Residu]:
    """The rules after which no other rule is in the answer."""
    afspraken = werkbank.gegevens.afspraken
    return {r: residu for r, residu in residuen.items() if afspraken[r].bron["gevolg"] == BUITEN}


def zoek(
    werkbank: Werkbank, gevallen: Sequence[Geval], te_tonen: Sequence[Punt]
) -> Iterator[tuple[Punt, Voorbeeld | None]]:
    """Of each point a toewijzing that shows it; None when there is none.

    Args:
        werkbank: on the tables of the cases.
        gevallen: the cases on those tables.
        te_tonen: the points.
    """
    ongeldig = werkbank.residuen(TUSSEN_VELDEN)
    buiten = buiten_de_brieven(werkbank, werkbank.residuen())
    extra = [v for r in (*ongeldig.values(), *buiten.values()) for v in r.vergelijkingen]
    toewijzingen = [geval.toewijzing for geval in gevallen]
    kandidaten = Kandidaten(werkbank, [*vergelijkingen(te_tonen), *extra], toewijzingen)
    zoeker = Zoeker(kandidaten, ongeldig, buiten)
    documenten = {geval.document.name: geval.document for geval in gevallen}
    for punt in te_tonen:
        eigen = [d for d in documenten.values() if punt.onderdeel.regel in d.data["regels"]]
        exists = next(zoeker.vind(punt, {}), None) is not None
        yield punt, _dichtstbij(werkbank, zoeker, punt, eigen) if exists else None


def _dichtstbij(
    werkbank: Werkbank, zoeker: Zoeker, punt: Punt, documenten: Sequence[Document]
) -> Voorbeeld | None:
    """The toewijzing nearest to a starting point of these files.

    OPA confirms it: B1-20 also fires for other reasons than its residual knows.
    """
    begin: list[tuple[Document | None, str, Mapping[str, Any]]] = [
        (document, name, uitgangspunt)
        for document in documenten
        for name, uitgangspunt in document.data["uitgangspunten"].items()
    ]
    found = [
        (verschil(basis, toewijzing), Voorbeeld(toewijzing, document, name))
        for document, name, basis in begin or [(None, "", {})]
        for toewijzing in itertools.islice(zoeker.vind(punt, basis), _KEUZE)
    ]
    nearest = [one for _, one in sorted(found, key=lambda one: one[0])[:_KEUZE]]
    besluiten = werkbank.besluiten({str(n): one.toewijzing for n, one in enumerate(nearest)})
    shown = (one for n, one in enumerate(nearest) if _toont(punt, besluiten[str(n)]))
    return next(shown, None)


def _toont(punt: Punt, besluit: Mapping[str, Any]) -> bool:
    """Whether the rule is in the besluit, or not, as the point wants."""
    onderdeel = punt.onderdeel
    if onderdeel.regel == "A-00":
        fouten = {veld for b in besluit["bevindingen"] for veld in b["velden"]}
        return (besluit["uitkomst"] == ONGELDIG and onderdeel.deel in fouten) is punt.geldt
    if besluit["uitkomst"] == ONGELDIG or (besluit["uitkomst"] == BUITEN and not onderdeel.buiten):
        return False
    if onderdeel.deel:
        return (onderdeel.deel in besluit["ontbreekt"]) is punt.geldt
    return any(b["regel"] == onderdeel.regel for b in besluit["bevindingen"]) is punt.geldt
