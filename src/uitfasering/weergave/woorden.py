"""Small pieces of Dutch that more than one form of output shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from uitfasering.datumhulp import MAANDEN
from uitfasering.melding import Melding
from uitfasering.records import Voorstel
from uitfasering.weergave.veilig import schoon


def datum(iso: str) -> str:
    """``2021-05-01`` as ``1 mei 2021``; a text that is no such date as it is."""
    jaar, _, rest = iso.partition("-")
    maand, _, dag = rest.partition("-")
    if not (maand.isdecimal() and dag.isdecimal() and 1 <= int(maand) <= len(MAANDEN)):
        return iso
    return f"{int(dag)} {MAANDEN[int(maand) - 1]} {jaar}"


def tijdstip(moment: str) -> str:
    """``2026-11-22T17:53:04Z`` as ``22 november 2026, 17.53 uur (UTC)``."""
    dag, _, tijd = moment.partition("T")
    return f"{datum(dag)}, {tijd[:5].replace(':', '.')} uur (UTC)"


def melding_in_woorden(melding: Melding) -> str:
    """One fault as a sentence for the reader, safe to print."""
    plek = [melding.bestand] if melding.bestand else []
    if melding.regel:
        plek.append(f"regel {melding.regel}")
    if melding.kolom:
        plek.append(f"teken {melding.kolom}")
    if melding.pad:
        plek.append(f"bij {melding.pad}")
    kop = f"FOUT in {', '.join(plek)}:" if plek else "FOUT:"
    return schoon(" ".join(deel for deel in (kop, melding.bericht, melding.oplossing) if deel))


def overgeslagen_in_woorden(aantal: int) -> str:
    """How many files in the folders were not looked at."""
    if aantal == 1:
        return "Overgeslagen: 1 ander bestand. Alleen .xml, .json en .ndjson worden gelezen."
    return f"Overgeslagen: {aantal} andere bestanden. Alleen .xml, .json en .ndjson worden gelezen."


def voorstel_in_zinnen(voorstel: Voorstel, weergave: Mapping[str, Any]) -> list[str]:
    """What to do instead, a sentence a step, in the words of ``data/weergave.yaml``."""
    zinnen = weergave["voorstel"]
    if voorstel.einddatum:
        return [_vul_in(zinnen["einddatum"], einddatum=datum(voorstel.einddatum))]
    stappen = []
    if voorstel.beeindigen:
        reden = voorstel.beeindigen.reden_wijziging
        stappen.append(
            _vul_in(
                zinnen["beeindigen"],
                einddatum=datum(voorstel.beeindigen.einddatum),
                reden=weergave["redenen_wijziging"].get(reden, reden),
            )
        )
    if voorstel.opnieuw:
        opnieuw = voorstel.opnieuw
        stappen.append(
            _vul_in(
                zinnen["opnieuw" if opnieuw.code else "opnieuw_zonder_code"],
                segment=weergave["segmenten"].get(opnieuw.segment, opnieuw.segment),
                code=opnieuw.code or "",
                ingangsdatum=datum(opnieuw.ingangsdatum),
                einddatum=datum(opnieuw.einddatum),
            )
        )
        eenheden = [weergave["eenheden"].get(e, e) for e in opnieuw.eenheden]
        stappen.append(_vul_in(zinnen["omvang"], eenheden=opsomming(eenheden)))
    return stappen


def opsomming(delen: list[str]) -> str:
    """``a, b of c``."""
    return " of ".join([", ".join(delen[:-1]), delen[-1]] if len(delen) > 1 else delen)


def _vul_in(zin: str, **woorden: str) -> str:
    for naam, woord in woorden.items():
        zin = zin.replace(f"{{{naam}}}", woord)
    return zin
