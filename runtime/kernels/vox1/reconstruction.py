"""What is reached from seeds through the thresholds of an image, for all thresholds at once.

`geq_sv(t, reach_above(seeds, image))` is `through(seeds, geq_sv(t, image))`; `reach_above_within` goes through a region
alone, which may be where the image is at least the least of the thresholds. Programs need not say this: a pass does.
"""

from __future__ import annotations

from vlc_runtime.kernels.algorithms.reconstruction import reconstruct_above, reconstruct_below
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1, scratch=12.0)
def reach_above(seeds: BoolImage, image: NumberImage) -> NumberImage:
    """The greatest t for which each voxel is in a component of {image >= t} that has a seed; NaN where there is none.

    This is the reconstruction of the image from the seeds; zeros are +0.0.
    """
    return image.like(reconstruct_above(image.array, seeds.array))


@operator(version=1, scratch=30.0)
def reach_below(seeds: BoolImage, image: NumberImage) -> NumberImage:
    """The least t for which each voxel is in a component of {image <= t} that has a seed; NaN where there is none."""
    return image.like(reconstruct_below(image.array, seeds.array))


@operator(version=1, scratch=12.0)
def reach_above_within(seeds: BoolImage, image: NumberImage, region: BoolImage) -> NumberImage:
    """The greatest t for which each voxel is in a component, within the region, of {image >= t} that has a seed; NaN
    where there is none."""
    return image.like(reconstruct_above(image.array, seeds.array, region.array))


@operator(version=1, scratch=30.0)
def reach_below_within(seeds: BoolImage, image: NumberImage, region: BoolImage) -> NumberImage:
    """The least t for which each voxel is in a component, within the region, of {image <= t} that has a seed; NaN
    where there is none."""
    return image.like(reconstruct_below(image.array, seeds.array, region.array))
