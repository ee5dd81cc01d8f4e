"""``uitfasering bewijs``: receipts from the log of a real sidecar, their page, and the command."""

from __future__ import annotations

import html.parser
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bewijshulp import OPA, VERLENGING, Json, bewijs, met
from clihulp import KORT, NIEUW, Cli
from logboekhulp import gelogd, logbestand
from sidecarbundels import lees, pak_in
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar
from uitfasering.bewijs.document import schemafout, zegel
from uitfasering.bewijs.pagina import _VELDEN, pagina
from uitfasering.bundelbestand import lees_bundel
from uitfasering.leesgegevens import Leesgegevens, lees_gegevens
from uitfasering.paths import project_root
from uitfasering.sidecarmap import Sidecarmap
from vraaghulp import proef

BSN = "999990019"
ONGELDIG = {**NIEUW, "naam": f"Jansen {BSN}"}


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        for path, question in (
            (BESLUIT, NIEUW),
            (BESLUIT, ONGELDIG),
            (BESLUITEN, {"toewijzingen": {BSN: VERLENGING, "Jansen": KORT, "a": ONGELDIG}}),
        ):
            token = running.tokens["besluit"]
            answer = running.vraag("POST", path, token=token, body={"input": question})
            assert answer.status == 200
        yield running


@pytest.fixture(scope="module")
def map_(sidecar: Sidecar) -> Sidecarmap:
    return sidecar.sidecar


@pytest.fixture(scope="module")
def nummers(map_: Sidecarmap) -> list[str]:
    """The decision ids of one, an invalid one, and a batch."""
    return [event["decision_id"] for event in gelogd(map_)]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


def opties(map_: Sidecarmap) -> list[str | Path]:
    return ["--bundel", map_.archief, "--sleutel", map_.sleutels / "afspraken.pub"]


def gelezen(naar: Path) -> Json:
    """The one receipt in a folder; there is a page beside it."""
    (path,) = naar.glob("*.json")
    assert {p.name for p in naar.iterdir()} == {path.name, f"{path.stem}.html"}
    assert not any(p.stat().st_mode & 0o077 for p in naar.iterdir())
    content: Json = json.loads(path.read_bytes())
    return content


def test_one_from_the_log(cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]) -> None:
    made = cli(
        *("bewijs", "maak", logbestand(map_), "--besluit", nummers[0], "--naar", tmp_path),
        *opties(map_),
    )
    assert (made.code, made.fout) == (0, "")
    receipt, event = gelezen(tmp_path), gelogd(map_)[0]
    assert (tmp_path / f"bewijs-{nummers[0]}.json").exists()
    assert (receipt["toewijzing"], receipt["besluit"]) == (NIEUW, event["result"])
    assert receipt["besluit"]["uitkomst"] == "NIET_TOEGESTAAN"  # contract §4.2, B1-02
    assert (receipt["besluit_id"], receipt["volgnummer"]) == (nummers[0], None)
    assert (receipt["moment"], receipt["opa"]) == (event["timestamp"], event["labels"]["version"])
    assert receipt["bron"]["plaats"] == "besluiten.log, regel 1"
    assert receipt["handtekening"]["uitslag"] == "goed"
    assert receipt["bundel"]["revisie"] == event["bundles"]["uitfasering"]["revision"]
    checked = cli("bewijs", "controleer", *tmp_path.glob("*.json"), *opties(map_)[2:])
    assert (checked.code, checked.fout) == (0, "")
    assert checked.uit.count("✓") == 5
    assert checked.uit.endswith("Dit bewijs klopt.\n")


def test_the_line_in_the_log_has_this_sum(
    cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]
) -> None:
    import hashlib

    copy = tmp_path / "kopie.log"
    shutil.copy(logbestand(map_), copy)
    (tmp_path / "uit").mkdir()
    cli(
        *("bewijs", "maak", copy, "--besluit", nummers[2], "--volgnummer", "1"),
        *("--naar", tmp_path / "uit", *opties(map_)),
    )
    line = copy.read_bytes().splitlines()[2]
    assert gelezen(tmp_path / "uit")["bron"] == {
        "soort": "logboek",
        "plaats": "kopie.log, regel 3",
        "sha256": hashlib.sha256(line).hexdigest(),
    }


