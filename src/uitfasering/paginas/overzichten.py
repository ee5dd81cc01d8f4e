"""Overviews: the agreements of each letter, the municipalities, the periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from uitfasering.gegevenscontrole import is_dag
from uitfasering.paginas.inhoud import Inhoud
from uitfasering.paginas.opmaak import bladzijde, link, tabel, tekst
from uitfasering.paginas.regels import MAP as REGELS
from uitfasering.paginas.woorden import ALGEMEEN, Woorden
from uitfasering.tabellen import LAATSTE_DAG

MAP = "overzichten"
_GEMEENTEN = "gemeenten"
_PERIODEN = "perioden"


def paginas(inhoud: Inhoud) -> dict[str, str]:
    """``overzichten/*.md``: a page a letter, the municipalities, the periods, and the list."""
    woorden = Woorden(inhoud)
    pages = {
        f"{MAP}/{name}.md": _brief(name, titel, regels, inhoud, woorden)
        for name, (titel, regels) in woorden.per_bestand().items()
    }
    pages[f"{MAP}/{_GEMEENTEN}.md"] = _gemeenten(inhoud, woorden)
    pages[f"{MAP}/{_PERIODEN}.md"] = _perioden(inhoud, woorden)
    pages[f"{MAP}/README.md"] = _lijst(inhoud, woorden)
    return pages


def _lijst(inhoud: Inhoud, woorden: Woorden) -> str:
    rows = []
    for name, (titel, _) in woorden.per_bestand().items():
        sentences = _zin_voor_zin(name, inhoud)
        rows.append(f"- {link(titel, f'{name}.md')}" + (f" ({sentences})" if sentences else ""))
    rows += [
        f"- {link('De gemeenten: hun keuze, afwijkingen en contact', f'{_GEMEENTEN}.md')}",
        f"- {link('De perioden: alle datums op volgorde', f'{_PERIODEN}.md')}",
        f"- {link('Elke afspraak op een eigen bladzijde', '../regels/README.md')}",
    ]
    return bladzijde("Overzichten", "\n".join(rows))


def _zin_voor_zin(name: str, inhoud: Inhoud) -> str:
    """A link to the page about each sentence of a letter, or ""."""
    if not (inhoud.root / "data" / "brieven" / f"{name}.yaml").is_file():
        return ""
    return link("de brief zin voor zin", f"../brieven/{name}.md")


def _brief(name: str, titel: str, regels: Sequence[str], inhoud: Inhoud, woorden: Woorden) -> str:
    rows = [
        [
            _naar(regel),
            tekst(woorden.titel(regel)),
            tekst(woorden.uitkomst(inhoud.gegevens.afspraken[regel].bron["gevolg"])),
            tekst(woorden.norm(regel)),
            tekst(woorden.plaats(regel, met_brief=name == ALGEMEEN)) or "niet uit een brief",
        ]
        for regel in regels
    ]
    head = ["Nummer", "Afspraak", "Gevolg", "Hoe hard", "Plaats in de brief"]
    sentences = _zin_voor_zin(name, inhoud)
    lead = f"De afspraken in de volgorde van de tabellen. Zie ook {sentences}." if sentences else ""
    return bladzijde(titel, lead, tabel(head, rows))


def _gemeenten(inhoud: Inhoud, woorden: Woorden) -> str:
    keuzes = inhoud.zinnen.tabel["keuzes"]
    own = inhoud.gegevens.tabellen["afwijkingen"]["afwijkingen"]
    rows = []
    for row in sorted(inhoud.gegevens.tabellen["gemeenten"]["gemeenten"], key=lambda r: r["naam"]):
        deviations = [
            f"{_naar(r['regel'])}: {tekst(woorden.afwijking(r))} "
            f"({woorden.datum(r['van'])} tot en met {woorden.datum(r['tot'])})"
            for r in own
            if r["gemeente"] == row["cbs"]
        ]
        minutes = row.get("medicatieminuten")
        rows.append(
            [
                tekst(row["naam"]),
                row["cbs"],
                tekst(keuzes[row["duurzaam"]]),
                str(minutes) if minutes else "niet vastgelegd",
                "; ".join(deviations) or "geen",
                tekst(row.get("lokale_toegang") or "nog niet ingevuld"),
            ]
        )
    head = [
        "Gemeente",
        "CBS-code",
        "Lopende toewijzingen midden duurzaam",
        "Minuten medicatiecontrole",
        "Afwijkingen",
        "Lokale toegang",
    ]
    contact = inhoud.gegevens.tabellen["contacten"]["contractmanagement"]
    return bladzijde(
        "De gemeenten",
        f"Dit staat in {link('data/gemeenten.yaml', '../../data/gemeenten.yaml')}, "
        f"{link('data/afwijkingen.yaml', '../../data/afwijkingen.yaml')} en "
        f"{link('data/contacten.yaml', '../../data/contacten.yaml')}.",
        tabel(head, rows),
        f"Contractmanagement: {tekst(contact or 'nog niet ingevuld')}.",
    )


@dataclass(frozen=True, order=True)
class _Dag:
    """A line of the timeline."""

    dag: str
    soort: str
    waarom: str
    begrip: str
    regels: tuple[str, ...]


def _perioden(inhoud: Inhoud, woorden: Woorden) -> str:
    rows = [
        [
            woorden.datum(d.dag) if d.dag != LAATSTE_DAG else "nog niet bekend",
            d.soort,
            tekst(d.waarom),
            tekst(d.begrip),
            ", ".join(map(_naar, d.regels)) or "geen",
        ]
        for d in sorted([*_begrippen(inhoud, woorden), *_gebeurtenissen(inhoud)])
    ]
    head = ["Dag", "Telt als", "Wat er dan is", "Naam in de tabellen", "Afspraken"]
    return bladzijde(
        "De perioden",
        "Alle datums uit de tabellen, op volgorde.",
        "- *Eerste dag*: op deze dag begint iets. De dag zelf hoort er al bij.\n"
        "- *Laatste dag*: na deze dag houdt iets op. De dag zelf hoort er nog bij.",
        tabel(head, rows),
    )


def _begrippen(inhoud: Inhoud, woorden: Woorden) -> Iterator[_Dag]:
    for begrip, uitleg in woorden.begrippen():
        value = inhoud.gegevens.begrippen[begrip]
        if not is_dag(value):
            continue
        named = {
            regel
            for regel, afspraak in inhoud.gegevens.afspraken.items()
            if begrip in afspraak.bron.get("parameters", {}).values()
        }
        regels = tuple(sorted(named.union(inhoud.gebruik[begrip])))
        yield _Dag(value, _soort(inhoud, begrip, value), uitleg, begrip, regels)


def _soort(inhoud: Inhoud, begrip: str, value: str) -> str:
    """How the agreements compare with this day, as OPA has them."""
    operators = {
        v.operator
        for found in inhoud.residuen.values()
        for lid, residu in found.items()
        for v in residu.vergelijkingen
        if v.waarden == (value,) and (lid in inhoud.gebruik[begrip] or lid not in inhoud.rego)
    }
    kinds = [
        name
        for name, found in (("eerste dag", {">=", "<"}), ("laatste dag", {">", "<="}))
        if operators & found
    ]
    return " en ".join(kinds) or "alleen in de tekst"


def _gebeurtenissen(inhoud: Inhoud) -> Iterator[_Dag]:
    """The days of events; one that is not known yet comes last."""
    crisisroute = inhoud.gegevens.tabellen["gebeurtenissen"]["crisisroute"]
    for name, waarom in inhoud.zinnen.tabel["gebeurtenissen"].items():
        regels = tuple(inhoud.gebruik_gebeurtenis[name])
        day = crisisroute[name] or LAATSTE_DAG
        yield _Dag(day, "eerste dag", waarom, f"crisisroute, {name}", regels)


def _naar(regel: str) -> str:
    return link(regel, f"../{REGELS}/{regel}.md")
