"""The deviations of municipalities (contract §6): from what, by what, and in which period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevenscontrole.rijen import (
    bedoelt_u,
    brieven,
    dag_erna,
    is_dag,
    parameters,
    rijen,
    sleutels,
)
from uitfasering.melding import Melding
from uitfasering.weergave.woorden import datum

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

AFWIJKBAAR = "B1-"
"""Only from the first letter may a municipality deviate (its N.B.)."""

AFWIJKING = "B1-20"

LOOPTIJDEN = ("een_jaar_later", "twee_jaar_later")
"""The facts (schemas/feiten.json) that a duration can be measured by."""

EINDE = "einde_overgangsjaar"
"""The begrip with the last day that the agreements speak of."""

_KEUS = "Noem een afspraak uit de brief van 6 mei 2021."


def afwijkbaar(regel: str) -> bool:
    """Whether a municipality may deviate from this agreement."""
    return regel.startswith(AFWIJKBAAR) and regel != AFWIJKING


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Faults in ``data/afwijkingen.yaml``."""
    for check, needed in (
        (_gemeente, ("gemeente",)),
        (_periode, ("gemeente", "regel", "van", "tot")),
        (_regel, ("regel",)),
        (_parameters, ("regel", "parameters")),
    ):
        for index, row in rijen(gegevens.documenten["afwijkingen"], "afwijkingen", *needed):
            yield from check(gegevens, index, row)


def waarschuwingen(gegevens: Gegevens, vandaag: date) -> Iterator[Melding]:
    """Deviations that are not in force today, have no real end, or change nothing."""
    today = vandaag.isoformat()
    for index, row in rijen(gegevens.documenten["afwijkingen"], "afwijkingen"):
        yield from _nu(gegevens, index, row, today)
        yield from _gat(gegevens, index, row)
        yield from _geen_verschil(gegevens, index, row)


def _melding(
    gegevens: Gegevens, pad: tuple[str | int, ...], wrong: str, right: str, code: str
) -> Melding:
    return gegevens.documenten["afwijkingen"].melding(("afwijkingen", *pad), wrong, right, code)


def _gemeente(gegevens: Gegevens, index: int, row: Any) -> Iterator[Melding]:
    known = sleutels([gegevens.documenten["gemeenten"]], "gemeenten", "cbs")
    meant = bedoeld(row["gemeente"], known)
    if known and row["gemeente"] not in known:
        yield _melding(
            gegevens,
            (index, "gemeente"),
            f"{row['gemeente']} is geen CBS-code uit data/gemeenten.yaml.",
            f'Bedoelt u "{meant}" ({known[meant]["naam"]})?'
            if meant
            else "Schrijf de CBS-code van een van de gemeenten.",
            "gegevens-onbekende-gemeente",
        )


def _periode(gegevens: Gegevens, index: int, row: Any) -> Iterator[Melding]:
    if row["van"] > row["tot"]:
        yield _melding(
            gegevens,
            (index, "tot"),
            f"tot ({datum(row['tot'])}) ligt vóór van ({datum(row['van'])}).",
            "van is de eerste dag en tot de laatste. Draai ze om, of verbeter een van de twee.",
            "gegevens-periode",
        )
        return
    document = gegevens.documenten["afwijkingen"]
    for earlier, other in _zelfde(gegevens, row):
        if earlier < index and other["van"] <= row["tot"] and row["van"] <= other["tot"]:
            line = document.plaats(("afwijkingen", earlier))[0]
            yield _melding(
                gegevens,
                (index, "van"),
                f"Deze periode overlapt die van regel {line} (van {datum(other['van'])} tot en met "
                f"{datum(other['tot'])}), voor dezelfde gemeente en afspraak.",
                "Laat de periodes op elkaar aansluiten.",
                "gegevens-overlap",
            )


def _zelfde(gegevens: Gegevens, row: Any) -> Iterator[tuple[int, Any]]:
    """The rows of the same municipality and agreement, this one too."""
    document = gegevens.documenten["afwijkingen"]
    for index, other in rijen(document, "afwijkingen", "gemeente", "regel", "van", "tot"):
        if other["gemeente"] == row["gemeente"] and other["regel"] == row["regel"]:
            yield index, other


def _regel(gegevens: Gegevens, index: int, row: Any) -> Iterator[Melding]:
    known = sleutels(brieven(gegevens), "afspraken")
    regel = row["regel"]
    if known and regel not in known:
        yield _melding(
            gegevens,
            (index, "regel"),
            f"Afspraak {regel} bestaat niet.",
            bedoelt_u(regel, filter(afwijkbaar, known), _KEUS),
            "gegevens-onbekende-regel",
        )
    elif not afwijkbaar(regel):
        yield niet_afwijkbaar(gegevens, index, regel)
    elif regel in gegevens.afspraken:
        bron = gegevens.afspraken[regel].bron
        if bron.get("collegebesluit_nodig") and not row.get("collegebesluit"):
            yield _melding(
                gegevens,
                (index, "bron"),
                f"Afwijken van {regel} kan alleen met een besluit van het college.",
                "Noem dat besluit als bron en zet erbij: collegebesluit: true.",
                "gegevens-collegebesluit",
            )


