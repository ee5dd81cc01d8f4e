"""Comparisons of facts in Dutch words; the words themselves are in ``data/zinnen.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uitfasering.bedoeld import bedoeld
from uitfasering.gegevens import Gegevens, laad, schema
from uitfasering.gegevenscontrole import is_dag
from uitfasering.melding import Melding
from uitfasering.residu import Constante, Vergelijking
from uitfasering.tabellen import in_woorden

WERKWOORD = "{is}"
"""Where a bijzin has its "is"; a sentence leaves it out after another one."""


@dataclass(frozen=True)
class Zinnen:
    """The words for facts, values and comparisons.

    Attributes:
        tabel: data/zinnen.yaml.
        feiten: the facts of schemas/feiten.json, by name.
        gegevens: the other tables, for the names of municipalities and codes.
        noem: words for values that stand for something not known yet.
    """

    tabel: Mapping[str, Any]
    feiten: Mapping[str, Any]
    gegevens: Gegevens
    noem: Mapping[Constante, str] = field(default_factory=dict)

    def naam(self, feit: str) -> str:
        """What a fact is called in a sentence."""
        return str(self._woorden(feit).get("naam", feit))

    def kent(self, v: Vergelijking) -> bool:
        """Whether data/zinnen.yaml has the words for this comparison."""
        return self._vorm(v) is not None

    def voorwaarde(self, v: Vergelijking) -> str:
        """The comparison after "als": ``toewijzingsdatum op of na 1 mei 2021 ligt``."""
        return self.bijzin(v).replace(WERKWOORD, "is")

    def bijzin(self, v: Vergelijking) -> str:
        """As ``voorwaarde``, with WERKWOORD where the verb may be left out."""
        return self.zin(v, "bijzin")

    def hoofdzin(self, v: Vergelijking) -> str:
        """The comparison on its own: ``toewijzingsdatum ligt op of na 1 mei 2021``."""
        return self.zin(v, "hoofdzin")

    def niet_gehaald(self, v: Vergelijking, feiten: Mapping[str, Any]) -> str:
        """Why the comparison does not hold: ``toewijzingsdatum 30-04-2021 ligt vóór 01-05-2021``.

        Args:
            v: a comparison that does not hold for these facts.
            feiten: the facts of a case (schemas/feiten.json).
        """
        nu = feiten[v.feit]
        words = self._woorden(v.feit)
        if "eigen" in words:
            return self.hoofdzin(Vergelijking(v.feit, "==", (nu,)))
        standaard = self.feiten.get(v.feit, {}).get("default")
        if v.waarden == (standaard,) and v.operator in {"==", "!="}:
            return self.hoofdzin(v.ontkend)
        if nu == standaard:
            onbekend = self.hoofdzin(Vergelijking(v.feit, "==", (standaard,)))
            nodig = self.voorwaarde(v)
            return _vul(self.tabel["nodig"], onbekend=onbekend, nodig=nodig)
        form = self._vorm(v)
        if form is None:
            return f"{self.naam(v.feit)} is {self.waarde(v.feit, nu, kort=True)}"
        other = ""
        if v.ander_feit:
            value = self.waarde(v.ander_feit, feiten[v.ander_feit], kort=True)
            other = f"{self.naam(v.ander_feit)} ({value})"
        return _vul(
            form["niet_gehaald"],
            feit=self.naam(v.feit),
            nu=self.waarde(v.feit, nu, kort=True),
            waarde=other or self.waarden(v, kort=True),
        )

    def waarden(self, v: Vergelijking, *, kort: bool = False) -> str:
        """The right side of a comparison: ``11 of 12``, ``Dalfsen, Kampen of Zwolle``."""
        if v.ander_feit:
            return self.naam(v.ander_feit)
        words = self._woorden(v.feit)
        if "allemaal" in words and set(v.waarden) == set(self._namen(v.feit)):
            return _vul(words["allemaal"], aantal=str(len(v.waarden)))
        order = list(self._namen(v.feit))
        values = sorted(v.waarden, key=lambda w: order.index(w) if w in order else len(order))
        return opsomming([self.waarde(v.feit, value, kort=kort) for value in values])

    def waarde(self, feit: str, waarde: Constante, *, kort: bool = False) -> str:
        """One value of a fact; ``kort`` gives a date as ``30-04-2021``."""
        if waarde in self.noem:
            return self.noem[waarde]
        if waarde == self.feiten.get(feit, {}).get("default"):
            return str(self.tabel["onbekend"])
        if kort and is_dag(waarde):
            year, month, day = str(waarde).split("-")
            return f"{day}-{month}-{year}"
        name = self._namen(feit).get(waarde)
        return name or in_woorden("", waarde, self.gegevens.tabellen["teksten"])

    def zin(
        self, v: Vergelijking, vorm: str, *, naam: str | None = None, met_open: bool = True
    ) -> str:
        """The comparison as ``bijzin`` or ``hoofdzin``.

        Args:
            v: the comparison.
            vorm: ``bijzin`` or ``hoofdzin``.
            naam: another name than that of the fact, for facts that share a comparison.
            met_open: whether to say that an open end, later than every day, is in it too.
        """
        form = self._vorm(v)
        name = naam or self.naam(v.feit)
        if form is None:
            return f"{name} {v.operator} {self.waarden(v)}"
        text = _vul(form[vorm], feit=name, waarde=self.waarden(v))
        open_end = met_open and naam is None and v.operator in {">", ">="}
        return text + (self._woorden(v.feit).get("open", "") if open_end else "")

    def vul(self, deel: str, vorm: str, **woorden: str) -> str:
        """A part of data/zinnen.yaml with words of its own, e.g. ``van_tot``."""
        return _vul(self.tabel[deel][vorm], **woorden)

    def is_bekend(self, v: Vergelijking) -> bool:
        """Whether the comparison says that the fact is known."""
        default = self.feiten.get(v.feit, {}).get("default")
        return v.operator == "!=" and v.waarden == (default,)

    def _vorm(self, v: Vergelijking) -> Mapping[str, str] | None:
        """The words for a comparison, with ``{feit}`` and ``{waarde}`` still open."""
        words = self._woorden(v.feit)
        equal = v.operator in {"==", "in"} and len(v.waarden) == 1
        unequal = v.operator in {"!=", "not in"} and len(v.waarden) == 1
        if (equal or unequal) and "eigen" in words:
            value = str(v.waarden[0]).lower() if isinstance(v.waarden[0], bool) else v.waarden[0]
            key = str(value) if equal else f"niet {value}"
            found: Mapping[str, str] | None = words["eigen"].get(key)
            return found
        if (equal or unequal) and v.waarden[0] == self.feiten.get(v.feit, {}).get("default"):
            part = "onbekend" if equal else "bekend"
            own: Mapping[str, str] = words.get(part, self.tabel["leeg"][part])
            return own
        general = self.tabel["soorten"].get(words.get("soort"), {})
        form: Mapping[str, str] | None = general.get(v.operator)
        return form

    def _woorden(self, feit: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.tabel["feiten"].get(feit, {})
        return found

    def _namen(self, feit: str) -> Mapping[Constante, str]:
        """The words for the values of a fact, in the order to name them."""
        words = self._woorden(feit)
        if feit == "gemeente":
            rows = self.gegevens.tabellen["gemeenten"]["gemeenten"]
            return {row["cbs"]: row["naam"] for row in rows}
        if "waarden_uit" in words:
            words = {"waarden": _deel(self.gegevens, words["waarden_uit"]) or {}}
        found: Mapping[Constante, str] = words.get("waarden", {})
        return found


def lees(root: Path, gegevens: Gegevens | None = None) -> Zinnen:
    """The words of ``root/data/zinnen.yaml``, with the tables they borrow words from.

    Raises:
        BuildError: the tables are wrong.
    """
    gegevens = gegevens or laad(root)
    return Zinnen(gegevens.tabellen["zinnen"], _feiten(root), gegevens)


def controleer(root: Path, gegevens: Gegevens) -> Iterator[Melding]:
    """Facts without words, and words for a fact or table that is not there."""
    document = gegevens.documenten["zinnen"]
    facts = _feiten(root)
    words = gegevens.tabellen["zinnen"]["feiten"]
    for feit in facts.keys() - words.keys():
        yield document.melding(
            ("feiten",),
            f"Voor het feit {feit} zijn er nog geen woorden.",
            f"Zet {feit} onder feiten, met naam en soort.",
            "zinnen-feit-zonder-woorden",
        )
    for feit, row in words.items():
        pad = ("feiten", feit)
        if feit not in facts:
            yield document.melding(
                pad,
                f"Het feit {feit} bestaat niet.",
                _bedoelt(feit, facts),
                "zinnen-onbekend-feit",
                sleutel=True,
            )
        elif ("soort" in row) == ("eigen" in row):
            yield document.melding(
                pad,
                f"Bij {feit} hoort soort of eigen, een van de twee.",
                "Kijk bij een ander feit hoe het daar staat.",
                "zinnen-soort",
                sleutel=True,
            )
        if "waarden_uit" in row and _deel(gegevens, row["waarden_uit"]) is None:
            yield document.melding(
                (*pad, "waarden_uit"),
                "Deze tabel is er niet.",
                "Noem een tabel in data/ en het deel met de woorden, bijvoorbeeld: "
                "weergave.segmenten.",
                "zinnen-tabel",
            )


def opsomming(delen: Sequence[str], woord: str = "of") -> str:
    """``a, b of c``."""
    return f" {woord} ".join([", ".join(delen[:-1]), delen[-1]] if len(delen) > 1 else delen)


def _feiten(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = schema(root, "feiten")["properties"]["feiten"]["properties"]
    return found


def _deel(gegevens: Gegevens, plek: str) -> Mapping[str, str] | None:
    """A part of the tables by its dotted path, e.g. ``weergave.segmenten``."""
    part: Any = gegevens.tabellen
    for name in plek.split("."):
        part = part.get(name) if isinstance(part, Mapping) else None
    return part if isinstance(part, Mapping) else None


def _bedoelt(word: str, words: Iterable[str]) -> str:
    near = bedoeld(word, words)
    return f"Bedoelt u {near}?" if near else "De feiten staan in schemas/feiten.json."


def _vul(zin: str, **woorden: str) -> str:
    for name, word in woorden.items():
        zin = zin.replace(f"{{{name}}}", word)
    return zin
