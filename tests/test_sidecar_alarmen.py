"""sidecar/alarmen.yaml: each alarm goes off in the situation it is about, and only then.

Without Prometheus: the selectors of each expression are applied to what /metrics really says, at
two moments, and ``GAAT_AF`` says what the expression makes of it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bundelserver import Bundelserver
from meetwaarden import Meting, actief, metingen
from sidecarbundels import AFSPRAKEN, HANDTEKENING, REVISIE, SNEL, TOEGANG, Namaak, lees, pak_in
from sidecarbundels import zet as zet_bestand
from sidecarhulp import Sidecar, draaiend, richt_in, wacht_op, zet_tokens
from uitfasering.paths import project_root

VUL_IN = "VUL_HIER_DE_REVISIE_IN"
# What Prometheus itself knows, or adds to every series.
VAN_PROMETHEUS = {"up"}
JOB = {"job": "uitfasering"}

_SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')


def _past(labels: dict[str, str], label: str, teken: str, waarde: str) -> bool:
    found = labels.get(label, "")
    equal = found == waarde if "~" not in teken else bool(re.fullmatch(waarde, found))
    return equal != teken.startswith("!")


def kies(expr: str, stand: list[Meting]) -> list[Meting]:
    """The series that the selectors of an expression find."""
    return [
        meting
        for naam, matchers in _SELECTOR.findall(expr)
        for meting in stand
        if meting.naam == naam
        and all(_past({**meting.labels, **JOB}, *m) for m in _MATCHER.findall(matchers))
    ]


def stijgt(expr: str, voor: list[Meting], na: list[Meting]) -> set[str]:
    """The bundles of which a series goes up; to Prometheus a new series does not yet."""
    before = {tuple(m.labels.items()): m.waarde for m in kies(expr, voor)}
    return {
        m.labels.get("name", "")
        for m in kies(expr, na)
        if m.waarde > before.get(tuple(m.labels.items()), m.waarde)
    }


def stil(expr: str, voor: list[Meting], na: list[Meting]) -> set[str]:
    """What does not go up: a counter, or a moment (so that its age does)."""
    return {m.labels["name"] for m in kies(expr, na)} - stijgt(expr, voor, na)


# Each alarm: its expression as it is understood here, and the bundles it goes off for ("" for all).
Stand = list[Meting]
GAAT_AF: dict[str, tuple[str, Callable[[str, Stand, Stand], set[str]]]] = {
    "UitfaseringSidecarWeg": (
        r"up\{[^}]*\} == 0 or absent\([^()]*\)",
        lambda expr, voor, na: set() if kies(expr, na) else {""},
    ),
    "UitfaseringNietGereed": (
        r"sum by \(job, instance\) \(increase\([^()]*\[2m\]\)\) > 0",
        stijgt,
    ),
    "UitfaseringBundelGeweigerd": (
        r"sum by \(job, instance, name\) \(increase\([^()]*\[2m\]\)\) > 0",
        stijgt,
    ),
    "UitfaseringBundelLuktNiet": (r"increase\([^()]*\[5m\]\) == 0", stil),
    "UitfaseringBundelserverNietBereikt": (r"time\(\) - \w+\{[^}]*\} / 1e9 > 300", stil),
    "UitfaseringRevisieNietVerwacht": (
        r"\w+\{[^}]*\} != 0",
        lambda expr, voor, na: {m.labels["name"] for m in kies(expr, na)},
    ),
    "UitfaseringTweeRevisies": (
        r"count by \(job\) \(count by \(job, active_revision\) \([^()]*\)\) > 1",
        lambda expr, voor, na: (
            {""} if len({m.labels["active_revision"] for m in kies(expr, na)}) > 1 else set()
        ),
    ),
}


@pytest.fixture(scope="module")
def regels() -> dict[str, dict[str, Any]]:
    text = (project_root() / "sidecar" / "alarmen.yaml").read_text("utf-8")
    [group] = yaml.safe_load(text)["groups"]
    return {rule["alert"]: rule for rule in group["rules"]}


@dataclass
class Opstelling:
    """A sidecar, its bundle server, and what to expect of its revision."""

    sidecar: Sidecar
    server: Bundelserver
    namaak: Namaak
    goed: dict[str, bytes]
    expr: dict[str, str]

    def rustig(self) -> Stand:
        """The metrics, once nothing is on its way any more."""
        for bundle in (AFSPRAKEN, TOEGANG):
            asked = self.server.vragen[bundle]
            if bundle != self.server.hapert:
                wacht_op(lambda b=bundle, n=asked: self.server.vragen[b] >= n + 2)
        return metingen(self.sidecar)

    def alarmen(self) -> dict[str, set[str]]:
        """What goes off now, by alarm: for these bundles."""
        before = self.rustig()
        for _ in range(2):
            self.sidecar.vraag("GET", "/health/ready", diagnose=True)  # as Docker does
        after = self.rustig()
        found = {n: look(self.expr[n], before, after) for n, (_, look) in GAAT_AF.items()}
        return {name: bundles for name, bundles in found.items() if bundles}

    def verwacht(self, *alarmen: str, bundels: Sequence[str] = ("uitfasering",)) -> None:
        """These go off for these bundles, no other; OPA counts a moment later than it answers."""
        expected = {name: set(bundels) for name in alarmen}
        for _ in range(5):
            if (found := self.alarmen()) == expected:
                return
        assert found == expected


@pytest.fixture(scope="module")
def _opstelling(
    tmp_path_factory: pytest.TempPathFactory, regels: dict[str, dict[str, Any]]
) -> Iterator[Opstelling]:
    folder, tokens = richt_in(tmp_path_factory.mktemp("sidecar") / "sidecar")
    right = {name: (folder.bundels / name).read_bytes() for name in (AFSPRAKEN, TOEGANG)}
    server = Bundelserver(folder.bundels)
    server.traag = 0.01
    with server.draait(), draaiend(folder, tokens, server.url, extra=SNEL) as sidecar:
        revision = actief(sidecar, "uitfasering")
        exprs = {name: rule["expr"].replace(VUL_IN, revision) for name, rule in regels.items()}
        yield Opstelling(sidecar, server, Namaak.bij(folder), right, exprs)


@pytest.fixture
def opstelling(_opstelling: Opstelling) -> Iterator[Opstelling]:
    """The same one for every test, put back as it was: then nothing goes off."""
    yield _opstelling
    _opstelling.server.status, _opstelling.server.hapert = 0, ""
    for name, content in _opstelling.goed.items():
        zet_bestand(_opstelling.sidecar.sidecar.bundels / name, content)
    _opstelling.verwacht()


def test_elke_uitdrukking_is_bekend_en_nederlands(regels: dict[str, dict[str, Any]]) -> None:
    assert set(regels) == set(GAAT_AF)
    for name, rule in regels.items():
        assert re.fullmatch(GAAT_AF[name][0], rule["expr"]), name
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert re.search(r"\b(de|het|een|is|niet)\b", rule["annotations"]["description"])
    assert VUL_IN in regels["UitfaseringRevisieNietVerwacht"]["expr"]


def test_metrics_en_labels_bestaan(opstelling: Opstelling) -> None:
    """Every metric in an expression, and every label it selects or counts by."""
    opstelling.server.status = 503
    wacht_op(lambda: "UitfaseringBundelGeweigerd" in opstelling.alarmen())
    labels = {m.naam: set(m.labels) for m in metingen(opstelling.sidecar)}
    for name, expr in opstelling.expr.items():
        used = {naam for naam, _ in _SELECTOR.findall(expr)}
        assert used, name
        for naam, matchers in _SELECTOR.findall(expr):
            if naam not in VAN_PROMETHEUS:
                assert {label for label, *_ in _MATCHER.findall(matchers)} <= labels[naam] | {"job"}
        by = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", expr))))
        assert by <= set().union(*(labels[n] for n in used - VAN_PROMETHEUS)) | {"job", "instance"}


def test_niets_aan_de_hand(opstelling: Opstelling) -> None:
    opstelling.verwacht()


def test_bundel_die_niet_deugt(opstelling: Opstelling) -> None:
    files = lees(opstelling.namaak.afspraken)
    unsigned = pak_in({name: files[name] for name in files if name != HANDTEKENING})
    zet_bestand(opstelling.sidecar.sidecar.bundels / AFSPRAKEN, unsigned)
    opstelling.verwacht(
        "UitfaseringBundelGeweigerd",
        "UitfaseringBundelLuktNiet",
        "UitfaseringBundelserverNietBereikt",
    )


def test_bewaren_lukt_niet_meer(opstelling: Opstelling) -> None:
    """OPA uses the bundle that it cannot keep, and calls it not loaded.

    Each attempt has another message, so UitfaseringBundelGeweigerd may miss this one.
    """
    kept = opstelling.sidecar.sidecar.bewaard / "bundles" / "uitfasering"
    shutil.rmtree(kept)
    kept.write_text("")
    try:
        zet_bestand(opstelling.sidecar.sidecar.bundels / AFSPRAKEN, opstelling.namaak.afspraken)
        opstelling.rustig()
        found = opstelling.alarmen()
    finally:
        kept.unlink()
    found.pop("UitfaseringBundelGeweigerd", None)
    assert found == {"UitfaseringBundelLuktNiet": {"uitfasering"}}


def test_bundelserver_geeft_fouten(opstelling: Opstelling) -> None:
    opstelling.server.status = 503
    opstelling.verwacht(
        "UitfaseringBundelGeweigerd",
        "UitfaseringBundelLuktNiet",
        "UitfaseringBundelserverNietBereikt",
        bundels=["uitfasering", "toegang"],
    )


def test_bundelserver_hapert(opstelling: Opstelling) -> None:
    """Nothing fails, and nothing comes."""
    opstelling.server.hapert = AFSPRAKEN
    zet_bestand(opstelling.sidecar.sidecar.bundels / AFSPRAKEN, opstelling.namaak.afspraken)
    wacht_op(lambda: opstelling.server.gehaperd)
    opstelling.verwacht("UitfaseringBundelserverNietBereikt")


def test_andere_revisie(opstelling: Opstelling) -> None:
    """Also an older one: OPA takes it, and this is what is left to notice it."""
    zet_bestand(opstelling.sidecar.sidecar.bundels / AFSPRAKEN, opstelling.namaak.afspraken)
    wacht_op(lambda: actief(opstelling.sidecar, "uitfasering") == REVISIE)
    opstelling.verwacht("UitfaseringRevisieNietVerwacht")


def test_revisie_die_de_bundel_toegang_niet_verwacht(opstelling: Opstelling) -> None:
    def ready() -> int:
        return opstelling.sidecar.vraag("GET", "/health/ready", diagnose=True).status

    zet_tokens(opstelling.sidecar.sidecar, opstelling.sidecar.tokens, revisies=[REVISIE])
    wacht_op(lambda: ready() == 500)
    opstelling.verwacht("UitfaseringNietGereed", bundels=[""])


def test_twee_sidecars(opstelling: Opstelling, tmp_path: Path) -> None:
    """Prometheus sees both; here their metrics are put together."""
    expr = opstelling.expr["UitfaseringTweeRevisies"]
    look = GAAT_AF["UitfaseringTweeRevisies"][1]
    one = metingen(opstelling.sidecar)
    zet_bestand(opstelling.sidecar.sidecar.bundels / AFSPRAKEN, opstelling.namaak.afspraken)
    wacht_op(lambda: actief(opstelling.sidecar, "uitfasering") == REVISIE)
    other = metingen(opstelling.sidecar)
    assert look(expr, [], [*one, *one]) == set()
    assert look(expr, [], [*one, *other]) == {""}


def test_geen_sidecar(opstelling: Opstelling) -> None:
    """One that waits for its first bundles says nothing at all (test_sidecar_gezondheid.py)."""
    assert GAAT_AF["UitfaseringSidecarWeg"][1](
        opstelling.expr["UitfaseringSidecarWeg"], [], []
    ) == {""}
