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
from uitfasering.yamlreader import MAX_BYTES, Document, lees, lees_tekst, pad_tekst
from uitfasering.yamltree import MAX_DEPTH

HERE = Path(__file__).parent
SCHEMA: dict[str, Any] = json.loads((HERE / "yamlvoorbeeld.schema.json").read_text("utf-8"))
GOED = sorted((HERE / "goed").glob("*.yaml"))
FOUT = sorted((HERE / "fout").glob("*.yaml"))

STRING = {"type": "string"}
ANYTHING: dict[str, Any] = {}


def at_a(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": schema}, "additionalProperties": False}


def codes(document: Document) -> list[str]:
    return [melding.code for melding in document.meldingen]


def remedy(document: Document) -> str:
    assert len(document.meldingen) == 1, document.meldingen
    assert document.data is None
    return document.meldingen[0].oplossing


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


@pytest.mark.parametrize(
    "word",
    [
        "0",
        "0150",
        "08",
        "1",
        "-1",
        "+1",
        "1_000",
        "0x1F",
        "0b1",
        "0o17",
        "017",
        "12:30",
        "190:20:30",
        "1.5",
        ".5",
        "1.",
        "1e3",
        "1.0e+3",
        "+_8",
        ".inf",
        "-.Inf",
        ".nan",
        "y",
        "Y",
        "n",
        "N",
        "yes",
        "Yes",
        "NO",
        "on",
        "Off",
        "true",
        "True",
        "FALSE",
        "2021-05-01",
        "2021-5-1",
        "2021-05-01T10:00:00Z",
        "=",
    ],
)
def test_text_that_another_reader_takes_for_something_else_needs_quotes(word: str) -> None:
    assert remedy(lees_tekst(f"a: {word}", at_a(STRING))) == f'Schrijf "{word}".'
    assert lees_tekst(f'a: "{word}"', at_a(STRING)).data == {"a": word}
    assert lees_tekst(f"a: |-\n  {word}", at_a(STRING)).data == {"a": word}


@pytest.mark.parametrize(
    "word", ["nieuw", "ja", "B1-02", "50H3B", "v1", "1-5", "1,5", "12:30 uur", "in 2021", "--"]
)
def test_plain_words_are_text(word: str) -> None:
    assert lees_tekst(f"a: {word}", at_a(STRING)).data == {"a": word}


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_nothing_filled_in(word: str) -> None:
    assert codes(lees_tekst(f"a: {word}", at_a(STRING))) == ["yaml-leeg"]
    nullable = lees_tekst(f"a: {word}", at_a({"type": ["string", "null"]}))
    if word == "null":
        assert nullable.data == {"a": None}
    else:
        assert remedy(nullable) == "Schrijf null als er geen waarde is."


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("1.000", "Schrijf 1000 zonder punt."),
        ("1.000.000", "Schrijf 1000000 zonder punt."),
        ("007", "Schrijf 7 zonder nul vooraan."),
        ("1_000", "Schrijf 1000 zonder teken ertussen."),
        ("+5", "Schrijf 5."),
        ("5.0", "Schrijf 5."),
        ('"5"', "Schrijf 5, zonder aanhalingstekens."),
        ("0x10", ""),
        ("vijf", ""),
        ("1.5", ""),
        ("1e3", ""),
        ("9" * 16, ""),
    ],
)
def test_whole_numbers(word: str, expected: str) -> None:
    assert remedy(lees_tekst(f"a: {word}", at_a({"type": "integer"}))) == expected


@pytest.mark.parametrize(("word", "value"), [("0", 0), ("-7", -7), ("99999999", 99999999)])
def test_whole_numbers_as_they_should_be(word: str, value: int) -> None:
    assert lees_tekst(f"a: {word}", at_a({"type": "integer"})).data == {"a": value}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ja Ja JA yes y on True TRUE aan waar", "Schrijf true."),
        ("nee no N off False uit onwaar", "Schrijf false."),
        ('"true" "ja"', "Schrijf true, zonder aanhalingstekens."),
        ("1 misschien", ""),
    ],
)
def test_booleans(words: str, expected: str) -> None:
    for word in words.split():
        assert remedy(lees_tekst(f"a: {word}", at_a({"type": "boolean"}))) == expected
    assert lees_tekst("a: true", at_a({"type": "boolean"})).data == {"a": True}
    assert lees_tekst("a: false", at_a({"type": "boolean"})).data == {"a": False}


