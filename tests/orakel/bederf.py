"""Ways to spoil a valid toewijzing. One may happen to leave it valid; the oracle says which."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from .vijandig import vervang

Toewijzing = dict[str, Any]

ONJUIST: dict[str, tuple[Any, ...]] = {
    "handeling": ("", "Nieuw", "nieuw ", "wijziging", "DECLARATIE", 1, None, ["nieuw"]),
    "gemeente": ("193", "01930", "O193", "0193\n", "", 193, None, "٠١٩٣"),
    "toewijzingsdatum": ("2021-02-29", "1899-12-31", "2200-01-01", "2021-5-1", "01-05-2021"),
    "ingangsdatum": ("2022-13-01", "2022-00-10", "2022-04-31", "2022-01-00", "20220101", 20220101),
    "einddatum": (None, "", "2022-12-31T00:00:00Z", "2022-12-31\n", " 2022-12-31", "2100-02-29"),
    "product": (
        None,
        [],
        "54002",
        {"code": ""},
        {"code": "540022"},
        {"profiel": 0},
        {"profiel": 13},
    ),
    "omvang": (None, {}, [], {"volume": 1}, {"volume": 1, "eenheid": "01"}, "250"),
    "budget": (-1, 100000000, 0.5, "100", True, None),
    "verwijzer": ("07", "09", "2", 2, None, "00"),
    "medicatiecontrole": (None, 1, 0, "true", []),
    "gemotiveerd": (None, "ja", 1),
    "afgestemd": (None, "false", 0),
    "overgenomen_woonplaats": (None, "nee", {}),
    "gezinsplan": (None, "", "nee", True),
    "aanbieder": ("1234567", "123456789", 12345678, None, "1234567a"),
    "periode": (None, {}, [], {"begindatum": "2022-01-01"}, {"einddatum": "2022-01-01"}),
    "factuurdatum": ("2022-02-30", None, "gisteren"),
}
ONJUIST_DEEL: dict[str, dict[str, tuple[Any, ...]]] = {
    "product": {
        "categorie": ("5", "500", "5A", 50, None),
        "code": ("", "540022", "54 02", "50é", 54002, None, "54002\n"),
        "segment": ("Midden", "hoog", None, 1),
        "perspectief": ("Herstel", "", None),
        "profiel": (0, 13, 1.5, "11", True, None, -1),
        "zorgvorm": ("GGZ", "j&o", None),
        "raamovereenkomst": ("oud", None, False),
    },
    "omvang": {
        "volume": (-1, 100000000, 250.5, "250", None, True),
        "eenheid": ("1", "02", "", 1, None),
        "frequentie": ("3", "5", "7", 6, None),
    },
    "periode": {
        "begindatum": ("2022-02-29", None, "2022"),
        "einddatum": ("2022-06-31", None, "9999-12-31"),
    },
}
VREEMDE_VELDEN = ("bsn", "Gemeente", "product.code", "__proto__", "", "toelichting", "einddatum ")


def _onjuiste_waarde(rng: random.Random, toewijzing: Toewijzing) -> None:
    naam = rng.choice(list(ONJUIST))
    toewijzing[naam] = deepcopy(rng.choice(ONJUIST[naam]))


def _onjuist_deel(rng: random.Random, toewijzing: Toewijzing) -> None:
    groep = rng.choice(list(ONJUIST_DEEL))
    naam = rng.choice(list(ONJUIST_DEEL[groep]))
    huidig = toewijzing.get(groep)
    deel = dict(huidig) if isinstance(huidig, dict) else {}
    toewijzing[groep] = {**deel, naam: rng.choice(ONJUIST_DEEL[groep][naam])}


def _vreemd_veld(rng: random.Random, toewijzing: Toewijzing) -> None:
    plaatsen = [toewijzing, *(deel for deel in toewijzing.values() if isinstance(deel, dict))]
    waarde: object = rng.choice((None, "999990019", 1, {}, "x"))
    rng.choice(plaatsen)[rng.choice(VREEMDE_VELDEN)] = waarde


def _veld_weg(rng: random.Random, toewijzing: Toewijzing) -> None:
    plaatsen = [toewijzing] * 2
    plaatsen += [deel for deel in toewijzing.values() if isinstance(deel, dict) and deel]
    plaats = rng.choice(plaatsen)
    if plaats:
        del plaats[rng.choice(list(plaats))]


def _omgekeerd(rng: random.Random, toewijzing: Toewijzing) -> None:
    if rng.random() < 0.5:
        toewijzing.update(ingangsdatum="2022-01-01", einddatum="2021-12-31")
    else:
        toewijzing["periode"] = {"begindatum": "2022-03-01", "einddatum": "2022-02-28"}


def _omvang_met_budget(rng: random.Random, toewijzing: Toewijzing) -> None:
    toewijzing.setdefault("omvang", {"volume": 250, "eenheid": "01", "frequentie": "6"})
    toewijzing.setdefault("budget", rng.choice((0, 100, "100")))


BEDERF: tuple[Callable[[random.Random, Toewijzing], None], ...] = (
    _onjuiste_waarde,
    _onjuist_deel,
    _vreemd_veld,
    _veld_weg,
    _omgekeerd,
    _omvang_met_budget,
    vervang,
)


def bederf(rng: random.Random, toewijzing: Toewijzing) -> None:
    """Spoil one thing, in place."""
    rng.choice(BEDERF)(rng, toewijzing)
