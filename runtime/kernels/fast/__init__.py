"""Compiled versions of the slowest algorithms, for installations with numba (`vlc-runtime[fast]`).

They are chosen by the algorithms themselves, and give the same bytes: they only reorder sums of integers. Modules of
this package import numba; nothing imports them unless numba is there and the work is worth its loading.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

PRICE = 3 << 27
"""Elementary steps in numpy (about 3 ns each) that compiled code has to save before loading it has paid for itself:
numba takes half a second to import, and as long to run its first function from the cache."""


class _Work:
    """The elementary steps done by numpy so far in this process.

    As one rents skis until the rent paid is the price of a pair, numpy is used until its work would have paid for
    loading numba: that never takes more than twice the time of the better choice. Which is used changes no result.
    """

    def __init__(self) -> None:
        self.steps = 0


_by_numpy = _Work()


def worth_while(steps: int) -> bool:
    """Whether compiled code should do this many elementary steps: numba is there, and loaded or worth loading."""
    if sys.modules.get("numba") is not None:
        return True
    _by_numpy.steps += steps
    return _by_numpy.steps >= PRICE and find_spec("numba") is not None
