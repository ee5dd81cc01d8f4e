"""Bulk gives every row exactly what OPA's ``besluiten`` gives that toewijzing alone."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from afwijkingenbouw import afwijking
from conftest import project_met
from exporten.toeval import als_tabel, toeval
from uitfasering.bulk import fragment, stroom, tabellen
from uitfasering.bulk.antwoorden import KOLOMMEN, Antwoorden, cellen
from uitfasering.bulk.bron import bron_van_tabel
from uitfasering.bulk.fragment import Fragment
from uitfasering.bulk.klassen import ControleMislukt
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bulk.uitvoeren import Opties, Run
from uitfasering.bundel import bouw_bundel

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

AANTAL = 1_500
VEEL = 20_000


def als_cel(waarde: Any) -> str:
    return waarde.isoformat() if isinstance(waarde, datetime.date) else (waarde or "")


def verschillen(root: Path, aantal: int, zaad: int) -> Iterator[str]:
    """Every cell that differs from what OPA says of the row alone."""
    rijen = list(toeval(aantal, zaad))
    gekregen = tabellen.beoordeel(als_tabel([rij for rij, _ in rijen]), root=root).to_pylist()
    assert len(gekregen) == len(rijen)
    with Vraagbaak(bouw_bundel(root)) as opa:
        besluiten = opa.besluiten([toewijzing for _, toewijzing in rijen])
    for (rij, toewijzing), rest, besluit in zip(rijen, gekregen, besluiten, strict=True):
        assert rest["kenmerk"] == rij["kenmerk"]
        for naam, verwacht in cellen(besluit).items():
            cel = als_cel(rest[naam])
            # After what OPA says stands which cell could not be read.
            if naam == "toelichting" and besluit["uitkomst"] == "ONGELDIGE_INVOER":
                cel = cel[: len(verwacht)]
            if cel != verwacht:
                yield f"{naam}: {cel!r}, OPA: {verwacht!r}; {json.dumps(toewijzing)}"


@pytest.fixture(scope="module")
def gewijzigd(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which an officer changed about everything that can be changed."""
    target = project_met(
        root,
        tmp_path_factory.mktemp("bulk") / "project",
        {
            "keuzes": {"0193": "omzetten", "0150": "aflopen"},
            "crisisroute_gecontracteerd_per": "2022-03-01",
            "medicatieminuten": {"0150": 400, "0193": 250},
            "afwijkingen": [
                afwijking("0193", "B1-15", "A", parameters={"te_lang_vanaf": "twee_jaar_later"}),
                afwijking("0193", "B1-02", "Besluit B", vervalt=True),
                afwijking("0177", "B1-16", "Besluit C", vervalt=True),
            ],
        },
    )
    producten = target / "data" / "producten.yaml"
    tekst = producten.read_text("utf-8")
    code = 'vervangende_code: "50TJ1"'
    assert code in tekst
    eigen = f'{code}\n    vervangende_code_per_aanbieder: {{"12345678": "50TL1"}}'
    producten.write_text(tekst.replace(code, eigen), "utf-8")
    return target


def test_elke_rij_krijgt_wat_opa_die_toewijzing_geeft(root: Path) -> None:
    assert list(verschillen(root, AANTAL, 1)) == []


@pytest.mark.lang
def test_ook_na_wijziging_van_de_gegevens(gewijzigd: Path) -> None:
    assert list(verschillen(gewijzigd, AANTAL, 2)) == []


@pytest.mark.lang
@pytest.mark.parametrize("zaad", [3, 4])
def test_twintigduizend_rijen(root: Path, gewijzigd: Path, zaad: int) -> None:
    assert list(verschillen(root if zaad == 3 else gewijzigd, VEEL, zaad)) == []


