"""Personal data never leaves the parser, and memory stays flat (issue section 6)."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from berichtenbouw import bericht, bron, instellingen, lees, product301
from uitfasering.berichten import Bron, Ingelezen, lees_berichten
from volledig import steekproef

# Split, so that this file's own constants are not what the search finds.
MERK = "".join(["GE", "HEIM"])

PERSOONLIJK = f"""
<b:Bsn>{MERK}-bsn</b:Bsn>
<b:Geboortedatum><ijw:Datum>{MERK}-geboren</ijw:Datum></b:Geboortedatum>
<b:Geslacht>{MERK}-geslacht</b:Geslacht>
<b:Naam soort="{MERK}-attribuut"><ijw:Geslachtsnaam><ijw:Achternaam>{MERK}-naam</ijw:Achternaam>
</ijw:Geslachtsnaam><ijw:Voornamen>{MERK}-voor</ijw:Voornamen></b:Naam>
<b:Communicatie><ijw:Taal>{MERK}-taal</ijw:Taal></b:Communicatie>
<b:Commentaar><![CDATA[{MERK}-commentaar]]></b:Commentaar>
<b:Relaties><b:Relatie><b:Nummer>{MERK}-relatie</b:Nummer><b:Contact><b:Adres>
<ijw:Postcode>{MERK}-postcode</ijw:Postcode></b:Adres><b:Organisatie>{MERK}-org</b:Organisatie>
<b:Periode><ijw:Begindatum>{MERK}-periode</ijw:Begindatum></b:Periode>
<b:Product><ijw:Code>{MERK}-namaakproduct</ijw:Code></b:Product></b:Contact></b:Relatie></b:Relaties>
<!-- {MERK}-xmlcommentaar --><?{MERK} {MERK}-instructie?>
"""


def gevuld(sluiting: str = "") -> str:
    product = product301(
        Commentaar=f"{MERK}-productcommentaar",
        Toewijzingstijd=f"{MERK}-tijd",
        Iets=f"{MERK}-onbekend",
    )
    tekst = bericht("JW301", [product, product])
    return tekst.replace("<b:Bsn>999900006</b:Bsn>", PERSOONLIJK).replace(
        "</b:Client>", f"{sluiting}</b:Client>"
    )


BREUKEN = {
    "whole": "",
    "broken": f"<b:Naam>{MERK}</c:Naam>",
    "unknown entity": f"<b:Naam>&{MERK};</b:Naam>",
    "unbound prefix": f"<{MERK}:Naam/>",
    "double attribute": f'<b:Naam {MERK}="1" {MERK}="2"/>',
    "bad token": f"<b:Naam>{MERK}\x01</b:Naam>",
    "bare ampersand": f"<b:Naam>{MERK} & {MERK}</b:Naam>",
    "mixed": f'<Naam xmlns="x.istandaarden.{MERK}">{MERK}</Naam>',
    "include": f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{MERK}"/>',
}

MET_NAAM = [pytest.param(breuk, id=naam) for naam, breuk in BREUKEN.items()]


def in_geheugen() -> set[int]:
    """The hash of every text with the marker that a live object refers to.

    Hashes, because a list of the texts would be found itself the next time.
    """
    gc.collect()
    gevonden = set()
    for ding in gc.get_referents(*gc.get_objects()):
        if isinstance(ding, str):
            tekst = ding
        elif isinstance(ding, (bytes, bytearray)):
            tekst = ding.decode("latin1")
        elif isinstance(ding, BaseException):
            tekst = f"{ding!s} {ding!r}"
        else:
            continue
        if MERK in tekst:
            gevonden.add(hash(tekst))
    return gevonden


@pytest.mark.parametrize("breuk", BREUKEN.values(), ids=BREUKEN.keys())
def test_no_personal_value_reaches_an_outcome_or_an_error(breuk: str) -> None:
    uit = lees(gevuld(breuk))
    assert uit
    assert MERK not in repr(uit)
    assert MERK not in "".join(str(een) for een in uit)


# Looking through all that is in memory takes long.
@pytest.mark.parametrize("breuk", steekproef(MET_NAAM, 20))
def test_no_personal_value_stays_in_memory(breuk: str, tmp_path: Path) -> None:
    (tmp_path / "p.xml").write_text(gevuld(breuk), encoding="utf-8")
    vooraf = in_geheugen()
    stroom = lees_berichten([Bron.van_pad(tmp_path / "p.xml")], instellingen())
    eerste = next(stroom)  # the file is still open
    tussendoor = in_geheugen()
    uit = [eerste, *stroom]
    assert tussendoor <= vooraf
    assert in_geheugen() <= vooraf
    assert uit


def test_the_search_does_find_what_is_kept() -> None:
    vooraf = in_geheugen()
    product = product301(Ingangsdatum=f"{MERK}-ingang")  # a value that is kept as it was
    uit = lees_berichten([bron(bericht("JW301", [product]))], instellingen())
    eerste = next(uit)
    assert not in_geheugen() <= vooraf
    assert MERK in repr(eerste)


def test_the_name_of_the_file_is_not_in_the_kenmerk() -> None:
    (uit,) = lees(bron(bericht("JW301", [product301()]), f"{MERK}.xml"))
    assert isinstance(uit, Ingelezen)
    assert MERK not in uit.kenmerk
    assert MERK not in repr(uit.toewijzing)


class Declaraties(BytesIO):
    """A JW323 of ``aantal`` prestaties that is made while it is read."""

    BEGIN = (
        '<b:Bericht xmlns:b="http://www.istandaarden.nl/ijw/3_2/jw323/schema" '
        'xmlns:i="http://www.istandaarden.nl/ijw/3_2/basisschema/schema"><b:Header>'
        "<b:Afzender>99000001</b:Afzender><b:Ontvanger>0193</b:Ontvanger>"
        "<b:BerichtIdentificatie><i:Dagtekening>2022-04-08</i:Dagtekening>"
        "</b:BerichtIdentificatie></b:Header><b:Declaratie><b:Clienten>"
    )
    PRESTATIE = (
        "<b:Client><b:Bsn>999900006</b:Bsn><b:Prestaties><b:Prestatie><b:ToewijzingNummer>{}"
        "</b:ToewijzingNummer><b:ProductCategorie>50</b:ProductCategorie>"
        "<b:ProductCode>50D3A</b:ProductCode><b:ProductPeriode><i:Begindatum>2022-03-01"
        "</i:Begindatum><i:Einddatum>2022-03-31</i:Einddatum></b:ProductPeriode>"
        "<b:GeleverdVolume>4</b:GeleverdVolume><b:Opvulling>" + "x" * 300 + "</b:Opvulling>"
        "</b:Prestatie></b:Prestaties></b:Client>\n"
    )

    def __init__(self, aantal: int) -> None:
        super().__init__()
        self._stukken = self._maak(aantal)
        self._rest = b""

    def _maak(self, aantal: int) -> Iterator[bytes]:
        yield self.BEGIN.encode()
        for n in range(aantal):
            yield self.PRESTATIE.format(n).encode()
        yield b"</b:Clienten></b:Declaratie></b:Bericht>"

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        delen = [self._rest]
        lengte = len(self._rest)
        while lengte < size and (stuk := next(self._stukken, b"")):
            delen.append(stuk)
            lengte += len(stuk)
        alles = b"".join(delen)
        self._rest = alles[size:]
        return alles[:size]


def piek(aantal: int) -> int:
    tracemalloc.start()
    try:
        bronnen = [Bron("groot.xml", lambda: Declaraties(aantal))]
        uit = lees_berichten(bronnen, instellingen(max_bytes=1_000_000_000))
        assert sum(isinstance(een, Ingelezen) for een in uit) == aantal
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file() -> None:
    klein, groot = piek(300), piek(3_000)
    # Ten times the file (2 MB more); four bytes a prestatie are kept, and nothing else.
    assert groot < klein + 200_000


@pytest.mark.zwaar
def test_a_file_of_60_mb_takes_little_memory() -> None:
    assert piek(60_000_000 // len(Declaraties.PRESTATIE)) < 3_000_000
