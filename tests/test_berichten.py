"""Messages to toewijzingen: which value goes where, and which handeling (issue section 6)."""

from __future__ import annotations

import pytest

from berichtenbouw import (
    bericht,
    bron,
    codes,
    een,
    ingelezen,
    lees,
    prestatie,
    product301,
    product315,
)
from uitfasering.melding import Melding

# --- values ---------------------------------------------------------------------------------


def test_jw301_gives_every_field_the_contract_names() -> None:
    product = product301(
        Omvang={"Volume": "2000", "Eenheid": "01", "Frequentie": "6"},
        ReferentieAanbieder="R9",
    )
    (uit,) = ingelezen(bericht("JW301", [product]))
    assert uit.toewijzing == {
        "handeling": "nieuw",
        "gemeente": "0193",
        "aanbieder": "99000001",
        "toewijzingsdatum": "2021-05-10",
        "ingangsdatum": "2021-06-01",
        "einddatum": "2021-12-31",
        "product": {"categorie": "50", "code": "50D3A"},
        "omvang": {"volume": 2000, "eenheid": "01", "frequentie": "6"},
    }
    assert (uit.kenmerk, uit.toewijzingnummer) == ("jw301/1/1001", "1001")
    assert (uit.bericht, uit.bron, uit.opmerkingen) == ("JW301 3.2", "1.xml", ())


def test_jw315_asks_for_a_new_toewijzing_of_the_receiver() -> None:
    product = product315(ToewijzingEinddatum="2021-11-30", Budget="125000")
    (uit,) = ingelezen(bericht("JW315", [product]))
    assert uit.toewijzing == {
        "handeling": "nieuw",
        "gemeente": "0193",
        "aanbieder": "99000001",
        "toewijzingsdatum": "2021-05-12",
        "ingangsdatum": "2021-06-01",
        "einddatum": "2021-11-30",
        "product": {"categorie": "50", "code": "50TJ1"},
        "budget": 125000,
        "verwijzer": "02",
    }
    assert uit.toewijzingnummer is None


def test_jw323_gives_one_declaratie_a_prestatie() -> None:
    uit = ingelezen(bericht("JW323", [prestatie(), prestatie("1002")]))
    assert uit[0].toewijzing == {
        "handeling": "declaratie",
        "gemeente": "0193",
        "aanbieder": "99000001",
        "product": {"categorie": "50", "code": "50D3A"},
        "periode": {"begindatum": "2022-03-01", "einddatum": "2022-03-31"},
        "factuurdatum": "2022-04-08",
    }
    assert [u.kenmerk for u in uit] == ["jw323/1/1001", "jw323/2/1002"]


def test_a_declaratie_keeps_its_handeling_and_takes_no_dates_from_a_jw301() -> None:
    claim, _ = ingelezen(
        bericht("JW323", [prestatie()]), bericht("JW301", [product301()]), handeling="nieuw"
    )
    assert claim.toewijzing["handeling"] == "declaratie"
    assert "toewijzingsdatum" not in claim.toewijzing
    assert claim.opmerkingen == ("--handeling geldt niet voor een JW323.",)


@pytest.mark.parametrize(
    ("volume", "verwacht"),
    [
        ("2000", 2000),
        ("+5", 5),
        ("007", 7),
        (" 12\n", 12),
        ("-3", -3),
        ("2.0", "2.0"),
        ("1e3", "1e3"),
        ("", ""),
        ("٣", "٣"),
        ("9" * 400, "9" * 400),
    ],
)
def test_a_volume_is_a_number_when_xml_says_so(volume: str, verwacht: object) -> None:
    omvang = {"Volume": volume, "Eenheid": "01", "Frequentie": "6"}
    assert een(bericht("JW301", [product301(Omvang=omvang)]))["omvang"]["volume"] == verwacht


def test_what_the_message_lacks_or_has_wrong_reaches_opa_as_it_is() -> None:
    product = product301(
        Einddatum="2021-02-30",
        Ingangsdatum=None,
        Omvang={"Eenheid": "01"},
        Product={"Categorie": "50", "Code": " 50D3A\t"},
        Budget="",
    )
    toewijzing = een(bericht("JW301", [product], gemeente=None))
    assert toewijzing["einddatum"] == "2021-02-30"
    assert toewijzing["omvang"] == {"eenheid": "01"}
    assert toewijzing["product"]["code"] == "50D3A"
    assert toewijzing["budget"] == ""
    assert not {"ingangsdatum", "gemeente"} & toewijzing.keys()


