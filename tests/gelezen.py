"""Reads each shipped YAML file once in a run of the tests, instead of for every test.

Half of the time went to it. Any other content, a copy with one edit too, is read as always; each
reader gets a document of its own.
"""

from __future__ import annotations

import functools
import json
import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from uitfasering import yamlreader
from uitfasering.toets.gevallen import MAP
from uitfasering.yamlreader import Document

_LEES = yamlreader._read


@functools.cache
def _geleverd(root: Path) -> frozenset[str]:
    folders = (root / "data", root / MAP)
    return frozenset(
        p.read_text("utf-8", "replace") for folder in folders for p in folder.rglob("*.yaml")
    )


@functools.cache
def _bewaard(text: str, schema: str, name: str) -> bytes:
    return pickle.dumps(_LEES(text, json.loads(schema), name, None))


def onthoud(root: Path) -> None:
    """From now on, in this process."""

    def lees(text: str, schema: Mapping[str, Any], name: str, path: Path | None) -> Document:
        if path is None or text not in _geleverd(root):
            return _LEES(text, schema, name, path)
        document: Document = pickle.loads(_bewaard(text, json.dumps(schema), name))  # noqa: S301
        return replace(document, path=path)

    yamlreader._read = lees
