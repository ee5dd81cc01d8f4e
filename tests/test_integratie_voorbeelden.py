"""The examples in integratie/ as their user runs them, on a sidecar and on a network gone wrong."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import ssl
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import certifi
import pytest
from _pytest.mark import ParameterSet

from sidecarhulp import Sidecar
from storingsserver import Answer, Connection, always, serving
from uitfasering.fragment import regels
from uitfasering.paths import project_root
from vraaghulp import proef

INTEGRATIE = project_root() / "integratie"
VOORBEELDEN = project_root() / "voorbeelden"
NODE = 20


def lang(*waarden: Any) -> ParameterSet:
    """One more case, only with --volledig."""
    return pytest.param(*waarden, marks=pytest.mark.lang)


# Contract §4: "verkorting fires nothing but A-00 and A-01"; B2-11a: Zwolle runs off.
VERKORTING = {
    "handeling": "verkorting",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-02-10",
    "ingangsdatum": "2021-03-01",
}
AFLOPEN = {
    **VERKORTING,
    "handeling": "lopend",
    "einddatum": "2022-08-31",
    "product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 4},
}
# voorbeelden/toewijzingen.json, and what §4 says of each: the uitkomst and the regel that gives it.
VERWACHT = {
    "top-binnen-een-jaar": ("TOEGESTAAN", "B1-13"),  # 2.000 minuten
    "duurzaam-in-deventer": ("OMZETTEN", "B2-11"),  # Deventer converts
    "langer-dan-een-jaar": ("NIET_TOEGESTAAN", "B1-15"),  # 15 months, gemotiveerd false
    "zonder-productcode": ("HANDMATIG", "A-03 (perspectief)"),  # §4.4, midden
    "declaratie-2022": ("TOEGESTAAN", "B1-17"),  # a period in 2022
    "onmogelijke-datum": ("ONGELDIGE_INVOER", "A-00 (toewijzingsdatum)"),  # 31 June
}
# integratie/lopend.csv by row: all are B2-11 but for what is said here.
B2_11 = [1, 3]  # 2: Zwolle runs off; 4: ends in 2021; 5: gemotiveerd; 6: overgenomen; 7: starts in
# 2022; 8: herstel; 9: another region; 10 and 11: not valid.


@dataclass
class Uitslag:
    code: int
    uit: str
    fout: str

    @property
    def besluiten(self) -> dict[str, str]:
        """What was printed: a kenmerk and its uitkomst, then its reasons indented."""
        found: dict[str, str] = {}
        for line in self.uit.splitlines():
            if line.startswith("  "):
                found[list(found)[-1]] += f"\n{line}"
            else:
                kenmerk, _, uitkomst = line.partition(": ")
                found[kenmerk] = uitkomst
        return found


@dataclass
class Voorbeeld:
    """A command to which a file is added.

    Attributes:
        tijd: what stands in the file for the seconds it waits, and what is shorter.
        herhaalt: asks again when a connection breaks off.
        nummert: sends numbers for a kenmerk.
    """

    opdracht: Sequence[str]
    tijd: tuple[str, str]
    herhaalt: bool = True
    nummert: bool = True

    def vraag(self, bestand: Path, url: str, ca: Path, token: Path) -> Uitslag:
        places = {
            "UITFASERING_OPA_URL": url,
            "UITFASERING_CA": str(ca),
            "NODE_EXTRA_CA_CERTS": str(ca),
            "UITFASERING_TOKEN_BESTAND": str(token),
        }
        return draai([*self.opdracht, str(bestand)], places)

    def ongeduldig(self, naar: Path) -> Voorbeeld:
        """The same, but it does not wait long."""
        last = Path(self.opdracht[-1])
        text = last.read_text("utf-8")
        assert text.count(self.tijd[0]) == 1
        # A module finds what it imports from where it stands; that of TypeScript is a copy already.
        copy = (naar if last.is_relative_to(INTEGRATIE) else last.parent) / f"snel-{last.name}"
        copy.write_text(text.replace(*self.tijd), "utf-8")
        copy.chmod(0o755)
        return replace(self, opdracht=[*self.opdracht[:-1], str(copy)])


def draai(opdracht: Sequence[str], omgeving: dict[str, str]) -> Uitslag:
    done = subprocess.run(
        opdracht, env=os.environ | omgeving, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr
    return Uitslag(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def sidecar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    with proef(tmp_path_factory.mktemp("sidecar") / "map") as running:
        for naam, token in running.tokens.items():
            tokenbestand(running, naam).write_text(f"{token}\n", "ascii")
        yield running


def tokenbestand(sidecar: Sidecar, naam: str) -> Path:
    return sidecar.sidecar.geheim / f"{naam}.token"


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example, built in a copy as its first line says."""
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.skip("Node and npm are not installed")
    version = subprocess.check_output(["node", "--version"], text=True)
    if int(version[1:].split(".")[0]) < NODE:
        pytest.skip(f"Node {NODE} is needed, this is {version.strip()}")
    root = tmp_path_factory.mktemp("typescript")
    copy = root / "integratie" / "typescript"
    own = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(INTEGRATIE / "typescript", copy, ignore=own)
    (root / "schemas").symlink_to(project_root() / "schemas")
    for command in (["npm", "ci"], ["npm", "run", "build"]):
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=300)
        if any(word in done.stderr for word in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED")):
            pytest.skip("npm does not reach its registry")
        assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(
    scope="module", params=["curl.sh", "besluit.py", pytest.param("ts", marks=pytest.mark.lang)]
)
def voorbeeld(request: pytest.FixtureRequest) -> Voorbeeld:
    if request.param == "curl.sh":
        for needed in ("curl", "jq"):
            if not shutil.which(needed):
                pytest.skip(f"{needed} is not installed")
        script = [str(INTEGRATIE / "curl.sh")]
        return Voorbeeld(script, ("--max-time 10", "--max-time 0.3"), False, False)
    if request.param == "besluit.py":
        script = [sys.executable, "-I", str(INTEGRATIE / "besluit.py")]
        return Voorbeeld(script, ("SECONDEN = 10 ", "SECONDEN = 0.3 "))
    built: Path = request.getfixturevalue("typescript")
    return Voorbeeld(["node", str(built / "dist" / "besluit.js")], ("10_000", "1_200"))


Vraag = Callable[..., Uitslag]


@pytest.fixture
def vraag(voorbeeld: Voorbeeld, sidecar: Sidecar, tmp_path: Path) -> Vraag:
    """Ask the sidecar, or what else is said; nothing ever tells a token."""

    def ask(
        invoer: Any,
        *,
        url: str = sidecar.url,
        ca: Path = sidecar.sidecar.tls / "ca.crt",
        token: str | Path = "besluit",
        met: Voorbeeld = voorbeeld,
    ) -> Uitslag:
        file = invoer if isinstance(invoer, Path) else tmp_path / "invoer.json"
        if not isinstance(invoer, Path):
            file.write_text(invoer if isinstance(invoer, str) else json.dumps(invoer), "utf-8")
        own = tokenbestand(sidecar, token) if isinstance(token, str) else token
        found = met.vraag(file, url, ca, own)
        assert not [t for t in sidecar.tokens.values() if t in found.uit + found.fout]
        assert (found.code == 2) == found.fout.startswith(("FOUT: ", "curl: ", "cat: "))
        assert (found.code == 2) <= (not found.uit)
        return found

    return ask


def test_one_toewijzing(vraag: Vraag) -> None:
    """B1-02: midden herstel, nieuw, both dates after 1 May 2021."""
    found = vraag(VOORBEELDEN / "toewijzing.json")
    assert found.code == 1
    [(kenmerk, said)] = found.besluiten.items()
    assert kenmerk == "besluit"
    assert said.startswith("NIET_TOEGESTAAN\n  B1-02 (handeling, ingangsdatum, ")
    assert "lokale toegang van Zwolle" in said


def test_a_batch(vraag: Vraag) -> None:
    found = vraag(VOORBEELDEN / "toewijzingen.json")
    assert found.code == 1
    assert found.besluiten.keys() == VERWACHT.keys()
    for kenmerk, (uitkomst, reden) in VERWACHT.items():
        assert found.besluiten[kenmerk].startswith(f"{uitkomst}\n")
        assert f"\n  {reden}" in found.besluiten[kenmerk]


@pytest.mark.parametrize(
    ("invoer", "uitkomsten"),
    [
        (VERKORTING, ["TOEGESTAAN"]),
        ({"toewijzingen": {"a": AFLOPEN, "b": VERKORTING}}, ["AFLOPEN", "TOEGESTAAN"]),
        lang({"toewijzingen": {}}, []),
    ],
)
def test_nothing_in_the_way(vraag: Vraag, invoer: Any, uitkomsten: list[str]) -> None:
    found = vraag(invoer)
    assert [said.splitlines()[0] for said in found.besluiten.values()] == uitkomsten
    assert found.code == 0


@pytest.mark.parametrize(
    ("invoer", "velden"),
    [
        ({"handeling": "nieuw", "gemeente": "Zwolle"}, ["gemeente", "toewijzingsdatum"]),
        lang({**VERKORTING, "einddatum": "2021-02-28"}, ["einddatum"]),
        lang([], [""]),  # the toewijzing as a whole
    ],
)
def test_an_invalid_toewijzing(vraag: Vraag, invoer: Any, velden: list[str]) -> None:
    found = vraag(invoer)
    assert found.code == 1
    assert found.besluiten["besluit"].startswith("ONGELDIGE_INVOER\n")
    for veld in velden:
        assert f"\n  A-00 ({veld}): " in found.besluiten["besluit"]


def test_refused_or_gone(vraag: Vraag, sidecar: Sidecar, tmp_path: Path) -> None:
    found = vraag(VERKORTING, token="compile")
    assert (found.code, "401" in found.fout) == (2, True)
    two_lines = tmp_path / "twee.token"
    two_lines.write_text("\n".join(sidecar.tokens.values()))
    assert vraag(VERKORTING, token=two_lines).fout.endswith("Het token is niet te lezen.\n")
    assert "certificate" in vraag(VERKORTING, ca=Path(certifi.where())).fout
    with serving(always(200, {})) as gone:
        pass
    assert vraag(VERKORTING, url=gone.url.replace("http:", "https:")).code == 2
    assert vraag(VERKORTING, url="https://127.0.0.1:poort").code == 2


def test_never_in_the_clear(vraag: Vraag, sidecar: Sidecar) -> None:
    """The sidecar answers with TLS alone; an example that made https of it would hide a mistake."""
    assert vraag(VERKORTING, url=sidecar.url.replace("https", "http")).code == 2


def test_a_file_that_is_no_json(vraag: Vraag, tmp_path: Path) -> None:
    """Nothing of what stands in it is told."""
    assert vraag(tmp_path / "nee.json").code == 2
    found = vraag("Fladderman")
    assert "invoer.json is niet te lezen als JSON" in found.fout
    assert "Fladder" not in found.fout


# A network gone wrong.
BESLUIT = {"uitkomst": "TOEGESTAAN", "bevindingen": []}


def goed(connection: Connection) -> None:
    """Answer as OPA does."""
    while True:
        first, _, body = connection.request()
        result: Any = BESLUIT
        if first.split()[1].endswith("/besluiten"):
            result = dict.fromkeys(body["input"]["toewijzingen"], BESLUIT)
        connection.send(200, json.dumps({"result": result}).encode(), JSON)


def af(connection: Connection) -> None:
    """Break off after the question."""
    connection.request()
    connection.reset()


def half(connection: Connection) -> None:
    connection.request()
    lines = ["HTTP/1.1 200 OK", JSON, "Content-Length: 900", "", '{"result": {"uitkomst": "']
    connection.sock.sendall("\r\n".join(lines).encode())


def zwijgt(connection: Connection) -> None:
    connection.request()
    connection.stream.read()  # until the other side has had enough


def stokt(connection: Connection) -> None:
    half(connection)
    connection.stream.read()


JSON = "Content-Type: application/json"
OPA_500 = {"code": "internal_error", "message": "error(s) occurred while evaluating query"}
ONBRUIKBAAR: dict[str, Answer] = {
    "no bundle": always(200, {}, JSON),
    "null": always(200, {"result": None}, JSON),
    "no besluit": always(200, {"result": {"allow": True}}, JSON),
    "a list": always(200, {"result": [BESLUIT]}, JSON),
    "no bevindingen": always(200, {"result": {"uitkomst": "TOEGESTAAN"}}, JSON),
    "nothing": always(200, b"", JSON),
    "a page": always(200, b"<html>Welkom</html>", "Content-Type: text/html"),
    "half an object": always(200, b'{"result": {"uitkomst": "TOEGESTAAN"', JSON),
    "500 of OPA": always(500, OPA_500, JSON),
    "503 of a proxy": always(503, b"<html>Bezig</html>", "Content-Type: text/html"),
    "302 of a proxy": always(302, b"", "Location: https://127.0.0.1:1/"),
    "breaks off": af,
    "half a response": half,
}
SNEL = {"no bundle", "503 of a proxy", "half an object", "breaks off"}


@pytest.fixture(scope="module")
def tls(sidecar: Sidecar) -> ssl.SSLContext:
    """The sidecar's certificate, for another server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    folder = sidecar.sidecar.tls
    context.load_cert_chain(folder / "server.crt", folder / "server.key")
    return context


@pytest.mark.parametrize("wat", [wat if wat in SNEL else lang(wat) for wat in ONBRUIKBAAR])
def test_no_usable_answer(
    vraag: Vraag, voorbeeld: Voorbeeld, tls: ssl.SSLContext, wat: str
) -> None:
    with serving(ONBRUIKBAAR[wat], tls=tls) as server:
        found = vraag(AFLOPEN, url=server.url)
    assert found.code == 2
    assert server.connections > 0
    if wat == "500 of OPA":
        assert OPA_500["message"] in found.fout
    elif wat[:3] == "503" or (wat[:3] == "302" and voorbeeld.nummert):  # to curl 302 is no error
        assert wat[:3] in found.fout
    if wat == "no bundle":
        assert "Heeft deze OPA de bundel" in found.fout


@pytest.mark.parametrize("keys", [["0"], *map(lang, ([], ["0", "x"], ["0", "1", "2"]))])
def test_a_batch_with_other_keys(vraag: Vraag, tls: ssl.SSLContext, keys: list[str]) -> None:
    """Asked are "0" and "1", by whoever sends numbers."""
    answer = always(200, {"result": dict.fromkeys(keys, BESLUIT)}, JSON)
    with serving(answer, tls=tls) as server:
        found = vraag({"toewijzingen": {"0": AFLOPEN, "1": AFLOPEN}}, url=server.url)
    assert found.code == 2


def test_an_uitkomst_of_later(vraag: Vraag, tls: ssl.SSLContext) -> None:
    """One that is not known here is never "go on"."""
    answer = always(200, {"result": {**BESLUIT, "uitkomst": "ANDERS"}}, JSON)
    with serving(answer, tls=tls) as server:
        found = vraag(AFLOPEN, url=server.url)
    assert (found.code, found.uit) == (1, "besluit: ANDERS\n")


@pytest.mark.parametrize("eerst", [af, lang(half)])
def test_once_more(vraag: Vraag, voorbeeld: Voorbeeld, tls: ssl.SSLContext, eerst: Answer) -> None:
    with serving(eerst, goed, tls=tls) as server:
        found = vraag(AFLOPEN, url=server.url)
    # The SDK of OPA asks again for a connection, not for half of an answer.
    again = voorbeeld.herhaalt and (eerst is af or "node" not in voorbeeld.opdracht)
    assert (found.code, server.connections) == ((0, 2) if again else (2, 1))


@pytest.mark.parametrize("wacht", [zwijgt, lang(stokt)])
def test_no_answer_in_time(
    vraag: Vraag, voorbeeld: Voorbeeld, tls: ssl.SSLContext, tmp_path: Path, wacht: Answer
) -> None:
    """Says so, and does not ask again."""
    with serving(wacht, goed, tls=tls) as server:
        found = vraag(AFLOPEN, url=server.url, met=voorbeeld.ongeduldig(tmp_path))
    assert found.code == 2
    assert "timed out" in found.fout or "timeout" in found.fout


def test_what_is_sent(
    vraag: Vraag, voorbeeld: Voorbeeld, sidecar: Sidecar, tls: ssl.SSLContext
) -> None:
    """No token that others on the machine can read, no kenmerk; over one connection."""
    token = sidecar.tokens["besluit"]
    asked: list[dict[str, Any]] = []

    def kijk(connection: Connection) -> None:
        while True:
            _, headers, body = connection.request()
            assert headers["authorization"] == f"Bearer {token}"
            asked.append(body["input"]["toewijzingen"])
            words = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
            status = 500 if any(token.encode() in word for word in words) else 200
            result = dict.fromkeys(asked[-1], BESLUIT)
            connection.send(status, json.dumps({"result": result}).encode(), JSON)

    many = {f"kind-{n}": {**AFLOPEN, "budget": n} for n in range(2_001)}
    with serving(kijk, tls=tls) as server:
        found = vraag({"toewijzingen": many}, url=server.url)
    assert found.code == 0
    if voorbeeld.opdracht[0] != "node":  # fetch sees to its own
        assert server.connections == 1
    assert found.besluiten == dict.fromkeys(many, "TOEGESTAAN")
    assert [each for part in asked for each in part.values()] == list(many.values())
    if voorbeeld.nummert:
        assert [len(part) for part in asked] == [1_000, 1_000, 1]
        assert not [kenmerk for part in asked for kenmerk in part if kenmerk in many]


@pytest.mark.lang
def test_the_types_of_typescript(typescript: Path) -> None:
    """gegenereerd/ is what json-schema-to-typescript makes of the schemas now."""
    subprocess.run(["npm", "run", "types"], cwd=typescript, check=True, timeout=60)
    names = ["besluit.d.ts", "toewijzing.d.ts"]
    assert sorted(path.name for path in (typescript / "gegenereerd").iterdir()) == names
    for name in names:
        now = (typescript / "gegenereerd" / name).read_text("utf-8")
        assert now == (INTEGRATIE / "typescript" / "gegenereerd" / name).read_text("utf-8"), name


# SQL.


@pytest.fixture(scope="module")
def feiten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The facts of integratie/lopend.csv."""
    path = tmp_path_factory.mktemp("feiten") / "feiten.csv"
    program = Path(sys.executable).parent / "uitfasering"
    done = draai([str(program), "feiten", str(INTEGRATIE / "lopend.csv"), "--uit", str(path)], {})
    assert done.code == 0, done.fout
    return path


def sql(sidecar: Sidecar, regel: str, feiten: Path, **anders: str) -> Uitslag:
    places = {
        "UITFASERING_OPA_URL": sidecar.url,
        "UITFASERING_CA": str(sidecar.sidecar.tls / "ca.crt"),
        "UITFASERING_TOKEN_BESTAND": str(tokenbestand(sidecar, "alles")),
    }
    script = [sys.executable, str(INTEGRATIE / "sql.py"), regel, str(feiten)]
    return draai([*script, str(INTEGRATIE / "lopend.csv")], {**places, **anders})


@pytest.mark.parametrize(
    ("regel", "rijen", "uitkomst"),
    [
        ("B2-11", B2_11, "OMZETTEN"),
        lang("B2-11a", [2], "AFLOPEN"),
        lang("B2-11e", [4], "AFLOPEN"),
        lang("A-01", [9], "NIET_VAN_TOEPASSING"),
        lang("B2-07", [], ""),  # no municipality has fixed its minutes: never
        lang("B9-99", [], ""),  # no such regel
    ],
)
def test_sql(sidecar: Sidecar, feiten: Path, regel: str, rijen: list[int], uitkomst: str) -> None:
    found = sql(sidecar, regel, feiten)
    condition, *lines, total = found.uit.splitlines()
    assert condition.startswith(f"{regel}: ")
    if rijen:
        assert lines == [f"rij {n}: {uitkomst}" for n in rijen]
    else:
        assert (condition, len(lines)) == (f"{regel}: FALSE", 1)
        assert "nooit" in lines[0]
    assert total == f"{len(rijen)} van 11 rijen in SQL, 0 anders dan in de besluiten"
    assert found.code == 0


def test_sql_that_differs_is_seen(sidecar: Sidecar, feiten: Path, tmp_path: Path) -> None:
    """Facts of another day: row 1 ended in 2021 then, row 4 did not."""
    with feiten.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file, delimiter=";"))
    end = header.index("einddatum")
    rows[0][end], rows[3][end] = rows[3][end], rows[0][end]
    other = tmp_path / "feiten.csv"
    with other.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    found = sql(sidecar, "B2-11", other)
    assert found.code == 1
    assert "rij 1: OMZETTEN (VERSCHIL)\nrij 3: OMZETTEN\nrij 4: AFLOPEN (VERSCHIL)\n" in found.uit


