"""A receipt as one page to read and to print. The page proves nothing; the JSON beside it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from uitfasering.leesgegevens import Leesgegevens
from uitfasering.records import Besluit
from uitfasering.sjabloon import html_sjabloon
from uitfasering.validation import besluit_faults
from uitfasering.weergave.reden import bron_in_zinnen, ingedeeld, oplossing_label
from uitfasering.weergave.tellen import getal
from uitfasering.weergave.veilig import schoon
from uitfasering.weergave.woorden import datum, tijdstip, voorstel_in_zinnen

_SJABLOON = "bewijs.html"
# The fields of a toewijzing (contract §2) as the reader knows them, in this order.
_VELDEN = {
    "gemeente": "Gemeente",
    "toewijzingsdatum": "Toewijzingsdatum",
    "ingangsdatum": "Ingangsdatum",
    "einddatum": "Einddatum",
    "product.categorie": "Productcategorie",
    "product.code": "Productcode",
    "product.segment": "Segment",
    "product.perspectief": "Perspectief",
    "product.profiel": "Profiel",
    "product.zorgvorm": "Zorgvorm",
    "product.raamovereenkomst": "Raamovereenkomst",
    "omvang.volume": "Omvang: volume",
    "omvang.eenheid": "Omvang: eenheid",
    "omvang.frequentie": "Omvang: frequentie (code van iJw)",
    "budget": "Budget",
    "verwijzer": "Verwijzer (code van iJw)",
    "medicatiecontrole": "Medicatiecontrole",
    "gemotiveerd": "Gemotiveerd",
    "afgestemd": "Afgestemd",
    "overgenomen_woonplaats": "Overgenomen van een andere gemeente",
    "gezinsplan": "Gezinsplan",
    "aanbieder": "Aanbieder (AGB-code)",
    "periode.begindatum": "Zorg geleverd vanaf",
    "periode.einddatum": "Zorg geleverd tot en met",
    "factuurdatum": "Datum van de factuur",
}
_HANDELING = "handeling"


def pagina(bewijs: Mapping[str, Any], gegevens: Leesgegevens, bestand: str) -> str:
    """The page (HTML, needs nothing else); ``bestand`` is the name of the receipt beside it."""
    handeling = bewijs["toewijzing"].get(_HANDELING)
    return html_sjabloon(_SJABLOON, datum=datum, tijdstip=tijdstip, schoon=_schoon).render(
        bewijs=bewijs,
        bestand=bestand,
        vraag=gegevens.weergave["handelingen"].get(handeling, handeling),
        velden=list(_velden(bewijs["toewijzing"], gegevens)),
        uitkomst=_uitkomst(bewijs["besluit"], gegevens),
        besluit=_besluit(bewijs["besluit"], gegevens),
        ruw=json.dumps(bewijs["besluit"], ensure_ascii=False, indent=1),
    )


def _velden(toewijzing: Mapping[str, Any], gegevens: Leesgegevens) -> Iterator[tuple[str, str]]:
    """Every field that was given, also one that this version of the contract does not know."""
    gegeven = dict(_bladeren(toewijzing))
    gegeven.pop(_HANDELING, None)
    woorden: dict[str, Callable[[str], str]] = {
        "gemeente": lambda code: f"{gegevens.gemeenten.get(code, 'onbekend')} ({code})",
        "product.segment": lambda woord: gegevens.weergave["segmenten"].get(woord, woord),
        "product.zorgvorm": lambda woord: gegevens.weergave["zorgvormen"].get(woord, woord),
        "omvang.eenheid": lambda code: gegevens.weergave["eenheden"].get(code, code),
    }
    for pad in dict.fromkeys([*_VELDEN, *gegeven]):
        if pad not in gegeven:
            continue
        waarde = gegeven[pad]
        if isinstance(waarde, bool):
            tekst = "ja" if waarde else "nee"
        elif pad == "budget" and isinstance(waarde, int):
            tekst = f"€ {getal(waarde // 100)},{waarde % 100:02}"
        elif "datum" in pad:
            tekst = datum(str(waarde))
        else:
            tekst = woorden.get(pad, str)(str(waarde)).replace("_", " ")
        yield _VELDEN.get(pad, pad), tekst


def _bladeren(waarde: Any, pad: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(waarde, dict):
        yield pad, waarde
        return
    for naam, deel in waarde.items():
        yield from _bladeren(deel, f"{pad}.{naam}" if pad else naam)


def _uitkomst(besluit: Mapping[str, Any], gegevens: Leesgegevens) -> Mapping[str, str]:
    return gegevens.uitkomsten.get(besluit["uitkomst"], {"kop": besluit["uitkomst"], "zin": ""})


def _besluit(ruw: Mapping[str, Any], gegevens: Leesgegevens) -> dict[str, Any] | None:
    """What the page shows of a besluit; None when it has the shape of another contract."""
    if besluit_faults(ruw):
        return None
    besluit = Besluit.from_dict(ruw)
    deel = ingedeeld(besluit)
    groepen = [
        ("Waarom", deel.waarom, False),
        ("Daarnaast", deel.daarnaast, True),
        *((gegevens.uitkomsten[g]["kop"], rij, False) for g, rij in deel.bijzaken.items()),
    ]
    return {
        "voorlopig": besluit.voorlopig,
        "uiterste_einddatum": besluit.uiterste_einddatum,
        "voorstel": voorstel_in_zinnen(besluit.voorstel, gegevens.weergave)
        if besluit.voorstel
        else [],
        "groepen": [
            {
                "kop": kop,
                "bevindingen": [
                    {
                        "gevolg": gegevens.uitkomsten[b.gevolg]["kop"] if met_gevolg else "",
                        "tekst": b.tekst,
                        "bron": bron_in_zinnen(b, gegevens),
                        "oplossing": b.oplossing,
                        "label": oplossing_label(b),
                    }
                    for b in bevindingen
                ],
            }
            for kop, bevindingen, met_gevolg in groepen
            if bevindingen
        ],
    }


def _schoon(tekst: object) -> str:
    return schoon(str(tekst))
