"""The receipt as a JSON document: its hashes, and reading one that may come from anyone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from uitfasering.bundelbestand import Bundelbestand
from uitfasering.errors import MessageError, os_zin
from uitfasering.paths import project_root
from uitfasering.schemabestand import schema

VERSIE = 1
_MAX_BYTES = 8 * 2**20  # ours are 0.1 MB


def canoniek(waarde: Any) -> bytes:
    """A JSON value as bytes that are the same for the same value."""
    return json.dumps(waarde, sort_keys=True, separators=(",", ":")).encode("ascii")


def zegel(bewijs: Mapping[str, Any]) -> str:
    """The SHA-256 of everything in a receipt but its ``zegel``."""
    return _sha256(canoniek({naam: deel for naam, deel in bewijs.items() if naam != "zegel"}))


def beschreven(bundel: Bundelbestand) -> dict[str, Any]:
    """A bundle as it stands in a receipt."""
    return {
        "revisie": bundel.revisie,
        "gebouwd": bundel.gebouwd,
        "sha256": _sha256(bundel.inhoud),
        "bestanden": bundel.bestanden,
        "tabellen": {
            naam: _sha256(canoniek(bundel.gegevens[naam])) for naam in sorted(bundel.gegevens)
        },
        "inhoud": base64.b64encode(bundel.inhoud).decode("ascii"),
    }


def handtekening(bundel: Bundelbestand, sleutel_sha256: str | None) -> dict[str, str | None]:
    """The signature of a bundle as it stands in a receipt; None: it was checked with no key."""
    if bundel.handtekening is None:
        return {"uitslag": "niet ondertekend", "jwt": None, "sleutel_sha256": None}
    return {
        "uitslag": "goed" if sleutel_sha256 else "niet gecontroleerd",
        "jwt": bundel.handtekening,
        "sleutel_sha256": sleutel_sha256,
    }


def bundelbytes(bewijs: Mapping[str, Any]) -> bytes | None:
    """The bundle in a receipt; None when that is not base64."""
    try:
        return base64.b64decode(bewijs["bundel"]["inhoud"], validate=True)
    except (binascii.Error, ValueError):
        return None


def lees_bewijs(pad: Path) -> dict[str, Any] | str:
    """The receipt in a file, or what is wrong with it (Dutch).

    Raises:
        MessageError: the file cannot be read.
        RecursionError: what stands there is too deep.
    """
    try:
        with pad.open("rb") as bestand:
            inhoud = bestand.read(_MAX_BYTES + 1)
    except OSError as error:
        raise MessageError(f"Het bewijs is niet te lezen. {os_zin(error)}") from error
    if len(inhoud) > _MAX_BYTES:
        return "het bestand is daarvoor te groot"
    if inhoud.startswith(b"<"):  # the page, which is what a reader has at hand
        return "dit is een bladzijde om te lezen. Geef het bestand dat eindigt op .json"
    try:
        gelezen = json.loads(inhoud, object_pairs_hook=_object, parse_constant=_geen_getal)
    except json.JSONDecodeError as error:
        return f"de JSON klopt niet op regel {error.lineno}, teken {error.colno}"
    except ValueError:
        return "dit is geen JSON zoals dit programma die schrijft"
    if fout := schemafout(gelezen):
        return fout
    bewijs: dict[str, Any] = gelezen
    return bewijs


def schemafout(bewijs: object) -> str | None:
    """What in a document breaks schemas/bewijs.json (Dutch); None when nothing does."""
    validator = Draft7Validator(schema(project_root(), "bewijs"))
    for fout in validator.iter_errors(bewijs):
        # Deeper names may be anything.
        deel = next(iter(fout.absolute_path), None)
        return f"bij {deel} klopt iets niet" if deel else "er is een deel te veel of te weinig"
    return None


def _sha256(inhoud: bytes) -> str:
    return hashlib.sha256(inhoud).hexdigest()


def _object(paren: list[tuple[str, Any]]) -> dict[str, Any]:
    gemaakt = dict(paren)
    if len(gemaakt) != len(paren):
        raise ValueError("a name twice")
    return gemaakt


def _geen_getal(_: str) -> Any:
    raise ValueError("not a number")
