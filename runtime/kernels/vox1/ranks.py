"""Operators on the order of the voxels' values.

`rank_geq_in(c, image, mask, k, rank_histogram(image, mask))` is `rank_geq(c, image, mask, k)`: so several thresholds
share what is found out about the voxels of the mask. Programs need not say this: a pass does.

A histogram is a record of images of one dimension, so it is stored and sent like any value: `halves` and `up_to` are
those of Histogram; or it has the `values` and `up_to` of ValueCounts, and their `total`.
"""

from __future__ import annotations

from typing import cast

from vlc_runtime.kernels.algorithms import percentiles as algorithm
from vlc_runtime.kernels.algorithms.rank_histogram import Histogram, Searched, histogram
from vlc_runtime.kernels.algorithms.rank_threshold import Comparison, rank_threshold
from vlc_runtime.kernels.algorithms.value_counts import ValueCounts
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage, RankHistogram, Volume, row_of


@operator(version=1, scratch=4.0)
def percentiles(image: NumberImage, mask: BoolImage, k: float) -> NumberImage:
    """The rank of each voxel among the voxels of a mask, from 0 to 1: (voxels below + k * voxels equal) / voxels.

    With k = 0 the least voxel has rank 0, with 1 the greatest has rank 1, 0.5 is between. Voxels outside the mask have
    rank -1.
    """
    return image.like(algorithm.percentiles(image.array, mask.array, k))


@operator(version=1, scratch=2.0)
def rank_eq(number: float, image: NumberImage, mask: BoolImage, k: float) -> BoolImage:
    """True where `percentiles(image, mask, k)` == number."""
    return image.like(rank_threshold(image.array, mask.array, k, "==", number))


@operator(version=1, scratch=2.0)
def rank_neq(number: float, image: NumberImage, mask: BoolImage, k: float) -> BoolImage:
    """True where `percentiles(image, mask, k)` != number."""
    return image.like(rank_threshold(image.array, mask.array, k, "!=", number))


@operator(version=1, scratch=2.0)
def rank_leq(number: float, image: NumberImage, mask: BoolImage, k: float) -> BoolImage:
    """True where `percentiles(image, mask, k)` <= number."""
    return image.like(rank_threshold(image.array, mask.array, k, "<=", number))


@operator(version=1, scratch=2.0)
def rank_lt(number: float, image: NumberImage, mask: BoolImage, k: float) -> BoolImage:
    """True where `percentiles(image, mask, k)` < number."""
    return image.like(rank_threshold(image.array, mask.array, k, "<", number))


@operator(version=1, scratch=2.0)
def rank_geq(number: float, image: NumberImage, mask: BoolImage, k: float) -> BoolImage:
    """True where `percentiles(image, mask, k)` >= number."""
    return image.like(rank_threshold(image.array, mask.array, k, ">=", number))


@operator(version=1, scratch=2.0)
def rank_gt(number: float, image: NumberImage, mask: BoolImage, k: float) -> BoolImage:
    """True where `percentiles(image, mask, k)` > number."""
    return image.like(rank_threshold(image.array, mask.array, k, ">", number))


@operator(version=1, scratch=2.0)
def rank_histogram(image: NumberImage, mask: BoolImage) -> RankHistogram:
    """How many voxels of a mask there are up to each value, or about there: what thresholds of ranks are found in."""
    found = histogram(image.array, mask.array)
    if isinstance(found, Histogram):
        return {"halves": row_of(found.halves), "up_to": row_of(found.up_to)}
    return {"values": row_of(found.values), "up_to": row_of(found.up_to), "total": found.total}


@operator(version=1, cost="voxelwise", scratch=1.0)
def rank_eq_in(number: float, image: NumberImage, mask: BoolImage, k: float, histogram: RankHistogram) -> BoolImage:
    """True where `percentiles(image, mask, k)` == number; the histogram is that of the image and the mask."""
    return _compared("==", number, image, mask, k, histogram)


@operator(version=1, cost="voxelwise", scratch=1.0)
def rank_neq_in(number: float, image: NumberImage, mask: BoolImage, k: float, histogram: RankHistogram) -> BoolImage:
    """True where `percentiles(image, mask, k)` != number; the histogram is that of the image and the mask."""
    return _compared("!=", number, image, mask, k, histogram)


@operator(version=1, cost="voxelwise", scratch=1.0)
def rank_leq_in(number: float, image: NumberImage, mask: BoolImage, k: float, histogram: RankHistogram) -> BoolImage:
    """True where `percentiles(image, mask, k)` <= number; the histogram is that of the image and the mask."""
    return _compared("<=", number, image, mask, k, histogram)


@operator(version=1, cost="voxelwise", scratch=1.0)
def rank_lt_in(number: float, image: NumberImage, mask: BoolImage, k: float, histogram: RankHistogram) -> BoolImage:
    """True where `percentiles(image, mask, k)` < number; the histogram is that of the image and the mask."""
    return _compared("<", number, image, mask, k, histogram)


@operator(version=1, cost="voxelwise", scratch=1.0)
def rank_geq_in(number: float, image: NumberImage, mask: BoolImage, k: float, histogram: RankHistogram) -> BoolImage:
    """True where `percentiles(image, mask, k)` >= number; the histogram is that of the image and the mask."""
    return _compared(">=", number, image, mask, k, histogram)


@operator(version=1, cost="voxelwise", scratch=1.0)
def rank_gt_in(number: float, image: NumberImage, mask: BoolImage, k: float, histogram: RankHistogram) -> BoolImage:
    """True where `percentiles(image, mask, k)` > number; the histogram is that of the image and the mask."""
    return _compared(">", number, image, mask, k, histogram)


def _compared(
    comparison: Comparison, number: float, image: Volume, mask: Volume, k: float, counts: RankHistogram
) -> Volume:
    population = Searched(image.array, mask.array, _histogram(counts))
    return image.like(rank_threshold(image.array, mask.array, k, comparison, number, population))


def _histogram(counts: RankHistogram) -> ValueCounts | Histogram:
    up_to = cast(Volume, counts["up_to"]).array
    if "halves" in counts:
        return Histogram(cast(Volume, counts["halves"]).array, up_to)
    return ValueCounts(cast(Volume, counts["values"]).array, up_to, cast(int, counts["total"]))
