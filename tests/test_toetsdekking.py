"""The coverage of the cases: complete as shipped, and honest about what is not."""

import io
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from uitfasering.melding import Melding
from uitfasering.opdrachten.toets import toets
from uitfasering.residu import Residu, Vergelijking
from uitfasering.toets.dekking import Dekking, Onderdeel, Punt, meet, rapport, voorbeelden
from uitfasering.toets.dekking.meten import GEWONE_TABELLEN
from uitfasering.toets.dekking.plakken import Plakgeval, plakgevallen, zin
from uitfasering.toets.dekking.punten import beslist, buur, punten
from uitfasering.toets.gevallen import MAP, Geval, lees_gevallen
from uitfasering.toets.uitvoeren import Uitslag, draai
from uitfasering.varianten import met
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import lees as lees_zinnen


@pytest.fixture(scope="module")
def werkbank(root: Path) -> Iterator[Werkbank]:
    with Werkbank(root) as bank:
        yield bank


@pytest.fixture(scope="module")
def gevallen(root: Path) -> list[Geval]:
    return lees_gevallen(root)[0]


@pytest.fixture(scope="module")
def dekking(werkbank: Werkbank, gevallen: list[Geval]) -> Dekking:
    return meet(werkbank, gevallen)


# As shipped.


def test_de_gevallen_tonen_alles(dekking: Dekking) -> None:
    missing = [punt for own in dekking.ontbreekt.values() for punt in own]
    assert missing == []
    assert dekking.nooit == ()
    assert dekking.percentage == 100


def test_elke_gemeente_en_elke_parameter_telt(dekking: Dekking, werkbank: Werkbank) -> None:
    assert len(dekking.gemeenten) == 11
    assert all(dekking.gemeenten.values())
    parameters = {
        (regel, name)
        for regel in werkbank.gegevens.afspraken
        for name in werkbank.gegevens.parameters(regel)
    }
    assert dekking.parameters.keys() == parameters
    assert all(dekking.parameters.values())


def test_elke_afspraak_geldt_in_een_geval_en_net_niet_in_een_ander(
    dekking: Dekking, werkbank: Werkbank
) -> None:
    shown = {(punt.onderdeel.regel, punt.geldt) for punt in dekking.gedekt if punt.kern is None}
    assert shown == {(r, geldt) for r in werkbank.gegevens.afspraken for geldt in (True, False)}


def test_een_geval_toont_alleen_wat_het_zegt(dekking: Dekking) -> None:
    for punt, shown in dekking.gedekt.items():
        regel, deel = punt.onderdeel.regel, punt.onderdeel.deel
        for geval in shown:
            verwacht = geval.verwacht
            if not deel:
                assert regel in verwacht["regels" if punt.geldt else "niet"], geval.kenmerk
            elif regel == "A-00" and punt.geldt:
                assert deel in verwacht["foutvelden"], geval.kenmerk
            elif regel == "A-03" and punt.geldt:
                assert deel in verwacht["ontbreekt"], geval.kenmerk


@pytest.mark.lang
def test_een_geval_dat_iets_anders_verwacht_toont_niets(
    werkbank: Werkbank, dekking: Dekking
) -> None:
    punt = van("datum, net wel", dekking)
    geval = dekking.gedekt[punt][0]
    fout = replace(geval, verwacht={"uitkomst": "TOEGESTAAN", "niet": ["B1-02"]})
    shown = meet(werkbank, [fout]).gedekt
    assert [found for found in shown if found.onderdeel.regel == "B1-02"] == []


