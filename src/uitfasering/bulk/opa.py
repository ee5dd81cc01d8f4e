"""What bulk asks of OPA: besluiten, and what ``policies/uitfasering/bulk`` answers besides.

It is an OPA of its own with the bundle, never the sidecar: neither the Compile API nor these rules
are reachable there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

from uitfasering.bundel import Bundel
from uitfasering.opa_process import OpaProcess
from uitfasering.transport import Transport

_SECONDS = 300.0
_PER_VRAAG = 500
_TEGELIJK = 2


class Vraagbaak:
    """A context manager around one OPA that serves ``bundel``.

    Raises:
        OpaUnavailable: there is no OPA to start, or it does not come up.
        BuildError: OPA will not load the bundle.
    """

    def __init__(self, bundel: Bundel) -> None:
        self.revisie = bundel.revisie
        self._opa = OpaProcess(bundel.path)
        self._opa.start()
        self._opa.wait_ready()
        self._transport = Transport.naar(self._opa.url, _SECONDS)
        self._pool = ThreadPoolExecutor(_TEGELIJK, thread_name_prefix="uitfasering-opa")

    @property
    def url(self) -> str:
        """The address of this OPA."""
        return self._opa.url

    def __enter__(self) -> Vraagbaak:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._transport.close_connection()
        self._opa.close()

    def waarde(self, regel: str) -> Any:
        """The value of a rule of package ``uitfasering`` that asks nothing, e.g. ``herkomst``."""
        return self._transport.ask(regel, {})

    def besluiten(self, toewijzingen: Sequence[Any]) -> list[dict[str, Any]]:
        """The besluit of each toewijzing, by OPA's ordinary entry point, in order."""
        return self._per_kenmerk("besluiten", toewijzingen)

    def sjablonen(self, toewijzingen: Sequence[Any]) -> list[dict[str, Any]]:
        """The besluit of each with open places, for municipalities that deviate, in order."""
        return self._per_kenmerk("bulk/vragen/sjablonen", toewijzingen)

    def feiten_van(self, naam: str, delen: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The facts derived from field ``naam`` of each part of a toewijzing, in order."""
        return self._lijst("bulk/vragen/feiten_van", "delen", delen, {"naam": naam})

    def gaaf(self, toewijzingen: Sequence[Any]) -> list[bool]:
        """Whether each field of each toewijzing is in order by itself, in order."""
        return self._lijst("bulk/vragen/gaaf", "toewijzingen", toewijzingen, {})

    def rijwaarden(self, naam: str, feiten: Sequence[Mapping[str, Any]]) -> list[Any]:
        """What one open place becomes for each row of facts, in order."""
        rijen = [{"feiten": rij} for rij in feiten]
        return self._lijst("bulk/vragen/rijwaarden", "rijen", rijen, {"naam": naam})

    def _per_kenmerk(self, regel: str, toewijzingen: Sequence[Any]) -> list[dict[str, Any]]:
        def vraag(deel: Sequence[Any]) -> list[dict[str, Any]]:
            # Numbers for keys: OPA never sees a kenmerk.
            genummerd = {str(nummer): een for nummer, een in enumerate(deel)}
            antwoord = self._transport.ask(regel, {"toewijzingen": genummerd})
            return [antwoord[nummer] for nummer in genummerd]

        return self._verdeeld(vraag, toewijzingen)

    def _lijst(
        self, regel: str, sleutel: str, lijst: Sequence[Any], rest: Mapping[str, Any]
    ) -> list[Any]:
        def vraag(deel: Sequence[Any]) -> list[Any]:
            antwoord: list[Any] = self._transport.ask(regel, {**rest, sleutel: list(deel)})
            return antwoord

        return self._verdeeld(vraag, lijst)

    def _verdeeld(self, vraag: Any, lijst: Sequence[Any]) -> list[Any]:
        delen = [lijst[van : van + _PER_VRAAG] for van in range(0, len(lijst), _PER_VRAAG)]
        return [een for deel in self._pool.map(vraag, delen) for een in deel]
