"""Connected components of masks in 2D and 3D under full adjacency (8, 26), and what is chosen from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.algorithms.block_codes import Flags, block_codes, selected
from vlc_runtime.kernels.algorithms.block_graph import BlockComponents, block_components, graph_of_codes
from vlc_runtime.kernels.algorithms.boxes import Box, box_of, in_three_dimensions

Scalar = TypeVar("Scalar", bound=np.generic)

MOST_LABELS = 1 << 24
"""Up to this one every whole number is a float32."""
VOXELS_OF_CODE = np.array([code.bit_count() for code in range(256)], np.uint8)
FIRST_VOXEL_OF_CODE = np.array([(code & -code).bit_length() - 1 for code in range(256)], np.int8)
"""The lowest bit of a code, which is the block's first voxel in raster order; -1 for an empty block."""


def label_components(mask: Flags) -> tuple[NDArray[np.float32], int]:
    """(labels, number of components): float32 of the mask's shape, 0 outside the mask.

    Components are numbered 1, 2, ... by their first voxel in raster order: x fastest, then y, then z. KernelError when
    there are more than float32 can number.
    """
    region = _region(mask)
    if region is None:
        return np.zeros(mask.shape, np.float32), 0
    graph = block_components(region.voxels)
    if graph.count > MOST_LABELS:
        raise KernelError(
            f"{graph.count} components have no labels of their own: of float32 there are {MOST_LABELS}",
            "remove single voxels first: `smoothen` does",
        )
    number = np.empty(graph.count, np.float32)
    first = _first_voxels(graph, region.voxels.shape)
    number[np.argsort(first, kind="stable")] = np.arange(1, graph.count + 1, dtype=np.float32)
    return region.placed(_painted(region.voxels, graph, number)), graph.count


def reach_through(seeds: Flags, mask: Flags) -> Flags:
    """The union of those components of the mask that contain a voxel of the seeds."""
    region = _region(mask)
    if region is None:
        return np.zeros(mask.shape, np.bool_)
    codes = block_codes(region.voxels)
    seeded = np.flatnonzero((block_codes(region.cut(seeds)) & codes) != 0)  # of bools: seven times as fast
    if not seeded.size:
        return np.zeros(mask.shape, np.bool_)
    graph = graph_of_codes(codes)
    hit = np.zeros(graph.count, np.bool_)
    hit[graph.component[seeded]] = True
    return region.placed(_selected(region.voxels, graph, hit))


def largest_components(mask: Flags) -> Flags:
    """The union of ALL components that have the greatest number of voxels; empty for an empty mask."""
    region = _region(mask)
    if region is None:
        return np.zeros(mask.shape, np.bool_)
    graph = block_components(region.voxels)
    # sums of integers below 2**53, so exact in the doubles that bincount uses
    weights = VOXELS_OF_CODE[graph.codes.reshape(-1)]
    sizes = np.bincount(graph.component, weights=weights, minlength=graph.count)
    return region.placed(_selected(region.voxels, graph, sizes == sizes.max()))


@dataclass(frozen=True, slots=True)
class _Region:
    """The smallest box around the voxels of a mask: raster order within it is that of the whole image."""

    shape: tuple[int, ...]
    box: Box
    voxels: Flags

    def cut(self, mask: Flags) -> Flags:
        """The part of another mask of the same shape."""
        return in_three_dimensions(mask)[self.box]

    def placed(self, part: NDArray[Scalar]) -> NDArray[Scalar]:
        """An image of the whole shape that has this part in the box and 0 elsewhere."""
        volume_shape = (1,) * (3 - len(self.shape)) + self.shape
        if part.shape == volume_shape:
            return part.reshape(self.shape)
        result = np.zeros(volume_shape, part.dtype)
        result[self.box] = part
        return result.reshape(self.shape)


def _region(mask: Flags) -> _Region | None:
    """The region of a mask, None if it is empty."""
    volume = in_three_dimensions(mask)
    box = box_of(volume)
    return None if box is None else _Region(mask.shape, box, np.ascontiguousarray(volume[box]))


def _selected(voxels: Flags, graph: BlockComponents, chosen: Flags) -> Flags:
    """The voxels of the mask that lie in blocks of chosen components."""
    return selected(voxels, graph.component.reshape(graph.codes.shape), chosen)


def _painted(voxels: Flags, graph: BlockComponents, number: NDArray[np.float32]) -> NDArray[np.float32]:
    """The number of its component on each voxel of the mask."""
    # the bit patterns, twice: both voxels of the block along x
    patterns = number.view(np.uint32).astype(np.uint64)
    patterns |= patterns << np.uint64(32)
    component = graph.component.reshape(graph.codes.shape)
    depth, height, width = voxels.shape
    labels: NDArray[np.uint32] = np.empty(voxels.shape, np.uint32)
    inside = np.empty((height, width), np.uint32)
    for block_plane in range(len(component)):
        row_pairs = patterns[component[block_plane, :-1, :-1]].view(np.uint32)[:, :width]
        for z in range(2 * block_plane, min(2 * block_plane + 2, depth)):
            inside[...] = voxels[z]
            for y in (0, 1):
                rows = (height + 1 - y) // 2
                np.multiply(row_pairs[:rows], inside[y::2], out=labels[z, y::2])
    return labels.view(np.float32)


def _first_voxels(graph: BlockComponents, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """The raster index of the first voxel of each component.

    Components are numbered by first block, so those that are new in a plane of blocks have numbers above all in the
    planes before. Their first voxels lie in this plane: later ones hold greater z.
    """
    first = np.full(graph.count, np.iinfo(np.int64).max, np.int64)
    planes, rows, columns = graph.codes.shape
    codes = graph.codes.reshape(planes, rows * columns)
    component = graph.component.reshape(planes, rows * columns)
    known = 0
    for z in range(planes):
        new = np.flatnonzero((component[z] >= known) & (codes[z] != 0))
        if new.size:
            y, x = np.divmod(new, columns)
            bit = FIRST_VOXEL_OF_CODE[codes[z, new]].astype(np.int64)
            raster = ((2 * z + (bit >> 2)) * shape[1] + 2 * y + (bit >> 1 & 1)) * shape[2] + 2 * x + (bit & 1)
            np.minimum.at(first, component[z, new], raster)
            known = int(component[z, new].max()) + 1
    return first