# Read one by one: each of these follows from the other conditions of its rule.
@pytest.mark.parametrize(
    "volgt",
    [
        # the end of a period cannot be missing: the schema wants both days
        "A-00 (periode.einddatum) geldt net niet: einde van de declaratieperiode is onbekend",
        # A-07 is then the only answer
        "A-02 geldt net niet: raamovereenkomst is nieuw",
        # every way to fire names the handeling
        "B1-09 geldt net niet: het gaat niet om een nieuwe toewijzing of verlenging",
        # more than 4,000 minutes are known minutes
        "B1-14 geldt net niet: aantal minuten is onbekend",
        # decided before 6 May 2021 is before 2022
        "B1-21 geldt net niet: toewijzingsdatum is 1 januari 2022",
        # what runs past 2022 runs past 2021
        "B2-11b geldt net niet: einddatum is 31 december 2021",
        # it would end before it begins
        "B2-11e geldt net niet: ingangsdatum is 1 januari 2022",
    ],
)
def test_wat_uit_de_rest_volgt(volgt: str, dekking: Dekking, werkbank: Werkbank) -> None:
    zinnen = lees_zinnen(werkbank.root, werkbank.gegevens)
    assert volgt in [zin(punt, zinnen) for punt in dekking.volgt]


@pytest.mark.lang
def test_zonder_gevallen_is_alles_te_maken_wat_nu_getoond_is(
    dekking: Dekking, werkbank: Werkbank
) -> None:
    """The search is as good as the writers of the cases, without looking at them."""
    leeg = meet(werkbank, [])
    gevonden = {punt for own in leeg.ontbreekt.values() for punt in own}
    # With the shipped tables B1-04 fires for profile 11 too; the file with a contract day shows it.
    eigen = {"B1-20", "B2-07", "B2-12", "B2-12b"}
    nodig = {punt for punt in dekking.gedekt if punt.onderdeel.regel not in eigen}
    assert {zin_van(punt) for punt in nodig - gevonden} == {
        ("B1-04", True, Vergelijking("profiel", "not in", (11,)), None),
        (
            "B1-04",
            False,
            Vergelijking("profiel", "not in", (11,)),
            Vergelijking("profiel", "==", (11,)),
        ),
    }
    assert set(leeg.nooit) == eigen
    assert leeg.percentage == 0


def zin_van(punt: Punt) -> tuple[str, bool, Vergelijking | None, Vergelijking | None]:
    return punt.onderdeel.naam, punt.geldt, punt.kern, punt.stand


# Something is missing.


def overgeslagen(root: Path, target: Path, weg: Sequence[Geval]) -> list[Geval]:
    """The shipped cases in a copy, with these skipped."""
    if not target.exists():
        shutil.copytree(root / MAP, target)
    for geval in weg:
        path = target / Path(geval.bestand).relative_to(MAP)
        text = path.read_text("utf-8")
        naam = next(
            line
            for line in text.splitlines(keepends=True)
            if line.endswith(f"naam: {geval.naam}\n")
        )
        path.write_text(text.replace(naam, f"{naam}    overslaan: voor de proef\n", 1), "utf-8")
    gevallen, meldingen = lees_gevallen(root, [target])
    assert meldingen == []
    return gevallen


def gemist(dekking: Dekking) -> set[Punt]:
    return {punt for own in dekking.ontbreekt.values() for punt in own}


def plak(werkbank: Werkbank, gevallen: Sequence[Geval], dekking: Dekking) -> list[Plakgeval]:
    zinnen = lees_zinnen(werkbank.root, werkbank.gegevens)
    return plakgevallen(voorbeelden(werkbank, gevallen, dekking), werkbank.gegevens, zinnen)


