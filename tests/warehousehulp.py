"""What a database finds with the printed SQL, beside what OPA decides of the same rows."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from exporten.maak import maak_bestand
from exporten.toeval import toeval
from uitfasering.bulk.feitenbestand import schrijf_feiten
from uitfasering.bulk.opa import Vraagbaak
from uitfasering.bundel import bouw_bundel

Vraag = Callable[[str], Iterable[tuple[Any, ...]]]

_NIET_VAN_TOEPASSING = "NIET_VAN_TOEPASSING"


def besluiten(root: Path, rijen: int, zaad: int) -> list[dict[str, Any]]:
    with Vraagbaak(bouw_bundel(root)) as opa:
        return opa.besluiten([toewijzing for _, toewijzing in toeval(rijen, zaad)])


def feiten(root: Path, rijen: int, zaad: int, uit: Path) -> Path:
    """The facts of the same rows, written by ``uitfasering feiten``."""
    export = uit.parent / "export.csv"
    maak_bestand(rijen, zaad, "toeval", export)
    assert schrijf_feiten([export], uit, root=root) == rijen
    return uit


def opgeschreven_vraag(root: Path) -> str:
    """The query for the uitkomst, from the page that tells of it."""
    found = re.search(
        r"```sql\n(.*?)```", (root / "docs" / "warehouse.md").read_text("utf-8"), re.S
    )
    assert found
    return found[1]


def verschillen(vraag: Vraag, verwacht: list[dict[str, Any]], root: Path) -> Iterator[str]:
    """Each row of which the database says something else than OPA."""
    gevonden = {
        view: _per_rij(vraag(f"SELECT rij, {kolom} FROM {view}"))
        for view, kolom in (("bevindingen", "regel"), ("ontbreekt", "veld"), ("fouten", "veld"))
    }
    ongeldig = {int(rij) for (rij,) in vraag("SELECT rij FROM feiten WHERE ongeldig = TRUE")}
    gevolgen = {
        regel: gevolg for regel, gevolg in vraag("SELECT regel, gevolg FROM gevolgen") if regel
    }
    uitkomsten: dict[int, str] = {
        int(rij): uitkomst for rij, uitkomst in vraag(opgeschreven_vraag(root))
    }
    assert len(uitkomsten) == len(verwacht)
    for rij, besluit in enumerate(verwacht, 1):
        regels = gevonden["bevindingen"][rij]
        moet = {een["regel"] for een in besluit["bevindingen"]} - {"B1-20"}
        uitkomst = besluit["uitkomst"]
        if uitkomsten[rij] != uitkomst:
            yield f"{rij}: {uitkomsten[rij]}, OPA: {uitkomst}"
        if uitkomst == "ONGELDIGE_INVOER":
            velden = {veld for een in besluit["bevindingen"] for veld in een["velden"]}
            if regels or (rij not in ongeldig and gevonden["fouten"][rij] != velden):
                yield f"{rij}: {regels} {gevonden['fouten'][rij]}, OPA: {velden}"
            continue
        if uitkomst == _NIET_VAN_TOEPASSING:
            regels = {regel for regel in regels if gevolgen[regel] == uitkomst}
        elif gevonden["ontbreekt"][rij] != set(besluit["ontbreekt"]):
            yield f"{rij}: {gevonden['ontbreekt'][rij]}, OPA: {besluit['ontbreekt']}"
        if regels != moet or rij in ongeldig or gevonden["fouten"][rij]:
            yield f"{rij}: {regels}, OPA: {moet}"


def _per_rij(paren: Iterable[tuple[Any, ...]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for rij, lid in paren:
        found[int(rij)].add(lid)
    return found
