"""Images in which most voxels are one value, as those of operators that look at a region only: which ones are others,
and what these are.

The one value is that of the first voxel, bit for bit, so that NaNs keep their payload and zeros their sign.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST = 1 << 16
"""Bytes of voxels from which on it is worth a look."""
_MOST_OTHERS = 0.5


def sparse_parts(voxels: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[Any]] | None:
    """(bits that mark the voxels that differ from the first, these voxels) of a flat array; None where little is saved.

    Which of both it is depends on the voxels alone. Three passes over them at most.
    """
    if voxels.nbytes < SMALLEST or voxels.itemsize not in (2, 4, 8):
        return None
    others = _bits_of(voxels) != _bits_of(voxels)[0]
    if np.count_nonzero(others) > _MOST_OTHERS * voxels.size:
        return None
    return np.packbits(others), voxels[others]


def merged(first: NDArray[Any], marks: NDArray[np.bool_], others: NDArray[Any]) -> NDArray[Any]:
    """The inverse: the voxels of which those that are marked are the `others`, and the rest is like the first, an array
    of one. ValueError where a voxel would be marked that is like it."""
    if marks[:1].any() or (_bits_of(others) == _bits_of(first)[0]).any():
        raise ValueError("a voxel that is like the first is listed among the others")
    voxels = np.full(marks.size, first[0], first.dtype)
    voxels[marks] = others
    return voxels


def _bits_of(voxels: NDArray[Any]) -> NDArray[Any]:
    return voxels.view(f"u{voxels.itemsize}")