# Of each a point: the rule (and part), whether it fires, and where its fact must stand.
HEEN_EN_TERUG = {
    "datum, net wel": ("B1-02", True, Vergelijking("toewijzingsdatum", "==", ("2021-05-01",))),
    "datum, net niet": ("B1-02", False, Vergelijking("toewijzingsdatum", "==", ("2021-04-30",))),
    "een van twee datums": (
        "B1-16",
        True,
        Vergelijking("toewijzingsdatum", "==", ("2021-05-01",)),
    ),
    "lijst": ("B1-04", True, Vergelijking("profiel", "==", (12,))),
    "niet in lijst": ("B2-08", False, Vergelijking("volume", "==", (400,))),
    "getal": ("B1-14", True, Vergelijking("minuten", "==", (4001,))),
    "twee feiten": (
        "B1-15",
        False,
        Vergelijking("einddatum", "==", (), "dag ervoor: een_jaar_later"),
    ),
    "gemeente": ("B2-11", True, Vergelijking("gemeente", "==", ("1896",))),
    "buiten de regio": ("A-01", False, Vergelijking("gemeente", "==", ("0148",))),
    "wat ontbreekt": (
        "A-03 (gemotiveerd)",
        True,
        Vergelijking("einddatum", "==", (), "een_jaar_later"),
    ),
    "foute invoer": (
        "A-00 (einddatum)",
        True,
        Vergelijking("einddatum", "==", (), "dag ervoor: ingangsdatum"),
    ),
    "eigen tabellen": ("B2-12", True, Vergelijking("toewijzingsdatum", "==", ("2022-03-01",))),
    "afwijking": ("B1-20", False, Vergelijking("toewijzingsdatum", "==", ("2021-08-01",))),
}


@dataclass(frozen=True)
class Proef:
    """All points of HEEN_EN_TERUG taken away at once, and pasted back."""

    zonder: Dekking
    plakgevallen: list[Plakgeval]
    niet_ingevuld: list[Melding]
    geplakt: list[Uitslag]
    weer: Dekking


@pytest.fixture(scope="module")
def proef(
    root: Path, tmp_path_factory: pytest.TempPathFactory, werkbank: Werkbank, dekking: Dekking
) -> Proef:
    folder = tmp_path_factory.mktemp("proef") / "gevallen"
    weg = {g.kenmerk: g for soort in HEEN_EN_TERUG for g in dekking.gedekt[van(soort, dekking)]}
    over = overgeslagen(root, folder, list(weg.values()))
    zonder = meet(werkbank, over)
    te_plakken = plak(werkbank, over, zonder)

    def plak_met(uitkomsten: Mapping[str, str]) -> tuple[list[Geval], list[Melding]]:
        """Each case at the end of its file, its outcome filled in; read as any other."""
        for path in {Path(one.bestand) for one in te_plakken}:
            own = [one for one in te_plakken if Path(one.bestand) == path]
            cases = (
                one.tekst.replace("VUL IN", uitkomsten.get(one.tekst, "VUL IN")) for one in own
            )
            new = folder.parent / "geplakt" / path.relative_to(folder)
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(path.read_text("utf-8") + "".join(cases), "utf-8")
        return lees_gevallen(root, [folder.parent / "geplakt"])

    _, niet_ingevuld = plak_met({})
    # What the letter says of it is not the business of this test: OPA fills in the outcome.
    gelezen, _ = plak_met({one.tekst: "TOEGESTAAN" for one in te_plakken})
    uitkomsten = {
        uitslag.geval.naam: str(uitslag.besluit["uitkomst"])
        for uitslag in draai(werkbank, gelezen)
        if uitslag.besluit
    }
    gelezen, meldingen = plak_met({one.tekst: uitkomsten[naam(one)] for one in te_plakken})
    assert meldingen == []

    def oorspronkelijk(geval: Geval) -> str:
        return geval.bestand.replace("/geplakt/", "/gevallen/")

    bestanden = {oorspronkelijk(geval) for geval in gelezen}
    rest = [geval for geval in over if geval.bestand not in bestanden]
    alles = sorted([*rest, *gelezen], key=oorspronkelijk)
    namen = {naam(one) for one in te_plakken}
    geplakt = [one for one in draai(werkbank, gelezen) if one.geval.naam in namen]
    return Proef(zonder, te_plakken, niet_ingevuld, geplakt, meet(werkbank, alles))


def van(soort: str, dekking: Dekking) -> Punt:
    wanted = HEEN_EN_TERUG[soort]
    return next(p for p in dekking.gedekt if (p.onderdeel.naam, p.geldt, p.stand) == wanted)


def naam(geval: Plakgeval) -> str:
    found = re.search(r'- naam: "(.*)"', geval.tekst)
    assert found
    return found[1]


