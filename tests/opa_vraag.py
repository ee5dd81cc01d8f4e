"""Asks the bare entry points of an OPA over HTTP, without the client; shared by several tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

BESLUIT = "/v1/data/uitfasering/besluit"
BESLUITEN = "/v1/data/uitfasering/besluiten"
STRIKT = "?strict-builtin-errors=true"
QUERY = (STRIKT, "")  # both ways to ask

Json = dict[str, Any]
_local = threading.local()

# A toewijzing without a fault.
GOED: Json = {
    "handeling": "nieuw",
    "gemeente": "0193",
    "toewijzingsdatum": "2021-06-01",
    "ingangsdatum": "2021-06-01",
    "einddatum": "2022-04-30",
    "product": {"code": "54002"},
    "omvang": {"volume": 2000, "eenheid": "01", "frequentie": "6"},
}


def post(url: str, pad: str, body: bytes | str) -> requests.Response:
    """The answer to this body, whatever its status. A minute without an answer is an error."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.headers.update(
            {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        )
    response: requests.Response = _local.session.post(url + pad, data=body, timeout=60)
    return response


def resultaat(response: requests.Response) -> Any:
    """The result that must be there."""
    assert response.status_code == 200, (response.status_code, response.text[:500])
    answer = json.loads(response.content)
    assert "result" in answer, "undefined"
    return answer["result"]


def vraag(url: str, toewijzing: object, *, query: str = STRIKT) -> Json:
    besluit: Json = resultaat(post(url, BESLUIT + query, json.dumps({"input": toewijzing})))
    return besluit


def vraag_alle(url: str, items: Mapping[str, object], *, query: str = STRIKT) -> dict[str, Json]:
    """The besluit of each item, in one batch; the same keys come back."""
    body = json.dumps({"input": {"toewijzingen": items}})
    besluiten: dict[str, Json] = resultaat(post(url, BESLUITEN + query, body))
    assert besluiten.keys() == items.keys()
    return besluiten


def vraag_lijst(url: str, toewijzingen: list[Any], *, per_keer: int = 500) -> list[Json]:
    """The besluit of each, in order, in batches that two threads ask for."""

    def ask(start: int) -> list[Json]:
        items = {str(i): t for i, t in enumerate(toewijzingen[start : start + per_keer])}
        besluiten = vraag_alle(url, items)
        return [besluiten[key] for key in items]

    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(ask, range(0, len(toewijzingen), per_keer))
        return [besluit for part in parts for besluit in part]


def regels(besluit: Json) -> list[str]:
    return [bevinding["regel"] for bevinding in besluit["bevindingen"]]


def samenvatting(besluit: Json) -> Json:
    """A besluit of OPA in the form of the oracle's answer (tests/orakel)."""
    bevindingen = besluit["bevindingen"]
    names = ("uitkomst", "ontbreekt", "uiterste_einddatum", "voorstel", "voorlopig")
    return {
        **{name: besluit[name] for name in names},
        "regels": [b["regel"] for b in bevindingen],
        "foutvelden": sorted(
            veld for b in bevindingen if b["regel"] == "A-00" for veld in b["velden"]
        ),
    }


def zonder_een_veld(waarde: Json) -> Iterator[Json]:
    """Copies of an object with one field less, also one level deeper."""
    for naam, deel in waarde.items():
        yield {k: v for k, v in waarde.items() if k != naam}
        if isinstance(deel, dict):
            yield from ({**waarde, naam: kleiner} for kleiner in zonder_een_veld(deel))