def test_sql_refused_or_gone(sidecar: Sidecar, feiten: Path) -> None:
    token = str(tokenbestand(sidecar, "besluit"))
    found = sql(sidecar, "B2-11", feiten, UITFASERING_TOKEN_BESTAND=token)
    assert (found.code, "401" in found.fout) == (2, True)
    gone = sql(sidecar, "B2-11", feiten, UITFASERING_OPA_URL="https://127.0.0.1:1")
    assert (gone.code, gone.fout.startswith("FOUT: ")) == (2, True)


def test_sql_knows_all_that_makes_a_row_invalid(root: Path) -> None:
    names = {r.lid for r in regels(root) if r.verzameling.endswith("tussen_velden")}
    text = (INTEGRATIE / "sql.py").read_text("utf-8")
    [line] = [line for line in text.splitlines() if line.startswith("VELDEN = ")]
    assert names == set(line.split('"')[1::2])


@pytest.mark.lang
def test_what_the_page_says(sidecar: Sidecar, typescript: Path, root: Path, tmp_path: Path) -> None:
    """The commands under "Examples" in docs/integratie.md as they are, but for the address."""
    page = (root / "docs" / "integratie.md").read_text("utf-8")
    section = page.split("\n## Examples\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```\n(.*?)^```", section, re.M | re.S)
    assert sum("integratie" in block for block in blocks) == 4
    own = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(INTEGRATIE, tmp_path / "integratie", ignore=own)
    for name in ("schemas", "voorbeelden"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "sidecar").symlink_to(sidecar.sidecar.map)
    shutil.copy(tokenbestand(sidecar, "alles"), tmp_path / "sql.token")
    shutil.copy(tokenbestand(sidecar, "besluit"), sidecar.sidecar.geheim / "proef.token")
    # All in one shell; 1 is an answer too.
    script = f"cd {tmp_path}\ntrap '(( $? == 1 )) || exit 9' ERR\n" + "".join(blocks)
    script = script.replace("https://127.0.0.1:8181", sidecar.url)
    script = script.replace(".venv/bin", str(Path(sys.executable).parent))
    found = draai(["bash", "-c", script], {"UITFASERING_ROOT": str(root)})
    assert found.code in (0, 1), found.fout
    assert found.uit.count("\nduurzaam-in-deventer: OMZETTEN\n") == 3  # curl, Python, TypeScript
    assert found.uit.endswith("2 van 11 rijen in SQL, 0 anders dan in de besluiten\n")


def test_the_scripts_can_be_run() -> None:
    for script in ("curl.sh", "besluit.py", "sql.py"):
        assert (INTEGRATIE / script).stat().st_mode & stat.S_IXUSR
        found = draai([str(INTEGRATIE / script)], {})
        assert (found.code, found.uit, found.fout[:11]) == (2, "", "FOUT: Geef ")
