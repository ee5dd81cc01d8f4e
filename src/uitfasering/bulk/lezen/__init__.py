"""One module a kind of file; each gives a :class:`~uitfasering.bulk.lezen.model.Deel`."""
