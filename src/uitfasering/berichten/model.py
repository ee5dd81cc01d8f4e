"""What goes in (Bron, Instellingen) and what comes out (Ingelezen) of reading messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from uitfasering.records import Handeling

if TYPE_CHECKING:
    from uitfasering.leesgegevens import Leesgegevens


@dataclass(frozen=True)
class Bron:
    """A file to read: its name as the user gave it, and how to open its bytes.

    ``openen`` is called twice (see :func:`uitfasering.berichten.lees_berichten`) and gives
    a new binary stream at its beginning each time. It may raise ``OSError``.
    """

    naam: str
    openen: Callable[[], BinaryIO]

    @classmethod
    def van_pad(cls, pad: Path, naam: str | None = None) -> Bron:
        """A file on disk; ``naam`` is how messages call it, by default its path."""
        return cls(naam or str(pad), lambda: pad.open("rb"))

    @classmethod
    def van_bytes(cls, naam: str, inhoud: bytes) -> Bron:
        """Bytes that were read already, such as standard input."""
        return cls(naam, lambda: BytesIO(inhoud))


@dataclass(frozen=True, kw_only=True)
class Instellingen:
    """How to read.

    Attributes:
        nieuw_binnen_dagen: a JW301 product without RedenWijziging is ``nieuw`` when its
            Toewijzingsdatum lies at most this many days before the Dagtekening.
        reden_wijziging: the handeling of a JW301 product by its RedenWijziging (iJw JZ002);
            any other RedenWijziging is ``lopend``.
        handeling: overrides what a JW301 or JW315 says; a JW323 is always a declaratie.
        op: ``YYYY-MM-DD``, the toewijzingsdatum of JW315 products; None = their Dagtekening.
        max_bytes: a file with more bytes is refused.
    """

    nieuw_binnen_dagen: int
    reden_wijziging: Mapping[str, Handeling]
    handeling: Handeling | None
    op: str | None
    max_bytes: int

    @classmethod
    def van(
        cls,
        gegevens: Leesgegevens,
        max_bytes: int,
        *,
        handeling: Handeling | None = None,
        op: str | None = None,
    ) -> Instellingen:
        """With what ``data/berichten.yaml`` says."""
        return cls(
            nieuw_binnen_dagen=gegevens.nieuw_binnen_dagen,
            reden_wijziging=gegevens.reden_wijziging,
            handeling=handeling,
            op=op,
            max_bytes=max_bytes,
        )


@dataclass(frozen=True, kw_only=True)
class Ingelezen:
    """One product of one message, as a toewijzing to decide on.

    Attributes:
        kenmerk: unique within one reading, e.g. ``jw301/2/300202`` (type of message, count
            over all files, ToewijzingNummer if any); holds no file name and nothing personal.
        toewijzing: the fields of ``schemas/toewijzing.json`` with the values the message
            had (spaces around them trimmed), right or wrong; absent fields are left out.
        bron: the file as the user named it.
        regel: line in that file where the product begins, from 1.
        bericht: type and version, ``JW301 3.2``.
        toewijzingnummer: without leading zeros, or None.
        handeling_grond: Dutch, why this handeling was chosen.
        opmerkingen: Dutch, what else was chosen or added while reading.
    """

    kenmerk: str
    toewijzing: dict[str, Any]
    bron: str
    regel: int
    bericht: str
    toewijzingnummer: str | None
    handeling_grond: str
    opmerkingen: tuple[str, ...]
