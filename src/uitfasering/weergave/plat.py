"""A besluit as one row of a table."""

from __future__ import annotations

from uitfasering.records import Besluit

VOORBEELD = "A-08"
"""The answer rests on a product that is only a placeholder in the catalogue."""

KOLOMMEN = (
    "uitkomst",
    "regels",
    "toelichting",
    "lezing",
    "ontbreekt",
    "uiterste_einddatum",
    "voorstel_einddatum",
    "voorstel_beeindigen_per",
    "voorstel_reden_wijziging",
    "voorstel_opnieuw_segment",
    "voorstel_opnieuw_code",
    "voorstel_opnieuw_ingangsdatum",
    "voorstel_opnieuw_einddatum",
    "voorstel_opnieuw_eenheden",
    "voorlopig",
    "herkomst",
)
"""``toelichting`` and ``lezing`` are of the bevindingen that decide the uitkomst; ``toelichting``
also says that an answer rests on a placeholder. Lists are parted by a space."""


def plat(besluit: Besluit) -> dict[str, str]:
    """The cells of KOLOMMEN; an absent one is empty."""
    beslist = [b for b in besluit.bevindingen if b.gevolg == besluit.uitkomst]
    voorbeeld = [b for b in besluit.bevindingen if b.regel == VOORBEELD]
    return {
        "uitkomst": besluit.uitkomst,
        "regels": " ".join(besluit.regels),
        "toelichting": " ".join(b.tekst for b in [*beslist, *voorbeeld]),
        # Bevindingen of one regel have one lezing: once is enough.
        "lezing": " ".join(dict.fromkeys(b.lezing for b in beslist if b.lezing)),
        "ontbreekt": " ".join(besluit.ontbreekt),
        "uiterste_einddatum": besluit.uiterste_einddatum or "",
        **_voorstel(besluit),
        "voorlopig": "ja" if besluit.voorlopig else "nee",
        "herkomst": besluit.herkomst,
    }


def _voorstel(besluit: Besluit) -> dict[str, str]:
    cellen = dict.fromkeys((naam for naam in KOLOMMEN if naam.startswith("voorstel_")), "")
    voorstel = besluit.voorstel
    if voorstel and voorstel.einddatum:
        cellen["voorstel_einddatum"] = voorstel.einddatum
    if voorstel and voorstel.beeindigen:
        cellen["voorstel_beeindigen_per"] = voorstel.beeindigen.einddatum
        cellen["voorstel_reden_wijziging"] = voorstel.beeindigen.reden_wijziging
    if voorstel and voorstel.opnieuw:
        opnieuw = voorstel.opnieuw
        cellen["voorstel_opnieuw_segment"] = opnieuw.segment
        cellen["voorstel_opnieuw_code"] = opnieuw.code or ""
        cellen["voorstel_opnieuw_ingangsdatum"] = opnieuw.ingangsdatum
        cellen["voorstel_opnieuw_einddatum"] = opnieuw.einddatum
        cellen["voorstel_opnieuw_eenheden"] = " ".join(opnieuw.eenheden)
    return cellen
