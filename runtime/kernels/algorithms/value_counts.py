"""How often each value occurs in an image: after that, a threshold's volume is a look-up.

+0.0 and -0.0 are one value. NaN is neither below nor above anything: its voxels count in the total alone.

Images mostly hold few values (whole numbers, ranks, distances), or few besides a background. So the value of the first
voxel is passed over, a block at a time. Whole numbers of 16 bits have a bin each. Others go to the slots of a hash
table, and what meets a slot that is taken is sorted at the end. Where nearly all voxels differ sorting them would take
longer than some hundred comparisons: then the summary is the voxels themselves, and is compared as the image would be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import PIECE, blocks
from vlc_runtime.kernels.algorithms.rank_threshold import COMPARISONS, Comparison
from vlc_runtime.kernels.fast import worth_while
from vlc_runtime.shared_work import map_pieces

Numbers = NDArray[np.float32]
Keys = NDArray[np.uint32]
Counter: TypeAlias = Callable[[slice, NDArray[np.int64]], bool]
"""Counts the whole numbers of 16 bits of a part in their bins; False, and anything counted, when there are others."""

BLOCK = 1 << 18
"""Voxels at a time: so few that they stay in the cache, so many that threads seldom wait for each other."""
SLOTS = 1 << 18
SORTED = 1 << 16
"""Up to so many voxels are sorted: that takes less time than clearing a table."""
MOST_STRANGERS = 1 << 16
"""A table is given up when so many voxels, and an eighth of all, met a slot that was taken: there are many values."""
WORTH_SORTING = 4
"""Sorting one voxel in so many takes about as long as fifty comparisons of the image."""
WORTH_PASSING_OVER = 0.75
"""The background is passed over in blocks with a quarter of it or more: picking the others out takes time too."""
STEPS_A_VOXEL = 1
"""Elementary steps that compiled counting saves for a voxel, more or less."""
_MULTIPLIER = np.uint32(0x9E3779B1)  # 2^32 over the golden ratio: Knuth, The Art of Computer Programming, 6.4
_SHIFT = np.uint32(14)  # leaves the 18 bits that number the slots
_HALF = 1 << 15
_SCRATCH = 8 * BLOCK * 2 + 16 * _HALF
_FOUR = np.dtype("V16")
_FREE = np.uint32(0xFFFFFFFF)  # the bits of a NaN, so of no number


@dataclass(frozen=True, slots=True, eq=False)
class ValueCounts:
    """`values` are distinct, ascending, without NaN; `up_to` counts the voxels of each and of those before it.

    `total` counts all voxels, NaN among them.
    """

    values: Numbers
    up_to: NDArray[np.int64]
    total: int

    def counts(self) -> NDArray[np.int64]:
        """The number of voxels of each value."""
        return np.diff(self.up_to, prepend=np.int64(0))

    @property
    def numbers(self) -> int:
        """How many voxels are no NaN."""
        return int(self.up_to[-1]) if self.up_to.size else 0

    def voxels_that(self, comparison: Comparison, number: np.float32) -> int:
        """How many voxels compare so with a number. Logarithmic in the number of values."""
        return int(self.all_voxels_that(comparison, np.array([number], np.float32))[0])

    def all_voxels_that(self, comparison: Comparison, numbers: Numbers) -> NDArray[np.int64]:
        """How many voxels compare so with each of the numbers."""
        below = self._of_first(self.values.searchsorted(numbers, side="left"))
        not_above = self._of_first(self.values.searchsorted(numbers, side="right"))
        found: NDArray[np.int64]
        match comparison:
            case "<":
                found = below
            case "<=":
                found = not_above
            case ">":
                found = self.numbers - not_above
            case ">=":
                found = self.numbers - below
            case "==":
                found = not_above - below
            case "!=":
                found = self.total - (not_above - below)
        found[np.isnan(numbers)] = self.total if comparison == "!=" else 0
        return found

    def _of_first(self, counts: NDArray[np.intp]) -> NDArray[np.int64]:
        """How many voxels have one of the first values, of which there are so many."""
        if not self.up_to.size:
            return np.zeros(counts.shape, np.int64)
        return np.where(counts > 0, self.up_to[counts - 1], 0)


def voxels_that(comparison: Comparison, number: np.float32, summary: ValueCounts | Numbers) -> int:
    """How many voxels compare so with a number, by their counts or by looking at each."""
    if isinstance(summary, ValueCounts):
        return summary.voxels_that(comparison, number)
    return int(np.count_nonzero(COMPARISONS[comparison](summary, number)))


def all_voxels_that(comparison: Comparison, numbers: Numbers, summary: ValueCounts | Numbers) -> list[int]:
    """How many voxels compare so with each of the numbers. Idle workers take part where voxels are looked at."""
    if isinstance(summary, ValueCounts):
        counts: list[int] = summary.all_voxels_that(comparison, numbers).tolist()
        return counts
    return map_pieces(lambda number: voxels_that(comparison, number, summary), list(numbers), scratch=summary.size)


def voxels_between(low: np.float32, high: np.float32, summary: ValueCounts | Numbers) -> int:
    """How many voxels are neither below low nor above high; none where a bound is NaN. Requires no low > high."""
    if np.isnan(low) or np.isnan(high):
        return 0
    return voxels_that("<=", high, summary) - voxels_that("<", low, summary)


def count_values(voxels: Numbers, *, sort_any: bool = False) -> ValueCounts | None:
    """The counts of the values of an array; None where that is not worth the time, unless `sort_any`.

    Linear in the voxels for few values; the rest is sorted. Memory: 3 MB, and a copy of the voxels that are sorted.
    """
    flat = np.ascontiguousarray(voxels).reshape(-1)
    if flat.size <= SORTED:
        return _of_sorted(_numbers(flat), 0, np.float32(0), flat.size)
    found = _binned(_counter_of_others(flat), flat.size, flat[0], flat.size)
    if found is None:
        found = _hashed(flat)
    if found is not None:
        return found
    background = flat[0]
    others = _others(flat, background)
    if not sort_any and np.count_nonzero(others) * WORTH_SORTING > flat.size:
        return None
    rest = flat[others]
    numbers = _numbers(rest)
    return _of_sorted(numbers, 0 if np.isnan(background) else flat.size - rest.size, background, flat.size)


def count_whole_numbers(voxels: Numbers, region: NDArray[np.bool_]) -> ValueCounts | None:
    """The counts of the values of a region; None unless all are whole numbers of 16 bits. Memory: 8 MB, and half a
    byte a voxel."""
    flat, inside = np.ascontiguousarray(voxels).reshape(-1), np.ascontiguousarray(region).reshape(-1)
    return _binned(_counter_of_region(flat, inside), flat.size, np.float32(0), 0)


def _counter_of_others(flat: Numbers) -> Counter:
    """Counts the numbers of a part, without most of those that are the first voxel's."""
    if worth_while(STEPS_A_VOXEL * flat.size):
        from vlc_runtime.kernels.fast.value_counts import count_others

        background = flat[:1].view(np.uint32)[0]
        return lambda part, bins: count_others(flat[part], background, bins)
    return lambda part, bins: all(_count_whole_numbers(values, bins) for values in _foregrounds(flat, part))


