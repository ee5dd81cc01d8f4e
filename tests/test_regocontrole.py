"""Everything wrong in the policies at once, in Dutch, at its place."""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from conftest import project_met
from regofouten import AFSPRAKEN, OPMAAK, TYPEN, Fout, bewerk
from regofouten_eigen import AFSPRAAK, STIJL
from uitfasering.gegevens import Gegevens, laad
from uitfasering.melding import Melding
from uitfasering.rego import controle as regocontrole
from uitfasering.rego.uitleg import Kennis
from uitfasering.rego.vertaling import vertaal
from uitfasering.yamlreader import MAX_BYTES
from volledig import steekproef


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    return project_met(root, tmp_path / "project", {})


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Gegevens:
    return laad(root)


def test_wat_wij_leveren_is_goed(root: Path, gegevens: Gegevens) -> None:
    assert regocontrole.controleer(root, gegevens) == []


@pytest.mark.parametrize(
    "fouten",
    steekproef(
        [
            pytest.param([*OPMAAK, *TYPEN], id="opmaak en typen"),
            pytest.param(AFSPRAAK, id="afspraak"),
            pytest.param(STIJL, id="stijl"),
        ],
        3,
    ),
)
def test_alles_in_een_keer(fouten: Sequence[Fout], project: Path, gegevens: Gegevens) -> None:
    expected = bewerk(project, fouten)
    assert regocontrole.controleer(project, gegevens) == expected


def test_velden_die_niet_kloppen(project: Path, gegevens: Gegevens) -> None:
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    # The velden of B1-18b are right as long as it looks at the segment.
    old = '\tinput.feiten.segment == "top"\n\tinput.feiten.handeling == "lopend"\n'
    assert old in text
    path.write_text(text.replace(old, '\tinput.feiten.handeling == "lopend"\n'), "utf-8")
    (found,) = regocontrole.controleer(project, gegevens)
    assert (found.code, found.pad) == ("regel-velden", "afspraken.B1-18b.velden")
    assert found.bestand == "data/afspraken/brief-2021-05-06.yaml"
    row = text[: text.index('van_toepassing contains "B1-18b"')].count("\n") + 1
    assert found.bericht == (
        f"B1-18b (policies/uitfasering/afspraken/b1_17_overgangsjaar.rego:{row}) gebruikt niet: "
        "product.segment."
    )
    assert found.oplossing == (
        "Is een voorwaarde weggevallen? Zet haar terug. Anders: "
        "Schrijf velden: [einddatum, handeling, ingangsdatum, toewijzingsdatum]"
    )


def test_regel_die_nooit_kan_gelden(project: Path, gegevens: Gegevens) -> None:
    """A warning: nothing is wrong with it but that it does nothing."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    head = 'van_toepassing contains "B1-17" if {\n'
    path.write_text(text.replace(head, head + "\t1 == 2\n"), "utf-8")
    (found,) = regocontrole.controleer(project, gegevens)
    assert (found.code, found.ernst) == ("regel-nooit", "waarschuwing")
    assert found.bericht == "Met deze gegevens kan B1-17 nooit gelden."
    assert (found.regel, found.pad) == (text[: text.index(head)].count("\n") + 1, "B1-17")


def test_grenzen_van_een_feit(project: Path, gegevens: Gegevens) -> None:
    """No profiel is 13, but every profiel is below it."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    for regel, line in (
        ("B1-18", "input.feiten.profiel == 13"),
        ("B1-17", "input.feiten.profiel < 13"),
    ):
        head = f'van_toepassing contains "{regel}" if {{\n'
        text = text.replace(head, f"{head}\t{line}\n")
    path.write_text(text, "utf-8")
    found = regocontrole.controleer(project, gegevens)
    assert [m.code for m in found].count("regel-vaste-waarde") == 2
    (impossible,) = [m for m in found if m.code == "regel-onmogelijke-waarde"]
    assert (impossible.pad, impossible.bericht) == ("B1-18", "Het feit profiel kan nooit 13 zijn.")
    assert impossible.oplossing == "Schrijf een heel getal tot en met 12, zonder aanhalingstekens."


