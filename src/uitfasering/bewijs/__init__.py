"""One decision as a receipt that can be checked years later, without a network.

A receipt (schemas/bewijs.json) holds what was asked, the besluit, and the bundle that gave it.
What proves is that the same signed agreements give the same besluit again: ``maken`` makes one,
``controle`` checks one, ``pagina`` shows one to a reader.
"""