def test_one_of_a_batch(cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]) -> None:
    """The numbers are the places of the kenmerken in order: the BSN, Jansen, a."""
    log = ("bewijs", "maak", map_.logboek, "--besluit", nummers[2], "--naar", tmp_path)
    which = cli(*log, *opties(map_))
    assert which.code == 2
    assert "Bij dit nummer horen 3 besluiten" in which.fout
    other = cli(*log, "--volgnummer", "4", *opties(map_))
    assert (other.code, "Kies van 1 tot en met 3." in other.fout) == (2, True)
    alone = ("bewijs", "maak", map_.logboek, "--besluit", nummers[0], "--volgnummer", "1")
    assert "Laat --volgnummer weg." in cli(*alone, *opties(map_)).fout
    assert list(tmp_path.iterdir()) == []
    made = cli(*log, "--volgnummer", "2", *opties(map_))
    assert made.code == 0
    receipt = gelezen(tmp_path)
    assert (receipt["toewijzing"], receipt["besluit"]["uitkomst"]) == (KORT, "TOEGESTAAN")
    assert receipt["volgnummer"] == 2
    again = cli(*log, "--volgnummer", "2", *opties(map_))
    assert (again.code, again.uit) == (2, "")
    assert "bestaat al" in again.fout


def test_an_invalid_one_was_not_kept(
    cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]
) -> None:
    for number, extra in ((nummers[1], ()), (nummers[2], ("--volgnummer", "3"))):
        done = cli(
            *("bewijs", "maak", map_.logboek, "--besluit", number, "--naar", tmp_path, *extra),
            *opties(map_),
        )
        assert done.code == 2
        assert "De toewijzing was niet geldig" in done.fout
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_not_there(cli: Cli, tmp_path: Path, map_: Sidecarmap) -> None:
    log = tmp_path / "x.log"
    log.write_bytes(logbestand(map_).read_bytes()[:-200])
    done = cli("bewijs", "maak", log, "--besluit", "0" * 8, *opties(map_))
    assert done.code == 2
    assert "staat niet in dit logboek. Let op: 1 regel was niet te lezen." in done.fout


def test_a_log_that_was_changed(
    cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]
) -> None:
    """One word of the answer, or of the question: OPA says otherwise, and there is no receipt."""
    text = logbestand(map_).read_text("utf-8").splitlines(keepends=True)[0]
    for old, new in (("NIET_TOEGESTAAN", "TOEGESTAAN"), ("2021-06-15", "2020-06-15")):
        assert old in text
        (tmp_path / "x.log").write_text(text.replace(old, new), "utf-8")
        done = cli(
            *("bewijs", "maak", tmp_path / "x.log", "--besluit", nummers[0]),
            *("--naar", tmp_path, *opties(map_)),
        )
        assert done.code == 1
        assert "geeft OPA nu een ander besluit dan in het logboek staat" in done.fout
    both = tmp_path / "beide.log"
    both.write_text(text + text.replace("NIET_TOEGESTAAN", "TOEGESTAAN"), "utf-8")
    done = cli("bewijs", "maak", both, "--besluit", nummers[0], *opties(map_))
    assert done.code == 2
    assert "meer dan één keer in het logboek" in done.fout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["beide.log", "x.log"]


def test_without_its_agreements(
    cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]
) -> None:
    done = cli("bewijs", "maak", map_.logboek, "--besluit", nummers[0], "--bundel", tmp_path)
    assert done.code == 2
    assert "is niet gevonden. Zeg met --bundel" in done.fout


