"""What is said, in Dutch, of a file or a message that cannot be read."""

from __future__ import annotations

from xml.parsers.expat import errors

from uitfasering.berichten.soorten import ONDERSTEUND
from uitfasering.errors import MessageError
from uitfasering.melding import Melding

_OPNIEUW = "Vraag het bestand opnieuw op bij de afzender, of sla het opnieuw op."
_KLOPPEND = "Vraag de afzender om een bericht dat klopt met de iJw-standaard."

# code -> what is wrong, what would be right
_TEKSTEN = {
    "bestand-leeg": ("Het bestand is leeg.", "Geef een bestand met een iJw-bericht."),
    "bestand-te-groot": ("Het bestand is te groot.", "Splits het in kleinere bestanden."),
    "bestand-onleesbaar": (
        "Het bestand kan niet worden gelezen.",
        "Kijk of het bestaat en of u het mag lezen.",
    ),
    "xml-dtd": (
        "Het bestand bevat een DTD (een regel met <!DOCTYPE). Dat is niet veilig en niet nodig.",
        "Haal de DTD weg, of vraag de afzender om een bericht zonder DTD.",
    ),
    "xml-entiteit": (
        "Het bestand bevat een XML-entiteit (een & met een naam en een ;). Dat is niet veilig.",
        "Gebruik alleen &amp; &lt; &gt; &quot; en &apos;.",
    ),
    "xml-verwijzing": (
        "Het bestand verwijst naar een ander bestand. Dat is niet veilig.",
        "Geef een bericht dat zelf alle gegevens bevat.",
    ),
    "xml-tekencodering": (
        "De tekencodering van het bestand is onbekend of klopt niet.",
        "Sla het bestand op als UTF-8.",
    ),
    "xml-te-diep": (
        "De onderdelen van het bestand zitten te diep in elkaar.",
        "Geef een iJw-bericht, los of in een StUF- of SOAP-envelop.",
    ),
    "xml-afgebroken": (
        "Het bestand houdt te vroeg op. Er is niets uit dit bestand gebruikt.",
        _OPNIEUW,
    ),
    "xml-kapot": (
        "De XML is hier kapot. Er is niets uit dit bestand gebruikt.",
        _OPNIEUW,
    ),
    "bericht-geen": ("In het bestand staat geen iJw-bericht.", ONDERSTEUND),
    "bericht-onbekend": ("Dit is een ander soort bericht.", ONDERSTEUND),
    "bericht-code": (
        "De BerichtCode hoort bij een ander soort bericht dan de namespace.",
        _KLOPPEND,
    ),
    "bericht-versie": (
        "BerichtVersie en BerichtSubversie zijn anders dan de versie in de namespace.",
        _KLOPPEND,
    ),
    "bericht-gemengd": (
        "In het bericht staat een onderdeel uit een andere namespace of versie.",
        _KLOPPEND,
    ),
    "bericht-kop": (
        "De Header van het bericht ontbreekt of staat niet vooraan.",
        _KLOPPEND,
    ),
    "bericht-dubbel": (
        "Een gegeven dat één keer mag voorkomen, staat er twee keer.",
        _KLOPPEND,
    ),
    "bericht-te-lang": (
        "Een gegeven is veel langer dan iJw toestaat.",
        _KLOPPEND,
    ),
    "bericht-leeg": (
        "In het bericht staan geen producten of prestaties.",
        "Er valt niets te beoordelen.",
    ),
    "bericht-dagtekening": (
        "De Dagtekening van het bericht ontbreekt of is geen bestaande datum. Daardoor is "
        "niet te zien of dit een nieuwe of een lopende toewijzing is.",
        'Kies zelf met --handeling, bijvoorbeeld "--handeling nieuw".',
    ),
}

_CODERING = {
    errors.XML_ERROR_UNKNOWN_ENCODING,
    errors.XML_ERROR_INCORRECT_ENCODING,
    errors.XML_ERROR_PARTIAL_CHAR,
}


def melding(
    code: str, naam: str, regel: int = 0, kolom: int = 0, *, wat: str = "", pad: str = ""
) -> Melding:
    """The Melding of this code; ``wat`` says it more precisely than the table does."""
    bericht, oplossing = _TEKSTEN[code]
    return Melding(naam, regel, kolom, pad, wat or bericht, oplossing, code)


def fout(code: str, naam: str, regel: int = 0, kolom: int = 0, *, wat: str = "") -> MessageError:
    """The same, to be raised: nothing of this file can be used."""
    gevonden = melding(code, naam, regel, kolom, wat=wat)
    return MessageError(str(gevonden), [gevonden])


def xml_code(expat_tekst: str, afgelopen: bool, iets_gezien: bool) -> str:
    """Which of our codes an expat error is; its own text is English and is not shown."""
    if expat_tekst == errors.XML_ERROR_UNDEFINED_ENTITY:
        return "xml-entiteit"
    if expat_tekst in _CODERING:
        return "xml-tekencodering"
    if expat_tekst == errors.XML_ERROR_NO_ELEMENTS and not iets_gezien:
        return "bestand-leeg"
    # At the end of the file every error means that something is missing there.
    return "xml-afgebroken" if afgelopen else "xml-kapot"
