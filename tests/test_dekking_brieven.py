"""``uitfasering dekking`` and the pages of the letters: what a reader sees of each sentence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clihulp import Cli, Uitvoer
from test_brieven import AFLOPEN, BRIEVEN, MET_DE_BRIEVEN, OMZETTEN
from uitfasering.brieven import STATUSSEN, lees_brieven
from uitfasering.brieven.dekking import Briefdekking, Zindekking, bereken
from uitfasering.controle.gevallen import controleer as controleer_gevallen
from uitfasering.gegevens import Gegevens, laad
from uitfasering.paginas.brieven import paginas
from uitfasering.toets.gevallen import Geval, lees_gevallen

Start = Callable[..., Uitvoer]


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Gegevens:
    return laad(root)


@pytest.fixture(scope="module")
def gevallen(root: Path) -> list[Geval]:
    gelezen, meldingen = lees_gevallen(root)
    assert meldingen == []
    return gelezen


@pytest.fixture(scope="module")
def dekking(root: Path, gegevens: Gegevens, gevallen: list[Geval]) -> dict[str, Briefdekking]:
    gelezen, _ = lees_brieven(root)
    return {d.brief.brief: d for d in bereken(gelezen, gegevens, gevallen)}


@pytest.fixture(scope="module")
def bladen(root: Path, gegevens: Gegevens, gevallen: list[Geval]) -> dict[str, str]:
    return paginas(root, gegevens, gevallen)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Start:
    return Cli(monkeypatch, capsys)


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy the command works on."""
    for naam in ("schemas", "data", "policies", "tests/gevallen"):
        shutil.copytree(root / naam, tmp_path / naam)
    monkeypatch.setenv("UITFASERING_ROOT", str(tmp_path))
    return tmp_path


def vervang(project: Path, bestand: str, oud: str, nieuw: str) -> None:
    pad = project / bestand
    tekst = pad.read_text("utf-8")
    assert tekst.count(oud) == 1, oud
    pad.write_text(tekst.replace(oud, nieuw), "utf-8")


def zin(dekking: Briefdekking, anker: str) -> Zindekking:
    (gevonden,) = [z for z in dekking.zinnen if anker in z.zin.anker]
    return gevonden


class TestBereken:
    def test_elke_afspraak_bij_een_zin_heeft_een_geval(
        self, dekking: dict[str, Briefdekking]
    ) -> None:
        assert {brief: d.zonder_geval for brief, d in dekking.items()} == {
            "2021-05-06": [],
            "2021-11-24": [],
        }

    def test_alleen_gevallen_die_de_afspraak_verwachten(
        self, dekking: dict[str, Briefdekking]
    ) -> None:
        for brief in dekking.values():
            for z in brief.zinnen:
                for r in z.regels:
                    assert all(r.regel in g.verwacht["regels"] for g in r.gevallen)

    def test_een_geval_dat_wordt_overgeslagen_telt_niet(
        self, root: Path, gegevens: Gegevens, gevallen: list[Geval]
    ) -> None:
        alle = [Geval(**{**vars(g), "overslaan": "even niet"}) for g in gevallen]
        gelezen, _ = lees_brieven(root)
        eerste = bereken(gelezen, gegevens, alle)[0]
        assert len(eerste.zonder_geval) == sum(len(z.regels) for z in eerste.zinnen)

    @pytest.mark.parametrize("gemeente", OMZETTEN + AFLOPEN)
    def test_een_rij_van_de_tabel_telt_alleen_gevallen_van_die_gemeente(
        self, dekking: dict[str, Briefdekking], gemeente: str
    ) -> None:
        (rij,) = [z for z in dekking["2021-11-24"].zinnen if z.zin.gemeente == gemeente]
        assert rij.regels
        for regel in rij.regels:
            assert {g.toewijzing["gemeente"] for g in regel.gevallen} == {gemeente}

    def test_een_lezing_is_ingevuld_en_noemt_wie_haar_neemt(
        self, dekking: dict[str, Briefdekking]
    ) -> None:
        gelezen = zin(dekking["2021-05-06"], "De uiterste einddatum").lezingen
        assert [(lezing.tekst, lezing.regels, lezing.eerder) for lezing in gelezen] == [
            # contract §4.2, B1-15: its date is that of this sentence; told at the sentence before
            (
                "De duur telt per toewijzingsnummer. De begindag van deze afspraak is die van de "
                "zin erna.",
                ("B1-15", "B1-15a"),
                24,
            ),
            # contract §4.2, B1-16: reading of "vanaf"
            (
                "Met vanaf is bedoeld dat de toewijzing op of na 1 mei 2021 is afgegeven of "
                "ingaat.",
                ("B1-16", "B1-16b"),
                None,
            ),
        ]

    def test_een_lezing_staat_een_keer_voluit(self, dekking: dict[str, Briefdekking]) -> None:
        for brief in dekking.values():
            voluit = [le.tekst for z in brief.zinnen for le in z.lezingen if not le.eerder]
            assert len(voluit) == len(set(voluit))
            eerst = {le.tekst: z.zin.nummer for z in brief.zinnen for le in z.lezingen[::-1]}
            assert eerst.keys() == set(voluit)


