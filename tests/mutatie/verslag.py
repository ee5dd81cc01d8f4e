"""docs/toetsdekking.md: what the mutation run found, for a reader."""

from __future__ import annotations

import os
import platform
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from mutatie.gelijkwaardig import Gelijkwaardig
from mutatie.mutant import Mutant
from mutatie.uitvoeren import AFGEKEURD, GEVAL, TOETS, Uitslag
from uitfasering.datumhulp import MAANDEN

BLAD = Path("docs") / "toetsdekking.md"

_BREED = 60

_INLEIDING = """\
# Toetsdekking

Zien de gevallen het als een afspraak verandert? Dat is hier geprobeerd: elke vergelijking, elke
waarde en elke lijst in de regels, en elke waarde en keuze in de tabellen, is om de beurt
veranderd. Daarna zijn alle gevallen nagerekend. Elke verandering is opgemerkt, of maakt geen
verschil; dan staat hieronder waarom.

Deze pagina komt uit `scripts/mutatie`. Verander haar niet met de hand.
"""

_WERKWIJZE = """\
## Hoe het gaat

- **In de regels** (`policies/`, zonder de toetsen ernaast) verandert één ding tegelijk: een
  vergelijking schuift één stap op (`>=` wordt `>`) of draait om, een voorwaarde verdwijnt of
  wordt ontkend, een getal wordt één hoger of lager, een tekst wordt een andere waarde die dat
  gegeven kan hebben of een die niet bestaat, een lijst verliest een element, en een regel of een
  tak daarvan verdwijnt.
- **In de tabellen** (`data/`) verandert één waarde: een datum een dag, een getal één, een lijst
  een element minder, meer of anders, een code een andere code. Dat gebeurt bij elk begrip, en
  daarna nog eens bij elke afspraak die het begrip gebruikt, voor die afspraak alleen. Ook het
  gevolg, de norm, de geadresseerde en het voorstel van elke afspraak, de keuze van elke gemeente,
  de crisisroute, de volgorde van de uitkomsten en het lezen van berichten komen aan de beurt. Van
  de producten verandert elk kenmerk dat de uitkomst kan bepalen, bij het eerste product dat het
  heeft. Teksten en citaten blijven zoals ze zijn.
- **Afgekeurd** betekent: OPA of de controle van de tabellen laat de verandering niet toe. Zij kan
  dus nooit in een bundel komen en telt niet mee.
- Eerst worden de gevallen uit `tests/gevallen` nagerekend door een echte OPA, tot er een niet
  meer klopt. Merkt geen geval het op, dan volgen de toetsen naast de regels (`*_test.rego`) en de
  toetsen van de tabellen zelf (`tests/test_gegevens.py`): een besluit toont bijvoorbeeld niet hoe
  een tekst is opgebouwd.
- `scripts/test --volledig` probeert één op de vijftien veranderingen, `scripts/mutatie` allemaal.
"""


def pagina(
    uitslagen: Sequence[Uitslag],
    gelijkwaardig: Sequence[tuple[Mutant, Gelijkwaardig]],
    overlevenden: Sequence[Mutant],
    *,
    gevallen: int,
    seconden: float,
    dag: date,
) -> str:
    """The whole page."""
    same = [mutant for mutant, _ in gelijkwaardig]
    return "\n".join(
        [
            _INLEIDING,
            f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}, op {_machine()}: "
            f"{gevallen} gevallen, {_duur(seconden)}.\n",
            "## Uitkomst\n",
            _tabel("Bestand", lambda m: f"`{m.bestand}`", uitslagen, same),
            _tabel("Soort verandering", lambda m: m.soort, uitslagen, same),
            _WERKWIJZE,
            "## Niet opgemerkt\n",
            *([_plek(m, m.bij[:_BREED]) for m in overlevenden] or ["Geen."]),
            "",
            "## Maakt geen verschil\n",
            _redenen(gelijkwaardig),
        ]
    )


def _tabel(
    kop: str,
    van: Callable[[Mutant], str],
    uitslagen: Sequence[Uitslag],
    gelijkwaardig: Sequence[Mutant],
) -> str:
    rows: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    same = {id(mutant) for mutant in gelijkwaardig}
    for uitslag in uitslagen:
        kind = "gelijk" if id(uitslag.mutant) in same else uitslag.afloop
        rows.setdefault(van(uitslag.mutant), Counter())[kind] += 1
        total[kind] += 1
    lines = [
        f"| {kop} | veranderingen | een geval ziet het | een andere toets ziet het |"
        " geen verschil | niet opgemerkt | afgekeurd |",
        "| --- |" + " ---: |" * 6,
    ]
    for name, count in [*rows.items(), ("**Samen**", total)]:
        counted = count.total() - count[AFGEKEURD]
        left = counted - count[GEVAL] - count[TOETS] - count["gelijk"]
        cells = (counted, count[GEVAL], count[TOETS], count["gelijk"], left, count[AFGEKEURD])
        lines.append(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join([*lines, ""])


def _redenen(gelijkwaardig: Sequence[tuple[Mutant, Gelijkwaardig]]) -> str:
    lines = []
    for reden, group in groupby(gelijkwaardig, key=lambda pair: pair[1].reden):
        lines.append(f"{reden}\n")
        lines += [_plek(mutant, entry.bij) for mutant, entry in group]
        lines.append("")
    return "\n".join(lines)


def _plek(m: Mutant, bij: str) -> str:
    """Where and what, without a line number, which would change with every edit above it."""
    return f"- `{m.bestand}`, bij `{bij}`, {m.soort}: `{m.van}` → `{m.naar}`"


def _machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    found = None
    if cpuinfo.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text("utf-8"), re.MULTILINE)
    name = found[1] if found else platform.machine()
    return f"{name} met {os.cpu_count()} kernen"


def _duur(seconden: float) -> str:
    return f"in {int(seconden // 60)} minuten en {int(seconden % 60)} seconden"
