"""Ranks of a population whose keys are sorted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled


@compiled
def ranks_of_pairs(pairs: NDArray[np.uint64], k: float) -> NDArray[np.float32]:
    """The rank (below + k * equal) / total of each key, at its place. The pairs are those of radix_sort.py."""
    total = len(pairs)
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
