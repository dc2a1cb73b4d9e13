"""What several thresholds of ranks share: how many voxels of a population there are up to each value, or about there.

Whole numbers of 16 bits are counted one by one. Of others the keys, integers in the order of the values, are counted
by their upper halves: that is the first pass of a radix sort. A threshold lies in one of these bins, and only the
voxels in it are looked at then. So neither a rank nor a sorted copy of the population is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.kernels.algorithms.percentiles import sortable_keys
from vlc_runtime.kernels.algorithms.rank_threshold import Population, reaches
from vlc_runtime.kernels.algorithms.value_counts import ValueCounts, count_whole_numbers

_BLOCK = 1 << 20
"""Voxels: adding up the bins of a block takes a tenth of counting them."""
_HALVES = 1 << 16
_NAN_HALF = _HALVES - 1
_SIGN = np.uint32(1 << 31)


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """The upper halves that keys have, ascending; `up_to` counts the voxels of each and of those before it."""

    halves: NDArray[np.uint16]
    up_to: NDArray[np.int64]


def histogram(image: NDArray[np.float32], mask: NDArray[np.bool_]) -> ValueCounts | Histogram:
    """The histogram of the voxels of a mask. Linear; memory: 12 bytes for each of a million voxels."""
    exact = count_whole_numbers(image, mask)
    if exact is not None:
        return exact
    bins = np.zeros(_HALVES, np.int64)
    for values in _members(image, mask):
        bins += np.bincount(sortable_keys(values) >> np.uint32(16), minlength=_HALVES)
    present = np.flatnonzero(bins != 0)
    return Histogram(present.astype(np.uint16), np.cumsum(bins[present]))


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """A population that is searched by its histogram."""

    image: NDArray[np.float32]
    mask: NDArray[np.bool_]
    counts: ValueCounts | Histogram

    def cut(self, k: float, bound: np.float32, *, strict: bool) -> np.float32 | None:
        """The least value of rank >= bound, or > bound if strict; None if there is none. Requires 0 <= k <= 1."""
        counts = self.counts
        if isinstance(counts, ValueCounts):
            return Population(counts.values, counts.up_to - counts.counts(), counts.total).cut(k, bound, strict=strict)
        total = int(counts.up_to[-1]) if counts.up_to.size else 0
        for place in range(self._first(counts, total, bound, strict), counts.halves.size):
            half, below = int(counts.halves[place]), int(counts.up_to[place - 1]) if place else 0
            if half == _NAN_HALF:
                found = reaches(below, total - below, total, k, bound, strict)
                return np.float32(np.nan) if found else None
            cut = Population.of_part(self._in_bin(half), below, total).cut(k, bound, strict=strict)
            if cut is not None:
                return cut
        return None

    def _first(self, counts: Histogram, total: int, bound: np.float32, strict: bool) -> int:
        """The first bin that may have the cut: no voxel of a bin has a greater rank than if all of it were below."""
        first, end = 0, counts.halves.size
        while first < end:
            middle = (first + end) // 2
            if reaches(int(counts.up_to[middle]), 0, total, 1.0, bound, strict):
                end = middle
            else:
                first = middle + 1
        return first

    def _in_bin(self, half: int) -> NDArray[np.float32]:
        """The voxels of the population whose keys have this upper half."""
        least, greatest = _value_of(half << 16), _value_of(half << 16 | _HALVES - 1)
        if greatest == 0:  # -0.0, whose voxels have the key of +0.0
            greatest = np.nextafter(greatest, np.float32(-1))
        # beyond an infinity there are NaN, which have another key
        least = np.float32(-np.inf) if np.isnan(least) else least
        greatest = np.float32(np.inf) if np.isnan(greatest) else greatest
        found = [values[(values >= least) & (values <= greatest)] for values in _members(self.image, self.mask)]
        return np.concatenate(found)


def _members(image: NDArray[np.float32], mask: NDArray[np.bool_]) -> Iterator[NDArray[np.float32]]:
    """The voxels of the mask, some at a time."""
    flat, inside = np.ascontiguousarray(image).reshape(-1), np.ascontiguousarray(mask).reshape(-1)
    for block in blocks(flat.size, _BLOCK):
        yield flat[block][inside[block]]


def _value_of(key: int) -> np.float32:
    """The value that has a key: the inverse of `sortable_keys`."""
    bits = np.uint32(key)
    value: np.float32 = (bits ^ _SIGN if bits & _SIGN else ~bits).view(np.float32)
    return value
