"""The catalogue: codes that replace another exist and are top, and what is unknown is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from uitfasering.gegevenscontrole.rijen import bedoelt_u, brieven, rijen, sleutels
from uitfasering.melding import Melding
from uitfasering.weergave.woorden import datum
from uitfasering.yamlreader import Document

if TYPE_CHECKING:
    from uitfasering.gegevens import Gegevens

# The segment by code; None when the row has a fault of its own. Empty when none could be read.
Segmenten: TypeAlias = dict[str, "str | None"]

MEDICATIECODES = ("medicatiecode", "medicatiecodes")
"""The begrippen that hold product codes."""

_IN_TOP = "Noem een code die in data/producten.yaml staat met segment: top."


def controleer(gegevens: Gegevens) -> Iterator[Melding]:
    """Faults in ``data/producten.yaml``, and in the codes that the begrippen name."""
    document = gegevens.documenten["producten"]
    known = _segmenten(document)
    seen: dict[str, int] = {}
    for index, row in rijen(document, "producten", "code"):
        pad = ("producten", index)
        if row["code"] in seen:
            line = document.plaats(("producten", seen[row["code"]]))[0]
            yield document.melding(
                (*pad, "code"),
                f"Productcode {row['code']} staat er twee keer: ook op regel {line}.",
                "Houd er één over.",
                "gegevens-dubbel",
            )
        seen.setdefault(row["code"], index)
        if row.get("segment") == "midden" and row.get("raamovereenkomst", "huidig") != "huidig":
            yield document.melding(
                (*pad, "raamovereenkomst"),
                "Segment midden hoort altijd bij de huidige raamovereenkomst.",
                "Schrijf huidig, of haal raamovereenkomst weg.",
                "gegevens-raamovereenkomst",
            )
        van, tot = row.get("geldig_van"), row.get("geldig_tot")
        if van and tot and van > tot:
            yield document.melding(
                (*pad, "geldig_tot"),
                f"geldig_tot ({datum(tot)}) ligt vóór geldig_van ({datum(van)}).",
                "Kijk beide datums na.",
                "gegevens-periode",
            )
        for place, code in _vervangende(row):
            if fault := _vervanging(row["code"], code, known):
                yield document.melding((*pad, *place), *fault, "gegevens-vervangende-code")
    yield from _begrippen(gegevens, known)


def waarschuwingen(gegevens: Gegevens) -> Iterator[Melding]:
    """Products on which every answer is "judge by hand", and invented codes beside real ones."""
    document = gegevens.documenten["producten"]
    rows = gegevens.tabellen["producten"]["producten"]
    invented = {row["code"] for row in rows if row.get("voorbeeld")}
    exceptions = gegevens.begrippen.get("uitzonderingsprofielen", [])
    words = gegevens.tabellen["teksten"]["ontbreekt"]
    for index, row in enumerate(rows):
        lacking = [words[name] for name in _nodig(row, exceptions) if name not in row]
        if lacking:
            yield document.melding(
                ("producten", index, "code"),
                f"Bij productcode {row['code']} ontbreekt: {' en '.join(lacking)}. Een toewijzing "
                "op deze code die dat ook niet zegt, moet een medewerker beoordelen.",
                "Vul het aan als u het weet.",
                "gegevens-product-onvolledig",
            )
        for place, code in _vervangende(row):
            if code in invented and not row.get("voorbeeld"):
                yield document.melding(
                    ("producten", index, *place),
                    f"{row['code']} is een echte code, maar {code} is een voorbeeld. Het antwoord "
                    "noemt dan een code die niet bestaat.",
                    "Noem de echte vervangende code, of haal dit weg.",
                    "gegevens-voorbeeld",
                )


def _nodig(row: Any, exceptions: list[int]) -> tuple[str, ...]:
    """The characteristics that A-03 asks for."""
    if row["segment"] == "top":
        return ("zorgvorm",)
    if row["segment"] == "midden":
        return () if row.get("profiel") in exceptions else ("perspectief", "profiel")
    return ()


def _vervangende(row: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every code that replaces this one, and its place in the row."""
    if "vervangende_code" in row:
        yield ("vervangende_code",), row["vervangende_code"]
    for agb, code in row.get("vervangende_code_per_aanbieder", {}).items():
        yield ("vervangende_code_per_aanbieder", agb), code


def _vervanging(code: str, replacing: str, known: Segmenten) -> tuple[str, str] | None:
    """What is wrong with ``replacing``, and what would be right."""
    if replacing == code:
        return f"Productcode {code} kan zichzelf niet vervangen.", _IN_TOP
    if not known:
        return None
    if replacing not in known:
        top = [name for name, segment in known.items() if segment == "top"]
        return (
            f"Productcode {replacing} staat niet in data/producten.yaml.",
            bedoelt_u(replacing, top, f"Voeg {replacing} toe, of noem een andere code."),
        )
    segment = known[replacing]
    if segment in ("top", None):
        return None
    return f"Productcode {replacing} hoort bij segment {segment}, niet bij top.", _IN_TOP


def _segmenten(document: Document) -> Segmenten:
    rows = rijen(document, "producten", "code", "segment")
    sound = {row["code"]: row["segment"] for _, row in rows}
    return {code: sound.get(code) for code in sleutels([document], "producten", "code")}


def _begrippen(gegevens: Gegevens, known: Segmenten) -> Iterator[Melding]:
    """The codes for medication control are given as an answer too, so they must be there."""
    told: set[str] = set()
    for document in brieven(gegevens):
        for name, row in rijen(document, "begrippen", "waarde"):
            if name not in MEDICATIECODES or not known:
                continue
            codes = row["waarde"] if isinstance(row["waarde"], list) else [row["waarde"]]
            for code in codes:
                if code not in told and known.get(code, "") not in ("top", None):
                    told.add(code)
                    yield document.melding(
                        ("begrippen", name, "waarde"),
                        f"Medicatiecontrole wordt toegekend op productcode {code}, maar die staat "
                        "niet in data/producten.yaml met segment: top.",
                        "Zet de code daar (terug), of verbeter haar hier.",
                        "gegevens-vervangende-code",
                    )
