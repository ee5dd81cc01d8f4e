"""What a run writes: each kind of output takes the blocks and is finished at the end."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Protocol

import pyarrow as pa

from uitfasering.bulk.stroom import Blok
from uitfasering.bulk.uitvoer import Uitvoer, open_uitvoer
from uitfasering.bulk.uitvoeren import Doelen, Run, samen, uitvoerschema


class Schrijver(Protocol):
    """Something that is written in a run."""

    def neem(self, blok: Blok) -> None:
        """Take the next rows."""

    def klaar(self, run: Run) -> None:
        """Finish: every row was seen and checked."""


def open_doelen(doelen: Doelen, run: Run, stapel: ExitStack) -> list[Schrijver]:
    """Open what is to be written, so that what cannot be is said before the work.

    Args:
        doelen: what to write, and where (``klaargezet``).
        run: the run it is about.
        stapel: closes it; what was not finished by then is gone.

    Raises:
        UitfaseringError: something cannot be written there.
    """
    found: list[Schrijver] = []
    if doelen.uit:
        schema = uitvoerschema(run.invoer)
        uitvoer = stapel.enter_context(open_uitvoer(doelen.uit, schema))
        found.append(_Rijen(uitvoer, schema))
    if doelen == Doelen(uit=doelen.uit):
        return found
    # Reports and the tables they read take longer to load than many a run.
    from uitfasering.bulk.verslagen import open_verslagen

    return [*found, *open_verslagen(doelen, run, stapel)]


class _Rijen:
    """The rows themselves; the file appears when the run ends well."""

    def __init__(self, uitvoer: Uitvoer, schema: pa.Schema) -> None:
        self._uitvoer = uitvoer
        self._schema = schema

    def neem(self, blok: Blok) -> None:
        self._uitvoer.schrijf(samen(blok, self._schema))

    def klaar(self, run: Run) -> None:
        pass
