"""What every kind of file gives to an Uitvoer."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa


class Schrijver(Protocol):
    """Writes batches of one schema, in which text is ``string`` or codes (``cellen.compact``)."""

    def schrijf(self, batch: pa.RecordBatch) -> None:
        """Write the next rows."""

    def sluit(self, *, gelukt: bool) -> None:
        """Write what is still to be written; when not ``gelukt`` only let go of everything."""
