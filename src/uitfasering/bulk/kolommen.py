"""Which column of a file holds which field, and which columns hold personal data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from uitfasering.bedoeld import bedoeld
from uitfasering.bulk.schrijfwijzen import Schrijfwijzen, kolomsleutel, lees_schrijfwijzen
from uitfasering.bulk.velden import SLEUTELS, velden
from uitfasering.bulk.waarden import Canoniek, Lezer
from uitfasering.errors import MessageError
from uitfasering.schemabestand import schema
from uitfasering.weergave.veilig import schoon
from uitfasering.yamlreader import lees

_KORT = 4  # letters; a shorter word stands in too many others
_WOORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_UITWEG = (
    "Noem een kolom zo, wijs haar aan in een koppeling (--koppeling), of geef één waarde voor alle "
    "rijen met --{veld}."
)
_MAX_VRAGEN = 200  # columns for which a field is suggested; the rest of a wide file is no help


@dataclass(frozen=True)
class Koppeling:
    """What a user says about a file: the column of a field, or one value for all its rows."""

    kolommen: Mapping[str, str] = field(default_factory=dict)
    vast: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kolommen:
    """The columns of a file.

    Attributes:
        velden: the column of each field that the file has. ``perspectief`` has that of
            ``segment`` when it has none of its own: a segment may be "midden herstel".
        vast: the value of each field that is the same in every row, as a toewijzing has it.
        persoonlijk: the columns that are left out.
        behouden: all others, in the order of the file.
        meldingen: what the user should know, in Dutch; may name columns, never a value.
        zonder_kolom: fields without a column, with what that means.
    """

    velden: Mapping[str, str]
    vast: Mapping[str, Canoniek]
    persoonlijk: Sequence[str]
    behouden: Sequence[str]
    meldingen: Sequence[str]
    zonder_kolom: Mapping[str, str]

    def over_ontbrekend(self, elders: Collection[str] = ()) -> list[str]:
        """What it means that fields have no column, but for those that are given elsewhere."""
        return [
            f"Er is geen kolom voor {veld}: {gevolg}."
            for veld, gevolg in self.zonder_kolom.items()
            if veld not in elders
        ]

    @property
    def perspectief_apart(self) -> bool:
        """Whether the perspectief does not come from the segment's column."""
        return self.velden.get("perspectief") != self.velden.get("segment")

    def zonder(self, namen: Sequence[str]) -> Kolommen:
        """The same, with these columns left out as personal."""
        return replace(
            self,
            velden={veld: naam for veld, naam in self.velden.items() if naam not in namen},
            persoonlijk=[*self.persoonlijk, *namen],
            behouden=[naam for naam in self.behouden if naam not in namen],
        )


def lees_koppeling(pad: Path, root: Path) -> Koppeling:
    """Read a mapping file (``schemas/koppeling.json``).

    Raises:
        MessageError: it cannot be read; carries every Melding.
    """
    document = lees(pad, schema(root, "koppeling"))
    if document.meldingen:
        lines = "\n".join(map(str, document.meldingen))
        raise MessageError(f"De koppeling klopt niet:\n{lines}", document.meldingen)
    return Koppeling(document.data.get("kolommen", {}), document.data.get("vast", {}))