@pytest.mark.lang
@pytest.mark.parametrize("soort", HEEN_EN_TERUG)
def test_wat_weg_is_wordt_gemeld_en_is_te_plakken(
    soort: str, proef: Proef, dekking: Dekking
) -> None:
    punt = van(soort, dekking)
    assert punt in gemist(proef.zonder)
    geval = next(one for one in proef.plakgevallen if punt in one.punten)
    assert not geval.nieuw
    (uitslag,) = [one for one in proef.geplakt if one.geval.naam == naam(geval)]
    assert uitslag.stand == "goed"
    assert punt not in gemist(proef.weer)


@pytest.mark.lang
def test_geplakt_is_alles_weer_heel(proef: Proef) -> None:
    assert proef.zonder.percentage < 100
    assert gemist(proef.weer) == set()


@pytest.mark.lang
def test_wie_niets_invult_hoort_dat(proef: Proef) -> None:
    """Only the outcome is left to fill in, and the program says so at each case."""
    assert len(proef.niet_ingevuld) == len(proef.plakgevallen)
    for melding in proef.niet_ingevuld:
        assert melding.pad.endswith(".verwacht.uitkomst")


@pytest.mark.lang
def test_een_afspraak_zonder_bestand_krijgt_een_nieuw_bestand(
    root: Path, tmp_path: Path, werkbank: Werkbank, gevallen: list[Geval]
) -> None:
    over = [geval for geval in gevallen if "b1-17" not in geval.bestand]
    zonder = meet(werkbank, over)
    eigen = [punt for punt in gemist(zonder) if punt.onderdeel.regel == "B1-17"]
    own = plak(werkbank, over, replace(zonder, ontbreekt={GEWONE_TABELLEN: eigen}))
    assert {one.bestand for one in own} == {"tests/gevallen/brief-2021-05-06/b1-17.yaml"}
    assert all(one.nieuw for one in own)
    path = tmp_path / "b1-17.yaml"
    path.write_text("".join(one.tekst for one in own).replace("VUL IN", "TOEGESTAAN"), "utf-8")
    gelezen, meldingen = lees_gevallen(root, [path])
    assert meldingen == []
    weer = meet(werkbank, [*over, *gelezen])
    assert {punt for one in own for punt in one.punten} <= weer.gedekt.keys()


# The tables or the policies change, the cases do not.


@pytest.mark.lang
def test_een_andere_datum_in_de_tabellen(werkbank: Werkbank, gevallen: list[Geval]) -> None:
    """As when somebody changes the contract day in data/gebeurtenissen.yaml."""
    eigen = werkbank.gegevens
    werkbank.zet_gegevens(met(eigen, {"crisisroute_gecontracteerd_per": "2022-05-01"}))
    try:
        meting = meet(werkbank, gevallen)
    finally:
        werkbank.zet_gegevens(eigen)
    stands = {p.stand for p in gemist(meting) if p.onderdeel.regel == "B2-12"}
    dagen = ("2022-05-01", "2022-04-30")
    assert stands == {Vergelijking("toewijzingsdatum", "==", (dag,)) for dag in dagen}


@pytest.mark.lang
def test_een_andere_keuze_van_een_gemeente(werkbank: Werkbank, gevallen: list[Geval]) -> None:
    """Deventer lets run off: only Deventer asks for a case."""
    eigen = werkbank.gegevens
    werkbank.zet_gegevens(met(eigen, {"keuzes": {"0150": "aflopen"}}))
    try:
        meting = meet(werkbank, gevallen)
    finally:
        werkbank.zet_gegevens(eigen)
    deventer = Vergelijking("gemeente", "==", ("0150",))
    assert {(p.onderdeel.regel, p.stand) for p in gemist(meting)} == {("B2-11a", deventer)}
    # its case still expects B2-11; A-01 knows it all the same
    assert meting.gemeenten["0150"]


