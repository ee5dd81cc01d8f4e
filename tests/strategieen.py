"""Hypothesis strategies for a toewijzing, built from the fields of schemas/toewijzing.json.

Also the settings that go with them, and copies of a toewijzing with a field set or left out.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from orakel.feiten import GEMEENTEN
from uitfasering.paths import project_root
from volledig import aantal

Json = dict[str, Any]

# The same examples every time, and no files: a failure in CI is a failure at home.
VAST = settings(derandomize=True, database=None, deadline=None, max_examples=aantal(40, 100))

SCHEMA: Json = json.loads((project_root() / "schemas" / "toewijzing.json").read_text("utf-8"))
VELDEN: Json = SCHEMA["properties"]

# Every day the two letters name, the day before and the day after; then anything near them.
GRENZEN = (
    "2021-01-01",
    "2021-05-01",
    "2021-05-06",
    "2021-11-24",
    "2022-01-01",
    "2022-03-01",
    "2023-01-01",
)
OP_DE_GRENS = [
    (date.fromisoformat(dag) + timedelta(days=n)).isoformat() for dag in GRENZEN for n in (-1, 0, 1)
]
DATUMS = st.sampled_from(OP_DE_GRENS) | st.dates(date(2020, 2, 1), date(2024, 3, 1)).map(str)
REGIO = st.sampled_from(list(GEMEENTEN))

# Where the schema gives a pattern or a wide range: values that matter to the letters, and others.
WAARDEN: dict[str, st.SearchStrategy[Any]] = {
    "gemeente": st.sampled_from([*GEMEENTEN, *GEMEENTEN, "0363"]),
    "categorie": st.sampled_from(["50", "54"]),
    "code": st.sampled_from(["54002", "50H3A", "50D3A", "50DBA", "50HCA", "50TG1", "ZZZZZ", "a"]),
    "volume": st.sampled_from([0, 250, 400, 2000, 4000, 4001, 66, 67]) | st.integers(0, 99_999_999),
    "budget": st.integers(0, 99_999_999),
    "profiel": st.sampled_from([1, 10, 11, 12]),
    "aanbieder": st.sampled_from(["00000000", "12345678"]),
    "verwijzer": st.sampled_from(["02", "02", "01", "03", "04", "05", "06", "08"]),
}


def veld(naam: str, schema: Json) -> st.SearchStrategy[Any]:
    """Valid values of one field; of an object too, where nothing but what is required is sure."""
    if "properties" in schema:
        delen = {deel: veld(deel, s) for deel, s in schema["properties"].items()}
        vast = {deel: delen.pop(deel) for deel in schema.get("required", [])}
        return st.fixed_dictionaries(vast, optional=delen)
    if naam in WAARDEN:
        return WAARDEN[naam]
    if schema["type"] == "boolean":
        return st.booleans()
    if schema.get("format") == "date":
        return DATUMS
    return st.sampled_from(schema["enum"])


ALTIJD = ("handeling", "gemeente", "toewijzingsdatum", "ingangsdatum")

# Where an allocation ends: open, on its first day, about a year later, or on any other day.
EINDE = st.one_of(
    st.none(), st.just(0), st.sampled_from([364, 365, 366]), st.integers(0, 800), DATUMS
)


@st.composite
def toewijzingen(draw: st.DrawFn, /, **vast: st.SearchStrategy[Any]) -> Json:
    """A toewijzing that keeps to contract §2; ``vast``: fields that are there, and their values."""
    velden = {naam: veld(naam, schema) for naam, schema in VELDEN.items() if naam != "einddatum"}
    nodig = {naam: velden[naam] for naam in ALTIJD}
    toewijzing: Json = {naam: draw(s) for naam, s in (nodig | vast).items()}
    anders = {naam: s for naam, s in velden.items() if naam not in toewijzing}
    toewijzing |= draw(st.fixed_dictionaries({}, optional=anders))
    einde = toewijzing.pop("einddatum") if "einddatum" in vast else draw(EINDE)
    if isinstance(einde, int):
        einde = _later(toewijzing["ingangsdatum"], einde)
    if einde is not None:
        toewijzing["einddatum"] = max(einde, toewijzing["ingangsdatum"])
    if "budget" in toewijzing and "omvang" in toewijzing:
        del toewijzing["budget"]
    if toewijzing["handeling"] == "declaratie":
        dag = toewijzing["toewijzingsdatum"]
        toewijzing.setdefault("periode", {"begindatum": dag, "einddatum": dag})
    if "periode" in toewijzing:
        begin, eind = sorted(toewijzing["periode"].values())
        toewijzing["periode"] = {"begindatum": begin, "einddatum": eind}
    return toewijzing


def _later(dag: str, dagen: int) -> str:
    return (date.fromisoformat(dag) + timedelta(days=dagen)).isoformat()


# Midden and top with their own characteristics, so that most of what is drawn meets an agreement.
KENMERKEN = {naam: veld(naam, s) for naam, s in VELDEN["product"]["properties"].items()}
MIDDEN = st.fixed_dictionaries(
    {"segment": st.just("midden")},
    optional={naam: KENMERKEN[naam] for naam in ("perspectief", "profiel")},
)
TOP = st.fixed_dictionaries(
    {"segment": st.just("top"), "zorgvorm": KENMERKEN["zorgvorm"]},
    optional={"raamovereenkomst": st.just("huidig")},
)
NIEUW = st.sampled_from(["nieuw", "verlenging"])
ROND_DE_BRIEVEN = st.sampled_from([dag for dag in OP_DE_GRENS if "2021-04" < dag < "2022-12-31"])

VAN_TOP = toewijzingen(
    product=TOP,
    gemeente=REGIO,
    handeling=NIEUW,
    toewijzingsdatum=ROND_DE_BRIEVEN,
    ingangsdatum=ROND_DE_BRIEVEN,
)
"""New ones and prolongations in segment top, in the time of the letters."""

VAN_MIDDEN = toewijzingen(
    product=MIDDEN,
    gemeente=REGIO,
    handeling=NIEUW | st.just("lopend"),
    toewijzingsdatum=ROND_DE_BRIEVEN,
)

TOEWIJZINGEN = VAN_TOP | VAN_MIDDEN | toewijzingen(product=MIDDEN | TOP) | toewijzingen()
"""Of every kind, mostly midden or top."""

MET_EINDDATUM = toewijzingen(product=MIDDEN | TOP, einddatum=DATUMS)

LOOPT_LANG_DOOR = toewijzingen(
    product=MIDDEN | TOP,
    gemeente=REGIO,
    handeling=st.sampled_from(["lopend", "lopend", "verlenging"]),
    ingangsdatum=st.sampled_from([dag for dag in OP_DE_GRENS if dag < "2021-12-01"]),
    einddatum=st.sampled_from(["2022-01-01", "2023-01-01", "2024-02-29"]),
)
"""Running ones and prolongations with an einddatum that is often too late."""

_SCALAIR = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
_TEKST = st.text(st.characters(codec="utf-8"), max_size=12)
_NAMEN = (
    st.sampled_from([*VELDEN, *VELDEN["product"]["properties"], "volume", "einddatum"]) | _TEKST
)

JSON = st.recursive(
    _SCALAIR | _TEKST,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMEN, inner, max_size=6),
    max_leaves=12,
)
"""Any JSON value, its keys often names of fields."""


@st.composite
def bijna(draw: st.DrawFn) -> Json:
    """A toewijzing with one field replaced by any JSON value, or with one field less."""
    toewijzing = dict(draw(TOEWIJZINGEN))
    naam = draw(st.sampled_from(sorted(toewijzing)) | _TEKST)
    if naam in toewijzing and draw(st.booleans()):
        del toewijzing[naam]
    else:
        toewijzing[naam] = draw(JSON)
    return toewijzing


ALLES = TOEWIJZINGEN | bijna() | JSON
"""Right, nearly right, or anything."""


def met(toewijzing: Json, veld: str, waarde: Any) -> Json:
    """A copy with this field set, inside ``product`` where it belongs there."""
    if veld in VELDEN:
        return {**toewijzing, veld: waarde}
    return {**toewijzing, "product": {**toewijzing.get("product", {}), veld: waarde}}


def zonder(toewijzing: Json, veld: str) -> Json:
    rest = {k: v for k, v in toewijzing.items() if k != veld}
    if veld not in VELDEN and "product" in rest:
        rest["product"] = {k: v for k, v in rest["product"].items() if k != veld}
    return rest