def herken(
    kopregel: Sequence[str],
    root: Path,
    *,
    koppeling: Mapping[str, str] | None = None,
    behoud: Sequence[str] = (),
    vast: Mapping[str, str] | None = None,
    nodig: Sequence[str] | None = None,
    bestand: str = "",
) -> Kolommen:
    """Find the fields among the columns of a file.

    Args:
        kopregel: the names of the columns.
        root: the project whose ``data/kolommen.yaml`` says how columns are called.
        koppeling: the column of a field, by field. Such a column is used for nothing else.
        behoud: columns that look personal and are needed all the same, as a key.
        vast: the value of a field for every row; a column for that field is not looked at.
        nodig: the fields that must be there; by default what a toewijzing must have.
        bestand: the file, for messages.

    Raises:
        MessageError: a needed column is missing, two columns are the same field, or what the
            user said cannot be; names every fault.
        BuildError: the tables are wrong.
    """
    tabel = lees_schrijfwijzen(root)
    koppeling, vast = koppeling or {}, vast or {}
    fouten = [*_gekoppeld(kopregel, koppeling, tabel), *_gevraagd(kopregel, behoud, tabel)]
    hand = set(koppeling.values())
    gewenst = hand | {k for k in kopregel if kolomsleutel(k) in set(map(kolomsleutel, behoud))}
    gevonden: dict[str, list[str]] = {}
    persoonlijk, vrij = [], []
    for kolom in kopregel:
        veld = tabel.kolommen.get(kolomsleutel(kolom))
        if _nooit(kolom, tabel):
            persoonlijk.append(kolom)
        elif veld and kolom not in hand:
            gevonden.setdefault(veld, []).append(kolom)
        elif kolom in gewenst:
            continue
        elif _persoonlijk(kolom, tabel):
            persoonlijk.append(kolom)
        else:
            vrij.append(kolom)
    gevonden |= {veld: [kolom] for veld, kolom in koppeling.items()}
    herkend = bool(gevonden)
    genegeerd = [k for veld in vast for k in gevonden.pop(veld, [])]
    waarden, foute_waarden = _vaste_waarden(vast, root)
    fouten += foute_waarden
    fouten += [_dubbel(veld, namen) for veld, namen in gevonden.items() if len(namen) > 1]
    bedoelingen = list(_bedoeld(vrij, tabel, gevonden.keys() | vast.keys()))
    if not herkend:
        fouten.append(
            "Geen enkele kolom is herkend. Staat op de eerste regel van het bestand hoe elke kolom "
            "heet? Zo niet, zet die namen erboven."
        )
    else:
        bekend = gevonden.keys() | vast.keys()
        if nodig is None:
            nodig, uitweg = schema(root, "toewijzing")["required"], _UITWEG
        else:
            uitweg = "Noem een kolom zo."
        fouten += _ontbrekend(nodig, bekend, dict(bedoelingen), uitweg)
    if fouten:
        waar = f"{bestand}: " if bestand else ""
        raise MessageError("\n".join(f"{waar}{zin}" for zin in fouten))
    gekozen = {veld: namen[0] for veld, namen in gevonden.items()}
    if "segment" in gekozen and "perspectief" not in {**gekozen, **waarden}:
        gekozen["perspectief"] = gekozen["segment"]
    return Kolommen(
        velden=gekozen,
        vast=waarden,
        persoonlijk=persoonlijk,
        behouden=[kolom for kolom in kopregel if kolom not in set(persoonlijk)],
        meldingen=[
            *_over_weggelaten(persoonlijk, genegeerd),
            *(f"Bedoelt u met {_kolom(kolom)} het veld {veld}?" for veld, kolom in bedoelingen),
        ],
        zonder_kolom={
            veld: gevolg
            for veld, gevolg in tabel.zonder_kolom.items()
            if veld not in gekozen.keys() | waarden.keys()
        },
    )


def lijkt_op_bsn(waarden: Iterable[object]) -> bool:
    """Whether most of the different values, taken from the first rows, are valid as a BSN.

    Nine digits (points and spaces left out) that pass the test of eleven. Chance lets one in
    eleven numbers pass, so one row may be called a BSN that is none.
    """
    teksten = {re.sub(r"\.0$|[ .]", "", str(w)) for w in waarden if w is not None}
    teksten.discard("")
    return 2 * sum(map(is_bsn, teksten)) > len(teksten)


def is_bsn(text: str) -> bool:
    """Whether these nine digits can be a BSN (the test of eleven)."""
    if not re.fullmatch("[0-9]{9}", text) or text == "0" * 9:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, text, strict=True))
    return total % 11 == 0


def _gekoppeld(
    kopregel: Sequence[str], koppeling: Mapping[str, str], tabel: Schrijfwijzen
) -> Iterator[str]:
    """What is wrong in a mapping."""
    for veld, kolom in koppeling.items():
        if veld not in velden() and veld not in SLEUTELS:
            yield f"Het veld {schoon(veld)} in de koppeling bestaat niet.{_bedoelt_u_veld(veld)}"
        elif kolom not in kopregel:
            meant = _bedoelt_u(kolom, kopregel)
            yield f"De koppeling noemt {_kolom(kolom)}, maar die is er niet.{meant}"
        elif kopregel.count(kolom) > 1:
            yield f"De koppeling noemt {_kolom(kolom)}, maar die is er meer dan één keer."
        elif _nooit(kolom, tabel):
            yield _geweigerd(kolom)


