"""``uitfasering herhaal``: which bundle answers, and a log or a bundle that is not as it should."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from clihulp import KORT, NIEUW, Cli, Uitvoer
from herhaalhulp import bundel_met, een_regel, gelogd, log_van, verander
from logopa import BESTAND
from sidecarbundels import lees, met_json, nieuwe_sleutel, pak_in, teken
from uitfasering.bundelbestand import lees_bundel, zoek_bundels
from uitfasering.herhaal import herhalen
from uitfasering.herhaal.herhalen import Herhaald, Herhaler
from uitfasering.logboek import lees_logboek

Json = dict[str, Any]
AANBIEDER = "87654321"
VRAGEN = [NIEUW, KORT, {**NIEUW, "aanbieder": AANBIEDER}]


@pytest.fixture(scope="module")
def log(bundel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of VRAGEN: one alone, then a batch of two."""
    folder = tmp_path_factory.mktemp("log")
    log_van(bundel, folder, VRAGEN)
    return folder


@pytest.fixture(scope="module")
def andere(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with another bundle, and a log of the same VRAGEN that it gave."""
    folder = tmp_path_factory.mktemp("andere")
    made = bundel_met(root, folder, {"crisisroute_gecontracteerd_per": "2021-10-01"})
    log_van(made, folder, VRAGEN)
    return folder


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.setenv("COLUMNS", "100")
    return Cli(monkeypatch, capsys)


def _andere_bundel(andere: Path) -> Path:
    return andere / "bundel" / "anders.tar.gz"


def test_elk_besluit_tegen_zijn_eigen_versie(
    cli: Cli, bundel: Path, log: Path, andere: Path
) -> None:
    beide: list[str | Path] = ["--bundel", bundel, "--bundel", _andere_bundel(andere).parent]
    uit = cli("herhaal", log, andere, *beide)
    assert (uit.code, uit.uit[-32:]) == (0, "6 besluiten herhaald: 0 anders.\n")


def test_een_bundel_die_er_niet_is(cli: Cli, bundel: Path, log: Path, andere: Path) -> None:
    revisie = lees_bundel(_andere_bundel(andere)).revisie
    uit = cli("herhaal", log, andere, "--bundel", bundel)
    assert uit.code == 1
    assert (
        f"3 besluiten zijn niet herhaald: de bundel van versie {revisie[:12]} is er niet. Zoek hem "
        f"in het archief van de sidecar ({revisie}.tar.gz) en geef dat bestand of die map met "
        "--bundel."
    ) in een_regel(uit.uit)
    assert "3 besluiten herhaald: 0 anders." in uit.uit
    uit = cli("herhaal", andere, "--bundel", bundel)
    assert (uit.code, "Er is geen besluit herhaald." in uit.uit) == (2, True)


def test_zonder_de_bundel_van_toen_blijft_het_waarom_open(
    cli: Cli, bundel: Path, log: Path, andere: Path, tmp_path: Path
) -> None:
    def wijzig(_: int, event: Json) -> None:
        if "toewijzingen" not in event["input"]:
            event["result"]["uitkomst"] = "TOEGESTAAN"

    pad = verander(log, tmp_path / "log", wijzig)
    (tmp_path / "leeg").mkdir()
    uit = cli("herhaal", pad, "--bundel", tmp_path / "leeg", "--met", bundel)
    assert uit.code == 1
    assert "Uitkomst: TOEGESTAAN → NIET_TOEGESTAAN." in uit.uit
    assert "is niet te zeggen: die bundel is er niet. Geef hem mee met --bundel." in een_regel(
        uit.uit
    )
    # With the same bundle there is nothing to tell but that.
    uit = cli("herhaal", pad, "--bundel", bundel, "--met", bundel)
    assert "heeft dezelfde afspraken en tabellen." in uit.uit
    assert "Wat hierbij" not in uit.uit


def test_met_een_andere_versie_zonder_verschil(
    cli: Cli, log: Path, andere: Path, tmp_path: Path
) -> None:
    """VRAGEN have nothing to do with the crisisroute."""
    uit = cli("herhaal", log, "--bundel", tmp_path, "--met", _andere_bundel(andere))
    revisie = lees_bundel(_andere_bundel(andere)).revisie
    assert uit.code == 0
    assert een_regel(uit.uit) == (
        f"Vergeleken met versie {revisie[:12]} uit {_andere_bundel(andere)}. "
        "3 besluiten herhaald: 0 anders."
    )


def test_veel_versies_door_elkaar(
    bundel: Path, log: Path, andere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is open at a time and however many go in one question."""
    monkeypatch.setattr(herhalen, "_PER_VRAAG", 2)
    monkeypatch.setattr(herhalen, "_TEGELIJK", 1)
    een, ander = gelogd(log), gelogd(andere)
    gemengd = [gegeven for paar in zip(een, ander, strict=True) for gegeven in paar] + een + een
    bundels = zoek_bundels([bundel, _andere_bundel(andere)])
    with Herhaler(bundels) as herhaler:
        antwoorden = list(herhaler.herhaal(iter(gemengd)))
    gekregen = [antwoord for antwoord in antwoorden if isinstance(antwoord, Herhaald)]
    assert [(g.gelogd.besluit, g.nu) for g in gekregen] == [
        (g.gelogd.besluit, g.gelogd.besluit) for g in gekregen
    ]
    assert sorted(g.gelogd.plaats for g in gekregen) == sorted(g.plaats for g in gemengd)


def test_een_bundel_die_intussen_verandert(bundel: Path, log: Path, tmp_path: Path) -> None:
    """``uitfasering bundel`` may run meanwhile: what was read is what is asked."""
    kopie = tmp_path / "b.tar.gz"
    kopie.write_bytes(bundel.read_bytes())
    bundels = zoek_bundels([kopie])
    kopie.write_bytes(b"iets anders")
    with Herhaler(bundels) as herhaler:
        antwoorden = list(herhaler.herhaal(lees_logboek([log / BESTAND])))
    assert all(isinstance(een, Herhaald) for een in antwoorden)


@pytest.fixture(scope="module")
def sleutels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A private key, its public one, and another public one."""
    folder = tmp_path_factory.mktemp("sleutels")
    made = []
    for naam in ("goed", "fout"):
        geheim = nieuwe_sleutel(folder / f"{naam}.key")
        publiek = folder / f"{naam}.pub"
        command = ["openssl", "pkey", "-in", str(geheim), "-pubout", "-out", str(publiek)]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        made.append((geheim, publiek))
    return made[0][0], made[0][1], made[1][1]


def test_de_handtekening(
    cli: Cli, bundel: Path, log: Path, tmp_path: Path, sleutels: tuple[Path, Path, Path]
) -> None:
    geheim, publiek, verkeerd = sleutels
    getekend = tmp_path / "archief" / "b.tar.gz"
    getekend.parent.mkdir()
    getekend.write_bytes(teken(lees(bundel.read_bytes()), geheim))
    # The archive comes first, so that a build without a signature does not stand in its way.
    beide: list[str | Path] = ["--bundel", getekend.parent, "--bundel", bundel]
    assert cli("herhaal", log, *beide, "--sleutel", publiek).code == 0
    assert cli("herhaal", log, *beide).code == 0
    for gegeven, sleutel in ((getekend, verkeerd), (bundel, publiek)):
        uit = cli("herhaal", log, "--bundel", gegeven, "--sleutel", sleutel)
        assert uit.code == 2
        assert f"Is die bundel ondertekend met de sleutel in {sleutel}?" in een_regel(uit.uit)
        assert "3 besluiten" in uit.uit
    uit = cli("herhaal", log, "--met", bundel, "--sleutel", publiek)
    assert (uit.code, "Is die bundel ondertekend" in een_regel(uit.uit)) == (2, True)


REGO = "uitfasering/besluit.rego"


def _met_ander_contract(bundel: Path, rego: tuple[str, str]) -> bytes:
    """The bundle as of a time when a besluit had one more field."""
    files = lees(bundel.read_bytes())
    gegevens = json.loads(files["data.json"])["gegevens"]
    gegevens["schemas"]["besluit"]["properties"]["vroeger"] = {}
    gegevens["gelogd"]["besluit"].append("vroeger")
    text = files[REGO].decode()
    assert text.count(rego[0]) >= 1
    files[REGO] = text.replace(*rego).encode()
    return pak_in(met_json(files, "data.json", gegevens=gegevens))


def test_een_bundel_met_een_ander_contract(cli: Cli, bundel: Path, tmp_path: Path) -> None:
    vroeger = tmp_path / "vroeger.tar.gz"
    extra = ('"herkomst": herkomst,', '"herkomst": herkomst,\n\t"vroeger": ["ja"],')
    vroeger.write_bytes(_met_ander_contract(bundel, extra))
    besluiten = log_van(vroeger, tmp_path, VRAGEN)
    assert all(besluit["vroeger"] == ["ja"] for besluit in besluiten)
    assert [een.besluit for een in gelogd(tmp_path)] == besluiten
    assert cli("herhaal", tmp_path / BESTAND, "--bundel", vroeger).code == 0
    uit = cli("herhaal", tmp_path / BESTAND, "--bundel", vroeger, "--met", bundel)
    assert uit.code == 1
    assert "vroeger is er niet meer. bijvoorbeeld vroeger: ja → niets" in een_regel(uit.uit)


def test_een_bundel_zonder_deze_vraag(cli: Cli, bundel: Path, log: Path, tmp_path: Path) -> None:
    oud = tmp_path / "oud.tar.gz"
    oud.write_bytes(_met_ander_contract(bundel, ("besluiten := ", "heette_vroeger_anders := ")))
    uit = cli("herhaal", log, "--bundel", oud)
    assert uit.code == 2
    assert "niet herhaald. Deze versie geeft geen besluiten op deze vragen." in een_regel(uit.uit)
    assert cli("herhaal", log, "--bundel", bundel, "--met", oud).code == 2


def test_een_bundel_die_opa_niet_laadt(cli: Cli, bundel: Path, log: Path, tmp_path: Path) -> None:
    oud = tmp_path / "oud.tar.gz"
    files = lees(bundel.read_bytes())
    oud.write_bytes(pak_in({**files, REGO: b"package uitfasering\n\nbesluit := weg(3)\n"}))
    uit = cli("herhaal", log, "--bundel", oud)
    assert uit.code == 2
    assert "Past die bundel bij deze versie van OPA?" in een_regel(uit.uit)
    uit = cli("herhaal", log, "--bundel", log / BESTAND)
    assert (uit.code, uit.fout[:5]) == (2, "FOUT:")
    assert "is geen bundel met deze afspraken" in uit.fout


def test_een_andere_versie_van_opa(cli: Cli, bundel: Path, log: Path, tmp_path: Path) -> None:
    def wijzig(regel: int, event: Json) -> None:
        event["labels"]["version"] = "1.9.0" if regel == 2 else event["labels"]["version"]

    uit = cli("herhaal", verander(log, tmp_path, wijzig), "--bundel", bundel)
    assert uit.code == 0
    assert "OPA was toen 1.9.0 (2 besluiten), en is nu 1." in uit.uit
    assert "OPA was" not in cli("herhaal", log, "--bundel", bundel).uit


def test_een_kapotte_regel(cli: Cli, bundel: Path, log: Path, tmp_path: Path) -> None:
    first, second = (log / BESTAND).read_bytes().splitlines(keepends=True)
    (tmp_path / "b.log").write_bytes(first[: len(first) // 2] + second + b"123456782\n")
    uit = cli("herhaal", tmp_path, "--bundel", bundel)
    assert uit.code == 1
    assert uit.uit == (
        "FOUT in b.log, regel 1: dit is geen hele regel; OPA is toen gestopt of de schijf was "
        "vol.\n"
        "FOUT in b.log, regel 2: dit is geen regel uit het logboek van OPA.\n\n"
        "Elk besluit is vergeleken met wat zijn eigen versie van de afspraken zegt.\n"
        "2 besluiten herhaald: 0 anders.\n"
    )
    document = json.loads(cli("herhaal", tmp_path, "--bundel", bundel, "--formaat", "json").uit)
    assert document["samenvatting"]["onleesbaar"] == len(document["onleesbaar"]) == 2


@pytest.mark.parametrize("inhoud", [b"", b'{"level":"info","msg":"iets"}\n'])
def test_een_leeg_logboek(cli: Cli, bundel: Path, tmp_path: Path, inhoud: bytes) -> None:
    (tmp_path / "b.log").write_bytes(inhoud)
    uit = cli("herhaal", tmp_path, "--bundel", bundel)
    assert uit == Uitvoer(2, "Er staat geen besluit in dit logboek.\n", "")


def test_een_ander_bestand(cli: Cli, bundel: Path, tmp_path: Path) -> None:
    (tmp_path / "b.log").write_text("123456782\n" * 12)
    uit = cli("herhaal", tmp_path, "--bundel", bundel)
    assert (uit.code, uit.fout) == (2, "")
    *fouten, laatste, meer, _, geen, waar = uit.uit.splitlines()
    assert [*fouten, laatste] == [
        f"FOUT in b.log, regel {n}: dit is geen regel uit het logboek van OPA."
        for n in range(1, 11)
    ]
    assert meer.startswith("En nog 2 regels die niet te lezen zijn.")
    assert f"{geen} {waar}" == (
        "Er staat geen besluit in dit logboek. Geef het bestand besluiten.log van de sidecar, of "
        "de map waarin het staat."
    )


def test_de_bundel_van_toen_is_geen_wijziging(
    cli: Cli, bundel: Path, log: Path, andere: Path
) -> None:
    """Who forgets uitfasering bundel would read that a change changes nothing."""
    for gegeven, zelfde in ((bundel, True), (_andere_bundel(andere), False)):
        uit = cli("herhaal", log, "--bundel", bundel, "--met", gegeven)
        assert ("Dat is de versie die deze besluiten ook gaf." in een_regel(uit.uit)) == zelfde


def test_een_geheime_sleutel_is_geen_publieke(
    cli: Cli, bundel: Path, log: Path, sleutels: tuple[Path, Path, Path]
) -> None:
    uit = cli("herhaal", log, "--bundel", bundel, "--sleutel", sleutels[0])
    assert (uit.code, uit.uit) == (2, "")
    assert "staat geen publieke sleutel" in uit.fout


def test_een_map_als_bundel(cli: Cli, bundel: Path, log: Path) -> None:
    uit = cli("herhaal", log, "--met", bundel.parent)
    assert uit.code == 2
    assert "bij --met is een map, en hier hoort een bestand." in uit.fout


def test_een_logboek_dat_er_niet_is(cli: Cli, bundel: Path, tmp_path: Path) -> None:
    for pad, zin in {
        tmp_path / "weg.log": "Het bestand of de map",
        tmp_path: "staat geen logboek: een bestand dat eindigt op .log.",
    }.items():
        uit = cli("herhaal", pad, "--bundel", bundel)
        assert (uit.code, uit.uit) == (2, "")
        assert uit.fout.startswith("FOUT: ")
        assert zin in uit.fout


def test_geen_waarde_van_een_toewijzing_in_beeld(
    cli: Cli, bundel: Path, log: Path, tmp_path: Path
) -> None:
    """The log has it already; what is shown of it goes further than the log."""

    def wijzig(_: int, event: Json) -> None:
        for besluit in (
            event["result"].values() if "toewijzingen" in event["input"] else [event["result"]]
        ):
            besluit["uitkomst"] = "HANDMATIG"

    pad = verander(log, tmp_path, wijzig)
    for optie in ("--bundel", "--met"):
        for formaat in ("tekst", "json"):
            uit = cli("herhaal", pad, optie, bundel, "--formaat", formaat)
            assert uit.code == 1
            assert "HANDMATIG → " in uit.uit
            for waarde in (AANBIEDER, "2021-06-15", "15 juni 2021"):
                assert waarde not in uit.uit


def test_een_stuurteken_in_het_logboek(cli: Cli, bundel: Path, log: Path, tmp_path: Path) -> None:
    def wijzig(_: int, event: Json) -> None:
        event["decision_id"] = event["labels"]["version"] = "\x1b[31m\u202erood"
        event["result"]["uitkomst"] = "\x1b[31m\u202erood"

    pad = verander(log, tmp_path, wijzig)
    for formaat in ("tekst", "json"):
        uit = cli("herhaal", pad, "--bundel", bundel, "--formaat", formaat)
        assert uit.uit.count("rood") >= 3
        assert not {"\x1b", "\u202e"} & set(uit.uit)
