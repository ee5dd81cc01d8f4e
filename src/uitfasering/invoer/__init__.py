"""What the user gave on the command line, as questions: files, folders, standard input.

:func:`verzamel` finds the files, :func:`lees_vragen` yields a :class:`Vraag` for every
toewijzing in them, or a ``Melding`` for what could not be read.
"""

from uitfasering.invoer.bestanden import Bestand, Gevonden, verzamel
from uitfasering.invoer.vragen import MAX_BYTES, Vraag, lees_vragen

__all__ = ["MAX_BYTES", "Bestand", "Gevonden", "Vraag", "lees_vragen", "verzamel"]
