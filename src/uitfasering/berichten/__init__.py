"""iJw messages (JW301, JW315, JW323 of 3.0, 3.1 and 3.2) to toewijzingen.

One function, :func:`lees_berichten`, reads the files given together and yields for every
product in them an :class:`Ingelezen`, or a ``Melding`` for what could not be read.

What is kept: the values a toewijzing needs, and no others. Everything else (BSN, names,
birth dates, relations, addresses, Commentaar) is skipped by the parser while it passes by:
it is never put in a variable, a record, a message or an error.
"""

from uitfasering.berichten.lezen import lees_berichten
from uitfasering.berichten.model import Bron, Ingelezen, Instellingen

__all__ = ["Bron", "Ingelezen", "Instellingen", "lees_berichten"]
