"""A toewijzing against its schema: every fault by its field path, and never a value."""

from __future__ import annotations

import copy
import dataclasses
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from uitfasering import paths, validation
from uitfasering.client import MAX_CHUNK_SIZE

SECRET = "999911120"  # from iJw's range of test numbers

FULL: dict[str, Any] = {
    "handeling": "declaratie",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-05-01",
    "ingangsdatum": "2021-05-01",
    "einddatum": "2022-04-30",
    "product": {
        "categorie": "50",
        "code": "50H3B",
        "segment": "midden",
        "perspectief": "herstel",
        "profiel": 3,
        "zorgvorm": "jeugd_en_opvoedhulp",
        "raamovereenkomst": "huidig",
    },
    "omvang": {"volume": 99999999, "eenheid": "01", "frequentie": "6"},
    "budget": 99999999,
    "verwijzer": "01",
    "medicatiecontrole": False,
    "gemotiveerd": False,
    "afgestemd": False,
    "overgenomen_woonplaats": False,
    "gezinsplan": "niet_nodig",
    "aanbieder": "12345678",
    "periode": {"begindatum": "2022-01-01", "einddatum": "2022-01-31"},
    "factuurdatum": "2022-02-01",
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """FULL with another value at one path."""
    result = copy.deepcopy(FULL)
    *parents, last = path.split(".")
    target = result
    for name in parents:
        target = target[name]
    target[last] = value
    return result


def at(document: Any, path: str) -> Any:
    for name in path.split(".") if path else []:
        document = document[name]
    return document


def deep() -> Any:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    return value


BAD: dict[str, list[Any]] = {
    "handeling": ["", "Nieuw", "nieuw\n", 1],
    "gemeente": ["193", "0193\n", "٠١٩٣", 193, "0193 "],
    "toewijzingsdatum": ["2021-02-30", "20210501", "2021-5-1", "1899-12-31", "2200-01-01"],
    "ingangsdatum": ["2021-05-01T00:00:00", "2021-05-01\n", 20210501],
    "einddatum": ["9999-12-31", None, ""],
    "product": [SECRET, [], 1, None],
    "product.categorie": ["5", "500"],
    "product.code": ["", "500H3B", "50-3", "50 3"],
    "product.segment": ["Midden", "onbekend"],
    "product.perspectief": ["", None],
    "product.profiel": [0, 13, "3", True, 1.5, float("nan"), float("inf"), 10**5000],
    "product.zorgvorm": ["GGZ"],
    "product.raamovereenkomst": ["oud"],
    "omvang": [SECRET, 12],
    "omvang.volume": [-1, 100000000, "1", False],
    "omvang.eenheid": [1, "1", "99"],
    "omvang.frequentie": [6, "3"],
    "budget": [-1, 100000000, 0.5, "100", 10**5000],
    "verwijzer": ["07", "1", 1],
    "medicatiecontrole": ["true", 1, None],
    "gezinsplan": [True, "ja"],
    "aanbieder": ["1234567", "123456789", SECRET],
    "periode": ["2022-01", []],
    "periode.begindatum": ["2022-01-32"],
    "factuurdatum": ["2022-13-01"],
}


def test_a_full_toewijzing_is_valid_and_goes_on_unchanged() -> None:
    assert validation.keur(FULL)[1] == []
    assert validation.masker(FULL) == FULL


def test_whole_numbers_written_with_a_point_are_whole_numbers() -> None:
    assert validation.keur(changed("omvang.volume", 2000.0))[1] == []


@pytest.mark.parametrize("path", BAD)
def test_a_wrong_value_is_named_by_its_path_and_masked(path: str) -> None:
    for value in [*BAD[path], {"a": SECRET}, [SECRET], deep()]:
        if isinstance(value, dict) and path in ("product", "omvang", "periode"):
            continue
        masked, meldingen = validation.keur(changed(path, value))
        assert [m.pad for m in meldingen] == [path]
        assert meldingen[0].code == "waarde-onjuist"
        assert meldingen[0].oplossing != ""
        assert masked == changed(path, None)


@pytest.mark.parametrize("place", ["", "product", "omvang", "periode"])
def test_an_unknown_field_is_named_by_its_place_only(place: str) -> None:
    raw = copy.deepcopy(FULL)
    at(raw, place)[SECRET] = SECRET
    at(raw, place)[7] = SECRET
    masked, meldingen = validation.keur(raw)
    assert [(m.pad, m.code) for m in meldingen] == [(place, "veld-onbekend")]
    expected = copy.deepcopy(FULL)
    at(expected, place)["_"] = None
    assert masked == expected


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("", ["handeling", "gemeente"]),
        ("omvang", ["volume", "eenheid", "frequentie"]),
        ("periode", ["begindatum", "einddatum"]),
    ],
)
def test_missing_fields_are_named_one_by_one(place: str, names: list[str]) -> None:
    raw = copy.deepcopy(FULL)
    for name in names:
        del at(raw, place)[name]
    masked, meldingen = validation.keur(raw)
    assert [m.pad for m in meldingen] == [f"{place}.{n}" if place else n for n in names]
    assert {m.code for m in meldingen} == {"veld-ontbreekt"}
    assert masked == raw


