"""What changed between two revisions, and which of it may explain one besluit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from afwijkingenbouw import afwijking
from herhaalhulp import bundel_met, bundel_waarin
from sidecarbundels import lees, met_json, pak_in
from uitfasering.bundelbestand import Bundelbestand, lees_bundel, ontleed
from uitfasering.herhaal.verschil import Verschil, bladen, verschillen
from uitfasering.herhaal.wijzigingen import Wijziging, redenen, wijzigingen

NAMEN = {"0193": "Zwolle", "0150": "Deventer"}


@pytest.fixture(scope="module")
def nu(bundel: Path) -> Bundelbestand:
    return lees_bundel(bundel)


def zinnen(oud: Bundelbestand, nieuw: Bundelbestand) -> list[str]:
    return [wijziging.zin for wijziging in wijzigingen(oud, nieuw, NAMEN)]


def test_gelijke_bundels(nu: Bundelbestand) -> None:
    assert zinnen(nu, nu) == []


def test_alles_van_een_gemeente(nu: Bundelbestand, root: Path, tmp_path: Path) -> None:
    """A deviation with a number of its own, a fixed choice of minutes, and a contact."""
    rij = afwijking("0193", "B1-08", "Besluit 7", parameters={"keuzebudgetten": [1000]})
    anders = lees_bundel(
        bundel_met(
            root,
            tmp_path,
            {
                "afwijkingen": [rij],
                "medicatieminuten": {"0193": 250},
                "lokale_toegang": {"0150": "038 123"},
            },
        )
    )
    gevonden = wijzigingen(nu, anders, NAMEN)
    periode = "1 januari 2021 tot en met 31 december 2022"
    eigen = [w for w in gevonden if not w.woorden]
    assert eigen == [
        Wijziging(
            f"De afwijking van Zwolle op B1-08 ({periode}) is nieuw (data/afwijkingen.yaml)",
            regel="B1-08",
            gemeente="0193",
        ),
        Wijziging(
            "Zwolle, niet gekozen minuten voor medicatie: niets → 400 (data/gemeenten.yaml)",
            gemeente="0193",
        ),
    ]
    woorden = [w for w in gevonden if w.woorden]
    assert {w.gemeente for w in woorden} == {"0150"}
    assert "B1-02, tekst is veranderd (data/afspraken) voor Deventer" in [w.zin for w in woorden]
    terug = [w.zin for w in wijzigingen(anders, nu, NAMEN) if not w.woorden]
    assert terug == [
        f"De afwijking van Zwolle op B1-08 ({periode}) is er zo niet meer (data/afwijkingen.yaml)",
        "Zwolle, niet gekozen minuten voor medicatie: 400 → niets (data/gemeenten.yaml)",
    ]


def test_een_afwijking_verandert_niet_mee_met_de_regio(root: Path, tmp_path: Path) -> None:
    """Its row also holds what it does not deviate from."""
    rij = afwijking("0193", "B1-14", "Besluit 7", vervalt=True)
    met = {"afwijkingen": [rij]}
    oud = lees_bundel(bundel_met(root, tmp_path / "oud", met))
    nieuw = lees_bundel(
        bundel_waarin(
            tmp_path / "oud" / "project",
            tmp_path / "nieuw",
            "data/afspraken/brief-2021-05-06.yaml",
            'stop_midden_herstel:\n    waarde: "2021-05-01"',
            'stop_midden_herstel:\n    waarde: "2021-07-01"',
        )
    )
    gevonden = zinnen(oud, nieuw)
    assert "B1-14, vanaf: 1 mei 2021 → 1 juli 2021 (data/afspraken)" in gevonden
    begrip = "begrippen, stop_midden_herstel: 1 mei 2021 → 1 juli 2021 (data/afspraken)"
    assert begrip in gevonden
    assert not [zin for zin in gevonden if "afwijking" in zin]


def test_producten(nu: Bundelbestand, root: Path, tmp_path: Path) -> None:
    anders = lees_bundel(
        bundel_waarin(
            root,
            tmp_path,
            "data/producten.yaml",
            '  - code: "50H1A"\n    categorie: "50"\n    segment: midden\n'
            "    perspectief: herstel\n    profiel: 1\n    zorgvorm: jeugd_en_opvoedhulp\n"
            '    vervangende_code: "50TJ1"\n',
            '  - code: "50H1Z"\n    categorie: "50"\n    segment: midden\n'
            "    perspectief: herstel\n    profiel: 1\n    zorgvorm: jeugd_en_opvoedhulp\n"
            '    vervangende_code: "50TJ1"\n    voorbeeld: true\n    bron: Test\n'
            '  - code: "50H1A"\n    categorie: "50"\n    segment: midden\n'
            "    perspectief: herstel\n    profiel: 2\n    zorgvorm: lvb\n"
            '    vervangende_code: "50TL1"\n',
        )
    )
    waar = "(data/producten.yaml)"
    gevonden = wijzigingen(nu, anders, NAMEN)
    assert {wijziging.zin: wijziging.code for wijziging in gevonden} == {
        f"Product 50H1A, profiel: 1 → 2 {waar}": "50H1A",
        f"Product 50H1A, zorgvorm: jeugd_en_opvoedhulp → lvb {waar}": "50H1A",
        f"Product 50H1A, vervangende code, algemeen: 50TJ1 → 50TL1 {waar}": "50H1A",
        f"Product 50H1Z is nieuw in de lijst {waar}": "50H1Z",
    }
    terug = {wijziging.zin for wijziging in wijzigingen(anders, nu, NAMEN)}
    assert f"Product 50H1Z staat niet meer in de lijst {waar}" in terug


def _met_gegevens(bundel: Bundelbestand, **gegevens: Any) -> Bundelbestand:
    files = lees(bundel.inhoud)
    tabellen = {**json.loads(files["data.json"])["gegevens"], **gegevens, "revisie": "anders"}
    return ontleed("anders.tar.gz", pak_in(met_json(files, "data.json", gegevens=tabellen)))


def test_tabellen_in_een_andere_vorm(nu: Bundelbestand) -> None:
    """A bundle of another time; its policies can still be compared."""
    vormen: dict[str, Any] = {"varianten": [], "bevindingen": {}, "keuzes": 3, "producten": None}
    for tabel, vorm in vormen.items():
        anders = _met_gegevens(nu, **{tabel: vorm})
        assert "De tabellen hebben een andere vorm gekregen." in zinnen(nu, anders)


def test_een_tabel_erbij(nu: Bundelbestand) -> None:
    anders = _met_gegevens(nu, extra={"a": {"b": 1}})
    assert zinnen(nu, anders) == ["extra, a, b: niets → 1"]
    assert zinnen(anders, nu) == ["extra, a, b: 1 → niets"]


def test_wat_uit_de_schemas_volgt_wordt_een_keer_gezegd(nu: Bundelbestand) -> None:
    volgt: dict[str, Any] = {"verwacht": {}, "feiten_standaard": {}, "gelogd": {}}
    assert volgt.keys() <= nu.gegevens.keys()
    assert zinnen(nu, _met_gegevens(nu, **volgt)) == []
    assert zinnen(nu, _met_gegevens(nu, **volgt, schemas={})) != []


def test_een_afspraak_erbij_en_een_ander_gevolg(nu: Bundelbestand) -> None:
    gegevens = json.loads(json.dumps(nu.gegevens))
    gegevens["parameters"]["B9-01"] = {}
    gegevens["bevindingen"]["vast"]["A-05"]["gevolg"] = "HANDMATIG"
    anders = _met_gegevens(nu, **gegevens)
    assert wijzigingen(nu, anders, NAMEN) == [
        Wijziging("De afspraak B9-01 is nieuw (data/afspraken).", "B9-01"),
        Wijziging("A-05, gevolg is veranderd (data/afspraken)", "A-05"),
    ]
    assert zinnen(anders, nu)[0] == "De afspraak B9-01 is er niet meer (data/afspraken)."


VAN_REGEL = Wijziging("regel", regel="B1-02")
WOORDEN = Wijziging("woorden", regel="B1-02", woorden=True)
ZWOLLE = Wijziging("Zwolle", gemeente="0193")
DEVENTER = Wijziging("Deventer", gemeente="0150")
PRODUCT = Wijziging("product", code="50H1A")
BEGRIP = Wijziging("begrip")
ANDER = Wijziging("ander", regel="B1-16")
HIER = {"gemeente": "0193", "product": {"code": "50H1A"}}


def _weg(regel: str, *velden: str) -> Verschil:
    return Verschil(f"{regel} geldt niet meer.", "weg", regel, velden=velden)


@pytest.mark.parametrize(
    ("gewijzigd", "verschil", "verwacht"),
    [
        ([VAN_REGEL, WOORDEN, ANDER, BEGRIP], _weg("B1-02"), [VAN_REGEL]),
        ([VAN_REGEL, WOORDEN], Verschil("x", "anders", "B1-02"), [VAN_REGEL, WOORDEN]),
        ([ZWOLLE, DEVENTER, BEGRIP], _weg("B1-02", "gemeente"), [ZWOLLE]),
        ([ZWOLLE, VAN_REGEL], _weg("B1-02", "profiel"), [VAN_REGEL]),
        ([PRODUCT, BEGRIP], Verschil("x", "veld"), [PRODUCT]),
        ([BEGRIP, ANDER, ZWOLLE], Verschil("x", "veld"), [BEGRIP]),
        ([ANDER, ZWOLLE, DEVENTER], Verschil("x", "veld"), [ANDER, ZWOLLE]),
        ([DEVENTER], _weg("B1-02", "gemeente"), []),
    ],
)
def test_wat_een_besluit_verklaart(
    gewijzigd: list[Wijziging], verschil: Verschil, verwacht: list[Wijziging]
) -> None:
    assert redenen(gewijzigd, [verschil], HIER) == verwacht


def test_een_ander_product_verklaart_niets() -> None:
    assert redenen([PRODUCT], [_weg("B1-02")], {"product": {"code": "54002"}}) == []
    assert redenen([PRODUCT], [_weg("B1-02")], {"gemeente": "0193"}) == []


def test_wat_nu_ontbreekt() -> None:
    was, wordt = {"ontbreekt": ["code", "omvang"]}, {"ontbreekt": ["omvang", "profiel"]}
    assert [verschil.zin for verschil in verschillen(was, wordt)] == [
        "Wat niet meer ontbreekt: code.",
        "Wat nu ook ontbreekt: profiel.",
    ]


def test_een_leeg_object_is_niet_niets() -> None:
    assert list(bladen({"a": None}, {"a": {}})) == [(("a",), None, {})]
    assert list(bladen({"a": None}, {"a": {"b": 1}})) == [(("a", "b"), None, 1)]
