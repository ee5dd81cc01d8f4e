"""The schemas: an editor explains every field, and a broken schema is found."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from uitfasering.controle.schemas import controleer
from uitfasering.paths import project_root
from uitfasering.toets.gevallen import MAP

ROOT = project_root()
BESTANDEN = sorted([*(ROOT / "data").rglob("*.yaml"), *(ROOT / MAP).rglob("*.yaml")])


def schema_van(path: Path) -> Path:
    """The schema that the first line names for the editor."""
    first = path.read_text("utf-8").partition("\n")[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found, f"{path}: {first}"
    return (path.parent / found[1]).resolve()


@pytest.mark.parametrize("path", BESTANDEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_de_eerste_regel_wijst_de_editor_het_schema(path: Path) -> None:
    """The schema with which the program itself reads the file."""
    below = path.relative_to(ROOT)
    name = "gevallen" if below.is_relative_to(MAP) else below.parts[1].removesuffix(".yaml")
    assert schema_van(path) == ROOT / "schemas" / f"{name}.json"


# The schemas of files that officers edit, that an operator does, and of a receipt.
EIGEN = {ROOT / "schemas" / f"{name}.json" for name in ("toegang", "bewijs")}
SCHEMAS = sorted({*map(schema_van, BESTANDEN)} | EIGEN)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: str(path.stem))
def test_elk_veld_heeft_een_uitleg(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    without = [pad for pad, field in velden(schema, "") if not uitleg(field, schema)]
    assert without == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: str(path.stem))
def test_de_uitleg_is_nederlands_voor_een_lezer(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    texts = [text for _, field in velden(schema, "") if (text := uitleg(field, schema))]
    jargon = re.compile(
        r"\b(the|of the|must|should|string|integer|boolean|array|object|pattern|regex|enum|value"
        r"|schema|property|key)\b"
    )
    assert [text for text in texts if jargon.search(text)] == []
    assert [text for text in texts if len(text) > 400] == []


def velden(schema: Any, pad: str) -> Iterator[tuple[str, Any]]:
    """Every place where a field or its name is described: what an editor shows on hover."""
    if isinstance(schema, list):
        for item in schema:
            yield from velden(item, pad)
    if not isinstance(schema, dict):
        return
    for keyword in ("properties", "patternProperties"):
        for name, field in schema.get(keyword, {}).items():
            yield f"{pad}.{name}", field
            yield from velden(field, f"{pad}.{name}")
    for keyword in ("additionalProperties", "propertyNames"):
        if isinstance(field := schema.get(keyword), dict):
            yield f"{pad}.{keyword}", field
            yield from velden(field, f"{pad}.{keyword}")
    for keyword in ("items", "anyOf", "oneOf", "allOf", "if", "then", "else"):
        yield from velden(schema.get(keyword), f"{pad}[]" if keyword == "items" else pad)
    for name, part in schema.get("definitions", {}).items():
        yield from velden(part, f"#{name}")


def uitleg(field: Any, schema: Any) -> str:
    """The description of a field, its own or that of what it refers to."""
    if not isinstance(field, dict):
        return "may not be here"
    if "description" not in field and "$ref" in field:
        for step in field["$ref"].removeprefix("#/").split("/"):
            schema = schema[step]
        return str(schema.get("description", ""))
    return str(field.get("description", ""))


# A schema that is broken itself.


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    return tmp_path / "schemas"


def test_de_geleverde_schemas_zijn_in_orde() -> None:
    assert list(controleer(ROOT)) == []


@pytest.mark.parametrize(
    ("tekst", "code", "plek", "pad"),
    [
        ('{\n "a" 1}', "schema-kapot", (2, 6), ""),
        ("", "schema-kapot", (1, 1), ""),
        ("[" * 100_000, "schema-kapot", None, ""),
        ('{"type": "strin"}', "schema-ongeldig", (0, 0), "type"),
        (
            '{"properties": {"x": {"pattern": "("}}}',
            "schema-ongeldig",
            (0, 0),
            "properties.x.pattern",
        ),
        (
            '{"properties": {"x": {"$ref": "#/definitions/y"}}}',
            "schema-ongeldig",
            (0, 0),
            "properties.x",
        ),
        ('{"items": [{"$ref": "elders.json"}]}', "schema-ongeldig", (0, 0), "items.0"),
    ],
)
def test_een_kapot_schema(
    tekst: str, code: str, plek: tuple[int, int] | None, pad: str, schemas: Path
) -> None:
    (schemas / "gemeenten.json").write_text(tekst, "utf-8")
    (found,) = controleer(schemas.parent)
    assert (found.bestand, found.code, found.pad) == ("schemas/gemeenten.json", code, pad)
    assert plek is None or (found.regel, found.kolom) == plek


@pytest.mark.parametrize("wat", ["weg", "map", "binair"])
def test_een_schema_dat_niet_te_lezen_is(wat: str, schemas: Path) -> None:
    path = schemas / "feiten.json"
    path.unlink()
    if wat == "map":
        path.mkdir()
    if wat == "binair":
        path.write_bytes(b"\xff\xfe\x00\x01")
    (found,) = controleer(schemas.parent)
    assert (found.bestand, found.code) == ("schemas/feiten.json", "schema-kapot")
