"""Ranks of the voxels of a population, and comparisons of ranks without the ranks.

The population is the voxels where the mask is true, N of them. With L voxels of the population below a value and E
equal to it, the rank of the value is (L + k E) / N, computed in double and rounded to float32. Voxels outside the mask
have rank -1. +0.0 and -0.0 are one value. All NaN voxels count as one value above every other: VoxLogicA leaves them
open, here they are at least the same everywhere.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.kernels.fast import worth_while

Comparison: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]

_COMPARISONS: dict[Comparison, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_OUTSIDE = np.float32(-1)
_LARGEST_TABLE = 1 << 20
_STEPS_OF_A_KEY = 32
_NAN_KEY = np.uint32(0xFFFFFFFF)


def percentiles(image: NDArray[np.float32], mask: NDArray[np.bool_], k: float) -> NDArray[np.float32]:
    """The image of ranks: k = 0 counts the voxels below, 1 those below or equal, 0.5 is the mid rank.

    One sort of the population; if its values are whole numbers of a small range, one look-up table and no sort.
    """
    values = image[mask]
    result = np.full(image.shape, _OUTSIDE)
    if values.size:
        codes = _whole_numbers(values)
        result[mask] = _ranks_by_sorting(_sortable(values), k) if codes is None else _ranks_by_counting(codes, k)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The distinct values of a population, ascending, NaN last; how many voxels are below each; and the total."""

    values: NDArray[np.float32]
    below: NDArray[np.int64]
    total: int

    @staticmethod
    def of(image: NDArray[np.float32], mask: NDArray[np.bool_]) -> Population:
        """One sort of the population, or one count if its values are whole numbers of a small range."""
        values = image[mask]
        codes = _whole_numbers(values)
        if codes is not None:
            counts = np.bincount(codes)
            present = np.flatnonzero(counts)
            distinct = (present + int(values.min())).astype(np.float32)
            return Population(distinct, (np.cumsum(counts) - counts)[present], values.size)
        values.sort()
        numbers = values.size - np.count_nonzero(np.isnan(values))
        first = np.ones(values.size, dtype=np.bool_)
        np.not_equal(values[1:], values[:-1], out=first[1:])
        first[numbers + 1 :] = False
        below = np.flatnonzero(first)
        return Population(values[below], below, values.size)

    def ranks(self, k: float) -> NDArray[np.float32]:
        """The ranks of the distinct values."""
        return _ranks(self.below, np.diff(self.below, append=self.total), self.total, k)

    def interval(self, k: float, comparison: Comparison, number: float) -> slice:
        """Which of the distinct values have ranks that satisfy `rank comparison number`; `comparison` is not `!=`.

        For 0 <= k <= 1 ranks ascend with values, so these are neighbours.
        """
        hits = np.flatnonzero(_COMPARISONS[comparison](self.ranks(k), single(number)))
        return slice(int(hits[0]), int(hits[-1]) + 1) if hits.size else slice(0, 0)

    def select(self, image: NDArray[np.float32], interval: slice) -> NDArray[np.bool_]:
        """The voxels of the image, members of the population or not, whose value lies among those of the interval."""
        if interval.start == interval.stop:
            return np.zeros(image.shape, dtype=np.bool_)
        lowest = self.values[interval.start]
        if interval.stop < self.values.size:
            selected: NDArray[np.bool_] = image <= self.values[interval.stop - 1]
            return selected if interval.start == 0 else np.logical_and(selected, image >= lowest, out=selected)
        # up to the greatest value, which may be NaN, to which no comparison applies
        return np.isnan(image) if np.isnan(lowest) else ~(image < lowest)


def rank_threshold(
    image: NDArray[np.float32], mask: NDArray[np.bool_], k: float, comparison: Comparison, number: float
) -> NDArray[np.bool_]:
    """The voxels where `percentiles(image, mask, k) comparison number`, without the image of ranks.

    The number is rounded to float32, as all numbers are that meet images. For k outside 0..1 ranks do not ascend with
    values, and are built after all.
    """
    if not 0 <= k <= 1:
        compared: NDArray[np.bool_] = _COMPARISONS[comparison](percentiles(image, mask, k), single(number))
        return compared
    return population_threshold(Population.of(image, mask), image, mask, k, comparison, number)


def population_threshold(
    population: Population,
    image: NDArray[np.float32],
    mask: NDArray[np.bool_],
    k: float,
    comparison: Comparison,
    number: float,
) -> NDArray[np.bool_]:
    """`rank_threshold` for 0 <= k <= 1 with the population of image and mask at hand, for several thresholds of one."""
    if comparison == "!=":
        equal = population_threshold(population, image, mask, k, "==", number)
        return np.logical_not(equal, out=equal)
    selected = population.select(image, population.interval(k, comparison, number))
    if _COMPARISONS[comparison](_OUTSIDE, single(number)):
        return np.logical_or(selected, ~mask, out=selected)
    return np.logical_and(selected, mask, out=selected)


def _ranks(
    below: NDArray[np.integer[Any]], equal: NDArray[np.integer[Any]], total: int, k: float
) -> NDArray[np.float32]:
    ranks: NDArray[np.float32] = ((below + k * equal) / total).astype(np.float32)
    return ranks


def _whole_numbers(values: NDArray[np.float32]) -> NDArray[np.int64] | None:
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
    return _ranks(np.cumsum(counts) - counts, counts, codes.size, k).take(codes)


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
    result[halves[:, 0]] = np.repeat(_ranks(below, equal, keys.size, k), equal)
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
