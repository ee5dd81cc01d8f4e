"""Hostile JSON values: everything JSON can carry, and mostly nothing a toewijzing should be."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .invoer import GROEPEN, VELDEN

NAMEN = (*VELDEN, *GROEPEN, *(naam for groep in GROEPEN.values() for naam in groep))
TEKSTEN = (
    "",
    " ",
    "\x00",
    "\n",
    "null",
    "nieuw\u0000",
    "nieuw\u200b",
    "NIEUW",
    "0193",
    "０１９３",
    "2021-05-01",
    "2021-02-29",
    "2021-05-01\u2028",
    "+2021-05-01",
    "0000-00-00",
    "9999-12-31",
    "54002",
    "\u202e\u0661\U0001f9d2",
    "e\u0301" * 20,
    "\ud800",
    "../../etc/passwd",
    "{{input}}",
    "%s%n%d",
    '"; data.uitfasering',
    "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "a" * 5000,
)
GETALLEN: tuple[Any, ...] = (
    0,
    -0.0,
    -1,
    1,
    11,
    11.0,
    11.5,
    0.1,
    5e-324,
    1e308,
    -1e308,
    1e22,
    2**31,
    2**53 + 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**30,
    10**400,
    99999999,
    100000000,
    99999999.5,
)
SLEUTELS = (
    "__proto__",
    "constructor",
    "input",
    "data",
    "toewijzing",
    "toewijzingen",
    "bsn",
    "product.code",
    "omvang['volume']",
    'a"b',
    "a\nb",
    "a\\b",
    "a/b",
    "~1",
    "$ref",
    "",
    " ",
    "\x00",
    ".",
    "..",
    "[0]",
    "*",
    "Handeling",
    "handeling ",
    "🧒",
    "k" * 2000,
)


def vijandig(rng: random.Random) -> object:
    """Any JSON value; never NaN or infinity, and never deeper than 300 levels.

    Texts may hold a lone surrogate: fine for ``json.dumps`` as it is set by default, not for
    a writer of UTF-8.
    """
    return rng.choice(SOORTEN)(rng)


def vervang(rng: random.Random, toewijzing: dict[str, Any]) -> None:
    """Put a hostile value in a place of the toewijzing, or under a hostile key."""
    plaatsen = [toewijzing] * 2
    plaatsen += [deel for deel in toewijzing.values() if isinstance(deel, dict)]
    plaats = rng.choice(plaatsen)
    bekend = bool(plaats) and rng.random() < 0.6
    sleutel = rng.choice(list(plaats)) if bekend else _sleutel(rng)
    plaats[sleutel] = _waarde(rng, 3)


def _scalair(rng: random.Random) -> object:
    kans = rng.random()
    if kans < 0.15:
        return None
    if kans < 0.3:
        return rng.random() < 0.5
    if kans < 0.6:
        return rng.choice(GETALLEN)
    if kans < 0.7:
        return rng.randrange(-(10**12), 10**12) / rng.choice((1, 2, 1000, 7))
    if kans < 0.75:
        return "".join(chr(rng.randrange(0xD800)) for _ in range(rng.randrange(12)))
    return rng.choice(TEKSTEN)


def _sleutel(rng: random.Random) -> str:
    return rng.choice(NAMEN if rng.random() < 0.5 else SLEUTELS)


def _waarde(rng: random.Random, diepte: int) -> object:
    kans = rng.random()
    if diepte == 0 or kans < 0.6:
        return _scalair(rng)
    if kans < 0.75:
        return [_waarde(rng, diepte - 1) for _ in range(rng.randrange(4))]
    if kans < 0.97:
        return _object(rng, diepte)
    return _diep(rng)


def _object(rng: random.Random, diepte: int = 3) -> object:
    return {_sleutel(rng): _waarde(rng, diepte - 1) for _ in range(rng.randrange(6))}


def _lijst(rng: random.Random) -> object:
    return [_waarde(rng, 2) for _ in range(rng.choice((0, 1, 2, 5, 100)))]


def _diep(rng: random.Random) -> object:
    """Nested up to 300 levels, lists or objects."""
    waarde: object = _scalair(rng)
    sleutel = _sleutel(rng)
    for _ in range(rng.choice((10, 50, 300))):
        waarde = [waarde] if rng.random() < 0.5 else {sleutel: waarde}
    return waarde


def _breed(rng: random.Random) -> object:
    """Many unknown fields."""
    return {f"{_sleutel(rng)}{nummer}": _scalair(rng) for nummer in range(rng.choice((20, 300)))}


def _bijna(rng: random.Random) -> object:
    """A valid toewijzing of which one to three places are hostile."""
    toewijzing: dict[str, Any] = {
        "handeling": rng.choice(("nieuw", "verlenging", "verkorting", "lopend", "declaratie")),
        "gemeente": "0193",
        "toewijzingsdatum": "2021-05-01",
        "ingangsdatum": "2021-05-01",
        "einddatum": "2022-04-30",
        "product": {"code": "54002", "segment": "top", "zorgvorm": "ggz"},
        "omvang": {"volume": 2000, "eenheid": "01", "frequentie": "6"},
        "periode": {"begindatum": "2021-05-01", "einddatum": "2021-05-31"},
    }
    for _ in range(rng.choice((1, 1, 2, 3))):
        vervang(rng, toewijzing)
    return toewijzing


def _alle_velden(rng: random.Random) -> object:
    """Every field the contract knows, each with whatever."""
    return {naam: _waarde(rng, 2) for naam in (*VELDEN, *GROEPEN)}


def _verpakt(rng: random.Random) -> object:
    """A toewijzing where it should not be: in a list, or one object too deep."""
    return rng.choice(({"toewijzing": _bijna(rng)}, [_bijna(rng)], {"input": _bijna(rng)}))


SOORTEN: tuple[Callable[[random.Random], object], ...] = (
    _scalair,
    _object,
    _object,
    _lijst,
    _diep,
    _breed,
    _bijna,
    _bijna,
    _bijna,
    _bijna,
    _alle_velden,
    _verpakt,
)
