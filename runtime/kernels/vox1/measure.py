"""Numbers from images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms import reductions
from vlc_runtime.operator import operator
from vlc_runtime.pointwise import reduction
from vlc_runtime.volume import BoolImage, NumberImage


def _required(mean: float | None) -> float:
    if mean is None:
        raise KernelError("avg has no value: the region is empty", "avg0 gives 0 for an empty region")
    return mean


def _mean(parts: Sequence[reductions.Sum]) -> float:
    return _required(reductions.mean_whole(parts))


def _or_zero(mean: float | None) -> float:
    return 0.0 if mean is None else mean


def _mean_or_zero(parts: Sequence[reductions.Sum]) -> float:
    return _or_zero(reductions.mean_whole(parts))


@operator(version=1, cost="heavy")
@reduction(reductions.count_part, reductions.count_whole)
def volume(mask: BoolImage) -> float:
    """The number of true voxels (not mm3)."""
    return float(np.count_nonzero(mask.array))


@operator(version=1, cost="heavy")
@reduction(reductions.count_part, reductions.count_whole)
def vol(mask: BoolImage) -> float:
    """The number of true voxels (not mm3): another name of `volume`."""
    return float(np.count_nonzero(mask.array))


@operator(version=2, cost="heavy", name="max")
@reduction(reductions.greatest_part, reductions.greatest_whole)
def maximum(image: NumberImage) -> float:
    """The greatest of all voxels; NaN when there is one. Never -0."""
    return reductions.greatest(image.array)


@operator(version=2, cost="heavy", name="min")
@reduction(reductions.least_part, reductions.least_whole)
def minimum(image: NumberImage) -> float:
    """The least of all voxels; NaN when there is one. Never -0."""
    return reductions.least(image.array)


@operator(version=1, cost="heavy")
@reduction(reductions.mean_part, _mean)
def avg(image: NumberImage, region: BoolImage) -> float:
    """The mean, in double, of the voxels in the region. An error when the region is empty."""
    return _required(reductions.masked_mean(image.array, region.array))


@operator(version=1, cost="heavy")
@reduction(reductions.mean_part, _mean_or_zero)
def avg0(image: NumberImage, region: BoolImage) -> float:
    """The mean, in double, of the voxels in the region; 0 when the region is empty."""
    return _or_zero(reductions.masked_mean(image.array, region.array))