def test_zonder_metadata_is_een_fout(project: Path, gegevens: Gegevens) -> None:
    """Not two: what lacks its METADATA also lacks its label."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    begin, end = text.index("# METADATA"), text.index("van_toepassing")
    path.write_text(text[:begin] + text[end:], "utf-8")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "b1_17_overgangsjaar.rego:3 regel-metadata: Boven B1-17 staat geen METADATA met een titel. "
        "Zet erboven: # METADATA en daaronder # title: en een korte omschrijving, dan # labels: en "
        "daaronder #   regel: B1-17."
    ]


def test_feit_dat_een_tabel_noemt(project: Path, gegevens: Gegevens) -> None:
    """The name of a fact may stand in data/; OPA's check does not see it."""
    begrippen = {**gegevens.begrippen}
    name = next(n for n, value in begrippen.items() if value == "een_jaar_later")
    begrippen[name] = "een_jar_later"
    other = dataclasses.replace(gegevens, begrippen=begrippen)
    found = [m for m in regocontrole.controleer(project, other) if m.code == "regel-onbekend-feit"]
    assert {m.oplossing for m in found} == {"Bedoelt u een_jaar_later?"}
    assert {m.bericht for m in found} == {"Het feit een_jar_later bestaat niet."}


def test_zonder_gegevens_wordt_gekeurd_wat_kan(project: Path) -> None:
    """Tables that are wrong hide no fault in the Rego that does not rest on them."""
    typen = [fout for fout in TYPEN if fout.code != "regel-onbekend-gegeven"]
    stijl = [fout for fout in STIJL if fout.bericht.endswith("250 in de regels zelf.")]
    expected = bewerk(project, [*OPMAAK[4:], *typen, *stijl])
    assert regocontrole.controleer(project, None) == expected


def kort(meldingen: Iterable[Melding]) -> list[str]:
    return [
        f"{Path(m.bestand).name}:{m.regel} {m.code}: {m.bericht} {m.oplossing}" for m in meldingen
    ]


def test_nummer_met_een_tikfout_is_een_fout(project: Path, gegevens: Gegevens) -> None:
    """Not three: that the entry has no rule and the label differs is the same fault."""
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    path.write_text(path.read_text("utf-8").replace('s "B1-17" if', 's "B1-71" if'), "utf-8")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "b1_17_overgangsjaar.rego:7 regel-nummer: B1-71 heeft geen gegevens. Bedoelt u B1-17?",
    ]


def test_nieuwe_regel_zonder_gegevens_en_andersom(project: Path, gegevens: Gegevens) -> None:
    folder = project / AFSPRAKEN
    (folder / "b2_12_profiel_11_en_12.rego").unlink()
    (folder / "nieuw.rego").write_text(
        "package uitfasering.afspraken\n\n# METADATA\n# title: Nieuw\n# labels:\n"
        '#   regel: X-99\nvan_toepassing contains "X-99" if input.feiten.segment == "top"\n',
        "utf-8",
    )
    found = regocontrole.controleer(project, gegevens)
    assert {m.code for m in found} == {"regel-nummer", "regel-zonder-rego"}
    assert (
        "nieuw.rego:7 regel-nummer: X-99 heeft geen gegevens. "
        "Voeg de afspraak toe in data/afspraken."
    ) in kort(found)
    lost = {m.pad for m in found if m.code == "regel-zonder-rego"}
    assert {"afspraken.B2-12", "afspraken.B2-12a", "afspraken.B2-12b", "afspraken.B2-13"} == lost


def test_twee_keer_hetzelfde_nummer(project: Path, gegevens: Gegevens) -> None:
    path = project / AFSPRAKEN / "b1_17_overgangsjaar.rego"
    text = path.read_text("utf-8")
    part = text[text.index("# METADATA") : text.index("# METADATA", 50)]
    path.write_text(f"{text}\n{part}", "utf-8")
    (found,) = regocontrole.controleer(project, gegevens)
    assert found.bericht == (
        "B1-17 staat er twee keer, ook in "
        "policies/uitfasering/afspraken/b1_17_overgangsjaar.rego, regel 7."
    )
    assert found.regel == text.count("\n") + 6


@pytest.mark.parametrize(
    ("tekst", "bericht"),
    [
        pytest.param("", "De regel package ontbreekt of is niet te lezen.", id="leeg"),
        pytest.param("pakage x\n", "De regel package ontbreekt of is niet te lezen.", id="tikfout"),
        pytest.param(
            "package uitfasering.afspraken\n\n_a if _b\n",
            "Dit bestand hoort bij uitfasering, maar er staat package uitfasering.afspraken.",
            id="van een andere map",
        ),
    ],
)
def test_bestand_met_een_verkeerd_pakket(
    tekst: str, bericht: str, project: Path, gegevens: Gegevens
) -> None:
    """Also: it is the only fault, and what it holds is not missed elsewhere."""
    path = project / "policies" / "uitfasering" / "los.rego"
    path.write_text(tekst, "utf-8")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        f"los.rego:1 regel-pakket: {bericht} Schrijf bovenaan: package uitfasering"
    ]


