"""Reports for people over a bulk run: XLSX, HTML, and a file for each provider."""

from uitfasering.bulk.rapport.html import HtmlRapport
from uitfasering.bulk.rapport.model import Herkomst
from uitfasering.bulk.rapport.per_aanbieder import PerAanbieder
from uitfasering.bulk.rapport.woorden import Woorden, lees_woorden
from uitfasering.bulk.rapport.xlsx import Rapport

__all__ = [
    "Herkomst",
    "HtmlRapport",
    "PerAanbieder",
    "Rapport",
    "Woorden",
    "lees_woorden",
]
