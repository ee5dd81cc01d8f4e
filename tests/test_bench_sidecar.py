"""scripts/bench sidecar: what it counts, and what it makes of that. Nothing here is timed."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from storingsserver import Connection, always, serving

GOED, ANDERS = {"result": "eerste"}, {"result": "tweede"}
EEN = b'{"result": "eerste"}'
TWEE = b'{"result": "tweede"}'


@pytest.fixture(scope="module")
def module(root: Path) -> Any:
    """Imports a module of scripts/ by name."""
    sys.path.insert(0, str(root / "scripts"))
    yield importlib.import_module
    sys.path.remove(str(root / "scripts"))
