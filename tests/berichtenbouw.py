"""Builds small iJw messages for the tests; every value in them is made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from uitfasering.berichten import Bron, Ingelezen, Instellingen, lees_berichten
from uitfasering.melding import Melding

CODES = {"JW301": "436", "JW315": "446", "JW323": "490"}


def instellingen(**anders: Any) -> Instellingen:
    """The settings the tests start from."""
    basis: dict[str, Any] = {
        "nieuw_binnen_dagen": 7,
        "reden_wijziging": {"04": "verlenging", "05": "verkorting"},
        "handeling": None,
        "op": None,
        "max_bytes": 10_000_000,
    }
    return Instellingen(**(basis | anders))


def elementen(velden: dict[str, Any], prefix: str) -> str:
    """Nested elements; a list repeats the element, a dict nests with the ijw prefix."""
    delen = []
    for naam, waarde in velden.items():
        for een in waarde if isinstance(waarde, list) else [waarde]:
            binnen = elementen(een, "ijw") if isinstance(een, dict) else een
            delen.append(f"<{prefix}:{naam}>{binnen}</{prefix}:{naam}>")
    return "\n".join(delen)


def product301(nummer: str | None = "1001", **anders: Any) -> dict[str, Any]:
    """A ToegewezenProduct; a value of None leaves the element out."""
    velden: dict[str, Any] = {
        "ToewijzingNummer": nummer,
        "Product": {"Categorie": "50", "Code": "50D3A"},
        "Toewijzingsdatum": "2021-05-10",
        "Ingangsdatum": "2021-06-01",
        "Einddatum": "2021-12-31",
    }
    return {k: v for k, v in (velden | anders).items() if v is not None}


def product315(**anders: Any) -> dict[str, Any]:
    """An AangevraagdProduct."""
    velden: dict[str, Any] = {
        "ReferentieAanbieder": "R1",
        "Product": {"Categorie": "50", "Code": "50TJ1"},
        "ToewijzingIngangsdatum": "2021-06-01",
        "Verwijzer": {"Type": "02"},
    }
    return {k: v for k, v in (velden | anders).items() if v is not None}


def prestatie(nummer: str = "1001", **anders: Any) -> dict[str, Any]:
    """A Prestatie of a JW323."""
    velden: dict[str, Any] = {
        "ToewijzingNummer": nummer,
        "ProductCategorie": "50",
        "ProductCode": "50D3A",
        "ProductPeriode": {"Begindatum": "2022-03-01", "Einddatum": "2022-03-31"},
    }
    return {k: v for k, v in (velden | anders).items() if v is not None}


def bericht(
    soort: str,
    producten: Sequence[dict[str, Any]],
    *,
    dagtekening: str | None = "2021-05-12",
    gemeente: str | None = "0193",
    aanbieder: str = "99000001",
    versie: str = "3.2",
    kop: dict[str, Any] | None = None,
) -> str:
    """One message without XML declaration, so that it also fits in an envelope."""
    groot, klein = versie.split(".")
    partijen = [gemeente, aanbieder] if soort == "JW301" else [aanbieder, gemeente]
    hoofd: dict[str, Any] = {
        "BerichtCode": CODES.get(soort, "999"),
        "BerichtVersie": groot,
        "BerichtSubversie": klein,
        "Afzender": partijen[0],
        "Ontvanger": partijen[1],
        "BerichtIdentificatie": {"Identificatie": "ID1", "Dagtekening": dagtekening},
    }
    hoofd |= kop or {}
    hoofd = {k: v for k, v in hoofd.items() if v is not None}
    if dagtekening is None:
        hoofd["BerichtIdentificatie"] = {"Identificatie": "ID1"}
    binnen = "\n".join(
        f"<b:{_PRODUCT[soort]}>\n{elementen(p, 'b')}\n</b:{_PRODUCT[soort]}>" for p in producten
    )
    if soort == "JW323":
        romp = (
            "<b:Declaratie><b:DeclaratieDagtekening>2022-04-08</b:DeclaratieDagtekening>"
            "<b:Clienten><b:Client><b:Bsn>999900006</b:Bsn><b:Prestaties>"
            f"{binnen}</b:Prestaties></b:Client></b:Clienten></b:Declaratie>"
        )
    else:
        lijst = {"JW301": "ToegewezenProducten", "JW315": "AangevraagdeProducten"}[soort]
        romp = f"<b:Client><b:Bsn>999900006</b:Bsn><b:{lijst}>{binnen}</b:{lijst}></b:Client>"
    basis = f"http://www.istandaarden.nl/ijw/{groot}_{klein}"
    return (
        f'<b:Bericht xmlns:b="{basis}/{soort.lower()}/schema" '
        f'xmlns:ijw="{basis}/basisschema/schema">\n'
        f"<b:Header>{elementen(hoofd, 'b')}</b:Header>\n{romp}\n</b:Bericht>"
    )


_PRODUCT = {
    "JW301": "ToegewezenProduct",
    "JW315": "AangevraagdProduct",
    "JW323": "Prestatie",
}


def bron(tekst: str | bytes, naam: str = "een.xml") -> Bron:
    """A file that is not on disk."""
    return Bron.van_bytes(naam, tekst.encode() if isinstance(tekst, str) else tekst)


def lees(*teksten: str | bytes | Bron, **anders: Any) -> list[Ingelezen | Melding]:
    """Everything that comes out; files without a name are called 1.xml, 2.xml, …"""
    bronnen = [
        tekst if isinstance(tekst, Bron) else bron(tekst, f"{n}.xml")
        for n, tekst in enumerate(teksten, 1)
    ]
    return list(lees_berichten(bronnen, instellingen(**anders)))


def ingelezen(*teksten: str | bytes | Bron, **anders: Any) -> list[Ingelezen]:
    """The same, when no Melding is expected."""
    uit = lees(*teksten, **anders)
    assert all(isinstance(een, Ingelezen) for een in uit), uit
    return [een for een in uit if isinstance(een, Ingelezen)]


def een(*teksten: str, **anders: Any) -> dict[str, Any]:
    """The first toewijzing that comes out."""
    return ingelezen(*teksten, **anders)[0].toewijzing


def codes(uit: list[Ingelezen | Melding]) -> list[str]:
    """The code of each Melding, ``""`` for each product."""
    return [een.code if isinstance(een, Melding) else "" for een in uit]
