"""What the command line itself needs of the tables: words to show, and how to read messages.

Reading the tables costs more than asking OPA, so what comes out is kept beside the bundle.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uitfasering.records import Handeling


@dataclass(frozen=True)
class Leesgegevens:
    """Words and settings.

    Attributes:
        uitkomsten: per uitkomst ``kop`` and ``zin``; per other gevolg (ADVIES, INFO) ``kop``.
        plaatsen: where the quote of each regel stands in its letter.
        gemeenten: names by CBS code.
        weergave: ``data/weergave.yaml``.
        nieuw_binnen_dagen, reden_wijziging: ``data/berichten.yaml``.
    """

    uitkomsten: Mapping[str, Mapping[str, str]]
    plaatsen: Mapping[str, str]
    gemeenten: Mapping[str, str]
    weergave: Mapping[str, Any]
    nieuw_binnen_dagen: int
    reden_wijziging: Mapping[str, Handeling]


def lees_gegevens(root: Path) -> Leesgegevens:
    """The words and settings of the tables as they are now.

    Raises:
        BuildError: the tables are wrong.
    """
    kept = root / "build" / "weergave.json"
    stamp = _stamp(root)
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(kept.read_text("utf-8"))
        if known["bron"] == stamp:
            return Leesgegevens(**known["gegevens"])
    result = _uit_tabellen(root)
    with suppress(OSError):  # keeping it only saves time
        _bewaar(kept, {"bron": stamp, "gegevens": asdict(result)})
    return result


def _uit_tabellen(root: Path) -> Leesgegevens:
    from uitfasering.gegevens import laad  # reading YAML is not needed when nothing changed

    gegevens = laad(root)
    tabellen = gegevens.tabellen
    uitkomsten = tabellen["uitkomsten"]
    return Leesgegevens(
        uitkomsten={
            **{r["uitkomst"]: {"kop": r["kop"], "zin": r["zin"]} for r in uitkomsten["uitkomsten"]},
            **{r["gevolg"]: {"kop": r["kop"]} for r in uitkomsten["overig"]},
        },
        plaatsen={regel: a.bron["plaats"] for regel, a in gegevens.afspraken.items()},
        gemeenten={row["cbs"]: row["naam"] for row in tabellen["gemeenten"]["gemeenten"]},
        weergave=tabellen["weergave"],
        nieuw_binnen_dagen=tabellen["berichten"]["nieuw_binnen_dagen"],
        reden_wijziging=tabellen["berichten"]["reden_wijziging"],
    )


def _stamp(root: Path) -> str:
    digest = hashlib.sha256()
    sources = [*(root / "data").rglob("*.yaml"), *(root / "schemas").glob("*.json")]
    for source in [*sorted(sources), Path(__file__)]:
        digest.update(f"\0{source}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _bewaar(path: Path, value: Any) -> None:
    """Write it in one step, so that another process never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
