"""One question to OPA over HTTP: opa-python-client, with every way to fail as our own error.

Imports ``requests`` and ``opa_client`` (0.2 s), so it is itself imported late.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from typing import Any

import requests
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

_PACKAGE = "uitfasering"
# A built-in that fails must be an error, not a rule that silently does not fire. Provenance
# tells an OPA without any bundle from one with the wrong bundle. It is not compared with the
# herkomst in the besluit: whoever packs our bundle into another one gives it another revision.
_ALWAYS = {"strict-builtin-errors": "true", "provenance": "true"}
_TE_GROOT = "request body too large"  # see server.decoding in OPA's configuration


class _Session(requests.Session):
    """A session that keeps to one deadline: connecting, one retry and the whole answer."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        deadline = time.monotonic() + kwargs["timeout"]
        kwargs["stream"] = True
        try:
            response = self._attempt(request, deadline, kwargs)
        except requests.ConnectionError as error:
            if not _broken_off(error):
                raise
            # A kept connection that the server had just closed. A question changes nothing,
            # so asking it again is safe; after a timeout it would only add to the load.
            response = self._attempt(request, deadline, kwargs)
        _read(response, deadline)
        return response

    def _attempt(
        self, request: requests.PreparedRequest, deadline: float, kwargs: dict[str, Any]
    ) -> requests.Response:
        left = max(deadline - time.monotonic(), 0.001)
        return super().send(request, **{**kwargs, "timeout": urllib3.Timeout(total=left)})


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
        super().__init__(
            host=host, port=port, ssl=https, token=token, cert=client_cert, timeout=timeout
        )

    def _init_session(self) -> requests.Session:
        session = _Session()
        session.headers.update(self.headers or {})
        # OPA would compress every longer answer, which costs more than the loopback does.
        session.headers["Accept-Encoding"] = "identity"
        session.trust_env = False  # no proxy, .netrc or CA from the environment
        session.max_redirects = 0  # a POST that is redirected becomes a GET
        session.verify = self._ca_bundle or True
        session.cert = self.cert
        return session

    @property
    def address(self) -> str:
        """Where we ask, for messages: ``http://host:port``."""
        return f"{self.schema}{self.host}:{self.port}"

    def ask(self, rule: str, question: Any) -> Any:
        """The result of ``data.uitfasering.<rule>`` for one input; never undefined."""
        try:
            answer = self.query_rule(question, _PACKAGE, rule, query_params=_ALWAYS)
        except (OSError, urllib3.exceptions.HTTPError) as error:  # requests' errors are OSErrors
            raise self._failure(error) from error
        except (ValueError, RecursionError) as error:  # too long a number, too deep a list
            raise self._wrong("het is geen gewone JSON") from error
        if not isinstance(answer, dict):
            raise self._wrong("het is geen JSON-object")
        if "result" not in answer:
            raise self._undefined(rule, answer)
        return answer["result"]

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
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise self._failure(error) from error

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
        """The error of ours for one of requests, urllib3 or the operating system."""
        if isinstance(error, requests.exceptions.JSONDecodeError):
            return self._wrong("het is geen JSON")
        if isinstance(error, requests.TooManyRedirects) and error.response is not None:
            return Refused(
                f"{self.address} verwijst door naar een ander adres; dat volgen wij niet. "
                "Geef het adres van OPA zelf.",
                error.response.status_code,
            )
        if isinstance(error, requests.HTTPError) and error.response is not None:
            return self._status_failure(error.response)
        if isinstance(error, requests.exceptions.SSLError) and not _broken_off(error):
            return ConnectionFailed(
                f"De beveiligde verbinding met {self.address} komt niet tot stand: een "
                "certificaat wordt niet vertrouwd of klopt niet. Geef het bestand met het "
                "CA-certificaat van deze server op (ca_bundle), en kijk of het adres klopt."
            )
        if isinstance(error, requests.Timeout):
            return ConnectionFailed(
                f"OPA op {self.address} gaf niet op tijd antwoord (na {self.timeout:g} "
                "seconden). Probeer het later opnieuw, of geef meer tijd."
            )
        return ConnectionFailed(
            f"Er is geen verbinding met OPA op {self.address}, of die brak af. "
            "Kijk of OPA daar draait."
        )

    def _status_failure(self, response: requests.Response) -> UitfaseringError:
        status = response.status_code
        if status in (400, 500):
            errors = _opa_errors(response)
            if errors and errors[0].message.startswith(_TE_GROOT):
                return Refused(
                    f"De vraag is te groot voor OPA op {self.address}. Vraag minder toewijzingen "
                    "tegelijk (chunk_size).",
                    status,
                )
            if errors:
                return EvaluationError(_evaluation_text(errors), errors)
        if status in (401, 403):
            return Refused(
                f"OPA op {self.address} weigert de vraag (HTTP {status}). "
                "Kijk of het token en het certificaat kloppen en of deze vraag mag.",
                status,
            )
        if status >= 500:
            return ConnectionFailed(
                f"{self.address} kan nu geen antwoord geven (HTTP {status}). "
                "Probeer het later opnieuw."
            )
        return Refused(
            f"{self.address} begrijpt de vraag niet (HTTP {status}). "
            "Kijk of dit het adres van OPA is, met http of https zoals het hoort.",
            status,
        )


def _broken_off(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    if isinstance(cause, urllib3.exceptions.MaxRetryError):
        cause = cause.reason
    if isinstance(cause, urllib3.exceptions.SSLError) and cause.args:
        cause = cause.args[0]  # of the ssl module
    return isinstance(cause, (urllib3.exceptions.ProtocolError, ssl.SSLEOFError))


def _read(response: requests.Response, deadline: float) -> None:
    """Read the whole body before the deadline, however slowly it drips in."""
    parts = []
    try:
        while part := response.raw.read1(65_536, decode_content=True):
            parts.append(part)
            if time.monotonic() > deadline:
                response.close()
                raise requests.ReadTimeout("the answer dripped in too slowly")
    except urllib3.exceptions.ReadTimeoutError as error:
        raise requests.ReadTimeout(error) from error
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error
    # What requests itself does after reading a stream to its end.
    response._content = b"".join(parts)
    response._content_consumed = True  # type: ignore[attr-defined]


def _opa_errors(response: requests.Response) -> list[OpaError]:
    """What OPA says went wrong; empty when the body is not OPA's."""
    try:
        body = response.json()
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
