"""Pieces of text that more than one page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from uitfasering.gegevenscontrole import AFWIJKING, afwijkbaar
from uitfasering.paginas.inhoud import Inhoud
from uitfasering.records import Besluit
from uitfasering.residu import VAN_TOEPASSING, Vergelijking
from uitfasering.tabellen import in_woorden
from uitfasering.weergave.woorden import voorstel_in_zinnen
from uitfasering.zinnen import opsomming

ALGEMEEN = "algemeen"
"""The file in data/afspraken with what belongs to neither letter alone."""

_ALLEEN = ("ONGELDIGE_INVOER", "NIET_VAN_TOEPASSING")


class Woorden:
    """The tables in words a reader knows."""

    def __init__(self, inhoud: Inhoud) -> None:
        self._inhoud = inhoud
        self._gegevens = inhoud.gegevens
        self._teksten = inhoud.gegevens.tabellen["teksten"]
        self._weergave = inhoud.gegevens.tabellen["weergave"]
        uitkomsten = inhoud.gegevens.tabellen["uitkomsten"]
        self._koppen = {
            **{row["uitkomst"]: row["kop"] for row in uitkomsten["uitkomsten"]},
            **{row["gevolg"]: row["kop"] for row in uitkomsten["overig"]},
        }
        self._zinnen = {row["uitkomst"]: row["zin"] for row in uitkomsten["uitkomsten"]}

    def titel(self, regel: str) -> str:
        """What a regel is about, as its METADATA says."""
        vast = self._inhoud.zinnen.tabel["vast"]
        if regel in vast:
            return str(vast[regel]["titel"])
        return self._inhoud.rego[regel].titel

    def uitkomst(self, uitkomst: str) -> str:
        """An uitkomst or gevolg: ``Niet toegestaan``."""
        return str(self._koppen[uitkomst])

    def gevolg(self, regel: str) -> str:
        """The gevolg of a regel inside a sentence: ``niet toegestaan``."""
        kop = self.uitkomst(self._bron(regel)["gevolg"])
        return kop[0].lower() + kop[1:]

    def gevolg_met_zin(self, regel: str) -> str:
        """``Niet toegestaan. Een afspraak staat dit niet toe.``"""
        gevolg = self._bron(regel)["gevolg"]
        return f"{self.uitkomst(gevolg)}. {self._zinnen.get(gevolg, '')}".strip()

    def norm(self, regel: str) -> str:
        """How hard the agreement is, and for whom."""
        bron = self._bron(regel)
        wie = self._weergave["geadresseerden"][bron["geadresseerde"]]
        sentence: str = self._weergave["normen"][bron["norm"]]
        return sentence.replace("{wie}", wie)

    def geadresseerde(self, regel: str) -> str:
        """For whom the agreement is: ``de lokale toegang``."""
        return str(self._weergave["geadresseerden"][self._bron(regel)["geadresseerde"]])

    def voorstel(self, regel: str) -> str:
        """What the besluit proposes when this regel decides, or "" when nothing."""
        name = self._bron(regel).get("voorstel")
        if name:
            day = self.datum(self._gegevens.parameters(regel)[name])
            text = str(self._weergave["voorstel"]["einddatum"].replace("{einddatum}", day))
            if self._kan_later_beginnen(regel):
                text += f" Er is geen voorstel als ingangsdatum na {day} ligt."
            return text
        # What else is proposed depends on the toewijzing: a case that is about this regel shows it.
        for uitslag in self._inhoud.uitslagen:
            about = uitslag.geval.document.data.get("regels", [])
            own = regel in about and regel in uitslag.geval.verwacht.get("regels", [])
            if own and self._bron(regel)["gevolg"] == "OMZETTEN":
                found = Besluit.from_dict(uitslag.besluit or {}).voorstel
                if found and found.opnieuw:
                    steps = voorstel_in_zinnen(found, self._weergave)
                    return f"Bijvoorbeeld: {' '.join(steps)}"
        return ""

    def _kan_later_beginnen(self, regel: str) -> bool:
        """Whether the condition of a regel sets no last day for ingangsdatum."""
        found = self._inhoud.formules[VAN_TOEPASSING].get(regel) or ()
        return not any(
            isinstance(t, Vergelijking) and t.feit == "ingangsdatum" and t.operator in {"<", "<="}
            for t in found
        )

    def afwijken(self, regel: str) -> str:
        """Whether a municipality may deviate; "" for what is no agreement of a letter."""
        brieven = {r: a.brief for r, a in self._gegevens.afspraken.items() if afwijkbaar(r)}
        if regel in brieven:
            may = "Een gemeente kan hiervan afwijken"
            if self._bron(regel).get("collegebesluit_nodig"):
                may += ", met een besluit van het college"
            return (
                f"{may}. De brief noemt afwijken op onderdelen, maar zegt niet welke. Wij lezen: "
                "op elke afspraak uit die brief."
            )
        if regel == AFWIJKING or regel in self.per_bestand()[ALGEMEEN][1]:
            return ""
        days = opsomming([self.datum(day) for day in sorted(set(brieven.values()))], "en")
        return (
            f"Hiervoor kan geen afwijking worden vastgelegd. Alleen de brief van {days} noemt "
            "afwijken."
        )

    def plaats(self, regel: str, *, met_brief: bool = True) -> str:
        """Where in which letter it stands; "" for what comes from no letter."""
        if regel in self._weergave["zonder_citaat"]:
            return ""
        place = str(self._bron(regel)["plaats"])
        if not met_brief:
            return place
        return f"Brief van {self.datum(self._gegevens.afspraken[regel].brief)}, {place}"

    def alleen(self) -> list[str]:
        """The regels beside which no other finding stands (contract §3)."""
        return [r for r, a in self._gegevens.afspraken.items() if a.bron["gevolg"] in _ALLEEN]

    def afwijking(self, row: Mapping[str, Any]) -> str:
        """What a deviation changes."""
        if row.get("vervalt"):
            return "de afspraak geldt niet"
        own = row["parameters"].items()
        return "; ".join(f"{name}: {in_woorden(name, v, self._teksten)}" for name, v in own)

    def datum(self, day: str) -> str:
        """``1 mei 2021``."""
        return in_woorden("", day, self._teksten)

    def gemeente(self, cbs: str) -> str:
        """The name of a municipality."""
        return self._inhoud.zinnen.waarde("gemeente", cbs)

    def begrippen(self) -> Iterator[tuple[str, str]]:
        """Every begrip, with what it means."""
        for name, document in self._gegevens.documenten.items():
            if name.startswith("afspraken/"):
                for begrip, row in document.data["begrippen"].items():
                    yield begrip, row["uitleg"]

    def waarde(self, parameter: str, begrip: str) -> str:
        """The value of a begrip; ``parameter`` is what a regel calls it, or ""."""
        value = self._gegevens.begrippen[begrip]
        if isinstance(value, dict):
            return opsomming([f"{key}: {inner}" for key, inner in value.items()], "en")
        return in_woorden(parameter, value, self._teksten)

    def per_bestand(self) -> dict[str, tuple[str, Sequence[str]]]:
        """By the name of a file in data/afspraken: its title, and its regels in order."""
        return {
            name.removeprefix("afspraken/"): (
                document.data["titel"],
                list(document.data["afspraken"]),
            )
            for name, document in self._gegevens.documenten.items()
            if name.startswith("afspraken/")
        }

    def _bron(self, regel: str) -> Mapping[str, Any]:
        return self._gegevens.afspraken[regel].bron
