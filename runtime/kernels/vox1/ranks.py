"""Operators on the order of the voxels' values."""

from __future__ import annotations

from vlc_runtime.kernels.algorithms import percentiles as algorithm
from vlc_runtime.kernels.algorithms.rank_threshold import rank_threshold
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


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
