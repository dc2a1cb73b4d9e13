"""Masks as grids of blocks of 2x2x2 voxels, a byte a block, and the voxels of chosen blocks.

The grid has one empty row and one empty column at the end of each plane: see block_graph.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.kernels.fast import worth_while
from vlc_runtime.shared_work import map_pieces

Voxels = NDArray[np.uint8]
"""Voxels of a mask, 0 and 1."""
Codes = NDArray[np.uint8]
"""A byte a block: bit x + 2y + 4z is set when the block's voxel (x, y, z) is."""
Numbers = NDArray[np.signedinteger[Any]]
"""The number of its component for each block."""
Flags = NDArray[np.bool_]

_SLAB_VOXELS = 1 << 20
"""Voxels that are coded or selected at a time: few enough for the cache, and enough that threads seldom meet."""
_VOXELS_A_STEP = 8
"""Voxels that numpy codes or selects in the time of an elementary step, more or less."""


def block_codes(mask: Flags) -> Codes:
    """The block grid of a 3D mask: shape (z + 1) // 2, (y + 1) // 2 + 1, (x + 1) // 2 + 1."""
    voxels = _voxels_of(mask)
    depth, height, width = voxels.shape
    rows, columns = (height + 1) // 2, (width + 1) // 2
    codes = np.zeros(((depth + 1) // 2, rows + 1, columns + 1), np.uint8)

    fill = _fill_codes
    if worth_while(voxels.size // _VOXELS_A_STEP):
        from vlc_runtime.kernels.fast.block_codes import fill_codes as fill

    def code(planes: slice) -> None:
        fill(voxels[planes], codes[planes.start // 2 : (planes.stop + 1) // 2])

    thickness = 2 * _slab_thickness(height, width)
    map_pieces(code, list(blocks(depth, thickness)), scratch=4 * thickness * height * width)
    return codes


def _fill_codes(voxels: Voxels, codes: Codes) -> None:
    """Fill the codes, which are 0, of the blocks of a slab of voxels 0 and 1."""
    depth, height, width = voxels.shape
    rows, columns = (height + 1) // 2, (width + 1) // 2
    if depth % 2 or height % 2 or width % 2:
        even = np.zeros((depth + depth % 2, 2 * rows, 2 * columns), np.uint8)
        even[:depth, :height, :width] = voxels
        voxels = even
    pairs = voxels.view("<u2")  # two voxels along x: bytes 0 or 1, the first one low
    pairs = (pairs | (pairs >> 7)) & 3
    quads = pairs[:, 0::2] | (pairs[:, 1::2] << 2)
    codes[:, :rows, :columns] = quads[0::2] | (quads[1::2] << 4)


def selected(mask: Flags, component: Numbers, chosen: Flags) -> Flags:
    """The voxels of a 3D mask that lie in blocks of chosen components. `component` has the shape of the block grid."""
    voxels = _voxels_of(mask)
    depth, height, width = voxels.shape
    result = np.empty(voxels.shape, np.uint8)

    select = _select
    if worth_while(voxels.size // _VOXELS_A_STEP):
        from vlc_runtime.kernels.fast.block_codes import select

    def choose(planes: slice) -> None:
        slab = slice(2 * planes.start, min(2 * planes.stop, depth))
        select(voxels[slab], component[planes], chosen, result[slab])

    thickness = _slab_thickness(height, width)
    map_pieces(choose, list(blocks(len(component), thickness)), scratch=thickness * height * width)
    return result.view(np.bool_)


def _select(voxels: Voxels, component: Numbers, chosen: Flags, result: Voxels) -> None:
    """Fill the result with the voxels of a slab that lie in blocks of chosen components."""
    flags = chosen[component].view(np.uint8)[:, :-1, :-1]
    # a byte b times 257 is two bytes b: both voxels of the block along x
    doubled = np.multiply(flags, 257, dtype=np.uint16).view(np.uint8)[..., : voxels.shape[2]]
    for z in (0, 1):
        for y in (0, 1):
            part = voxels[z::2, y::2]
            np.bitwise_and(part, doubled[: len(part), : part.shape[1]], out=result[z::2, y::2])


def _voxels_of(mask: Flags) -> Voxels:
    """A view of the voxels, or a copy where they do not lie row after row. Read-only, whatever the mask is: numba
    compiles a function once more for arrays that may be written."""
    voxels = np.ascontiguousarray(mask).view(np.uint8)
    voxels.flags.writeable = False
    return voxels


def _slab_thickness(height: int, width: int) -> int:
    """Planes of blocks that are looked at together."""
    return max(1, _SLAB_VOXELS // max(1, 2 * height * width))
