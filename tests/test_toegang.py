"""Tokens: what is kept of them, how toegang.yaml changes, and what is no token."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toeganghulp import delen, maak_sleutel
from uitfasering import toegang
from uitfasering.errors import BuildError, MessageError
from uitfasering.schemabestand import schema
from uitfasering.sidecarmap import Sidecarmap
from uitfasering.toegangsbestand import Toegang, lees_toegang, nieuwe_toegang

HASHES = {naam: hashlib.sha256(naam.encode()).hexdigest() for naam in ("zaak", "proef", "nieuw")}
TOKEN = {"sha256": HASHES["nieuw"], "rechten": ["besluit", "metrics"], "sinds": "2026-11-22"}
NIEUW = f"""\
  "nieuw":
    sha256: "{HASHES["nieuw"]}"
    rechten: [besluit, metrics]
    sinds: "2026-11-22"
"""
ZAAK = f"""\
  zaak: # van gemeente A
    sha256: "{HASHES["zaak"]}" # eerste helft
    # mag alles
    rechten: [besluit, compile]
    sinds: "2026-01-31" # zie brief
"""
PROEF = f"""\
  proef:
    sha256: {HASHES["proef"]}
    rechten:
      - besluit
      - metrics
    sinds: "2026-01-31"
"""
RIJ = f'{{sha256: "{HASHES["proef"]}", rechten: [], sinds: "2026-01-31"}}'
BOVEN = "# Wie mag wat\n\ntokens: # bij naam\n  # het zaaksysteem\n"
TUSSEN = "  # om te proberen\n\n"
ONDER = (
    "# tot zover de tokens\n\n# welke afspraken\nrevisies:\n  - "
    + '"'
    + "a" * 64
    + '" # nu\n# slot\n'
)
NAMEN = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True),
    st.sampled_from(["no", "null", "true", "123", "0123", "1e5", "2026-11-22", "0x1f", "y"]),
)


def lees(map_: Path, tekst: str) -> Toegang:
    pad = map_ / "toegang.yaml"
    pad.write_bytes(tekst.encode())
    gelezen = lees_toegang(pad)
    assert gelezen
    return gelezen


# toegang.yaml: reading.


def test_lezen(tmp_path: Path) -> None:
    gelezen = lees(tmp_path, BOVEN + ZAAK + TUSSEN + PROEF + ONDER)
    assert list(gelezen.tokens) == ["zaak", "proef"]
    assert gelezen.tokens["zaak"] == {
        "sha256": HASHES["zaak"],
        "rechten": ["besluit", "compile"],
        "sinds": "2026-01-31",
    }
    assert gelezen.revisies == ("a" * 64,)
    assert lees_toegang(tmp_path / "nee.yaml") is None


@pytest.mark.parametrize(
    ("oud", "nieuw", "plek"),
    [
        (HASHES["proef"], HASHES["proef"].upper(), "8:13"),
        (HASHES["proef"], HASHES["proef"][1:], "8:13"),
        ("- metrics", "- metric", "11:9"),
        ("- metrics", "- besluit", "11:9"),
        ("  proef:", "  zaak:", "7:3"),
        ("  proef:", "  Proef:", "7:3"),
        ("  proef:", "  no:", "7:3"),
        ("  proef:", f"  {'p' * 64}:", "7:3"),
        ('sinds: "2026-01-31"\nrev', 'since: "2026-01-31"\nrev', "12:5"),
        ('\n    sinds: "2026-01-31"\nrev', "\nrev", "7:3"),
        ('"2026-01-31"\nrev', '"2026-02-30"\nrev', "12:12"),
        ("revisies:", "revisie:", "13:1"),
        ('"aaa', '"', "14:5"),
        ("tokens: # bij naam", "token: # bij naam", "1:1"),
    ],
)
def test_fouten_in_het_bestand(oud: str, nieuw: str, plek: str, tmp_path: Path) -> None:
    tekst = f'tokens: # bij naam\n{ZAAK}{PROEF}revisies:\n  - "{"a" * 64}"\n'
    assert lees(tmp_path, tekst).tokens
    assert tekst.count(oud) == 1
    with pytest.raises(BuildError) as gezien:
        lees(tmp_path, tekst.replace(oud, nieuw))
    assert f"{tmp_path}/toegang.yaml:{plek}: " in str(gezien.value)


@pytest.mark.parametrize("waarde", ['"supergeheim-token"', "1234567", "{supergeheim: 1}"])
def test_een_token_waar_een_hash_hoort(waarde: str, tmp_path: Path) -> None:
    with pytest.raises(BuildError) as gezien:
        lees(tmp_path, "tokens:\n" + NIEUW.replace(f'"{HASHES["nieuw"]}"', waarde))
    assert "toegang.yaml:3:" in str(gezien.value)
    assert "Dit is geen SHA-256" in str(gezien.value)
    assert not re.search(r"supergeheim|1234567", f"{gezien.value} {gezien.value.meldingen}")


def test_de_rechten_staan_in_het_schema(root: Path) -> None:
    rij = schema(root, "toegang")["properties"]["tokens"]["additionalProperties"]
    assert tuple(rij["properties"]["rechten"]["items"]["enum"]) == toegang.RECHTEN
    # And these are the rights that OPA asks for.
    rego = (root / "policies/system/authz/authz.rego").read_text("utf-8")
    assert set(re.findall(r'"(\w+)" in _houder\.rechten', rego)) == set(toegang.RECHTEN)


# toegang.yaml: changing one token.


@pytest.mark.parametrize(
    ("voor", "na"),
    [
        # What follows the last token is not about the new one.
        (BOVEN + ZAAK + ONDER, BOVEN + ZAAK + NIEUW + ONDER),
        (BOVEN + ZAAK + TUSSEN + PROEF + ONDER, BOVEN + ZAAK + TUSSEN + PROEF + NIEUW + ONDER),
        (BOVEN + PROEF, BOVEN + PROEF + NIEUW),
        (BOVEN + PROEF[:-1], BOVEN + PROEF + NIEUW),
        ("\ufeff" + BOVEN + PROEF.replace("\n", "\r\n"), BOVEN + PROEF + NIEUW),
        (ONDER + BOVEN + ZAAK, ONDER + BOVEN + ZAAK + NIEUW),
        ("tokens: {} # nog geen\n" + ONDER, "tokens: # nog geen\n" + NIEUW + ONDER),
        ("tokens: {}", "tokens:\n" + NIEUW),
        (
            f"tokens:\n  a: {{sha256: '{HASHES['zaak']}', rechten: [], sinds: '2026-01-31'}}\n#\n",
            f"tokens:\n  a: {{sha256: '{HASHES['zaak']}', rechten: [], sinds: '2026-01-31'}}\n"
            f"{NIEUW}#\n",
        ),
        # Indented by four.
        (
            f"tokens:\n    proef:\n        {RIJ}\n",
            f"tokens:\n    proef:\n        {RIJ}\n" + re.sub("^", "  ", NIEUW, flags=re.M)[:-2],
        ),
    ],
)
def test_erbij(voor: str, na: str, tmp_path: Path) -> None:
    gelezen = lees(tmp_path, voor)
    nieuw = gelezen.met("nieuw", TOKEN)
    assert nieuw.tekst == na
    assert lees(tmp_path, na) == nieuw
    assert nieuw.tokens == {**gelezen.tokens, "nieuw": TOKEN}
    assert nieuw.revisies == gelezen.revisies


@pytest.mark.parametrize(
    ("naam", "voor", "na"),
    [
        # Comments above and below a token may be about another one.
        ("zaak", BOVEN + ZAAK + TUSSEN + PROEF + ONDER, BOVEN + TUSSEN + PROEF + ONDER),
        ("proef", BOVEN + ZAAK + TUSSEN + PROEF + ONDER, BOVEN + ZAAK + TUSSEN + ONDER),
        ("zaak", BOVEN + ZAAK + ONDER, BOVEN.replace("s:", "s: {}") + ONDER),
        ("proef", BOVEN + PROEF[:-1], BOVEN.replace("s:", "s: {}")),
        ("nieuw", "tokens:\n" + NIEUW + PROEF, "tokens:\n" + PROEF),
    ],
)
def test_eraf(naam: str, voor: str, na: str, tmp_path: Path) -> None:
    gelezen = lees(tmp_path, voor)
    nieuw = gelezen.zonder(naam)
    assert nieuw.tekst == na
    assert lees(tmp_path, na) == nieuw
    assert nieuw.tokens == {n: t for n, t in gelezen.tokens.items() if n != naam}
    assert nieuw.revisies == gelezen.revisies


@pytest.mark.parametrize(
    "tekst",
    [
        f"tokens: {{a: {{sha256: '{HASHES['zaak']}', rechten: [], sinds: '2026-01-31'}}}}\n",
        f"{{tokens: {{a: {{sha256: '{HASHES['zaak']}', rechten: [], sinds: '2026-01-31'}}}}}}\n",
    ],
)
def test_een_indeling_die_niet_kan(tekst: str, tmp_path: Path) -> None:
    gelezen = lees(tmp_path, tekst)
    with pytest.raises(BuildError, match="Zet elk token op eigen regels"):
        gelezen.met("nieuw", TOKEN)
    with pytest.raises(BuildError, match="Zet elk token op eigen regels"):
        gelezen.zonder("a")


@given(st.lists(NAMEN, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_elke_naam_erbij_en_eraf(namen: list[str], random: Any) -> None:
    """Each step is read again strictly (``_opnieuw``), so a name is never read as a number."""
    leeg = gelezen = nieuwe_toegang()
    tokens = {}
    for naam in namen:
        tokens[naam] = {**TOKEN, "sha256": hashlib.sha256(naam.encode()).hexdigest()}
        gelezen = gelezen.met(naam, tokens[naam])
    assert gelezen.tokens == tokens
    random.shuffle(namen)
    for naam in namen:
        gelezen = gelezen.zonder(naam)
        del tokens[naam]
        assert gelezen.tokens == tokens
    assert gelezen.tekst == leeg.tekst


# A token itself.


def test_een_nieuw_token() -> None:
    tokens = {toegang.nieuw_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= toegang.MINIMUM for token in tokens)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


@pytest.mark.parametrize("einde", ["", "\n", "\r\n"])
def test_een_token_lezen(einde: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "!~" + "a" * 30
    (tmp_path / "token").write_bytes((token + einde).encode())
    assert toegang.lees_token(str(tmp_path / "token"), minimum=32) == token
    invoer = io.TextIOWrapper(io.BytesIO((token + einde).encode()))
    monkeypatch.setattr(sys, "stdin", invoer)
    assert toegang.lees_token("-", minimum=32) == token


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (b"", "Er staat geen token in"),
        (b"\n", "Er staat geen token in"),
        (b"geheim" * 6 + b"\n\n", "is geen token"),
        (b"geheim " * 6, "is geen token"),
        (b"\tgeheim" * 6, "is geen token"),
        ("gehéím".encode() * 6, "is geen token"),
        (b"\x00" * 40, "is geen token"),
        (b"geheim" * 6 + b"\x7f", "is geen token"),
        (b"geheimgeheimgeheimgeheimgeheim1", "is te kort. Een token heeft 32 tot en met 4096"),
        (b"geheim" * 1000, "is te lang"),
    ],
)
def test_geen_token(inhoud: bytes, zin: str, tmp_path: Path) -> None:
    pad = tmp_path / "token"
    pad.write_bytes(inhoud)
    with pytest.raises(MessageError) as gezien:
        toegang.lees_token(str(pad), minimum=toegang.MINIMUM)
    assert zin in str(gezien.value)
    assert str(pad) in str(gezien.value)
    assert "geheim" not in str(gezien.value).replace(str(pad), "")


def test_een_token_dat_niet_te_lezen_is(tmp_path: Path) -> None:
    for pad in (tmp_path / "nee", tmp_path):
        with pytest.raises(MessageError, match="Het token is niet te lezen") as gezien:
            toegang.lees_token(str(pad))
        assert str(pad) in str(gezien.value)


def test_geen_gewoon_bestand() -> None:
    with pytest.raises(MessageError):
        toegang.lees_token("/dev/zero")
    lezer, schrijver = os.pipe()
    os.write(schrijver, b"x" * 40)
    os.close(schrijver)
    try:  # as with process substitution in a shell
        assert toegang.lees_token(f"/dev/fd/{lezer}") == "x" * 40
    finally:
        os.close(lezer)


# What OPA gets.


def test_wat_opa_krijgt() -> None:
    rijen = {"zaak": {**TOKEN, "rechten": ["metrics", "besluit"]}}
    tokens = {HASHES["nieuw"]: {"naam": "zaak", "rechten": ["besluit", "metrics"]}}
    assert toegang.document(rijen, None) == {"tokens": tokens}
    # An empty list would make every revision an unexpected one.
    assert toegang.document(rijen, []) == {"tokens": tokens}
    assert toegang.document(rijen, ["b", "a"]) == {"tokens": tokens, "revisies": ["a", "b"]}
    assert toegang.document({}, None) == {"tokens": {}}


def test_hetzelfde_token_onder_twee_namen() -> None:
    with pytest.raises(BuildError, match="a en b hebben hetzelfde token"):
        toegang.document({"a": TOKEN, "b": TOKEN}, None)


def test_de_bundel(tmp_path: Path) -> None:
    sleutel = maak_sleutel(tmp_path / "toegang.key")
    sidecar = Sidecarmap(tmp_path)
    assert toegang.revisie_van_bundel(sidecar) is None
    inhoud = toegang.document({"zaak": TOKEN}, None)
    revisie = toegang.maak_bundel(inhoud, sleutel, sidecar)
    assert revisie == toegang.revisie(inhoud) == toegang.revisie_van_bundel(sidecar)
    assert revisie != toegang.revisie({})
    bundel = tmp_path / "bundels" / "toegang.tar.gz"
    inhoud_bundel = delen(bundel)
    assert json.loads(inhoud_bundel["/data.json"]) == {"toegang": inhoud}
    manifest = json.loads(inhoud_bundel["/.manifest"])
    assert (manifest["roots"], manifest["revision"]) == (["toegang"], revisie)
    assert "/.signatures.json" in inhoud_bundel
    bundel.write_bytes(bundel.read_bytes()[:100])
    assert toegang.revisie_van_bundel(sidecar) is None
