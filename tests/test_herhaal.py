"""``uitfasering herhaal``: the same besluiten on their own revision, and what another changes."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clihulp import NIEUW, Cli, Uitvoer, proces
from herhaalhulp import bundel_met, bundel_waarin, een_regel, gelogd, log_van, verander
from logopa import BESTAND
from uitfasering.bundelbestand import zoek_bundels
from uitfasering.herhaal.herhalen import Herhaler
from uitfasering.herhaal.verschil import verschillen
from uitfasering.herhaal.verslag import Verslag, maak_verslag
from uitfasering.logboek import lees_logboek
from uitfasering.toets.gevallen import lees_gevallen
from volledig import VOLLEDIG

Json = dict[str, Any]
# Zwolle lets midden duurzaam run off, so B2-11a (contract §4.3, §6).
LOPEND: Json = {
    "handeling": "lopend",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-04-01",
    "ingangsdatum": "2021-04-01",
    "einddatum": "2022-06-30",
    "product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 3},
    "aanbieder": "87654321",
}
IN_DEVENTER = {**LOPEND, "gemeente": "0150"}
# Profile 11: the crisisroute (contract §4.3, B2-12).
SPOED: Json = {
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2022-02-01",
    "ingangsdatum": "2022-02-01",
    "product": {"segment": "midden", "perspectief": "herstel", "profiel": 11},
}
SPOED_VOORAF = {**SPOED, "toewijzingsdatum": "2021-09-01"}
SPOED_EERDER = {**SPOED_VOORAF, "ingangsdatum": "2021-09-15"}
ONGELDIG = {**LOPEND, "bsn": "123456782"}
VRAGEN = [LOPEND, IN_DEVENTER, SPOED, SPOED_VOORAF, SPOED_EERDER, ONGELDIG, NIEUW]


@pytest.fixture(scope="module")
def log(bundel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of VRAGEN: LOPEND alone, the others as one batch, in this order."""
    folder = tmp_path_factory.mktemp("log")
    log_van(bundel, folder, VRAGEN)
    return folder


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.setenv("COLUMNS", "100")
    return Cli(monkeypatch, capsys)


def test_alle_gevallen_opnieuw(cli: Cli, bundel: Path, root: Path, tmp_path: Path) -> None:
    """What the cases ask covers every agreement; some are invalid on purpose."""
    toewijzingen = [geval.toewijzing for geval in lees_gevallen(root)[0]]
    toewijzingen = toewijzingen[:: 1 if VOLLEDIG else 3]
    besluiten = log_van(bundel, tmp_path, toewijzingen, los=20)
    ongeldig = sum(b["uitkomst"] == "ONGELDIGE_INVOER" for b in besluiten)
    geldig = len(besluiten) - ongeldig
    assert ongeldig > 20
    assert geldig > 300
    uit = cli("herhaal", tmp_path, "--bundel", bundel, "--formaat", "json")
    samenvatting = json.loads(uit.uit)["samenvatting"]
    assert (uit.code, uit.fout) == (0, "")
    assert samenvatting == {
        "besluiten": len(besluiten),
        "gelijk": geldig,
        "anders": 0,
        "ongeldig": ongeldig,
        "zonder_bundel": {},
        "zonder_antwoord": {},
        "onleesbaar": 0,
    }


def test_alles_hetzelfde(cli: Cli, bundel: Path, log: Path) -> None:
    assert cli("herhaal", log / BESTAND, "--bundel", bundel.parent) == Uitvoer(
        0,
        "Elk besluit is vergeleken met wat zijn eigen versie van de afspraken zegt.\n"
        "1 besluit zonder geldige invoer: niet bewaard, dus niet te herhalen.\n"
        "6 besluiten herhaald: 0 anders.\n",
        "",
    )


def test_de_standaardinvoer(bundel: Path, log: Path) -> None:
    packed = gzip.compress((log / BESTAND).read_bytes())
    uit = proces("herhaal", "-", "--bundel", str(bundel), invoer=packed)
    assert (uit.code, uit.uit[-32:], uit.fout) == (0, "6 besluiten herhaald: 0 anders.\n", "")


