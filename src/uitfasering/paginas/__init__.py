"""The generated pages in ``docs/``: one a regel, the overviews, the letters sentence by sentence.

``python -m uitfasering.paginas`` writes them, with the golden SQL (scripts/genereer).
"""

from __future__ import annotations

from pathlib import Path

from uitfasering.paginas import brieven, overzichten, regels
from uitfasering.paginas.inhoud import verzamel
from uitfasering.werkbank import Werkbank

MAPPEN = ("regels", "overzichten", "brieven")
"""The folders of ``docs/`` that hold generated pages only."""


def paginas(root: Path, werkbank: Werkbank) -> dict[str, str]:
    """Every page as it should be: path below ``docs/`` to text.

    Args:
        root: the project.
        werkbank: an OPA on the tables of ``root``.

    Raises:
        BuildError: the cases or the tables are wrong.
        OpaUnavailable: OPA gave no answer.
    """
    inhoud = verzamel(root, werkbank)
    gevallen = [uitslag.geval for uitslag in inhoud.uitslagen]
    return {
        **regels.paginas(inhoud),
        **overzichten.paginas(inhoud),
        **brieven.paginas(root, werkbank.gegevens, gevallen),
    }
