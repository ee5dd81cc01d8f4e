"""OPA killed with SIGKILL under load: every caller gets a right answer or a clear error."""

from __future__ import annotations

import gc
import http.client
import itertools
import json
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bundelserver import Bundelserver
from orakel import genereer
from sidecarhulp import BESLUIT, BESLUITEN, Sidecar, draaiend, richt_in, vrije_poort, wacht_op
from uitfasering import errors
from uitfasering.client import Client
from uitfasering.gegevens import laad
from uitfasering.sidecarmap import Sidecarmap
from uitfasering.validation import keur

TIMEOUT = 20.0  # seconds a request may take
AANTAL, DEEL = 120, 50  # toewijzingen in a batch of our client, and in one request of it
# What http.client says of a connection that is refused or broken off.
AFGEBROKEN = (OSError, http.client.HTTPException)


@dataclass
class Beller:
    """Asks without a pause until it is told to stop, and keeps count.

    Attributes:
        vraag: asks once. What it raises of ``mag`` is a clear error; anything else is a defect.
        goed: right answers so far.
        fout: the errors so far.
        gevraagd: set when a question was sent, so that its answer is still to come.
    """

    naam: str
    vraag: Callable[[Beller], None]
    mag: tuple[type[Exception], ...]
    goed: int = 0
    fout: list[str] = field(default_factory=list)
    gevraagd: threading.Event = field(default_factory=threading.Event)
    defect: BaseException | None = None

    def loop(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                try:
                    self.vraag(self)
                    self.goed += 1
                except self.mag as error:
                    self.fout.append(f"{type(error).__name__}: {error}")
                    stop.wait(0.01)  # leaves OPA the processor to start
        except BaseException as error:
            self.defect = error


class Bewaker:
    """Starts OPA again as soon as it ends, on the same ports; Docker's restart policy does that."""

    def __init__(self, sidecar: Sidecarmap, tokens: dict[str, str], bundel_url: str) -> None:
        self._start = partial(
            draaiend,
            *(sidecar, tokens, bundel_url),
            poorten=(vrije_poort(), vrije_poort()),
            wacht=False,
        )
        self._nu: Sidecar | None = None
        self._stop = False

    @property
    def nu(self) -> Sidecar:
        """The one that runs, or starts."""
        wacht_op(lambda: self._nu is not None)
        assert self._nu is not None
        return self._nu

    @contextmanager
    def waakt(self) -> Iterator[Bewaker]:
        def guard() -> None:
            while not self._stop:
                with self._start() as running:
                    self._nu = running
                    running.proces.wait()

        thread = threading.Thread(target=guard, daemon=True)
        thread.start()
        try:
            self.nu.wacht_tot_gereed()
            yield self
        finally:
            self._stop = True
            while thread.is_alive():  # one may have been started in the meantime
                self.nu.proces.kill()
                thread.join(0.05)

    def dood(self, bellers: Sequence[Beller], batch: Beller) -> None:
        """Kill it while every caller gets answers and ``batch`` waits for one."""
        running = self.nu
        running.wacht_tot_gereed()
        before = [beller.goed for beller in bellers]

        def answered() -> bool:
            defects = [(b.naam, b.defect) for b in bellers if b.defect]
            assert not defects
            return all(b.goed > n for b, n in zip(bellers, before, strict=True))

        wacht_op(answered, 3 * TIMEOUT)
        batch.gevraagd.clear()
        assert batch.gevraagd.wait(3 * TIMEOUT)
        running.proces.kill()
        wacht_op(lambda: self.nu is not running)


def client_beller(
    naam: str, client: Client, toewijzingen: dict[str, Any], goed: dict[str, Any]
) -> Beller:
    """Our client, one question at a time."""
    keys = itertools.cycle(toewijzingen)

    def ask(_: Beller) -> None:
        key = next(keys)
        assert client.besluit(toewijzingen[key]).to_dict() == goed[key]

    return Beller(naam, ask, (errors.ConnectionFailed,))


def client_batch(
    naam: str, client: Client, toewijzingen: dict[str, Any], goed: dict[str, Any]
) -> Beller:
    """Our client, everything in one batch, which it sends in parts."""

    def ask(_: Beller) -> None:
        answers = client.besluiten(toewijzingen)
        assert list(answers) == list(toewijzingen)
        assert {key: answer.to_dict() for key, answer in answers.items()} == goed

    return Beller(naam, ask, (errors.ConnectionFailed,))


@contextmanager
def kale_beller(
    naam: str, sidecar: Sidecar, pad: str, vraag: Any, goed: Any, *, bewaar: bool
) -> Iterator[Beller]:
    """http.client, on a connection that it keeps or on a new one each time."""
    body = json.dumps({"input": vraag}).encode()
    headers = {"Authorization": f"Bearer {sidecar.tokens['besluit']}"}
    connection = sidecar.verbinding(timeout=TIMEOUT)  # opens itself when it is closed

    def ask(beller: Beller) -> None:
        try:
            connection.request("POST", pad, body=body, headers=headers)
            beller.gevraagd.set()
            answer = connection.getresponse()
            content = answer.read()
        except AFGEBROKEN:
            connection.close()
            raise
        if not bewaar:
            connection.close()
        assert answer.status == 200, content
        assert json.loads(content)["result"] == goed

    try:
        yield Beller(naam, ask, AFGEBROKEN)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def opstelling(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sidecarmap, dict[str, str]]:
    return richt_in(tmp_path_factory.mktemp("sigkill") / "sidecar")


@pytest.fixture(scope="module")
def toewijzingen(root: Path) -> dict[str, Any]:
    """Made up, and valid: our client does not send what is not."""
    catalogue = {row["code"]: row for row in laad(root).tabellen["producten"]["producten"]}
    rng = random.Random(20210506)
    made = (genereer(rng, catalogue) for _ in itertools.count())
    valid = (toewijzing for toewijzing in made if not keur(toewijzing)[1])
    return {f"k{number}": next(valid) for number in range(AANTAL)}


# CPython 3.11 leaves the socket open when the other side is gone before the handshake begins.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
@pytest.mark.parametrize("keren", [1, pytest.param(20, marks=pytest.mark.lang)])
def test_killed_under_load(
    keren: int,
    opstelling: tuple[Sidecarmap, dict[str, str]],
    toewijzingen: dict[str, Any],
    opa_url: str,
) -> None:
    sidecar, tokens = opstelling
    with Client(opa_url) as undisturbed:
        goed = {key: b.to_dict() for key, b in undisturbed.besluiten(toewijzingen).items()}
    settings: dict[str, Any] = {
        "token": tokens["besluit"],
        "ca_bundle": sidecar.tls / "ca.crt",
        "timeout": TIMEOUT,
        "chunk_size": DEEL,
    }
    many, one = {"toewijzingen": toewijzingen}, (toewijzingen["k7"], goed["k7"])
    stop = threading.Event()
    with (
        Bundelserver(sidecar.bundels).draait() as server,
        Bewaker(sidecar, tokens, server.url).waakt() as bewaker,
        Client(bewaker.nu.url, **settings) as ours,
        Client(bewaker.nu.url, **settings) as other,
        kale_beller("bare, batch", bewaker.nu, BESLUITEN, many, goed, bewaar=True) as batch,
        kale_beller("bare, new each time", bewaker.nu, BESLUIT, *one, bewaar=False) as new,
    ):
        bellers = [
            client_beller("client", ours, toewijzingen, goed),
            client_beller("client, the same one", ours, toewijzingen, goed),
            client_batch("client, batch", other, toewijzingen, goed),
            batch,
            new,
        ]
        threads = [threading.Thread(target=b.loop, args=(stop,), daemon=True) for b in bellers]
        for thread in threads:
            thread.start()
        try:
            for keer in range(keren):
                if keer == keren // 2:
                    server.status = 503  # from here on OPA starts from what it kept
                bewaker.dood(bellers, batch)
            bewaker.nu.wacht_tot_gereed()
        finally:
            stop.set()
            for thread in threads:
                thread.join(3 * TIMEOUT)
            gc.collect()  # while that warning is ignored
        assert not any(thread.is_alive() for thread in threads)  # none hangs
    for beller in bellers:
        assert beller.defect is None, (beller.naam, beller.defect)
        assert beller.fout, beller.naam  # it did notice
        # A server that is gone is not a certificate that is wrong.
        assert not [said for said in beller.fout if "certificaat" in said], beller.naam
    # Killed while it was answering, not only while nothing was asked.
    assert [said for said in batch.fout if not said.startswith("ConnectionRefusedError")]