def test_with_the_key_of_someone_else(
    cli: Cli, tmp_path: Path, map_: Sidecarmap, nummers: list[str]
) -> None:
    log = ("bewijs", "maak", map_.logboek, "--besluit", nummers[0], "--naar", tmp_path)
    where = ("--bundel", map_.bundels, "--sleutel")
    done = cli(*log, *where, map_.sleutels / "toegang.pub")
    assert done.code == 1
    assert "ze zijn niet met deze sleutel ondertekend" in done.fout
    assert "failed to verify JWT signature" in done.fout
    for secret in (map_.geheim / "afspraken.key", logbestand(map_)):
        done = cli(*log, *where, secret)
        assert done.code == 2
        assert "staat geen publieke sleutel" in done.fout
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def zonder_sidecar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on a computer where no one made build/sidecar."""
    monkeypatch.setattr(Sidecarmap, "gewoon", lambda *_: Sidecarmap(tmp_path / "geen"))


@pytest.mark.usefixtures("zonder_sidecar")
def test_agreements_that_do_not_fit_this_opa(cli: Cli, tmp_path: Path, bundel: Path) -> None:
    files = lees(bundel.read_bytes())
    files["uitfasering/besluit.rego"] += b"\noud := weg(3)\n"
    (tmp_path / "b.tar.gz").write_bytes(pak_in(files))
    (tmp_path / "vraag.json").write_text(json.dumps(VERLENGING), "utf-8")
    question = ("bewijs", "maak", tmp_path / "vraag.json", "--naar", tmp_path)
    done = cli(*question, "--bundel", tmp_path / "b.tar.gz")
    assert done.code == 1
    assert "niet aan: ze passen niet bij deze versie van OPA. OPA zegt: " in done.fout


@pytest.mark.usefixtures("zonder_sidecar")
def test_one_that_is_given_now(cli: Cli, tmp_path: Path, bundel: Path) -> None:
    """Not signed, which is said aloud; the check is never right then."""
    question = tmp_path / f"Jansen {BSN}.json"
    question.write_text(json.dumps({"toewijzingen": {BSN: VERLENGING}}), "utf-8")
    (tmp_path / "uit").mkdir()
    made = cli("bewijs", "maak", question, "--naar", tmp_path / "uit")
    assert made.code == 0
    assert made.fout.startswith("LET OP: handtekening onder de afspraken: niet ondertekend.")
    receipt = gelezen(tmp_path / "uit")
    assert (receipt["bron"], receipt["opa"]) == ({"soort": "nu"}, OPA)
    assert (receipt["toewijzing"], receipt["volgnummer"]) == (VERLENGING, None)
    assert receipt["bundel"]["revisie"] == lees_bundel(bundel).revisie
    for path in (tmp_path / "uit").iterdir():
        assert not any(word in path.read_text("utf-8") for word in (BSN, "Jansen"))
    (path,) = (tmp_path / "uit").glob("*.json")
    checked = cli("bewijs", "controleer", path)
    assert checked.code == 1
    assert checked.uit.count("✓") == 4  # build/uitfasering.tar.gz is the same
    assert checked.uit.endswith("Dit bewijs is niet helemaal gecontroleerd.\n")
    (page,) = (tmp_path / "uit").glob("*.html")
    assert "de afspraken in dit bewijs zijn niet ondertekend" in page.read_text("utf-8")


def test_a_signed_one_without_a_key(
    cli: Cli, tmp_path: Path, map_: Sidecarmap, zonder_sidecar: None
) -> None:
    question = tmp_path / "vraag.json"
    question.write_text(json.dumps(VERLENGING), "utf-8")
    (tmp_path / "uit").mkdir()
    (archived,) = map_.archief.glob("*.tar.gz")
    made = cli("bewijs", "maak", question, "--bundel", archived, "--naar", tmp_path / "uit")
    assert made.code == 0
    assert made.fout.startswith("LET OP: handtekening onder de afspraken: niet gecontroleerd.")
    assert gelezen(tmp_path / "uit")["handtekening"]["uitslag"] == "niet gecontroleerd"


ONGELDIGE_VRAGEN = {
    "veld erbij": ONGELDIG,
    "waarde fout": {**NIEUW, "gemeente": BSN},
    "velden samen fout": {**NIEUW, "einddatum": "2021-06-01"},
    "geen object": [BSN],
    "twee": [NIEUW, NIEUW],
    "geen": [],
}


@pytest.mark.parametrize("vraag", ONGELDIGE_VRAGEN.values(), ids=ONGELDIGE_VRAGEN)
def test_an_invalid_question(cli: Cli, tmp_path: Path, vraag: Any) -> None:
    (tmp_path / "vraag.json").write_text(json.dumps(vraag), "utf-8")
    done = cli("bewijs", "maak", tmp_path / "vraag.json", "--naar", tmp_path)
    assert (done.code, done.uit) == (2, "")
    assert done.fout.startswith("FOUT: ")
    assert not any(word in done.fout for word in (BSN, "Jansen", "2021-06-01"))
    assert [p.name for p in tmp_path.iterdir()] == ["vraag.json"]


def test_nothing_personal_in_what_it_says(cli: Cli, tmp_path: Path) -> None:
    """A receipt that someone filled with a name and a BSN: neither is repeated."""
    for content in (f'{{"{BSN}": "Jansen"}}', f'{{"versie": "{BSN}"}}', f"Jansen {BSN}"):
        (tmp_path / "x.json").write_text(content, "utf-8")
        done = cli("bewijs", "controleer", tmp_path / "x.json")
        assert done.code == 1
        assert "Dit is geen bewijs van een besluit" in done.uit
        assert not any(word in done.uit + done.fout for word in (BSN, "Jansen"))


def test_several_receipts(cli: Cli, tmp_path: Path, map_: Sidecarmap) -> None:
    """Each is checked, also after one that is not right; control characters are not obeyed."""
    (archived,) = map_.archief.glob("*.tar.gz")
    good = bewijs(lees_bundel(archived), None)
    escaped = met(good, ("bundel", "bestanden", "\x1b[2Jweg"), "0" * 64)
    (tmp_path / "1.json").write_text(json.dumps(escaped), "utf-8")
    (tmp_path / "2.json").write_text(json.dumps(good), "utf-8")
    done = cli("bewijs", "controleer", tmp_path / "1.json", tmp_path / "2.json", *opties(map_)[2:])
    assert done.code == 1
    assert "\x1b" not in done.uit
    assert done.uit.count("Dit bewijs klopt niet.") == 1
    assert done.uit.endswith("Dit bewijs klopt.\n")


def test_what_was_typed_wrong(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}", "utf-8")
    x = tmp_path / "x.json"
    number = cli("bewijs", "maak", x, "--besluit", "1", "--volgnummer", "een")
    assert "--volgnummer klopt niet: schrijf een getal vanaf 1, bijvoorbeeld 3." in number.fout
    empty = cli("bewijs", "maak", x, "--besluit", "")  # in a script: --besluit "$NUMMER"
    assert "staat niet in dit logboek" in empty.fout
    bundle = cli("bewijs", "controleer", x, "--bundel", tmp_path / "weg")
    assert f"Het bestand of de map {tmp_path / 'weg'} bestaat niet." in bundle.fout
    for arguments in (
        ("bewijs",),
        ("bewijs", "maak"),
        ("bewijs", "maak", tmp_path / "weg.json"),
        ("bewijs", "maak", x, "--volgnummer", "1"),
        ("bewijs", "maak", x, "--besluit", "1", "--volgnummer", "0"),
        ("bewijs", "maak", x, "--naar", tmp_path / "weg"),
        ("bewijs", "maak", x, "--sleutel", tmp_path / "weg"),
        ("bewijs", "controleer"),
        ("bewijs", "controleer", tmp_path),
    ):
        assert cli(*arguments).code == 2, arguments


class Lezer(html.parser.HTMLParser):
    """The tags, and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.tekst = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.tekst += data


