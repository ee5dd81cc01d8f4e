"""Contract §4.3: the letter of 24 November 2021, a function per row."""

from __future__ import annotations

from .feiten import (
    BRIEF_2,
    EIND_2021,
    EIND_2022,
    MEDICATIECODE,
    START_2021,
    START_2022,
    START_2023,
    Feiten,
)


def _midden_duurzaam_gewoon(f: Feiten) -> bool:
    return f.midden and f.duurzaam and f.gewoon


def b2_03(f: Feiten) -> bool:
    """… no overname, P ≥ 2022-01-01, and (`verlenging`, or `nieuw` with I ≥ 2022-01-01)."""
    return (
        _midden_duurzaam_gewoon(f)
        and not f.overname
        and f.P_vanaf(START_2022)
        and (f.verlenging or (f.nieuw and f.I_vanaf(START_2022)))
    )


def b2_03c(f: Feiten) -> bool:
    """N, overname, and (midden and gewoon, or medication and the code is not a given 54002)."""
    return (
        f.N
        and f.overname
        and ((f.midden and f.gewoon) or (f.medicatiecontrole is True and f.code != MEDICATIECODE))
    )


def b2_03a(f: Feiten) -> bool:
    """… no overname, `nieuw`, P ≥ 2022-01-01, I < 2022-01-01."""
    return (
        _midden_duurzaam_gewoon(f)
        and not f.overname
        and f.nieuw
        and f.P_vanaf(START_2022)
        and f.I_voor(START_2022)
    )


def b2_03b(f: Feiten) -> bool:
    """midden, duurzaam, gewoon, `lopend`, P ≥ 2022-01-01."""
    return _midden_duurzaam_gewoon(f) and f.lopend and f.P_vanaf(START_2022)


def b2_05(f: Feiten) -> bool:
    """midden, duurzaam, gewoon, N, P < 2022-01-01, I ≥ 2022-01-01."""
    return _midden_duurzaam_gewoon(f) and f.N and f.P_voor(START_2022) and f.I_vanaf(START_2022)


def b2_05c(f: Feiten) -> bool:
    """… `verlenging`, P from 2021-11-24 to 2021-12-31, I < 2022-01-01, E > 2021-12-31."""
    return (
        _midden_duurzaam_gewoon(f)
        and f.verlenging
        and f.P_van_tot_en_met(BRIEF_2, EIND_2021)
        and f.I_voor(START_2022)
        and f.E > EIND_2021
    )


def b2_05a(f: Feiten) -> bool:
    """midden, duurzaam, gewoon, `lopend`, P < 2022-01-01, I ≥ 2022-01-01."""
    return (
        _midden_duurzaam_gewoon(f) and f.lopend and f.P_voor(START_2022) and f.I_vanaf(START_2022)
    )


def b2_05b(f: Feiten) -> bool:
    """T, I ≥ 2022-01-01, and eenheid 82 or 83 is given, or a budget."""
    return f.T and f.I_vanaf(START_2022) and (f.eenheid in ("82", "83") or f.budget_gegeven)


def _andere_code(f: Feiten) -> bool:
    """a code is given and it is not 54002."""
    return f.code is not None and f.code != MEDICATIECODE


def b2_06(f: Feiten) -> bool:
    """medication, no overname, another code, (`nieuw` with I, `verlenging` with P or I ≥ 2022)."""
    return (
        f.medicatiecontrole is True
        and not f.overname
        and _andere_code(f)
        and ((f.nieuw and f.I_vanaf(START_2022)) or (f.verlenging and f.P_of_I_vanaf(START_2022)))
    )


def b2_06b(f: Feiten) -> bool:
    """medication, no overname, `nieuw`, P ≥ 2022-01-01, I < 2022-01-01, another code."""
    return (
        f.medicatiecontrole is True
        and not f.overname
        and f.nieuw
        and f.P_vanaf(START_2022)
        and f.I_voor(START_2022)
        and _andere_code(f)
    )


