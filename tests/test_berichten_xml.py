"""Messages as XML: versions, envelopes, encodings, and what is refused (issue section 6)."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest

from berichtenbouw import (
    bericht,
    bron,
    codes,
    ingelezen,
    instellingen,
    lees,
    prestatie,
    product301,
    product315,
)
from uitfasering.berichten import Bron, Ingelezen, lees_berichten
from uitfasering.melding import Melding

GOED = bericht("JW301", [product301()])
ANDER = bron(bericht("JW301", [product301("77")]), "ander.xml")


def enige_melding(tekst: str | bytes, **anders: int) -> Melding:
    """The one Melding of this file; the other file still gets its answer."""
    uit = lees(tekst, ANDER, **anders)
    assert len(uit) == 2, uit
    melding, ander = uit
    assert isinstance(melding, Melding)
    assert isinstance(ander, Ingelezen)
    assert ander.toewijzingnummer == "77"
    assert melding.bestand == "1.xml"
    assert melding.bericht
    assert melding.oplossing
    return melding


# --- versions and types ---------------------------------------------------------------------


@pytest.mark.parametrize("versie", ["3.0", "3.1", "3.2"])
@pytest.mark.parametrize("soort", ["JW301", "JW315", "JW323"])
def test_three_types_in_three_versions(soort: str, versie: str) -> None:
    product = {"JW301": product301(), "JW315": product315(), "JW323": prestatie()}[soort]
    (uit,) = ingelezen(bericht(soort, [product], versie=versie))
    assert uit.bericht == f"{soort} {versie}"
    assert uit.toewijzing["product"]["categorie"] == "50"


@pytest.mark.parametrize(
    ("oud", "nieuw", "naam"),
    [
        ("ijw/3_2/", "ijw/2_4/", "JW301 2.4"),
        ("ijw/3_2/", "ijw/3_3/", "JW301 3.3"),
        ("jw301/", "jw302/", "JW302 3.2"),
        ("ijw/3_2/jw301", "iwmo/3_2/wmo301", "WMO301 3.2"),
        ("jw301/schema", "jw301/schema/3_2", "JW301 3.2"),
    ],
)
def test_other_types_and_versions_are_refused_by_name(oud: str, nieuw: str, naam: str) -> None:
    melding = enige_melding(GOED.replace(oud, nieuw))
    assert melding.code == "bericht-onbekend"
    assert melding.regel == 1
    assert naam in melding.bericht
    assert "JW301, JW315 en JW323 van iJw 3.0, 3.1 en 3.2" in melding.oplossing


def test_an_odd_istandaarden_namespace_is_refused_without_repeating_it() -> None:
    melding = enige_melding(GOED.replace("jw301/schema", "jw301/GEHEIM-schema"))
    assert melding.code == "bericht-onbekend"
    assert "GEHEIM" not in str(enige_melding(GOED.replace("ijw/3_2/jw301", "GEHEIM")))


@pytest.mark.parametrize(
    ("kop", "code"),
    [
        ({"BerichtCode": "446"}, "bericht-code"),
        ({"BerichtVersie": "2"}, "bericht-versie"),
        ({"BerichtSubversie": "1"}, "bericht-versie"),
        ({"BerichtSubversie": "x"}, "bericht-versie"),
    ],
)
def test_the_header_must_agree_with_the_namespace(kop: dict[str, str], code: str) -> None:
    assert enige_melding(bericht("JW301", [product301()], kop=kop)).code == code


def test_a_header_that_says_nothing_contradicts_nothing() -> None:
    leeg = {"BerichtCode": None, "BerichtVersie": None, "BerichtSubversie": None}
    assert len(ingelezen(bericht("JW301", [product301()], kop=leeg))) == 1


def test_subversion_zero_is_compared_too() -> None:
    kop = {"BerichtSubversie": "0"}
    assert enige_melding(bericht("JW301", [product301()], kop=kop)).code == "bericht-versie"
    tekst = bericht("JW301", [product301()], kop={"BerichtSubversie": "2"}, versie="3.0")
    assert enige_melding(tekst).code == "bericht-versie"


# --- envelopes and prefixes -----------------------------------------------------------------

SOAP = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><s:Bericht/>'
    "</s:Header><s:Body>{}</s:Body></s:Envelope>"
)
STUF = (
    '<StUF:Di01 xmlns:StUF="http://www.egem.nl/StUF/StUF0301"><StUF:stuurgegevens/>'
    '<StUF:inhoud soort="x">{}</StUF:inhoud></StUF:Di01>'
)


@pytest.mark.parametrize(
    "envelop", ["{}", SOAP, STUF, SOAP.format(STUF)], ids=["bare", "soap", "stuf", "both"]
)
def test_bare_and_in_envelopes(envelop: str) -> None:
    (uit,) = ingelezen(envelop.format(GOED))
    assert uit.toewijzing == ingelezen(GOED)[0].toewijzing


def test_any_prefix_and_the_default_namespace() -> None:
    standaard = GOED.replace("<b:", "<").replace("</b:", "</").replace("xmlns:b=", "xmlns=")
    vreemd = re.sub(r"(?<=[</:])(b|ijw)(?=[:=])", r"ö-\1", GOED)
    for tekst in (standaard, vreemd):
        assert ingelezen(tekst)[0].toewijzing == ingelezen(GOED)[0].toewijzing


def test_several_messages_in_one_envelope_and_one_refused() -> None:
    tekst = SOAP.format(
        GOED
        + bericht("JW301", [product301("5")], kop={"BerichtCode": "1"})
        + bericht("JW323", [prestatie()])
    )
    assert codes(lees(tekst)) == ["", "bericht-code", ""]


def test_a_schema_location_is_never_followed() -> None:
    tekst = GOED.replace(
        "<b:Bericht ",
        '<b:Bericht xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="x http://127.0.0.1:1/x.xsd" ',
    )
    assert len(ingelezen('<?xml-stylesheet href="http://127.0.0.1:1/"?>' + tekst)) == 1


# --- encodings ------------------------------------------------------------------------------


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_encodings(codering: str) -> None:
    naam = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(codering, codering)
    tekst = f'<?xml version="1.0" encoding="{naam}"?>\n<!-- één -->\n{GOED}'
    assert ingelezen(tekst.encode(codering))[0].toewijzing == ingelezen(GOED)[0].toewijzing


@pytest.mark.parametrize(
    "inhoud",
    [
        f'<?xml version="1.0" encoding="geheimschrift"?>{GOED}'.encode(),
        f'<?xml version="1.0" encoding="shift_jis"?>{GOED}'.encode(),
        f'<?xml version="1.0" encoding="utf-16"?>{GOED}'.encode(),
    ],
    ids=["unknown", "multi-byte", "wrong"],
)
def test_an_encoding_that_cannot_be_read(inhoud: bytes) -> None:
    melding = enige_melding(inhoud)
    assert melding.code == "xml-tekencodering"
    assert "geheimschrift" not in str(melding)


# --- attacks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vooraf", "code"),
    [
        ("<!DOCTYPE b>", "xml-dtd"),
        ('<!DOCTYPE b SYSTEM "file:///etc/passwd">', "xml-dtd"),
        ('<!DOCTYPE b [<!ENTITY a "GEHEIM"><!ENTITY c "&a;&a;">]>', "xml-dtd"),
        ('<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "xml-dtd"),
        ('<!DOCTYPE b [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]>', "xml-dtd"),
    ],
)
def test_a_dtd_is_refused(vooraf: str, code: str) -> None:
    melding = enige_melding(f"\n{vooraf}\n{GOED}")
    assert (melding.code, melding.regel) == (code, 2)
    assert "GEHEIM" not in str(melding)


def test_an_entity_without_dtd_is_refused() -> None:
    melding = enige_melding(GOED.replace("50D3A", "&geheim;"))
    assert melding.code == "xml-entiteit"
    assert melding.regel > 1
    assert "geheim" not in str(melding)


def test_an_xinclude_is_refused() -> None:
    invoegen = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    assert enige_melding(f"<e>{GOED}{invoegen}</e>").code == "xml-verwijzing"
    assert enige_melding(GOED.replace("</b:Client>", f"{invoegen}</b:Client>")).code == (
        "xml-verwijzing"
    )


def test_the_size_is_limited_to_the_byte() -> None:
    grootte = len(GOED.encode())
    (uit,) = ingelezen(GOED, max_bytes=grootte)
    assert uit.toewijzingnummer == "1001"
    # The other file would be too large as well, so it is read on its own here.
    (melding,) = lees(GOED, max_bytes=grootte - 1)
    assert isinstance(melding, Melding)
    assert melding.code == "bestand-te-groot"
    assert f"{grootte - 1} bytes" in melding.bericht


def test_an_endless_file_is_read_no_further_than_the_limit() -> None:
    class Eindeloos(BytesIO):
        gelezen = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            Eindeloos.gelezen += size
            return b" " * size

    bronnen = [Bron("eindeloos", Eindeloos)]
    (melding,) = lees_berichten(bronnen, instellingen(max_bytes=1_000_000))
    assert isinstance(melding, Melding)
    assert "1 MB" in melding.bericht
    assert Eindeloos.gelezen < 1_200_000


def test_deep_nesting_is_refused() -> None:
    assert enige_melding("<a>" * 100_000).code == "xml-te-diep"
    assert enige_melding(GOED.replace("<b:Bsn>", "<b:Bsn>" * 500)).code == "xml-te-diep"


def test_an_endless_value_is_refused() -> None:
    waarde = "2021-06-01" + " " * 5_000 + "x"
    tekst = bericht("JW301", [product301(Ingangsdatum=waarde)])
    assert enige_melding(tekst).code == "bericht-te-lang"


# --- broken files ---------------------------------------------------------------------------

KAPOT = bericht("JW301", [product301(str(n)) for n in range(1, 600)])


@pytest.mark.parametrize(
    "inhoud",
    [KAPOT[:-1], KAPOT[: KAPOT.rindex("<")], KAPOT[: len(KAPOT) // 2], KAPOT[:90], KAPOT + "<!--"],
    ids=["last byte", "last tag", "half", "start", "after the end"],
)
def test_a_truncated_file_gives_nothing_but_its_melding(inhoud: str) -> None:
    melding = enige_melding(inhoud)
    assert melding.code == "xml-afgebroken"
    assert melding.regel == inhoud.count("\n") + 1


def test_broken_xml_near_the_end_gives_nothing_but_its_melding() -> None:
    regels = KAPOT.split("\n")
    assert len(KAPOT) > 2 * 65536  # products before the break are in an earlier block
    regels[-4] = regels[-4].replace("</b:", "</c:", 1)
    melding = enige_melding("\n".join(regels))
    assert melding.code == "xml-kapot"
    assert melding.regel == len(regels) - 3


@pytest.mark.parametrize(
    ("inhoud", "code"),
    [
        ("", "bestand-leeg"),
        (" \n", "bestand-leeg"),
        ("<a/>", "bericht-geen"),
        ("<Bericht><Header/></Bericht>", "bericht-geen"),
        ('{"handeling": "nieuw"}', "xml-kapot"),
        ("BSN;naam", "xml-kapot"),
        (b"\x00\x01\x02", "xml-kapot"),
        (GOED + GOED, "xml-kapot"),
    ],
)
def test_what_is_no_message_at_all(inhoud: str | bytes, code: str) -> None:
    assert enige_melding(inhoud).code == code


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    uit = lees(Bron.van_pad(tmp_path / "weg.xml", "weg.xml"), Bron.van_pad(tmp_path), ANDER)
    assert codes(uit) == ["bestand-onleesbaar", "bestand-onleesbaar", ""]
    assert isinstance(uit[0], Melding)
    assert str(tmp_path) not in str(uit[0])


def test_a_file_that_changes_while_it_is_read_is_told() -> None:
    inhoud = [GOED.encode(), GOED.encode()[:-5]]
    uit = lees(Bron("wisselt.xml", lambda: BytesIO(inhoud.pop(0))))
    assert codes(uit)[-1] == "xml-afgebroken"


# --- messages that cannot be used -----------------------------------------------------------


def test_a_message_without_products() -> None:
    for soort in ("JW301", "JW315", "JW323"):
        assert enige_melding(bericht(soort, [])).code == "bericht-leeg"


def test_a_value_that_is_there_twice_is_refused() -> None:
    dubbel = product301(Einddatum=["2021-12-31", "2022-12-31"])
    assert enige_melding(bericht("JW301", [dubbel])).code == "bericht-dubbel"
    groep = product301(Omvang=[{"Volume": "1"}, {"Eenheid": "01"}])
    assert enige_melding(bericht("JW301", [groep])).code == "bericht-dubbel"
    kop = {"Afzender": ["0193", "0150"]}
    assert enige_melding(bericht("JW301", [product301()], kop=kop)).code == "bericht-dubbel"


def test_a_header_after_the_products_is_refused() -> None:
    hoofd = re.findall(r"<b:Header>.*</b:Header>", GOED, re.S)[0]
    zonder = GOED.replace(hoofd, "")
    assert enige_melding(zonder).code == "bericht-kop"
    assert enige_melding(zonder.replace("</b:Bericht>", f"{hoofd}</b:Bericht>")).code == (
        "bericht-kop"
    )


@pytest.mark.parametrize(
    "basis",
    ["http://www.istandaarden.nl/ijw/3_1/basisschema/schema", ""],
    ids=["another version", "no namespace"],
)
def test_parts_of_another_version_are_refused(basis: str) -> None:
    tekst = GOED.replace("http://www.istandaarden.nl/ijw/3_2/basisschema/schema", basis or "x")
    if not basis:
        tekst = tekst.replace("<ijw:", "<").replace("</ijw:", "</")
    assert enige_melding(tekst).code == "bericht-gemengd"
