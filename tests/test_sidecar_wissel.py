"""A new bundle goes live under load: no error, no answer lost, none mixed; also in the log."""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from bundelserver import Bundelserver
from logboekhulp import besluiten_in, gelogd
from sidecarbundels import (
    AFSPRAKEN,
    EERSTE_ANTWOORD,
    LOPEND,
    REVISIE,
    SNEL,
    TWEEDE_ANTWOORD,
    Namaak,
    antwoord,
    lees,
    zet,
)
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in, wacht_op
from volledig import aantal

WISSELS = aantal(10, 30)
IN_EEN_KEER = aantal(20, 200)


class Vrager(threading.Thread):
    """Asks the same again and again on one connection, until ``klaar``.

    Attributes:
        gezien: how often each set of (revision, answer) was found in one response: a batch
            from one revision is one thing.
        fouten: what else came, or did not come.
    """

    def __init__(self, sidecar: Sidecar, alleen: bool, klaar: threading.Event) -> None:
        super().__init__(daemon=True)
        self.gezien: Counter[frozenset[tuple[str, tuple[str, bool]]]] = Counter()
        self.fouten: list[str] = []
        self._sidecar, self._klaar = sidecar, klaar
        batch = {f"rij {n}": LOPEND for n in range(IN_EEN_KEER)}
        self._pad = BESLUIT if alleen else BESLUITEN
        self._namen = {""} if alleen else set(batch)
        self._body = json.dumps({"input": LOPEND if alleen else {"toewijzingen": batch}})

    def run(self) -> None:
        try:
            with closing(self._sidecar.verbinding()) as connection:
                connection.connect()
                connection.auto_open = 0  # a connection that is closed on us is an error
                while not self._klaar.is_set():
                    self._vraag(connection)
        except Exception as error:
            self.fouten.append(repr(error))

    def _vraag(self, connection: Any) -> None:
        headers = {"Authorization": f"Bearer {self._sidecar.tokens['besluit']}"}
        connection.request("POST", self._pad, body=self._body, headers=headers)
        response = connection.getresponse()
        content = response.read()
        if response.status == 200:
            self._bekijk(json.loads(content)["result"])
        else:
            self.fouten.append(f"{response.status}: {content!r}")

    def _bekijk(self, result: dict[str, Any]) -> None:
        besluiten = {"": result} if self._namen == {""} else result
        if set(besluiten) != self._namen:
            self.fouten.append(f"{len(besluiten)} besluiten")
        self.gezien[frozenset((b["herkomst"], antwoord(b)) for b in besluiten.values())] += 1


def test_wissel_onder_belasting(tmp_path: Path) -> None:
    folder, tokens = richt_in(tmp_path / "sidecar")
    bundle = folder.bundels / AFSPRAKEN
    first, second = bundle.read_bytes(), Namaak.bij(folder).afspraken
    revision = json.loads(lees(first)[".manifest"])["revision"]
    answers = {
        "eerste": frozenset({(revision, EERSTE_ANTWOORD)}),
        "tweede": frozenset({(REVISIE, TWEEDE_ANTWOORD)}),
    }
    server = Bundelserver(folder.bundels)
    server.traag = 0.02
    klaar = threading.Event()
    with server.draait(), draaiend(folder, tokens, server.url, extra=SNEL) as sidecar:
        askers = [Vrager(sidecar, alleen, klaar) for alleen in (True, True, False)]
        for asker in askers:
            asker.start()
        for swap in range(WISSELS):
            content, now = (first, "eerste") if swap % 2 else (second, "tweede")
            before = [asker.gezien[answers[now]] for asker in askers]
            zet(bundle, content)
            wacht_op(
                lambda before=before, now=now: (
                    any(asker.fouten for asker in askers)
                    or all(
                        asker.gezien[answers[now]] > seen
                        for asker, seen in zip(askers, before, strict=True)
                    )
                )
            )
        klaar.set()
        for asker in askers:
            asker.join(30)
            assert not asker.is_alive()
    assert [asker.fouten for asker in askers] == [[]] * len(askers)
    for asker in askers:
        assert set(asker.gezien) == set(answers.values()), asker.gezien
    # Each answer is in the log, with the bundle that gave it.
    events = gelogd(folder)
    assert len(events) == sum(asker.gezien.total() for asker in askers)
    for event in events:
        herkomst = {besluit["herkomst"] for _, besluit in besluiten_in(event)}
        assert herkomst == {event["bundles"]["uitfasering"]["revision"]}
