"""``uitfasering token`` when something is wrong: a clear sentence, and nothing has changed."""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from typing import Any

import pytest

from clihulp import Cli
from toeganghulp import (
    EIGEN,
    bestanden,
    bij,
    maak,
    maak_sidecarmap,
    maak_sleutel,
)
from uitfasering import toegang, tokenbeheer
from uitfasering.sidecarmap import Sidecarmap


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


@pytest.fixture
def sidecar(tmp_path: Path) -> Sidecarmap:
    return maak_sidecarmap(tmp_path / "sidecar")


NIEUW = ["nieuw", "proef", "--recht=besluit", "--naar={x}"]
VAN = ["--recht=besluit", "--van={eigen}"]


@pytest.mark.parametrize(
    ("argumenten", "zin"),
    [
        ([*NIEUW[:3]], "Er ontbreekt iets: geef --naar BESTAND."),
        (["nieuw", "proef", "--naar={x}"], "Er ontbreekt iets: geef --recht RECHT."),
        (["nieuw", "--recht=besluit", "--naar={x}"], "Er ontbreekt iets: geef NAAM."),
        (["overnemen", "proef", "--recht=besluit"], "Er ontbreekt iets: geef --van BESTAND."),
        ([*NIEUW, "--recht=metric"], "--recht kan niet metric zijn. Bedoelt u metrics? Kies uit"),
        ([*NIEUW[:3], "--naar=-"], "Een token komt niet op het scherm."),
        ([*NIEUW[:3], "--naar={zaak}"], "{zaak} bestaat al. Geef bij --naar de naam van een nieuw"),
        ([*NIEUW[:3], "--naar={dood}"], "{dood} bestaat al."),
        ([*NIEUW[:3], "--naar={map}"], "{map} bestaat al."),
        ([*NIEUW[:3], "--naar={map}/nee/x"], "Dit bestand of deze map is er niet. ({map}/nee/x)"),
        (["nieuw", "zaak", *NIEUW[2:]], "Er is al een token met de naam zaak."),
        (["overnemen", "zaak", *VAN], "Er is al een token met de naam zaak."),
        (
            ["overnemen", "proef", "--recht=besluit", "--van={zaak}"],
            "zaak en proef hebben hetzelfde token. Geef elk een eigen token.\n"
            "Het token proef is niet overgenomen. Er is niets veranderd.",
        ),
        (
            ["overnemen", "proef", "--recht=besluit", "--van={kort}"],
            "Het token in {kort} is te kor",
        ),
        (
            ["overnemen", "proef", "--recht=besluit", "--van={map}/nee"],
            "Het token is niet te lezen",
        ),
        (
            ["intrekken", "zak"],
            "Er is geen token met deze naam in {map}/toegang.yaml. Bedoelt u zaak?",
        ),
        (["intrekken", "heel-iets-anders"], "met deze naam in {map}/toegang.yaml. Welke er zijn"),
        (["intrekken"], "Er ontbreekt iets: geef NAAM."),
        (["nieuw", "-", "--recht=besluit", "--naar={x}"], "Deze naam kan niet."),
        (["nieuw", "Zaak", "--recht=besluit", "--naar={x}"], "Deze naam kan niet."),
        (["nieuw", "zaak_2", "--recht=besluit", "--naar={x}"], "Deze naam kan niet."),
        (["nieuw", "a" * 64, "--recht=besluit", "--naar={x}"], "Deze naam kan niet."),
        (["nieuw", "zaak\n", "--recht=besluit", "--naar={x}"], "Deze naam kan niet."),
        (["intrekken", EIGEN.upper()], "Een token hoort hier niet."),
        (
            [*NIEUW, "--sleutel={map}/ander.key"],
            "{map}/ander.key hoort niet bij {map}/sleutels/toegang.pub: OPA zou",
        ),
        ([*NIEUW, "--sleutel={map}/nee"], "De sleutel {map}/nee is er niet."),
        ([*NIEUW, "--sleutel={kort}"], "Het token proef is niet gemaakt. Er is niets veranderd."),
        (["bundel", "--sleutel={map}/ander.key"], "hoort niet bij"),
        (
            ["intrekken", "zaak", "--sleutel={map}/ander.key"],
            "LET OP: het token zaak is NIET ingetrokken. Er is niets veranderd; OPA neemt het nog",
        ),
        ([*NIEUW, "--sidecar={map}/nee"], "De map van de sidecar, {map}/nee, is er niet."),
        (["lijst", "--sidecar={map}/nee"], "De map van de sidecar, {map}/nee, is er niet."),
        (["maak"], "De opdracht maak bestaat niet."),
    ],
)
def test_fouten_veranderen_niets(
    argumenten: list[str], zin: str, cli: Cli, sidecar: Sidecarmap, tmp_path: Path
) -> None:
    token = maak(cli, sidecar)
    for naam, inhoud in {"kort": "supergeheim", "eigen": EIGEN}.items():
        (tmp_path / naam).write_text(inhoud)
    maak_sleutel(sidecar.map / "ander.key")
    (tmp_path / "dood").symlink_to(tmp_path / "nergens")
    plekken = {naam: str(tmp_path / naam) for naam in ("kort", "eigen", "dood", "x")}
    plekken |= {"map": str(sidecar.map), "zaak": str(tmp_path / "zaak.token")}
    argumenten = [woord.format(**plekken) for woord in argumenten]
    if not any("--sidecar" in woord for woord in argumenten) and argumenten != ["maak"]:
        argumenten += bij(sidecar)
    voor = bestanden(tmp_path)
    gelezen = cli("token", *argumenten)
    assert (gelezen.code, gelezen.uit) == (2, "")
    assert gelezen.fout.startswith("FOUT: ")
    assert zin.format(**plekken) in gelezen.fout
    assert not re.search(f"supergeheim|{EIGEN}|{EIGEN.upper()}|{token}", gelezen.fout)
    assert bestanden(tmp_path) == voor


