"""What a run writes for people: reports, files per provider, and the sheet of questions."""

from __future__ import annotations

import datetime
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from uitfasering.bulk.navraag import Navraag
from uitfasering.bulk.rapport import (
    Herkomst,
    HtmlRapport,
    PerAanbieder,
    Rapport,
    lees_woorden,
)
from uitfasering.bulk.stroom import Blok
from uitfasering.bulk.uitvoeren import Doelen, Run
from uitfasering.bulk.vraagblad import Vraagblad
from uitfasering.paths import opa_versie
from uitfasering.weergave.tellen import hoeveel

if TYPE_CHECKING:
    from uitfasering.bulk.doelen import Schrijver


def open_verslagen(doelen: Doelen, run: Run, stapel: ExitStack) -> list[Schrijver]:
    """Open the reports that are asked for (``doelen.open_doelen``).

    Raises:
        UitfaseringError: something cannot be written there.
    """
    found: list[Schrijver] = []
    woorden = lees_woorden(run.root)
    if doelen.rapport:
        found.append(_Verslag(stapel.enter_context(closing(Rapport(doelen.rapport, woorden)))))
    if doelen.samenvatting:
        html = HtmlRapport(doelen.samenvatting, woorden)
        found.append(_Verslag(stapel.enter_context(closing(html))))
    if doelen.per_aanbieder:
        teksten = run.vraagbaak.waarde("bulk/vragen/gemeenteteksten")
        per_aanbieder = PerAanbieder(doelen.per_aanbieder, woorden, teksten)
        found.append(_Verslag(stapel.enter_context(closing(per_aanbieder))))
    if doelen.vraag_aanvulling:
        navraag = Navraag(run.vraagbaak, run.fragment, run.lees, run.motor)
        blad = Vraagblad(
            doelen.vraag_aanvulling,
            navraag,
            run.kolommen,
            run.lees,
            woorden,
            run.root,
        )
        found.append(_Vragen(blad))
    return found


class _Verslag:
    """A report."""

    def __init__(self, rapport: Rapport | HtmlRapport | PerAanbieder) -> None:
        self._rapport = rapport

    def neem(self, blok: Blok) -> None:
        self._rapport.voeg_toe(blok)

    def klaar(self, run: Run) -> None:
        self._rapport.schrijf(herkomst(run), run.motor.klassen)


class _Vragen:
    """The sheet with what is missing."""

    def __init__(self, blad: Vraagblad) -> None:
        self._blad = blad

    def neem(self, blok: Blok) -> None:
        self._blad.voeg_toe(blok.cellen, len(blok.invoer), blok.oordeel)

    def klaar(self, run: Run) -> None:
        self._blad.schrijf()
        run.verloop.meldingen.append(
            f"Op het vraagblad: {hoeveel(len(self._blad), 'toewijzing', 'toewijzingen')} waarover "
            "iets te vragen is."
        )
        if self._blad.zonder_sleutel:
            rijen = hoeveel(self._blad.zonder_sleutel, "rij", "rijen")
            run.verloop.meldingen.append(
                f"Niet op het vraagblad: {rijen} zonder nummer. Daar is ook iets over te vragen."
            )


def herkomst(run: Run) -> Herkomst:
    """Where the figures of a finished run come from."""
    verloop = run.verloop
    return Herkomst(
        bundel=verloop.revisie,
        opa=opa_versie(),
        begin=verloop.begin,
        einde=verloop.begin + datetime.timedelta(seconds=verloop.seconden),
        bestanden=verloop.bestanden,
        kolommen=run.kolommen.velden,
        weggelaten=run.kolommen.persoonlijk,
        meldingen=verloop.meldingen,
        rijen_in=verloop.rijen,
        rijen_uit=verloop.rijen,
        rijen_fout=verloop.ongeldig,
        klassen_gecontroleerd=verloop.klassen,
        rijen_gecontroleerd=verloop.gecontroleerd,
        onbekende_codes=verloop.onbekende_codes,
    )
