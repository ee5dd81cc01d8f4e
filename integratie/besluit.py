#!/usr/bin/env python3
"""Asks the sidecar for a besluit. Python 3.10 or later, the standard library only.

export UITFASERING_OPA_URL=https://127.0.0.1:8181
export UITFASERING_CA=ca.crt UITFASERING_TOKEN_BESTAND=mijn.token
integratie/besluit.py toewijzing.json      one toewijzing: {"handeling": …}
integratie/besluit.py toewijzingen.json    a batch: {"toewijzingen": {"<kenmerk>": {…}, …}}

Exit code: 0 all is allowed or may run off, 1 something else was said, 2 it could not be asked.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PER_VRAAG = 1_000  # OPA takes 5 MiB at once
SECONDEN = 10  # to connect, and to wait for the next piece of an answer


class NietGelukt(Exception):
    """There is no besluit; says why."""


class Sidecar:
    """One kept connection to OPA, for one thread."""

    def __init__(self, url: str, ca: str, token: str) -> None:
        context = ssl.create_default_context(cafile=ca)
        try:
            address = urlsplit(url)
            if address.scheme != "https" or address.path.strip("/"):
                raise ValueError
            self._connection = http.client.HTTPSConnection(
                address.hostname or "", address.port, timeout=SECONDEN, context=context
            )
        except ValueError as error:
            raise NietGelukt(
                "UITFASERING_OPA_URL moet https://naam:poort zijn, zonder pad."
            ) from error
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def besluit(self, toewijzing: Any) -> dict[str, Any]:
        """The besluit on one toewijzing (docs/contract.md); raises NietGelukt."""
        return _besluit(self._resultaat("besluit", toewijzing))

    def besluiten(self, toewijzingen: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The besluit on each, under the same kenmerk; raises NietGelukt.

        OPA gets numbers: a kenmerk may point to a child, and is not its business.
        """
        found: dict[str, dict[str, Any]] = {}
        kenmerken = list(toewijzingen)
        for start in range(0, len(kenmerken), PER_VRAAG):
            numbers = {str(n): k for n, k in enumerate(kenmerken[start : start + PER_VRAAG])}
            asked = {n: toewijzingen[kenmerk] for n, kenmerk in numbers.items()}
            given = self._resultaat("besluiten", {"toewijzingen": asked})
            if not isinstance(given, dict) or given.keys() != numbers.keys():
                raise NietGelukt("OPA gaf niet op elke toewijzing antwoord.")
            found |= {kenmerk: _besluit(given[n]) for n, kenmerk in numbers.items()}
        return found

    def vraag(self, path: str, body: Any, accept: str = "application/json") -> dict[str, Any]:
        """What OPA answers with status 200; raises NietGelukt."""
        status, content = self._post(f"/v1/{path}", json.dumps(body).encode(), accept)
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        if status != 200 or not isinstance(answer, dict):
            # OPA says in `message` what is wrong; a proxy in between has words of its own.
            reason = answer.get("message", "") if isinstance(answer, dict) else ""
            raise NietGelukt(f"OPA geeft geen antwoord (HTTP {status}). {reason}")
        return answer

    def _resultaat(self, ingang: str, invoer: Any) -> Any:
        # Undefined when OPA does not know the path, as without the bundle: it says {}.
        return self.vraag(f"data/uitfasering/{ingang}", {"input": invoer}).get("result")

    def _post(self, path: str, body: bytes, accept: str) -> tuple[int, bytes]:
        """One question; once more when the connection breaks off, for a besluit changes nothing."""
        for last in (False, True):
            try:
                self._connection.request("POST", path, body, self._headers | {"Accept": accept})
                response = self._connection.getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()  # the next request opens it again
                # After a timeout, asking again only adds to the load.
                if last or isinstance(error, TimeoutError):
                    raise NietGelukt(f"Geen verbinding met OPA: {error}") from error
        raise AssertionError


def _besluit(given: Any) -> dict[str, Any]:
    """What OPA gave, if it is a besluit as far as we use it."""
    try:
        for finding in given["bevindingen"]:
            finding["regel"], finding["tekst"], finding["velden"]
        if isinstance(given["uitkomst"], str):
            return dict(given)
    except (LookupError, TypeError):
        pass
    raise NietGelukt("Het antwoord is geen besluit. Heeft deze OPA de bundel met de afspraken?")


def verbind() -> Sidecar:
    """The sidecar that the environment names."""
    try:
        url = os.environ["UITFASERING_OPA_URL"]
        ca = os.environ["UITFASERING_CA"]
        token = Path(os.environ["UITFASERING_TOKEN_BESTAND"]).read_text("latin-1").strip()
    except KeyError as error:
        raise NietGelukt(f"Zet {error} in de omgeving.") from error
    if not re.fullmatch("[!-~]+", token):  # http.client would show it in its error
        raise NietGelukt("Het token is niet te lezen.")
    return Sidecar(url, ca, token)


def main(path: str) -> int:
    """Ask what is in the file, and print the answers."""
    try:
        invoer = json.loads(Path(path).read_bytes())
    except ValueError as error:
        raise NietGelukt(f"{path} is niet te lezen als JSON.") from error
    sidecar = verbind()
    if isinstance(invoer, dict) and isinstance(invoer.get("toewijzingen"), dict):
        besluiten = sidecar.besluiten(invoer["toewijzingen"])
    else:
        besluiten = {"besluit": sidecar.besluit(invoer)}
    for kenmerk, besluit in besluiten.items():
        print(f"{kenmerk}: {besluit['uitkomst']}")
        for finding in besluit["bevindingen"]:
            print(f"  {finding['regel']} ({', '.join(finding['velden'])}): {finding['tekst']}")
    # Also 1 for an uitkomst that is not known here: then a person must look.
    return int(any(b["uitkomst"] not in ("TOEGESTAAN", "AFLOPEN") for b in besluiten.values()))


if __name__ == "__main__":
    try:
        if len(sys.argv) != 2:
            raise NietGelukt("Geef één bestand: integratie/besluit.py toewijzing.json")
        sys.exit(main(sys.argv[1]))
    except (NietGelukt, OSError) as problem:
        print(f"FOUT: {problem}", file=sys.stderr)
        sys.exit(2)
