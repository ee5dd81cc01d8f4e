"""The domain's records: what goes in (Toewijzing) and what comes out (Besluit).

Field names are the contract's (docs/contract.md); dates are ``YYYY-MM-DD`` strings,
money is eurocents, an absent field is ``None`` and is never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

Handeling = Literal["nieuw", "verlenging", "verkorting", "lopend", "declaratie"]
Uitkomst = Literal[
    "ONGELDIGE_INVOER",
    "NIET_VAN_TOEPASSING",
    "NIET_TOEGESTAAN",
    "HANDMATIG",
    "OMZETTEN",
    "AFSTEMMEN",
    "AFLOPEN",
    "TOEGESTAAN",
]
Gevolg = Literal[
    "ONGELDIGE_INVOER",
    "NIET_VAN_TOEPASSING",
    "NIET_TOEGESTAAN",
    "HANDMATIG",
    "OMZETTEN",
    "AFSTEMMEN",
    "AFLOPEN",
    "ADVIES",
    "INFO",
]
Norm = Literal[
    "verplicht", "tenzij_gemotiveerd", "zoveel_mogelijk", "verzoek", "advies", "informatie"
]
Geadresseerde = Literal["gemeente", "lokale_toegang", "aanbieder", "rsj"]


@dataclass(frozen=True, kw_only=True)
class Product:
    """The product as the caller knows it; every field may be absent."""

    categorie: str | None = None
    code: str | None = None
    segment: Literal["basis", "midden", "top", "geen"] | None = None
    perspectief: Literal["herstel", "duurzaam"] | None = None
    profiel: int | None = None
    zorgvorm: Literal["ggz", "jeugd_en_opvoedhulp", "lvb", "anders"] | None = None
    raamovereenkomst: Literal["huidig", "nieuw"] | None = None


@dataclass(frozen=True, kw_only=True)
class Omvang:
    """iJw Omvang: ``volume`` in ``eenheid`` (WJ756) per ``frequentie`` (WMO757)."""

    volume: int
    eenheid: str
    frequentie: str


@dataclass(frozen=True, kw_only=True)
class Periode:
    """iJw ProductPeriode: both days included."""

    begindatum: str
    einddatum: str


@dataclass(frozen=True, kw_only=True)
class Toewijzing:
    """One toewijzing to decide on (contract §2); the schema says what is valid."""

    handeling: Handeling
    gemeente: str
    toewijzingsdatum: str | None = None
    ingangsdatum: str | None = None
    einddatum: str | None = None
    product: Product | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    verwijzer: str | None = None
    medicatiecontrole: bool | None = None
    gemotiveerd: bool | None = None
    afgestemd: bool | None = None
    overgenomen_woonplaats: bool | None = None
    gezinsplan: Literal["opgesteld", "afgesproken", "niet_nodig"] | None = None
    aanbieder: str | None = None
    periode: Periode | None = None
    factuurdatum: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of this toewijzing, absent fields left out."""
        result: dict[str, Any] = _without_none(self)
        return result

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Toewijzing:
        """A Toewijzing from a JSON object that is valid by ``schemas/toewijzing.json``."""
        nested = {"product": Product, "omvang": Omvang, "periode": Periode}
        values = {k: nested[k](**v) if k in nested else v for k, v in source.items()}
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class Bevinding:
    """One agreement that applies, with its reason (contract §3)."""

    regel: str
    gevolg: Gevolg
    norm: Norm
    geadresseerde: Geadresseerde
    tekst: str
    citaat: str
    brief: str
    lezing: str | None
    oplossing: str | None
    velden: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Beeindigen:
    """End the running toewijzing on ``einddatum``, with iJw RedenWijziging."""

    einddatum: str
    reden_wijziging: str


@dataclass(frozen=True, kw_only=True)
class Opnieuw:
    """Reissue in ``segment``; the volume is a person's decision and is never derived."""

    segment: str
    code: str | None
    ingangsdatum: str
    einddatum: str
    eenheden: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Voorstel:
    """What to do instead (contract §5): another einddatum, or beeindigen and opnieuw."""

    einddatum: str | None = None
    beeindigen: Beeindigen | None = None
    opnieuw: Opnieuw | None = None


@dataclass(frozen=True, kw_only=True)
class Besluit:
    """What the two letters say of one toewijzing (contract §3), and where it was logged.

    Attributes:
        besluit_id: OPA's ``decision_id``, under which it stands in the log; None without a log.
        volgnummer: which one of the besluiten under that id, from 1; None when it was asked alone.
    """

    uitkomst: Uitkomst
    bevindingen: tuple[Bevinding, ...]
    ontbreekt: tuple[str, ...]
    uiterste_einddatum: str | None
    voorstel: Voorstel | None
    voorlopig: bool
    herkomst: str
    # Where it was logged is not what was decided: neither compared nor in to_dict.
    besluit_id: str | None = field(default=None, compare=False)
    volgnummer: int | None = field(default=None, compare=False)

    @property
    def regels(self) -> tuple[str, ...]:
        """The ids of the agreements that apply, in order of weight."""
        return tuple(b.regel for b in self.bevindingen)

    @classmethod
    def from_dict(
        cls,
        source: Mapping[str, Any],
        *,
        besluit_id: str | None = None,
        volgnummer: int | None = None,
    ) -> Besluit:
        """A Besluit from a JSON object that is valid by ``schemas/besluit.json``."""
        values = dict(source)
        values["bevindingen"] = tuple(
            Bevinding(**{**b, "velden": tuple(b["velden"])}) for b in source["bevindingen"]
        )
        values["ontbreekt"] = tuple(source["ontbreekt"])
        values["voorstel"] = _voorstel(source["voorstel"])
        return cls(**values, besluit_id=besluit_id, volgnummer=volgnummer)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object as OPA gave it; null stays where the contract has null."""
        result = {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.compare}
        if self.voorstel is not None:
            result["voorstel"] = _voorstel_dict(self.voorstel)
        return result


def _voorstel(source: Mapping[str, Any] | None) -> Voorstel | None:
    if source is None:
        return None
    if "einddatum" in source:
        return Voorstel(einddatum=source["einddatum"])
    opnieuw = {**source["opnieuw"], "eenheden": tuple(source["opnieuw"]["eenheden"])}
    return Voorstel(beeindigen=Beeindigen(**source["beeindigen"]), opnieuw=Opnieuw(**opnieuw))


def _voorstel_dict(voorstel: Voorstel) -> dict[str, Any]:
    names = ("einddatum",) if voorstel.einddatum is not None else ("beeindigen", "opnieuw")
    return {name: _plain(getattr(voorstel, name)) for name in names}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _without_none(value: Any) -> Any:
    result = {}
    for f in fields(value):
        item = getattr(value, f.name)
        if item is not None:
            result[f.name] = _without_none(item) if is_dataclass(item) else item
    return result