@pytest.mark.parametrize(
    ("word", "message", "expected"),
    [
        ("2021-05-01", "", 'Schrijf "2021-05-01".'),
        ("1-5-2021", "", 'Schrijf "2021-05-01".'),
        ('"01/05/2021"', "", 'Schrijf "2021-05-01".'),
        ("1 mei 2021", "", 'Schrijf "2021-05-01".'),
        ('"20210501"', "", 'Schrijf "2021-05-01".'),
        ('"1-5-21"', "geen datum", 'Schrijf bijvoorbeeld "2021-05-01".'),
        ("2021-02-29", "29 februari 2021 bestaat niet.", "Februari 2021 heeft 28 dagen."),
        ('"2021-02-29"', "29 februari 2021 bestaat niet.", "Februari 2021 heeft 28 dagen."),
        ("31-4-2021", "31 april 2021 bestaat niet.", "April 2021 heeft 30 dagen."),
        ('"05-13-2021"', "Maand 13 bestaat niet.", "Maanden gaan van 01 tot en met 12."),
        ('"1821-05-01"', "past hier niet", "Wat hier hoort: jjjj-mm-dd vanaf 1900."),
    ],
)
@pytest.mark.parametrize("format_", [{"format": "date"}, {}])
def test_dates(word: str, message: str, expected: str, format_: dict[str, str]) -> None:
    pattern = "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
    schema = {"type": "string", "pattern": pattern, "description": "jjjj-mm-dd vanaf 1900"}
    if not format_ and word == '"2021-02-29"':
        pytest.skip("a pattern alone does not know the calendar")
    document = lees_tekst(f"a: {word}", at_a({**schema, **format_}))
    assert remedy(document) == expected
    assert message in document.meldingen[0].bericht


def test_where_the_schema_asks_nothing_only_what_everybody_reads_alike_is_read() -> None:
    document = lees_tekst('[1, -2.5, true, false, null, tekst, "0150", {a: b}]', ANYTHING)
    assert document.data == [1, -2.5, True, False, None, "tekst", "0150", {"a": "b"}]
    for word in ["0150", "2021-05-01", "ja: yes", "1.000", "~", "1e3", "1_0", "True"]:
        assert len(lees_tekst(f"- {word}", ANYTHING).meldingen) == 1, word


def test_types_come_from_every_part_of_the_schema() -> None:
    schema = {
        "type": "object",
        "properties": {"soort": {"enum": ["getal", "code"]}},
        "additionalProperties": {"$ref": "#/definitions/waarde"},
        "definitions": {
            "waarde": {"anyOf": [{"type": "integer"}, {"$ref": "#/definitions/code"}]},
            "code": {"allOf": [{"type": ["string", "null"]}, {"maxLength": 4}]},
        },
    }
    text = 'soort: code\na: 5\nb: "5"\nc: null\nd: abc\n'
    assert lees_tekst(text, schema).data == {
        "soort": "code",
        "a": 5,
        "b": "5",
        "c": None,
        "d": "abc",
    }
    assert [
        melding.pad for melding in lees_tekst("a: true\nb: 05\nc: abcde", schema).meldingen
    ] == [
        "a",
        "b",
        "c",
    ]


def test_types_of_alternatives() -> None:
    schema = at_a({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    assert remedy(lees_tekst('a: "5"', schema)) == "Schrijf 5, zonder aanhalingstekens."
    assert lees_tekst("a: null", schema).data == {"a": None}


def test_one_cause_is_told_once() -> None:
    schema = at_a({"type": "string", "maxLength": 2, "enum": ["ab"]})
    assert codes(lees_tekst("a: abc", schema)) == ["schema-keuze"]
    # what was refused before is no second fault in the list or the alternatives around it
    schema = at_a({"type": "array", "uniqueItems": True, "items": STRING})
    assert codes(lees_tekst("a: [01, 01]", schema)) == ["yaml-aanhalingstekens"] * 2
    choice = {"type": "object", "required": ["b"], "properties": {"b": {"enum": ["05"]}}}
    schema = at_a({"anyOf": [choice, {"type": "array"}]})
    assert codes(lees_tekst("a: {b: 5}", schema)) == ["yaml-aanhalingstekens"]
    assert codes(lees_tekst('a: {b: "06"}', schema)) == ["schema-keuze"]


def test_of_alternatives_the_nearest_is_told() -> None:
    def sort(name: str, **fields: Any) -> dict[str, Any]:
        properties = {"soort": {"const": name}, **fields}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    schema = at_a({"oneOf": [sort("een", x=STRING), sort("twee", y=STRING), {"type": "null"}]})
    meldingen = lees_tekst("a: {soort: twee, x: b, z: c}", schema).meldingen
    assert [melding.bericht for melding in meldingen] == [
        'Het veld "y" ontbreekt.',
        'Het veld "x" bestaat hier niet.',
        'Het veld "z" bestaat hier niet.',
    ]
    assert meldingen[2].oplossing == 'Toegestaan: "soort", "y".'


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
