"""The words of the reports, from the tables that officers own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitfasering.gegevens import Gegevens, laad
from uitfasering.gegevenscontrole import PLAATSHOUDER
from uitfasering.rego.tekst import VAN_TOEPASSING, lees_rego
from uitfasering.tabellen import bevinding_van
from uitfasering.weergave.woorden import datum

GEGEVENS_ONTBREKEN = "GEGEVENS_ONTBREKEN"
"""The group of HANDMATIG whose data are incomplete; every other group is an uitkomst."""

_HANDMATIG = "HANDMATIG"


@dataclass(frozen=True)
class Uitkomstwoorden:
    """An uitkomst for the reader: ``Omzetten``, and a sentence that says what it means."""

    kop: str
    zin: str


@dataclass(frozen=True)
class Groep:
    """A group of rows as ``data/rapport.yaml`` describes it; ``kleur`` is RRGGBB."""

    kop: str
    doen: str
    aanbieder: str
    vraagt_iets: bool
    op_blad: bool
    kleur: str


@dataclass(frozen=True)
class Regelwoorden:
    """An agreement for the reader.

    ``citaat``, ``brief`` and ``plaats`` are empty when it does not rest on a sentence of a letter.
    """

    titel: str
    gevolg: str
    tekst: str
    citaat: str
    brief: str
    plaats: str
    lezing: str
    norm: str


@dataclass(frozen=True)
class Woorden:
    """Everything the reports say.

    Attributes:
        uitkomsten: every uitkomst, the heaviest first.
        groepen: every group, in order.
        kolommen: how the columns of a besluit are called.
        aanbieder: the texts in the file for a provider; the letters' dates are filled in.
        gemeenten: names by CBS code.
        lokale_toegang: by CBS code whom to call or mail; absent when that is not known.
        contractmanagement: whom to call or mail; None when that is not known.
        weergave: ``data/weergave.yaml``.
        regels: every agreement, by id.
        voorbeeld: the sentence in an answer that rests on a placeholder.
        vraagblad: per field the question (``vragen``), and the paragraphs of the sheet ``uitleg``.
    """

    uitkomsten: Mapping[str, Uitkomstwoorden]
    groepen: Mapping[str, Groep]
    kolommen: Mapping[str, str]
    aanbieder: Mapping[str, str]
    gemeenten: Mapping[str, str]
    lokale_toegang: Mapping[str, str]
    contractmanagement: str | None
    weergave: Mapping[str, Any]
    regels: Mapping[str, Regelwoorden]
    voorbeeld: str
    vraagblad: Mapping[str, Any]

    def groep(self, uitkomst: str, ontbreekt: Sequence[str] | str | None) -> str:
        """The group of a row with this uitkomst and these missing fields."""
        return GEGEVENS_ONTBREKEN if uitkomst == _HANDMATIG and ontbreekt else uitkomst


def lees_woorden(root: Path) -> Woorden:
    """The words of ``root/data``.

    Raises:
        BuildError: the tables are wrong.
    """
    gegevens = laad(root)
    tabellen = gegevens.tabellen
    gemeenten = tabellen["gemeenten"]["gemeenten"]
    rapport = tabellen["rapport"]
    regels = _regels(gegevens)
    return Woorden(
        uitkomsten={
            row["uitkomst"]: Uitkomstwoorden(row["kop"], row["zin"])
            for row in tabellen["uitkomsten"]["uitkomsten"]
        },
        groepen={naam: Groep(**groep) for naam, groep in rapport["groepen"].items()},
        kolommen=rapport["kolommen"],
        aanbieder=_met_brieven(rapport["aanbieder"], regels),
        gemeenten={row["cbs"]: row["naam"] for row in gemeenten},
        lokale_toegang={
            row["cbs"]: row["lokale_toegang"] for row in gemeenten if row.get("lokale_toegang")
        },
        contractmanagement=tabellen["contacten"]["contractmanagement"],
        weergave=tabellen["weergave"],
        regels=regels,
        voorbeeld=tabellen["teksten"]["voorbeeld"],
        vraagblad=rapport["vraagblad"],
    )


def _met_brieven(teksten: Mapping[str, str], regels: Mapping[str, Regelwoorden]) -> dict[str, str]:
    # Letters are in order of their ids, and so of time.
    brieven = dict.fromkeys(regel.brief for regel in regels.values() if regel.brief)
    return {
        naam: tekst.replace("{brieven}", " en ".join(brieven)) for naam, tekst in teksten.items()
    }


def _regels(gegevens: Gegevens) -> dict[str, Regelwoorden]:
    tabellen = gegevens.tabellen
    koppen = {
        **{row["uitkomst"]: row["kop"] for row in tabellen["uitkomsten"]["uitkomsten"]},
        **{row["gevolg"]: row["kop"] for row in tabellen["uitkomsten"]["overig"]},
    }
    weergave, open_plaatsen = tabellen["weergave"], tabellen["zinnen"]["open_plaatsen"]
    titels = _titels(gegevens)
    found = {}
    for regel in sorted(gegevens.afspraken):
        bron = gegevens.afspraken[regel].bron
        bevinding = bevinding_van(gegevens, regel)
        uit_brief = regel not in weergave["zonder_citaat"]
        wie = weergave["geadresseerden"][bron["geadresseerde"]]
        found[regel] = Regelwoorden(
            titel=titels.get(regel, ""),
            gevolg=koppen[bron["gevolg"]],
            tekst=PLAATSHOUDER.sub(
                lambda plek: open_plaatsen.get(plek[1], f"‹{plek[1]}›"), bevinding["tekst"]
            ),
            citaat=bron["citaat"] if uit_brief else "",
            brief=datum(bevinding["brief"]) if uit_brief else "",
            plaats=bron["plaats"] if uit_brief else "",
            lezing=bevinding["lezing"] or "",
            norm=weergave["normen"][bron["norm"]].replace("{wie}", wie),
        )
    return found


def _titels(gegevens: Gegevens) -> dict[str, str]:
    """What each agreement is about, as the METADATA of its rule says."""
    vast = gegevens.tabellen["zinnen"]["vast"]
    bestanden, _ = lees_rego(gegevens.root / "policies")
    return {
        **{
            deel.lid: deel.titel
            for bestand in bestanden
            for deel in bestand.delen
            if deel.naam == VAN_TOEPASSING and deel.lid and not bestand.is_toets
        },
        **{regel: woorden["titel"] for regel, woorden in vast.items()},
    }
