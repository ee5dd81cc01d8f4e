"""``uitfasering toets --watch``: run the cases again whenever a file changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TypeAlias

from uitfasering.controle.tekst import schrijf as schrijf_meldingen
from uitfasering.errors import BuildError, OpaUnavailable
from uitfasering.toets.gevallen import bestanden
from uitfasering.toets.keuze import Keuze, OnbekendeKeuze
from uitfasering.toets.ronde import GeenGevallen, eerste_ronde, ronde
from uitfasering.toets.verslag import schrijf
from uitfasering.weergave.veilig import schoon
from uitfasering.werkbank import Werkbank

_KIJK_SECONDS = 0.3
# An editor writes a file in more than one step: wait until two looks see the same.
_RUST_SECONDS = 0.05

Stempel: TypeAlias = tuple[int, int, int]
Stand: TypeAlias = dict[Path, Stempel]


@dataclass(frozen=True)
class Wijziging:
    """What changed since the last look.

    Attributes:
        gevallen: case files that are new or have changed.
        weg: case files that are no longer there.
        regels: files in data/, policies/ or schemas/: everything must run again.
    """

    gevallen: list[Path] = field(default_factory=list)
    weg: list[Path] = field(default_factory=list)
    regels: list[Path] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.gevallen or self.weg or self.regels)


class Kijker:
    """Looks at the case files and at what decides them.

    Args:
        root: the project.
        paden: the case files and folders.
    """

    def __init__(self, root: Path, paden: Iterable[Path]) -> None:
        self._root = root
        self._paden = list(paden)
        self._gevallen, self._regels = self._kijk()

    def wijzigingen(self) -> Iterator[Wijziging]:
        """Every change, as it comes; never ends."""
        while True:
            time.sleep(_KIJK_SECONDS)
            if wijziging := self.wijziging():
                yield wijziging

    def wijziging(self) -> Wijziging:
        """What changed since the last time; waits until the files are at rest."""
        was_gevallen, was_regels = self._gevallen, self._regels
        now = self._kijk()
        if now == (was_gevallen, was_regels):
            return Wijziging()
        while (later := self._wacht()) != now:
            now = later
        self._gevallen, self._regels = now
        return Wijziging(
            _anders(was_gevallen, self._gevallen),
            sorted(was_gevallen.keys() - self._gevallen.keys()),
            [*_anders(was_regels, self._regels), *sorted(was_regels.keys() - self._regels.keys())],
        )

    def _wacht(self) -> tuple[Stand, Stand]:
        time.sleep(_RUST_SECONDS)
        return self._kijk()

    def _kijk(self) -> tuple[Stand, Stand]:
        folders = (("data", "*.yaml"), ("policies", "*.rego"), ("schemas", "*.json"))
        regels = (path for name, kind in folders for path in (self._root / name).rglob(kind))
        return _stand(bestanden(self._paden)), _stand(regels)


def kijk(root: Path, paden: Sequence[Path], keuze: Keuze, *, alles: bool = False) -> NoReturn:
    """Run everything, and then what changed, until somebody presses Ctrl-C.

    A fault in the tables or policies is shown; the next change to them is another try.

    Raises:
        GeenGevallen, OnbekendeKeuze: there is nothing to run, right at the start.
    """
    toneel = _Toneel(root, paden, keuze, alles)
    kijker = Kijker(root, paden)
    try:
        toneel.begin()
        toneel.zeg("Ik kijk of er iets verandert. Stoppen: Ctrl-C")
        for wijziging in kijker.wijzigingen():
            toneel.ga_door(wijziging)
    except KeyboardInterrupt:
        toneel.zeg("Gestopt.")
        raise
    finally:
        toneel.sluit()
    raise AssertionError  # looking never ends by itself


class _Toneel:
    """The werkbank while it lasts, and what is shown."""

    def __init__(self, root: Path, paden: Sequence[Path], keuze: Keuze, alles: bool) -> None:
        self._root, self._paden, self._keuze, self._alles = root, paden, keuze, alles
        self._werkbank: Werkbank | None = None

    def begin(self) -> None:
        """Everything, on a new werkbank."""
        self.sluit()
        try:
            self._werkbank, verslag = eerste_ronde(self._root, self._paden, self._keuze)
        except (BuildError, OpaUnavailable) as fout:
            self._toon_fout(fout)
        else:
            schrijf(verslag, self._root, sys.stdout, alles=self._alles)

    def ga_door(self, wijziging: Wijziging) -> None:
        """What a change asks for."""
        namen = [path.name for path in (*wijziging.regels, *wijziging.gevallen)]
        self.zeg(f"\n── {time.strftime('%H:%M:%S')} gewijzigd: {', '.join(namen)}" if namen else "")
        if wijziging.weg:
            self.zeg(f"Niet meer te vinden: {', '.join(path.name for path in wijziging.weg)}")
        try:
            if wijziging.regels or self._werkbank is None:
                self.begin()
            elif wijziging.gevallen:
                verslag = ronde(self._werkbank, wijziging.gevallen, self._keuze)
                schrijf(verslag, self._root, sys.stdout, alles=self._alles)
        except OpaUnavailable as fout:  # begin again at the next change
            self.sluit()
            self._toon_fout(fout)
        except (GeenGevallen, OnbekendeKeuze) as fout:
            self.zeg(str(fout))

    def sluit(self) -> None:
        """Stop OPA."""
        werkbank, self._werkbank = self._werkbank, None
        if werkbank:
            werkbank.close()

    def zeg(self, zin: str) -> None:
        """A line of text, seen at once."""
        print(*map(schoon, zin.split("\n")), sep="\n", flush=True)

    def _toon_fout(self, fout: BuildError | OpaUnavailable) -> None:
        meldingen = fout.meldingen if isinstance(fout, BuildError) else ()
        if meldingen:
            schrijf_meldingen(meldingen, self._root, sys.stdout)
        else:
            self.zeg(f"FOUT: {fout}")
        self.zeg("Er is niets nagerekend. Verbeter dit en sla het op.")


def _stand(paden: Iterable[Path]) -> Stand:
    found: Stand = {}
    for path in paden:
        try:
            stat = path.stat()
        except OSError:  # gone between the listing and now
            continue
        found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found


def _anders(was: Stand, now: Stand) -> list[Path]:
    return sorted(path for path, stempel in now.items() if was.get(path) != stempel)
