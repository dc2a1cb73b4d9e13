"""Images that depend on the grid alone. Shapes are (z, y, x) or (y, x)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def coordinate(shape: tuple[int, ...], axis: int) -> NDArray[np.float32]:
    """The voxel index along an axis (0 is x), counted from 0; 0 everywhere for an axis that the image has not."""
    result: NDArray[np.float32] = np.empty(shape, np.float32)
    if axis >= len(shape):
        result[...] = 0
        return result
    position = len(shape) - 1 - axis
    indices = np.arange(shape[position], dtype=np.float32)
    result[...] = indices.reshape((-1,) + (1,) * axis)
    return result


def border(shape: tuple[int, ...], steps: int = 0) -> NDArray[np.bool_]:
    """True for voxels that have some coordinate 0 or maximal (the frame in 2D, the six faces in 3D), or at most so many
    steps away from that."""
    result = np.zeros(shape, np.bool_)
    for axis in range(len(shape)):
        faces = np.moveaxis(result, axis, 0)
        faces[: steps + 1] = True
        faces[-steps - 1 :] = True
    return result
