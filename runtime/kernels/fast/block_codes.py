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
    for z in range(voxels.shape[0]):
        for y in range(voxels.shape[1]):
            _add_row(voxels[z, y], np.uint8(1 << 4 * (z % 2) + 2 * (y % 2)), codes[z // 2, y // 2])


@compiled
def _add_row(voxels: Voxels, bit: np.uint8, codes: NDArray[np.uint8]) -> None:
    """Set the bits of a row of voxels: this one in a block is that of the first voxel, the next that of the second."""
    for block in range(len(voxels) // 2):
        # a product, since shifts by a variable are not done on many bytes at once
        codes[block] |= np.uint8((voxels[2 * block] + 2 * voxels[2 * block + 1]) * bit)
    if len(voxels) % 2:
        codes[len(voxels) // 2] |= np.uint8(voxels[len(voxels) - 1] * bit)


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
