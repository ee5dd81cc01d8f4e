"""``toegang.yaml`` in the sidecar's folder: read it strictly, change one token, keep all else.

Lines are put in and taken out, and the result is read again. Not by ruamel: it moves a comment that
follows a token to the token itself, and loses it with the token (see tests/test_toegang.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from uitfasering.errors import BuildError
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.schemabestand import schema
from uitfasering.yamlreader import lees, lees_tekst

_KOP = """\
# Wie de sidecar iets mag vragen. Hier staan geen tokens, alleen hun SHA-256. Meer: docs/sidecar.md
#
# Een token erbij of eraf: uitfasering token nieuw, uitfasering token intrekken.
# Verandert u hier zelf iets? Geef daarna: uitfasering token bundel
#
# Zijn alleen bepaalde versies van de afspraken goed? Zet dan onder aan dit bestand:
#   revisies:
#     - "…"  # de versie die uitfasering bundel noemt
tokens: {}
"""


@dataclass(frozen=True)
class Toegang:
    """What ``toegang.yaml`` says.

    Attributes:
        tekst: the whole file, lines ended by a newline.
        tokens: by name: ``sha256``, ``rechten``, ``sinds``.
        revisies: the revisions that are expected; empty: any that is signed.
    """

    tekst: str
    tokens: Mapping[str, Mapping[str, Any]]
    revisies: tuple[str, ...]

    def met(self, naam: str, token: Mapping[str, Any]) -> Toegang:
        """The same with this token at the end.

        Raises:
            BuildError: as ``_opnieuw``.
        """
        _, tokens = _tokens(self.tekst)
        indent = " " * (tokens.value[0][0].start_mark.column if tokens.value else 2)
        entry = (
            f'{indent}"{naam}":\n'
            f'{indent}  sha256: "{token["sha256"]}"\n'
            f"{indent}  rechten: [{', '.join(token['rechten'])}]\n"
            f'{indent}  sinds: "{token["sinds"]}"\n'
        )
        tekst = self.tekst
        if tokens.value:
            lines = tekst.splitlines(keepends=True)
            lines.insert(_laatste_regel(tokens) + 1, entry)
            tekst = "".join(lines)
        else:
            begin, end = tokens.start_mark.index, tokens.end_mark.index
            rest, _, below = tekst[end:].partition("\n")
            tekst = f"{tekst[:begin].rstrip()}{rest}\n{entry}{below}"
        return self._opnieuw(tekst, {**self.tokens, naam: token})

    def zonder(self, naam: str) -> Toegang:
        """The same without the token of that name; a comment above or below it stays.

        Raises:
            BuildError: as ``_opnieuw``.
        """
        sleutel, tokens = _tokens(self.tekst)
        lines = self.tekst.splitlines(keepends=True)
        over = {name: token for name, token in self.tokens.items() if name != naam}
        if not over:
            kop = sleutel.start_mark.line
            lines[kop] = lines[kop].replace(":", ": {}", 1)
        for key, value in tokens.value:
            if key.value == naam:
                del lines[key.start_mark.line : _laatste_regel(value) + 1]
        return self._opnieuw("".join(lines), over)

    def _opnieuw(self, tekst: str, tokens: Mapping[str, Mapping[str, Any]]) -> Toegang:
        """What that text says, which must be these tokens and nothing else changed.

        Raises:
            BuildError: the file is laid out so that lines cannot be put in or taken out.
        """
        found = lees_tekst(tekst, _schema())
        revisies = list(self.revisies)
        if found.meldingen or (found.data["tokens"], found.data.get("revisies", [])) != (
            tokens,
            revisies,
        ):
            raise BuildError(
                "Dit programma kan toegang.yaml niet aanpassen. Zet elk token op eigen regels, "
                "met de naam, sha256, rechten en sinds onder elkaar."
            )
        return Toegang(tekst, tokens, self.revisies)


def lees_toegang(pad: Path) -> Toegang | None:
    """Read ``toegang.yaml``; None when it is not there.

    Raises:
        BuildError: it breaks schemas/toegang.json; carries every Melding.
    """
    if not pad.exists():
        return None
    found = lees(pad, _schema())
    if found.meldingen:
        meldingen = [_zonder_token(melding) for melding in found.meldingen]
        lines = "\n".join(map(str, meldingen))
        raise BuildError(f"Dit bestand klopt niet:\n{lines}", meldingen)
    tekst = pad.read_text("utf-8-sig").rstrip("\n") + "\n"
    return Toegang(tekst, found.data["tokens"], tuple(found.data.get("revisies", ())))


def nieuwe_toegang() -> Toegang:
    """A ``toegang.yaml`` with an explanation and no tokens."""
    return Toegang(_KOP, {}, ())


def _zonder_token(melding: Melding) -> Melding:
    """The same without the value where a SHA-256 belongs: it may be the token itself."""
    if not melding.pad.endswith(".sha256"):
        return melding
    return replace(
        melding,
        bericht="Dit is geen SHA-256.",
        oplossing="Een SHA-256 heeft 64 tekens, cijfers en de letters a tot en met f, tussen "
        "aanhalingstekens. Staat hier een token? Haal het weg en gebruik het niet meer.",
    )


def _schema() -> dict[str, Any]:
    return schema(project_root(), "toegang")


def _tokens(tekst: str) -> tuple[yaml.Node, yaml.MappingNode]:
    """The key ``tokens`` and what stands there, with their places in the text."""
    root = yaml.compose(tekst, yaml.SafeLoader)
    assert root is not None
    sleutel, tokens = next(pair for pair in root.value if pair[0].value == "tokens")
    return sleutel, tokens


def _laatste_regel(node: yaml.Node) -> int:
    """The last line of a node, from 0. A block's own end mark is past the comments below it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = node.value[-1]
        return _laatste_regel(last[1] if isinstance(node, yaml.MappingNode) else last)
    return int(node.end_mark.line)
