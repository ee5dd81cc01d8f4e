"""Everything that is wrong in ``policies/``, at once and in Dutch."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uitfasering.gegevens import Gegevens, schema
from uitfasering.melding import Melding
from uitfasering.opa_process import OpaProcess
from uitfasering.rego import fragment, stijl
from uitfasering.rego.keuring import keur, schrijf
from uitfasering.rego.tekst import PAKKETTEN, Rego, lees_rego
from uitfasering.stage import vergelijk
from uitfasering.tabellen import bouw_tabellen


def controleer(root: Path, gegevens: Gegevens | None) -> list[Melding]:
    """Every fault in the policies, sorted; each once.

    Args:
        root: the project.
        gegevens: its tables, or None when those are wrong themselves; then what rests on them is
            not checked.

    Raises:
        OpaUnavailable: there is no OPA, or it does not answer.
        BuildError: ``schemas/feiten.json`` is not there.
    """
    bronnen, meldingen = lees_rego(root / "policies")
    policies = [bron for bron in bronnen if not bron.is_toets]
    alles_gelezen = all(melding.regel for melding in meldingen)
    meldingen += _buiten_de_map(root)
    meldingen += stijl.metadata([bron for bron in policies if not stijl.pakket(bron)])
    for bron in policies:
        meldingen += stijl.vaste_waarden(bron, gegevens)
    if alles_gelezen:  # else what rests on a file that was not read, would be called wrong
        meldingen += vergelijk(policies, gegevens)
        meldingen += _besluit(root, bronnen, gegevens)
    return sorted(set(meldingen))


def keur_stage(stage: Path, root: Path, gegevens: Gegevens) -> list[Melding]:
    """What in a stage (``uitfasering.stage``) could make OPA decide wrongly, sorted.

    Raises:
        OpaUnavailable: there is no OPA, or it does not answer.
    """
    bronnen, meldingen = lees_rego(stage)
    found = {*meldingen, *_besluit(root, bronnen, gegevens)}
    return sorted(melding for melding in found if melding.ernst == "fout")


def _besluit(root: Path, bronnen: Sequence[Rego], gegevens: Gegevens | None) -> list[Melding]:
    """What OPA itself finds, and what it makes of the agreements."""
    feiten = schema(root, "feiten")["properties"]["feiten"]["properties"]
    misplaced = {bron.naam: melding for bron in bronnen if (melding := stijl.pakket(bron))}
    sound = [bron for bron in bronnen if bron.naam not in misplaced]
    left_out = [bron for bron in bronnen if bron.naam in misplaced]
    keuring = keur(sound, left_out, root / "schemas", feiten)
    unfinished = [m for bron in bronnen for m in stijl.open_plekken(bron, feiten)]
    told = {(m.bestand, m.regel) for m in keuring.meldingen}
    single = [m for bron in bronnen for m in stijl.enkele_gelijktekens(bron)]
    unfinished += [m for m in single if (m.bestand, m.regel) not in told]
    meldingen = [*misplaced.values(), *keuring.meldingen, *unfinished]
    if gegevens is None:
        return meldingen
    policies = [bron for bron in bronnen if not bron.is_toets]
    tabellen = bouw_tabellen(gegevens, root)
    unknown = list(stijl.onbekende_gegevens(policies, tabellen))
    # What such a fault takes from a rule is no fault of its own.
    volledig = keuring.volledig and not unknown and not unfinished
    found = _afspraken(root, policies, gegevens, tabellen, keuring.gaaf, volledig)
    return meldingen + unknown + found


def _afspraken(
    root: Path,
    policies: Sequence[Rego],
    gegevens: Gegevens,
    tabellen: dict[str, Any],
    gaaf: Mapping[str, str],
    volledig: bool,
) -> list[Melding]:
    """What OPA makes of the agreements that it accepts."""
    served = {name: text for name, text in gaaf.items() if "_test.rego" not in name}
    if not served:
        return []
    with tempfile.TemporaryDirectory(prefix="uitfasering-controle-") as name:
        folder = Path(name)
        schrijf(folder, {path.removeprefix("policies/"): text for path, text in served.items()})
        (folder / "gegevens").mkdir()
        text = json.dumps({**tabellen, "revisie": "controle"}, ensure_ascii=False)
        (folder / "gegevens" / "data.json").write_text(text, "utf-8")
        with OpaProcess(folder) as opa:
            return fragment.controleer(opa.url, root, gegevens, policies, volledig=volledig)


def _buiten_de_map(root: Path) -> list[Melding]:
    """Rego outside PAKKETTEN: nobody would use it."""
    folder = root / "policies"
    return [
        Melding(
            path.relative_to(root).as_posix(),
            0,
            0,
            "",
            "Dit bestand staat niet in policies/uitfasering, en doet dus niet mee.",
            "Verplaats het naar policies/uitfasering/afspraken, of haal het weg.",
            "regel-pakket",
        )
        for path in sorted(folder.rglob("*.rego"))
        if not any(path.is_relative_to(folder / name) for name in PAKKETTEN)
    ]
