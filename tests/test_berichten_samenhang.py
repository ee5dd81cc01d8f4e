"""Messages that belong together: what an earlier or another one adds (issue section 6)."""

from __future__ import annotations

import pytest

from berichtenbouw import bericht, een, ingelezen, lees, prestatie, product301, product315
from uitfasering.melding import Melding


def nieuw_of_lopend(*eerdere: str, nummer: str = "1001") -> str:
    uit = ingelezen(*eerdere, bericht("JW301", [product301(nummer)]))
    return str(uit[-1].toewijzing["handeling"])


def test_an_earlier_message_with_the_number_makes_it_running() -> None:
    eerder = bericht("JW301", [product301()], dagtekening="2021-05-11")
    assert nieuw_of_lopend(eerder) == "lopend"
    assert nieuw_of_lopend(eerder, nummer="000000001001") == "lopend"
    assert nieuw_of_lopend(eerder, nummer="1002") == "nieuw"


def test_the_order_of_the_files_matters_only_on_the_same_day() -> None:
    eerder = bericht("JW301", [product301()], dagtekening="2021-05-11")
    nu = bericht("JW301", [product301()], dagtekening="2021-05-12")
    assert [u.toewijzing["handeling"] for u in ingelezen(nu, eerder)] == ["lopend", "nieuw"]
    assert [u.toewijzing["handeling"] for u in ingelezen(nu, nu)] == ["nieuw", "lopend"]


def test_messages_in_one_envelope_are_ordered_too() -> None:
    nu = bericht("JW301", [product301()])
    uit = ingelezen(f"<envelop>{nu}{nu}</envelop>")
    assert [u.toewijzing["handeling"] for u in uit] == ["nieuw", "lopend"]


@pytest.mark.parametrize(
    "geen_eerder",
    [
        bericht("JW301", [product301()], dagtekening="2021-05-13"),
        bericht("JW301", [product301()], dagtekening="2021-01-01", gemeente="0150"),
        bericht("JW301", [product301()], dagtekening="2021-02-31"),
        bericht("JW301", [product301()], dagtekening="2021-01-01", versie="3.2")[:-12],
        bericht("JW301", [product301()], dagtekening="2021-01-01", kop={"BerichtCode": "1"}),
    ],
    ids=["later", "other municipality", "no real day", "broken file", "refused message"],
)
def test_what_is_no_earlier_message(geen_eerder: str) -> None:
    uit = lees(geen_eerder, bericht("JW301", [product301()]))[-1]
    assert not isinstance(uit, Melding)
    assert uit.toewijzing["handeling"] == "nieuw"


def test_a_product_of_the_same_message_is_not_earlier() -> None:
    uit = ingelezen(bericht("JW301", [product301(), product301()]))
    assert [u.toewijzing["handeling"] for u in uit] == ["nieuw", "nieuw"]


def test_an_earlier_declaratie_also_shows_that_it_runs() -> None:
    uit = ingelezen(
        bericht("JW301", [product301()]),
        bericht("JW323", [prestatie()], dagtekening="2021-05-01"),
    )
    assert uit[0].toewijzing["handeling"] == "lopend"
    assert uit[0].handeling_grond == (
        "Geen RedenWijziging; het ToewijzingNummer staat al in 2.xml:1."
    )
    assert uit[0].opmerkingen == ()


def test_the_ground_names_the_first_of_several_earlier_messages() -> None:
    uit = ingelezen(
        bericht("JW301", [product301()], dagtekening="2021-05-11"),
        bericht("JW301", [product301()], dagtekening="2021-05-10"),
        bericht("JW301", [product301()], dagtekening="2021-05-12"),
    )
    assert f"2.xml:{uit[1].regel}" in uit[2].handeling_grond


def test_a_running_one_takes_the_first_toewijzingsdatum() -> None:
    eerste = bericht("JW301", [product301(Toewijzingsdatum="2021-01-04")], dagtekening="2021-01-05")
    tweede = bericht("JW301", [product301(Toewijzingsdatum="2021-03-01")], dagtekening="2021-03-02")
    uit = ingelezen(tweede, bericht("JW301", [product301(RedenWijziging="10")]), eerste)
    assert [u.toewijzing["toewijzingsdatum"] for u in uit] == ["2021-01-04"] * 3
    assert uit[1].opmerkingen == (
        "Als toewijzingsdatum geldt de eerste van dit ToewijzingNummer: 2021-01-04, "
        f"uit 3.xml:{uit[2].regel}.",
    )
    assert uit[2].opmerkingen == ()


@pytest.mark.parametrize(
    ("reden", "datum", "verwacht"),
    [("04", "2021-05-10", "2021-05-10"), ("10", "2021-02-31", "2021-02-31")],
    ids=["a prolongation has its own date", "a date that does not exist stays"],
)
def test_when_the_own_toewijzingsdatum_stays(reden: str, datum: str, verwacht: str) -> None:
    eerder = bericht("JW301", [product301(Toewijzingsdatum="2021-01-04")], dagtekening="2021-01-05")
    nu = bericht("JW301", [product301(Toewijzingsdatum=datum, RedenWijziging=reden)])
    assert een(nu, eerder)["toewijzingsdatum"] == verwacht


def verwijzer(*verzoeken: str) -> tuple[str | None, tuple[str, ...]]:
    product = product301(ReferentieAanbieder=" R1 ")
    uit = ingelezen(bericht("JW301", [product]), *verzoeken)[0]
    return uit.toewijzing.get("verwijzer"), uit.opmerkingen


def test_a_jw315_supplies_the_referrer() -> None:
    verzoek = bericht("JW315", [product315()])
    gevonden, opmerkingen = verwijzer(verzoek)
    assert gevonden == "02"
    plek = f"2.xml:{ingelezen(verzoek)[0].regel}"
    assert opmerkingen == (f"De verwijzer komt uit {plek}: dezelfde ReferentieAanbieder.",)


@pytest.mark.parametrize(
    "verzoek",
    [
        bericht("JW315", [product315(ReferentieAanbieder="R2")]),
        bericht("JW315", [product315()], gemeente="0150"),
        bericht("JW315", [product315()], aanbieder="99000002"),
        bericht("JW315", [product315(Verwijzer=None)]),
    ],
    ids=["reference", "municipality", "provider", "no referrer"],
)
def test_a_jw315_of_something_else_supplies_nothing(verzoek: str) -> None:
    assert verwijzer(verzoek) == (None, ())


def test_two_jw315s_that_disagree_supply_nothing_and_it_is_said() -> None:
    verzoeken = bericht("JW315", [product315(), product315(Verwijzer={"Type": "03"})])
    gevonden, (opmerking,) = verwijzer(verzoeken)
    assert gevonden is None
    assert opmerking.startswith("De verwijzer is niet overgenomen")


def test_two_jw315s_that_agree_supply_it_once() -> None:
    gevonden, opmerkingen = verwijzer(bericht("JW315", [product315(), product315()]))
    assert (gevonden, len(opmerkingen)) == ("02", 1)
