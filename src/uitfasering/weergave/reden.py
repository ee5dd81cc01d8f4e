"""Why a besluit says what it says: its bevindingen in order, and what each one rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uitfasering.leesgegevens import Leesgegevens
from uitfasering.records import Besluit, Bevinding
from uitfasering.weergave.woorden import datum

# Its oplossing says what belongs in the field.
_INVOER = "A-00"
# They never change the uitkomst, so they are shown last and smaller.
_BIJZAKEN = ("ADVIES", "INFO")


@dataclass(frozen=True)
class Ingedeeld:
    """The bevindingen of a besluit as they are shown.

    Attributes:
        waarom: those that decide the uitkomst.
        daarnaast: the others that ask something.
        bijzaken: the rest, by gevolg.
    """

    waarom: Sequence[Bevinding]
    daarnaast: Sequence[Bevinding]
    bijzaken: Mapping[str, Sequence[Bevinding]]


def ingedeeld(besluit: Besluit) -> Ingedeeld:
    """The bevindingen of a besluit, in the order in which a reader needs them."""

    def met(gevolg: str) -> list[Bevinding]:
        return [b for b in besluit.bevindingen if b.gevolg == gevolg]

    return Ingedeeld(
        waarom=met(besluit.uitkomst),
        daarnaast=[
            b for b in besluit.bevindingen if b.gevolg not in (besluit.uitkomst, *_BIJZAKEN)
        ],
        bijzaken={gevolg: met(gevolg) for gevolg in _BIJZAKEN},
    )


def bron_in_zinnen(
    bevinding: Bevinding, gegevens: Leesgegevens, vorige_lezing: str | None = None
) -> list[str]:
    """Which sentence of which letter, how firm it is and for whom, and how it was read.

    ``vorige_lezing`` was shown just before, and is not shown again.
    """
    weergave = gegevens.weergave
    uit_brief = bevinding.regel not in weergave["zonder_citaat"]
    zinnen = []
    if uit_brief:
        plaats = gegevens.plaatsen.get(bevinding.regel)
        zinnen += [
            f"In de brief van {datum(bevinding.brief)} staat: “{bevinding.citaat}”"
            + (f" ({plaats}, afspraak {bevinding.regel})." if plaats else "."),
            weergave["normen"][bevinding.norm].replace(
                "{wie}", weergave["geadresseerden"][bevinding.geadresseerde]
            ),
        ]
    if bevinding.lezing and bevinding.lezing != vorige_lezing:
        zinnen.append(("Zo lezen wij de brief: " if uit_brief else "") + bevinding.lezing)
    return zinnen


def oplossing_label(bevinding: Bevinding) -> str:
    """What stands before the oplossing of a bevinding."""
    return "Wat hier hoort" if bevinding.regel == _INVOER else "Wat u kunt doen"
