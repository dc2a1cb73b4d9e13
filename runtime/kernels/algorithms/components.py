"""Connected components of masks in 2D and 3D under full adjacency (8, 26), and what is chosen from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.block_graph import Codes, Flags, block_codes, block_components
from vlc_runtime.kernels.algorithms.union import Indices

VOXELS_OF_CODE = np.array([code.bit_count() for code in range(256)], np.uint8)
FIRST_VOXEL_OF_CODE = np.array([(code & -code).bit_length() - 1 for code in range(256)], np.int8)
"""The lowest bit of a code, which is the block's first voxel in raster order; -1 for an empty block."""


def label_components(mask: Flags) -> tuple[NDArray[np.float32], int]:
    """(labels, number of components): float32 of the mask's shape, 0 outside the mask.

    Components are numbered 1, 2, ... by their first voxel in raster order: x fastest, then y, then z.
    """
    volume = _in_three_dimensions(mask)
    graph = block_components(volume)
    if graph.count == 0:
        return np.zeros(mask.shape, np.float32), 0
    first = _first_voxels(graph.codes, graph.component, graph.count, volume.shape)
    number = np.empty(graph.count, np.float32)
    number[np.argsort(first, kind="stable")] = np.arange(1, graph.count + 1, dtype=np.float32)
    blocks = _without_margin(number[graph.component].reshape(graph.codes.shape))
    labels = np.empty(volume.shape, np.float32)
    for z in (0, 1):
        for y in (0, 1):
            for x in (0, 1):
                target = labels[z::2, y::2, x::2]
                depth, height, width = target.shape
                np.multiply(blocks[:depth, :height, :width], volume[z::2, y::2, x::2], out=target)
    return labels.reshape(mask.shape), graph.count


def reach_through(seeds: Flags, mask: Flags) -> Flags:
    """The union of those components of the mask that contain a voxel of the seeds."""
    volume = _in_three_dimensions(mask)
    seeded = np.logical_and(_in_three_dimensions(seeds), volume)
    if not seeded.any():
        return np.zeros(mask.shape, np.bool_)
    graph = block_components(volume)
    hit = np.zeros(graph.count, np.bool_)
    hit[graph.component[np.flatnonzero(block_codes(seeded))]] = True
    return _select(volume, graph.codes, hit[graph.component]).reshape(mask.shape)


def largest_components(mask: Flags) -> Flags:
    """The union of ALL components that have the greatest number of voxels; empty for an empty mask."""
    volume = _in_three_dimensions(mask)
    graph = block_components(volume)
    if graph.count == 0:
        return np.zeros(mask.shape, np.bool_)
    # sums of integers below 2**53, so exact in the doubles that bincount uses
    sizes = np.bincount(graph.component, weights=VOXELS_OF_CODE[graph.codes.reshape(-1)], minlength=graph.count)
    return _select(volume, graph.codes, (sizes == sizes.max())[graph.component]).reshape(mask.shape)


def _in_three_dimensions(mask: Flags) -> Flags:
    if mask.ndim > 3:
        raise KernelError(f"an image of {mask.ndim} dimensions has no components: adjacency is defined in 2D and 3D")
    return np.ascontiguousarray(mask).reshape((1,) * (3 - mask.ndim) + mask.shape)


def _without_margin(grid: NDArray[np.generic]) -> NDArray[np.generic]:
    return grid[:, :-1, :-1]


def _select(volume: Flags, codes: Codes, chosen: Flags) -> Flags:
    """The voxels of the mask that lie in chosen blocks."""
    depth, height, width = volume.shape
    blocks = _without_margin(chosen.reshape(codes.shape))
    result = np.empty(volume.shape, np.bool_)
    for start in range(len(blocks)):
        plane = np.repeat(blocks[start], 2, axis=1)[:, :width]
        for z in range(2 * start, min(2 * start + 2, depth)):
            for y in (0, 1):
                rows = (height + 1 - y) // 2
                np.logical_and(volume[z, y::2], plane[:rows], out=result[z, y::2])
    return result


def _first_voxels(codes: Codes, component: Indices, count: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """The raster index of the first voxel of each component."""
    flat = codes.reshape(-1)
    occupied = np.flatnonzero(flat)
    z, y, x = np.unravel_index(occupied, codes.shape)
    bit = FIRST_VOXEL_OF_CODE[flat[occupied]].astype(np.int64)
    raster = ((2 * z + (bit >> 2)) * shape[1] + 2 * y + (bit >> 1 & 1)) * shape[2] + 2 * x + (bit & 1)
    first = np.full(count, np.iinfo(np.int64).max, np.int64)
    np.minimum.at(first, component[occupied], raster)
    return first
