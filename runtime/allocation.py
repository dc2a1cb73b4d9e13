"""Memory that freed results leave is kept for the next ones.

The C library of GNU gives blocks above 32 MB back to the system as soon as they are freed, and getting fresh ones costs
more than most operations on them: the system clears every page, and the threads of a process wait for each other
meanwhile. Images are such blocks. Kept in one heap, they are found again by whatever is computed next, on any thread;
what lies free at the heap's end beyond a bound is given back.
"""

from __future__ import annotations

import ctypes
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""The names of these parameters in malloc.h."""
_LARGEST_KEPT = 1 << 30
_KEPT_AT_THE_END = 1 << 28


@cache
def keep_freed_memory() -> None:
    """Tell the C library of this process. Where it is not GNU's, nothing is done."""
    try:
        set_parameter = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    set_parameter(_ARENA_MAX, 1)
    set_parameter(_MMAP_THRESHOLD, _LARGEST_KEPT)
    set_parameter(_TRIM_THRESHOLD, _KEPT_AT_THE_END)
