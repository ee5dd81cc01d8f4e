"""Which column is which field, what is personal, and what is said about it."""

import json
from pathlib import Path

import pytest

from conftest import project_met
from uitfasering.bulk import schrijfwijzen
from uitfasering.bulk.kolommen import Koppeling, herken, lees_koppeling, lijkt_op_bsn
from uitfasering.bulk.velden import SLEUTELS, velden
from uitfasering.errors import MessageError
from uitfasering.gegevens import schema

# An export as a back office may give it, with iJw's names.
EXPORT = [
    "BSN cliënt",
    "Naam jeugdige",
    "GeboorteDatum",
    "ToewijzingNummer",
    "Handeling",
    "GEMEENTECODE",
    "Toewijzingsdatum",
    "ToewijzingIngangsdatum",
    "Eind datum",
    "Product/Categorie",
    "Product_Code",
    "Omvang.Volume",
    "Omvang/Eenheid",
    "frequentie",
    "Verwijzer/Type",
    "AGB-code aanbieder",
    "Naam aanbieder",
    "Wijkteam",
]


def test_een_export_met_namen_van_ijw(root: Path) -> None:
    kolommen = herken(EXPORT, root)
    assert kolommen.velden == {
        "toewijzingnummer": "ToewijzingNummer",
        "handeling": "Handeling",
        "gemeente": "GEMEENTECODE",
        "toewijzingsdatum": "Toewijzingsdatum",
        "ingangsdatum": "ToewijzingIngangsdatum",
        "einddatum": "Eind datum",
        "productcategorie": "Product/Categorie",
        "productcode": "Product_Code",
        "volume": "Omvang.Volume",
        "eenheid": "Omvang/Eenheid",
        "frequentie": "frequentie",
        "verwijzer": "Verwijzer/Type",
        "aanbieder": "AGB-code aanbieder",
    }
    assert kolommen.persoonlijk == ["BSN cliënt", "Naam jeugdige", "GeboorteDatum"]
    assert kolommen.behouden == EXPORT[3:]
    over = "\n".join([*kolommen.meldingen, *kolommen.over_ontbrekend()])
    assert "zijn weggelaten: BSN cliënt, Naam jeugdige, GeboorteDatum." in over
    assert "geen kolom voor afgestemd: bij elke toewijzing telt dit als nee" in over
    assert "einddatum" not in over


def test_elke_eigen_naam_en_elk_pad_van_een_veld(root: Path) -> None:
    names = [*SLEUTELS, *velden()]
    assert herken(names, root).velden == {name: name for name in names}
    paden = [veld.plaats for veld in velden().values()]
    assert herken(paden, root).velden == {naam: veld.plaats for naam, veld in velden().items()}
    assert herken([n.upper() for n in names], root).velden == {n: n.upper() for n in names}


def test_een_nodige_kolom_ontbreekt(root: Path) -> None:
    with pytest.raises(MessageError) as caught:
        herken(["Gemente", "Ingangsdatum"], root)
    text = str(caught.value)
    assert 'Er is geen kolom voor gemeente. Bedoelt u de kolom "Gemente"?' in text
    assert "Er is geen kolom voor handeling." in text


def test_een_tikfout_in_een_andere_kolom_wordt_genoemd(root: Path) -> None:
    kolommen = herken(["gemeente", "handeling", "Eindatum", "Product"], root)
    assert 'Bedoelt u met de kolom "Eindatum" het veld einddatum?' in kolommen.meldingen
    assert 'Bedoelt u met de kolom "Product" het veld productcode?' in kolommen.meldingen
    assert set(kolommen.velden) == {"gemeente", "handeling"}


def test_zonder_einddatum_telt_elke_toewijzing_als_open(root: Path) -> None:
    over_ontbrekend = herken(["gemeente", "handeling"], root).over_ontbrekend()
    (over,) = [m for m in over_ontbrekend if "einddatum" in m]
    assert over.endswith("elke toewijzing telt als een toewijzing zonder einddatum.")


def test_een_bestand_zonder_kopregel(root: Path) -> None:
    """The first row is then a row: nothing of it may be said."""
    with pytest.raises(MessageError) as caught:
        herken(["123456782", "Janssen", "0193", "nieuw", "2021-05-01"], root)
    assert "Geen enkele kolom is herkend" in str(caught.value)
    assert "Janssen" not in str(caught.value)
    assert "123456782" not in str(caught.value)


