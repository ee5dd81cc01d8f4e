"""The tables as the policies see them: ``data.gegevens``, one JSON document without null or YAML.

Names are resolved, parameters and deviations laid out in rows, texts filled in as far as they do
not depend on the toewijzing. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from uitfasering.gegevens import Gegevens, schema
from uitfasering.gegevenscontrole import PLAATSHOUDER, afwijkbaar, is_dag

EERSTE_DAG = "0001-01-01"
LAATSTE_DAG = "9999-12-31"

_KENMERKEN = (
    "categorie",
    "segment",
    "perspectief",
    "profiel",
    "zorgvorm",
    "raamovereenkomst",
    "voorbeeld",
)
_ELKE = {"soort": "elke_gemeente"}
_VAN_DE_GEMEENTE = frozenset({"gemeente", "lokale_toegang"})
_BEVINDING = ("gevolg", "norm", "geadresseerde", "tekst", "citaat", "lezing", "oplossing", "velden")


def bouw_tabellen(gegevens: Gegevens, root: Path) -> dict[str, Any]:
    """``data.gegevens`` for the bundle; the keys are what the policies refer to."""
    uitkomsten = gegevens.tabellen["uitkomsten"]
    order = [row["uitkomst"] for row in uitkomsten["uitkomsten"]]
    rank = {
        name: i for i, name in enumerate([*order, *(r["gevolg"] for r in uitkomsten["overig"])])
    }
    regels = sorted(gegevens.afspraken)
    deviable = [regel for regel in regels if afwijkbaar(regel)]
    bevindingen = {regel: bevinding_van(gegevens, regel) for regel in regels}
    toewijzing = schema(root, "toewijzing")
    return {
        "begrippen": gegevens.begrippen,
        "parameters": {r: gegevens.parameters(r) for r in regels if r not in deviable},
        "varianten": {
            "geldend": {regel: list(_geldend(gegevens, regel)) for regel in deviable},
            "regio": {r: [{**gegevens.parameters(r), **_ELKE}] for r in deviable},
            "toets": {r: rows for r in regels if (rows := list(_toets(gegevens, r)))},
        },
        "afwijkende_gemeenten": {
            row["gemeente"]: True for row in gegevens.tabellen["afwijkingen"]["afwijkingen"]
        },
        "bevindingen": _per_soort(gegevens, bevindingen),
        "eigen_bevindingen": _eigen_bevindingen(gegevens),
        "invullen": {r: names for r in regels if (names := _open_plaatsen(bevindingen[r]))},
        "voorstellen": {
            regel: afspraak.bron["voorstel"]
            for regel, afspraak in gegevens.afspraken.items()
            if "voorstel" in afspraak.bron
        },
        "uitkomsten": order,
        "rangen": {
            "regels": {r: rank[gegevens.afspraken[r].bron["gevolg"]] for r in regels},
            "toegestaan": rank["TOEGESTAAN"],
            "niet_van_toepassing": rank["NIET_VAN_TOEPASSING"],
        },
        **_gemeenten(gegevens),
        **_producten(gegevens),
        "gebeurtenissen": _gebeurtenissen(gegevens),
        "teksten": {
            **gegevens.tabellen["teksten"],
            "zonder_vervangende_code": _vul_in(
                gegevens.tabellen["teksten"]["zonder_vervangende_code"],
                {"contractmanagement": _contractmanagement(gegevens)},
            ),
        },
        "verwacht": {
            "": gegevens.tabellen["teksten"]["verwacht_als_geheel"],
            **dict(invoervelden(toewijzing)),
        },
        "feiten_standaard": {
            name: fact["default"]
            for name, fact in schema(root, "feiten")["properties"]["feiten"]["properties"].items()
        },
        "zelftest": gegevens.tabellen["zelftest"]["zelftest"],
        "schemas": {
            "toewijzing": toewijzing,
            "besluit": schema(root, "besluit"),
            "feiten": schema(root, "feiten"),
        },
        "gelogd": _gelogd(toewijzing, schema(root, "besluit")),
    }


def _gelogd(toewijzing: Mapping[str, Any], besluit: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields that the decision log keeps: of a toewijzing as paths for ``json.filter``."""
    velden = toewijzing["properties"].items()
    return {
        "toewijzing": [
            pad
            for naam, veld in velden
            for pad in ([f"{naam}/{deel}" for deel in veld.get("properties", ())] or [naam])
        ],
        "besluit": list(besluit["properties"]),
        "bevinding": list(besluit["properties"]["bevindingen"]["items"]["properties"]),
    }


