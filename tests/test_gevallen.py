"""Every case of tests/gevallen, decided by a real OPA; and the cases themselves checked."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import NIEUWE_AFSPRAAK
from uitfasering.paths import project_root
from uitfasering.toets.gevallen import MAP, VERWACHT, Geval, bestanden, lees_bestand, lees_gevallen
from uitfasering.toets.uitvoeren import Uitslag, draai
from uitfasering.toets.verslag import waarom_fout
from uitfasering.toets.waarom import leg_uit
from uitfasering.werkbank import Werkbank
from uitfasering.zinnen import lees

ROOT = project_root()
SCHEMA = ROOT / "schemas" / "gevallen.json"

# The ids of the contract's tables, and A-08 which is ours (an answer that rests on a placeholder).
REGELS = {
    "4.1": "A-00 A-01 A-02 A-03 A-04 A-05 A-06 A-07 A-08",
    "4.2": (
        "B1-02 B1-02a B1-02b B1-04 B1-08 B1-09 B1-11 B1-11a B1-12 B1-13 B1-14 B1-15 B1-15a B1-16"
        " B1-16b B1-16c B1-17 B1-18 B1-18a B1-18b B1-19a B1-19b B1-19c B1-19d B1-20 B1-21"
    ),
    "4.3": (
        "B2-03 B2-03a B2-03b B2-03c B2-05 B2-05a B2-05b B2-05c B2-06 B2-06a B2-06b B2-07 B2-08"
        " B2-09 B2-10 B2-11 B2-11a B2-11b B2-11c B2-11d B2-11e B2-11f B2-12 B2-12a B2-12b B2-13"
        " B2-14"
    ),
}
ALLE_REGELS = [regel for ids in REGELS.values() for regel in ids.split()]
# Contract §4.4.
ONTBREEKT = [
    "perspectief",
    "profiel",
    "zorgvorm",
    "verwijzer",
    "omvang",
    "code",
    "gemotiveerd",
    "medicatiecontrole",
]
UITKOMSTEN = [
    "ONGELDIGE_INVOER",
    "NIET_VAN_TOEPASSING",
    "NIET_TOEGESTAAN",
    "HANDMATIG",
    "OMZETTEN",
    "AFSTEMMEN",
    "AFLOPEN",
    "TOEGESTAAN",
]

# test_bestand_is_in_orde names every fault
GEVALLEN = lees_gevallen(ROOT)[0]


@pytest.fixture(scope="module")
def werkbank() -> Iterator[Werkbank]:
    with Werkbank(ROOT) as opened:
        yield opened


@pytest.fixture(scope="module")
def uitslagen(werkbank: Werkbank) -> dict[str, Uitslag]:
    """What became of every case, by kenmerk: all of them in one go."""
    return {uitslag.geval.kenmerk: uitslag for uitslag in draai(werkbank, GEVALLEN)}


@pytest.mark.parametrize("geval", GEVALLEN, ids=lambda geval: geval.kenmerk)
def test_geval(geval: Geval, uitslagen: Mapping[str, Uitslag], werkbank: Werkbank) -> None:
    uitslag = uitslagen[geval.kenmerk]
    if uitslag.stand == "overgeslagen":
        pytest.skip(geval.overslaan or "")
    if uitslag.stand == "niet gedraaid":
        pytest.fail("\n".join(map(str, uitslag.meldingen)), pytrace=False)
    if uitslag.stand == "fout":
        zinnen = lees(ROOT, werkbank.gegevens)
        uitleg = leg_uit(werkbank, zinnen, [uitslag])[0]
        pytest.fail(f"{geval.naam}\n{waarom_fout(uitslag, uitleg)}", pytrace=False)


def test_elk_geval_heeft_een_eigen_kenmerk() -> None:
    assert len({geval.kenmerk for geval in GEVALLEN}) == len(GEVALLEN)


# The case files themselves.


@pytest.mark.parametrize(
    "path", bestanden([ROOT / MAP]), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_bestand_is_in_orde(path: Path) -> None:
    gevallen, meldingen = lees_bestand(path, ROOT)
    if meldingen:
        pytest.fail("\n".join(str(m) for m in meldingen), pytrace=False)
    assert gevallen


def test_eerste_regel_wijst_de_editor_het_schema() -> None:
    for path in bestanden([ROOT / MAP]):
        first = path.read_text("utf-8").splitlines()[0]
        _, _, schema = first.partition("# yaml-language-server: $schema=")
        assert (path.parent / schema).resolve() == SCHEMA, path


def test_gevallen_noemen_alleen_regels_die_er_zijn() -> None:
    # a typing error in `niet` would make a case that cannot fail
    for geval in GEVALLEN:
        named = {*geval.verwacht.get("regels", []), *geval.verwacht.get("niet", [])}
        onbekend = ", ".join(sorted(named - set(ALLE_REGELS)))
        assert not onbekend, f"{geval.bestand}:{geval.regel}: {NIEUWE_AFSPRAAK}{onbekend}"


@pytest.mark.parametrize("regel", ALLE_REGELS)
def test_elke_afspraak_heeft_gevallen(regel: str) -> None:
    assert len(_with("regels", regel)) >= 1, "geen geval waarin deze afspraak geldt"
    assert len(_with("niet", regel)) >= 2, "minder dan twee gevallen waarin zij niet geldt"


@pytest.mark.parametrize("field", ONTBREEKT)
def test_elk_ontbrekend_gegeven_heeft_gevallen(field: str) -> None:
    assert _with("ontbreekt", field)
    # not there either, but it does not decide
    absent = [g for g in GEVALLEN if f'"{field}"' not in json.dumps(g.toewijzing)]
    assert len([g for g in absent if g.verwacht.get("ontbreekt") == []]) >= 2


@pytest.mark.parametrize("uitkomst", UITKOMSTEN)
def test_elke_uitkomst_heeft_gevallen(uitkomst: str) -> None:
    assert any(g.verwacht["uitkomst"] == uitkomst for g in GEVALLEN)


def _with(name: str, word: str) -> list[Geval]:
    return [g for g in GEVALLEN if word in g.verwacht.get(name, []) and not g.overslaan]


def test_schema_kent_dezelfde_velden_als_de_toewijzing() -> None:
    """The hover texts of a case are those of the toewijzing and of data/afwijkingen.yaml."""
    gevallen = _schema("gevallen")
    toewijzing = _schema("toewijzing")
    asked = gevallen["definitions"]["toewijzing"]
    assert asked == {k: v for k, v in toewijzing.items() if k not in ("$schema", "title")}
    assert gevallen["definitions"]["met"]["properties"] == _dotted(toewijzing["properties"])
    tabel = gevallen["properties"]["tabellen"]["items"]["properties"]
    over = {"naam", "zin", "brief", "zonder", "overslaan"}
    verwacht = gevallen["definitions"]["verwacht"]["properties"].keys()
    assert tabel["verwacht"]["properties"].keys() == verwacht == set(VERWACHT)
    velden = _dotted(toewijzing["properties"]).keys()
    assert tabel["rijen"]["items"]["properties"].keys() == over | verwacht | velden
    data = gevallen["properties"]["gegevens"]["properties"]["afwijkingen"]
    assert data["items"] == _schema("afwijkingen")["properties"]["afwijkingen"]["items"]


def _dotted(properties: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, schema in properties.items():
        result[prefix + name] = {"description": schema["description"]}
        result |= _dotted(schema.get("properties", {}), f"{prefix}{name}.")
    return result


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.json").read_text("utf-8"))
    return schema
