"""Reading a bundle file, which may come from anyone."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarbundels import HANDTEKENING, lees, met_json, nieuwe_sleutel, pak_in, teken
from strategieen import VAST
from uitfasering.bundelbestand import lees_bundel, ontleed, zoek_bundels
from uitfasering.errors import BuildError
from uitfasering.stage import policies

MIB = 2**20


@pytest.fixture(scope="module")
def inhoud(bundel: Path) -> bytes:
    return bundel.read_bytes()


def test_what_a_bundle_holds(root: Path, bundel: Path, inhoud: bytes) -> None:
    read = lees_bundel(bundel)
    manifest = json.loads(lees(inhoud)[".manifest"])
    assert (read.naam, read.inhoud, read.revisie) == (str(bundel), inhoud, manifest["revision"])
    assert (read.gebouwd, read.handtekening) == (None, None)
    rego = {
        path.relative_to(root / "policies").as_posix(): hashlib.sha256(path.read_bytes())
        for path in policies(root)
    }
    data = read.bestanden.pop("data.json")
    assert data == hashlib.sha256(lees(inhoud)["data.json"]).hexdigest()
    assert read.bestanden == {name: digest.hexdigest() for name, digest in rego.items()}
    assert read.gegevens["keuzes"].keys() == {"aflopen", "omzetten"}


def test_a_signed_bundle(inhoud: bytes, tmp_path: Path) -> None:
    files = met_json(lees(inhoud), ".manifest", metadata={"gebouwd": "2021-05-06T10:00:00Z"})
    signed = teken(files, nieuwe_sleutel(tmp_path / "a.key"))
    read = ontleed("x", signed)
    assert read.gebouwd == "2021-05-06T10:00:00Z"
    assert [read.handtekening] == json.loads(lees(signed)[HANDTEKENING])["signatures"]
    assert read.bestanden == ontleed("y", inhoud).bestanden


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return output.getvalue()


def _met(
    bundel: bytes,
    naam: str,
    soort: bytes = tarfile.REGTYPE,
    *,
    inhoud: bytes = b"{}",
    pax: dict[str, str] | None = None,
) -> bytes:
    """A bundle with one member more; a link is to data.json, which is there."""
    extra = tarfile.TarInfo(naam)
    extra.type, extra.linkname, extra.pax_headers = soort, "/data.json", pax or {}
    extra.size = len(inhoud) if soort == tarfile.REGTYPE else 0
    members = []
    for name, content in lees(bundel).items():
        member = tarfile.TarInfo(f"/{name}")
        member.size = len(content)
        members.append((member, content))
    return _tar(*members, (extra, inhoud))


def _gegevens(inhoud: bytes, waarde: Any) -> bytes:
    return pak_in({**lees(inhoud), "data.json": json.dumps({"gegevens": waarde}).encode()})


def _zonder(inhoud: bytes, naam: str) -> bytes:
    return pak_in({name: content for name, content in lees(inhoud).items() if name != naam})


GEEN_BUNDEL: dict[str, Callable[[bytes], bytes]] = {
    "leeg": lambda b: b"",
    "tekst": lambda b: b"<html>" * 99,
    "afgekapt": lambda b: b[: len(b) // 2],
    "gzip van iets anders": lambda b: gzip.compress(b"x" * 2000),
    "leeg archief": lambda b: pak_in({}),
    "zonder manifest": lambda b: _zonder(b, ".manifest"),
    "zonder data.json": lambda b: _zonder(b, "data.json"),
    "manifest is een lijst": lambda b: pak_in({**lees(b), ".manifest": b"[]"}),
    "metadata is een lijst": lambda b: pak_in(met_json(lees(b), ".manifest", metadata=[])),
    "gebouwd is een getal": lambda b: pak_in(
        met_json(lees(b), ".manifest", metadata={"gebouwd": 1})
    ),
    "data is een lijst": lambda b: pak_in({**lees(b), "data.json": b"[]"}),
    "geen gegevens": lambda b: pak_in({**lees(b), "data.json": b"{}"}),
    "gegevens is een lijst": lambda b: _gegevens(b, []),
    "gegevens is tekst": lambda b: _gegevens(b, "revisie"),
    "geen revisie": lambda b: _gegevens(b, {}),
    "revisie is een lijst": lambda b: _gegevens(b, {"revisie": ["x"]}),
    "te diep": lambda b: pak_in({**lees(b), "data.json": b"[" * 100_000}),
    "te lang getal": lambda b: pak_in({**lees(b), "data.json": b"9" * 10_000}),
    "geen UTF-8": lambda b: pak_in({**lees(b), "data.json": b'{"gegevens": "\xff\xfe\xff"}'}),
    "handtekening zonder inhoud": lambda b: pak_in(lees(b), {HANDTEKENING: b'{"signatures": []}'}),
    "handtekening is geen tekst": lambda b: pak_in(
        lees(b), {HANDTEKENING: b'{"signatures": [{}]}'}
    ),
    "een naam twee keer": lambda b: pak_in(lees(b), {"data.json": lees(b)["data.json"]}),
    "een naam twee keer, zonder /": lambda b: _met(b, "data.json", inhoud=lees(b)["data.json"]),
    "buiten de map": lambda b: _met(b, "/../../etc/cron.d/x"),
    "een punt in het pad": lambda b: _met(b, "/uitfasering/./besluit.rego"),
    "een leeg deel in het pad": lambda b: _met(b, "/uitfasering//besluit.rego"),
    "een link": lambda b: _met(b, "/link", tarfile.SYMTYPE),
    "een harde link": lambda b: _met(b, "/link", tarfile.LNKTYPE),
    "een apparaat": lambda b: _met(b, "/link", tarfile.CHRTYPE),
    "nullen na het einde": lambda b: gzip.compress(gzip.decompress(b) + b"\0" * (17 * MIB)),
    "een map": lambda b: _met(b, "/map", tarfile.DIRTYPE),
    "onmogelijk groot": lambda b: _met(b, "/groot", pax={"size": "9" * 30}),
    "minder dan niets": lambda b: _met(b, "/klein", pax={"size": "-512"}),
    "een ijl bestand": lambda b: _met(
        b, "/gat", pax={"GNU.sparse.size": "1000", "GNU.sparse.map": "0,2"}
    ),
}


@pytest.mark.parametrize("maak", GEEN_BUNDEL.values(), ids=GEEN_BUNDEL)
def test_what_is_not_a_bundle(inhoud: bytes, maak: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BuildError, match=r"^naam is geen bundel met deze afspraken\."):
        ontleed("naam", maak(inhoud))


def test_those_bundles_differ_in_one_thing_only(inhoud: bytes) -> None:
    """Packed as they are, but without that thing, they can be read."""
    assert ontleed("x", _met(inhoud, "/extra.json")).bestanden.keys() > {"extra.json"}
    padded = gzip.compress(gzip.decompress(inhoud) + b"\0" * MIB)
    assert ontleed("x", padded).bestanden == ontleed("y", inhoud).bestanden
    assert ontleed("x", pak_in(lees(inhoud))).revisie == ontleed("y", inhoud).revisie


def test_what_unpacks_to_more_is_never_unpacked(inhoud: bytes) -> None:
    """64 MiB of zeros, as one file and as gzip alone: 16 MiB is the most there may be."""
    zeros = b"\0" * (64 * MIB)
    bombs = [pak_in({**lees(inhoud), "groot.json": zeros}), gzip.compress(zeros)]
    del zeros
    tracemalloc.start()
    for bomb in bombs:
        with pytest.raises(BuildError, match="is geen bundel"):
            ontleed("bom", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * MIB


@VAST
@given(st.data())
def test_a_bundle_with_some_bytes_changed(inhoud: bytes, data: st.DataObject) -> None:
    """Inside the compression, where the damage is not seen by gzip's own sum."""
    changed = bytearray(gzip.decompress(inhoud))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    with_sum = gzip.compress(bytes(changed), compresslevel=0)
    for content in (with_sum, with_sum[: data.draw(st.integers(0, len(with_sum)))]):
        with contextlib.suppress(BuildError):  # and no other error
            assert isinstance(ontleed("x", content).revisie, str)