def test_een_rij_of_veel_rijen_tegelijk_maakt_niet_uit(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tabel = als_tabel([rij for rij, _ in toeval(300, 5)])
    ineens = tabellen.beoordeel(tabel, root=root)
    monkeypatch.setattr(stroom, "RIJEN", 7)
    stukjes = pa.Table.from_batches(tabel.to_batches(max_chunksize=7))
    in_stukjes = tabellen.beoordeel(stukjes, root=root)
    assert in_stukjes.to_pylist() == ineens.to_pylist()


# The self-check.


NIEUW = {
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-06-01",
    "ingangsdatum": "2021-06-01",
    "einddatum": "2021-12-31",
}
HERSTEL = NIEUW | {"segment": "midden", "perspectief": "herstel", "profiel": "3"}
TOP = NIEUW | {"segment": "top", "zorgvorm": "lvb"}


def zelfcontrole(
    root: Path, monkeypatch: pytest.MonkeyPatch, anders: Fragment, rij: dict[str, Any]
) -> None:
    """Run on a row with other compiled rules than the bundle's."""
    monkeypatch.setattr("uitfasering.bulk.uitvoeren.laad_fragment", lambda *_: anders)
    tabellen.beoordeel(als_tabel([rij]), root=root)


@pytest.fixture(scope="module")
def compiled(root: Path) -> Fragment:
    with Vraagbaak(bouw_bundel(root)) as opa:
        return fragment.laad_fragment(opa, root / "build" / "bulk")


def met(compiled: Fragment, verzameling: str, lid: str, sql: str) -> Fragment:
    leden = {**compiled.voorwaarden[verzameling], lid: sql}
    return Fragment({**compiled.voorwaarden, verzameling: leden}, compiled.alternatieven)


@pytest.mark.parametrize(
    ("verzameling", "lid", "naam", "wel", "niet"),
    [
        ("van_toepassing", "B1-02", "B1-02", HERSTEL, TOP),
        ("ontbreekt", "verwijzer", "verwijzer", TOP, HERSTEL),
        ("tussen_velden", "einddatum", "", HERSTEL | {"einddatum": "2021-05-31"}, HERSTEL),
    ],
)
@pytest.mark.parametrize("sql", ["TRUE", "FALSE"])
def test_een_vertaling_die_anders_zegt_dan_opa_stopt_de_run(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    compiled: Fragment,
    verzameling: str,
    lid: str,
    naam: str,
    wel: dict[str, Any],
    niet: dict[str, Any],
    sql: str,
) -> None:
    rij = niet if sql == "TRUE" else wel
    with pytest.raises(ControleMislukt, match="Rij 1,") as gezien:
        zelfcontrole(root, monkeypatch, met(compiled, verzameling, lid, sql), rij)
    assert naam in str(gezien.value)
    assert "er is niets geschreven" in str(gezien.value)


def test_een_open_plek_die_anders_wordt_gevuld_stopt_de_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vraag = Vraagbaak.rijwaarden

    def dag_te_vroeg(opa: Vraagbaak, naam: str, feiten: Any) -> list[Any]:
        antwoorden = vraag(opa, naam, feiten)
        return [["2022-12-30", *rest] for _, *rest in antwoorden]

    monkeypatch.setattr(Vraagbaak, "rijwaarden", dag_te_vroeg)
    with pytest.raises(ControleMislukt, match="Rij"):
        tabellen.beoordeel(als_tabel([rij for rij, _ in toeval(300, 6)]), root=root)


def test_willekeurige_rijen_worden_ook_gevraagd(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tabel = als_tabel([rij for rij, _ in toeval(300, 7)])
    with ExitStack() as stapel:
        run = Run(bron_van_tabel(tabel), Opties(controle=50), root, stapel)
        assert sum(len(blok.invoer) for blok in run.blokken()) == 300
        assert run.verloop.gecontroleerd == 50
    # Answers beside the wrong rows: only the random rows can see that.
    echte = Antwoorden.kolommen

    def omgekeerd(*rest: Any) -> pa.RecordBatch:
        batch = echte(*rest)
        return batch.take(pa.array(range(len(batch))[::-1]))

    monkeypatch.setattr(Antwoorden, "kolommen", omgekeerd)
    with pytest.raises(ControleMislukt, match="OPA geeft een andere"):
        tabellen.beoordeel(tabel, Opties(controle=50), root=root)


# What comes back.


def test_de_kolommen_van_de_invoer_blijven_en_die_van_bulk_komen_erbij(root: Path) -> None:
    tabel = als_tabel([rij for rij, _ in toeval(20, 8)])
    tabel = tabel.append_column("teamcode", pa.array([f"T{n}" for n in range(20)]))
    gekregen = tabellen.beoordeel(tabel, root=root)
    assert gekregen.column_names == [*tabel.column_names, *KOLOMMEN]
    assert gekregen.select(tabel.column_names) == tabel


def test_een_kolom_die_al_zo_heet_blijft_en_bulk_zet_besluit_ervoor(root: Path) -> None:
    tabel = als_tabel([rij for rij, _ in toeval(3, 9)])
    tabel = tabel.append_column("uitkomst", pa.array(["a", "b", "c"]))
    gekregen = tabellen.beoordeel(tabel, root=root)
    assert gekregen.column("uitkomst").to_pylist() == ["a", "b", "c"]
    assert gekregen.column_names[-len(KOLOMMEN) :] == [f"besluit_{naam}" for naam in KOLOMMEN]


@pytest.mark.lang
def test_polars_en_pandas(root: Path) -> None:
    import polars

    tabel = als_tabel([rij for rij, _ in toeval(50, 10)])
    verwacht = tabellen.beoordeel(tabel, root=root)
    frame = tabellen.beoordeel(polars.DataFrame(tabel), root=root)
    assert isinstance(frame, polars.DataFrame)
    assert frame["uitkomst"].to_list() == verwacht.column("uitkomst").to_pylist()
    pandas = tabel.to_pandas().set_index("kenmerk", drop=False)
    gekregen = tabellen.beoordeel(pandas, root=root)
    assert list(gekregen["uitkomst"]) == verwacht.column("uitkomst").to_pylist()
    assert list(gekregen.index) == list(pandas.index)


def test_geen_tabel(root: Path) -> None:
    with pytest.raises(TypeError, match="list"):
        tabellen.beoordeel([1, 2], root=root)


def test_nul_rijen(root: Path) -> None:
    gekregen = tabellen.beoordeel(als_tabel([]), root=root)
    assert gekregen.num_rows == 0
    assert gekregen.column_names[-1] == "herkomst"
