"""What came of giving besluiten again, as text for an officer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from uitfasering.herhaal.verschil import Verschil
from uitfasering.herhaal.verslag import Groep, Verslag
from uitfasering.logboek import Gelogd
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.tellen import getal, hoeveel

BREEDTE = 100
"""Columns when the output is not a terminal, and the most that is used of a terminal."""

_ONLEESBAAR = 10
_GROEPEN = 20
_WIJZIGINGEN = 40
_REDENEN = 10
_REVISIE = 12


def schrijf(verslag: Verslag, uit: TextIO, *, opa: str) -> None:
    """What differs and why, what could not be given again, and the counts; ``opa``: its version."""
    blad = _Blad(uit)
    _onleesbaar(verslag, blad)
    _genoemd(verslag, blad)
    _groepen(verslag, blad)
    _gewijzigd(verslag, blad)
    _niet_herhaald(verslag, blad)
    _telling(verslag, blad, opa)
    uit.flush()


class _Blad:
    """Paper on which paragraphs go in by level."""

    def __init__(self, uit: TextIO) -> None:
        self._papier = papier(uit, BREEDTE)
        self._breedte = min(self._papier.width, BREEDTE)

    def alinea(self, tekst: str, *, begin: str = "", stijl: str = "") -> None:
        for regel in alinea(tekst, self._breedte, begin=begin, stijl=stijl):
            self._papier.print(regel, soft_wrap=True)

    def leeg(self) -> None:
        self._papier.print()


def _onleesbaar(verslag: Verslag, blad: _Blad) -> None:
    for een in verslag.onleesbare_regels[:_ONLEESBAAR]:
        blad.alinea(f"FOUT in {een.plaats}: {een.reden}.", stijl="bold red")
    if (meer := verslag.onleesbaar - _ONLEESBAAR) > 0:
        wat = hoeveel(meer, "regel die niet te lezen is", "regels die niet te lezen zijn")
        blad.alinea(f"En nog {wat}. Meer ziet u met: --formaat json")
    if verslag.onleesbaar:
        blad.leeg()


def _genoemd(verslag: Verslag, blad: _Blad) -> None:
    """Every besluit that its own revision does not give again."""
    for gelogd, gevonden in verslag.genoemd:
        blad.alinea(f"✗ {_waar(gelogd)}", stijl="bold red")
        blad.alinea("Deze versie van de afspraken zegt iets anders dan het logboek:", begin="  ")
        _verschillen(gevonden, blad, "  ", "")
        blad.leeg()
    if verslag.met is None and (meer := verslag.anders - len(verslag.genoemd)):
        wat = hoeveel(meer, "besluit dat anders uitkomt", "besluiten die anders uitkomen")
        blad.alinea(f"En nog {wat}.")
        blad.leeg()


def _groepen(verslag: Verslag, blad: _Blad) -> None:
    for nummer, groep in enumerate(verslag.groepen[:_GROEPEN], 1):
        kop = hoeveel(groep.aantal, "besluit wordt anders", "besluiten worden anders")
        blad.alinea(f"{nummer}. {kop}:", stijl="bold")
        _verschillen(groep.verschillen, blad, "   ", "" if groep.aantal == 1 else "bijvoorbeeld ")
        _redenen(groep, blad)
        blad.alinea("Bijvoorbeeld:", begin="   ")
        for gelogd in groep.voorbeelden:
            blad.alinea(_waar(gelogd), begin="     - ")
        blad.leeg()
    if rest := verslag.groepen[_GROEPEN:]:
        besluiten = hoeveel(sum(groep.aantal for groep in rest), "besluit", "besluiten")
        soorten = hoeveel(len(rest), "ander soort verschil", "andere soorten verschil")
        blad.alinea(f"En nog {besluiten} met {soorten}. Alles ziet u met: --formaat json")
        blad.leeg()


def _redenen(groep: Groep, blad: _Blad) -> None:
    if not groep.redenen:
        return
    blad.alinea("Wat hierbij in de afspraken en tabellen is veranderd:", begin="   ")
    for zin, aantal in groep.redenen.most_common(_REDENEN):
        deel = "" if aantal == groep.aantal else f" (bij {getal(aantal)} van de besluiten)"
        blad.alinea(zin + deel, begin="     - ")
    if (meer := len(groep.redenen) - _REDENEN) > 0:
        blad.alinea(f"en nog {getal(meer)}", begin="     - ")


def _verschillen(gevonden: Sequence[Verschil], blad: _Blad, marge: str, vooraf: str) -> None:
    for verschil in gevonden:
        blad.alinea(verschil.zin, begin=marge)
        for detail in verschil.details:
            blad.alinea(vooraf + detail, begin=f"{marge}  ", stijl="dim")


def _gewijzigd(verslag: Verslag, blad: _Blad) -> None:
    """All that changed: what explains a group is a choice from it."""
    for revisie, gewijzigd in verslag.gewijzigd.items():
        if gewijzigd is None:
            blad.alinea(
                f"Wat er in de tabellen is veranderd sinds versie {_kort(revisie)}, is niet te "
                "zeggen: die bundel is er niet. Geef hem mee met --bundel."
            )
        elif gewijzigd:
            blad.alinea(f"Alles wat er is veranderd sinds versie {_kort(revisie)}:", stijl="bold")
            # What stands for more than one regel comes before what follows from it.
            volgorde = sorted(gewijzigd, key=lambda w: (w.woorden, w.regel or ""))
            for wijziging in volgorde[:_WIJZIGINGEN]:
                blad.alinea(wijziging.zin, begin="  - ")
            if (meer := len(gewijzigd) - _WIJZIGINGEN) > 0:
                blad.alinea(f"en nog {getal(meer)}. Alles ziet u met: --formaat json", begin="  - ")
        else:
            blad.alinea(f"Versie {_kort(revisie)} heeft dezelfde afspraken en tabellen.")
        blad.leeg()


def _niet_herhaald(verslag: Verslag, blad: _Blad) -> None:
    for revisie, aantal in verslag.zonder_bundel.items():
        wat = hoeveel(aantal, "besluit is", "besluiten zijn")
        blad.alinea(
            f"{wat} niet herhaald: de bundel van versie {_kort(revisie)} is er niet. Zoek hem in "
            f"het archief van de sidecar ({revisie}.tar.gz) en geef dat bestand of die map met "
            "--bundel."
        )
    for revisie, aantal in verslag.zonder_antwoord.items():
        wat = hoeveel(aantal, "besluit is", "besluiten zijn")
        blad.alinea(
            f"{wat} van versie {_kort(revisie)} niet herhaald. "
            + verslag.geweigerd.get(verslag.met.revisie if verslag.met else revisie, "")
        )
    if verslag.zonder_bundel or verslag.zonder_antwoord:
        blad.leeg()


def _telling(verslag: Verslag, blad: _Blad, opa: str) -> None:
    if verslag.met is not None:
        blad.alinea(f"Vergeleken met versie {_kort(verslag.met.revisie)} uit {verslag.met.naam}.")
        if verslag.revisies == {verslag.met.revisie}:
            blad.alinea(
                "Dat is de versie die deze besluiten ook gaf. Hebt u iets gewijzigd? Maak dan "
                "eerst de nieuwe bundel, met: uitfasering bundel",
                stijl="bold yellow",
            )
    elif verslag.herhaald:
        blad.alinea("Elk besluit is vergeleken met wat zijn eigen versie van de afspraken zegt.")
    if anders := sorted(verslag.opa.keys() - {opa}):
        toen = ", ".join(f"{versie} ({getal(verslag.opa[versie])} besluiten)" for versie in anders)
        blad.alinea(f"OPA was toen {toen}, en is nu {opa}.")
    if verslag.ongeldig:
        wat = hoeveel(verslag.ongeldig, "besluit", "besluiten")
        blad.alinea(f"{wat} zonder geldige invoer: niet bewaard, dus niet te herhalen.")
    if not verslag.herhaald:
        blad.alinea(_niets(verslag), stijl="bold red")
        return
    for (was, wordt), aantal in verslag.uitkomsten.most_common():
        blad.alinea(f"{was} → {wordt}: {getal(aantal)} keer", begin="  ")
    herhaald = hoeveel(verslag.herhaald, "besluit", "besluiten")
    stijl = "bold red" if verslag.anders else "bold green"
    blad.alinea(f"{herhaald} herhaald: {getal(verslag.anders)} anders.", stijl=stijl)


def _niets(verslag: Verslag) -> str:
    if verslag.besluiten:
        return "Er is geen besluit herhaald."
    zin = "Er staat geen besluit in dit logboek."
    if verslag.onleesbaar:
        zin += " Geef het bestand besluiten.log van de sidecar, of de map waarin het staat."
    return zin


def _waar(gelogd: Gelogd) -> str:
    nummer = "" if gelogd.volgnummer is None else f", volgnummer {gelogd.volgnummer}"
    return f"{gelogd.besluit_id}{nummer} ({gelogd.plaats})"


def _kort(revisie: str) -> str:
    return revisie[:_REVISIE]
