"""Ranks of the voxels of a population.

The population is the voxels where the mask is true, N of them. With L voxels of the population below a value and E
equal to it, the rank of the value is (L + k E) / N, computed in double and rounded to float32. Voxels outside the mask
have rank -1. +0.0 and -0.0 are one value. All NaN voxels count as one value above every other: VoxLogicA leaves them
open, here they are at least the same everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.kernels.algorithms.ranking import ranks, ranks_of_keys
from vlc_runtime.kernels.fast import worth_while

OUTSIDE = np.float32(-1)
"""The rank of the voxels outside the mask."""
_LARGEST_TABLE = 1 << 20
_STEPS_OF_A_KEY = 2
"""That compiled code saves."""
MOST_SORTED = 1 << 31
"""Fewer keys than this are sorted by compiled code, which numbers them in 32 bits."""
_NAN_KEY = np.uint32(0xFFFFFFFF)


def percentiles(image: NDArray[np.float32], mask: NDArray[np.bool_], k: float) -> NDArray[np.float32]:
    """The image of ranks: k = 0 counts the voxels below, 1 those below or equal, 0.5 is the mid rank.

    One radix sort of the population; if its values are whole numbers of a small range, one look-up table and no sort.
    """
    if mask.all():
        return _ranks_of_values(image.reshape(-1), k).reshape(image.shape)
    result = np.full(image.shape, OUTSIDE)
    result[mask] = _ranks_of_values(image[mask], k)
    return result


def whole_numbers(values: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """The values less their minimum, if they are whole numbers of a range that deserves a table."""
    if not values.size:
        return None
    lowest, highest = float(values.min()), float(values.max())
    if not (abs(lowest) < 2.0**53 and highest - lowest < min(_LARGEST_TABLE, 4 * values.size + 256)):
        return None
    codes = np.empty(values.size, dtype=np.int64)
    for block in blocks(values.size):
        codes[block] = values[block]
        if not np.array_equal(codes[block], values[block]):
            return None
    codes -= int(lowest)
    return codes


def _ranks_of_values(values: NDArray[np.float32], k: float) -> NDArray[np.float32]:
    if not values.size:
        return np.empty(0, dtype=np.float32)
    codes = whole_numbers(values)
    if codes is not None:
        counts = np.bincount(codes)
        return ranks(np.cumsum(counts) - counts, counts, codes.size, k).take(codes)
    keys = sortable_keys(values)
    if keys.size < MOST_SORTED and worth_while(keys.size * _STEPS_OF_A_KEY):
        from vlc_runtime.kernels.fast.percentiles import ranks_of_pairs
        from vlc_runtime.kernels.fast.radix_sort import sorted_pairs

        return ranks_of_pairs(sorted_pairs(keys), float(k))
    return ranks_of_keys(keys, k)


def sortable_keys(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Integers in the order of the values: one for both zeros, the greatest for every NaN."""
    with np.errstate(invalid="ignore"):  # of a signalling NaN
        bits = (values + np.float32(0)).view(np.int32)  # -0.0 + 0.0 is +0.0
    flips = bits >> 31  # all bits of a negative number; of a positive one,
    flips |= np.int32(-(2**31))  # the sign alone
    flips ^= bits
    keys = flips.view(np.uint32)
    unordered = np.isnan(values)
    if unordered.any():
        keys[unordered] = _NAN_KEY
    return keys