def test_an_empty_omvang_stays_visible() -> None:
    assert een(bericht("JW301", [product301(Omvang={})]))["omvang"] == {}


def test_an_empty_einddatum_is_not_an_open_end() -> None:
    assert een(bericht("JW301", [product301(Einddatum="")]))["einddatum"] == ""


def test_only_text_of_the_element_itself_counts() -> None:
    tekst = bericht("JW301", [product301(Ingangsdatum="2021-06-<b:Naam>XX</b:Naam>01")])
    assert een(tekst)["ingangsdatum"] == ""


def test_cdata_comments_and_references_are_part_of_a_value() -> None:
    product = product301(
        Ingangsdatum="<![CDATA[2021-]]><!-- een commentaar -->06-<?pi x?>&#48;1",
    )
    assert een(bericht("JW301", [product]))["ingangsdatum"] == "2021-06-01"


def test_an_element_that_does_not_belong_is_mentioned() -> None:
    (uit,) = ingelezen(bericht("JW301", [product301(Eindatum="2021-12-31", Einddatum=None)]))
    assert "einddatum" not in uit.toewijzing
    assert uit.opmerkingen == (
        "Bij dit product staat een onderdeel dat niet in dit bericht hoort. Het is niet gelezen.",
    )


@pytest.mark.parametrize("nummer", ["12a", "1234567890", "-1", ""])
def test_a_number_that_is_none_is_left_out_of_the_kenmerk(nummer: str) -> None:
    (uit,) = ingelezen(bericht("JW301", [product301(nummer)]))
    assert (uit.kenmerk, uit.toewijzingnummer) == ("jw301/1", None)
    assert len(uit.opmerkingen) == 1


def test_the_line_is_that_of_the_product() -> None:
    tekst = bericht("JW301", [product301("1"), product301("2")])
    regels = [n for n, r in enumerate(tekst.split("\n"), 1) if "<b:ToegewezenProduct>" in r]
    assert [u.regel for u in ingelezen(tekst)] == regels


def test_kenmerken_differ_over_all_files() -> None:
    tekst = bericht("JW301", [product301(), product301()])
    kenmerken = [u.kenmerk for u in ingelezen(tekst, tekst, bericht("JW315", [product315()]))]
    assert len(set(kenmerken)) == len(kenmerken) == 5


# --- handeling ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toewijzingsdatum", "handeling"),
    [
        ("2021-05-12", "nieuw"),
        ("2021-05-05", "nieuw"),
        ("2021-05-04", "lopend"),
        ("2021-05-13", "nieuw"),
        ("2021-02-31", "lopend"),
        (None, "lopend"),
    ],
)
def test_without_a_reason_the_days_before_the_dagtekening_decide(
    toewijzingsdatum: str | None, handeling: str
) -> None:
    product = product301(Toewijzingsdatum=toewijzingsdatum)
    assert een(bericht("JW301", [product]))["handeling"] == handeling


def test_the_number_of_days_is_a_setting() -> None:
    tekst = bericht("JW301", [product301(Toewijzingsdatum="2021-05-04")])
    (uit,) = ingelezen(tekst, nieuw_binnen_dagen=8)
    assert uit.toewijzing["handeling"] == "nieuw"
    assert "8 dagen" in uit.handeling_grond


@pytest.mark.parametrize(
    ("reden", "handeling"),
    [
        ("04", "verlenging"),
        ("05", "verkorting"),
        ("10", "lopend"),
        ("13", "lopend"),
        ("4", "lopend"),
        ("", "nieuw"),
    ],
)
def test_the_reason_decides_first(reden: str, handeling: str) -> None:
    eerder = bericht("JW301", [product301("2")], dagtekening="2021-01-01")
    (uit,) = ingelezen(bericht("JW301", [product301("1", RedenWijziging=reden)]), eerder)[:1]
    assert uit.toewijzing["handeling"] == handeling


