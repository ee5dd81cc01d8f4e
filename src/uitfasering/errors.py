"""Every exception this package raises, as one tree.

::

    UitfaseringError
    ├── ConnectionFailed     no usable answer: refused, reset, timed out, TLS, a proxy's 5xx
    ├── Refused              the sidecar, or a proxy, said no: 401, 403, 404, 413, 429, a redirect
    ├── InvalidInput         the toewijzing breaks schemas/toewijzing.json; nothing was sent
    ├── EvaluationError      OPA could not evaluate; carries OPA's code, file and line
    ├── Undefined            OPA has no such rule (wrong or missing bundle)
    ├── WrongData            an answer that breaks schemas/besluit.json, or other keys than asked
    ├── BuildError           the YAML or Rego is wrong; carries every Melding
    ├── MessageError         a file or message that cannot be read; carries every Melding
    └── OpaUnavailable       no OPA to start, or it would not start

Messages are Dutch (officers read them) and never hold a value from the input.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uitfasering.melding import Melding


class UitfaseringError(Exception):
    """Base of the tree; ``str()`` is a Dutch sentence with the remedy."""


class ConnectionFailed(UitfaseringError):
    """The sidecar gave no usable answer; asking again later is safe."""


class Refused(UitfaseringError):
    """The sidecar (or a proxy before it) refused the request.

    ``status`` is the HTTP status code.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _WithMeldingen(UitfaseringError):
    """Carries ``meldingen``: every fault found, never just the first."""

    def __init__(self, message: str, meldingen: Sequence[Melding] = ()) -> None:
        super().__init__(message)
        self.meldingen: tuple[Melding, ...] = tuple(meldingen)


class InvalidInput(_WithMeldingen):
    """The toewijzing breaks ``schemas/toewijzing.json``; nothing was sent."""


@dataclass(frozen=True)
class OpaError:
    """One error as OPA reports it: its code, its message, and the place in the policy."""

    code: str
    message: str
    file: str | None = None
    line: int | None = None


class EvaluationError(UitfaseringError):
    """OPA answered with an error; ``errors`` holds what OPA said of it."""

    def __init__(self, message: str, errors: Sequence[OpaError] = ()) -> None:
        super().__init__(message)
        self.errors: tuple[OpaError, ...] = tuple(errors)


class Undefined(UitfaseringError):
    """OPA answered without a result: the bundle does not hold our policies."""


class WrongData(UitfaseringError):
    """An answer that is not a besluit, or that answers other keys than were asked."""


class BuildError(_WithMeldingen):
    """The YAML tables or the Rego policies are wrong; nothing was built."""


class MessageError(_WithMeldingen):
    """A file or message that cannot be read."""


class OpaUnavailable(UitfaseringError):
    """No suitable ``opa`` was found, or it would not start."""


def os_zin(fout: OSError) -> str:
    """A fault of the operating system, without its English words."""
    redenen = {
        errno.ENOSPC: "De schijf is vol.",
        errno.EACCES: "Dit mag niet gelezen of geschreven worden.",
        errno.EPERM: "Dit mag niet gelezen of geschreven worden.",
        errno.EROFS: "Hier kan niet geschreven worden.",
        errno.EMFILE: "Er zijn te veel bestanden open.",
        errno.ENOENT: "Dit bestand of deze map is er niet.",
        errno.EISDIR: "Dit is een map, en hier hoort een bestand.",
        errno.ENOTDIR: "Dit is een bestand, en hier hoort een map.",
        errno.ELOOP: "Deze link verwijst naar zichzelf.",
    }
    plek = f" ({fout.filename})" if fout.filename else ""
    return f"{redenen.get(fout.errno or 0, f'Het systeem meldt fout {fout.errno}.')}{plek}"
