"""Runs what docs/handleiding.md tells its reader to do.

A chapter (``##``) starts from a fresh copy of the project. In it, in order:

- a ``diff`` block is an edit: the first line is ``--- FILE``, then the lines with ``-`` make way
  for those with ``+``, below or above lines that stay (a space). Without ``-`` and without a line
  that stays, the lines are put at the end of the file.
- a ``csv`` block is a new file, named on the line above it between backquotes.
- a ``console`` block is what the reader types (``$ uitfasering …``) and sees. A line ``…`` stands
  for any number of lines, a ``…`` in a line for the rest of it. Seconds are always ``…``.

``python tests/handleiding.py`` writes what is seen now into the text; read the difference.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from uitfasering import cli
from uitfasering.bulk.uitvoeren import FRAGMENTEN
from uitfasering.paths import opa_binary, project_root

HANDLEIDING = Path("docs") / "handleiding.md"
_BLOK = re.compile(r"^```(?P<soort>diff|csv|console)\n(?P<tekst>.*?)^```\n", re.S | re.M)
_MAPPEN = ("policies", "schemas", "data", "docs", "tests/gevallen", "scripts")


def hoofdstukken(tekst: str) -> list[str]:
    """The text in pieces that each begin with a heading; together they are the text."""
    return re.split(r"^(?=## )", tekst, flags=re.M)


def uitgevoerd(hoofdstuk: str, root: Path) -> str:
    """The chapter with, in each console block, what is seen now."""
    if "```console" not in hoofdstuk:
        return hoofdstuk
    with project(root) as kopie:
        return _BLOK.sub(lambda blok: _doe(blok, kopie), hoofdstuk)


@contextlib.contextmanager
def project(root: Path) -> Iterator[Path]:
    """A copy of the project that commands work on; the current folder meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        kopie = Path(folder)
        for name in _MAPPEN:
            shutil.copytree(root / name, kopie / name)
        # Compiling takes seconds; what is kept is named after the revision, so it may be shared.
        (root / FRAGMENTEN).mkdir(parents=True, exist_ok=True)
        (kopie / FRAGMENTEN).parent.mkdir()
        (kopie / FRAGMENTEN).symlink_to(root / FRAGMENTEN)
        omgeving = {
            "UITFASERING_ROOT": folder,
            "UITFASERING_OPA": str(opa_binary()),
            "COLUMNS": "80",
            "NO_COLOR": "1",
        }
        before = Path.cwd()
        os.chdir(kopie)
        try:
            with mock.patch.dict(os.environ, omgeving):
                yield kopie
        finally:
            os.chdir(before)


def _doe(blok: re.Match[str], kopie: Path) -> str:
    tekst = blok["tekst"]
    if blok["soort"] == "console":
        tekst = _console(tekst)
    elif blok["soort"] == "diff":
        _wijzig(tekst, kopie)
    else:
        name = re.findall("`([^`\n]+)`", blok.string[: blok.start()])[-1]
        (kopie / name).write_text(tekst, "utf-8")
    return f"```{blok['soort']}\n{tekst}```\n"


def _wijzig(tekst: str, kopie: Path) -> None:
    first, *lines = tekst.splitlines()
    path = kopie / first.removeprefix("--- ")
    old = [line[1:] for line in lines if line[:1] in ("-", " ")]
    new = [line[1:] for line in lines if line[:1] in ("+", " ")]
    before = path.read_text("utf-8")
    if not old:
        path.write_text(before + "".join(f"{line}\n" for line in new), "utf-8")
        return
    search = "".join(f"{line}\n" for line in old)
    assert before.count(search) == 1, (
        f"{path.name}: {search!r} staat er {before.count(search)} keer"
    )
    path.write_text(before.replace(search, "".join(f"{line}\n" for line in new)), "utf-8")


def _console(tekst: str) -> str:
    pieces = re.split(r"^\$ (.*)\n", tekst, flags=re.M)[1:]
    result = ""
    for command, said in zip(pieces[::2], pieces[1::2], strict=True):
        seen = _typ(command)
        pattern = "".join(
            "(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n"
            for line in said.splitlines()
        )
        result += f"$ {command}\n{said if re.fullmatch(pattern, seen) else seen}"
    return result


def _typ(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "uitfasering", f"{command}: alleen uitfasering wordt uitgevoerd"
    uit = io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["uitfasering", *arguments]),
        contextlib.redirect_stdout(uit),
        contextlib.redirect_stderr(uit),
    ):
        cli.main()
    gezien = re.sub(r"[0-9.,]+ seconden", "… seconden", uit.getvalue())
    return "".join(f"{line.rstrip()}\n" for line in gezien.splitlines())


def main() -> int:
    root = project_root()
    path = root / HANDLEIDING
    before = path.read_text("utf-8")
    after = "".join(uitgevoerd(piece, root) for piece in hoofdstukken(before))
    path.write_text(after, "utf-8")
    print("Bijgewerkt." if after != before else "Er is niets veranderd.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
