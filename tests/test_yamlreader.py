"""The strict YAML reader.

A file put in goed/ must be read, and read as PyYAML and OPA read it. A file put in fout/ must be
refused with the meldingen in the .txt beside it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from uitfasering import yamltree
from uitfasering.paths import opa_binary
from uitfasering.yamlreader import MAX_BYTES, lees, lees_tekst, pad_tekst
from uitfasering.yamltree import MAX_DEPTH
from yamlhulp import ANYTHING, STRING, at_a, codes

HERE = Path(__file__).parent
SCHEMA: dict[str, Any] = json.loads((HERE / "yamlvoorbeeld.schema.json").read_text("utf-8"))
GOED = sorted((HERE / "goed").glob("*.yaml"))
FOUT = sorted((HERE / "fout").glob("*.yaml"))


@pytest.mark.parametrize("path", GOED, ids=lambda path: path.stem)
def test_goed(path: Path) -> None:
    document = lees(path, SCHEMA)
    assert document.meldingen == ()
    content = path.read_bytes()
    assert document.data == yaml.safe_load(content.decode("utf-8-sig"))


def test_goed_as_opa_reads_it(tmp_path: Path) -> None:
    for path in GOED:
        folder = tmp_path / path.stem
        folder.mkdir()
        (folder / "x.yaml").write_bytes(path.read_bytes())
    command = [str(opa_binary()), "eval", "--data", str(tmp_path), "--format", "json", "data"]
    answer = subprocess.run(command, capture_output=True, check=True, timeout=60)
    value = json.loads(answer.stdout)["result"][0]["expressions"][0]["value"]
    assert value == {path.stem: lees(path, SCHEMA).data for path in GOED}


@pytest.mark.parametrize("path", FOUT, ids=lambda path: path.stem)
def test_fout(path: Path) -> None:
    document = lees(path, SCHEMA, name=path.name)
    found = "".join(f"{melding} [{melding.code}]\n" for melding in document.meldingen)
    expected = path.with_suffix(".txt")
    assert expected.exists(), f"Write what should be said in {expected.name}; it said:\n{found}"
    assert found == expected.read_text("utf-8")
    assert document.data is None


def test_every_expected_text_has_its_file() -> None:
    assert {path.stem for path in (HERE / "fout").glob("*.txt")} == {path.stem for path in FOUT}


def test_places() -> None:
    document = lees_tekst('# kop\na:\n  - x\n  -  "y": 1\n\né: |\n  tekst\n', ANYTHING, name="t")
    assert document.data == {"a": ["x", {"y": 1}], "é": "tekst\n"}
    assert document.plaats([]) == (2, 1)
    assert document.plaats(["a"]) == (3, 3)
    assert document.plaats_sleutel(["a"]) == (2, 1)
    assert document.plaats(["a", 0]) == (3, 5)
    assert document.plaats(["a", 1, "y"]) == (4, 11)
    assert document.plaats_sleutel(["a", 1, "y"]) == (4, 6)
    assert document.plaats_sleutel(["a", 1]) == (4, 6)
    assert document.plaats(["é"]) == (6, 4)
    assert document.plaats(["a", 1, "z", 3]) == (4, 6)  # of what should hold it
    melding = document.melding(["a", 1, "y"], "Fout.", "Goed.", "x", sleutel=True)
    assert str(melding) == "t:4:6: (a[2].y) Fout. Goed."
    assert lees_tekst("", ANYTHING).plaats(["a"]) == (1, 1)
    assert pad_tekst([]) == ""


def test_one_fault_hides_no_other() -> None:
    text = "versie: 1.000\ngemeenten:\n  0150:\n    naam: yes\n    duurzaam: nooit\n    x: *y\n"
    assert codes(lees_tekst(text, SCHEMA)) == [
        "schema-soort",
        "yaml-sleutel-geen-tekst",
        "yaml-aanhalingstekens",
        "schema-keuze",
        "schema-onbekend-veld",
        "yaml-verwijzing",
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    assert codes(lees(file, SCHEMA)) == ["yaml-bestand-ontbreekt"]
    assert codes(lees(tmp_path, SCHEMA)) == ["yaml-bestand-onleesbaar"]
    assert codes(lees(Path("a\x00b"), SCHEMA)) == ["yaml-bestand-onleesbaar"]
    file.write_bytes(b"a: x".ljust(MAX_BYTES + 1))
    assert codes(lees(file, ANYTHING)) == ["yaml-te-groot"]
    file.write_bytes(b"a: x".ljust(MAX_BYTES))
    assert lees(file, ANYTHING).data == {"a": "x"}
    file.write_bytes("a: x".encode("utf-16"))
    assert codes(lees(file, SCHEMA)) == ["yaml-niet-utf8"]
    file.write_bytes(b"a: x\r\nb: \xc3\xa9\xe9")
    (melding,) = lees(file, SCHEMA, name="naam.yaml").meldingen
    assert (melding.bestand, melding.regel, melding.kolom) == ("naam.yaml", 2, 5)
    assert codes(lees_tekst("a" * (MAX_BYTES + 1), SCHEMA)) == ["yaml-te-groot"]


@pytest.mark.parametrize("text", ["", "\n", "# niets\n", "---\n", "---\n...\n", "\ufeff", "   "])
def test_empty(text: str) -> None:
    assert codes(lees_tekst(text, SCHEMA)) == ["yaml-leeg-bestand"]


@pytest.mark.parametrize("text", ["- " * 500_000, "[" * 500_000, "{a: " * 200_000, "? " * 100_000])
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    assert codes(lees_tekst(text, ANYTHING)) == ["yaml-te-diep"]


def test_allowed_depth() -> None:
    assert lees_tekst("[" * MAX_DEPTH + "]" * MAX_DEPTH, ANYTHING).meldingen == ()
    assert codes(lees_tekst("[" * (MAX_DEPTH + 1), ANYTHING)) == ["yaml-te-diep"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: \x00", "yaml-teken"),
        ("a: \x85b", "yaml-teken"),
        ("a: \u2028b", "yaml-teken"),
        ("a: \ud800", "yaml-teken"),
        (r'a: "\ud83d\ude00"', "yaml-teken"),
        (r'a: "\UFFFFFFFF"', "yaml-opmaak"),
        ("a:\tb", "yaml-tab"),
        ("a: b\u200b", "yaml-onzichtbaar-teken"),
        ("\ufeff\ufeffa: b", "yaml-onzichtbaar-teken"),
    ],
)
def test_characters(text: str, code: str) -> None:
    assert codes(lees_tekst(text, ANYTHING)) == [code]


def test_line_ends() -> None:
    expected = {"a": "x y", "b": "z\n"}
    for end in ("\n", "\r\n", "\r"):
        text = "\ufeffa: x\n  y\nb: |\n  z\n".replace("\n", end)
        document = lees_tekst(text, ANYTHING)
        assert document.data == expected
        assert document.plaats(["b"]) == (3, 4)


WORDS = """a b: c é "x" 'y' - -- ? | > |- >+2 { } [ ] , : # @ ` % * *a & &a ! !!str << = ~ 1 0150
2021-05-01 12:30 null yes \\ " ' --- ... %YAML gemeenten: naam: "0150": |# >-# a? \\x \\ud800"""
SPACES = ["\n", "\n  ", "\n    ", " ", ": ", "- ", "\n- ", "\t", "\r", "\x00", "\ud800", "\ufeff"]
PIECES = st.sampled_from([*WORDS.split(), *SPACES])
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("a: [b?]")
@example("a: |# b")
def test_any_text(text: str) -> None:
    """Never raises; what is accepted, PyYAML reads the same; libyaml makes no difference."""
    for schema in (ANYTHING, SCHEMA, at_a(STRING)):
        document = lees_tekst(text, schema)
        if not document.meldingen:
            assert repr(yaml.safe_load(text.removeprefix("\ufeff"))) == repr(document.data)
        for melding in document.meldingen:
            assert melding.code
            assert melding.bericht
    with_libyaml = lees_tekst(text, SCHEMA)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamltree, "_FastLoader", yaml.SafeLoader)
        assert lees_tekst(text, SCHEMA) == with_libyaml


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(content)
    document = lees(path, ANYTHING)
    assert document.meldingen or document.data == yaml.safe_load(content.decode("utf-8-sig"))


