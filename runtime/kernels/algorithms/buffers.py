"""Memory for large results, taken over from results that nobody holds any more.

The C library gives blocks above 32 MB back to the system as soon as they are freed, and getting fresh ones costs more
than most operations on them: the system clears every page. So a few such blocks are kept for the next result of the
same size. This is invisible but for the time: a block is reused only when the last view of its array is gone.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SMALLEST_KEPT = 1 << 24
LARGEST_KEPT = 1 << 29
MOST_KEPT = 2
"""Blocks that may lie idle: enough for a chain of operations on each of two threads."""

# SimpleQueue, because blocks come back from __del__, which may run in the middle of anything
_idle: SimpleQueue[NDArray[np.uint8]] = SimpleQueue()


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """A new array of undefined contents, like `numpy.empty`."""
    kind = np.dtype(dtype)
    count = kind.itemsize
    for extent in shape:
        count *= extent
    if not SMALLEST_KEPT <= count <= LARGEST_KEPT:
        return np.empty(shape, kind)
    return np.asarray(_Lease(_block(count))).view(kind).reshape(shape)


def _block(count: int) -> NDArray[np.uint8]:
    """An idle block of this many bytes, or a fresh one. Idle blocks of other sizes are let go: sizes have changed."""
    while True:
        try:
            block = _idle.get_nowait()
        except Empty:
            return np.empty(count, np.uint8)
        if block.size == count:
            return block


class _Lease:
    """The owner of an array's memory: views hold the array, arrays hold the lease, and its end gives the block back."""

    __slots__ = ("__array_interface__", "_block")

    def __init__(self, block: NDArray[np.uint8]) -> None:
        self._block = block
        self.__array_interface__ = {
            "shape": block.shape,
            "typestr": "|u1",
            "data": (block.ctypes.data, False),
            "version": 3,
        }

    def __del__(self) -> None:
        if _idle.qsize() < MOST_KEPT:
            _idle.put(self._block)
