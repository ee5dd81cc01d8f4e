"""Contract §4.2: the letter of 6 May 2021, a function per row. B1-20: no deviation is known."""

from __future__ import annotations

from .brief2 import b2_12, b2_12b, b2_13
from .feiten import (
    BRIEF_1,
    EIND_2022,
    MIDDEN_HERSTEL_STOPT,
    START_2022,
    START_2023,
    Feiten,
)


def _midden_herstel_gewoon(f: Feiten) -> bool:
    return f.midden and f.herstel and f.gewoon


def b1_02(f: Feiten) -> bool:
    """… no overname, P ≥ 2021-05-01, and (`verlenging`, or `nieuw` with I ≥ 2021-05-01)."""
    return (
        _midden_herstel_gewoon(f)
        and not f.overname
        and f.P_vanaf(MIDDEN_HERSTEL_STOPT)
        and (f.verlenging or (f.nieuw and f.I_vanaf(MIDDEN_HERSTEL_STOPT)))
    )


def b1_02a(f: Feiten) -> bool:
    """… no overname, `nieuw`, P ≥ 2021-05-01, I < 2021-05-01."""
    return (
        _midden_herstel_gewoon(f)
        and not f.overname
        and f.nieuw
        and f.P_vanaf(MIDDEN_HERSTEL_STOPT)
        and f.I_voor(MIDDEN_HERSTEL_STOPT)
    )


def b1_02b(f: Feiten) -> bool:
    """midden, herstel, gewoon, `lopend`, P ≥ 2021-05-01."""
    return _midden_herstel_gewoon(f) and f.lopend and f.P_vanaf(MIDDEN_HERSTEL_STOPT)


def b1_04(f: Feiten) -> bool:
    """midden, herstel or unknown, 11 or 12, N, P ≥ 2021-05-01, no B2-12, B2-12b, B2-13."""
    return (
        f.midden
        and (f.herstel or f.perspectief is None)
        and f.profiel_11_of_12
        and f.N
        and f.P_vanaf(MIDDEN_HERSTEL_STOPT)
        and not (b2_12(f) or b2_12b(f) or b2_13(f))
    )


def _top_ggz(f: Feiten) -> bool:
    """T, ggz, P ≥ 2021-05-01."""
    return f.T and f.ggz and f.P_vanaf(MIDDEN_HERSTEL_STOPT)


def b1_08(f: Feiten) -> bool:
    """…, no medication from 2022, minuten known and not 2000 or 4000."""
    return (
        _top_ggz(f)
        and not f.medicatie_vanaf_2022
        and f.minuten is not None
        and f.minuten not in (2000, 4000)
    )


def b1_09(f: Feiten) -> bool:
    """T, ggz, `verlenging`, P ≥ 2021-05-01, afgestemd is not true."""
    return _top_ggz(f) and f.verlenging and not f.afgestemd


def _top_jeugd_lvb(f: Feiten) -> bool:
    """T, jeugd_en_opvoedhulp or lvb, P ≥ 2021-05-01."""
    return f.T and f.jeugd_en_opvoedhulp_of_lvb and f.P_vanaf(MIDDEN_HERSTEL_STOPT)


def b1_11(f: Feiten) -> bool:
    """…, verwijzer 02, afgestemd is not true."""
    return _top_jeugd_lvb(f) and f.verwijzer == "02" and not f.afgestemd


def b1_11a(f: Feiten) -> bool:
    """as B1-11 with verwijzer 03 or 05."""
    return _top_jeugd_lvb(f) and f.verwijzer in ("03", "05") and not f.afgestemd


def b1_12(f: Feiten) -> bool:
    """…, verwijzer 02, afgestemd true, gezinsplan not settled."""
    return _top_jeugd_lvb(f) and f.verwijzer == "02" and f.afgestemd and not f.gezinsplan_geregeld


def b1_13(f: Feiten) -> bool:
    """T, ggz, P ≥ 2021-05-01, minuten 2000 or 4000."""
    return _top_ggz(f) and f.minuten in (2000, 4000)


def b1_14(f: Feiten) -> bool:
    """T, ggz, P ≥ 2021-05-01, minuten > 4000, not (afgestemd true and gezinsplan settled)."""
    return (
        _top_ggz(f) and f.minuten is not None and f.minuten > 4000 and not f.afgestemd_en_geregeld
    )


def b1_15(f: Feiten) -> bool:
    """T, P ≥ 2021-05-01, E ≥ I + 1 year, gemotiveerd false."""
    return (
        f.T and f.P_vanaf(MIDDEN_HERSTEL_STOPT) and f.langer_dan_een_jaar and f.gemotiveerd is False
    )


def b1_15a(f: Feiten) -> bool:
    """as B1-15 with gemotiveerd true."""
    return (
        f.T and f.P_vanaf(MIDDEN_HERSTEL_STOPT) and f.langer_dan_een_jaar and f.gemotiveerd is True
    )


