"""One question to OPA over HTTP: opa-python-client, with every way to fail as our own error.

Imports ``requests`` and ``opa_client`` (0.2 s), so it is itself imported late.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import urllib3
from opa_client.errors import ConnectionsError  # type: ignore[import-untyped]
from opa_client.opa import OpaClient  # type: ignore[import-untyped]

from uitfasering.errors import (
    ConnectionFailed,
    EvaluationError,
    OpaError,
    Refused,
    UitfaseringError,
    Undefined,
    WrongData,
)
from uitfasering.sessie import Answer, Session, Unsuccessful, tls_context

_PACKAGE = "uitfasering"
# A built-in that fails must be an error, not a rule that silently does not fire. Provenance
# tells an OPA without any bundle from one with the wrong bundle. It is not compared with the
# herkomst in the besluit: whoever packs our bundle into another one gives it another revision.
_ALWAYS = {"strict-builtin-errors": "true", "provenance": "true"}
_TE_GROOT = "request body too large"  # see server.decoding in OPA's configuration
_GEEN_BUNDEL = "authorization policy missing"  # so system.authz neither

_NOT_TRUSTED = (
    "wordt niet vertrouwd",
    "Geef het bestand met het CA-certificaat van deze server op (ca_bundle).",
)
_OTHER_NAME = ("is van een ander adres", "Geef het adres dat in het certificaat staat.")
# By OpenSSL's X509_V_ERR_ number.
_CERTIFICATE = {
    9: ("is nog niet geldig", "Kijk of de klok van deze computer goed staat."),
    10: ("is verlopen", "Vraag de beheerder van de sidecar om een nieuw certificaat."),
    62: _OTHER_NAME,
    64: _OTHER_NAME,  # an IP address
}


class Transport(OpaClient):  # type: ignore[misc]
    """``OpaClient`` without its surprises: no environment, no redirects, no undefined."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        https: bool,
        token: str | None,
        ca_bundle: str | None,
        client_cert: str | tuple[str, str] | None,
        timeout: float,
    ) -> None:
        self._ca_bundle = ca_bundle
        try:
            super().__init__(
                host=host, port=port, ssl=https, token=token, cert=client_cert, timeout=timeout
            )
        except OSError as error:
            failure = ConnectionFailed(
                "Een certificaatbestand is niet te gebruiken. Kijk of ca_bundle en client_cert "
                "PEM-bestanden zijn, en of de sleutel zonder wachtwoord is."
            )
            raise failure from error

    def _init_session(self) -> Session:
        tls = tls_context(self._ca_bundle, self.cert) if self.ssl else None
        return Session(self.address, self.host, self.port, self.headers or {}, tls)

    @property
    def address(self) -> str:
        """Where we ask, for messages: ``http://host:port``."""
        return f"{self.schema}{self.host}:{self.port}"

    @classmethod
    def naar(cls, url: str, timeout: float) -> Transport:
        """To an OPA of our own, ``http://host:port``."""
        host, _, port = url.removeprefix("http://").rpartition(":")
        no: dict[str, Any] = {"token": None, "ca_bundle": None, "client_cert": None}
        return cls(host, int(port), https=False, **no, timeout=timeout)

    def ask(self, rule: str, question: Any) -> Any:
        """The result of ``data.uitfasering.<rule>`` for one input; never undefined."""
        return self.ask_with_id(rule, question)[0]

    def ask_with_id(self, rule: str, question: Any) -> tuple[Any, str | None]:
        """The result, and OPA's ``decision_id``: None when OPA keeps no log."""
        try:
            answer = self.query_rule(question, _PACKAGE, rule, query_params=_ALWAYS)
        except Unsuccessful as error:
            failure = self._status_failure(error.answer)
        except urllib3.exceptions.DecodeError:
            failure = self._wrong("het is niet uit te pakken")
        except (OSError, urllib3.exceptions.HTTPError) as error:
            failure = self._failure(error)
        except (ValueError, RecursionError):  # not JSON, too long a number, too deep a list
            failure = self._wrong("het is geen gewone JSON")
        else:
            if not isinstance(answer, dict):
                raise self._wrong("het is geen JSON-object")
            if "result" not in answer:
                raise self._undefined(rule, answer)
            decision_id = answer.get("decision_id")
            return answer["result"], decision_id if isinstance(decision_id, str) else None
        # Here, so that the error above is no part of it: that may hold what came in.
        raise failure

    def wait(self, timeout: float) -> None:
        """Wait until OPA answers and its bundles are active.

        Raises:
            ConnectionFailed: it does not within ``timeout`` seconds.
        """
        try:
            self.wait_for_ready(timeout, interval=0.02, query={"bundles": "true"})
        except ConnectionsError as error:
            raise ConnectionFailed(
                f"OPA op {self.address} was na {timeout:g} seconden nog niet gereed. "
                "Kijk of OPA daar draait en of de bundel is geladen."
            ) from error

    def _wrong(self, what: str) -> WrongData:
        return WrongData(
            f"Het antwoord van {self.address} is niet bruikbaar: {what}. "
            "Kijk of dit het adres van OPA is."
        )

    def _undefined(self, rule: str, answer: Mapping[str, Any]) -> Undefined:
        provenance = answer.get("provenance")
        bundles = provenance.get("bundles") if isinstance(provenance, dict) else None
        why = "die bundel is van iets anders" if bundles else "er is geen bundel geladen"
        return Undefined(
            f"OPA op {self.address} kent de afspraken niet ({_PACKAGE}/{rule}): {why}. "
            "Start OPA met build/uitfasering.tar.gz."
        )

    def _failure(self, error: Exception) -> UitfaseringError:
        """The error of ours for one of urllib3 or the operating system, which is its cause."""
        cause = _system_error(error)
        failure = ConnectionFailed(self._failure_text(error, cause))
        failure.__cause__ = cause
        return failure

    def _failure_text(self, error: Exception, cause: OSError | None) -> str:
        if isinstance(error, urllib3.exceptions.ClosedPoolError):
            return "Deze verbinding met OPA is al gesloten."
        if isinstance(cause or error, (TimeoutError, urllib3.exceptions.ReadTimeoutError)):
            return (
                f"OPA op {self.address} gaf niet op tijd antwoord (na {self.timeout:g} "
                "seconden). Probeer het later opnieuw, of geef meer tijd."
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            what, remedy = _CERTIFICATE.get(cause.verify_code, _NOT_TRUSTED)
            return f"Het certificaat van {self.address} {what}. {remedy}"
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return (
                f"De beveiligde verbinding met {self.address} komt niet tot stand. Kijk of het "
                "adres klopt, met http of https zoals het hoort, en of de server een certificaat "
                "van u vraagt (client_cert)."
            )
        return (
            f"Er is geen verbinding met OPA op {self.address}, of die brak af. "
            "Kijk of OPA daar draait."
        )

    def _status_failure(self, answer: Answer) -> UitfaseringError:
        status = answer.status_code
        errors = _opa_errors(answer) if status in (400, 500) else []
        too_large = bool(errors) and errors[0].message.startswith(_TE_GROOT)
        if status == 413 or too_large:
            return Refused(
                f"De vraag is te groot voor {self.address} (HTTP {status}). Vraag minder "
                "toewijzingen tegelijk (chunk_size).",
                status,
            )
        if errors and errors[0].message.startswith(_GEEN_BUNDEL):
            return ConnectionFailed(
                f"OPA op {self.address} is nog niet gereed: er is geen bundel geladen. Probeer het "
                "later opnieuw. Blijft het zo, kijk dan of OPA bij de bundel kan."
            )
        if errors:
            return EvaluationError(_evaluation_text(errors), errors)
        if status in (401, 403):
            return Refused(
                f"OPA op {self.address} weigert de vraag (HTTP {status}). "
                "Kijk of het token en het certificaat kloppen en of deze vraag mag.",
                status,
            )
        if status == 429:
            return Refused(
                f"{self.address} krijgt te veel vragen (HTTP {status}). Vraag het later opnieuw.",
                status,
            )
        if status >= 500:
            return ConnectionFailed(
                f"{self.address} kan nu geen antwoord geven (HTTP {status}). "
                "Probeer het later opnieuw."
            )
        if 300 <= status < 400:
            return Refused(
                f"{self.address} verwijst door naar een ander adres (HTTP {status}); dat volgen "
                "wij niet. Geef het adres van OPA zelf.",
                status,
            )
        return Refused(
            f"{self.address} begrijpt de vraag niet (HTTP {status}). "
            "Kijk of dit het adres van OPA is, met http of https zoals het hoort.",
            status,
        )


def _system_error(error: BaseException | None) -> OSError | None:
    """What the operating system, or TLS, said: the first in the chain."""
    while error is not None and not isinstance(error, OSError):
        inner = [one for one in error.args if isinstance(one, BaseException)]
        error = inner[0] if inner else error.__cause__ or error.__context__
    return error


def _opa_errors(answer: Answer) -> list[OpaError]:
    """What OPA says went wrong; empty when the body is not OPA's."""
    try:
        body = answer.json()
        if "errors" not in body:
            return [OpaError(str(body["code"]), str(body["message"]))]
        return [_opa_error(error) for error in body["errors"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []


def _opa_error(error: Mapping[str, Any]) -> OpaError:
    location = error.get("location") or {}
    return OpaError(
        str(error["code"]), str(error["message"]), location.get("file"), location.get("row")
    )


def _evaluation_text(errors: list[OpaError]) -> str:
    first = errors[0]
    place = f" in {first.file}, regel {first.line}" if first.file else ""
    return (
        f"OPA kon de afspraken niet toepassen: fout {first.code}{place}. "
        "Dit is een fout in de afspraken, niet in uw gegevens. Meld deze fout aan de beheerder."
    )
