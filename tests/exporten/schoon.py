"""A clean export: canonical columns and values, spread as in a region's own administration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from uitfasering.gegevens import laad
from uitfasering.paths import project_root

Getallen = npt.NDArray[np.int64]
Dagen = npt.NDArray[np.datetime64]
Vlaggen = npt.NDArray[np.bool_]

TEKST, DATUM, GETAL, JA_NEE = pa.string(), pa.date32(), pa.int32(), pa.bool_()
SCHEMA = pa.schema(
    {
        "kenmerk": TEKST,
        "toewijzingnummer": TEKST,
        "handeling": TEKST,
        "gemeente": TEKST,
        "toewijzingsdatum": DATUM,
        "ingangsdatum": DATUM,
        "einddatum": DATUM,
        "productcategorie": TEKST,
        "productcode": TEKST,
        "segment": TEKST,
        "perspectief": TEKST,
        "profiel": GETAL,
        "zorgvorm": TEKST,
        "raamovereenkomst": TEKST,
        "volume": GETAL,
        "eenheid": TEKST,
        "frequentie": TEKST,
        "budget": GETAL,
        "verwijzer": TEKST,
        "medicatiecontrole": JA_NEE,
        "gemotiveerd": JA_NEE,
        "afgestemd": JA_NEE,
        "overgenomen_woonplaats": JA_NEE,
        "gezinsplan": TEKST,
        "aanbieder": TEKST,
        "periode_begindatum": DATUM,
        "periode_einddatum": DATUM,
        "factuurdatum": DATUM,
    }
)

# Inhabitants, in thousands; a municipality that is not here is as large as the middle one.
INWONERS = {
    "0193": 130,
    "0150": 101,
    "0160": 62,
    "0166": 55,
    "1708": 45,
    "0177": 38,
    "0148": 29,
    "1896": 24,
    "1773": 19,
    "0175": 19,
    "0180": 18,
}
BUITEN_DE_REGIO = {"0153": 4, "0141": 2, "0363": 1}
HANDELINGEN = {"lopend": 70, "nieuw": 12, "verlenging": 10, "declaratie": 5, "verkorting": 3}
SEGMENTEN = {"midden": 62, "top": 28, "basis": 3, "geen": 3}
ONBEKENDE_CODES = tuple(f"4{nummer:02}Z{letter}" for nummer in range(10) for letter in "AB")
ONBEKEND_AANDEEL = 0.04
MINUTEN = {250: 2, 400: 3, 600: 9, 1200: 12, 2000: 22, 2400: 6, 3000: 8, 4000: 18, 6000: 9, 8000: 4}
UREN = {4: 2, 10: 4, 20: 6, 40: 8, 52: 10, 66: 1, 104: 4}
DUREN = {3: 8, 6: 22, 9: 6, 12: 40, 18: 9, 24: 15}  # months
OPEN_EINDE = 0.18
AANTAL_AANBIEDERS = 300
EERSTE_DAG = np.datetime64("2020-01-01")
AANTAL_DAGEN = 4 * 365


def blok(nummer: int, begin: int, rijen: int, zaad: int) -> pa.RecordBatch:
    """Rows ``begin`` and on of the clean export with this seed; ``nummer``: of the block."""
    rng = np.random.default_rng([zaad, nummer])
    volgorde = np.arange(begin, begin + rijen)
    handeling = _trek(rng, rijen, HANDELINGEN)
    declaratie = handeling.waar("declaratie")
    kolommen = {
        "kenmerk": _genummerd("T-", volgorde, 8),
        "toewijzingnummer": _genummerd("", volgorde + 1_000_000, 7),  # never nine digits
        "handeling": handeling.kolom(),
        "gemeente": _trek(rng, rijen, _gemeenten()).kolom(),
        **_datums(rng, rijen, declaratie),
        **_product(rng, rijen),
        **_omvang(rng, rijen),
        "verwijzer": _trek(
            rng, rijen, {"01": 40, "02": 35, "03": 5, "04": 8, "05": 5, "06": 4, "08": 3}
        ).kolom(rng.random(rijen) < 0.9),
        "medicatiecontrole": _ja_nee(rng, rijen, bekend=0.15, ja=0.15),
        "gemotiveerd": _ja_nee(rng, rijen, bekend=0.1, ja=0.5),
        "afgestemd": _ja_nee(rng, rijen, bekend=0.15, ja=0.7),
        "overgenomen_woonplaats": _ja_nee(rng, rijen, bekend=0.05, ja=0.4),
        "gezinsplan": _trek(rng, rijen, {"opgesteld": 5, "afgesproken": 3, "niet_nodig": 1}).kolom(
            rng.random(rijen) < 0.12
        ),
        "aanbieder": _aanbieders(rng, rijen),
    }
    return pa.RecordBatch.from_arrays([kolommen[naam] for naam in SCHEMA.names], schema=SCHEMA)


@dataclass(frozen=True)
class Trekking:
    """For each row which of ``waarden`` it got."""

    waarden: Sequence[Any]
    nummers: Getallen

    def kolom(self, gevuld: Vlaggen | None = None) -> pa.Array:
        """As a column, with nulls where a row is not ``gevuld``."""
        waar = pa.array(self.waarden)
        return pc.take(waar, pa.array(self.nummers, mask=None if gevuld is None else ~gevuld))

    def waar(self, waarde: Any) -> Vlaggen:
        """The rows with this value."""
        result: Vlaggen = self.nummers == self.waarden.index(waarde)
        return result


def _trek(rng: np.random.Generator, rijen: int, gewichten: Mapping[Any, float]) -> Trekking:
    kansen = np.array(list(gewichten.values()), dtype=np.float64)
    grenzen = np.cumsum(kansen / kansen.sum())
    nummers = np.searchsorted(grenzen, rng.random(rijen), side="right")
    return Trekking(list(gewichten), np.minimum(nummers, len(gewichten) - 1))


@cache
def _gemeenten() -> dict[str, float]:
    eigen = [rij["cbs"] for rij in laad(project_root()).tabellen["gemeenten"]["gemeenten"]]
    midden = sorted(INWONERS.values())[len(INWONERS) // 2]
    return {**{cbs: INWONERS.get(cbs, midden) for cbs in eigen}, **BUITEN_DE_REGIO}


def _genummerd(voor: str, nummers: Getallen, breedte: int) -> pa.Array:
    cijfers = pc.utf8_lpad(pc.cast(pa.array(nummers), pa.string()), width=breedte, padding="0")
    return pc.binary_join_element_wise(pa.scalar(voor), cijfers, pa.scalar(""))


def _aanbieders(rng: np.random.Generator, rijen: int) -> pa.Array:
    """A few large providers, many small ones; always the same codes, for any seed."""
    codes = np.random.default_rng(0).choice(9_000_000, AANTAL_AANBIEDERS, replace=False)
    gewichten = {f"{94_000_000 - code:08}": 1 / plaats for plaats, code in enumerate(codes, 1)}
    return _trek(rng, rijen, gewichten).kolom(rng.random(rijen) < 0.98)


def _ja_nee(rng: np.random.Generator, rijen: int, *, bekend: float, ja: float) -> pa.Array:
    return pa.array(rng.random(rijen) < ja, mask=rng.random(rijen) >= bekend)


def _datums(rng: np.random.Generator, rijen: int, declaratie: Vlaggen) -> dict[str, pa.Array]:
    """Decided in 2020–2023, mostly in the first years; begun around that day, often on a 1st."""
    besluit = EERSTE_DAG + (AANTAL_DAGEN * rng.random(rijen) ** 1.5).astype(np.int64)
    begin = besluit + rng.integers(-30, 61, rijen)
    eerste = rng.random(rijen) < 0.4
    begin = np.where(eerste, begin.astype("M8[M]").astype("M8[D]"), begin)
    einde = _maanden_later(begin, _trek(rng, rijen, DUREN)) - 1
    verschoven = rng.random(rijen) < 0.2
    einde = np.where(verschoven, einde + rng.integers(-20, 21, rijen), einde)
    open_einde = rng.random(rijen) < OPEN_EINDE
    # A claim is mostly for one whole month of the care.
    maand = begin.astype("M8[M]") + rng.integers(0, 24, rijen)
    tot = (maand + 1).astype("M8[D]") - 1
    factuur = tot + rng.integers(1, 90, rijen)
    return {
        "toewijzingsdatum": _dagen(besluit),
        "ingangsdatum": _dagen(begin),
        "einddatum": _dagen(einde, ~open_einde),
        "periode_begindatum": _dagen(maand.astype("M8[D]"), declaratie),
        "periode_einddatum": _dagen(tot, declaratie),
        "factuurdatum": _dagen(factuur, declaratie),
    }


def _maanden_later(dagen: Dagen, maanden: Trekking) -> Dagen:
    """The same day of the month; the last day of a shorter month."""
    maand = dagen.astype("M8[M]")
    dag = dagen - maand.astype("M8[D]")
    doel = maand + np.array(maanden.waarden)[maanden.nummers]
    result: Dagen = np.minimum(doel.astype("M8[D]") + dag, (doel + 1).astype("M8[D]") - 1)
    return result


def _dagen(dagen: Dagen, gevuld: Vlaggen | None = None) -> pa.Array:
    return pa.array(dagen.astype("M8[D]"), DATUM, mask=None if gevuld is None else ~gevuld)


@cache
def _codes() -> tuple[list[dict[str, Any]], npt.NDArray[np.float64]]:
    """Rows of the catalogue, then unknown codes; and the chance of each."""
    producten: list[dict[str, Any]] = laad(project_root()).tabellen["producten"]["producten"]
    segmenten = [product["segment"] for product in producten]
    kansen = [SEGMENTEN.get(segment, 1) / segmenten.count(segment) for segment in segmenten]
    bekend = np.array(kansen) / sum(kansen) * (1 - ONBEKEND_AANDEEL)
    onbekend = np.full(len(ONBEKENDE_CODES), ONBEKEND_AANDEEL / len(ONBEKENDE_CODES))
    rijen = [*producten, *({"code": code, "categorie": code[:2]} for code in ONBEKENDE_CODES)]
    return rijen, np.concatenate([bekend, onbekend])


def _product(rng: np.random.Generator, rijen: int) -> dict[str, pa.Array]:
    """Mostly category and code alone; a fifth repeats what the catalogue says, 3 % has no product.

    A few characteristics disagree with the catalogue, as in every administration.
    """
    codes, kansen = _codes()
    gekozen = _trek(rng, rijen, dict(enumerate(kansen)))
    met_code = rng.random(rijen) >= 0.03
    herhaald = rng.random(rijen) < 0.2
    # What another code has, for the rows that disagree (and to describe some unknown codes).
    afwijkend = _trek(rng, rijen, dict(enumerate(kansen))).nummers
    onbekend = gekozen.nummers >= len(codes) - len(ONBEKENDE_CODES)
    anders = (rng.random(rijen) < np.where(onbekend, 0.5, 0.002)) & met_code
    bron = np.where(anders, afwijkend, gekozen.nummers)
    kolommen = {
        "productcode": _veld(codes, "code", gekozen.nummers, met_code, TEKST),
        "productcategorie": _veld(codes, "categorie", gekozen.nummers, met_code, TEKST),
    }
    for naam in ("segment", "perspectief", "profiel", "zorgvorm", "raamovereenkomst"):
        soort = SCHEMA.field(naam).type
        kolommen[naam] = _veld(codes, naam, bron, herhaald | anders, soort)
    return kolommen


def _veld(
    codes: Sequence[Mapping[str, Any]], naam: str, nummers: Getallen, gevuld: Vlaggen, soort: Any
) -> pa.Array:
    waarden = pa.array([code.get(naam) for code in codes], soort)
    return pc.take(waarden, pa.array(nummers, mask=~gevuld))


def _omvang(rng: np.random.Generator, rijen: int) -> dict[str, pa.Array]:
    """Minutes or hours in total, at times per week or in another unit; else a budget or nothing."""
    soort = _trek(rng, rijen, {"minuten": 74, "uren": 8, "anders": 8, "budget": 6, "geen": 4})
    minuten, uren = soort.waar("minuten"), soort.waar("uren")
    anders = soort.waar("anders")
    omvang = minuten | uren | anders
    getallen = {"minuten": _trek(rng, rijen, MINUTEN), "uren": _trek(rng, rijen, UREN)}
    rond = {naam: np.array(t.waarden)[t.nummers] for naam, t in getallen.items()}
    volume = np.where(minuten, rond["minuten"], np.where(uren, rond["uren"], 0))
    volume = np.where(anders, rng.integers(1, 400, rijen), volume)
    # One in eight is not round.
    volume = volume + np.where(rng.random(rijen) < 0.125, rng.integers(1, 240, rijen), 0)
    eenheden = _trek(rng, rijen, {"14": 3, "16": 3, "82": 2, "83": 1, "84": 1})
    eenheid = Trekking(
        [*eenheden.waarden, "01", "04"],
        np.where(minuten, 5, np.where(uren, 6, eenheden.nummers)),
    )
    per = _trek(rng, rijen, {"6": 80, "2": 14, "4": 5, "1": 1})
    budget = rng.integers(50, 60_000, rijen) * 500  # eurocents
    return {
        "volume": pa.array(volume, GETAL, mask=~omvang),
        "eenheid": eenheid.kolom(omvang),
        "frequentie": per.kolom(omvang),
        "budget": pa.array(budget, GETAL, mask=~soort.waar("budget")),
    }