@VAST
@given(st.binary(max_size=2000))
def test_a_header_of_any_bytes(content: bytes) -> None:
    with pytest.raises(BuildError):
        ontleed("x", gzip.compress(content.ljust(2048, b"\0")))


def test_bundles_in_files_and_folders(inhoud: bytes, tmp_path: Path) -> None:
    other = met_json(lees(inhoud), ".manifest", revision="r2")
    gegevens = {**json.loads(other["data.json"])["gegevens"], "revisie": "r2"}
    second = pak_in({**other, "data.json": json.dumps({"gegevens": gegevens}).encode()})
    folder = tmp_path / "archief"
    folder.mkdir()
    (folder / "b.tar.gz").write_bytes(second)
    (folder / "toegang.tar.gz").write_bytes(pak_in({".manifest": b"{}"}))
    (folder / "notities.txt").write_bytes(b"x")
    (tmp_path / "los.tar.gz").write_bytes(inhoud)
    (tmp_path / "dubbel.tar.gz").write_bytes(second)
    found = zoek_bundels([folder, tmp_path / "los.tar.gz", tmp_path / "dubbel.tar.gz"])
    assert {key: bundel.naam for key, bundel in found.items()} == {
        "r2": str(folder / "b.tar.gz"),
        ontleed("x", inhoud).revisie: str(tmp_path / "los.tar.gz"),
    }


def test_a_file_that_was_given_must_be_a_bundle(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_bytes(b"x")
    with pytest.raises(BuildError, match="is geen bundel"):
        zoek_bundels([tmp_path / "x.tar.gz"])
    with pytest.raises(BuildError, match=r"De bundel is niet te lezen\. Dit bestand"):
        zoek_bundels([tmp_path / "weg.tar.gz"])
