"""For each point no case shows a toewijzing that would, close to a starting point of the cases."""

from __future__ import annotations

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

# How many of the nearest OPA is asked to confirm.
_KEUZE = 30


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


def voorbeelden(
    werkbank: Werkbank, zoeker: Zoeker, gevallen: Sequence[Geval], te_tonen: Sequence[Punt]
) -> Iterator[tuple[Punt, Voorbeeld]]:
    """A toewijzing for each of these points, as near as can be to a starting point of the files.

    A point is left out when OPA itself denies it: B1-20 also fires for reasons that its residual
    does not know.

    Args:
        werkbank: on the tables of the cases.
        zoeker: for those tables.
        gevallen: the cases on those tables.
        te_tonen: the points.
    """
    documenten = {geval.document.name: geval.document for geval in gevallen}
    for punt in te_tonen:
        regel = punt.onderdeel.regel
        eigen = [d for d in documenten.values() if regel in d.data["regels"]]
        eigen.sort(key=lambda document: document.data["regels"].index(regel))
        if voorbeeld := _dichtstbij(werkbank, zoeker, punt, eigen):
            yield punt, voorbeeld


def maak_zoeker(werkbank: Werkbank, gevallen: Sequence[Geval], te_tonen: Sequence[Punt]) -> Zoeker:
    """A search for these points on the tables of the cases, which the werkbank is on."""
    ongeldig = werkbank.residuen(TUSSEN_VELDEN)
    buiten = buiten_de_brieven(werkbank, werkbank.residuen())
    extra = [v for r in (*ongeldig.values(), *buiten.values()) for v in r.vergelijkingen]
    toewijzingen = [geval.toewijzing for geval in gevallen]
    kandidaten = Kandidaten(werkbank, [*vergelijkingen(te_tonen), *extra], toewijzingen)
    return Zoeker(kandidaten, ongeldig, buiten)


def _dichtstbij(
    werkbank: Werkbank, zoeker: Zoeker, punt: Punt, documenten: Sequence[Document]
) -> Voorbeeld | None:
    """The toewijzing nearest to a starting point of these files, of those that OPA confirms."""
    begin: list[tuple[Document | None, str, Mapping[str, Any]]] = [
        (document, name, uitgangspunt)
        for document in documenten
        for name, uitgangspunt in document.data["uitgangspunten"].items()
    ]
    found = [
        (verschil(basis, toewijzing), Voorbeeld(toewijzing, document, name))
        for document, name, basis in begin or [(None, "", {})]
        for toewijzing in zoeker.vind(punt, basis)
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
