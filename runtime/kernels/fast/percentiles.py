"""Ranks of a population by sorting its keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled
from vlc_runtime.kernels.fast.radix_sort import sorted_pairs


@compiled
def ranks_of_keys(keys: NDArray[np.uint32], k: float) -> NDArray[np.float32]:
    """The rank (below + k * equal) / total of each key."""
    total = len(keys)
    pairs = sorted_pairs(keys)
    ranks = np.empty(total, dtype=np.float32)
    start = 0
    while start < total:
        key = pairs[start] >> np.uint64(32)
        end = start + 1
        while end < total and pairs[end] >> np.uint64(32) == key:
            end += 1
        rank = np.float32((start + k * (end - start)) / total)
        for i in range(start, end):
            ranks[pairs[i] & np.uint64(0xFFFFFFFF)] = rank
        start = end
    return ranks
