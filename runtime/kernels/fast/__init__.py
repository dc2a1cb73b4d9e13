"""Compiled versions of the slowest algorithms, for installations with numba (`vlc-runtime[fast]`).

They are chosen by the algorithms themselves, and give the same bytes: they only reorder sums of integers. Modules of
this package import numba; nothing imports them unless numba is there and the work is worth its loading.
"""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec

PRICE = 3 << 27
"""Elementary steps in numpy (about 3 ns each) that compiled code has to save before loading it has paid for itself:
numba takes half a second to import, and as long to run its first function from the cache."""
PRICE_LATER = PRICE >> 4
RENT = 2.0
"""Seconds of processor time. A process that has computed for so long is in the middle of something, and where one
larger piece of work comes, more will follow: it loads numba for `PRICE_LATER` steps."""


def worth_while(steps: int) -> bool:
    """Whether compiled code should do this many elementary steps: numba is there, and loaded or worth loading.

    As one rents skis until the rent paid is the price of a pair, a process uses numpy until it has computed for about
    as long as loading numba takes: that is never much worse than the better choice. Which is used changes no result.
    """
    if sys.modules.get("numba") is not None:
        return True
    price = PRICE if time.process_time() < RENT else PRICE_LATER
    return steps >= price and find_spec("numba") is not None
