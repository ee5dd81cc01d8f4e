"""Reading several files of messages together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count

from uitfasering.berichten.meldingen import fout
from uitfasering.berichten.model import Bron, Ingelezen, Instellingen
from uitfasering.berichten.omzetten import zet_om
from uitfasering.berichten.samenhang import Samenhang
from uitfasering.berichten.xmlstroom import Bericht, Product, lees_stroom
from uitfasering.errors import MessageError
from uitfasering.melding import Melding


def lees_berichten(
    bestanden: Sequence[Bron], instellingen: Instellingen
) -> Iterator[Ingelezen | Melding]:
    """Every product of every message as a toewijzing, in the order given.

    Each file is read twice: first to see that it is whole and what its messages say of each
    other, then to yield its products one by one. So a file that is broken near its end gives
    only its Melding and no toewijzingen, and memory does not grow with the size of a file.
    A message that cannot be used (another type, a wrong version) gives one Melding; the
    other messages in its file, and the other files, are still read.
    """
    samenhang = Samenhang()
    niet_gebruiken: dict[int, set[int]] = {}
    onleesbaar: dict[int, Sequence[Melding]] = {}
    for plaats, bron in enumerate(bestanden):
        try:
            stroom = _open(bron, instellingen.max_bytes)
            niet_gebruiken[plaats] = samenhang.voeg_toe(stroom, plaats, bron.naam)
        except MessageError as e:
            onleesbaar[plaats] = e.meldingen
    samenhang.sluit_af()

    telling = count(1)
    for plaats, bron in enumerate(bestanden):
        if plaats in onleesbaar:
            yield from onleesbaar[plaats]
            continue
        try:
            for deel in _open(bron, instellingen.max_bytes):
                if isinstance(deel, Bericht):
                    if deel.fout:
                        yield deel.fout
                elif deel.bericht.volgnummer not in niet_gebruiken[plaats]:
                    yield zet_om(
                        deel,
                        naam=bron.naam,
                        bestand=plaats,
                        telling=next(telling),
                        instellingen=instellingen,
                        samenhang=samenhang,
                    )
        except MessageError as e:  # the file was changed since the first time
            yield from e.meldingen


def _open(bron: Bron, max_bytes: int) -> Iterator[Product | Bericht]:
    gelukt = True
    try:
        with closing(bron.openen()) as stroom:
            yield from lees_stroom(stroom, bron.naam, max_bytes)
    except OSError:
        gelukt = False
    # Raised outside the except: the OSError may hold more of the path than the user gave.
    if not gelukt:
        raise fout("bestand-onleesbaar", bron.naam)
