"""Counting of whole numbers, of which a background is passed over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled

_LEAST, _MOST = np.float32(-(1 << 15)), np.float32((1 << 15) - 1)
_HALF = 1 << 15
_TOGETHER = 8
"""Neighbours that are passed over at once."""


@compiled
def _count(number: np.float32, bins: NDArray[np.int64]) -> bool:
    """Count a whole number of 16 bits in its bin; False for anything else."""
    if not _LEAST <= number <= _MOST:
        return False
    code = np.int32(number)
    if np.float32(code) != number:
        return False
    bins[code + _HALF] += 1
    return True


@compiled
def count_others(values: NDArray[np.float32], background: np.uint32, bins: NDArray[np.int64]) -> bool:
    """Count whole numbers of 16 bits in their bins, but for most of those whose bits are the background's; False as
    soon as there is any other number."""
    bits = values.view(np.uint32)
    whole = len(values) - len(values) % _TOGETHER
    for first in range(0, whole, _TOGETHER):
        different = np.uint32(0)
        for i in range(first, first + _TOGETHER):
            different |= bits[i] ^ background
        if different != 0:
            for i in range(first, first + _TOGETHER):
                if not _count(values[i], bins):
                    return False
    for i in range(whole, len(values)):  # noqa: SIM110 - generators are not compiled
        if not _count(values[i], bins):
            return False
    return True


@compiled
def count_inside(values: NDArray[np.float32], inside: NDArray[np.bool_], bins: NDArray[np.int64]) -> bool:
    """Count the whole numbers of 16 bits of a region in their bins; False as soon as there is any other number."""
    for i in range(len(values)):  # noqa: SIM110 - generators are not compiled
        if inside[i] and not _count(values[i], bins):
            return False
    return True