def _medicatie_op_54002(f: Feiten) -> bool:
    """medicatiecontrole true, N, (P or I ≥ 2022-01-01), code 54002."""
    return f.N and f.medicatie_vanaf_2022 and f.code == MEDICATIECODE


def _in_minuten(f: Feiten) -> bool:
    """eenheid 01, frequentie 6 (an omvang that is there always has a volume)."""
    return f.eenheid == "01" and f.frequentie == "6"


def b2_06a(f: Feiten) -> bool:
    """…, omvang absent or not in minutes (01) with frequentie 6."""
    return _medicatie_op_54002(f) and not _in_minuten(f)


def b2_07(f: Feiten) -> bool:
    """…, volume 250 or 400, and the municipality has fixed the other one."""
    if not (_medicatie_op_54002(f) and _in_minuten(f)):
        return False
    return (f.volume == 250 and f.eigen_medicatieminuten == 400) or (
        f.volume == 400 and f.eigen_medicatieminuten == 250
    )


def b2_08(f: Feiten) -> bool:
    """…, volume not 250 or 400."""
    return _medicatie_op_54002(f) and _in_minuten(f) and f.volume not in (250, 400)


def b2_09(f: Feiten) -> bool:
    """midden, duurzaam, no overname, `verlenging`, medication, (P or I ≥ 2022-01-01)."""
    return (
        f.midden
        and f.duurzaam
        and not f.overname
        and f.verlenging
        and f.medicatiecontrole is True
        and f.P_of_I_vanaf(START_2022)
    )


def b2_10(f: Feiten) -> bool:
    """… N, P in 2021, I < 2022-01-01, E > 2021-12-31, B2-05c does not fire."""
    return (
        _midden_duurzaam_gewoon(f)
        and f.N
        and f.P_van_tot_en_met(START_2021, EIND_2021)
        and f.I_voor(START_2022)
        and f.E > EIND_2021
        and not b2_05c(f)
    )


def _loopt_door_in_2022(f: Feiten) -> bool:
    """B2-11 "up to and including its dates"."""
    return (
        f.lopend
        and _midden_duurzaam_gewoon(f)
        and f.P_voor(START_2022)
        and f.I_voor(START_2022)
        and f.E > EIND_2021
    )


def b2_11(f: Feiten) -> bool:
    """…, the municipality converts, not overgenomen_woonplaats, gemotiveerd is not true."""
    return (
        _loopt_door_in_2022(f)
        and f.zet_om
        and not f.overgenomen_woonplaats
        and f.gemotiveerd is not True
    )


def b2_11a(f: Feiten) -> bool:
    """…, runs off, P ≥ 2021-01-01, E ≤ 2022-12-31, not overgenomen_woonplaats."""
    return (
        _loopt_door_in_2022(f)
        and f.laat_aflopen
        and f.P_vanaf(START_2021)
        and f.E <= EIND_2022
        and not f.overgenomen_woonplaats
    )


def b2_11b(f: Feiten) -> bool:
    """…, runs off, P ≥ 2021-01-01, E > 2022-12-31, not overgenomen_woonplaats."""
    return (
        _loopt_door_in_2022(f)
        and f.laat_aflopen
        and f.P_vanaf(START_2021)
        and f.E > EIND_2022
        and not f.overgenomen_woonplaats
    )


def b2_11f(f: Feiten) -> bool:
    """…, runs off, P < 2021-01-01, not overgenomen_woonplaats."""
    return (
        _loopt_door_in_2022(f)
        and f.laat_aflopen
        and f.P_voor(START_2021)
        and not f.overgenomen_woonplaats
    )


def b2_11c(f: Feiten) -> bool:
    """…, overgenomen_woonplaats, whatever the municipality chose."""
    return _loopt_door_in_2022(f) and f.overgenomen_woonplaats


