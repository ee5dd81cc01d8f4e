"""Case files to try ``uitfasering toets`` on."""

from __future__ import annotations

from pathlib import Path

GOED = """\
onderwerp: Proef
regels: [B1-02]
uitgangspunten:
  herstel:
    handeling: nieuw
    gemeente: "0193"
    toewijzingsdatum: "2021-05-01"
    ingangsdatum: "2021-05-01"
    product: {segment: midden, perspectief: herstel, profiel: 3}
gevallen:
  - naam: Eerste dag
    uitgangspunt: herstel
    verwacht: {uitkomst: NIET_TOEGESTAAN, regels: [B1-02]}
  - naam: een dag eerder
    uitgangspunt: herstel
    met: {toewijzingsdatum: "2021-04-30", gemeente: "1773"}
    verwacht: {uitkomst: TOEGESTAAN, niet: [B1-02]}
"""


def schrijf(tmp_path: Path, tekst: str, naam: str = "proef.yaml") -> Path:
    path = tmp_path / naam
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tekst, "utf-8")
    return path
