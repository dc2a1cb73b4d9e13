"""Dilation and erosion of masks by a box, on images of any dimension."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.kernels.algorithms.boxes import box_around, placed
from vlc_runtime.shared_work import map_pieces

SLAB_BYTES = 1 << 20
"""Voxels of a slab: with its two buffers it stays in the second-level cache."""


def dilate_box(mask: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    """OR of the mask over the box of 2 `radius` + 1 voxels along every axis; outside the image counts false.

    Returns a new array of dtype bool. O(voxels x dimension x log radius) byte operations.
    """
    box = box_around(mask, (radius,) * mask.ndim)
    if box is None:
        return _box(mask, radius, np.bitwise_or, outside=0)
    return placed(_box(mask[box], radius, np.bitwise_or, outside=0), box, mask.shape)


def erode_box(mask: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    """AND of the mask over the box of 2 `radius` + 1 voxels along every axis; outside the image counts TRUE.

    So it is the dual of dilation, `erode_box(m) == ~dilate_box(~m)`, and a full mask stays full.
    """
    box = box_around(mask, (1,) * mask.ndim)  # the layer of false voxels stands for all beyond it
    if box is None:
        return _box(mask, radius, np.bitwise_and, outside=1)
    return placed(_box(mask[box], radius, np.bitwise_and, outside=1), box, mask.shape)


def _box(mask: NDArray[np.bool_], radius: int, combine: np.ufunc, outside: int) -> NDArray[np.bool_]:
    """Combine every voxel with its box, slab after slab along the first axis.

    A slab is copied into a buffer with a margin of `radius` on all sides. There every box is inside, so the windows
    along any axis are shifts of the flat buffer: one contiguous pass each, whatever the axis.
    """
    if radius < 0:
        raise ValueError(f"a box of radius {radius}")
    if radius == 0 or mask.size == 0:
        return mask.copy()
    result = np.empty(mask.shape, np.uint8)
    voxels = mask.view(np.uint8) if mask.flags.c_contiguous else np.ascontiguousarray(mask).view(np.uint8)
    planes = mask.shape[0]
    radius = min(radius, max(mask.shape))  # a greater box reaches no further
    padded_plane = tuple(extent + 2 * radius for extent in mask.shape[1:])
    thickness = max(4 * radius, SLAB_BYTES // max(1, int(np.prod(padded_plane))), 1)
    thickness = min(thickness, planes)
    padded_shape = (thickness + 2 * radius, *padded_plane)
    interior = tuple(slice(radius, radius + extent) for extent in mask.shape[1:])
    corner = tuple(slice(0, extent) for extent in mask.shape[1:])

    def fill(slab: slice) -> None:
        windows, spare = np.empty(padded_shape, np.uint8), np.empty(padded_shape, np.uint8)
        low, high = max(0, slab.start - radius), min(planes, slab.stop + radius)
        windows[...] = outside
        windows[(slice(low - slab.start + radius, high - slab.start + radius), *interior)] = voxels[low:high]
        stride = 1
        for extent in reversed(padded_shape):
            windows, spare = _windows(windows, spare, 2 * radius + 1, stride, combine)
            stride *= extent
        # the window that starts at a voxel of the buffer is the box around the voxel `radius` further on
        result[slab] = windows[(slice(0, slab.stop - slab.start), *corner)]

    map_pieces(fill, list(blocks(planes, thickness)), scratch=2 * int(np.prod(padded_shape)))
    return result.view(np.bool_)


def _windows(
    source: NDArray[np.uint8], spare: NDArray[np.uint8], length: int, stride: int, combine: np.ufunc
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(windows, scratch): at each flat position the combination of `length` elements `stride` apart, from there on.

    Windows double: of length 1, 2, 4, ... and then two overlapping ones, since combining twice changes nothing.
    Windows that would leave the buffer are left undefined.
    """
    flat: NDArray[Any] = source.reshape(-1)
    other: NDArray[Any] = spare.reshape(-1)
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        shift = step * stride
        combine(flat[:-shift], flat[shift:], out=other[:-shift])
        flat, other = other, flat
        covered += step
    return flat.reshape(source.shape), other.reshape(source.shape)
