"""Dilation and erosion of masks by digital balls, on packed bits.

A digital ball is a stack of discs, a disc a stack of runs along x. So what a ball makes of a region is a union of
shifted regions: the region widened along x, moved along y to make discs, and along z to make the ball.

Here a ball is given by its offsets (z, y, x) >= 0, since it is symmetric along each axis: an array that is true up to
some x in each row, where no row is longer than the one before in its plane or in the plane before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.bits import BitLayout, Bits, add_shifted, widened
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.kernels.algorithms.boxes import box_around, placed
from vlc_runtime.kernels.fast import worth_while
from vlc_runtime.shared_work import map_pieces

Flags = NDArray[np.bool_]
Widths = NDArray[np.intp]
"""How many voxels x >= 0 a ball has in each row (z, y): some in each plane, and in each row of the first one."""

_VOXELS_A_STEP = 16
"""Voxels that numpy unites with a small ball in the time of an elementary step, more or less."""
_LEAST_PLANES = 32
"""Planes that are united together by compiled code, at least: those around them are widened once more."""


def dilated(sites: Flags, ball: Flags) -> Flags:
    """The voxels that an offset of the ball takes to a site.

    Only the box around the sites, with the ball's reach on all sides, is looked at.
    """
    box = box_around(sites, _reach(ball, sites.ndim))
    return _union(sites, ball) if box is None else placed(_union(sites[box], ball), box, sites.shape)


def eroded(mask: Flags, ball: Flags) -> Flags:
    """The voxels of a region that no offset of the ball takes to a voxel of the image outside it."""
    box = box_around(mask, _reach(ball, mask.ndim))
    part = mask if box is None else mask[box]
    deep = _union(part, ball, outside=True)
    np.greater(part, deep, out=deep)  # true and not false
    return deep if box is None else placed(deep, box, mask.shape)


def boundary(mask: Flags) -> Flags:
    """The voxels of a region with a neighbour, diagonals included, in the image but not in the region."""
    box = box_around(mask, (1,) * mask.ndim)
    part = mask if box is None else mask[box]
    edge = _union(part, np.ones((2, 2, 2), dtype=np.bool_), outside=True)
    np.logical_and(part, edge, out=edge)
    return edge if box is None else placed(edge, box, mask.shape)


def _reach(ball: Flags, dimension: int) -> list[int]:
    """How many voxels a ball reaches along each axis of an image."""
    extents = [int(np.count_nonzero(ball.any(axis=others))) for others in ((1, 2), (0, 2), (0, 1))]
    return [max(0, extent - 1) for extent in extents[3 - dimension :]]


def _union(sites: Flags, ball: Flags, *, outside: bool = False) -> Flags:
    """The union of the regions that the offsets of a ball make of the sites, or of what is `outside` them."""
    widths = np.count_nonzero(ball, axis=2)
    planes, rows = (int(count) for count in (np.count_nonzero(widths[:, 0]), np.count_nonzero(widths[0])))
    if not planes or not sites.size:
        return np.zeros(sites.shape, dtype=np.bool_)
    widths = np.ascontiguousarray(widths[:planes, :rows])
    layout = BitLayout(sites.shape, reach_y=rows - 1, reach_x=int(widths[0, 0]) - 1)
    packed = layout.pack(sites, outside=outside)
    compiles = worth_while(sites.size // _VOXELS_A_STEP)
    return layout.unpack(_united_compiled(layout, packed, widths) if compiles else _united(layout, packed, widths))


def _united(layout: BitLayout, packed: Bits, widths: Widths) -> Bits:
    """The packed union of a packed region's shifts."""
    runs = [packed]
    while len(runs) < widths[0, 0]:
        runs.append(widened(runs[-1]))
    result = layout.empty()
    disc = runs[0]
    for z in range(len(widths)):
        if z == 0 or (widths[z] != widths[z - 1]).any():
            disc = _disc(layout, runs, widths[z])
        add_shifted(result, disc, z * layout.plane)
        if z:
            add_shifted(result, disc, -z * layout.plane)
    return result


def _disc(layout: BitLayout, runs: list[Bits], widths: Widths) -> Bits:
    """The union of the runs of one plane of the ball."""
    disc = layout.empty()
    for y in range(int(np.count_nonzero(widths))):
        run = runs[int(widths[y]) - 1]
        add_shifted(disc, run, y * layout.row)
        if y:
            add_shifted(disc, run, -y * layout.row)
    return disc


def _united_compiled(layout: BitLayout, packed: Bits, widths: Widths) -> Bits:
    """The same by numba, plane by plane: the runs and discs of a plane stay in the cache."""
    from vlc_runtime.kernels.fast.digital_ball import unite

    planes, result = layout.by_planes(packed), layout.by_planes(layout.empty())
    slabs = list(blocks(len(planes), max(_LEAST_PLANES, 8 * len(widths))))
    scratch = (int(widths[0, 0]) + 1) * planes[0].nbytes
    map_pieces(lambda slab: unite(planes, widths, layout.row, slab.start, result[slab]), slabs, scratch=scratch)
    return result.reshape(-1)