@pytest.mark.lang
def test_een_andere_parameter(root: Path, tmp_path: Path, gevallen: list[Geval]) -> None:
    for name in ("policies", "schemas", "data"):
        shutil.copytree(root / name, tmp_path / name)
    path = tmp_path / "data" / "afspraken" / "brief-2021-05-06.yaml"
    text = path.read_text("utf-8")
    assert 'waarde: "2021-05-06"' in text
    path.write_text(text.replace('waarde: "2021-05-06"', 'waarde: "2021-05-08"'), "utf-8")
    with Werkbank(tmp_path) as bank:
        meting = meet(bank, gevallen)
    assert {(p.onderdeel.regel, p.stand) for p in gemist(meting)} == {
        ("B1-21", Vergelijking("toewijzingsdatum", "==", ("2021-05-07",))),
        ("B1-21", Vergelijking("toewijzingsdatum", "==", ("2021-05-08",))),
    }
    assert [key for key, used in meting.parameters.items() if not used] == [("B1-21", "vanaf")]


@pytest.mark.lang
def test_een_vergelijking_erbij_in_de_rego(root: Path, gevallen: list[Geval]) -> None:
    bestand = "uitfasering/afspraken/b2_06_medicatiecontrole.rego"
    text = (root / "policies" / bestand).read_text("utf-8")
    regel = 'van_toepassing contains "B2-14" if {\n'
    assert text.count(regel) == 1
    with Werkbank(root) as bank:
        bank.zet_policy(bestand, text.replace(regel, f'{regel}\tinput.feiten.verwijzer == "04"\n'))
        meting = meet(bank, gevallen)
    verwijzer = Vergelijking("verwijzer", "==", ("04",))
    assert {(p.onderdeel.regel, p.geldt) for p in gemist(meting) if p.kern == verwijzer} == {
        ("B2-14", True),
        ("B2-14", False),
    }


# How a rule is taken apart.


def onderdeel(*alternatieven: tuple[Vergelijking, ...]) -> Onderdeel:
    return Onderdeel("B9-99", "", False, Residu(alternatieven))


@pytest.mark.parametrize(
    ("operator", "wel", "niet"),
    [
        (">=", "2021-05-01", "2021-04-30"),
        (">", "2021-05-02", "2021-05-01"),
        ("<=", "2021-05-01", "2021-05-02"),
        ("<", "2021-04-30", "2021-05-01"),
    ],
)
def test_op_en_naast_een_datum(operator: str, wel: str, niet: str) -> None:
    v = Vergelijking("ingangsdatum", operator, ("2021-05-01",))
    found = {(p.geldt, p.stand) for p in punten([onderdeel((v,))]) if p.kern == v}
    assert found == {
        (True, Vergelijking("ingangsdatum", "==", (wel,))),
        (False, Vergelijking("ingangsdatum", "==", (niet,))),
    }


@pytest.mark.parametrize(
    ("waarde", "step", "verwacht"),
    [
        ("2021-12-31", 1, "2022-01-01"),
        ("2024-03-01", -1, "2024-02-29"),
        ("9999-12-31", 1, None),
        ("0001-01-01", -1, None),
        ("54002", 1, None),
        (4000, 1, 4001),
    ],
)
def test_buur(waarde: str | int, step: int, verwacht: str | int | None) -> None:
    assert buur(waarde, step) == verwacht


def test_elke_waarde_van_een_lijst_telt_en_een_gemeente_een_keer() -> None:
    profiel = Vergelijking("profiel", "not in", (11, 12))
    gemeente = Vergelijking("gemeente", "in", ("0193", "0150"))
    found = list(punten([onderdeel((profiel, gemeente)), onderdeel((gemeente,))]))
    assert [p.stand.waarden[0] for p in found if p.stand and p.stand.feit == "profiel"] == [11, 12]
    gemeenten = [p.stand.waarden[0] for p in found if p.stand and p.stand.feit == "gemeente"]
    assert gemeenten == ["0193", "0150"]


