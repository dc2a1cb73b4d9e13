"""Shapes drawn on 2D images of numbers; coordinates are voxel indices, x to the right and y down."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.rounding import single
from vlc_runtime.operator import operator
from vlc_runtime.volume import Geometry, NumberImage, Volume

BOUNDARY_TOLERANCE = 1e-9
"""Relative: voxels on the boundary of a polygon are inside, however sines and cosines are rounded."""


@operator(version=1, cost="voxelwise")
def blank(height: int, width: int, value: float = 0.0) -> NumberImage:
    """A 2D image of `height` rows and `width` columns, unit spacing, with the value everywhere."""
    if height < 1 or width < 1:
        raise KernelError(f"an image of {height} rows and {width} columns has no voxels")
    return Volume(np.full((height, width), single(value), np.float32), Geometry.of_size(width, height))


@operator(version=1, cost="voxelwise")
def circle(image: NumberImage, center_x: float, center_y: float, radius: float, value: float) -> NumberImage:
    """The image with the value where (x - center_x)^2 + (y - center_y)^2 <= radius^2; nowhere for a negative radius."""
    x, y = _offsets(image, center_x, center_y)
    inside = x * x + y * y <= radius * radius if radius >= 0 else np.zeros(image.geometry.shape, np.bool_)
    return image.like(np.where(inside, single(value), image.array))


@operator(version=1, cost="voxelwise")
def regular_polygon(
    image: NumberImage, center_x: float, center_y: float, radius: float, sides: int, value: float
) -> NumberImage:
    """The image with the value in a regular polygon of this circumradius, its boundary included.

    A vertex lies at angle pi: with 4 sides it is the diamond |dx| + |dy| <= radius. Errors: fewer than 3 sides.
    """
    if sides < 3:
        raise KernelError(f"a polygon has at least 3 sides, not {sides}")
    x, y = _offsets(image, center_x, center_y)
    sector = 2 * math.pi / sides
    # the angle from the middle of the nearest side, whose distance from the centre is the inradius
    folded = np.mod(np.arctan2(y, x) + math.pi, sector) - sector / 2
    inradius = radius * math.cos(sector / 2)
    inside = np.hypot(x, y) * np.cos(folded) <= inradius + BOUNDARY_TOLERANCE * abs(radius)
    return image.like(np.where(inside, single(value), image.array))


def _offsets(image: Volume, center_x: float, center_y: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if image.geometry.dimension != 2:
        raise KernelError(f"shapes are drawn on 2D images, and this one has {image.geometry.dimension} dimensions")
    height, width = image.geometry.shape
    x = np.arange(width, dtype=np.float64)[None, :] - center_x
    y = np.arange(height, dtype=np.float64)[:, None] - center_y
    return np.broadcast_to(x, (height, width)), np.broadcast_to(y, (height, width))