@pytest.mark.parametrize("opdracht", ["nieuw", "intrekken", "bundel", "lijst"])
def test_een_fout_in_toegang_yaml(
    opdracht: str, cli: Cli, sidecar: Sidecarmap, tmp_path: Path
) -> None:
    maak(cli, sidecar)
    goed = sidecar.toegang.read_text("utf-8")
    sidecar.toegang.write_text(goed.replace("[besluit]", "[beslut]"), "utf-8")
    voor = bestanden(tmp_path)
    naar = ("proef", "--recht=besluit", "--naar", tmp_path / "x")
    extra = {"nieuw": naar, "intrekken": ("zaak",)}.get(opdracht, ())
    gelezen = cli("token", opdracht, *extra, *bij(sidecar))
    assert (gelezen.code, gelezen.uit) == (2, "")
    regel = goed[: goed.index("[besluit]")].count("\n") + 1
    assert f"{sidecar.toegang}:{regel}:15: (tokens.zaak.rechten[1])" in gelezen.fout
    assert ("OPA neemt het nog steeds aan" in gelezen.fout) == (opdracht == "intrekken")
    assert bestanden(tmp_path) == voor


@pytest.mark.parametrize("opdracht", ["intrekken", "bundel"])
def test_zonder_toegang_yaml(opdracht: str, cli: Cli, sidecar: Sidecarmap, tmp_path: Path) -> None:
    """An empty bundle would shut everyone out."""
    extra = ("zaak",) if opdracht == "intrekken" else ()
    gelezen = cli("token", opdracht, *extra, *bij(sidecar))
    assert gelezen.code == 2
    assert f"Er zijn nog geen tokens: {sidecar.toegang} is er niet." in gelezen.fout
    assert not sidecar.bundels.exists()


STORINGEN: list[Any] = ["opa", OSError(28, "vol"), KeyboardInterrupt()]