def lees_pagina(tekst: str) -> Lezer:
    lezer = Lezer()
    lezer.feed(tekst)
    return lezer


@pytest.fixture(scope="module")
def gegevens() -> Leesgegevens:
    return lees_gegevens(project_root())


@pytest.fixture(scope="module")
def verlenging(bundel: Path) -> Json:
    return bewijs(lees_bundel(bundel), None)


def test_the_page_says_what_the_besluit_says(gegevens: Leesgegevens, verlenging: Json) -> None:
    page = lees_pagina(pagina(verlenging, gegevens, "x.json")).tekst
    (finding,) = verlenging["besluit"]["bevindingen"]
    for text in (
        "Mag deze toewijzing worden verlengd?",
        "Zwolle (0193)",
        "30 juni 2022",
        "Handmatig beoordelen",
        finding["tekst"],
        finding["citaat"],
        finding["lezing"],
        finding["oplossing"],
        "Neem 31 december 2021 als einddatum.",
        verlenging["bundel"]["revisie"],
        verlenging["zegel"],
        "uitfasering bewijs controleer x.json --sleutel afspraken.pub",
        *verlenging["bundel"]["bestanden"],
        *verlenging["bundel"]["tabellen"],
    ):
        assert text in page


def test_the_page_knows_every_field(root: Path) -> None:
    schema = json.loads((root / "schemas" / "toewijzing.json").read_text("utf-8"))
    fields = {
        f"{name}.{part}" if part else name
        for name, field in schema["properties"].items()
        for part in field.get("properties", {"": {}})
    }
    assert fields - {"handeling"} == set(_VELDEN)


