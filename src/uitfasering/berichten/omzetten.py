"""One product of one message to one toewijzing, with the choices that were made and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from uitfasering.berichten.meldingen import melding
from uitfasering.berichten.model import Ingelezen, Instellingen
from uitfasering.berichten.samenhang import Eerder, Moment, Plek, Samenhang, moment
from uitfasering.berichten.waarden import als_datum, als_getal, als_nummer
from uitfasering.berichten.xmlstroom import Bericht, Product
from uitfasering.melding import Melding
from uitfasering.records import Handeling

# Kept while reading, but no field of a toewijzing.
_HULPVELDEN = {"ToewijzingNummer", "ReferentieAanbieder", "RedenWijziging"}
_GETALLEN = {"omvang.volume", "budget"}


@dataclass
class _Keuze:
    handeling: Handeling
    grond: str


def zet_om(
    product: Product,
    *,
    naam: str,
    bestand: int,
    telling: int,
    instellingen: Instellingen,
    samenhang: Samenhang,
) -> Ingelezen | Melding:
    """The toewijzing of this product.

    ``bestand`` and ``telling`` count the files and the products of this reading. A Melding
    only when the Dagtekening is needed to choose the handeling and cannot be used.
    """
    bericht = product.bericht
    soort = bericht.soort
    assert soort is not None
    gemeente = bericht.kop.get(soort.gemeente)
    aanbieder = bericht.kop.get(soort.aanbieder)
    nummer = als_nummer(product.velden.get("ToewijzingNummer"))
    wanneer = moment(bericht, bestand)
    eerdere = samenhang.eerdere(gemeente, nummer, wanneer)

    keuze = _handeling(product, wanneer, eerdere, instellingen)
    if keuze is None:
        return melding("bericht-dagtekening", naam, product.regel, pad="Dagtekening")

    toewijzing: dict[str, Any] = {"handeling": keuze.handeling}
    if gemeente is not None:
        toewijzing["gemeente"] = gemeente
    if aanbieder is not None:
        toewijzing["aanbieder"] = aanbieder
    toewijzing |= _genest(product.velden)

    opmerkingen: list[str] = []
    if soort.naam == "JW301":
        _eerste_datum(toewijzing, eerdere, opmerkingen)
        referentie = product.velden.get("ReferentieAanbieder")
        _verwijzer(toewijzing, samenhang.verwijzers(gemeente, aanbieder, referentie), opmerkingen)
    elif soort.naam == "JW315":
        _datum_van_verzoek(toewijzing, bericht, instellingen, opmerkingen)
    else:
        _declaratie(toewijzing, bericht, instellingen, opmerkingen)
    if nummer is None and "ToewijzingNummer" in product.velden:
        opmerkingen.append("Het ToewijzingNummer is geen getal van hoogstens negen cijfers.")
    if product.onbekend:
        opmerkingen.append(
            "Bij dit product staat een onderdeel dat niet in dit bericht hoort. "
            "Het is niet gelezen."
        )

    kenmerk = f"{soort.naam.lower()}/{telling}"
    return Ingelezen(
        kenmerk=kenmerk if nummer is None else f"{kenmerk}/{nummer}",
        toewijzing=toewijzing,
        bron=naam,
        regel=product.regel,
        bericht=f"{soort.naam} {bericht.versie}",
        toewijzingnummer=None if nummer is None else str(nummer),
        handeling_grond=keuze.grond,
        opmerkingen=tuple(opmerkingen),
    )


def _genest(velden: dict[str, str]) -> dict[str, Any]:
    """Dotted names as nested objects; whole numbers as numbers, all else as it was written."""
    genest: dict[str, Any] = {}
    for naam, waarde in velden.items():
        groep, punt, blad = naam.partition(".")
        if naam in _HULPVELDEN:
            continue
        if punt:
            binnen = genest.setdefault(groep, {})
            binnen[blad] = als_getal(waarde) if naam in _GETALLEN else waarde
        elif naam in {"product", "omvang", "periode"}:
            genest.setdefault(naam, {})
        else:
            genest[naam] = als_getal(waarde) if naam in _GETALLEN else waarde
    return genest


def _handeling(
    product: Product, wanneer: Moment | None, eerdere: list[Eerder], instellingen: Instellingen
) -> _Keuze | None:
    """Which handeling, and on what ground; None when that cannot be said."""
    soort = product.bericht.soort
    assert soort is not None
    if soort.naam == "JW323":
        return _Keuze("declaratie", "Een JW323 is een declaratie.")
    if instellingen.handeling is not None:
        return _Keuze(instellingen.handeling, "Gekozen met --handeling.")
    if soort.naam == "JW315":
        return _Keuze("nieuw", "Een JW315 is een verzoek om een nieuwe toewijzing.")
    reden = product.velden.get("RedenWijziging")
    bekend = instellingen.reden_wijziging
    if reden and reden in bekend:
        return _Keuze(bekend[reden], f"RedenWijziging is {reden}: {bekend[reden]}.")
    if reden:
        grond = f"RedenWijziging is ingevuld, maar is niet {' of '.join(sorted(bekend))}."
        return _Keuze("lopend", grond)
    if eerdere:
        grond = f"Geen RedenWijziging; het ToewijzingNummer staat al in {eerdere[0].plek}."
        return _Keuze("lopend", grond)
    if wanneer is None:
        return None
    return _nieuw_of_lopend(product, wanneer, instellingen.nieuw_binnen_dagen)


def _nieuw_of_lopend(product: Product, wanneer: Moment, grens: int) -> _Keuze:
    besluit = als_datum(product.velden.get("toewijzingsdatum"))
    dagen = None if besluit is None else (wanneer[0] - besluit).days
    handeling: Handeling = "lopend"
    if dagen is None:
        waarom = "ontbreekt of is geen bestaande datum"
    elif dagen < 0:
        # A decision of a later day cannot be running yet.
        handeling, waarom = "nieuw", "ligt na de Dagtekening"
    elif dagen <= grens:
        handeling, waarom = "nieuw", f"ligt hoogstens {grens} dagen voor de Dagtekening"
    else:
        waarom = f"ligt meer dan {grens} dagen voor de Dagtekening"
    return _Keuze(
        handeling,
        f"Geen RedenWijziging; de Toewijzingsdatum {waarom}. "
        "Klopt dat niet? Kies dan zelf met --handeling.",
    )


def _eerste_datum(
    toewijzing: dict[str, Any], eerdere: list[Eerder], opmerkingen: list[str]
) -> None:
    """For ``lopend``, the first Toewijzingsdatum of this ToewijzingNummer (contract §2).

    A date that is absent or does not exist is left for OPA to name.
    """
    eigen = als_datum(toewijzing.get("toewijzingsdatum"))
    if toewijzing["handeling"] != "lopend" or eigen is None:
        return
    eerste = min(((e.datum, e.plek) for e in eerdere if e.datum), default=(eigen, None))
    if eerste[0] < eigen:
        toewijzing["toewijzingsdatum"] = eerste[0].isoformat()
        opmerkingen.append(
            f"Als toewijzingsdatum geldt de eerste van dit ToewijzingNummer: "
            f"{eerste[0].isoformat()}, uit {eerste[1]}."
        )


def _verwijzer(
    toewijzing: dict[str, Any], gevonden: dict[str, Plek], opmerkingen: list[str]
) -> None:
    """The referrer is only in the JW315; the ReferentieAanbieder links the two."""
    plekken = " en ".join(str(plek) for plek in gevonden.values())
    if len(gevonden) == 1:
        toewijzing["verwijzer"] = next(iter(gevonden))
        opmerkingen.append(f"De verwijzer komt uit {plekken}: dezelfde ReferentieAanbieder.")
    elif gevonden:
        opmerkingen.append(
            f"De verwijzer is niet overgenomen: bij deze ReferentieAanbieder staan "
            f"verschillende verwijzers ({plekken})."
        )


def _datum_van_verzoek(
    toewijzing: dict[str, Any],
    bericht: Bericht,
    instellingen: Instellingen,
    opmerkingen: list[str],
) -> None:
    """A JW315 asks for a decision, so it has no Toewijzingsdatum of its own."""
    dagtekening = bericht.kop.get("Dagtekening")
    if instellingen.op is not None:
        toewijzing["toewijzingsdatum"] = instellingen.op
        opmerkingen.append(f"Als toewijzingsdatum geldt {instellingen.op}, gekozen met --op.")
    elif dagtekening is not None:
        toewijzing["toewijzingsdatum"] = dagtekening
        opmerkingen.append(
            "Als toewijzingsdatum geldt de Dagtekening van het verzoek. Dat is niet de dag van het "
            "besluit. Kies die dag met --op; de uitkomst kan dan anders zijn."
        )
    else:
        opmerkingen.append(
            "Er is geen toewijzingsdatum: de Dagtekening ontbreekt. Kies een datum met --op."
        )


def _declaratie(
    toewijzing: dict[str, Any],
    bericht: Bericht,
    instellingen: Instellingen,
    opmerkingen: list[str],
) -> None:
    """No agreement about a declaratie asks for the dates of its toewijzing: they stay out."""
    factuurdatum = bericht.kop.get("DeclaratieDagtekening")
    if factuurdatum is not None:
        toewijzing["factuurdatum"] = factuurdatum
    if instellingen.handeling not in (None, "declaratie"):
        opmerkingen.append("--handeling geldt niet voor een JW323.")
