"""A BSN, a name and a birth date given to our own client and commands: none of it stays behind."""

from __future__ import annotations

import json
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import sidecarhulp
from berichtenbouw import bericht, prestatie, product301, product315
from bundelserver import Bundelserver
from clihulp import NIEUW, Cli, Uitvoer
from logboekhulp import gelogd
from sidecarhulp import Sidecar, draaiend, richt_in, vrije_poort, zet_tokens
from speurhulp import (
    BSN,
    GEBOREN,
    GELDIG,
    NAAM,
    bestanden,
    gevonden,
    in_namen,
    in_velden,
    met,
    van_opa,
)
from uitfasering import toegang
from uitfasering.client import Client
from uitfasering.errors import UitfaseringError
from uitfasering.paths import project_root
from vraaghulp import RECHTEN

DAG = GEBOREN[0]
GELDIG_ALS_TEKST = {(veld, str(waarde)) for veld, waarde in GELDIG}
# In every place of a message that is about a person, and in what is not a place.
PERSOON = f"""<b:Bsn>{BSN}</b:Bsn><b:Geboortedatum><ijw:Datum>{DAG}</ijw:Datum></b:Geboortedatum>
<b:Naam soort="{NAAM}"><ijw:Geslachtsnaam><ijw:Achternaam>{NAAM}</ijw:Achternaam>
</ijw:Geslachtsnaam></b:Naam>
<b:Commentaar><![CDATA[{BSN} {NAAM} {DAG}]]></b:Commentaar><!-- {BSN} {NAAM} {DAG} -->"""
PRODUCT = {"JW301": product301, "JW315": product315, "JW323": prestatie}


@pytest.fixture(scope="module")
def tijdelijk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where OPA and our commands put their temporary files."""
    return tmp_path_factory.mktemp("tijdelijk")


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory, tijdelijk: Path) -> Iterator[Sidecar]:
    folder, _ = richt_in(tmp_path_factory.mktemp("sidecar") / "map")
    tokens = {naam: toegang.nieuw_token() for naam in RECHTEN}
    zet_tokens(folder, tokens, rechten=RECHTEN)
    for naam, token in tokens.items():
        (folder.geheim / f"{naam}.token").write_text(token)
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setitem(sidecarhulp.SCHOON, "TMPDIR", str(tijdelijk))
        server = stack.enter_context(Bundelserver(folder.bundels).draait())
        yield stack.enter_context(draaiend(folder, tokens, server.url))


@pytest.fixture
def cli(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tijdelijk: Path
) -> Cli:
    monkeypatch.setattr(tempfile, "tempdir", str(tijdelijk))
    return Cli(monkeypatch, capsys)


def besluit(
    cli: Cli, sidecar: Sidecar, paden: Sequence[Path], *meer: str, token: str = "besluit"
) -> Uitvoer:
    words: list[str | Path] = ["besluit", *paden, "--opa", sidecar.url, "--formaat", "json"]
    words += ["--ca", sidecar.sidecar.tls / "ca.crt"]
    words += ["--token-bestand", sidecar.sidecar.geheim / f"{token}.token"]
    return cli(*words, *meer)


def schoon(sidecar: Sidecar, tijdelijk: Path, *uitvoer: Uitvoer) -> None:
    """Nothing of it with OPA, in a file we made, or in what a command said."""
    said = {f"{u} {n}": getattr(u, n).encode() for u in uitvoer for n in ("uit", "fout")}
    made = bestanden(tijdelijk, project_root() / "build")
    assert gevonden({**van_opa(sidecar, tijdelijk), **made, **said}) == []


@pytest.mark.parametrize("soort", PRODUCT)
def test_in_a_message(
    cli: Cli, sidecar: Sidecar, tijdelijk: Path, tmp_path: Path, soort: str
) -> None:
    """Of a right one, of one with it in a field that we do read, and of one that is broken."""
    bsn, code, dag = "<b:Bsn>999900006</b:Bsn>", ">50<", ">2021-06-01<"
    tekst = bericht(soort, [PRODUCT[soort](Commentaar=f"{BSN} {NAAM}")])
    tekst = tekst.replace(">2022-03-01<", dag)
    assert [tekst.count(word) for word in (bsn, code, dag)] == [1, 1, 1]
    tekst = tekst.replace(bsn, PERSOON)
    right, *others = [tmp_path / f"{number}.xml" for number in range(5)]
    right.write_text(tekst, "utf-8")
    for file, (old, new) in zip(
        others,
        (
            (code, f">{BSN}<"),
            (code, f">{NAAM}<"),
            (dag, f">{GEBOREN[1]}<"),
            ("</b:Naam>", f"</{NAAM}>"),
        ),
        strict=True,
    ):
        file.write_text(tekst.replace(old, new), "utf-8")
    before = len(gelogd(sidecar.sidecar))
    done = besluit(cli, sidecar, [right, *others])
    assert done.code == 1, done
    assert len(gelogd(sidecar.sidecar)) > before
    for file in others:
        assert file.name in done.uit + done.fout
    schoon(sidecar, tijdelijk, done)


def test_in_a_file_of_toewijzingen(
    cli: Cli, sidecar: Sidecar, tijdelijk: Path, tmp_path: Path
) -> None:
    """The kenmerk is the caller's and comes back to the caller; to OPA it does not go."""
    rows = {
        f"{BSN}-{n}": t for n, t in enumerate([NIEUW, met("gemeente", NAAM), {**NIEUW, NAAM: DAG}])
    }
    file = tmp_path / "toewijzingen.json"
    file.write_text(json.dumps({"toewijzingen": rows}), "utf-8")
    done = besluit(cli, sidecar, [file])
    assert done.code == 1, done
    own = Uitvoer(done.code, done.uit.replace(BSN, ""), done.fout.replace(BSN, ""))
    schoon(sidecar, tijdelijk, own)
    (*_, event) = gelogd(sidecar.sidecar)
    assert event["input"]["toewijzingen"]["1"] == NIEUW


