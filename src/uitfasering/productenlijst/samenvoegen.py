"""A product list merged into ``data/producten.yaml``: its comments and order stay."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from uitfasering.productenlijst.rijen import in_woorden, toon, woord

# What a reader must be able to tell from a number.
_CODES = frozenset({"code", "categorie", "vervangende_code", "geldig_van", "geldig_tot"})


@dataclass(frozen=True)
class Samengevoegd:
    """The new text of data/producten.yaml, and what differs from the old, in words.

    Attributes:
        tekst: the whole file.
        volgorde: the code of each row of the file, in order.
        nieuw: codes that were not there.
        gewijzigd: for each code that changed, a line a field.
        weg: codes that were taken out.
        blijft: codes that are not in the list and stay; ``voorbeelden`` of these are placeholders.
    """

    tekst: str
    volgorde: Sequence[str]
    nieuw: Mapping[str, str]
    gewijzigd: Mapping[str, Sequence[str]]
    weg: Sequence[str]
    blijft: Sequence[str]
    voorbeelden: int

    @property
    def anders(self) -> bool:
        """Whether the file would change."""
        return bool(self.nieuw or self.gewijzigd or self.weg)


def voeg_samen(
    tekst: str,
    producten: Mapping[str, Mapping[str, Any]],
    kolommen: frozenset[str],
    velden: Sequence[str],
    *,
    zonder_voorbeelden: bool = False,
) -> Samengevoegd:
    """Merge ``producten`` into the text of data/producten.yaml.

    A product that is there gets what the list says; what the list has no column for stays, unless
    the product was a placeholder: of that, nothing stays.

    Args:
        tekst: the file as it is.
        producten: by code, as ``maak_producten`` gives them.
        kolommen: the fields the list has a column for.
        velden: the fields of a product in the order they are written (schemas/producten.json).
        zonder_voorbeelden: take out the placeholders that are not in the list.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(tekst)
    rows: CommentedSeq = document["producten"]
    order = [name for name in velden if name != "bron"] + ["bron"]
    known: dict[str, CommentedMap] = {row["code"]: row for row in rows}
    nieuw, gewijzigd = {}, {}
    for code, product in producten.items():
        if code not in known:
            rows.append(_rij(product, order))
            nieuw[code] = in_woorden(product, order[1:-1])
        elif lines := list(_werk_bij(known[code], product, kolommen, order)):
            gewijzigd[code] = lines
    left = [code for code in known if code not in producten]
    placeholders = [code for code in left if known[code].get("voorbeeld")]
    weg = placeholders if zonder_voorbeelden else []
    for code in weg:
        _haal_weg(rows, known[code])
    output = io.StringIO()
    yaml.dump(document, output)
    return Samengevoegd(
        output.getvalue(),
        [row["code"] for row in rows],
        nieuw,
        gewijzigd,
        weg,
        [code for code in left if code not in weg],
        len(placeholders) - len(weg),
    )


def _werk_bij(
    row: CommentedMap, product: Mapping[str, Any], kolommen: frozenset[str], order: Sequence[str]
) -> Iterator[str]:
    """Make a row what the list says; a line for each difference."""
    was_placeholder = bool(row.get("voorbeeld"))
    for name in order:
        listed = name in product or name in kolommen or was_placeholder
        if name == "vervangende_code_per_aanbieder":
            listed = listed or "aanbieder" in kolommen
        old, new = row.get(name), product.get(name)
        if not listed or old == new:
            continue
        if new is None:
            del row[name]
        elif name in row:
            row[name] = _waarde(name, new)
        else:
            place = next(i for i, other in enumerate([*row, "bron"]) if _na(order, other, name))
            row.insert(place, name, _waarde(name, new))
        if name == "voorbeeld":
            yield "is geen voorbeeld meer"
        else:
            yield f"{woord(name)}: {_was(old)} → {_was(new)}"


def _na(order: Sequence[str], other: str, name: str) -> bool:
    return other in order and order.index(other) > order.index(name)


def _was(value: Any) -> str:
    return "(leeg)" if value is None else toon(value)


def _rij(product: Mapping[str, Any], order: Sequence[str]) -> CommentedMap:
    row = CommentedMap()
    for name in order:
        if name in product:
            row[name] = _waarde(name, product[name])
    return row


def _waarde(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        quoted = DoubleQuotedScalarString
        return CommentedMap((quoted(agb), quoted(code)) for agb, code in sorted(value.items()))
    return DoubleQuotedScalarString(value) if name in _CODES else value


def _haal_weg(rows: CommentedSeq, row: CommentedMap) -> None:
    """Take a row out; the comment under it stays, as it is about what follows."""
    index = next(i for i, other in enumerate(rows) if other is row)
    below = _opmerking(row)
    del rows[index]
    if below and index:
        last = next(reversed(rows[index - 1]))
        above = _opmerking(rows[index - 1])
        if above:
            above.value += below.value.lstrip("\n") if above.value.endswith("\n") else below.value
        else:
            rows[index - 1].ca.items[last] = [None, None, below, None]


def _opmerking(row: CommentedMap) -> Any:
    """The comment token after the last field of a row; ruamel keeps there what stands below it."""
    tokens = row.ca.items.get(next(reversed(row)))
    return tokens[2] if tokens else None
