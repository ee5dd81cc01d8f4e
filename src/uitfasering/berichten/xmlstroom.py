"""One file of messages as a stream of products: incremental, and blind for personal data.

Only text inside an element listed in :mod:`uitfasering.berichten.soorten` is ever kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml.common import DefusedXmlException, DTDForbidden, ExternalReferenceForbidden
from defusedxml.expatreader import DefusedExpatParser

from uitfasering.berichten.meldingen import fout, melding, xml_code
from uitfasering.berichten.soorten import SOORTEN, VERSIES, Knoop, Soort
from uitfasering.melding import Melding

_BLOK = 65536
_MAX_DIEPTE = 200
# The longest value iJw allows where we read is 36 characters (ReferentieAanbieder).
_MAX_TEKST = 1000
_WIT = " \t\r\n"
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_NAMESPACE = re.compile(
    r"http://www\.istandaarden\.nl/([a-z]{2,6})/([0-9]{1,2})_([0-9]{1,2})/([a-z]{2,4}[0-9]{2,3})"
    r"(/.*)?"
)


@dataclass
class Bericht:
    """One message while it passes by.

    ``soort`` is None for a message that is not supported; ``fout`` is its first fault, and
    then none of its products may be used. ``kop`` holds the values of its header.
    """

    volgnummer: int
    regel: int
    naam: str
    versie: str
    soort: Soort | None
    namespaces: tuple[str, str]
    kop: dict[str, str] = field(default_factory=dict)
    producten: int = 0
    fout: Melding | None = None


@dataclass
class Product:
    """One product: its values by field name, and whether it held an element iJw lacks."""

    bericht: Bericht
    regel: int
    velden: dict[str, str] = field(default_factory=dict)
    onbekend: bool = False


def lees_stroom(stroom: BinaryIO, naam: str, max_bytes: int) -> Iterator[Product | Bericht]:
    """Yields each product when it ends, and each message when it ends.

    Raises:
        MessageError: the file cannot be read; what was yielded before must not be used.
    """
    lezer = _Lezer(naam)
    totaal = 0
    afgelopen = False
    try:
        while not afgelopen:
            blok = stroom.read(_BLOK)
            totaal += len(blok)
            if totaal > max_bytes:
                raise fout("bestand-te-groot", naam, wat=_te_groot(max_bytes))
            afgelopen = not blok
            lezer.voer(blok)
            del blok
            yield from lezer.klaar
            lezer.klaar.clear()
    finally:
        lezer.vergeet()
    if not lezer.berichten:
        raise fout("bericht-geen", naam)


def _te_groot(max_bytes: int) -> str:
    grens = f"{max_bytes // 1_000_000} MB" if max_bytes >= 1_000_000 else f"{max_bytes} bytes"
    return f"Het bestand is groter dan {grens}."


class _Lezer(ContentHandler):
    """SAX handler; finished products and messages wait in ``klaar``."""

    def __init__(self, naam: str) -> None:
        super().__init__()
        self._naam = naam
        self._parser = DefusedExpatParser(1, forbid_dtd=True)
        self._parser.setContentHandler(self)
        self.klaar: list[Product | Bericht] = []
        self.berichten = 0
        self._diepte = 0
        self._iets_gezien = False
        self._bericht: Bericht | None = None
        self._product: Product | None = None
        # One entry an open element of the message; None = not ours, with all inside it.
        self._stapel: list[Knoop | None] = []
        self._tekst: list[str] | None = None
        self._lengte = 0

    def voer(self, blok: bytes) -> None:
        """Parse the next block; empty = the end of the file.

        What the parser raises (it may hold text of the file) ends here: only the kind of
        fault and its place go on.
        """
        code = ""
        try:
            if blok:
                self._parser.feed(blok)
            else:
                self._parser.feed(b"", isFinal=True)
        except SAXParseException as e:
            code = xml_code(e.getMessage(), not blok, self._iets_gezien)
        except DTDForbidden:
            code = "xml-dtd"
        except ExternalReferenceForbidden:
            code = "xml-verwijzing"
        except DefusedXmlException:
            code = "xml-entiteit"
        except (LookupError, ValueError):
            # pyexpat raises these for an encoding it lacks, before the first element.
            if self._iets_gezien:
                raise
            code = "xml-tekencodering"
        if code:
            raise fout(code, self._naam, *self._plek())

    def vergeet(self) -> None:
        """Drop the parser's buffers at once, not when the garbage collector comes by."""
        self._parser.reset()
        self._tekst = None

    def _plek(self) -> tuple[int, int]:
        return self._regel(), (self._parser.getColumnNumber() or 0) + 1

    def _regel(self) -> int:
        return self._parser.getLineNumber() or 0

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        """Follow the tree of the message, as far as it leads to what we read."""
        uri, lokaal = name
        self._iets_gezien = True
        self._diepte += 1
        if self._diepte > _MAX_DIEPTE:
            raise fout("xml-te-diep", self._naam, *self._plek())
        if uri == _XINCLUDE:
            raise fout("xml-verwijzing", self._naam, *self._plek())
        if self._bericht is None:
            if lokaal == "Bericht" and uri is not None:
                self._begin_bericht(uri)
            return
        self._tekst = None  # what stands inside a value is no part of it
        ouder = self._stapel[-1]
        knoop = ouder.kinderen.get(lokaal) if ouder else None
        soort = self._bericht.soort
        if soort and uri not in self._bericht.namespaces:
            knoop = None
            if uri is None or "istandaarden" in uri:
                self._keur_af("bericht-gemengd")
        self._stapel.append(knoop)
        if knoop is None:
            if ouder and ouder.product and lokaal not in ouder.overig and self._product:
                self._product.onbekend = True
        elif knoop.product:
            self._begin_product(self._bericht)
        elif knoop.blad:
            self._tekst = []
            self._lengte = 0
        elif knoop.veld:
            self._bewaar(knoop.veld, "")

    def characters(self, content: str) -> None:
        """Keep text of a value; all other text goes by unread."""
        if self._tekst is None:
            return
        if not self._tekst:
            content = content.lstrip(_WIT)
        self._lengte += len(content)
        if self._lengte > _MAX_TEKST:
            self._keur_af("bericht-te-lang")
            self._tekst = None
        elif content:
            self._tekst.append(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        """Close a value, a product or a message."""
        self._diepte -= 1
        bericht = self._bericht
        if bericht is None:
            return
        knoop = self._stapel.pop()
        if knoop and knoop.blad and knoop.veld:
            self._bewaar(knoop.veld, "".join(self._tekst or ()).rstrip(_WIT))
        elif knoop and knoop.product and self._product:
            self.klaar.append(self._product)
            self._product = None
        self._tekst = None
        if not self._stapel:
            self._einde_bericht(bericht)

    def _bewaar(self, veld: str, waarde: str) -> None:
        assert self._bericht is not None
        doel = self._product.velden if self._product else self._bericht.kop
        if veld in doel:
            self._keur_af("bericht-dubbel")
        doel[veld] = waarde

    def _begin_bericht(self, uri: str) -> None:
        deel = _NAMESPACE.fullmatch(uri)
        if deel is None and "istandaarden" not in uri:
            return  # an envelope that happens to call something Bericht
        self.berichten += 1
        standaard, groot, klein, code, rest = deel.groups() if deel else ("", "", "", "", "")
        versie = f"{groot}.{klein}"
        naam = code.upper()
        goed = standaard == "ijw" and versie in VERSIES and rest == "/schema"
        soort = SOORTEN.get(naam) if goed else None
        basis = f"http://www.istandaarden.nl/ijw/{groot}_{klein}/basisschema/schema"
        self._bericht = Bericht(self.berichten, self._regel(), naam, versie, soort, (uri, basis))
        if soort is None:
            wat = f"Dit is een {naam} {versie}. Dat bericht wordt niet gelezen." if deel else ""
            self._keur_af("bericht-onbekend", wat)
        self._stapel.append(soort.boom if soort else None)

    def _begin_product(self, bericht: Bericht) -> None:
        self._product = Product(bericht, self._regel())
        bericht.producten += 1
        if bericht.producten == 1:
            self._controleer_kop(bericht)

    def _controleer_kop(self, bericht: Bericht) -> None:
        assert bericht.soort is not None
        groot, klein = bericht.versie.split(".")
        verwacht = {
            "BerichtCode": (bericht.soort.code, "bericht-code"),
            "BerichtVersie": (groot, "bericht-versie"),
            "BerichtSubversie": (klein, "bericht-versie"),
        }
        if not bericht.kop:
            self._keur_af("bericht-kop")
        for veld, (waarde, code) in verwacht.items():
            if bericht.kop.get(veld, waarde).lstrip("0") != waarde.lstrip("0"):
                self._keur_af(code)

    def _einde_bericht(self, bericht: Bericht) -> None:
        if bericht.soort and not bericht.producten:
            self._controleer_kop(bericht)
            self._keur_af("bericht-leeg")
        self.klaar.append(bericht)
        self._bericht = None

    def _keur_af(self, code: str, wat: str = "") -> None:
        """The message as a whole cannot be used; its first fault is the one that is told."""
        assert self._bericht is not None
        if self._bericht.fout is None:
            self._bericht.fout = melding(code, self._naam, self._regel(), wat=wat)
