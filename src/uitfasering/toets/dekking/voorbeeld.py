"""For each point no case shows a toewijzing that would, close to a starting point of the cases."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def mogelijk(werkbank: Werkbank, gevallen: Sequence[Geval], te_tonen: Sequence[Punt]) -> set[Punt]:
    """Those of the points that some toewijzing shows; the others follow from the rest of the rule.

    OPA confirms each: B1-20 also fires for reasons that its residual does not know.

    Args:
        werkbank: on the tables of the cases.
        gevallen: the cases on those tables.
        te_tonen: the points.
    """
    zoeker = _zoeker(werkbank, gevallen, te_tonen)
    found: set[Punt] = set()
    over = {punt: itertools.islice(zoeker.vind(punt, {}), _KEUZE) for punt in te_tonen}
    # All points at once, a toewijzing each; mostly the first one will do.
    while asked := {p: one for p, more in over.items() if (one := next(more, None)) is not None}:
        besluiten = werkbank.besluiten({str(n): one for n, one in enumerate(asked.values())})
        found |= {punt for n, punt in enumerate(asked) if _toont(punt, besluiten[str(n)])}
        over = {punt: over[punt] for punt in asked if punt not in found}
    return found


def dichtstbij(
    werkbank: Werkbank, gevallen: Sequence[Geval], te_tonen: Sequence[Punt]
) -> Iterator[tuple[Punt, Voorbeeld]]:
    """A toewijzing for each point, as near as can be to a starting point of a file about its rule.

    Args:
        werkbank: on the tables of the cases.
        gevallen: the cases on those tables.
        te_tonen: points that are ``mogelijk``.
    """
    zoeker = _zoeker(werkbank, gevallen, te_tonen)
    documenten = {geval.document.name: geval.document for geval in gevallen}
    for punt in te_tonen:
        found = [
            (verschil(basis, toewijzing), Voorbeeld(toewijzing, document, name))
            for document, name, basis in _begin(punt, documenten.values())
            for toewijzing in zoeker.vind(punt, basis)
        ]
        nearest = [one for _, one in sorted(found, key=lambda one: one[0])[:_KEUZE]]
        besluiten = werkbank.besluiten({str(n): one.toewijzing for n, one in enumerate(nearest)})
        shown = (one for n, one in enumerate(nearest) if _toont(punt, besluiten[str(n)]))
        if voorbeeld := next(shown, None):
            yield punt, voorbeeld


def _begin(
    punt: Punt, documenten: Iterable[Document]
) -> Sequence[tuple[Document | None, str, Mapping[str, Any]]]:
    """The starting points of the files about the rule, first those most about it; or nothing."""
    regel = punt.onderdeel.regel
    eigen = [document for document in documenten if regel in document.data["regels"]]
    eigen.sort(key=lambda document: int(document.data["regels"].index(regel)))
    return [
        (document, name, uitgangspunt)
        for document in eigen
        for name, uitgangspunt in document.data["uitgangspunten"].items()
    ] or [(None, "", {})]


def _zoeker(werkbank: Werkbank, gevallen: Sequence[Geval], te_tonen: Sequence[Punt]) -> Zoeker:
    """A search for these points on the tables of the cases, which the werkbank is on."""
    alles = werkbank.residuen()
    ongeldig = werkbank.residuen(TUSSEN_VELDEN)
    # The constants of every rule are worth trying, not only those of the rules with an open point.
    ieder = [v for r in (*alles.values(), *ongeldig.values()) for v in r.vergelijkingen]
    toewijzingen = [geval.toewijzing for geval in gevallen]
    kandidaten = Kandidaten(werkbank, [*vergelijkingen(te_tonen), *ieder], toewijzingen)
    return Zoeker(kandidaten, ongeldig, buiten_de_brieven(werkbank, alles))


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
