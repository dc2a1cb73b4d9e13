"""The smallest box around the voxels of a mask: what an algorithm has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError

Scalar = TypeVar("Scalar", bound=np.generic)
Box = tuple[slice, ...]
WORTH_CUTTING = 0.3
"""Cutting a greater share out of an image saves less than it takes: measured."""
SAMPLED = 8
"""Every so many planes are looked at first: their box alone may be too large."""


def in_three_dimensions(voxels: NDArray[Scalar]) -> NDArray[Scalar]:
    """A contiguous array of three dimensions with the voxels of an image of at most as many."""
    if voxels.ndim > 3:
        raise KernelError(f"an image of {voxels.ndim} dimensions has no components: adjacency is defined in 2D and 3D")
    return np.ascontiguousarray(voxels).reshape((1,) * (3 - voxels.ndim) + voxels.shape)


def box_of(mask: NDArray[np.bool_]) -> Box | None:
    """The box around the true voxels of a mask of three dimensions, None if there are none. One pass over memory."""
    planes = np.flatnonzero(mask.any(axis=(1, 2)))
    if not planes.size:
        return None
    depth = slice(int(planes[0]), int(planes[-1]) + 1)
    shadow = np.bitwise_or.reduce(mask[depth].view(np.uint8), axis=0)
    rows, columns = np.flatnonzero(shadow.any(axis=1)), np.flatnonzero(shadow.any(axis=0))
    return depth, slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def box_around(mask: NDArray[np.bool_], margins: Sequence[int]) -> Box | None:
    """The box around the true voxels with so many more on either side of each axis, as far as the image goes.

    Empty for an empty mask. None where the box is most of the image, or the image has more than three dimensions: then
    the whole image is as well looked at.
    """
    if mask.ndim > 3 or not mask.size:
        return None
    volume = in_three_dimensions(mask)
    sample = box_of(volume[::SAMPLED])
    if sample is not None and volume[::SAMPLED][sample].size > WORTH_CUTTING * volume[::SAMPLED].size:
        return None
    found = box_of(volume)
    if found is None:
        return (slice(0, 0),) * mask.ndim
    box = tuple(
        slice(max(0, side.start - margin), min(extent, side.stop + margin))
        for side, margin, extent in zip(found[3 - mask.ndim :], margins, mask.shape, strict=True)
    )
    return box if mask[box].size < WORTH_CUTTING * mask.size else None


def placed(part: NDArray[Scalar], box: Box, shape: tuple[int, ...]) -> NDArray[Scalar]:
    """An image of a shape that has this part in the box, and 0 elsewhere."""
    result = np.zeros(shape, part.dtype)
    result[box] = part
    return result
