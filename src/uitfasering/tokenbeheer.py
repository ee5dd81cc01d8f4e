"""Make and withdraw tokens: ``toegang.yaml`` and the bundle change together, or neither does."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from uitfasering import toegang
from uitfasering.bedoeld import bedoeld
from uitfasering.errors import BuildError, UitfaseringError, os_zin
from uitfasering.paths import opa_binary
from uitfasering.sidecarmap import Sidecarmap
from uitfasering.toegangsbestand import Toegang, lees_toegang, nieuwe_toegang

WACHTTIJD = 30.0
"""Seconds that a command waits for another one that changes the same folder."""


def nieuw(
    naam: str, rechten: Sequence[str], naar: Path, sleutel: Path, sidecar: Sidecarmap
) -> None:
    """Make a token, and write it to a new file that only its owner can read.

    Raises:
        UitfaseringError: it did not work; then there is no such file and nothing has changed.
    """
    with _slot(sidecar), _of_niets(f"Het token {naam} is niet gemaakt. Er is niets veranderd."):
        oud = lees_toegang(sidecar.toegang) or nieuwe_toegang()
        _vrij(naam, oud)
        token = toegang.nieuw_token()
        with _nieuw_bestand(naar, token):
            _zet(_met(oud, naam, token, rechten), sleutel, sidecar)


def overnemen(
    naam: str, rechten: Sequence[str], token: str, sleutel: Path, sidecar: Sidecarmap
) -> None:
    """Take over a token that was made elsewhere.

    Raises:
        UitfaseringError: it did not work, or the token has a name already; nothing has changed.
    """
    with _slot(sidecar), _of_niets(f"Het token {naam} is niet overgenomen. Er is niets veranderd."):
        oud = lees_toegang(sidecar.toegang) or nieuwe_toegang()
        _vrij(naam, oud)
        _zet(_met(oud, naam, token, rechten), sleutel, sidecar)


def intrekken(naam: str, sleutel: Path, sidecar: Sidecarmap) -> None:
    """Withdraw a token.

    Raises:
        UitfaseringError: it did not work; then nothing has changed and OPA still takes the token.
    """
    let_op = (
        f"LET OP: het token {naam} is NIET ingetrokken. Er is niets veranderd; OPA neemt het nog "
        "steeds aan. Los dit op en geef dezelfde opdracht opnieuw. Kan dat niet wachten? Stop dan "
        "de sidecar."
    )
    with _slot(sidecar, let_op):
        with _of_niets(let_op):
            oud = _lees(sidecar)
        if naam not in oud.tokens:
            meant = bedoeld(naam, oud.tokens)
            raise BuildError(
                f"Er is geen token met deze naam in {sidecar.toegang}."
                + (f" Bedoelt u {meant}?" if meant else "")
                + " Welke er zijn, ziet u met: uitfasering token lijst"
            )
        with _of_niets(let_op):
            _zet(oud.zonder(naam), sleutel, sidecar)


def bundel(sleutel: Path, sidecar: Sidecarmap) -> str:
    """Make the bundle again from ``toegang.yaml``; its revision.

    Raises:
        UitfaseringError: it did not work; the bundle that was there stays.
    """
    with _slot(sidecar):
        oud = _lees(sidecar)
        _keur_sleutel(sleutel, sidecar)
        return toegang.maak_bundel(_inhoud(oud), sleutel, sidecar)


def is_bijgewerkt(gelezen: Toegang, sidecar: Sidecarmap) -> bool:
    """Whether the bundle holds what ``toegang.yaml`` says."""
    return toegang.revisie_van_bundel(sidecar) == toegang.revisie(_inhoud(gelezen))


def _lees(sidecar: Sidecarmap) -> Toegang:
    found = lees_toegang(sidecar.toegang)
    if found is None:
        raise BuildError(
            f"Er zijn nog geen tokens: {sidecar.toegang} is er niet. Maak er een met: uitfasering "
            "token nieuw"
        )
    return found


def _inhoud(gelezen: Toegang) -> dict[str, object]:
    content: dict[str, object] = toegang.document(gelezen.tokens, gelezen.revisies)
    return content


def _vrij(naam: str, oud: Toegang) -> None:
    if naam in oud.tokens:
        raise BuildError(
            f"Er is al een token met de naam {naam}. Kies een andere naam, of trek dat token eerst "
            f"in met: uitfasering token intrekken {naam}"
        )


def _met(oud: Toegang, naam: str, token: str, rechten: Sequence[str]) -> Toegang:
    row = {
        "sha256": toegang.sha256(token),
        "rechten": list(rechten),
        "sinds": date.today().isoformat(),
    }
    return oud.met(naam, row)


def _zet(nieuw: Toegang, sleutel: Path, sidecar: Sidecarmap) -> None:
    """Make the bundle, then put ``toegang.yaml`` in place, which is written by then.

    Raises:
        UitfaseringError, OSError: it did not work; both are as they were.
    """
    _keur_sleutel(sleutel, sidecar)
    bundel = sidecar.bundels / toegang.BUNDEL
    vorige = bundel.read_bytes() if bundel.is_file() else None
    doel = sidecar.toegang.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(dir=doel.parent, prefix=".toegang-")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(nieuw.tekst)
            file.flush()
            os.fsync(file.fileno())
        toegang.maak_bundel(_inhoud(nieuw), sleutel, sidecar)
        try:
            Path(name).replace(doel)
        except OSError:
            if vorige is None:
                bundel.unlink()
            else:
                bundel.write_bytes(vorige)
            raise
    finally:
        Path(name).unlink(missing_ok=True)


def _keur_sleutel(sleutel: Path, sidecar: Sidecarmap) -> None:
    """Refuse a key with which OPA would refuse the bundle, and go on with the old tokens."""
    publiek = sidecar.sleutels / "toegang.pub"
    if not publiek.is_file():  # kept elsewhere
        return
    with tempfile.TemporaryDirectory(prefix="uitfasering-sleutel-") as folder:
        proef = Sidecarmap(Path(folder))
        toegang.maak_bundel({}, sleutel, proef)
        command = [
            *(str(opa_binary()), "build", "--bundle", str(proef.bundels / toegang.BUNDEL)),
            *("--verification-key", str(publiek), "--signing-alg", "ES256"),
            *("--output", str(proef.map / "gekeurd.tar.gz")),
        ]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise BuildError(
                f"De sleutel {sleutel} hoort niet bij {publiek}: OPA zou de bundel weigeren. Geef "
                "de goede sleutel met --sleutel."
            )


@contextmanager
def _nieuw_bestand(pad: Path, token: str) -> Iterator[None]:
    """A new file with the token, that goes away again when the block fails."""
    try:
        handle = os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BuildError(
            f"{pad} bestaat al. Geef bij --naar de naam van een nieuw bestand."
        ) from None
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{token}\n")
            file.flush()
            os.fsync(file.fileno())
        yield
    except BaseException:
        pad.unlink(missing_ok=True)
        raise


@contextmanager
def _of_niets(zin: str) -> Iterator[None]:
    """Add to what went wrong what that means."""
    try:
        yield
    except UitfaseringError as error:
        raise BuildError(f"{error}\n{zin}") from error
    except OSError as error:
        raise BuildError(f"{os_zin(error)}\n{zin}") from error


@contextmanager
def _slot(sidecar: Sidecarmap, gevolg: str = "") -> Iterator[None]:
    """Only one command at a time changes a folder."""
    folder = os.open(sidecar.map, os.O_RDONLY | os.O_DIRECTORY)
    try:
        deadline = time.monotonic() + WACHTTIJD
        while not _op_slot(folder):
            if time.monotonic() > deadline:
                raise BuildError(
                    f"Een andere opdracht is al {WACHTTIJD:g} seconden bezig in {sidecar.map}. "
                    f"Er is niets veranderd. Probeer het opnieuw als die klaar is. {gevolg}".strip()
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(folder)


def _op_slot(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