def test_wat_beslist() -> None:
    # 0 and 1, or 0 and 2
    alternatieven = [[0, 1], [0, 2]]
    assert beslist(alternatieven, [True, True, False]) == (True, {0, 1})
    assert beslist(alternatieven, [True, True, True]) == (True, {0})
    assert beslist(alternatieven, [True, False, False]) == (False, {1, 2})
    assert beslist(alternatieven, [False, True, False]) == (False, {0})
    assert beslist(alternatieven, [False, False, False]) == (False, set())


# The command.


@pytest.mark.lang
def test_opdracht_met_een_minimum(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    bestand = str(MAP / "algemeen" / "verkorting.yaml")
    result = CliRunner().invoke(toets, [bestand, "--minimum", "100"], standalone_mode=False)
    assert result.return_value == 1
    assert re.search(r"minder dan 100 %: er ontbreken \d+ punten", result.output)


def test_rapport_van_wat_alles_toont(werkbank: Werkbank, dekking: Dekking) -> None:
    zinnen = lees_zinnen(werkbank.root, werkbank.gegevens)
    uit = io.StringIO()
    rapport.schrijf(dekking, [], werkbank.gegevens, zinnen, uit)
    text = uit.getvalue()
    assert "Gemeenten                   11 van  11\n" in text
    assert "er ontbreekt iets" not in text
    assert text.endswith(f"{rapport.samenvatting(dekking)}\n")
    assert all(len(line) <= 80 for line in text.splitlines())


@pytest.mark.lang
def test_rapport_van_wat_ontbreekt(
    root: Path, tmp_path: Path, werkbank: Werkbank, gevallen: list[Geval], dekking: Dekking
) -> None:
    zinnen = lees_zinnen(root, werkbank.gegevens)
    # one case is the only one that shows the day of the letter
    weg = next(
        shown
        for punt, shown in dekking.gedekt.items()
        if punt.stand == Vergelijking("toewijzingsdatum", "==", ("2021-05-06",))
    )
    over = overgeslagen(root, tmp_path / "gevallen", weg)
    zonder = meet(werkbank, over)
    gevonden = voorbeelden(werkbank, over, zonder)
    uit = io.StringIO()
    rapport.schrijf(zonder, gevonden, werkbank.gegevens, zinnen, uit)
    assert re.search(r"B1-21 +\d+ van +\d+   er ontbreekt iets\n", uit.getvalue())
    bestand = tmp_path / "gevallen" / "brief-2021-05-06" / "b1-02-midden-herstel.yaml"
    assert (
        "Er ontbreekt 1 punt. Dit geval toont het.\n"
        "Plak elk geval in het bestand dat erboven staat, onder gevallen. Lees in de brief\n"
        "wat de uitkomst moet zijn, en vul die in.\n"
        "\n"
        f"{bestand}\n"
        "\n"
        '  # B1-21, brief van 6 mei 2021: "Per 1 mei 2021 geven de lokale toegangen geen toewijzing'
        ' meer af"\n'
        "  # Toont: B1-21 geldt net niet: toewijzingsdatum is 6 mei 2021.\n"
        '  - naam: "B1-21 geldt net niet: toewijzingsdatum is 6 mei 2021"\n'
        "    uitgangspunt: nieuw herstel\n"
        '    met: {toewijzingsdatum: "2021-05-06"}\n'
        "    verwacht: {uitkomst: VUL IN, niet: [B1-21]}\n"
        "\n"
    ) in uit.getvalue()

    tree = rapport.als_object(zonder, gevonden, werkbank.gegevens, zinnen)
    assert tree["percentage"] == 99
    assert tree["ontbreekt"] == 1
    assert tree["afspraken"]["B1-02"]["gedekt"] == tree["afspraken"]["B1-02"]["punten"]
    (geval,) = tree["plakken"]
    assert geval["punten"][0]["stand"] == {
        "feit": "toewijzingsdatum",
        "operator": "==",
        "waarden": ("2021-05-06",),
        "ander_feit": None,
    }
