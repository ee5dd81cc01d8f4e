"""The strict YAML reader, value by value: what a word stands for, by the type asked for."""

from __future__ import annotations

from typing import Any

import pytest

from uitfasering.yamlreader import lees_tekst
from yamlhulp import ANYTHING, STRING, at_a, codes, remedy


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
        ('"1821-05-01"', "Het jaar 1821 ligt te ver weg", "Wat hier hoort: jjjj-mm-dd vanaf 1900."),
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
