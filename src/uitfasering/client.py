"""Ask OPA what the letters say of a toewijzing: the package's front door for Python callers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlsplit

from uitfasering.errors import ConnectionFailed, InvalidInput, WrongData
from uitfasering.melding import Melding
from uitfasering.opa_process import OpaProcess
from uitfasering.records import Besluit, Toewijzing

Invoer = Toewijzing | Mapping[str, Any]
Ongeldig = Literal["weiger", "vraag"]

# One toewijzing is under 1 kB once it is checked, so 5 MB at most: below the 5 MiB that the sidecar
# takes in one request (sidecar/opa.yaml).
MAX_CHUNK_SIZE = 5_000


class Client:
    """Asks a running sidecar, or an OPA of its own (``Client.lokaal``).

    Every toewijzing is checked against ``schemas/toewijzing.json`` before anything is sent,
    every answer against ``schemas/besluit.json``. A ``kenmerk`` is never sent: OPA sees a
    number instead. Use it as a context manager, or call ``close``.

    Threads may share one: it keeps up to 32 connections, and who comes when all are in use waits
    for one. A connection that breaks off before the whole answer is there, is asked once more;
    nothing else is: not after a timeout, nor after any status (429 and 503 neither, whatever
    ``Retry-After`` says: when to ask again is the caller's to decide).

    With ``ongeldig="vraag"`` an invalid toewijzing is asked too, each wrong value replaced
    by null and each unknown field by ``_``: OPA then answers ONGELDIGE_INVOER and names the
    same fields, and nothing that stood there leaves the process.

    Every method raises only from ``uitfasering.errors``: ConnectionFailed, Refused,
    InvalidInput, EvaluationError, Undefined, WrongData.

    Args:
        url: the sidecar, ``http[s]://host[:port]``.
        token: bearer token, when the sidecar asks for one.
        ca_bundle: file with the CA that signed the sidecar's certificate; default: the public
            ones. Nothing (proxy, .netrc, CA) is taken from the environment.
        client_cert: PEM file with certificate and key, or a pair of files.
        timeout: seconds that one request may take: waiting for a connection, the whole answer
            and the one retry included. Only the look-up of the name is the system's.
        chunk_size: toewijzingen a request, 1 to 5,000; ``besluiten`` splits what is larger.

    Raises:
        ConnectionFailed: an address, token, file, timeout or chunk_size that cannot be used.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8181",
        *,
        token: str | None = None,
        ca_bundle: Path | str | None = None,
        client_cert: Path | str | tuple[Path | str, Path | str] | None = None,
        timeout: float = 10.0,
        chunk_size: int = 1_000,
    ) -> None:
        # Imported late: 0.3 s that an OPA of our own can use to boot (see lokaal).
        from uitfasering.transport import Transport

        if not 0 < timeout < float("inf"):
            raise ConnectionFailed("De wachttijd (timeout) moet meer dan nul seconden zijn.")
        if not 1 <= chunk_size <= MAX_CHUNK_SIZE:
            raise ConnectionFailed(f"De chunk_size moet van 1 tot en met {MAX_CHUNK_SIZE} zijn.")
        if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
            raise ConnectionFailed(
                "Het token kan niet kloppen: er staat een spatie, een nieuwe regel of een "
                "bijzonder teken in."
            )
        https, host, port = _address(url)
        pair = client_cert if isinstance(client_cert, tuple) else (client_cert,)
        for file in (ca_bundle, *pair):
            if file is not None and not Path(file).is_file():
                raise ConnectionFailed(f"Het certificaatbestand {file} is er niet.")
        self._settings: dict[str, Any] = {
            "host": host,
            "port": port,
            "https": https,
            "token": token,
            "ca_bundle": None if ca_bundle is None else str(ca_bundle),
            "client_cert": _as_text(client_cert),
        }
        self._transport = Transport(**self._settings, timeout=timeout)
        self._chunk_size = chunk_size
        self._batches = count(secrets.randbelow(1_000_000))
        self._opa: OpaProcess | None = None
        self._closed = False

    @classmethod
    def lokaal(cls, bundle: Path | None = None, *, timeout: float = 10.0) -> Client:
        """A client with an OPA of its own, which ``close`` stops.

        Args:
            bundle: the bundle file; the default is the one ``uitfasering bundel`` writes.
            timeout: seconds that one request may take.

        Raises:
            BuildError: the bundle is not there, or OPA will not load it.
            OpaUnavailable: there is no OPA to start, or it does not come up.
        """
        opa = OpaProcess(bundle)
        try:
            opa.start()
            from uitfasering import transport, validation  # noqa: F401  # while OPA boots

            opa.wait_ready()
            client = cls(opa.url, timeout=timeout)
        except BaseException:
            opa.close()
            raise
        client._opa = opa
        return client

    def besluit(self, t: Invoer, *, ongeldig: Ongeldig = "weiger") -> Besluit:
        """What the letters say of one toewijzing."""
        question, meldingen = _checked(t)
        if meldingen and ongeldig == "weiger":
            raise InvalidInput(_invalid_text(meldingen), meldingen)
        return _besluit(*self._ask("besluit", question))

    def besluiten(
        self, toewijzingen: Mapping[str, Invoer], *, ongeldig: Ongeldig = "weiger"
    ) -> dict[str, Besluit]:
        """What the letters say of each toewijzing: the same keys, in the same order.

        More than ``chunk_size`` take several requests, one after the other; all are answered or
        an error is raised. When the sidecar gets another bundle in between, the later ones are
        by that: each besluit names its own in ``herkomst``.

        An InvalidInput names a toewijzing by its place (``toewijzingen[0]`` is the first).
        """
        questions, faults = [], []
        for place, t in enumerate(toewijzingen.values()):
            question, meldingen = _checked(t)
            questions.append(question)
            faults += [_in_batch(place, melding) for melding in meldingen]
        if faults and ongeldig == "weiger":
            raise InvalidInput(_invalid_text(faults), faults)
        answers: list[Besluit] = []
        for start in range(0, len(questions), self._chunk_size):
            answers += self._ask_chunk(questions[start : start + self._chunk_size])
        return dict(zip(toewijzingen, answers, strict=True))

    def gereed(self, timeout: float = 10.0) -> None:
        """Return once OPA answers with our bundle loaded.

        Raises:
            ConnectionFailed: it is not ready within ``timeout`` seconds.
            Undefined: it is ready, with another bundle.
        """
        self._refuse_when_closed()
        from uitfasering.transport import Transport

        # A short timeout of its own, so that one slow answer does not use up all the time.
        with Transport(**self._settings, timeout=min(timeout, 2.0)) as transport:
            transport.wait(timeout)
        self.herkomst()

    def herkomst(self) -> str:
        """The revision of the bundle that answers.

        It is read from the besluit on an empty toewijzing: in production only the two
        entry points can be reached, and that besluit is always defined. A sidecar logs it,
        as a besluit on an invalid toewijzing.
        """
        return _besluit(*self._ask("besluit", {})).herkomst

    def close(self) -> None:
        """Close the connections and stop our own OPA; calling it again does nothing."""
        self._closed = True
        self._transport.close_connection()
        if self._opa is not None:
            self._opa.close()

    def __enter__(self) -> Client:
        """The client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _refuse_when_closed(self) -> None:
        # Another process may have taken the port of our own OPA by now.
        if self._closed:
            raise ConnectionFailed("Deze verbinding met OPA is al gesloten.")

    def _ask(self, rule: str, question: Any) -> tuple[Any, str | None]:
        self._refuse_when_closed()
        return self._transport.ask_with_id(rule, question)

    def _ask_chunk(self, questions: list[Any]) -> list[Besluit]:
        # Numbers for keys: a kenmerk may hold personal data, or text that is not Unicode. They
        # are of this batch alone, so that the answer to another one is never taken for ours, and
        # all of one length, so that the order in which OPA logs them (by key) is ours.
        batch = next(self._batches)
        numbered = {f"{batch}.{number:04}": question for number, question in enumerate(questions)}
        answer, besluit_id = self._ask("besluiten", {"toewijzingen": numbered})
        if not isinstance(answer, dict) or answer.keys() != numbered.keys():
            raise WrongData(
                "OPA gaf niet precies één besluit per gevraagde toewijzing. "
                "Kijk of OPA met build/uitfasering.tar.gz is gestart."
            )
        return [
            _besluit(answer[number], besluit_id, place if besluit_id else None)
            for place, number in enumerate(numbered, 1)
        ]


def _address(url: str) -> tuple[bool, str, int]:
    """Whether https, the host and the port of a sidecar's address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    extra = host and (parts.path not in ("", "/") or parts.query or parts.fragment or "@" in url)
    if not host or extra or parts.scheme not in ("http", "https") or port == 0:
        raise ConnectionFailed(
            "Het adres van OPA klopt niet. Schrijf het als http://naam:poort of "
            "https://naam:poort, zonder meer erachter; bijvoorbeeld http://127.0.0.1:8181."
        )
    https = parts.scheme == "https"
    return https, f"[{host}]" if ":" in host else host, port or (443 if https else 80)