def b1_16(f: Feiten) -> bool:
    """T, (P ≥ 2021-05-01 or I ≥ 2021-05-01), E > 2022-12-31."""
    return f.T and f.P_of_I_vanaf(MIDDEN_HERSTEL_STOPT) and f.E > EIND_2022


def b1_16c(f: Feiten) -> bool:
    """top, N or `lopend`, raamovereenkomst unknown, I > 2022-12-31."""
    return f.top and (f.N or f.lopend) and f.raamovereenkomst is None and f.I_vanaf(START_2023)


def b1_16b(f: Feiten) -> bool:
    """top, `lopend`, (P or I ≥ 2021-05-01), E > 2022-12-31, B1-16c does not fire."""
    return (
        f.top
        and f.lopend
        and f.P_of_I_vanaf(MIDDEN_HERSTEL_STOPT)
        and f.E > EIND_2022
        and not b1_16c(f)
    )


def _na_2022(f: Feiten) -> bool:
    """periode.einddatum > 2022-12-31."""
    return f.periode_einde is not None and f.periode_einde > EIND_2022


def b1_17(f: Feiten) -> bool:
    """`declaratie`, periode.einddatum from 2022-01-01 to 2022-12-31."""
    return (
        f.declaratie and f.periode_einde is not None and START_2022 <= f.periode_einde <= EIND_2022
    )


def b1_18(f: Feiten) -> bool:
    """`declaratie`, raamovereenkomst `huidig` (midden included), periode.einddatum > 2022-12-31."""
    return f.declaratie and f.raamovereenkomst == "huidig" and _na_2022(f)


def b1_18a(f: Feiten) -> bool:
    """`declaratie`, segment known and not midden, raamovereenkomst unknown, > 2022-12-31."""
    return (
        f.declaratie
        and f.segment is not None
        and not f.midden
        and f.raamovereenkomst is None
        and _na_2022(f)
    )


def b1_18b(f: Feiten) -> bool:
    """top, `lopend`, P < 2021-05-01 and I < 2021-05-01, E > 2022-12-31."""
    return (
        f.top
        and f.lopend
        and f.P_voor(MIDDEN_HERSTEL_STOPT)
        and f.I_voor(MIDDEN_HERSTEL_STOPT)
        and f.E > EIND_2022
    )


def _lopend_herstel(f: Feiten) -> bool:
    """midden, herstel, geen 11/12, `lopend`, P < 2021-05-01."""
    return f.midden and f.herstel and f.geen_11_12 and f.lopend and f.P_voor(MIDDEN_HERSTEL_STOPT)


def b1_19a(f: Feiten) -> bool:
    """…, E ≤ 2022-12-31."""
    return _lopend_herstel(f) and f.E <= EIND_2022


def b1_19c(f: Feiten) -> bool:
    """…, E > 2022-12-31."""
    return _lopend_herstel(f) and f.E > EIND_2022


def b1_19b(f: Feiten) -> bool:
    """midden, profiel 11 or 12, `lopend`, E ≤ 2022-12-31."""
    return f.midden and f.profiel_11_of_12 and f.lopend and f.E <= EIND_2022


def b1_19d(f: Feiten) -> bool:
    """midden, profiel 11 or 12, `lopend`, E > 2022-12-31."""
    return f.midden and f.profiel_11_of_12 and f.lopend and f.E > EIND_2022


def b1_21(f: Feiten) -> bool:
    """B1-02 fires and P < 2021-05-06."""
    return b1_02(f) and f.P_voor(BRIEF_1)


RIJEN = (
    ("B1-02", "NIET_TOEGESTAAN", b1_02),
    ("B1-02a", "HANDMATIG", b1_02a),
    ("B1-02b", "HANDMATIG", b1_02b),
    ("B1-04", "INFO", b1_04),
    ("B1-08", "ADVIES", b1_08),
    ("B1-09", "AFSTEMMEN", b1_09),
    ("B1-11", "AFSTEMMEN", b1_11),
    ("B1-11a", "INFO", b1_11a),
    ("B1-12", "AFSTEMMEN", b1_12),
    ("B1-13", "INFO", b1_13),
    ("B1-14", "AFSTEMMEN", b1_14),
    ("B1-15", "NIET_TOEGESTAAN", b1_15),
    ("B1-15a", "INFO", b1_15a),
    ("B1-16", "NIET_TOEGESTAAN", b1_16),
    ("B1-16c", "HANDMATIG", b1_16c),
    ("B1-16b", "HANDMATIG", b1_16b),
    ("B1-17", "INFO", b1_17),
    ("B1-18", "NIET_TOEGESTAAN", b1_18),
    ("B1-18a", "HANDMATIG", b1_18a),
    ("B1-18b", "HANDMATIG", b1_18b),
    ("B1-19a", "AFLOPEN", b1_19a),
    ("B1-19c", "HANDMATIG", b1_19c),
    ("B1-19b", "AFLOPEN", b1_19b),
    ("B1-19d", "HANDMATIG", b1_19d),
    ("B1-21", "INFO", b1_21),
)
