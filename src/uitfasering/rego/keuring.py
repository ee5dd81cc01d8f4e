"""What ``opa check --strict`` says of the policies: every fault at once.

OPA stops at the first stage that finds a fault: one missing brace hides every wrong name elsewhere.
So what OPA rejects is reported, left out, and the rest is checked again until OPA is content.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from uitfasering.errors import OpaUnavailable
from uitfasering.melding import Melding
from uitfasering.paths import opa_binary
from uitfasering.rego.tekst import Deel, Rego
from uitfasering.rego.uitleg import Kennis
from uitfasering.rego.vertaling import vertaal

_RONDES = 12
_SECONDS = 60
# What OPA may say of a part only because another part, that it uses, was left out: of a name that
# is gone, of a variable that gets its value from one, of the type of what is left.
_FUNCTIE = re.compile(r"undefined function (\S+)")
_VARIABELE = re.compile(r"var \S+ is unsafe")
_SOORT = re.compile(r"match error|\S+: invalid argument|undefined ref: data")
_ONGEBRUIKTE_IMPORT = re.compile(r"import \S+ unused")
_KRING = re.compile(r"rule \S+ is recursive: (.*)")
# One name for two things: leaving one part out would only move the fault to the next.
_OM_DE_NAAM = re.compile(r"(?:conflicting|multiple default) rules (\S+) found")


_Naam: TypeAlias = tuple[str, str]  # package and rule
_Gebruik: TypeAlias = dict[tuple[str, int], tuple[_Naam, frozenset[_Naam]]]


@dataclass(frozen=True)
class Keuring:
    """What OPA's check found.

    Attributes:
        meldingen: every fault, in Dutch.
        gaaf: path to text of what OPA accepts, the rejected parts left out.
        volledig: whether nothing was left out.
    """

    meldingen: list[Melding]
    gaaf: Mapping[str, str]
    volledig: bool


def keur(bronnen: Sequence[Rego], weg: Iterable[Rego], schemas: Path, feiten: Any) -> Keuring:
    """Check the policies.

    Args:
        bronnen: the files to check.
        weg: files that are left out, because of faults already reported.
        schemas: the folder with the schemas the policies refer to.
        feiten: the facts by name, as in ``schemas/feiten.json``.

    Raises:
        OpaUnavailable: there is no OPA, or it does not answer.
    """
    return _Keurder(bronnen, weg, schemas, feiten).keur()


class _Keurder:
    def __init__(
        self, bronnen: Sequence[Rego], weg: Iterable[Rego], schemas: Path, feiten: Any
    ) -> None:
        self.schemas = schemas
        self.kennis = Kennis(bronnen, feiten)
        self.bronnen = {bron.naam: bron for bron in bronnen}
        self.modules = {bron.naam: list(bron.regels) for bron in bronnen}
        self.geraakt: set[str] = set()  # modules of which something was left out
        self.gesplitst: dict[str, list[Mapping[str, Any]]] = {}
        self.alle = [*bronnen, *weg]
        # The names of what was left out, and those of which nothing is left.
        self.namen = {(bron.hoort_in, deel.naam) for bron in weg for deel in bron.delen}
        self.verdwenen = set(self.namen)
        self.besmet = set(self.namen)  # and those that rest on them
        self.kringen: set[frozenset[str]] = set()
        self.meldingen: dict[Melding, None] = {}

    @cached_property
    def gebruik(self) -> _Gebruik:
        return _gebruik(self.alle)

    def keur(self) -> Keuring:
        volledig = not self.namen
        for _ in range(_RONDES):
            fouten = self._check()
            self._onverklaard(fouten)
            if not fouten:
                texts = {name: "\n".join(lines) for name, lines in self.modules.items()}
                return Keuring(list(self.meldingen), texts, volledig)
            volledig = False
            self.verdwenen = self.namen - self._over()
            self.besmet = _steunt_op(self.namen, self.gebruik)
            for module, van_module in fouten.items():
                if module not in self.modules:  # not about a policy: nothing to leave out
                    self._meld(module, van_module)
                    return Keuring(list(self.meldingen), {}, False)
                if van_module[0]["code"] == "rego_parse_error" and module in self.bronnen:
                    self._splits(module, van_module)
                else:
                    self._verwerk(module, van_module)
        return Keuring(list(self.meldingen), {}, False)

    def _check(self) -> dict[str, list[Mapping[str, Any]]]:
        """What OPA says, by module."""
        with tempfile.TemporaryDirectory(prefix="uitfasering-keuring-") as name:
            folder = Path(name).resolve()
            schrijf(folder, {m: "\n".join(lines) for m, lines in self.modules.items()})
            errors = fouten_van_opa(folder, self.schemas)
        by_module: dict[str, list[Mapping[str, Any]]] = {}
        for error in errors:
            file = str((error.get("location") or {}).get("file", ""))
            by_module.setdefault(file.removeprefix(f"{folder}/"), []).append(error)
        return by_module

    def _splits(self, module: str, fouten: list[Mapping[str, Any]]) -> None:
        """Go on with a module for each part, so that the sound parts are checked as well."""
        bron = self.bronnen[module]
        del self.modules[module]
        self.gesplitst[module] = fouten
        top = min((deel.begin for deel in bron.delen), default=len(bron.regels) + 1)
        self.modules[f"{module}/0.rego"] = list(bron.regels[: top - 1])
        for deel in bron.delen:
            keep = {*bron.aanhef, *range(deel.begin, deel.eind + 1)}
            self.modules[f"{module}/{deel.begin}.rego"] = [
                line if row in keep else "" for row, line in enumerate(bron.regels[: deel.eind], 1)
            ]

    def _onverklaard(self, fouten: Mapping[str, Any]) -> None:
        """A fault that no part has on its own is that of the file as a whole."""
        for name, errors in self.gesplitst.items():
            if not any(module.startswith(f"{name}/") for module in fouten):
                self._meld(name, errors)
        self.gesplitst = {}

    def _verwerk(self, module: str, fouten: Sequence[Mapping[str, Any]]) -> None:
        eigen = [fout for fout in fouten if not self._gevolg(module, fout)]
        self._meld(module, eigen)
        self.geraakt.add(module)
        for fout in fouten:
            if om_naam := _OM_DE_NAAM.match(fout["message"]):
                pakket, _, naam = om_naam[1].removeprefix("data.").rpartition(".")
                self._laat_naam_weg(pakket, naam)
            else:
                self._laat_weg(module, (fout.get("location") or {}).get("row", 0))

    def _gevolg(self, module: str, fout: Mapping[str, Any]) -> bool:
        """Whether it is only wrong because something else was left out, or told already."""
        if kring := _KRING.match(fout["message"]):  # OPA tells it at every rule in the circle
            names = frozenset(kring[1].split(" -> "))
            told = names in self.kringen
            self.kringen.add(names)
            return told
        bron = self._bron(module)
        deel = bron.deel(fout["location"]["row"]) if bron else None
        used = self.gebruik[bron.naam, deel.rij][1] if bron and deel else frozenset()
        if found := _FUNCTIE.match(fout["message"]):
            return found[1].rpartition(".")[2] in {name for _, name in self.verdwenen & used}
        if _VARIABELE.match(fout["message"]):
            return bool(self.verdwenen & used)
        if _SOORT.match(fout["message"]):
            return bool(self.besmet & used)
        ongeraakt = module in self.bronnen and module not in self.geraakt
        return bool(_ONGEBRUIKTE_IMPORT.match(fout["message"])) and not ongeraakt

    def _bron(self, module: str) -> Rego | None:
        """The file of a module: the module itself, or the one it is a part of."""
        return self.bronnen.get(module) or self.bronnen.get(module.rpartition("/")[0])

    def _over(self) -> set[_Naam]:
        """The names that still have a part."""
        return {
            (bron.hoort_in, deel.naam)
            for module, lines in self.modules.items()
            if (bron := self._bron(module))
            for deel in bron.delen
            if any(lines[deel.rij - 1 : deel.rij])
        }

    def _meld(self, module: str, fouten: Iterable[Mapping[str, Any]]) -> None:
        for melding in vertaal(fouten, self._bron(module), self.kennis):
            self.meldingen.setdefault(melding)

    def _laat_weg(self, module: str, row: int) -> None:
        """Leave out the part with this line; the whole module when it is in no part."""
        bron, lines = self._bron(module), self.modules.get(module)
        if bron is None or lines is None:  # gone already
            return
        if deel := bron.deel(row):
            self._wis(bron, lines, deel)
        elif bron.regels[row - 1 : row] and bron.regels[row - 1].startswith("import"):
            lines[row - 1] = ""
        else:
            gone = [d.naam for d in bron.delen if any(lines[d.rij - 1 : d.rij])]
            self.namen.update((bron.hoort_in, naam) for naam in gone)
            del self.modules[module]

    def _laat_naam_weg(self, pakket: str, naam: str) -> None:
        for module, lines in self.modules.items():
            bron = self._bron(module)
            for deel in bron.delen if bron and bron.hoort_in == pakket else ():
                if bron and deel.naam == naam:
                    self._wis(bron, lines, deel)

    def _wis(self, bron: Rego, lines: list[str], deel: Deel) -> None:
        self.namen.add((bron.hoort_in, deel.naam))
        end = min(deel.eind, len(lines))
        lines[deel.begin - 1 : end] = [""] * max(0, end - deel.begin + 1)


def _gebruik(bronnen: Sequence[Rego]) -> _Gebruik:
    """What each part uses, by its file and line: a name of its own package, or with its package."""
    known = {(bron.hoort_in, deel.naam) for bron in bronnen for deel in bron.delen}
    found: _Gebruik = {}
    for bron in bronnen:
        for deel in bron.delen:
            words = set(re.findall(r"\w+", bron.tekst_van(deel)))
            found[bron.naam, deel.rij] = (
                (bron.hoort_in, deel.naam),
                frozenset(
                    (pakket, naam)
                    for pakket, naam in known
                    if naam in words and (pakket == bron.hoort_in or pakket.split(".")[-1] in words)
                )
                - {(bron.hoort_in, deel.naam)},
            )
    return found


def _steunt_op(namen: Iterable[_Naam], gebruik: _Gebruik) -> set[_Naam]:
    """These names and every name that rests on one of them, however indirectly."""
    found = set(namen)
    new = found
    while new:
        new = {eigen for eigen, used in gebruik.values() if found & used} - found
        found |= new
    return found


def schrijf(folder: Path, modules: Mapping[str, str]) -> None:
    """Write modules under ``folder``, by path."""
    for name, text in modules.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")


def fouten_van_opa(folder: Path, schemas: Path) -> list[dict[str, Any]]:
    """The errors of ``opa check --strict`` as OPA gives them: code, message, location, details.

    Raises:
        OpaUnavailable: there is no OPA, or it does not answer.
    """
    command = [
        *(str(opa_binary()), "check", "--strict", "--max-errors", "0", "--format", "json"),
        *("--schema", str(schemas), str(folder)),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OpaUnavailable("OPA geeft geen antwoord. Probeer het opnieuw.") from error
    if not done.returncode:
        return []
    try:
        errors: list[dict[str, Any]] = json.loads(done.stdout or done.stderr)["errors"]
    except (ValueError, LookupError, TypeError) as error:
        said = (done.stderr or done.stdout).strip()
        raise OpaUnavailable(f"OPA keurt de regels niet. OPA zegt:\n{said}") from error
    return errors
