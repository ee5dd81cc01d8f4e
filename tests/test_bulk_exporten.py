"""The synthetic exports: the same seed gives the same file, each kind looks as it should."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from exporten import maak
from exporten.fouten import ONLEESBAAR
from exporten.toeval import KOLOMMEN, PADEN, toeval
from orakel.invoer import GROEPEN, HANDELINGEN, VELDEN, fouten
from uitfasering.bulk.kolommen import herken
from uitfasering.bulk.waarden import Lezer

RIJEN = 400


@pytest.mark.parametrize("soort", list(maak.SOORTEN))
@pytest.mark.parametrize("vorm", ["csv", "parquet", "xlsx", "ndjson"])
def test_zelfde_zaad_zelfde_bestand(tmp_path: Path, soort: str, vorm: str) -> None:
    bestanden = []
    for naam, zaad in (("een", 7), ("twee", 7), ("drie", 8)):
        pad = tmp_path / f"{naam}.{vorm}"
        maak.maak_bestand(50, zaad, soort, pad)
        bestanden.append(pad.read_bytes())
    assert bestanden[0] == bestanden[1]
    assert bestanden[0] != bestanden[2]


@pytest.mark.parametrize("soort", list(maak.SOORTEN))
def test_niets_van_iemand(soort: str) -> None:
    """No text in it is a number that could be a BSN (nine digits, the test of eleven)."""
    tabel = maak.maak_tabel(RIJEN, 1, soort)
    teksten = [str(waarde) for kolom in tabel.columns for waarde in kolom.to_pylist()]
    nummers = re.findall(r"(?<![0-9])[0-9]{9}(?![0-9])", "\n".join(teksten))
    assert [nummer for nummer in nummers if elfproef(nummer)] == []


def elfproef(nummer: str) -> bool:
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(g * int(cijfer) for g, cijfer in zip(gewichten, nummer, strict=True)) % 11 == 0


def test_elfproef() -> None:
    assert elfproef("111222333")
    assert not elfproef("111222334")


@pytest.mark.parametrize(
    ("soort", "kolommen"),
    [
        ("schoon", ["kenmerk", "toewijzingsdatum", "productcode", "periode_einddatum"]),
        ("suites", ["KENMERK", "TOEWIJZINGSDATUM", "PRODUCT CODE", "PERIODE EINDDATUM"]),
        ("zorgned", ["Kenmerk", "ToewijzingIngangsdatum", "ProductCode", "Periode einddatum"]),
        ("fouten", ["kenmerk", "toewijzingsdatum", "productcode", "periode_einddatum"]),
        ("toeval", ["kenmerk", "toewijzingsdatum", "productcode", "periode_einddatum"]),
    ],
)
def test_kolommen(soort: str, kolommen: list[str]) -> None:
    namen = maak.maak_tabel(2, 1, soort).column_names
    assert set(kolommen) <= set(namen)
    assert len(set(namen)) == len(namen)


def test_hoe_een_bestand_eruitziet(tmp_path: Path) -> None:
    pad = tmp_path / "uit.csv"
    maak.maak_bestand(RIJEN, 1, "suites", pad)
    tekst = pad.read_bytes().decode("cp1252")
    assert tekst.startswith('"KENMERK";"TOEWIJZING NUMMER";')
    assert '"NAAM CLIËNT"' in tekst
    assert re.search(r'"[1-9]\.000";"minuten"', tekst)
    assert re.search(r';"[1-9]-[1-9]-202[0-3]";', tekst)
    maak.maak_bestand(RIJEN, 1, "zorgned", pad)
    tekst = pad.read_text("utf-8")
    assert tekst.startswith('\ufeff"Kenmerk"\t"ToewijzingNummer"\t')
    assert re.search(r'"GM0193"\t4[34][0-9]{3}\t', tekst)


def test_schoon_houdt_zich_aan_het_contract() -> None:
    rijen = maak.maak_tabel(RIJEN, 1, "schoon").to_pylist()
    toewijzingen = [als_toewijzing(rij) for rij in rijen]
    assert [fout for toewijzing in toewijzingen for fout in fouten(toewijzing)] == []
    assert {toewijzing["handeling"] for toewijzing in toewijzingen} == set(HANDELINGEN)


def test_een_op_de_tien_rijen_heeft_een_fout() -> None:
    schoon = maak.maak_tabel(5 * RIJEN, 1, "schoon").to_pylist()
    met_fouten = maak.maak_tabel(5 * RIJEN, 1, "fouten").to_pylist()
    anders = [
        rij
        for goed, rij in zip(schoon, met_fouten, strict=True)
        if als_tekst(goed) != {naam: waarde for naam, waarde in rij.items() if waarde is not None}
    ]
    assert 0.08 * len(schoon) < len(anders) < 0.12 * len(schoon)
    onleesbaar = {naam for rij in anders for naam in ONLEESBAAR if rij[naam] in ONLEESBAAR[naam]}
    assert len(onleesbaar) > len(ONLEESBAAR) / 2


def test_onleesbaar_is_ook_zo_geschreven_fout() -> None:
    """What should be unreadable is not what the field allows."""
    for kolom, waarden in ONLEESBAAR.items():
        *groep, naam = PADEN[kolom]
        controle = GROEPEN[groep[0]][naam] if groep else VELDEN[naam]
        assert not [waarde for waarde in waarden if controle(waarde)], kolom


def test_toeval_weet_waar_een_rij_voor_staat() -> None:
    rijen = list(toeval(5 * RIJEN, 1))
    toewijzingen = [toewijzing for _, toewijzing in rijen]
    goed = [toewijzing for toewijzing in toewijzingen if not fouten(toewijzing)]
    assert 0.8 * len(rijen) < len(goed) < len(rijen)
    assert {toewijzing["handeling"] for toewijzing in goed} == set(HANDELINGEN)
    for cellen, toewijzing in rijen:
        gevuld = {naam for naam in KOLOMMEN if cellen[naam] is not None}
        assert gevuld == set(plat(toewijzing))
    gemeenten = {rij["gemeente"] for rij, _ in rijen}
    assert {"0193", "193", "GM0193", "Zwolle", "Olst - Wijhe"} <= gemeenten


# Bulk reads in an export what it stands for.


def test_wat_niemand_kan_lezen_is_een_fout(root: Path) -> None:
    lezer = Lezer(root)
    for kolom, waarden in ONLEESBAAR.items():
        for waarde in waarden:
            gelezen = lezer.lees(kolom, waarde)
            assert (gelezen.waarde, bool(gelezen.fout)) == (waarde, True), (kolom, waarde)


def test_een_rij_is_de_toewijzing_waar_zij_voor_staat(root: Path) -> None:
    lezer = Lezer(root)
    for cellen, toewijzing in toeval(5 * RIJEN, 2):
        waarden = {kolom: lezer.lees(kolom, cellen[kolom]).waarde for kolom in KOLOMMEN}
        assert als_toewijzing(waarden) == toewijzing, cellen


@pytest.mark.parametrize("soort", ["suites", "zorgned"])
def test_anders_geschreven_is_hetzelfde(root: Path, soort: str) -> None:
    schoon, anders = maak.maak_tabel(RIJEN, 1, "schoon"), maak.maak_tabel(RIJEN, 1, soort)
    gevonden = herken(anders.column_names, root, koppeling=None, behoud=[])
    assert gevonden.velden.keys() == set(schoon.column_names)
    lezer = Lezer(root)
    for veld in KOLOMMEN:
        goed = schoon.column(veld).to_pylist()
        gelezen = anders.column(gevonden.velden[veld]).to_pylist()
        assert [lezer.lees(veld, w) for w in gelezen] == [lezer.lees(veld, w) for w in goed], veld


def test_in_delen_is_het_een_geheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maak, "BLOK", 100)
    for soort in maak.SOORTEN:
        batches = list(maak.maak_batches(250, 1, soort))
        assert [len(batch) for batch in batches] == [100, 100, 50], soort
        nummers = maak.maak_tabel(250, 1, soort).column(0).to_pylist()
        assert nummers == [f"T-{nummer:08}" for nummer in range(250)], soort
    assert [len(batch) for batch in maak.maak_batches(0, 1, "schoon")] == [0]


def als_toewijzing(rij: dict[str, Any]) -> dict[str, Any]:
    toewijzing: dict[str, Any] = {}
    for kolom, pad in PADEN.items():
        waarde = rij[kolom]
        if waarde is not None:
            *groep, naam = pad
            plek = toewijzing.setdefault(groep[0], {}) if groep else toewijzing
            plek[naam] = waarde.isoformat() if isinstance(waarde, date) else waarde
    return toewijzing


def als_tekst(rij: dict[str, Any]) -> dict[str, str]:
    woorden = {True: "ja", False: "nee"}
    return {
        naam: woorden[waarde] if isinstance(waarde, bool) else str(waarde)
        for naam, waarde in rij.items()
        if waarde is not None
    }


def plat(toewijzing: dict[str, Any]) -> list[str]:
    return [
        kolom
        for kolom, (*groep, naam) in PADEN.items()
        if naam in (toewijzing.get(groep[0], {}) if groep else toewijzing)
    ]
