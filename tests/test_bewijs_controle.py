"""The check of a receipt, which may come from anyone: changes are found, and nothing of it runs."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bewijshulp import (
    VERLENGING,
    Json,
    Ondertekenaar,
    bewijs,
    bladeren,
    kort,
    met,
    met_bundel,
    met_rauwe_bundel,
    uitslagen,
    verzegeld,
)
from sidecarbundels import HANDTEKENING, lees, met_json, pak_in, teken
from uitfasering.bewijs.document import lees_bewijs
from uitfasering.bundelbestand import Bundelbestand, lees_bundel, ontleed
from uitfasering.errors import MessageError

GOED = "✓✓✓✓✓"


@pytest.fixture(scope="module")
def regio(tmp_path_factory: pytest.TempPathFactory) -> Ondertekenaar:
    return Ondertekenaar.nieuw(tmp_path_factory.mktemp("regio"), "afspraken")


@pytest.fixture(scope="module")
def vreemde(tmp_path_factory: pytest.TempPathFactory) -> Ondertekenaar:
    return Ondertekenaar.nieuw(tmp_path_factory.mktemp("vreemde"), "vreemde")


@pytest.fixture(scope="module")
def getekend(regio: Ondertekenaar, bundel: Path) -> Bundelbestand:
    return regio.tekent(bundel.read_bytes())


@pytest.fixture(scope="module")
def goed(regio: Ondertekenaar, getekend: Bundelbestand) -> Json:
    return bewijs(getekend, regio.publiek)


def test_a_right_receipt(tmp_path: Path, regio: Ondertekenaar, goed: Json) -> None:
    assert goed["besluit"]["uitkomst"] == "HANDMATIG"
    assert [b["regel"] for b in goed["besluit"]["bevindingen"]] == ["B2-05c"]
    assert kort(uitslagen(tmp_path, goed, regio.publiek)) == GOED


def test_without_a_key_it_is_never_right(tmp_path: Path, goed: Json) -> None:
    assert kort(uitslagen(tmp_path, goed, None)) == "✓✓✓––"


def test_with_another_key(tmp_path: Path, vreemde: Ondertekenaar, goed: Json) -> None:
    steps = uitslagen(tmp_path, goed, vreemde.publiek)
    assert kort(steps) == "✓✓✓✗–"
    assert "failed to verify JWT signature" in steps[3].tekst


def test_the_same_agreements_of_ones_own(
    tmp_path: Path, bundel: Path, vreemde: Ondertekenaar, goed: Json
) -> None:
    """They are evaluated, but the signature is still not checked."""
    own = lees_bundel(bundel)
    eigen = {own.revisie: own}
    assert kort(uitslagen(tmp_path, goed, None, eigen)) == "✓✓✓–✓"
    assert kort(uitslagen(tmp_path, goed, vreemde.publiek, eigen)) == "✓✓✓✗✓"


def test_not_signed(tmp_path: Path, bundel: Path, regio: Ondertekenaar) -> None:
    own = lees_bundel(bundel)
    made = bewijs(own, regio.publiek)
    assert made["handtekening"] == {
        "uitslag": "niet ondertekend",
        "jwt": None,
        "sleutel_sha256": None,
    }
    assert kort(uitslagen(tmp_path, made, regio.publiek)) == "✓✓✓––"
    assert kort(uitslagen(tmp_path, made, regio.publiek, {own.revisie: own})) == "✓✓✓–✓"


def test_made_without_a_key_checked_with_one(
    tmp_path: Path, regio: Ondertekenaar, getekend: Bundelbestand
) -> None:
    made = bewijs(getekend, None)
    assert made["handtekening"]["uitslag"] == "niet gecontroleerd"
    assert kort(uitslagen(tmp_path, made, regio.publiek)) == GOED


def anders(waarde: Any) -> Any:
    """Another value of the same kind, so that the schema does not see it."""
    if isinstance(waarde, bool):
        return not waarde
    if isinstance(waarde, int):
        return waarde + 1
    if waarde is None:
        return "0" * 64
    if not isinstance(waarde, str):
        return ["x"]
    return waarde[:3] + ("0" if waarde[3:4] != "0" else "1") + waarde[4:]


def test_every_value_is_under_the_seal(tmp_path: Path, goed: Json) -> None:
    places = [place for place, _ in bladeren(goed)]
    assert len(places) > 80
    for place, value in bladeren(goed):
        steps = uitslagen(tmp_path, met(goed, place, anders(value)), None)
        assert "✗" in kort(steps), place


# What nobody can calculate again: only the log says it. The page and docs/logboek.md say so.
ALLEEN_IN_HET_LOGBOEK = {"besluit_id", "moment", "opa", "bron", "volgnummer"}


@pytest.fixture(scope="module")
def uit_logboek(goed: Json) -> Json:
    source = {"soort": "logboek", "plaats": "besluiten.log, regel 3", "sha256": "0" * 64}
    return verzegeld({**goed, "bron": source, "volgnummer": 2})


def test_every_value_that_is_sealed_again(
    tmp_path: Path, regio: Ondertekenaar, uit_logboek: Json
) -> None:
    """Without OPA, so what OPA gives and was asked is not among them."""
    unseen = set()
    for place, value in bladeren(uit_logboek):
        if place[0] in {"besluit", "toewijzing"} and place != ("besluit", "herkomst"):
            continue
        if place == ("zegel",):
            continue
        steps = uitslagen(tmp_path, met(uit_logboek, place, anders(value), zegelen=True), None)
        if "✗" not in kort(steps):
            unseen.add(place if place[0] == "handtekening" else place[0])
    # Which key it was made with shows once a key is given.
    assert unseen == {*ALLEEN_IN_HET_LOGBOEK, ("handtekening", "sleutel_sha256")}
    not_checked = met(uit_logboek, ("handtekening", "uitslag"), "niet gecontroleerd", zegelen=True)
    assert kort(uitslagen(tmp_path, not_checked, regio.publiek)) == "✓✓✗✓✓"
    other_key = met(uit_logboek, ("handtekening", "sleutel_sha256"), "0" * 64, zegelen=True)
    assert kort(uitslagen(tmp_path, other_key, regio.publiek)) == "✓✓✓✗✓"


BESLUIT_ANDERS: list[tuple[tuple[Any, ...], Any]] = [
    (("besluit", "uitkomst"), "TOEGESTAAN"),
    (("besluit", "voorlopig"), 0),  # which Python takes for the same as false
    (("besluit", "bevindingen"), []),
    (("besluit", "bevindingen", 0, "tekst"), "U mag alles."),
    (("besluit", "voorstel"), None),
    (("toewijzing", "handeling"), "nieuw"),
    (("toewijzing", "einddatum"), "2021-12-31"),
    (("toewijzing", "naam"), "Jansen"),
    (("toewijzing", "profiel"), float("1e400")),
]


@pytest.mark.parametrize(("place", "value"), BESLUIT_ANDERS, ids=lambda x: str(x)[:40])
def test_another_question_or_answer(
    tmp_path: Path, regio: Ondertekenaar, goed: Json, place: tuple[Any, ...], value: Any
) -> None:
    changed = met(goed, place, value, zegelen=True)
    text = json.dumps(changed).replace("Infinity", "1e400").encode()
    steps = uitslagen(tmp_path, text, regio.publiek)
    assert kort(steps) == "✓✓✓✓✗"
    assert "Jansen" not in str(steps)


@pytest.mark.lang
def test_every_value_of_the_besluit_is_calculated_again(
    tmp_path: Path, regio: Ondertekenaar, goed: Json
) -> None:
    for place, value in bladeren(goed):
        if place[0] == "besluit":
            changed = met(goed, place, anders(value), zegelen=True)
            assert kort(uitslagen(tmp_path, changed, regio.publiek))[-1] in "✗–", place


def _andere(goed: Json, anders: Callable[[dict[str, bytes]], bytes]) -> Json:
    """The receipt with its bundle changed, and everything about the bundle calculated again."""
    return met_bundel(goed, anders(lees(base64.b64decode(goed["bundel"]["inhoud"]))))


REGO = "uitfasering/besluit.rego"


@pytest.mark.parametrize(
    "anders",
    [
        pytest.param(lambda f: pak_in({**f, REGO: f[REGO] + b"\n"}), id="rego"),
        pytest.param(lambda f: pak_in(met_json(f, "data.json", extra=1)), id="data"),
        pytest.param(lambda f: pak_in({**f, "extra.rego": b"package uitfasering"}), id="erbij"),
        pytest.param(lambda f: pak_in({n: c for n, c in f.items() if n != REGO}), id="eruit"),
        pytest.param(lambda f: pak_in(met_json(f, ".manifest", metadata={})), id="manifest"),
        pytest.param(
            lambda f: pak_in(met_json(f, HANDTEKENING, signatures=["a.b.c"])), id="handtekening"
        ),
    ],
)
def test_other_agreements_under_the_same_signature(
    tmp_path: Path,
    regio: Ondertekenaar,
    goed: Json,
    anders: Callable[[dict[str, bytes]], bytes],
) -> None:
    """Everything that can be calculated fits; OPA sees it at the signature, and runs nothing."""
    assert kort(uitslagen(tmp_path, _andere(goed, anders), regio.publiek)) == "✓✓✓✗–"


def test_a_signature_of_someone_else(
    tmp_path: Path, regio: Ondertekenaar, vreemde: Ondertekenaar, goed: Json
) -> None:
    changed = _andere(goed, lambda f: teken(f, vreemde.geheim))
    assert kort(uitslagen(tmp_path, changed, regio.publiek)) == "✓✓✓✗–"


def test_the_revision_is_that_of_the_bundle(
    tmp_path: Path, regio: Ondertekenaar, goed: Json
) -> None:
    other = "f" * 64
    changed = met(goed, ("bundel", "revisie"), other)
    changed = met(changed, ("besluit", "herkomst"), other, zegelen=True)
    steps = uitslagen(tmp_path, changed, regio.publiek)
    assert kort(steps) == "✓✓✗✓✗"
    assert "de versie, de versie die in het besluit staat" in steps[2].tekst


@contextmanager
def luisterend() -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers everything, and keeps what came in."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    seen.append(connection.recv(65536))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def test_policies_of_a_stranger_do_not_run(
    tmp_path: Path, bundel: Path, regio: Ondertekenaar, vreemde: Ondertekenaar
) -> None:
    """They would ask the network; they do when their own key is trusted, so this can be seen."""
    own = lees_bundel(bundel)
    files = lees(own.inhoud)
    head = b"package uitfasering\n"
    assert files[REGO].count(head) == 1
    old = b'"voorlopig": '
    with luisterend() as (port, seen):
        call = b'"lek": http.send({"method": "GET", "url": "http://127.0.0.1:%d/"}).status_code, '
        files[REGO] = files[REGO].replace(old, call % port + old)
        hostile = vreemde.tekent(files)
        made = bewijs(hostile, vreemde.publiek)
        assert made["besluit"]["lek"] == 200
        assert len(seen) == 1
        for key in (None, regio.publiek):
            steps = uitslagen(tmp_path, made, key, {own.revisie: own})
            assert kort(steps)[-1] == "–"
        unsigned = pak_in({n: c for n, c in lees(hostile.inhoud).items() if n != HANDTEKENING})
        steps = uitslagen(tmp_path, met_bundel(made, unsigned), regio.publiek)
        assert kort(steps)[3:] == "––"
        assert len(seen) == 1
        assert kort(uitslagen(tmp_path, made, vreemde.publiek)) == GOED
        assert len(seen) == 2


def test_agreements_with_another_contract(
    tmp_path: Path, regio: Ondertekenaar, bundel: Path
) -> None:
    """Those of years ago may give a besluit that the schemas of now do not know."""
    files = lees(bundel.read_bytes())
    files[REGO] = files[REGO].replace(b'"voorlopig": ', b'"tijdelijk": ')
    made = bewijs(regio.tekent(files), regio.publiek)
    assert "voorlopig" not in made["besluit"]
    assert kort(uitslagen(tmp_path, made, regio.publiek)) == GOED


def test_agreements_that_do_not_fit_this_opa(
    tmp_path: Path, regio: Ondertekenaar, bundel: Path, goed: Json
) -> None:
    """Those of years ago may; then the signature must not get the blame."""
    files = lees(bundel.read_bytes())
    files[REGO] += b"\noud := weg(3)\n"
    signed, own = regio.tekent(files), ontleed("eigen.tar.gz", pak_in(files))
    steps = uitslagen(tmp_path, met_bundel(goed, signed.inhoud), regio.publiek)
    assert kort(steps) == "✓✓✓✗–"
    assert "of de afspraken passen niet bij OPA 1." in steps[3].tekst
    steps = uitslagen(tmp_path, met_bundel(goed, own.inhoud), None, {own.revisie: own})
    assert kort(steps) == "✓✓✓––"
    assert "niet nagerekend: de afspraken passen niet bij OPA 1." in steps[4].tekst
    assert "undefined function weg" in steps[4].tekst


GEEN_BEWIJS: dict[str, bytes] = {
    "leeg": b"",
    "geen JSON": b"<html>",
    "een lijst": b"[]",
    "een getal": b"1",
    "null": b"null",
    "leeg object": b"{}",
    "afgekapt": b'{"versie": 1, ',
    "te diep": b'{"toewijzing": ' + b"[" * 100_000,
    "te diep en heel": b"[" * 900 + b"]" * 900,
    "te lang getal": b'{"versie": ' + b"1" * 9_999 + b"}",
    "geen UTF-8": b'{"versie": "\xff"}',
}


@pytest.mark.parametrize("inhoud", GEEN_BEWIJS.values(), ids=GEEN_BEWIJS)
def test_not_a_receipt(tmp_path: Path, inhoud: bytes) -> None:
    (step,) = uitslagen(tmp_path, inhoud, None)
    assert step.uitslag == "fout"
    assert step.tekst.startswith("Dit is geen bewijs van een besluit: ")
    assert ("Geef het bestand dat eindigt op .json." in step.tekst) == inhoud.startswith(b"<")


@pytest.mark.parametrize(
    ("maak", "reden"),
    [
        pytest.param(lambda t: t + b" " * 2**23, "het bestand is daarvoor te groot", id="groot"),
        pytest.param(
            lambda t: t[:-1] + b', "versie": 1}', "dit is geen JSON zoals", id="twee keer"
        ),
        pytest.param(lambda t: t.replace(b'"0193"', b"NaN"), "dit is geen JSON zoals", id="NaN"),
        pytest.param(lambda t: t[:-1], "de JSON klopt niet op regel 1, teken ", id="afgebroken"),
    ],
)
def test_a_receipt_in_odd_json(
    tmp_path: Path, goed: Json, maak: Callable[[bytes], bytes], reden: str
) -> None:
    text = json.dumps(goed).encode()
    assert kort(uitslagen(tmp_path, text, None)) == "✓✓✓––"
    (step,) = uitslagen(tmp_path, maak(text), None)
    assert step.tekst.startswith(f"Dit is geen bewijs van een besluit: {reden}")


def test_what_is_wrong_is_named_without_its_value(tmp_path: Path, goed: Json) -> None:
    for place in ("besluit_id", "moment", "opa", "bron", "besluit", "bundel", "zegel"):
        (step,) = uitslagen(tmp_path, met(goed, (place,), "123456782"), None)
        assert step.tekst == f"Dit is geen bewijs van een besluit: bij {place} klopt iets niet."
    for changed in ({**goed, "Jansen": 1}, {k: v for k, v in goed.items() if k != "zegel"}):
        (step,) = uitslagen(tmp_path, changed, None)
        assert step.tekst.endswith(": er is een deel te veel of te weinig.")


def test_a_deep_toewijzing(tmp_path: Path, regio: Ondertekenaar, goed: Json) -> None:
    text = json.dumps(met(goed, ("toewijzing",), {"x": "DIEP"}))
    for key, depths in ((regio.publiek, (300, 900)), (None, range(850, 1000, 3))):
        for depth in depths:
            deep = text.replace('"DIEP"', "[" * depth + "]" * depth).encode()
            assert "✗" in kort(uitslagen(tmp_path, deep, key))


@pytest.mark.parametrize(
    "inhoud",
    [
        pytest.param(b"x", id="geen bundel"),
        pytest.param(gzip.compress(b"\0" * 2**26), id="bom"),
    ],
)
def test_a_bundle_that_cannot_be_read(
    tmp_path: Path, regio: Ondertekenaar, goed: Json, inhoud: bytes
) -> None:
    assert kort(uitslagen(tmp_path, met_rauwe_bundel(goed, inhoud), regio.publiek)) == "✓✓✗–"


def test_a_bundle_that_is_not_base64(tmp_path: Path, goed: Json) -> None:
    good = goed["bundel"]["inhoud"]
    for text in ("%%%", "é", "AAA", f"{good[:400]}%{good[400:]}"):
        changed = met(goed, ("bundel", "inhoud"), text, zegelen=True)
        assert kort(uitslagen(tmp_path, changed, None)) == "✓✓✗–"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MessageError, match="niet te lezen"):
        lees_bewijs(tmp_path / "weg.json")
    with pytest.raises(MessageError, match="niet te lezen"):
        lees_bewijs(tmp_path)


def test_the_receipt_rests_on_this_bundle(getekend: Bundelbestand, goed: Json) -> None:
    assert base64.b64decode(goed["bundel"]["inhoud"]) == getekend.inhoud
    assert ontleed("x", getekend.inhoud).revisie == goed["besluit"]["herkomst"]
    assert goed["toewijzing"] == VERLENGING
