"""Operators on Euclidean distance."""

from __future__ import annotations

from vlc_runtime.kernels.algorithms.distance import signed_distance
from vlc_runtime.operator import operator
from vlc_runtime.volume import BoolImage, NumberImage


@operator(version=1)
def dt(mask: BoolImage) -> NumberImage:
    """Signed Euclidean distance in mm to the boundary of a region: positive outside it, negative within, -0 on it.

    The boundary is the voxels of the region with a neighbour (8 in 2D, 26 in 3D) outside the region; the border of the
    image is none. Spacing counts, direction does not. An empty region is at 1.8446743e19 from everywhere, a full one
    at -1.8446743e19.
    """
    return mask.like(signed_distance(mask.array, mask.geometry.spacing))