def test_twee_kolommen_voor_een_veld(root: Path) -> None:
    kop = ["Gemeente", "Gemeentecode", "handeling"]
    with pytest.raises(MessageError, match='"Gemeente" en de kolom "Gemeentecode"'):
        herken(kop, root)
    kolommen = herken(kop, root, koppeling={"gemeente": "Gemeentecode"})
    assert kolommen.velden["gemeente"] == "Gemeentecode"
    assert kolommen.behouden == kop


def test_twee_kolommen_met_dezelfde_naam(root: Path) -> None:
    with pytest.raises(MessageError, match="meer dan één keer"):
        herken(["gemeente", "gemeente", "handeling"], root)
    with pytest.raises(MessageError, match="meer dan één keer"):
        herken(["X", "X", "handeling"], root, koppeling={"gemeente": "X"})


def test_een_koppeling_gaat_voor(root: Path) -> None:
    kolommen = herken(
        ["gemeente", "handeling", "Begindatum", "Begin zorg", "Van"],
        root,
        koppeling={"ingangsdatum": "Begin zorg", "toewijzingsdatum": "Van"},
    )
    assert kolommen.velden["ingangsdatum"] == "Begin zorg"
    assert kolommen.velden["toewijzingsdatum"] == "Van"


def test_een_kolom_die_is_aangewezen_is_niets_anders(root: Path) -> None:
    kop = ["gemeente", "handeling", "Begindatum"]
    velden = herken(kop, root, koppeling={"periode_begindatum": "Begindatum"}).velden
    assert velden["periode_begindatum"] == "Begindatum"
    assert "ingangsdatum" not in velden


@pytest.mark.parametrize(
    ("koppeling", "reden"),
    [
        ({"ingansdatum": "Van"}, "bestaat niet. Bedoelt u ingangsdatum?"),
        ({"ingangsdatum": "Gemeent"}, 'is er niet. Bedoelt u de kolom "gemeente"?'),
        ({"kenmerk": "BSN"}, "wordt nooit overgenomen"),
    ],
)
def test_een_koppeling_die_niet_kan(root: Path, koppeling: dict[str, str], reden: str) -> None:
    with pytest.raises(MessageError) as caught:
        herken(["gemeente", "handeling", "Van", "BSN"], root, koppeling=koppeling)
    assert reden in str(caught.value)


def test_een_vaste_waarde(root: Path) -> None:
    kolommen = herken(["X", "gemeente"], root, vast={"handeling": "Lopend"})
    assert kolommen.vast == {"handeling": "lopend"}
    assert "handeling" not in kolommen.velden
    allebei = {"handeling": "lopend", "gemeente": "Olst - Wijhe", "gemotiveerd": "ja"}
    kolommen = herken(["gemeente", "einddatum"], root, vast=allebei)
    assert kolommen.vast == {"handeling": "lopend", "gemeente": "1773", "gemotiveerd": True}
    assert kolommen.velden == {"einddatum": "einddatum"}
    assert any('naar de kolom "gemeente" is niet gekeken' in m for m in kolommen.meldingen)


@pytest.mark.parametrize(
    ("vast", "reden"),
    [
        ({"handeling": "loopende"}, "De vaste waarde voor handeling klopt niet: deze waarde"),
        ({"handeling": " "}, "De vaste waarde voor handeling is leeg."),
        ({"handelin": "lopend"}, "bestaat niet. Bedoelt u handeling?"),
        ({"kenmerk": "1"}, "Het veld kenmerk bestaat niet."),
    ],
)
def test_een_vaste_waarde_die_niet_klopt(root: Path, vast: dict[str, str], reden: str) -> None:
    with pytest.raises(MessageError) as caught:
        herken(["gemeente", "handeling"], root, vast=vast)
    assert reden in str(caught.value)


def test_het_perspectief_kan_bij_het_segment_staan(root: Path) -> None:
    samen = herken(["gemeente", "handeling", "Segment"], root)
    assert samen.velden["perspectief"] == samen.velden["segment"] == "Segment"
    assert not samen.perspectief_apart
    apart = herken(["gemeente", "handeling", "Segment", "Perspectief"], root)
    assert apart.velden["perspectief"] == "Perspectief"
    assert apart.perspectief_apart
    vast = herken(["gemeente", "handeling", "Segment"], root, vast={"perspectief": "herstel"})
    assert "perspectief" not in vast.velden
    assert vast.perspectief_apart


