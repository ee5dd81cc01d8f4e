"""Signing: which key, what goes into the manifest, nothing half, nothing that fails itself."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from conftest import project_met
from sidecarbundels import lees, nieuwe_sleutel
from uitfasering.bundel import Bundel, bouw_bundel, opa_build
from uitfasering.errors import BuildError
from uitfasering.ondertekenen import onderteken, onderteken_afspraken
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap
from uitfasering.stage import maak_stage

Sleutels = tuple[Path, Path]  # private, public


@pytest.fixture(scope="module")
def sleutels(tmp_path_factory: pytest.TempPathFactory) -> Sleutels:
    key = nieuwe_sleutel(tmp_path_factory.mktemp("sleutels") / "een.key")
    public = key.with_suffix(".pub")
    openssl("pkey", "-in", key, "-pubout", "-out", public)
    return key, public


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=60)


def stage(folder: Path, **manifest: object) -> Path:
    """A small bundle's files, as of the tokens."""
    (folder / "toegang").mkdir(parents=True)
    (folder / "toegang" / "data.json").write_text('{"tokens": {}}')
    content = {"revision": "r1", "roots": ["toegang"], "rego_version": 1, **manifest}
    (folder / ".manifest").write_text(json.dumps(content))
    return folder


def opa_keurt(bundel: Path, publiek: Path) -> str:
    """What OPA says when it is told to verify; nothing when it is right."""
    command = [str(opa_binary()), "build", "--bundle", str(bundel), "--verification-key"]
    command += [str(publiek), "--signing-alg", "ES256", "--output", "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_getekend_en_voor_iedereen_leesbaar(tmp_path: Path, sleutels: Sleutels) -> None:
    signed = tmp_path / "nieuw" / "bundel.tar.gz"
    folder = stage(tmp_path / "stage")
    before = os.umask(0o077)  # that of someone who keeps everything to himself
    try:
        onderteken(folder, sleutels[0], signed)
    finally:
        os.umask(before)
    assert opa_keurt(signed, sleutels[1]) == ""
    assert json.loads(lees(signed.read_bytes())["data.json"]) == {"toegang": {"tokens": {}}}
    assert signed.stat().st_mode & 0o777 == 0o644
    other = nieuwe_sleutel(tmp_path / "ander.key")
    openssl("pkey", "-in", other, "-pubout", "-out", tmp_path / "ander.pub")
    assert "failed to verify JWT signature" in opa_keurt(signed, tmp_path / "ander.pub")


def test_bouwtijd_bij_wat_er_al_in_het_manifest_staat(tmp_path: Path, sleutels: Sleutels) -> None:
    signed = tmp_path / "bundel.tar.gz"
    before = datetime.now(timezone.utc).replace(microsecond=0)
    onderteken(stage(tmp_path / "stage", metadata={"van": "ons"}), sleutels[0], signed)
    manifest = json.loads(lees(signed.read_bytes())[".manifest"])
    built = manifest["metadata"].pop("gebouwd")
    moment = datetime.strptime(built, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    assert before <= moment <= datetime.now(timezone.utc)
    assert manifest == {
        "revision": "r1",
        "roots": ["toegang"],
        "rego_version": 1,
        "metadata": {"van": "ons"},
    }


def test_elke_keer_nieuwer_voor_een_webserver(tmp_path: Path, sleutels: Sleutels) -> None:
    """nginx's ETag is the time in whole seconds and the length: it must never be the same twice."""
    signed = tmp_path / "bundel.tar.gz"
    times = []
    for number in range(3):
        onderteken(stage(tmp_path / str(number)), sleutels[0], signed)
        times.append(int(signed.stat().st_mtime))
    assert times == sorted(set(times))


def sleutelsoorten(folder: Path, goed: Sleutels) -> dict[str, Path]:
    found = {name: folder / f"{name}.pem" for name in ("rsa", "wachtwoord", "tekst", "map", "leeg")}
    openssl("genrsa", "-out", found["rsa"], "2048")
    words = ("-aes256", "-passout", "pass:geheim", "-out", found["wachtwoord"])
    openssl("pkey", "-in", goed[0], *words)
    found["tekst"].write_text("geheime tekst")
    found["map"].mkdir()
    found["leeg"].touch()
    return {**found, "publiek": goed[1], "er niet": folder / "nergens.key"}


def test_verkeerde_sleutel(tmp_path: Path, sleutels: Sleutels) -> None:
    """What is wrong and what would be right; what was there stays, and nothing else is left."""
    folder = tmp_path / "bundels"
    folder.mkdir()
    signed = folder / "bundel.tar.gz"
    signed.write_bytes(b"de vorige bundel")
    for name, key in sleutelsoorten(tmp_path, sleutels).items():
        with pytest.raises(BuildError) as caught:
            onderteken(stage(tmp_path / f"stage {name}"), key, signed)
        message = str(caught.value)
        assert str(key) in message, name
        assert "Maak een sleutel met: openssl genpkey -algorithm EC" in message, name
        if name in {"er niet", "map"}:
            assert f"De sleutel {key} is er niet." in message
        else:
            assert "een geheime sleutel van de soort EC P-256, zonder wachtwoord?" in message
        assert "geheime tekst" not in message
        assert [path.name for path in folder.iterdir()] == [signed.name]
        assert signed.read_bytes() == b"de vorige bundel"


def test_ondertekenen_laat_de_gewone_bundel_zoals_hij_is(
    bundel: Path, root: Path, tmp_path: Path, sleutels: Sleutels
) -> None:
    """build/uitfasering.tar.gz stays equal to the byte: no time and no signature in it."""
    before = hashlib.sha256(bundel.read_bytes()).hexdigest()
    built, sidecar = bouw_bundel(root), Sidecarmap(tmp_path)
    signed = onderteken_afspraken(built, sleutels[0], sidecar)
    assert signed == sidecar.bundels / bundel.name
    assert signed.read_bytes() == (sidecar.archief / f"{built.revisie}.tar.gz").read_bytes()
    assert hashlib.sha256(bundel.read_bytes()).hexdigest() == before
    plain, with_signature = lees(bundel.read_bytes()), lees(signed.read_bytes())
    assert set(with_signature) == {*plain, ".signatures.json"}
    assert {name for name in plain if plain[name] != with_signature[name]} == {".manifest"}


@pytest.mark.parametrize(
    ("regel", "gevonden"),
    [
        ("uitkomst: ONGELDIGE_INVOER->uitkomst: TOEGESTAAN", "lege toewijzing"),
        ("regels: [B1-02, B1-21]->regels: [B1-02]", "midden herstel vanaf 1 mei 2021"),
    ],
)
def test_zelftest_die_faalt_wordt_niet_ondertekend(
    root: Path, tmp_path: Path, sleutels: Sleutels, regel: str, gevonden: str
) -> None:
    changed = project_met(root, tmp_path / "project", {})
    file = changed / "data" / "zelftest.yaml"
    old, new = regel.split("->")
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")
    folder = tmp_path / "stage"
    folder.mkdir()
    revision = maak_stage(folder, root=changed)
    built = Bundel(tmp_path / "bundel.tar.gz", revision, vernieuwd=True)
    opa_build(folder, built.path)

    sidecar = Sidecarmap(tmp_path / "sidecar")
    signed = sidecar.bundels / "bundel.tar.gz"
    signed.parent.mkdir(parents=True)
    signed.write_bytes(b"de vorige bundel")
    with pytest.raises(BuildError) as caught:
        onderteken_afspraken(built, sleutels[0], sidecar)
    assert str(caught.value) == (
        "De bundel is niet ondertekend: de zelftest krijgt een ander antwoord dan in "
        f"data/zelftest.yaml staat, bij: {gevonden}. Klopt het nieuwe antwoord? Pas dan "
        "data/zelftest.yaml aan. Anders is er iets mis met de afspraken."
    )
    assert signed.read_bytes() == b"de vorige bundel"
    assert not sidecar.archief.exists()


def test_bundel_waarvan_opa_de_zelftest_niet_kan_doen(tmp_path: Path, sleutels: Sleutels) -> None:
    opa_build(stage(tmp_path / "stage"), tmp_path / "bundel.tar.gz")
    built = Bundel(tmp_path / "bundel.tar.gz", "r1", vernieuwd=True)
    with pytest.raises(BuildError, match="OPA kan de zelftest niet doen"):
        onderteken_afspraken(built, sleutels[0], Sidecarmap(tmp_path / "sidecar"))
    assert not (tmp_path / "sidecar").exists()
