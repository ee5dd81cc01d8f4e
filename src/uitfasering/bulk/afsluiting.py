"""What is said at the end of a run: the counts, and what can be done next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from uitfasering.bulk.aanvulling import AANVULBAAR
from uitfasering.bulk.uitvoeren import Doelen, Verloop
from uitfasering.weergave.papier import alinea
from uitfasering.weergave.tellen import getal, hoeveel
from uitfasering.weergave.veilig import schoon

BREEDTE = 80
_MEESTE_CODES = 10


def opmerkingen(verloop: Verloop) -> Iterator[str]:
    """The lines of what the user should know of how was read and what was left out."""
    for melding in verloop.meldingen:
        yield from _gevouwen(melding, begin="- ")


def regels(verloop: Verloop, doelen: Doelen, koppen: Mapping[str, str]) -> Iterator[str]:
    """The lines of the summary, at most ``BREEDTE`` wide where words allow.

    Args:
        verloop: the run.
        doelen: what was written.
        koppen: the words for each uitkomst.
    """
    seconden = f"{verloop.seconden:.1f}".replace(".", ",")
    yield f"{hoeveel(verloop.rijen, 'rij', 'rijen')} beoordeeld in {seconden} seconden."
    yield from _telling(Counter({koppen[u]: n for u, n in verloop.uitkomsten.items()}))
    for alinea_ in _vervolg(verloop, doelen):
        yield ""
        yield from _gevouwen(alinea_)
    if verloop.onbekende_codes:
        rijen = hoeveel(verloop.onbekende_codes.total(), "rij", "rijen")
        yield ""
        yield f"Productcodes die niet in de catalogus staan, in {rijen}:"
        yield from _telling(verloop.onbekende_codes, _MEESTE_CODES)
    yield ""
    if verloop.rijen:
        soorten = hoeveel(verloop.klassen, "soort geval", "soorten gevallen")
        los = f" en {hoeveel(verloop.gecontroleerd, 'losse rij', 'losse rijen')}"
        yield from _gevouwen(
            f"Nagevraagd bij OPA: {soorten}{los if verloop.gecontroleerd else ''}. Alles klopt."
        )
    yield "Geschreven:"
    yield from (f"  {schoon(str(pad))}" for pad in vars(doelen).values() if pad)


def _vervolg(verloop: Verloop, doelen: Doelen) -> Iterator[str]:
    """What the user can do about rows that got no real answer."""
    if not verloop.rijen:
        yield "Er was niets te beoordelen: onder de namen van de kolommen staan geen rijen."
    if verloop.ongeldig:
        yield (
            f"In {hoeveel(verloop.ongeldig, 'rij', 'rijen')} klopt de invoer niet. In de kolom "
            "toelichting staat welke kolom het is en waarom."
        )
    if not (aantal := verloop.ontbreekt.total()):
        return
    tekst = (
        f"In {hoeveel(aantal, 'rij', 'rijen')} ontbreekt een gegeven dat iets uitmaakt. In de "
        "kolom ontbreekt staat welk gegeven."
    )
    gevraagd = {naam for namen in verloop.ontbreekt for naam in namen.split()}
    if gevraagd & set(AANVULBAAR) and not doelen.vraag_aanvulling:
        tekst += (
            " Staat het niet in uw systeem? Met --vraag-aanvulling vragen.xlsx krijgt u een blad "
            "om het te laten invullen."
        )
    yield tekst


def _telling(aantallen: Counter[str], meeste: int | None = None) -> Iterator[str]:
    """The names with their numbers before them, the most frequent first."""
    breedte = max((len(getal(keer)) for keer in aantallen.values()), default=0)
    for naam, keer in aantallen.most_common(meeste):
        yield f"  {getal(keer):>{breedte}}  {naam}"
    if meeste is not None and len(aantallen) > meeste:
        yield f"  {'':>{breedte}}  en nog {len(aantallen) - meeste} andere"


def _gevouwen(tekst: str, begin: str = "") -> Iterator[str]:
    return (regel.plain for regel in alinea(tekst, BREEDTE, begin=begin))
