"""Ranks of the voxels of a population.

The population is the voxels where the mask is true, N of them. With L voxels of the population below a value and E
equal to it, the rank of the value is (L + k E) / N, computed in double and rounded to float32. Voxels outside the mask
have rank -1. +0.0 and -0.0 are one value. All NaN voxels count as one value above every other: VoxLogicA leaves them
open, here they are at least the same everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast import worth_while

OUTSIDE = np.float32(-1)
"""The rank of the voxels outside the mask."""
_LARGEST_TABLE = 1 << 20
_STEPS_OF_A_KEY = 32
_NAN_KEY = np.uint32(0xFFFFFFFF)


def percentiles(image: NDArray[np.float32], mask: NDArray[np.bool_], k: float) -> NDArray[np.float32]:
    """The image of ranks: k = 0 counts the voxels below, 1 those below or equal, 0.5 is the mid rank.

    One sort of the population; if its values are whole numbers of a small range, one look-up table and no sort.
    """
    values = image[mask]
    result = np.full(image.shape, OUTSIDE)
    if values.size:
        codes = whole_numbers(values)
        result[mask] = _ranks_by_sorting(_sortable(values), k) if codes is None else _ranks_by_counting(codes, k)
    return result


def ranks(
    below: NDArray[np.integer[Any]], equal: NDArray[np.integer[Any]], total: int, k: float
) -> NDArray[np.float32]:
    """The ranks of values with so many voxels of the population below and equal."""
    quotients: NDArray[np.float32] = ((below + k * equal) / total).astype(np.float32)
    return quotients


def whole_numbers(values: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """The values less their minimum, if they are whole numbers of a range that deserves a table."""
    if not values.size:
        return None
    lowest, highest = float(values.min()), float(values.max())
    if not (abs(lowest) < 2.0**53 and highest - lowest < min(_LARGEST_TABLE, 4 * values.size + 256)):
        return None
    codes = values.astype(np.int64)
    if not np.array_equal(codes, values):
        return None
    codes -= int(lowest)
    return codes


def _ranks_by_counting(codes: NDArray[np.int64], k: float) -> NDArray[np.float32]:
    counts = np.bincount(codes)
    return ranks(np.cumsum(counts) - counts, counts, codes.size, k).take(codes)


def _ranks_by_sorting(keys: NDArray[np.uint32], k: float) -> NDArray[np.float32]:
    """Sort (key, position) pairs packed in one integer each, which is faster than sorting positions by key."""
    if worth_while(keys.size * _STEPS_OF_A_KEY):
        from vlc_runtime.kernels.fast.percentiles import ranks_of_keys

        return ranks_of_keys(keys, float(k))
    halves = np.empty((keys.size, 2), dtype="<u4")
    halves[:, 0] = np.arange(keys.size, dtype=np.uint32)
    halves[:, 1] = keys
    halves.view("<u8")[:, 0].sort()
    first = np.ones(keys.size, dtype=np.bool_)
    np.not_equal(halves[1:, 1], halves[:-1, 1], out=first[1:])
    below = np.flatnonzero(first)
    equal = np.diff(below, append=keys.size)
    result = np.empty(keys.size, dtype=np.float32)
    result[halves[:, 0]] = np.repeat(ranks(below, equal, keys.size, k), equal)
    return result


def _sortable(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Integers in the order of the values: one for both zeros, the greatest for every NaN."""
    bits = (values + np.float32(0)).view(np.int32)  # -0.0 + 0.0 is +0.0
    flips = bits >> 31  # all bits of a negative number; of a positive one,
    flips |= np.int32(-(2**31))  # the sign alone
    flips ^= bits
    keys = flips.view(np.uint32)
    unordered = np.isnan(values)
    if unordered.any():
        keys[unordered] = _NAN_KEY
    return keys
