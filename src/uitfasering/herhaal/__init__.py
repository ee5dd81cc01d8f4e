"""``uitfasering herhaal``: besluiten that were given once, given again and compared."""
