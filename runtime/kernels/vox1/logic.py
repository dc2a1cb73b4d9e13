"""Logic of masks, voxel by voxel."""

from __future__ import annotations

import numpy as np
from vlc_runtime.operator import operator
from vlc_runtime.pointwise import pointwise
from vlc_runtime.volume import BoolImage


@operator(version=1, cost="voxelwise", name="not")
@pointwise(np.logical_not)
def logical_not(mask: BoolImage) -> BoolImage:
    """True where the mask is false."""
    return mask.like(np.logical_not(mask.array))


@operator(version=1, cost="voxelwise", name="and")
@pointwise(np.logical_and)
def logical_and(left: BoolImage, right: BoolImage) -> BoolImage:
    """True where both masks are."""
    return left.like(np.logical_and(left.array, right.array))


@operator(version=1, cost="voxelwise", name="or")
@pointwise(np.logical_or)
def logical_or(left: BoolImage, right: BoolImage) -> BoolImage:
    """True where a mask is, or both are."""
    return left.like(np.logical_or(left.array, right.array))


@operator(version=1, cost="voxelwise", name="xor")
@pointwise(np.logical_xor)
def logical_xor(left: BoolImage, right: BoolImage) -> BoolImage:
    """True where exactly one mask is."""
    return left.like(np.logical_xor(left.array, right.array))