@pytest.mark.parametrize("storing", STORINGEN, ids=["opa", "schijf vol", "Ctrl-C"])
@pytest.mark.parametrize("opdracht", ["nieuw", "overnemen", "intrekken"])
def test_halverwege_mis(
    opdracht: str,
    storing: Any,
    cli: Cli,
    sidecar: Sidecarmap,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the token stands in its file and the new toegang.yaml is written beside the old."""
    maak(cli, sidecar)
    (tmp_path / "eigen").write_text(EIGEN)
    voor = bestanden(tmp_path)
    echt = toegang.maak_bundel

    def mis(inhoud: Any, sleutel: Path, waar: Sidecarmap) -> str:
        if waar != sidecar:
            return echt(inhoud, sleutel, waar)
        assert (tmp_path / "x").exists() == (opdracht == "nieuw")
        assert list(sidecar.map.glob(".toegang-*"))
        if storing == "opa":
            monkeypatch.setenv("UITFASERING_OPA", "/bin/false")
            return echt(inhoud, sleutel, waar)
        raise storing

    monkeypatch.setattr(toegang, "maak_bundel", mis)
    extra = {
        "nieuw": ("proef", "--recht=besluit", "--naar", tmp_path / "x"),
        "overnemen": ("proef", "--recht=besluit", "--van", tmp_path / "eigen"),
        "intrekken": ("zaak",),
    }[opdracht]
    gelezen = cli("token", opdracht, *extra, *bij(sidecar))
    assert gelezen.uit == ""
    if isinstance(storing, KeyboardInterrupt):
        assert gelezen.code == 130
    else:
        assert gelezen.code == 2
        assert "Er is niets veranderd" in gelezen.fout
        assert ("OPA neemt het nog steeds aan" in gelezen.fout) == (opdracht == "intrekken")
    assert bestanden(tmp_path) == voor


def test_toegang_yaml_is_niet_te_vervangen(
    cli: Cli, sidecar: Sidecarmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with `chattr +i`: then the bundle goes back too."""
    echt = Path.replace

    def mis(pad: Path, doel: Path) -> Path:
        if doel == sidecar.toegang:
            raise PermissionError(1, "nee", str(doel))
        return echt(pad, doel)

    monkeypatch.setattr(Path, "replace", mis)
    opties = ("--recht=besluit", "--naar", tmp_path / "x", *bij(sidecar))
    gelezen = cli("token", "nieuw", "eerste", *opties)
    assert (gelezen.code, (sidecar.bundels / "toegang.tar.gz").exists()) == (2, False)
    monkeypatch.setattr(Path, "replace", echt)
    maak(cli, sidecar)
    voor = bestanden(tmp_path)
    monkeypatch.setattr(Path, "replace", mis)
    gelezen = cli("token", "nieuw", "tweede", *opties)
    assert gelezen.code == 2
    assert f"Dit mag niet gelezen of geschreven worden. ({sidecar.toegang})" in gelezen.fout
    assert "Het token tweede is niet gemaakt. Er is niets veranderd." in gelezen.fout
    assert bestanden(tmp_path) == voor


def test_een_ander_is_te_lang_bezig(
    cli: Cli, sidecar: Sidecarmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maak(cli, sidecar)
    monkeypatch.setattr(tokenbeheer, "WACHTTIJD", 0.1)
    voor = bestanden(tmp_path)
    folder = os.open(sidecar.map, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        opties = ("--recht=besluit", "--naar", tmp_path / "x", *bij(sidecar))
        gelezen = cli("token", "nieuw", "proef", *opties)
        assert gelezen.code == 2
        assert f"Een andere opdracht is al 0.1 seconden bezig in {sidecar.map}." in gelezen.fout
        gelezen = cli("token", "intrekken", "zaak", *bij(sidecar))
        assert gelezen.code == 2
        assert "OPA neemt het nog steeds aan" in gelezen.fout
        assert bestanden(tmp_path) == voor
    finally:
        os.close(folder)
    assert cli("token", "intrekken", "zaak", *bij(sidecar)).code == 0
