"""The oracle: the contract in plain Python, to check the real policy against.

Written from ``contract.md`` and the two letters alone, without looking at the policies or the
data. It shares no code with the package on purpose.
"""

from .generator import genereer, vijandig
from .orakel import besluit

__all__ = ["besluit", "genereer", "vijandig"]