class TestOpdracht:
    @MET_DE_BRIEVEN
    def test_alles_gedekt(self, start: Start) -> None:
        uitvoer = start("dekking", "--brieven", BRIEVEN)
        assert (uitvoer.code, uitvoer.fout) == (0, "")
        assert "Brief van 6 mei 2021\n" in uitvoer.uit
        assert "✓ Elke zin van de brieven staat hier één keer" in uitvoer.uit
        assert "✗" not in uitvoer.uit

    def test_zonder_de_brieven(self, start: Start) -> None:
        """A sentence with everything; and it says that nothing was held against the letters."""
        uitvoer = start("dekking")
        assert uitvoer.code == 0
        uit = uitvoer.uit
        assert "niet vergeleken met de tekst" in uit
        assert "--brieven MAP" in uit
        assert max(map(len, uit.splitlines())) <= 80
        van = uit.index("24. open norm")
        stuk = " ".join(uit[van : uit.index("25. ", van)].split())
        for deel in (
            "Belangrijkste afspraken, punt over de duur, eerste zin",
            "“De duur van de toewijzingen Segment top”",
            "Laat ruimte: “om moverende redenen”",
            "Waarom: De brief zegt niet welke redenen goed genoeg zijn.",
            "Afspraken: B1-15 (",
            " gevallen), B1-15a (",
            "Zo lezen wij dit (B1-15, B1-15a): De duur telt per toewijzingsnummer.",
        ):
            assert deel in stuk

    def test_een_afspraak_zonder_geval(self, project: Path, start: Start) -> None:
        for pad in (project / "tests" / "gevallen").rglob("*.yaml"):
            if "B2-06b" in (tekst := pad.read_text("utf-8")):
                pad.write_text(tekst.replace("regels: [B2-06b]", "regels: []"), "utf-8")
        uitvoer = start("dekking")
        assert uitvoer.code == 1
        assert "✗ zin 23: geen geval verwacht afspraak B2-06b" in uitvoer.uit

    def test_een_rij_van_de_tabel_zonder_geval_van_die_gemeente(
        self, project: Path, start: Start
    ) -> None:
        for pad in (project / "tests" / "gevallen").rglob("*.yaml"):
            tekst = pad.read_text("utf-8")
            pad.write_text(tekst.replace('"1708"', '"0193"'), "utf-8")
        uitvoer = start("dekking")
        assert uitvoer.code == 1
        assert "✗ zin 40: geen geval verwacht afspraak B2-11a" in uitvoer.uit

    @MET_DE_BRIEVEN
    def test_een_fout_staat_met_plaats_onder_het_overzicht(
        self, project: Path, start: Start
    ) -> None:
        bestand = "data/brieven/brief-2021-11-24.yaml"
        vervang(project, bestand, "anker: Profiel 12 Dyslexie", "anker: Profiel 12 Dislexie")
        uitvoer = start("dekking", "--brieven", BRIEVEN)
        assert uitvoer.code == 1
        assert (
            "Deze woorden staan niet in een zin van de brief van 24 november 2021." in uitvoer.uit
        )
        assert f"{bestand}:" in uitvoer.uit
        assert "1 fout" in uitvoer.uit
        assert "kloppen letterlijk" not in " ".join(uitvoer.uit.split())

    def test_json(self, start: Start) -> None:
        uitvoer = start("dekking", "--formaat", "json")
        document = json.loads(uitvoer.uit)
        assert uitvoer.code == 0
        assert document["versie"] == 1
        assert document["vergeleken_met_tekst"] is False
        assert document["meldingen"] == []
        eerste, tweede = document["brieven"]
        assert (eerste["brief"], tweede["brief"]) == ("2021-05-06", "2021-11-24")
        for brief in document["brieven"]:
            assert sum(brief["telling"].values()) == len(brief["zinnen"])
            assert set(brief["telling"]) == set(STATUSSEN)
        stop: dict[str, Any] = eerste["zinnen"][5]
        assert stop["status"] == "regel"
        assert [r["regel"] for r in stop["regels"]] == ["B1-02", "B1-02a", "B1-02b", "B1-21"]
        assert all(r["gevallen"] for r in stop["regels"])

    def test_json_met_een_fout(self, project: Path, start: Start) -> None:
        vervang(
            project, "data/brieven/brief-2021-05-06.yaml", "regels: [B1-09]", "regels: [elders]"
        )
        uitvoer = start("dekking", "--formaat", "json")
        assert uitvoer.code == 1
        gevonden = {melding["code"] for melding in json.loads(uitvoer.uit)["meldingen"]}
        assert gevonden == {"brief-onbekende-regel", "brief-regel-zonder-zin"}

    @pytest.mark.parametrize(
        ("bestand", "oud", "nieuw", "zin"),
        [
            ("data/gemeenten.yaml", "naam: Dalfsen", "naam: [", "De tabellen kloppen niet:"),
            (
                "tests/gevallen/brief-2021-05-06/b1-15-hoogstens-een-jaar.yaml",
                "onderwerp:",
                "onderwerpen:",
                "De gevallen zijn niet te lezen:",
            ),
        ],
    )
    def test_tabellen_of_gevallen_die_niet_te_lezen_zijn(
        self, project: Path, start: Start, bestand: str, oud: str, nieuw: str, zin: str
    ) -> None:
        vervang(project, bestand, oud, nieuw)
        uitvoer = start("dekking")
        assert (uitvoer.code, uitvoer.uit) == (2, "")
        assert uitvoer.fout.startswith(f"FOUT: {zin}")
        assert bestand in uitvoer.fout

    def test_een_map_die_er_niet_is(self, start: Start) -> None:
        uitvoer = start("dekking", "--brieven", "er-is-niets")
        assert uitvoer.code == 2
        assert "De map er-is-niets bij --brieven bestaat niet." in uitvoer.fout

    def test_een_map_zonder_brieven(self, start: Start, tmp_path: Path) -> None:
        uitvoer = start("dekking", "--brieven", tmp_path)
        assert uitvoer.code == 1
        assert "De tekst van de brief van 6 mei 2021 bestaat niet in deze map." in uitvoer.uit
        assert "brief-2021-05-06.txt" in uitvoer.uit

    @pytest.mark.parametrize("keuze", ["aflopen", "omzetten"])
    def test_een_gemeente_die_later_anders_koos(
        self, project: Path, start: Start, keuze: str
    ) -> None:
        """A letter does not change; without a case the row is a gap only as long as it holds."""
        for pad in (project / "tests" / "gevallen").rglob("*.yaml"):
            tekst = pad.read_text("utf-8")
            pad.write_text(tekst.replace('"0166"', '"0193"'), "utf-8")
        vervang(
            project,
            "data/gemeenten.yaml",
            "naam: Kampen, duurzaam: aflopen",
            f"naam: Kampen, duurzaam: {keuze}",
        )
        uitvoer = start("dekking")
        anders = keuze == "omzetten"
        assert uitvoer.code == (0 if anders else 1)
        assert ("zin 35: geen geval verwacht afspraak B2-11a" in uitvoer.uit) is not anders
        assert ("zin 35: de gemeente koos later anders" in uitvoer.uit) is anders

    @MET_DE_BRIEVEN
    def test_een_zin_van_een_geval_staat_in_de_brief(self, project: Path, start: Start) -> None:
        bestand = "tests/gevallen/nieuw.yaml"
        (project / bestand).write_text(
            """\
onderwerp: Proef
regels: [B1-02]
brief: "2021-05-06"
zin: Segment top mag ook
uitgangspunten:
  herstel: {handeling: nieuw, gemeente: "0193"}
gevallen:
  - naam: een
    uitgangspunt: herstel
    verwacht: {uitkomst: HANDMATIG}
  - naam: twee
    zin: De duur van de toewijzingen Segmnt top
    uitgangspunt: herstel
    verwacht: {uitkomst: HANDMATIG}
  - naam: drie
    zin: De duur van de toewijzingen Segment top
    uitgangspunt: herstel
    verwacht: {uitkomst: HANDMATIG}
""",
            "utf-8",
        )
        uitvoer = start("dekking", "--brieven", BRIEVEN, "--formaat", "json")
        assert uitvoer.code == 1
        een, twee = json.loads(uitvoer.uit)["meldingen"]
        assert een["code"] == twee["code"] == "brief-geval-zin"
        assert (een["bestand"], een["regel"], een["pad"]) == (bestand, 4, "zin")
        assert (twee["regel"], twee["pad"]) == (12, "gevallen[2].zin")
        assert "De zin is waarschijnlijk: “De duur van de toewijzingen" in twee["oplossing"]
        ook = controleer_gevallen(project, None, BRIEVEN)
        assert sum(melding.code == "brief-geval-zin" for melding in ook) == 2


