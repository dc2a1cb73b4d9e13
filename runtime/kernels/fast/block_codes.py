"""From voxels to blocks and back, row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled

Voxels = NDArray[np.uint8]


@compiled
def fill_codes(voxels: Voxels, codes: NDArray[np.uint8]) -> None:
    """Fill the codes, which are 0, of the blocks of a slab of voxels 0 and 1. Shapes as of the numpy version."""
    depth, height, width = voxels.shape
    for z in range((depth + 1) // 2):
        for y in range((height + 1) // 2):
            row = codes[z, y]
            if 2 * z + 1 < depth and 2 * y + 1 < height:
                low, back = voxels[2 * z, 2 * y], voxels[2 * z, 2 * y + 1]
                high, high_back = voxels[2 * z + 1, 2 * y], voxels[2 * z + 1, 2 * y + 1]
                for x in range(width // 2):
                    first = low[2 * x] | back[2 * x] << 2 | high[2 * x] << 4 | high_back[2 * x] << 6
                    second = low[2 * x + 1] | back[2 * x + 1] << 2 | high[2 * x + 1] << 4 | high_back[2 * x + 1] << 6
                    row[x] = first | second << 1
                if width % 2:
                    last = width - 1
                    row[width // 2] = low[last] | back[last] << 2 | high[last] << 4 | high_back[last] << 6
            else:
                _add_row(voxels[2 * z, 2 * y], 0, row)
                if 2 * y + 1 < height:
                    _add_row(voxels[2 * z, 2 * y + 1], 2, row)
                if 2 * z + 1 < depth:
                    _add_row(voxels[2 * z + 1, 2 * y], 4, row)


@compiled
def _add_row(voxels: Voxels, bit: int, codes: NDArray[np.uint8]) -> None:
    """Set the bits of a row of voxels, of which the first is this one of its block."""
    for x in range(len(voxels)):
        codes[x // 2] |= voxels[x] << bit + x % 2


@compiled
def select(
    voxels: Voxels, component: NDArray[np.signedinteger[Any]], chosen: NDArray[np.bool_], result: Voxels
) -> None:
    """Fill the result with the voxels of a slab that lie in blocks of chosen components."""
    depth, height, width = voxels.shape
    flags = np.empty(component.shape[2], np.uint8)
    for z in range(component.shape[0]):
        for y in range((height + 1) // 2):
            blocks = component[z, y]
            for x in range((width + 1) // 2):
                flags[x] = chosen[blocks[x]]
            for plane in range(2 * z, min(2 * z + 2, depth)):
                for line in range(2 * y, min(2 * y + 2, height)):
                    source, target = voxels[plane, line], result[plane, line]
                    for x in range(width // 2):
                        target[2 * x] = source[2 * x] & flags[x]
                        target[2 * x + 1] = source[2 * x + 1] & flags[x]
                    if width % 2:
                        target[width - 1] = source[width - 1] & flags[width // 2]
