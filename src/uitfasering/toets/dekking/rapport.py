"""The coverage as an officer reads it, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any, TextIO

from uitfasering.gegevens import Gegevens
from uitfasering.toets.dekking.meten import Dekking
from uitfasering.toets.dekking.plakken import Plakgeval, plakgevallen, zin
from uitfasering.toets.dekking.punten import Punt
from uitfasering.toets.dekking.voorbeeld import Voorbeeld
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.veilig import schoon
from uitfasering.zinnen import Zinnen

_BREEDTE = 80


def per_afspraak(dekking: Dekking) -> dict[str, tuple[int, int]]:
    """Of each rule how many points a case shows, and how many there are to show."""
    shown = Counter(punt.onderdeel.naam for punt in dekking.gedekt)
    missing = Counter(p.onderdeel.naam for own in dekking.ontbreekt.values() for p in own)
    missing.update(dekking.nooit)
    return {naam: (shown[naam], shown[naam] + missing[naam]) for naam in sorted(shown | missing)}


def samenvatting(dekking: Dekking) -> str:
    """The coverage in one sentence."""
    shown = len(dekking.gedekt)
    return (
        f"Dekking: {dekking.percentage} %. De gevallen tonen {_getal(shown)} van de "
        f"{_getal(shown + dekking.tekort)} punten."
    )


def schrijf(
    dekking: Dekking,
    gevonden: Sequence[tuple[Punt, Voorbeeld]],
    gegevens: Gegevens,
    zinnen: Zinnen,
    uit: TextIO,
) -> None:
    """The table, what is missing as cases to paste, and what nothing can show.

    ``gevonden`` comes from ``voorbeelden``.
    """
    console = papier(uit, _BREEDTE)

    def tekst(text: str, begin: str = "") -> None:
        for line in alinea(text, _BREEDTE, begin=begin):
            console.print(line, soft_wrap=True)

    for naam, (shown, total) in per_afspraak(dekking).items():
        mark = "" if shown == total else "   er ontbreekt iets"
        uit.write(f"  {naam:<26}{shown:>4} van {total:>3}{mark}\n")
    for naam, used in (("Gemeenten", dekking.gemeenten), ("Parameters", dekking.parameters)):
        uit.write(f"  {naam:<26}{sum(used.values()):>4} van {len(used):>3}\n")
    uit.write("\n")
    for regel in dekking.nooit:
        tekst(
            f"{regel} kan met geen enkele tabel gelden. Maak een bestand met gevallen waarin het "
            "wel kan (zie gegevens in LEESMIJ.md)."
        )
        uit.write("\n")
    if gevonden:
        _schrijf_gevallen(plakgevallen(gevonden, gegevens, zinnen), len(gevonden), uit)
    if dekking.volgt:
        tekst(
            f"Bij {len(dekking.volgt)} punten kan geen geval iets laten zien: de voorwaarde volgt "
            "daar uit de andere voorwaarden van de afspraak, of het antwoord is dan altijd "
            "ongeldige invoer of niet van toepassing. Ze tellen niet mee."
        )
        for punt in dekking.volgt:
            tekst(zin(punt, zinnen), "  - ")
        uit.write("\n")
    tekst(samenvatting(dekking))


def _schrijf_gevallen(gevallen: Sequence[Plakgeval], punten: int, uit: TextIO) -> None:
    missing = "ontbreekt 1 punt" if punten == 1 else f"ontbreken {_getal(punten)} punten"
    shown = (
        "Dit geval toont "
        if len(gevallen) == 1
        else f"Deze {_getal(len(gevallen))} gevallen tonen "
    )
    uit.write(
        f"Er {missing}. {shown}{'het' if punten == 1 else 'ze'}.\n"
        "Plak elk geval in het bestand dat erboven staat, onder gevallen. Lees in de brief\n"
        "wat de uitkomst moet zijn, en vul die in.\n\n"
    )
    for (bestand, nieuw), own in groupby(gevallen, key=lambda one: (one.bestand, one.nieuw)):
        uit.write(f"{schoon(bestand)}{' (nieuw bestand)' if nieuw else ''}\n\n")
        for geval in own:
            uit.write("".join(f"{schoon(line)}\n" for line in geval.tekst.splitlines()))
        uit.write("\n")


def als_object(
    dekking: Dekking,
    gevonden: Sequence[tuple[Punt, Voorbeeld]],
    gegevens: Gegevens,
    zinnen: Zinnen,
) -> dict[str, Any]:
    """The same for JSON; tests/gevallen/LEESMIJ.md describes it."""
    return {
        "percentage": dekking.percentage,
        "gedekt": len(dekking.gedekt),
        "ontbreekt": dekking.tekort,
        "afspraken": {
            naam: {"gedekt": shown, "punten": total}
            for naam, (shown, total) in per_afspraak(dekking).items()
        },
        "gemeenten": dict(dekking.gemeenten),
        "parameters": [
            {"regel": regel, "parameter": name, "gedekt": used}
            for (regel, name), used in dekking.parameters.items()
        ],
        "plakken": [
            {
                "bestand": geval.bestand,
                "nieuw": geval.nieuw,
                "tekst": geval.tekst,
                "punten": [_punt(punt, zinnen) for punt in geval.punten],
            }
            for geval in plakgevallen(gevonden, gegevens, zinnen)
        ],
        "kan_nooit_gelden": list(dekking.nooit),
        "volgt_uit_de_rest": [_punt(punt, zinnen) for punt in dekking.volgt],
    }


def _punt(punt: Punt, zinnen: Zinnen) -> dict[str, Any]:
    return {
        "regel": punt.onderdeel.regel,
        "deel": punt.onderdeel.deel or None,
        "geldt": punt.geldt,
        "vergelijking": asdict(punt.vergelijking) if punt.vergelijking else None,
        "stand": asdict(punt.stand) if punt.stand else None,
        "zin": zin(punt, zinnen),
    }


def _getal(number: int) -> str:
    return f"{number:,}".replace(",", ".")