def test_where_it_goes_wrong(cli: Cli, sidecar: Sidecar, tijdelijk: Path, tmp_path: Path) -> None:
    """Refused, not there, not to be trusted, or no JSON."""
    file = tmp_path / "toewijzingen.json"
    file.write_text(json.dumps({"toewijzingen": {BSN: NIEUW, f"{BSN}x": NIEUW}}), "utf-8")
    broken = tmp_path / "kapot.json"
    broken.write_text(f'{{"{BSN}": {{"{NAAM}": "{DAG}"', "utf-8")
    said = [
        besluit(cli, sidecar, [file], token="niets"),
        besluit(cli, sidecar, [file], "--opa", f"https://127.0.0.1:{vrije_poort()}"),
        besluit(cli, sidecar, [file], "--ca", str(sidecar.sidecar.geheim / "client.crt")),
        besluit(cli, sidecar, [broken]),
    ]
    assert [done.code for done in said] == [2, 2, 2, 1], said
    assert all(done.fout for done in said[:3])
    schoon(sidecar, tijdelijk, *said)


def keten(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def test_in_what_the_client_raises(sidecar: Sidecar, tijdelijk: Path) -> None:
    """str, repr and attributes of the whole chain, and what a traceback would show."""
    ca = sidecar.sidecar.tls / "ca.crt"
    good: dict[str, Any] = {"token": sidecar.tokens["besluit"], "ca_bundle": ca}
    asked: list[Any] = [*in_namen()]
    asked += [t for veld, waarde, t in in_velden() if (veld, str(waarde)) not in GELDIG_ALS_TEKST]
    said: dict[str, bytes] = {}
    with (
        Client(sidecar.url, **good) as client,
        Client(sidecar.url, **{**good, "token": f"{BSN}x{DAG}"}) as refused,
        Client(f"https://127.0.0.1:{vrije_poort()}", **good) as nobody,
    ):
        calls: list[Any] = [lambda t=t: client.besluit(t) for t in asked]
        calls += [lambda t=t: client.besluiten({f"{BSN}{NAAM}": NIEUW, DAG: t}) for t in asked[::9]]
        for other in (refused, nobody):
            calls.append(lambda other=other: other.besluiten({BSN: NIEUW}))
        for number, call in enumerate(calls):
            try:
                call()
            except UitfaseringError as error:
                told = [f"{e!s} {e!r} {vars(e)}" for e in keten(error)]
                text = "".join([*told, *traceback.format_exception(error)])
                said[f"call {number}"] = text.encode()
        for t in asked[::9]:
            client.besluit(t, ongeldig="vraag")
    assert len(said) > len(asked) * 0.9
    assert gevonden({**said, **van_opa(sidecar, tijdelijk)}) == []


def test_in_a_receipt(cli: Cli, sidecar: Sidecar, tijdelijk: Path, tmp_path: Path) -> None:
    """Of a besluit from the log, in a batch with BSNs for kenmerken and one that is not valid."""
    batch = {"toewijzingen": {BSN: NIEUW, f"{BSN} {NAAM}": {"gemeente": NAAM, "bsn": BSN}}}
    asked = {"input": batch, "metadata": {BSN: NAAM}}
    answer = sidecar.vraag(
        "POST", sidecarhulp.BESLUITEN, token=sidecar.tokens["besluit"], body=asked
    ).json
    folder = sidecar.sidecar
    said = [
        cli(
            *("bewijs", "maak", str(folder.logboek), "--besluit", answer["decision_id"]),
            *("--volgnummer", number, "--naar", str(tmp_path)),
            *("--bundel", str(folder.archief), "--sleutel", str(folder.sleutels / "afspraken.pub")),
        )
        for number in ("1", "2")
    ]
    assert said[0].code == 0, said[0]
    made = bestanden(tmp_path)
    assert len(made) >= 2
    assert gevonden(made) == []
    schoon(sidecar, tijdelijk, *said)
