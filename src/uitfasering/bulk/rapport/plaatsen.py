"""Writing a report in one step: what was there stays until the new one is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uitfasering.errors import UitfaseringError


@contextmanager
def nieuw_bestand(pad: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``pad`` when nothing went wrong.

    Raises:
        UitfaseringError: the folder cannot be written to, or the disk is full.
    """
    try:
        handle, naam = tempfile.mkstemp(dir=pad.parent, prefix=f".{pad.name}-")
    except OSError:
        raise _niet_te_schrijven(pad) from None
    os.close(handle)
    tijdelijk = Path(naam)
    try:
        yield tijdelijk
        with tijdelijk.open("rb") as stroom:
            os.fsync(stroom.fileno())
        tijdelijk.chmod(0o666 & ~_umask())
        tijdelijk.replace(pad)
    except OSError:
        tijdelijk.unlink(missing_ok=True)
        raise _niet_geschreven(pad) from None
    except BaseException:
        tijdelijk.unlink(missing_ok=True)
        raise


@contextmanager
def nieuwe_map(pad: Path) -> Iterator[Path]:
    """A folder to write to, which becomes ``pad`` when nothing went wrong.

    Raises:
        UitfaseringError: ``pad`` is there already and is not an empty folder, or the folder
            around it cannot be written to.
    """
    keur_map(pad)
    try:
        tijdelijk = Path(tempfile.mkdtemp(dir=pad.parent, prefix=f".{pad.name}-"))
    except OSError:
        raise _niet_te_schrijven(pad) from None
    try:
        yield tijdelijk
        tijdelijk.chmod(0o777 & ~_umask())
        tijdelijk.replace(pad)
    except OSError:
        shutil.rmtree(tijdelijk, ignore_errors=True)
        raise _niet_geschreven(pad) from None
    except BaseException:
        shutil.rmtree(tijdelijk, ignore_errors=True)
        raise


def keur_map(pad: Path) -> None:
    """See that ``pad`` can become a new folder.

    Raises:
        UitfaseringError: it is there already and is not an empty folder.
    """
    if pad.exists() and (not pad.is_dir() or any(pad.iterdir())):
        raise UitfaseringError(
            f"{pad} bestaat al en is niet leeg. Kies een andere map, of maak deze leeg."
        )


def keur_bestand(pad: Path) -> None:
    """See that ``pad`` can be written.

    Raises:
        UitfaseringError: it is a folder, or there is no folder to put it in.
    """
    if pad.is_dir():
        raise UitfaseringError(f"{pad} is een map. Geef de naam van een bestand.")
    if not pad.parent.is_dir():
        raise UitfaseringError(f"De map {pad.parent} is er niet. Maak die eerst.")


def _niet_te_schrijven(pad: Path) -> UitfaseringError:
    return UitfaseringError(f"In de map {pad.parent} kan niet worden geschreven.")


def _niet_geschreven(pad: Path) -> UitfaseringError:
    return UitfaseringError(f"{pad} kan niet worden geschreven. Is er nog ruimte op de schijf?")


def _umask() -> int:
    masker = os.umask(0)
    os.umask(masker)
    return masker