@pytest.mark.parametrize("raw", [None, [], [FULL], SECRET, 1, True, deep()])
def test_what_is_not_an_object(raw: Any) -> None:
    masked, meldingen = validation.keur(raw)
    assert masked is None
    assert [(m.pad, m.code) for m in meldingen] == [("", "geen-toewijzing")]


def test_every_fault_at_once_and_no_value_or_unknown_key_in_any() -> None:
    raw = {
        SECRET: SECRET,
        "gemeente": SECRET,
        "toewijzingsdatum": SECRET,
        "product": {"code": SECRET, "bsn": SECRET},
        "omvang": {"volume": SECRET},
    }
    masked, meldingen = validation.keur(raw)
    assert [m.pad for m in meldingen] == [
        *("", "handeling", "gemeente", "toewijzingsdatum", "product", "product.code"),
        *("omvang.volume", "omvang.eenheid", "omvang.frequentie"),
    ]
    assert SECRET not in "".join(map(str, meldingen))
    assert "bsn" not in "".join(map(str, meldingen))
    assert SECRET not in json.dumps(masked)


def test_the_remedy_is_the_schemas_own_description() -> None:
    schema = json.loads((paths.project_root() / "schemas/toewijzing.json").read_text("utf-8"))
    melding = validation.keur(changed("gemeente", "x"))[1][0]
    assert melding.oplossing == schema["properties"]["gemeente"]["description"] + "."


def test_masking_changes_nothing_in_the_callers_own_object() -> None:
    raw = changed("product.code", SECRET)
    validation.masker(raw)
    assert raw == changed("product.code", SECRET)


def test_opas_own_schema_check_finds_the_same_places(tmp_path: Path) -> None:
    """What is masked here is refused by OPA, at the same fields and only there."""
    schema = (paths.project_root() / "schemas/toewijzing.json").read_text("utf-8")
    cases = [changed(path, value) for path, values in BAD.items() for value in values]
    cases += [changed("bsn", 1), changed("product.bsn", 1), {}, changed("periode", {}), FULL]
    judged = [validation.keur(case) for case in cases]
    (tmp_path / "data.json").write_text(
        json.dumps({"schema": json.loads(schema), "cases": [masked for masked, _ in judged]})
    )
    query = (
        "[{e.field | some e in json.match_schema(data.cases[i], data.schema)[1]} "
        "| some i in numbers.range(0, count(data.cases) - 1)]"
    )
    answer = subprocess.run(
        [
            *(str(paths.opa_binary()), "eval", "--data", str(tmp_path / "data.json")),
            *("--format", "values", query),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    for (_, meldingen), fields in zip(judged, json.loads(answer.stdout)[0], strict=True):
        # OPA names the place of a missing field by its parent, "(Root)" for the whole.
        ours = {
            m.pad.rpartition(".")[0] if m.code == "veld-ontbreekt" else m.pad for m in meldingen
        }
        assert set(fields) == {pad or "(Root)" for pad in ours}


def test_a_checked_toewijzing_is_small_so_a_chunk_is(root: Path) -> None:
    """The largest chunk stays below what the sidecar takes in one request."""
    assert validation.keur(FULL)[1] == []
    wide = {**FULL, "_": None, "budget": 1e7, "omvang": {**FULL["omvang"], "volume": 1e7}}
    assert len(json.dumps(wide)) < 1_000
    around = len('"9999": , ')  # the key, and what stands between two
    settings = yaml.safe_load((root / "sidecar" / "opa.yaml").read_text("utf-8"))
    limit = settings["server"]["decoding"]["max_length"]
    assert MAX_CHUNK_SIZE * (1_000 + around) < limit - 100


BESLUIT: dict[str, Any] = {
    "uitkomst": "HANDMATIG",
    "bevindingen": [
        {
            **{"regel": "B1-02a", "gevolg": "HANDMATIG", "norm": "verplicht"},
            **{"geadresseerde": "lokale_toegang", "tekst": "t", "citaat": "c"},
            **{"brief": "2021-05-06", "lezing": None, "oplossing": None, "velden": []},
        }
    ],
    "ontbreekt": ["code"],
    "uiterste_einddatum": None,
    "voorstel": {"einddatum": "2022-12-31"},
    "voorlopig": False,
    "herkomst": "abc",
}


def test_a_besluit_by_its_schema() -> None:
    assert validation.besluit_faults(BESLUIT) == []
    bad = copy.deepcopy(BESLUIT)
    bad["bevindingen"][0]["gevolg"] = "MISSCHIEN"
    del bad["herkomst"]
    assert validation.besluit_faults(bad) == ["(geheel)", "bevindingen.0.gevolg"]
    others: list[Any] = [None, [], "x", {}]
    for other in others:
        assert validation.besluit_faults(other) == ["(geheel)"]


def test_a_melding_is_plain_data() -> None:
    melding = validation.keur({})[1][0]
    assert dataclasses.asdict(melding)["pad"] == "handeling"
