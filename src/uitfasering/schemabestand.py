"""The JSON Schemas of the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from uitfasering.errors import BuildError


def schema(root: Path, name: str) -> dict[str, Any]:
    """A JSON Schema of ``root/schemas``.

    Raises:
        BuildError: it is not there, or not JSON.
    """
    path = root / "schemas" / f"{name}.json"
    try:
        loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} is niet te lezen als JSON Schema ({error}).") from error
    return loaded