PERSOONLIJK = [
    *("BSN", "bsn", "BSN cliënt", "Burgerservicenummer", "ClientBsn", "BSN_nr", "Sofinummer"),
    *("Naam", "NAAM", "Naam jeugdige", "Clientnaam", "cliëntnummer", "Voornaam", "Achternaam"),
    *("Geslachtsnaam", "Voorletters", "Roepnaam", "Geboortedatum", "Geb. datum cliënt"),
    *("Geslacht", "Adres", "Postcode", "Straat", "Huisnummer", "Woonplaats", "Telefoon"),
    *("Telefoonnummer", "E-mail", "emailadres", "Mobiel nummer", "Naam verwijzer", "Leeftijd"),
    *("IBAN", "Opmerkingen", "Commentaar", "Contactpersoon aanbieder", "Kind", "Naam kind"),
]
NIET_PERSOONLIJK = [
    *("Naam aanbieder", "Gemeentenaam", "Productnaam", "Zorgvormnaam", "Adres aanbieder"),
    *("Bestandsnaam", "Status", "Zaaknummer", "Volgnummer", "Wijkteam", "Naam regio", "Code"),
    *("Productomschrijving", "Datum wijziging", "Tarief", "Kolom1", "", "Toewijzing", "Jobsnummer"),
]


def test_persoonlijke_kolommen_gaan_nergens_in_mee(root: Path) -> None:
    kolommen = herken(["gemeente", "handeling", *PERSOONLIJK], root)
    assert kolommen.persoonlijk == PERSOONLIJK
    assert kolommen.behouden == ["gemeente", "handeling"]


def test_andere_kolommen_blijven(root: Path) -> None:
    kop = ["gemeente", "handeling", *NIET_PERSOONLIJK, "overgenomen_woonplaats", "gezinsplan"]
    kop = [k for k in kop if k != "Gemeentenaam"]  # that is the field itself
    kolommen = herken(kop, root)
    assert kolommen.persoonlijk == []
    assert kolommen.behouden == kop


def test_de_naam_van_een_gemeente_is_de_gemeente(root: Path) -> None:
    assert herken(["Gemeentenaam", "handeling"], root).velden["gemeente"] == "Gemeentenaam"


def test_een_sleutel_die_de_gebruiker_nodig_heeft_blijft(root: Path) -> None:
    kop = ["gemeente", "handeling", "Cliëntnummer", "Naam"]
    kolommen = herken(kop, root, behoud=["clientnummer"])
    assert kolommen.behouden == ["gemeente", "handeling", "Cliëntnummer"]
    assert kolommen.persoonlijk == ["Naam"]
    gekoppeld = herken(kop, root, koppeling={"kenmerk": "Cliëntnummer"})
    assert gekoppeld.behouden == kolommen.behouden
    with pytest.raises(MessageError, match='Bedoelt u de kolom "Naam"'):
        herken(kop, root, behoud=["Naan"])


@pytest.mark.parametrize("naam", ["BSN", "BSN kind", "Burgerservicenummer", "sofi-nummer"])
def test_een_bsn_blijft_nooit(root: Path, naam: str) -> None:
    with pytest.raises(MessageError, match="wordt nooit overgenomen"):
        herken(["gemeente", "handeling", naam], root, behoud=[naam])


def test_een_bsn_wordt_geen_veld_door_een_schrijfwijze(root: Path, tmp_path: Path) -> None:
    project = project_met(root, tmp_path / "project", {})
    path = project / "data" / "kolommen.yaml"
    path.write_text(path.read_text("utf-8").replace("kenmerk: [", "kenmerk: [bsn kind, "), "utf-8")
    kolommen = herken(["gemeente", "handeling", "BSN kind"], project)
    assert "kenmerk" not in kolommen.velden
    assert kolommen.persoonlijk == ["BSN kind"]


def test_een_melding_gehoorzaamt_geen_stuurtekens(root: Path) -> None:
    kolommen = herken(["gemeente", "handeling", "Naam\x1b[2J", "Eindatum\x1b"], root)
    assert len(kolommen.meldingen) == 2
    assert "\x1b" not in "".join(kolommen.meldingen)


# 111222333 and 123456782 pass the test of eleven; numbers that belong to nobody.
BSN = ["111222333", "123456782", "999990019"]


@pytest.mark.parametrize(
    "waarden",
    [
        BSN,
        [*BSN, None, "", "onbekend"],
        [int(bsn) for bsn in BSN],
        [float(bsn) for bsn in BSN],
        ["1112.22.333", "123 456 782"],
        ["123456782"] * 5,
    ],
)
def test_lijkt_op_bsn(waarden: list[object]) -> None:
    assert lijkt_op_bsn(waarden)