def test_every_choice_tells_its_ground() -> None:
    producten = [
        product301("1", RedenWijziging="04"),
        product301("2", RedenWijziging="05"),
        product301("3", RedenWijziging="02"),
        product301("4"),
        product301("5", Toewijzingsdatum="2021-04-01"),
        product301("6", Toewijzingsdatum="2021-06-01"),
        product301("7", Toewijzingsdatum="gisteren"),
    ]
    gronden = [u.handeling_grond for u in ingelezen(bericht("JW301", producten))]
    zelf = " Klopt dat niet? Kies dan zelf met --handeling."
    assert gronden == [
        "RedenWijziging is 04: verlenging.",
        "RedenWijziging is 05: verkorting.",
        "RedenWijziging is ingevuld, maar is niet 04 of 05.",
        "Geen RedenWijziging; de Toewijzingsdatum ligt hoogstens 7 dagen voor de Dagtekening."
        + zelf,
        "Geen RedenWijziging; de Toewijzingsdatum ligt meer dan 7 dagen voor de Dagtekening."
        + zelf,
        "Geen RedenWijziging; de Toewijzingsdatum ligt na de Dagtekening." + zelf,
        "Geen RedenWijziging; de Toewijzingsdatum ontbreekt of is geen bestaande datum." + zelf,
    ]


def test_the_reasons_are_a_setting() -> None:
    producten = [product301("1", RedenWijziging="07"), product301("2", RedenWijziging="04")]
    uit = ingelezen(bericht("JW301", producten), reden_wijziging={"07": "verkorting"})
    assert [u.handeling_grond for u in uit] == [
        "RedenWijziging is 07: verkorting.",
        "RedenWijziging is ingevuld, maar is niet 07.",
    ]
    assert [u.toewijzing["handeling"] for u in uit] == ["verkorting", "lopend"]


def test_the_user_overrides_jw301_and_jw315() -> None:
    uit = ingelezen(
        bericht("JW301", [product301(RedenWijziging="04")]),
        bericht("JW315", [product315()]),
        handeling="lopend",
    )
    assert [u.toewijzing["handeling"] for u in uit] == ["lopend", "lopend"]
    assert {u.handeling_grond for u in uit} == {"Gekozen met --handeling."}


# --- a missing Dagtekening ------------------------------------------------------------------


@pytest.mark.parametrize("dagtekening", [None, "2021-02-31", "20210512"])
def test_without_a_dagtekening_new_or_running_cannot_be_told(dagtekening: str | None) -> None:
    producten = [product301("1"), product301("2", RedenWijziging="04")]
    tekst = bericht("JW301", producten, dagtekening=dagtekening)
    uit = lees(tekst)
    assert codes(uit) == ["bericht-dagtekening", ""]
    assert isinstance(uit[0], Melding)
    assert "--handeling" in uit[0].oplossing
    assert codes(lees(tekst, handeling="nieuw")) == ["", ""]


def test_a_jw315_without_dagtekening_leaves_the_date_to_opa() -> None:
    tekst = bericht("JW315", [product315()], dagtekening=None)
    (uit,) = ingelezen(tekst)
    assert "toewijzingsdatum" not in uit.toewijzing
    assert "--op" in uit.opmerkingen[0]


def test_a_jw315_without_op_says_that_its_date_is_not_that_of_the_decision() -> None:
    (uit,) = ingelezen(bericht("JW315", [product315()]))
    assert uit.toewijzing["toewijzingsdatum"] == "2021-05-12"
    assert uit.opmerkingen == (
        "Als toewijzingsdatum geldt de Dagtekening van het verzoek. Dat is niet de dag van het "
        "besluit. Kies die dag met --op; de uitkomst kan dan anders zijn.",
    )


def test_op_is_the_date_of_a_jw315_and_of_nothing_else() -> None:
    verzoek, besluit = ingelezen(
        bericht("JW315", [product315()]),
        bron(bericht("JW301", [product301()])),
        op="2021-07-01",
    )
    assert verzoek.toewijzing["toewijzingsdatum"] == "2021-07-01"
    assert verzoek.opmerkingen == ("Als toewijzingsdatum geldt 2021-07-01, gekozen met --op.",)
    assert besluit.toewijzing["toewijzingsdatum"] == "2021-05-10"
