"""What a report says of the run besides its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from uitfasering.bulk.lezen.model import Bestand


@dataclass(frozen=True)
class Herkomst:
    """Where the figures come from.

    Attributes:
        bundel: the revision of the bundle that answered.
        opa: the version of OPA.
        begin, einde: when the run began and ended.
        bestanden: the files that were read.
        kolommen: veld → the column of the file it was read from.
        weggelaten: columns with personal data, which were not read.
        meldingen: what else a reader of the figures should know, in Dutch sentences.
        rijen_in, rijen_uit, rijen_fout: rows read, written, and not valid.
        klassen_gecontroleerd: how many classes OPA's ``besluiten`` confirmed.
        rijen_gecontroleerd: how many random rows it confirmed besides.
        onbekende_codes: product code that is not in the catalogue → number of rows.
    """

    bundel: str
    opa: str
    begin: datetime
    einde: datetime
    bestanden: Sequence[Bestand]
    kolommen: Mapping[str, str]
    weggelaten: Sequence[str]
    meldingen: Sequence[str]
    rijen_in: int
    rijen_uit: int
    rijen_fout: int
    klassen_gecontroleerd: int
    rijen_gecontroleerd: int
    onbekende_codes: Mapping[str, int]
