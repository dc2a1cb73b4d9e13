"""Masks as graphs of 2x2x2 blocks, the fast way to their connected components under full (26 or 8) adjacency.

All voxels of a 2x2x2 block are adjacent to each other, so a block holds voxels of one component only and can stand for
them: an eighth of the nodes. Two neighbouring blocks are connected exactly when both have a voxel on the side that
faces the other, because any two voxels on facing sides are adjacent. (Grana, Borghesani, Cucchiara: Optimized
block-based connected components labeling with decision trees, 2010; here in 3D and without the trees.)

The block grid gets one empty row and one empty column at the end of each plane. A step to any neighbour is then one
offset in the flat array, and steps over an edge of the image end in an empty block.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.block_codes import Codes, Flags, Numbers, block_codes
from vlc_runtime.kernels.algorithms.union import Indices, connected_components
from vlc_runtime.kernels.fast import worth_while

Direction = tuple[int, int, int]
"""A step (z, y, x) from block to block."""

SPARSE = 32
"""A grid with fewer than 1/SPARSE of its blocks occupied is walked block by block instead of array by array."""
STEPS_A_BLOCK = 32
"""Elementary steps that numpy takes for an occupied block, more or less."""

ALONG_X: Direction = (0, 0, 1)
ALONG_Y: Direction = (0, 1, 0)
ALONG_Z: Direction = (1, 0, 0)
_OF_ROW: tuple[Direction, ...] = (ALONG_Y, (0, 1, -1), (0, 1, 1))
_OF_PLANE: tuple[Direction, ...] = (ALONG_Z, *((1, y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0)))
DIRECTIONS: tuple[Direction, ...] = (ALONG_X, *_OF_ROW, *_OF_PLANE)
"""Half of the 26 directions: the other half are their opposites. Back along them are the block before, the row before
and the plane before, of which the straight neighbour comes first."""


@dataclass(frozen=True, slots=True)
class BlockComponents:
    """The components of a mask, block by block.

    `codes` is the block grid, of shape (planes, rows + 1, columns + 1); `component` has its size, flat, and holds
    0..count-1 on occupied blocks (on empty ones anything in that range). Components are numbered by first block.
    """

    codes: Codes
    component: Numbers
    count: int


def block_components(mask: Flags) -> BlockComponents:
    """The components of a 3D mask. Linear in its voxels, apart from the rounds of `connected_components`."""
    return graph_of_codes(block_codes(mask))


def graph_of_codes(codes: Codes) -> BlockComponents:
    """The components of a mask by its block grid."""
    flat = codes.reshape(-1)
    occupied = int(np.count_nonzero(flat))
    if worth_while(STEPS_A_BLOCK * occupied):
        component, count = _components_compiled(codes)
    elif occupied * SPARSE < flat.size:
        component, count = _components_of_blocks(codes, np.flatnonzero(flat != 0))
    else:
        component, count = _components_of_runs(codes)
    return BlockComponents(codes, component, count)


def _offset(direction: Direction, codes: Codes) -> int:
    rows, columns = codes.shape[1:]
    return int((direction[0] * rows + direction[1]) * columns + direction[2])


def _facing(direction: Direction) -> np.uint8:
    """The bits of the voxels on the side of a block that faces a direction."""
    bits = 0
    for bit in range(8):
        voxel = (bit >> 2 & 1, bit >> 1 & 1, bit & 1)
        if all(step == 0 or (step > 0) == (place == 1) for step, place in zip(direction, voxel, strict=True)):
            bits |= 1 << bit
    return np.uint8(bits)


@cache
def _sides(direction: Direction) -> tuple[np.uint8, np.uint8]:
    """The facing sides of a block and of its neighbour in a direction."""
    opposite = (-direction[0], -direction[1], -direction[2])
    return _facing(direction), _facing(opposite)


@cache
def _coverage() -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """(covers, after): where covers[i, code], a block that is connected with its neighbour of this code back along
    DIRECTIONS[i] needs to look at none before DIRECTIONS[after[i]].

    That neighbour is connected with each of those that the block may be connected with: it has voxels on the sides that
    face them, as they have on the sides that face both.
    """
    covers = np.zeros((len(DIRECTIONS), 256), np.bool_)
    after = np.arange(1, len(DIRECTIONS) + 1)
    for group in (_OF_ROW, _OF_PLANE):
        straight = group[0]
        first = DIRECTIONS.index(straight)
        sides = [_facing((straight[0] - z, straight[1] - y, straight[2] - x)) for z, y, x in group[1:]]
        covers[first] = [all(code & side for side in sides) for code in range(256)]
        after[first] = first + len(group)
    return covers, after


def _components_compiled(codes: Codes) -> tuple[Numbers, int]:
    from vlc_runtime.kernels.fast.block_graph import components_of_codes

    offsets = np.array([_offset(direction, codes) for direction in DIRECTIONS], np.int64)
    sides = np.array([_sides(direction) for direction in DIRECTIONS], np.uint8)
    component: Numbers = np.empty(codes.size, np.int32 if codes.size < 2**31 else np.intp)
    count = components_of_codes(codes.reshape(-1), offsets, sides, *_coverage(), component)
    return component, int(count)


def _components_of_blocks(codes: Codes, occupied: Indices) -> tuple[Indices, int]:
    """The few occupied blocks are the nodes; each looks at its 13 neighbours."""
    flat = codes.reshape(-1)
    node = np.zeros(flat.size, np.intp)
    node[occupied] = np.arange(occupied.size, dtype=np.intp)
    own = flat[occupied]
    left, right = [], []
    for direction in DIRECTIONS:
        near_side, far_side = _sides(direction)
        # past the end of the grid the last block answers, which is an empty one
        neighbour = np.minimum(occupied + _offset(direction, codes), flat.size - 1)
        connected = np.flatnonzero(np.minimum(own & near_side, flat[neighbour] & far_side) != 0)
        left.append(connected)
        right.append(node[neighbour[connected]])
    components, count = connected_components(occupied.size, np.concatenate(left), np.concatenate(right))
    component = np.zeros(flat.size, np.intp)
    component[occupied] = components
    return component, count


def _components_of_runs(codes: Codes) -> tuple[Indices, int]:
    """Runs of connected blocks along x are the nodes.

    Of the edges between two runs most are implied by others: by the previous pair of blocks of the same two runs, or,
    for a diagonal step, by the two straight steps that make it. Leaving those out is what makes dense masks fast.
    """
    flat = codes.reshape(-1)
    link = _edges(codes, ALONG_X)
    starts = flat != 0
    starts[1:] &= ~link[:-1]
    run = np.cumsum(starts, dtype=np.int32) - np.int32(1)
    runs = int(run[-1]) + 1
    left: list[NDArray[np.int32]] = []
    right: list[NDArray[np.int32]] = []

    def connect(edges: Flags, offset: int, implied: Flags | None) -> None:
        kept = edges.copy() if implied is None else edges & ~implied
        repeated = edges & link & _shifted(link, offset)
        kept[1:] &= ~repeated[:-1]
        place = np.flatnonzero(kept)
        left.append(run[place])
        right.append(run[place + offset])

    straight = {direction: _edges(codes, direction) for direction in (ALONG_Y, ALONG_Z)}
    y, z = straight[ALONG_Y], straight[ALONG_Z]
    y_offset, z_offset = _offset(ALONG_Y, codes), _offset(ALONG_Z, codes)
    for direction, edges in straight.items():
        connect(edges, _offset(direction, codes), None)

    forward = _edges(codes, (1, 1, 0))
    connect(forward, z_offset + y_offset, (z & _shifted(y, z_offset)) | (y & _shifted(z, y_offset)))
    backward = _edges(codes, (1, -1, 0))
    y_before = _shifted(y, -y_offset)  # the step from the row before to this one
    implied = (z & _shifted(y, z_offset - y_offset)) | (y_before & _shifted(z, -y_offset))
    connect(backward, z_offset - y_offset, implied)

    link_before = _shifted(link, -1)
    for (step_z, step_y, _), edges in {**straight, (1, 1, 0): forward, (1, -1, 0): backward}.items():
        offset = _offset((step_z, step_y, 0), codes)
        implied = (edges & _shifted(link, offset)) | (link & _shifted(edges, 1))
        connect(_edges(codes, (step_z, step_y, 1)), offset + 1, implied)
        implied = (edges & _shifted(link, offset - 1)) | (link_before & _shifted(edges, -1))
        connect(_edges(codes, (step_z, step_y, -1)), offset - 1, implied)

    components, count = connected_components(
        runs, np.concatenate(left).astype(np.intp), np.concatenate(right).astype(np.intp)
    )
    return components[np.maximum(run, 0)], count


def _edges(codes: Codes, direction: Direction) -> Flags:
    """For each block of the flat grid: is it connected with its neighbour in this (forward) direction?"""
    near_side, far_side = _sides(direction)
    flat = codes.reshape(-1)
    offset = _offset(direction, codes)
    edges = np.zeros(flat.size, np.bool_)
    # of two bytes the smaller is nonzero when both are
    if offset < flat.size:
        facing = np.minimum(flat[:-offset] & near_side, flat[offset:] & far_side)
        np.not_equal(facing, 0, out=edges[:-offset])
    return edges


def _shifted(flags: Flags, offset: int) -> Flags:
    """The flags of the places `offset` further on; false past the ends."""
    result = np.zeros_like(flags)
    if offset >= flags.size or -offset >= flags.size:
        return result
    if offset >= 0:
        result[: flags.size - offset] = flags[offset:]
    else:
        result[-offset:] = flags[:offset]
    return result