def b2_11d(f: Feiten) -> bool:
    """…, the municipality converts, gemotiveerd true, not overgenomen_woonplaats."""
    return (
        _loopt_door_in_2022(f)
        and f.zet_om
        and f.gemotiveerd is True
        and not f.overgenomen_woonplaats
    )


def b2_11e(f: Feiten) -> bool:
    """`lopend`, midden, duurzaam, geen 11/12, P and I < 2022-01-01, E ≤ 2021-12-31."""
    return (
        f.lopend
        and f.midden
        and f.duurzaam
        and f.geen_11_12
        and f.P_voor(START_2022)
        and f.I_voor(START_2022)
        and f.E <= EIND_2021
    )


def _profiel_11(f: Feiten) -> bool:
    """midden, profiel 11, N."""
    return f.midden and f.profiel == 11 and f.N


def b2_12(f: Feiten) -> bool:
    """…, the crisisroute is contracted and P ≥ that day."""
    return _profiel_11(f) and f.crisisroute_dag is not None and f.P_vanaf(f.crisisroute_dag)


def b2_12b(f: Feiten) -> bool:
    """…, the day of contract is known, P < that day, I ≥ that day."""
    dag = f.crisisroute_dag
    return _profiel_11(f) and dag is not None and f.P_voor(dag) and f.I_vanaf(dag)


def b2_12a(f: Feiten) -> bool:
    """…, no day of contract is known, (P or I ≥ 2022-01-01, the target date)."""
    return (
        _profiel_11(f) and f.crisisroute_dag is None and f.P_of_I_vanaf(f.crisisroute_streefdatum)
    )


def b2_13(f: Feiten) -> bool:
    """midden, 11 or 12, N, P ≥ 2023-01-01 or I ≥ 2023-01-01 or a given E > 2022-12-31."""
    return (
        f.midden
        and f.profiel_11_of_12
        and f.N
        and (f.P_of_I_vanaf(START_2023) or (f.einddatum_gegeven and f.E > EIND_2022))
    )


def b2_14(f: Feiten) -> bool:
    """`verlenging`, medicatiecontrole true, (P ≥ 2021-11-24 or I ≥ 2022-01-01)."""
    return (
        f.verlenging
        and f.medicatiecontrole is True
        and (f.P_vanaf(BRIEF_2) or f.I_vanaf(START_2022))
    )


RIJEN = (
    ("B2-03", "NIET_TOEGESTAAN", b2_03),
    ("B2-03c", "HANDMATIG", b2_03c),
    ("B2-03a", "HANDMATIG", b2_03a),
    ("B2-03b", "HANDMATIG", b2_03b),
    ("B2-05", "NIET_TOEGESTAAN", b2_05),
    ("B2-05c", "HANDMATIG", b2_05c),
    ("B2-05a", "HANDMATIG", b2_05a),
    ("B2-05b", "HANDMATIG", b2_05b),
    ("B2-06", "NIET_TOEGESTAAN", b2_06),
    ("B2-06b", "HANDMATIG", b2_06b),
    ("B2-06a", "HANDMATIG", b2_06a),
    ("B2-07", "ADVIES", b2_07),
    ("B2-08", "ADVIES", b2_08),
    ("B2-09", "NIET_TOEGESTAAN", b2_09),
    ("B2-10", "ADVIES", b2_10),
    ("B2-11", "OMZETTEN", b2_11),
    ("B2-11a", "AFLOPEN", b2_11a),
    ("B2-11b", "HANDMATIG", b2_11b),
    ("B2-11f", "HANDMATIG", b2_11f),
    ("B2-11c", "HANDMATIG", b2_11c),
    ("B2-11d", "HANDMATIG", b2_11d),
    ("B2-11e", "AFLOPEN", b2_11e),
    ("B2-12", "NIET_TOEGESTAAN", b2_12),
    ("B2-12b", "HANDMATIG", b2_12b),
    ("B2-12a", "INFO", b2_12a),
    ("B2-13", "HANDMATIG", b2_13),
    ("B2-14", "ADVIES", b2_14),
)