def test_de_gewone_plaatsen_van_bundels(
    cli: Cli, bundel: Path, log: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for naam in ("policies", "schemas", "data", "scripts", "bin"):
        (tmp_path / naam).symlink_to(root / naam)
    monkeypatch.setenv("UITFASERING_ROOT", str(tmp_path))
    assert "de bundel van versie" in cli("herhaal", log).uit
    for plaats in ("sidecar/archief/x.tar.gz", "sidecar/bundels/x.tar.gz", "uitfasering.tar.gz"):
        pad = tmp_path / "build" / plaats
        pad.parent.mkdir(parents=True, exist_ok=True)
        pad.write_bytes(bundel.read_bytes())
        assert cli("herhaal", log).code == 0
        pad.unlink()


# What may have been changed in the log of one besluit, and what is said of it.
VERANDERD: dict[str, tuple[Any, str]] = {
    "uitkomst": (
        lambda e: e["result"].update(uitkomst="TOEGESTAAN"),
        "Uitkomst: TOEGESTAAN → AFLOPEN.",
    ),
    "tekst": (
        lambda e: e["result"]["bevindingen"][0].update(tekst="Het mag."),
        "B2-11a geldt nog, maar zegt iets anders (tekst). tekst: Het mag. → De gemeente",
    ),
    "bevinding weg": (
        lambda e: e["result"]["bevindingen"].pop(0),
        "B2-11a geldt nu wel. “De gemeente Zwolle laat",
    ),
    "bevinding erbij": (
        lambda e: e["result"]["bevindingen"].append(
            {**e["result"]["bevindingen"][0], "regel": "B9-99", "tekst": "Nee."}
        ),
        "B9-99 geldt niet meer. “Nee.”",
    ),
    "voorlopig": (
        lambda e: e["result"].update(voorlopig=True),
        "voorlopig wordt anders. voorlopig: ja → nee",
    ),
    "voorlopig als getal": (
        lambda e: e["result"].update(voorlopig=0),
        "voorlopig wordt anders. voorlopig: 0 → nee",
    ),
    "ontbreekt": (
        lambda e: e["result"].update(ontbreekt=["omvang"]),
        "Wat niet meer ontbreekt: omvang.",
    ),
    "uiterste einddatum": (
        lambda e: e["result"].update(uiterste_einddatum="2022-12-31"),
        "uiterste_einddatum is er niet meer. uiterste_einddatum: 31 december 2022 → niets",
    ),
    "voorstel": (
        lambda e: e["result"].update(voorstel={"einddatum": "2022-12-31"}),
        "voorstel is er niet meer. voorstel.einddatum: 31 december 2022 → niets",
    ),
    "veld erbij": (
        lambda e: e["result"].update(nieuw="x"),
        "nieuw is er niet meer. nieuw: x → niets",
    ),
    "veld weg": (
        lambda e: e["result"].pop("voorlopig"),
        "voorlopig is er nu wel. voorlopig: niets → nee",
    ),
    "bevindingen weg": (
        lambda e: e["result"].update(bevindingen=3),
        "B2-11a geldt nu wel.",
    ),
    "toewijzing": (
        lambda e: e["input"].update(gemeente="0150"),
        "Uitkomst: AFLOPEN → OMZETTEN.",
    ),
}


@pytest.fixture(scope="module")
def herhaald(bundel: Path, log: Path, tmp_path_factory: pytest.TempPathFactory) -> Verslag:
    """Of a log with the first event of ``log`` as it was, and once changed by each of VERANDERD."""
    event = json.loads((log / BESTAND).read_text("utf-8").splitlines()[0])
    lines = [json.dumps(event)]
    for naam, (wijzig, _) in VERANDERD.items():
        anders = {**copy.deepcopy(event), "decision_id": naam}
        wijzig(anders)
        lines.append(json.dumps(anders))
    pad = tmp_path_factory.mktemp("veranderd") / BESTAND
    pad.write_text("\n".join(lines), "utf-8")
    bundels = zoek_bundels([bundel])
    with Herhaler(bundels) as herhaler:
        stroom = herhaler.herhaal(lees_logboek([pad]))
        return maak_verslag(stroom, met=None, bundels=bundels, namen={})


@pytest.mark.parametrize("naam", VERANDERD)
def test_een_veranderd_logboek_valt_op(naam: str, herhaald: Verslag) -> None:
    (gevonden,) = [g for gelogd, g in herhaald.genoemd if gelogd.besluit_id == naam]
    gezegd = " ".join(" ".join([v.zin, *v.details]) for v in gevonden)
    assert VERANDERD[naam][1] in gezegd


def test_alleen_wat_veranderd_is_valt_op(herhaald: Verslag) -> None:
    assert (herhaald.gelijk, herhaald.anders) == (1, len(VERANDERD))


def test_wat_anders_is_in_beeld(cli: Cli, bundel: Path, log: Path, tmp_path: Path) -> None:
    def wijzig(regel: int, event: Json) -> None:
        if regel == 2:
            event["result"]["2"]["voorlopig"] = False

    uit = cli("herhaal", verander(log, tmp_path, wijzig), "--bundel", bundel)
    besluit_id = gelogd(log)[1].besluit_id
    assert uit.code == 1
    assert uit.uit == (
        f"✗ {besluit_id}, volgnummer 2 (besluiten.log, regel 2)\n"
        "  Deze versie van de afspraken zegt iets anders dan het logboek:\n"
        "  voorlopig wordt anders.\n"
        "    voorlopig: nee → ja\n\n"
        "Elk besluit is vergeleken met wat zijn eigen versie van de afspraken zegt.\n"
        "1 besluit zonder geldige invoer: niet bewaard, dus niet te herhalen.\n"
        "6 besluiten herhaald: 1 anders.\n"
    )


def test_een_andere_volgorde_valt_op(log: Path) -> None:
    besluit = next(een.besluit for een in gelogd(log) if len(een.besluit["bevindingen"]) > 1)
    anders = {**besluit, "bevindingen": besluit["bevindingen"][::-1]}
    gevonden = [verschil.zin for verschil in verschillen(besluit, anders)]
    assert gevonden == ["De bevindingen staan in een andere volgorde."]


def _paden(waarde: Any, pad: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a JSON value."""
    keys = waarde if isinstance(waarde, dict) else range(len(waarde) if _is_lijst(waarde) else 0)
    for key in keys:
        yield (*pad, key)
        yield from _paden(waarde[key], (*pad, key))


def _is_lijst(waarde: Any) -> bool:
    return isinstance(waarde, list)


ANDERE_WAARDEN: tuple[Any, ...] = ("?", None, 1, True, [], {})


def test_elke_wijziging_in_een_besluit_valt_op(log: Path) -> None:
    aantal = 0
    for een in gelogd(log):
        assert verschillen(een.besluit, copy.deepcopy(een.besluit)) == []
        for *naar, laatste in _paden(een.besluit):
            for anders in ANDERE_WAARDEN:
                nu = copy.deepcopy(een.besluit)
                deel: Any = nu
                for stap in naar:
                    deel = deel[stap]
                if json.dumps(deel[laatste]) == json.dumps(anders):
                    continue
                deel[laatste] = anders
                aantal += 1
                assert verschillen(een.besluit, nu), (*naar, laatste, anders)
                assert verschillen(nu, een.besluit), (*naar, laatste, anders)
    assert aantal > 500


def _groepen(uit: Uitvoer) -> dict[int, tuple[str | None, list[str], list[str]]]:
    """By place in the log (1 is the batch's first): uitkomst, regels that differ, reasons."""
    document = json.loads(uit.uit)
    found = {}
    for groep in document["groepen"]:
        zinnen = [v["zin"] for v in groep["verschillen"]]
        uitkomst = next((zin for zin in zinnen if zin.startswith("Uitkomst")), None)
        andere = [zin for zin in zinnen if zin != uitkomst]
        assert groep["aantal"] == len(groep["voorbeelden"])
        for voorbeeld in groep["voorbeelden"]:
            found[voorbeeld["volgnummer"] or 0] = (uitkomst, andere, list(groep["redenen"]))
    return found


def test_een_andere_datum_geeft_precies_wat_erop_rust(
    cli: Cli, bundel: Path, root: Path, log: Path, tmp_path: Path
) -> None:
    """Contract §4.3: B2-12a without a day; with one B2-12 from that day on, B2-12b before it.

    B1-04 does not fire beside those two (§4.2).
    """
    anders = bundel_met(root, tmp_path, {"crisisroute_gecontracteerd_per": "2021-10-01"})
    opdracht: list[str | Path] = ["herhaal", log, "--bundel", bundel, "--met", anders]
    uit = cli(*opdracht, "--formaat", "json")
    reden = (
        "gebeurtenissen, crisisroute, gecontracteerd_per: niets → 1 oktober 2021 "
        "(data/gebeurtenissen.yaml)"
    )
    weg = ["B1-04 geldt niet meer.", "B2-12a geldt niet meer."]
    voorlopig = "voorlopig wordt anders."
    assert uit.code == 1
    gevonden = _groepen(uit)
    assert gevonden == {
        VRAGEN.index(SPOED): (
            "Uitkomst: TOEGESTAAN → NIET_TOEGESTAAN.",
            [*weg, "B2-12 geldt nu wel.", voorlopig],
            [reden],
        ),
        VRAGEN.index(SPOED_VOORAF): (
            "Uitkomst: TOEGESTAAN → HANDMATIG.",
            [*weg, "B2-12b geldt nu wel.", voorlopig],
            [reden],
        ),
    }
    assert json.loads(uit.uit)["uitkomsten"] == [
        {"was": "TOEGESTAAN", "wordt": "NIET_TOEGESTAAN", "aantal": 1},
        {"was": "TOEGESTAAN", "wordt": "HANDMATIG", "aantal": 1},
    ]
    tekst = cli(*opdracht)
    assert "  TOEGESTAAN → HANDMATIG: 1 keer\n" in tekst.uit
    assert reden in een_regel(tekst.uit)
    assert tekst.uit.endswith("6 besluiten herhaald: 2 anders.\n")


def test_een_andere_keuze_van_een_gemeente(
    cli: Cli, bundel: Path, root: Path, log: Path, tmp_path: Path
) -> None:
    """Contract §4.3: B2-11a where midden duurzaam runs off, B2-11 where it is converted."""
    anders = bundel_met(root, tmp_path, {"keuzes": {"0193": "omzetten"}})
    uit = cli("herhaal", log, "--bundel", bundel, "--met", anders, "--formaat", "json")
    assert _groepen(uit) == {
        0: (
            "Uitkomst: AFLOPEN → OMZETTEN.",
            ["B2-11a geldt niet meer.", "B2-11 geldt nu wel.", "voorstel is er nu wel."],
            ["Zwolle, midden duurzaam: aflopen → omzetten (data/gemeenten.yaml)"],
        )
    }
    (groep,) = json.loads(uit.uit)["groepen"]
    details = [detail for verschil in groep["verschillen"] for detail in verschil["details"]]
    assert "voorstel.beeindigen.einddatum: niets → 31 december 2021" in details


def test_een_andere_begindag(cli: Cli, bundel: Path, root: Path, log: Path, tmp_path: Path) -> None:
    """Contract §4.2: B1-02 from 1 May 2021; NIEUW is of 1 June, so no longer."""
    anders = bundel_waarin(
        root,
        tmp_path,
        "data/afspraken/brief-2021-05-06.yaml",
        'stop_midden_herstel:\n    waarde: "2021-05-01"',
        'stop_midden_herstel:\n    waarde: "2021-07-01"',
    )
    uit = cli("herhaal", log, "--bundel", bundel, "--met", anders, "--formaat", "json")
    gevonden = _groepen(uit)
    assert gevonden[VRAGEN.index(NIEUW)] == (
        "Uitkomst: NIET_TOEGESTAAN → TOEGESTAAN.",
        ["B1-02 geldt niet meer."],
        ["B1-02, vanaf: 1 mei 2021 → 1 juli 2021 (data/afspraken)"],
    )
    assert gevonden.keys() == {VRAGEN.index(NIEUW)}


def test_een_andere_tekst_en_een_andere_regel(
    cli: Cli, bundel: Path, root: Path, log: Path, tmp_path: Path
) -> None:
    tekst = bundel_waarin(
        root,
        tmp_path / "tekst",
        "data/afspraken/brief-2021-05-06.yaml",
        "De werkwijze blijft zoals zij was.",
        "Er verandert niets.",
    )
    uit = cli("herhaal", log, "--bundel", bundel, "--met", tekst, "--formaat", "json")
    assert {(een[1][0], *een[2]) for een in _groepen(uit).values()} == {
        (
            "B1-04 geldt nog, maar zegt iets anders (tekst).",
            "B1-04, tekst is veranderd (data/afspraken)",
        )
    }
    regel = bundel_waarin(
        root,
        tmp_path / "regel",
        "policies/uitfasering/afspraken/b2_11_lopend_duurzaam.rego",
        'gemotiveerd != "ja"\n\tinput.feiten.gemeente in data.gegevens.keuzes.omzetten',
        'gemotiveerd != "ja"\n\tinput.feiten.gemeente in {"0193"}',
    )
    uit = cli("herhaal", log, "--bundel", bundel, "--met", regel, "--formaat", "json")
    gevonden = _groepen(uit)
    assert gevonden.keys() == {0, VRAGEN.index(IN_DEVENTER)}
    redenen = {reden for _, _, redenen in gevonden.values() for reden in redenen}
    bestand = "policies/uitfasering/afspraken/b2_11_lopend_duurzaam.rego is veranderd"
    assert redenen == {f"{bestand}; daarin staat wanneer B2-11 geldt."}
