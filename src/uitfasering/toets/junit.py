"""What became of the cases as JUnit XML, which every build server can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree

from uitfasering.melding import Melding
from uitfasering.toets.uitvoeren import Uitslag
from uitfasering.toets.verslag import Verslag, waarom_fout
from uitfasering.toets.waarom import Uitleg
from uitfasering.weergave.veilig import schoon

# Attribute and element; the usual schema (Jenkins, junit-10.xsd) has no skipped on testsuites.
_TELLINGEN = (("tests", "testcase"), ("failures", "failure"), ("errors", "error"))


def als_junit(verslag: Verslag) -> str:
    """One ``testsuites`` document: a ``testsuite`` a file, a ``testcase`` a case.

    A fault in a case file is a ``testcase`` with an ``error``.
    """
    root = ElementTree.Element("testsuites", name="uitfasering toets")
    genummerd = list(enumerate(verslag.uitslagen))
    for bestand, groep in groupby(genummerd, key=lambda item: item[1].geval.bestand):
        suite = ElementTree.SubElement(root, "testsuite", name=schoon(bestand))
        for index, uitslag in groep:
            _testcase(suite, uitslag, verslag.uitleg.get(index, ()))
    for bestand, meldingen in groupby(verslag.meldingen, key=lambda melding: melding.bestand):
        suite = ElementTree.SubElement(root, "testsuite", name=schoon(bestand))
        for melding in meldingen:
            _error(suite, melding)
    for suite in root:
        _tel(suite, *_TELLINGEN, ("skipped", "skipped"))
    _tel(root, *_TELLINGEN)
    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'


def _testcase(suite: ElementTree.Element, uitslag: Uitslag, uitleg: Sequence[Uitleg]) -> None:
    geval = uitslag.geval
    case = ElementTree.SubElement(
        suite, "testcase", name=schoon(geval.naam), classname=schoon(geval.bestand)
    )
    if uitslag.stand == "overgeslagen":
        ElementTree.SubElement(case, "skipped", message=schoon(geval.overslaan or ""))
    elif uitslag.stand == "niet gedraaid":
        fout = ElementTree.SubElement(case, "error", message="niet gedraaid", type="gegevens")
        fout.text = "\n".join(_regels(map(str, uitslag.meldingen)))
    elif uitslag.stand == "fout":
        anders = ", ".join(dict.fromkeys(rij.naam for rij in uitslag.rijen if not rij.klopt))
        failure = ElementTree.SubElement(case, "failure", message=f"anders: {anders}", type="geval")
        failure.text = "\n".join(_regels(waarom_fout(uitslag, uitleg).splitlines()))


def _error(suite: ElementTree.Element, melding: Melding) -> None:
    name = f"regel {melding.regel}" if melding.regel else "het bestand"
    case = ElementTree.SubElement(
        suite, "testcase", name=f"{name}: {melding.code}", classname=schoon(melding.bestand)
    )
    error = ElementTree.SubElement(
        case, "error", message=schoon(melding.bericht), type=melding.code
    )
    error.text = schoon(str(melding))


def _regels(regels: Iterable[str]) -> list[str]:
    return [schoon(regel) for regel in regels]


def _tel(element: ElementTree.Element, *soorten: tuple[str, str]) -> None:
    for naam, soort in soorten:
        element.set(naam, str(len(list(element.iter(soort)))))