def in_woorden(name: str, value: Any, teksten: Mapping[str, Any]) -> str:
    """A parameter as a Dutch reader writes it: ``1 mei 2021``, ``2.000 of 4.000``, ``één jaar``."""
    if isinstance(value, list):
        return " of ".join(in_woorden(name, item, teksten) for item in value)
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    text = str(value)
    if is_dag(text):
        return f"{int(text[8:])} {teksten['maanden'][text[5:7]]} {text[:4]}"
    word: str = teksten["parameters"].get(name, {}).get(text, text)
    return word


def bevinding_van(
    gegevens: Gegevens, regel: str, parameters: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The bevinding of a regel, filled in as far as it does not depend on the toewijzing."""
    afspraak = gegevens.afspraken[regel]
    teksten = gegevens.tabellen["teksten"]
    values = {**gegevens.parameters(regel), **(parameters or {})}
    words = {name: in_woorden(name, value, teksten) for name, value in values.items()}
    words["contractmanagement"] = _contractmanagement(gegevens)
    result: dict[str, Any] = {"regel": regel, "brief": afspraak.brief}
    for key in _BEVINDING:
        value = afspraak.bron.get(key)
        result[key] = _vul_in(value, words) if isinstance(value, str) else value
    return result


def _vul_in(text: str, words: Mapping[str, str]) -> str:
    filled = PLAATSHOUDER.sub(lambda found: words.get(found[1], found[0]), text)
    return filled.strip()


def _contractmanagement(gegevens: Gegevens) -> str:
    contact = gegevens.tabellen["contacten"]["contractmanagement"]
    if contact is None:
        return ""
    sentence: str = gegevens.tabellen["teksten"]["contractmanagement_met_contact"]
    return sentence.replace("{contact}", contact)


def _open_plaatsen(bevinding: Mapping[str, Any]) -> list[str]:
    """What is still to be filled in, the words of the municipality left out."""
    text = f"{bevinding['tekst']} {bevinding['oplossing'] or ''}"
    return sorted(set(PLAATSHOUDER.findall(text)) - _VAN_DE_GEMEENTE)


def _per_soort(
    gegevens: Gegevens, bevindingen: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Split by what is left to fill in, so that most findings can be handed over as they are.

    ``vast`` and ``per_gemeente`` are complete; ``sjabloon`` and ``sjabloon_per_gemeente`` are not.
    """
    result: dict[str, dict[str, Any]] = {
        "vast": {},
        "per_gemeente": {},
        "sjabloon": {},
        "sjabloon_per_gemeente": {},
    }
    for regel, bevinding in bevindingen.items():
        text = f"{bevinding['tekst']} {bevinding['oplossing'] or ''}"
        complete = not _open_plaatsen(bevinding)
        if not _VAN_DE_GEMEENTE.intersection(PLAATSHOUDER.findall(text)):
            result["vast" if complete else "sjabloon"][regel] = bevinding
            continue
        kind = "per_gemeente" if complete else "sjabloon_per_gemeente"
        for row in gegevens.tabellen["gemeenten"]["gemeenten"]:
            result[kind].setdefault(row["cbs"], {})[regel] = _voor(gegevens, row, bevinding)
    return result


def _voor(
    gegevens: Gegevens, gemeente: Mapping[str, Any], bevinding: Mapping[str, Any]
) -> dict[str, Any]:
    """A bevinding with the words of one municipality filled in."""
    words = {
        "gemeente": gemeente["naam"],
        "lokale_toegang": _lokale_toegang(gegevens, gemeente),
    }
    filled = {k: _vul_in(bevinding[k], words) for k in ("tekst", "oplossing") if bevinding[k]}
    return {**bevinding, **filled}


def _lokale_toegang(gegevens: Gegevens, gemeente: Mapping[str, Any]) -> str:
    contact = gemeente.get("lokale_toegang")
    teksten = gegevens.tabellen["teksten"]
    sentence = teksten["lokale_toegang_met_contact" if contact else "lokale_toegang"]
    return _vul_in(sentence, {"gemeente": gemeente["naam"], "contact": contact or ""})


def _afwijkingen(gegevens: Gegevens, regel: str) -> list[Mapping[str, Any]]:
    rows = gegevens.tabellen["afwijkingen"]["afwijkingen"]
    return sorted(
        (row for row in rows if row["regel"] == regel),
        key=lambda row: (row["gemeente"], row["van"]),
    )


def _geldend(gegevens: Gegevens, regel: str) -> Iterator[dict[str, Any]]:
    """The rows in force: the region, and for a municipality that deviates each of its periods."""
    regional = gegevens.parameters(regel)
    deviations = _afwijkingen(gegevens, regel)
    municipalities = sorted({row["gemeente"] for row in deviations})
    if not municipalities:
        yield {**regional, **_ELKE}
        return
    yield {**regional, "soort": "elke_gemeente_behalve", "behalve": municipalities}
    for gemeente in municipalities:
        start = EERSTE_DAG
        for row in (r for r in deviations if r["gemeente"] == gemeente):
            if start < row["van"]:
                yield _rij(gemeente, start, _dag(row["van"], -1), regional)
            if "parameters" in row:
                yield _rij(gemeente, row["van"], row["tot"], {**regional, **row["parameters"]})
            start = _dag(row["tot"], 1)
        yield _rij(gemeente, start, LAATSTE_DAG, regional)


def _toets(gegevens: Gegevens, regel: str) -> Iterator[dict[str, Any]]:
    """The rows that ask whether a deviation is in play (B1-20).

    With parameters of its own: the regel's other conditions hold, so those in ``eigen`` pass. With
    ``vervalt``: the regel would have fired, so the region's parameters stand.
    """
    for row in _afwijkingen(gegevens, regel):
        values = {**gegevens.parameters(regel), **row.get("parameters", {})}
        yield {
            **_rij(row["gemeente"], row["van"], row["tot"], values),
            "bron": row["bron"],
            "eigen": {name: True for name in row.get("parameters", {})},
        }


def _rij(gemeente: str, van: str, tot: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    own = {"soort": "gemeente", "gemeente": gemeente, "periode_van": van, "periode_tot": tot}
    return {**parameters, **own}


def _dag(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _eigen_bevindingen(gegevens: Gegevens) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The texts of a municipality that deviates, with its own numbers and their period."""
    municipalities = {row["cbs"]: row for row in gegevens.tabellen["gemeenten"]["gemeenten"]}
    result: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in gegevens.tabellen["afwijkingen"]["afwijkingen"]:
        if "parameters" in row:
            rows = result.setdefault(row["gemeente"], {}).setdefault(row["regel"], [])
            bevinding = bevinding_van(gegevens, row["regel"], row["parameters"])
            bevinding = _voor(gegevens, municipalities[row["gemeente"]], bevinding)
            rows.append(
                {"periode_van": row["van"], "periode_tot": row["tot"], "bevinding": bevinding}
            )
    return result


def _gemeenten(gegevens: Gegevens) -> dict[str, Any]:
    rows = gegevens.tabellen["gemeenten"]["gemeenten"]
    minutes = gegevens.begrippen["medicatieminuten"]
    fixed = sorted({row["medicatieminuten"] for row in rows if "medicatieminuten" in row})
    return {
        "regiogemeenten": sorted(row["cbs"] for row in rows),
        "keuzes": {
            keuze: sorted(row["cbs"] for row in rows if row["duurzaam"] == keuze)
            for keuze in ("omzetten", "aflopen")
        },
        "medicatiekeuzes": [
            {
                "andere_minuten": [m for m in minutes if m != own],
                "gemeenten": sorted(r["cbs"] for r in rows if r.get("medicatieminuten") == own),
            }
            for own in fixed
        ],
    }


def _producten(gegevens: Gegevens) -> dict[str, Any]:
    rows = gegevens.tabellen["producten"]["producten"]
    replaced = [r for r in rows if "vervangende_code" in r or "vervangende_code_per_aanbieder" in r]
    return {
        "producten": {row["code"]: {k: row[k] for k in _KENMERKEN if k in row} for row in rows},
        "vervanging": {
            row["code"]: {
                **({"algemeen": row["vervangende_code"]} if "vervangende_code" in row else {}),
                "per_aanbieder": row.get("vervangende_code_per_aanbieder", {}),
            }
            for row in replaced
        },
    }


def _gebeurtenissen(gegevens: Gegevens) -> dict[str, Any]:
    """Days that may be unknown as a list of none or one, so that no policy meets null."""
    crisisroute = gegevens.tabellen["gebeurtenissen"]["crisisroute"]
    day = crisisroute["gecontracteerd_per"]
    return {
        "crisisroute": {
            "gecontracteerd_per": [] if day is None else [day],
            "streefdatum": crisisroute["streefdatum"],
        }
    }


def invoervelden(part: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each field of the input by its path, and what belongs in it, as the schema says."""
    for name, field in part.get("properties", {}).items():
        yield f"{prefix}{name}", field["description"]
        yield from invoervelden(field, f"{prefix}{name}.")
