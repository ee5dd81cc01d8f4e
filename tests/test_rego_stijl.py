"""How the policies are written: what is public is described, what belongs in data/ is not there.

That the shipped policies are so is in test_regocontrole.py; here the checks see what they are for.
"""

import pytest

from uitfasering.gegevens import laad
from uitfasering.melding import Melding
from uitfasering.paths import project_root
from uitfasering.rego import stijl
from uitfasering.rego.tekst import Rego, scheef
from uitfasering.stage import vergelijk

GEGEVENS = laad(project_root())

GOED = """\
package uitfasering

# METADATA
# title: Een
# labels:
#   regel: X-01
van_toepassing contains "X-01" if input.b == 2

# METADATA
# title: Twee
# scope: document
openbaar(x) := 1 if input.feiten.b == x

openbaar(x) := 0 if input.feiten.c == x

_eigen := substring("b", 0, 1)
"""

NIET_IN_REGO = "Hier staat {} in de regels zelf."
GEEN_TITEL = "Boven {} staat geen METADATA met een titel."


def meldingen(text: str) -> list[Melding]:
    bron = Rego("policies/uitfasering/x.rego", text)
    pakket = stijl.pakket(bron)
    return [
        *([pakket] if pakket else []),
        *stijl.metadata([bron]),
        *stijl.vaste_waarden(bron, GEGEVENS),
        *vergelijk([bron], None),
    ]


def test_goed_voorbeeld() -> None:
    assert meldingen(GOED) == []


@pytest.mark.parametrize(
    ("old", "new", "row", "fault"),
    [
        ("# title: Een", "# description: Een", 7, GEEN_TITEL.format("X-01")),
        ("# title: Twee", "# description: x", 12, GEEN_TITEL.format("openbaar")),
        ("# METADATA\n# title: Twee", "# title: Twee", 11, GEEN_TITEL.format("openbaar")),
        ("_eigen", "eigen", 16, GEEN_TITEL.format("eigen")),
        (
            "# labels:\n#   regel: X-01\n",
            "",
            5,
            "De afspraak heet X-01, maar het label is leeg.",
        ),
        ("#   regel: X-01", "#   regel: X-02", 7, "De afspraak heet X-01, maar het label is X-02."),
        ('contains "X-01"', "contains x", 7, "Bij deze afspraak staat geen nummer."),
        (
            "# title: Twee",
            "# title: Twee\n# labels:\n#   regel: X-01",
            14,
            "Het label X-01 hoort alleen bij de afspraak zelf.",
        ),
        (
            "van_toepassing",
            "van_toepasing",
            7,
            "De naam van_toepasing is niet die van een afspraak.",
        ),
        ("input.b == 2", "input.b == 11", 7, NIET_IN_REGO.format("het getal 11")),
        ("input.b == 2", "input.b in {1, 250.5}", 7, NIET_IN_REGO.format("het getal 250.5")),
        (":= 0 if", ":= 3 if", 14, NIET_IN_REGO.format("het getal 3")),
        ("input.b == 2", 'input.b in {"0193"}', 7, NIET_IN_REGO.format("de code 0193")),
        ("input.feiten.c", 'data.a["54002"]', 14, NIET_IN_REGO.format("de code 54002")),
        ("input.b == 2", 'input.b == "50H1A"', 7, NIET_IN_REGO.format("de code 50H1A")),
        ("input.b == 2", "input.b == `50H1A`", 7, NIET_IN_REGO.format("de code 50H1A")),
        ("input.b == 2", 'input.b == "2021-05-01"', 7, NIET_IN_REGO.format("de datum 2021-05-01")),
        ("_eigen", "# sinds 2021-05-01\n_eigen", 16, NIET_IN_REGO.format("de datum 2021-05-01")),
        (
            "_eigen",
            "# alleen in olst - wijhe\n_eigen",
            16,
            NIET_IN_REGO.format("de gemeente olst - wijhe"),
        ),
    ],
)
def test_fout_voorbeeld(old: str, new: str, row: int, fault: str) -> None:
    assert GOED.count(old) == 1
    found = meldingen(GOED.replace(old, new))
    assert [(m.regel, m.bericht) for m in found] == [(row, fault)]


def test_getallen_in_opmerkingen_en_namen_tellen_niet() -> None:
    extra = '\n# artikel 12, lid 3\n_b2 := sprintf("%04d, 99 keer", [input.a1])\n'
    assert meldingen(GOED + extra) == []


@pytest.mark.parametrize(
    ("text", "bracket"),
    [
        ("a if {\n\tb(c)\n}\n", None),
        ('a if {\n\tb == "{" # (\n}\n', None),
        ("a if {\n\tb(c\n}\n", ("(", 2, 3, ")")),
        ("a if {\n\tx := {1, 2\n}\n", ("{", 2, 7, "}")),
        ("a if {\n\tb\n", ("{", 1, 6, "}")),
        ("a if {\n\tb)\n}\n", (")", 2, 3, "")),
        ("a if b\n}\n", ("}", 2, 1, "")),
    ],
)
def test_haakje_zonder_tweede_helft(text: str, bracket: tuple[str, int, int, str] | None) -> None:
    found = scheef(text)
    teken, hoort = found or (None, "")
    assert (teken and (teken.tekst, teken.rij, teken.kolom, hoort)) == bracket
