"""One OPA to try things on: the policies, with tables and files that can be changed while it runs.

The sidecar runs a bundle, which nobody can change. For proving rules that is too rigid: the cases
ask about other tables, and the mutation run about other policies. This OPA runs on the same stage
as the bundle is made from, opened as plain files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from uitfasering.errors import BuildError, OpaUnavailable
from uitfasering.gegevens import Gegevens, laad
from uitfasering.opa_process import OpaProcess
from uitfasering.paths import project_root
from uitfasering.residu import VAN_TOEPASSING, Residu, Vergelijking, residuen
from uitfasering.stage import maak_stage
from uitfasering.tabellen import bouw_tabellen

_SECONDS = 120

_FEITEN = """\
feiten := {naam: rij |
	some naam, toewijzing in input.toewijzingen
	rij := data.uitfasering.feiten.rij with input as toewijzing
}"""


class Werkbank:
    """A context manager around one OPA.

    Args:
        root: the project; the default is the one this package works on.
        gegevens: the tables to start with; the default is those in ``root/data``.

    Raises:
        BuildError: the tables or policies are wrong.
        OpaUnavailable: there is no OPA to start.
    """

    def __init__(self, root: Path | None = None, gegevens: Gegevens | None = None) -> None:
        self.root = root or project_root()
        self._folder = tempfile.TemporaryDirectory(prefix="uitfasering-werkbank-")
        self._stage = Path(self._folder.name)
        self._session = requests.Session()
        self._modules: dict[str, str] = {}
        try:
            self.gegevens = gegevens or laad(self.root)
            maak_stage(self._stage, root=self.root, gegevens=self.gegevens)
            self._opa = OpaProcess(self._stage)
            self._opa.start()
            self._opa.wait_ready()
        except BaseException:
            self._folder.cleanup()
            raise

    def __enter__(self) -> Werkbank:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop OPA and remove its files."""
        self._opa.close()
        self._session.close()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """The address of this OPA."""
        return self._opa.url

    def zet_gegevens(self, gegevens: Gegevens) -> None:
        """Go on with these tables."""
        if gegevens is self.gegevens:
            return
        tables = {**bouw_tabellen(gegevens, self.root), "revisie": "werkbank"}
        self._vraag("PUT", "/v1/data/gegevens", tables)
        self.gegevens = gegevens

    def zet_policy(self, bestand: str, tekst: str) -> None:
        """Replace one policy file.

        Args:
            bestand: its path below ``policies/``, e.g. ``uitfasering/besluit.rego``.
            tekst: the new text.

        Raises:
            BuildError: OPA refuses it (it does not compile); the old one stays.
        """
        answer = self._session.put(
            f"{self.url}/v1/policies/{self._stage / bestand}",
            data=tekst.encode(),
            headers={"Content-Type": "text/plain"},
            timeout=_SECONDS,
        )
        if not answer.ok:
            raise BuildError(f"OPA keurt {bestand} af: {answer.text}")

    def besluiten(self, toewijzingen: Mapping[str, Any]) -> dict[str, Any]:
        """The besluit of each toewijzing, by the same key."""
        body = {"input": {"toewijzingen": toewijzingen}}
        result = self._vraag("POST", "/v1/data/uitfasering/besluiten", body)["result"]
        return dict(result)

    def feiten(self, toewijzingen: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The facts of each toewijzing (schemas/feiten.json), by the same key.

        Only for toewijzingen that are valid; facts of an invalid one mean nothing.
        """
        return dict(self.bereken(_FEITEN, "feiten", {"toewijzingen": toewijzingen}))

    def waar(
        self, vergelijkingen: Sequence[Vergelijking], feiten: Sequence[Mapping[str, Any]]
    ) -> list[list[bool]]:
        """Of every comparison, in OPA, whether it holds for each row of facts.

        Returns:
            A list for each row of facts, with a boolean for each comparison.
        """
        if not vergelijkingen:
            return [[] for _ in feiten]
        # Many rows have the same values for the facts of a comparison; OPA sees those once.
        nummers: list[list[int]] = []
        asked = []
        for v in vergelijkingen:
            rows: dict[tuple[Any, ...], int] = {}
            nummers.append([rows.setdefault(_waarden(v, rij), len(rows)) for rij in feiten])
            # A comparison is built in data, not in a query text: no quoting, and one query for all.
            asked.append(
                {
                    "vergelijking": {
                        "feit": v.feit,
                        "operator": v.operator,
                        "ander_feit": v.ander_feit or "",
                        "waarden": list(v.waarden),
                    },
                    "rijen": [dict(zip(v.feiten, row, strict=True)) for row in rows],
                }
            )
        answer = self.bereken(_WAAR, "antwoord", {"vragen": asked})
        return [
            [found[number[row]] for found, number in zip(answer, nummers, strict=True)]
            for row in range(len(feiten))
        ]

    def residuen(
        self, verzameling: str = VAN_TOEPASSING, tabel: str | None = None
    ) -> dict[str, Residu]:
        """What is left of each rule with these tables (see ``uitfasering.residu``)."""
        return residuen(self.url, verzameling, tabel)

    def bereken(self, regels: str, naam: str, invoer: Any) -> Any:
        """The value of rule ``naam`` in a module with ``regels``, for this input."""
        # Each module once: OPA compiles every policy again after a change.
        module = self._modules.get(regels, f"m{len(self._modules)}")
        if regels not in self._modules:
            tekst = f"package werkbank.{module}\n\n{regels}\n"
            self.zet_policy(f"werkbank/{module}.rego", tekst)
            self._modules[regels] = module
        return self._vraag("POST", f"/v1/data/werkbank/{module}/{naam}", {"input": invoer})[
            "result"
        ]

    def _vraag(self, method: str, path: str, body: Any) -> Any:
        try:
            answer = self._session.request(method, self.url + path, json=body, timeout=_SECONDS)
            answer.raise_for_status()
            return answer.json() if answer.content else None
        except requests.RequestException as error:
            said = "" if error.response is None else f"\nOPA zegt:\n{error.response.text}"
            raise OpaUnavailable(f"OPA geeft geen antwoord op een eigen vraag.{said}") from error


def _waarden(vergelijking: Vergelijking, rij: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(rij[feit] for feit in vergelijking.feiten)


_WAAR = """\
antwoord := [[waar(vraag.vergelijking, rij) | some rij in vraag.rijen] | some vraag in input.vragen]

waar(v, rij) := rij[v.feit] == rechts(v, rij) if v.operator == "=="

waar(v, rij) := rij[v.feit] != rechts(v, rij) if v.operator == "!="

waar(v, rij) := rij[v.feit] < rechts(v, rij) if v.operator == "<"

waar(v, rij) := rij[v.feit] <= rechts(v, rij) if v.operator == "<="

waar(v, rij) := rij[v.feit] > rechts(v, rij) if v.operator == ">"

waar(v, rij) := rij[v.feit] >= rechts(v, rij) if v.operator == ">="

waar(v, rij) := rij[v.feit] in v.waarden if v.operator == "in"

waar(v, rij) := false if {
	v.operator == "not in"
	rij[v.feit] in v.waarden
} else := true if v.operator == "not in"

rechts(v, _) := v.waarden[0] if v.ander_feit == ""

rechts(v, rij) := rij[v.ander_feit] if v.ander_feit != ""
"""
