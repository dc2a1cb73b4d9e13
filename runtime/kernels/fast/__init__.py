"""Compiled versions of the slowest algorithms, for installations with numba (`vlc-runtime[fast]`).

They are chosen by the algorithms themselves, and give the same bytes: they only reorder sums of integers. Modules of
this package import numba; nothing imports them unless numba is there and the work is worth its loading.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

PRICE = 3 << 27
"""Elementary steps in numpy (about 3 ns each) that compiled code has to save before loading it has paid for itself:
numba takes half a second to import, and as long to run its first function from the cache."""


def worth_while(steps: int) -> bool:
    """Whether compiled code should do this many elementary steps: numba is there, and loaded or worth loading for them
    alone. A run loads it before it begins where all its steps together are worth that. Which is used changes no result.
    """
    return sys.modules.get("numba") is not None or (steps >= PRICE and find_spec("numba") is not None)


def load() -> None:
    """Load numba, which is there, for the kernels that will ask."""
    import_module("numba")
