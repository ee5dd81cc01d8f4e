"""What the tables of contract §4 speak of: P, I, E, N, T, gewoon, overname, minuten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

# A municipality, as a row of data/gemeenten.yaml: its choice for running duurzaam allocations
# (``duurzaam``), and its own choice of medication minutes (``medicatieminuten``, §6).
Gemeenten = Mapping[str, Mapping[str, Any]]
Catalogus = Mapping[str, Mapping[str, Any]]

# The CBS codes of the eleven (§6).
GEMEENTEN = (
    *("0150", "0160", "1773", "0177", "0180", "1896"),
    *("0148", "0166", "0175", "1708", "0193"),
)

MEDICATIECODE = "54002"
START_2021 = date(2021, 1, 1)
MIDDEN_HERSTEL_STOPT = date(2021, 5, 1)
BRIEF_1 = date(2021, 5, 6)
BRIEF_2 = date(2021, 11, 24)
EIND_2021 = date(2021, 12, 31)
START_2022 = date(2022, 1, 1)
EIND_2022 = date(2022, 12, 31)
START_2023 = date(2023, 1, 1)
OPEN = date.max  # "open: later than every date"

KENMERKEN = ("categorie", "segment", "perspectief", "profiel", "zorgvorm", "raamovereenkomst")


@dataclass(frozen=True)
class Feiten:
    """One valid toewijzing, next to the catalogue, the municipalities and the events.

    ``None`` is unknown everywhere. P and I are the first two dates, which only a declaratie can
    lack; ``E`` is always there, open or not.
    """

    handeling: str
    gemeente: str
    bekende_gemeente: bool
    zet_om: bool
    laat_aflopen: bool
    eigen_medicatieminuten: int | None
    toewijzingsdatum: date | None
    ingangsdatum: date | None
    E: date
    einddatum_gegeven: bool
    code: str | None
    voorbeeld: bool
    vervangende_code: str | None
    tegenspraak: bool
    segment: str | None
    perspectief: str | None
    profiel: int | None
    zorgvorm: str | None
    raamovereenkomst: str | None
    volume: int | None
    eenheid: str | None
    frequentie: str | None
    budget_gegeven: bool
    verwijzer: str | None
    medicatiecontrole: bool | None
    gemotiveerd: bool | None
    afgestemd: bool
    overgenomen_woonplaats: bool
    gezinsplan_geregeld: bool
    periode_einde: date | None
    crisisroute_dag: date | None
    crisisroute_streefdatum: date

    @property
    def N(self) -> bool:
        """ "N = handeling is `nieuw` or `verlenging`"."""
        return self.handeling in ("nieuw", "verlenging")

    @property
    def nieuw(self) -> bool:
        return self.handeling == "nieuw"

    @property
    def verlenging(self) -> bool:
        return self.handeling == "verlenging"

    @property
    def lopend(self) -> bool:
        return self.handeling == "lopend"

    @property
    def declaratie(self) -> bool:
        return self.handeling == "declaratie"

    def P_vanaf(self, dag: date) -> bool:
        """P ≥ dag."""
        return self.toewijzingsdatum is not None and self.toewijzingsdatum >= dag

    def P_voor(self, dag: date) -> bool:
        """P < dag."""
        return self.toewijzingsdatum is not None and self.toewijzingsdatum < dag

    def P_van_tot_en_met(self, eerste: date, laatste: date) -> bool:
        """P from eerste to laatste, both included."""
        return self.toewijzingsdatum is not None and eerste <= self.toewijzingsdatum <= laatste

    def I_vanaf(self, dag: date) -> bool:
        """I ≥ dag."""
        return self.ingangsdatum is not None and self.ingangsdatum >= dag

    def I_voor(self, dag: date) -> bool:
        """I < dag."""
        return self.ingangsdatum is not None and self.ingangsdatum < dag

    def P_of_I_vanaf(self, dag: date) -> bool:
        """(P or I ≥ dag)."""
        return self.P_vanaf(dag) or self.I_vanaf(dag)

    @property
    def midden(self) -> bool:
        return self.segment == "midden"

    @property
    def top(self) -> bool:
        return self.segment == "top"

    @property
    def herstel(self) -> bool:
        return self.perspectief == "herstel"

    @property
    def duurzaam(self) -> bool:
        return self.perspectief == "duurzaam"

    @property
    def ggz(self) -> bool:
        return self.zorgvorm == "ggz"

    @property
    def jeugd_en_opvoedhulp_of_lvb(self) -> bool:
        return self.zorgvorm in ("jeugd_en_opvoedhulp", "lvb")

    @property
    def profiel_11_of_12(self) -> bool:
        return self.profiel in (11, 12)

    @property
    def gewoon(self) -> bool:
        """ "gewoon" = profiel known and not 11 or 12."""
        return self.profiel is not None and self.profiel not in (11, 12)

    @property
    def geen_11_12(self) -> bool:
        """ "geen 11/12" = profiel not 11 or 12, or unknown."""
        return self.profiel not in (11, 12)

    @property
    def T(self) -> bool:
        """ "T" = segment top, N, and not (raamovereenkomst unknown and I > 2022-12-31)."""
        return (
            self.top and self.N and not (self.raamovereenkomst is None and self.I_vanaf(START_2023))
        )

    @property
    def overname(self) -> bool:
        """ "overname" = overgenomen_woonplaats true and P ≥ 2022-01-01."""
        return self.overgenomen_woonplaats and self.P_vanaf(START_2022)

    @property
    def minuten(self) -> int | None:
        """§2: volume × 1 (01) or × 60 (04), only with frequentie 6; otherwise unknown."""
        if self.volume is None or self.frequentie != "6":
            return None
        if self.eenheid == "01":
            return self.volume
        if self.eenheid == "04":
            return self.volume * 60
        return None

    @property
    def medicatie_vanaf_2022(self) -> bool:
        """medicatiecontrole true and (P or I ≥ 2022-01-01)."""
        return self.medicatiecontrole is True and self.P_of_I_vanaf(START_2022)

    @property
    def afgestemd_en_geregeld(self) -> bool:
        """afgestemd true and gezinsplan settled."""
        return self.afgestemd and self.gezinsplan_geregeld

    @property
    def langer_dan_een_jaar(self) -> bool:
        """E ≥ I + 1 year, that is: after the last allowed day of B1-15."""
        return (
            self.ingangsdatum is not None and laatste_dag_van_een_jaar(self.ingangsdatum) < self.E
        )


def laatste_dag_van_een_jaar(begin: date) -> date:
    """B1-15: "one year less a day: 2021-05-01 → 2022-04-30; 29 February → 28 February"."""
    if (begin.month, begin.day) == (2, 29):
        return date(begin.year + 1, 2, 28)
    return date(begin.year + 1, begin.month, begin.day) - timedelta(days=1)


def _dag(waarde: str | None) -> date | None:
    return None if waarde is None else date.fromisoformat(waarde)


def _geheel(waarde: Any) -> int | None:
    return None if waarde is None else int(waarde)


def _vervangende_code(vermelding: Mapping[str, Any], aanbieder: str | None) -> str | None:
    """§6: "replacing top code (in general, and per aanbieder where it differs)"."""
    per_aanbieder = vermelding.get("vervangende_code_per_aanbieder") or {}
    code: str | None = per_aanbieder.get(aanbieder) or vermelding.get("vervangende_code")
    return code


def verzamel(
    toewijzing: Mapping[str, Any],
    catalogus: Catalogus,
    gebeurtenissen: Mapping[str, Any],
    gemeenten: Gemeenten,
) -> Feiten:
    """The facts of a toewijzing that has no faults (:func:`orakel.invoer.fouten`)."""
    product = toewijzing.get("product", {})
    vermelding = catalogus.get(product.get("code"), {})
    # §2: "A catalogue entry and a given characteristic (categorie included) that disagree give
    # A-04; the other agreements then see the catalogue's value."
    kenmerken: dict[str, Any] = {}
    tegenspraak = False
    for naam in KENMERKEN:
        gegeven, bekend = product.get(naam), vermelding.get(naam)
        kenmerken[naam] = gegeven if bekend is None else bekend
        if gegeven is not None and bekend is not None and gegeven != bekend:
            tegenspraak = True
    # §2: "midden is always `huidig` (a given `nieuw` contradicts: A-04, and counts as `huidig`)".
    if kenmerken["segment"] == "midden":
        if product.get("raamovereenkomst") == "nieuw":
            tegenspraak = True
        kenmerken["raamovereenkomst"] = "huidig"

    omvang = toewijzing.get("omvang", {})
    gemeente = gemeenten.get(toewijzing["gemeente"], {})
    crisisroute = gebeurtenissen["crisisroute"]
    return Feiten(
        handeling=toewijzing["handeling"],
        gemeente=toewijzing["gemeente"],
        bekende_gemeente=toewijzing["gemeente"] in gemeenten,
        zet_om=gemeente.get("duurzaam") == "omzetten",
        laat_aflopen=gemeente.get("duurzaam") == "aflopen",
        eigen_medicatieminuten=gemeente.get("medicatieminuten"),
        toewijzingsdatum=_dag(toewijzing.get("toewijzingsdatum")),
        ingangsdatum=_dag(toewijzing.get("ingangsdatum")),
        E=_dag(toewijzing.get("einddatum")) or OPEN,
        einddatum_gegeven="einddatum" in toewijzing,
        code=product.get("code"),
        voorbeeld=vermelding.get("voorbeeld") is True,
        vervangende_code=_vervangende_code(vermelding, toewijzing.get("aanbieder")),
        tegenspraak=tegenspraak,
        segment=kenmerken["segment"],
        perspectief=kenmerken["perspectief"],
        profiel=_geheel(kenmerken["profiel"]),
        zorgvorm=kenmerken["zorgvorm"],
        raamovereenkomst=kenmerken["raamovereenkomst"],
        volume=_geheel(omvang.get("volume")),
        eenheid=omvang.get("eenheid"),
        frequentie=omvang.get("frequentie"),
        budget_gegeven="budget" in toewijzing,
        verwijzer=toewijzing.get("verwijzer"),
        medicatiecontrole=toewijzing.get("medicatiecontrole"),
        gemotiveerd=toewijzing.get("gemotiveerd"),
        afgestemd=toewijzing.get("afgestemd") is True,
        overgenomen_woonplaats=toewijzing.get("overgenomen_woonplaats") is True,
        gezinsplan_geregeld="gezinsplan" in toewijzing,
        periode_einde=_dag(toewijzing.get("periode", {}).get("einddatum")),
        crisisroute_dag=_dag(crisisroute.get("gecontracteerd_per")),
        crisisroute_streefdatum=date.fromisoformat(crisisroute["streefdatum"]),
    )
