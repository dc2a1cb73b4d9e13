"""The smallest box around the voxels of a mask: what an algorithm has to look at."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError

Scalar = TypeVar("Scalar", bound=np.generic)
Box = tuple[slice, ...]


def in_three_dimensions(voxels: NDArray[Scalar]) -> NDArray[Scalar]:
    """A contiguous array of three dimensions with the voxels of an image of at most as many."""
    if voxels.ndim > 3:
        raise KernelError(f"an image of {voxels.ndim} dimensions has no components: adjacency is defined in 2D and 3D")
    return np.ascontiguousarray(voxels).reshape((1,) * (3 - voxels.ndim) + voxels.shape)


def box_of(mask: NDArray[np.bool_]) -> Box | None:
    """The box around the true voxels of a mask of three dimensions, None if there are none. One pass over memory."""
    shadow = np.bitwise_or.reduce(mask.view(np.uint8), axis=0)  # one fast pass; what is left is small
    places = [np.flatnonzero(side) for side in (mask.any(axis=(1, 2)), shadow.any(axis=1), shadow.any(axis=0))]
    if not places[0].size:
        return None
    return tuple(slice(int(place[0]), int(place[-1]) + 1) for place in places)
