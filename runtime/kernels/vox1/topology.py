"""Neighbourhoods and connected components of masks.

Adjacency is that of the full box, in voxels: 8 neighbours in 2D, 26 in 3D. Spacing plays no part.
"""

from __future__ import annotations

from vlc_runtime.kernels.algorithms import components, morphology
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1, cost="voxelwise")
def near(mask: BoolImage) -> BoolImage:
    """True where the voxel or one adjacent to it is in the mask; outside the image counts false."""
    return mask.like(morphology.dilate_box(mask.array, 1))


@operator(version=1, cost="voxelwise")
def interior(mask: BoolImage) -> BoolImage:
    """True where the voxel and all adjacent to it are in the mask; outside the image counts true.

    interior(a) = not(near(not(a))), and a full mask stays full.
    """
    return mask.like(morphology.erode_box(mask.array, 1))


@operator(version=1, cost="heavy")
def through(seeds: BoolImage, mask: BoolImage) -> BoolImage:
    """The union of the components of the mask that contain a voxel of the seeds."""
    return mask.like(components.reach_through(seeds.array, mask.array))


@operator(version=1, cost="heavy")
def lcc(mask: BoolImage) -> NumberImage:
    """The components numbered 1, 2, ... by their first voxel in raster order (x fastest); 0 outside the mask."""
    return mask.like(components.label_components(mask.array)[0])


@operator(version=1, cost="heavy")
def Lcc(mask: BoolImage) -> NumberImage:
    """The components, numbered: another name of `lcc`."""
    return mask.like(components.label_components(mask.array)[0])


@operator(version=1, cost="heavy")
def maxvol(mask: BoolImage) -> BoolImage:
    """The union of all components of maximal volume; empty for an empty mask."""
    return mask.like(components.largest_components(mask.array))
