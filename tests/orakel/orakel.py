"""Contract §3 and §5: the besluit, from the rows that fire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from . import algemeen, brief1, brief2
from .feiten import (
    EIND_2022,
    MEDICATIECODE,
    MIDDEN_HERSTEL_STOPT,
    OPEN,
    START_2023,
    Catalogus,
    Feiten,
    Gemeenten,
    laatste_dag_van_een_jaar,
    verzamel,
)
from .invoer import fouten

# §3: the outcomes heaviest first; the gevolgen ADVIES and INFO come after them.
ZWAARTE = (
    "ONGELDIGE_INVOER",
    "NIET_VAN_TOEPASSING",
    "NIET_TOEGESTAAN",
    "HANDMATIG",
    "OMZETTEN",
    "AFSTEMMEN",
    "AFLOPEN",
    "ADVIES",
    "INFO",
)

RIJEN = (*algemeen.RIJEN, *brief1.RIJEN, *brief2.RIJEN)
EINDE_2022_VOORSTELLEN = ("B1-16b", "B1-18b", "B1-19c", "B1-19d", "B2-11b")


def besluit(
    toewijzing: object,
    catalogus: Catalogus,
    gebeurtenissen: Mapping[str, Any],
    gemeenten: Gemeenten,
) -> dict[str, Any]:
    """What the contract says of this input.

    ``catalogus``: code → characteristics (contract §2), ``vervangende_code``,
    ``vervangende_code_per_aanbieder``, ``voorbeeld``; any key may be absent.
    ``gebeurtenissen``: ``{"crisisroute": {"gecontracteerd_per": None or a date as text,
    "streefdatum": a date as text}}``.
    ``gemeenten``: CBS code → ``{"duurzaam": "omzetten" or "aflopen", "medicatieminuten": 250 or
    400}``, the latter absent without a choice of its own.

    Gives ``uitkomst``, ``regels`` (ids in the order of the bevindingen, A-00 once for each field
    path), ``ontbreekt``, ``uiterste_einddatum``, ``voorstel``, ``voorlopig`` and ``foutvelden``
    (the field paths of A-00, sorted).
    """
    foutvelden = fouten(toewijzing)
    if foutvelden:
        return _besluit("ONGELDIGE_INVOER", ["A-00"] * len(foutvelden), foutvelden=foutvelden)
    assert isinstance(toewijzing, dict)
    f = verzamel(toewijzing, catalogus, gebeurtenissen, gemeenten)
    gevonden = _bevindingen(f)
    # §3: with NIET_VAN_TOEPASSING only the findings that say why, and nothing else.
    redenen = [regel for gevolg, regel in gevonden if gevolg == "NIET_VAN_TOEPASSING"]
    if redenen:
        return _besluit("NIET_VAN_TOEPASSING", sorted(redenen))
    gevonden.sort(key=lambda paar: (ZWAARTE.index(paar[0]), paar[1]))
    regels = [regel for _, regel in gevonden]
    uitkomsten = [gevolg for gevolg, _ in gevonden if gevolg not in ("ADVIES", "INFO")]
    return _besluit(
        uitkomsten[0] if uitkomsten else "TOEGESTAAN",
        regels,
        ontbreekt=algemeen.ontbreekt(f) if "A-03" in regels else [],
        uiterste_einddatum=_uiterste_einddatum(f),
        voorstel=_voorstel(f, regels),
        voorlopig="B2-12a" in regels,
    )


def _besluit(
    uitkomst: str,
    regels: list[str],
    *,
    foutvelden: list[str] | None = None,
    ontbreekt: list[str] | None = None,
    uiterste_einddatum: date | None = None,
    voorstel: dict[str, Any] | None = None,
    voorlopig: bool = False,
) -> dict[str, Any]:
    return {
        "uitkomst": uitkomst,
        "regels": regels,
        "ontbreekt": ontbreekt or [],
        "uiterste_einddatum": uiterste_einddatum and uiterste_einddatum.isoformat(),
        "voorstel": voorstel,
        "voorlopig": voorlopig,
        "foutvelden": foutvelden or [],
    }


def _bevindingen(f: Feiten) -> list[tuple[str, str]]:
    """The rows that fire, as (gevolg, regel)."""
    if f.handeling == "verkorting":  # §4: fires nothing but
        return [("NIET_VAN_TOEPASSING", "A-01")] if algemeen.a_01(f) else []
    return [(gevolg, regel) for regel, gevolg, treft in RIJEN if treft(f)]


def _uiterste_einddatum(f: Feiten) -> date | None:
    """§4.2, the paragraph below the table."""
    if not f.T or f.ingangsdatum is None or f.I_vanaf(START_2023):
        return None
    if f.P_vanaf(MIDDEN_HERSTEL_STOPT):
        if f.gemotiveerd is True:
            return EIND_2022
        return min(laatste_dag_van_een_jaar(f.ingangsdatum), EIND_2022)
    if f.I_vanaf(MIDDEN_HERSTEL_STOPT):
        return EIND_2022
    return None


def _voorstel(f: Feiten, regels: list[str]) -> dict[str, Any] | None:
    """§5. No two of the rules with a proposal can fire together."""
    if "B2-11" in regels:
        return _omzetting(f)
    if "B2-05c" in regels:
        return {"einddatum": "2021-12-31"}
    if any(regel in regels for regel in EINDE_2022_VOORSTELLEN):
        return None if f.I_vanaf(START_2023) else {"einddatum": "2022-12-31"}
    return None


def _omzetting(f: Feiten) -> dict[str, Any]:
    medicatie = f.medicatiecontrole is True
    einde = EIND_2022 if f.E == OPEN else min(f.E, EIND_2022)
    return {
        "beeindigen": {"einddatum": "2021-12-31", "reden_wijziging": "10"},
        "opnieuw": {
            "segment": "top",
            "code": MEDICATIECODE if medicatie else f.vervangende_code,
            "ingangsdatum": "2022-01-01",
            "einddatum": einde.isoformat(),
            "eenheden": ["01"] if medicatie else ["01", "04", "14", "16", "84"],
        },
    }
