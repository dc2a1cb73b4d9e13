"""Reconstruction of an image from markers: every threshold of it is the reconstruction of that threshold.

The reconstruction of an image at a voxel is the greatest t for which the voxel's component of {image >= t} contains a
marker (Vincent, Morphological grayscale reconstruction in image analysis, 1993). It is the width of the widest path
from the markers to the voxel, a path being as wide as its least voxel. So {reconstruction >= t} is what is reached from
the markers through {image >= t}, for all t at once.

All voxels of a 2x2x2 block are adjacent, and so are any two on the sides where blocks face each other (block_graph.py).
So a block stands for its greatest voxel; the others are reached through that, or through themselves only at their own
value. The first round of joining is done on the grid of blocks, the others on what is left of its edges.

Where the paths may lead through few voxels only, and numba is there, these are sorted and flooded one by one instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.block_codes import Flags
from vlc_runtime.kernels.algorithms.block_graph import DIRECTIONS, Direction
from vlc_runtime.kernels.algorithms.boxes import box_of, in_three_dimensions
from vlc_runtime.kernels.algorithms.percentiles import MOST_SORTED, sortable_keys
from vlc_runtime.kernels.algorithms.widest_path import Edges, Joining, Widths, join, joined_supply, widths_of_paths
from vlc_runtime.kernels.fast import worth_while

Numbers = NDArray[np.float32]
CORNERS = tuple(product((0, 1), repeat=3))
_FEW_MARKERS = 20
"""One voxel in so many that is a marker takes as long as looking at all corners of all blocks."""
WORTH_FLOODING = 4
"""Sorting and flooding one voxel in so many of a box takes as long as joining its blocks."""
STEPS_A_VOXEL = 8
"""Elementary steps that joining blocks takes for a voxel, more or less."""
_UNREACHED = np.int32(-(2**31))
"""The key of NaN, which no threshold reaches: below that of minus infinity."""


def reconstruct_above(image: Numbers, markers: Flags, region: Flags | None = None) -> Numbers:
    """The greatest t for which each voxel is in a component of {image >= t} that contains a marker; NaN for none.

    With a region, of {image >= t} within it. Adjacency is that of the full box. Zeros come out as +0.0. Linear in the
    voxels, but for the rounds of joining, of which there are as many as the logarithm of the number of local maxima.
    """
    voxels = in_three_dimensions(image)
    passable = voxels == voxels
    if region is not None:
        passable &= in_three_dimensions(region)
    reached = in_three_dimensions(markers) & passable
    if not reached.any():
        return np.full(image.shape, np.float32(np.nan))
    # without NaN all voxels are reached at the least value: only the others need a look
    least = voxels.min() + np.float32(0) if region is None else np.float32(np.nan)
    if not np.isnan(least):
        passable = voxels > least
    box = box_of(passable)
    if box is None:
        return np.full(image.shape, least)
    cut, inside = voxels[box], passable[box]
    count = np.count_nonzero(inside)
    few = count * WORTH_FLOODING < cut.size and count < MOST_SORTED
    if few and worth_while(STEPS_A_VOXEL * cut.size):
        place = np.flatnonzero(passable)
        values = _flooded(voxels.reshape(-1)[place], reached.reshape(-1)[place], inside, least)
        result: Numbers = np.full(image.shape, least)
        result.reshape(-1)[place] = values
        return result
    lowest = _keys(np.array([least]))[0]
    keys = _keys(cut)
    if region is not None:
        keys[~inside] = _UNREACHED
    values = _values(_reconstructed(keys, reached[box], lowest))
    result = np.full(voxels.shape, least)  # only now: what comes before takes the most memory
    result[box] = values
    return result.reshape(image.shape)


def reconstruct_below(image: Numbers, markers: Flags, region: Flags | None = None) -> Numbers:
    """The least t for which each voxel is in a component of {image <= t} that contains a marker; NaN for none."""
    return -reconstruct_above(-image, markers, region) + np.float32(0)


def _flooded(values: Numbers, markers: Flags, inside: Flags, least: np.float32) -> Numbers:
    """The reconstruction at the voxels `inside` a box, of which these are the values and `markers` the marked ones; the
    least value where no marker leads."""
    from vlc_runtime.kernels.fast.flooding import flood
    from vlc_runtime.kernels.fast.radix_sort import sorted_pairs

    order = (sorted_pairs(~sortable_keys(values)) & np.uint64(0xFFFFFFFF)).view(np.int64)
    _, rows, columns = (extent + 2 for extent in inside.shape)
    offsets = np.array([(z * rows + y) * columns + x for z, y, x in product((-1, 0, 1), repeat=3)])
    places = (inside.shape[0] + 2) * rows * columns
    index: type[np.signedinteger[Any]] = np.int32 if places < 2**31 else np.int64
    voxels = np.flatnonzero(np.pad(inside, 1)).astype(index)[order]
    turns = np.full(places, -1, np.int32)
    turns[voxels] = np.arange(order.size, dtype=np.int32)
    reached = np.full(order.size, -1, np.int32)
    flood(voxels, turns, markers[order], offsets[offsets != 0], reached)
    descending = values[order] + np.float32(0)  # -0.0 + 0.0 is +0.0
    result = np.empty(values.shape, np.float32)
    result[order] = np.where(reached >= 0, descending[reached], least)
    return result


def _keys(values: Numbers) -> Widths:
    """Integers in the order of the values; one for both zeros, the least for NaN."""
    keys = (values + np.float32(0)).view(np.int32)  # -0.0 + 0.0 is +0.0
    _flip_negative(keys)
    keys[np.isnan(values)] = _UNREACHED
    return keys


def _values(keys: Widths) -> Numbers:
    """The inverse of `_keys`, in place."""
    unreached = keys == _UNREACHED
    _flip_negative(keys)
    values = keys.view(np.float32)
    values[unreached] = np.nan
    return values


def _flip_negative(bits: Widths) -> None:
    """Turn the order of negative numbers, whose bits ascend with their magnitude."""
    flips = bits >> 31
    flips &= np.int32(2**31 - 1)
    bits ^= flips


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """The edges from all blocks to their neighbours in one direction, which lie `offset` blocks further on.

    `padded` has their widths, with the lowest value for a margin at both ends.
    """

    offset: int
    padded: Widths
    margin: int

    @property
    def width(self) -> Widths:
        """The widths, but of the last blocks, which have no such neighbour."""
        return self.padded[self.margin : self.padded.size - self.margin - self.offset]

    def seen_from(self, offset: int, *, backwards: bool) -> Widths:
        """For each block with such edges of its own: the edge of the block `offset` further on, or the one to it."""
        start = self.margin + offset - (self.offset if backwards else 0)
        return self.padded[start : start + self.padded.size - 2 * self.margin]


def _reconstructed(keys: Widths, markers: Flags, lowest: np.int32) -> Widths:
    every = _edges(_corners(keys, lowest), lowest)
    edges = [_without_detours(direction, every, lowest) for direction in DIRECTIONS]
    del every  # as large as the image and a half
    supply = _supply(keys, markers, lowest)
    joining = _first_round(supply.reshape(-1), edges, lowest)
    widths = _widths(supply.reshape(-1), edges, joining, lowest).reshape(supply.shape)[:, :-1, :-1]
    _, height, width = keys.shape
    result = np.empty(keys.shape, np.int32)
    for plane, of_blocks in enumerate(widths):
        of_voxels = of_blocks.repeat(2, axis=1)[:, :width].repeat(2, axis=0)[:height]
        both = slice(2 * plane, 2 * plane + 2)
        np.minimum(keys[both], of_voxels, out=result[both])
    return result


def _supply(keys: Widths, markers: Flags, lowest: np.int32) -> Widths:
    """The greatest voxel of each block that is marked."""
    supply = np.full(_blocks(keys.shape), lowest)
    if np.count_nonzero(markers) * _FEW_MARKERS < markers.size:
        place = np.flatnonzero(markers)
        planes, rest = np.divmod(place, keys.shape[1] * keys.shape[2])
        rows, columns = np.divmod(rest, keys.shape[2])
        block = (planes // 2 * supply.shape[1] + rows // 2) * supply.shape[2] + columns // 2
        np.maximum.at(supply.reshape(-1), block, keys.reshape(-1)[place])
        return supply
    for z, y, x in CORNERS:
        marked = markers[z::2, y::2, x::2]
        depth, height, width = marked.shape
        most = supply[:depth, :height, :width]
        np.maximum(most, keys[z::2, y::2, x::2], out=most, where=marked)
    return supply


def _blocks(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """How many blocks there are along each axis, with an empty row and column at the end of each plane."""
    depth, height, width = ((extent + 1) // 2 for extent in shape)
    return depth, height + 1, width + 1


def _corners(keys: Widths, lowest: np.int32) -> dict[Direction, Widths]:
    """The voxels at each corner of the blocks."""
    corners = {}
    for z, y, x in CORNERS:
        part = keys[z::2, y::2, x::2]
        corner = np.full(_blocks(keys.shape), lowest)
        corner[: part.shape[0], : part.shape[1], : part.shape[2]] = part
        corners[2 * z - 1, 2 * y - 1, 2 * x - 1] = corner
    return corners


def _edges(corners: dict[Direction, Widths], lowest: np.int32) -> dict[Direction, _Edges]:
    """The edges between blocks."""
    _, rows, columns = corners[1, 1, 1].shape
    offsets = {(z, y, x): (z * rows + y) * columns + x for z, y, x in DIRECTIONS}
    margin = 2 * max(offsets.values())
    edges = {}
    for direction, offset in offsets.items():
        here, there = _side(direction, corners).reshape(-1), _side(_opposite(direction), corners).reshape(-1)
        edges[direction] = _Edges(offset, np.full(here.size + 2 * margin, lowest), margin)
        np.minimum(here[:-offset], there[offset:], out=edges[direction].width)
    return edges


def _side(direction: Direction, corners: dict[Direction, Widths]) -> Widths:
    """The greatest of the voxels of each block that face the block in a direction. Made when it is needed: all of them
    together take three times the memory of the image."""
    facing = [
        corner
        for place, corner in corners.items()
        if all(step in (0, along) for step, along in zip(direction, place, strict=True))
    ]
    side = facing[0]
    for corner in facing[1:]:
        side = np.maximum(side, corner)
    return side


def _without_detours(direction: Direction, edges: dict[Direction, _Edges], lowest: np.int32) -> _Edges:
    """The edges of a direction but those for which two steps along fewer axes are as wide.

    Such a step may be left out itself, but then others as wide take its place: those along one axis all stay.
    """
    own = edges[direction]
    if np.count_nonzero(direction) == 1:
        return own
    count = own.width.size
    kept, path = own.padded.copy(), np.empty(count, np.int32)
    result = _Edges(own.offset, kept, own.margin)
    for first, second in _ways(direction):
        one, offset = _step(first, 0, edges)
        two, _ = _step(second, offset, edges)
        np.minimum(one[:count], two[:count], out=path)
        np.copyto(result.width, lowest, where=path >= own.width)
    return result


def _step(direction: Direction, offset: int, edges: dict[Direction, _Edges]) -> tuple[Widths, int]:
    """The widths of the edges that lead in a direction from the blocks `offset` further on, and where they lead."""
    if direction in edges:
        return edges[direction].seen_from(offset, backwards=False), offset + edges[direction].offset
    taken = edges[_opposite(direction)]
    return taken.seen_from(offset, backwards=True), offset - taken.offset


def _ways(direction: Direction) -> list[tuple[Direction, Direction]]:
    """The pairs of steps that make a diagonal one, the first along a single axis."""
    ways = []
    for axis in range(3):
        if direction[axis]:
            rest = _turned(direction, axis, 0)
            z, y, x = (along - other for along, other in zip(direction, rest, strict=True))
            ways.append(((z, y, x), rest))
    return ways


def _opposite(direction: Direction) -> Direction:
    return -direction[0], -direction[1], -direction[2]


def _turned(direction: Direction, axis: int, step: int) -> Direction:
    z, y, x = (step if each == axis else along for each, along in enumerate(direction))
    return z, y, x


def _first_round(supply: Widths, edges: list[_Edges], lowest: np.int32) -> Joining:
    """Let each block join its best neighbour. Node 0 is the source, block i node i + 1.

    A block without an edge wider than the lowest value, or with none wider than its supply, joins the source.
    """
    widest = np.append(lowest, supply)
    partner = np.zeros(widest.size, np.int32)
    number = np.arange(1, widest.size, dtype=np.int32)
    for each in edges:
        offset, width = each.offset, each.width
        for own, other in ((slice(1, -offset), number[offset:]), (slice(1 + offset, None), number[:-offset])):
            wider = width > widest[own]
            np.copyto(widest[own], width, where=wider)
            np.copyto(partner[own], other, where=wider)
    return join(widest, partner.astype(np.intp))


def _widths(supply: Widths, edges: list[_Edges], joining: Joining, lowest: np.int32) -> Widths:
    """The widths at the blocks."""
    part_of = joining.part_of[1:].astype(np.int32)
    left, right, widths = [], [], []
    for each in edges:
        width = each.width
        near, far = part_of[: -each.offset], part_of[each.offset :]
        kept = np.flatnonzero((width > lowest) & (near != far))
        left.append(near[kept])
        right.append(far[kept])
        widths.append(width[kept])
    remaining = Edges(np.concatenate(left), np.concatenate(right), np.concatenate(widths))
    after = widths_of_paths(joined_supply(np.append(lowest, supply), joining), remaining)
    return joining.widths(after)[1:]
