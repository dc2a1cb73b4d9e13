"""Numbers from images."""

from __future__ import annotations

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms import reductions
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1, cost="heavy")
def volume(mask: BoolImage) -> float:
    """The number of true voxels (not mm3)."""
    return float(np.count_nonzero(mask.array))


@operator(version=1, cost="heavy")
def vol(mask: BoolImage) -> float:
    """The number of true voxels (not mm3): another name of `volume`."""
    return float(np.count_nonzero(mask.array))


@operator(version=1, cost="heavy", name="max")
def maximum(image: NumberImage) -> float:
    """The greatest of all voxels; NaN when there is one."""
    return reductions.extreme(image.array, np.maximum)


@operator(version=1, cost="heavy", name="min")
def minimum(image: NumberImage) -> float:
    """The least of all voxels; NaN when there is one."""
    return reductions.extreme(image.array, np.minimum)


@operator(version=1, cost="heavy")
def avg(image: NumberImage, region: BoolImage) -> float:
    """The mean, in double, of the voxels in the region. An error when the region is empty."""
    mean = reductions.masked_mean(image.array, region.array)
    if mean is None:
        raise KernelError("avg has no value: the region is empty", "avg0 gives 0 for an empty region")
    return mean


@operator(version=1, cost="heavy")
def avg0(image: NumberImage, region: BoolImage) -> float:
    """The mean, in double, of the voxels in the region; 0 when the region is empty."""
    mean = reductions.masked_mean(image.array, region.array)
    return 0.0 if mean is None else mean
