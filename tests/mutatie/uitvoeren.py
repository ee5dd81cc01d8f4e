"""Tries each mutant: which case or test sees that something changed?"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

import test_gegevens
from mutatie import rego, tabellen
from mutatie.mutant import Mutant
from uitfasering.errors import BuildError, OpaUnavailable
from uitfasering.gegevens import Gegevens, laad
from uitfasering.paths import opa_binary
from uitfasering.stage import maak_stage, policies
from uitfasering.toets.gevallen import Geval, lees_gevallen
from uitfasering.toets.verschil import klopt
from uitfasering.varianten import met
from uitfasering.werkbank import Werkbank

GEVAL = "geval"
TOETS = "toets"
AFGEKEURD = "afgekeurd"
OVERLEEFT = "overleeft"

_MONSTER = 30
_PORTIE = 150

# What no besluit shows, such as the norm of an agreement: pytest reads the tables themselves.
_OVER_DE_TABELLEN: Sequence[Callable[[Gegevens], None]] = (
    test_gegevens.test_norm_en_geadresseerde_zijn_die_van_het_contract,
    test_gegevens.test_gevolg_is_dat_van_het_contract,
    test_gegevens.test_van_twee_afspraken_wijkt_alleen_een_college_af,
    test_gegevens.test_berichten_worden_gelezen_zoals_ijw_ze_bedoelt,
    test_gegevens.test_b2_09_noemt_de_code_en_de_minuten_van_de_brief,
    test_gegevens.test_alleen_54002_is_geen_voorbeeld,
    test_gegevens.test_catalogus_kan_elke_afspraak_laten_zien,
    test_gegevens.test_er_is_geen_afwijking_en_geen_contact_verzonnen,
)


@dataclass(frozen=True)
class Uitslag:
    """What became of a mutant.

    Attributes:
        afloop: GEVAL, TOETS (a test in Rego or of the tables), AFGEKEURD (OPA or the checks on the
            tables refuse it) or OVERLEEFT.
        door: the case or test that saw it, or who refused it.
    """

    mutant: Mutant
    afloop: str
    door: str = ""


class Proefbank:
    """One OPA and one stage to try mutants on, one after the other.

    Raises:
        BuildError: the project itself does not pass its cases or tests.
    """

    def __init__(self, root: Path, gevallen: Sequence[Geval]) -> None:
        self._root = root
        self._gevallen = [geval for geval in gevallen if not geval.overslaan]
        self._werkbank = Werkbank(root)
        self._gegevens = self._werkbank.gegevens
        self._veranderd = ""
        self._map = tempfile.TemporaryDirectory(prefix="uitfasering-mutatie-")
        base = Path(self._map.name)
        self._stage = base / "stage"
        maak_stage(self._stage, root=root, gegevens=self._gegevens)
        for test in (root / "policies").rglob("*_test.rego"):
            shutil.copyfile(test, self._stage / test.relative_to(root / "policies"))
        self._project = base / "project"
        self._project.mkdir()
        shutil.copytree(root / "data", self._project / "data")
        (self._project / "schemas").symlink_to(root / "schemas")

    def __enter__(self) -> Proefbank:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._werkbank.close()
        self._map.cleanup()

    def in_orde(self) -> None:
        """Without a change everything must hold, else no mutant says anything.

        Raises:
            BuildError: something does not; the message names it.
        """
        seen = self._ziet_een_geval(self._gegevens, frozenset()) or self._ziet_een_toets()
        seen = seen or _ziet_een_tabeltoets(self._gegevens)
        if seen:
            raise BuildError(f"Eerst moet alles in orde zijn, en dat is het niet: {seen}")

    def beproef(self, mutant: Mutant) -> Uitslag:
        """Change it, ask everything until something sees it, and change it back."""
        if self._veranderd not in ("", mutant.bestand):
            self._zet_policy(self._veranderd, (self._root / self._veranderd).read_text("utf-8"))
            self._veranderd = ""
        if mutant.bestand.startswith("policies/"):
            return self._beproef_rego(mutant)
        return self._beproef_tabel(mutant)

    def _zet_policy(self, bestand: str, tekst: str) -> None:
        self._werkbank.zet_policy(bestand.removeprefix("policies/"), tekst)

    def _beproef_rego(self, mutant: Mutant) -> Uitslag:
        try:
            self._zet_policy(mutant.bestand, mutant.tekst)
        except BuildError:
            return Uitslag(mutant, AFGEKEURD, "OPA")
        self._veranderd = mutant.bestand
        if seen := self._ziet_een_geval(self._gegevens, mutant.regels):
            return Uitslag(mutant, GEVAL, seen)
        staged = self._stage / mutant.bestand.removeprefix("policies/")
        seen = self._ziet_een_toets(staged, mutant.tekst)
        return Uitslag(mutant, TOETS if seen else OVERLEEFT, seen)

    def _beproef_tabel(self, mutant: Mutant) -> Uitslag:
        path = self._project / mutant.bestand
        shipped = path.read_text("utf-8")
        path.write_text(mutant.tekst, "utf-8")
        try:
            changed = laad(self._project)
        except BuildError as error:
            return Uitslag(mutant, AFGEKEURD, str(error))
        finally:
            path.write_text(shipped, "utf-8")
        in_geen_besluit = mutant.soort in tabellen.NIET_IN_EEN_GEVAL
        if in_geen_besluit and (seen := _ziet_een_tabeltoets(changed)):
            return Uitslag(mutant, TOETS, seen)
        if seen := self._ziet_een_geval(changed, mutant.regels):
            return Uitslag(mutant, GEVAL, seen)
        if seen := _ziet_een_tabeltoets(changed):
            return Uitslag(mutant, TOETS, seen)
        with tempfile.TemporaryDirectory() as folder:
            maak_stage(Path(folder), root=self._root, gegevens=changed)
            tables = (Path(folder) / "gegevens" / "data.json").read_text("utf-8")
        seen = self._ziet_een_toets(self._stage / "gegevens" / "data.json", tables)
        return Uitslag(mutant, TOETS if seen else OVERLEEFT, seen)

    def _ziet_een_geval(self, gegevens: Gegevens, regels: frozenset[str]) -> str:
        """The first case that fails, "" when there is none."""
        asked = None
        for gevallen in _volgorde(self._gevallen, regels):
            try:
                if asked != gevallen[0].gegevens_sleutel:
                    asked = gevallen[0].gegevens_sleutel
                    self._werkbank.zet_gegevens(met(gegevens, gevallen[0].gegevens))
                besluiten = self._werkbank.besluiten(
                    {str(i): geval.toewijzing for i, geval in enumerate(gevallen)}
                )
            except (BuildError, OpaUnavailable) as error:  # the cases cannot even be asked
                return f"{gevallen[0].bestand}: {str(error).splitlines()[0]}"
            for i, geval in enumerate(gevallen):
                if not _klopt(geval, besluiten.get(str(i))):
                    return geval.kenmerk
        return ""

    def _ziet_een_toets(self, file: Path | None = None, tekst: str = "") -> str:
        """The first Rego unit test that fails with this text in the stage; "" if there is none."""
        if file is None:
            return self._opa_test()
        shipped = file.read_text("utf-8")
        file.write_text(tekst, "utf-8")
        try:
            # Those beside a policy are most likely to see it, and far quicker than all of them.
            beside = file.suffix == ".rego" and self._opa_test("--run", f"{file.parent.name}_test")
            return beside or self._opa_test()
        finally:
            file.write_text(shipped, "utf-8")

    def _opa_test(self, *options: str) -> str:
        command = [str(opa_binary()), "test", "--timeout", "60s", *options, str(self._stage)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode == 0:
            return ""
        lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        return next((line for line in lines if ": FAIL" in line or ": ERROR" in line), lines[0])


def _klopt(geval: Geval, besluit: dict[str, Any] | None) -> bool:
    try:
        return besluit is not None and klopt(geval, besluit)
    except (LookupError, TypeError):  # a besluit that is not one: a key is missing
        return False


def _volgorde(gevallen: Sequence[Geval], regels: frozenset[str]) -> Iterator[list[Geval]]:
    """Every case, in portions on the same tables; what will most likely see it comes first.

    That is a case on the shipped tables that names one of these regels; then a few from every
    file, because most mutants of the shared words fail nearly everywhere.
    """
    groups: dict[tuple[bool, str], list[Geval]] = {}
    for geval in gevallen:
        named = {*geval.verwacht.get("regels", []), *geval.verwacht.get("niet", [])}
        first = bool(regels & named) and not geval.gegevens
        groups.setdefault((not first, geval.gegevens_sleutel), []).append(geval)
    # On the shipped tables before other tables: "{}" has the shortest key.
    for key in sorted(groups, key=lambda key: (key[0], len(key[1]), key[1])):
        group = groups[key]
        step = -(-len(group) // _MONSTER)
        yield group[::step]
        rest = [geval for i, geval in enumerate(group) if i % step]
        for begin in range(0, len(rest), _PORTIE):
            yield rest[begin : begin + _PORTIE]


def _ziet_een_tabeltoets(gegevens: Gegevens) -> str:
    for test in _OVER_DE_TABELLEN:
        try:
            test(gegevens)
        except (AssertionError, LookupError):
            return f"tests/test_gegevens.py: {test.__name__}"
    return ""


def mutanten(root: Path, bestanden: Iterable[str] = ()) -> list[Mutant]:
    """Every mutant of the project, or those of the files whose path ends so, by file."""
    # What bulk asks decides nothing, and no case can see it: it is compared with OPA row by row.
    bulk = root / "policies" / "uitfasering" / "bulk"
    own = [path for path in policies(root) if bulk not in path.parents]
    found = [mutant for path in own for mutant in rego.mutanten(root, path)]
    found += tabellen.mutanten(root, laad(root))
    names = tuple(bestanden)
    return [mutant for mutant in found if not names or mutant.bestand.endswith(names)]


def draai(
    root: Path, mutanten: Sequence[Mutant], gevallen: Sequence[Geval] | None = None
) -> list[Uitslag]:
    """Try these mutants, on every core, in their order.

    Args:
        root: the project.
        mutanten: what to try.
        gevallen: the cases; the default is all that are shipped.

    Raises:
        BuildError: the project itself does not pass its cases or tests.
        OpaUnavailable: OPA cannot be started.
    """
    if gevallen is None:
        gevallen, meldingen = lees_gevallen(root)
        if meldingen:
            raise BuildError("\n".join(map(str, meldingen)))
    os.environ.setdefault("GOGC", "400")  # OPA compiles thousands of times: less garbage collection
    workers = os.cpu_count() or 1
    idle: SimpleQueue[Proefbank] = SimpleQueue()

    def beproef(mutant: Mutant) -> Uitslag:
        bank = idle.get()
        try:
            return bank.beproef(mutant)
        finally:
            idle.put(bank)

    banks = [Proefbank(root, gevallen) for _ in range(workers)]
    try:
        banks[0].in_orde()
        for bank in banks:
            idle.put(bank)
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(beproef, mutanten))
    finally:
        for bank in banks:
            bank.__exit__(None, None, None)
