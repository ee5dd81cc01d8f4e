"""The records of the letters: each sentence has one, and each says what it must (issue 4, part 3).

Against the letters themselves where they are, and against a made-up letter anywhere.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brievenbouw import ANKERS, DAG, TEKST, ZINNEN, maak_brief, record, records, schrijf_brief
from uitfasering.brieven import Brief, Zin, controleer, lees_brieven
from uitfasering.brieven.brieftekst import plat, zinnen_van
from uitfasering.gegevens import Gegevens, laad
from uitfasering.melding import Melding

BRIEVEN = Path(__file__).resolve().parents[2] / "shared" / "brieven"
MET_DE_BRIEVEN = pytest.mark.skipif(
    not BRIEVEN.is_dir(), reason="de brieven (../shared/brieven) zijn er niet"
)
DAGEN = ("2021-05-06", "2021-11-24")

# Contract §6, typed from there.
OMZETTEN = ["0150", "0160", "1773", "0177", "0180", "1896"]
AFLOPEN = ["0148", "0166", "0175", "1708", "0193"]


@pytest.fixture(scope="module")
def gegevens(root: Path) -> Gegevens:
    return laad(root)


@pytest.fixture(scope="module")
def brieven(root: Path) -> dict[str, Brief]:
    gelezen, meldingen = lees_brieven(root)
    assert meldingen == []
    return {brief.brief: brief for brief in gelezen}


def zin_met(brief: Brief, woorden: str) -> Zin:
    (zin,) = [zin for zin in brief.zinnen if woorden in zin.anker]
    return zin


def codes(meldingen: list[Melding]) -> list[str]:
    return sorted(melding.code for melding in meldingen)


class TestDeBrievenZelf:
    def test_geen_fouten(self, root: Path, gegevens: Gegevens) -> None:
        assert controleer(root, gegevens, None) == []

    @MET_DE_BRIEVEN
    def test_elke_zin_staat_er_een_keer_en_elk_citaat_klopt(
        self, root: Path, gegevens: Gegevens
    ) -> None:
        assert controleer(root, gegevens, BRIEVEN) == []

    @MET_DE_BRIEVEN
    @pytest.mark.parametrize(("dag", "aantal"), [("2021-05-06", 32), ("2021-11-24", 47)])
    def test_zoveel_zinnen_als_in_de_brief_te_tellen_zijn(self, dag: str, aantal: int) -> None:
        """Counted by hand in the letters: every line and every full stop that ends a sentence."""
        assert len(zinnen_van((BRIEVEN / f"brief-{dag}.txt").read_text("utf-8"))) == aantal

    @MET_DE_BRIEVEN
    @pytest.mark.parametrize("dag", DAGEN)
    def test_de_zinnen_samen_zijn_de_hele_brief(self, dag: str) -> None:
        tekst = (BRIEVEN / f"brief-{dag}.txt").read_text("utf-8")
        zonder_opmaak = re.sub(r"(?m)^(#+ |- |---$|<einde>)", "", tekst)
        assert " ".join(zinnen_van(tekst)) == plat(zonder_opmaak)

    def test_citaten_zijn_kort(self, brieven: dict[str, Brief]) -> None:
        lang = [z.anker for b in brieven.values() for z in b.zinnen if len(z.anker.split()) > 9]
        assert lang == []

    @pytest.mark.parametrize(
        ("dag", "anker", "open_woorden", "regels"),
        [
            # §4.2 and §4.5: zoveel_mogelijk, "meer inzet", tenzij_gemotiveerd, deviations
            ("2021-05-06", "het keuzebudget", "zoveel mogelijk", {"B1-08"}),
            ("2021-05-06", "Wanneer er meer inzet", "meer inzet", {"B1-14"}),
            ("2021-05-06", "De duur van", "om moverende redenen", {"B1-15", "B1-15a"}),
            ("2021-05-06", "vanuit het eigen beleid", "op onderdelen", {"B1-20"}),
            # §4.3 and §4.5: zoveel_mogelijk
            ("2021-11-24", "conform eerdere afspraken", "zoveel mogelijk", {"B2-10"}),
            ("2021-11-24", "beëindigen we", "zoveel mogelijk", {"B2-11", "B2-11c", "B2-11d"}),
        ],
    )
    def test_een_open_norm_staat_als_open_norm_ook_met_een_lezing(
        self,
        brieven: dict[str, Brief],
        dag: str,
        anker: str,
        open_woorden: str,
        regels: set[str],
    ) -> None:
        zin = zin_met(brieven[dag], anker)
        assert (zin.status, zin.open_woorden) == ("open_norm", open_woorden)
        assert regels <= set(zin.regels)

    def test_wat_niet_aan_een_toewijzing_te_zien_is(self, brieven: dict[str, Brief]) -> None:
        zin = zin_met(brieven["2021-05-06"], "administratieve systemen")
        assert (zin.status, zin.regels) == ("niet_uitvoerbaar", ())

    @pytest.mark.parametrize(("gemeenten", "regel"), [(OMZETTEN, "B2-11"), (AFLOPEN, "B2-11a")])
    def test_de_tabel_heeft_een_zin_per_gemeente_met_haar_keuze(
        self, brieven: dict[str, Brief], gemeenten: list[str], regel: str
    ) -> None:
        rijen = [z for z in brieven["2021-11-24"].zinnen if z.gemeente]
        assert sorted(z.gemeente or "" for z in rijen if regel in z.regels) == sorted(gemeenten)
        assert len(rijen) == len(OMZETTEN) + len(AFLOPEN)

    @MET_DE_BRIEVEN
    def test_de_tabel_zegt_per_gemeente_wat_de_brief_zegt(self, brieven: dict[str, Brief]) -> None:
        tekst = (BRIEVEN / "brief-2021-11-24.txt").read_text("utf-8")
        for zin in brieven["2021-11-24"].zinnen:
            if zin.gemeente:
                (rij,) = re.findall(rf"(?m)^{zin.anker}\t(.*)$", tekst)
                zet_om = rij.startswith("√")
                regels = ("B2-11", "B2-11d") if zet_om else ("B2-11a", "B2-11b", "B2-11f")
                assert zin.regels == regels, zin.anker
                assert zin.keuze == ("omzetten" if zet_om else "aflopen"), zin.anker
                assert ("zet" if zet_om else "laat") in zin.samenvatting.split(), zin.anker

    @MET_DE_BRIEVEN
    @pytest.mark.parametrize("dag", DAGEN)
    def test_een_zin_erbij_in_de_brief_valt_op(
        self, root: Path, gegevens: Gegevens, tmp_path: Path, dag: str
    ) -> None:
        for een in DAGEN:
            shutil.copy(BRIEVEN / f"brief-{een}.txt", tmp_path)
        pad = tmp_path / f"brief-{dag}.txt"
        tekst = pad.read_text("utf-8")
        plek = tekst.index(". ", tekst.index("Segment")) + 2
        pad.write_text(f"{tekst[:plek]}Appels blijven rood. {tekst[plek:]}", "utf-8")
        (melding,) = controleer(root, gegevens, tmp_path)
        assert melding.code == "brief-zin-ontbreekt"
        assert "Appels blijven rood." in melding.bericht
        assert melding.bestand == f"data/brieven/brief-{dag}.yaml"


class TestZinnenVan:
    def test_elke_vorm(self) -> None:
        assert zinnen_van(TEKST) == ZINNEN

    def test_letters_met_losse_accenten(self) -> None:
        """As a PDF may give them: the letter and its accent as two characters."""
        assert zinnen_van(unicodedata.normalize("NFD", TEKST)) == ZINNEN

    def test_lege_tekst(self) -> None:
        assert zinnen_van("\n  \n---\n") == []

    @pytest.mark.parametrize("einde", [".", "!", "?", ".)", "'."])
    def test_einde_van_een_zin(self, einde: str) -> None:
        assert zinnen_van(f"Dit is een{einde} 2022 is twee.") == [
            f"Dit is een{einde}",
            "2022 is twee.",
        ]

    @pytest.mark.parametrize(
        "zin", ["N.B. Dit is er een.", "Het is 2.000 of 4.000.", "Dit (i.v.m. Jan) ook.", "Nr. 1?"]
    )
    def test_een_punt_in_de_zin(self, zin: str) -> None:
        assert zinnen_van(zin) == [zin]

    @given(st.randoms(use_true_random=True))
    def test_witruimte_in_een_zin_maakt_niet_uit(self, toeval: Random) -> None:
        assert zinnen_van(geschud(TEKST, toeval)) == ZINNEN

    @MET_DE_BRIEVEN
    @pytest.mark.parametrize("dag", DAGEN)
    @given(toeval=st.randoms(use_true_random=True))
    def test_witruimte_in_een_zin_van_de_brieven_maakt_niet_uit(
        self, dag: str, toeval: Random
    ) -> None:
        tekst = (BRIEVEN / f"brief-{dag}.txt").read_text("utf-8")
        assert zinnen_van(geschud(tekst, toeval)) == zinnen_van(tekst)


def geschud(tekst: str, toeval: Random) -> str:
    """The letter with other white space between its words, and more empty lines.

    A line break only where it makes no new point, line or row, also to a reader.
    """
    regels = []
    for regel in tekst.split("\n"):
        vast = "\t" in regel or regel.startswith("#")
        woorden = re.split(r"(?<=\S) (?=\S)", regel)
        delen = woorden[:1]
        for woord in woorden[1:]:
            in_regel = vast or re.match(r"[-*•#]+$|\w+:$", woord)
            delen.append(toeval.choice(_SPATIES if in_regel else _SPATIES + _REGELEINDEN))
            delen.append(woord)
        regels.append("".join(delen))
    return "\n".join(regel or toeval.choice(["", " ", "\n", "\r\n \xa0"]) for regel in regels)


_SPATIES = [" ", "  ", "\xa0", " \xa0", "\u2009"]
_REGELEINDEN = ["\n", "\r\n", " \n   "]


class TestVormVanDeRecords:
    """What can be seen without the text and the agreements."""

    @pytest.mark.parametrize(
        ("anders", "code", "pad"),
        [
            ({"status": "regel"}, "brief-zonder-regels", "status"),
            ({"status": "grond"}, "brief-zonder-regels", "status"),
            ({"regels": ["B1-02"]}, "brief-regels-te-veel", "regels"),
            (
                {"status": "niet_uitvoerbaar", "regels": ["B1-02"]},
                "brief-regels-te-veel",
                "regels",
            ),
            ({"waarom": None}, "brief-waarom", "status"),
            ({"status": "open_norm"}, "brief-open-woorden", "status"),
            ({"open_woorden": "zoveel"}, "brief-open-woorden", "open_woorden"),
            ({"nummer": 3}, "brief-nummer", "nummer"),
            ({"anker": "x" * 61}, "schema-te-lang", "anker"),
        ],
    )
    def test_fout(
        self, root: Path, tmp_path: Path, anders: dict[str, Any], code: str, pad: str
    ) -> None:
        zinnen = [record(1, "Appels"), record(**{"nummer": 2, "anker": "Van:", **anders})]
        (melding,) = controleer(maak_brief(root, tmp_path / "p", zinnen), None, None)
        assert (melding.code, melding.pad) == (code, f"zinnen[2].{pad}")

    @pytest.mark.parametrize(
        "anders",
        [
            {"status": "regel", "regels": ["B1-02"], "waarom": None},
            {"status": "grond", "regels": ["B1-02"]},
            {"status": "open_norm", "open_woorden": "zoveel"},
            {"status": "open_norm", "open_woorden": "zoveel", "regels": ["B1-08"]},
            {"status": "niet_uitvoerbaar"},
        ],
    )
    def test_goed(self, root: Path, tmp_path: Path, anders: dict[str, Any]) -> None:
        zinnen = [record(1, "Appels", **anders)]
        assert controleer(maak_brief(root, tmp_path / "p", zinnen), None, None) == []

    def test_alleen_het_eerste_nummer_dat_niet_klopt(self, root: Path, tmp_path: Path) -> None:
        zinnen = [record(n, f"anker {n}") for n in (1, 3, 4, 5)]
        (melding,) = controleer(maak_brief(root, tmp_path / "p", zinnen), None, None)
        assert "Hier hoort nummer 2" in melding.bericht

    def test_een_bestand_dat_niet_klopt_verbergt_een_ander_niet(
        self, root: Path, tmp_path: Path
    ) -> None:
        project = maak_brief(root, tmp_path / "p", [record(1, "Appels", waarom=None)])
        (project / "data" / "brieven" / "kapot.yaml").write_text("brief: 2021-01-01\n", "utf-8")
        gevonden = controleer(project, None, None)
        assert {m.bestand for m in gevonden} == {
            "data/brieven/kapot.yaml",
            f"data/brieven/brief-{DAG}.yaml",
        }

    def test_twee_bestanden_voor_een_brief(self, root: Path, tmp_path: Path) -> None:
        project = maak_brief(root, tmp_path / "p", [record(1, "Appels")])
        eerste = project / "data" / "brieven" / f"brief-{DAG}.yaml"
        shutil.copy(eerste, eerste.with_name("nog-een.yaml"))
        assert codes(controleer(project, None, None)) == ["brief-dubbel"]


class TestTegenDeTekst:
    @staticmethod
    def meldingen(
        root: Path, tmp_path: Path, zinnen: list[dict[str, Any]], tekst: str = TEKST
    ) -> list[Melding]:
        project = maak_brief(root, tmp_path / "p", zinnen, tekst)
        return controleer(project, None, project / "brieven")

    def test_goed(self, root: Path, tmp_path: Path) -> None:
        assert self.meldingen(root, tmp_path, records()) == []

    def test_een_tikfout_in_een_anker_is_een_melding(self, root: Path, tmp_path: Path) -> None:
        zinnen = records()
        zinnen[4]["anker"] = "Een apppel is rood"
        (melding,) = self.meldingen(root, tmp_path, zinnen)
        assert (melding.code, melding.pad) == ("brief-anker", "zinnen[5].anker")
        assert ZINNEN[4] in melding.oplossing

    def test_een_anker_met_andere_witruimte_is_goed(self, root: Path, tmp_path: Path) -> None:
        zinnen = records()
        zinnen[4]["anker"] = "Een  appel\n is rood"
        assert self.meldingen(root, tmp_path, zinnen) == []

    def test_een_anker_in_twee_zinnen(self, root: Path, tmp_path: Path) -> None:
        zinnen = records()
        zinnen[7]["anker"] = "2022"
        (melding,) = self.meldingen(root, tmp_path, zinnen)
        assert (melding.code, melding.pad) == ("brief-anker-dubbel", "zinnen[8].anker")

    def test_een_anker_over_twee_zinnen(self, root: Path, tmp_path: Path) -> None:
        zinnen = records()
        zinnen[4]["anker"] = "31-12-2021). Dat geldt"
        assert codes(self.meldingen(root, tmp_path, zinnen)) == ["brief-anker"]

    @pytest.mark.parametrize("weg", range(len(ANKERS)))
    def test_een_zin_zonder_record(self, root: Path, tmp_path: Path, weg: int) -> None:
        zinnen = [record(n, a) for n, a in enumerate(ANKERS[:weg] + ANKERS[weg + 1 :], 1)]
        (melding,) = self.meldingen(root, tmp_path, zinnen)
        assert melding.code == "brief-zin-ontbreekt"
        assert ZINNEN[weg][:50] in melding.bericht
        assert (f"na zin {weg}" if weg else "vooraan") in melding.oplossing

    def test_een_anker_fout_en_een_zin_erbij_zijn_twee_meldingen(
        self, root: Path, tmp_path: Path
    ) -> None:
        zinnen = records()
        zinnen[4]["anker"] = "Een apppel is rood"
        tekst = TEKST.replace("Dat geldt", "Geel mag ook. Dat geldt")
        gevonden = self.meldingen(root, tmp_path, zinnen, tekst)
        assert codes(gevonden) == ["brief-anker", "brief-zin-ontbreekt"]

    def test_een_zin_met_twee_records(self, root: Path, tmp_path: Path) -> None:
        ankers = [*ANKERS[:5], "t/m 31-12-2021", *ANKERS[5:]]
        (melding,) = self.meldingen(
            root, tmp_path, [record(n, anker) for n, anker in enumerate(ankers, 1)]
        )
        assert (melding.code, melding.pad) == ("brief-zin-dubbel", "zinnen[6]")
        assert "zin 5" in melding.bericht

    def test_zinnen_in_een_andere_volgorde(self, root: Path, tmp_path: Path) -> None:
        ankers = [*ANKERS[:4], ANKERS[5], ANKERS[4], *ANKERS[6:]]
        gevonden = self.meldingen(
            root, tmp_path, [record(n, anker) for n, anker in enumerate(ankers, 1)]
        )
        assert [(m.code, m.pad) for m in gevonden] == [("brief-volgorde", "zinnen[6]")]

    def test_open_woorden_staan_in_die_zin(self, root: Path, tmp_path: Path) -> None:
        zinnen = records()
        zinnen[7] |= {"status": "open_norm", "open_woorden": "zoveel mogelijk"}
        zinnen[8] |= {"status": "open_norm", "open_woorden": "zoveel mogelijk"}
        (melding,) = self.meldingen(root, tmp_path, zinnen)
        assert (melding.code, melding.pad) == ("brief-open-woorden", "zinnen[9].open_woorden")

    @pytest.mark.parametrize("kapot", ["weg", "map", "latin-1"])
    def test_een_tekst_die_niet_te_lezen_is(self, root: Path, tmp_path: Path, kapot: str) -> None:
        project = maak_brief(root, tmp_path / "p", records())
        pad = project / "brieven" / f"brief-{DAG}.txt"
        pad.unlink()
        if kapot == "map":
            pad.mkdir()
        elif kapot == "latin-1":
            pad.write_bytes(TEKST.replace("√", "x").encode("latin-1"))
        (melding,) = controleer(project, None, project / "brieven")
        assert (melding.code, melding.bestand) == ("brief-tekst", str(pad))

    def test_bom_en_regeleinden_van_windows(self, root: Path, tmp_path: Path) -> None:
        tekst = "\ufeff" + TEKST.replace("\n", "\r\n")
        assert self.meldingen(root, tmp_path, records(), tekst) == []


class TestTegenDeAfspraken:
    """On a copy of the real records and agreements."""

    @pytest.fixture
    def project(self, root: Path, tmp_path: Path) -> Path:
        for naam in ("schemas", "data"):
            shutil.copytree(root / naam, tmp_path / naam)
        return tmp_path

    @staticmethod
    def vervang(project: Path, bestand: str, oud: str, nieuw: str) -> None:
        pad = project / bestand
        tekst = pad.read_text("utf-8")
        assert tekst.count(oud) == 1, oud
        pad.write_text(tekst.replace(oud, nieuw), "utf-8")

    @pytest.mark.parametrize(
        ("oud", "nieuw", "oplossing"),
        [
            ("regels: [B1-09]", "regels: [B1-09, B1-9]", "Bedoelt u B1-09?"),
            ("regels: [B1-09]", "regels: [B1-09, b1-09]", "Bedoelt u B1-09?"),
            ("regels: [B1-09]", "regels: [B1-09, iets]", "Noem een afspraak uit data/afspraken."),
        ],
    )
    def test_een_afspraak_die_niet_bestaat(
        self, project: Path, gegevens: Gegevens, oud: str, nieuw: str, oplossing: str
    ) -> None:
        self.vervang(project, "data/brieven/brief-2021-05-06.yaml", oud, nieuw)
        (melding,) = controleer(project, gegevens, None)
        assert (melding.code, melding.oplossing) == ("brief-onbekende-regel", oplossing)

    def test_een_tikfout_in_een_afspraak_is_een_melding(
        self, project: Path, gegevens: Gegevens
    ) -> None:
        bestand = "data/brieven/brief-2021-05-06.yaml"
        self.vervang(project, bestand, "regels: [B1-09]", "regels: [B1-9]")
        assert codes(controleer(project, gegevens, None)) == ["brief-onbekende-regel"]

    @pytest.mark.parametrize(
        ("regel", "bestand", "oud"),
        [
            ("B1-09", "data/brieven/brief-2021-05-06.yaml", "    regels: [B1-09]\n"),
            ("A-07", "data/brieven/brief-2021-05-06.yaml", "A-07, "),
            ("A-06", "data/brieven/brief-2021-11-24.yaml", "A-06, "),
        ],
    )
    def test_een_afspraak_zonder_zin(
        self, project: Path, gegevens: Gegevens, regel: str, bestand: str, oud: str
    ) -> None:
        nieuw = "    regels: [B1-11]\n" if "regels" in oud else ""
        self.vervang(project, bestand, oud, nieuw)
        (melding,) = controleer(project, gegevens, None)
        assert (melding.code, melding.pad) == ("brief-regel-zonder-zin", f"afspraken.{regel}")
        assert bestand in melding.oplossing

    def test_bevindingen_over_de_gegevens_zelf_hoeven_geen_zin(
        self, brieven: dict[str, Brief]
    ) -> None:
        """Contract §4.5 and §7: what A-00, A-03, A-04 and A-08 quote is no agreement."""
        genoemd = {regel for b in brieven.values() for z in b.zinnen for regel in z.regels}
        assert genoemd.isdisjoint({"A-00", "A-03", "A-04", "A-08"})

    @pytest.mark.parametrize(
        ("gemeente", "oplossing"),
        [
            ("zwole", 'Schrijf voor Zwolle de code: "0193".'),
            ('"0344"', "Kies uit: 0148 (Dalfsen), 0150 (Deventer), "),
        ],
    )
    def test_een_gemeente_die_niet_bestaat(
        self, project: Path, gegevens: Gegevens, gemeente: str, oplossing: str
    ) -> None:
        bestand = "data/brieven/brief-2021-11-24.yaml"
        self.vervang(project, bestand, 'gemeente: "0193"', f"gemeente: {gemeente}")
        (melding,) = controleer(project, gegevens, None)
        assert melding.code == "brief-onbekende-gemeente"
        assert melding.oplossing.startswith(oplossing)

    @MET_DE_BRIEVEN
    def test_bij_een_citaat_met_een_tikfout_staat_de_zin(
        self, project: Path, gegevens: Gegevens
    ) -> None:
        bestand = "data/afspraken/brief-2021-05-06.yaml"
        self.vervang(project, bestand, "zoveel mogelijk het keuze", "zoveel mogeljk het keuze")
        (melding,) = controleer(project, laad(project), BRIEVEN)
        assert melding.code == "brief-citaat"
        _, _, zin = melding.oplossing.partition(" De zin is waarschijnlijk: “")
        begin = zin.removesuffix("…”")
        (hele,) = [
            z
            for z in zinnen_van((BRIEVEN / "brief-2021-05-06.txt").read_text("utf-8"))
            if z.startswith(begin)
        ]
        assert "zoveel mogelijk het keuzebudget" in hele

    def test_een_brief_zonder_bestand(self, project: Path, gegevens: Gegevens) -> None:
        (project / "data" / "brieven" / "brief-2021-11-24.yaml").unlink()
        (melding,) = controleer(project, gegevens, None)
        assert (melding.code, melding.bestand) == (
            "brief-ontbreekt",
            "data/brieven/brief-2021-11-24.yaml",
        )

    def test_een_kapot_bestand_geeft_niet_ook_elke_afspraak(
        self, project: Path, gegevens: Gegevens
    ) -> None:
        bestand = "data/brieven/brief-2021-11-24.yaml"
        self.vervang(project, bestand, 'gemeente: "0193"', "gemeete: Zwolle")
        gevonden = controleer(project, gegevens, None)
        assert codes(gevonden) == ["schema-onbekend-veld"]

    @MET_DE_BRIEVEN
    @pytest.mark.parametrize(
        ("bestand", "oud", "nieuw", "code", "pad"),
        [
            (
                "data/afspraken/brief-2021-05-06.yaml",
                "citaat: zoveel mogelijk het keuzebudget 2.000 of 4.000 minuten gehanteerd",
                "citaat: zoveel mogelijk het keuzebudget 2000 of 4000 minuten gehanteerd",
                "brief-citaat",
                "afspraken.B1-08.citaat",
            ),
            (
                "data/afspraken/brief-2021-05-06.yaml",
                "citaat: worden aanbieders gevraagd altijd eerst contact op te nemen met de lokale "
                "toegang",
                "citaat: Mocht er sprake zijn van een verwijzing",
                "brief-citaat-zin",
                "afspraken.B1-09.citaat",
            ),
            (
                "data/afspraken/brief-2021-11-24.yaml",
                "plaats: Belangrijkste afspraken, laatste punt",
                "plaats: Belangrijkste afspraken, punt over medicatie",
                "brief-plaats",
                "afspraken.B2-14.plaats",
            ),
        ],
    )
    def test_citaat_en_zin_horen_bij_elkaar(
        self, project: Path, bestand: str, oud: str, nieuw: str, code: str, pad: str
    ) -> None:
        self.vervang(project, bestand, oud, nieuw)
        (melding,) = controleer(project, laad(project), BRIEVEN)
        assert (melding.code, melding.pad) == (code, pad)

    @MET_DE_BRIEVEN
    def test_een_afspraak_bij_een_andere_zin(self, project: Path, gegevens: Gegevens) -> None:
        bestand = "data/brieven/brief-2021-05-06.yaml"
        self.vervang(project, bestand, "regels: [B1-09]", "regels: [B1-08]")
        self.vervang(project, bestand, "regels: [B1-11, B1-11a]", "regels: [B1-09, B1-11, B1-11a]")
        (melding,) = controleer(project, gegevens, BRIEVEN)
        assert (melding.code, melding.pad) == ("brief-citaat-zin", "afspraken.B1-09.citaat")
        assert "zin 18" in melding.bericht

    def test_een_nieuwe_brief(self, project: Path, gegevens: Gegevens) -> None:
        """A letter that no agreement quotes is held to the same form."""
        schrijf_brief(project, {"brief": DAG, "titel": "Fruit", "zinnen": [record(2, "Appels")]})
        assert codes(controleer(project, gegevens, None)) == ["brief-nummer"]
