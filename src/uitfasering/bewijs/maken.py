"""Make a receipt: of a besluit in the log, or of one that is given now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any

from uitfasering.bewijs.document import (
    VERSIE,
    beschreven,
    canoniek,
    handtekening,
    schemafout,
    zegel,
)
from uitfasering.bewijs.rekenen import Sleutel, draaiend
from uitfasering.bundelbestand import Bundelbestand
from uitfasering.errors import BuildError, MessageError, WrongData
from uitfasering.logboek import Gelogd, Onleesbaar, lees_logboek
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.weergave.tellen import hoeveel

_ONGELDIG = "ONGELDIGE_INVOER"


@dataclass(frozen=True)
class GeenBewijs:
    """No receipt: the besluit and the agreements do not fit; ``reden`` is Dutch."""

    reden: str


def zoek_in_logboek(paden: Sequence[Path], besluit_id: str, volgnummer: int | None) -> Gelogd:
    """The logged besluit with this id; of a batch the one with this number.

    Raises:
        MessageError: it is not there, was not kept, or it is not clear which one is meant.
    """
    onleesbaar = 0
    gevonden = []
    for een in lees_logboek(paden):
        if isinstance(een, Onleesbaar):
            onleesbaar += 1
        elif een.besluit_id == besluit_id:
            gevonden.append(een)
    if not gevonden:
        gemist = hoeveel(onleesbaar, "regel was", "regels waren")
        let_op = f" Let op: {gemist} niet te lezen." if onleesbaar else ""
        raise MessageError(
            f"Het besluit {besluit_id} staat niet in dit logboek.{let_op} Geef het hele nummer, "
            "zoals het in het antwoord stond (decision_id), en het logboek van die dag."
        )
    gelogd = _gekozen(gevonden, volgnummer)
    if gelogd.toewijzing is None:
        raise MessageError(
            "Van dit besluit kan geen bewijs worden gemaakt. De toewijzing was niet geldig, en "
            "dan bewaart het logboek haar niet."
        )
    return gelogd


def _gekozen(gevonden: list[Gelogd], volgnummer: int | None) -> Gelogd:
    aantal = max(een.volgnummer or 0 for een in gevonden)
    if volgnummer is not None:
        gevonden = [een for een in gevonden if een.volgnummer == volgnummer]
        if not gevonden and not aantal:
            raise MessageError("Dit besluit is alleen gevraagd. Laat --volgnummer weg.")
        if not gevonden:
            raise MessageError(
                f"Dit besluit heeft geen volgnummer {volgnummer}. Kies van 1 tot en met {aantal}."
            )
    elif aantal > 1:
        raise MessageError(
            f"Bij dit nummer horen {aantal} besluiten: ze zijn tegelijk gevraagd. Zeg met "
            f"--volgnummer welk besluit u bedoelt, van 1 tot en met {aantal}."
        )
    # The same line twice (a log and its copy) is one besluit; two different ones are not.
    if any(_kern(een) != _kern(gevonden[0]) for een in gevonden):
        raise MessageError(
            "Dit besluit staat meer dan één keer in het logboek, en niet elke keer hetzelfde: "
            f"{gevonden[0].plaats} en {gevonden[-1].plaats}."
        )
    return gevonden[0]


def _kern(gelogd: Gelogd) -> bytes:
    return canoniek([gelogd.toewijzing, gelogd.besluit])


def lees_toewijzing(paden: Sequence[str]) -> Any:
    """The one toewijzing in these files, read as ``uitfasering besluit`` does.

    Raises:
        MessageError: there is not exactly one, or a file cannot be read.
    """
    from uitfasering.berichten import Instellingen
    from uitfasering.invoer import MAX_BYTES, lees_vragen, verzamel
    from uitfasering.leesgegevens import lees_gegevens

    instellingen = Instellingen.van(lees_gegevens(project_root()), MAX_BYTES)
    vragen = []
    for een in islice(lees_vragen(verzamel(paden, MAX_BYTES).bestanden, instellingen), 2):
        if isinstance(een, Melding):
            raise MessageError(str(een), [een])
        vragen.append(een)
    if len(vragen) != 1:
        raise MessageError(
            "Een bewijs gaat over één besluit. Geef een bestand met precies één toewijzing, of "
            "geef het logboek en --besluit NUMMER."
        )
    return vragen[0].toewijzing


def bewijs_uit_logboek(
    gelogd: Gelogd, bundel: Bundelbestand, sleutel: Sleutel | None
) -> dict[str, Any] | GeenBewijs:
    """The receipt of a logged besluit, which ``bundel`` must give again.

    Raises:
        MessageError: what is in the log does not fit in a receipt.
        UitfaseringError: OPA gives no besluit.
    """
    gegeven = _besluit(gelogd.toewijzing, bundel, sleutel)
    if isinstance(gegeven, GeenBewijs):
        return gegeven
    if canoniek(gegeven) != canoniek(gelogd.besluit):
        return GeenBewijs(
            f"Met de afspraken van versie {bundel.revisie[:12]} geeft OPA nu een ander besluit dan "
            f"in het logboek staat ({gelogd.plaats}). Het logboek is veranderd, of dit besluit is "
            "met andere afspraken gegeven. Wat er anders is, ziet u met: uitfasering herhaal"
        )
    return _bewijs(
        {
            "besluit_id": gelogd.besluit_id,
            "volgnummer": gelogd.volgnummer,
            "moment": gelogd.moment,
            "bron": {"soort": "logboek", "plaats": gelogd.plaats, "sha256": gelogd.sha256},
            "toewijzing": gelogd.toewijzing,
            "besluit": gelogd.besluit,
            "opa": gelogd.opa,
        },
        bundel,
        sleutel,
    )


def bewijs_van_nu(
    toewijzing: Mapping[str, Any], bundel: Bundelbestand, sleutel: Sleutel | None, opa: str
) -> dict[str, Any] | GeenBewijs:
    """The receipt of a besluit that ``bundel`` gives now; ``opa`` is the version of our OPA.

    Raises:
        MessageError: the toewijzing is not valid.
        UitfaseringError: OPA gives no besluit.
    """
    from uitfasering.validation import keur

    gekeurd, meldingen = keur(toewijzing)
    if meldingen:
        tekst = "\n".join(map(str, meldingen))
        raise MessageError(f"De toewijzing klopt niet, dus er is geen bewijs:\n{tekst}", meldingen)
    besluit = _besluit(gekeurd, bundel, sleutel)
    if isinstance(besluit, GeenBewijs):
        return besluit
    if besluit["uitkomst"] == _ONGELDIG:
        uitleg = "\n".join(
            f"({', '.join(b['velden'])}) {b['tekst']}" for b in besluit["bevindingen"]
        )
        raise MessageError(f"De toewijzing klopt niet, dus er is geen bewijs:\n{uitleg}")
    return _bewijs(
        {
            "besluit_id": str(uuid.uuid4()),
            "volgnummer": None,
            "moment": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "bron": {"soort": "nu"},
            "toewijzing": gekeurd,
            "besluit": besluit,
            "opa": opa,
        },
        bundel,
        sleutel,
    )


def _besluit(
    toewijzing: Any, bundel: Bundelbestand, sleutel: Sleutel | None
) -> dict[str, Any] | GeenBewijs:
    controle = sleutel if bundel.handtekening else None
    try:
        with draaiend(bundel.inhoud, controle) as vraag:
            gegeven = vraag(toewijzing)
    except BuildError as error:
        passend = "ze passen niet bij deze versie van OPA"
        ondertekend = "ze zijn niet met deze sleutel ondertekend, of daarna veranderd, of "
        return GeenBewijs(
            f"OPA neemt de afspraken in {bundel.naam} niet aan: "
            f"{ondertekend if controle else ''}{passend}. OPA zegt: {error}"
        )
    if not isinstance(gegeven, dict) or "uitkomst" not in gegeven:
        raise WrongData(f"Wat OPA met {bundel.naam} antwoordt, is geen besluit.")
    return gegeven


def _bewijs(
    gegeven: dict[str, Any], bundel: Bundelbestand, sleutel: Sleutel | None
) -> dict[str, Any]:
    bewijs = {
        "versie": VERSIE,
        **gegeven,
        "bundel": beschreven(bundel),
        "handtekening": handtekening(bundel, sleutel.sha256 if sleutel else None),
    }
    bewijs["zegel"] = zegel(bewijs)
    if fout := schemafout(bewijs):
        raise MessageError(
            f"Van dit besluit kan geen bewijs worden gemaakt: {fout}. Is het logboek van deze OPA?"
        )
    return bewijs
