"""Neighbourhoods and connected components of masks.

Adjacency is that of the full box, in voxels: 8 neighbours in 2D, 26 in 3D. Spacing plays no part.
"""

from __future__ import annotations

from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms import components, morphology
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1, cost="voxelwise", scratch=0.3)
def near(mask: BoolImage) -> BoolImage:
    """True where the voxel or one adjacent to it is in the mask; outside the image counts false."""
    return mask.like(morphology.dilate_box(mask.array, 1))


@operator(version=1, cost="voxelwise", scratch=0.3)
def interior(mask: BoolImage) -> BoolImage:
    """True where the voxel and all adjacent to it are in the mask; outside the image counts true.

    interior(a) = not(near(not(a))), and a full mask stays full.
    """
    return mask.like(morphology.erode_box(mask.array, 1))


@operator(version=1, cost="voxelwise", scratch=0.3)
def near_box(mask: BoolImage, steps: int) -> BoolImage:
    """`near` applied so many times (0 or more): true where a voxel of the mask is at most so many steps away."""
    return mask.like(morphology.dilate_box(mask.array, counted(steps)))


@operator(version=1, cost="voxelwise", scratch=0.3)
def interior_box(mask: BoolImage, steps: int) -> BoolImage:
    """`interior` applied so many times (0 or more): true where no voxel outside the mask is so few steps away."""
    return mask.like(morphology.erode_box(mask.array, counted(steps)))


def counted(steps: int) -> int:
    """A number of steps. Raises KernelError for one below 0."""
    if steps < 0:
        raise KernelError(f"{steps} stands where a number of steps is wanted")
    return steps


@operator(version=1, cost="heavy", scratch=5.0)
def through(seeds: BoolImage, mask: BoolImage) -> BoolImage:
    """The union of the components of the mask that contain a voxel of the seeds."""
    return mask.like(components.reach_through(seeds.array, mask.array))


@operator(version=1, cost="heavy", scratch=3.0)
def lcc(mask: BoolImage) -> NumberImage:
    """The components numbered 1, 2, ... by their first voxel in raster order (x fastest); 0 outside the mask."""
    return mask.like(components.label_components(mask.array)[0])


@operator(version=1, cost="heavy", scratch=3.0)
def Lcc(mask: BoolImage) -> NumberImage:
    """The components, numbered: another name of `lcc`."""
    return mask.like(components.label_components(mask.array)[0])


@operator(version=1, cost="heavy", scratch=2.5)
def maxvol(mask: BoolImage) -> BoolImage:
    """The union of all components of maximal volume; empty for an empty mask."""
    return mask.like(components.largest_components(mask.array))
