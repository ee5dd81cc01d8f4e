"""A page for each regel, and the index of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from uitfasering.fragment import GOUD
from uitfasering.gegevens import schema
from uitfasering.gegevenscontrole import PLAATSHOUDER, afwijkbaar
from uitfasering.paginas.inhoud import Inhoud
from uitfasering.paginas.opmaak import bladzijde, citaat, link, tabel, tekst
from uitfasering.paginas.woorden import Woorden
from uitfasering.residu import ONTBREEKT, TUSSEN_VELDEN, VAN_TOEPASSING
from uitfasering.tabellen import bevinding_van, invoervelden
from uitfasering.toets.gevallen import Geval
from uitfasering.toets.uitvoeren import Uitslag
from uitfasering.zinnen import opsomming
from uitfasering.zinsbouw import bouw

MAP = "regels"

_ONTBREKENDE_GEGEVENS = "A-03"
_INVOER = "A-00"


def paginas(inhoud: Inhoud) -> dict[str, str]:
    """``regels/<regel>.md`` for every regel, and ``regels/README.md``."""
    woorden = Woorden(inhoud)
    pages = {
        f"{MAP}/{regel}.md": _regel(regel, inhoud, woorden) for regel in inhoud.gegevens.afspraken
    }
    return {**pages, f"{MAP}/README.md": _index(inhoud, woorden)}


def _regel(regel: str, inhoud: Inhoud, woorden: Woorden) -> str:
    bron = inhoud.gegevens.afspraken[regel].bron
    return bladzijde(
        f"{regel}: {woorden.titel(regel)}",
        _zin(regel, inhoud, woorden),
        _eigenschappen(regel, woorden),
        _brief(regel, inhoud, woorden),
        _antwoord(regel, inhoud),
        _getallen(regel, inhoud, woorden),
        _velden(bron["velden"], inhoud),
        _afwijkingen(regel, inhoud, woorden),
        _gevallen(regel, inhoud, woorden),
        _bronnen(regel, inhoud),
    )


def _zin(regel: str, inhoud: Inhoud, woorden: Woorden) -> str:
    """What the regel says, from what OPA leaves of it."""
    gevolg = woorden.gevolg(regel)
    words = inhoud.zinnen.tabel
    vast = words["vast"].get(regel)
    if regel == _ONTBREKENDE_GEGEVENS:
        return _per_veld(inhoud, gevolg)
    if regel == _INVOER and vast:
        between = _leden(inhoud, TUSSEN_VELDEN, "dit veld is fout")
        text = vast["zin"].replace("{gevolg}", gevolg)
        return f"{text}\n\nTussen de velden onderling:\n\n{between}"
    if vast:
        return str(vast["zin"].replace("{gevolg}", gevolg))
    found = inhoud.formules[VAN_TOEPASSING].get(regel)
    if found is None:
        return _kan_nu_niet(regel, inhoud, gevolg)
    if inhoud.residuen[VAN_TOEPASSING][regel].vreemd:
        return "Deze afspraak is niet in één zin te zeggen. Lees de regel zelf (zie onderaan)."
    sentence = bouw(found, inhoud.zinnen, words["ook"].get(regel)).markdown(gevolg)
    return "\n\n".join([sentence, *filter(None, [words["toelichting"].get(regel)])])


def _kan_nu_niet(regel: str, inhoud: Inhoud, gevolg: str) -> str:
    """A regel that can never apply with these tables, and what it says with others."""
    lead = "Deze afspraak kan nu niet gelden: geen enkele toewijzing voldoet eraan."
    found = inhoud.met_andere_tabellen.get(regel)
    if found is None:
        return lead
    row = inhoud.zinnen.tabel["kan_nu_niet"][regel]
    zinnen = replace(inhoud.zinnen, noem=row.get("noem", {}))
    ook = row.get("ook") or inhoud.zinnen.tabel["ook"].get(regel)
    return f"{lead} {row['waarom']}:\n\n{bouw(found, zinnen, ook).markdown(gevolg)}"


def _per_veld(inhoud: Inhoud, gevolg: str) -> str:
    """A-03: a sentence for each field that may be missing."""
    lead = f"Als een of meer van deze gegevens ontbreken, dan: {gevolg}."
    words = inhoud.gegevens.tabellen["teksten"]["ontbreekt"]
    return f"{lead}\n\n{_leden(inhoud, ONTBREEKT, 'dit gegeven ontbreekt', words)}"


def _leden(
    inhoud: Inhoud, verzameling: str, gevolg: str, woorden: Mapping[str, str] | None = None
) -> str:
    """The sentence of each member of a set of fields, under its name."""
    parts = []
    for lid, found in inhoud.formules[verzameling].items():
        if found is not None:
            name = (woorden or {}).get(lid, lid)
            sentence = bouw(found, inhoud.zinnen).markdown(gevolg)
            parts.append(f"**{name[0].upper()}{name[1:]}**\n\n{sentence}")
    return "\n\n".join(parts)


def _eigenschappen(regel: str, woorden: Woorden) -> str:
    rows = [
        ["Gevolg", tekst(woorden.gevolg_met_zin(regel))],
        ["Hoe hard", tekst(woorden.norm(regel))],
        ["Voorstel", tekst(woorden.voorstel(regel))],
        ["Afwijken", tekst(woorden.afwijken(regel))],
    ]
    return tabel(["", ""], [[f"**{name}**", text] for name, text in rows if text])


def _brief(regel: str, inhoud: Inhoud, woorden: Woorden) -> str:
    afspraak = inhoud.gegevens.afspraken[regel]
    lezing = bevinding_van(inhoud.gegevens, regel)["lezing"]
    parts = ["## Wat de brief zegt"]
    if plaats := woorden.plaats(regel):
        parts.append(citaat(afspraak.bron["citaat"]))
        parts.append(f"{plaats}.")
    else:
        parts.append("Deze bevinding gaat over de gegevens zelf. Zij komt niet uit een brief.")
    if lezing:
        parts.append(f"**Lezing** (zo lezen wij de brief): {tekst(lezing)}")
    return "\n\n".join(parts)


def _antwoord(regel: str, inhoud: Inhoud) -> str:
    bevinding = bevinding_van(inhoud.gegevens, regel)
    parts = [
        "## Wat er in het antwoord staat",
        tekst(_met_open_plaatsen(bevinding["tekst"], inhoud)),
    ]
    if oplossing := bevinding["oplossing"]:
        parts.append(f"**Wat u kunt doen:** {tekst(_met_open_plaatsen(oplossing, inhoud))}")
    if any("‹" in part for part in parts):
        parts.append("Wat tussen ‹ en › staat, hangt af van de toewijzing.")
    return "\n\n".join(parts)


def _met_open_plaatsen(text: str, inhoud: Inhoud) -> str:
    """What depends on the toewijzing in words: ``‹de lokale toegang van de gemeente›``."""
    words = inhoud.zinnen.tabel["open_plaatsen"]
    return PLAATSHOUDER.sub(lambda found: words.get(found[1], f"‹{found[1]}›"), text)


def _getallen(regel: str, inhoud: Inhoud, woorden: Woorden) -> str:
    """The begrippen of a regel: its parameters, and those its condition uses by itself."""
    parameters = inhoud.gegevens.afspraken[regel].bron.get("parameters", {})
    rows = []
    for begrip, uitleg in woorden.begrippen():
        names = [name for name, found in parameters.items() if found == begrip]
        if names or regel in inhoud.gebruik[begrip]:
            value = woorden.waarde(names[0] if names else "", begrip)
            rows.append([tekst(begrip), tekst(value), tekst(uitleg), tekst(", ".join(names))])
    if not rows:
        return ""
    head = ["Begrip", "Waarde", "Uitleg", "Heet in deze afspraak"]
    return f"## Datums, getallen en lijsten\n\n{tabel(head, rows)}"


def _velden(velden: Sequence[str], inhoud: Inhoud) -> str:
    if not velden:
        return ""
    described = dict(invoervelden(schema(inhoud.root, "toewijzing")))
    rows = [[tekst(veld), tekst(described[veld])] for veld in velden]
    return f"## Velden waar dit op rust\n\n{tabel(['Veld', 'Wat erin staat'], rows)}"


def _afwijkingen(regel: str, inhoud: Inhoud, woorden: Woorden) -> str:
    if not afwijkbaar(regel):
        return ""
    rows = inhoud.gegevens.tabellen["afwijkingen"]["afwijkingen"]
    own = [row for row in rows if row["regel"] == regel]
    if not own:
        return "## Afwijkingen van gemeenten\n\nEr is geen afwijking vastgelegd."
    cells = [
        [
            tekst(woorden.gemeente(row["gemeente"])),
            tekst(f"{woorden.datum(row['van'])} tot en met {woorden.datum(row['tot'])}"),
            tekst(woorden.afwijking(row)),
            tekst(row["bron"]),
        ]
        for row in own
    ]
    head = ["Gemeente", "Besluiten van", "Wat er anders is", "Bron"]
    return f"## Afwijkingen van gemeenten\n\n{tabel(head, cells)}"


def _gevallen(regel: str, inhoud: Inhoud, woorden: Woorden) -> str:
    """The cases that expect the regel, and those that miss it by one condition."""
    wel = [u for u in inhoud.uitslagen if regel in u.geval.verwacht.get("regels", [])]
    ook = sum(_geldt(regel, u) for u in inhoud.uitslagen) - sum(_geldt(regel, u) for u in wel)
    parts = ["## Gevallen"]
    if wel:
        rows = [
            [_geval(u.geval), tekst(woorden.uitkomst(u.geval.verwacht["uitkomst"]))] for u in wel
        ]
        parts += ["Hier geldt deze afspraak:", tabel(["Geval", "Uitkomst"], rows)]
    if ook:
        more = "één ander geval" if ook == 1 else f"{ook} andere gevallen"
        parts.append(f"Zij geldt ook in {more}, waar het om iets anders gaat.")
    if niet := inhoud.net_niet.get(regel):
        rows = [
            [
                _geval(row.geval),
                tekst(woorden.uitkomst(row.geval.verwacht["uitkomst"])),
                tekst(row.waarom),
            ]
            for row in niet
        ]
        head = ["Geval", "Uitkomst", "Waarom niet"]
        parts += ["Hier geldt zij net niet. Er ontbreekt één voorwaarde:", tabel(head, rows)]
    if len(parts) == 1:
        parts.append("Er is nog geen geval over deze afspraak.")
    return "\n\n".join(parts)


def _geldt(regel: str, uitslag: Uitslag) -> bool:
    return any(b["regel"] == regel for b in (uitslag.besluit or {})["bevindingen"])


def _geval(geval: Geval) -> str:
    own = " (met andere tabellen)" if geval.gegevens else ""
    return link(geval.naam, f"../../{geval.bestand}#L{geval.regel}") + own


def _bronnen(regel: str, inhoud: Inhoud) -> str:
    afspraak = inhoud.gegevens.afspraken[regel]
    line = afspraak.document.plaats_sleutel(afspraak.pad)[0]
    rows = [
        f"- de gegevens: {link(afspraak.document.name, f'../../{afspraak.document.name}#L{line}')}"
    ]
    if found := inhoud.rego.get(regel):
        rows.append(f"- de regel: {link(found.bestand, f'../../{found.bestand}#L{found.regel}')}")
        gold = f"{GOUD.as_posix()}/{regel}.sql"
        rows.append(f"- de regel als SQL: {link(gold, f'../../{gold}')}")
    return "## Waar dit staat\n\n" + "\n".join(rows)


def _index(inhoud: Inhoud, woorden: Woorden) -> str:
    parts = [
        "Elke afspraak heeft een eigen bladzijde: wat zij zegt in één zin, hoe hard zij is, wat de "
        "brief zegt, welke datums erin zitten en welke gevallen erover gaan. Per onderwerp: zie "
        f"{link('de overzichten', '../overzichten/README.md')}.",
        "In de zinnen staat *óf* tussen twee voorwaarden als een van de twee genoeg is; allebei "
        "mag ook. Een toewijzing zonder einddatum telt alsof zij later eindigt dan elke dag. "
        "*Onbekend* is een gegeven dat niet is ingevuld.",
        f"Als {opsomming(woorden.alleen())} geldt, dan vallen alle andere afspraken weg: die staan "
        "dan niet in het antwoord.",
    ]
    for titel, regels in woorden.per_bestand().values():
        rows = [
            [
                link(regel, f"{regel}.md"),
                tekst(woorden.titel(regel)),
                tekst(woorden.uitkomst(inhoud.gegevens.afspraken[regel].bron["gevolg"])),
            ]
            for regel in regels
        ]
        parts += [f"## {tekst(titel)}", tabel(["Nummer", "Afspraak", "Gevolg"], rows)]
    return bladzijde("Alle afspraken", *parts)