def _counter_of_region(flat: Numbers, inside: NDArray[np.bool_]) -> Counter:
    """Counts the numbers of a part that are inside."""
    if worth_while(STEPS_A_VOXEL * flat.size):
        from vlc_runtime.kernels.fast.value_counts import count_inside

        return lambda part, bins: count_inside(flat[part], inside[part], bins)

    def members(part: slice) -> Iterator[Numbers]:
        for block in blocks(part.stop, 2 * BLOCK, part.start):
            yield flat[block][inside[block]]

    return lambda part, bins: all(_count_whole_numbers(values, bins) for values in members(part))


def _numbers(values: Numbers) -> Numbers:
    """A copy without NaN, and with one zero."""
    unordered = np.isnan(values)
    kept: Numbers = values[~unordered] if unordered.any() else values
    return kept + np.float32(0)  # -0.0 + 0.0 is +0.0


def _of_sorted(values: Numbers, background_count: int, background: np.float32, total: int) -> ValueCounts:
    """The counts of values, which are sorted in place, and of a background that is not among them."""
    values.sort()
    first = np.ones(values.size, np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    distinct, counts = values[starts], np.diff(starts, append=values.size)
    if background_count:
        place = int(np.searchsorted(distinct, background))
        distinct = np.insert(distinct, place, background + np.float32(0))
        counts = np.insert(counts, place, background_count)
    return ValueCounts(distinct, np.cumsum(counts, dtype=np.int64), total)


def _foregrounds(flat: Numbers, part: slice) -> Iterator[Numbers]:
    """The voxels of a part, some at a time, without most of those of the image's first one's value where these are
    many.

    Four neighbours are passed over or picked out together: that is faster than one by one.
    """
    background = flat[0]
    for block in blocks(part.stop, BLOCK, part.start):
        values = flat[block]
        end = values.size - values.size % 4
        different = _others(values, background)
        picked = different[:end].view(np.uint32) != 0
        if np.count_nonzero(picked) < picked.size * WORTH_PASSING_OVER:
            yield values[:end].view(_FOUR)[picked].view(np.float32)
            values = values[end:]
        yield values


def _others(values: Numbers, background: np.float32) -> NDArray[np.bool_]:
    """The voxels that do not have this value; NaN is one here."""
    different: NDArray[np.bool_] = values == values if np.isnan(background) else values != background
    return different


def _binned(count: Counter, size: int, background: np.float32, total: int) -> ValueCounts | None:
    """The counts of whole numbers of 16 bits, a part of so many voxels at a time; None when there are others.

    What these voxels lack of the total is background, which may be any value.
    """
    others = Event()  # there are: the rest need not be counted

    def counted(part: slice) -> NDArray[np.int64]:
        bins = np.zeros(2 * _HALF, np.int64)
        if not others.is_set() and not count(part, bins):
            others.set()
        return bins

    bins: NDArray[np.int64] = sum(
        map_pieces(counted, list(blocks(size, PIECE)), scratch=_SCRATCH), np.zeros(2 * _HALF, np.int64)
    )
    if others.is_set():
        return None
    present = np.flatnonzero(bins != 0)
    values, counts = (present - _HALF).astype(np.float32), bins[present]
    seen = int(counts.sum())
    if seen >= total:
        return ValueCounts(values, np.cumsum(counts), seen)
    return merged(np.append(values, background), np.append(counts, total - seen), total)


def _count_whole_numbers(values: Numbers, bins: NDArray[np.int64]) -> bool:
    """Count whole numbers of 16 bits in their bins; False when there are others, of which none is counted."""
    if not values.size:
        return True
    with np.errstate(invalid="ignore"):  # what does not fit becomes some other number
        codes = values.astype(np.int16)
    if not np.array_equal(codes, values):
        return False
    lowest = codes.min()
    codes -= lowest  # what this leads beyond 15 bits is right without its sign
    found = np.bincount(codes.view(np.uint16))
    first = int(lowest) + _HALF
    bins[first : first + found.size] += found
    return True


def _hashed(flat: Numbers) -> ValueCounts | None:
    """The counts by a hash table; None when there are too many values for it."""
    owners, counts = np.full(SLOTS, _FREE), np.zeros(SLOTS, np.int64)
    seen = strange_count = 0
    strangers: list[Keys] = []
    for values in _foregrounds(flat, slice(0, flat.size)):
        keys = _numbers(values).view(np.uint32)
        strangers.append(_count_block(keys, owners, counts))
        seen += values.size
        strange_count += strangers[-1].size
        if strange_count > MOST_STRANGERS + seen // 8:
            return None
    slots = np.flatnonzero(counts != 0)
    rest, of_rest = np.unique(np.concatenate([owners[:0], *strangers]), return_counts=True)
    values = np.concatenate([owners[slots].view(np.float32), rest.view(np.float32), flat[:1]])
    return merged(values, np.concatenate([counts[slots], of_rest, [flat.size - seen]]), flat.size)


def merged(values: Numbers, counts: NDArray[np.int64], total: int) -> ValueCounts:
    """The counts of values that may stand there several times."""
    kept = (counts > 0) & ~np.isnan(values)
    distinct, place = np.unique(values[kept] + np.float32(0), return_inverse=True)
    sums = np.zeros(distinct.size, np.int64)
    np.add.at(sums, place, counts[kept])
    return ValueCounts(distinct, np.cumsum(sums), total)


def _count_block(keys: Keys, owners: Keys, counts: NDArray[np.int64]) -> Keys:
    """Count the keys in their slots, free ones taken by the first to come; those whose slot is another's, returned."""
    slots = ((keys * _MULTIPLIER) >> _SHIFT).astype(np.intp)
    found = owners[slots]
    strange = found != keys
    if strange.any():
        free = found == _FREE
        owners[slots[free]] = keys[free]
        strange = owners[slots] != keys
        if strange.any():
            slots = slots[~strange]
    np.add.at(counts, slots, 1)
    rest: Keys = keys[strange]
    return rest