@pytest.mark.parametrize(
    "waarden",
    [
        [],
        [None, ""],
        ["0193", "0150"],
        ["000000000"],
        ["12345678", "87654321"],
        [f"{n:09}" for n in range(100_000_000, 100_001_000)],
        ["123456782", "A1", "A2"],
        [44317, 2000.0, True],
    ],
)
def test_lijkt_niet_op_bsn(waarden: list[object]) -> None:
    assert not lijkt_op_bsn(waarden)


# The mapping file.


def test_een_koppeling_uit_een_bestand(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "koppeling.yaml"
    path.write_text('kolommen: {gemeente: "Gem. code"}\nvast: {handeling: lopend}\n', "utf-8")
    assert lees_koppeling(path, root) == Koppeling(
        {"gemeente": "Gem. code"}, {"handeling": "lopend"}
    )
    path.write_text('vast: {gemeente: "0193"}\n', "utf-8")
    assert lees_koppeling(path, root) == Koppeling({}, {"gemeente": "0193"})


def test_een_kapotte_koppeling(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "koppeling.yaml"
    path.write_text("kolommen: {gemeente: A, ingansdatum: B}\nvaste: {}\n", "utf-8")
    with pytest.raises(MessageError) as caught:
        lees_koppeling(path, root)
    assert {m.regel for m in caught.value.meldingen} == {1, 2}
    assert f"{path}:1:25: (kolommen.ingansdatum)" in str(caught.value)
    assert 'Bedoelt u "ingangsdatum"?' in str(caught.value)
    with pytest.raises(MessageError, match="Dit bestand bestaat niet"):
        lees_koppeling(tmp_path / "weg.yaml", root)


# The table and its checks.


def test_de_schemas_kennen_elk_veld(root: Path) -> None:
    alle = [*SLEUTELS, *velden()]
    delen = schema(root, "kolommen")["properties"]
    koppeling = schema(root, "koppeling")["properties"]
    for deel in (delen["kolommen"], delen["zonder_kolom"], koppeling["kolommen"]):
        assert list(deel["properties"]) == alle
    assert list(koppeling["vast"]["properties"]) == list(velden())
    assert delen["leeg"]["items"]["properties"]["velden"]["items"]["enum"] == list(velden())
    for naam, inhoud in delen["waarden"]["properties"].items():
        if naam != "ja_nee":
            assert list(inhoud["properties"]) == velden()[naam].schema["enum"]


def test_de_tabel_kent_elk_veld(root: Path) -> None:
    tabel = schrijfwijzen.lees_schrijfwijzen(root)
    assert set(tabel.kolommen.values()) == {*SLEUTELS, *velden()}
    assert list(schrijfwijzen.controleer(root)) == []


@pytest.mark.parametrize(
    ("oud", "nieuw", "pad", "bericht"),
    [
        (
            "productcode: [",
            "productcode: [Gemeente_code, ",
            "kolommen.productcode[1]",
            '"Gemeente_code" staat ook bij gemeente.',
        ),
        (
            "segment: [segment product",
            "segment: [budget, segment product",
            "kolommen.segment[1]",
            '"budget" staat ook bij budget.',
        ),
        ('"04": ["4"', '"04": ["1", "4"', "waarden.eenheid.04[1]", '"1" staat ook bij 01.'),
        ("nee: [", "nee: [j, ", "waarden.ja_nee.nee[1]", '"j" staat ook bij ja.'),
        ("gezinsplan:", "gezinspan:", "kolommen.gezinspan", "bestaat hier niet"),
    ],
)
def test_wat_niet_klopt_in_de_tabel(
    root: Path, tmp_path: Path, oud: str, nieuw: str, pad: str, bericht: str
) -> None:
    project = project_met(root, tmp_path / "project", {})
    path = project / "data" / "kolommen.yaml"
    path.write_text(path.read_text("utf-8").replace(oud, nieuw, 1), "utf-8")
    (melding,) = schrijfwijzen.controleer(project)
    assert (melding.bestand, melding.pad) == ("data/kolommen.yaml", pad)
    assert bericht in melding.bericht


def test_controleer_kijkt_ook_naar_de_productenlijst(root: Path, tmp_path: Path) -> None:
    project = project_met(root, tmp_path / "project", {})
    (project / "data" / "productenlijst.yaml").write_text(json.dumps({"kolommen": {}}), "utf-8")
    (melding,) = schrijfwijzen.controleer(project)
    assert (melding.bestand, melding.code) == ("data/productenlijst.yaml", "schema-ontbreekt")
