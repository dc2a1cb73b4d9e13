"""Cutting a box out of an image, as ITK's ExtractImageFilter does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.volume import Geometry


def extract_box(
    array: NDArray[Any], geometry: Geometry, size: Sequence[int], index: Sequence[int]
) -> tuple[NDArray[Any], Geometry]:
    """The box of `size` voxels (x first) from the voxel `index` on, as a view, and its place in space.

    An axis of size 0 is cut at its index and dropped; at least two axes must stay. The direction of what stays is
    the submatrix, or the identity when that is singular (ITK's "guess" strategy). Errors: a box that leaves the image.
    """
    for axis, (extent, start, available) in enumerate(zip(size, index, geometry.size, strict=True)):
        if extent < 0 or start < 0 or start + max(extent, 1) > available:
            raise KernelError(
                f"the box of {extent} voxels from voxel {start} on leaves the image along axis {axis}, "
                f"which has {available} voxels"
            )
    kept = [axis for axis, extent in enumerate(size) if extent > 0]
    if len(kept) < 2:
        raise KernelError(f"extract leaves {len(kept)} axes of the image; at least 2 must have a size above 0")
    # arrays have their axes reversed
    cut = tuple(
        slice(start, start + extent) if extent else start
        for extent, start in zip(reversed(size), reversed(index), strict=True)
    )
    return array[cut], _geometry_of_box(geometry, [size[axis] for axis in kept], index, kept)


def without_short_axes(array: NDArray[Any], geometry: Geometry) -> tuple[NDArray[Any], Geometry]:
    """Of more than two dimensions, those with one voxel dropped, as long as two are left; a view."""
    long_axes = sum(extent > 1 for extent in geometry.size)
    if not 2 <= long_axes < geometry.dimension:
        return array, geometry
    size = [extent if extent > 1 else 0 for extent in geometry.size]
    return extract_box(array, geometry, size, [0] * geometry.dimension)


def _geometry_of_box(geometry: Geometry, size: list[int], index: Sequence[int], kept: list[int]) -> Geometry:
    direction = np.array(geometry.direction, np.float64).reshape(geometry.dimension, geometry.dimension)
    if len(kept) < geometry.dimension:
        direction = direction[np.ix_(kept, kept)]
        if _determinant(direction) == 0.0:
            direction = np.identity(len(kept))
    spacing = [geometry.spacing[axis] for axis in kept]
    origin = tuple(
        geometry.origin[axis]
        + sum(float(direction[row, column]) * spacing[column] * index[other] for column, other in enumerate(kept))
        for row, axis in enumerate(kept)
    )
    return Geometry(tuple(size), tuple(spacing), origin, tuple(float(entry) for entry in direction.reshape(-1)))


def _determinant(matrix: NDArray[np.float64]) -> float:
    """By cofactors, so that the submatrix of a permutation matrix is exactly singular."""
    rows = [[float(entry) for entry in row] for row in matrix]
    if len(rows) == 2:
        return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