def _gevraagd(
    kopregel: Sequence[str], behoud: Sequence[str], tabel: Schrijfwijzen
) -> Iterator[str]:
    """What is wrong in the columns to keep."""
    bekend = {kolomsleutel(kolom) for kolom in kopregel}
    for kolom in behoud:
        if kolomsleutel(kolom) not in bekend:
            meant = _bedoelt_u(kolom, kopregel)
            yield f"U wilt {_kolom(kolom)} behouden, maar die is er niet.{meant}"
        elif _nooit(kolom, tabel):
            yield _geweigerd(kolom)


def _vaste_waarden(vast: Mapping[str, str], root: Path) -> tuple[dict[str, Canoniek], list[str]]:
    lezer = Lezer(root)
    waarden: dict[str, Canoniek] = {}
    fouten = []
    for veld, waarde in vast.items():
        if veld not in velden():
            fouten.append(f"Het veld {schoon(veld)} bestaat niet.{_bedoelt_u_veld(veld)}")
            continue
        gelezen = lezer.lees(veld, waarde)
        if gelezen.fout:
            fouten.append(f"De vaste waarde voor {veld} klopt niet: {gelezen.fout}.")
        elif gelezen.waarde is None:
            fouten.append(f"De vaste waarde voor {veld} is leeg.")
        else:
            waarden[veld] = gelezen.waarde
    return waarden, fouten


def _bedoeld(
    vrij: Sequence[str], tabel: Schrijfwijzen, bekend: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Fields that are missing, and a column that looks like them."""
    missing = {naam: veld for naam, veld in tabel.kolommen.items() if veld not in set(bekend)}
    for kolom in vrij[:_MAX_VRAGEN]:
        if naam := bedoeld(kolomsleutel(kolom), missing):
            yield missing[naam], kolom


def _ontbrekend(
    nodig: Iterable[str], bekend: Iterable[str], bedoelingen: Mapping[str, str], uitweg: str
) -> Iterator[str]:
    for veld in nodig:
        if veld in set(bekend):
            continue
        meant = f" Bedoelt u {_kolom(bedoelingen[veld])}?" if veld in bedoelingen else ""
        yield f"Er is geen kolom voor {veld}.{meant} {uitweg.format(veld=veld)}"


def _over_weggelaten(persoonlijk: Sequence[str], genegeerd: Sequence[str]) -> Iterator[str]:
    if persoonlijk:
        yield (
            "Deze kolommen kunnen persoonsgegevens bevatten en zijn weggelaten: "
            f"{', '.join(map(schoon, persoonlijk))}."
        )
    for kolom in genegeerd:
        yield f"Er is een vaste waarde gegeven; naar {_kolom(kolom)} is niet gekeken."


def _dubbel(veld: str, namen: Sequence[str]) -> str:
    kolommen = " en ".join(map(_kolom, namen))
    if len(set(namen)) == 1:
        return (
            f"De kolom voor {veld}, {_kolom(namen[0])}, is er meer dan één keer. Houd er één over."
        )
    return f"Voor {veld} zijn er meer kolommen: {kolommen}. Wijs er één aan in een koppeling."


def _geweigerd(kolom: str) -> str:
    return f"In {_kolom(kolom)} staat een nummer van een persoon. Dat wordt nooit overgenomen."


def _bedoelt_u(kolom: str, kopregel: Sequence[str]) -> str:
    naam = bedoeld(kolom, kopregel[:_MAX_VRAGEN])
    return f" Bedoelt u {_kolom(naam)}?" if naam else ""


def _bedoelt_u_veld(veld: str) -> str:
    naam = bedoeld(veld, [*SLEUTELS, *velden()])
    return f" Bedoelt u {naam}?" if naam else ""


def _kolom(naam: str) -> str:
    return f'de kolom "{schoon(naam)}"'


def _nooit(kolom: str, tabel: Schrijfwijzen) -> bool:
    return _bevat(kolom, tabel.persoonlijk["nooit"])


def _persoonlijk(kolom: str, tabel: Schrijfwijzen) -> bool:
    woorden = tabel.persoonlijk
    if _bevat(kolom, woorden["nooit"]) or _bevat(kolom, woorden["altijd"]):
        return True
    return _bevat(kolom, woorden["misschien"]) and not _bevat(kolom, woorden["behalve"])


def _bevat(kolom: str, woorden: Iterable[str]) -> bool:
    """Whether one of ``woorden``, as ``kolomsleutel`` gives them, stands in the name."""
    naam = kolomsleutel(kolom)
    los = {deel.lower() for deel in _WOORD.findall(kolom)}
    return any(
        woord in los or naam.startswith(woord) or naam.endswith(woord)
        if len(woord) <= _KORT
        else woord in naam
        for woord in woorden
    )
