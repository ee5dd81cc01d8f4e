"""What ``uitfasering controleer`` does: find everything that is wrong, and show it."""

from uitfasering.controle.vinden import vind

__all__ = ["vind"]