class TestPaginas:
    def test_een_pagina_per_brief(self, bladen: dict[str, str]) -> None:
        assert list(bladen) == ["brieven/brief-2021-05-06.md", "brieven/brief-2021-11-24.md"]

    def test_elke_zin_staat_in_de_tabel_en_heeft_een_eigen_stuk(
        self, bladen: dict[str, str], dekking: dict[str, Briefdekking]
    ) -> None:
        for brief, d in dekking.items():
            tekst = bladen[f"brieven/brief-{brief}.md"]
            nummers = [z.zin.nummer for z in d.zinnen]
            assert [int(n) for n in re.findall(r"(?m)^## Zin (\d+)$", tekst)] == nummers
            assert [int(n) for n in re.findall(r"(?m)^\| \[(\d+)\]\(#zin-\1\)", tekst)] == nummers

    def test_de_links_wijzen_ergens_naar(
        self, root: Path, bladen: dict[str, str], gegevens: Gegevens
    ) -> None:
        for pad, tekst in bladen.items():
            for doel in set(re.findall(r"\]\(([^)]+)\)", tekst)):
                if doel.startswith("#zin-"):
                    assert f"## Zin {doel.removeprefix('#zin-')}\n" in tekst
                elif doel.startswith("../regels/"):
                    assert Path(doel).stem in gegevens.afspraken
                else:
                    assert (root / "docs" / Path(pad).parent / doel).is_file()

    def test_de_tabellen_zijn_heel(self, bladen: dict[str, str]) -> None:
        for tekst in bladen.values():
            for tabel in re.findall(r"(?:^\|.*\n)+", tekst, re.MULTILINE):
                kolommen = {len(re.split(r"(?<!\\)\|", rij)) for rij in tabel.splitlines()}
                assert len(kolommen) == 1

    def test_een_zin_met_alles_erbij(self, bladen: dict[str, str]) -> None:
        tekst = bladen["brieven/brief-2021-05-06.md"]
        stuk = tekst[tekst.index("## Zin 23\n") : tekst.index("## Zin 24\n")]
        assert "> … Wanneer er meer inzet nodig is …" in stuk
        assert "- Status: open norm" in stuk
        assert "- Laat ruimte: “meer inzet”" in stuk
        assert "- Zo lezen wij dit ([B1-14](../regels/B1-14.md)): Met meer inzet is bedoeld" in stuk
        assert re.search(r"  - \[B1-14\]\(\.\./regels/B1-14\.md\): \d+ gevallen, in \[", stuk)
