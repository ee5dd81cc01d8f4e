"""Random inputs that sit on the contract's boundaries, and hostile JSON values."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from .bederf import bederf
from .feiten import GEMEENTEN
from .invoer import HANDELINGEN
from .vijandig import vijandig

__all__ = ["genereer", "vijandig"]

Toewijzing = dict[str, Any]

# Every day the contract names, and 2022-03-01: the day the tests contract the crisisroute.
GRENZEN = (
    "2021-01-01",
    "2021-05-01",
    "2021-05-06",
    "2021-11-24",
    "2021-12-31",
    "2022-01-01",
    "2022-03-01",
    "2022-12-31",
    "2023-01-01",
)
SCHRIKKELDAGEN = ("2020-02-29", "2024-02-29", "2020-02-28", "2021-02-28", "2023-03-01")
DAG = timedelta(days=1)
OP_DE_GRENS = [date.fromisoformat(tekst) + n * DAG for tekst in GRENZEN for n in (-1, 0, 1)]
BEGONNEN = [date(2020, 2, 29)] + [dag for dag in OP_DE_GRENS if dag <= date(2022, 1, 2)]
ROND_DE_STOP = [dag for dag in OP_DE_GRENS if date(2021, 11, 23) <= dag <= date(2022, 1, 2)]
EINDEN = [date(jaar, 12, 31) + n * DAG for jaar in (2021, 2022) for n in (-1, 0, 1)]
ZELDEN = [
    *(date.fromisoformat(tekst) for tekst in SCHRIKKELDAGEN),
    date(1900, 1, 1),
    date(2199, 12, 31),
]

NIEUW = ("nieuw", "verlenging")
VREEMD = ("0000", "9999", "0153", "0363", "0190")
MINUTEN = (0, 1, 249, 250, 251, 399, 400, 401, 1999, 2000, 2001, 3999, 4000, 4001, 99999999)
UREN = (0, 4, 5, 33, 34, 66, 67, 40, 1000)
EENHEDEN = ("01", "04", "14", "16", "82", "83", "84")
FREQUENTIES = ("1", "2", "4", "6")
VERWIJZERS = ("01", "02", "02", "02", "03", "04", "05", "06", "08")
AANBIEDERS = ("12345678", "00000000", "99999999", "87654321")
KENMERKEN: dict[str, tuple[Any, ...]] = {
    "categorie": ("50", "54", "00", "99"),
    "segment": ("midden", "midden", "midden", "top", "top", "top", "basis", "geen"),
    "perspectief": ("herstel", "duurzaam", "duurzaam"),
    "profiel": (1, 3, 10, 11, 11, 12, 5.0),
    "zorgvorm": ("ggz", "ggz", "jeugd_en_opvoedhulp", "lvb", "anders"),
    "raamovereenkomst": ("huidig", "huidig", "huidig", "nieuw"),
}
DREMPEL = {"categorie": 0.2, "raamovereenkomst": 0.5}


def genereer(rng: random.Random, catalogus: Mapping[str, Mapping[str, Any]]) -> Toewijzing:
    """A toewijzing (contract §2), about 5 % of them with one or two faults.

    ``catalogus``: code → characteristics; its codes are used in about half of the inputs.
    """
    toewijzing = _geldig(rng, catalogus)
    if rng.random() < 0.05:
        for _ in range(rng.choice((1, 1, 1, 2))):
            bederf(rng, toewijzing)
    return toewijzing


def _geldig(rng: random.Random, catalogus: Mapping[str, Mapping[str, Any]]) -> Toewijzing:
    """Over half at random; the others running, around the stop, tidy in top, or medication."""
    soort = rng.choice(
        ("",) * 8 + ("lopend", "lopend", "midden", "midden", "top", "top", "medicatie")
    )
    handeling = rng.choices(HANDELINGEN, (30, 30, 4, 26, 10))[0]
    toewijzing: Toewijzing = {
        "handeling": {"": handeling, "lopend": "lopend"}.get(soort, rng.choice(NIEUW)),
        "gemeente": rng.choice(VREEMD if rng.random() < 0.04 else GEMEENTEN),
    }
    _datums(rng, toewijzing)
    if rng.random() < 0.97:
        toewijzing["product"] = _product(rng, catalogus)
    if rng.random() < 0.7:
        toewijzing["omvang"] = _omvang(rng)
    elif rng.random() < 0.4:
        toewijzing["budget"] = rng.choice((0, 1, 250000, 99999999, 400.0))
    _rest(rng, toewijzing)
    if soort == "lopend":
        _midden(rng, toewijzing, BEGONNEN if rng.random() < 0.7 else BEGONNEN[:5], catalogus)
    elif soort == "midden":
        _midden(rng, toewijzing, ROND_DE_STOP, catalogus)
    elif soort == "top":
        _top(rng, toewijzing)
    elif soort == "medicatie" or (toewijzing.get("medicatiecontrole") and rng.random() < 0.3):
        _medicatie(rng, toewijzing)
    return toewijzing


def _midden(
    rng: random.Random,
    toewijzing: Toewijzing,
    dagen: list[date],
    catalogus: Mapping[str, Mapping[str, Any]],
) -> None:
    """Issued and begun on one of these days; mostly midden, with at times a piece missing."""
    begin = rng.choice(dagen)
    toewijzing["toewijzingsdatum"] = rng.choice((begin, rng.choice(dagen))).isoformat()
    toewijzing["ingangsdatum"] = begin.isoformat()
    toewijzing.pop("einddatum", None)
    if rng.random() < 0.75:
        toewijzing["einddatum"] = _einde(rng, begin).isoformat()
    kans = rng.random()
    codes = [code for code, bekend in catalogus.items() if bekend.get("segment") == "midden"]
    if codes and kans < 0.3:
        code = rng.choice(codes)
        toewijzing["product"] = {"code": code}
        per_aanbieder = catalogus[code].get("vervangende_code_per_aanbieder")
        if per_aanbieder and rng.random() < 0.5:
            toewijzing["aanbieder"] = rng.choice(list(per_aanbieder))
    elif kans < 0.8:
        product: dict[str, Any] = {
            "segment": rng.choice(("midden", "midden", "midden", "top")),
            "perspectief": rng.choice(("herstel", "duurzaam", "duurzaam")),
            "profiel": rng.choice((1, 10, 2.0, 9, 11, 12)),
            "raamovereenkomst": "huidig",
        }
        product.pop(rng.choice((*product, "", "", "")), "")
        toewijzing["product"] = product


def _top(rng: random.Random, toewijzing: Toewijzing) -> None:
    """Top in the years the letters speak of, with an end date that mostly fits."""
    jaren = [dag for dag in OP_DE_GRENS if date(2021, 4, 30) <= dag <= date(2022, 12, 31)]
    begin = rng.choice(jaren)
    toewijzing["toewijzingsdatum"] = rng.choice((begin, rng.choice(jaren))).isoformat()
    toewijzing["ingangsdatum"] = begin.isoformat()
    toewijzing["einddatum"] = begin.isoformat()
    if rng.random() < 0.6:
        toewijzing["einddatum"] = _einde(rng, begin).isoformat()
    toewijzing["product"] = {
        "segment": "top",
        "zorgvorm": rng.choice(KENMERKEN["zorgvorm"]),
        "raamovereenkomst": "huidig",
    }
    if rng.random() < 0.7:
        toewijzing.pop("budget", None)
        toewijzing["omvang"] = {
            "volume": rng.choice(MINUTEN),
            "eenheid": "01",
            "frequentie": "6",
        }


def _medicatie(rng: random.Random, toewijzing: Toewijzing) -> None:
    """Medication on 54002, mostly with 250 or 400 of something."""
    toewijzing["medicatiecontrole"] = True
    toewijzing.setdefault("product", {})["code"] = "54002"
    if "budget" not in toewijzing:
        toewijzing["omvang"] = {
            "volume": rng.choice((250, 400, 250, 400, 249, 401, 2000)),
            "eenheid": rng.choice(("01", "01", "01", "04")),
            "frequentie": rng.choice(("6", "6", "6", "2")),
        }


def _datum(rng: random.Random) -> date:
    kans = rng.random()
    if kans < 0.92:
        return rng.choice(OP_DE_GRENS)
    if kans < 0.96:
        return rng.choice(ZELDEN)
    return date(2020, 6, 1) + rng.randrange(1200) * DAG


def _datums(rng: random.Random, toewijzing: Toewijzing) -> None:
    """Dates, valid together: P, I, a periode for a declaratie, and mostly an E."""
    declaratie = toewijzing["handeling"] == "declaratie"
    if not declaratie or rng.random() < 0.6:
        toewijzing["toewijzingsdatum"] = _datum(rng).isoformat()
    begin = _datum(rng)
    if not declaratie or rng.random() < 0.6:
        toewijzing["ingangsdatum"] = begin.isoformat()
    if rng.random() < 0.75:
        toewijzing["einddatum"] = _einde(rng, begin).isoformat()
    if declaratie or rng.random() < 0.03:
        van, tot = sorted((_datum(rng), _datum(rng)))
        toewijzing["periode"] = {"begindatum": van.isoformat(), "einddatum": tot.isoformat()}
    if rng.random() < (0.6 if declaratie else 0.02):
        toewijzing["factuurdatum"] = _datum(rng).isoformat()


def _einde(rng: random.Random, begin: date) -> date:
    """A last day from begin on: around begin + 1 year, on a boundary, or begin itself."""
    kans = rng.random()
    if kans < 0.4 and begin.year < 2198:
        jaar_later = (
            date(begin.year + 1, 3, 1)
            if (begin.month, begin.day) == (2, 29)
            else begin.replace(year=begin.year + 1)
        )
        return jaar_later + rng.choice((-2, -1, 0, 1)) * DAG
    later = [dag for dag in (EINDEN if kans < 0.6 else OP_DE_GRENS) if dag >= begin]
    return rng.choice(later) if later and kans < 0.97 else begin


def _product(rng: random.Random, catalogus: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    kans = rng.random()
    codes = list(catalogus)
    if codes and kans < 0.45:
        return _product_met_bekende_code(rng, catalogus, rng.choice(codes))
    product: dict[str, Any] = {}
    if rng.random() < 0.55:
        product["code"] = rng.choice(("54002", "99X99", "a", "Zz9", "00000"))
    if kans < 0.93:
        for naam, waarden in KENMERKEN.items():
            if rng.random() < DREMPEL.get(naam, 0.9):
                product[naam] = rng.choice(waarden)
    return product


def _product_met_bekende_code(
    rng: random.Random, catalogus: Mapping[str, Mapping[str, Any]], code: str
) -> dict[str, Any]:
    """A code of the catalogue, with characteristics that fill it up, repeat it or contradict."""
    product: dict[str, Any] = {"code": code}
    bekend = catalogus[code]
    for naam, waarden in KENMERKEN.items():
        kans = rng.random()
        if kans < 0.04:
            product[naam] = rng.choice(waarden)
        elif kans < 0.2 and bekend.get(naam) is not None:
            product[naam] = bekend[naam]
        elif kans < 0.5 and bekend.get(naam) is None and naam != "raamovereenkomst":
            product[naam] = rng.choice(waarden)
    return product


def _omvang(rng: random.Random) -> dict[str, Any]:
    eenheid = rng.choice(EENHEDEN) if rng.random() < 0.4 else rng.choice(("01", "01", "01", "04"))
    volume: float = rng.choice(UREN if eenheid == "04" else MINUTEN)
    if rng.random() < 0.1:
        volume = rng.randrange(5000)
    if rng.random() < 0.03:
        volume = float(volume)
    frequentie = "6" if rng.random() < 0.85 else rng.choice(FREQUENTIES)
    return {"volume": volume, "eenheid": eenheid, "frequentie": frequentie}


def _rest(rng: random.Random, toewijzing: Toewijzing) -> None:
    """The fields the back office knows, each often absent."""
    if rng.random() < 0.75:
        toewijzing["verwijzer"] = rng.choice(VERWIJZERS)
    for naam, kans_op_waar, kans_op_onwaar in (
        ("medicatiecontrole", 0.25, 0.35),
        ("gemotiveerd", 0.3, 0.35),
        ("afgestemd", 0.4, 0.2),
        ("overgenomen_woonplaats", 0.2, 0.2),
    ):
        kans = rng.random()
        if kans < kans_op_waar + kans_op_onwaar:
            toewijzing[naam] = kans < kans_op_waar
    if rng.random() < 0.5:
        toewijzing["gezinsplan"] = rng.choice(("opgesteld", "afgesproken", "niet_nodig"))
    if rng.random() < 0.3:
        toewijzing["aanbieder"] = rng.choice(AANBIEDERS)
