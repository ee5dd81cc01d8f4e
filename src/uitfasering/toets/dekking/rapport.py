"""The coverage as an officer reads it, and as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from itertools import groupby
from typing import Any, TextIO

from uitfasering.gegevens import Gegevens
from uitfasering.toets.dekking.meten import Dekking
from uitfasering.toets.dekking.plakken import plakgevallen, zin
from uitfasering.toets.dekking.punten import Punt
from uitfasering.weergave.papier import alinea, papier
from uitfasering.weergave.veilig import schoon
from uitfasering.zinnen import Zinnen

_BREEDTE = 80


def per_afspraak(dekking: Dekking) -> dict[str, tuple[int, int]]:
    """Of each rule how many points a case shows, and how many there are to show."""
    shown = Counter(punt.onderdeel.naam for punt in dekking.gedekt)
    missing = Counter(punt.onderdeel.naam for punt, _ in dekking.ontbreekt)
    missing.update(dekking.nooit)
    return {naam: (shown[naam], shown[naam] + missing[naam]) for naam in sorted(shown | missing)}


def samenvatting(dekking: Dekking) -> str:
    """The coverage in one sentence."""
    shown = len(dekking.gedekt)
    return (
        f"Dekking: {dekking.percentage} %. De gevallen tonen {_getal(shown)} van de "
        f"{_getal(shown + dekking.tekort)} punten."
    )


def schrijf(dekking: Dekking, gegevens: Gegevens, zinnen: Zinnen, uit: TextIO) -> None:
    """The table, what is missing as cases to paste, and what nothing can show."""
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
    _schrijf_ontbreekt(dekking, gegevens, zinnen, uit)
    if dekking.volgt:
        tekst(
            f"Bij {len(dekking.volgt)} punten is geen geval te maken: daar volgt de voorwaarde uit "
            "de andere voorwaarden van de afspraak. Ze tellen niet mee."
        )
        for punt in dekking.volgt:
            tekst(zin(punt, zinnen), "  - ")
        uit.write("\n")
    tekst(samenvatting(dekking))


def _schrijf_ontbreekt(dekking: Dekking, gegevens: Gegevens, zinnen: Zinnen, uit: TextIO) -> None:
    for regel in dekking.nooit:
        uit.write(
            f"{schoon(regel)} kan met geen enkele tabel gelden. Maak een bestand met gevallen\n"
            "waarin het wel kan (zie gegevens in LEESMIJ.md).\n\n"
        )
    if not dekking.ontbreekt:
        return
    gevallen = plakgevallen(dekking.ontbreekt, gegevens, zinnen)
    uit.write(
        f"Er ontbreken {len(dekking.ontbreekt)} punten. Deze {len(gevallen)} gevallen tonen ze.\n"
        "Plak elk geval in het bestand dat erboven staat, onder gevallen. Lees in de brief\n"
        "wat de uitkomst moet zijn, en vul die in.\n\n"
    )
    for (bestand, nieuw), own in groupby(gevallen, key=lambda one: (one.bestand, one.nieuw)):
        uit.write(f"{schoon(bestand)}{' (nieuw bestand)' if nieuw else ''}\n\n")
        for geval in own:
            uit.write("".join(f"{schoon(line)}\n" for line in geval.tekst.splitlines()))
        uit.write("\n")


def als_object(dekking: Dekking, gegevens: Gegevens, zinnen: Zinnen) -> dict[str, Any]:
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
            for geval in plakgevallen(dekking.ontbreekt, gegevens, zinnen)
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
