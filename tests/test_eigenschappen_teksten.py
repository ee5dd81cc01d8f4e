"""What an officer reads, for every input: whole sentences without jargon, and fields by name."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from hypothesis import given

from opa_vraag import vraag, vraag_lijst
from orakel import genereer
from strategieen import ALLES, VAST, VELDEN
from uitfasering.gegevens import laad

# Contract §4.4.
BESLISSEND = {
    "code",
    "gemotiveerd",
    "medicatiecontrole",
    "omvang",
    "perspectief",
    "profiel",
    "verwijzer",
    "zorgvorm",
}
VELDNAMEN = {*VELDEN} | {
    f"{naam}.{deel}" for naam, veld in VELDEN.items() for deel in veld.get("properties", {})
}
# "true of false" is what an officer must fill in; these are words of the machine.
JARGON = re.compile(
    r"\b(null|none|nan|undefined|object|array|string|integer|number|boolean|bool|required"
    r"|propert(y|ies)|additional|invalid|expected|must|match(es)?|pattern|regex|enum|schema"
    r"|field|value|key|root|error|input|rego|opa|json|data\.\w+)\b",
    re.IGNORECASE,
)
# Names of files that an officer edits are no jargon.
BESTANDEN = re.compile(r"\b(schemas|data)/[a-z-]+\.(json|yaml)\b")


@VAST
@given(waarde=ALLES)
def test_teksten_en_velden(opa_url: str, waarde: Any) -> None:
    besluit = vraag(opa_url, waarde)
    for bevinding in besluit["bevindingen"]:
        for naam in ("tekst", "citaat", "lezing", "oplossing"):
            text = bevinding[naam]
            if text is None and naam in ("lezing", "oplossing"):
                continue
            _is_een_zin(text)
        velden = bevinding["velden"]
        assert len(velden) == len(set(velden))
        if bevinding["regel"] == "A-00":
            assert len(velden) == 1
            assert set(velden) <= VELDNAMEN | {""}
        elif bevinding["regel"] == "A-03":
            assert velden == besluit["ontbreekt"]
            assert set(velden) <= BESLISSEND
        else:
            assert set(velden) <= VELDNAMEN


def _is_een_zin(text: str) -> None:
    assert text.strip() == text != ""
    assert not re.search(r"[{}<>]|  |\(\)|\.\.|,,| [.,;:]", text), text
    jargon = JARGON.search(BESTANDEN.sub("", text))
    assert jargon is None, text


def test_teksten_van_elke_afspraak(opa_url: str, root: Path) -> None:
    """The same for every regel: hypothesis does not come everywhere."""
    gegevens = laad(root)
    catalogus = {row["code"]: row for row in gegevens.tabellen["producten"]["producten"]}
    rng = random.Random(8)
    gezien: set[str] = set()
    for besluit in vraag_lijst(opa_url, [genereer(rng, catalogus) for _ in range(1_200)]):
        for bevinding in besluit["bevindingen"]:
            gezien.add(bevinding["regel"])
            for naam in ("tekst", "citaat", "lezing", "oplossing"):
                if bevinding[naam] is not None:
                    _is_een_zin(bevinding[naam])
    assert len(gezien) > 50
