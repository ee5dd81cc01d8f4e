"""A signed bundle with its keys, and receipts made with it: also ones that nobody should make."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sidecarbundels import lees, nieuwe_sleutel, teken
from uitfasering.bewijs.controle import Stap, controleer
from uitfasering.bewijs.document import beschreven, handtekening, zegel
from uitfasering.bewijs.maken import bewijs_van_nu
from uitfasering.bewijs.rekenen import Sleutel, lees_sleutel
from uitfasering.bundelbestand import Bundelbestand, ontleed
from uitfasering.paths import opa_versie

Json = dict[str, Any]
OPA = opa_versie()
# HANDMATIG by B2-05c (contract §4.3), with a voorstel.
VERLENGING: Json = {
    "handeling": "verlenging",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-12-01",
    "ingangsdatum": "2021-12-15",
    "einddatum": "2022-06-30",
    "product": {"segment": "midden", "perspectief": "duurzaam", "profiel": 3},
}


@dataclass(frozen=True)
class Ondertekenaar:
    """Who signs agreements: the two halves of a key in files."""

    geheim: Path
    publiek: Sleutel

    @classmethod
    def nieuw(cls, map_: Path, naam: str) -> Ondertekenaar:
        geheim, publiek = nieuwe_sleutel(map_ / f"{naam}.key"), map_ / f"{naam}.pub"
        command = ["openssl", "pkey", "-in", str(geheim), "-pubout", "-out", str(publiek)]
        subprocess.run(command, check=True, timeout=60)
        return cls(geheim, lees_sleutel(publiek))

    def tekent(self, bundel: bytes | Mapping[str, bytes]) -> Bundelbestand:
        files = lees(bundel) if isinstance(bundel, bytes) else bundel
        manifest = {**json.loads(files[".manifest"])}
        manifest["metadata"] = {"gebouwd": "2026-11-22T12:00:00Z"}
        signed = {**files, ".manifest": json.dumps(manifest).encode()}
        return ontleed("ondertekend.tar.gz", teken(signed, self.geheim))


def bewijs(bundel: Bundelbestand, sleutel: Sleutel | None, toewijzing: Any = VERLENGING) -> Json:
    """The receipt of what this bundle says now."""
    made = bewijs_van_nu(toewijzing, bundel, sleutel, OPA)
    assert isinstance(made, dict), made
    return made


def met(goed: Json, pad: tuple[Any, ...], waarde: Any, *, zegelen: bool = False) -> Json:
    """A copy with another value in one place; ``zegelen``: by who knows how a receipt is made."""
    changed = deepcopy(goed)
    place = changed
    for step in pad[:-1]:
        place = place[step]
    place[pad[-1]] = waarde
    return verzegeld(changed) if zegelen else changed


def verzegeld(bewijs: Json) -> Json:
    return {**bewijs, "zegel": zegel(bewijs)}


def met_bundel(goed: Json, inhoud: bytes) -> Json:
    """A receipt that fits another bundle in everything but the besluit itself."""
    bundel = ontleed("x", inhoud)
    claimed = goed["handtekening"]["sleutel_sha256"]
    changed = {**goed, "bundel": beschreven(bundel), "handtekening": handtekening(bundel, claimed)}
    return verzegeld(changed)


def met_rauwe_bundel(goed: Json, inhoud: bytes) -> Json:
    """A receipt with any bytes for a bundle, and nothing else changed."""
    return met(goed, ("bundel", "inhoud"), base64.b64encode(inhoud).decode(), zegelen=True)


def bladeren(waarde: Any, pad: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value that holds no others, with its place."""
    items = (
        waarde.items()
        if isinstance(waarde, dict)
        else enumerate(waarde)
        if isinstance(waarde, list)
        else ()
    )
    if not items:
        yield pad, waarde
    for naam, deel in items:
        yield from bladeren(deel, (*pad, naam))


def uitslagen(
    map_: Path,
    inhoud: Any,
    sleutel: Sleutel | None,
    eigen: Mapping[str, Bundelbestand] | None = None,
) -> list[Stap]:
    """The steps for a receipt with this content: JSON, or bytes as they are."""
    pad = map_ / "bewijs.json"
    content = inhoud if isinstance(inhoud, bytes) else json.dumps(inhoud).encode()
    pad.write_bytes(content)
    return controleer(pad, sleutel, eigen or {}, OPA)


def kort(stappen: list[Stap]) -> str:
    """The steps as one sign each: ✓, ✗ or –."""
    return "".join({"goed": "✓", "fout": "✗", "niet gedaan": "–"}[stap.uitslag] for stap in stappen)