class _Quoted(yaml.SafeDumper):
    """Every text between double quotes, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Quoted.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
SMALL_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["tekst"],
    "additionalProperties": False,
    "properties": {
        "tekst": STRING,
        "getal": {"type": "integer"},
        "deel": {"type": "number"},
        "keuze": {"enum": ["01", "on", 1, None]},
        "vlag": {"type": ["boolean", "null"]},
        "lijst": {"type": "array", "items": {"anyOf": [STRING, {"type": "integer"}]}},
        "dag": {"type": "string", "format": "date"},
        "groep": {"type": "object", "additionalProperties": {"$ref": "#"}},
    },
}
KEYS = st.text(max_size=9).filter(lambda key: key != "<<")  # refused, also between quotes
WHOLE = st.integers(-(10**9), 10**9)


def documents(groups: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {"tekst": st.text(max_size=40)},
        optional={
            "getal": WHOLE,
            "deel": WHOLE | st.integers(-(10**6), 10**6).map(lambda number: number + 0.25),
            "keuze": st.sampled_from(["01", "on", 1, None]),
            "vlag": st.sampled_from([True, False, None]),
            "lijst": st.lists(st.text(max_size=9) | WHOLE, max_size=4),
            "dag": st.dates().map(str),
            "groep": groups,
        },
    )


@settings(max_examples=100, deadline=None)
@given(
    documents(st.just({})).flatmap(
        lambda inner: documents(st.dictionaries(KEYS, st.just(inner), max_size=3))
    )
)
def test_what_is_written_with_quotes_is_read_back(data: dict[str, Any]) -> None:
    text = yaml.dump(data, Dumper=_Quoted)
    document = lees_tekst(text, SMALL_SCHEMA)
    assert document.meldingen == ()
    assert document.data == data
    assert repr(document.data) == repr(yaml.safe_load(text))
