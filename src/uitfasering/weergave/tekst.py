"""Text for an officer: what was asked, the outcome in words, why, and what would make it right.

Colour only repeats what a word and a sign say already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from rich.text import Text

from uitfasering.leesgegevens import Leesgegevens
from uitfasering.melding import Melding
from uitfasering.records import Besluit, Bevinding
from uitfasering.weergave.model import Antwoord
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.reden import bron_in_zinnen, ingedeeld, oplossing_label
from uitfasering.weergave.woorden import (
    datum,
    melding_in_woorden,
    overgeslagen_in_woorden,
    voorstel_in_zinnen,
)

BREEDTE = 100
"""Columns when the output is not a terminal, and the most that is used of a terminal."""

_MINSTE_BREEDTE = 20
_REVISIE = 12
_TEKENS = {
    "ONGELDIGE_INVOER": ("✗", "bold red"),
    "NIET_VAN_TOEPASSING": ("–", "bold"),
    "NIET_TOEGESTAAN": ("✗", "bold red"),
    "HANDMATIG": ("?", "bold yellow"),
    "OMZETTEN": ("→", "bold cyan"),
    "AFSTEMMEN": ("!", "bold yellow"),
    "AFLOPEN": ("✓", "bold green"),
    "TOEGESTAAN": ("✓", "bold green"),
}


class Tekst:
    """Answers on standard output as they come; faults at the end, on standard error."""

    def __init__(self, gegevens: Leesgegevens, uit: TextIO, fout: TextIO) -> None:
        self._gegevens = gegevens
        self._uit = _Papier(uit)
        self._fout = _Papier(fout)
        self._telling: Counter[str] = Counter()
        self._meldingen: list[Melding] = []
        self._herkomst: dict[str, None] = {}

    def antwoord(self, antwoord: Antwoord) -> None:
        """Show one answer."""
        besluit = antwoord.besluit
        if self._telling:
            self._uit.regel()
        self._telling[besluit.uitkomst] += 1
        self._herkomst[besluit.herkomst[:_REVISIE]] = None
        self._kop(antwoord)
        self._uitkomst(besluit)
        self._bevindingen(besluit)
        self._vervolg(besluit)
        if besluit.besluit_id:
            reeks = f", volgnummer {besluit.volgnummer}" if besluit.volgnummer else ""
            self._uit.alinea(f"In het logboek: besluit {besluit.besluit_id}{reeks}", stijl="dim")

    def melding(self, melding: Melding) -> None:
        """Keep it: at the end it is not overlooked."""
        self._meldingen.append(melding)

    def einde(self, overgeslagen: int) -> None:
        """Show the faults, the counts, and which agreements answered."""
        self._uit.klaar()
        for nummer, melding in enumerate(self._meldingen):
            if nummer or self._telling:
                self._fout.regel()
            self._fout.alinea(melding_in_woorden(melding), stijl="bold red")
        self._fout.klaar()
        if sum(self._telling.values()) + len(self._meldingen) > 1:
            self._samenvatting()
        if overgeslagen:
            self._uit.regel()
            self._uit.alinea(overgeslagen_in_woorden(overgeslagen))
        if self._herkomst:
            self._uit.regel()
            self._uit.alinea(f"Versie van de afspraken: {', '.join(self._herkomst)}", stijl="dim")
        self._uit.klaar()

    def _kop(self, antwoord: Antwoord) -> None:
        vraag, uit = antwoord.vraag, self._uit
        toewijzing = antwoord.toewijzing
        wat = "Declaratie" if toewijzing.get("handeling") == "declaratie" else "Toewijzing"
        titel = f"{wat} {vraag.kenmerk}"
        plek = f"uit {vraag.bestand}"
        if vraag.regel:
            plek += f", regel {vraag.regel}"
        if vraag.bericht:
            plek += f" ({vraag.bericht})"
        uit.alinea(f"{titel} {plek}", stijl="bold")
        uit.streep(len(titel) + len(plek) + 1)
        handeling = self._gegevens.weergave["handelingen"].get(toewijzing.get("handeling"))
        if handeling:
            uit.alinea(f"Vraag: {handeling}")
        if vraag.handeling_grond:
            uit.alinea(f"Waarom deze vraag: {vraag.handeling_grond}", stijl="dim")
        for label, waarde in self._gegeven(toewijzing, vraag.toewijzing):
            uit.alinea(f"{label}: {waarde}")
        for opmerking in vraag.opmerkingen:
            uit.alinea(f"Let op: {opmerking}")

    def _gegeven(self, toewijzing: Mapping[str, Any], ruw: Any) -> list[tuple[str, str]]:
        gevonden = []
        gemeente = toewijzing.get("gemeente", "")
        if gemeente:
            naam = self._gegevens.gemeenten.get(gemeente, f"code {gemeente}")
            gevonden.append(("Gemeente", naam))
        product = self._product(toewijzing.get("product", {}))
        if product:
            gevonden.append(("Product", product))
        if "toewijzingsdatum" in toewijzing:
            gevonden.append(("Toewijzingsdatum", datum(toewijzing["toewijzingsdatum"])))
        begin, einde = toewijzing.get("ingangsdatum"), toewijzing.get("einddatum")
        # An end date that was given but is wrong is not shown, and it is not an open end.
        looptijd = _van_tot(begin, einde, open_einde="einddatum" not in ruw)
        if looptijd:
            gevonden.append(("Looptijd", looptijd))
        periode = toewijzing.get("periode", {})
        geleverd = _van_tot(periode.get("begindatum"), periode.get("einddatum"))
        if geleverd:
            gevonden.append(("Periode van de zorg", geleverd))
        if "factuurdatum" in toewijzing:
            gevonden.append(("Datum van de factuur", datum(toewijzing["factuurdatum"])))
        return gevonden

    def _product(self, product: Mapping[str, Any]) -> str:
        delen = [f"productcode {product['code']}"] if "code" in product else []
        if "segment" in product:
            woord = self._gegevens.weergave["segmenten"].get(product["segment"], "")
            delen.append(woord if product["segment"] == "geen" else f"segment {woord}")
        if "perspectief" in product:
            delen.append(product["perspectief"])
        if "profiel" in product:
            delen.append(f"profiel {product['profiel']}")
        if "zorgvorm" in product:
            delen.append(self._gegevens.weergave["zorgvormen"].get(product["zorgvorm"], ""))
        return ", ".join(delen)

    def _uitkomst(self, besluit: Besluit) -> None:
        woorden = self._gegevens.uitkomsten[besluit.uitkomst]
        teken, stijl = _TEKENS[besluit.uitkomst]
        voorlopig = " (voorlopig)" if besluit.voorlopig else ""
        self._uit.regel()
        self._uit.alinea(f"{woorden['kop'].upper()}{voorlopig}", begin=f"{teken} ", stijl=stijl)
        self._uit.alinea(woorden["zin"], begin="  ")

    def _bevindingen(self, besluit: Besluit) -> None:
        deel = ingedeeld(besluit)
        self._hoofdzaken("Waarom", deel.waarom)
        self._hoofdzaken("Daarnaast", deel.daarnaast, met_gevolg=True)
        for gevolg, bevindingen in deel.bijzaken.items():
            self._bijzaken(self._gegevens.uitkomsten[gevolg]["kop"], bevindingen)

    def _hoofdzaken(
        self, titel: str, bevindingen: Sequence[Bevinding], *, met_gevolg: bool = False
    ) -> None:
        if bevindingen:
            self._uit.regel()
            self._uit.alinea(f"{titel}:", begin="  ", stijl="bold")
        vorige_lezing = None
        for bevinding in bevindingen:
            tekst = bevinding.tekst
            if met_gevolg:
                tekst = f"{self._gegevens.uitkomsten[bevinding.gevolg]['kop']}. {tekst}"
            self._uit.alinea(tekst, begin="  • ")
            for zin in bron_in_zinnen(bevinding, self._gegevens, vorige_lezing):
                self._uit.alinea(zin, begin="    ")
            if bevinding.oplossing:
                self._uit.alinea(
                    f"{oplossing_label(bevinding)}: {bevinding.oplossing}", begin="    "
                )
            vorige_lezing = bevinding.lezing

    def _bijzaken(self, titel: str, bevindingen: Sequence[Bevinding]) -> None:
        """One paragraph each: there to be found, not to be noticed first."""
        if bevindingen:
            self._uit.regel()
            self._uit.alinea(f"{titel}:", begin="  ")
        for bevinding in bevindingen:
            self._uit.alinea(bevinding.tekst, begin="  - ")
            zinnen = bron_in_zinnen(bevinding, self._gegevens)
            if bevinding.oplossing:
                zinnen.append(f"Wat u kunt doen: {bevinding.oplossing}")
            self._uit.alinea(" ".join(zinnen), begin="    ", stijl="dim")

    def _vervolg(self, besluit: Besluit) -> None:
        if besluit.voorstel:
            stappen = voorstel_in_zinnen(besluit.voorstel, self._gegevens.weergave)
            self._uit.regel()
            self._uit.alinea("Voorstel:", begin="  ", stijl="bold")
            for nummer, stap in enumerate(stappen, 1):
                self._uit.alinea(stap, begin=f"  {nummer}. " if len(stappen) > 1 else "  • ")
        if besluit.uiterste_einddatum:
            self._uit.regel()
            self._uit.alinea(
                f"Uiterste einddatum volgens deze afspraken: {datum(besluit.uiterste_einddatum)}",
                begin="  ",
            )

    def _samenvatting(self) -> None:
        rijen = [
            (self._telling[uitkomst], self._gegevens.uitkomsten[uitkomst]["kop"])
            for uitkomst in _TEKENS
            if self._telling[uitkomst]
        ]
        if self._meldingen:
            rijen.append((len(self._meldingen), "Niet te lezen"))
        breedte = len(str(max(aantal for aantal, _ in rijen)))
        self._uit.regel()
        self._uit.alinea("Samenvatting", stijl="bold")
        self._uit.streep(len("Samenvatting"))
        for aantal, kop in rijen:
            self._uit.alinea(kop, begin=f"{aantal:>{breedte}}  ")


def _van_tot(begin: str | None, einde: str | None, *, open_einde: bool = False) -> str:
    if begin and einde:
        return f"{datum(begin)} tot en met {datum(einde)}"
    if begin:
        return f"vanaf {datum(begin)}" + (", zonder einddatum" if open_einde else "")
    return f"tot en met {datum(einde)}" if einde else ""


class _Papier:
    """Paragraphs with a hanging indent, as wide as the terminal."""

    def __init__(self, uit: TextIO) -> None:
        self._console = papier(uit, BREEDTE)
        self._breedte = max(min(self._console.width, BREEDTE), _MINSTE_BREEDTE)

    def alinea(self, tekst: str, *, begin: str = "", stijl: str = "") -> None:
        """``begin`` stands before the first line; the others are indented as far."""
        for regel in alinea(tekst, self._breedte, begin=begin, stijl=stijl):
            self._console.print(regel, soft_wrap=True)

    def streep(self, lengte: int) -> None:
        """A line under a title of that length."""
        self._console.print(Text("─" * min(lengte, self._breedte)), soft_wrap=True)

    def regel(self) -> None:
        """An empty line."""
        self._console.print()

    def klaar(self) -> None:
        """Let everything be seen before something else writes to the same terminal."""
        self._console.file.flush()