def niet_afwijkbaar(gegevens: Gegevens, index: int, regel: str) -> Melding:
    """An agreement from which nobody may deviate."""
    return _melding(
        gegevens,
        (index, "regel"),
        f"Van afspraak {regel} kan een gemeente niet afwijken.",
        f"{_KEUS} Alleen die brief laat afwijken toe.",
        "gegevens-niet-afwijkbaar",
    )


def _parameters(gegevens: Gegevens, index: int, row: Any) -> Iterator[Melding]:
    afspraak = gegevens.afspraken.get(row["regel"])
    if afspraak is None or not afwijkbaar(row["regel"]):
        return
    names = parameters(afspraak)
    if names is None:
        return
    regional = {n: gegevens.begrippen[b] for n, b in names.items() if b in gegevens.begrippen}
    for name, value in row.get("parameters", {}).items():
        if name not in names:
            wrong = f"{row['regel']} heeft geen parameter {name}."
            choices = f"Kies uit: {', '.join(sorted(names))}."
            right = bedoelt_u(
                name, names, choices if names else "Deze afspraak heeft geen getallen of datums."
            )
        elif name not in regional or _zelfde_soort(value, regional[name]):
            continue
        elif regional[name] in LOOPTIJDEN:
            wrong = f"De duur {value} bestaat niet."
            right = f"Kies uit: {', '.join(LOOPTIJDEN)}."
        else:
            wrong = f"{name} heeft een ander soort waarde dan in de brief."
            right = _voorbeeld(regional[name])
        yield gegevens.documenten["afwijkingen"].melding(
            ("afwijkingen", index, "parameters", name),
            wrong,
            right,
            "gegevens-parameter",
            sleutel=name not in names,
        )


def _voorbeeld(regional: Any) -> str:
    if is_dag(regional):
        return f'In de brief is het "{regional}". Schrijf een bestaande datum, net zo geschreven.'
    return f"In de brief is het {regional}. Schrijf het net zo op."


def _zelfde_soort(value: Any, regional: Any) -> bool:
    """Whether a municipality's value can stand where the region's value stands."""
    if isinstance(regional, list):
        return isinstance(value, list) and all(_zelfde_soort(v, regional[0]) for v in value)
    if type(value) is not type(regional):
        return False
    if regional in LOOPTIJDEN:
        return value in LOOPTIJDEN
    return not isinstance(value, str) or is_dag(value) == is_dag(regional)


def _nu(gegevens: Gegevens, index: int, row: Any, today: str) -> Iterator[Melding]:
    last = gegevens.begrippen[EINDE]
    if row["tot"] < today:
        yield _melding(
            gegevens,
            (index, "tot"),
            f"Deze afwijking geldt niet meer: zij liep tot en met {datum(row['tot'])}.",
            "Is zij verlengd? Pas dan tot aan. Laat haar anders staan: zij telt nog voor "
            "toewijzingen uit die tijd.",
            "gegevens-afwijking-voorbij",
        )
        return
    if row["van"] > today:
        yield _melding(
            gegevens,
            (index, "van"),
            f"Deze afwijking geldt nog niet: zij begint op {datum(row['van'])}.",
            "Klopt die dag? Dan hoeft u niets te doen.",
            "gegevens-afwijking-later",
        )
    if row["tot"] > last:
        yield _melding(
            gegevens,
            (index, "tot"),
            f"Deze afwijking loopt door na {datum(last)}. De brieven regelen die tijd niet.",
            "Is er echt zo'n einde afgesproken? Neem anders een eerdere dag.",
            "gegevens-afwijking-zonder-einde",
        )


def _gat(gegevens: Gegevens, index: int, row: Any) -> Iterator[Melding]:
    """Days between two periods, in which the region's agreement holds."""
    ends = [other["tot"] for _, other in _zelfde(gegevens, row) if other["tot"] < row["van"]]
    if ends and dag_erna(max(ends)) < row["van"]:
        yield _melding(
            gegevens,
            (index, "van"),
            f"Tussen {datum(max(ends))} en {datum(row['van'])} zit een gat. Daarin geldt de "
            "afspraak van de regio.",
            "Klopt dat? Dan hoeft u niets te doen. Laat de periodes anders op elkaar aansluiten.",
            "gegevens-gat",
        )


def _geen_verschil(gegevens: Gegevens, index: int, row: Any) -> Iterator[Melding]:
    regional = gegevens.parameters(row["regel"])
    for name, value in row.get("parameters", {}).items():
        if value == regional[name]:
            yield _melding(
                gegevens,
                (index, "parameters", name),
                f"{name} is hetzelfde als in de brief. De afwijking verandert hier niets.",
                "Schrijf de waarde die de gemeente zelf heeft gekozen, of haal haar weg.",
                "gegevens-afwijking-zonder-verschil",
            )
