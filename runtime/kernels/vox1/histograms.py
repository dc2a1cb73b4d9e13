"""Operators on histograms of voxel values."""

from __future__ import annotations

import math

from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.cross_correlation import MOST_BINS, cross_correlation
from vlc_runtime.kernels.algorithms.otsu import otsu_threshold
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1, scratch=3.0)
def crossCorrelation(
    radius: float,
    image: NumberImage,
    other: NumberImage,
    mask: BoolImage,
    lowest: float,
    highest: float,
    bins: float,
) -> NumberImage:
    """Pearson's correlation, at each voxel, of the histogram of `image` around it and that of `other` over a mask.

    Around a voxel means its box: `radius` (mm) over the spacing, rounded (half to even) but at least 1, voxels to
    either side along each axis, clipped at the border. The bins (their number is truncated) divide lowest <= value <
    highest evenly; other values are in none. 1 where both histograms are flat, 0 where one is.
    """
    for name, number in (("radius", radius), ("lowest", lowest), ("highest", highest), ("bins", bins)):
        if not math.isfinite(number):
            raise KernelError(f"the {name} of a cross-correlation is {number}", "give a finite number")
    if not 1 <= bins <= MOST_BINS:
        raise KernelError(f"a cross-correlation over {bins:g} bins", f"give 1 to {MOST_BINS} bins")
    half_widths = [max(1, round(radius / step)) for step in image.geometry.spacing]
    return image.like(
        cross_correlation(
            image.array,
            other.array,
            mask.array,
            half_widths=half_widths,
            lowest=lowest,
            highest=highest,
            bins=int(bins),
        )
    )


@operator(version=1, scratch=1.5)
def otsu(image: NumberImage, mask: BoolImage, bins: float) -> BoolImage:
    """The voxels of a mask above Otsu's threshold, which best separates the mask's voxels in two classes.

    The threshold is found on a histogram of the mask's voxels; the number of its bins is truncated.
    """
    try:
        threshold = otsu_threshold(image.array[mask.array], math.trunc(bins) if math.isfinite(bins) else 0)
    except ValueError as error:
        raise KernelError(f"otsu over {error}", "give a mask of finite voxels, and at least 2 bins") from error
    return image.like(mask.array & (image.array > threshold))
