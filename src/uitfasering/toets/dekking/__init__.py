"""Coverage: what the cases show of every rule, from OPA's own residual of it."""

from uitfasering.toets.dekking.meten import Dekking, meet, voorbeelden
from uitfasering.toets.dekking.punten import Onderdeel, Punt
from uitfasering.toets.dekking.voorbeeld import Voorbeeld

__all__ = ["Dekking", "Onderdeel", "Punt", "Voorbeeld", "meet", "voorbeelden"]
