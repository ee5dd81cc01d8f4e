"""A whole administration at once, decided by the same policy (docs/bulk.md)."""
