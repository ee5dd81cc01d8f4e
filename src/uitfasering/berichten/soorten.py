"""Which elements of which message are read, and what each becomes.

The paths are those of the iJw 3.2 XSDs (JW301, JW315, JW323); 3.0 and 3.1 have the same.
An element that is not listed here is never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VERSIES = ("3.0", "3.1", "3.2")

# What is said in a message that is refused.
ONDERSTEUND = "Dit programma leest JW301, JW315 en JW323 van iJw 3.0, 3.1 en 3.2."


@dataclass
class Knoop:
    """An element on the way to something we read.

    Attributes:
        veld: the name its value is kept under; dotted names nest in the toewijzing. None
            for an element that only holds others.
        product: true for the element that is one product.
        kinderen: the elements inside it that matter, by local name.
        overig: names that may stand inside a product and are skipped.
    """

    veld: str | None = None
    product: bool = False
    kinderen: dict[str, Knoop] = field(default_factory=dict)
    overig: frozenset[str] = frozenset()

    @property
    def blad(self) -> bool:
        """Whether its text is a value."""
        return self.veld is not None and not self.kinderen


@dataclass(frozen=True)
class Soort:
    """One type of message: its code, who the municipality is, and its tree of elements."""

    naam: str
    code: str
    gemeente: str
    aanbieder: str
    boom: Knoop


_KOP = {
    "Header/BerichtCode": "BerichtCode",
    "Header/BerichtVersie": "BerichtVersie",
    "Header/BerichtSubversie": "BerichtSubversie",
    "Header/Afzender": "Afzender",
    "Header/Ontvanger": "Ontvanger",
    "Header/BerichtIdentificatie/Dagtekening": "Dagtekening",
}

# A path to an element that holds others (Omvang, Product, ProductPeriode) keeps that the
# element was there, so that a half filled one reaches OPA as half filled.
_PRODUCT = {
    "Product": "product",
    "Product/Categorie": "product.categorie",
    "Product/Code": "product.code",
    "Omvang": "omvang",
    "Omvang/Volume": "omvang.volume",
    "Omvang/Eenheid": "omvang.eenheid",
    "Omvang/Frequentie": "omvang.frequentie",
    "Budget": "budget",
}


def _boom(
    kop: Mapping[str, str], pad_product: str, product: Mapping[str, str], overig: set[str]
) -> Knoop:
    wortel = Knoop()
    for pad, veld in kop.items():
        _knoop(wortel, pad).veld = veld
    knoop = _knoop(wortel, pad_product)
    knoop.product = True
    knoop.overig = frozenset(overig)
    for pad, veld in product.items():
        _knoop(knoop, pad).veld = veld
    return wortel


def _knoop(knoop: Knoop, pad: str) -> Knoop:
    for naam in pad.split("/"):
        knoop = knoop.kinderen.setdefault(naam, Knoop())
    return knoop


SOORTEN = {
    soort.naam: soort
    for soort in (
        Soort(
            naam="JW301",
            code="436",
            gemeente="Afzender",
            aanbieder="Ontvanger",
            boom=_boom(
                _KOP,
                "Client/ToegewezenProducten/ToegewezenProduct",
                {
                    **_PRODUCT,
                    "ToewijzingNummer": "ToewijzingNummer",
                    "ReferentieAanbieder": "ReferentieAanbieder",
                    "Toewijzingsdatum": "toewijzingsdatum",
                    "Ingangsdatum": "ingangsdatum",
                    "Einddatum": "einddatum",
                    "RedenWijziging": "RedenWijziging",
                },
                {"Toewijzingstijd", "Commentaar"},
            ),
        ),
        Soort(
            naam="JW315",
            code="446",
            gemeente="Ontvanger",
            aanbieder="Afzender",
            boom=_boom(
                _KOP,
                "Client/AangevraagdeProducten/AangevraagdProduct",
                {
                    **_PRODUCT,
                    "ReferentieAanbieder": "ReferentieAanbieder",
                    "ToewijzingIngangsdatum": "ingangsdatum",
                    "ToewijzingEinddatum": "einddatum",
                    "Verwijzer/Type": "verwijzer",
                },
                {"BeschikkingNummer", "BeschikkingIngangsdatum", "Raamcontract", "Commentaar"},
            ),
        ),
        Soort(
            naam="JW323",
            code="490",
            gemeente="Ontvanger",
            aanbieder="Afzender",
            boom=_boom(
                {**_KOP, "Declaratie/DeclaratieDagtekening": "DeclaratieDagtekening"},
                "Declaratie/Clienten/Client/Prestaties/Prestatie",
                {
                    "ToewijzingNummer": "ToewijzingNummer",
                    "ProductCategorie": "product.categorie",
                    "ProductCode": "product.code",
                    "ProductPeriode": "periode",
                    "ProductPeriode/Begindatum": "periode.begindatum",
                    "ProductPeriode/Einddatum": "periode.einddatum",
                },
                {
                    "ProductReferentie",
                    "GeleverdVolume",
                    "Eenheid",
                    "ProductTarief",
                    "IngediendBedrag",
                },
            ),
        ),
    )
}
