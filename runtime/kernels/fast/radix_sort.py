"""Sorting of keys, linear in their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled

_DIGIT = 11
_PASSES = 3
_MASK = (1 << _DIGIT) - 1


@compiled
def sorted_pairs(keys: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The keys in ascending order, each in the upper half of a number whose lower half is its place; equal ones by
    place. Three passes of 11 bits, least significant first."""
    total = len(keys)
    counts = np.zeros((_PASSES, _MASK + 2), dtype=np.int64)
    for key in keys:
        for digit in range(_PASSES):
            counts[digit, ((key >> np.uint32(digit * _DIGIT)) & np.uint32(_MASK)) + 1] += 1
    for digit in range(_PASSES):
        for value in range(_MASK):
            counts[digit, value + 1] += counts[digit, value]

    pairs = np.empty(total, dtype=np.uint64)
    for i in range(total):
        pairs[i] = (np.uint64(keys[i]) << np.uint64(32)) | np.uint64(i)
    other = np.empty(total, dtype=np.uint64)
    for digit in range(_PASSES):
        shift = np.uint64(32 + digit * _DIGIT)
        for i in range(total):
            pair = pairs[i]
            value = (pair >> shift) & np.uint64(_MASK)
            other[counts[digit, value]] = pair
            counts[digit, value] += 1
        pairs, other = other, pairs
    return pairs
