"""Comparisons of ranks with a number, without building the ranks.

For 0 <= k <= 1 ranks ascend with values, so the voxels of rank >= c are those from some value on: the cut. It is found
in the sorted population where several numbers are compared, and by selection, in linear time, for one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import PIECE, blocks
from vlc_runtime.kernels.algorithms.percentiles import OUTSIDE, percentiles, whole_numbers
from vlc_runtime.kernels.algorithms.ranking import ranks
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.shared_work import map_pieces

Comparison: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]
COMPARISONS: dict[Comparison, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Searchable(Protocol):
    """A population in which cuts are found."""

    def cut(self, k: float, bound: np.float32, *, strict: bool) -> np.float32 | None:
        """The least value of rank >= bound, or > bound if strict; None if there is none. Requires 0 <= k <= 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The distinct values of a population, ascending, NaN last; how many voxels are below each; and the total.

    Of a part of the population, `end` is how many voxels there are up to the last of its values.
    """

    values: NDArray[np.float32]
    below: NDArray[np.int64]
    total: int
    end: int | None = None

    @staticmethod
    def of(image: NDArray[np.float32], mask: NDArray[np.bool_]) -> Population:
        """One sort of the population, or one count if its values are whole numbers of a small range."""
        values = image[mask]
        codes = whole_numbers(values)
        return _sorted(values) if codes is None else _counted(codes, float(values.min()))

    @staticmethod
    def of_part(values: NDArray[np.float32], below: int, total: int) -> Population:
        """A part of a population: all voxels from some value to another, none of them NaN. They are sorted in place;
        `below` are below all of them."""
        part = _sorted(values)
        return Population(part.values, part.below + below, total, below + values.size)

    def cut(self, k: float, bound: np.float32, *, strict: bool) -> np.float32 | None:
        """The least value of rank >= bound, or > bound if strict; None if there is none. Requires 0 <= k <= 1."""
        first, end = 0, self.values.size
        while first < end:
            middle = (first + end) // 2
            if reaches(int(self.below[middle]), self._equal(middle), self.total, k, bound, strict):
                end = middle
            else:
                first = middle + 1
        return self.values[first] if first < self.values.size else None

    def _equal(self, index: int) -> int:
        """How many voxels have the distinct value of this index."""
        if index + 1 < self.below.size:
            following = int(self.below[index + 1])
        else:
            following = self.total if self.end is None else self.end
        return following - int(self.below[index])


def rank_threshold(
    image: NDArray[np.float32],
    mask: NDArray[np.bool_],
    k: float,
    comparison: Comparison,
    number: float,
    population: Searchable | None = None,
) -> NDArray[np.bool_]:
    """The voxels where `percentiles(image, mask, k) comparison number`, without the image of ranks.

    The number is rounded to float32, as all numbers are that meet images. `population`, where given, is that of the
    image and the mask: several thresholds can share what was done to search it. For k outside 0..1 ranks do not ascend
    with values, and are built after all.
    """
    bound = single(number)
    compare = COMPARISONS[comparison]
    if not 0 <= k <= 1:
        compared: NDArray[np.bool_] = compare(percentiles(image, mask, k), bound)
        return compared
    if np.isnan(bound):
        return np.full(image.shape, comparison == "!=")

    def cut(strict: bool) -> np.float32 | None:
        if population is not None:
            return population.cut(k, bound, strict=strict)
        return _cut(image, mask, k, bound, strict)

    # the voxels of a rank that compares so, or those of any other, are those from one value on, but for another's
    first = cut(strict=comparison in (">", "<="))
    beyond = cut(strict=True) if comparison in ("==", "!=") else None
    return _between(image, mask, first, beyond, others=comparison in ("<", "<=", "!="), outside=compare(OUTSIDE, bound))


def _between(
    image: NDArray[np.float32],
    mask: NDArray[np.bool_],
    first: np.float32 | None,
    beyond: np.float32 | None,
    *,
    others: bool,
    outside: bool,
) -> NDArray[np.bool_]:
    """In the mask, the voxels from the value `first` on that are not from `beyond` on, or all `others`; outside of the
    mask, all or none. None is a value that is not reached."""
    result = np.empty(image.shape, np.bool_)
    values, inside = np.ascontiguousarray(image).reshape(-1), np.ascontiguousarray(mask).reshape(-1)
    selected = result.reshape(-1)

    def select(piece: slice) -> None:
        part = selected[piece]
        _from_value(values[piece], first, part)
        if beyond is not None:
            after = np.empty_like(part)
            _from_value(values[piece], beyond, after)
            np.greater(part, after, out=part)
        if others:
            np.logical_not(part, out=part)
        if outside:
            np.greater_equal(part, inside[piece], out=part)
        else:
            np.logical_and(part, inside[piece], out=part)

    map_pieces(select, list(blocks(values.size, PIECE)), scratch=PIECE)
    return result


def _from_value(values: NDArray[np.float32], cut: np.float32 | None, out: NDArray[np.bool_]) -> None:
    """The voxels at or above the cut, in the order that puts NaN last."""
    if cut is None:
        out[...] = False
    elif np.isnan(cut):
        np.isnan(values, out=out)
    else:
        np.less(values, cut, out=out)
        np.logical_not(out, out=out)


def _cut(
    image: NDArray[np.float32], mask: NDArray[np.bool_], k: float, bound: np.float32, strict: bool
) -> np.float32 | None:
    """`Population.cut` by selection of the voxel that stands where the bound is.

    Its rank is the bound, but for the extent of equal voxels and for rounding; so the cut is there or a value or two
    away, which the loops find by the distinct values beside it.
    """
    values = image[mask]
    codes = whole_numbers(values)
    if codes is not None:
        return _counted(codes, float(values.min())).cut(k, bound, strict=strict)
    if not values.size or np.isnan(values).any():
        return _sorted(values).cut(k, bound, strict=strict)
    total = values.size
    position = int(min(max(float(bound) * total, 0.0), total - 1.0))
    values.partition(position)
    lower, upper = values[:position], values[position:]

    value: np.float32 = values[position]
    below = int(np.count_nonzero(lower < value))
    equal = position - below + int(np.count_nonzero(upper == value))
    if reaches(below, equal, total, k, bound, strict):
        while below:
            lower = lower[lower < value]
            previous = lower.max()
            equal = int(np.count_nonzero(lower == previous))
            below -= equal
            if not reaches(below, equal, total, k, bound, strict):
                break
            value = previous
        return value
    while below + equal < total:
        below += equal
        upper = upper[upper > value]
        value = upper.min()
        equal = int(np.count_nonzero(upper == value))
        if reaches(below, equal, total, k, bound, strict):
            return value
    return None


def reaches(below: int, equal: int, total: int, k: float, bound: np.float32, strict: bool) -> bool:
    rank = ranks(np.asarray(below), np.asarray(equal), total, k)
    return bool(rank > bound if strict else rank >= bound)


def _counted(codes: NDArray[np.int64], lowest: float) -> Population:
    counts = np.bincount(codes)
    present = np.flatnonzero(counts != 0)
    values = (present + int(lowest)).astype(np.float32)
    return Population(values, (np.cumsum(counts) - counts)[present], codes.size)


def _sorted(values: NDArray[np.float32]) -> Population:
    values.sort()
    numbers = values.size - np.count_nonzero(np.isnan(values))
    first = np.ones(values.size, dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    first[numbers + 1 :] = False
    below = np.flatnonzero(first)
    return Population(values[below], below, values.size)
