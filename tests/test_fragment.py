"""The agreements as OPA compiles them: all of them to SQL, and the SQL as committed."""

from pathlib import Path

import pytest

from conftest import project_met
from uitfasering import fragment
from uitfasering.gegevens import laad
from uitfasering.rego import controle as regocontrole
from uitfasering.rego import fragment as fragmentcontrole
from uitfasering.rego.tekst import lees_rego
from uitfasering.stage import policies


@pytest.mark.lang  # test_wat_gemaakt_is_klopt_nog (test_paginas.py) looks at it too
def test_gouden_sql_klopt(opa_url: str, root: Path) -> None:
    committed = {p.name: p.read_text("utf-8") for p in (root / fragment.GOUD).glob("*.sql")}
    now = fragment.goud(opa_url, root)
    anders = sorted(n for n in now.keys() | committed.keys() if now.get(n) != committed.get(n))
    assert not anders, f"start scripts/genereer en lees het verschil in {', '.join(anders)}"


def test_gouden_sql_zegt_wat_de_brief_zegt(root: Path) -> None:
    """Typed from contract §4.2: B1-17 and B1-19b."""
    folder = root / fragment.GOUD
    assert (folder / "B1-17.sql").read_text("utf-8") == (
        "(feiten.handeling = 'declaratie' AND feiten.periode_einddatum >= '2022-01-01' "
        "AND feiten.periode_einddatum <= '2022-12-31')\n"
    )
    assert (folder / "B1-19b.sql").read_text("utf-8") == (
        "(feiten.segment = 'midden' AND feiten.handeling = 'lopend' "
        "AND feiten.profiel IN ('11', '12') AND feiten.einddatum <= '2022-12-31')\n"
    )
    # No day is known, so it can never fire yet.
    assert (folder / "B2-12.sql").read_text("utf-8") == "FALSE\n"


def test_elke_regel_wordt_vertaald(root: Path) -> None:
    """Counted by hand in the policies' text: a rule that is not listed would be seen by nobody."""
    names = {regel.naam for regel in fragment.regels(root)}
    for path in policies(root):
        for line in path.read_text("utf-8").splitlines():
            set_name, contains, rest = line.partition(' contains "')
            begin = {"van_toepassing": "", "ontbreekt": "ontbreekt-", "tussen_velden": "fout-"}
            if contains and set_name in begin:
                assert begin[set_name] + rest.partition('"')[0] in names
    assert {"A-01", "B1-02", "B2-14", "ontbreekt-profiel", "fout-periode.einddatum"} <= names


def test_elk_residu_is_naar_sql_te_vertalen(opa_url: str, root: Path) -> None:
    """The residual says it quickly; that OPA says so too is in test_gouden_sql_klopt."""
    assert (
        fragmentcontrole.controleer(opa_url, root, laad(root), lees_rego(root / "policies")[0])
        == []
    )


def test_de_verzamelingen_van_bulk_worden_ook_gekeurd(root: Path, tmp_path: Path) -> None:
    """A value that cannot be, and two that leave the fragment, each at its own line."""
    project = project_met(root, tmp_path / "project", {})
    path = project / "policies" / "uitfasering" / "bulk" / "bulk.rego"
    text = path.read_text("utf-8")
    for old, new in (
        ('input.feiten.eenheid != "onbekend"', 'input.feiten.eenheid != "onbekent"'),
        ("input.feiten.aanbieder == aanbieder", "lower(input.feiten.aanbieder) == aanbieder"),
        ('concat(" ", ["tot", v.te_lang_vanaf])', 'concat(" ", ["tot", input.feiten.code])'),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    producten = project / "data" / "producten.yaml"
    products = producten.read_text("utf-8")
    code = 'vervangende_code: "50TJ1"'
    assert code in products
    own = f'{code}\n    vervangende_code_per_aanbieder: {{"12345678": "50TL1"}}'
    producten.write_text(products.replace(code, own), "utf-8")

    def row(part: str) -> int:
        return text[: text.index(part)].count("\n") + 1

    found = {
        (m.regel, m.code, m.pad)
        for m in regocontrole.controleer(project, laad(project))
        if m.bestand.endswith("bulk/bulk.rego")
    }
    assert found == {
        (row('"onbekent"'), "regel-onmogelijke-waarde", "onderscheid: omvang zonder minuten"),
        (row("lower("), "regel-buiten-fragment", "vervanging: aanbieder 12345678"),
        (row("grens contains"), "regel-buiten-fragment", "grens"),
    }
