"""The letters, sentence by sentence: what each says, and which agreements carry it out."""

from uitfasering.brieven.controle import controleer
from uitfasering.brieven.lezen import STATUSSEN, Brief, Zin, lees_brieven

__all__ = ["STATUSSEN", "Brief", "Zin", "controleer", "lees_brieven"]
