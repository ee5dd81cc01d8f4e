"""Where the figures come from, for the reader: the same in every report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.telling import Cijfers
from uitfasering.weergave.tellen import getal, hoeveel
from uitfasering.weergave.veilig import schoon
from uitfasering.weergave.woorden import datum

_MEESTE_CODES = 200


@dataclass(frozen=True)
class Onderdeel:
    """A heading, a sentence ("" for none), and names with their values."""

    kop: str
    uitleg: str
    rijen: Sequence[tuple[str, str]]


def ondertitel(cijfers: Cijfers, herkomst: Herkomst) -> str:
    """What was looked at, and when."""
    rijen = hoeveel(cijfers.rijen, "rij", "rijen")
    bestanden = hoeveel(len(herkomst.bestanden), "bestand", "bestanden")
    uit = f" uit {bestanden}" if herkomst.bestanden else ""
    return f"{rijen}{uit}, beoordeeld op {datum(herkomst.einde.date().isoformat())}."


def onderdelen(herkomst: Herkomst) -> Iterator[Onderdeel]:
    """Everything about the run but its figures."""
    yield Onderdeel(
        "De beoordeling",
        "",
        [
            ("Versie van de afspraken", herkomst.bundel),
            ("Versie van OPA", herkomst.opa),
            ("Begonnen", _moment(herkomst.begin)),
            ("Klaar", _moment(herkomst.einde)),
        ],
    )
    yield Onderdeel(
        "Telling",
        "",
        [
            ("Rijen gelezen", getal(herkomst.rijen_in)),
            ("Rijen geschreven", getal(herkomst.rijen_uit)),
            ("Rijen die niet kloppen", getal(herkomst.rijen_fout)),
        ],
    )
    yield Onderdeel(
        "Controle",
        "Rijen die hetzelfde antwoord krijgen, vormen een soort. Van elke soort is één rij los "
        "nagevraagd bij OPA. Bij een verschil was er geen rapport gemaakt.",
        [
            ("Soorten gecontroleerd", getal(herkomst.klassen_gecontroleerd)),
            ("Losse rijen gecontroleerd", getal(herkomst.rijen_gecontroleerd)),
        ],
    )
    if herkomst.bestanden:
        yield Onderdeel(
            "Bestanden",
            "",
            [
                (schoon(b.naam), f"{getal(b.bytes)} bytes, SHA-256 {b.sha256}")
                for b in herkomst.bestanden
            ],
        )
    yield Onderdeel(
        "Kolommen",
        "Zo is het bestand gelezen: het gegeven, en de kolom waar het uit komt.",
        [(veld, schoon(kolom)) for veld, kolom in herkomst.kolommen.items()],
    )
    if herkomst.weggelaten:
        yield Onderdeel(
            "Weggelaten",
            "Deze kolommen bevatten persoonsgegevens. Ze zijn niet gebruikt en staan nergens in.",
            [(schoon(kolom), "weggelaten") for kolom in herkomst.weggelaten],
        )
    if herkomst.onbekende_codes:
        yield _onbekende_codes(herkomst)
    if herkomst.meldingen:
        yield Onderdeel(
            "Verder",
            "",
            [(f"Opmerking {n}", schoon(m)) for n, m in enumerate(herkomst.meldingen, 1)],
        )


def _onbekende_codes(herkomst: Herkomst) -> Onderdeel:
    codes = sorted(herkomst.onbekende_codes.items(), key=lambda paar: (-paar[1], paar[0]))
    rest = codes[_MEESTE_CODES:]
    rijen = [(code, hoeveel(n, "rij", "rijen")) for code, n in codes[:_MEESTE_CODES]]
    if rest:
        samen = hoeveel(sum(n for _, n in rest), "rij", "rijen")
        rijen.append((f"{getal(len(rest))} andere codes", samen))
    return Onderdeel(
        "Onbekende productcodes",
        "Deze codes staan niet in data/producten.yaml. Zet ze daarin en vraag het opnieuw.",
        rijen,
    )


def _moment(moment: datetime) -> str:
    return f"{datum(moment.date().isoformat())}, {moment:%H:%M:%S}"
