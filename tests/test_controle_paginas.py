"""docs/meldingen: a page for each code that the program can give, and what it shows is true."""

import ast
import functools
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from uitfasering import brieven
from uitfasering.controle import gevallen
from uitfasering.gegevens import Gegevens, laad, lees_alles
from uitfasering.gegevenscontrole import waarschuwingen
from uitfasering.invoer.jsontekst import lees_json
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.rego import controle as regocontrole
from uitfasering.toets.gevallen import MAP
from uitfasering.validation import keur
from volledig import steekproef

ROOT = project_root()
PAGINAS = ROOT / "docs" / "meldingen"
INHOUD = PAGINAS / "README.md"

# The first word of a code says what it is about.
CODE = re.compile(
    r"(yaml|schema|gegevens|regel|gevallen|brief|zinnen|producten|bestand|bericht|xml|json|veld|waarde"
    r"|geen)-[a-z0-9]+(-[a-z0-9]+)*"
)
VOORBEELD = re.compile(
    r"^(Fout|Goed)(?:, in `(.+)`)?:\n\n```(?:yaml|rego|json)\n(.*?)\n```$", re.MULTILINE | re.DOTALL
)


def codes_in_het_programma() -> set[str]:
    """Every text in the program that is written as a code."""
    return {
        node.value
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


@functools.cache
def paginas() -> dict[str, str]:
    found = {path.stem: path.read_text("utf-8") for path in sorted(PAGINAS.glob("*.md"))}
    del found["README"]
    return found


def test_elke_code_heeft_een_pagina_en_elke_pagina_een_code() -> None:
    codes, pages = codes_in_het_programma(), set(paginas())
    assert len(codes) > 100  # else they are not found any more
    assert sorted(codes - pages) == [], "schrijf docs/meldingen/<code>.md"
    assert sorted(pages - codes) == [], "deze meldingen bestaan niet meer"


def test_de_inhoud_noemt_elke_pagina_met_haar_titel() -> None:
    listed = re.findall(r"^- \[(.+)\]\((.+)\.md\): (.+)$", INHOUD.read_text("utf-8"), re.MULTILINE)
    pages = {code: text.partition("\n")[0].removeprefix("# ") for code, text in paginas().items()}
    assert {code: title for _, code, title in listed} == pages
    assert all(code == label for label, code, _ in listed)
    assert len(listed) == len(pages)


@pytest.mark.parametrize("code", paginas())
def test_een_pagina_heeft_haar_vaste_delen(code: str) -> None:
    text = paginas()[code]
    assert re.match(rf"# .+\n\n`{code}`\n\n\S", text)
    assert text.count("**Waarom dit ertoe doet.**") == 1
    kinds = [kind for kind, _, _ in VOORBEELD.findall(text)]
    assert kinds in ([], ["Fout", "Goed"])
    assert text.count("```") == 4 * (len(kinds) // 2)
    assert max(map(len, text.splitlines())) <= 120 or "```" in text


# What the pages show.

VOORBEELDEN = [
    pytest.param(code, file, bad, good, id=code)
    for code, text in paginas().items()
    if (found := VOORBEELD.findall(text))
    for (_, file, bad), (_, _, good) in [found]
]
IN_REGO = [v for v in VOORBEELDEN if str(v.values[1]).startswith("policies/")]


@functools.cache
def geleverd() -> Gegevens:
    return laad(ROOT)


def in_tabellen(root: Path) -> Iterable[Melding]:
    tables, meldingen = lees_alles(root)
    found = list(waarschuwingen(tables)) if tables else []
    return [*meldingen, *found]


def in_gevallen(root: Path) -> Iterable[Melding]:
    return gevallen.controleer(root, geleverd())


def in_brieven(root: Path) -> Iterable[Melding]:
    return brieven.controleer(root, geleverd(), None)


def in_regels(root: Path) -> Iterable[Melding]:
    return regocontrole.controleer(root, geleverd())


def in_een_toewijzing(text: str) -> Iterable[Melding]:
    for found in lees_json("voorbeeld.json", text.encode()):
        if isinstance(found, Melding):
            yield found
        else:
            yield from keur(found.toewijzing)[1]


BRONNEN: dict[str, Callable[[Path], Iterable[Melding]]] = {
    "data/brieven": in_brieven,
    "data": in_tabellen,
    str(MAP): in_gevallen,
    "policies": in_regels,
}


# The Rego takes a second each, the rest next to nothing.
@pytest.mark.parametrize(
    ("code", "file", "bad", "good"),
    [*steekproef(IN_REGO, 4), *(v for v in VOORBEELDEN if v not in IN_REGO)],
)
def test_het_voorbeeld_klopt(code: str, file: str, bad: str, good: str, tmp_path: Path) -> None:
    """The first example gives this finding, the second does not."""
    for name in ("data", "policies", "schemas") if file else ():
        shutil.copytree(ROOT / name, tmp_path / name)

    def codes(text: str) -> set[str]:
        if not file:
            return {melding.code for melding in in_een_toewijzing(text)}
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "utf-8")
        vind = next(vind for folder, vind in BRONNEN.items() if file.startswith(folder))
        return {m.code for m in vind(tmp_path) if m.bestand == file}

    assert code in codes(bad)
    assert code not in codes(good)
