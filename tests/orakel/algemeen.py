"""Contract §4.1 (rows A-01 … A-08) and §4.4 (A-03, the decisive fields). A-00 is in invoer.py."""

from __future__ import annotations

from .feiten import (
    BRIEF_2,
    EIND_2021,
    EIND_2022,
    MIDDEN_HERSTEL_STOPT,
    START_2022,
    START_2023,
    Feiten,
)


def a_01(f: Feiten) -> bool:
    """gemeente is not one of the 11."""
    return not f.bekende_gemeente


def a_02(f: Feiten) -> bool:
    """segment unknown, raamovereenkomst is not `nieuw`, not a `declaratie` up to 2022-12-31."""
    declaratie_op_tijd = (
        f.declaratie and f.periode_einde is not None and f.periode_einde <= EIND_2022
    )
    return f.segment is None and f.raamovereenkomst != "nieuw" and not declaratie_op_tijd


def a_03(f: Feiten) -> bool:
    """one or more decisive fields are missing."""
    return bool(ontbreekt(f))


def a_04(f: Feiten) -> bool:
    """given product characteristics contradict the catalogue (or midden with `nieuw`, §2)."""
    return f.tegenspraak


def a_05(f: Feiten) -> bool:
    """segment `basis` or `geen`, handeling N or `lopend`."""
    return f.segment in ("basis", "geen") and (f.N or f.lopend)


def a_06(f: Feiten) -> bool:
    """N, P ≥ 2023-01-01."""
    return f.N and f.P_vanaf(START_2023)


def a_07(f: Feiten) -> bool:
    """raamovereenkomst `nieuw`, and N, `lopend`, or `declaratie` outside 2022."""
    declaratie_buiten_2022 = (
        f.declaratie
        and f.periode_einde is not None
        and not START_2022 <= f.periode_einde <= EIND_2022
    )
    return f.raamovereenkomst == "nieuw" and (f.N or f.lopend or declaratie_buiten_2022)


def a_08(f: Feiten) -> bool:
    """Ours, not the contract's table (§6): the answer rests on a placeholder product."""
    return f.voorbeeld


def ontbreekt(f: Feiten) -> list[str]:
    """§4.4: the decisive fields that are missing, sorted."""
    rijen = {
        "perspectief": f.perspectief is None and _perspectief_beslist(f),
        "profiel": f.profiel is None and _profiel_beslist(f),
        "zorgvorm": f.zorgvorm is None and f.T and f.P_vanaf(MIDDEN_HERSTEL_STOPT),
        "verwijzer": f.verwijzer is None and _verwijzer_beslist(f),
        "omvang": f.minuten is None and _omvang_beslist(f),
        "code": f.code is None and f.N and f.medicatie_vanaf_2022,
        "gemotiveerd": f.gemotiveerd is None and _motivering_beslist(f),
        "medicatiecontrole": f.medicatiecontrole is None and _medicatiecontrole_beslist(f),
    }
    return sorted(naam for naam, mist in rijen.items() if mist)


def _perspectief_beslist(f: Feiten) -> bool:
    """midden, geen 11/12, N or `lopend`."""
    return f.midden and f.geen_11_12 and (f.N or f.lopend)


def _profiel_beslist(f: Feiten) -> bool:
    """The four conditions of row "profiel", in their order."""
    if not f.midden:
        return False
    if f.herstel and (f.N or f.lopend) and f.P_vanaf(MIDDEN_HERSTEL_STOPT):
        return True
    if not f.duurzaam:
        return False
    return (
        (f.N and f.P_of_I_vanaf(START_2022))
        or (f.verlenging and f.P_vanaf(BRIEF_2) and f.E > EIND_2021)
        or (f.lopend and (f.P_vanaf(START_2022) or f.E > EIND_2021))
    )


def _verwijzer_beslist(f: Feiten) -> bool:
    """T, jeugd_en_opvoedhulp or lvb, P ≥ 2021-05-01, not (afgestemd and gezinsplan settled)."""
    return (
        f.T
        and f.jeugd_en_opvoedhulp_of_lvb
        and f.P_vanaf(MIDDEN_HERSTEL_STOPT)
        and not f.afgestemd_en_geregeld
    )


def _omvang_beslist(f: Feiten) -> bool:
    """T, ggz, P ≥ 2021-05-01, no medication from 2022, not (afgestemd and gezinsplan settled)."""
    return (
        f.T
        and f.ggz
        and f.P_vanaf(MIDDEN_HERSTEL_STOPT)
        and not f.medicatie_vanaf_2022
        and not f.afgestemd_en_geregeld
    )


def _motivering_beslist(f: Feiten) -> bool:
    """T, P ≥ 2021-05-01, E ≥ I + 1 year."""
    return f.T and f.P_vanaf(MIDDEN_HERSTEL_STOPT) and f.langer_dan_een_jaar


def _medicatiecontrole_beslist(f: Feiten) -> bool:
    """T, ggz, (P or I ≥ 2022-01-01), minuten 250 or 400."""
    return f.T and f.ggz and f.P_of_I_vanaf(START_2022) and f.minuten in (250, 400)


RIJEN = (
    ("A-01", "NIET_VAN_TOEPASSING", a_01),
    ("A-02", "HANDMATIG", a_02),
    ("A-03", "HANDMATIG", a_03),
    ("A-04", "HANDMATIG", a_04),
    ("A-05", "NIET_VAN_TOEPASSING", a_05),
    ("A-06", "HANDMATIG", a_06),
    ("A-07", "NIET_VAN_TOEPASSING", a_07),
    ("A-08", "INFO", a_08),
)
