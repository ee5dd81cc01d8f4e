"""docs/openapi.json: the two entry points and health of the sidecar, for integrators."""

from __future__ import annotations

import json
from pathlib import Path

from uitfasering.openapi.document import document
from uitfasering.openapi.voorbeelden import lees_vragen, vraag_voorbeelden
from uitfasering.werkbank import Werkbank

BESTAND = "openapi.json"
"""Its name in ``docs``."""


def openapi(root: Path, werkbank: Werkbank) -> str:
    """The text of docs/openapi.json: the schemas of ``root``, and answers of the OPA given.

    Raises:
        BuildError: a schema cannot be said in OpenAPI 3.1, or OPA answers an example with something
            else than was written down for it.
        OpaUnavailable: OPA gave no answer.
    """
    content = document(root, vraag_voorbeelden(lees_vragen(), werkbank))
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
