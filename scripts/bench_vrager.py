"""Asks one server over one kept connection, as fast as it can or at a fixed rate.

bench_sidecar.py starts one for each connection. On the first line of stdin comes the work, as JSON
(see Werk); it answers with ``gereed`` when it is connected, begins at the second line, and then
prints what it saw (see Uitslag). The token is in the work, so never in an argument.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import sys
import time
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

FOUT = (OSError, http.client.HTTPException)
_NUMMER = re.compile(rb'^\{"decision_id":"[^"]*",')


@dataclass(frozen=True)
class Werk:
    """What to ask.

    Attributes:
        ca: file with the CA of the server; None: no TLS.
        vragen: in turns; each has ``pad``, ``body`` and ``goed``: the SHA-256 of what is a right
            answer without its decision_id, by revision. With none, any of status 200 is right.
        eerste: which to begin with.
        aantal: how many to ask.
        per_seconde: how many of them a second, whether or not the one before has its answer;
            0: each as soon as the one before has it.
        wacht: seconds to wait before the first, so that several do not ask at the same moment.
    """

    poort: int
    ca: str | None
    token: str
    vragen: list[dict[str, Any]]
    aantal: int
    eerste: int = 0
    per_seconde: float = 0
    wacht: float = 0


@dataclass
class Uitslag:
    """What was seen.

    Attributes:
        ms: by path, how long each right answer took: from the moment the question should have been
            asked, so that a server that holds up the next ones does not look quick.
        revisies: right answers by revision, as in ``goed``.
        wissels: how often the revision was another one than in the answer before.
        gemengd: answers that are no revision's.
        fouten: what went wrong, and how often.
    """

    seconden: float = 0
    ms: dict[str, list[float]] = field(default_factory=dict)
    revisies: dict[str, int] = field(default_factory=dict)
    wissels: int = 0
    gemengd: int = 0
    fouten: dict[str, int] = field(default_factory=dict)


def verbinding(werk: Werk) -> http.client.HTTPConnection:
    if werk.ca is None:
        return http.client.HTTPConnection("127.0.0.1", werk.poort, timeout=60)
    context = ssl.create_default_context(cafile=werk.ca)
    return http.client.HTTPSConnection("127.0.0.1", werk.poort, timeout=60, context=context)


def zonder_nummer(antwoord: bytes) -> bytes:
    """An answer without OPA's decision_id, which is another each time."""
    return _NUMMER.sub(b"{", antwoord, count=1)


def vraag(werk: Werk, connection: http.client.HTTPConnection) -> Uitslag:
    """Ask it all, over this connection (after an error over a new one), and close it."""
    uitslag = Uitslag()
    headers = {"Authorization": f"Bearer {werk.token}", "Content-Type": "application/json"}
    vragen = [
        (v["pad"], v["body"].encode(), {digest: naam for naam, digest in v["goed"].items()})
        for v in werk.vragen
    ]
    vorige = None
    begin = time.perf_counter() + werk.wacht
    for nummer in range(werk.aantal):
        if werk.per_seconde or not nummer:
            moment = begin + (nummer / werk.per_seconde if nummer else 0)
            time.sleep(max(moment - time.perf_counter(), 0))
        else:
            moment = time.perf_counter()
        pad, body, goed = vragen[(werk.eerste + nummer) % len(vragen)]
        try:
            connection.request("POST", pad, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        except FOUT as error:
            connection.close()
            fout = type(error).__name__
        else:
            fout = "" if answer.status == 200 else f"HTTP {answer.status}"
        if fout:
            uitslag.fouten[fout] = uitslag.fouten.get(fout, 0) + 1
            continue
        duur = time.perf_counter() - moment
        if goed:
            revisie = goed.get(sha256(zonder_nummer(content)).hexdigest())
            if revisie is None:
                uitslag.gemengd += 1
                continue
            uitslag.revisies[revisie] = uitslag.revisies.get(revisie, 0) + 1
            uitslag.wissels += vorige not in (None, revisie)
            vorige = revisie
        uitslag.ms.setdefault(pad, []).append(round(duur * 1000, 4))
    uitslag.seconden = time.perf_counter() - begin
    connection.close()
    return uitslag


def main() -> None:
    werk = Werk(**json.loads(sys.stdin.readline()))
    connection = verbinding(werk)
    connection.connect()
    print("gereed", flush=True)
    if sys.stdin.readline():  # else whoever started us is gone
        print(json.dumps(asdict(vraag(werk, connection))))


if __name__ == "__main__":
    main()
