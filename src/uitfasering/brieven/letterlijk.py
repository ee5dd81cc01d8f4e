"""The records and quotes of a letter against its text, word for word (white space aside)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from uitfasering.brieven.brieftekst import plat, zinnen_van
from uitfasering.brieven.lezen import MAP, Brief, Zin
from uitfasering.gegevens import Afspraak, Gegevens
from uitfasering.melding import Melding
from uitfasering.weergave.woorden import datum
from uitfasering.yamlreader import MAX_BYTES

_BEGIN = 70
"""So much of a sentence is shown to recognise it."""

_GELIJKENIS = 0.6


def lees_zinnen(pad: Path) -> list[str]:
    """The sentences of a letter.

    Raises:
        OSError, ValueError: there is no such file, or it is not a text in UTF-8.
    """
    with pad.open("rb") as bestand:
        inhoud = bestand.read(MAX_BYTES)
    return zinnen_van(inhoud.decode("utf-8-sig"))


def waarschijnlijk(woorden: str, zinnen: Sequence[str]) -> str:
    """`` De zin is waarschijnlijk: …``: the one with most of these words in this order, or ""."""
    gezocht = plat(woorden).split()
    vergelijking = SequenceMatcher(autojunk=False, b=gezocht)

    def gelijk(zin: str) -> float:
        vergelijking.set_seq1(zin.split())
        return sum(blok.size for blok in vergelijking.get_matching_blocks()) / len(gezocht)

    beste = max(zinnen, key=gelijk, default="")
    if not gezocht or not beste or gelijk(beste) < _GELIJKENIS:
        return ""
    return f" De zin is waarschijnlijk: {_herkenbaar(beste)}"


def tegen_de_tekst(brief: Brief, gegevens: Gegevens | None, pad: Path) -> Iterator[Melding]:
    """Every fault between the records of a letter, the agreements that quote it, and its text."""
    try:
        zinnen = lees_zinnen(pad)
    except FileNotFoundError:
        wrong = f"De tekst van de brief van {datum(brief.brief)} bestaat niet in deze map."
        right = f"Geef een map waarin de brief staat als {pad.name} (gewone tekst, UTF-8)."
        yield Melding(str(pad), 0, 0, "", wrong, right, "brief-tekst")
        return
    except (OSError, ValueError):
        wrong = f"De tekst van de brief van {datum(brief.brief)} is niet te lezen."
        right = "Zet de brief als gewone tekst (UTF-8) in dit bestand."
        yield Melding(str(pad), 0, 0, "", wrong, right, "brief-tekst")
        return
    plekken = {
        zin: [plek for plek, tekst in enumerate(zinnen) if plat(zin.anker) in tekst]
        for zin in brief.zinnen
    }
    records = [[zin for zin in brief.zinnen if plekken[zin] == [p]] for p in range(len(zinnen))]
    vermoed, gemist = _koppel(brief, zinnen, records, plekken)
    yield from _ankers(brief, zinnen, plekken, vermoed)
    yield from _zonder_of_dubbel(brief, zinnen, records, gemist)
    if gegevens:
        zonder = gegevens.tabellen["weergave"]["zonder_citaat"]
        for afspraak in gegevens.afspraken.values():
            if afspraak.brief == brief.brief:
                los = afspraak.regel in zonder
                yield from _citaat(afspraak, zinnen, records, los=los)


def _koppel(
    brief: Brief,
    zinnen: Sequence[str],
    records: Sequence[Sequence[Zin]],
    plekken: Mapping[Zin, Sequence[int]],
) -> tuple[dict[Zin, str], list[tuple[Zin | None, str]]]:
    """The sentences that no anchor finds.

    Returns:
        By record whose anchor is wrong, the sentence it is about: the one in its place. And the
        sentences without any record, each with the record before it.
    """
    vermoed: dict[Zin, str] = {}
    gemist: list[tuple[Zin | None, str]] = []
    gehad = 0  # records up to here belong to a sentence before
    for tekst, bij in zip(zinnen, records, strict=True):
        if bij:
            gehad = brief.zinnen.index(bij[-1]) + 1
        elif gehad < len(brief.zinnen) and len(plekken[brief.zinnen[gehad]]) != 1:
            vermoed[brief.zinnen[gehad]] = tekst
            gehad += 1
        else:
            gemist.append((brief.zinnen[gehad - 1] if gehad else None, tekst))
    return vermoed, gemist


def _ankers(
    brief: Brief,
    zinnen: Sequence[str],
    plekken: Mapping[Zin, Sequence[int]],
    vermoed: Mapping[Zin, str],
) -> Iterator[Melding]:
    """Each anchor stands in one sentence, each after the one before; so do the open words."""
    vorige = -1
    for zin in brief.zinnen:
        gevonden = plekken[zin]
        if len(gevonden) != 1:
            aantal = f"in {len(gevonden)} zinnen van" if gevonden else "niet in een zin van"
            oplossing = (
                "Neem woorden die alleen in deze zin staan, letterlijk en met dezelfde leestekens."
            )
            if zin in vermoed:
                oplossing += f" De zin is waarschijnlijk: {_herkenbaar(vermoed[zin])}"
            yield brief.document.melding(
                (*zin.pad, "anker"),
                f"Deze woorden staan {aantal} de brief van {datum(brief.brief)}.",
                oplossing,
                "brief-anker-dubbel" if gevonden else "brief-anker",
            )
            continue
        plek = gevonden[0]
        if plek < vorige:
            yield brief.document.melding(
                zin.pad,
                "Deze zin staat in de brief eerder dan de zin hierboven.",
                "Zet de zinnen in de volgorde van de brief.",
                "brief-volgorde",
            )
        vorige = plek
        if zin.open_woorden and plat(zin.open_woorden) not in zinnen[plek]:
            yield brief.document.melding(
                (*zin.pad, "open_woorden"),
                f"Deze woorden staan niet in deze zin van de brief van {datum(brief.brief)}.",
                f"Neem ze letterlijk over uit de zin: {_herkenbaar(zinnen[plek])}",
                "brief-open-woorden",
            )


def _zonder_of_dubbel(
    brief: Brief,
    zinnen: Sequence[str],
    records: Sequence[Sequence[Zin]],
    gemist: Sequence[tuple[Zin | None, str]],
) -> Iterator[Melding]:
    """Each sentence has one record."""
    for vorige, tekst in gemist:
        yield brief.document.melding(
            vorige.pad if vorige else ("zinnen",),
            f"Een zin uit de brief staat hier niet: {_herkenbaar(tekst)}",
            f"Voeg die zin toe, {f'na zin {vorige.nummer}' if vorige else 'vooraan'}.",
            "brief-zin-ontbreekt",
        )
    for tekst, bij in zip(zinnen, records, strict=True):
        for zin in bij[1:]:
            yield brief.document.melding(
                zin.pad,
                f"Dit is dezelfde zin van de brief als zin {bij[0].nummer}: {_herkenbaar(tekst)}",
                "Houd één van beide over, of kies een ander anker.",
                "brief-zin-dubbel",
            )


def _citaat(
    afspraak: Afspraak, zinnen: Sequence[str], records: Sequence[Sequence[Zin]], *, los: bool
) -> Iterator[Melding]:
    """The quote stands in a sentence, whose record names the regel and agrees on the place."""
    citaat = plat(afspraak.bron["citaat"])
    plekken = [plek for plek, tekst in enumerate(zinnen) if citaat in tekst]
    if not plekken:
        yield afspraak.document.melding(
            (*afspraak.pad, "citaat"),
            f"Dit citaat staat niet in een zin van de brief van {datum(afspraak.brief)}.",
            "Neem de woorden letterlijk over uit één zin, met dezelfde leestekens."
            + waarschijnlijk(citaat, zinnen),
            "brief-citaat",
        )
        return
    bij = [zin for plek in plekken for zin in records[plek]]
    if los or not bij:
        return
    noemt = [zin for zin in bij if afspraak.regel in zin.regels]
    if not noemt:
        yield afspraak.document.melding(
            (*afspraak.pad, "citaat"),
            f"Dit citaat komt uit zin {bij[0].nummer} van de brief, maar die zin noemt "
            f"{afspraak.regel} niet.",
            f"Zet {afspraak.regel} in {MAP}/brief-{afspraak.brief}.yaml bij regels van zin "
            f"{bij[0].nummer}, of kies een ander citaat.",
            "brief-citaat-zin",
        )
        return
    plaats = afspraak.bron["plaats"]
    if not any(f"{zin.plaats},".startswith(f"{plaats},") for zin in noemt):
        yield afspraak.document.melding(
            (*afspraak.pad, "plaats"),
            f"Dit citaat staat op een andere plaats in de brief: {noemt[0].plaats} "
            f"(zin {noemt[0].nummer}).",
            "Schrijf dezelfde plaats, of laat het stuk na een komma weg.",
            "brief-plaats",
        )


def _herkenbaar(zin: str) -> str:
    return f"“{zin}”" if len(zin) <= _BEGIN else f"“{zin[:_BEGIN].rstrip()}…”"
