"""Compiled versions of the slowest algorithms, for installations with numba (`vlc-runtime[fast]`).

They are chosen by the algorithms themselves, and give the same bytes: they only reorder sums of integers. Modules of
this package import numba; nothing imports them unless numba is there and the work is worth its loading.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

_WORTH_LOADING = 1 << 27
"""Elementary steps (about 2 ns each in numpy) from which on loading numba, half a second, is no loss worth avoiding."""


def worth_while(steps: int) -> bool:
    """Whether compiled code should do this many elementary steps: numba is there, and loaded or worth loading."""
    return sys.modules.get("numba") is not None or (steps >= _WORTH_LOADING and find_spec("numba") is not None)
