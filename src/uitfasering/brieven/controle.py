"""What must hold of the records in ``data/brieven`` and of the agreements they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from uitfasering.bedoeld import bedoeld
from uitfasering.brieven.letterlijk import tegen_de_tekst
from uitfasering.brieven.lezen import MAP, STATUSSEN, Brief, Zin, lees_brieven
from uitfasering.gegevens import Afspraak, Gegevens
from uitfasering.melding import Melding
from uitfasering.weergave.woorden import datum

_MET_REGELS = ("regel", "grond")
_ZONDER_REGELS = ("toelichting", "niet_uitvoerbaar")


def controleer(root: Path, gegevens: Gegevens | None, tekst_map: Path | None) -> list[Melding]:
    """Every fault in the records of the letters, sorted.

    Args:
        root: the project.
        gegevens: the agreements; None leaves out what is checked against them.
        tekst_map: the folder with ``brief-<date>.txt``, or None; with it every anchor and every
            quote is looked up literally, and every sentence must have one record.
    """
    brieven, meldingen = lees_brieven(root)
    leesbaar = not meldingen
    meldingen += _dubbele_brieven(brieven)
    for brief in brieven:
        meldingen += _nummers(brief)
        for zin in brief.zinnen:
            meldingen += _status(brief, zin)
    if gegevens:
        for brief in brieven:
            meldingen += _verwijzingen(brief, gegevens)
        if leesbaar:  # else every sentence of a broken file would be missed here once more
            meldingen += _afspraken_zonder_zin(brieven, gegevens)
    if tekst_map:
        for brief in brieven:
            meldingen += tegen_de_tekst(brief, gegevens, tekst_map / f"brief-{brief.brief}.txt")
    return sorted(meldingen)


def _dubbele_brieven(brieven: Sequence[Brief]) -> Iterator[Melding]:
    for vorige, brief in pairwise(brieven):
        if vorige.brief == brief.brief:
            yield brief.document.melding(
                ("brief",),
                f"De brief van {datum(brief.brief)} staat ook in {vorige.document.name}.",
                "Houd één bestand per brief.",
                "brief-dubbel",
            )


def _nummers(brief: Brief) -> Iterator[Melding]:
    for hoort, zin in enumerate(brief.zinnen, 1):
        if zin.nummer != hoort:
            yield brief.document.melding(
                (*zin.pad, "nummer"),
                f"Hier hoort nummer {hoort}: de zinnen zijn doorgenummerd vanaf 1.",
                f"Schrijf nummer: {hoort}, en nummer de zinnen erna ook door.",
                "brief-nummer",
            )
            return  # every number after it would be wrong for the same reason


def _status(brief: Brief, zin: Zin) -> Iterator[Melding]:
    """What each status asks for and leaves no room for."""

    def fout(veld: str, bericht: str, oplossing: str, code: str) -> Melding:
        return brief.document.melding((*zin.pad, veld), bericht, oplossing, code)

    naam = STATUSSEN[zin.status]
    if zin.status in _MET_REGELS and not zin.regels:
        yield fout(
            "status",
            f"Een zin met status {naam} noemt de afspraken die erbij horen. Hier staan er geen.",
            "Zet ze bij regels, bijvoorbeeld: regels: [B1-02].",
            "brief-zonder-regels",
        )
    if zin.status in _ZONDER_REGELS and zin.regels:
        yield fout(
            "regels",
            f"Bij een zin met status {naam} horen geen afspraken.",
            "Kies een andere status (regel, grond of open_norm), of haal regels weg.",
            "brief-regels-te-veel",
        )
    if zin.status != "regel" and not zin.waarom:
        yield fout(
            "status",
            f"Er staat niet bij waarom deze zin status {naam} heeft.",
            "Leg het uit bij waarom.",
            "brief-waarom",
        )
    if zin.status == "open_norm" and not zin.open_woorden:
        yield fout(
            "status",
            "Er staat niet bij welke woorden van deze zin ruimte laten.",
            "Zet die woorden bij open_woorden, bijvoorbeeld: open_woorden: zoveel mogelijk.",
            "brief-open-woorden",
        )
    if zin.status != "open_norm" and zin.open_woorden:
        yield fout(
            "open_woorden",
            "Woorden die ruimte laten horen alleen bij status open_norm.",
            "Kies status open_norm, of haal open_woorden weg.",
            "brief-open-woorden",
        )


def _verwijzingen(brief: Brief, gegevens: Gegevens) -> Iterator[Melding]:
    """Each regel and each municipality is one that exists."""
    gemeenten = {r["cbs"]: r["naam"] for r in gegevens.tabellen["gemeenten"]["gemeenten"]}
    for zin in brief.zinnen:
        for plek, regel in enumerate(zin.regels):
            if regel not in gegevens.afspraken:
                lijkt = bedoeld(regel, gegevens.afspraken)
                yield brief.document.melding(
                    (*zin.pad, "regels", plek),
                    f"De afspraak {regel} bestaat niet.",
                    f"Bedoelt u {lijkt}?" if lijkt else "Noem een afspraak uit data/afspraken.",
                    "brief-onbekende-regel",
                )
        if zin.gemeente and zin.gemeente not in gemeenten:
            naam = bedoeld(zin.gemeente, gemeenten.values())
            cbs = next((cbs for cbs in gemeenten if gemeenten[cbs] == naam), None)
            alle = ", ".join(f"{cbs} ({naam})" for cbs, naam in gemeenten.items())
            yield brief.document.melding(
                (*zin.pad, "gemeente"),
                f"{zin.gemeente} is geen code van een gemeente uit data/gemeenten.yaml.",
                f'Schrijf voor {naam} de code: "{cbs}".' if cbs else f"Kies uit: {alle}.",
                "brief-onbekende-gemeente",
            )


def _afspraken_zonder_zin(brieven: Sequence[Brief], gegevens: Gegevens) -> Iterator[Melding]:
    """Each agreement that quotes a letter has a sentence in that letter."""
    genoemd = {
        # A misspelled one is reported where it stands.
        b.brief: {bedoeld(regel, gegevens.afspraken) for zin in b.zinnen for regel in zin.regels}
        for b in brieven
    }
    gemist: set[str] = set()
    for afspraak in _met_citaat(gegevens):
        if afspraak.brief not in genoemd:
            if afspraak.brief not in gemist:
                yield Melding(
                    bestand=str(MAP / f"brief-{afspraak.brief}.yaml"),
                    regel=0,
                    kolom=0,
                    pad="",
                    bericht=f"De zinnen van de brief van {datum(afspraak.brief)} zijn er niet, "
                    f"maar afspraak {afspraak.regel} komt uit die brief.",
                    oplossing="Maak dit bestand, met elke zin van de brief.",
                    code="brief-ontbreekt",
                )
            gemist.add(afspraak.brief)
        elif afspraak.regel not in genoemd[afspraak.brief]:
            yield afspraak.document.melding(
                afspraak.pad,
                f"Geen zin van de brief van {datum(afspraak.brief)} noemt afspraak "
                f"{afspraak.regel}.",
                f"Zet {afspraak.regel} in {MAP}/brief-{afspraak.brief}.yaml bij regels van de zin "
                "waar zij op rust.",
                "brief-regel-zonder-zin",
                sleutel=True,
            )


def _met_citaat(gegevens: Gegevens) -> Iterator[Afspraak]:
    """Those that rest on a sentence; a finding about the data itself does not."""
    zonder = gegevens.tabellen["weergave"]["zonder_citaat"]
    return (a for regel, a in gegevens.afspraken.items() if regel not in zonder)
