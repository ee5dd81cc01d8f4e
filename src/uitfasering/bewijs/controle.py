"""Check a receipt, which may come from anyone, without a network.

OPA runs only agreements that are trusted: those that OPA itself verified against the key that the
user gave, or the user's own file with exactly the same agreements. Rego of a stranger could ask
the network and read the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from uitfasering.bewijs.document import (
    beschreven,
    bundelbytes,
    canoniek,
    handtekening,
    lees_bewijs,
    zegel,
)
from uitfasering.bewijs.rekenen import Sleutel, draaiend
from uitfasering.bundelbestand import Bundelbestand, ontleed
from uitfasering.errors import BuildError, UitfaseringError
from uitfasering.weergave.woorden import tijdstip

_KORT = 12


@dataclass(frozen=True)
class Stap:
    """One thing that was checked, or could not be; ``tekst`` is Dutch."""

    uitslag: Literal["goed", "fout", "niet gedaan"]
    tekst: str


def controleer(
    pad: Path, sleutel: Sleutel | None, eigen: Mapping[str, Bundelbestand], opa: str
) -> list[Stap]:
    """Every step of the check of one receipt; it is right only when all of them are ``goed``.

    Args:
        pad: the receipt.
        sleutel: the public key that must have signed the agreements.
        eigen: bundles of one's own, by revision.
        opa: the version of our OPA.

    Raises:
        MessageError: the file cannot be read.
        OpaUnavailable: OPA does not come up.
    """
    try:
        bewijs = lees_bewijs(pad)
        if not isinstance(bewijs, str):
            return _gecontroleerd(bewijs, sleutel, eigen, opa)
    except RecursionError:  # what can just be read, may be too deep for the next step
        bewijs = "de onderdelen zitten te diep in elkaar"
    return [Stap("fout", f"Dit is geen bewijs van een besluit: {bewijs}.")]


def _gecontroleerd(
    bewijs: Mapping[str, Any],
    sleutel: Sleutel | None,
    eigen: Mapping[str, Bundelbestand],
    opa: str,
) -> list[Stap]:
    stappen = [Stap("goed", "Dit is een bewijs van een besluit."), _zegel(bewijs)]
    bundel = _bundel(bewijs)
    if isinstance(bundel, Stap):
        return [*stappen, bundel, Stap("niet gedaan", "Het besluit is niet nagerekend.")]
    stappen.append(_kenmerken(bewijs, bundel))
    return [*stappen, *_nagerekend(bewijs, bundel, sleutel, eigen.get(bundel.revisie), opa)]


def _zegel(bewijs: Mapping[str, Any]) -> Stap:
    if zegel(bewijs) == bewijs["zegel"]:
        return Stap("goed", "Het zegel klopt: er is niets per ongeluk veranderd.")
    return Stap("fout", "Het zegel klopt niet: het bewijs is veranderd nadat het is gemaakt.")


def _bundel(bewijs: Mapping[str, Any]) -> Bundelbestand | Stap:
    inhoud = bundelbytes(bewijs)
    try:
        return ontleed("bundel", inhoud or b"")
    except BuildError:
        return Stap("fout", "De afspraken in het bewijs zijn niet te lezen.")


def _kenmerken(bewijs: Mapping[str, Any], bundel: Bundelbestand) -> Stap:
    gezegd, gevonden = bewijs["bundel"], beschreven(bundel)
    anders = list(_anders(gezegd, gevonden))
    if bewijs["besluit"]["herkomst"] != bundel.revisie:
        anders.append("de versie die in het besluit staat")
    gecontroleerd_met = bewijs["handtekening"]["sleutel_sha256"]
    if bewijs["handtekening"] != handtekening(bundel, gecontroleerd_met):
        anders.append("de handtekening")
    if anders:
        return Stap(
            "fout",
            "De afspraken in het bewijs zijn andere dan het bewijs zegt. Dit klopt niet: "
            f"{', '.join(anders)}.",
        )
    return Stap(
        "goed",
        f"De afspraken zitten in het bewijs: versie {bundel.revisie[:_KORT]}, "
        f"{len(gevonden['bestanden'])} bestanden en {len(gevonden['tabellen'])} tabellen. "
        "Hun SHA-256 klopt.",
    )


def _anders(gezegd: Mapping[str, Any], gevonden: Mapping[str, Any]) -> Iterator[str]:
    namen = {
        "revisie": "de versie",
        "gebouwd": "het moment van ondertekenen",
        "sha256": "de SHA-256 van het geheel",
    }
    yield from (woord for naam, woord in namen.items() if gezegd[naam] != gevonden[naam])
    for soort, woord in (("bestanden", "het bestand"), ("tabellen", "de tabel")):
        for naam in sorted(gezegd[soort].keys() | gevonden[soort].keys()):
            if gezegd[soort].get(naam) != gevonden[soort].get(naam):
                yield f"{woord} {naam}"


def _nagerekend(
    bewijs: Mapping[str, Any],
    bundel: Bundelbestand,
    sleutel: Sleutel | None,
    eigen: Bundelbestand | None,
    opa: str,
) -> list[Stap]:
    """The signature, and the besluit once more."""
    if bundel.handtekening is None:
        stap = Stap("niet gedaan", "De afspraken zijn niet ondertekend: niemand staat ervoor in.")
    elif sleutel is None:
        stap = Stap(
            "niet gedaan",
            "De handtekening is niet gecontroleerd. Geef met --sleutel de publieke sleutel van wie "
            "de afspraken vaststelt. Krijg die sleutel niet van wie u het bewijs gaf.",
        )
    else:
        try:
            with draaiend(bundel.inhoud, sleutel) as vraag:
                return [_ondertekend(bewijs, bundel, sleutel), _hetzelfde(bewijs, vraag, opa)]
        except BuildError as error:
            stap = Stap(
                "fout",
                "OPA neemt deze afspraken niet aan: de handtekening klopt niet met deze sleutel, "
                f"of de afspraken passen niet bij OPA {opa}. OPA zegt: {error}",
            )
    if eigen is None or eigen.bestanden != bundel.bestanden:
        return [
            stap,
            Stap(
                "niet gedaan",
                "Het besluit is niet nagerekend. Dat gebeurt alleen met afspraken waarvan de "
                "handtekening klopt, of die u zelf ook hebt (--bundel).",
            ),
        ]
    try:
        with draaiend(eigen.inhoud, None) as vraag:
            return [stap, _hetzelfde(bewijs, vraag, opa, waarvan=" uit uw eigen bundel")]
    except BuildError as error:
        tekst = f"Het besluit is niet nagerekend: de afspraken passen niet bij OPA {opa}."
        return [stap, Stap("niet gedaan", f"{tekst} OPA zegt: {error}")]


def _ondertekend(bewijs: Mapping[str, Any], bundel: Bundelbestand, sleutel: Sleutel) -> Stap:
    if bewijs["handtekening"]["sleutel_sha256"] not in (None, sleutel.sha256):
        return Stap(
            "fout",
            "De handtekening klopt met uw sleutel, maar het bewijs noemt een andere sleutel.",
        )
    wanneer = f", op {tijdstip(bundel.gebouwd)}" if bundel.gebouwd else ""
    return Stap(
        "goed",
        f"De handtekening klopt: deze afspraken zijn ondertekend met uw sleutel{wanneer}. De "
        f"SHA-256 van die sleutel begint met {sleutel.sha256[:_KORT]}.",
    )


def _hetzelfde(
    bewijs: Mapping[str, Any], vraag: Callable[[Any], Any], opa: str, waarvan: str = ""
) -> Stap:
    anders = "" if bewijs["opa"] == opa else f" Toen was het OPA {bewijs['opa']}."
    try:
        gegeven = vraag(bewijs["toewijzing"])
    except UitfaseringError as error:
        return Stap("fout", f"OPA geeft met deze afspraken geen besluit. {error}")
    if canoniek(gegeven) != canoniek(bewijs["besluit"]):
        return Stap(
            "fout",
            f"OPA {opa} geeft met deze afspraken{waarvan} een ander besluit op deze toewijzing dan "
            f"in het bewijs staat.{anders}",
        )
    return Stap(
        "goed",
        f"OPA {opa} geeft met deze afspraken{waarvan} precies dit besluit op deze toewijzing."
        f"{anders}",
    )