def test_hulpregels_met_een_fout_worden_elders_niet_gemist(
    project: Path, gegevens: Gegevens
) -> None:
    """begrippen.rego cannot be read at all: no rule that calls it is wrong."""
    path = project / AFSPRAKEN / "begrippen.rego"
    path.write_text(path.read_text("utf-8").replace("package ", "pakage "), "utf-8")
    assert [m.code for m in regocontrole.controleer(project, gegevens)] == ["regel-pakket"]


def test_andere_opslag(project: Path, gegevens: Gegevens) -> None:
    """Latin-1, a byte order mark with CRLF, a file next to the folder: all of it at once."""
    folder = project / AFSPRAKEN
    path = folder / "b1_17_overgangsjaar.rego"
    path.write_bytes(path.read_bytes() + b"\n# caf\xe9\n")
    (folder / "bom.rego").write_bytes(
        b"\xef\xbb\xbfpackage uitfasering.afspraken\r\n\r\n"
        b"_a if {\r\n\tinput.feiten.code == 1\r\n}\r\n"
    )
    (project / "policies" / "ernaast.rego").write_text("package x\n", "utf-8")
    last = path.read_bytes().count(b"\n")
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "ernaast.rego:0 regel-pakket: Dit bestand staat niet in policies/uitfasering, en doet dus "
        "niet mee. Verplaats het naar policies/uitfasering/afspraken, of haal het weg.",
        f"b1_17_overgangsjaar.rego:{last} regel-bestand: Dit bestand is niet als UTF-8 opgeslagen; "
        "hier staat een teken dat niet klopt. Sla het op als UTF-8: kies in uw tekstprogramma "
        "Opslaan als, codering UTF-8.",
        "bom.rego:4 regel-type: Het feit code is tekst, maar wordt vergeleken met een getal. "
        "Zet de waarde tussen dubbele aanhalingstekens.",
    ]


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (
            None,
            "Dit bestand kan niet worden gelezen. Kijk of het een gewoon bestand is en of u het "
            "mag openen.",
        ),
        (b"package x\n\0", "Dit is geen tekstbestand. Kijk of het wel het goede bestand is."),
        (
            b"#" * (MAX_BYTES + 1),
            "Dit bestand is groter dan 1 MB. Kijk of het wel het goede bestand is.",
        ),
    ],
    ids=["map", "binair", "te groot"],
)
def test_bestand_dat_niet_te_lezen_is(
    inhoud: bytes | None, zin: str, project: Path, gegevens: Gegevens
) -> None:
    """What rests on it is then not called wrong; the text of the other files is still checked."""
    path = project / AFSPRAKEN / "begrippen.rego"
    path.unlink()
    if inhoud is None:
        path.mkdir()
    else:
        path.write_bytes(inhoud)
    bewerk(project, STIJL[:1])
    assert kort(regocontrole.controleer(project, gegevens)) == [
        "b1_19_aflopen.rego:8 regel-vaste-waarde: Hier staat het getal 250 in de regels zelf. "
        "Zet het in data/, en gebruik hier de naam.",
        f"begrippen.rego:0 regel-bestand: {zin}",
    ]


def test_een_toetsbestand_hoort_erbij(project: Path, gegevens: Gegevens) -> None:
    path = project / AFSPRAKEN / "begrippen_test.rego"
    row = path.read_text("utf-8").count("\n") + 2
    path.write_text(
        path.read_text("utf-8")
        + "\ntest_x if data.uitfasering.afspraken.geldt_vor({}) # op 2021-05-01, 99 keer\n",
        "utf-8",
    )
    assert kort(regocontrole.controleer(project, gegevens)) == [
        f"begrippen_test.rego:{row} regel-onbekende-naam: De hulpregel geldt_vor bestaat niet. "
        "Bedoelt u geldt_voor?"
    ]


@pytest.mark.parametrize(
    ("melding", "zin"),
    [
        pytest.param(
            {"code": "rego_compile_error", "message": "something new"},
            "OPA keurt dit af. OPA zegt: something new.",
            id="onbekend",
        ),
        pytest.param(
            {"code": "rego_type_error", "message": "match error"},
            "Hier staat iets tegenover iets; die zijn nooit gelijk.",
            id="zonder plaats",
        ),
    ],
)
def test_melding_van_opa_zonder_plaats(melding: dict[str, str], zin: str) -> None:
    (found,) = vertaal([melding], None, Kennis([], {}))
    assert (found.bestand, found.regel, found.bericht) == ("policies", 0, zin)