def test_every_field_is_on_the_page(gegevens: Leesgegevens, verlenging: Json) -> None:
    """Also one of another contract, by its own name."""
    question = {
        **VERLENGING,
        "budget": 1_250_005,
        "gemotiveerd": False,
        "nieuw_veld": {"deel": "waarde"},
    }
    page = lees_pagina(pagina({**verlenging, "toewijzing": question}, gegevens, "x")).tekst
    for text in ("€ 12.500,05", "nee", "nieuw_veld.deel", "waarde"):
        assert text in page


KWAAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;\u202e"


def test_the_page_shows_text_as_text(gegevens: Leesgegevens, verlenging: Json) -> None:
    """Whatever stands in a text, a name of a file or a table: the page has the same tags."""
    tags = set(lees_pagina(pagina(verlenging, gegevens, "x")).tags)
    finding = verlenging["besluit"]["bevindingen"][0]
    texts = {name: KWAAD for name in ("tekst", "citaat", "lezing", "oplossing", "brief")}
    hostile = [
        met(verlenging, ("besluit", "bevindingen", 0), {**finding, **texts}),
        met(verlenging, ("besluit", "uitkomst"), KWAAD),
        met(verlenging, ("besluit", KWAAD), KWAAD),
        met(verlenging, ("toewijzing", KWAAD), KWAAD),
        met(verlenging, ("toewijzing", "gemeente"), KWAAD),
        met(verlenging, ("toewijzing", "handeling"), KWAAD),
        met(verlenging, ("toewijzing", "ingangsdatum"), KWAAD),
        met(verlenging, ("bundel", "bestanden"), {KWAAD: "0"}),
        met(verlenging, ("bundel", "tabellen"), {KWAAD: "0"}),
        met(verlenging, ("bundel", "gebouwd"), KWAAD),
        met(verlenging, ("bron",), {"soort": "logboek", "plaats": KWAAD, "sha256": "0"}),
        met(verlenging, ("moment",), KWAAD),
        met(verlenging, ("opa",), KWAAD),
    ]
    for receipt in hostile:
        text = pagina(receipt, gegevens, "x")
        assert "alert(1)" in lees_pagina(text).tekst
        assert set(lees_pagina(text).tags) - tags <= {"pre"}
        assert "<script" not in text
        assert "<img" not in text


def test_the_page_needs_nothing_else(gegevens: Leesgegevens, verlenging: Json) -> None:
    text = pagina(verlenging, gegevens, "x")
    assert not {"script", "link", "img", "iframe"} & set(lees_pagina(text).tags)
    assert "http" not in text.replace('http-equiv="Content-Security-Policy"', "")
    assert "url(" not in text


def test_a_page_of_another_contract(gegevens: Leesgegevens, tmp_path: Path, bundel: Path) -> None:
    files = lees(bundel.read_bytes())
    name = "uitfasering/besluit.rego"
    files[name] = files[name].replace(b'"voorlopig": ', b'"tijdelijk": ')
    (tmp_path / "b.tar.gz").write_bytes(pak_in(files))
    receipt = bewijs(lees_bundel(tmp_path / "b.tar.gz"), None)
    page = lees_pagina(pagina(receipt, gegevens, "x")).tekst
    assert "andere vorm dan die van nu" in page
    assert '"tijdelijk": false' in page


def test_a_receipt_is_as_its_schema_says(verlenging: Json) -> None:
    assert schemafout(verlenging) is None
    assert verlenging["zegel"] == zegel(verlenging)