def _as_text(
    cert: Path | str | tuple[Path | str, Path | str] | None,
) -> str | tuple[str, str] | None:
    if isinstance(cert, tuple):
        return str(cert[0]), str(cert[1])
    return None if cert is None else str(cert)


def _checked(t: Invoer) -> tuple[Any, list[Melding]]:
    from uitfasering import validation  # late, as in lokaal

    return validation.keur(t.to_dict() if isinstance(t, Toewijzing) else t)


def _besluit(answer: Any, besluit_id: str | None, volgnummer: int | None = None) -> Besluit:
    from uitfasering import validation  # late, as in lokaal

    faults = validation.besluit_faults(answer)
    if faults:
        raise WrongData(
            f"Het antwoord van OPA is geen geldig besluit (bij {', '.join(faults[:5])}). "
            "Kijk of OPA met build/uitfasering.tar.gz van deze versie is gestart."
        )
    return Besluit.from_dict(answer, besluit_id=besluit_id, volgnummer=volgnummer)


def _in_batch(place: int, melding: Melding) -> Melding:
    from dataclasses import replace

    pad = f"toewijzingen[{place}]" + (f".{melding.pad}" if melding.pad else "")
    return replace(melding, pad=pad)


def _invalid_text(meldingen: list[Melding]) -> str:
    count = f" (en nog {len(meldingen) - 1})" if len(meldingen) > 1 else ""
    return f"De toewijzing klopt niet en is niet voorgelegd: {meldingen[0]}{count}"
