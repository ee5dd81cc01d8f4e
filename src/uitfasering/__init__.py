"""What the two letters of RSJ IJsselland say of a toewijzing, decided by Open Policy Agent.

``Client`` asks; ``Toewijzing`` goes in, ``Besluit`` comes out; errors: ``uitfasering.errors``.
"""

from uitfasering.client import Client
from uitfasering.records import (
    Beeindigen,
    Besluit,
    Bevinding,
    Omvang,
    Opnieuw,
    Periode,
    Product,
    Toewijzing,
    Voorstel,
)

__all__ = [
    "Beeindigen",
    "Besluit",
    "Bevinding",
    "Client",
    "Omvang",
    "Opnieuw",
    "Periode",
    "Product",
    "Toewijzing",
    "Voorstel",
]
