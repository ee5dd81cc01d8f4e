"""How a command ends."""

GOED, NIET_GOED, NIET_GELUKT, ONDERBROKEN = 0, 1, 2, 130
"""0 fine, 1 something was found, 2 could not run; 130 is what a shell gives for Ctrl-C."""
