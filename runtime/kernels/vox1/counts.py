"""Volumes of thresholds from the counts of an image's values: what a sweep over thresholds comes to.

`volume_geq(t, value_counts(image))` is `volume(geq_sv(t, image))`. The counts are found once, in about the time of some
five comparisons, and stored; each further threshold takes microseconds. Programs need not say this: a pass does.

Counts are a record of images of one dimension, so they are stored and sent like any value: `values` and `up_to` are
those of ValueCounts, and `total` is a number; or there are `voxels` alone, where counting values does not pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from vlc_runtime.kernels.algorithms.rank_counts import count_ranks
from vlc_runtime.kernels.algorithms.rank_threshold import Comparison
from vlc_runtime.kernels.algorithms.rounding import single, single_each
from vlc_runtime.kernels.algorithms.value_counts import (
    Numbers,
    ValueCounts,
    all_voxels_that,
    count_values,
    count_whole_numbers,
    voxels_between,
    voxels_that,
)
from vlc_runtime.kernels.algorithms.voxelwise import bounds
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, Counts, NumberImage, Volume, row_of


@operator(version=1)
def value_counts(image: NumberImage) -> Counts:
    """How many voxels have each value."""
    return _record(count_values(image.array), image.array)


@operator(version=1)
def value_counts_within(image: NumberImage, region: BoolImage) -> Counts:
    """How many voxels of a region have each value."""
    found = count_whole_numbers(image.array, region.array)
    if found is not None:
        return _record(found, image.array)
    inside = image.array[region.array]
    return _record(count_values(inside), inside)


@operator(version=1)
def rank_counts(image: NumberImage, mask: BoolImage, k: float) -> Counts:
    """How many voxels of `percentiles(image, mask, k)` have each value."""
    return _record(count_ranks(image.array, mask.array, k), image.array)


@operator(version=1, cost="scalar")
def volume_all(counts: Counts) -> float:
    """The number of voxels that were counted, NaN among them."""
    summary = _summary(counts)
    return float(summary.total if isinstance(summary, ValueCounts) else summary.size)


@operator(version=1, cost="scalar")
def volume_eq(number: float, counts: Counts) -> float:
    """The number of voxels that equal the number, rounded to float32."""
    return _volume("==", number, counts)


@operator(version=1, cost="scalar")
def volume_neq(number: float, counts: Counts) -> float:
    """The number of voxels that differ from the number, rounded to float32; NaN does."""
    return _volume("!=", number, counts)


@operator(version=1, cost="scalar")
def volume_leq(number: float, counts: Counts) -> float:
    """The number of voxels <= the number, rounded to float32."""
    return _volume("<=", number, counts)


@operator(version=1, cost="scalar")
def volume_lt(number: float, counts: Counts) -> float:
    """The number of voxels < the number, rounded to float32."""
    return _volume("<", number, counts)


@operator(version=1, cost="scalar")
def volume_geq(number: float, counts: Counts) -> float:
    """The number of voxels >= the number, rounded to float32."""
    return _volume(">=", number, counts)


@operator(version=1, cost="scalar")
def volume_gt(number: float, counts: Counts) -> float:
    """The number of voxels > the number, rounded to float32."""
    return _volume(">", number, counts)


@operator(version=1, cost="scalar")
def volume_between(low: float, high: float, counts: Counts) -> float:
    """The number of voxels from low to high, both rounded to float32. An error when low > high."""
    return float(voxels_between(*bounds(low, high), _summary(counts)))


@operator(version=1, cost="scalar", items=0)
def volumes_eq(numbers: list[float], counts: Counts) -> list[float]:
    """The number of voxels that equal each of the numbers: `volume_eq` of each."""
    return _volumes("==", numbers, counts)


@operator(version=1, cost="scalar", items=0)
def volumes_neq(numbers: list[float], counts: Counts) -> list[float]:
    """The number of voxels that differ from each of the numbers: `volume_neq` of each."""
    return _volumes("!=", numbers, counts)


@operator(version=1, cost="scalar", items=0)
def volumes_leq(numbers: list[float], counts: Counts) -> list[float]:
    """The number of voxels <= each of the numbers: `volume_leq` of each."""
    return _volumes("<=", numbers, counts)


@operator(version=1, cost="scalar", items=0)
def volumes_lt(numbers: list[float], counts: Counts) -> list[float]:
    """The number of voxels < each of the numbers: `volume_lt` of each."""
    return _volumes("<", numbers, counts)


@operator(version=1, cost="scalar", items=0)
def volumes_geq(numbers: list[float], counts: Counts) -> list[float]:
    """The number of voxels >= each of the numbers: `volume_geq` of each."""
    return _volumes(">=", numbers, counts)


@operator(version=1, cost="scalar", items=0)
def volumes_gt(numbers: list[float], counts: Counts) -> list[float]:
    """The number of voxels > each of the numbers: `volume_gt` of each."""
    return _volumes(">", numbers, counts)


def _volume(comparison: Comparison, number: float, counts: Counts) -> float:
    return float(voxels_that(comparison, single(number), _summary(counts)))


def _volumes(comparison: Comparison, numbers: Sequence[float], counts: Counts) -> list[float]:
    return [float(count) for count in all_voxels_that(comparison, single_each(numbers), _summary(counts))]


def _record(found: ValueCounts | None, voxels: Numbers) -> Counts:
    if found is None:
        return {"voxels": row_of(voxels)}
    return {"values": row_of(found.values), "up_to": row_of(found.up_to), "total": found.total}


def _summary(counts: Counts) -> ValueCounts | Numbers:
    if "voxels" in counts:
        return cast(Volume, counts["voxels"]).array
    values, up_to = cast(Volume, counts["values"]).array, cast(Volume, counts["up_to"]).array
    return ValueCounts(values, up_to, cast(int, counts["total"]))
