"""How the rows of a bulk run are written, one module a kind of file."""
